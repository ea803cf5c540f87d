"""The working database made anew, from the archive and its journal alone.

The old one stays in service until the new one is complete, and is then set aside, never deleted: a way back, and what the
new one is compared with. What somebody loads in the meantime has to wait; what is cut off leaves the old database.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import duckdb
from pydantic import BaseModel, ConfigDict

from ingest.contracts.forms import Contracts, load_contracts
from ingest.database import open_warehouse
from ingest.durable import put_in_place, sync_folder
from ingest.home import WarehouseHome
from ingest.keeping.journal import last_number
from ingest.keeping.restoration_note import refuse_unfinished_restoration
from ingest.loading.adoption import adopt
from ingest.loading.load import DATABASE_MEMORY, Progress, replay_journal
from ingest.troubles import DamagedFileError, WarehouseTroubleError

_NOT_COMPARED = frozenset({"journal_entries"})


class NothingArchivedError(WarehouseTroubleError):
    """There is neither a journal nor a database that one could be written from."""

    def __init__(self, home: WarehouseHome) -> None:
        super().__init__(f"Chưa có gì để dựng lại: {home.journal} không có mục nào.")


class Difference(BaseModel):
    """A table of ``raw`` that has another number of rows than before; the numbers."""

    model_config = ConfigDict(frozen=True)

    table_name: str
    rows_before: int
    rows_now: int


class RebuildReport(BaseModel):
    """What a rebuild did.

    Attributes:
        entries: of the journal; ``loads`` of them are of files.
        set_aside: where the old database lies now; None when there was none.
        was_readable: the old database could be opened, so that nothing of it that was in no journal is lost.
        damaged_files: paths of files of which the archive does not hold the bytes that arrived.
        differences: tables that have not as many rows as in the old database.
    """

    model_config = ConfigDict(frozen=True)

    entries: int
    loads: int
    set_aside: Path | None
    was_readable: bool
    damaged_files: tuple[str, ...]
    differences: tuple[Difference, ...]


def rebuild(
    home: WarehouseHome,
    now: datetime,
    contracts: Contracts | None = None,
    progress: Progress | None = None,
) -> RebuildReport:
    """Make the working database from archive and journal, with the original times, order and keys.

    Args:
        home: the warehouse; its inbox is not looked at.
        now: the moment, with time zone; names the database that is set aside.
        contracts: the forms that are known; those of the project when not given.
        progress: called with entries of the journal done and entries that there are.

    Raises:
        WarehouseTroubleError: another process has the working database open, the disk is full, or a backup is only
            partly restored.
        NothingArchivedError: there is nothing to make it from.
        JournalError: the journal or the ledger is damaged, or lacks what the old database has.
    """
    refuse_unfinished_restoration(home)
    contracts = contracts or load_contracts()
    building = home.warehouse.with_name(f"{home.warehouse.stem}.rebuilding.duckdb")
    for leftover in (building, _log_of(building)):
        leftover.unlink(missing_ok=True)
    with _old_database(home, contracts) as old:
        if not last_number(home.journal):
            raise NothingArchivedError(home)
        with open_warehouse(home, contracts, building) as new:
            new.execute(f"set memory_limit = '{DATABASE_MEMORY}'")
            loads = replay_journal(home, new, contracts, progress)
            damaged = new.execute(
                "select relative_path from raw.submissions where reason_code = 'archive_damaged' order by 1"
            ).fetchall()
            differences = _compare(old, new) if old is not None else ()
        if old is not None:
            old.execute("checkpoint")  # closing it must not touch what has its name by then
        set_aside = _swap(home, building, now)
    return RebuildReport(
        entries=last_number(home.journal),
        loads=loads,
        set_aside=set_aside,
        was_readable=old is not None,
        damaged_files=tuple(str(row[0]) for row in damaged),
        differences=differences,
    )


@contextmanager
def _old_database(home: WarehouseHome, contracts: Contracts) -> Iterator[duckdb.DuckDBPyConnection | None]:
    """Hold the old database, so that nobody else writes it, with all that it has in the journal; None if it is broken."""
    if not home.warehouse.exists():
        yield None
        return
    opened = open_warehouse(home, contracts)
    try:
        old = opened.__enter__()
    except (DamagedFileError, duckdb.Error):
        yield None
        return
    try:
        adopt(old, home)
        yield old
    finally:
        opened.__exit__(None, None, None)


def _compare(old: duckdb.DuckDBPyConnection, new: duckdb.DuckDBPyConnection) -> tuple[Difference, ...]:
    before, now = _row_counts(old), _row_counts(new)
    return tuple(
        Difference(table_name=name, rows_before=before.get(name, 0), rows_now=count)
        for name, count in now.items()
        if name not in _NOT_COMPARED and before.get(name, 0) != count
    )


def _row_counts(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    names = connection.execute(
        "select table_name from duckdb_tables() where schema_name = 'raw' order by 1"
    ).fetchall()
    counted = {}
    for (name,) in names:
        row = connection.execute(f'select count(*) from raw."{name}"').fetchone()
        counted[str(name)] = int(row[0]) if row else 0
    return counted


def _swap(home: WarehouseHome, building: Path, now: datetime) -> Path | None:
    """Set the old database aside and give the new one its name; whoever comes in between makes it from the journal."""
    set_aside = None
    if home.warehouse.exists():
        set_aside = home.warehouse.with_name(f"{home.warehouse.stem}.{now:%Y%m%dT%H%M%S}.duckdb")
        home.warehouse.replace(set_aside)
        if _log_of(home.warehouse).exists():
            _log_of(home.warehouse).replace(_log_of(set_aside))
        sync_folder(home.root)
    put_in_place(building, home.warehouse)
    return set_aside


def _log_of(database: Path) -> Path:
    """Give where DuckDB writes what is not in the database file yet."""
    return database.with_name(f"{database.name}.wal")
