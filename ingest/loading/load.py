"""From the inbox into ``raw``: what is new is archived and journalled, read in parallel, and written by one process.

Loading is keyed by content: a file seen before is not read again, the same content under another name is a duplicate.
Every arrival gets a receipt with its verdict. Only the journal is taken over into the database, an entry a transaction:
what a load that dies has written in it, and not taken over, the next load takes over first.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

import duckdb
from pydantic import BaseModel, ConfigDict

from ingest.contracts.forms import Contracts, load_contracts
from ingest.contracts.verdicts import OUT_OF_REACH
from ingest.database import open_warehouse
from ingest.home import WarehouseHome
from ingest.inbox.arrivals import Load, file_of, files_in_inbox, take_in
from ingest.inbox.listing import InboxFile, look_into_inbox, not_received
from ingest.inbox.mending import mend_archive, refused_contents
from ingest.inbox.settling import TAKE_ALL, Settling
from ingest.keeping.archive import remove_leftovers
from ingest.keeping.journal import LoadEntry, last_number, remove_unnamed
from ingest.keeping.projection import missing_loads
from ingest.loading.adoption import adopt
from ingest.loading.readers.pool import ReaderPool, remove_old_spools
from ingest.loading.takeover import Batch, Takeover
from ingest.loading.tally import RefusedFile, Tally
from ingest.reading.file_reader import LogFinder
from ingest.troubles import telling_troubles

BATCH_FILES = 128
READERS = os.cpu_count() or 2
DATABASE_MEMORY = (
    "320MiB"  # what the database may keep in memory while loading; by itself it would take most of it
)

_MOST_TOGETHER = 16
_NOBODY_WRITES_SO_LONG = timedelta(hours=1)

Progress = Callable[[int, int], None]
Entries = Sequence[tuple[int, LoadEntry]]


class LoadReport(BaseModel):
    """What one load did.

    Attributes:
        files_seen: files in the inbox; ``files_ignored`` more were nobody's (lock files, hidden files).
        files_waiting: those of them that may still be changing and were left for the next load; ``waiting`` names them.
        files_new: those that had not been seen before.
        entries_replayed: loads, or parts of them, that were in the journal and not in the database: of a load that was cut
            off. Their files are counted with the others below.
        verdicts: verdict to number of files; members of a zip count as files of their own.
        returns: unit and half-year, as ``U24565|2023H1``, of each return that was accepted, wholly or in part.
    """

    model_config = ConfigDict(frozen=True)

    load_id: str
    files_seen: int
    files_ignored: int
    files_new: int
    files_waiting: int = 0
    entries_replayed: int = 0
    verdicts: dict[str, int] = {}
    rows_seen: int = 0
    rows_loaded: int = 0
    rows_unplaced: int = 0
    rows_structure: int = 0
    refused: tuple[RefusedFile, ...] = ()
    waiting: tuple[str, ...] = ()
    returns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Intake:
    """How a load takes what lies in the inbox.

    Attributes:
        settling: how long a file must have been at rest to be taken; what may still be changing waits.
        is_backfill: the files are old ones that were known since their own date, as those of a first load are.
    """

    settling: Settling = TAKE_ALL
    is_backfill: bool = False


WHATEVER_LIES_THERE = Intake()


@telling_troubles()
def load_inbox(
    home: WarehouseHome,
    now: datetime,
    contracts: Contracts | None = None,
    progress: Progress | None = None,
    intake: Intake = WHATEVER_LIES_THERE,
) -> LoadReport:
    """Load what is new in the inbox.

    What the files of a warehouse's first load say was known since their own date; that of a later one since the load,
    whatever date a file bears, so that what was issued in between can be made again.

    Args:
        home: the warehouse.
        now: the moment of the load, with time zone.
        contracts: the forms that are known; those of the project when not given.
        progress: called with files done and files to do, after each batch.
        intake: how what lies there is taken.

    Raises:
        WarehouseTroubleError: another process has the working database open, it is damaged, or the disk is full.
        JournalError: the journal or the ledger beside it is damaged, behind, or another warehouse's.
        OSError, duckdb.Error: the disk is full or the database file cannot be written; what was archived and
            journalled is taken over by the next load.
    """
    home.prepare()
    contracts = contracts or load_contracts()
    inbox = look_into_inbox(home.inbox, now, intake.settling)
    files = inbox.files
    with open_warehouse(home, contracts) as connection:
        connection.execute(f"set memory_limit = '{DATABASE_MEMORY}'")
        remove_leftovers(home.archive)
        remove_unnamed(home.journal, now - _NOBODY_WRITES_SO_LONG)
        remove_old_spools(home.root)
        load_id = f"{now:%Y%m%dT%H%M%S%f}"
        with ReaderPool(contracts, READERS, home.root) as readers:
            load = _Load(connection, home, contracts, readers)
            load.catch_up()
            is_first = connection.execute("select 1 from raw.receipts limit 1").fetchone() is None
            new = _not_seen_before(connection, files, now)
            new += mend_archive(connection, home, files, now)
            batch_of = Load(
                load_id,
                now,
                refused_contents(connection),
                known_since="file" if is_first or intake.is_backfill else "load",
            )
            batches = (take_in(some, home, load.log_finder, batch_of) for some in _batches(new, BATCH_FILES))
            files_done = 0
            for taken in load.take_all(batches):
                files_done += files_in_inbox(entry for _, entry in taken)
                if progress:
                    progress(files_done, len(new))
    waiting = (*inbox.waiting, *batch_of.waiting)
    return LoadReport(
        load_id=load_id,
        files_seen=len(files) + len(inbox.waiting),
        files_ignored=inbox.ignored,
        files_waiting=len(waiting),
        waiting=waiting,
        files_new=len(new),
        entries_replayed=load.entries_replayed,
        verdicts=dict(load.tally.verdicts),
        refused=tuple(load.tally.refused),
        returns=tuple(sorted(load.tally.returns)),
        **load.tally.row_counts,
    )


def replay_journal(
    home: WarehouseHome,
    connection: duckdb.DuckDBPyConnection,
    contracts: Contracts,
    progress: Progress | None = None,
) -> int:
    """Take over all that the journal has and the database does not, with the original times and order.

    Args:
        home: the warehouse.
        connection: of its database, as ``open_warehouse`` gives it.
        contracts: the forms that are known.
        progress: called with entries of the journal done and entries that there are.

    Returns:
        Number of loads that were taken over.

    Raises:
        JournalError: the journal or the ledger beside it is damaged, behind, or another warehouse's.
    """
    with ReaderPool(contracts, READERS, home.root) as readers:
        load = _Load(connection, home, contracts, readers)
        load.catch_up(progress)
    return load.entries_replayed


class _Load:
    """One load while it runs."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        home: WarehouseHome,
        contracts: Contracts,
        readers: ReaderPool,
    ) -> None:
        self._connection = connection
        self._home = home
        self._readers = readers
        self.log_finder = LogFinder(contracts)
        self._takeover = Takeover(connection, home, contracts.forms, readers.spool)
        self.entries_replayed = 0

    @property
    def tally(self) -> Tally:
        """What became of the files so far."""
        return self._takeover.tally

    def catch_up(self, progress: Progress | None = None) -> None:
        """Take over what the journal has and the database does not: all of it after a load that was cut off."""
        adopt(self._connection, self._home)
        total = last_number(self._home.journal)
        groups = _groups(missing_loads(self._connection, self._home))
        for taken in self.take_all(groups, is_checked=True):
            self.entries_replayed += len(taken)
            if progress:
                progress(taken[-1][0], total)
        if progress:
            progress(total, total)

    def take_all(self, groups: Iterable[Entries], *, is_checked: bool = False) -> Iterator[Entries]:
        """Take over groups of entries one after the other; the next one is being read while one is written.

        Gives each group when it is in the database. Checked are archived bytes that were not put there just now.
        """
        under_way: list[Batch] = []
        for group in groups:
            begun = [self._begin(number, entry, is_checked) for number, entry in group]
            if under_way:
                yield self._finish(under_way)
            under_way = begun
        if under_way:
            yield self._finish(under_way)

    def _begin(self, number: int, entry: LoadEntry, is_checked: bool) -> Batch:
        """Begin to read the files of an entry."""
        archived = [file_of(receipt, self._home, is_checked=is_checked) for receipt in entry.receipts]
        containers = [item.arrival for item in archived if item.is_container]
        found = [(item, self.log_finder.find(item)) for item in archived if not item.is_container]
        logs = [log for _, log in found if log is not None]
        results = self._readers.start([item for item, log in found if log is None])
        return Batch(number, entry, containers, logs, results)

    def _finish(self, batches: Sequence[Batch]) -> Entries:
        """Take over what was read."""
        for batch in batches:
            self._takeover.take(batch)
        return [(batch.number, batch.entry) for batch in batches]


