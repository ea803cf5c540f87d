"""Measure building the warehouse: ``make bench-warehouse``.

A full build and the refresh after one commune's correction, on the sample corpus and on a year of the whole country
(``bench.national``), all layers with one dbt as after a load; then the edition, and typical questions to it.
"""

import argparse
import os
import resource
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import psutil
from rich.console import Console
from rich.table import Table

from bench.corpus import copy_with_another_hash
from bench.country import FIRST_CODE, Country, make_project
from bench.national import correct_commune, fill_raw
from build.inputs import code_version, gather_inputs
from build.transform import LayerRun, build_up_to
from ingest.database import open_read_only
from ingest.home import DBT_PROJECT, PROJECT_ROOT, WarehouseHome
from ingest.keeping.archive import archived_path
from ingest.loading.load import load_inbox
from publish.editions.issue import publish_edition

ROUNDS = 21
SLOWEST = 8


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage that was measured, with all processes that it started."""

    name: str
    seconds: float
    cpu_seconds: float
    peak_megabytes: float


def main() -> int:
    """Measure what was asked for and print the tables."""
    parser = argparse.ArgumentParser(prog="make bench-warehouse", description=__doc__)
    parser.add_argument("--folder", type=Path, required=True, help="where warehouses and scratch files lie")
    parser.add_argument("--communes", type=int, default=Country().communes, help="size of the country")
    parser.add_argument("--only", choices=["sample", "national"], help="one of the two")
    chosen = parser.parse_args()
    console = Console()
    if chosen.only != "national":
        home = WarehouseHome(chosen.folder / "sample").prepare()
        if not home.warehouse.exists():
            subprocess.run(
                [sys.executable, "-m", "sample", "--into", str(home.inbox)], cwd=PROJECT_ROOT, check=True
            )
            load_inbox(home, datetime.now(UTC))
        tell_build(console, "Sample, full build", home, DBT_PROJECT)
        tell_build(console, f"Sample, after {send_again(home)} came again", home, DBT_PROJECT)
    if chosen.only != "sample":
        country = Country(communes=chosen.communes)
        home = WarehouseHome(chosen.folder / f"national-{chosen.communes}").prepare()
        project = make_project(chosen.folder / f"project-{chosen.communes}", country)
        if not home.warehouse.exists():
            fill_raw(home, country)
        tell_build(console, f"{chosen.communes} communes, full build", home, project)
        tell_edition(console, home)
        unit_key = correct_commune(home, country)
        tell_build(console, f"the same after a correction of {unit_key}", home, project)
        tell_edition(console, home)
        tell_questions(console, home.current, f"U{FIRST_CODE + 1}")
    return 0


def send_again(home: WarehouseHome) -> str:
    """Let one commune send one of its returns once more, and load it; gives the name of its file."""
    with open_read_only(home.warehouse) as connection:
        found = connection.execute(
            "select sha256, file_name from raw.submissions where unit_key = 'U24565' and file_format = 'xlsx'"
            " and verdict = 'accepted' order by submission_order desc limit 1"
        ).fetchone()
    if found is None:
        raise SystemExit("the sample holds no workbook of U24565")
    sha256, file_name = found
    number = len(list(home.inbox.glob("*")))
    copy_with_another_hash(archived_path(home.archive, sha256), home.inbox / f"{number} {file_name}", number)
    load_inbox(home, datetime.now(UTC))
    return str(file_name)


def tell_build(console: Console, title: str, home: WarehouseHome, project: Path) -> None:
    """Build all layers, as after a load, and print what each took; the first one has dbt's start in it."""
    runs: list[LayerRun] = []
    whole = measure("all", lambda: runs.extend(build_up_to(home, "reviews", datetime.now(UTC), project)))
    table = Table("layer", "s", "CPU s", "peak MB", "nodes", "slowest nodes, s", title=title)
    for run in runs:
        slowest = sorted(run.results, key=lambda result: -result.seconds)[:SLOWEST]
        names = "\n".join(f"{each.unique_id.split('.', 2)[-1]} {each.seconds:.1f}" for each in slowest)
        table.add_row(run.layer, f"{run.seconds:.1f}", "", "", str(run.nodes), names)
    nodes = sum(run.nodes for run in runs)
    table.add_row(*_told(whole), str(nodes), "")
    console.print(table)


def tell_edition(console: Console, home: WarehouseHome) -> None:
    """Make an edition of what was built, and print what it took."""
    now = datetime.now(UTC)
    stage = measure("publish", lambda: publish_edition(home, gather_inputs(home, now), now, code_version()))
    table = Table("stage", "s", "CPU s", "peak MB", title="its edition")
    table.add_row(*_told(stage))
    console.print(table)


