"""Two working databases, table by table: every row of one is a row of the other, as often."""

from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from build.engines import LAYERS_ON_SPARK

# engines add up doubles in another order
DECIMALS_OF_DOUBLES = 9


@dataclass(slots=True)
class Comparison:
    """What was compared, and what differs.

    Attributes:
        tables: name to number of rows, of every table of the upper layers.
        different: name to rows of the first alone and rows of the second alone.
    """

    tables: dict[str, int] = field(default_factory=dict)
    different: dict[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        return sum(self.tables.values())


def compare(first: Path, second: Path) -> Comparison:
    """Compare all tables and views of the upper layers, by the columns and types of the first."""
    found = Comparison()
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        connection.execute(f"attach '{first}' as warehouse (read_only)")
        connection.execute(f"attach '{second}' as other (read_only)")
        relations = connection.execute(
            "select schema_name, table_name from duckdb_tables() where database_name = 'warehouse'"
            " union all select schema_name, view_name from duckdb_views() where database_name = 'warehouse'"
            " order by all"
        ).fetchall()
        for schema, name in relations:
            if schema in LAYERS_ON_SPARK:
                columns = ", ".join(
                    f'round("{column}", {DECIMALS_OF_DOUBLES})'
                    if data_type == "DOUBLE"
                    else f'cast("{column}" as {data_type})'
                    for column, data_type, *_ in connection.execute(
                        f'describe warehouse."{schema}"."{name}"'
                    ).fetchall()
                )
                one, two = (
                    f'select {columns} from {catalog}."{schema}"."{name}"'
                    for catalog in ("warehouse", "other")
                )
                found.tables[f"{schema}.{name}"] = _count(connection, one)
                alone = (
                    _count(connection, f"({one}) except all ({two})"),
                    _count(connection, f"({two}) except all ({one})"),
                )
                if any(alone):
                    found.different[f"{schema}.{name}"] = alone
    return found


def _count(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    (count,) = connection.execute(f"select count(*) from ({query})").fetchone() or (0,)
    return int(count)
