"""Draws one form on a worksheet: title block, header, numbered rows, control total, signatures.

Laid out as the district's own paper forms are. Where cells stand matters to the reader: an office that signs stands in the
first column, where no required field ever is.
"""

from collections.abc import Mapping
from typing import Any

from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from ingest.contracts.forms import FormField
from publish.templates.blank_form import FONT, BlankForm, Formats, FormSheet, write_merged
from publish.templates.cell_rules import limit_entries, mark_what_is_wrong
from publish.templates.guidance import digits_asked, examples, load_wording
from publish.templates.header_plan import plan_header
from publish.templates.value_lists import ValueList

_A4 = 9
_WIDTHS = {
    "date": 13,
    "datetime": 13,
    "year_or_date": 12,
    "integer": 11,
    "number": 13,
    "boolean": 9,
    "string": 22,
}
_MONEY_WIDTH = 16
_DIGITS_WIDTH = 16
_NUMBERING_WIDTH = 6
_LEAST_WIDTH = 118  # the two halves of the title block, side by side
_MOST_LIST_WIDTH = 26
_HEADER_ROW_HEIGHT = 32


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
    _set_widths(sheet, blank.lists)
    _draw_title(sheet)
    _draw_header(sheet)
    _draw_rows(sheet)
    limit_entries(sheet)
    mark_what_is_wrong(sheet)
    _draw_total(sheet, sheet.last_row + 1)
    _draw_signatures(sheet, sheet.last_row + 3)
    _set_up_page(sheet, sheet.last_row + 8)


def _set_widths(sheet: FormSheet, lists: Mapping[str, ValueList]) -> None:
    columns = sheet.plan.columns
    widths = [_width(column.field, lists.get(column.field.name)) for column in columns]
    texts = [index for index, column in enumerate(columns) if _is_free_text(column.field)]
    lacking = _LEAST_WIDTH - _NUMBERING_WIDTH - sum(widths)
    if lacking > 0:
        wider = texts or list(range(len(widths)))
        for index in wider:
            widths[index] += lacking / len(wider)
    sheet.worksheet.set_column(0, 0, _NUMBERING_WIDTH)
    for index, width in enumerate(widths, start=1):
        sheet.worksheet.set_column(index, index, width)


def _width(field: FormField, values: ValueList | None) -> float:
    if values is not None and field.type != "boolean":
        longest = max(len(value) for value in values.values)
        return max(_WIDTHS["date"], min(longest + 4, _MOST_LIST_WIDTH))
    if digits_asked(field) is not None:
        return _DIGITS_WIDTH
    return _MONEY_WIDTH if field.is_money else _WIDTHS[field.type]


def _is_free_text(field: FormField) -> bool:
    return field.type == "string" and field.choices is None and digits_asked(field) is None


def _draw_title(sheet: FormSheet) -> None:
    wording = load_wording()
    letterhead = sheet.blank.letterhead
    centred = sheet.formats.get(align="center")
    bold = sheet.formats.get(align="center", bold=True)
    for row, left, left_format, right in (
        (0, letterhead.upper, centred, wording.motto[0]),
        (1, letterhead.issuer, bold, wording.motto[1]),
    ):
        if left:
            sheet.write_left(row, left.upper(), left_format)
        sheet.write_right(row, right, bold)
    title = sheet.formats.get(align="center", bold=True, font_size=14)
    sheet.write_across(3, sheet.blank.form.title.upper(), title)
    if letterhead.subtitle:
        sheet.write_across(4, letterhead.subtitle, sheet.formats.get(align="center", italic=True))
    sheet.write_left(5, wording.required_note, sheet.formats.get(italic=True))
    if any(column.field.is_money for column in sheet.plan.columns):
        sheet.write_right(5, wording.unit_of_measure, sheet.formats.get(align="right", italic=True))


def _draw_header(sheet: FormSheet) -> None:
    top = sheet.header_row
    bold = sheet.formats.get(align="center", bold=True, border=1, text_wrap=True, bg_color="#DDEBF7")
    for cell in sheet.plan.cells:
        place = (top + cell.first_row, cell.first_column, top + cell.last_row, cell.last_column)
        write_merged(sheet.worksheet, place, cell.text, bold)
    for row in range(top, sheet.numbers_row):
        sheet.worksheet.set_row(row, _HEADER_ROW_HEIGHT)
    italic = sheet.formats.get(align="center", italic=True, border=1, font_size=10)
    for index in range(sheet.plan.width):
        # text, so that the sums below may start here and take in a row inserted above the first
        sheet.worksheet.write_string(sheet.numbers_row, index, f"({index + 1})", italic)


def _draw_rows(sheet: FormSheet) -> None:
    numbering = sheet.formats.get(align="center", border=1)
    cells = {column.index: _cell_format(sheet.formats, column.field) for column in sheet.plan.columns}
    for row in range(sheet.first_row, sheet.last_row + 1):
        sheet.worksheet.write_number(row, 0, row - sheet.first_row + 1, numbering)
        for index, cell_format in cells.items():
            sheet.worksheet.write_blank(row, index, None, cell_format)
    typed_as_text = [
        column.index for column in sheet.plan.columns if column.field.type in ("string", "year_or_date")
    ]
    if typed_as_text:
        ranges = " ".join(
            f"{sheet.cell(index)}:{xl_rowcol_to_cell(sheet.last_row, index)}" for index in typed_as_text
        )
        sheet.worksheet.ignore_errors({"number_stored_as_text": ranges})


def _cell_format(formats: Formats, field: FormField) -> Any:
    """Text cells are cells of text: *Thôn 10-3* must not become a date nor a name that begins with = a formula."""
    if field.type in ("date", "datetime"):
        return formats.get(border=1, align="center", num_format="dd/mm/yyyy")
    if field.type == "boolean":
        return formats.get(border=1, align="center")
    if field.type == "integer" and _is_count(field):
        return formats.get(border=1, num_format="#,##0")
    if field.type in ("integer", "number"):
        return formats.get(border=1, num_format="#,##0" if field.is_money else "General")
    return formats.get(border=1, text_wrap=True, num_format="@")


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
    sheet.write_right(row + 2, wording.sign_here, italic)


def _set_up_page(sheet: FormSheet, last_printed_row: int) -> None:
    worksheet = sheet.worksheet
    worksheet.freeze_panes(sheet.first_row, 2)
    worksheet.set_landscape()
    worksheet.set_paper(_A4)
    worksheet.set_margins(left=0.5, right=0.4, top=0.6, bottom=0.6)
    worksheet.fit_to_pages(1, 0)
    worksheet.repeat_rows(sheet.header_row, sheet.numbers_row)
    worksheet.print_area(0, 0, last_printed_row, sheet.end)
    worksheet.hide_gridlines(2)
    issuer = f"{sheet.blank.letterhead.issuer} – {sheet.blank.form.title}".replace("&", "&&")
    worksheet.set_footer(f'&L&"{FONT},Italic"&9{issuer}&R&9{load_wording().page}')
