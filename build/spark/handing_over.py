"""From DuckDB to Spark: seeds, judged rows and the key of pseudonyms, as Parquet in a folder of the home.

Names and numbers of members are among them, so the folder is its owner's alone, as the working database is.
"""

import json
import shutil
from collections.abc import Collection
from pathlib import Path

import duckdb

from build.spark.relations import Relation
from ingest.database import open_read_only
from ingest.home import OWNER_FOLDER, WarehouseHome

LIST = "tables.json"
# a folder for each unit is worth its files where a unit has about this many rows or more
ROWS_A_UNIT = 1_000


def hand_over(home: WarehouseHome, relations: Collection[Relation], source: str) -> Path:
    """Write tables and views of the working database as Parquet, all or none, unless they were for the same source.

    A large table that knows its units is written a folder a unit (``unit_key=U24565``), so that Spark reads those of the
    units that it builds; any other is one folder with one file.

    Args:
        home: the warehouse.
        relations: what to write.
        source: says what the tables were built from and by; the same one has the same rows.

    Returns:
        The folder; ``tables.json`` in it lists the tables, each with its columns as DuckDB calls their types.
    """
    settled, beside = home.spark / "handed_over", home.spark / "handed_over.new"
    if _source(settled) == source:
        return settled
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(mode=OWNER_FOLDER, parents=True)
    with open_read_only(home.warehouse) as connection:
        tables = [_write(connection, relation, beside) for relation in relations]
    listed = {"source": source, "tables": tables}
    (beside / LIST).write_text(json.dumps(listed, ensure_ascii=False), encoding="utf-8")
    # nobody reads it meanwhile; cut off in between it is not there, and written again
    shutil.rmtree(settled, ignore_errors=True)
    beside.rename(settled)
    return settled


def _source(folder: Path) -> str | None:
    try:
        return str(json.loads((folder / LIST).read_text(encoding="utf-8"))["source"])
    except (FileNotFoundError, ValueError):
        return None


def _write(connection: duckdb.DuckDBPyConnection, relation: Relation, folder: Path) -> dict[str, object]:
    table = f'"{relation.schema_name}"."{relation.name}"'
    columns = [
        (name, data_type) for name, data_type, *_ in connection.execute(f"describe {table}").fetchall()
    ]
    into = folder / relation.schema_name / relation.name
    into.mkdir(parents=True)
    is_by_unit = "unit_key" in dict(columns) and _is_large(connection, table)
    target = into if is_by_unit else into / "rows.parquet"
    by_unit = ", partition_by (unit_key)" if is_by_unit else ""
    connection.execute(
        f"copy (select * from {table}) to '{target}' (format parquet, compression zstd{by_unit})"
    )
    return {
        "schema_name": relation.schema_name,
        "name": relation.name,
        "columns": columns,
        "is_by_unit": is_by_unit,
    }


def _is_large(connection: duckdb.DuckDBPyConnection, table: str) -> bool:
    found = connection.execute(f"select count(*) >= {ROWS_A_UNIT} * count(distinct unit_key) from {table}")
    (is_large,) = found.fetchone() or (False,)
    return bool(is_large)
