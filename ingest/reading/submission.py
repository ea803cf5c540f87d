"""One file, read: what it holds, whose it is, and what becomes of it.

Pure: bytes and a name in, a ``Submission`` out, so that files can be read in parallel and in any order. Which of them
are new, and writing them down, is ``load``'s business.
"""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import PurePosixPath

from ingest.attribution.decision import NOT_ATTRIBUTED, Attribution
from ingest.attribution.parts_of_rows import without_parts_of_rows
from ingest.attribution.rows_of_others import without_rows_of_others, without_units_not_understood
from ingest.attribution.summary_sheets import without_summaries
from ingest.attribution.table_copies import set_aside_replaced
from ingest.attribution.units_of_sheets import UnitOfSheets, units_of_sheets, without_hidden_of_others
from ingest.contracts.forms import Contracts
from ingest.contracts.reference import Reference
from ingest.contracts.verdicts import DEFECTS, OUT_OF_REACH, Reason, ReasonCode, Verdict
from ingest.headers.matcher import HeaderMatcher
from ingest.headers.sendings import branch_of, sending_of
from ingest.tables.columns.day_order import with_doubtful_days
from ingest.tables.continued_tables import read_sheets
from ingest.tables.results import SheetReading
from ingest.workbooks.file_kinds import FileKind, is_locked, is_packed, kind_of, why_unreadable
from ingest.workbooks.grids import WORKBOOK_FORMATS, Sheet, UnreadableFileError, read_csv, read_workbook
from ingest.workbooks.locked_workbooks import unlocked
from ingest.workbooks.repair import repair_texts, repair_workbook

RETURN_FORMATS = WORKBOOK_FORMATS | {"csv", "jsonl", "zip"}


@dataclass(frozen=True, slots=True)
class Arrival:
    """A file as it arrived.

    Attributes:
        relative_path: path in the inbox with ``/``; of a member of a zip, the zip's path and the member's.
        container_path: the zip that it came in, or None.
        received_at: when it was received, with time zone.
        is_reread: its content was refused before, when the archive did not hold it whole.
    """

    relative_path: str
    container_path: str | None
    sha256: str
    size_bytes: int
    received_at: datetime
    is_reread: bool = False

    @property
    def file_name(self) -> str:
        """Name without folders."""
        return PurePosixPath(self.relative_path).name

    @property
    def file_format(self) -> str:
        """Extension in lower case, without the dot."""
        return PurePosixPath(self.relative_path).suffix.lower().removeprefix(".")


@dataclass(frozen=True, slots=True)
class Submission:
    """What a file brought for one unit and half-year, with everything that was found in it.

    Attributes:
        arrival: the file as it came.
        sheets: those that belong to the unit; none where the file could not be opened.
        attribution: which unit and half-year, and by what that was decided.
        verdict: accepted, partial (some rows or tables do not count) or rejected.
        reason: why it was not accepted whole; None where it was.
    """

    arrival: Arrival
    sheets: tuple[SheetReading, ...]
    attribution: Attribution
    verdict: Verdict
    reason: Reason | None

    @property
    def submission_id(self) -> str:
        """Sixteen hex digits of content, unit and period: the same content for the same unit is one submission.

        What was refused for the archive's sake is not the content, nor is what the software failed on or could
        not open; none of them stands in the way of a later one.
        """
        identity = "|".join(
            (self.arrival.sha256, self.attribution.unit_key or "", self.attribution.period_code or "")
        )
        if self.arrival.is_reread:
            identity += "|reread"
        if self.reason is not None and self.reason.code is ReasonCode.ARCHIVE_DAMAGED:
            identity += "|damaged"
        if self.reason is not None and self.reason.code in DEFECTS:
            identity += "|defect"
        if self.reason is not None and self.reason.code in OUT_OF_REACH:
            identity += f"|{self.arrival.size_bytes}|{self.arrival.received_at.isoformat()}"
        return hashlib.sha256(identity.encode()).hexdigest()[:16]


