# Every job of the project is a target here; `make` alone lists them. Set-up happens by itself, once per lock file.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

# Whichever of 3.11, 3.12 and 3.13 the machine has; its own python3 first. A name on PATH is no proof: it is asked.
PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11; do $$name -c 'import sys; \
  sys.exit(0 if (3, 11) <= sys.version_info[:2] < (3, 14) and not print(sys.executable) else 1)' 2>/dev/null && break; done)
PYTHON := $(PYTHON)
WAREHOUSE_HOME ?= data
PORT ?= 8080
BI_PORT ?= 8088
BASE_URL ?=
PERIOD ?=
AS_OF ?=
UNIT ?=
INDICATOR ?=
METRICS ?=
BY ?=
WHERE ?=
FIRST ?=
CSV ?=
BENCH ?=
FAULTS ?=
# processes that share the tests out among themselves
TESTERS ?= 2
UV_VERSION := 0.13.9

# Compiled modules are kept even where the shell says otherwise: every start of Airflow or dbt would compile them anew.
unexport PYTHONDONTWRITEBYTECODE
export WAREHOUSE_HOME := $(shell realpath -m -- "$(WAREHOUSE_HOME)")
export PYTHONPATH := $(CURDIR)
export UV_PYTHON := $(PYTHON)
export UV_PYTHON_DOWNLOADS := never
RUN := .venv/bin/python

# every target below that help lists: none of them is a file
.PHONY: $(shell sed -n 's/^\([a-z0-9-]*\):.*\#\# .*/\1/p' $(firstword $(MAKEFILE_LIST)))

help:  ## list what can be made
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo
	@echo "  PERIOD=2023H1            half-year to review (default: the newest with a return)"
	@echo "  AS_OF=2023-06-30         count only what had been received by then (default: now)"
	@echo "  WAREHOUSE_HOME=folder    where inbox, database and results lie (default: data)"

setup: .venv/.synced  ## install everything into .venv (from PyPI, versions locked)

.tools/bin/uv:
	@[ -n "$(PYTHON)" ] || { echo "Python 3.11, 3.12 or 3.13 is needed: apt install python3 python3-venv" >&2; exit 1; }
	@echo "Preparing uv $(UV_VERSION) ..."
	@rm -rf .tools
	@$(PYTHON) -m venv .tools 2>/dev/null || { rm -rf .tools; \
	  [ "$$(id -u)" = 0 ] && apt-get update -qq && apt-get install -y -qq python3-venv >/dev/null && $(PYTHON) -m venv .tools; } \
	  || { echo "python3-venv is missing: apt install python3-venv" >&2; rm -rf .tools; exit 1; }
	@echo "*" > .tools/.gitignore
	@.tools/bin/python -m pip install --quiet --disable-pip-version-check "uv==$(UV_VERSION)"

# Written anew only when the interpreter is another one: an upgrade of the machine, or PYTHON=, makes .venv anew.
.tools/python: .tools/bin/uv FORCE
	@$(PYTHON) -c 'import sys; print(sys.executable, sys.version)' | { cat > $@.now; cmp -s $@.now $@ && rm $@.now || mv $@.now $@; }

FORCE:

.venv/.synced: .tools/bin/uv .tools/python pyproject.toml uv.lock
	@echo "Installing the locked environment ..."
	@.tools/bin/uv sync --locked --quiet $(if $(wildcard .venv-spark),--group spark)
	@echo "$(CURDIR)" > "$$($(RUN) -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/warehouse_rooms.pth"
	@touch $@

sample: setup  ## write the sample corpus into the inbox
	@mkdir -p -m 700 "$(WAREHOUSE_HOME)" && rm -rf "$(WAREHOUSE_HOME)/.sample"
	@echo "Writing the sample corpus into $(WAREHOUSE_HOME)/inbox ..."
	@$(RUN) -m sample --into "$(WAREHOUSE_HOME)/.sample" >/dev/null
	@mkdir -p "$(WAREHOUSE_HOME)/inbox" && cp -a "$(WAREHOUSE_HOME)/.sample/." "$(WAREHOUSE_HOME)/inbox/"
	@rm -rf "$(WAREHOUSE_HOME)/.sample"

