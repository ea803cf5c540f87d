"""Draws one form on a worksheet: title block, header, numbered rows, control total, signatures.

Laid out as the district's own paper forms are. Where cells stand matters to the reader: an office that signs stands in the
first column, where no required field ever is.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from ingest.contracts.forms import FormField
from publish.paper import (
    FONT_NAME,
    MARGIN_INCHES,
    PAGE_POINTS,
    PAGE_POINTS_AT_LEAST_SCALE,
    column_points,
    digits_of,
    row_points,
    text_points,
)
from publish.templates.blank_form import BlankForm, Formats, FormSheet, is_free_text, write_merged
from publish.templates.cell_rules import limit_entries, mark_what_is_wrong
from publish.templates.guidance import digits_asked, examples, load_wording
from publish.templates.header_plan import HeaderCell, HeaderPlan, PlannedColumn, plan_header
from publish.templates.value_lists import ValueList

_A4 = 9
# digits of the font, for what a column holds and for what people write by hand
_WIDTHS = {
    "date": 10.5,
    "datetime": 10.5,
    "year_or_date": 10.5,
    "integer": 8,
    "number": 10,
    "boolean": 6.5,
    "string": 20,
}
_MONEY_WIDTH = 14
_DIGITS_WIDTH = 13
_NUMBERING_WIDTH = 5
_NOTE_WIDTH = 11
_LEAST_WIDTH, _NAME_WIDTH, _MOST_LIST_WIDTH = 8, 17, 14
_TITLE_ROW = 3
_ROOM_OF_TITLE, _ROOM_OF_LINE = 8.0, 3.0  # points beside the letters
_CELL_PADDING = 4.0  # points that a cell keeps free beside its text
_PALE = "#FFF8E1"  # the place of *Không phát sinh*
_ROW_FOR_A_HAND = 22.7  # points on paper: the 8 mm between the lines of an exercise book


def draw_form(worksheet: Worksheet, formats: Formats, blank: BlankForm) -> None:
    """Draw a form.

    Args:
        worksheet: an empty sheet of the workbook that ``formats`` belongs to.
        formats: cell formats.
        blank: what is asked for, of whom and for when.

    Raises:
        TemplateError: Excel refuses a rule that the contract leads to.
    """
    sheet = FormSheet(worksheet, formats, blank, plan_header(blank.form))
    widths = _set_widths(sheet, blank.lists)
    scale = min(1.0, PAGE_POINTS / sum(widths))
    # for rows without a height of their own; they may grow with what is typed (``blank_workbook``)
    worksheet.set_default_row(round(_ROW_FOR_A_HAND / scale * 4) / 4)
    _draw_title(sheet)
    _draw_header(sheet, widths)
    _draw_rows(sheet)
    limit_entries(sheet)
    mark_what_is_wrong(sheet)
    _draw_total(sheet, sheet.last_row + 1)
    _draw_signatures(sheet, sheet.last_row + 3)
    _set_up_page(sheet, sheet.last_row + 9)


def _set_widths(sheet: FormSheet, lists: Mapping[str, ValueList]) -> list[float]:
    """Make columns fill a page, or as many narrow ones as it takes at the smallest print; gives points of each."""
    columns = sheet.plan.columns
    least = [_least_width(sheet, column) for column in columns]
    widths = [
        max(_width(column.field, lists.get(column.field.name)), narrowest)
        for column, narrowest in zip(columns, least, strict=True)
    ]
    points = [column_points(width) for width in (_NUMBERING_WIDTH, *widths)]
    lacking, too_much = PAGE_POINTS - sum(points), sum(points) - PAGE_POINTS_AT_LEAST_SCALE
    if lacking > 0:
        texts = [index for index, column in enumerate(columns, start=1) if is_free_text(column.field)]
        wider = texts or list(range(1, len(points)))
        for index in wider:
            points[index] += lacking / len(wider)
    elif too_much > 0:
        spare = [
            0.0,
            *(
                column_points(width) - column_points(narrowest)
                for width, narrowest in zip(widths, least, strict=True)
            ),
        ]
        for index, left in enumerate(spare):
            points[index] -= left * min(1.0, too_much / sum(spare))
    for index, width in enumerate(points):
        sheet.worksheet.set_column(index, index, digits_of(width))
    return points


def _width(field: FormField, values: ValueList | None) -> float:
    if values is not None and field.type != "boolean":
        longest = max(text_points(value) for value in values.values)
        return min(digits_of(longest) + 2, _MOST_LIST_WIDTH)
    if digits_asked(field) is not None:
        return _DIGITS_WIDTH
    if is_free_text(field) and not field.is_required:
        return _NOTE_WIDTH
    return _MONEY_WIDTH if field.is_money else _WIDTHS[field.type]


def _least_width(sheet: FormSheet, column: PlannedColumn) -> float:
    """Give the width that the longest word of a column's header takes, or what it holds."""
    texts = [cell.text for cell in sheet.plan.cells if cell.first_column == cell.last_column == column.index]
    longest = max(text_points(word, is_bold=True) for text in texts for word in text.split())
    field = column.field
    held = _LEAST_WIDTH if field.type == "string" else _WIDTHS[field.type]
    if digits_asked(field) is not None:
        held = _DIGITS_WIDTH
    elif is_free_text(field) and field.is_required:
        held = _NAME_WIDTH
    return max(held, digits_of(longest + 6))


