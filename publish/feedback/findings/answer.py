"""What one answer to a branch is made of.

Nothing is read here and nothing is said: these are the shapes that pass between what reads (``still_open``, ``all_findings``,
``logged_rows``, ``answers``) and what shows (``workbook``, ``outbox``, ``check_report``).
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from ingest.contracts.verdicts import DEFECTS, ReasonCode

Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to tell.

    Attributes:
        severity: ``error`` keeps a cell, row, table or file out of the figures; ``warning`` wants a look; ``info`` is told.
        sheet_number: sheet in the file, from 1; None for the whole file.
        row_number: row in the sheet, from 1; None where it is about no row.
        column: letters of the column; None where it is about no single column.
        field_name: column of the contract, or None.
        wrong, advice: what is wrong and what to do, in Vietnamese.
        if_right: when nothing need be done; ``""`` where something must be.
    """

    severity: Severity
    sheet_number: int | None
    row_number: int | None
    column: str | None
    field_name: str | None
    wrong: str
    advice: str
    if_right: str = ""

    @property
    def what_to_do(self) -> str:
        """The advice, and when nothing need be done."""
        return f"{self.advice} {self.if_right}".strip()


@dataclass(frozen=True, slots=True)
class TablePlace:
    """Where a table stands on a sheet; rows from 1, both ends included."""

    sheet_number: int
    header_first_row: int
    header_last_row: int
    last_row: int


@dataclass(frozen=True, slots=True)
class AnsweredFile:
    """A submission as its sender knows it.

    Attributes:
        stem: path in the inbox without extension and without what earlier answers added to the name; a file with the
            same stem is the same file sent again.
        was_read: sheets were found in it; otherwise it could not be opened, or not within its limits.
        rows_taken, rows_waiting: rows that count, and rows that wait for correction.
        not_listed: findings that are left out because there are too many.
        due_on: the last day on which the return is on time; None where its half-year is not known.
        reason_code: why the whole file was refused, a ``ReasonCode``; None where it was not.
    """

    submission_id: str
    file_name: str
    stem: str
    sha256: str
    received_at: datetime
    verdict: str
    unit_key: str | None
    unit_name: str | None
    period_code: str | None
    period_label: str | None
    was_read: bool
    rows_taken: int
    rows_waiting: int
    tables: tuple[TablePlace, ...]
    not_listed: int = 0
    due_on: date | None = None
    reason_code: str | None = None

    @property
    def failed_here(self) -> bool:
        """Whether it was refused for a fault of the software, so that its sender has nothing to correct."""
        return self.verdict == "rejected" and self.reason_code in DEFECTS

    @property
    def was_lost_here(self) -> bool:
        """Whether it must be sent again just as it was."""
        return self.verdict == "rejected" and self.reason_code == ReasonCode.ARCHIVE_DAMAGED


@dataclass(frozen=True, slots=True)
class LoggedRows:
    """Rows of an activity log that wait for correction.

    Attributes:
        header: n column headers in the order of the log, those of the form by their Vietnamese titles.
        columns: the contract's name of a column to its position, from 0.
        rows: row number in the log, from 1, to its texts; a line that cannot be read may have more than n.
    """

    header: tuple[str, ...]
    columns: dict[str, int]
    rows: dict[int, tuple[str | None, ...]]


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything that one answer is made of; ``logged`` only for an activity log."""

    file: AnsweredFile
    findings: tuple[Finding, ...]
    logged: LoggedRows | None


@dataclass(frozen=True, slots=True)
class Unbuilt:
    """Submissions that came, or were taken back, after the build: whose they are, and under which stems.

    What they may replace is not told of until the next build.
    """

    submission_ids: frozenset[str]
    scopes: frozenset[tuple[str | None, str | None]]
    stems: frozenset[str]

    def may_replace(self, file: AnsweredFile) -> bool:
        """Whether one of them may be a newer version of a file."""
        return (file.unit_key, file.period_code) in self.scopes or file.stem in self.stems
