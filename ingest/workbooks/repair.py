"""Sheets as they were meant: text of legacy encodings made Unicode, and no value that nobody sees or may count.

What calamine does not tell is looked up beside it (``sheet_notes``), and only in files that give a reason to: a legacy
font among the styles, text that makes no sense as Unicode, an error, a formula that nobody calculated, a figure struck
out, a cell under a merged one.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from ingest.packages.ods_notes import notes_of_ods
from ingest.packages.package import ODS, XLSB, XLSX, Package, open_package
from ingest.packages.sheet_notes import CellFonts, Position, SheetNotes
from ingest.packages.xls_notes import notes_of_xls
from ingest.packages.xlsb_records import read_xlsb
from ingest.packages.xlsx_notes import notes_of_xlsx
from ingest.text.cells import Cell, ErrorText, FormulaText, StruckText, cell_text, is_blank
from ingest.text.legacy.encodings import may_be_legacy, repair
from ingest.workbooks.grids import MergedRange, Sheet
from ingest.workbooks.unpacking import unpacked

_ROWS_AT_ONCE = 4096


def notes_of(content: bytes) -> dict[int, SheetNotes]:
    """Find what is to be known of a workbook's cells beside their values, sheet by sheet, counted from 1.

    Whatever is wrong with the file, the answer is a dictionary, then an empty one; that it is broken, others report.
    """
    try:
        if not content.startswith(b"PK"):
            return notes_of_xls(content)
        package = open_package(unpacked(content) or content)
        readers: dict[str | None, Callable[[Package], dict[int, SheetNotes]]] = {
            XLSX: notes_of_xlsx,
            XLSB: lambda package: read_xlsb(package)[0],
            ODS: notes_of_ods,
        }
        reader = readers.get(package.file_format)
        return reader(package) if reader else {}
    except Exception:  # a broken file fails in a way of its own in each library
        return {}


def repair_workbook(sheets: Sequence[Sheet], content: bytes) -> list[Sheet]:
    """Give a workbook's sheets put right by what its file says beyond values: fonts, formats, what is hidden or struck.

    Args:
        sheets: as calamine gives them; their rows are changed in place.
        content: the bytes of the same file; notes that cannot be read leave the sheets as they are.
    """
    notes = notes_of(content)
    return [_put_right(sheet, notes.get(sheet.number, SheetNotes())) for sheet in sheets]


def _put_right(sheet: Sheet, notes: SheetNotes) -> Sheet:
    if notes.merged is not None:
        sheet = replace(sheet, merged=tuple(MergedRange(*span) for span in notes.merged))
    rows = _Rows(sheet.rows)
    rows.widen([*notes.errors, *notes.formulas])
    for (row, column), text in notes.texts.items():
        rows.put(row, column, text)
    covered: dict[Position, Cell] = {}
    for span in sheet.merged or ():
        covered |= rows.clear_under(span)
    repair_texts(sheet, notes.fonts)
    for (row, column), shown in notes.errors.items():
        rows.put(row, column, ErrorText(shown))
    for (row, column), formula in notes.formulas.items():
        rows.put(row, column, FormulaText(formula))
    for row, column in notes.struck:
        cell = rows.get(row, column)
        if not is_blank(cell):
            rows.put(row, column, StruckText(f"~~{cell_text(cell).strip()}~~"))
    return replace(
        sheet,
        hidden_rows=frozenset(notes.hidden_rows),
        hidden_columns=frozenset(notes.hidden_columns),
        covered=covered,
        scales=notes.scales,
        has_month_first=notes.has_month_first,
    )


class _Rows:
    """The rows of a sheet while cells are put into them; a blank row may stand for many, so rows are copied first."""

    def __init__(self, rows: list[list[Cell]]) -> None:
        self._rows = rows
        self._own: set[int] = set()

    def widen(self, positions: Iterable[tuple[int, int]]) -> None:
        """Make room for cells that calamine takes for blank ones, and so for none."""
        last_row = max((row for row, _ in positions), default=-1)
        width = max((column + 1 for _, column in positions), default=0)
        own_width = len(self._rows[0]) if self._rows else 0
        if width > own_width:
            self._rows[:] = [[*row, *[""] * (width - own_width)] for row in self._rows]
        blank: list[Cell] = [""] * max(width, own_width)
        self._rows += [blank] * (last_row + 1 - len(self._rows))

    def get(self, row: int, column: int) -> Cell:
        """Give a cell; a blank one where the sheet has none."""
        return self._rows[row][column] if row < len(self._rows) and column < len(self._rows[row]) else ""

    def put(self, row: int, column: int, cell: Cell) -> None:
        """Replace a cell, if the sheet has it."""
        if row < len(self._rows) and column < len(self._rows[row]):
            if row not in self._own:
                self._rows[row] = [*self._rows[row]]
                self._own.add(row)
            self._rows[row][column] = cell

    def clear_under(self, span: MergedRange) -> dict[Position, Cell]:
        """Empty the cells that a merged one covers, nobody sees them; gives what stood there."""
        cleared: dict[Position, Cell] = {}
        columns = slice(span.first_column, span.last_column + 1)
        for row in range(span.first_row, min(span.last_row + 1, len(self._rows))):
            covered = self._rows[row][columns]
            if covered.count("") == len(covered):
                continue
            for offset, cell in enumerate(covered):
                if cell != "" and (row, offset) != (span.first_row, 0):
                    cleared[row, span.first_column + offset] = cell
                    self.put(row, span.first_column + offset, "")
        return cleared


def repair_texts(sheet: Sheet, fonts: CellFonts) -> None:
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
