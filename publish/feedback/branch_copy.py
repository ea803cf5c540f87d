"""The branch's own workbook, made ready for marks.

An Office Open XML workbook is opened with its look; any other format is written anew, every cell at the address where
the branch has it, so that the whole can be corrected and sent back. Macros, links to other files and what they feed are
left behind, and text stays text.
"""

import io
import re
import zipfile
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime, time

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell, MergedCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import to_excel
from openpyxl.worksheet.worksheet import Worksheet

from ingest.headers.returned_list import is_list_of_findings
from ingest.reading.submission import open_sheets
from ingest.text.cells import Cell as CellValue
from ingest.text.cells import FormulaText, StruckText
from ingest.workbooks.grids import MergedRange, Sheet, UnreadableFileError
from publish.feedback.findings.answer import TablePlace
from publish.paper import (
    FONT_NAME,
    FONT_SIZE,
    LINE_POINTS,
    PAGE_POINTS_AT_LEAST_SCALE,
    cell_points,
    column_points,
    digits_of,
    row_points,
    set_house_font,
)

MOST_XML_BYTES = 24 * 1024 * 1024
MOST_UNPACKED_BYTES = 64 * 1024 * 1024
MOST_CELLS = 1_000_000
LONGEST_TEXT = 32_767  # Excel's limit for a cell
LONGEST_SHEET_NAME = 31  # Excel's limit as well
_READS_AS_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_OTHER_FILE = re.compile(r"\[\d+\]")
_NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_FORMULA = re.compile(
    rb'<c r="([A-Z]+[0-9]+)"([^>]*)>(<f\b[^>]*?(?:/>|>.*?</f>))(?:<v ?/>|<v></v>)</c>', re.DOTALL
)
_ERRORS = frozenset({"#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#GETTING_DATA"})
_HEADER_FILL = PatternFill("solid", fgColor="E7E6E6")
_THIN = Side(style="thin", color="BFBFBF")
_GRID = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_NARROWEST, _NARROWER, _WIDEST = 6, 10, 45


@dataclass(slots=True)
class BranchCopy:
    """A workbook to put marks into.

    Attributes:
        sheets: number of a sheet in the branch's file to the sheet in the copy; our own list is in none.
        results: per sheet, address to what its formula showed; a copy would otherwise come back with blanks.
    """

    workbook: Workbook
    sheets: dict[int, Worksheet]
    results: dict[int, dict[str, CellValue]]

    def as_bytes(self) -> bytes:
        """Give the workbook as the content of an xlsx file, formulas with what they showed."""
        stream = io.BytesIO()
        self.workbook.save(stream)
        by_part = {
            self.sheets[number].path.lstrip("/"): found for number, found in self.results.items() if found
        }
        return _with_results(stream.getvalue(), by_part) if by_part else stream.getvalue()


def copy_of(content: bytes, tables: Sequence[TablePlace]) -> BranchCopy | None:
    """Make a copy of a branch's file that marks can be put into.

    Args:
        content: a file that ingest has read before.
        tables: where its tables stand; drawn with borders when the file must be written anew.

    Returns:
        The copy, or None when the file cannot be copied cell by cell.
    """
    try:
        if _unpacked_bytes(content, "") > MOST_UNPACKED_BYTES:
            return None
        sheets = open_sheets(content)
    except (UnreadableFileError, zipfile.BadZipFile):
        return None
    if sum(len(sheet.rows) * len(sheet.rows[0]) for sheet in sheets if sheet.rows) > MOST_CELLS:
        return None
    own = _open_own(content, sheets)
    return own if own is not None else _written_anew(sheets, tables)


def put_text(cell: Cell, text: str) -> None:
    """Write text that stays text, whatever it begins with."""
    cell.value = printable(text)[:LONGEST_TEXT]
    _keep_as_text(cell)


def printable(text: str) -> str:
    """Give a text without characters that no workbook may hold."""
    return str(ILLEGAL_CHARACTERS_RE.sub(" ", text))


def sheet_name(wanted: str, taken: Sequence[str]) -> str:
    """Give a name that Excel allows and that no other sheet has."""
    clean = _NOT_IN_SHEET_NAMES.sub(" ", wanted).strip().strip("'").strip()[:LONGEST_SHEET_NAME] or "Trang"
    lowered = {name.lower() for name in taken}
    name, number = clean, 1
    while name.lower() in lowered:
        number += 1
        name = f"{clean[: LONGEST_SHEET_NAME - len(str(number)) - 1]} {number}"
    return name


