"""Finding the tables of a sheet, with an account of every row.

A sheet comes in as a grid and goes out as tables whose columns are handed over whole, as text with row numbers, and as
runs of rows recognised as structure. Nothing is dropped: ``SheetReading.check_conservation`` raises when a row is
missing or stands twice. Values are not judged here.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from ingest.cells import (
    EMPTY_LETTER,
    cell_text,
    column_letters,
    column_name,
    column_texts,
    is_blank,
)
from ingest.contracts import FormContract
from ingest.feedback.marker import is_list_of_findings
from ingest.headers import FormMatch, HeaderColumn, HeaderMatcher
from ingest.sheet_rows import (
    RowKind,
    TableColumns,
    classify,
    continues_header,
    filled,
    is_carried_forward,
    is_column_numbers,
    is_count,
    is_grand_total,
    is_header_row,
    is_labelled_total,
    is_signature,
)
from ingest.verdicts import Reason, ReasonCode
from ingest.vietnamese import compose, fold, strip_marks
from ingest.workbook import Cell, Sheet

_HEADER_DEPTH = 3
_FARTHEST_HEADER = 60
_FAR_TITLE_ROWS = 12
_DIGIT = re.compile(r"\d")
_TITLE_BLOCK = re.compile(
    r"^(?:hoilhpn|hoiphunu|hoilienhiep|bch|banchaphanh|conghoaxahoi|doclap|bieu(?:so|mau)?\d|bm\d|mauso|phuluc)"
)
_TITLE_START = re.compile(
    r"^(?:hoi|bch|bieu|banchaphanh|conghoa|doclap|phuluc|danhsach|mau|chihoi|thon|buon|xa|donvi|[ivx]+$)"
)
_UOM_MARK = r"(?:\bd\.?\s?v\.?\s?t(?:inh)?\b\.?|\bd(?:on|\.)?\s*v(?:i)?\.?\s*tinh|\bdon\s*vi)\s*[:\-.=]?\s*"
# Every place where a unit of measure may start is looked at: *Đơn vị: Xã Ea Bông, ĐVT: triệu đồng*.
_MONEY_UNIT = re.compile(rf"{_UOM_MARK}(?=([^()]+))", re.IGNORECASE)
_MONEY_UNIT_NEXT_CELL = re.compile(rf"^\W*{_UOM_MARK}$", re.IGNORECASE)


class ConservationError(AssertionError):
    """Rows of a sheet are unaccounted for: a defect of the reader, never of a file."""


@dataclass(frozen=True, slots=True)
class TitleText:
    """A text above a table, with its cell; evidence for unit, period and unit of measure."""

    cell: str
    text: str


@dataclass(frozen=True, slots=True)
class StructureRun:
    """Rows one after the other that are structure of one kind; numbers from 1, both ends included."""

    table_number: int | None
    first_row: int
    last_row: int
    kind: RowKind
    cells: str | None


@dataclass(frozen=True, slots=True)
class ControlTotal:
    """One figure of a total or sub-total, with the rows that it sums."""

    row_number: int
    kind: RowKind
    first_row: int
    last_row: int
    field_name: str
    value: str
    cell_type: str


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


NO_ROWS = BodyRows([], {}, [], [])


@dataclass(frozen=True, slots=True)
class UnplacedRow:
    """A row that could not be given to any form."""

    row_number: int
    cells: str


@dataclass(frozen=True, slots=True)
class FoundTable:
    """One table of a sheet; refused when ``reason`` is given, then its rows are ``unplaced``."""

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


@dataclass(slots=True)
class _HeaderRegion:
    """Rows of a header, from 0, both ends included."""

    first: int
    last: int
    texts: tuple[tuple[str, ...], ...]


@dataclass(slots=True)
class _Draft:
    """A table while its rows are being gone through."""

    kinds: dict[int, RowKind] = field(default_factory=dict)
    body: list[int] = field(default_factory=list)
    totals: list["_TotalRow"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _TotalRow:
    """A row with a total or sub-total, from 0; ``is_above`` when it stands over the rows that it sums."""

    index: int
    kind: RowKind
    is_above: bool = False
    is_carried: bool = False


def read_sheet(sheet: Sheet, matcher: HeaderMatcher) -> SheetReading:
    """Find the tables of a sheet and account for its rows.

    Raises:
        ConservationError: the account does not add up, which is a defect of this module.
    """
    rows = sheet.rows
    rows_seen = _last_filled(rows)
    if is_list_of_findings(rows):
        reading = _read_list_of_findings(sheet, rows_seen)
    elif regions := (
        _header_regions(sheet, rows_seen, matcher)
        or _header_regions(sheet, min(rows_seen, _FARTHEST_HEADER), matcher, may_hold_numbers=True)
    ):
        reading = _read_tables(sheet, rows_seen, regions, matcher)
    else:
        reading = _read_without_table(sheet, rows_seen)
    reading.check_conservation()
    return reading


def _last_filled(rows: list[list[Cell]]) -> int:
    for index in range(len(rows) - 1, -1, -1):
        if filled(rows[index]):
            return index + 1
    return 0


def _read_list_of_findings(sheet: Sheet, rows_seen: int) -> SheetReading:
    """Account for our own list in a workbook that comes back; what it quotes is no evidence."""
    notes = tuple(_runs(sheet.rows, dict.fromkeys(range(rows_seen), RowKind.NOTE), None))
    return SheetReading(sheet.number, sheet.name, rows_seen, (), notes, (), (), None)


def _read_without_table(sheet: Sheet, rows_seen: int) -> SheetReading:
    kinds = dict.fromkeys(range(rows_seen), RowKind.NOTE)
    tabular = [index for index in range(rows_seen) if len(filled(sheet.rows[index])) >= 3]
    titles = tuple(_titles(sheet.rows, range(min(rows_seen, 15))))
    if len(tabular) < 2 or sheet.is_hidden:
        return SheetReading(
            sheet.number, sheet.name, rows_seen, (), tuple(_runs(sheet.rows, kinds, None)), (), titles, None
        )
    unplaced = tuple(
        UnplacedRow(index + 1, _cells_json(sheet.rows[index])) for index in kinds if filled(sheet.rows[index])
    )
    blank = {index: RowKind.BLANK for index in kinds if not filled(sheet.rows[index])}
    return SheetReading(
        number=sheet.number,
        name=sheet.name,
        rows_seen=rows_seen,
        tables=(),
        structure=tuple(_runs(sheet.rows, blank, None)),
        unplaced=unplaced,
        titles=titles,
        reason=Reason.of(ReasonCode.UNKNOWN_TABLE, sheet=sheet.name),
    )


def _read_tables(
    sheet: Sheet, rows_seen: int, regions: Sequence[_HeaderRegion], matcher: HeaderMatcher
) -> SheetReading:
    rows = sheet.rows
    tables: list[FoundTable] = []
    structure: list[StructureRun] = []
    titles: list[TitleText] = []
    title_start = 0
    position = 0
    while position < len(regions):
        region = regions[position]
        repeats: list[_HeaderRegion] = []
        for later in regions[position + 1 :]:
            if later.texts != region.texts or _starts_anew(rows, region.last + 1, later.first, matcher):
                break
            repeats.append(later)
        following = regions[position + 1 + len(repeats) :]
        end = following[0].first if following else rows_seen
        own_titles = _titles(rows, range(title_start, region.first))
        titles += own_titles
        structure += _runs(rows, dict.fromkeys(range(title_start, region.first), RowKind.TITLE), None)
        headers = [region, *repeats]
        number = len(tables) + 1
        table, kinds, title_start = _read_table(
            sheet, number, headers, end, bool(following), own_titles, titles, matcher
        )
        tables.append(table)
        structure += _runs(rows, kinds, number)
        position += len(headers)
    reading_reason = next((table.reason for table in tables if table.reason), None)
    return SheetReading(
        number=sheet.number,
        name=sheet.name,
        rows_seen=rows_seen,
        tables=tuple(tables),
        structure=tuple(structure),
        unplaced=(),
        titles=tuple(titles),
        reason=reading_reason if all(table.reason for table in tables) else None,
    )


def _read_table(
    sheet: Sheet,
    number: int,
    headers: Sequence[_HeaderRegion],
    end: int,
    is_followed: bool,
    own_titles: Sequence[TitleText],
    all_titles: Sequence[TitleText],
    matcher: HeaderMatcher,
) -> tuple[FoundTable, dict[int, RowKind], int]:
    """Read one table; gives it, the kinds of its structure rows, and the row where the next table's title starts."""
    region = headers[0]
    columns = _header_columns(sheet, region, matcher)
    match = matcher.match(columns, fold(" ".join(title.text for title in own_titles)))
    numbering = next((column.index for column in columns if matcher.is_numbering(column.text)), None)
    layout = _layout(match, columns, numbering)
    rows = _fill_merged(sheet, match, region.last + 1, end)
    if is_followed:
        end = _title_block_start(rows, headers[-1].last + 1, end, layout, matcher)
    draft = _classify_rows(rows, headers, end, layout, _banners(sheet))
    _take_out_total_without_label(rows, draft, match, layout)
    if match is not None and draft.body:
        match = _with_unlabelled_columns(rows, draft.body, match, columns)
    parts = _parts_of_texts(match) if match is not None else {}
    if match is not None and parts:
        taken = {index for indexes in parts.values() for index in indexes}
        match = replace(match, extra=tuple(column for column in match.extra if column.index not in taken))
    title_start = _next_title_start(rows, draft, end, matcher) if is_followed else end
    kinds = {index: kind for index, kind in draft.kinds.items() if index < title_start}
    scale, decided_by = _money_scale(match, own_titles, all_titles, matcher)
    reason = _refusal(match, region, sheet)
    is_refused = reason is not None
    body = [] if is_refused or match is None else draft.body
    return (
        FoundTable(
            number=number,
            form=match.form if match else None,
            form_decided_by=match.decided_by if match else None,
            header_first_row=region.first + 1,
            header_last_row=region.last + 1,
            last_row=max([region.last, *draft.body, *(total.index for total in draft.totals)]) + 1,
            columns={name: column_name(column.index) for name, column in match.columns.items()}
            if match
            else {},
            extra_columns=tuple((column_name(c.index), c.text) for c in match.extra) if match else (),
            money_scale=scale,
            money_scale_decided_by=decided_by,
            body=_body_rows(rows, body, match, parts),
            control_totals=() if is_refused or match is None else tuple(_control_totals(rows, draft, match)),
            unplaced=tuple(UnplacedRow(index + 1, _cells_json(rows[index])) for index in draft.body)
            if is_refused
            else (),
            reason=reason,
        ),
        kinds,
        title_start,
    )


