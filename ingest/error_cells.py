"""Cells that show an error instead of a value, such as ``#REF!``.

calamine reads them as blank, which would turn a broken formula into *none*. They are looked for beside it, in the bytes
of the sheet, and only files that have any pay more than one search.
"""

import io
import posixpath
import re
import struct
import zipfile

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from ingest.cells import column_index
from ingest.unpacking import unpacked
from ingest.xlsb_records import is_xlsb, read_xlsb

Position = tuple[int, int]
ErrorCells = dict[int, dict[Position, str]]
"""Sheet number from 1, then row and column from 0, to the error as it is shown."""

_ERROR_MARK = re.compile(rb"""\bt=["']e["']""")
_CELL = re.compile(rb"<c\b([^>]*)>(.*?)</c>", re.DOTALL)
_REFERENCE = re.compile(rb"""\br=["']([A-Z]{1,3})([0-9]+)["']""")
_VALUE = re.compile(rb"<v>([^<]{1,20})</v>")
_XLS_ERRORS = re.compile(
    rb"\x02\x00[\x00\x07\x0f\x17\x1d\x24\x2a]\x00\x00\x00\xff\xff|\x05\x02\x08\x00.{6}[\x00\x07\x0f\x17\x1d\x24\x2a]\x01",
    re.DOTALL,
)
_RELATION_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def find_error_cells(content: bytes) -> ErrorCells:
    """Find the error cells of an xlsx, xlsm, xlsb or xls file; none for other formats and for what cannot be read."""
    try:
        if is_xlsb(content):
            _, sheets = read_xlsb(content)
            return {number: sheet.errors for number, sheet in enumerate(sheets, start=1) if sheet.errors}
        if content.startswith(b"PK"):
            return _in_xlsx(unpacked(content) or content)
        return _in_xls(content) if _XLS_ERRORS.search(content) else {}
    except (
        zipfile.BadZipFile,
        DefusedXmlException,
        ElementTree.ParseError,
        KeyError,
        ValueError,
        struct.error,
        OSError,
        EOFError,
    ):
        return {}


def _in_xlsx(content: bytes) -> ErrorCells:
    found: ErrorCells = {}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if "xl/workbook.xml" not in archive.namelist():
            return {}
        suspicious = {
            name: part
            for name in archive.namelist()
            if name.startswith("xl/worksheets/")
            and name.endswith(".xml")
            and _has_errors(part := archive.read(name))
        }
        if suspicious:
            for number, name in enumerate(_sheet_parts(archive), start=1):
                if name in suspicious:
                    found[number] = _cells_of(suspicious[name])
    return found


def _has_errors(part: bytes) -> bool:
    """Whether a sheet may have error cells; plain searches, because a pattern takes longer than unpacking."""
    return b't="e"' in part or (b"'" in part and b"t='e'" in part)


def _sheet_parts(archive: zipfile.ZipFile) -> list[str]:
    """Give the parts of the sheets in the order of the workbook."""
    relations = {
        relation.get("Id"): posixpath.normpath(posixpath.join("/xl", relation.get("Target", ""))).lstrip("/")
        for relation in ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    }
    workbook = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    return [
        relations.get(sheet.get(_RELATION_ID), "")
        for sheet in workbook.iter()
        if sheet.tag.endswith("}sheet")
    ]


def _cells_of(part: bytes) -> dict[Position, str]:
    cells = {}
    for attributes, inner in _CELL.findall(part):
        reference, value = _REFERENCE.search(attributes), _VALUE.search(inner)
        if _ERROR_MARK.search(attributes) and reference and value:
            cells[int(reference[2]) - 1, column_index(reference[1].decode())] = value[1].decode(
                "ascii", "replace"
            )
    return cells


def _in_xls(content: bytes) -> ErrorCells:
    import xlrd  # few files get here, and it takes its time to import

    try:
        workbook = xlrd.open_workbook(file_contents=content, logfile=io.StringIO())
    except xlrd.XLRDError:
        return {}
    with workbook:
        return {
            number: {
                (row, column): xlrd.error_text_from_code.get(int(sheet.cell_value(row, column)), "#REF!")
                for row in range(sheet.nrows)
                for column in range(sheet.ncols)
                if sheet.cell_type(row, column) == xlrd.XL_CELL_ERROR
            }
            for number, sheet in enumerate(workbook.sheets(), start=1)
        }