def _unpacked_bytes(content: bytes, part: str) -> int:
    """Give the size that parts of a zip unpack to; 0 for a file that is no zip."""
    if not content.startswith(b"PK"):
        return 0
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return sum(entry.file_size for entry in archive.infolist() if entry.filename.startswith(part))


def _open_own(content: bytes, read: Sequence[Sheet]) -> BranchCopy | None:
    """Open an xlsx or xlsm file with its look; None when it is none or is too large for that."""
    if not content.startswith(b"PK") or _unpacked_bytes(content, "xl/worksheets/") > MOST_XML_BYTES:
        return None
    try:
        workbook = load_workbook(io.BytesIO(content), keep_vba=False, keep_links=False, rich_text=True)
    except Exception:  # openpyxl is stricter than the reader and raises whatever it stumbles over
        return None
    sheets: dict[int, Worksheet] = {}
    results: dict[int, dict[str, CellValue]] = {}
    for sheet in read:
        own = workbook[sheet.name] if sheet.name in workbook.sheetnames else None
        if not isinstance(own, Worksheet):
            return None
        if is_list_of_findings(sheet.rows):
            workbook.remove(own)
            continue
        sheets[sheet.number] = own
        results[sheet.number] = _settle_cells(own, sheet.rows)
    _drop_links(workbook)
    return BranchCopy(workbook, sheets, results)


def _settle_cells(own: Worksheet, rows: list[list[CellValue]]) -> dict[str, CellValue]:
    """Keep text as text, and collect what formulas showed; one that asks another file gives way to its value."""
    results: dict[str, CellValue] = {}
    # iter_rows would make every cell that does not exist
    for cell in list(own._cells.values()):
        if isinstance(cell, MergedCell):
            continue
        if cell.data_type == "s":
            _keep_as_text(cell)
        elif cell.data_type == "f":
            shown = _shown(rows, cell.row, cell.column)
            if _OTHER_FILE.search(str(getattr(cell.value, "text", cell.value))):
                _put_value(cell, shown)
            elif not isinstance(shown, FormulaText):
                results[cell.coordinate] = shown
    return results


def _shown(rows: list[list[CellValue]], row: int, column: int) -> CellValue:
    shown = rows[row - 1][column - 1] if row <= len(rows) and column <= len(rows[row - 1]) else ""
    return shown.inside if isinstance(shown, StruckText) else shown


def _keep_as_text(cell: Cell) -> None:
    cell.data_type = "s"
    if str(cell.value).startswith(_READS_AS_FORMULA):
        # otherwise the next person who edits the cell in Excel makes it a formula
        cell.quotePrefix = True


def _put_value(cell: Cell, value: CellValue) -> None:
    if isinstance(value, StruckText):
        put_text(cell, value.inside)
        cell.font = Font(name=FONT_NAME, size=FONT_SIZE, strike=True)
        return
    if isinstance(value, str):
        if value in _ERRORS:
            cell.value, cell.data_type = value, "e"
        elif value:
            put_text(cell, value)
        else:
            cell.value = None
        return
    number_format = cell.number_format
    cell.value = value
    if number_format != "General":
        cell.number_format = number_format
    elif isinstance(value, datetime):
        cell.number_format = "dd/mm/yyyy" if value.time() == time() else "dd/mm/yyyy hh:mm"
    elif isinstance(value, date):
        cell.number_format = "dd/mm/yyyy"


def _drop_links(workbook: Workbook) -> None:
    """Forget names that stand for cells of other files."""
    for names in (workbook.defined_names, *(sheet.defined_names for sheet in workbook.worksheets)):
        for name in [name for name, defined in names.items() if _OTHER_FILE.search(defined.attr_text or "")]:
            del names[name]


