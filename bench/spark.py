"""Measure the layers above staging on DuckDB and on Spark with one and two workers: ``make bench-spark``.

A year of countries of growing size (``bench.national``). Rows are made up and judged before, the same for all; what is measured
is what the setting of the engine changes, with what is handed over and taken back, and without data tests being left out.
"""

import argparse
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.country import Country, make_project
from bench.national import fill_raw
from bench.spark_cluster import running_cluster
from bench.stages import measure
from build.engines import LAYERS_ON_SPARK, SETTING
from build.transform import LayerRun, build_up_to
from ingest.database import open_read_only
from ingest.home import WarehouseHome

SIZES = (33, 330)
WORKERS = (1, 2)
MASTER = "WAREHOUSE_SPARK_MASTER"
EXECUTOR_MEMORY = {"WAREHOUSE_SPARK_EXECUTOR_MEMORY": "2g"}


def main() -> int:
    """Measure and print a table, a line for each size and engine, and each line when it is known."""
    parser = argparse.ArgumentParser(prog="make bench-spark", description=__doc__)
    parser.add_argument("--folder", type=Path, required=True, help="where warehouses and scratch files lie")
    parser.add_argument("--communes", type=int, nargs="+", default=SIZES, help="sizes of the country")
    parser.add_argument("--workers", type=int, nargs="+", default=WORKERS, help="sizes of the cluster")
    chosen = parser.parse_args()
    console = Console(width=130)
    table = Table("communes", "changes of members", "engine", "s", "CPU s", "peak MB", *LAYERS_ON_SPARK)
    for communes in chosen.communes:
        judged = judge(chosen.folder, Country(communes=communes))
        for workers in (0, *chosen.workers):
            line = (str(communes), *build(chosen.folder, judged, workers))
            console.print(*line, sep=" | ", highlight=False)
            table.add_row(*line)
    console.print(table)
    return 0


@dataclass(frozen=True, slots=True)
class Judged:
    """A country whose rows are judged: where, by which project, and for which instant."""

    home: WarehouseHome
    project: Path
    as_of: datetime


def judge(folder: Path, country: Country) -> Judged:
    """Make a country up and build its layers to staging; not measured."""
    home = WarehouseHome(folder / f"judged-{country.name}")
    shutil.rmtree(home.root, ignore_errors=True)
    judged = Judged(home, make_project(folder / f"project-{country.name}", country), datetime.now(UTC))
    fill_raw(home, country)
    build_up_to(home, "staging", judged.as_of, judged.project)
    return judged


def build(folder: Path, judged: Judged, workers: int) -> tuple[str, ...]:
    """Build the upper layers on DuckDB, or on Spark with so many workers; gives the cells of a line."""
    engine = f"Spark, {workers} workers" if workers else "DuckDB"
    home = WarehouseHome(folder / "built")
    shutil.rmtree(home.root, ignore_errors=True)
    shutil.copytree(judged.home.root, home.root)
    runs: list[LayerRun] = []
    with engine_set(folder / "cluster", workers):
        stage = measure(
            engine,
            lambda: runs.extend(build_up_to(home, "reviews", judged.as_of, judged.project)),
            home.root,
        )
    seconds = {run.layer: f"{run.seconds:.0f}" for run in runs}
    return (
        f"{changes_in(home):,}",
        engine,
        f"{stage.seconds:.0f}",
        f"{stage.cpu_seconds:.0f}",
        f"{stage.peak_megabytes:.0f}",
        *(seconds[layer] for layer in LAYERS_ON_SPARK),
    )


@contextmanager
def engine_set(folder: Path, workers: int) -> Iterator[None]:
    """Set the engine for what is built meanwhile: a cluster of so many workers, or DuckDB where there are none."""
    if not workers:
        yield
        return
    with running_cluster(folder, workers) as cluster:
        os.environ.update({SETTING: "spark", MASTER: cluster.address, **EXECUTOR_MEMORY})
        try:
            yield
        finally:
            for name in (SETTING, MASTER, *EXECUTOR_MEMORY):
                del os.environ[name]


def changes_in(home: WarehouseHome) -> int:
    """Count the changes of members that were built."""
    with open_read_only(home.warehouse) as connection:
        found = connection.execute("select count(*) from core.fct_membership_changes").fetchone()
    return int(found[0]) if found else 0


if __name__ == "__main__":
    sys.exit(main())
