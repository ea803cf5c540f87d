"""The rows of an entry of the journal, or of a part of it, on their way into the database."""

import json
from collections.abc import Collection, Mapping, Sequence

from ingest.contracts.verdicts import Reason, ReasonCode
from ingest.headers.form_match import FormMatch
from ingest.loading.raw_writer import RawWriter
from ingest.loading.tally import Tally
from ingest.reading.activity_log import read_log
from ingest.reading.file_reader import ActivityLog, ReadReturn
from ingest.reading.row_streams import RowSpool, RowStream
from ingest.reading.submission import Arrival, Submission
from ingest.tables.results import NO_ROWS, FoundTable, StructureRun
from ingest.text.cells import column_name

Found = ReadReturn | ActivityLog


class EntryRows:
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


def header_json(match: FormMatch) -> str:
    """Give the header of a log as it is kept: column to text."""
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
