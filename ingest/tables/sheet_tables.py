"""Finding the tables of a sheet, with an account of every row.

A sheet comes in as a grid and goes out as tables whose columns are handed over whole, as text with row numbers, and as
runs of rows recognised as structure. Nothing is dropped: ``SheetReading.check_conservation`` raises when a row is
missing or stands twice. Values are not judged here.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ingest.contracts.verdicts import Reason, ReasonCode
from ingest.headers.header_regions import HeaderRegion, find_header_regions
from ingest.headers.matcher import HeaderMatcher
from ingest.headers.returned_list import is_list_of_findings
from ingest.rows.filled_cells import filled
from ingest.rows.kinds import RowKind
from ingest.tables.columns.texts import cells_json
from ingest.tables.results import (
    FoundTable,
    SheetReading,
    StructureRun,
    TitleText,
    UnplacedRow,
)
from ingest.tables.row_classification import runs_of
from ingest.tables.table_reading import HeadedTable, read_table
from ingest.tables.title_blocks import starts_anew, titles_in
from ingest.text.cells import (
    Cell,
)
from ingest.workbooks.grids import Sheet

_FARTHEST_HEADER = 60


def read_sheet(
    sheet: Sheet, matcher: HeaderMatcher, regions: Sequence[HeaderRegion] | None = None
) -> SheetReading:
    """Find the tables of a sheet and account for its rows.

    Args:
        sheet: its cells.
        matcher: knows the forms.
        regions: the sheet's headers, where they were found before.

    Raises:
        ConservationError: the account does not add up, which is a defect of this module.
    """
    rows = sheet.rows
    rows_seen = _last_filled(rows)
    if is_list_of_findings(rows):
        reading = _read_list_of_findings(sheet, rows_seen)
    elif regions := (
        (find_header_regions(sheet, rows_seen, matcher) if regions is None else regions)
        or find_header_regions(sheet, min(rows_seen, _FARTHEST_HEADER), matcher, may_hold_numbers=True)
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
    notes = tuple(runs_of(sheet.rows, dict.fromkeys(range(rows_seen), RowKind.NOTE), None))
    return SheetReading(sheet.number, sheet.name, rows_seen, (), notes, (), (), None)


def _read_without_table(sheet: Sheet, rows_seen: int) -> SheetReading:
    kinds = dict.fromkeys(range(rows_seen), RowKind.NOTE)
    tabular = [index for index in range(rows_seen) if len(filled(sheet.rows[index])) >= 3]
    titles = tuple(titles_in(sheet.rows, range(min(rows_seen, 15))))
    if len(tabular) < 2 or sheet.is_hidden:
        return SheetReading(
            sheet.number, sheet.name, rows_seen, (), tuple(runs_of(sheet.rows, kinds, None)), (), titles, None
        )
    unplaced = tuple(
        UnplacedRow(index + 1, cells_json(sheet.rows[index])) for index in kinds if filled(sheet.rows[index])
    )
    blank = {index: RowKind.BLANK for index in kinds if not filled(sheet.rows[index])}
    return SheetReading(
        number=sheet.number,
        name=sheet.name,
        rows_seen=rows_seen,
        tables=(),
        structure=tuple(runs_of(sheet.rows, blank, None)),
        unplaced=unplaced,
        titles=titles,
        reason=Reason.of(ReasonCode.UNKNOWN_TABLE, sheet=sheet.name),
    )


def _read_tables(
    sheet: Sheet, rows_seen: int, regions: Sequence[HeaderRegion], matcher: HeaderMatcher
) -> SheetReading:
    rows = sheet.rows
    tables: list[FoundTable] = []
    structure: list[StructureRun] = []
    titles: list[TitleText] = []
    title_start = 0
    position = 0
    while position < len(regions):
        region = regions[position]
        repeats: list[HeaderRegion] = []
        for later in regions[position + 1 :]:
            before = repeats[-1] if repeats else region
            if later.texts != region.texts or starts_anew(rows, before.last + 1, later.first, matcher):
                break
            repeats.append(later)
        following = regions[position + 1 + len(repeats) :]
        end = following[0].first if following else rows_seen
        own_titles = titles_in(rows, range(title_start, region.first))
        titles += own_titles
        structure += runs_of(rows, dict.fromkeys(range(title_start, region.first), RowKind.TITLE), None)
        headers = [region, *repeats]
        number = len(tables) + 1
        headed = HeadedTable(number, headers, end, bool(following), own_titles, titles)
        table, kinds, title_start = read_table(sheet, headed, matcher)
        if table.aside is not None:
            titles = [title for title in titles if title not in own_titles]
        tables.append(table)
        structure += runs_of(rows, kinds, number)
        position += len(headers)
    reading_reason = next((table.reason for table in tables if table.reason), None)
    return SheetReading(
        number=sheet.number,
        name=sheet.name,
        rows_seen=rows_seen,
        tables=tuple(_with_total_of_all(tables)),
        structure=tuple(structure),
        unplaced=(),
        titles=tuple(titles),
        reason=reading_reason if all(table.reason for table in tables) else None,
    )


def _with_total_of_all(tables: Sequence[FoundTable]) -> Iterator[FoundTable]:
    """Let a second total under the last of several tables of one form sum them all."""
    first_rows: dict[str, int] = {}
    for table in tables:
        name = table.form.name if table.form else ""
        closing = {total.row_number for total in table.control_totals if total.kind is RowKind.TOTAL}
        if name in first_rows and len(closing) > 1:
            yield replace(
                table,
                control_totals=tuple(
                    replace(total, first_row=first_rows[name]) if total.row_number == max(closing) else total
                    for total in table.control_totals
                ),
            )
        else:
            yield table
        if table.body.row_numbers:
            first_rows.setdefault(name, table.body.row_numbers[0])
