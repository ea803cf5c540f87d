"""Rules on the cells of a form: what may be typed, what is said to who types, and what is coloured.

They help to fill in a form and keep nothing out: whether a value is right is judged when the form comes back.
"""

from datetime import date
from typing import Any

from xlsxwriter.utility import xl_col_to_name

from publish.templates.blank_form import FormSheet, TemplateError, defined_name
from publish.templates.guidance import (
    column_guidance,
    digits_asked,
    is_event_day,
    load_wording,
    with_place_of_nothing,
)
from publish.templates.header_plan import PlannedColumn, label

_LONGEST_TITLE = 32  # Excel's limit for the title of an input message
_FOUNDED = "DATE(1930,10,20)"  # the day the Women's Union was founded: no day in its papers is earlier


def limit_entries(sheet: FormSheet) -> None:
    """Put on each column the rule that its contract leads to, with what is said to who types.

    Raises:
        TemplateError: Excel takes no such rule.
    """
    for column in sheet.plan.columns:
        _limit_entry(sheet, column)


def _limit_entry(sheet: FormSheet, column: PlannedColumn) -> None:
    form, values = sheet.blank.form, sheet.blank.lists.get(column.field.name)
    is_part = column.whole is not None
    guidance = column_guidance(form, column.field, values, sheet.blank.half_year, is_part)
    rule = _rule(sheet, column)
    rule |= {
        "input_title": label(column.field)[:_LONGEST_TITLE],
        "input_message": guidance.message,
        "error_title": load_wording().entry_refused,
        "error_message": guidance.message,
        "show_error": rule["validate"] != "any" and not (values is not None and values.is_open),
    }
    first = sheet.first_row
    if column == sheet.place_of_nothing:
        own = rule | {"input_message": with_place_of_nothing(guidance.message)}
        _put_rule(sheet, column, (first, first), own)
        first += 1
    _put_rule(sheet, column, (first, sheet.last_row), rule)


def _put_rule(sheet: FormSheet, column: PlannedColumn, rows: tuple[int, int], rule: dict[str, Any]) -> None:
    if sheet.worksheet.data_validation(rows[0], column.index, rows[1], column.index, rule) != 0:
        name = f"{sheet.blank.form.name}.{column.field.name}"
        raise TemplateError(f"{name}: Excel takes no such rule on a cell: {rule}")


def _rule(sheet: FormSheet, column: PlannedColumn) -> dict[str, Any]:
    field, half_year = column.field, sheet.blank.half_year
    cell = sheet.cell(column.index)
    values = sheet.blank.lists.get(field.name)
    if values is not None:
        return {"validate": "list", "source": f"={defined_name(values)}"}
    if field.type in ("date", "datetime"):
        is_event = is_event_day(sheet.blank.form, field)
        start = _excel_day(half_year.first_known_day) if is_event else _FOUNDED
        return {
            "validate": "date",
            "criteria": "between",
            "minimum": f"={start}",
            "maximum": f"={_excel_day(half_year.end)}",
        }
    if field.type in ("integer", "number"):
        return _number_rule(sheet, column)
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


def _number_rule(sheet: FormSheet, column: PlannedColumn) -> dict[str, Any]:
    constraints = column.field.constraints
    maximum: float | str | None = _plain(constraints.maximum)
    if column.whole is not None and maximum is None:
        whole = sheet.cell(column.whole)
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


def mark_what_is_wrong(sheet: FormSheet) -> None:
    """Colour a required cell that is blank in a row that was begun, and an event outside the half-year."""
    row_name, half_year = sheet.first_row + 1, sheet.blank.half_year
    begun = f"COUNTA(${xl_col_to_name(1)}{row_name}:${xl_col_to_name(sheet.end)}{row_name})>0"
    missing = sheet.formats.get(bg_color="#FBD5D5")
    outside = sheet.formats.get(bg_color="#FFF2A8")
    for column in sheet.plan.columns:
        cell = sheet.cell(column.index)
        if column.field.is_required:
            _colour(sheet, column, f'=AND({begun},{cell}="")', missing)
        if is_event_day(sheet.blank.form, column.field):
            bounds = f"{cell}<{_excel_day(half_year.start)},{cell}>{_excel_day(half_year.end)}"
            _colour(sheet, column, f"=AND(ISNUMBER({cell}),OR({bounds}))", outside)


def _colour(sheet: FormSheet, column: PlannedColumn, criteria: str, cell_format: Any) -> None:
    rule = {"type": "formula", "criteria": criteria, "format": cell_format}
    cells = (sheet.first_row, column.index, sheet.last_row, column.index)
    sheet.worksheet.conditional_format(*cells, rule)
