"""The schema ``meta`` of an edition: what it says of itself, of its inputs, and of who approved what.

Its tables are made here and described in ``publish/meta_tables.yml``; no dbt model knows them.
"""

from collections.abc import Collection
from datetime import datetime
from pathlib import Path

import duckdb

from ingest.home import WarehouseHome
from publish.dictionary import PublishedTable, read_published_tables
from publish.editions.edition import PUBLISHED_SCHEMAS, Approval, Edition, quoted
from publish.editions.unit_views import unit_views
from publish.personal_data import MASK, PersonalTexts, mask_texts

# tables of ``meta`` that hold rows of the working database and are looked through for names like any other
META_VIEWS = (("meta", "submissions"), ("meta", "refresh_decisions"), ("meta", "indicator_components"))
EDITION_TABLE = "meta.edition"


def read_dictionary(home: WarehouseHome) -> tuple[PublishedTable, ...]:
    """Read what is published and what it means, as dbt noted it when it last built."""
    tables = read_published_tables(home.dbt / "target" / "manifest.json", frozenset(PUBLISHED_SCHEMAS))
    return (*tables, *unit_views(tables))


def view_meta(connection: duckdb.DuckDBPyConnection, source: str, as_of: datetime) -> None:
    """Make the views ``META_VIEWS`` in the catalog ``memory``: what was known of them at that instant."""
    connection.execute(
        f"""
        create view memory.meta.submissions as
        select
            submission_id, file_name, file_format, sha256, size_bytes, received_at, ingested_at,
            unit_key, unit_decided_by, period_code, period_decided_by, verdict, reason_code, reason_vi,
            coalesce((
                select arg_max(is_withdrawn, decided_at) from "{source}".raw.withdrawals as decisions
                where decisions.submission_id = submissions.submission_id
                and decided_at <= '{as_of.isoformat()}'::timestamptz
            ), false) as is_withdrawn
        from "{source}".raw.submissions as submissions
        where coalesce(known_at, received_at) <= '{as_of.isoformat()}'::timestamptz;

        create view memory.meta.refresh_decisions as
        select edition_id, is_approved, as_of, decided_at, decided_by, note as why
        from "{source}".raw.refresh_decisions
        where decided_at <= '{as_of.isoformat()}'::timestamptz;

        create view memory.meta.indicator_components as
        from "{source}".intermediate.int_indicator_components
        """
    )