def _header_regions(
    sheet: Sheet, rows_seen: int, matcher: HeaderMatcher, may_hold_numbers: bool = False
) -> list[_HeaderRegion]:
    regions: list[_HeaderRegion] = []
    index = 0
    number_column = 0
    while index < rows_seen:
        row = sheet.rows[index]
        if not may_hold_numbers and not isinstance(row[number_column], str):
            index += 1
            continue
        number_column = next(
            (column for column, cell in enumerate(row) if not isinstance(cell, str)), number_column
        )
        if not is_header_row(sheet.rows[index], matcher, may_hold_numbers):
            index += 1
            continue
        last = index
        while last + 1 < min(rows_seen, index + _HEADER_DEPTH) and (
            _is_spanned(sheet, index, last + 1)
            or continues_header(sheet.rows[last + 1], matcher)
            or _is_under_groups(sheet, index, last + 1, matcher)
        ):
            last += 1
        texts = tuple(
            tuple(fold(cell_text(cell)) for cell in sheet.rows[row]) for row in range(index, last + 1)
        )
        region = _HeaderRegion(index, last, texts)
        if not regions or not _is_row_of_values(sheet, region, matcher):
            regions.append(region)
        index = last + 1
    return regions


def _is_row_of_values(sheet: Sheet, region: _HeaderRegion, matcher: HeaderMatcher) -> bool:
    """Whether a row amid a table only happens to read like a header: it follows a row and heads no form."""
    return bool(filled(sheet.rows[region.first - 1])) and (
        matcher.match(_header_columns(sheet, region, matcher), "") is None
    )


