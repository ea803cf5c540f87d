"""What is in an edition's DuckDB file: the published tables, looked through for personal data before they are written.

Built from the working database by one connection that only reads it. Tables that dbt did not make, those of ``meta``, are
``publish.editions.contents.meta``'s.
"""

import os
from datetime import datetime
from pathlib import Path

import duckdb

from ingest.contracts.forms import load_contracts
from ingest.database import open_read_only
from ingest.home import WarehouseHome
from ingest.keeping.withdrawals import withdrawn_by
from publish.catalogue.dictionary import free_text_columns
from publish.editions.contents.meta import META_VIEWS, comment, read_dictionary, view_meta, write_meta
from publish.editions.contents.tables import all_columns, write_tables
from publish.editions.contents.unit_views import create_unit_views
from publish.editions.edition import PUBLISHED_SCHEMAS, Edition, quoted
from publish.editions.privacy.known_people import collect_personal_values
from publish.editions.privacy.personal_columns import forbid_personal_columns
from publish.editions.privacy.personal_texts import PersonalTexts, find_personal_texts
from publish.editions.privacy.small_counts import FINDINGS, withhold_sums

HALF_YEAR_PATTERN = "[0-9]{4}H[12]"
# The oldest engine that opens an edition: BI tools bring one of their own, which is rarely the newest.
STORAGE_VERSION = "v1.2.0"


class NothingBuiltError(RuntimeError):
    """A layer that is published has no table in the working database."""


def newest_period(home: WarehouseHome, as_of: datetime) -> str | None:
    """Give the newest half-year for which a return that had been received by then was accepted."""
    with open_read_only(home.warehouse) as connection:
        withdrawn = [submission_id for submission_id, _, _ in withdrawn_by(connection, as_of)]
        found = connection.execute(
            "select max(period_code) from raw.submissions where verdict <> 'rejected'"
            " and coalesce(known_at, received_at) <= ?"
            " and regexp_full_match(period_code, ?) and not list_contains(?, submission_id)",
            [as_of, HALF_YEAR_PATTERN, withdrawn],
        ).fetchone()
    return found[0] if found else None


def build_database(home: WarehouseHome, edition: Edition, path: Path) -> None:
    """Write the DuckDB file of an edition from what dbt built in the working database.

    Args:
        home: the warehouse.
        edition: what its ``meta.edition`` says.
        path: the file to write; what does not fit into memory is written beside it.

    Raises:
        NothingBuiltError: there is no table in ``core``, or none in ``reviews``.
        PersonalDataError: a published table would carry personal data in a column or in text that no branch wrote freely.
            In text that a branch wrote freely it is masked and counted in ``meta``.
    """
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        connection.execute(f"set memory_limit = '{os.environ.get('WAREHOUSE_MEMORY', '6GB')}'")
        # what does not fit into memory is written beside the edition that is being built
        connection.execute(f"set temp_directory = '{quoted(path.with_suffix('.spill'))}'")
        # the working database keeps its own catalog name: its views and macros may carry it
        source = home.warehouse.stem
        connection.execute(f"attach '{quoted(home.warehouse)}' as \"{source}\" (read_only)")
        tables = _view_published(connection, source, edition)
        masked = _guard(connection, source, home)
        connection.execute(f"attach '{quoted(path)}' as edition (storage_version '{STORAGE_VERSION}')")
        write_tables(connection, source, (*tables, *META_VIEWS), masked)
        create_unit_views(connection, "edition")
        write_meta(connection, edition, tables, masked, read_dictionary(home))
        comment(connection)
        macros = _table_macros(connection, source)
    with duckdb.connect(str(path)) as connection:
        for macro in macros:
            connection.execute(macro)
        connection.execute("checkpoint")


def _view_published(
    connection: duckdb.DuckDBPyConnection, source: str, edition: Edition
) -> tuple[tuple[str, str], ...]:
    """Make a view of all that is to be published in the catalog ``memory``; gives the tables that dbt has built."""
    tables = connection.execute(
        """
        select schema_name, table_name from duckdb_tables()
        where database_name = $source and list_contains($schemas, schema_name)
        union all
        select schema_name, view_name from duckdb_views()
        where database_name = $source and list_contains($schemas, schema_name)
        order by all
        """,
        {"source": source, "schemas": list(PUBLISHED_SCHEMAS)},
    ).fetchall()
    unbuilt = set(PUBLISHED_SCHEMAS) - {schema for schema, _ in tables}
    if unbuilt:
        raise NothingBuiltError(
            f"the working database has no table in {', '.join(sorted(unbuilt))}: run the dbt layers first"
        )
    withheld = withhold_sums(_columns(connection, source))
    for schema in (*PUBLISHED_SCHEMAS, "meta"):
        connection.execute(f"create schema memory.{schema}")
    for schema, table in tables:
        replaced = withheld if (schema, table) == FINDINGS else ()
        connection.execute(
            f'create view memory."{schema}"."{table}" as'
            f' select {all_columns(replaced)} from "{source}"."{schema}"."{table}"'
        )
    view_meta(connection, source, edition)
    return tuple((schema, table) for schema, table in tables)


def _guard(
    connection: duckdb.DuckDBPyConnection, source: str, home: WarehouseHome
) -> tuple[PersonalTexts, ...]:
    columns = _columns(connection, "memory")
    forbid_personal_columns(columns, load_contracts())
    described = free_text_columns(read_dictionary(home))
    free_text = {column for column in columns if column in described}
    collect_personal_values(connection, source)
    return find_personal_texts(connection, "memory", (*PUBLISHED_SCHEMAS, "meta"), free_text)


def _columns(connection: duckdb.DuckDBPyConnection, catalog: str) -> list[tuple[str, str, str]]:
    return connection.execute(
        "select schema_name, table_name, column_name from duckdb_columns()"
        " where database_name = ? and list_contains(?, schema_name) and not internal order by all",
        [catalog, [*PUBLISHED_SCHEMAS, "meta"]],
    ).fetchall()


def _table_macros(connection: duckdb.DuckDBPyConnection, source: str) -> list[str]:
    macros = connection.execute(
        """
        select schema_name, function_name, array_to_string(parameters, ', '), macro_definition, comment
        from duckdb_functions()
        where database_name = ? and function_type = 'table_macro' and list_contains(?, schema_name)
        order by all
        """,
        [source, list(PUBLISHED_SCHEMAS)],
    ).fetchall()
    statements = []
    for schema, name, parameters, definition, said in macros:
        # in an edition the tables have no other catalog than the edition itself
        local = definition.replace(f'"{source}".', "").replace(f"{source}.", "")
        statements.append(f'create macro "{schema}"."{name}"({parameters}) as table {local}')
        if said:
            told = said.replace("'", "''")
            statements.append(f'comment on macro table "{schema}"."{name}" is \'{told}\'')
    return statements
