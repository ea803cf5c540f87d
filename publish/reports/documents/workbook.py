"""A review as an Excel workbook: real tables with numbers as numbers, and the rows that every figure comes from."""

from datetime import date
from io import BytesIO
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from publish.paper import FONT_NAME, FONT_SIZE
from publish.reports.written_review import CellKind, Column, ReviewTable, WrittenReview

_FONT = {"font_name": FONT_NAME, "font_size": FONT_SIZE, "valign": "top"}
# Excel shows a figure by the habits of its country; three decimals are there where they are needed
_CHANGE = "+#,##0.###;-#,##0.###;0"
_NUMBER, _DAY = "#,##0.###;-#,##0.###;0", "dd/mm/yyyy"
# Excel rounds what it shows; what is below the whole is not to read as 100 %
_PERCENTAGE = '[<0.99995]0.00%;[<1]"99,99%";0.00%'
_WIDEST = 46
_CONTENTS, _TEXT, _SOURCES = "Nội dung", "Báo cáo", "Nguồn số liệu"


def render_workbook(review: WrittenReview) -> bytes:
    """Write a review as a workbook.

    Sheets: what is in it, the text, a sheet a table, and the rows that the figures come from where the review has them.
    Percentages are ratios shown as such, not rounded.
    """
    written = BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True, "constant_memory": False}) as book:
        book.set_properties({"title": review.subtitle, "created": review.as_of.replace(tzinfo=None)})
        formats = _Formats(book)
        tables = [*review.tables, *([review.sources] if review.sources else [])]
        names = [f"PL{number}" for number in range(1, len(review.tables) + 1)]
        names += [_SOURCES] if review.sources else []
        _write_contents(book.add_worksheet(_CONTENTS), review, list(zip(names, tables, strict=True)), formats)
        _write_text(book.add_worksheet(_TEXT), review, formats)
        for name, table in zip(names, tables, strict=True):
            _write_table(book.add_worksheet(name), table, formats)
    return written.getvalue()


class _Formats:
    """The formats of a workbook, each made once."""

    def __init__(self, book: Workbook) -> None:
        self.title = book.add_format({**_FONT, "bold": True, "font_size": 14, "text_wrap": True})
        self.heading = book.add_format({**_FONT, "bold": True, "text_wrap": True, "align": "center"})
        self.text = book.add_format({**_FONT, "text_wrap": True})
        self.note = book.add_format({**_FONT, "italic": True})
        self.link = book.add_format({**_FONT, "font_color": "#0b3d91", "underline": 1})
        self._of_kind = {
            CellKind.TEXT: self.text,
            CellKind.NUMBER: book.add_format({**_FONT, "num_format": _NUMBER}),
            CellKind.CHANGE: book.add_format({**_FONT, "num_format": _CHANGE}),
            CellKind.PERCENTAGE: book.add_format({**_FONT, "num_format": _PERCENTAGE}),
            CellKind.DAY: book.add_format({**_FONT, "num_format": _DAY, "align": "left"}),
        }

    def of(self, kind: CellKind) -> Format:
        """Give the format of a column."""
        return self._of_kind[kind]


def _write_contents(
    sheet: Worksheet, review: WrittenReview, tables: list[tuple[str, ReviewTable]], formats: _Formats
) -> None:
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, 90)
    sheet.write(0, 0, review.title, formats.title)
    sheet.write(1, 1, review.subtitle, formats.title)
    sheet.write(2, 1, review.words["nguon_so_lieu"], formats.note)
    lines = [(_TEXT, "Nội dung báo cáo bằng lời"), *((name, table.title) for name, table in tables)]
    for row, (name, title) in enumerate(lines, start=4):
        sheet.write_url(row, 0, f"internal:'{name}'!A1", formats.link, name)
        sheet.write(row, 1, title, formats.text)
    _print_upright(sheet)


def _write_text(sheet: Worksheet, review: WrittenReview, formats: _Formats) -> None:
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 110)
    lines: list[tuple[str, Format]] = [(review.subtitle, formats.title)]
    for section in review.sections:
        lines.append((section.heading, formats.title))
        lines += [(sentence, formats.text) for sentence in section.sentences]
        lines += [(f"[{gap}]", formats.note) for gap in section.gaps]
    for row, (text, shown) in enumerate(lines):
        sheet.write_string(row, 0, text, shown)
    _print_upright(sheet)


def _write_table(sheet: Worksheet, table: ReviewTable, formats: _Formats) -> None:
    sheet.write(0, 0, table.title, formats.title)
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
        sheet.repeat_rows(first_row)
        sheet.freeze_panes(first_row + 1, 0)
    sheet.write(len(table.rows) + 4, 0, table.note, formats.note)
    for index, column in enumerate(table.columns):
        longest = max([len(_shown(row[index])) for row in table.rows[:500]], default=0)
        sheet.set_column(index, index, min(_WIDEST, max(longest + 3, len(column.heading) / 2, 7)))
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C&P/&N")


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
    return "" if cell is None else f"{cell:,.0f}" if not isinstance(cell, str | date) else str(cell)


def _print_upright(sheet: Worksheet) -> None:
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C&P/&N")
