"""What became of some files: how many got which verdict, which were refused and why, whose returns were taken."""

from collections import Counter
from dataclasses import dataclass, field

from pydantic import BaseModel, ConfigDict

from ingest.contracts.verdicts import Reason, Verdict
from ingest.reading.submission import Arrival, Submission

TAKEN = frozenset({"accepted", "partial"})


class RefusedFile(BaseModel):
    """A file that was refused, or of which sheets were, with the sentence that says why."""

    model_config = ConfigDict(frozen=True)

    relative_path: str
    verdict: str
    sentence: str


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
