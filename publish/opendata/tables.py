"""The files of a table: CSV as Table Schema reads it by default, and Parquet.

CSV has commas, decimal points, days and instants of ISO 8601 (UTC), ``true`` and ``false``, and nothing for NULL. As in the
exports of reviews no number has three figures behind its point, so that no spreadsheet takes the point for one that groups
thousands.
"""

from pathlib import Path

import duckdb

from publish.editions.contents.parquet import write_parquet
from publish.editions.edition import quoted
from publish.opendata.selection import HandedOutColumn, HandedOutTable
from publish.reports.review_files import NUMBER_IN_TEXT


def write_files(
    connection: duckdb.DuckDBPyConnection, table: HandedOutTable, csv: Path, parquet: Path, tags: str = ""
) -> int:
    """Write a table; gives its number of rows.

    Args:
        connection: the edition, open.
        table: what of it is written.
        csv: the CSV file, in a folder that is there.
        parquet: the Parquet file, in a folder that is there.
        tags: a second line of the CSV, as one of HXL's hashtags is; none when empty.
    """
    source = f'"{table.described.schema_name}"."{table.described.name}"'
    columns = ", ".join(f'"{name}"' for name in table.column_names)
    # two packages of one edition are the same, byte for byte
    order = ", ".join(f'"{name}"' for name in table.order)
    connection.execute(
        f"create or replace temp view handed_out as select {columns} from {source} order by {order or 'all'}"
    )
    cells = ", ".join(f'{_cell(column)} as "{column.name}"' for column in table.columns)
    connection.execute(f"copy (select {cells} from handed_out) to '{quoted(csv)}' (format csv, header)")
    if tags:
        header, _, rows = csv.read_text(encoding="utf-8").partition("\n")
        csv.write_text(f"{header}\n{tags}\n{rows}", encoding="utf-8")
    return write_parquet(connection, "handed_out", parquet)


def _cell(column: HandedOutColumn) -> str:
    name = f'"{column.name}"'
    if column.data_type.startswith(("DECIMAL", "DOUBLE", "FLOAT")):
        return NUMBER_IN_TEXT.format(name)
    if column.data_type == "TIMESTAMP WITH TIME ZONE":
        return f"strftime({name} at time zone 'UTC', '%Y-%m-%dT%H:%M:%SZ')"
    return name