def _starts_anew(rows: list[list[Cell]], first: int, header: int, matcher: HeaderMatcher) -> bool:
    """Whether the same header again starts another table, after a total or a title, rather than another page."""
    for index in range(max(first, header - _FAR_TITLE_ROWS), header):
        positions = filled(rows[index])
        if is_grand_total(rows[index], positions) and not is_carried_forward(rows[index], positions):
            return True
        if len(positions) <= 3 and any(matcher.is_title(cell_text(rows[index][p])) for p in positions):
            return True
    return False


def _banners(sheet: Sheet) -> frozenset[int]:
    """Give the rows in which cells are merged over three columns or more, from 0."""
    return frozenset(
        span.first_row
        for span in sheet.merged or ()
        if span.first_row == span.last_row and span.last_column - span.first_column >= 2
    )


def _fill_merged(sheet: Sheet, match: FormMatch | None, first: int, end: int) -> list[list[Cell]]:
    """Give the rows with texts and dates that are merged over several rows of a table standing in each of them.

    Numbers are left alone: one amount for three rows is one amount.
    """
    if match is None or not sheet.merged:
        return sheet.rows
    fillable = {
        match.columns[form_field.name].index
        for form_field in match.form.fields
        if form_field.type in ("string", "date", "year_or_date") and form_field.name in match.columns
    }
    rows = sheet.rows
    for span in sheet.merged:
        is_down_a_column = span.first_column == span.last_column and span.last_row > span.first_row
        if not is_down_a_column or span.first_column not in fillable or not first <= span.first_row < end:
            continue
        value = rows[span.first_row][span.first_column]
        for index in range(span.first_row + 1, min(span.last_row + 1, end)):
            if len(filled(rows[index])) > 1 and is_blank(rows[index][span.first_column]):
                rows = rows if rows is not sheet.rows else [*rows]
                rows[index] = [*rows[index]]
                rows[index][span.first_column] = value
    return rows


