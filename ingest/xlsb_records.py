"""What calamine does not read of an .xlsb workbook: merged ranges, cells that show an error, cells in the short form.

The sheets of an .xlsb are streams of records (MS-XLSB 2.1.4). A cell that follows right after another may be written
without its column, which SheetJS does and Excel does not; calamine passes over such cells, so they are written out in
full before it sees them.
"""

import io
import posixpath
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field

from defusedxml import ElementTree

_WORKBOOK = "xl/workbook.bin"
_RELATIONS = "xl/_rels/workbook.bin.rels"
# Record types of MS-XLSB 2.3.2; a short cell's is that of the whole cell and eleven more.
_ROW, _FIRST_CELL, _ERROR, _ERROR_BY_FORMULA, _LAST_CELL = 0, 1, 3, 11, 11
_FIRST_SHORT, _LAST_SHORT, _SHORT_BY = 12, 18, 11
_SHEET, _MERGED = 156, 176
_ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}


@dataclass(slots=True)
class XlsbSheet:
    """What was found on one sheet.

    Attributes:
        merged: first row, first column, last row, last column of each range, from 0.
        errors: row and column from 0 to the error as it is shown.
        whole: the sheet's records with every cell in its long form, None when they were so already.
    """

    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    whole: bytes | None = None


def is_xlsb(content: bytes) -> bool:
    """Whether a zip file holds a workbook of records."""
    return content.startswith(b"PK") and _WORKBOOK.encode() in content


def read_xlsb(content: bytes) -> tuple[bytes, list[XlsbSheet]]:
    """Give a workbook in a form that calamine reads whole, and what it does not tell of each sheet.

    Raises:
        ValueError, KeyError, struct.error, zipfile.BadZipFile: the workbook is broken.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = _sheet_parts(archive)
        sheets = {name: _read_sheet(archive.read(name)) for name in dict.fromkeys(parts)}
        if all(sheet.whole is None for sheet in sheets.values()):
            return content, [sheets[name] for name in parts]
        rewritten = io.BytesIO()
        with zipfile.ZipFile(rewritten, "w") as target:
            for name in archive.namelist():
                whole = sheets[name].whole if name in sheets else None
                target.writestr(name, archive.read(name) if whole is None else whole)
        return rewritten.getvalue(), [sheets[name] for name in parts]


def _sheet_parts(archive: zipfile.ZipFile) -> list[str]:
    """Give the parts of the sheets in the order of the workbook."""
    targets = {
        relation.get("Id"): posixpath.normpath(posixpath.join("/xl", relation.get("Target", ""))).lstrip("/")
        for relation in ElementTree.fromstring(archive.read(_RELATIONS))
    }
    names = []
    for kind, payload in _records(archive.read(_WORKBOOK)):
        if kind == _SHEET:
            (length,) = struct.unpack_from("<I", payload, 8)
            names.append(targets[payload[12 : 12 + 2 * length].decode("utf-16-le")])
    return names


def _read_sheet(part: bytes) -> XlsbSheet:
    sheet = XlsbSheet()
    whole = bytearray()
    has_short_cells = False
    row = column = 0
    for kind, payload in _records(part):
        if kind == _ROW:
            (row,) = struct.unpack_from("<I", payload)
            column = -1
        elif _FIRST_CELL <= kind <= _LAST_CELL:
            (column,) = struct.unpack_from("<I", payload)
        elif _FIRST_SHORT <= kind <= _LAST_SHORT:
            has_short_cells = True
            column += 1
            kind, payload = kind - _SHORT_BY, struct.pack("<I", column) + payload
        elif kind == _MERGED:
            first_row, last_row, first_column, last_column = struct.unpack_from("<4I", payload)
            sheet.merged.append((first_row, first_column, last_row, last_column))
        if kind in (_ERROR, _ERROR_BY_FORMULA):
            sheet.errors[row, column] = _ERRORS.get(payload[8], "#REF!")
        whole += _packed(kind, len(payload))
        whole += payload
    sheet.whole = bytes(whole) if has_short_cells else None
    return sheet


def _records(part: bytes) -> Iterator[tuple[int, bytes]]:
    """Give type and payload of each record; a type has up to two bytes of seven bits, a length up to four."""
    position = 0
    while position < len(part):
        kind, position = _number(part, position, 2)
        length, position = _number(part, position, 4)
        if position + length > len(part):
            raise ValueError("a record ends after its part")
        yield kind, part[position : position + length]
        position += length


def _number(part: bytes, position: int, most_bytes: int) -> tuple[int, int]:
    number = 0
    for shift in range(0, 7 * most_bytes, 7):
        if position >= len(part):
            raise ValueError("a record has no length")
        byte = part[position]
        position += 1
        number |= (byte & 0x7F) << shift
        if byte < 0x80:
            break
    return number, position


def _packed(kind: int, length: int) -> bytes:
    head = bytearray()
    for number in (kind, length):
        while number >= 0x80:
            head.append(number & 0x7F | 0x80)
            number >>= 7
        head.append(number)
    return bytes(head)