def _told(stage: Stage) -> tuple[str, str, str, str]:
    return (
        stage.name,
        f"{stage.seconds:.1f}",
        f"{stage.cpu_seconds:.1f}",
        f"{stage.peak_megabytes:.0f}",
    )


def measure(name: str, work: Callable[[], object]) -> Stage:
    """Time something, with the CPU time and the peak of resident memory of this process and its children."""
    peak = [0.0]
    done = threading.Event()
    watcher = threading.Thread(target=_watch, args=(peak, done))
    cpu, started = _cpu_seconds(), time.monotonic()
    watcher.start()
    try:
        work()
    finally:
        seconds = time.monotonic() - started
        done.set()
        watcher.join()
    return Stage(name, seconds, _cpu_seconds() - cpu, peak[0])


QUESTIONS = {
    "half-year review of a unit": "from reviews.halfyear_review where unit_key = $unit and period_code = '2026H1'",
    "one indicator of all units": "from reviews.halfyear_review"
    " where indicator_code = 'new_members' and period_code = '2026H1' order by value desc",
    "programme review of a unit": "from reviews.programme_review"
    " where programme_code = 'new_rural' and unit_key = $unit",
    "first ten of a programme": "from reviews.programme_review where programme_code = 'new_rural'"
    " and indicator_code = 'new_rural_works' and period_code = '2026H1' order by rank nulls last limit 10",
    "rows behind a figure of a unit": "from reviews.figure_sources"
    " where unit_key = $unit and period_code = '2026H1' and indicator_code = 'plastic_kg'",
    "rows behind a unit's balance": "from reviews.figure_sources"
    " where unit_key = $unit and period_code = '2026H1' and indicator_code = 'members_closing'",
    "who has not reported": "from reviews.submission_completeness where period_code = '2026H1' and status = 'missing'",
    "member changes of a unit": "from core.fct_membership_changes where unit_key = $unit and period_code = '2026H1'",
    "activities of a unit": "from core.fct_movement_activities where unit_key = $unit and period_code = '2026H1'",
    "activities of a programme by type": "select activity_type, count(*), sum(participants), sum(amount_vnd)"
    " from core.fct_movement_activities where programme_code = 'plastic_waste' and period_code = '2026H1' group by all",
    "one indicator of all units, today's map": "from reviews.halfyear_review_as_is"
    " where indicator_code = 'new_members' and period_code = '2026H1' order by value desc",
    "works per member, today's map": "select works.unit_key, works.cumulative / members.value as works_per_member"
    " from reviews.programme_review_as_is as works"
    " inner join reviews.halfyear_review_as_is as members using (unit_key, period_code)"
    " where works.programme_code = 'new_rural' and works.indicator_code = 'new_rural_works'"
    " and works.period_code = '2026H1' and members.indicator_code = 'members_closing' and not works.is_area_total"
    " order by works_per_member desc limit 10",
    "what changed since it was issued": "from reviews.restatements where unit_key = $unit",
    "causes of what changed": "select cause, count(*), count(distinct unit_key) from reviews.restatements group by all",
    "findings of a unit": "from reviews.findings where unit_key = $unit",
    "findings by kind": "select finding_kind, severity, count(*), count(distinct unit_key)"
    " from reviews.findings group by all",
    "return and log of a unit": "from reviews.reconciliation where unit_key = $unit and not is_agreed",
}


def tell_questions(console: Console, edition: Path, unit_key: str) -> None:
    """Ask each question again and again and print the medians, answers fetched whole."""
    table = Table("question", "rows", "median ms")
    with duckdb.connect(str(edition), read_only=True, config={"threads": 2}) as connection:
        for name, sql in QUESTIONS.items():
            values = {"unit": unit_key} if "$unit" in sql else {}
            taken = []
            for _ in range(ROUNDS):
                started = time.perf_counter()
                rows = connection.execute(sql, values).fetchall()
                taken.append(time.perf_counter() - started)
            table.add_row(name, str(len(rows)), f"{statistics.median(taken) * 1e3:.1f}")
    console.print(table)


def _cpu_seconds() -> float:
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def _watch(peak: list[float], done: threading.Event) -> None:
    me = psutil.Process(os.getpid())
    while not done.wait(0.1):
        try:
            family = [me, *me.children(recursive=True)]
            peak[0] = max(peak[0], sum(member.memory_info().rss for member in family) / 1e6)
        except psutil.NoSuchProcess:
            continue


if __name__ == "__main__":
    sys.exit(main())