def _is_spanned(sheet: Sheet, first: int, row: int) -> bool:
    """Whether a merged range that starts in a header's first row reaches down to another row."""
    return any(merged.first_row == first and merged.last_row >= row for merged in sheet.merged or ())


def _is_under_groups(sheet: Sheet, first: int, row: int, matcher: HeaderMatcher) -> bool:
    """Whether a row of texts stands only under groups of a header, so that its words need not all be known."""
    cells = sheet.rows[row]
    positions = filled(cells)
    texts = [cells[index] for index in positions]
    if not texts or not all(isinstance(text, str) and not _DIGIT.search(text) for text in texts):
        return False
    spanned = {
        column
        for span in sheet.merged or ()
        if span.first_row == first and span.last_column > span.first_column
        for column in range(span.first_column, span.last_column + 1)
    }
    if spanned:
        return spanned.issuperset(positions)
    header = sheet.rows[first]
    grouped = [
        index
        for index in positions
        if is_blank(header[index]) or (index + 1 < len(header) and is_blank(header[index + 1]))
    ]
    return (
        len(grouped) == len(positions) > 1
        and any(is_blank(header[index]) for index in positions)
        and any(matcher.starts_header(str(text)) for text in texts)
    )


def _header_columns(sheet: Sheet, region: _HeaderRegion, matcher: HeaderMatcher) -> list[HeaderColumn]:
    width = len(sheet.rows[region.first])
    grid = [
        [cell_text(cell).strip() for cell in sheet.rows[row]] for row in range(region.first, region.last + 1)
    ]
    merged = [
        span
        for span in sheet.merged or ()
        if region.first <= span.first_row <= region.last and span.first_column < min(span.last_column, width)
    ]
    for span in merged:
        text = grid[span.first_row - region.first][span.first_column]
        for column in range(span.first_column + 1, min(span.last_column + 1, width)):
            grid[span.first_row - region.first][column] = text
    if not merged:
        _spread_to_the_right(grid)
    columns = [matcher.column(index, [line[index] for line in grid]) for index in range(width)]
    return [column for column in columns if column.text]


def _spread_to_the_right(grid: list[list[str]]) -> None:
    """Carry a group's header over the blank cells that it spans, where merged ranges are not told."""
    for depth, line in enumerate(grid[:-1]):
        below = grid[depth + 1 :]
        for index in range(1, len(line)):
            has_part_below = any(lower[index] for lower in below)
            if (
                not line[index]
                and has_part_below
                and line[index - 1]
                and any(lower[index - 1] for lower in below)
            ):
                line[index] = line[index - 1]


