"""A review as an Excel workbook: real tables with numbers as numbers, and the rows that every figure comes from."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from io import BytesIO
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from publish.paper import (
    A4_SHORT,
    FONT_NAME,
    FONT_SIZE,
    LINE_POINTS,
    MARGIN_INCHES,
    PAGE_POINTS_AT_LEAST_SCALE,
    cell_points,
    column_points,
    digits_of,
    line_count,
    row_points,
    text_points,
)
from publish.reports.settings import ReportSettings
from publish.reports.written_review import FIGURES, CellKind, Column, ReviewTable, WrittenReview

_FONT = {"font_name": FONT_NAME, "font_size": FONT_SIZE, "valign": "top"}
# lines of its own: LibreOffice shows none of a table's style
_CELL = {**_FONT, "border": 1, "border_color": "#b8b8b8"}
# Excel shows a figure by the habits of its country; three decimals are there where they are needed
_CHANGE = "+#,##0.###;-#,##0.###;0"
_NUMBER, _DAY = "#,##0.###;-#,##0.###;0", "dd/mm/yyyy"
_PERCENTAGE = "0.00%"
_TITLE_SIZE = 14
_UPRIGHT_POINTS = A4_SHORT - 72 * 2 * MARGIN_INCHES - 2
# of a column of words, in points, where there is room enough; and of the widths of columns, how many rows are asked
_WIDEST, _ROWS_ASKED = 276.0, 500
_CONTENTS, _TEXT, _SOURCES = "Nội dung", "Báo cáo", "Nguồn số liệu"


# the font of all cells that are given none, by which columns are measured
_OPTIONS = {
    "in_memory": True,
    "constant_memory": False,
    "default_format_properties": {"font_name": FONT_NAME, "font_size": FONT_SIZE},
}


def render_workbook(review: WrittenReview, settings: ReportSettings) -> bytes:
    """Write a review as a workbook.

    Sheets: what is in it, the text, a sheet a table, and the rows that the figures come from where the review has them.
    Percentages are ratios of four decimals, cut off or rounded as Word prints them: Excel would round what it shows.
    """
    written = BytesIO()
    with xlsxwriter.Workbook(written, _OPTIONS) as book:
        book.set_properties({"title": review.subtitle, "created": review.as_of.replace(tzinfo=None)})
        formats = _Formats(book)
        tables = [*(_as_printed(table, settings) for table in review.tables)]
        tables += [review.sources] if review.sources else []
        names = [f"PL{number}" for number in range(1, len(review.tables) + 1)]
        names += [_SOURCES] if review.sources else []
        _write_contents(book.add_worksheet(_CONTENTS), review, list(zip(names, tables, strict=True)), formats)
        _write_text(book.add_worksheet(_TEXT), review, formats)
        for name, table in zip(names, tables, strict=True):
            _write_table(book.add_worksheet(name), table, formats)
    return written.getvalue()


def _as_printed(table: ReviewTable, settings: ReportSettings) -> ReviewTable:
    """Give a table with the ratios that Word prints."""
    kinds = [column.kind for column in table.columns]
    rows = tuple(
        tuple(
            settings.ratio_shown(cell)
            if kind is CellKind.PERCENTAGE and isinstance(cell, (float, Decimal))
            else cell
            for cell, kind in zip(cells, kinds, strict=True)
        )
        for cells in table.rows
    )
    return replace(table, rows=rows)


class _Formats:
    """The formats of a workbook, each made once."""

    def __init__(self, book: Workbook) -> None:
        self.title = book.add_format({**_FONT, "bold": True, "font_size": _TITLE_SIZE, "text_wrap": True})
        self.table_title = book.add_format({**_FONT, "bold": True, "font_size": _TITLE_SIZE})
        self.heading = book.add_format({**_CELL, "bold": True, "text_wrap": True, "align": "center"})
        self.text = book.add_format({**_FONT, "text_wrap": True})
        self.note = book.add_format({**_FONT, "italic": True})
        self.link = book.add_format({**_FONT, "font_color": "#0b3d91", "underline": 1})
        self._of_kind = {
            CellKind.TEXT: book.add_format({**_CELL, "text_wrap": True}),
            CellKind.NUMBER: book.add_format({**_CELL, "num_format": _NUMBER}),
            CellKind.CHANGE: book.add_format({**_CELL, "num_format": _CHANGE}),
            CellKind.PERCENTAGE: book.add_format({**_CELL, "num_format": _PERCENTAGE}),
            CellKind.DAY: book.add_format({**_CELL, "num_format": _DAY, "align": "left"}),
        }

    def of(self, kind: CellKind) -> Format:
        """Give the format of a column."""
        return self._of_kind[kind]


def _write_contents(
    sheet: Worksheet, review: WrittenReview, tables: list[tuple[str, ReviewTable]], formats: _Formats
) -> None:
    sheet.hide_gridlines(2)
    names = 18.0
    titles = digits_of(_UPRIGHT_POINTS - column_points(names))
    sheet.set_column(0, 0, names)
    sheet.set_column(1, 1, titles)
    sheet.write(0, 0, review.title, formats.table_title)
    sheet.write(1, 1, review.subtitle, formats.title)
    sheet.set_row(1, row_points([(review.subtitle, cell_points(titles))], _TITLE_SIZE, is_bold=True))
    sheet.write(2, 1, review.words["nguon_so_lieu"], formats.note)
    lines = [(_TEXT, "Nội dung báo cáo bằng lời"), *((name, table.title) for name, table in tables)]
    for row, (name, title) in enumerate(lines, start=4):
        sheet.write_url(row, 0, f"internal:'{name}'!A1", formats.link, name)
        sheet.write(row, 1, title, formats.text)
        sheet.set_row(row, row_points([(title, cell_points(titles))]))
    _print(sheet)


def _write_text(sheet: Worksheet, review: WrittenReview, formats: _Formats) -> None:
    sheet.hide_gridlines(2)
    width = digits_of(_UPRIGHT_POINTS)
    sheet.set_column(0, 0, width)
    lines: list[tuple[str, Format, float]] = [(review.subtitle, formats.title, _TITLE_SIZE)]
    for section in review.sections:
        lines.append((section.heading, formats.title, _TITLE_SIZE))
        lines += [(sentence, formats.text, FONT_SIZE) for sentence in section.sentences]
        lines += [(f"[{gap}]", formats.note, FONT_SIZE) for gap in section.gaps]
    for row, (text, shown, size) in enumerate(lines):
        sheet.write_string(row, 0, text, shown)
        sheet.set_row(row, row_points([(text, cell_points(width))], size, is_bold=shown is formats.title))
    _print(sheet)


def _write_table(sheet: Worksheet, table: ReviewTable, formats: _Formats) -> None:
    sheet.write(0, 0, table.title, formats.table_title)
    last = len(table.columns) - 1
    if table.rows:
        first_row = 2
        sheet.add_table(
            first_row,
            0,
            first_row + len(table.rows),
            last,
            {
                "columns": [
                    {"header": heading, "header_format": formats.heading}
                    for heading in _unique(table.columns)
                ],
                "style": "Table Style Light 15",
                "banded_rows": False,
            },
        )
        for row, cells in enumerate(table.rows, start=first_row + 1):
            for index, (cell, column) in enumerate(zip(cells, table.columns, strict=True)):
                _write_cell(sheet, (row, index), cell, formats.of(column.kind))
        _size(sheet, table, first_row)
        sheet.repeat_rows(first_row)
        sheet.freeze_panes(first_row + 1, 0)
    sheet.write(len(table.rows) + 4, 0, table.note, formats.note)
    sheet.set_landscape()
    _print(sheet)


def _size(sheet: Worksheet, table: ReviewTable, first_row: int) -> None:
    """Give columns their widths and rows their heights, so that all that stands in a cell is seen and printed legibly."""
    widths = _column_widths(table)
    for index, width in enumerate(widths):
        sheet.set_column(index, index, digits_of(width))
    headings = zip(_unique(table.columns), widths, strict=True)
    sheet.set_row(
        first_row, row_points([(heading, _inside(width)) for heading, width in headings], is_bold=True)
    )
    of_words = [index for index, column in enumerate(table.columns) if column.kind not in FIGURES]
    for row, cells in enumerate(table.rows, start=first_row + 1):
        lines = max((_lines(_shown(cells[index]), _inside(widths[index])) for index in of_words), default=1)
        if lines > 1:
            sheet.set_row(row, lines * LINE_POINTS)


def _column_widths(table: ReviewTable) -> list[float]:
    """Give the widths of columns in points: figures and words are never broken, long texts get what the page leaves them."""
    least, liked = [], []
    for index, column in enumerate(table.columns):
        cells = [_shown(row[index]) for row in table.rows[:_ROWS_ASKED]]
        heading = max(_points(word, is_bold=True) for word in column.heading.split())
        if column.kind in FIGURES:
            needed = max([heading, *(_points(cell) for cell in cells)])
            wished = max(needed, _points(column.heading, is_bold=True) / 2)
        else:
            needed = max([heading, *(_points(word) for cell in cells for word in cell.split())])
            wished = max(needed, min(_WIDEST, max([0.0, *(_points(cell) for cell in cells)])))
        least.append(needed + _PADDING)
        liked.append(wished + _PADDING)
    left, asked = PAGE_POINTS_AT_LEAST_SCALE - sum(least), sum(liked) - sum(least)
    share = max(0.0, min(1.0, left / asked)) if asked else 0.0
    return [need + (wish - need) * share for need, wish in zip(least, liked, strict=True)]


# between the text of a cell and its lines, in points
_PADDING = 9.0


def _inside(width: float) -> float:
    return cell_points(digits_of(width)) - 2


@lru_cache(maxsize=20_000)
def _points(text: str, *, is_bold: bool = False) -> float:
    return text_points(text, is_bold=is_bold)


@lru_cache(maxsize=20_000)
def _lines(text: str, points: float) -> int:
    return line_count(text, points)


def _write_cell(sheet: Worksheet, at: tuple[int, int], cell: Any, shown: Format) -> None:
    row, column = at
    if cell is None:
        sheet.write_blank(row, column, None, shown)
    elif isinstance(cell, str):
        sheet.write_string(row, column, cell, shown)
    elif isinstance(cell, date):
        sheet.write_datetime(row, column, cell, shown)
    else:
        sheet.write_number(row, column, float(cell), shown)


def _unique(columns: tuple[Column, ...]) -> list[str]:
    """Excel wants every header of a table to be another."""
    seen: dict[str, int] = {}
    headings = []
    for column in columns:
        seen[column.heading] = seen.get(column.heading, 0) + 1
        again = seen[column.heading]
        headings.append(column.heading if again == 1 else f"{column.heading} ({again})")
    return headings


def _shown(cell: Any) -> str:
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    return "" if cell is None else cell if isinstance(cell, str) else f"{cell:+,.3f}".rstrip("0").rstrip(".")


def _print(sheet: Worksheet) -> None:
    sheet.set_paper(9)
    sheet.set_margins(left=MARGIN_INCHES, right=MARGIN_INCHES)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C&P/&N")
