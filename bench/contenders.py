"""One way to get files into DuckDB, run alone in a process: ``python -m bench.contenders WAY FOLDER OUT``.

Prints the seconds of the work itself, from files in a folder to rows in a database, without the start of Python and
imports; of ways in several steps, those of each. Each way uses two workers where it can.
"""

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ingest.home import WarehouseHome

WORKERS = 2

Seconds = tuple[float, ...]


def parse_with_calamine(path: Path) -> int:
    """Parse every sheet and drop it; the floor under every other way."""
    from python_calamine import CalamineWorkbook

    workbook = CalamineWorkbook.from_path(str(path))
    return sum(len(workbook.get_sheet_by_name(name).to_python()) for name in workbook.sheet_names)


def calamine_alone(folder: Path, _: Path) -> Seconds:
    """calamine in two processes, nothing loaded."""
    with ProcessPoolExecutor(WORKERS) as pool:
        list(pool.map(int, range(WORKERS)))
        started = time.perf_counter()
        list(pool.map(parse_with_calamine, _workbooks(folder), chunksize=8))
        return (time.perf_counter() - started,)


def ingest_to_raw(folder: Path, out: Path) -> Seconds:
    """This project: hash, archive, read, identify, load; and a second load of the same files, unchanged."""
    from ingest.home import WarehouseHome

    home = WarehouseHome(out).prepare()
    _link_into(folder, home.inbox)
    return _load(home), _load(home)


def ingest_and_validate(folder: Path, out: Path) -> Seconds:
    """This project, and every value typed and validated by dbt, the start of which counts."""
    from build.transform import run_layer
    from ingest.home import WarehouseHome

    home = WarehouseHome(out).prepare()
    _link_into(folder, home.inbox)
    loaded = _load(home)
    now = datetime.now(UTC)
    run_layer(home, "seed", now)
    started = time.perf_counter()
    run_layer(home, "staging", now)
    return loaded, time.perf_counter() - started


def pandas_openpyxl(folder: Path, out: Path) -> Seconds:
    """pandas.read_excel with openpyxl, every sheet into one table, no rules."""
    return _with_pandas(folder, out, "openpyxl")


def pandas_calamine(folder: Path, out: Path) -> Seconds:
    """pandas.read_excel with calamine, every sheet into one table, no rules."""
    return _with_pandas(folder, out, "calamine")


def dlt_filesystem(folder: Path, out: Path) -> Seconds:
    """dlt's filesystem source with pandas and calamine into DuckDB, no rules."""
    import dlt
    import pandas  # type: ignore[import-untyped]
    from dlt.sources.filesystem import filesystem

    @dlt.transformer
    def sheets(items: list[object]) -> object:
        for item in items:
            with item.open() as file:  # type: ignore[attr-defined]
                for frame in pandas.read_excel(file, sheet_name=None, header=4, engine="calamine").values():
                    yield frame.astype(str).to_dict(orient="records")

    os.environ["DLT_DATA_DIR"] = str(out / "dlt")
    pipeline = dlt.pipeline(
        "bench", destination=dlt.destinations.duckdb(str(out / "dlt.duckdb")), pipelines_dir=str(out)
    )
    started = time.perf_counter()
    pipeline.run((filesystem(bucket_url=folder.as_uri(), file_glob="*.xlsx") | sheets).with_name("rows"))
    return (time.perf_counter() - started,)


def duckdb_read_csv(folder: Path, out: Path) -> Seconds:
    """DuckDB's own read_csv into a table."""
    import duckdb

    (path,) = folder.glob("*.csv")
    with duckdb.connect(str(out / "csv.duckdb")) as connection:
        started = time.perf_counter()
        connection.execute("create table log as from read_csv(?)", [str(path)])
        connection.execute("checkpoint")
    return (time.perf_counter() - started,)


def _load(home: "WarehouseHome") -> float:
    from ingest.loading.load import load_inbox

    started = time.perf_counter()
    load_inbox(home, datetime.now(UTC))
    return time.perf_counter() - started


def _with_pandas(folder: Path, out: Path, engine: str) -> Seconds:
    import duckdb
    import pandas

    with duckdb.connect(str(out / "pandas.duckdb")) as connection:
        started = time.perf_counter()
        for path in _workbooks(folder):
            for frame in pandas.read_excel(path, sheet_name=None, header=4, engine=engine).values():  # type: ignore[call-overload]
                batch = frame.astype(str)
                connection.register("batch", batch)
                connection.execute("create table if not exists rows as select * from batch limit 0")
                connection.execute("insert into rows select * from batch")
    return (time.perf_counter() - started,)


def _workbooks(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.xlsx"))


def _link_into(folder: Path, inbox: Path) -> None:
    for path in [*folder.glob("*.xlsx"), *folder.glob("*.csv")]:
        os.link(path, inbox / path.name)


WAYS: dict[str, Callable[[Path, Path], Seconds]] = {
    way.__name__: way
    for way in (
        calamine_alone,
        ingest_to_raw,
        ingest_and_validate,
        pandas_openpyxl,
        pandas_calamine,
        dlt_filesystem,
        duckdb_read_csv,
    )
}

if __name__ == "__main__":
    with tempfile.TemporaryDirectory(dir=sys.argv[3]) as scratch:
        print(json.dumps({"seconds": WAYS[sys.argv[1]](Path(sys.argv[2]), Path(scratch))}))
