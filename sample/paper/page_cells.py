"""The cells of a row as a branch types them: values in the style of its unit, spoilt ones as they are shown."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from sample.events.records import Activity, Entry, MemberChange, Record
from sample.paper.layout import CellValue, Look
from sample.paper.style import Numbers, Style
from sample.paper.wording import Column, Kind


def row_cells(entry: Entry, columns: Sequence[Column], style: Style) -> list[tuple[CellValue | None, Look]]:
    """Give what stands in the cells of a row, column by column, and how it looks."""
    cells: list[tuple[CellValue | None, Look]] = []
    for column in columns:
        if entry.spoil is not None and entry.spoil.field_name == column.field_name:
            shown = entry.spoil.shown
            number = shown is not None and shown.lstrip("-").isdigit() and column.kind is Kind.COUNT
            cells.append((int(shown) if number and shown else style.text(shown or ""), Look.BODY))
        else:
            cells.append(_cell(entry.record, column, style))
    return cells


def _cell(record: Record, column: Column, style: Style) -> tuple[CellValue | None, Look]:
    if isinstance(record, MemberChange):
        return _member_cell(record, column, style)
    if isinstance(record, Activity) and column.field_name in ("quantity", "uom"):
        if record.quantity is None or record.uom is None:
            return None, Look.BODY
        quantity, word = style.measured(record.quantity, record.uom, record.activity_type)
        return (quantity if column.field_name == "quantity" else word), Look.BODY
    return _typed(getattr(record, column.field_name), column, style)


def _member_cell(record: MemberChange, column: Column, style: Style) -> tuple[CellValue | None, Look]:
    person = record.person
    match column.field_name:
        case "full_name" | "village" | "education" | "occupation":
            return _typed(getattr(person, column.field_name), column, style)
        case "birth":
            if style.has_full_birth_dates:
                return style.day(person.born_on), Look.DATE
            year = person.born_on.year
            return (year if style.numbers is Numbers.CELL else str(year)), Look.BODY
        case "ethnic_group":
            return style.choice("ethnic_group", person.ethnic_code), Look.BODY
        case "religion":
            code = person.religion_code
            return (None if code is None else style.choice("religion", code)), Look.BODY
        case "is_poor_household":
            return style.ticks[0 if person.is_poor else 1], Look.BODY
        case "is_near_poor_household":
            return style.ticks[0 if person.is_near_poor else 1], Look.BODY
        case "citizen_id":
            digits = person.citizen_id
            return (int(digits) if digits and style.has_numeric_citizen_ids else digits), Look.BODY
        case _:
            return _typed(getattr(record, column.field_name), column, style)


def _typed(value: object, column: Column, style: Style) -> tuple[CellValue | None, Look]:
    if value is None:
        is_number = column.kind in (Kind.COUNT, Kind.MONEY)
        return (style.none_sign if is_number else None), Look.BODY
    match value:
        case bool():
            return style.ticks[0 if value else 1], Look.BODY
        case datetime():
            raise TypeError(f"{column.field_name} holds an instant, and sheets hold days")
        case date():
            return style.day(value), Look.DATE
        case int() | Decimal() if column.kind is Kind.MONEY:
            return style.amount(int(value)), Look.MONEY
        case int() | Decimal():
            return style.number(value) if column.field_name != "year" else int(value), Look.BODY
        case str() if column.kind is Kind.CHOICE and column.choices is not None:
            return style.choice(column.choices, value), Look.BODY
        case str() if column.kind is Kind.PROGRAMME:
            return style.programme(value), Look.BODY
        case str():
            return style.text(value), Look.BODY
        case _:
            raise TypeError(f"{column.field_name} holds {type(value).__name__}, which no cell can show")
