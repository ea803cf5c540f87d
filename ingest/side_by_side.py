"""Tables that stand side by side on one sheet, each read as if it had a sheet of its own.

A row of the sheet is then a row of each of them, so that every further table gets a sheet number of its own, from which
``drawn_on`` gives the real one. Cells stay where they are: what belongs to the other tables is blank.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from ingest.cells import cell_text, column_name
from ingest.header_regions import HeaderRegion, find_header_regions, header_columns
from ingest.headers import HeaderColumn, HeaderMatcher
from ingest.vietnamese import fold
from ingest.workbook import Sheet

_FARTHEST_HEADER = 60
_FURTHER_TABLE = 100_000
_FEWEST_COLUMNS = 6


def drawn_on(sheet_number: int) -> int:
    """Give the number of the sheet that a table stands on, of one beside another too."""
    return sheet_number % _FURTHER_TABLE


def side_by_side(sheet: Sheet, matcher: HeaderMatcher) -> list[Sheet]:
    """Part a sheet where tables stand side by side; whatever stands below their headers is parted too.

    Tables are only told apart where each of them has all that its form requires.
    """
    if not sheet.rows or len(sheet.rows[0]) < _FEWEST_COLUMNS:
        return [sheet]
    regions = find_header_regions(sheet, min(len(sheet.rows), _FARTHEST_HEADER), matcher)
    if not regions:
        return [sheet]
    starts = [0, *_starts(header_columns(sheet, regions[0], matcher), matcher)]
    if len(starts) < 2:
        starts = [0, *_starts_of_blocks(sheet, regions, matcher)]
    if len(starts) < 2:
        return [sheet]
    width = len(sheet.rows[0])
    return [
        _lane(sheet, regions[0].first, range(first, after), position)
        for position, (first, after) in enumerate(pairwise([*starts, width]))
    ]


def _starts(columns: Sequence[HeaderColumn], matcher: HeaderMatcher) -> list[int]:
    """Give the first column of each further table whose header stands in the same rows."""
    for position in range(1, len(columns)):
        left, right = columns[:position], columns[position:]
        is_cut = right[0].index > left[-1].index + 1 or any(
            right[0].path[-1:] == column.path[-1:] for column in left
        )
        if is_cut and _is_whole(left, matcher):
            further = _starts(right, matcher)
            if further or _is_whole(right, matcher):
                return [right[0].index, *further]
    return []


def _starts_of_blocks(sheet: Sheet, regions: Sequence[HeaderRegion], matcher: HeaderMatcher) -> list[int]:
    """Give the same for tables between which a column is blank, and whose headers stand in different rows."""
    first_row = regions[0].first
    below = sheet.rows[first_row : first_row + _FARTHEST_HEADER]
    used = [any(cell_text(cell).strip() for cell in column) for column in zip(*below, strict=True)]
    starts = [
        index for index in range(1, len(used)) if used[index] and not used[index - 1] and any(used[:index])
    ]
    if not starts:
        return []
    blocks = [0, *starts, len(used)]
    whole = [
        first
        for first, after in pairwise(blocks)
        if _heads_a_form(_lane(sheet, first_row, range(first, after), 0), matcher)
    ]
    return whole[1:]


def _heads_a_form(sheet: Sheet, matcher: HeaderMatcher) -> bool:
    regions = find_header_regions(sheet, min(len(sheet.rows), _FARTHEST_HEADER), matcher)
    return bool(regions) and _is_whole(header_columns(sheet, regions[0], matcher), matcher)


def _is_whole(columns: Sequence[HeaderColumn], matcher: HeaderMatcher) -> bool:
    match = matcher.match(columns, "")
    return match is not None and not match.missing


def _lane(sheet: Sheet, header: int, columns: range, position: int) -> Sheet:
    """Give the sheet with one of its tables alone; of several units of measure above them, with its own."""
    units = {
        (row, column)
        for row, cells in enumerate(sheet.rows[:header])
        for column, cell in enumerate(cells)
        if fold(cell_text(cell)).startswith(("dvt", "donvitinh"))
    }
    has_own = any(column in columns for _, column in units)
    rows = []
    for row, cells in enumerate(sheet.rows):
        if row < header:
            left_out = {column for at, column in units if at == row and has_own and column not in columns}
        else:
            left_out = set(range(len(cells))).difference(columns)
        rows.append(["" if column in left_out else cell for column, cell in enumerate(cells)])
    merged = (
        None
        if sheet.merged is None
        else tuple(span for span in sheet.merged if span.first_row < header or span.first_column in columns)
    )
    if position == 0:
        return replace(sheet, rows=rows, merged=merged)
    return replace(
        sheet,
        number=position * _FURTHER_TABLE + sheet.number,
        name=f"{sheet.name} (bảng từ cột {column_name(columns.start)})",
        rows=rows,
        merged=merged,
    )


def parted(sheets: Sequence[Sheet], matcher: HeaderMatcher) -> Iterator[Sheet]:
    """Give the sheets of a file, those with tables side by side in parts."""
    for sheet in sheets:
        yield from side_by_side(sheet, matcher)