def _groups(entries: Iterable[tuple[int, LoadEntry]]) -> Iterator[Entries]:
    """Put entries together again that were one batch: a log is written while the returns behind it are being read."""
    group: list[tuple[int, LoadEntry]] = []
    for number, entry in entries:
        is_one_file = len(entry.receipts) == 1
        if group and (not is_one_file or len(group) == _MOST_TOGETHER):
            yield group
            group = []
        group.append((number, entry))
    if group:
        yield group


def _not_seen_before(
    connection: duckdb.DuckDBPyConnection, files: Iterable[InboxFile], now: datetime
) -> list[InboxFile]:
    """Leave out files whose name, size and time already have a receipt; a time in the future does not count."""
    receipts = connection.execute(
        "select relative_path, size_bytes, received_at from raw.receipts"
    ).fetchall()
    out_of_reach = connection.execute(
        """
        select relative_path, size_bytes, received_at
        from raw.receipts
        group by all
        having bool_and(coalesce(list_contains(?, reason_code), false))
        """,
        [sorted(code.value for code in OUT_OF_REACH)],
    ).fetchall()
    return not_received(files, receipts, now, out_of_reach)


def _batches(files: Sequence[InboxFile], size: int) -> Iterator[list[InboxFile]]:
    remaining = iter(files)
    while batch := list(islice(remaining, size)):
        yield batch
