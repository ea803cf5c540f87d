"""Reading one archived file, whatever it is.

The single entrance to reading: activity logs are told from returns here, zip files are not opened again. Returns are
read in a child process (``loading.readers``) that can be lost without harm, so reading takes and gives plain picklable
values.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pyarrow as pa

from ingest.attribution.decision import NOT_ATTRIBUTED
from ingest.contracts.forms import Contracts, FormContract
from ingest.contracts.reference import load_reference
from ingest.contracts.verdicts import Reason
from ingest.headers.form_match import FormMatch
from ingest.headers.header_words import load_header_words
from ingest.headers.matcher import HeaderMatcher
from ingest.reading.account_rows import account_of, as_arrow
from ingest.reading.activity_log import find_log_header
from ingest.reading.arrow_rows import PlacedBody, arrow_body
from ingest.reading.row_streams import RowStream
from ingest.reading.submission import Arrival, Submission, read_submissions, rejected

_LOG_FORMATS = frozenset({"csv", "jsonl"})
_LOG_FORM = "activity_log"


@dataclass(frozen=True, slots=True)
class ArchivedFile:
    """A file in the archive with how it arrived.

    Attributes:
        arrival: where, when and as what it came.
        path: its bytes in the archive.
        is_container: it is a zip of others, which are files of their own.
        trouble: why it could not be taken in at all; its bytes are then not looked at.
    """

    arrival: Arrival
    path: Path
    is_container: bool = False
    trouble: Reason | None = None


@dataclass(frozen=True, slots=True)
class ActivityLog:
    """A file that is an activity log: accepted, and streamed later by the process that writes.

    Attributes:
        submission: without sheets, unit or half-year: each event names its own.
        path: its bytes in the archive.
        match: which column holds which field.
    """

    submission: Submission
    path: Path
    match: FormMatch


@dataclass(frozen=True, slots=True)
class ReadReturn:
    """A file that was read, or what it holds of one unit, on its way to the process that writes.

    Attributes:
        submission: whose, for when, accepted or not; its sheets are not in here, but in the rows.
        rows: name of the ``raw`` table to the file's rows in it.
        fault: where the software failed on the file, the traceback of that.
    """

    submission: Submission
    rows: Mapping[str, RowStream] = field(default_factory=dict)
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class FoundRows:
    """A file that was read, or what it holds of one unit, with its rows as tables of Arrow: name of the ``raw`` table to its rows."""

    submission: Submission
    tables: Mapping[str, pa.Table] = field(default_factory=dict)


class LogFinder:
    """Tells activity logs from returns, by their first line alone, which is safe to look at anywhere."""

    def __init__(self, contracts: Contracts) -> None:
        self._contract = contracts.form(_LOG_FORM)
        self._matcher = HeaderMatcher(contracts.forms, load_header_words(), contracts.choice_lists)

    def find(self, file: ArchivedFile) -> ActivityLog | None:
        """Give a file as a log; None when it is something else, or lacks a column that is required.

        Raises:
            OSError: the archive does not give the file's first line.
        """
        arrival = file.arrival
        if file.trouble is not None or arrival.file_format not in _LOG_FORMATS:
            return None
        match = find_log_header(file.path, arrival.file_format, self._matcher, self._contract)
        if match is None or match.missing:
            return None
        return ActivityLog(Submission(arrival, (), NOT_ATTRIBUTED, "accepted", None), file.path, match)


class FileReader:
    """Reads returns made to a set of contracts; keep one, it remembers the headers that it has seen."""

    def __init__(self, contracts: Contracts) -> None:
        self._contracts = contracts
        self._matcher = HeaderMatcher(contracts.forms, load_header_words(), contracts.choice_lists)
        self._reference = load_reference()

    def read(self, file: ArchivedFile) -> list[FoundRows]:
        """Read a file and decide on the return of each unit in it; never raises for what a file holds.

        Returns:
            One submission with its rows for each unit and half-year that the file holds, at least one; a file that
            could not be opened is one that is rejected, without rows.

        Raises:
            OSError: the archive does not give the file's bytes.
        """
        arrival = file.arrival
        if file.trouble is not None:
            return [FoundRows(rejected(arrival, file.trouble))]
        content = file.path.read_bytes()
        return [
            _found(submission)
            for submission in read_submissions(
                arrival, content, self._contracts, self._matcher, self._reference
            )
        ]


def _found(submission: Submission) -> FoundRows:
    """Put the rows of each table of ``raw`` together as Arrow columns, which cost little to hand to another process."""
    forms: dict[str, FormContract] = {}
    bodies: defaultdict[str, list[PlacedBody]] = defaultdict(list)
    for sheet in submission.sheets:
        for table in sheet.tables:
            if table.form is not None:
                forms[table.form.name] = table.form
                bodies[table.form.name].append(
                    PlacedBody(sheet.number, table.number, table.money_scale, table.body)
                )
    tables = as_arrow(account_of(submission.submission_id, submission.sheets))
    for name, form in forms.items():
        body = arrow_body(submission.submission_id, form, bodies[name])
        if body is not None:
            tables[name] = body
    return FoundRows(replace(submission, sheets=()), tables)