# The sample never comes to a warehouse that has received anything: an inbox may be emptied of what was loaded.
refresh: setup  ## inbox to edition and reviews, through Airflow (sample corpus if nothing was ever received)
	@[ -n "$$(find "$(WAREHOUSE_HOME)/inbox" "$(WAREHOUSE_HOME)/archive" -type f -print -quit 2>/dev/null)" ] || $(MAKE) --no-print-directory sample
	@$(RUN) dags/local_run.py --period "$(PERIOD)" --as-of "$(AS_OF)"

up: setup  ## start the services of Airflow on this machine (PORT=8080)
	@$(RUN) -m operations up --port "$(PORT)" --base-url "$(BASE_URL)"

# With the environment that the services run in: a newer lock is not installed under them.
$(RUN):
	@$(MAKE) --no-print-directory setup

down: | $(RUN)  ## end the services and all that they started
	@$(RUN) -m operations down

# Superset needs older packages than the project, so it has an environment of its own; its Python is 3.11 or 3.12.
.venv-bi/.synced: .tools/bin/uv .tools/python bi/requirements.txt bi/prepare_environment.py bi/translations/vi/LC_MESSAGES/messages.po
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] > (3, 12))' \
	  || { echo "Superset needs Python 3.11 or 3.12: make bi-up PYTHON=python3.12" >&2; exit 1; }
	@echo "Installing Superset ..."
	@.tools/bin/uv venv --quiet --allow-existing --python "$(PYTHON)" .venv-bi
	@.tools/bin/uv pip sync --quiet --require-hashes --python .venv-bi bi/requirements.txt
	@.venv-bi/bin/python bi/prepare_environment.py
	@touch $@

bi-up: setup .venv-bi/.synced  ## start the dashboards (Superset) on this machine (BI_PORT=8088)
	@$(RUN) -m operations bi-up --port "$(BI_PORT)"

bi-down: | $(RUN)  ## end the dashboards
	@$(RUN) -m operations bi-down

# The lock of Superset's environment, from bi/requirements.in; its duckdb is the one that opens an edition.
bi-lock: .tools/bin/uv
	@.tools/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	  --output-file bi/requirements.txt bi/requirements.in

# Spark and its dbt have an environment of their own; Airflow's operator for them comes into the project's.
.venv-spark/.synced: .tools/bin/uv .tools/python build/spark/requirements.txt
	@command -v java >/dev/null || { echo "Java is missing: apt install openjdk-17-jre-headless" >&2; exit 1; }
	@echo "Installing Spark ..."
	@.tools/bin/uv venv --quiet --allow-existing --python "$(PYTHON)" .venv-spark
	@.tools/bin/uv pip sync --quiet --require-hashes --python .venv-spark build/spark/requirements.txt
	@.tools/bin/uv sync --locked --quiet --group spark
	@touch $@

spark: setup .venv-spark/.synced  ## install Spark, for WAREHOUSE_TARGET=spark (Java 17; docs/scale.md says when)

# The lock of Spark's environment, from build/spark/requirements.in.
spark-lock: .tools/bin/uv
	@.tools/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	  --output-file build/spark/requirements.txt build/spark/requirements.in

status: | $(RUN)  ## what runs, when it last loaded, built and published, what is next
	@$(RUN) -m operations status

backfill: setup  ## editions of every half-year since 2018H1, each as known at its day (FIRST=2020H1 to begin later)
	@$(RUN) -m operations backfill $(if $(FIRST),--first "$(FIRST)")

env:  ## .env with secrets of this machine's own, for the containers
	@PYTHONPATH="$(CURDIR)" $(PYTHON) -m operations.installation.container_settings

# Compose reads .env by itself; what stands in this shell would win, so only the version of the code is handed on.
COMPOSE ?= $(shell docker compose version >/dev/null 2>&1 && echo docker compose || echo docker-compose)
CODE_VERSION ?= $(shell git describe --always --dirty --tags 2>/dev/null)
RUN_COMPOSE = env -u PORT -u BASE_URL CODE_VERSION="$(CODE_VERSION)" $(COMPOSE)
COMPOSE_ADDRESS = $$(PYTHONPATH="$(CURDIR)" $(PYTHON) -m operations.installation.container_settings address)

