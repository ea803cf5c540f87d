"""The one place that opens the working database; it makes the tables of ``raw`` that are missing."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb
from tenacity import Retrying, retry_if_exception_type, stop_after_delay, wait_random

from ingest.contracts.forms import Contracts, load_contracts
from ingest.contracts.raw_schema import ADDRESS_COLUMNS, TABLE_COLUMNS
from ingest.home import OWNER_FILE, OWNER_FOLDER, WarehouseHome
from ingest.keeping.pseudonym_key import settle_key
from ingest.keeping.restoration_note import refuse_unfinished_restoration
from ingest.troubles import WarehouseBusyError, telling_troubles

_IN_UTC = "set timezone = 'UTC'"


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
            when that happens while it is open, or where a backup is only partly restored.
        OtherJournalError: the archive beside it is another warehouse's.
        DamagedEntryError: the database is new and an entry of the journal cannot be read.
    """
    with telling_troubles(path or home.warehouse):
        opened = path or home.warehouse
        refuse_unfinished_restoration(home)
        home.root.mkdir(mode=OWNER_FOLDER, parents=True, exist_ok=True)
        is_new = not opened.exists()
        if is_new:
            home.keep_to_owner()
        connection = _connect(opened, patience_seconds, read_only=False)
        try:
            if is_new:
                opened.chmod(OWNER_FILE)
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
