"""One dbt layer as a process: the layer asked for, its tests, and failures in plain words."""

import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from build.layers import LAYERS
from build.results import Ran, read_results
from build.transform import TransformError, build_up_to, is_up_to_date, run_layer
from ingest.database import open_warehouse
from ingest.home import DBT_PROJECT, WarehouseHome
from ingest.troubles import DiskFullError, WarehouseBusyError
from tests.ingest.return_files import write
from tests.publish.small_warehouse import add_submission, ask
from tests.small_disks import small_disk

AS_OF = datetime(2023, 6, 15, tzinfo=UTC)
PROJECT_FILES = {
    "dbt_project.yml": "name: tiny\nprofile: tiny\nmodels:\n  tiny: {+materialized: table}\n",
    "profiles.yml": "tiny:\n  target: dev\n  outputs:\n    dev: {type: duckdb, path: \"{{ env_var('WAREHOUSE_DB') }}\"}\n",
    "models/staging/asked.sql": "select '{{ env_var('WAREHOUSE_AS_OF') }}' as as_of",
    "models/core/counted.sql": "select * from {{ ref('asked') }}",
    "tests/assert_nothing_is_counted.sql": "select * from {{ ref('counted') }}",
}

MARKED = {"first": 1901, "second": 1902, "of_first": 1903, "of_second": 1904}
MACRO_OF_FULL_REFRESH = re.compile(r"{% macro should_full_refresh.*?{%- endmacro %}", re.DOTALL)


