"""A table that goes on on the next sheet, where nobody drew its header again.

Long lists are cut at a page and the rest put on a sheet of its own. Such a sheet is read by the header of the sheet
before only on strong evidence: it begins with rows, all of them fit the columns, and the numbering goes on. In doubt it
stays a table of no form, which its branch is told.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from ingest.contracts.forms import FormField
from ingest.headers.form_match import FormMatch
from ingest.headers.header_regions import HeaderRegion, header_columns
from ingest.headers.matcher import HeaderMatcher
from ingest.headers.returned_list import is_list_of_findings
from ingest.rows.filled_cells import filled
from ingest.rows.kinds import RowKind
from ingest.tables.columns.measured_columns import units_of_table
from ingest.tables.columns.texts import body_rows_of, with_parts_joined
from ingest.tables.results import ControlTotal, FoundTable, SheetReading
from ingest.tables.row_classification import (
    Draft,
    banners_of,
    classify_rows,
    control_totals_of,
    layout_of,
    runs_of,
)
from ingest.tables.sheet_tables import read_sheet
from ingest.tables.shown_rows import rows_as_shown, with_hidden_rows_told
from ingest.tables.side_by_side import parted
from ingest.text.cells import Cell, is_blank
from ingest.text.folding import fold
from ingest.workbooks.grids import Sheet

_NO_HEADER = HeaderRegion(0, -1, ())
_DIGIT = re.compile(r"\d")
_NO_FIGURE = re.compile(r"^[\s.…_\-–—]*$")
_LONGEST_TICK = 5
_MAY_COME_FIRST = frozenset({RowKind.BLANK, RowKind.COLUMN_NUMBERS})
_CLOSES_TABLE = frozenset({RowKind.TOTAL, RowKind.SIGNATURE})

ReadSheet = tuple[Sheet, SheetReading]


@dataclass(frozen=True, slots=True)
class _Headed:
    """The sheet with the header, what was read of it, and the form that the header of its last table belongs to."""

    sheet: Sheet
    reading: SheetReading
    match: FormMatch


def read_sheets(sheets: Sequence[Sheet], matcher: HeaderMatcher) -> list[SheetReading]:
    """Read the sheets of a file, a sheet that continues the one before it by that one's header.

    Raises:
        ConservationError: rows of a sheet are unaccounted for, which is a defect.
    """
    readings: list[SheetReading] = []
    before: list[ReadSheet] = []  # a sheet with a header, and those that go on with its last table
    for sheet, regions in parted(sheets, matcher):
        reading = _summing_sheets_before(read_sheet(sheet, matcher, regions), readings)
        continued = _read_as_continuation(sheet, before, matcher) if before and not reading.tables else None
        before = [(sheet, reading)] if continued is None else [*before, (sheet, continued)]
        readings.append(continued or reading)
    return readings


def _summing_sheets_before(reading: SheetReading, before: Sequence[SheetReading]) -> SheetReading:
    """Let the total of a first table without rows sum those of its form on the sheets just before it."""
    if not reading.tables or reading.tables[0].body.row_numbers or not reading.tables[0].control_totals:
        return reading
    table, *others = reading.tables
    of_its_form = takewhile(
        lambda earlier: earlier.tables and earlier.tables[-1].form == table.form, reversed(before)
    )
    first_sheet_number = min((earlier.number for earlier in of_its_form), default=reading.number)
    totals = tuple(_over_all_sheets(total, first_sheet_number) for total in table.control_totals)
    return replace(reading, tables=(replace(table, control_totals=totals), *others))


def _read_as_continuation(
    sheet: Sheet, before: Sequence[ReadSheet], matcher: HeaderMatcher
) -> SheetReading | None:
    """Read a sheet by the last header before it; None unless all speaks for it.

    Args:
        before: the sheet with the header and those that have continued it, in their order.
    """
    headed_sheet, headed = before[0]
    last_sheet, last = before[-1]
    table = headed.tables[-1] if headed.tables else None
    if table is None or table.form is None or table.reason or not table.body.row_numbers:
        return None
    if sheet.is_hidden or sheet.number != last_sheet.number + 1 or is_list_of_findings(sheet.rows):
        return None
    region = HeaderRegion(table.header_first_row - 1, table.header_last_row - 1, ())
    columns = header_columns(headed_sheet, region, matcher)
    match = matcher.match(columns, fold(" ".join(title.text for title in headed.titles)))
    if match is None or match.form.name != table.form.name:
        return None
    numbering = next((column.index for column in columns if matcher.is_numbering(column.text)), None)
    layout = layout_of(match, columns, numbering)
    headed_columns = {column.index for column in columns}
    wide = replace(sheet, rows=_as_wide_as(sheet.rows, max(headed_columns) + 1))
    rows, told = rows_as_shown(wide, match, 0, len(wide.rows), table.money_scale)
    rows_seen = max((index + 1 for index, row in enumerate(rows) if filled(row)), default=0)
    draft = classify_rows(rows, [_NO_HEADER], rows_seen, layout, banners_of(sheet))
    body = [rows[index] for index in draft.body]
    if not body or not all(layout.are_surely_body(body)) or not _begins_with_rows(draft):
        return None
    rows_before = [last_sheet.rows[number - 1] for number in last.tables[-1].body.row_numbers]
    used = _used_columns(body)
    if not used <= headed_columns or not all(
        _fits(field, match, body, matcher) for field in match.form.fields
    ):
        return None
    count_before, counts = _last_count(rows_before, numbering), _counts(body, numbering)
    if count_before is not None:
        if counts != list(range(count_before + 1, count_before + 1 + len(counts))):
            return None
        because = f"số thứ tự nối tiếp từ {counts[0]}"
    elif used == _used_columns(rows_before) and not _is_closed(last):
        because = "các cột có cùng loại số liệu"
    else:
        return None
    decided_by = f"tiếp theo biểu ở trang tính “{headed_sheet.name}”: không có dòng tiêu đề, {because}"
    shown, told_of_hidden = with_hidden_rows_told(rows, sheet, draft, match)
    found = _continued_table(shown, draft, _Headed(headed_sheet, headed, match), matcher)
    reading = SheetReading(
        number=sheet.number,
        name=sheet.name,
        rows_seen=rows_seen,
        tables=(replace(found, form_decided_by=decided_by, findings=(*told, *told_of_hidden)),),
        structure=tuple(runs_of(rows, draft.kinds, 1)),
        unplaced=(),
        titles=(),
        reason=None,
    )
    reading.check_conservation()
    return reading


def _continued_table(
    rows: list[list[Cell]], draft: Draft, headed: _Headed, matcher: HeaderMatcher
) -> FoundTable:
    """Give the rows as a table of their own, without a header; a control total sums those of the sheets before too."""
    match, parts = with_parts_joined(headed.match)
    return replace(
        headed.reading.tables[-1],
        number=1,
        header_first_row=1,
        header_last_row=0,
        last_row=max([*draft.body, *(total.index for total in draft.totals)]) + 1,
        body=body_rows_of(
            rows, draft.body, match, parts, units_of_table(match, headed.reading.titles, matcher)
        ),
        control_totals=tuple(
            _over_all_sheets(total, headed.sheet.number) for total in control_totals_of(rows, draft, match)
        ),
        money_unit_unclear=None,  # told once, where it stands
    )


def _over_all_sheets(total: ControlTotal, first_sheet_number: int) -> ControlTotal:
    return replace(total, first_sheet_number=first_sheet_number) if total.kind is RowKind.TOTAL else total


def _as_wide_as(rows: list[list[Cell]], width: int) -> list[list[Cell]]:
    missing = width - len(rows[0]) if rows else 0
    return [[*row, *[""] * missing] for row in rows] if missing > 0 else rows


def _begins_with_rows(draft: Draft) -> bool:
    return all(kind in _MAY_COME_FIRST for index, kind in draft.kinds.items() if index < draft.body[0])


def _used_columns(rows: Sequence[Sequence[Cell]]) -> set[int]:
    return {index for row in rows for index in filled(row)}


def _is_closed(reading: SheetReading) -> bool:
    """Whether a total or signatures stand under the last table of a sheet."""
    table = reading.tables[-1]
    return any(
        run.table_number == table.number
        and run.kind in _CLOSES_TABLE
        and run.first_row > table.body.row_numbers[-1]
        for run in reading.structure
    )


def _counts(rows: Sequence[Sequence[Cell]], numbering: int | None) -> list[int | None]:
    return [_count(row[numbering]) for row in rows] if numbering is not None else []


def _last_count(rows: Sequence[Sequence[Cell]], numbering: int | None) -> int | None:
    """Give the last number of a numbering that is filled in, else None."""
    return next((count for count in reversed(_counts(rows, numbering)) if count is not None), None)


def _count(cell: Cell) -> int | None:
    if isinstance(cell, str):
        digits = cell.strip().strip("().[]/-").strip()
        return int(digits) if digits.isdecimal() and len(digits) < 10 else None
    return int(cell) if isinstance(cell, (int, float)) and float(cell).is_integer() else None


def _fits(
    form_field: FormField, match: FormMatch, rows: Sequence[Sequence[Cell]], matcher: HeaderMatcher
) -> bool:
    """Whether the values of a column are of the kind that its field holds."""
    column = match.columns.get(form_field.name)
    values = [row[column.index] for row in rows if not is_blank(row[column.index])] if column else []
    if not values:
        return True
    texts = [value for value in values if isinstance(value, str)]
    if form_field.type == "boolean":
        return all(len(text.strip()) <= _LONGEST_TICK for text in texts)
    if form_field.type != "string":
        return all(_DIGIT.search(text) or _NO_FIGURE.match(text) for text in texts)
    if not form_field.is_required:
        return True
    if form_field.choices in matcher.known_lists and not form_field.open_choice:
        return 2 * sum(matcher.is_choice(form_field.choices, text) for text in texts) > len(values)
    return 2 * sum(not _NO_FIGURE.match(_DIGIT.sub("", text)) for text in texts) > len(values)