def _layout(match: FormMatch | None, columns: Sequence[HeaderColumn], numbering: int | None) -> TableColumns:
    if match is not None:
        return TableColumns.of(match.form, {name: c.index for name, c in match.columns.items()}, numbering)
    known = tuple(column.index for column in columns)
    return TableColumns(numbering=numbering, required=known, wordy=(), typed=(), known=known)


def _classify_rows(
    rows: list[list[Cell]],
    headers: Sequence[_HeaderRegion],
    end: int,
    layout: TableColumns,
    banners: frozenset[int],
) -> _Draft:
    draft = _Draft()
    for header in headers:
        draft.kinds.update(dict.fromkeys(range(header.first, header.last + 1), RowKind.HEADER))
    after_total = after_signature = False
    may_be_numbers = True
    is_surely_body = layout.is_surely_body
    for index in range(headers[0].last + 1, end):
        row = rows[index]
        if index in draft.kinds:
            may_be_numbers, after_total, after_signature = True, False, False
            continue
        if not may_be_numbers and is_surely_body(row):
            after_total = after_signature = False
            draft.body.append(index)
            continue
        positions = filled(row)
        if not positions:
            kind = RowKind.BLANK
        elif may_be_numbers and is_column_numbers(row):
            kind = RowKind.COLUMN_NUMBERS
        else:
            kind = classify(row, layout, after_total, after_signature)
            if kind is RowKind.BODY and index in banners and len(positions) == 1:
                kind = RowKind.NOTE
        after_total = (
            after_total or (kind is RowKind.TOTAL and bool(draft.body))
        ) and kind is not RowKind.BODY
        after_signature = (after_signature or kind is RowKind.SIGNATURE) and kind is not RowKind.BODY
        if kind is RowKind.BODY:
            may_be_numbers = False
            draft.body.append(index)
            continue
        draft.kinds[index] = kind
        if kind in (RowKind.TOTAL, RowKind.SUBTOTAL):
            draft.totals.append(
                _TotalRow(
                    index,
                    kind,
                    is_above=kind is RowKind.SUBTOTAL and not is_labelled_total(row, positions),
                    is_carried=is_carried_forward(row, positions),
                )
            )
    _settle_totals(draft)
    return draft


def _settle_totals(draft: _Draft) -> None:
    """Take for sub-totals the rows *Cộng* that close groups: more rows and another total come after them."""
    if not draft.body:
        return
    closing = [total for total in draft.totals if total.kind is RowKind.TOTAL and not total.is_carried]
    closing = [total for total in closing if total.index > draft.body[0]]
    groups = {total.index for total in closing[:-1] if any(row > total.index for row in draft.body)}
    if groups:
        groups |= {total.index for total in closing[:-1]}
    for position, total in enumerate(draft.totals):
        if total.index in groups:
            draft.totals[position] = replace(total, kind=RowKind.SUBTOTAL)
            draft.kinds[total.index] = RowKind.SUBTOTAL


def _take_out_total_without_label(
    rows: list[list[Cell]], draft: _Draft, match: FormMatch | None, layout: TableColumns
) -> None:
    """Take a last row of numbers alone for the control total when each of them is the sum of the rows above."""
    if match is None or len(draft.body) < 3 or draft.totals:
        return
    *summed, last = draft.body
    figures = filled(rows[last])
    numeric = {
        match.columns[form_field.name].index
        for form_field in match.form.fields
        if form_field.type in ("integer", "number") and form_field.name in match.columns
    }
    if not figures or not numeric.issuperset(figures) or len(layout.wordy) < 2:
        return
    for column in figures:
        values = [rows[index][column] for index in (*summed, last)]
        numbers = [value for value in values if isinstance(value, (int, float))]
        if not isinstance(values[-1], (int, float)) or abs(sum(numbers[:-1]) - numbers[-1]) > 1e-6:
            return
    draft.body.pop()
    draft.kinds[last] = RowKind.TOTAL
    draft.totals.append(_TotalRow(last, RowKind.TOTAL))


def _with_unlabelled_columns(
    rows: list[list[Cell]], body: Sequence[int], match: FormMatch, columns: Sequence[HeaderColumn]
) -> FormMatch:
    """Add the columns that hold values but have no header, so that none of them is lost."""
    headed = {column.index for column in columns}
    if len(headed) == len(rows[body[0]]):
        return match
    unlabelled = []
    for index, cells in enumerate(zip(*(rows[row] for row in body), strict=True)):
        if index in headed or not any(cells):
            continue
        values = [cell for cell in cells if cell != "" and not is_blank(cell)]
        if values and not all(map(is_count, values)):
            unlabelled.append(HeaderColumn(index, f"cột {column_name(index)}", (), None))
    return replace(match, extra=(*match.extra, *unlabelled)) if unlabelled else match


