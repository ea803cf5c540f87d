"""Editions: immutable, free of personal data, switched by one rename.

Readers open ``current.duckdb`` and nothing else; it is a hard link to the newest edition and is replaced in one step, so
a reader sees the old edition or the new one and a refresh that dies anywhere leaves the old one. Every edition stays,
with Parquet and a manifest of checksums beside it.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from ingest.contracts import load_contracts
from ingest.database import open_read_only, open_warehouse
from ingest.home import WarehouseHome
from ingest.troubles import telling_troubles
from ingest.withdrawal import withdrawn_by
from publish.dictionary import PublishedTable, free_text_columns, read_published_tables
from publish.inputs import EditionInputs
from publish.personal_data import (
    MASK,
    PersonalTexts,
    collect_personal_values,
    find_personal_texts,
    forbid_personal_columns,
)
from publish.small_counts import FINDINGS, withhold_sums

PUBLISHED_SCHEMAS = ("core", "reviews")
READ_ONLY = 0o444
MANIFEST = "manifest.json"
HALF_YEAR_PATTERN = "[0-9]{4}H[12]"
SUBMISSIONS = ("meta", "submissions")
# the default level of 3 takes half as long again over keys that are hashes, and makes them no smaller
PARQUET = "format parquet, compression zstd, compression_level 1"
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


class NothingBuiltError(RuntimeError):
    """A layer that is published has no table in the working database."""


@dataclass(frozen=True, slots=True)
class Edition:
    """One published edition.

    Attributes:
        edition_id: also the name of its file and folder.
        as_of: what had been received by this instant counts; timezone-aware UTC.
        issued_at: when it was made; timezone-aware UTC.
        code_version: the code that made it.
        inputs_fingerprint: see ``publish.inputs``.
        input_submissions: number of submissions behind it.
        newest_period: the newest half-year for which a return was accepted; None when there is none.
        path: its DuckDB file.
    """

    edition_id: str
    as_of: datetime
    issued_at: datetime
    code_version: str
    inputs_fingerprint: str
    input_submissions: int
    newest_period: str | None
    path: Path

    @property
    def folder(self) -> Path:
        """Where its Parquet files and its manifest lie."""
        return self.path.with_suffix("")


@telling_troubles()
def publish_edition(
    home: WarehouseHome, inputs: EditionInputs, issued_at: datetime, code_version: str
) -> Edition:
    """Make an edition from what dbt built in the working database and make it the current one.

    An edition of an earlier day than the current one (a reproduction) is made and kept, but is neither issued nor
    current.

    Args:
        home: the warehouse.
        inputs: what the working database was built from.
        issued_at: timezone-aware instant of publication.
        code_version: names the code.

    Raises:
        NothingBuiltError: there is no table in ``core``, or none in ``reviews``.
        PersonalDataError: a published table would carry personal data in a column or in text that no branch wrote freely;
            nothing is published. In text that a branch wrote freely it is masked and counted in ``meta``.
        WarehouseTroubleError: the disk is full, or another program has the working database open.
    """
    home.prepare()
    issued = issued_at.astimezone(UTC)
    edition_id = f"edition_{issued:%Y%m%dt%H%M%S}_{inputs.fingerprint[:8]}"
    edition = Edition(
        edition_id=edition_id,
        as_of=inputs.as_of.astimezone(UTC),
        issued_at=issued,
        code_version=code_version,
        inputs_fingerprint=inputs.fingerprint,
        input_submissions=inputs.submissions,
        newest_period=_newest_period(home, inputs.as_of),
        path=home.editions / f"{edition_id}.duckdb",
    )
    building = home.editions / ".building"
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir()
    _build_database(home, edition, building / "edition.duckdb")
    _export_parquet(edition, building / "edition.duckdb", building / "tables")
    _put_in_place(edition, building)
    current = current_edition(home)
    if current is None or edition.as_of >= current.as_of:
        make_current(home, edition)
        record_issued_figures(home)
    return edition


def current_edition(home: WarehouseHome) -> Edition | None:
    """Read which edition is the current one; None before the first."""
    if not home.current.exists():
        return None
    with open_read_only(home.current) as connection:
        found = connection.execute(
            "select edition_id, as_of, built_at, code_version, inputs_fingerprint, input_submissions, newest_period"
            " from meta.edition"
        ).fetchone()
    if found is None:
        raise ValueError(f"{home.current} has an empty meta.edition")
    edition_id, as_of, issued_at, version, fingerprint, submissions, newest_period = found
    return Edition(
        edition_id=edition_id,
        as_of=as_of,
        issued_at=issued_at,
        code_version=version,
        inputs_fingerprint=fingerprint,
        input_submissions=submissions,
        newest_period=newest_period,
        path=home.editions / f"{edition_id}.duckdb",
    )


def find_edition(home: WarehouseHome, inputs: EditionInputs, *, is_as_of_given: bool) -> Edition | None:
    """Find the edition that already holds what a refresh would make.

    Args:
        home: the warehouse.
        inputs: what the refresh would build from.
        is_as_of_given: somebody asked for that very day, so an edition of the same day is wanted; otherwise the
            current edition will do when its inputs are the same.
    """
    if not is_as_of_given:
        current = current_edition(home)
        return current if current and current.inputs_fingerprint == inputs.fingerprint else None
    for manifest in sorted(home.editions.glob(f"*/{MANIFEST}"), reverse=True):
        stored = json.loads(manifest.read_text(encoding="utf-8"))
        path = manifest.parent.with_suffix(".duckdb")
        as_of = datetime.fromisoformat(stored["as_of"])
        if stored["inputs_fingerprint"] == inputs.fingerprint and as_of == inputs.as_of and path.exists():
            return Edition(
                edition_id=stored["edition_id"],
                as_of=as_of,
                issued_at=datetime.fromisoformat(stored["issued_at"]),
                code_version=stored["code_version"],
                inputs_fingerprint=stored["inputs_fingerprint"],
                input_submissions=stored["input_submissions"],
                newest_period=stored["newest_period"],
                path=path,
            )
    return None


def edition_file(home: WarehouseHome, edition_id: str | None) -> Path:
    """Give where an edition's DuckDB file lies; that of the current edition when none is named."""
    return home.current if edition_id is None else home.editions / f"{Path(edition_id).name}.duckdb"


