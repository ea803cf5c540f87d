"""What calamine does not tell of an .xls workbook: errors, fonts, struck out and raised text, formats, hidden rows.

xlrd tells all of it and takes its time, so it is asked only where the bytes hold a record that may tell any of it. The
records are those of MS-XLS 2.4; what a search takes for one by chance costs time and changes nothing.
"""

import io
import re
from functools import cache
from typing import Any

from ingest.packages.sheet_notes import Run, SheetNotes, scale_of, shows_month_first
from ingest.text.legacy.letters import font_name_beginnings

_MOST_BYTES = 8 << 20
_WORKSHEETS_ONLY = -1
_FIRST_OWN_FORMAT = (
    164  # those before are the same in every file, and 14 is the day as each country writes it
)
_ERROR_CODES = rb"[\x00\x07\x0f\x17\x1d\x24\x2a]"
_HIDDEN_FLAG, _STRUCK_FLAG, _STYLE_FLAG = 0x20, 0x08, 0x04


def _bytes_with(flag: int) -> bytes:
    """Give a class of a pattern that matches each byte in which a bit is set."""
    return b"[" + b"".join(b"\\x%02x" % byte for byte in range(256) if byte & flag) + b"]"


def _bytes_without(flag: int) -> bytes:
    return _bytes_with(flag).replace(b"[", b"[^", 1)


_ERROR = re.compile(
    rb"\x02\x00" + _ERROR_CODES + rb"\x00\x00\x00\xff\xff|\x05\x02\x08\x00.{6}" + _ERROR_CODES + rb"\x01",
    re.DOTALL,
)
_MARKED = re.compile(
    b"|".join(
        (
            rb"\x31\x00.\x00.." + _bytes_with(_STRUCK_FLAG) + rb"\x00",  # Font: fStrikeOut
            rb"\x31\x00.\x00.{8}[\x01\x02]\x00",  # Font: sss
            rb"\x08\x02\x10\x00.{12}" + _bytes_with(_HIDDEN_FLAG),  # Row: fDyZero
            rb"\x7d\x00[\x0b\x0c]\x00.{8}" + _bytes_with(1),  # ColInfo: fHidden
            rb"\x1e\x04.\x00.{5}[\x20-\x7e]*(?:[0#?],+(?![0#?,])|%|\"[.,]?000)",  # Format
            rb"\x1e\x04.\x00.{4}\x01(?:..){0,80}?(?:[0#?]\x00(?:,\x00)+(?![0#?,]\x00)|%\x00)",  # the same, 16-bit
            rb"\x1e\x04.\x00.{5};",  # Format: shows nothing
            rb"\xe0\x00\x14\x00..[\x09\x0a]\x00" + _bytes_without(_STYLE_FLAG),  # XF of a cell: 0%, 0.00%
            rb"\x1e\x04.\x00.{5}[\x20-\x7e]*[mM]\\?[/.-][dD]{1,2}\\?[/.-][yY]",
        )
    ),
    re.DOTALL,
)


def notes_of_xls(content: bytes) -> dict[int, SheetNotes]:
    """Give the notes on each sheet that there is something to note of, by its number from 1.

    Raises:
        Exception: of xlrd's own kinds, for a broken file.
    """
    has_looks = len(content) <= _MOST_BYTES and (
        _legacy_name().search(content) is not None or _MARKED.search(content) is not None
    )
    if not has_looks and not _ERROR.search(content):
        return {}
    import xlrd  # few files get here, and it takes its time to import

    book = xlrd.open_workbook(
        file_contents=content,
        formatting_info=has_looks,
        on_demand=True,
        ragged_rows=True,
        logfile=io.StringIO(),
    )
    found: dict[int, SheetNotes] = {}
    # xlrd numbers worksheets only; this list has the others, too, as calamine has.
    for number, worksheet in enumerate(book._all_sheets_map, start=1):
        if worksheet != _WORKSHEETS_ONLY:
            found[number] = _notes_of_sheet(book, book.sheet_by_index(worksheet), has_looks)
            book.unload_sheet(worksheet)
    return found


def _notes_of_sheet(book: Any, sheet: Any, has_looks: bool) -> SheetNotes:
    import xlrd

    notes = SheetNotes()
    if has_looks:
        notes.hidden_rows.update(row for row, info in sheet.rowinfo_map.items() if info.hidden)
        notes.hidden_columns.update(column for column, info in sheet.colinfo_map.items() if info.hidden)
    for row in range(sheet.nrows):
        for column, cell_type in enumerate(sheet.row_types(row)):
            if cell_type == xlrd.XL_CELL_ERROR:
                code = int(sheet.cell_value(row, column))
                notes.errors[row, column] = xlrd.error_text_from_code.get(code, "#REF!")
            elif has_looks and cell_type == xlrd.XL_CELL_TEXT:
                _note_text(notes, book, sheet, row, column)
            elif has_looks and cell_type in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
                style = book.xf_list[sheet.cell_xf_index(row, column)]
                if book.font_list[style.font_index].struck_out:
                    notes.struck.add((row, column))
                number_format = book.format_map.get(style.format_key)
                scale = scale_of(number_format.format_str) if number_format else 1
                if scale != 1:
                    notes.scales[row, column] = scale
                if style.format_key >= _FIRST_OWN_FORMAT and number_format:
                    notes.has_month_first |= shows_month_first(number_format.format_str)
    return notes


def _note_text(notes: SheetNotes, book: Any, sheet: Any, row: int, column: int) -> None:
    text = sheet.cell_value(row, column)
    first = book.xf_list[sheet.cell_xf_index(row, column)].font_index
    starts = sheet.rich_text_runlist_map.get((row, column)) or []
    if not starts or starts[0][0] > 0:
        starts = [(0, first), *starts]
    ends = [*(start for start, _ in starts[1:]), len(text)]
    fonts = [book.font_list[font] for _, font in starts]
    notes.note_font(row, column, fonts[0].name)
    if text.strip():
        notes.note_text(
            row,
            column,
            [
                Run(text[start:end], bool(font.struck_out), {1: 1, 2: -1}.get(font.escapement, 0))
                for (start, _), end, font in zip(starts, ends, fonts, strict=True)
            ],
        )


@cache
def _legacy_name() -> re.Pattern[bytes]:
    """Match the beginning of a legacy font's name as xls writes it, in one byte a letter or in two."""
    spellings = [
        spelling
        for name in font_name_beginnings()
        for spelling in (name.encode("latin-1"), name.encode("utf-16-le"))
    ]
    return re.compile(b"|".join(map(re.escape, spellings)), re.IGNORECASE)