compose-up: env  ## the containers: image, Postgres, Airflow's services
	@$(RUN_COMPOSE) build
	@$(RUN_COMPOSE) up -d || { $(RUN_COMPOSE) logs --tail 20 airflow-init; exit 1; }
	@$(PYTHON) -m operations.services.health all "$(COMPOSE_ADDRESS)"

# The scheduler's tasks get to their end; only then is Airflow's database brought to the new version.
compose-upgrade: env  ## after git pull: new image, migration, same data
	@$(RUN_COMPOSE) build
	@$(RUN_COMPOSE) stop scheduler dag-processor triggerer api-server
	@$(RUN_COMPOSE) run --rm airflow-init
	@$(RUN_COMPOSE) up -d
	@$(PYTHON) -m operations.services.health all "$(COMPOSE_ADDRESS)"

compose-status:  ## the same as status, of the containers
	@$(RUN_COMPOSE) exec -T scheduler python -m operations status

compose-down:  ## stop the containers; all data stay
	@$(RUN_COMPOSE) down

backup: setup  ## copy all that cannot be made again to a folder elsewhere (TO=/media/usb/kho), also while all runs
	@$(RUN) -m operations backup --to "$(TO)"

verify: setup  ## hold all that is kept against its checksums (BACKUP=folder: a folder of backups)
	@$(RUN) -m operations verify --backup "$(BACKUP)"

restore: setup  ## a backup into an empty WAREHOUSE_HOME (FROM=/media/usb/kho; AT=20261127T030000Z for an older one)
	@$(RUN) -m operations restore --from "$(FROM)" --at "$(AT)"

prune-editions: setup  ## list editions that were never issued and are old (YES=1: remove them)
	@$(RUN) -m operations prune-editions $(if $(YES),--yes) $(if $(DAYS),--days "$(DAYS)")

# Nothing is loaded; FILE may name one file, whatever marks are in its name.
check-file: setup  ## the whole verdict of a file without loading it (FILE=path; ANSWER=folder: its answer workbook too)
	@$(RUN) -m ingest check "$${FILE:?FILE=path}" $(if $(ANSWER),--answer "$(ANSWER)")

rebuild: setup  ## make the working database anew from archive and journal alone (the old one is set aside)
	@$(RUN) -m ingest rebuild

templates: setup  ## blank forms for every unit (PERIOD=2026H2; UNIT=U24565 for one)
	@$(RUN) -m ingest templates $(if $(PERIOD),--period $(PERIOD)) $(if $(UNIT),--unit $(UNIT))

feedback: setup  ## write answers to branches anew, into outbox/feedback
	@$(RUN) -m ingest feedback

pages: setup  ## write the officer's page and the shelf anew: outbox/status.html, outbox/index.html
	@$(RUN) -m publish pages

load-old: setup  ## load what lies in the inbox as old files that were known since their own date
	@$(RUN) -m ingest load --backfill

# Names of files and reasons are handed over by the environment, whatever marks are in them.
withdraw: setup  ## a file loaded by mistake counts no longer (SUBMISSION=id or file WHY="…"; neither: list files)
	@$(RUN) -m ingest withdraw "$${SUBMISSION:-}" --why "$${WHY:-}" --by "$${BY:-}"

take-back: setup  ## let a withdrawn file count again (SUBMISSION=id or file WHY="…"; neither: list what is withdrawn)
	@$(RUN) -m ingest take-back "$${SUBMISSION:-}" --why "$${WHY:-}" --by "$${BY:-}"

docs: setup  ## the data dictionary and dbt's site, as pages to open in a browser
	@$(RUN) -m publish docs

trace: setup  ## rows behind a figure (UNIT=U24565 PERIOD=2023H1 INDICATOR=new_rural_works)
	@$(RUN) -m publish trace --unit "$(UNIT)" --period "$(PERIOD)" --indicator "$(INDICATOR)"

report: setup  ## the half-year report as Word, Excel, page, PDF (PERIOD=2023H1; the newest if not given)
	@$(RUN) -m publish.reports half-year --period "$(PERIOD)" --edition "$(EDITION)"

