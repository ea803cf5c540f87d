"""Parquet for tools of other people: one folder a table, and figures that every reader takes for numbers.

A decimal of Parquet comes to pandas as Python objects, or as a type that cannot be divided, so figures are written as
doubles: whole numbers are exact up to 9 × 10^15, and three decimals hold to 10^12. The DuckDB file keeps the decimals.
"""

from pathlib import Path

import duckdb

from publish.editions.edition import quoted

# the default level of 3 takes half as long again over keys that are hashes, and makes them no smaller
_OPTIONS = "format parquet, compression zstd, compression_level 1"


def write_parquet(connection: duckdb.DuckDBPyConnection, relation: str, path: Path) -> int:
    """Write a table or view as Parquet, decimals as doubles; gives the number of rows.

    Args:
        connection: has the relation.
        relation: its name as it stands in SQL.
        path: the file, in a folder that is there.
    """
    decimals = [
        f'cast("{column}" as double) as "{column}"'
        for column, data_type, *_ in connection.execute(f"describe {relation}").fetchall()
        if data_type.startswith("DECIMAL")
    ]
    columns = f"* replace ({', '.join(decimals)})" if decimals else "*"
    written = connection.execute(f"copy (select {columns} from {relation}) to '{quoted(path)}' ({_OPTIONS})")
    counted = written.fetchone()
    return int(counted[0]) if counted else 0
