"""What of an edition may leave the house: its figures and dimensions, no row about a person, no text that branches typed.

Pseudonyms and free text stay in editions, which are read within the office: the law still holds a pseudonym personal, and
masking knows the names of members alone, not those of a beneficiary in a description. A column that the dictionary does not
know, as one of another version of the program, stays too.
"""

from collections.abc import Collection
from dataclasses import dataclass

import duckdb

from publish.catalogue.dictionary import PublishedColumn, PublishedTable
from publish.catalogue.keys import TableKeys

SCHEMAS = frozenset({"core", "reviews"})


@dataclass(frozen=True, slots=True)
class HandedOutColumn:
    """A column that is handed out: what it is called and means, its type in DuckDB, whether it is never empty."""

    described: PublishedColumn
    data_type: str
    is_required: bool

    @property
    def name(self) -> str:
        """Its name."""
        return self.described.name


@dataclass(frozen=True, slots=True)
class HandedOutTable:
    """A table with those of its columns that are handed out."""

    described: PublishedTable
    columns: tuple[HandedOutColumn, ...]
    keys: TableKeys

    @property
    def name(self) -> str:
        """``schema.table``."""
        return f"{self.described.schema_name}.{self.described.name}"

    @property
    def column_names(self) -> tuple[str, ...]:
        """The names of its columns, in their order."""
        return tuple(column.name for column in self.columns)

    @property
    def order(self) -> tuple[str, ...]:
        """The key that its rows are put in order by; empty where it has none."""
        return next((key for key in self.keys.unique if set(key) <= set(self.column_names)), ())


def select_tables(
    connection: duckdb.DuckDBPyConnection,
    dictionary: Collection[PublishedTable],
    keys: dict[str, TableKeys],
) -> tuple[HandedOutTable, ...]:
    """Give what of an edition is handed out, in the order of its names.

    Args:
        connection: the edition, open.
        dictionary: what its tables mean, and which columns are free text or pseudonyms.
        keys: what holds in its tables, by ``schema.table``.
    """
    built = connection.execute(
        "select schema_name, table_name, column_name, data_type, not is_nullable"
        " from duckdb_columns() join (from duckdb_tables()) as tables using (schema_name, table_name)"
        " where duckdb_columns.database_name = current_database() and tables.database_name = current_database()"
        " order by schema_name, table_name, column_index"
    ).fetchall()
    selected = []
    for table in sorted(dictionary, key=lambda table: (table.schema_name, table.name)):
        own_keys = keys.get(f"{table.schema_name}.{table.name}", TableKeys())
        if table.schema_name not in SCHEMAS or _is_about_persons(table) or _is_keyed_by_text(table, own_keys):
            continue
        described = {column.name: column for column in table.columns}
        columns = tuple(
            HandedOutColumn(described[name], data_type, bool(is_required))
            for schema, of_table, name, data_type, is_required in built
            if (schema, of_table) == (table.schema_name, table.name)
            and name in described
            and not described[name].is_free_text
        )
        if columns:
            selected.append(HandedOutTable(table, columns, own_keys))
    return tuple(selected)


def _is_about_persons(table: PublishedTable) -> bool:
    return any(column.is_pseudonym for column in table.columns)


def _is_keyed_by_text(table: PublishedTable, keys: TableKeys) -> bool:
    """Rows that only a typed text tells apart mean nothing without it."""
    typed = {column.name for column in table.columns if column.is_free_text}
    return bool(keys.unique) and all(typed & set(key) for key in keys.unique)
