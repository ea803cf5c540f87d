"""Workbooks unpacked once, and made so that calamine goes through their sheets once.

calamine reads each sheet of an .xlsx file twice, for its values and for its merged ranges, and error cells and fonts are
looked up beside it. Each of them would unpack the sheets anew; in a package whose parts are stored as they are, none has
to. The merged ranges stand behind the values, so calamine goes through all of them once more; where they stand before,
it stops there, which takes two fifths off its time for a sheet.
"""

import io
import zipfile
import zlib
from functools import lru_cache

# What a return never comes near. Larger files are read piece by piece, as they are, and hold no memory afterwards.
_MOST_BYTES = 16 << 20
_ENCRYPTED = 0x1
_READABLE = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_SHEETS = "xl/worksheets/"
_VALUES, _VALUES_END, _SHEET_END = b"<sheetData>", b"</sheetData>", b"</worksheet>"
_RANGES_NAME = b"mergeCells"
_ODD_MARKUP = b"<!"  # comments, declarations and the like, in which a search could err


def unpacked(content: bytes) -> bytes | None:
    """Give an .xlsx file with the same parts, none of them compressed and merged ranges before values.

    None for other files, for broken and for large ones.

    The last file is remembered, because those who look at a file do so one after the other.
    """
    return _with_stored_parts(content) if len(content) <= _MOST_BYTES else None


@lru_cache(maxsize=1)
def _with_stored_parts(content: bytes) -> bytes | None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if not _is_plain(archive.infolist()):
                return None
            target = io.BytesIO()
            with zipfile.ZipFile(target, "w") as stored:
                for entry in archive.infolist():
                    part = archive.read(entry)
                    is_sheet = entry.filename.startswith(_SHEETS)
                    stored.writestr(entry.filename, _with_ranges_first(part) if is_sheet else part)
            return target.getvalue()
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, ValueError):
        return None


def _is_plain(entries: list[zipfile.ZipInfo]) -> bool:
    """Whether a package is a workbook that every program unpacks to the same parts, and not a large one."""
    names = {entry.filename for entry in entries}
    return (
        "xl/workbook.xml" in names
        and len(names) == len(entries)
        and sum(entry.file_size for entry in entries) <= _MOST_BYTES
        and all(
            entry.filename.isascii() and not entry.flag_bits & _ENCRYPTED and entry.compress_type in _READABLE
            for entry in entries
        )
    )


def _with_ranges_first(part: bytes) -> bytes:
    """Give a sheet with its merged ranges, or with word that there are none, before its values.

    A sheet that is not written in the plain way, as all programs do that are known here, stays as it is.
    """
    start, end = part.find(_VALUES), part.rfind(_VALUES_END)
    if not 0 <= start < end:
        return part
    before, behind = part[:start], part[end:]
    if _ODD_MARKUP in before or _ODD_MARKUP in behind or not behind.rstrip().endswith(_SHEET_END):
        return part
    if _RANGES_NAME in before:
        return part
    if _RANGES_NAME not in behind:
        return b"".join((before, b"<mergeCells/>", part[start:]))
    first, last = behind.find(b"<mergeCells"), behind.find(b"</mergeCells>")
    if not 0 <= first < last:
        return part
    last += len(b"</mergeCells>")
    return b"".join((before, behind[first:last], part[start:end], behind[:first], behind[last:]))
