"""From Spark to DuckDB: the tables that dbt has built there become tables of the working database, as if dbt had made them here.

A table with a contract gets the columns, types and order of the contract, and what the contract says is never null is held to
it: a Parquet file promises nothing of the kind.
"""

import json
import re
from collections.abc import Collection
from pathlib import Path

import duckdb

from build.spark.relations import Relation
from ingest.database import open_warehouse
from ingest.home import WarehouseHome

# written by build/spark/program.py after each command
BUILT = "built.json"
_DUCKDB_TYPES = {"string": "varchar", "int": "integer", "timestamp": "timestamp with time zone"}


class SparkTableError(RuntimeError):
    """A table that Spark should have built is not there, or not as its contract says."""


def take_back(home: WarehouseHome, relations: Collection[Relation]) -> None:
    """Make the tables of a layer in the working database from what Spark has built, all in one transaction.

    Args:
        home: the warehouse.
        relations: the tables of the layer.

    Raises:
        SparkTableError: one is missing, lacks a column, or has a null where none may be.
    """
    listed = json.loads((home.spark / BUILT).read_text(encoding="utf-8"))
    built = {(table["schema_name"], table["name"]): table for table in listed}
    with open_warehouse(home) as connection:
        connection.execute("begin")
        for relation in relations:
            key = (relation.schema_name, relation.name)
            if key not in built:
                raise SparkTableError(f"Spark has built no table {relation.schema_name}.{relation.name}")
            try:
                _take_back(connection, relation, Path(built[key]["folder"]), built[key]["columns"])
            except (duckdb.ConstraintException, duckdb.BinderException, duckdb.ConversionException) as error:
                raise SparkTableError(f"{relation.schema_name}.{relation.name}: {error}") from error
        connection.execute("commit")


def _take_back(
    connection: duckdb.DuckDBPyConnection, relation: Relation, folder: Path, columns: list[tuple[str, str]]
) -> None:
    table = f'"{relation.schema_name}"."{relation.name}"'
    defined = [
        f'"{column.name}" {column.data_type}{" not null" if column.is_required else ""}'
        for column in relation.columns
    ] or [f'"{name}" {_duckdb_type(data_type)}' for name, data_type in columns]
    connection.execute(f'create schema if not exists "{relation.schema_name}"')
    _drop(connection, relation)
    connection.execute(f"create table {table} ({', '.join(defined)})")
    if any(folder.rglob("*.parquet")):
        connection.execute(
            f"insert into {table} by name select * from read_parquet("
            f"'{folder}/**/*.parquet', hive_partitioning = true, hive_types_autocast = false)"
        )


def _drop(connection: duckdb.DuckDBPyConnection, relation: Relation) -> None:
    """Drop what stands there; on DuckDB it may be a view."""
    for (kind,) in connection.execute(
        "select 'table' from duckdb_tables() where schema_name = $schema and table_name = $name"
        " union all select 'view' from duckdb_views() where schema_name = $schema and view_name = $name",
        {"schema": relation.schema_name, "name": relation.name},
    ).fetchall():
        connection.execute(f'drop {kind} "{relation.schema_name}"."{relation.name}"')


def _duckdb_type(spark_type: str) -> str:
    """Give what DuckDB calls a type of Spark; those of one name in both are left."""
    return re.sub(r"\b(string|int|timestamp)\b", lambda found: _DUCKDB_TYPES[found[0]], spark_type)