def make_current(home: WarehouseHome, edition: Edition) -> None:
    """Let ``current.duckdb`` be an edition: a hard link under another name, then one rename."""
    switch = home.current.with_name(f".{home.current.name}.{edition.edition_id}")
    switch.unlink(missing_ok=True)
    try:
        os.link(edition.path, switch)
    except OSError:
        # a file system without hard links
        shutil.copyfile(edition.path, switch)
        switch.chmod(READ_ONLY)
    switch.replace(home.current)


def record_issued_figures(home: WarehouseHome) -> int:
    """Write the half-year figures of the current edition to the ledger ``raw.issued_figures``, once.

    Safe to run again: it also finishes a publication that was cut off after the switch.

    Returns:
        Number of figures written; 0 when they stand there already or nothing has been published.
    """
    edition = current_edition(home)
    if edition is None:
        return 0
    with open_warehouse(home) as connection:
        connection.execute(f"attach '{_quoted(home.current)}' as edition (read_only)")
        counted = connection.execute(
            """
            insert into raw.issued_figures (edition_id, issued_at, unit_key, period_code, indicator_code, value)
            select $edition_id, $issued_at, unit_key, period_code, indicator_code, value
            from edition.reviews.halfyear_review
            where not exists (from raw.issued_figures where edition_id = $edition_id)
            """,
            {"edition_id": edition.edition_id, "issued_at": edition.issued_at},
        ).fetchone()
    return int(counted[0]) if counted else 0


def _newest_period(home: WarehouseHome, as_of: datetime) -> str | None:
    with open_read_only(home.warehouse) as connection:
        withdrawn = [submission_id for submission_id, _, _ in withdrawn_by(connection, as_of)]
        found = connection.execute(
            "select max(period_code) from raw.submissions where verdict <> 'rejected' and received_at <= ?"
            " and regexp_full_match(period_code, ?) and not list_contains(?, submission_id)",
            [as_of, HALF_YEAR_PATTERN, withdrawn],
        ).fetchone()
    return found[0] if found else None


