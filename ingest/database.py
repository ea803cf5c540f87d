"""The one place that opens the working database; it makes the tables of ``raw`` that are missing."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb

from ingest.contracts import Contracts, load_contracts
from ingest.home import WarehouseHome
from ingest.pseudonym_key import settle_key
from ingest.raw_tables import ADDRESS_COLUMNS, TABLE_COLUMNS

_IN_UTC = "set timezone = 'UTC'"


class WarehouseBusyError(RuntimeError):
    """Another process is writing the working database; waiting helps."""

    def __init__(self, warehouse: Path) -> None:
        super().__init__(
            f"Kho số liệu {warehouse} đang được một lần chạy khác ghi. Hãy đợi lần chạy đó xong rồi chạy lại."
        )


@contextmanager
def open_warehouse(
    home: WarehouseHome, contracts: Contracts | None = None, path: Path | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the working database for writing, with its ``raw`` tables made.

    Args:
        home: where the database lies.
        contracts: the forms to have tables for; those of the project when not given.
        path: another file than ``home.warehouse``, for a database that is being made beside it.

    Raises:
        WarehouseBusyError: another process is writing the database.
        OtherJournalError: the archive beside it is another warehouse's.
        DamagedEntryError: the database is new and an entry of the journal cannot be read.
    """
    home.root.mkdir(parents=True, exist_ok=True)
    try:
        connection = duckdb.connect(str(path or home.warehouse))
    except duckdb.IOException as error:
        if "lock" in str(error):
            raise WarehouseBusyError(home.warehouse) from error
        raise
    try:
        connection.execute(_IN_UTC)
        _make_raw_tables(connection, contracts or load_contracts())
        settle_key(connection, home)
        yield connection
    finally:
        connection.close()


@contextmanager
def open_read_only(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a DuckDB file that nobody writes, for reading only."""
    connection = duckdb.connect(str(path), read_only=True)
    try:
        connection.execute(_IN_UTC)
        yield connection
    finally:
        connection.close()


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
