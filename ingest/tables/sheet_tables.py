"""Finding the tables of a sheet, with an account of every row.

A sheet comes in as a grid and goes out as tables whose columns are handed over whole, as text with row numbers, and as
runs of rows recognised as structure. Nothing is dropped: ``SheetReading.check_conservation`` raises when a row is
missing or stands twice. Values are not judged here.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from ingest.contracts.verdicts import Reason, ReasonCode, not_understood
from ingest.headers.header_regions import HeaderRegion, find_header_regions, header_columns
from ingest.headers.matcher import FormMatch, HeaderColumn, HeaderMatcher
from ingest.headers.row_kinds import (
    RowKind,
    TableColumns,
    content_of,
    filled,
    is_carried_forward,
    is_count,
    is_grand_total,
    is_labelled_total,
    is_signature,
    says_nothing,
)
from ingest.headers.sendings import aside_of, branch_of, sending_of
from ingest.packages.cells import (
    Cell,
    StruckText,
    cell_text,
    column_name,
    is_blank,
)
from ingest.tables.columns import body_rows_of, cells_json, parts_of_texts
from ingest.tables.measured_columns import units_of_table
from ingest.tables.money_units import decide_money_scale
from ingest.tables.results import (
    FoundTable,
    ReadingFinding,
    SheetReading,
    StructureRun,
    TitleText,
    UnplacedRow,
    with_waiting,
)
from ingest.tables.returned_list import is_list_of_findings
from ingest.tables.row_classification import (
    Draft,
    classify_rows,
    control_totals_of,
    take_out_total_without_label,
)
from ingest.tables.shown_rows import rows_as_shown, with_hidden_rows_told
from ingest.text.folding import compose, fold
from ingest.workbooks.grids import Sheet

_FARTHEST_HEADER = 60
_FAR_TITLE_ROWS = 12
_TITLE_BLOCK = re.compile(
    r"^(?:hoilhpn|hoiphunu|hoilienhiep|bch|banchaphanh|conghoaxahoi|doclap|bieu(?:so|mau)?\d|bm\d|mauso|phuluc)"
)
_TITLE_START = re.compile(
    r"^(?:hoi|bch|bieu|banchaphanh|conghoa|doclap|phuluc|danhsach|mau|chihoi|thon|buon|xa|donvi|[ivx]+$)"
)


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
    titles = tuple(_titles(sheet.rows, range(min(rows_seen, 15))))
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
            if later.texts != region.texts or _starts_anew(rows, before.last + 1, later.first, matcher):
                break
            repeats.append(later)
        following = regions[position + 1 + len(repeats) :]
        end = following[0].first if following else rows_seen
        own_titles = _titles(rows, range(title_start, region.first))
        titles += own_titles
        structure += runs_of(rows, dict.fromkeys(range(title_start, region.first), RowKind.TITLE), None)
        headers = [region, *repeats]
        number = len(tables) + 1
        table, kinds, title_start = _read_table(
            sheet, number, headers, end, bool(following), own_titles, titles, matcher
        )
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


def _read_table(
    sheet: Sheet,
    number: int,
    headers: Sequence[HeaderRegion],
    end: int,
    is_followed: bool,
    own_titles: Sequence[TitleText],
    all_titles: Sequence[TitleText],
    matcher: HeaderMatcher,
) -> tuple[FoundTable, dict[int, RowKind], int]:
    """Read one table; gives it, the kinds of its structure rows, and the row where the next table's title starts."""
    region = headers[0]
    columns = header_columns(sheet, region, matcher)
    match = matcher.match(columns, fold(" ".join(title.text for title in own_titles)))
    numbering = next((column.index for column in columns if matcher.is_numbering(column.text)), None)
    layout = layout_of(match, columns, numbering)
    scale = decide_money_scale(match, own_titles, all_titles, matcher)
    rows, told = rows_as_shown(sheet, match, region.last + 1, end, scale.factor)
    if is_followed:
        end = _title_block_start(rows, headers[-1].last + 1, end, layout, matcher)
    draft = classify_rows(rows, headers, end, layout, banners_of(sheet))
    too_long = _longer_than_header(sheet, region, draft.body)
    draft.body = [index for index in draft.body if index not in too_long]
    take_out_total_without_label(rows, draft, match, layout)
    if match is not None and draft.body:
        match = _with_unlabelled_columns(rows, draft.body, match, columns)
    parts = parts_of_texts(match) if match is not None else {}
    if match is not None and parts:
        taken = {index for indexes in parts.values() for index in indexes}
        match = replace(match, extra=tuple(column for column in match.extra if column.index not in taken))
    title_start = _next_title_start(rows, draft, end, matcher) if is_followed else end
    kinds = {index: kind for index, kind in draft.kinds.items() if index < title_start}
    body_rows, told_of_hidden = with_hidden_rows_told(rows, sheet, draft, match)
    told_of_columns = _columns_twice(rows, draft.body, match, matcher) if match is not None else ()
    reason = _refusal(match, region, sheet)
    aside = _aside(match, own_titles, sheet) if reason is None else None
    is_refused = reason is not None
    if aside is not None:
        kinds |= dict.fromkeys([*draft.body, *too_long], RowKind.ASIDE)
    has_rows = not is_refused and aside is None and match is not None
    body = draft.body if has_rows else []
    said = (*(title.text for title in own_titles), sheet.name)
    waiting = [
        UnplacedRow(
            index + 1, cells_json(rows[index]), None if is_refused else Reason.of(ReasonCode.UNREADABLE_LINE)
        )
        for index in sorted(too_long)
        if aside is None
    ]
    last_row = max([region.last, *draft.body, *too_long, *(total.index for total in draft.totals)]) + 1
    return (
        with_waiting(
            FoundTable(
                number=number,
                form=match.form if match else None,
                form_decided_by=match.decided_by if match else None,
                header_first_row=region.first + 1,
                header_last_row=region.last + 1,
                last_row=last_row,
                columns={name: column_name(column.index) for name, column in match.columns.items()}
                if match
                else {},
                extra_columns=tuple((column_name(c.index), c.text) for c in match.extra) if match else (),
                money_scale=scale.factor,
                money_scale_decided_by=scale.decided_by,
                money_unit_unclear=scale.unclear,
                body=body_rows_of(body_rows, body, match, parts, units_of_table(match, own_titles, matcher)),
                control_totals=tuple(control_totals_of(rows, draft, match)) if has_rows and match else (),
                unplaced=tuple(UnplacedRow(index + 1, cells_json(rows[index])) for index in draft.body)
                if is_refused
                else (),
                reason=reason,
                findings=(*told, *told_of_hidden, *told_of_columns),
                aside=aside,
                sending=sending_of(said),
                branch=branch_of(said),
                says_nothing=any(
                    kind is RowKind.NOTE and says_nothing(rows[index], content_of(rows[index], layout))
                    for index, kind in kinds.items()
                ),
            ),
            waiting,
        ),
        kinds,
        title_start,
    )


