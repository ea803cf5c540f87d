"""The rows of an edition: each published table is written in the order in which readers ask for it.

A table is copied from the catalog ``memory``, where all that is to be published is a view. To sort all rows of a country takes
more memory than there is, so a large table is sorted and written some units at a time; the rows lie as if it had been sorted
whole.
"""

from collections.abc import Collection
from itertools import pairwise

import duckdb

from publish.editions.edition import PUBLISHED_SCHEMAS
from publish.editions.privacy.personal_texts import PersonalTexts

# Rows of a table lie in this order, by those of the columns that it has: a reader who asks for a unit reads that unit's
# part of the file and no other, and the rows of a return stand as they stand in its sheet.
ROW_ORDER = (
    "unit_key",
    "period_code",
    "programme_code",
    "indicator_code",
    "submission_id",
    "sheet_number",
    "row_number",
)
# what fits into a few gigabytes, of the widest table
ROWS_SORTED_AT_ONCE = 10_000_000


def write_tables(
    connection: duckdb.DuckDBPyConnection,
    source: str,
    tables: Collection[tuple[str, str]],
    masked: Collection[PersonalTexts],
) -> None:
    """Write published tables into the catalog ``edition``.

    Args:
        connection: has ``edition`` attached, and views of the tables in ``memory``.
        source: catalog of the working database, of which it is taken which columns may not be null.
        tables: schema and name of each.
        masked: texts in them that hold a name or a number.
    """
    for schema in (*PUBLISHED_SCHEMAS, "meta"):
        connection.execute(f"create schema edition.{schema}")
    for schema, table in tables:
        columns = connection.execute(
            """
            select published.column_name, published.data_type, coalesce(not built.is_nullable, false)
            from (from duckdb_columns() where database_name = 'memory') as published
            left join (from duckdb_columns() where database_name = ?) as built
                using (schema_name, table_name, column_name)
            where schema_name = ? and table_name = ?
            order by published.column_index
            """,
            [source, schema, table],
        ).fetchall()
        defined = ", ".join(
            f'"{name}" {data_type}{" not null" if is_required else ""}'
            for name, data_type, is_required in columns
        )
        connection.execute(f'create table edition."{schema}"."{table}" ({defined})')
        maskings = [
            texts.masking for texts in masked if (texts.schema_name, texts.table_name) == (schema, table)
        ]
        names = {name for name, _, _ in columns}
        order = ", ".join(name for name in ROW_ORDER if name in names)
        relation = f'memory."{schema}"."{table}"'
        for condition, keys in _parts(connection, relation, names):
            connection.execute(
                f'insert into edition."{schema}"."{table}" select {all_columns(maskings)}'
                f" from {relation} where {condition}{f' order by {order}' if order else ''}",
                keys,
            )


def all_columns(replaced: Collection[str]) -> str:
    """SQL for all columns of a table, some of them replaced."""
    return f"* replace ({', '.join(replaced)})" if replaced else "*"


def _parts(
    connection: duckdb.DuckDBPyConnection, relation: str, names: Collection[str]
) -> list[tuple[str, list[str]]]:
    """Conditions with their values that share out the rows of a table, in its order; one for all where they are few."""
    unit_key = ROW_ORDER[0]
    if unit_key not in names:
        return [("true", [])]
    counted = connection.execute(
        f"select {unit_key}, count(*) from {relation} group by all order by {unit_key} nulls last"
    ).fetchall()
    if sum(count for _, count in counted) <= ROWS_SORTED_AT_ONCE:
        return [("true", [])]
    first_of_parts, rows = [], 0
    for key, count in counted:
        if key is not None and rows and rows + count > ROWS_SORTED_AT_ONCE:
            first_of_parts.append(key)
            rows = 0
        rows += count
    parts = []
    for first, end in pairwise((None, *first_of_parts, None)):
        bounds = {f"{unit_key} >= ?": first, f"{unit_key} < ?": end}
        met = {bound: key for bound, key in bounds.items() if key is not None}
        parts.append((" and ".join(met) or f"{unit_key} is not null", list(met.values())))
    return [*parts, (f"{unit_key} is null", [])]
