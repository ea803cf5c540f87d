"""Workbooks unpacked once.

calamine goes through each sheet of an .xlsx file twice, for its values and for its merged ranges, and error cells and
fonts are looked up beside it. Each of them would unpack the sheets anew; in a package whose parts are stored as they
are, none has to.
"""

import io
import zipfile
import zlib
from functools import lru_cache

# What a return never comes near. Larger files are read piece by piece, as they are, and hold no memory afterwards.
_MOST_BYTES = 16 << 20
_ENCRYPTED = 0x1
_READABLE = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def unpacked(content: bytes) -> bytes | None:
    """Give an .xlsx file with the same parts, none of them compressed; None for other files, broken and large ones.

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
                    stored.writestr(entry.filename, archive.read(entry))
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