def _with_results(content: bytes, results: dict[str, dict[str, CellValue]]) -> bytes:
    """Put into each formula cell what the formula showed; openpyxl writes formulas without."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as saved,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as patched,
    ):
        for entry in saved.infolist():
            part = saved.read(entry)
            if found := results.get(entry.filename):
                part = _FORMULA.sub(lambda match, found=found: _formula_cell(match, found), part)  # type: ignore[misc]
            patched.writestr(entry, part)
    return stream.getvalue()


def _formula_cell(match: re.Match[bytes], results: dict[str, CellValue]) -> bytes:
    shown = results.get(match[1].decode(), "")
    if shown == "":
        return match[0]
    kind, text = _as_xml(shown)
    return b'<c r="%b"%b%b>%b<v>%b</v></c>' % (match[1], match[2], kind, match[3], text)


def _as_xml(value: CellValue) -> tuple[bytes, bytes]:
    """Give the type attribute and the text of a cell's value."""
    if isinstance(value, bool):
        return b' t="b"', b"1" if value else b"0"
    if isinstance(value, str):
        text = printable(value).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        return (b' t="e"' if value in _ERRORS else b' t="str"'), text.encode()
    number = value if isinstance(value, (int, float)) else to_excel(value)
    return b"", repr(number).encode()


def _written_anew(read: Sequence[Sheet], tables: Sequence[TablePlace]) -> BranchCopy:
    workbook = Workbook()
    workbook.remove(workbook.active)
    set_house_font(workbook)
    sheets: dict[int, Worksheet] = {}
    for sheet in read:
        if is_list_of_findings(sheet.rows):
            continue
        own = workbook.create_sheet(sheet_name(sheet.name, workbook.sheetnames))
        sheets[sheet.number] = own
        for row, cells in enumerate(sheet.rows, start=1):
            for column, value in enumerate(cells, start=1):
                if value != "":
                    _put_value(own.cell(row, column), value)
        _set_widths(own, sheet.rows, [place for place in tables if place.sheet_number == sheet.number])
        for merged in sheet.merged or ():
            _merge(own, merged)
        for place in tables:
            if place.sheet_number == sheet.number:
                _draw_table(own, place, len(sheet.rows[0]))
    return BranchCopy(workbook, sheets, {})


def _set_widths(own: Worksheet, rows: list[list[CellValue]], places: Sequence[TablePlace]) -> None:
    """Make columns as wide as what stands in the tables, as far as a page has room for them; titles run over."""
    inside = [row for place in places for row in rows[place.header_first_row - 1 : place.last_row]]
    longest = [max(len(str(value)) for value in column) for column in zip(*inside, strict=True)]
    widths: list[float] = [min(_WIDEST, max(_NARROWEST, letters + 2)) for letters in longest]
    spare = [max(0, width - _NARROWER) for width in widths]
    too_much = sum(map(column_points, widths)) - PAGE_POINTS_AT_LEAST_SCALE
    if too_much > 0 and any(spare):
        share = min(1.0, digits_of(too_much) / sum(spare))
        widths = [width - more * share for width, more in zip(widths, spare, strict=True)]
    for index, width in enumerate(widths, start=1):
        own.column_dimensions[get_column_letter(index)].width = width
    if widths:
        _set_heights(own, rows, places, [cell_points(width) for width in widths])


def _set_heights(
    own: Worksheet, rows: list[list[CellValue]], places: Sequence[TablePlace], room: Sequence[float]
) -> None:
    """Make the rows of tables as high as their texts, where those take more than a line."""
    for place in places:
        for row in range(place.header_first_row, place.last_row + 1):
            texts = [(str(value), points) for value, points in zip(rows[row - 1], room, strict=False)]
            height = row_points(texts, is_bold=row <= place.header_last_row)
            if height > LINE_POINTS:
                own.row_dimensions[row].height = height


def _draw_table(own: Worksheet, place: TablePlace, width: int) -> None:
    # setting styles one by one takes longer than all the rest: cells of one kind share what the first one got
    drawn: dict[tuple[str, bool, bool, bool], StyleArray] = {}
    for row in range(place.header_first_row, place.last_row + 1):
        is_header = row <= place.header_last_row
        for column in range(1, width + 1):
            cell = own.cell(row, column)
            kind = (cell.number_format, bool(cell.quotePrefix), is_header, bool(cell.font.strike))
            if kind not in drawn:
                cell.border = _GRID
                cell.alignment = Alignment(vertical="center", wrap_text=True)
                if is_header:
                    cell.font = Font(name=FONT_NAME, size=FONT_SIZE, bold=True)
                    cell.fill = _HEADER_FILL
                drawn[kind] = cell._style
            cell._style = copy(drawn[kind])


def _merge(own: Worksheet, merged: MergedRange) -> None:
    if merged.first_row != merged.last_row or merged.first_column != merged.last_column:
        own.merge_cells(
            start_row=merged.first_row + 1,
            start_column=merged.first_column + 1,
            end_row=merged.last_row + 1,
            end_column=merged.last_column + 1,
        )
