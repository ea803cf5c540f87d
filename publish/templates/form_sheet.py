"""Draws one form on a worksheet: title block, header, numbered rows, control total, signatures.

Laid out as the district's own paper forms are. Every text is written as text, whatever it begins with. Where cells
stand matters to the reader: an office that signs stands in the first column, where no required field ever is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from ingest.contracts.forms import FormContract, FormField
from publish.templates.addressees import HalfYear
from publish.templates.guidance import (
    ColumnGuidance,
    column_guidance,
    digits_asked,
    examples,
    is_event_day,
    load_wording,
)
from publish.templates.header_plan import HeaderPlan, PlannedColumn, label, plan_header
from publish.templates.value_lists import ValueList

EMPTY_ROWS = 60
_TITLE_ROWS = 6
_FONT = "Times New Roman"
_A4 = 9
_LONGEST_TITLE = 32  # Excel's limit for the title of an input message
_FOUNDED = "DATE(1930,10,20)"  # the day the Women's Union was founded: no day in its papers is earlier
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


class TemplateError(ValueError):
    """What a contract asks for cannot be drawn in a workbook; the text says what."""


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The texts of the title block and of the signatures.

    Attributes:
        upper: the union above, upper left; None for the highest.
        issuer: who reports.
        subtitle: half-year or year under the form's title; None for a form of no period.
        signer: for whom is signed, lower right.
    """

    upper: str | None
    issuer: str
    subtitle: str | None
    place: str
    signer: str