def override_of_full_refresh() -> str:
    """The macro by which the project's stale tables are made from nothing."""
    macros = (DBT_PROJECT / "macros" / "by_unit" / "incremental.sql").read_text(encoding="utf-8")
    found = MACRO_OF_FULL_REFRESH.search(macros)
    assert found is not None
    return found[0]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of two layers; the test of the second one fails."""
    root = tmp_path_factory.mktemp("tiny")
    for name, text in PROJECT_FILES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def tiny_home(tmp_path_factory: pytest.TempPathFactory) -> WarehouseHome:
    return WarehouseHome(tmp_path_factory.mktemp("home")).prepare()


def test_a_layer_is_built_as_of_the_instant_and_leaves_later_tests_alone(
    tiny_home: WarehouseHome, project: Path
) -> None:
    run = run_layer(tiny_home, "staging", AS_OF, project)

    assert (run.layer, run.nodes) == ("staging", 1)
    assert ask(tiny_home.warehouse, "select as_of from asked") == [("2023-06-15T00:00:00+00:00",)]


def test_seeds_that_stand_are_left_alone_until_code_or_reference_data_change(
    tiny_home: WarehouseHome, project: Path
) -> None:
    seed = project / "seeds" / "units.csv"
    seed.parent.mkdir(exist_ok=True)
    seed.write_text("unit_key\nU1\n", encoding="utf-8")

    assert [run_layer(tiny_home, "seed", AS_OF, project).nodes for _ in range(2)] == [1, 0]
    seed.write_text("unit_key\nU2\n", encoding="utf-8")
    assert run_layer(tiny_home, "seed", AS_OF, project).nodes == 1
    assert ask(tiny_home.warehouse, "select unit_key from units") == [("U2",)]


def test_a_failing_test_is_named(tiny_home: WarehouseHome, project: Path) -> None:
    with pytest.raises(
        TransformError, match=r"layer core: test\.tiny\.assert_nothing_is_counted: Got 1 result"
    ):
        run_layer(tiny_home, "core", AS_OF, project)


def test_what_a_test_only_warns_of_is_reported_and_stops_nothing(
    tiny_home: WarehouseHome, project: Path, caplog: pytest.LogCaptureFixture
) -> None:
    warning = project / "tests" / "warn_of_staging.sql"
    warning.write_text("{{ config(severity='warn') }} select * from {{ ref('asked') }}", encoding="utf-8")
    run = run_layer(tiny_home, "staging", AS_OF, project)
    warning.unlink()
    (warning_found,) = run.warnings
    assert warning_found.startswith("test.tiny.warn_of_staging: Got 1 result")
    assert warning_found in caplog.text


def test_a_layer_that_failed_is_built_from_nothing_the_next_time(
    tiny_home: WarehouseHome, project: Path
) -> None:
    claim = project / "tests" / "assert_nothing_is_counted.sql"
    broken = claim.read_text(encoding="utf-8")
    claim.write_text(broken + " where false", encoding="utf-8")
    assert [run_layer(tiny_home, "core", AS_OF, project).is_full for _ in range(2)] == [True, False]
    with open_warehouse(tiny_home) as connection:
        connection.execute("drop table asked")

    with pytest.raises(TransformError):
        run_layer(tiny_home, "core", AS_OF, project)
    run_layer(tiny_home, "staging", AS_OF, project)
    assert run_layer(tiny_home, "core", AS_OF, project).is_full
    claim.write_text(broken, encoding="utf-8")


def test_large_tables_are_built_one_after_the_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in {**PROJECT_FILES, "models/staging/other.sql": "select 1 as a"}.items():
        write(tmp_path / "tiny" / name, text.replace("type: duckdb", "type: duckdb, threads: 2").encode())
    home = WarehouseHome(tmp_path / "home").prepare()
    with open_warehouse(home) as connection:
        connection.execute("create table raw.many as from range(100)")
    for at_most in (200, 50):
        monkeypatch.setenv("WAREHOUSE_ROWS_AT_ONCE", str(at_most))
        run_layer(home, "staging", AS_OF, tmp_path / "tiny")

    said = (home.dbt / "logs" / "dbt.log").read_text(encoding="utf-8")
    assert re.findall(r"Concurrency: (\d) thread", said) == ["2", "1"]


def test_an_empty_layer_is_no_success(tiny_home: WarehouseHome, project: Path) -> None:
    with pytest.raises(TransformError, match="layer reviews: there is nothing to build"):
        run_layer(tiny_home, "reviews", AS_OF, project)


def test_a_project_that_does_not_compile_says_why(tiny_home: WarehouseHome, project: Path) -> None:
    (project / "models" / "core" / "broken.sql").write_text(
        "select * from {{ ref('absent') }}", encoding="utf-8"
    )

    with pytest.raises(TransformError, match="absent"):
        run_layer(tiny_home, "core", AS_OF, project)


def test_a_layer_that_another_run_built_in_between_is_built_again_and_nothing_twice(tmp_path: Path) -> None:
    tiny_home = WarehouseHome(tmp_path / "home").prepare()
    project = tmp_path / "tiny"
    models = {f"models/{layer}/{layer}.sql": "select * from {{ ref('asked') }}" for layer in LAYERS[2:]}
    for name, text in {**PROJECT_FILES, **models, "seeds/units.csv": "unit_key\nU1\n"}.items():
        if not name.startswith("tests/"):
            path = project / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    add_submission(tiny_home, "s1")

    build_up_to(tiny_home, "reviews", AS_OF, project)
    assert build_up_to(tiny_home, "reviews", AS_OF, project) == ()
    assert is_up_to_date(tiny_home, AS_OF, project)
    build_up_to(tiny_home, "staging", AS_OF - timedelta(days=1), project)
    assert not is_up_to_date(tiny_home, AS_OF, project)

    again = build_up_to(tiny_home, "reviews", AS_OF, project)

    assert [run.layer for run in again] == ["staging"]
    assert ask(tiny_home.warehouse, "select as_of from asked") == [("2023-06-15T00:00:00+00:00",)]
    assert is_up_to_date(tiny_home, AS_OF + timedelta(hours=1), project)
    # received before the day, and loaded only now
    add_submission(tiny_home, "s2")
    assert not is_up_to_date(tiny_home, AS_OF + timedelta(hours=1), project)


@pytest.fixture(scope="module")
def wide_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A seed, a view of staging, two incremental models of core that use a macro each, and two reviews."""
    root = tmp_path_factory.mktemp("wide") / "wide"
    incremental = "{{{{ config(materialized='incremental') }}}} select {} as a from {{{{ ref('asked') }}}}"
    for name, text in {
        **{
            name: text
            for name, text in PROJECT_FILES.items()
            if not name.startswith(("tests/", "models/core"))
        },
        "seeds/units.csv": "unit_key\nU1\n",
        "macros/full_refresh.sql": override_of_full_refresh(),
        "macros/one.sql": "{% macro one() %}1{% endmacro %}",
        "macros/two.sql": "{% macro two() %}2{% endmacro %}",
        "models/core/first.sql": incremental.format("{{ one() }}"),
        "models/core/second.sql": incremental.format("{{ two() }}"),
        "models/intermediate/between.sql": "select * from {{ ref('asked') }}",
        "models/reviews/of_first.sql": "select * from {{ ref('first') }}",
        "models/reviews/of_second.sql": "select * from {{ ref('second') }}",
        # a name that is the seed's as well; a test that must wait for the last layer, and also reads what no review comes from
        "models/exposures.yml": "exposures: [{name: units, type: notebook, owner: {name: A}, depends_on: [ref('of_first')]}]",
        "tests/of_both.sql": "select a from {{ ref('of_first') }}, {{ ref('between') }} where a is null",
    }.items():
        write(root / name, text.encode())
    return root


def mark(home: WarehouseHome) -> None:
    """A row in each table that no build would write: it stays where a table is not built from nothing."""
    with open_warehouse(home) as connection:
        for table, value in MARKED.items():
            connection.execute(f"insert into {table} select {value}")


def marked(home: WarehouseHome) -> set[str]:
    return {
        table for table, value in MARKED.items() if (value,) in ask(home.warehouse, f"select a from {table}")
    }


