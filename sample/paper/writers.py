"""Turns drawn sheets into the bytes of a workbook with four libraries, each byte for byte the same on every
run.

XlsxWriter, xlwt and the models of openpyxl and odfpy are deterministic; the clock that openpyxl and odfpy put
into the zip archive is not, so their archives are packed again with a fixed time.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import openpyxl
import xlsxwriter
import xlwt
from odf import style as odf_style
from odf import table as odf_table
from odf import text as odf_text
from odf.namespaces import OFFICENS
from odf.number import DateStyle, Day, Month, Text, Year
from odf.opendocument import OpenDocumentSpreadsheet
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from sample.paper.layout import Cell, Look, Merge, Sheet
from sample.paper.style import Program

_WRITTEN_AT = datetime(2018, 1, 1, 8, 0, 0)
_PACKED_AT = (1980, 1, 1, 0, 0, 0)
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")
_BOLD = frozenset({Look.HEADER, Look.TITLE, Look.BOLD})
_CENTRED = frozenset({Look.HEADER, Look.TITLE, Look.ITALIC, Look.BOLD})


def workbook_bytes(program: Program, sheets: Sequence[Sheet]) -> bytes:
    """Write sheets, in their order, as one workbook in the program's format.

    Raises:
        ValueError: two sheets have the same name, or there is none.
    """
    names = {sheet.name.lower() for sheet in sheets}
    if not sheets or len(names) != len(sheets):
        raise ValueError("a workbook needs sheets, and each needs a name of its own")
    match program:
        case Program.XLSXWRITER:
            return _xlsxwriter_bytes(sheets)
        case Program.OPENPYXL:
            return _openpyxl_bytes(sheets)
        case Program.XLWT:
            return _xlwt_bytes(sheets)
        case Program.ODFPY:
            return _odfpy_bytes(sheets)


def _merges_by_start(sheet: Sheet) -> dict[tuple[int, int], Merge]:
    return {(merge.first_row, merge.first_column): merge for merge in sheet.merges}


def _xlsxwriter_bytes(sheets: Sequence[Sheet]) -> bytes:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    book.set_properties({"created": _WRITTEN_AT})
    looks = {look: book.add_format(_xlsxwriter_format(look)) for look in Look}
    for sheet in sheets:
        page = book.add_worksheet(sheet.name)
        for column, width in enumerate(sheet.widths):
            page.set_column(column, column, width)
        merges = _merges_by_start(sheet)
        for cell in sheet.cells:
            if merge := merges.get((cell.row, cell.column)):
                page.merge_range(
                    merge.first_row,
                    merge.first_column,
                    merge.last_row,
                    merge.last_column,
                    "",
                    looks[cell.look],
                )
            if isinstance(cell.value, str):
                page.write_string(cell.row, cell.column, cell.value, looks[cell.look])
            elif isinstance(cell.value, date):
                page.write_datetime(cell.row, cell.column, cell.value, looks[cell.look])
            else:
                page.write_number(cell.row, cell.column, cell.value, looks[cell.look])
    book.close()
    return target.getvalue()


def _xlsxwriter_format(look: Look) -> dict[str, Any]:
    form: dict[str, Any] = {
        "font_name": "Times New Roman",
        "bold": look in _BOLD,
        "italic": look is Look.ITALIC,
    }
    if look in _CENTRED:
        form |= {"align": "center", "valign": "vcenter", "text_wrap": look is Look.HEADER}
    if look in (Look.BODY, Look.MONEY, Look.DATE, Look.HEADER):
        form["border"] = 1
    if look is Look.DATE:
        form["num_format"] = "dd/mm/yyyy"
    if look is Look.MONEY:
        form["num_format"] = "#,##0.##"
    return form


def _openpyxl_bytes(sheets: Sequence[Sheet]) -> bytes:
    book = openpyxl.Workbook()
    if book.active is not None:
        book.remove(book.active)
    book.properties.created = _WRITTEN_AT
    for sheet in sheets:
        page = book.create_sheet(sheet.name)
        for column, width in enumerate(sheet.widths, start=1):
            page.column_dimensions[get_column_letter(column)].width = width
        for cell in sheet.cells:
            _dress(page.cell(cell.row + 1, cell.column + 1, cell.value), cell)
        for merge in sheet.merges:
            page.merge_cells(
                start_row=merge.first_row + 1,
                start_column=merge.first_column + 1,
                end_row=merge.last_row + 1,
                end_column=merge.last_column + 1,
            )
    target = io.BytesIO()
    book.save(target)
    return _packed_again(target.getvalue())


def _dress(written: Any, cell: Cell) -> None:
    """Give a cell of openpyxl its look."""
    if cell.look in _BOLD:
        written.font = Font(name="Times New Roman", bold=True)
    elif cell.look is Look.ITALIC:
        written.font = Font(name="Times New Roman", italic=True)
    if cell.look in _CENTRED:
        written.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    if cell.look is Look.DATE and isinstance(cell.value, date):
        written.number_format = "dd/mm/yyyy"
    elif cell.look is Look.MONEY:
        written.number_format = "#,##0"


def _xlwt_bytes(sheets: Sequence[Sheet]) -> bytes:
    book = xlwt.Workbook(encoding="utf-8")
    looks = {}
    for look in Look:
        rule = "font: name Times New Roman"
        if look in _BOLD:
            rule += ", bold on"
        if look is Look.ITALIC:
            rule += ", italic on"
        if look in _CENTRED:
            rule += "; align: horiz center, vert center, wrap on"
        looks[look] = xlwt.easyxf(rule, num_format_str="DD/MM/YYYY" if look is Look.DATE else None)
    for sheet in sheets:
        page = book.add_sheet(sheet.name)
        for column, width in enumerate(sheet.widths):
            page.col(column).width = width * 256
        merges = _merges_by_start(sheet)
        for cell in sheet.cells:
            if merge := merges.get((cell.row, cell.column)):
                page.write_merge(
                    merge.first_row,
                    merge.last_row,
                    merge.first_column,
                    merge.last_column,
                    cell.value,
                    looks[cell.look],
                )
            else:
                page.write(cell.row, cell.column, cell.value, looks[cell.look])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _odfpy_bytes(sheets: Sequence[Sheet]) -> bytes:
    book = OpenDocumentSpreadsheet()
    day_first = DateStyle(name="DayFirst")
    for part in (Day(style="long"), Text(text="/"), Month(style="long"), Text(text="/"), Year(style="long")):
        day_first.addElement(part)
    book.automaticstyles.addElement(day_first)
    looks: dict[Look, Any] = {}
    for look in Look:
        dress = odf_style.Style(
            name=f"look-{look}",
            family="table-cell",
            **({"datastylename": "DayFirst"} if look is Look.DATE else {}),
        )
        weight = {"fontweight": "bold"} if look in _BOLD else {}
        slant = {"fontstyle": "italic"} if look is Look.ITALIC else {}
        dress.addElement(odf_style.TextProperties(**weight, **slant))
        book.automaticstyles.addElement(dress)
        looks[look] = dress
    for sheet in sheets:
        page = odf_table.Table(name=sheet.name)
        grid = sheet.grid()
        page.addElement(odf_table.TableColumn(numbercolumnsrepeated=len(grid[0])))
        merges = _merges_by_start(sheet)
        covered = {
            (row, column)
            for merge in sheet.merges
            for row in range(merge.first_row, merge.last_row + 1)
            for column in range(merge.first_column, merge.last_column + 1)
        } - set(merges)
        for number, cells in enumerate(grid):
            line = odf_table.TableRow()
            for position, cell in enumerate(cells):
                if cell is None:
                    is_covered = (number, position) in covered
                    line.addElement(odf_table.CoveredTableCell() if is_covered else odf_table.TableCell())
                    continue
                spans: dict[str, int] = {}
                if merge := merges.get((number, position)):
                    spans = {
                        "numberrowsspanned": merge.last_row - merge.first_row + 1,
                        "numbercolumnsspanned": merge.last_column - merge.first_column + 1,
                    }
                line.addElement(_odf_cell(cell.value, looks[cell.look], spans))
            page.addElement(line)
        book.spreadsheet.addElement(page)
    target = io.BytesIO()
    book.write(target)
    return _packed_again(target.getvalue())


def _odf_cell(value: object, look: Any, spans: dict[str, int]) -> Any:
    if isinstance(value, str):
        cell = odf_table.TableCell(valuetype="string", stylename=look, **spans)
        shown = value
    elif isinstance(value, date):
        cell = odf_table.TableCell(valuetype="date", stylename=look, **spans)
        cell.setAttrNS(OFFICENS, "date-value", value.isoformat())
        shown = f"{value:%d/%m/%Y}"
    else:
        cell = odf_table.TableCell(valuetype="float", value=value, stylename=look, **spans)
        shown = str(value)
    cell.addElement(odf_text.P(text=shown))
    return cell


def _packed_again(archive: bytes) -> bytes:
    """The same archive, entry by entry, with a fixed time on every entry and in the document's properties."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(target, "w") as new:
        for entry in old.infolist():
            content = old.read(entry)
            if entry.filename == "docProps/core.xml":
                modified = f"{_WRITTEN_AT:%Y-%m-%dT%H:%M:%SZ}".encode()
                content = _MODIFIED.sub(rb"\g<1>" + modified + rb"\g<2>", content)
            fixed = zipfile.ZipInfo(entry.filename, _PACKED_AT)
            fixed.compress_type = entry.compress_type
            fixed.external_attr = entry.external_attr
            new.writestr(fixed, content)
    return target.getvalue()
