"""Tables that stand side by side on one sheet, each read as if it had a sheet of its own.

A row of the sheet is then a row of each of them, so that every further table gets a sheet number of its own, from which
``drawn_on`` gives the real one. Cells stay where they are: what belongs to the other tables is blank.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise

from ingest.headers.form_match import HeaderColumn
from ingest.headers.header_regions import HeaderRegion, find_header_regions, header_columns
from ingest.headers.matcher import HeaderMatcher
from ingest.text.cells import cell_text, column_name
from ingest.text.folding import fold
from ingest.workbooks.grids import Sheet

_FARTHEST_HEADER = 60
_FURTHER_TABLE = 100_000
_FEWEST_COLUMNS = 6
_MOST_REMEMBERED_HEADERS = 256  # most sheets have one that was seen before


def drawn_on(sheet_number: int) -> int:
    """Give the number of the sheet that a table stands on, of one beside another too."""
    return sheet_number % _FURTHER_TABLE


def side_by_side(sheet: Sheet, regions: Sequence[HeaderRegion], matcher: HeaderMatcher) -> list[Sheet]:
    """Part a sheet where tables stand side by side; whatever stands below their headers is parted too.

    Tables are only told apart where each of them has all that its form requires.
    """
    if not regions or regions[0].first >= _FARTHEST_HEADER or len(sheet.rows[0]) < _FEWEST_COLUMNS:
        return [sheet]
    columns = tuple(header_columns(sheet, regions[0], matcher))
    shared: Collection[int] = ()
    starts: Sequence[int] = _starts(columns, matcher) or _starts_of_blocks(sheet, regions, matcher)
    if not starts:
        shared, starts = _starts_under_one_day(columns, matcher)
    if not starts:
        return [sheet]
    width = len(sheet.rows[0])
    return [
        _lane(sheet, regions[0].first, range(first, after), position, shared)
        for position, (first, after) in enumerate(pairwise([0, *starts, width]))
    ]


@lru_cache(_MOST_REMEMBERED_HEADERS)
def _starts(columns: tuple[HeaderColumn, ...], matcher: HeaderMatcher) -> tuple[int, ...]:
    """Give the first column of each further table whose header stands in the same rows."""
    for position in range(1, len(columns)):
        left, right = columns[:position], columns[position:]
        is_cut = right[0].index > left[-1].index + 1 or any(
            right[0].path[-1:] == column.path[-1:] for column in left
        )
        if is_cut and _is_whole(left, matcher):
            further = _starts(right, matcher)
            if further or _is_whole(right, matcher):
                return (right[0].index, *further)
    return ()


@lru_cache(_MOST_REMEMBERED_HEADERS)
def _starts_under_one_day(
    columns: tuple[HeaderColumn, ...], matcher: HeaderMatcher
) -> tuple[Sequence[int], Sequence[int]]:
    """Give the columns that tables share, numbering and day, and the first column of each further table.

    Of a further table every column but the day stands again, under the same header; what stands again under *Kế hoạch*
    or *Lũy kế* is of the same row.
    """
    columns = tuple(column for column in columns if column.path)
    paths = [column.path for column in columns]
    for position in range(2, len(columns)):
        left, first = columns[:position], paths.index(paths[position])
        match = matcher.match(left, "")
        if first == position or match is None or match.missing or match.form.event_date is None:
            continue
        shared = left[:first]
        day = match.columns[match.form.event_date]
        if [column for column in shared if not matcher.is_numbering(column.text)] != [day]:
            continue
        tables = [
            columns[at : at + position - first] for at in range(position, len(columns), position - first)
        ]
        if all(
            _is_whole([*shared, *table], matcher)
            and {column.path for column in table} <= set(paths[first:position])
            for table in tables
        ):
            return [column.index for column in shared], [table[0].index for table in tables]
    return (), ()


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


def _lane(sheet: Sheet, header: int, columns: range, position: int, shared: Collection[int] = ()) -> Sheet:
    """Give the sheet with one of its tables alone; of several units of measure above them, with its own.

    Args:
        header: the row of the first header, from 0.
        columns: its own, from 0.
        position: which of the tables, from the left.
        shared: columns of all tables; they say nothing in a row that holds nothing of its own.
    """
    own = set(columns).difference(shared)
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
            has_values = any(cell_text(cells[column]).strip() for column in own)
            left_out = set(range(len(cells))).difference(own, shared if has_values else ())
        rows.append(["" if column in left_out else cell for column, cell in enumerate(cells)])
    merged = (
        None
        if sheet.merged is None
        else tuple(
            span
            for span in sheet.merged
            if span.first_row < header or span.first_column in own or span.first_column in shared
        )
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


def parted(
    sheets: Sequence[Sheet], matcher: HeaderMatcher
) -> Iterator[tuple[Sheet, Sequence[HeaderRegion] | None]]:
    """Give the sheets of a file with their headers; those with tables side by side in parts, whose are to be found yet."""
    for sheet in sheets:
        regions = find_header_regions(sheet, len(sheet.rows), matcher)
        parts = side_by_side(sheet, regions, matcher)
        yield from ((part, regions if len(parts) == 1 else None) for part in parts)
