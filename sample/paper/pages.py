"""Draws a form of a return as a sheet, the way the forms are laid out and in the style of its unit.

From the top: issuing body and motto, unit, title, period and unit of money, a header of one to three rows,
perhaps a row of column numbers, the rows, sub-totals and a control total, place and date, signatures. A sheet
with a spoilt row carries no control total, so that nobody has to say what that total should be.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from sample.events.people import full_name
from sample.events.records import Entry, Form, Record, Return
from sample.figures import stream
from sample.paper.layout import Canvas, Look, Sheet
from sample.paper.page_cells import row_cells
from sample.paper.style import Style
from sample.paper.styles import STYLES
from sample.paper.wording import COLUMNS, TITLES, Column, Kind
from sample.units import Unit

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
    columns = tuple(column for column in COLUMNS[form] if f"{form}.{column.field_name}" not in style.omitted)
    captions = [(style.numbering,), *(_caption(column, style) for column in columns)]
    widths: tuple[int, ...] = (5, *(_width(column) for column in columns))
    extra_texts: tuple[str, ...] = ()
    if style.extra_column is not None and style.extra_column[0] is form:
        _, caption, extra_texts = style.extra_column
        captions.append((caption,))
        widths = (*widths, 16)
    table = _Table(Canvas(style.text(sheet_name), widths), form, columns, extra_texts, style)
    ordered = sorted(entries, key=lambda entry: _village(entry.record)) if table.is_grouped else list(entries)
    row = _draw_letterhead(table.canvas, head, style, table.last)
    row = _draw_header(table.canvas, captions, style, row)
    row = _draw_column_numbers(table, row)
    row, spoilt = _draw_rows(table, ordered, row)
    row = _draw_closing(table, ordered, row)
    _draw_signatures(table.canvas, head, style, row + 1, table.last)
    return Page(table.canvas.finish(), tuple(spoilt))


@dataclass(frozen=True)
class _Table:
    """A table while it is drawn.

    Attributes:
        columns: behind that of the numbers of rows.
        extra_texts: what stands in a column that no form asks for, one text after the other; empty without one.
    """

    canvas: Canvas
    form: Form
    columns: tuple[Column, ...]
    extra_texts: tuple[str, ...]
    style: Style

    @property
    def last(self) -> int:
        """The last column."""
        return len(self.columns) + bool(self.extra_texts)

    @property
    def is_grouped(self) -> bool:
        """Whether rows stand village by village."""
        return self.style.has_village_subtotals and self.form in (Form.CLUBS, Form.MOVEMENT_ACTIVITIES)


def _draw_column_numbers(table: _Table, row: int) -> int:
    if not table.style.column_numbers:
        return row
    for number in range(table.last + 1):
        typed = table.style.column_numbers.format(number=number + 1)
        table.canvas.put(row, number, int(typed) if typed.isdigit() else typed, Look.ITALIC)
    return row + 1


def _draw_rows(table: _Table, entries: Sequence[Entry], row: int) -> tuple[int, list[SpoiltRow]]:
    """Draw rows, and sub-totals where villages end; gives the row after them and the bad rows."""
    canvas, style = table.canvas, table.style
    spoilt: list[SpoiltRow] = []
    has_subtotals = table.is_grouped and not _has_bad_row(entries)
    first_of_village = 0
    for number, entry in enumerate(entries):
        canvas.put(row, 0, number + 1, Look.BODY)
        for position, (value, look) in enumerate(row_cells(entry, table.columns, style), start=1):
            canvas.put(row, position, value, look)
        if table.extra_texts:
            text = table.extra_texts[number % len(table.extra_texts)]
            canvas.put(row, table.last, style.text(text), Look.BODY)
        if entry.spoil is not None:
            spoilt.append(SpoiltRow(canvas.name, row + 1, entry.spoil.field_name, entry.spoil.why))
        row += 1
        village = _village(entry.record)
        if has_subtotals and (number + 1 == len(entries) or _village(entries[number + 1].record) != village):
            _draw_total(table, row, f"Cộng {village}", entries[first_of_village : number + 1])
            first_of_village = number + 1
            row += 1
    return row, spoilt


def _draw_closing(table: _Table, entries: Sequence[Entry], row: int) -> int:
    """Draw what closes a table that has rows: how many members, or the control total; gives the row after it."""
    style = table.style
    if table.form is Form.MEMBER_CHANGES and style.has_member_count_line and entries:
        table.canvas.put(row, 1, style.text(f"{style.total_label}: {len(entries)}"), Look.BOLD)
        row += 1
    if entries and not _has_bad_row(entries) and any(column.is_summed for column in table.columns):
        _draw_total(table, row, style.total_label, entries)
        row += 1
    return row


def _has_bad_row(entries: Sequence[Entry]) -> bool:
    return any(entry.spoil is not None for entry in entries)


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
        canvas.spread(row, (0, middle), style.text(left), Look.BOLD)
        canvas.spread(row, (middle + 1, last), style.text(right), Look.BOLD)
    row = 3
    canvas.spread(row, (0, last), style.text(head.title), Look.TITLE)
    row += 1
    if head.period_line is not None:
        is_shared = head.uom_line is not None and not style.is_uom_on_own_row
        canvas.spread(row, (0, middle if is_shared else last), style.text(head.period_line), Look.ITALIC)
        if is_shared and head.uom_line is not None:
            canvas.spread(row, (middle + 1, last), style.text(head.uom_line), Look.ITALIC)
        row += 1
        if head.uom_line is not None and not is_shared:
            canvas.spread(row, (max(0, last - 2), last), style.text(head.uom_line), Look.ITALIC)
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
                row + level, (column, end), caption[level], Look.HEADER, rows=depth - level if is_leaf else 1
            )
            column = end + 1
    return row + depth


def _continues(caption: tuple[str, ...], other: tuple[str, ...], level: int) -> bool:
    return len(other) > level + 1 and other[: level + 1] == caption[: level + 1]


def _draw_total(table: _Table, row: int, label: str, entries: Sequence[Entry]) -> None:
    canvas, columns, style = table.canvas, table.columns, table.style
    first_sum = next(position for position, column in enumerate(columns, start=1) if column.is_summed)
    if style.is_total_label_merged:
        canvas.spread(row, (0, first_sum - 1), style.text(label), Look.BOLD)
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
    canvas.spread(row, (right, last), style.text(head.place_and_date), Look.ITALIC)
    canvas.spread(row + 1, (0, min(2, right - 1)), style.text(head.left_signature), Look.BOLD)
    canvas.spread(row + 1, (right, last), style.text(head.right_signature), Look.BOLD)
    canvas.spread(row + 4, (0, min(2, right - 1)), style.text(head.signers[0]), Look.PLAIN)
    canvas.spread(row + 4, (right, last), style.text(head.signers[1]), Look.PLAIN)


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
