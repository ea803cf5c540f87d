"""From the inbox into ``raw``: what is new is archived and journalled, read in parallel, and written by one process.

Loading is keyed by content: a file seen before is not read again, the same content under another name is a duplicate.
Every arrival gets a receipt with its verdict. Only the journal is taken over into the database, an entry a transaction:
what a load that dies has written in it, and not taken over, the next load takes over first.
"""

import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

import duckdb
from pydantic import BaseModel, ConfigDict

from ingest.activity_log import LogBatch, read_log
from ingest.adoption import adopt
from ingest.archive import remove_leftovers
from ingest.arrivals import Load, file_of, files_in_inbox, take_in
from ingest.cells import column_name
from ingest.contracts import Contracts, load_contracts
from ingest.database import open_warehouse
from ingest.headers import FormMatch
from ingest.home import WarehouseHome
from ingest.inbox import InboxFile, list_inbox, not_received
from ingest.journal import LoadEntry, last_number, remove_unnamed
from ingest.log_scan import NotPlainError, scan_log, survey_log
from ingest.mending import mend_archive, refused_contents
from ingest.projection import mark_applied, missing_loads, transaction
from ingest.raw_writer import RawWriter
from ingest.reading import ActivityLog, LogFinder, ReadReturn
from ingest.reading_process import ReaderPool
from ingest.sheet_reading import NO_ROWS, FoundTable, StructureRun
from ingest.sheet_rows import RowKind
from ingest.submission import Arrival, Submission
from ingest.troubles import telling_troubles
from ingest.verdicts import Reason, ReasonCode
from ingest.withdrawal import withdrawn_by

BATCH_FILES = 128
TAKEN = frozenset({"accepted", "partial"})
READERS = os.cpu_count() or 2
DATABASE_MEMORY = (
    "320MiB"  # what the database may keep in memory while loading; by itself it would take most of it
)

_MOST_TOGETHER = 16
_NOBODY_WRITES_SO_LONG = timedelta(hours=1)

Progress = Callable[[int, int], None]
Entries = Sequence[tuple[int, LoadEntry]]


class RefusedFile(BaseModel):
    """A file that was refused, or of which sheets were, with the sentence that says why."""

    model_config = ConfigDict(frozen=True)

    relative_path: str
    verdict: str
    sentence: str


