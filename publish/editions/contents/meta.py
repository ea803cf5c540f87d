"""The schema ``meta`` of an edition: what it says of itself, of its inputs, and of who approved what.

Its tables are made here and described in ``publish/catalogue/meta_tables.yml``; no dbt model knows them.
"""

from collections.abc import Collection
from datetime import datetime
from pathlib import Path

import duckdb

from ingest.home import WarehouseHome
from publish.catalogue.dictionary import PublishedTable, read_published_tables
from publish.editions.contents.unit_views import unit_views
from publish.editions.edition import PUBLISHED_SCHEMAS, Approval, Edition, quoted
from publish.editions.privacy.personal_texts import MASK, PersonalTexts, mask_texts

# tables of ``meta`` that hold rows of the working database and are looked through for names like any other
META_VIEWS = tuple(
    ("meta", table) for table in ("submissions", "refresh_decisions", "indicator_components", "editions")
)
# tables that say who approved the edition, each with the rows that are about this one
STAMPED = {"edition": "true", "editions": "is_this_edition"}


def read_dictionary(home: WarehouseHome) -> tuple[PublishedTable, ...]:
    """Read what is published and what it means, as dbt noted it when it last built."""
    tables = read_published_tables(home.dbt / "target" / "manifest.json", frozenset(PUBLISHED_SCHEMAS))
    return (*tables, *unit_views(tables))


def view_meta(connection: duckdb.DuckDBPyConnection, source: str, edition: Edition) -> None:
    """Make the views ``META_VIEWS`` in the catalog ``memory``: what was known of them when the edition was made."""
    as_of = edition.as_of
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
        from "{source}".intermediate.int_indicator_components;

        create view memory.meta.editions as
        with issued as (
            select
                edition_id, max(coalesce(as_of, issued_at)) as as_of, max(issued_at) as issued_at,
                count(value) as figure_count
            from "{source}".raw.issued_figures
            where issued_at <= '{as_of.isoformat()}'::timestamptz
            group by edition_id
        ),
        approvals as (
            select
                edition_id, min(decided_at) as approved_at, arg_min(decided_by, decided_at) as approved_by
            from "{source}".raw.refresh_decisions
            where is_approved
            group by edition_id
        ),
        changed_half_years as (
            select
                restatements.edition_id, restatements.period_code, periods.label_vi, count(*) as figure_count
            from "{source}".reviews.restatements
            left join "{source}".core.dim_period as periods using (period_code)
            group by all
        ),
        changes as (
            select
                edition_id, sum(figure_count)::bigint as changed_count,
                string_agg(label_vi || ': ' || figure_count, '; ' order by period_code) as where_vi
            from changed_half_years
            group by edition_id
        ),
        causes as (
            select edition_id, string_agg(distinct cause, '; ' order by cause) as why_vi
            from "{source}".reviews.restatements
            group by edition_id
        )
        select
            edition_id, as_of, issued_at, approved_by, approved_at, figure_count,
            coalesce(changed_count, 0) as changed_figure_count,
            coalesce(
                'Số liệu đã thay đổi: ' || where_vi || '. ' || why_vi || '.',
                'Không có số liệu nào thay đổi so với bản này.'
            ) as difference_vi,
            false as is_this_edition
        from issued
        left join approvals using (edition_id)
        left join changes using (edition_id)
        left join causes using (edition_id)
        union all
        select
            '{edition.edition_id}', '{as_of.isoformat()}'::timestamptz, null, null, null,
            (select count(value) from "{source}".reviews.halfyear_review), 0, 'Là chính bản số liệu này.', true
        order by is_this_edition, issued_at
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
        "create table edition.meta.row_counts (schema_name varchar, table_name varchar, row_count bigint)"
    )
    for schema, table in tables:
        connection.execute(
            f'insert into edition.meta.row_counts select ?, ?, count(*) from edition."{schema}"."{table}"',
            [schema, table],
        )
    # the name by which readers of earlier editions know it
    connection.execute("create table edition.meta.table_counts as from edition.meta.row_counts")
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
            (select coalesce(sum(cell_count), 0)::bigint from edition.meta.masked_columns) as masked_cells
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
        " description varchar, label_vi varchar, description_vi varchar, code_domain varchar)"
    )
    connection.execute(
        "create temp table described (schema_name varchar, table_name varchar, column_name varchar,"
        " description varchar, label_vi varchar, description_vi varchar, code_domain varchar)"
    )
    connection.executemany(
        "insert into described values (?, ?, ?, ?, ?, ?, ?)",
        [
            (table.schema_name, table.name, *told)
            for table in dictionary
            for told in (
                ("", table.description, table.label_vi, table.description_vi, None),
                *(
                    (
                        column.name,
                        column.description,
                        column.label_vi,
                        column.description_vi,
                        column.code_domain,
                    )
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

        select
            schema_name, table_name, nullif(column_name, ''), data_type, description, label_vi, description_vi,
            code_domain
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
        made = connection.execute(
            "select table_name from duckdb_tables() where schema_name = 'meta'"
        ).fetchall()
        # an edition that waited while the program was brought up to date may lack a newer table
        for table in STAMPED.keys() & {name for (name,) in made}:
            connection.execute(
                f"update meta.{table} set issued_at = ?, approved_by = ?, approved_at = ? where {STAMPED[table]}",
                [issued_at, stamped.approved_by, stamped.approved_at],
            )
        connection.execute("update meta.edition set approval_note = ?", [stamped.note])
        connection.execute("checkpoint")
    return stamped


def _masked_note(note: str, warehouse: Path) -> str:
    if not note.strip():
        return ""
    with duckdb.connect() as connection:
        source = warehouse.stem
        connection.execute(f"attach '{quoted(warehouse)}' as \"{source}\" (read_only)")
        return mask_texts(connection, source, [note])[0]
