"""Taking an entry of the journal over into ``raw``: in one transaction, whatever is wrong with one of its files.

Where that fails, the files that it fails for are looked for by trying parts of the entry and undoing them; each of them
is refused as a fault of the software, and the others are taken over. A disk that is full, or a database file that cannot
be written, is no file's fault and ends the load.
"""

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
from pydantic import BaseModel, ConfigDict

from ingest.activity_log import has_endless_line, read_log
from ingest.cells import column_name
from ingest.contracts import FormContract
from ingest.faults import fault_code, is_of_the_disk, log_fault, traceback_of
from ingest.headers import FormMatch
from ingest.home import WarehouseHome
from ingest.journal import LoadEntry
from ingest.log_scan import scan_log, survey_log
from ingest.projection import mark_applied, transaction
from ingest.raw_writer import RawWriter
from ingest.reading import ActivityLog, ReadReturn
from ingest.row_streams import RowSpool, RowStream, remove_files
from ingest.sheet_reading import NO_ROWS, FoundTable, StructureRun
from ingest.sheet_rows import RowKind
from ingest.submission import Arrival, Submission, rejected
from ingest.verdicts import Reason, ReasonCode, Verdict
from ingest.withdrawal import withdrawn_by

TAKEN = frozenset({"accepted", "partial"})
_NO_ROOM = ("no space left", "max_temp_directory_size", "disk full")
_OF_THE_DATABASE = (
    duckdb.IOException,
    duckdb.FatalException,
    duckdb.InternalException,
    duckdb.ConnectionException,
    duckdb.InterruptException,
)

Found = ReadReturn | ActivityLog


class RefusedFile(BaseModel):
    """A file that was refused, or of which sheets were, with the sentence that says why."""

    model_config = ConfigDict(frozen=True)

    relative_path: str
    verdict: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Batch:
    """An entry of the journal whose files are being read; ``results`` waits for those that are no logs."""

    number: int
    entry: LoadEntry
    containers: Sequence[Arrival]
    logs: Sequence[ActivityLog]
    results: Callable[[], Iterator[ReadReturn]]


@dataclass(slots=True)
class Tally:
    """What became of some files.

    Attributes:
        verdicts: verdict to number of files.
        returns: ``unit|half-year`` of those of which rows were taken.
        row_counts: ``rows_seen``, ``rows_loaded``, ``rows_unplaced``, ``rows_structure``.
        paths: submission to the path under which it came first.
    """

    verdicts: Counter[str] = field(default_factory=Counter)
    refused: list[RefusedFile] = field(default_factory=list)
    returns: set[str] = field(default_factory=set)
    row_counts: Counter[str] = field(default_factory=Counter)
    paths: dict[str, str] = field(default_factory=dict)

    def add(self, other: "Tally") -> None:
        """Count others too."""
        self.verdicts.update(other.verdicts)
        self.refused += other.refused
        self.returns |= other.returns
        self.row_counts.update(other.row_counts)
        self.paths.update(other.paths)

    def count(self, submission: Submission) -> None:
        """Count a submission that was not known."""
        self.paths[submission.submission_id] = submission.arrival.relative_path
        self.verdicts[submission.verdict] += 1
        unit_key, period_code = submission.attribution.unit_key, submission.attribution.period_code
        if submission.verdict in TAKEN and unit_key and period_code:
            self.returns.add(f"{unit_key}|{period_code}")
        if submission.reason is not None:
            self.tell(submission.arrival, submission.verdict, submission.reason)

    def tell(self, arrival: Arrival, verdict: Verdict, reason: Reason) -> None:
        """Note what is to be told of a file."""
        self.refused.append(
            RefusedFile(relative_path=arrival.relative_path, verdict=verdict, sentence=reason.sentence)
        )


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
                header = StructureRun(1, 1, 1, RowKind.HEADER, _header_json(log.match))
                entry.note_log(log, lines, [header])
                entry.write()
                mark_applied(self._connection, self._home, batch.number, batch.entry)
        except Exception as error:  # the way that takes everything says whether the file is at fault
            if _ends_the_load(error):
                raise
            return False
        self._note(entry.tally)
        return True

    def _new_rows(self, batch: Batch, spool: RowSpool) -> "_EntryRows":
        entry = batch.entry
        writer = RawWriter(self._connection, self._forms, entry.load_id, entry.loaded_at, entry.known_since)
        withdrawn = {key for key, _, _ in withdrawn_by(self._connection, batch.entry.loaded_at)}
        return _EntryRows(writer, self._known, withdrawn, spool)

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


class _EntryRows:
    """The rows of an entry, or of a part of it, on their way into the database."""

    def __init__(
        self, writer: RawWriter, known: Mapping[str, str], withdrawn: Collection[str], spool: RowSpool
    ) -> None:
        self._writer = writer
        self._known = known
        self._withdrawn = withdrawn
        self._spool = spool
        self.tally = Tally()

    def add(self, containers: Sequence[Arrival], found: Sequence[Found]) -> None:
        """Give each file its receipt, and take over the rows of those whose content was not received before."""
        for container in containers:
            self.tally.verdicts["container"] += 1
            self._writer.add_receipt(container, "container", None, None)
        for file in found:
            if self._is_duplicate(file.submission):
                continue
            if isinstance(file, ReadReturn):
                self.note(file.submission, file.rows)
            else:
                self.note(file.submission, {})
                self._stream(file)

    def note(self, submission: Submission, rows: Mapping[str, RowStream]) -> None:
        """Take over a submission that is not known, with its receipt."""
        self.tally.count(submission)
        self._writer.add_receipt(
            submission.arrival, submission.verdict, submission.reason, submission.submission_id
        )
        self._writer.add_submission(submission, rows)

    def write(self) -> None:
        """Write what was collected and check that no row was lost.

        Raises:
            ConservationError: one was.
        """
        self._writer.flush()
        self.tally.row_counts.update(self._writer.check_conservation())

    def _is_duplicate(self, submission: Submission) -> bool:
        """Give a file whose content was received before its receipt."""
        identity = submission.submission_id
        first_path = self._known.get(identity) or self.tally.paths.get(identity)
        if first_path is None:
            return False
        self.tally.verdicts["duplicate"] += 1
        if identity in self._withdrawn:
            # who sends again what was withdrawn is told, for it still does not count
            reason = Reason.of(
                ReasonCode.SAME_CONTENT_WITHDRAWN, first_path=first_path, submission_id=identity
            )
            self.tally.tell(submission.arrival, "duplicate", reason)
        else:
            reason = Reason.of(ReasonCode.SAME_CONTENT, first_path=first_path)
        self._writer.add_receipt(submission.arrival, "duplicate", reason, identity)
        return True

    def _stream(self, log: ActivityLog) -> None:
        """Take over a log the way that takes everything."""
        identity, file_format = log.submission.submission_id, log.submission.arrival.file_format
        rows_seen = self._writer.stream_log(
            identity, log.match.form, read_log(log.path, file_format, log.match), self._spool
        )
        self.note_log(log, rows_seen)

    def note_log(self, log: ActivityLog, rows_seen: int, structure: Sequence[StructureRun] = ()) -> None:
        """Note the one sheet and table that a log is made of, and structure that was not streamed."""
        self._writer.add_log_sheet(
            log.submission.submission_id, _table_of(log.match, rows_seen), rows_seen, structure
        )


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