def _longer_than_header(sheet: Sheet, region: HeaderRegion, body: Sequence[int]) -> frozenset[int]:
    """Give the records of delimited text that have more fields than the header, as an unquoted ``3,5`` makes them.

    Where all of them end with the same blank field, whoever wrote them closes a record with a delimiter.
    """
    if sheet.widths is None:
        return frozenset()
    width = max(sheet.widths[region.first : region.last + 1])
    longer = frozenset(index for index in body if sheet.widths[index] > width)
    is_habit = len({sheet.widths[index] for index in body}) == 1 and not any(
        filled(sheet.rows[index][width:]) for index in longer
    )
    return frozenset() if is_habit else longer


def _starts_anew(rows: list[list[Cell]], first: int, header: int, matcher: HeaderMatcher) -> bool:
    """Whether the same header again starts another table, after a total or a title, rather than another page."""
    for index in range(max(first, header - _FAR_TITLE_ROWS), header):
        positions = filled(rows[index])
        if is_grand_total(rows[index], positions) and not is_carried_forward(rows[index], positions):
            return True
        texts = [cell_text(rows[index][position]) for position in positions]
        if len(positions) <= 3 and any(matcher.is_title(text) or aside_of(text) for text in texts):
            return True
    return False


def banners_of(sheet: Sheet) -> frozenset[int]:
    """Give the rows in which cells are merged over three columns or more, from 0."""
    return frozenset(
        span.first_row
        for span in sheet.merged or ()
        if span.first_row == span.last_row and span.last_column - span.first_column >= 2
    )


def layout_of(
    match: FormMatch | None, columns: Sequence[HeaderColumn], numbering: int | None
) -> TableColumns:
    """Give where the fields of a table stand; of one that is no form, where anything is headed."""
    if match is not None:
        return TableColumns.of(match.form, {name: c.index for name, c in match.columns.items()}, numbering)
    known = tuple(column.index for column in columns)
    return TableColumns(numbering=numbering, required=known, wordy=(), typed=(), known=known)


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