def _draw_title(sheet: FormSheet) -> None:
    wording = load_wording()
    letterhead = sheet.blank.letterhead
    centred = sheet.formats.get(align="center")
    bold = sheet.formats.get(align="center", bold=True)
    if letterhead.upper:
        sheet.write_left(0, letterhead.upper.upper(), centred)
    sheet.write_left(1, letterhead.issuer.upper(), bold)
    sheet.write_right(0, wording.motto[0], bold)
    # the line under the motto is as long as it (Decree 30/2020/NĐ-CP, annex I)
    sheet.write_right(1, wording.motto[1], sheet.formats.get(align="center", bold=True, underline=1))
    title = sheet.formats.get(align="center", bold=True, font_size=14)
    sheet.write_across(_TITLE_ROW, sheet.blank.form.title.upper(), title)
    if letterhead.subtitle:
        sheet.write_across(4, letterhead.subtitle, sheet.formats.get(align="center", italic=True))
    notes = [wording.required_note, *([wording.nothing_note] if sheet.place_of_nothing else [])]
    note = (5, 0, 5, sheet.end - 1)
    write_merged(sheet.worksheet, note, " ".join(notes), sheet.formats.get(italic=True))
    if any(column.field.is_money for column in sheet.plan.columns):
        sheet.worksheet.write_string(
            5, sheet.end, wording.unit_of_measure, sheet.formats.get(align="right", italic=True)
        )
    for row in range(sheet.header_row):
        sheet.worksheet.set_row(
            row, row_points([]) + (_ROOM_OF_TITLE if row == _TITLE_ROW else _ROOM_OF_LINE)
        )


def _draw_header(sheet: FormSheet, widths: Sequence[float]) -> None:
    top = sheet.header_row
    bold = sheet.formats.get(align="center", bold=True, border=1, text_wrap=True, bg_color="#DDEBF7")
    for cell in sheet.plan.cells:
        place = (top + cell.first_row, cell.first_column, top + cell.last_row, cell.last_column)
        write_merged(sheet.worksheet, place, cell.text, bold)
    for row, height in enumerate(_header_heights(sheet.plan, widths)):
        sheet.worksheet.set_row(top + row, height)
    italic = sheet.formats.get(align="center", italic=True, border=1)
    sheet.worksheet.set_row(sheet.numbers_row, row_points([]) + _ROOM_OF_LINE)
    for index in range(sheet.plan.width):
        # text, so that the sums below may start here and take in a row inserted above the first
        sheet.worksheet.write_string(sheet.numbers_row, index, f"({index + 1})", italic)


def _header_heights(plan: HeaderPlan, widths: Sequence[float]) -> list[float]:
    """Give the height of each row of a header: what its own cells need, and the last one what is still lacking."""

    def needed(cell: HeaderCell) -> float:
        room = sum(widths[cell.first_column : cell.last_column + 1]) - _CELL_PADDING
        return row_points([(cell.text, room)], is_bold=True) + _ROOM_OF_LINE

    heights = [0.0] * plan.depth
    for cell in sorted(plan.cells, key=lambda cell: cell.last_row - cell.first_row):
        lacking = needed(cell) - sum(heights[cell.first_row : cell.last_row + 1])
        heights[cell.last_row] += max(0.0, lacking)
    return heights


