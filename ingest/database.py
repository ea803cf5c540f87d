"""The one place that opens the working database.

It also holds the shape of the ``raw`` schema: the tables that every form shares are listed here, a table a form comes
from the contracts. ``raw`` is append-only; nothing in the project updates or deletes a row of it.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
from tenacity import Retrying, retry_if_exception_type, stop_after_delay, wait_random

from ingest.contracts import Contracts, load_contracts
from ingest.home import WarehouseHome
from ingest.pseudonym_key import settle_key
from ingest.troubles import WarehouseBusyError, telling_troubles

ADDRESS_COLUMNS = (
    ("submission_id", "varchar", "Submission that the row came with."),
    ("sheet_number", "integer", "Sheet in the file, from 1."),
    ("table_number", "integer", "Table on the sheet, from 1."),
    ("row_number", "bigint", "Row in the sheet, from 1, as the spreadsheet program shows it."),
    ("cell_types", "varchar", "One letter a field: t text, n number, d date, b bool, e error, . empty."),
    ("money_scale", "bigint", "What a money cell of this table is multiplied by to give VND."),
)


_IN_UTC = "set timezone = 'UTC'"


@dataclass(frozen=True, slots=True)
class RawTable:
    """One table of ``raw`` that is not a form's: name, columns with types, what it holds."""

    name: str
    columns: tuple[tuple[str, str], ...]
    description: str


TABLE_COLUMNS = (
    RawTable(
        "receipts",
        (
            ("relative_path", "varchar"),
            ("sha256", "varchar"),
            ("size_bytes", "bigint"),
            ("received_at", "timestamptz"),
            ("ingested_at", "timestamptz"),
            ("load_id", "varchar"),
            ("verdict", "varchar"),
            ("reason_code", "varchar"),
            ("reason_vi", "varchar"),
            ("submission_id", "varchar"),
        ),
        "One row per arrival of a file, duplicates and containers included.",
    ),
    RawTable(
        "submissions",
        (
            ("submission_id", "varchar primary key"),
            ("submission_order", "bigint"),
            ("relative_path", "varchar"),
            ("container_path", "varchar"),
            ("file_name", "varchar"),
            ("file_format", "varchar"),
            ("sha256", "varchar"),
            ("size_bytes", "bigint"),
            ("received_at", "timestamptz"),
            ("ingested_at", "timestamptz"),
            ("load_id", "varchar"),
            ("unit_key", "varchar"),
            ("unit_decided_by", "varchar"),
            ("period_code", "varchar"),
            ("period_decided_by", "varchar"),
            ("verdict", "varchar"),
            ("reason_code", "varchar"),
            ("reason_vi", "varchar"),
        ),
        "One row per distinct content sent in for a unit and period.",
    ),
    RawTable(
        "sheets",
        (
            ("submission_id", "varchar"),
            ("sheet_number", "integer"),
            ("sheet_name", "varchar"),
            ("rows_seen", "bigint"),
            ("verdict", "varchar"),
            ("reason_code", "varchar"),
            ("reason_vi", "varchar"),
        ),
        "One row per sheet of a submission.",
    ),
    RawTable(
        "sheet_tables",
        (
            ("submission_id", "varchar"),
            ("sheet_number", "integer"),
            ("table_number", "integer"),
            ("form_name", "varchar"),
            ("form_decided_by", "varchar"),
            ("header_first_row", "bigint"),
            ("header_last_row", "bigint"),
            ("last_row", "bigint"),
            ("money_scale", "bigint"),
            ("money_scale_decided_by", "varchar"),
            ("money_unit_unclear", "varchar"),
            ("verdict", "varchar"),
            ("reason_code", "varchar"),
            ("reason_vi", "varchar"),
            ("columns", "json"),
            ("extra_columns", "json"),
        ),
        "One row per table found on a sheet.",
    ),
    RawTable(
        "structure_rows",
        (
            ("submission_id", "varchar"),
            ("sheet_number", "integer"),
            ("table_number", "integer"),
            ("first_row", "bigint"),
            ("last_row", "bigint"),
            ("kind", "varchar"),
            ("cells", "json"),
        ),
        "One row per run of rows recognised as structure: title, header, total, signature, blank and so on.",
    ),
    RawTable(
        "control_totals",
        (
            ("submission_id", "varchar"),
            ("sheet_number", "integer"),
            ("table_number", "integer"),
            ("form_name", "varchar"),
            ("row_number", "bigint"),
            ("kind", "varchar"),
            ("first_row", "bigint"),
            ("last_row", "bigint"),
            ("field_name", "varchar"),
            ("value", "varchar"),
            ("cell_type", "varchar"),
            ("money_scale", "bigint"),
            ("first_sheet_number", "integer"),
        ),
        "One row per figure of a total or sub-total row, with the rows that it sums.",
    ),
    RawTable(
        "unplaced_rows",
        (
            ("submission_id", "varchar"),
            ("sheet_number", "integer"),
            ("row_number", "bigint"),
            ("reason_code", "varchar"),
            ("reason_vi", "varchar"),
            ("cells", "json"),
        ),
        "One row per row of a refused sheet or table, and per line of a log that cannot be read.",
    ),
    RawTable(
        "withdrawals",
        (
            ("submission_id", "varchar"),
            ("is_withdrawn", "boolean"),
            ("decided_at", "timestamptz"),
            ("decided_by", "varchar"),
            ("why", "varchar"),
        ),
        "One row per decision to withdraw a submission, or to take it back into the count; the newest one holds.",
    ),
    RawTable(
        "pseudonym_key",
        (("secret", "varchar"),),
        "One row: the secret under which members are pseudonymised.",
    ),
    RawTable(
        "issued_figures",
        (
            ("edition_id", "varchar"),
            ("issued_at", "timestamptz"),
            ("unit_key", "varchar"),
            ("period_code", "varchar"),
            ("indicator_code", "varchar"),
            ("value", "decimal(20, 3)"),
            ("as_of", "timestamptz"),
        ),
        "One row per figure of a half-year review as an edition issued it.",
    ),
    RawTable(
        "refresh_decisions",
        (
            ("edition_id", "varchar"),
            ("is_approved", "boolean"),
            ("as_of", "timestamptz"),
            ("decided_at", "timestamptz"),
            ("decided_by", "varchar"),
            ("note", "varchar"),
        ),
        "One row per time that a person approved or refused the edition that a refresh had prepared.",
    ),
    RawTable(
        "journal_entries",
        (
            ("number", "bigint primary key"),
            ("kind", "varchar"),
            ("subject", "varchar"),
            ("sha256", "varchar"),
            ("applied_at", "timestamptz"),
        ),
        "One row per entry of the journal that this database has taken over: its load, submission or edition as"
        " subject.",
    ),
)


