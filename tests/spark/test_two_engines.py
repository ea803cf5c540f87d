"""Spark builds what DuckDB builds: ``make test-spark``.

One corpus in which no table is empty, built by both; every table is compared both ways, every data test is run on both. While
Spark builds, one of its two workers is killed. Then a correction comes, and both bring themselves up to date.
"""

import shutil
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bench.spark_cluster import running_cluster
from build.engines import LAYERS_ON_SPARK
from build.transform import LayerRun, build_up_to
from ingest.database import open_read_only, open_warehouse
from ingest.home import WarehouseHome
from tests.spark.comparing import compare
from tests.spark.corpus import decide_on_members, make_corpus, write_correction

pytestmark = pytest.mark.spark

AS_OF = datetime(2026, 6, 20, tzinfo=UTC)
LATER = datetime(2026, 6, 21, tzinfo=UTC)
LEAST_KINDS_OF_FINDINGS = 15


@dataclass(frozen=True)
class Built:
    """The same raw rows, built by both engines, and by which project; what Spark's cluster lost meanwhile."""

    duckdb: WarehouseHome
    spark: WarehouseHome
    project: Path
    runs: dict[str, tuple[LayerRun, ...]]
    workers_killed: int


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Built]:
    root = tmp_path_factory.mktemp("two_engines")
    raw, on_duckdb, on_spark = (WarehouseHome(root / name) for name in ("raw", "duckdb", "spark"))
    make_corpus(raw)
    for home in (on_duckdb, on_spark):
        shutil.copytree(raw.root, home.root)
    before_decisions = build_up_to(on_duckdb, "intermediate", AS_OF)
    project = decide_on_members(on_duckdb, root)
    runs = {"duckdb": before_decisions + build_up_to(on_duckdb, "reviews", AS_OF, project)}
    killed: list[float] = []
    with pytest.MonkeyPatch.context() as setting, running_cluster(root / "cluster") as cluster:
        setting.setenv("WAREHOUSE_TARGET", "spark")
        setting.setenv("WAREHOUSE_SPARK_MASTER", cluster.address)

        def kill_one() -> None:
            # in the middle of the first layer: both workers have been given work, and tables stand already
            while len(cluster.executors()) < 2 or not any(
                on_spark.spark.glob("tables/intermediate.db/*/*.parquet")
            ):
                time.sleep(0.5)
            cluster.kill_a_worker()
            killed.append(time.monotonic())

        threading.Thread(target=kill_one, daemon=True).start()
        runs["spark"] = build_up_to(on_spark, "reviews", AS_OF, project)
    yield Built(on_duckdb, on_spark, project, runs, len(killed))


def outcomes_of(runs: tuple[LayerRun, ...]) -> dict[str, str]:
    """Give what last became of each data test of the upper layers."""
    return {
        result.unique_id: result.status
        for run in runs
        if run.layer in LAYERS_ON_SPARK
        for result in run.results
        if result.unique_id.startswith("test.")
    }


def test_no_table_of_the_corpus_is_empty(built: Built) -> None:
    found = compare(built.duckdb.warehouse, built.duckdb.warehouse)
    assert [name for name, rows in found.tables.items() if rows == 0] == []
    with open_read_only(built.duckdb.warehouse) as connection:
        kinds = connection.execute("select distinct finding_kind from reviews.findings").fetchall()
        withheld = connection.execute(
            "select count(*) from reviews.member_composition where is_suppressed"
        ).fetchone()
    assert len(kinds) >= LEAST_KINDS_OF_FINDINGS
    assert withheld is not None
    assert withheld[0] > 0


def test_every_table_is_the_same_though_a_worker_was_killed(built: Built) -> None:
    assert built.workers_killed == 1
    found = compare(built.duckdb.warehouse, built.spark.warehouse)
    assert found.different == {}
    print(f"equal on both engines: {len(found.tables)} tables, {found.rows} rows")


def test_every_data_test_passes_on_both(built: Built) -> None:
    on_duckdb, on_spark = outcomes_of(built.runs["duckdb"]), outcomes_of(built.runs["spark"])
    assert on_spark == on_duckdb
    assert set(on_spark.values()) <= {"pass", "warn"}
    print(f"the same on both engines: {len(on_spark)} data tests")


def test_one_figure_that_differs_is_found(built: Built, tmp_path: Path) -> None:
    changed = tmp_path / "warehouse.duckdb"
    shutil.copyfile(built.spark.warehouse, changed)
    with open_warehouse(built.spark, path=changed) as connection:
        connection.execute(
            "update reviews.halfyear_review set value = value + 1 where rowid ="
            " (select min(rowid) from reviews.halfyear_review where value is not null)"
        )
    found = compare(built.duckdb.warehouse, changed)
    assert found.different == {"reviews.halfyear_review": (1, 1)}


def test_a_correction_gives_on_both_what_a_full_build_gives(
    built: Built, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for home in (built.duckdb, built.spark):
        with open_warehouse(home) as connection:
            write_correction(connection)
    anew = WarehouseHome(tmp_path / "anew")
    shutil.copytree(built.duckdb.root, anew.root)
    with open_warehouse(anew) as connection:
        connection.execute("drop schema built cascade")
    build_up_to(anew, "reviews", LATER, built.project)
    build_up_to(built.duckdb, "reviews", LATER, built.project)
    monkeypatch.setenv("WAREHOUSE_TARGET", "spark")
    runs = build_up_to(built.spark, "reviews", LATER, built.project)

    assert not any(run.is_full for run in runs if run.layer in LAYERS_ON_SPARK)
    assert compare(anew.warehouse, built.duckdb.warehouse).different == {}
    found = compare(anew.warehouse, built.spark.warehouse)
    assert found.different == {}
    print(f"equal after a correction: {len(found.tables)} tables, {found.rows} rows")