def read_submissions(
    arrival: Arrival, content: bytes, contracts: Contracts, matcher: HeaderMatcher, reference: Reference
) -> list[Submission]:
    """Read a workbook or a CSV return and decide on it, on what it holds of each unit apart.

    Never raises for what a file holds.

    Raises:
        ConservationError: a defect of ours lost or doubled a row.
    """
    if is_packed(content):
        return [rejected(arrival, why_unreadable(content))]
    if arrival.file_format not in RETURN_FORMATS:
        reason = Reason.of(ReasonCode.UNSUPPORTED_FORMAT, format=f".{arrival.file_format}")
        return [rejected(arrival, reason)]
    try:
        grids = open_sheets(content)
    except UnreadableFileError:
        return [rejected(arrival, why_unreadable(content))]
    sheets = with_doubtful_days(read_sheets(grids, matcher), any(grid.has_month_first for grid in grids))
    hidden = {grid.number for grid in grids if grid.is_hidden}
    sheets = without_hidden_of_others(sheets, hidden, arrival.relative_path, reference)
    sheets = without_summaries(sheets, matcher)
    sheets = without_units_not_understood(sheets, arrival.relative_path, reference)
    sheets = without_parts_of_rows(sheets)
    if not any(sheet.rows_seen for sheet in sheets):
        return [_refuse(arrival, sheets, NOT_ATTRIBUTED, Reason.of(ReasonCode.EMPTY_FILE))]
    submissions = [
        _submission_of(arrival, _rows_of_the_unit(part, hidden, matcher, reference), part.attribution)
        for part in units_of_sheets(sheets, arrival.relative_path, reference)
    ]
    # rows were moved since the sheets were read: set aside, left out, made to wait or refused
    for submission in submissions:
        for sheet in submission.sheets:
            sheet.check_conservation()
    return submissions


def _rows_of_the_unit(
    part: UnitOfSheets, hidden: Collection[int], matcher: HeaderMatcher, reference: Reference
) -> Sequence[SheetReading]:
    """Give the sheets of a unit without copies of tables and without rows of others."""
    sheets = set_aside_replaced(part.sheets, hidden)
    unit_key, period_code = part.attribution.unit_key, part.attribution.period_code
    if unit_key is None or period_code is None:
        return sheets
    return without_rows_of_others(sheets, unit_key, reference.periods[period_code], matcher, reference)


def _submission_of(arrival: Arrival, sheets: Sequence[SheetReading], attribution: Attribution) -> Submission:
    """Decide on the sheets of one unit."""
    sheets = tuple(_named_by_file(sheet, arrival) for sheet in sheets)
    accepted = [table for sheet in sheets for table in sheet.tables if table.counts]
    if not accepted:
        reasons = [table.reason or table.aside for sheet in sheets for table in sheet.tables]
        reason = next(filter(None, reasons), Reason.of(ReasonCode.NO_FORM_FOUND))
        return _refuse(arrival, sheets, attribution, reason)
    if attribution.reason is not None:
        return _refuse(arrival, sheets, attribution, attribution.reason)
    troubled = [
        sheet
        for sheet in sheets
        if not sheet.is_left_out and (sheet.reason or any(t.reason for t in sheet.tables))
    ]
    if troubled:
        names = "; ".join(
            f"“{sheet.name}”: {_first_reason(sheet).wrong.removesuffix('.')}" for sheet in troubled
        )
        reason = Reason.of(ReasonCode.SHEETS_REFUSED, sheets=names)
        return Submission(arrival, tuple(sheets), attribution, "partial", reason)
    return Submission(arrival, tuple(sheets), attribution, "accepted", None)


def open_sheets(content: bytes) -> list[Sheet]:
    """Open content as what it is, whatever its name says.

    Raises:
        UnreadableFileError: it is neither a whole workbook nor text.
    """
    if content and kind_of(content) is FileKind.TEXT:
        sheets = read_csv(content)
        for sheet in sheets:
            repair_texts(sheet, {})
        return sheets
    if is_locked(content):
        content = unlocked(content) or content
    return repair_workbook(read_workbook(content), content)


def rejected(arrival: Arrival, reason: Reason) -> Submission:
    """Give the submission of a file that could not be opened at all."""
    return Submission(arrival, (), NOT_ATTRIBUTED, "rejected", reason)


def _refuse(
    arrival: Arrival, sheets: Sequence[SheetReading], attribution: Attribution, reason: Reason
) -> Submission:
    """Refuse a whole file: rows of its good tables become unplaced, so that the account still holds."""
    whole_file = Reason.of_whole_file(reason)
    unloaded = tuple(
        replace(
            sheet,
            tables=tuple(table.refused(whole_file) if table.counts else table for table in sheet.tables),
        )
        for sheet in sheets
    )
    return Submission(arrival, unloaded, attribution, "rejected", reason)


def _named_by_file(sheet: SheetReading, arrival: Arrival) -> SheetReading:
    """Let the name of the file say of a table what neither its title nor its sheet says."""
    said = (PurePosixPath(arrival.relative_path).stem,)
    tables = tuple(
        replace(
            table,
            sending=table.sending or sending_of(said),
            branch=table.branch or branch_of(said),
        )
        for table in sheet.tables
    )
    return replace(sheet, tables=tables)


def _first_reason(sheet: SheetReading) -> Reason:
    return next(
        (table.reason for table in sheet.tables if table.reason),
        sheet.reason or Reason.of(ReasonCode.NO_FORM_FOUND),
    )