def _build_database(home: WarehouseHome, edition: Edition, path: Path) -> None:
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        connection.execute(f"set memory_limit = '{os.environ.get('WAREHOUSE_MEMORY', '6GB')}'")
        # what does not fit into memory is written beside the edition that is being built
        connection.execute(f"set temp_directory = '{_quoted(path.with_suffix('.spill'))}'")
        # the working database keeps its own catalog name: its views and macros may carry it
        source = home.warehouse.stem
        connection.execute(f"attach '{_quoted(home.warehouse)}' as \"{source}\" (read_only)")
        tables = _view_published(connection, source, edition)
        masked = _guard(connection, source, home)
        connection.execute(f"attach '{_quoted(path)}' as edition")
        _write_tables(connection, source, (*tables, SUBMISSIONS), masked)
        _write_meta(connection, edition, tables, masked, home)
        _comment(connection)
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
            f' select {_all_columns(replaced)} from "{source}"."{schema}"."{table}"'
        )
    connection.execute(
        f"""
        create view memory.meta.submissions as
        select
            submission_id, file_name, file_format, sha256, size_bytes, received_at, ingested_at,
            unit_key, unit_decided_by, period_code, period_decided_by, verdict, reason_code, reason_vi,
            coalesce((
                select arg_max(is_withdrawn, decided_at) from "{source}".raw.withdrawals as decisions
                where decisions.submission_id = submissions.submission_id
                and decided_at <= '{edition.as_of.isoformat()}'::timestamptz
            ), false) as is_withdrawn
        from "{source}".raw.submissions as submissions
        where received_at <= '{edition.as_of.isoformat()}'::timestamptz
        """
    )
    return tuple((schema, table) for schema, table in tables)


def _guard(
    connection: duckdb.DuckDBPyConnection, source: str, home: WarehouseHome
) -> tuple[PersonalTexts, ...]:
    columns = _columns(connection, "memory")
    forbid_personal_columns(columns, load_contracts())
    described = free_text_columns(_dictionary(home))
    free_text = {column for column in columns if column in described}
    collect_personal_values(connection, source)
    return find_personal_texts(connection, "memory", (*PUBLISHED_SCHEMAS, "meta"), free_text)


def _write_tables(
    connection: duckdb.DuckDBPyConnection,
    source: str,
    tables: Collection[tuple[str, str]],
    masked: Collection[PersonalTexts],
) -> None:
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
        connection.execute(
            f'insert into edition."{schema}"."{table}" select {_all_columns(maskings)}'
            f' from memory."{schema}"."{table}"{f" order by {order}" if order else ""}'
        )


def _all_columns(replaced: Collection[str]) -> str:
    return f"* replace ({', '.join(replaced)})" if replaced else "*"


def _dictionary(home: WarehouseHome) -> tuple[PublishedTable, ...]:
    return read_published_tables(home.dbt / "target" / "manifest.json", frozenset(PUBLISHED_SCHEMAS))


def _columns(connection: duckdb.DuckDBPyConnection, catalog: str) -> list[tuple[str, str, str]]:
    return connection.execute(
        "select schema_name, table_name, column_name from duckdb_columns()"
        " where database_name = ? and list_contains(?, schema_name) and not internal order by all",
        [catalog, [*PUBLISHED_SCHEMAS, "meta"]],
    ).fetchall()