review: setup  ## a programme's review (PROGRAMME=plastic_waste FROM=2018H2 TO=2023H1; MAP=today for today's units)
	@$(RUN) -m publish.reports programme --programme "$(PROGRAMME)" --from "$(FROM)" --to "$(TO)" --map "$(MAP)" \
	  --edition "$(EDITION)"

report-templates: setup  ## draw the project's own Word templates of reports anew
	@$(RUN) -m publish.reports.documents.blank_templates

# HXL=1 gives the CSV of reviews a line of hashtags.
exports: setup  ## an edition as open data, to hand out: CSV, Parquet, datapackage.json, DCAT (EDITION=name, HXL=1)
	@$(RUN) -m publish.opendata package --edition "$(EDITION)" $(if $(HXL),--hxl)

dhis2: setup  ## the figures of a half-year for DHIS2, as dataValueSets (PERIOD=2023H1; the newest if not given)
	@$(RUN) -m publish.opendata dhis2 --period "$(PERIOD)" --edition "$(EDITION)"

matches: setup  ## members who may be one person: a workbook with names, for the office alone
	@$(RUN) -m publish matches

decide: setup  ## decisions on members, read back from that workbook (FILE=path BY="…")
	@$(RUN) -m publish decide "$${FILE:?FILE=path}" $(if $(BY),--by "$(BY)")

# MetricFlow looks for the manifest in the project's own target folder, and tables bear the name of the file they are in.
query: setup  ## metrics of the current edition (METRICS=new_members BY=metric_time__half_year,unit__unit_name)
	@$(RUN) -m publish mend >/dev/null
	@cd dbt_project && export WAREHOUSE_DB="$(WAREHOUSE_HOME)/current.duckdb" WAREHOUSE_TARGET=edition \
	  DBT_SEND_ANONYMOUS_USAGE_STATS=false \
	  && ../.venv/bin/dbt --quiet parse --target-path target \
	  && ../.venv/bin/mf query --metrics "$(METRICS)" $(if $(BY),--group-by "$(BY)" --order "$(BY)") \
	    $(if $(WHERE),--where "$(WHERE)") $(if $(CSV),--csv "$(CSV)")

# JupyterLab is no part of the locked environment: uv lays it over it, from PyPI, when it is first asked for.
notebooks: setup  ## the notebooks of analysts on the current edition, in JupyterLab (from PyPI when first asked for)
	@.tools/bin/uv run --quiet --no-sync --with "jupyterlab>=4,<5" jupyter lab notebooks

bench: setup  ## measure reading next to calamine, pandas and dlt (about a quarter of an hour)
	@$(RUN) -m bench --folder "$(or $(BENCH_HOME),/tmp/warehouse-bench)" $(BENCH)

bench-warehouse: setup  ## measure building the sample and a year of the whole country, or ten (BENCH="--half-years 20")
	@$(RUN) -m bench.warehouse --folder "$(or $(BENCH_HOME),/tmp/warehouse-bench)/warehouse" $(BENCH)

bench-spark: spark  ## measure the upper layers on DuckDB and on Spark with one and two workers (BENCH="--communes 10 33")
	@$(RUN) -m bench.spark --folder "$(or $(BENCH_HOME),/tmp/warehouse-bench)/spark" $(BENCH)

bench-bi: setup .venv-bi/.synced  ## measure how soon dashboards answer, of a home whose dashboards run
	@$(RUN) -m tests.bi.measure

test: setup  ## the whole suite, one run through Airflow among it
	@$(RUN) -m pytest -q --numprocesses $(TESTERS)

test-privacy: setup  ## ten thousand writings of names and numbers of members: none may get into an edition
	@PRIVACY_EXAMPLES=10000 $(RUN) -m pytest tests/publish/editions/test_privacy.py

test-pages: setup  ## the officer's pages and the page of a report in a browser, of a district and of the whole country (chromium, chromium-driver)
	@$(RUN) -m pytest -q -m browser tests/publish/pages tests/publish/reports

test-bi: setup .venv-bi/.synced  ## Superset for real: every chart against the edition, editions switched, attacks, pages in a browser
	@$(RUN) -m pytest -q -m bi tests/bi