def _title_block_start(
    rows: list[list[Cell]], first: int, end: int, layout: TableColumns, matcher: HeaderMatcher
) -> int:
    """Give the row where the title block of the next table starts, when it shows itself as one; else ``end``."""
    start = end
    for index in range(end - 1, max(first, end - _FAR_TITLE_ROWS) - 1, -1):
        row = rows[index]
        positions = filled(row)
        is_counted = layout.numbering is not None and is_count(row[layout.numbering])
        if is_counted or layout.is_surely_body(row) or is_labelled_total(row, positions):
            break
        texts = [cell_text(row[position]) for position in positions]
        if any(_TITLE_BLOCK.match(fold(text)) or matcher.is_title(text) for text in texts):
            start = index
    return start


def _next_title_start(rows: list[list[Cell]], draft: _Draft, end: int, matcher: HeaderMatcher) -> int:
    """Give the row after which everything up to the next header is that table's title block."""
    settled = [*draft.body, *(total.index for total in draft.totals)]
    settled += [
        index for index, kind in draft.kinds.items() if kind in (RowKind.HEADER, RowKind.COLUMN_NUMBERS)
    ]
    signed = [
        index
        for index, kind in draft.kinds.items()
        if kind is RowKind.SIGNATURE and is_signature(rows[index], filled(rows[index]))
    ]
    start = min(end, max([*settled, *signed]) + 1)
    for index in range(start, end if signed and max(signed) >= max(settled) else start):
        texts = [cell_text(rows[index][position]) for position in filled(rows[index])]
        if any(_TITLE_START.match(fold(text)) or matcher.is_title(text) for text in texts):
            break
        if texts and draft.kinds.get(index) is RowKind.SIGNATURE:
            start = index + 1
    return start


def _refusal(match: FormMatch | None, region: _HeaderRegion, sheet: Sheet) -> Reason | None:
    if match is None:
        return Reason.of(ReasonCode.UNKNOWN_TABLE, sheet=sheet.name)
    if match.missing:
        return Reason.of(
            ReasonCode.MISSING_REQUIRED_COLUMN,
            form=match.form.title,
            columns=", ".join(f"“{missing.title}”" for missing in match.missing),
            row=region.last + 1,
        )
    return None


def _money_scale(
    match: FormMatch | None,
    own_titles: Sequence[TitleText],
    all_titles: Sequence[TitleText],
    matcher: HeaderMatcher,
) -> tuple[int, str]:
    """Decide what money cells are multiplied by, and say by which cell."""
    for form_field in match.form.fields if match else ():
        column = match.columns.get(form_field.name) if match and form_field.is_money else None
        if column is not None and column.money_scale is not None:
            return column.money_scale, f"header {column_name(column.index)}: {column.text}"
    for titles in (own_titles, all_titles):
        for position in range(len(titles) - 1, -1, -1):
            title = titles[position]
            text = strip_marks(title.text)
            if _MONEY_UNIT_NEXT_CELL.match(text) and position + 1 < len(titles):
                title = TitleText(title.cell, f"{title.text} {titles[position + 1].text}")
                text = strip_marks(title.text)
            for unit in _MONEY_UNIT.findall(text):
                scale = matcher.money_scale(unit)
                if scale is not None:
                    return scale, f"cell {title.cell}: {title.text}"
    return 1, "default: VND"


