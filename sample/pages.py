"""Draws a form of a return as a sheet, the way the forms are laid out and in the style of its unit.

From the top: issuing body and motto, unit, title, period and unit of money, a header of one to three rows,
perhaps a row of column numbers, the rows, sub-totals and a control total, place and date, signatures. A sheet
with a spoilt row carries no control total, so that nobody has to say what that total should be.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sample.figures import stream
from sample.layout import Canvas, CellValue, Look, Sheet
from sample.people import full_name
from sample.records import Activity, Entry, Form, MemberChange, Record, Return
from sample.styles import STYLES, Numbers, Style
from sample.units import Unit
from sample.wording import COLUMNS, TITLES, Column, Kind

_MONEY_FORMS = frozenset({Form.TRAININGS, Form.SUPPORT_FUNDS, Form.MOVEMENT_ACTIVITIES})
_MOTTO = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")


@dataclass(frozen=True)
class SpoiltRow:
    """Where a bad row stands: sheet name and row number as people count it, from 1."""

    sheet_name: str
    row_number: int
    field_name: str
    why: str


@dataclass(frozen=True)
class Page:
    """A drawn sheet and the bad rows on it."""

    sheet: Sheet
    spoilt: tuple[SpoiltRow, ...]


@dataclass(frozen=True)
class Letterhead:
    """What stands above a table and below it, line by line."""

    issuer: str
    unit_line: str
    title: str
    period_line: str | None
    uom_line: str | None
    place_and_date: str
    left_signature: str
    right_signature: str
    signers: tuple[str, str]


def return_pages(made: Return) -> tuple[Page, ...]:
    """The sheets of a return in the order of its unit's style."""
    style = STYLES[made.unit.key]
    return tuple(_return_page(made, form, style) for form in style.form_order)


def _return_page(made: Return, form: Form, style: Style) -> Page:
    signed = made.signed_on
    uom_line = style.uom_line.format(uom=style.uom_word) if form in _MONEY_FORMS else None
    head = Letterhead(
        issuer="HỘI LHPN HUYỆN KRÔNG ANA",
        unit_line=made.unit.title_name,
        title=TITLES[form].upper(),
        period_line=style.period_line.format(label=made.half_year.label),
        uom_line=uom_line,
        place_and_date=f"{made.unit.seat}, ngày {signed.day} tháng {signed.month} năm {signed.year}",
        left_signature="NGƯỜI LẬP BIỂU",
        right_signature="TM. BAN THƯỜNG VỤ" if not made.unit.is_police else "TM. BAN CHẤP HÀNH",
        signers=_signers(made.unit),
    )
    return table_page(style.sheet_name(form), form, made.entries[form], head, style)


def table_page(sheet_name: str, form: Form, entries: Sequence[Entry], head: Letterhead, style: Style) -> Page:
    """Draw one table on a sheet of its own, with everything that stands around it."""
    columns = [column for column in COLUMNS[form] if f"{form}.{column.field_name}" not in style.omitted]
    captions = [(style.numbering,), *(_caption(column, style) for column in columns)]
    has_extra = style.extra_column is not None and style.extra_column[0] is form
    if style.extra_column is not None and has_extra:
        captions.append((style.extra_column[1],))
    canvas = Canvas(
        style.text(sheet_name), (5, *(_width(column) for column in columns), *((16,) if has_extra else ()))
    )
    last = len(captions) - 1
    row = _draw_letterhead(canvas, head, style, last)
    row = _draw_header(canvas, captions, style, row)
    if style.column_numbers:
        for number in range(last + 1):
            typed = style.column_numbers.format(number=number + 1)
            canvas.put(row, number, int(typed) if typed.isdigit() else typed, Look.ITALIC)
        row += 1

    spoilt: list[SpoiltRow] = []
    ordered = list(entries)
    has_bad_row = any(entry.spoil is not None for entry in entries)
    is_grouped = style.has_village_subtotals and form in (Form.CLUBS, Form.MOVEMENT_ACTIVITIES)
    has_subtotals = is_grouped and not has_bad_row
    if is_grouped:
        ordered.sort(key=lambda entry: _village(entry.record))
    first_of_village = 0
    for number, entry in enumerate(ordered):
        canvas.put(row, 0, number + 1, Look.BODY)
        for position, (value, look) in enumerate(_cells(entry, columns, style), start=1):
            canvas.put(row, position, value, look)
        if style.extra_column is not None and has_extra:
            texts = style.extra_column[2]
            canvas.put(row, last, style.text(texts[number % len(texts)]), Look.BODY)
        if entry.spoil is not None:
            spoilt.append(SpoiltRow(canvas.name, row + 1, entry.spoil.field_name, entry.spoil.why))
        row += 1
        village = _village(entry.record)
        if has_subtotals and (number + 1 == len(ordered) or _village(ordered[number + 1].record) != village):
            _draw_total(
                canvas, row, f"Cộng {village}", ordered[first_of_village : number + 1], columns, style
            )
            first_of_village = number + 1
            row += 1
    if form is Form.MEMBER_CHANGES and style.has_member_count_line and ordered:
        canvas.put(row, 1, style.text(f"{style.total_label}: {len(ordered)}"), Look.BOLD)
        row += 1
    if ordered and not has_bad_row and any(column.is_summed for column in columns):
        _draw_total(canvas, row, style.total_label, ordered, columns, style)
        row += 1
    _draw_signatures(canvas, head, style, row + 1, last)
    return Page(canvas.finish(), tuple(spoilt))


