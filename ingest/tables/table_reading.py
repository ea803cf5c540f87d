"""One table under its header: its rows, the figures of its totals, and why it is refused or set aside.

What the rows around a table say (where its title starts, whether the next header is the same again) is ``title_blocks``'s
business.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.contracts.verdicts import Reason, ReasonCode, not_understood, unheaded
from ingest.headers.form_match import FormMatch, HeaderColumn
from ingest.headers.header_regions import HeaderRegion, header_columns
from ingest.headers.matcher import HeaderMatcher
from ingest.headers.sendings import aside_of, branch_of, sending_of
from ingest.rows.filled_cells import filled, is_count
from ingest.rows.kinds import RowKind
from ingest.rows.row_kinds import content_of, says_nothing
from ingest.tables.columns.measured_columns import units_of_table
from ingest.tables.columns.money_units import decide_money_scale
from ingest.tables.columns.texts import body_rows_of, cells_json, with_parts_joined
from ingest.tables.results import (
    FoundTable,
    ReadingFinding,
    TitleText,
    UnplacedRow,
    with_waiting,
)
from ingest.tables.row_classification import (
    banners_of,
    classify_rows,
    control_totals_of,
    layout_of,
    take_out_total_without_label,
)
from ingest.tables.shown_rows import rows_as_shown, with_hidden_rows_told
from ingest.tables.title_blocks import next_title_start, title_block_start
from ingest.text.cells import (
    Cell,
    column_name,
    is_blank,
)
from ingest.text.folding import fold
from ingest.workbooks.grids import Sheet


@dataclass(frozen=True, slots=True)
class HeadedTable:
    """A table before its rows are gone through; rows count from 0.

    Attributes:
        number: of the table on its sheet, from 1.
        headers: its header and the repetitions of it.
        end: the row of the next header, or the one after the last of the sheet.
        is_followed: there is a next header.
        own_titles: what stands above the header.
        all_titles: the same, behind what stands above the tables before.
    """

    number: int
    headers: Sequence[HeaderRegion]
    end: int
    is_followed: bool
    own_titles: Sequence[TitleText]
    all_titles: Sequence[TitleText]


def read_table(
    sheet: Sheet, headed: HeadedTable, matcher: HeaderMatcher
) -> tuple[FoundTable, dict[int, RowKind], int]:
    """Read one table; gives it, the kinds of its structure rows, and the row where the next table's title starts."""
    region, end = headed.headers[0], headed.end
    columns = header_columns(sheet, region, matcher)
    match = matcher.match(columns, fold(" ".join(title.text for title in headed.own_titles)))
    numbering = next((column.index for column in columns if matcher.is_numbering(column.text)), None)
    layout = layout_of(match, columns, numbering)
    scale = decide_money_scale(match, headed.own_titles, headed.all_titles, matcher)
    rows, told = rows_as_shown(sheet, match, region.last + 1, end, scale.factor)
    if headed.is_followed:
        end = title_block_start(rows, range(headed.headers[-1].last + 1, end), layout, matcher)
    draft = classify_rows(rows, headed.headers, end, layout, banners_of(sheet))
    too_long = _longer_than_header(sheet, region, draft.body)
    draft.body = [index for index in draft.body if index not in too_long]
    take_out_total_without_label(rows, draft, match, layout)
    if match is not None and draft.body:
        match = _with_unlabelled_columns(rows, draft.body, match, columns)
    parts: dict[str, list[int]] = {}
    if match is not None:
        match, parts = with_parts_joined(match)
    title_start = next_title_start(rows, draft, end, matcher) if headed.is_followed else end
    kinds = {index: kind for index, kind in draft.kinds.items() if index < title_start}
    body_rows, told_of_hidden = with_hidden_rows_told(rows, sheet, draft, match)
    told_of_columns = _columns_twice(rows, draft.body, match, matcher) if match is not None else ()
    reason = _refusal(match, region, sheet)
    aside = _aside(match, headed.own_titles, sheet) if reason is None else None
    if aside is not None:
        kinds |= dict.fromkeys([*draft.body, *too_long], RowKind.ASIDE)
    counts = match if reason is None and aside is None else None
    said = (*(title.text for title in headed.own_titles), sheet.name)
    units = units_of_table(match, headed.own_titles, matcher)
    found = FoundTable(
        number=headed.number,
        form=match.form if match else None,
        form_decided_by=match.decided_by if match else None,
        header_first_row=region.first + 1,
        header_last_row=region.last + 1,
        last_row=max([region.last, *draft.body, *too_long, *(total.index for total in draft.totals)]) + 1,
        columns={name: column_name(column.index) for name, column in match.columns.items()} if match else {},
        extra_columns=tuple((column_name(c.index), c.text) for c in match.extra) if match else (),
        money_scale=scale.factor,
        money_scale_decided_by=scale.decided_by,
        money_unit_unclear=scale.unclear,
        body=body_rows_of(body_rows, draft.body if counts else [], match, parts, units),
        control_totals=tuple(control_totals_of(rows, draft, counts)) if counts else (),
        unplaced=tuple(_unplaced(rows, draft.body, None)) if reason is not None else (),
        reason=reason,
        findings=(*told, *told_of_hidden, *told_of_columns),
        aside=aside,
        sending=sending_of(said),
        branch=branch_of(said),
        says_nothing=any(
            kind is RowKind.NOTE and says_nothing(rows[index], content_of(rows[index], layout))
            for index, kind in kinds.items()
        ),
    )
    if aside is not None:
        return found, kinds, title_start
    because = Reason.of(ReasonCode.UNREADABLE_LINE) if reason is None else None
    return with_waiting(found, _unplaced(rows, sorted(too_long), because)), kinds, title_start


def _unplaced(rows: list[list[Cell]], indexes: Iterable[int], reason: Reason | None) -> list[UnplacedRow]:
    return [UnplacedRow(index + 1, cells_json(rows[index]), reason) for index in indexes]


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
            unlabelled.append(HeaderColumn(index, unheaded(column_name(index)), (), None))
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
