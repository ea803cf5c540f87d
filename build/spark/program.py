"""Run one command of dbt in a session of Spark: the program of ``.venv-spark``, started there or by ``spark-submit``.

It stands apart: its environment has pyspark and dbt-spark and nothing of the project. What DuckDB has handed over becomes
tables of the session, then dbt finds the session that runs (its method ``session``). At the end it lists what tables there
are, so that they can be taken back.
"""

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any

from dbt.cli.main import dbtRunner
from pyspark.sql import SparkSession

# of what is handed over, in Spark's words
_SPARK_TYPES = {
    "VARCHAR": "string",
    "JSON": "string",
    "INTEGER": "int",
    "TIMESTAMP WITH TIME ZONE": "timestamp",
}
_LAYERS = ("intermediate", "core", "reviews")


def main() -> int:
    """Run what the arguments say; gives the exit code of dbt."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True, help="where Spark keeps its tables")
    parser.add_argument("arguments", nargs="+", help="of dbt, after --")
    chosen = parser.parse_args()
    session = open_session(chosen.folder)
    try:
        register_handed_over(session, chosen.folder)
        result = dbtRunner().invoke(chosen.arguments)
        if result.exception is not None:
            print(result.exception, file=sys.stderr)
        list_tables(session, chosen.folder / "built.json")
    finally:
        session.stop()
    return 0 if result.success else 1


def open_session(folder: Path) -> SparkSession:
    """Open a session whose tables and catalogue lie in a folder; where it runs is said by whoever starts this program."""
    catalogue = f"jdbc:derby:;databaseName={folder}/catalogue;create=true"
    settings = {
        "spark.sql.warehouse.dir": str(folder / "tables"),
        "spark.hadoop.javax.jdo.option.ConnectionURL": catalogue,
        "spark.driver.extraJavaOptions": f"-Dderby.stream.error.file={folder}/catalogue.log",
        # figures are cast and added up as on DuckDB: what does not fit is an error and not a null
        "spark.sql.ansi.enabled": "true",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.sources.partitionOverwriteMode": "dynamic",
        # keys of units are texts, also where they look like numbers
        "spark.sql.sources.partitionColumnTypeInference.enabled": "false",
        "spark.sql.shuffle.partitions": os.environ.get("WAREHOUSE_SPARK_PARTITIONS", "8"),
        # what a worker gives to the tasks of one core; Spark's own default, too little for a million changes of members
        "spark.executor.memory": os.environ.get("WAREHOUSE_SPARK_EXECUTOR_MEMORY", "1g"),
        "spark.sql.parquet.compression.codec": "zstd",
        "spark.ui.enabled": "false",
    }
    building = SparkSession.builder.appName("womens-union-warehouse").enableHiveSupport()
    for name, value in settings.items():
        building = building.config(name, value)
    session = building.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session


def register_handed_over(session: SparkSession, folder: Path) -> None:
    """Make what DuckDB has handed over tables of the session; those whose columns are as before stay as they are."""
    handed_over = folder / "handed_over"
    noted = folder / "registered.json"
    before: dict[str, Any] = json.loads(noted.read_text(encoding="utf-8")) if noted.exists() else {}
    now = {
        f"{table['schema_name']}.{table['name']}": table
        for table in json.loads((handed_over / "tables.json").read_text(encoding="utf-8"))["tables"]
    }
    there = _tables_of(session, {table["schema_name"] for table in now.values()})
    for name, table in now.items():
        if name not in there or before.get(name) != table:
            _register(session, name, table, handed_over / table["schema_name"] / table["name"])
        elif table["is_by_unit"]:
            session.sql(f"msck repair table {name} sync partitions")
    noted.write_text(json.dumps(now), encoding="utf-8")


def _register(session: SparkSession, name: str, table: dict[str, Any], rows: Path) -> None:
    columns = ", ".join(f"`{column}` {spark_type(data_type)}" for column, data_type in table["columns"])
    by_unit = " partitioned by (unit_key)" if table["is_by_unit"] else ""
    session.sql(f"create database if not exists {table['schema_name']}")
    session.sql(f"drop table if exists {name}")
    session.sql(f"create table {name} ({columns}) using parquet{by_unit} location '{rows}'")
    if table["is_by_unit"]:
        session.sql(f"msck repair table {name}")


def _tables_of(session: SparkSession, schemas: set[str]) -> set[str]:
    known = {database.name for database in session.catalog.listDatabases()}
    return {
        f"{schema}.{table.name}" for schema in schemas & known for table in session.catalog.listTables(schema)
    }


def spark_type(data_type: str) -> str:
    """Give what Spark calls a type of DuckDB.

    Args:
        data_type: as DuckDB's ``describe`` tells it: ``VARCHAR``, ``DECIMAL(20,3)``, ``STRUCT(a VARCHAR, "b" INTEGER)[]``.
    """
    if data_type.endswith("[]"):
        return f"array<{spark_type(data_type[:-2])}>"
    if data_type.startswith("STRUCT("):
        fields = [field.strip().split(" ", 1) for field in data_type[len("STRUCT(") : -1].split(",")]
        return f"struct<{', '.join(f'`{name.strip(chr(34))}`: {spark_type(kind)}' for name, kind in fields)}>"
    return _SPARK_TYPES.get(data_type, data_type.lower())


def list_tables(session: SparkSession, written: Path) -> None:
    """Write which tables there are of the layers that are built here: folder, names and types of columns."""
    known = {database.name: database for database in session.catalog.listDatabases()}
    listed = []
    for schema in _LAYERS:
        if schema in known:
            for table in session.catalog.listTables(schema):
                if table.tableType != "VIEW" and not table.isTemporary:
                    fields = session.table(f"{schema}.{table.name}").schema.fields
                    listed.append(
                        {
                            "schema_name": schema,
                            "name": table.name,
                            "folder": f"{known[schema].locationUri.removeprefix('file:')}/{table.name}",
                            "columns": [(field.name, field.dataType.simpleString()) for field in fields],
                        }
                    )
    written.write_text(json.dumps(listed), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