def _caption(column: Column, style: Style) -> tuple[str, ...]:
    caption = column.caption
    if style.header_rows < 3 and len(caption) == 3:
        caption = (caption[0], caption[2])
    if style.has_households_grouped and column.field_name in ("is_poor_household", "is_near_poor_household"):
        caption = ("Thuộc hộ", *caption)
    parts = tuple(style.words.get(part, part) for part in caption)
    return tuple(style.text(part.upper() if style.is_header_upper else part) for part in parts)


def _draw_letterhead(canvas: Canvas, head: Letterhead, style: Style, last: int) -> int:
    middle = last // 2
    for row, (left, right) in enumerate(zip((head.issuer, head.unit_line), _MOTTO, strict=True)):
        canvas.spread(row, 0, middle, style.text(left), Look.BOLD)
        canvas.spread(row, middle + 1, last, style.text(right), Look.BOLD)
    row = 3
    canvas.spread(row, 0, last, style.text(head.title), Look.TITLE)
    row += 1
    if head.period_line is not None:
        is_shared = head.uom_line is not None and not style.is_uom_on_own_row
        canvas.spread(row, 0, middle if is_shared else last, style.text(head.period_line), Look.ITALIC)
        if is_shared and head.uom_line is not None:
            canvas.spread(row, middle + 1, last, style.text(head.uom_line), Look.ITALIC)
        row += 1
        if head.uom_line is not None and not is_shared:
            canvas.spread(row, max(0, last - 2), last, style.text(head.uom_line), Look.ITALIC)
            row += 1
    return row + 1


def _draw_header(canvas: Canvas, captions: Sequence[tuple[str, ...]], style: Style, row: int) -> int:
    depth = max(len(caption) for caption in captions)
    for level in range(depth):
        column = 0
        while column < len(captions):
            caption = captions[column]
            if len(caption) <= level:
                column += 1
                continue
            is_leaf = len(caption) == level + 1
            end = column
            while not is_leaf and end + 1 < len(captions) and _continues(caption, captions[end + 1], level):
                end += 1
            canvas.spread(
                row + level, column, end, caption[level], Look.HEADER, rows=depth - level if is_leaf else 1
            )
            column = end + 1
    return row + depth


def _continues(caption: tuple[str, ...], other: tuple[str, ...], level: int) -> bool:
    return len(other) > level + 1 and other[: level + 1] == caption[: level + 1]


def _draw_total(
    canvas: Canvas, row: int, label: str, entries: Sequence[Entry], columns: Sequence[Column], style: Style
) -> None:
    first_sum = next(position for position, column in enumerate(columns, start=1) if column.is_summed)
    if style.is_total_label_merged:
        canvas.spread(row, 0, first_sum - 1, style.text(label), Look.BOLD)
    else:
        canvas.put(row, 1, style.text(label), Look.BOLD)
    for position, column in enumerate(columns, start=1):
        if column.is_summed:
            values = [getattr(entry.record, column.field_name) for entry in entries]
            known = [value for value in values if value is not None]
            if known:
                typed = style.amount(sum(known)) if column.kind is Kind.MONEY else style.number(sum(known))
                canvas.put(row, position, typed, Look.BOLD)


def _draw_signatures(canvas: Canvas, head: Letterhead, style: Style, row: int, last: int) -> None:
    right = max(last // 2 + 1, last - 3)
    canvas.spread(row, right, last, style.text(head.place_and_date), Look.ITALIC)
    canvas.spread(row + 1, 0, min(2, right - 1), style.text(head.left_signature), Look.BOLD)
    canvas.spread(row + 1, right, last, style.text(head.right_signature), Look.BOLD)
    canvas.spread(row + 4, 0, min(2, right - 1), style.text(head.signers[0]), Look.PLAIN)
    canvas.spread(row + 4, right, last, style.text(head.signers[1]), Look.PLAIN)


def _cells(entry: Entry, columns: Sequence[Column], style: Style) -> list[tuple[CellValue | None, Look]]:
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


def _village(record: Record) -> str:
    village = getattr(record, "village", "")
    return unicodedata.normalize("NFC", village)


def _width(column: Column) -> int:
    match column.kind:
        case Kind.TEXT | Kind.PROGRAMME:
            return 24
        case Kind.CHOICE | Kind.DATE | Kind.CITIZEN_ID | Kind.MONEY:
            return 15
        case _:
            return 9


def _signers(unit: Unit) -> tuple[str, str]:
    random = stream("signers", unit.key)
    return full_name(random, "01"), full_name(random, "12" if unit.minority_share > 0.3 else "01")