test-spark: spark  ## Spark for real: every table and test against DuckDB, a worker killed, a correction (Java 17; half an hour)
	@$(RUN) -m pytest -q -s -m spark tests/spark

# STACK=tests/stack/test_services.py is the short form: start, people, deaths, stop.
STACK ?= tests/stack
test-stack: setup  ## the embedded services: started, used, killed, stopped
	@$(RUN) -m pytest -q -m stack $(STACK)

screens: setup  ## take the screens of docs/screens anew (needs Debian's chromium and chromium-driver)
	@$(RUN) -m tests.stack.take_screens

page-screens: setup  ## take the pictures of the officer's pages anew (chromium, chromium-driver; ALL=folder: whole pages too)
	@$(RUN) -m tests.publish.pages.take_screens $(if $(ALL),--all "$(ALL)")

bi-screens: setup  ## take the pictures of the dashboards anew, of a home whose dashboards run (chromium, chromium-driver)
	@$(RUN) -m tests.bi.take_screens

picture: setup  ## draw the picture of the README anew from the edition of a sample (LibreOffice, poppler-utils)
	@$(RUN) -m tests.stack.draw_review

report-pictures: setup  ## look at the printed reports of a refreshed home, and take their pictures in docs/screens anew
	@$(RUN) -m tests.publish.reports.take_pictures

papers: setup  ## print one of each kind of paper into WAREHOUSE_HOME/papers, and take the pictures of docs/papers anew
	@$(RUN) -m tests.papers.take_pictures "$(WAREHOUSE_HOME)/papers"

# Needs root and Debian's docker.io, docker-compose and debootstrap; reaches for no image registry.
test-compose: setup  ## the containers, from nothing: image, load, refresh, deaths, upgrade (half an hour)
	@for program in dockerd docker-compose debootstrap; do command -v $$program >/dev/null \
	  || { echo "missing: $$program (apt install docker.io docker-compose debootstrap)" >&2; exit 1; }; done
	@$(RUN) -m pytest -q -m compose tests/stack

test-faults: setup  ## kills, power cuts, full disks under the real system (root; FAULTS="--kills 20 --cuts 2")
	@$(RUN) -m tests.faults --folder "$(or $(FAULTS_HOME),/tmp/warehouse-faults)" $(FAULTS)

FAST_TESTS ?= $(addprefix tests/ingest/,text packages workbooks rows headers tables attribution keeping)
# Parts of lint, each a process of its own: side by side, the lines of each together, and all of them whatever one has found.
SIDE_BY_SIDE := --no-print-directory --jobs 2 --output-sync=target --keep-going
.PHONY: lint-style lint-types lint-walls lint-sql

check: setup  ## style, types, walls and the fast tests, before a commit
	@$(MAKE) $(SIDE_BY_SIDE) lint-types lint-style lint-walls
	@$(RUN) -m pytest -q --numprocesses $(TESTERS) $(FAST_TESTS)

# what takes longest begins first
lint: setup  ## style, types, SQL and generated files
	@$(MAKE) $(SIDE_BY_SIDE) lint-sql lint-types contracts-check lint-style lint-walls

lint-style: | $(RUN)
	@$(RUN) -m ruff check .
	@$(RUN) -m ruff format --check .

lint-types: | $(RUN)
	@$(RUN) -m mypy

lint-walls: | $(RUN)
	@$(dir $(RUN))lint-imports --no-logo

lint-sql: | $(RUN)
	@cd dbt_project && ../$(RUN) -m sqlfluff lint --processes 2 --disable-progress-bar .

contracts: setup  ## write anew what is generated from ingest/contracts/forms and from the seed of indicators
	@$(RUN) -m ingest contracts
	@$(RUN) -m publish.catalogue.semantic_layer
	@$(RUN) -m publish.dashboards

contracts-check: setup  ## fail when one of the generated files is stale
	@$(RUN) -m ingest contracts --check
	@$(RUN) -m publish.catalogue.semantic_layer --check
	@$(RUN) -m publish.dashboards --check

clean:  ## remove environments and caches; data stays
	@rm -rf .venv .venv-bi .venv-spark .tools .import_linter_cache .pytest_cache .mypy_cache .ruff_cache .hypothesis dbt_project/target dbt_project/logs
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
