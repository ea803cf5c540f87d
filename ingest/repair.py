"""Sheets as they were meant: text of legacy encodings made Unicode, broken formulas shown as errors.

What calamine does not tell is looked up beside it, and only in files that give a reason to: a legacy font among the
styles, text that makes no sense as Unicode, a formula that ended in an error.
"""

from collections.abc import Sequence

from ingest.error_cells import find_error_cells
from ingest.file_kinds import workbook_format
from ingest.fonts import legacy_fonts
from ingest.legacy_text import may_be_legacy, repair
from ingest.unpacking import unpacked
from ingest.workbook import Cell, Sheet

_ROWS_AT_ONCE = 4096


def repair_workbook(sheets: list[Sheet], content: bytes) -> None:
    """Put right the cells of a workbook's sheets, in place."""
    errors = find_error_cells(content)
    fonts = legacy_fonts(unpacked(content) or content, workbook_format(content))
    for sheet in sheets:
        for (row, column), shown in errors.get(sheet.number, {}).items():
            if row < len(sheet.rows) and column < len(sheet.rows[row]):
                sheet.rows[row] = [*sheet.rows[row]]  # a blank row may stand for many
                sheet.rows[row][column] = shown
        repair_texts(sheet, fonts.get(sheet.number, {}))


def repair_texts(sheet: Sheet, fonts: dict[tuple[int, int], str]) -> None:
    """Make a sheet's text Unicode, in place: by the font of a cell where it is a legacy one, else by evidence."""
    is_doubtful = may_be_legacy(_texts_beyond_ascii(sheet.rows))
    if not fonts and not is_doubtful:
        return
    for row_index, row in enumerate(sheet.rows):
        for column_index, cell in enumerate(row):
            font = fonts.get((row_index, column_index))
            if isinstance(cell, str) and cell and (font or is_doubtful):
                row[column_index] = repair(cell, font)


def _texts_beyond_ascii(rows: list[list[Cell]]) -> set[str]:
    """Give the different texts of the columns that hold any beyond ASCII; most columns need one look."""
    found: set[str] = set()
    for first in range(0, len(rows), _ROWS_AT_ONCE):
        for column in zip(*rows[first : first + _ROWS_AT_ONCE], strict=True):
            texts: Sequence[str] = column
            try:
                joined = "".join(texts)
            except TypeError:  # not all of its cells are texts
                texts = [cell for cell in column if isinstance(cell, str)]
                joined = "".join(texts)
            if not joined.isascii():
                found.update(texts)
    return found