def write_meta(
    connection: duckdb.DuckDBPyConnection,
    edition: Edition,
    tables: tuple[tuple[str, str], ...],
    masked: Collection[PersonalTexts],
    dictionary: Collection[PublishedTable],
) -> None:
    """Write what the catalog ``edition`` says of itself, when all its other tables stand."""
    connection.execute(
        "create table edition.meta.masked_columns"
        " (schema_name varchar, table_name varchar, column_name varchar, cell_count bigint)"
    )
    for texts in masked:
        connection.execute(
            "insert into edition.meta.masked_columns"
            f' select ?, ?, ?, count(*) from edition."{texts.schema_name}"."{texts.table_name}"'
            f' where "{texts.column_name}" = ?',
            [texts.schema_name, texts.table_name, texts.column_name, MASK],
        )
    connection.execute(
        "create table edition.meta.table_counts (schema_name varchar, table_name varchar, row_count bigint)"
    )
    for schema, table in tables:
        connection.execute(
            f'insert into edition.meta.table_counts select ?, ?, count(*) from edition."{schema}"."{table}"',
            [schema, table],
        )
    connection.execute(
        """
        create table edition.meta.edition as
        select
            $edition_id::varchar as edition_id,
            $as_of::timestamptz as as_of,
            $built_at::timestamptz as built_at,
            $issued_at::timestamptz as issued_at,
            null::varchar as approved_by,
            null::timestamptz as approved_at,
            null::varchar as approval_note,
            $code_version::varchar as code_version,
            $inputs_fingerprint::varchar as inputs_fingerprint,
            $input_submissions::bigint as input_submissions,
            $newest_period::varchar as newest_period,
            (select coalesce(sum(cell_count), 0)::bigint from edition.meta.masked_columns) as masked_cells,
            (select map(list(schema_name || '.' || table_name), list(row_count)) from edition.meta.table_counts)
                as row_counts
        """,
        {
            "edition_id": edition.edition_id,
            "as_of": edition.as_of,
            "built_at": edition.built_at,
            "issued_at": edition.issued_at,
            "code_version": edition.code_version,
            "inputs_fingerprint": edition.inputs_fingerprint,
            "input_submissions": edition.input_submissions,
            "newest_period": edition.newest_period,
        },
    )
    connection.execute(
        "create table edition.meta.data_dictionary"
        " (schema_name varchar, table_name varchar, column_name varchar, data_type varchar,"
        " description varchar, label_vi varchar, code_domain varchar)"
    )
    connection.execute(
        "create temp table described (schema_name varchar, table_name varchar, column_name varchar,"
        " description varchar, label_vi varchar, code_domain varchar)"
    )
    connection.executemany(
        "insert into described values (?, ?, ?, ?, ?, ?)",
        [
            (table.schema_name, table.name, *told)
            for table in dictionary
            for told in (
                ("", table.description, table.label_vi, None),
                *(
                    (column.name, column.description, column.label_vi, column.code_domain)
                    for column in table.columns
                ),
            )
        ],
    )
    connection.execute(
        """
        insert into edition.meta.data_dictionary
        with things as (
            select schema_name, table_name, '' as column_name, 'table' as data_type, 0 as column_index
            from duckdb_tables()
            where database_name = 'edition'
            union all
            select schema_name, view_name as table_name, '' as column_name, 'view' as data_type, 0 as column_index
            from duckdb_views()
            where database_name = 'edition' and not internal
            union all
            select schema_name, table_name, column_name, data_type, column_index
            from duckdb_columns()
            where database_name = 'edition' and not internal
        )

        select schema_name, table_name, nullif(column_name, ''), data_type, description, label_vi, code_domain
        from things
        left join described using (schema_name, table_name, column_name)
        order by schema_name, table_name, column_index
        """
    )


def comment(connection: duckdb.DuckDBPyConnection) -> None:
    """Give every table, view and column of the catalog ``edition`` its description."""
    described = connection.execute(
        "select schema_name, table_name, column_name, data_type, description from edition.meta.data_dictionary"
        " where description <> ''"
    ).fetchall()
    for schema, table, column, data_type, description in described:
        thing = f'{data_type} edition."{schema}"."{table}"'
        if column:
            thing = f'column edition."{schema}"."{table}"."{column}"'
        connection.execute(f"comment on {thing} is '{description.replace(chr(39), chr(39) * 2)}'")


def stamp_approval(database: Path, warehouse: Path, approval: Approval, issued_at: datetime) -> Approval:
    """Write into an edition who approved it; gives what was written.

    A note that holds a member's name or a citizen number is masked as any text of an edition is; the journal keeps it.

    Args:
        database: the edition's DuckDB file, to be written.
        warehouse: the working database, which knows the names.
        approval: by whom, when, and the note.
        issued_at: from when on its figures stand as published.
    """
    stamped = Approval(approval.approved_by, approval.approved_at, _masked_note(approval.note, warehouse))
    with duckdb.connect(str(database)) as connection:
        connection.execute("set timezone = 'UTC'")
        connection.execute(
            "update meta.edition set issued_at = ?, approved_by = ?, approved_at = ?, approval_note = ?",
            [issued_at, stamped.approved_by, stamped.approved_at, stamped.note],
        )
        connection.execute("checkpoint")
    return stamped


def _masked_note(note: str, warehouse: Path) -> str:
    if not note.strip():
        return ""
    with duckdb.connect() as connection:
        source = warehouse.stem
        connection.execute(f"attach '{quoted(warehouse)}' as \"{source}\" (read_only)")
        return mask_texts(connection, source, [note])[0]