# A reader of ours is done within a second or two; whoever wants to write waits that long, and a reader as long as a
# transaction of a load takes. What holds the database for longer is told to the person.
PATIENCE_SECONDS = 10.0


@contextmanager
def open_warehouse(
    home: WarehouseHome,
    contracts: Contracts | None = None,
    path: Path | None = None,
    patience_seconds: float | None = None,
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the working database for writing, with its ``raw`` tables made.

    Args:
        home: where the database lies.
        contracts: the forms to have tables for; those of the project when not given.
        path: another file than ``home.warehouse``, for a database that is being made beside it.
        patience_seconds: how long to try while another process has it open; ``PATIENCE_SECONDS`` when not given.

    Raises:
        WarehouseTroubleError: another process has the database open, it is damaged, the disk is full or read-only; also
            when that happens while it is open.
        OtherJournalError: the archive beside it is another warehouse's.
        DamagedEntryError: the database is new and an entry of the journal cannot be read.
    """
    with telling_troubles(path or home.warehouse):
        home.root.mkdir(parents=True, exist_ok=True)
        connection = _connect(path or home.warehouse, patience_seconds, read_only=False)
        try:
            connection.execute(_IN_UTC)
            _make_raw_tables(connection, contracts or load_contracts())
            settle_key(connection, home)
            yield connection
        finally:
            connection.close()


@contextmanager
def open_read_only(path: Path, patience_seconds: float | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a DuckDB file for reading only.

    Args:
        path: the working database, or an edition.
        patience_seconds: how long to try while another process writes it; ``PATIENCE_SECONDS`` when not given.

    Raises:
        WarehouseTroubleError: another process is writing it, or it is damaged; also when that is seen while reading.
    """
    with telling_troubles(path):
        connection = _connect(path, patience_seconds, read_only=True)
        try:
            connection.execute(_IN_UTC)
            yield connection
        finally:
            connection.close()


def _connect(path: Path, patience_seconds: float | None, *, read_only: bool) -> duckdb.DuckDBPyConnection:
    """Open a file; tries again for a while when another process has it open."""
    attempts = Retrying(
        retry=retry_if_exception_type(WarehouseBusyError),
        stop=stop_after_delay(PATIENCE_SECONDS if patience_seconds is None else patience_seconds),
        wait=wait_random(0.05, 0.25),
        reraise=True,
    )
    return attempts(telling_troubles(path)(duckdb.connect), str(path), read_only=read_only)


@contextmanager
def rows_in_any_order(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Insert rows without keeping their order, with all cores: each of them carries its address."""
    connection.execute("set preserve_insertion_order = false")
    try:
        yield
    finally:
        connection.execute("reset preserve_insertion_order")


def _make_raw_tables(connection: duckdb.DuckDBPyConnection, contracts: Contracts) -> None:
    connection.execute("create schema if not exists raw")
    for table in TABLE_COLUMNS:
        columns = ", ".join(f'"{name}" {kind}' for name, kind in table.columns)
        connection.execute(f"create table if not exists raw.{table.name} ({columns})")
        _add_missing_columns(connection, table.name, table.columns)
    for form in contracts.forms:
        columns = ", ".join(
            [f"{name} {kind}" for name, kind, _ in ADDRESS_COLUMNS]
            + [f'"{field}" varchar' for field in form.field_names]
            + ["extra_cells json"]
        )
        connection.execute(f"create table if not exists raw.{form.name} ({columns})")
        _add_missing_columns(connection, form.name, [(name, "varchar") for name in form.field_names])


def _add_missing_columns(
    connection: duckdb.DuckDBPyConnection, table: str, columns: Sequence[tuple[str, str]]
) -> None:
    """Give a table of an older warehouse the columns that were declared since; its old rows have none in them."""
    existing = {row[0] for row in connection.execute(f"describe raw.{table}").fetchall()}
    for name, kind in columns:
        if name not in existing:
            connection.execute(f'alter table raw.{table} add column "{name}" {kind}')
