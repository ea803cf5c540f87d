"""Taking an entry of the journal over into ``raw``: in one transaction, whatever is wrong with one of its files.

Where that fails, the files that it fails for are looked for by trying parts of the entry and undoing them; each of them
is refused as a fault of the software, and the others are taken over. A disk that is full, or a database file that cannot
be written, is no file's fault and ends the load.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import duckdb

from ingest.contracts.forms import FormContract
from ingest.contracts.verdicts import Reason, ReasonCode
from ingest.faults import fault_code, is_of_the_disk, log_fault, traceback_of
from ingest.home import WarehouseHome
from ingest.keeping.journal import LoadEntry
from ingest.keeping.projection import mark_applied, transaction
from ingest.keeping.withdrawals import withdrawn_by
from ingest.loading.entry_rows import EntryRows, Found, header_json
from ingest.loading.log_scan import scan_log, survey_log
from ingest.loading.raw_writer import RawWriter
from ingest.loading.tally import Tally
from ingest.reading.activity_log import has_endless_line
from ingest.reading.file_reader import ActivityLog, ReadReturn
from ingest.reading.row_streams import RowSpool, remove_files
from ingest.reading.submission import Arrival, rejected
from ingest.rows.kinds import RowKind
from ingest.tables.results import StructureRun

_NO_ROOM = ("no space left", "max_temp_directory_size", "disk full")
_OF_THE_DATABASE = (
    duckdb.IOException,
    duckdb.FatalException,
    duckdb.InternalException,
    duckdb.ConnectionException,
    duckdb.InterruptException,
)


@dataclass(frozen=True, slots=True)
class Batch:
    """An entry of the journal whose files are being read; ``results`` waits for those that are no logs."""

    number: int
    entry: LoadEntry
    containers: Sequence[Arrival]
    logs: Sequence[ActivityLog]
    results: Callable[[], Iterator[ReadReturn]]


class Takeover:
    """Takes entries over, one after the other.

    Attributes:
        tally: what became of the files of all entries taken over so far.
    """

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        home: WarehouseHome,
        forms: Sequence[FormContract],
        spool: Path,
    ) -> None:
        """Take the database, with no transaction under way, and a folder for what is too large for memory."""
        self._connection = connection
        self._home = home
        self._forms = forms
        self._spool = spool
        self.tally = Tally()
        self._known = {
            str(row[0]): str(row[1])
            for row in connection.execute(
                "select submission_id, relative_path from raw.submissions"
            ).fetchall()
        }

    def take(self, batch: Batch) -> None:
        """Take an entry over; every one of its files has a receipt then.

        Raises:
            OSError, duckdb.Error: the disk or the database file; the entry was not taken over.
        """
        is_one_log = len(batch.entry.receipts) == 1 and bool(batch.logs)
        if is_one_log and self._took_plain_log(batch, batch.logs[0]):
            return
        endless = [log for log in batch.logs if has_endless_line(log.path)]
        unreadable = Reason.of(ReasonCode.UNREADABLE_FILE)
        results = list(batch.results())
        results += [ReadReturn(rejected(log.submission.arrival, unreadable)) for log in endless]
        try:
            for result in results:
                self._log(result)
            self._take(batch, [*results, *(log for log in batch.logs if log not in endless)])
        finally:
            remove_files(stream for result in results for stream in result.rows.values())

    def _take(self, batch: Batch, found: Sequence[Found]) -> None:
        try:
            self._write(batch, found)
        except Exception as error:  # whatever it is, only the files that it is about are refused
            if _ends_the_load(error):
                raise
            faults = self._faults_of(batch, found)
            if not faults:
                raise
        else:
            return
        self._write(
            batch,
            [
                self._refused(file, faults[position]) if position in faults else file
                for position, file in enumerate(found)
            ],
        )

    def _faults_of(self, batch: Batch, found: Sequence[Found], first: int = 0) -> dict[int, Exception]:
        """Find by halves what cannot be written; gives positions, counted from ``first``, with what was raised."""
        try:
            with _undone(self._connection), RowSpool(self._spool) as spool:
                entry = self._new_rows(batch, spool)
                entry.add(batch.containers, found)
                entry.write()
        except Exception as error:
            if _ends_the_load(error):
                raise
            if len(found) <= 1:
                return dict.fromkeys(range(first, first + len(found)), error)
        else:
            return {}
        middle = len(found) // 2
        return self._faults_of(batch, found[:middle], first) | self._faults_of(
            batch, found[middle:], first + middle
        )

    def _write(self, batch: Batch, found: Sequence[Found]) -> None:
        with RowSpool(self._spool) as spool, transaction(self._connection):
            entry = self._new_rows(batch, spool)
            entry.add(batch.containers, found)
            entry.write()
            mark_applied(self._connection, self._home, batch.number, batch.entry)
        self._note(entry.tally)

    def _took_plain_log(self, batch: Batch, log: ActivityLog) -> bool:
        """Take over a log the fast way; tells whether that could be done, and leaves nothing behind where not."""
        submission = log.submission
        if submission.arrival.file_format != "csv" or submission.submission_id in self._known:
            return False
        plain = survey_log(log.path, log.match)
        if plain is None:
            return False
        try:
            with RowSpool(self._spool) as spool, transaction(self._connection):
                entry = self._new_rows(batch, spool)
                entry.note(submission, {})
                lines = scan_log(self._connection, plain, log.match, submission.submission_id)
                header = StructureRun(1, 1, 1, RowKind.HEADER, header_json(log.match))
                entry.note_log(log, lines, [header])
                entry.write()
                mark_applied(self._connection, self._home, batch.number, batch.entry)
        except Exception as error:  # the way that takes everything says whether the file is at fault
            if _ends_the_load(error):
                raise
            return False
        self._note(entry.tally)
        return True

    def _new_rows(self, batch: Batch, spool: RowSpool) -> "EntryRows":
        entry = batch.entry
        writer = RawWriter(self._connection, self._forms, entry.load_id, entry.loaded_at, entry.known_since)
        withdrawn = {key for key, _, _ in withdrawn_by(self._connection, batch.entry.loaded_at)}
        return EntryRows(writer, self._known, withdrawn, spool)

    def _note(self, tally: Tally) -> None:
        self.tally.add(tally)
        self._known |= tally.paths

    def _refused(self, file: Found, error: Exception) -> ReadReturn:
        reason = Reason.of(ReasonCode.WRITER_DEFECT, fault=fault_code(error))
        refused = ReadReturn(rejected(file.submission.arrival, reason), fault=traceback_of(error))
        self._log(refused)
        return refused

    @staticmethod
    def _log(result: ReadReturn) -> None:
        reason = result.submission.reason
        if result.fault is not None and reason is not None:
            log_fault(result.submission.arrival.relative_path, reason.sentence, result.fault)


@contextmanager
def _undone(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Try what is inside, and leave nothing of it behind."""
    connection.begin()
    try:
        yield
    finally:
        with suppress(duckdb.Error):  # of a transaction that the error has ended already
            connection.rollback()


def _ends_the_load(error: Exception) -> bool:
    """Whether no other file could be written either."""
    if is_of_the_disk(error) or isinstance(error, _OF_THE_DATABASE):
        return True
    return isinstance(error, duckdb.Error) and any(sign in str(error).lower() for sign in _NO_ROOM)