class LoadReport(BaseModel):
    """What one load did.

    Attributes:
        files_seen: files in the inbox; ``files_ignored`` more were nobody's (lock files, hidden files).
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
    entries_replayed: int = 0
    verdicts: dict[str, int] = {}
    rows_seen: int = 0
    rows_loaded: int = 0
    rows_unplaced: int = 0
    rows_structure: int = 0
    refused: tuple[RefusedFile, ...] = ()
    returns: tuple[str, ...] = ()


@telling_troubles()
def load_inbox(
    home: WarehouseHome, now: datetime, contracts: Contracts | None = None, progress: Progress | None = None
) -> LoadReport:
    """Load what is new in the inbox.

    Args:
        home: the warehouse.
        now: the moment of the load, with time zone.
        contracts: the forms that are known; those of the project when not given.
        progress: called with files done and files to do, after each batch.

    Raises:
        WarehouseTroubleError: another process has the working database open, it is damaged, or the disk is full.
        JournalError: the journal or the ledger beside it is damaged, behind, or another warehouse's.
        ConservationError: rows were lost, which is a defect; nothing of that batch was written.
    """
    home.prepare()
    contracts = contracts or load_contracts()
    files, ignored = list_inbox(home.inbox, now)
    with open_warehouse(home, contracts) as connection:
        connection.execute(f"set memory_limit = '{DATABASE_MEMORY}'")
        remove_leftovers(home.archive)
        remove_unnamed(home.journal, now - _NOBODY_WRITES_SO_LONG)
        load_id = f"{now:%Y%m%dT%H%M%S%f}"
        with ReaderPool(contracts, READERS) as readers:
            load = _Load(connection, home, contracts, readers)
            load.catch_up()
            new = _not_seen_before(connection, files, now)
            new += mend_archive(connection, home, files, now)
            batch_of = Load(load_id, now, refused_contents(connection))
            batches = (take_in(some, home, load.log_finder, batch_of) for some in _batches(new, BATCH_FILES))
            files_done = 0
            for taken in load.take_all(batches):
                files_done += files_in_inbox(entry for _, entry in taken)
                if progress:
                    progress(files_done, len(new))
    return LoadReport(
        load_id=load_id,
        files_seen=len(files),
        files_ignored=ignored,
        files_new=len(new),
        entries_replayed=load.entries_replayed,
        verdicts=dict(load.verdicts),
        refused=tuple(load.refused),
        returns=tuple(sorted(load.returns)),
        **load.row_counts,
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
    with ReaderPool(contracts, READERS) as readers:
        load = _Load(connection, home, contracts, readers)
        load.catch_up(progress)
    return load.entries_replayed


@dataclass(frozen=True, slots=True)
class _Batch:
    """An entry of the journal whose files are being read."""

    number: int
    entry: LoadEntry
    containers: list[Arrival]
    logs: list[ActivityLog]
    results: Callable[[], Iterator[ReadReturn]]


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
        self._forms = contracts.forms
        self.log_finder = LogFinder(contracts)
        self._known = {
            str(row[0]): str(row[1])
            for row in connection.execute(
                "select submission_id, relative_path from raw.submissions"
            ).fetchall()
        }
        self.entries_replayed = 0
        self.verdicts: Counter[str] = Counter()
        self.refused: list[RefusedFile] = []
        self.returns: set[str] = set()
        self.row_counts: Counter[str] = Counter()

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
        under_way: list[_Batch] = []
        for group in groups:
            begun = [self._begin(number, entry, is_checked) for number, entry in group]
            if under_way:
                yield self._finish(under_way)
            under_way = begun
        if under_way:
            yield self._finish(under_way)

    def _begin(self, number: int, entry: LoadEntry, is_checked: bool) -> _Batch:
        """Begin to read the files of an entry."""
        archived = [file_of(receipt, self._home, is_checked=is_checked) for receipt in entry.receipts]
        containers = [item.arrival for item in archived if item.is_container]
        found = [(item, self.log_finder.find(item)) for item in archived if not item.is_container]
        logs = [log for _, log in found if log is not None]
        results = self._readers.start([item for item, log in found if log is None])
        return _Batch(number, entry, containers, logs, results)

    def _finish(self, batches: Sequence[_Batch]) -> Entries:
        """Write what was read, each entry in one transaction."""
        for batch in batches:
            self._loaded_at = batch.entry.loaded_at
            self._writer = RawWriter(
                self._connection, self._forms, batch.entry.load_id, batch.entry.loaded_at
            )
            is_alone = len(batch.entry.receipts) == 1 and bool(batch.logs)
            if not (is_alone and self._took_plain_log(batch, batch.logs[0])):
                self._take_over(batch)
        return [(batch.number, batch.entry) for batch in batches]

    def _take_over(self, batch: _Batch) -> None:
        with self._transaction(batch):
            for container in batch.containers:
                self.verdicts["container"] += 1
                self._writer.add_receipt(container, "container", None, None)
            for result in batch.results():
                if not self._is_duplicate(result):
                    self._note(result)
            for log in batch.logs:
                if not self._is_duplicate(log):
                    self._stream_log(log)

    def _is_duplicate(self, result: ReadReturn | ActivityLog) -> bool:
        """Give a file whose content was received before its receipt; notes any other as known from now on."""
        submission = result.submission
        first_path = self._known.get(submission.submission_id)
        if first_path is None:
            self._known[submission.submission_id] = submission.arrival.relative_path
            self._count(submission)
            return False
        self.verdicts["duplicate"] += 1
        self._writer.add_receipt(
            submission.arrival,
            "duplicate",
            self._why_not_again(submission, first_path),
            submission.submission_id,
        )
        return True

    def _why_not_again(self, submission: Submission, first_path: str) -> Reason:
        """Give the reason of a duplicate; who sends again what was withdrawn is told, for it still does not count."""
        withdrawn = {key for key, _, _ in withdrawn_by(self._connection, self._loaded_at)}
        if submission.submission_id not in withdrawn:
            return Reason.of(ReasonCode.SAME_CONTENT, first_path=first_path)
        reason = Reason.of(
            ReasonCode.SAME_CONTENT_WITHDRAWN, first_path=first_path, submission_id=submission.submission_id
        )
        self.refused.append(
            RefusedFile(
                relative_path=submission.arrival.relative_path, verdict="duplicate", sentence=reason.sentence
            )
        )
        return reason

    def _count(self, submission: Submission) -> None:
        self.verdicts[submission.verdict] += 1
        unit_key, period_code = submission.attribution.unit_key, submission.attribution.period_code
        if submission.verdict in TAKEN and unit_key and period_code:
            self.returns.add(f"{unit_key}|{period_code}")
        if submission.reason is not None:
            self.refused.append(
                RefusedFile(
                    relative_path=submission.arrival.relative_path,
                    verdict=submission.verdict,
                    sentence=submission.reason.sentence,
                )
            )

    def _note(self, result: ReadReturn | ActivityLog) -> None:
        submission = result.submission
        self._writer.add_receipt(
            submission.arrival, submission.verdict, submission.reason, submission.submission_id
        )
        self._writer.add_submission(submission, result.bodies if isinstance(result, ReadReturn) else {})

    def _took_plain_log(self, batch: _Batch, log: ActivityLog) -> bool:
        """Take over a log the fast way; tells whether that could be done, and leaves nothing behind where not."""
        submission = log.submission
        if submission.arrival.file_format != "csv" or submission.submission_id in self._known:
            return False
        plain = survey_log(log.path, log.match)
        if plain is None:
            return False
        try:
            with self._transaction(batch):
                self._note(log)
                lines = scan_log(self._connection, plain, log.match, submission.submission_id)
                header = StructureRun(1, 1, 1, RowKind.HEADER, _header_json(log.match))
                self._writer.add_log_batch(submission.submission_id, LogBatch(structure=[header]))
                self._writer.add_log_sheet(submission.submission_id, _table_of(log.match, lines), lines)
        except NotPlainError:
            self._writer.discard()
            return False
        self._is_duplicate(log)
        return True

    def _stream_log(self, log: ActivityLog) -> None:
        """Take over a log the way that takes everything."""
        self._note(log)
        rows_seen = self._writer.stream_log(
            log.submission.submission_id,
            log.match.form,
            read_log(log.path, log.submission.arrival.file_format, log.match),
        )
        self._writer.add_log_sheet(log.submission.submission_id, _table_of(log.match, rows_seen), rows_seen)

    @contextmanager
    def _transaction(self, batch: _Batch) -> Iterator[None]:
        """Write what is collected inside, check that no row was lost, and note the entry, all or nothing."""
        with transaction(self._connection):
            yield
            self._writer.flush()
            counts = self._writer.check_conservation()
            mark_applied(self._connection, self._home, batch.number, batch.entry)
        self.row_counts.update(counts)


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


def _header_json(match: FormMatch) -> str:
    texts = {column_name(column.index): column.text for column in match.columns.values()}
    return json.dumps(texts, ensure_ascii=False)


def _table_of(match: FormMatch, rows_seen: int) -> FoundTable:
    """Describe a log as the one table that it is; its rows are streamed and not in here."""
    return FoundTable(
        number=1,
        form=match.form,
        form_decided_by=match.decided_by,
        header_first_row=1,
        header_last_row=1,
        last_row=rows_seen,
        columns={name: column.text for name, column in match.columns.items()},
        extra_columns=tuple((str(column.index + 1), column.text) for column in match.extra),
        money_scale=1,
        money_scale_decided_by="default: VND",
        body=NO_ROWS,
        control_totals=(),
        unplaced=(),
        reason=None,
    )


def _not_seen_before(
    connection: duckdb.DuckDBPyConnection, files: Iterable[InboxFile], now: datetime
) -> list[InboxFile]:
    """Leave out files whose name, size and time already have a receipt; a time in the future does not count."""
    receipts = connection.execute(
        "select relative_path, size_bytes, received_at from raw.receipts"
    ).fetchall()
    return not_received(files, receipts, now)


def _batches(files: Sequence[InboxFile], size: int) -> Iterator[list[InboxFile]]:
    remaining = iter(files)
    while batch := list(islice(remaining, size)):
        yield batch
