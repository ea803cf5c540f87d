"""Reading one archived file, whatever it is.

The single entrance to reading: the activity log is told from the returns here, zip files are not opened again. It runs
in a child process (``reading_process``) that can be lost without harm, so it takes and gives plain picklable values.
"""

from dataclasses import dataclass
from pathlib import Path

from ingest.activity_log import find_log_header
from ingest.attribution import NOT_ATTRIBUTED
from ingest.contracts import Contracts
from ingest.headers import FormMatch, HeaderMatcher, load_header_words
from ingest.reference import load_reference
from ingest.submission import Arrival, Submission, read_submission, rejected
from ingest.verdicts import Reason

_LOG_FORMATS = frozenset({"csv", "jsonl"})
_LOG_FORM = "activity_log"


@dataclass(frozen=True, slots=True)
class ArchivedFile:
    """A file in the archive with how it arrived; ``trouble`` when it could not be taken in at all."""

    arrival: Arrival
    path: Path
    is_container: bool = False
    trouble: Reason | None = None


@dataclass(frozen=True, slots=True)
class ActivityLog:
    """A file that is an activity log: accepted, and streamed later by the process that writes."""

    submission: Submission
    path: Path
    match: FormMatch


class FileReader:
    """Reads files made to a set of contracts; keep one, it remembers the headers that it has seen."""

    def __init__(self, contracts: Contracts) -> None:
        self._contracts = contracts
        self._matcher = HeaderMatcher(contracts.forms, load_header_words())
        self._reference = load_reference()

    def read(self, file: ArchivedFile) -> Submission | ActivityLog:
        """Read a file and decide on it; never raises for what a file holds."""
        arrival = file.arrival
        if file.trouble is not None:
            return rejected(arrival, file.trouble)
        if arrival.file_format in _LOG_FORMATS:
            log = self._contracts.form(_LOG_FORM)
            match = find_log_header(file.path, arrival.file_format, self._matcher, log)
            if match is not None and not match.missing:
                return ActivityLog(
                    Submission(arrival, (), NOT_ATTRIBUTED, "accepted", None), file.path, match
                )
        return read_submission(
            arrival, file.path.read_bytes(), self._contracts, self._matcher, self._reference
        )
