"""Measure building the warehouse: ``make bench-warehouse``.

A full build and the refresh after one commune's correction, on the sample corpus and on years of the whole country
(``bench.national``), all layers with one dbt as after a load; then the edition, and typical questions to it. What the country
reports is made up before and told apart. A measurement of the country that was stopped goes on where it stopped.
"""

import argparse
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.corpus import copy_with_another_hash
from bench.country import FIRST_CODE, Country, make_project
from bench.national import correct_commune, fill_raw
from bench.questions import tell_questions
from bench.stages import Record, Stage, measure, megabytes_in
from build.inputs import code_version, gather_inputs
from build.transform import LayerRun, build_up_to
from ingest.database import open_read_only
from ingest.home import DBT_PROJECT, PROJECT_ROOT, WarehouseHome
from ingest.keeping.archive import archived_path
from ingest.loading.load import load_inbox
from publish.editions.issue import publish_edition

SLOWEST = 8
WIDTH = 130  # of a table with the names of nodes
CORRECTED = 7  # the commune that sends its newest return again
MEASURED = ("s", "CPU s", "peak MB", "spilled MB", "MB on disk")


def main() -> int:
    """Measure what was asked for and print the tables."""
    parser = argparse.ArgumentParser(prog="make bench-warehouse", description=__doc__)
    parser.add_argument("--folder", type=Path, required=True, help="where warehouses and scratch files lie")
    parser.add_argument("--communes", type=int, default=Country().communes, help="size of the country")
    parser.add_argument("--half-years", type=int, default=Country().half_years, help="how many, to 2026H1")
    parser.add_argument("--only", choices=["sample", "national"], help="one of the two")
    parser.add_argument(
        "--again", action="store_true", help="nothing of the country that was done before counts"
    )
    chosen = parser.parse_args()
    console = Console(width=max(WIDTH, Console().width))
    memory = os.environ.get("WAREHOUSE_MEMORY", "6GB")
    console.print(f"DuckDB is held to {memory} (WAREHOUSE_MEMORY)", highlight=False)
    if chosen.only != "national":
        measure_sample(console, WarehouseHome(chosen.folder / "sample"))
    if chosen.only != "sample":
        country = Country(communes=chosen.communes, half_years=chosen.half_years)
        home = WarehouseHome(chosen.folder / f"national-{country.name}")
        if chosen.again:
            shutil.rmtree(home.root, ignore_errors=True)
        measure_country(
            console, home, make_project(chosen.folder / f"project-{country.name}", country), country
        )
    return 0


def measure_sample(console: Console, home: WarehouseHome) -> None:
    """Build the sample corpus, and once more after a return came again."""
    home.prepare()
    if not home.warehouse.exists():
        subprocess.run(
            [sys.executable, "-m", "sample", "--into", str(home.inbox)], cwd=PROJECT_ROOT, check=True
        )
        load_inbox(home, datetime.now(UTC))
    tell_build(console, "Sample, full build", home, DBT_PROJECT, datetime.now(UTC))
    title = f"Sample, after {send_again(home)} came again"
    tell_build(console, title, home, DBT_PROJECT, datetime.now(UTC))


def measure_country(console: Console, home: WarehouseHome, project: Path, country: Country) -> None:
    """Make a country up, build and publish it, ask it; correct one commune, build and publish again; what is done is only told."""
    record = Record(home.prepare().root / "stages.json")
    size = f"{country.communes} communes, {country.half_years} half-years"
    corrected = f"the same after a correction of U{FIRST_CODE + CORRECTED}"
    build = partial(tell_build, console, home=home, project=project, as_of=record.as_of)
    edition = partial(tell_edition, console, home, record.as_of)
    record.once(console, "made up", partial(tell_making_up, console, home, country))
    record.once(console, "full build", partial(build, f"{size}, full build"))
    record.once(console, "edition", edition)
    record.once(console, "questions", partial(tell_questions, console, home.current, f"U{FIRST_CODE + 1}"))
    record.once(console, "correction", partial(correct_commune, home, country, CORRECTED))
    record.once(console, "build after the correction", partial(build, corrected))
    needed = megabytes_in(home.editions)
    if needed > shutil.disk_usage(home.root).free / 1e6:
        console.print(f"no room on the disk for a second edition of {needed:.0f} MB: not measured")
        return
    record.once(console, "edition after the correction", edition)


def tell_making_up(console: Console, home: WarehouseHome, country: Country) -> None:
    """Write what a country reports into ``raw``, from nothing, and print what it took; no part of what is measured."""
    home.warehouse.unlink(missing_ok=True)
    home.warehouse.with_suffix(".duckdb.wal").unlink(missing_ok=True)
    table = Table(
        "stage", *MEASURED, title=f"{country.communes} communes, {country.half_years} half-years, made up"
    )
    table.add_row(*_told(measure("raw", lambda: fill_raw(home, country), home.root), home.warehouse))
    console.print(table)


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


def tell_build(console: Console, title: str, home: WarehouseHome, project: Path, as_of: datetime) -> None:
    """Build all layers, as after a load, and print what each took; the first one has dbt's start in it."""
    runs: list[LayerRun] = []
    whole = measure("all", lambda: runs.extend(build_up_to(home, "reviews", as_of, project)), home.root)
    table = Table("layer", *MEASURED, "nodes", "slowest nodes, s", title=title)
    for run in runs:
        slowest = sorted(run.results, key=lambda result: -result.seconds)[:SLOWEST]
        names = "\n".join(f"{each.unique_id.split('.', 2)[-1]} {each.seconds:.1f}" for each in slowest)
        unknown = [""] * (len(MEASURED) - 1)
        table.add_row(run.layer, f"{run.seconds:.1f}", *unknown, str(run.nodes), names)
    nodes = sum(run.nodes for run in runs)
    table.add_row(*_told(whole, home.warehouse), str(nodes), "")
    console.print(table)


def tell_edition(console: Console, home: WarehouseHome, now: datetime) -> None:
    """Make an edition of what was built, and print what it took."""
    stage = measure(
        "publish", lambda: publish_edition(home, gather_inputs(home, now), now, code_version()), home.root
    )
    table = Table("stage", *MEASURED, title="its edition")
    edition = home.current.resolve()
    table.add_row(*_told(stage, edition, edition.with_suffix("")))
    console.print(table)


def _told(stage: Stage, *made: Path) -> tuple[str, ...]:
    size = sum(megabytes_in(path) for path in made)
    figures = (stage.cpu_seconds, stage.peak_megabytes, stage.peak_spilled, size)
    return (stage.name, f"{stage.seconds:.1f}", *(f"{figure:.0f}" for figure in figures))


if __name__ == "__main__":
    sys.exit(main())
