"""What calamine does not read of an .xlsb workbook: merged ranges, cells that show an error, cells in the short form.

The sheets of an .xlsb are streams of records (MS-XLSB 2.1.4). A cell that follows right after another may be written
without its column, which SheetJS does and Excel does not; calamine passes over such cells, so they are written out in
full before it sees them.
"""

import struct

from ingest.packages.package import Package, records
from ingest.packages.sheet_notes import SheetNotes

# Record types of MS-XLSB 2.3.2; a short cell's is that of the whole cell and eleven more.
_ROW, _FIRST_CELL, _ERROR, _ERROR_BY_FORMULA, _LAST_CELL = 0, 1, 3, 11, 11
_FIRST_SHORT, _LAST_SHORT, _SHORT_BY = 12, 18, 11
_COLUMNS, _MERGED = 60, 176
_ROW_FLAGS, _ROW_IS_HIDDEN = 11, 0x10  # BrtRowHdr: rw, ixfe, miyRw, then bits; fDyZero
_COLUMN_FLAGS, _COLUMN_IS_HIDDEN = 16, 0x01  # BrtColInfo: colFirst, colLast, coldx, ixfe, then bits; fHidden
_LAST_COLUMN = 16_383
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


def read_xlsb(package: Package) -> tuple[dict[int, SheetNotes], dict[str, bytes]]:
    """Give the notes on each sheet by its number from 1, and the parts whose cells had to be written in full.

    Raises:
        ValueError, IndexError, struct.error, zipfile.BadZipFile, NotReadError: the workbook is broken.
    """
    notes: dict[int, SheetNotes] = {}
    whole: dict[str, bytes] = {}
    for number, name in enumerate(package.sheets(), start=1):
        if name is not None and package.has(name):
            notes[number], written = _read_sheet(package.read(name))
            if written is not None:
                whole[name] = written
    return notes, whole


def _read_sheet(part: bytes) -> tuple[SheetNotes, bytes | None]:
    """Give the notes on a sheet, and its records with every cell in its long form, None when they were so already."""
    notes = SheetNotes(merged=[])
    spans = notes.merged = []
    whole = bytearray()
    has_short_cells = False
    row = column = 0
    for kind, payload in records(part):
        if kind == _ROW:
            (row,) = struct.unpack_from("<I", payload)
            column = -1
            if any(byte & _ROW_IS_HIDDEN for byte in payload[_ROW_FLAGS:][:1]):
                notes.hidden_rows.add(row)
        elif _FIRST_CELL <= kind <= _LAST_CELL:
            (column,) = struct.unpack_from("<I", payload)
        elif _FIRST_SHORT <= kind <= _LAST_SHORT:
            has_short_cells = True
            column += 1
            kind, payload = kind - _SHORT_BY, struct.pack("<I", column) + payload
        elif kind == _MERGED:
            first_row, last_row, first_column, last_column = struct.unpack_from("<4I", payload)
            spans.append((first_row, first_column, last_row, last_column))
        elif kind == _COLUMNS and any(byte & _COLUMN_IS_HIDDEN for byte in payload[_COLUMN_FLAGS:][:1]):
            first, last = struct.unpack_from("<2I", payload)
            notes.hidden_columns.update(range(first, min(last, _LAST_COLUMN) + 1))
        if kind in (_ERROR, _ERROR_BY_FORMULA):
            notes.errors[row, column] = _ERRORS.get(payload[8], "#REF!")
        whole += _packed(kind, len(payload))
        whole += payload
    return notes, bytes(whole) if has_short_cells else None


def _packed(kind: int, length: int) -> bytes:
    head = bytearray()
    for number in (kind, length):
        while number >= 0x80:
            head.append(number & 0x7F | 0x80)
            number >>= 7
        head.append(number)
    return bytes(head)