def _columns_twice(
    rows: list[list[Cell]], body: Sequence[int], match: FormMatch, matcher: HeaderMatcher
) -> Iterator[ReadingFinding]:
    """Tell of columns that hold values and have the header of another one, which alone counts."""
    for form_field, column in matcher.means_again(match):
        filled_in = [index for index in body if not is_blank(rows[index][column.index])]
        if filled_in and (form_field.keeps_row_out or form_field.type in ("integer", "number")):
            counted = match.columns[form_field.name]
            yield ReadingFinding(
                "column_twice",
                filled_in[0] + 1,
                form_field.name,
                f"Hai cột cùng là “{form_field.title}”: chỉ cột {column_name(counted.index)} được tính, cột "
                f"{column_name(column.index)} “{column.text}” thì không.",
            )


def _title_block_start(
    rows: list[list[Cell]], first: int, end: int, layout: TableColumns, matcher: HeaderMatcher
) -> int:
    """Give the row where the title block of the next table starts, when it shows itself as one; else ``end``."""
    start = end
    for index in range(end - 1, max(first, end - _FAR_TITLE_ROWS) - 1, -1):
        row = rows[index]
        positions = filled(row)
        is_counted = layout.numbering is not None and is_count(row[layout.numbering])
        if is_counted or layout.are_surely_body([row])[0] or is_labelled_total(row, positions):
            break
        texts = [cell_text(row[position]) for position in positions]
        if any(_TITLE_BLOCK.match(fold(text)) or matcher.is_title(text) or aside_of(text) for text in texts):
            start = index
    return start


def _next_title_start(rows: list[list[Cell]], draft: Draft, end: int, matcher: HeaderMatcher) -> int:
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
        if any(_TITLE_START.match(fold(text)) or matcher.is_title(text) or aside_of(text) for text in texts):
            break
        if texts and draft.kinds.get(index) is RowKind.SIGNATURE:
            start = index + 1
    return start


def _refusal(match: FormMatch | None, region: HeaderRegion, sheet: Sheet) -> Reason | None:
    if match is None:
        return Reason.of(ReasonCode.UNKNOWN_TABLE, sheet=sheet.name)
    if match.missing:
        return Reason.of(
            ReasonCode.MISSING_REQUIRED_COLUMN,
            form=match.form.title,
            columns=", ".join(f"“{missing.title}”" for missing in match.missing),
            row=region.last + 1,
            unknown=not_understood((column_name(column.index), column.text) for column in match.extra),
        )
    return None


def _aside(match: FormMatch | None, own_titles: Sequence[TitleText], sheet: Sheet) -> Reason | None:
    """Say why a table of a half-year's form tells of no results: its title or its sheet is of plans or a comparison."""
    if match is None or match.form.event_date is None or match.form.attributed_by == "row":
        return None
    said = [(title.place, title.text) for title in own_titles] + [("tên trang tính", sheet.name)]
    codes = {"plan": ReasonCode.TABLE_OF_PLANS, "comparison": ReasonCode.TABLE_FOR_COMPARISON}
    for place, text in said:
        if aside := aside_of(text):
            return Reason.of(codes[aside], form=match.form.title, sheet=sheet.name, place=place, text=text)
    return None


def _titles(rows: list[list[Cell]], indexes: range) -> list[TitleText]:
    return [
        TitleText(f"{column_name(column)}{index + 1}", " ".join(compose(line).split()))
        for index in indexes
        for column in filled(rows[index])
        if not isinstance(rows[index][column], StruckText)
        for line in cell_text(rows[index][column]).splitlines()
        if line.strip()
    ]


def runs_of(
    rows: list[list[Cell]], kinds: dict[int, RowKind], table_number: int | None
) -> list[StructureRun]:
    """Put rows of one kind that follow each other together; blank rows are told apart from what they stand in."""
    runs: list[StructureRun] = []
    for is_blank_run, indexes in groupby(sorted(kinds), key=lambda index: not filled(rows[index])):
        if is_blank_run:
            runs += [
                StructureRun(table_number, first + 1, last + 1, RowKind.BLANK, None)
                for first, last in _stretches(indexes)
            ]
        else:
            runs += [
                StructureRun(table_number, index + 1, index + 1, kinds[index], cells_json(rows[index]))
                for index in indexes
            ]
    return runs


def _stretches(indexes: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Give the first and the last of each run of numbers without a gap; the numbers ascend."""
    for _, stretch in groupby(enumerate(indexes), key=lambda numbered: numbered[1] - numbered[0]):
        numbers = [number for _, number in stretch]
        yield numbers[0], numbers[-1]