def _draw_rows(sheet: FormSheet) -> None:
    nothing = sheet.place_of_nothing
    numbering = sheet.formats.get(align="center", border=1)
    cells = {column.index: _cell_format(sheet.formats, column.field) for column in sheet.plan.columns}
    for row in range(sheet.first_row, sheet.last_row + 1):
        sheet.worksheet.write_number(row, 0, row - sheet.first_row + 1, numbering)
        for index, cell_format in cells.items():
            sheet.worksheet.write_blank(row, index, None, cell_format)
        if nothing is not None and row == sheet.first_row:
            sheet.worksheet.write_blank(
                row, nothing.index, None, _cell_format(sheet.formats, nothing.field, bg_color=_PALE)
            )
    typed_as_text = [
        column.index for column in sheet.plan.columns if column.field.type in ("string", "year_or_date")
    ]
    if typed_as_text:
        ranges = " ".join(
            f"{sheet.cell(index)}:{xl_rowcol_to_cell(sheet.last_row, index)}" for index in typed_as_text
        )
        sheet.worksheet.ignore_errors({"number_stored_as_text": ranges})


def _cell_format(formats: Formats, field: FormField, **look: object) -> Any:
    """Text cells are cells of text: *Thôn 10-3* must not become a date nor a name that begins with = a formula."""
    if field.type in ("date", "datetime"):
        return formats.get(border=1, align="center", num_format="dd/mm/yyyy")
    if field.type == "boolean":
        return formats.get(border=1, align="center")
    if field.type == "integer" and _is_count(field):
        return formats.get(border=1, num_format="#,##0")
    if field.type in ("integer", "number"):
        return formats.get(border=1, num_format="#,##0" if field.is_money else "General")
    return formats.get(border=1, text_wrap=True, num_format="@", **look)


def _is_count(field: FormField) -> bool:
    return field.type == "integer" and field.constraints.minimum == 0


def _draw_total(sheet: FormSheet, row: int) -> None:
    """Sum counts and money; a form without any has its rows counted.

    The sums reach from the row of column numbers, which is text, to the row above the total, so that they stay right
    whichever rows are inserted or deleted.
    """
    wording = load_wording()
    worksheet, columns = sheet.worksheet, sheet.plan.columns
    bold = sheet.formats.get(bold=True, border=1)
    figure = sheet.formats.get(bold=True, border=1, num_format="#,##0")
    for index in range(sheet.plan.width):
        worksheet.write_blank(row, index, None, bold)
    summed = [column.index for column in columns if _is_count(column.field) or column.field.is_money]
    write_merged(worksheet, (row, 0, row, 0 if 1 in summed else 1), wording.total, bold)
    if not summed:
        counted = next((column for column in columns if column.field.is_required), columns[0])
        formula = f'="{wording.total}: "&(COUNTA({_rows_above(counted.index, sheet.numbers_row)})-1)'
        worksheet.write_formula(row, 0, formula, bold, f"{wording.total}: 0")
        return
    for index in summed:
        worksheet.write_formula(row, index, f"=SUM({_rows_above(index, sheet.numbers_row)})", figure, 0)


def _rows_above(index: int, numbers: int) -> str:
    name = xl_col_to_name(index)
    return f"{name}${numbers + 1}:INDEX({name}:{name},ROW()-1)"


def _draw_signatures(sheet: FormSheet, row: int) -> None:
    wording = load_wording()
    letterhead = sheet.blank.letterhead
    italic = sheet.formats.get(align="center", italic=True)
    bold = sheet.formats.get(align="center", bold=True)
    dated = wording.place_and_date.format(place=letterhead.place, **examples(sheet.blank.half_year))
    sheet.write_right(row, dated, italic)
    sheet.write_left(row + 1, wording.prepared_by, bold)
    sheet.write_right(row + 1, letterhead.signer, bold)
    sheet.write_left(row + 2, wording.sign_here, italic)
    sheet.write_right(row + 2, wording.signed_as, bold)
    sheet.write_right(row + 3, wording.sign_and_seal_here, italic)
    for line in range(row, row + 4):
        sheet.worksheet.set_row(line, row_points([]) + _ROOM_OF_LINE)


def _set_up_page(sheet: FormSheet, last_printed_row: int) -> None:
    worksheet = sheet.worksheet
    worksheet.freeze_panes(sheet.first_row, 2)
    worksheet.set_landscape()
    worksheet.set_paper(_A4)
    worksheet.set_margins(left=MARGIN_INCHES, right=MARGIN_INCHES, top=0.6, bottom=0.6)
    worksheet.fit_to_pages(1, 0)
    worksheet.repeat_rows(sheet.header_row, sheet.numbers_row)
    worksheet.print_area(0, 0, last_printed_row, sheet.end)
    worksheet.hide_gridlines(2)
    issuer = f"{sheet.blank.letterhead.issuer} – {sheet.blank.form.title}".replace("&", "&&")
    footer = f'&L&"{FONT_NAME},Italic"&12{issuer}&R&"{FONT_NAME},Regular"&12{load_wording().page}'
    worksheet.set_footer(footer, {"scale_with_doc": False})