def _write_meta(
    connection: duckdb.DuckDBPyConnection,
    edition: Edition,
    tables: tuple[tuple[str, str], ...],
    masked: Collection[PersonalTexts],
    home: WarehouseHome,
) -> None:
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
            "built_at": edition.issued_at,
            "code_version": edition.code_version,
            "inputs_fingerprint": edition.inputs_fingerprint,
            "input_submissions": edition.input_submissions,
            "newest_period": edition.newest_period,
        },
    )
    connection.execute(
        "create table edition.meta.data_dictionary"
        " (schema_name varchar, table_name varchar, column_name varchar, data_type varchar,"
        " description varchar, label_vi varchar)"
    )
    connection.execute(
        "create temp table described"
        " (schema_name varchar, table_name varchar, column_name varchar, description varchar, label_vi varchar)"
    )
    connection.executemany(
        "insert into described values (?, ?, ?, ?, ?)",
        [
            (table.schema_name, table.name, name, description, label_vi)
            for table in _dictionary(home)
            for name, description, label_vi in (
                ("", table.description, table.label_vi),
                *((column.name, column.description, column.label_vi) for column in table.columns),
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
            select schema_name, table_name, column_name, data_type, column_index
            from duckdb_columns()
            where database_name = 'edition' and not internal
        )

        select schema_name, table_name, nullif(column_name, ''), data_type, description, label_vi
        from things
        left join described using (schema_name, table_name, column_name)
        order by schema_name, table_name, column_index
        """
    )


def _comment(connection: duckdb.DuckDBPyConnection) -> None:
    described = connection.execute(
        "select schema_name, table_name, column_name, description from edition.meta.data_dictionary"
        " where description <> ''"
    ).fetchall()
    for schema, table, column, description in described:
        thing = f'table edition."{schema}"."{table}"'
        if column:
            thing = f'column edition."{schema}"."{table}"."{column}"'
        connection.execute(f"comment on {thing} is '{description.replace(chr(39), chr(39) * 2)}'")


def _table_macros(connection: duckdb.DuckDBPyConnection, source: str) -> list[str]:
    macros = connection.execute(
        """
        select schema_name, function_name, array_to_string(parameters, ', '), macro_definition
        from duckdb_functions()
        where database_name = ? and function_type = 'table_macro' and list_contains(?, schema_name)
        order by all
        """,
        [source, list(PUBLISHED_SCHEMAS)],
    ).fetchall()
    statements = []
    for schema, name, parameters, definition in macros:
        # in an edition the tables have no other catalog than the edition itself
        local = definition.replace(f'"{source}".', "").replace(f"{source}.", "")
        statements.append(f'create macro "{schema}"."{name}"({parameters}) as table {local}')
    return statements


def _export_parquet(edition: Edition, database: Path, folder: Path) -> None:
    folder.mkdir()
    files = []
    with open_read_only(database) as connection:
        tables = connection.execute(
            "select schema_name, table_name from duckdb_tables() where not internal order by all"
        ).fetchall()
        for schema, table in tables:
            (folder / schema).mkdir(exist_ok=True)
            path = folder / schema / f"{table}.parquet"
            counted = connection.execute(
                f'copy "{schema}"."{table}" to \'{_quoted(path)}\' ({PARQUET})'
            ).fetchone()
            files.append(
                {
                    "table": f"{schema}.{table}",
                    "file": path.relative_to(folder).as_posix(),
                    "rows": int(counted[0]) if counted else 0,
                    "sha256": _sha256(path),
                }
            )
    manifest = {
        "edition_id": edition.edition_id,
        "as_of": edition.as_of.isoformat(),
        "issued_at": edition.issued_at.isoformat(),
        "code_version": edition.code_version,
        "inputs_fingerprint": edition.inputs_fingerprint,
        "input_submissions": edition.input_submissions,
        "newest_period": edition.newest_period,
        "database": {"file": edition.path.name, "sha256": _sha256(database)},
        "tables": files,
    }
    (folder / MANIFEST).write_text(
        json.dumps(manifest, ensure_ascii=False, indent=2) + "\n", encoding="utf-8"
    )


def _put_in_place(edition: Edition, building: Path) -> None:
    for path in building.rglob("*"):
        if path.is_file():
            path.chmod(READ_ONLY)
    shutil.rmtree(edition.folder, ignore_errors=True)
    (building / "tables").replace(edition.folder)
    (building / "edition.duckdb").replace(edition.path)
    shutil.rmtree(building)


def _sha256(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