def _body_rows(
    rows: list[list[Cell]],
    body: Sequence[int],
    match: FormMatch | None,
    parts: Mapping[str, Sequence[int]],
) -> BodyRows:
    if match is None or not body:
        return NO_ROWS
    picked = [rows[index] for index in body]
    columns = list(zip(*picked, strict=True))
    fields: dict[str, Sequence[str | None]] = {}
    letters: list[Sequence[str]] = []
    absent = [EMPTY_LETTER] * len(picked)
    for form_field in match.form.fields:
        column = match.columns.get(form_field.name)
        if column is None:
            letters.append(absent)
            continue
        cells: Sequence[Cell] = columns[column.index]
        for index in parts.get(form_field.name, ()):
            cells = _side_by_side(cells, columns[index])
        texts = fields[form_field.name] = column_texts(cells)
        letters.append(column_letters(cells, texts))
    return BodyRows(
        row_numbers=[index + 1 for index in body],
        fields=fields,
        cell_types=list(map("".join, zip(*letters, strict=True))),
        extra_cells=[_extra_json(row, match.extra) for row in picked]
        if match.extra
        else [None] * len(picked),
    )


def _parts_of_texts(match: FormMatch) -> dict[str, list[int]]:
    """Give the further columns of text fields whose header spans several: *Họ và tên* over two columns is one name."""
    parts: dict[str, list[int]] = {}
    for form_field in match.form.fields:
        column = match.columns.get(form_field.name)
        if column is None or form_field.type != "string":
            continue
        following = column.index + 1
        for other in match.extra:
            if other.index == following and other.text == column.text:
                parts.setdefault(form_field.name, []).append(following)
                following += 1
    return parts


def _side_by_side(left: Sequence[Cell], right: Sequence[Cell]) -> list[Cell]:
    return [
        (cell_text(a) + " " + cell_text(b)).strip() if not is_blank(b) else a
        for a, b in zip(left, right, strict=True)
    ]


def _control_totals(rows: list[list[Cell]], draft: _Draft, match: FormMatch) -> list[ControlTotal]:
    if not draft.body:
        return []
    summed = [
        (form_field.name, match.columns[form_field.name].index)
        for form_field in match.form.fields
        if form_field.type in ("integer", "number") and form_field.name in match.columns
    ]
    found = []
    group_start = draft.body[0]
    for position, total in enumerate(draft.totals):
        index, kind = total.index, total.kind
        before = [row for row in draft.body if row < index]
        covered = before if kind is RowKind.SUBTOTAL else (before or draft.body)
        if total.is_above:
            next_total = draft.totals[position + 1].index if position + 1 < len(draft.totals) else None
            covered = [row for row in draft.body if index < row and (next_total is None or row < next_total)]
        elif kind is RowKind.SUBTOTAL:
            covered = [row for row in covered if row >= group_start]
            group_start = index
        if not covered:
            continue
        cells = rows[index]
        found += [
            ControlTotal(
                row_number=index + 1,
                kind=kind,
                first_row=covered[0] + 1,
                last_row=covered[-1] + 1,
                field_name=name,
                value=texts[0],
                cell_type=column_letters([cells[column]], texts)[0],
            )
            for name, column in summed
            if not isinstance(cells[column], bool) and (texts := column_texts([cells[column]]))[0]
        ]
    return found


def _titles(rows: list[list[Cell]], indexes: range) -> list[TitleText]:
    return [
        TitleText(f"{column_name(column)}{index + 1}", " ".join(compose(line).split()))
        for index in indexes
        for column in filled(rows[index])
        for line in cell_text(rows[index][column]).splitlines()
        if line.strip()
    ]


def _runs(rows: list[list[Cell]], kinds: dict[int, RowKind], table_number: int | None) -> list[StructureRun]:
    """Put rows of one kind that follow each other together; blank rows are told apart from what they stand in."""
    runs: list[StructureRun] = []
    for index in sorted(kinds):
        kind = kinds[index] if filled(rows[index]) else RowKind.BLANK
        if kind is RowKind.BLANK and runs and runs[-1].kind is kind and runs[-1].last_row == index:
            runs[-1] = StructureRun(table_number, runs[-1].first_row, index + 1, kind, None)
        else:
            cells = None if not filled(rows[index]) else _cells_json(rows[index])
            runs.append(StructureRun(table_number, index + 1, index + 1, kind, cells))
    return runs


def _cells_json(row: Sequence[Cell]) -> str:
    return json.dumps(
        {column_name(index): cell_text(row[index]) for index in filled(row)}, ensure_ascii=False
    )


def _extra_json(row: Sequence[Cell], extra: Sequence[HeaderColumn]) -> str | None:
    cells = {column.text: cell_text(row[column.index]) for column in extra if not is_blank(row[column.index])}
    return json.dumps(cells, ensure_ascii=False) if cells else None