class Formats:
    """The cell formats of one workbook, each made once."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._made: dict[tuple[tuple[str, object], ...], Any] = {}

    def get(self, **properties: object) -> Any:
        """Give the format with these properties (xlsxwriter's names) on top of the house font."""
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            whole = {"font_name": _FONT, "font_size": 12, "valign": "vcenter", **properties}
            self._made[key] = self._workbook.add_format(whole)
        return self._made[key]


def draw_form(
    worksheet: Worksheet,
    formats: Formats,
    form: FormContract,
    letterhead: Letterhead,
    half_year: HalfYear,
    lists: Mapping[str, ValueList],
    rows: int = EMPTY_ROWS,
) -> None:
    """Draw a form.

    Args:
        worksheet: an empty sheet of the workbook that ``formats`` belongs to.
        formats: cell formats.
        form: what is asked for.
        letterhead: what stands above and below.
        half_year: bounds of dates.
        lists: field name to its list; the workbook defines a name for each list, see ``defined_name``.
        rows: number of empty rows.

    Raises:
        TemplateError: Excel refuses a rule that the contract leads to.
    """
    plan = plan_header(form)
    header = _TITLE_ROWS
    numbers = header + plan.depth
    first, last = numbers + 1, numbers + rows
    _set_widths(worksheet, plan, lists)
    _draw_title(worksheet, formats, form, letterhead, plan)
    _draw_header(worksheet, formats, plan, header)
    _draw_rows(worksheet, formats, plan, first, last)
    for column in plan.columns:
        values = lists.get(column.field.name)
        guidance = column_guidance(form, column.field, values, half_year, column.whole is not None)
        _validate(worksheet, form, column, first, last, values, half_year, guidance)
    _mark_what_is_wrong(worksheet, formats, form, plan, first, last, half_year)
    _draw_total(worksheet, formats, plan, numbers, last + 1)
    _draw_signatures(worksheet, formats, plan, last + 3, letterhead, half_year)
    _set_up_page(worksheet, form, letterhead, plan, header, numbers, last + 8)


def defined_name(values: ValueList) -> str:
    """Give the workbook-wide name of a list's cells; Excel 2007 reaches another sheet by name only."""
    return f"list_{values.name}"


def _set_widths(worksheet: Worksheet, plan: HeaderPlan, lists: Mapping[str, ValueList]) -> None:
    widths = [_width(column.field, lists.get(column.field.name)) for column in plan.columns]
    texts = [index for index, column in enumerate(plan.columns) if _is_free_text(column.field)]
    lacking = _LEAST_WIDTH - _NUMBERING_WIDTH - sum(widths)
    if lacking > 0:
        wider = texts or list(range(len(widths)))
        for index in wider:
            widths[index] += lacking / len(wider)
    worksheet.set_column(0, 0, _NUMBERING_WIDTH)
    for index, width in enumerate(widths, start=1):
        worksheet.set_column(index, index, width)


def _width(field: FormField, values: ValueList | None) -> float:
    if values is not None and field.type != "boolean":
        longest = max(len(value) for value in values.values)
        return max(_WIDTHS["date"], min(longest + 4, _MOST_LIST_WIDTH))
    if digits_asked(field) is not None:
        return _DIGITS_WIDTH
    return _MONEY_WIDTH if field.is_money else _WIDTHS[field.type]


def _is_free_text(field: FormField) -> bool:
    return field.type == "string" and field.choices is None and digits_asked(field) is None


def _draw_title(
    worksheet: Worksheet, formats: Formats, form: FormContract, letterhead: Letterhead, plan: HeaderPlan
) -> None:
    wording = load_wording()
    middle = (plan.width - 1) // 2
    centred = formats.get(align="center")
    bold = formats.get(align="center", bold=True)
    end = plan.width - 1
    for row, left, left_format, right in (
        (0, letterhead.upper, centred, wording.motto[0]),
        (1, letterhead.issuer, bold, wording.motto[1]),
    ):
        if left:
            _write(worksheet, row, 0, row, middle, left.upper(), left_format)
        _write(worksheet, row, middle + 1, row, end, right, bold)
    title = formats.get(align="center", bold=True, font_size=14)
    _write(worksheet, 3, 0, 3, end, form.title.upper(), title)
    if letterhead.subtitle:
        _write(worksheet, 4, 0, 4, end, letterhead.subtitle, formats.get(align="center", italic=True))
    _write(worksheet, 5, 0, 5, middle, wording.required_note, formats.get(italic=True))
    if any(column.field.is_money for column in plan.columns):
        right = formats.get(align="right", italic=True)
        _write(worksheet, 5, middle + 1, 5, end, wording.unit_of_measure, right)


def _draw_header(worksheet: Worksheet, formats: Formats, plan: HeaderPlan, top: int) -> None:
    bold = formats.get(align="center", bold=True, border=1, text_wrap=True, bg_color="#DDEBF7")
    for cell in plan.cells:
        _write(
            worksheet,
            top + cell.first_row,
            cell.first_column,
            top + cell.last_row,
            cell.last_column,
            cell.text,
            bold,
        )
    for row in range(top, top + plan.depth):
        worksheet.set_row(row, _HEADER_ROW_HEIGHT)
    italic = formats.get(align="center", italic=True, border=1, font_size=10)
    for index in range(plan.width):
        # text, so that the sums below may start here and take in a row inserted above the first
        worksheet.write_string(top + plan.depth, index, f"({index + 1})", italic)


def _draw_rows(worksheet: Worksheet, formats: Formats, plan: HeaderPlan, first: int, last: int) -> None:
    numbering = formats.get(align="center", border=1)
    cells = {column.index: _cell_format(formats, column.field) for column in plan.columns}
    for row in range(first, last + 1):
        worksheet.write_number(row, 0, row - first + 1, numbering)
        for index, cell_format in cells.items():
            worksheet.write_blank(row, index, None, cell_format)
    typed_as_text = [
        column.index for column in plan.columns if column.field.type in ("string", "year_or_date")
    ]
    if typed_as_text:
        ranges = " ".join(
            f"{xl_rowcol_to_cell(first, index)}:{xl_rowcol_to_cell(last, index)}" for index in typed_as_text
        )
        worksheet.ignore_errors({"number_stored_as_text": ranges})


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


def _validate(
    worksheet: Worksheet,
    form: FormContract,
    column: PlannedColumn,
    first: int,
    last: int,
    values: ValueList | None,
    half_year: HalfYear,
    guidance: ColumnGuidance,
) -> None:
    rule = _rule(form, column, xl_rowcol_to_cell(first, column.index), first, values, half_year)
    title = label(column.field)[:_LONGEST_TITLE]
    rule |= {
        "input_title": title,
        "input_message": guidance.message,
        "error_title": load_wording().entry_refused,
        "error_message": guidance.message,
        "show_error": rule["validate"] != "any" and not (values is not None and values.is_open),
    }
    if worksheet.data_validation(first, column.index, last, column.index, rule) != 0:
        raise TemplateError(f"{form.name}.{column.field.name}: Excel takes no such rule on a cell: {rule}")


def _rule(
    form: FormContract,
    column: PlannedColumn,
    cell: str,
    first: int,
    values: ValueList | None,
    half_year: HalfYear,
) -> dict[str, Any]:
    field = column.field
    if values is not None:
        return {"validate": "list", "source": f"={defined_name(values)}"}
    if field.type in ("date", "datetime"):
        start = _excel_day(half_year.first_known_day) if is_event_day(form, field) else _FOUNDED
        return {
            "validate": "date",
            "criteria": "between",
            "minimum": f"={start}",
            "maximum": f"={_excel_day(half_year.end)}",
        }
    if field.type in ("integer", "number"):
        return _number_rule(column, first)
    if field.type == "year_or_date":
        years = f">={int(field.constraints.minimum or 1900)}", f"<={half_year.year}"
        last_four = f"VALUE(RIGHT({cell},4))"
        within = f"{last_four}{years[0]},{last_four}{years[1]}"
        formula = f"=IF(LEN({cell})=4,AND({within}),AND(LEN({cell})>=8,LEN({cell})<=10,{within}))"
        return {"validate": "custom", "value": formula}
    digits = digits_asked(field)
    if digits is not None:
        return {"validate": "custom", "value": f'=TEXT(VALUE({cell}),"{"0" * digits}")=({cell}&"")'}
    return {"validate": "any"}


def _number_rule(column: PlannedColumn, first: int) -> dict[str, Any]:
    constraints = column.field.constraints
    maximum: float | str | None = _plain(constraints.maximum)
    if column.whole is not None and maximum is None:
        whole = xl_rowcol_to_cell(first, column.whole)
        maximum = f'=IF({whole}="",1000000000,{whole})'
    rule: dict[str, Any] = {"validate": "integer" if column.field.type == "integer" else "decimal"}
    minimum = 0 if constraints.minimum is None else _plain(constraints.minimum)
    if maximum is None:
        return rule | {"criteria": ">=", "value": minimum}
    return rule | {"criteria": "between", "minimum": minimum, "maximum": maximum}


def _plain(bound: float | None) -> float | None:
    """Give a bound without a needless ``.0``, which some programs show."""
    return int(bound) if bound is not None and bound == int(bound) else bound


def _excel_day(day: date) -> str:
    return f"DATE({day.year},{day.month},{day.day})"


def _mark_what_is_wrong(
    worksheet: Worksheet,
    formats: Formats,
    form: FormContract,
    plan: HeaderPlan,
    first: int,
    last: int,
    half_year: HalfYear,
) -> None:
    """Colour a required cell that is blank in a row that was begun, and an event outside the half-year."""
    begun = f"COUNTA(${xl_col_to_name(1)}{first + 1}:${xl_col_to_name(plan.width - 1)}{first + 1})>0"
    missing = formats.get(bg_color="#FBD5D5")
    outside = formats.get(bg_color="#FFF2A8")
    for column in plan.columns:
        cell = xl_rowcol_to_cell(first, column.index)
        if column.field.is_required:
            rule = {"type": "formula", "criteria": f'=AND({begun},{cell}="")', "format": missing}
            worksheet.conditional_format(first, column.index, last, column.index, rule)
        if is_event_day(form, column.field):
            bounds = f"{cell}<{_excel_day(half_year.start)},{cell}>{_excel_day(half_year.end)}"
            criteria = f"=AND(ISNUMBER({cell}),OR({bounds}))"
            rule = {"type": "formula", "criteria": criteria, "format": outside}
            worksheet.conditional_format(first, column.index, last, column.index, rule)


def _draw_total(worksheet: Worksheet, formats: Formats, plan: HeaderPlan, numbers: int, row: int) -> None:
    """Sum counts and money; a form without any has its rows counted.

    The sums reach from the row of column numbers, which is text, to the row above the total, so that they stay right
    whichever rows are inserted or deleted.
    """
    wording = load_wording()
    bold = formats.get(bold=True, border=1)
    figure = formats.get(bold=True, border=1, num_format="#,##0")
    for index in range(plan.width):
        worksheet.write_blank(row, index, None, bold)
    summed = [column.index for column in plan.columns if _is_count(column.field) or column.field.is_money]
    _write(worksheet, row, 0, row, 0 if 1 in summed else 1, wording.total, bold)
    if not summed:
        counted = next((column for column in plan.columns if column.field.is_required), plan.columns[0])
        formula = f'="{wording.total}: "&(COUNTA({_rows_above(counted.index, numbers)})-1)'
        worksheet.write_formula(row, 0, formula, bold, f"{wording.total}: 0")
        return
    for index in summed:
        worksheet.write_formula(row, index, f"=SUM({_rows_above(index, numbers)})", figure, 0)


def _rows_above(index: int, numbers: int) -> str:
    name = xl_col_to_name(index)
    return f"{name}${numbers + 1}:INDEX({name}:{name},ROW()-1)"


def _draw_signatures(
    worksheet: Worksheet,
    formats: Formats,
    plan: HeaderPlan,
    row: int,
    letterhead: Letterhead,
    half_year: HalfYear,
) -> None:
    wording = load_wording()
    middle = (plan.width - 1) // 2
    end = plan.width - 1
    italic = formats.get(align="center", italic=True)
    bold = formats.get(align="center", bold=True)
    dated = wording.place_and_date.format(place=letterhead.place, **examples(half_year))
    _write(worksheet, row, middle + 1, row, end, dated, italic)
    _write(worksheet, row + 1, 0, row + 1, middle, wording.prepared_by, bold)
    _write(worksheet, row + 1, middle + 1, row + 1, end, letterhead.signer, bold)
    _write(worksheet, row + 2, 0, row + 2, middle, wording.sign_here, italic)
    _write(worksheet, row + 2, middle + 1, row + 2, end, wording.sign_here, italic)


def _set_up_page(
    worksheet: Worksheet,
    form: FormContract,
    letterhead: Letterhead,
    plan: HeaderPlan,
    header: int,
    numbers: int,
    last: int,
) -> None:
    worksheet.freeze_panes(numbers + 1, 2)
    worksheet.set_landscape()
    worksheet.set_paper(_A4)
    worksheet.set_margins(left=0.5, right=0.4, top=0.6, bottom=0.6)
    worksheet.fit_to_pages(1, 0)
    worksheet.repeat_rows(header, numbers)
    worksheet.print_area(0, 0, last, plan.width - 1)
    worksheet.hide_gridlines(2)
    issuer = f"{letterhead.issuer} – {form.title}".replace("&", "&&")
    worksheet.set_footer(f'&L&"{_FONT},Italic"&9{issuer}&R&9{load_wording().page}')


def _write(
    worksheet: Worksheet,
    first_row: int,
    first_column: int,
    last_row: int,
    last_column: int,
    text: str,
    cell_format: Any,
) -> None:
    """Write text as text into one cell or several merged ones."""
    if (first_row, first_column) != (last_row, last_column):
        worksheet.merge_range(first_row, first_column, last_row, last_column, "", cell_format)
    worksheet.write_string(first_row, first_column, text, cell_format)
