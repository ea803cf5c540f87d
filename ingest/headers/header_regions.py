"""Where on a sheet the headers are, and which columns they make.

A header spans one to three rows with merged cells and sub-headers; the same one may come again after a page break.
What form its columns belong to is decided in ``matcher``.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ingest.headers.form_match import HeaderColumn
from ingest.headers.matcher import HeaderMatcher
from ingest.rows.filled_cells import filled
from ingest.rows.total_labels import total_kind
from ingest.text.cells import (
    Cell,
    cell_text,
    is_blank,
)
from ingest.text.folding import fold
from ingest.workbooks.grids import Sheet

_HEADER_DEPTH = 3
_DIGIT = re.compile(r"\d")
_COLUMN_NUMBER = re.compile(
    r"^[(\[]?\s*(?:(\d{1,2})|[A-Za-z])\s*[)\]]?\s*(?:=[\d\s()\[\]+\-*/xX:.%=]*)?[)\]]?$"
)
_IN_PARENTHESES = re.compile(r"^\s*\([^()]+\)\s*$")  # the units of columns: (người), (triệu đồng)
_TEXT_ONLY = frozenset({str})


@dataclass(slots=True)
class HeaderRegion:
    """The rows of a header.

    Attributes:
        first: the first of them, from 0.
        last: the last of them, which belongs to it.
        texts: folded cells, a tuple a row; the same header that comes again has the same.
    """

    first: int
    last: int
    texts: tuple[tuple[str, ...], ...]


def find_header_regions(
    sheet: Sheet, rows_seen: int, matcher: HeaderMatcher, may_hold_numbers: bool = False
) -> list[HeaderRegion]:
    """Find every header of a sheet, from the top; one that is repeated comes again.

    Args:
        rows_seen: how many rows to look at.
        may_hold_numbers: look also at rows with numbers in them, which is slow.
    """
    regions: list[HeaderRegion] = []
    index = 0
    number_column = 0
    while index < rows_seen:
        row = sheet.rows[index]
        if (not may_hold_numbers and not isinstance(row[number_column], str)) or not any(row):
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
        region = HeaderRegion(index, last, texts)
        if not regions or not _is_row_of_values(sheet, region, matcher):
            regions.append(region)
        index = last + 1
    return regions


def _is_row_of_values(sheet: Sheet, region: HeaderRegion, matcher: HeaderMatcher) -> bool:
    """Whether a row amid a table only happens to read like a header: it follows a row and heads no form."""
    return bool(filled(sheet.rows[region.first - 1])) and (
        matcher.match(header_columns(sheet, region, matcher), "") is None
    )


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


def header_columns(sheet: Sheet, region: HeaderRegion, matcher: HeaderMatcher) -> list[HeaderColumn]:
    """Make the columns of a header, groups carried over all that they span; columns without any text are left out.

    Two rows, the first cell of *Số người hưởng* merged over two columns, become four columns::

        Ngày | Hình thức | Số người hưởng |        →  Ngày · Hình thức · Số người hưởng > Tổng số · Số người hưởng > DTTS
             |           | Tổng số        | DTTS

    Of columns under one header the shown ones come first.
    """
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
    return _shown_first([column for column in columns if column.text], sheet.hidden_columns)


def _shown_first(columns: list[HeaderColumn], hidden: Collection[int]) -> list[HeaderColumn]:
    """Let a hidden column be no field where a column with the same header is shown; it is kept under another name."""
    shown = {column.path for column in columns if column.index not in hidden} if hidden else set()
    return [
        replace(column, text=f"{column.text} (cột ẩn)", path=("cotan" + "".join(column.path),))
        if column.index in hidden and column.path in shown
        else column
        for column in columns
    ]


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


def is_header_row(row: Sequence[Cell], matcher: HeaderMatcher, may_hold_numbers: bool = False) -> bool:
    """Whether a row can start a header: at least two header words that are half of all cells, or four.

    Headers are text; looking also at rows with numbers (a column headed *2023*) is slow and asked for apart.
    """
    if not may_hold_numbers and not set(map(type, row)) <= _TEXT_ONLY:
        return False
    cells = [cell for cell in row if cell != "" and not is_blank(cell)]
    if len(cells) < 2:
        return False
    known = sum(matcher.starts_header(str(cell)) for cell in cells)
    return known >= 2 and (2 * known >= len(cells) or known >= 4)


def continues_header(row: Sequence[Cell], matcher: HeaderMatcher) -> bool:
    """Whether a row under a header row still belongs to the header."""
    positions = filled(row)
    if not positions or not all(isinstance(row[index], str) for index in positions):
        return False
    if positions[0] <= 1 and total_kind(str(row[positions[0]])) is not None:
        return False
    known = sum(matcher.is_header_word(str(row[index])) for index in positions)
    if known and all(_IN_PARENTHESES.match(str(row[index])) for index in positions):
        return True
    return 3 * known >= 2 * len(positions)


def is_column_numbers(row: Sequence[Cell]) -> bool:
    """Whether a row only numbers the columns: 1, 2, 3 or (1), (2) or A, B, 1, 2 or A, B, C or 5 = 6 + 7."""
    numbers = []
    positions = filled(row)
    for index in positions:
        cell = row[index]
        if isinstance(cell, float) and cell.is_integer():
            cell = int(cell)
        match = _COLUMN_NUMBER.match(str(cell).strip())
        if not match:
            return False
        if match[1]:
            numbers.append(int(match[1]))
    if len(positions) < 3:
        return False
    if not numbers:
        letters = [ord(str(row[index]).strip(" ()[].").upper()) for index in positions]
        return letters[0] == ord("A") and all(after - before == 1 for before, after in pairwise(letters))
    if len(numbers) < 2:
        return False
    return numbers[0] <= 2 and all(0 < after - before <= 3 for before, after in pairwise(numbers))