def test_only_what_is_built_by_changed_code_is_built_again(tmp_path: Path, wide_project: Path) -> None:
    project = tmp_path / "wide"
    shutil.copytree(wide_project, project)
    home = WarehouseHome(tmp_path / "home").prepare()
    add_submission(home, "s1")
    runs = build_up_to(home, "reviews", AS_OF, project)
    assert [(run.layer, run.nodes) for run in runs] == list(zip(LAYERS, (1, 1, 1, 2, 3), strict=True))
    mark(home)

    commented = {path: path.read_text(encoding="utf-8") for path in project.rglob("*.sql")}
    for path, text in commented.items():
        path.write_text(f"-- why\n{text}", encoding="utf-8")
    assert build_up_to(home, "reviews", AS_OF, project) == ()
    assert marked(home) == set(MARKED)

    write(project / "models" / "reviews" / "of_first.sql", b"select a from {{ ref('first') }}")
    assert not is_up_to_date(home, AS_OF, project)
    runs = build_up_to(home, "reviews", AS_OF, project)
    assert [(run.layer, run.nodes) for run in runs] == [("reviews", 2)]  # and its test
    assert marked(home) == {"first", "second", "of_second"}
    assert is_up_to_date(home, AS_OF, project)
    assert build_up_to(home, "reviews", AS_OF, project) == ()

    write(project / "macros" / "two.sql", b"{% macro two() %}3{% endmacro %}")
    runs = build_up_to(home, "reviews", AS_OF, project)
    assert [(run.layer, run.nodes, run.is_full) for run in runs] == [
        ("core", 1, False),
        ("reviews", 1, False),
    ]
    assert marked(home) == {"first"}
    assert ask(home.warehouse, "select a from of_second") == [(3,)]

    # and a return came in as well: every model runs, and of those that keep rows only the changed one loses them
    write(project / "macros" / "one.sql", b"{% macro one() %}4{% endmacro %}")
    mark(home)
    add_submission(home, "s2")
    build_up_to(home, "reviews", AS_OF, project)
    assert marked(home) == {"second"}
    assert ask(home.warehouse, "select count(*) from second where a = 3") == [(2,)]


def test_what_no_model_makes_any_more_is_dropped(tmp_path: Path, wide_project: Path) -> None:
    project = tmp_path / "wide"
    shutil.copytree(wide_project, project)
    home = WarehouseHome(tmp_path / "home").prepare()
    add_submission(home, "s1")
    build_up_to(home, "reviews", AS_OF, project)
    (project / "models" / "reviews" / "of_second.sql").rename(project / "models" / "reviews" / "renamed.sql")

    build_up_to(home, "reviews", AS_OF, project)

    tables = ask(
        home.warehouse, "select table_name from duckdb_tables() where schema_name = 'main' order by all"
    )
    assert tables == [
        (name,) for name in ("asked", "between", "first", "of_first", "renamed", "second", "units")
    ]
    assert ask(home.warehouse, "select count(*) from raw.submissions") == [(1,)]


def test_nothing_received_is_up_to_date(tmp_path: Path) -> None:
    assert is_up_to_date(WarehouseHome(tmp_path / "home").prepare(), AS_OF)


def test_results_that_dbt_could_not_write_whole_are_no_second_failure(tmp_path: Path) -> None:
    results = tmp_path / "run_results.json"
    results.write_text('{"results": [{"uniq', encoding="utf-8")

    assert read_results(results) == Ran()


def test_a_full_disk_is_reported_in_words_and_the_layer_stands_after_room_was_made(tmp_path: Path) -> None:
    big = "select range as a, md5(range::varchar) as b, md5((range + 1)::varchar) as c from range(1000000)"
    with small_disk(tmp_path / "disk") as disk:
        for name, text in {**PROJECT_FILES, "models/staging/big.sql": big}.items():
            write(tmp_path / "project" / name, text.encode())
        home = WarehouseHome(disk.path / "home").prepare()

        with pytest.raises(DiskFullError, match="Ổ đĩa đã đầy"):
            run_layer(home, "staging", AS_OF, tmp_path / "project")
        disk.remount("size=512m")
        run = run_layer(home, "staging", AS_OF, tmp_path / "project")

        assert run.nodes == 2
        assert ask(home.warehouse, "select count(*) from big") == [(1_000_000,)]


def test_a_database_that_a_program_has_open_is_reported_in_words(
    tiny_home: WarehouseHome, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.database.PATIENCE_SECONDS", 0.2)
    hold = (
        "import duckdb, sys, time; c = duckdb.connect(sys.argv[1]); print('held', flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", hold, str(tiny_home.warehouse)], stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        try:
            with pytest.raises(WarehouseBusyError, match="Đề nghị đóng chương trình đó"):
                run_layer(tiny_home, "staging", AS_OF, project)
        finally:
            holder.kill()
