"""What a sheet holds, as passed between the modules of reading.

A sheet becomes tables, structure and unplaced rows; each row number stands in exactly one of them, which
``SheetReading.check_conservation`` asserts.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter

from ingest.contracts.forms import FormContract
from ingest.contracts.verdicts import Reason, ReasonCode
from ingest.headers.sendings import Sending
from ingest.rows.kinds import RowKind

_LEFT_OUT = frozenset({ReasonCode.HIDDEN_SHEET, ReasonCode.SUMMARY_SHEET})


class ConservationError(AssertionError):
    """Rows of a sheet are unaccounted for: a defect of the reader, never of a file."""


@dataclass(frozen=True, slots=True)
class TitleText:
    """A text above a table, with its cell; evidence for unit, period and unit of measure.

    Attributes:
        sheet_name: the sheet that it stands on, where a file has titles on several.
    """

    cell: str
    text: str
    sheet_name: str | None = None

    @property
    def place(self) -> str:
        """Say in Vietnamese where it stands: ``trang tính “BM04” ô A2``."""
        return (
            f"ô {self.cell}" if self.sheet_name is None else f"trang tính “{self.sheet_name}” ô {self.cell}"
        )


@dataclass(frozen=True, slots=True)
class StructureRun:
    """Rows one after the other that are structure of one kind.

    Attributes:
        table_number: of the table that they are part of, from 1; None outside of tables.
        first_row: number of the first, from 1.
        last_row: number of the last, which belongs to it.
        kind: what they are.
        cells: JSON of column letters and text, where it is kept; None where only the number of rows is.
    """

    table_number: int | None
    first_row: int
    last_row: int
    kind: RowKind
    cells: str | None


@dataclass(frozen=True, slots=True)
class ControlTotal:
    """One figure of a total or sub-total, with the rows that it sums.

    Attributes:
        first_sheet_number: the sheet where its table begins, if that is not its own.
    """

    row_number: int
    kind: RowKind
    first_row: int
    last_row: int
    field_name: str
    value: str
    cell_type: str
    first_sheet_number: int | None = None


@dataclass(frozen=True, slots=True)
class BodyRows:
    """Rows of a table, a column at a time.

    Attributes:
        row_numbers: n row numbers in the sheet, from 1.
        fields: field name to n texts, ``""`` where blank; fields whose column is absent are not in it.
        cell_types: n strings with a letter for each field of the contract.
        extra_cells: n JSON objects of the columns that no contract knows, or None.
    """

    row_numbers: list[int]
    fields: dict[str, Sequence[str | None]]
    cell_types: list[str]
    extra_cells: list[str | None]

    def without(self, left_out: frozenset[int]) -> "BodyRows":
        """Give the rows but for some, which are named by their numbers."""
        kept = [position for position, number in enumerate(self.row_numbers) if number not in left_out]
        return BodyRows(
            [self.row_numbers[position] for position in kept],
            {name: [texts[position] for position in kept] for name, texts in self.fields.items()},
            [self.cell_types[position] for position in kept],
            [self.extra_cells[position] for position in kept],
        )


NO_ROWS = BodyRows([], {}, [], [])


@dataclass(frozen=True, slots=True)
class UnplacedRow:
    """A row that could not be given to any form.

    Attributes:
        row_number: from 1.
        cells: JSON of column letters and text.
        reason: where it is the row's own, and not that of its table.
    """

    row_number: int
    cells: str
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class ReadingFinding:
    """What reading has to tell of a table whose rows count all the same.

    Attributes:
        finding_kind: a row of the seed ``finding_rules``.
        row_number: from 1, where it is about a row.
        field_name: column of the contract, where it is about one.
        message: Vietnamese; what is so and where.
    """

    finding_kind: str
    row_number: int | None
    field_name: str | None
    message: str


@dataclass(frozen=True, slots=True)
class FoundTable:
    """One table of a sheet; refused when ``reason`` is given, then its rows are ``unplaced``.

    Attributes:
        header_first_row, header_last_row: from 1, both included; 1 and 0 where the table goes on without a header.
        money_unit_unclear: which cell states a unit for its money that is not understood, in Vietnamese, or None.
        aside: why its rows are structure although the table is well formed: it is replaced by a corrected copy, or tells
            of plans or for comparison; None where it counts.
        sending: whether title or sheet say that it adds to, or corrects, what was sent before.
        branch: the village branch that title or sheet name, folded.
        says_nothing: it is said in words that there was nothing to report; zeros do not say it.
    """

    number: int
    form: FormContract | None
    form_decided_by: str | None
    header_first_row: int
    header_last_row: int
    last_row: int
    columns: dict[str, str]
    extra_columns: tuple[tuple[str, str], ...]
    money_scale: int
    money_scale_decided_by: str
    body: BodyRows
    control_totals: tuple[ControlTotal, ...]
    unplaced: tuple[UnplacedRow, ...]
    reason: Reason | None
    money_unit_unclear: str | None = None
    findings: tuple[ReadingFinding, ...] = ()
    aside: Reason | None = None
    sending: Sending | None = None
    branch: str | None = None
    says_nothing: bool = False

    @property
    def counts(self) -> bool:
        """Whether its rows are those of a form: it is neither refused nor set aside."""
        return self.reason is None and self.aside is None

    def set_aside(self, reason: Reason) -> "FoundTable":
        """Give the table without rows, which are structure from now on."""
        return replace(self, body=NO_ROWS, control_totals=(), aside=reason)

    def refused(self, reason: Reason) -> "FoundTable":
        """Give the table with its rows unplaced, beside those that wait already for a reason of their own."""
        unplaced = (*self.unplaced, *rows_as_json(self))
        return replace(self, body=NO_ROWS, control_totals=(), unplaced=unplaced, reason=reason)


def rows_as_json(table: FoundTable) -> tuple[UnplacedRow, ...]:
    """Give the rows of a table that are no rows of a form: number and cells as JSON of column letters and text."""
    return tuple(
        UnplacedRow(
            row_number,
            json.dumps(
                {
                    table.columns[name]: texts[position]
                    for name, texts in table.body.fields.items()
                    if texts[position]
                },
                ensure_ascii=False,
            ),
        )
        for position, row_number in enumerate(table.body.row_numbers)
    )


def with_waiting(table: FoundTable, waiting: Sequence[UnplacedRow]) -> FoundTable:
    """Take rows out of a table, each for its own reason; what they are summed in says nothing of those that are left."""
    numbers = frozenset(row.row_number for row in waiting)
    if not numbers:
        return table
    return replace(
        table,
        body=table.body.without(numbers),
        control_totals=tuple(
            total
            for total in table.control_totals
            if not any(
                total.first_row <= number <= max(total.last_row, total.row_number) for number in numbers
            )
        ),
        unplaced=(*table.unplaced, *waiting),
    )


def with_rows_waiting(table: FoundTable, reasons: Mapping[int, Reason]) -> FoundTable:
    """Let rows of a table wait, each for its own reason, by their numbers; numbers of no row are passed over."""
    if not reasons:
        return table
    return with_waiting(
        table,
        [
            replace(row, reason=reasons[row.row_number])
            for row in rows_as_json(table)
            if row.row_number in reasons
        ],
    )


@dataclass(frozen=True, slots=True)
class SheetReading:
    """Everything that a sheet holds.

    Attributes:
        rows_seen: number of the last row that is not blank.
        unplaced: rows outside any table on a sheet that looks like a table but has no header.
    """

    number: int
    name: str
    rows_seen: int
    tables: tuple[FoundTable, ...]
    structure: tuple[StructureRun, ...]
    unplaced: tuple[UnplacedRow, ...]
    titles: tuple[TitleText, ...]
    reason: Reason | None

    @property
    def is_left_out(self) -> bool:
        """Whether all of it is structure; ``reason`` says why."""
        return self.reason is not None and self.reason.code in _LEFT_OUT

    def check_conservation(self) -> None:
        """Raise ConservationError unless rows seen = body + unplaced + structure, each row once."""
        rows = [number for table in self.tables for number in table.body.row_numbers]
        rows += [row.row_number for table in self.tables for row in table.unplaced]
        rows += [row.row_number for row in self.unplaced]
        rows += [number for run in self.structure for number in range(run.first_row, run.last_row + 1)]
        if sorted(rows) != list(range(1, self.rows_seen + 1)):
            raise ConservationError(
                f"sheet {self.name!r}: {self.rows_seen} rows seen, {len(rows)} accounted for, {len(set(rows))} distinct"
            )


def left_out(sheet: SheetReading, reason: Reason, titles: tuple[TitleText, ...] = ()) -> SheetReading:
    """Make structure of all rows of a sheet, for a reason of ``is_left_out``; what it says of whose it is may stay."""
    rows = [
        *sheet.unplaced,
        *(row for table in sheet.tables for row in (*table.unplaced, *rows_as_json(table))),
    ]
    notes = [StructureRun(None, row.row_number, row.row_number, RowKind.NOTE, row.cells) for row in rows]
    structure = (*(replace(run, table_number=None) for run in sheet.structure), *notes)
    return replace(
        sheet,
        tables=(),
        unplaced=(),
        titles=titles,
        structure=tuple(sorted(structure, key=attrgetter("first_row"))),
        reason=reason,
    )
