"""OpenDocument files whose XML is indented, which SheetJS writes and calamine does not read."""

import io
import re
import zipfile

_CONTENT = "content.xml"
# Blanks before a tag of a table, never those between words of a cell.
_INDENT = re.compile(rb">\s+(?=<(?:/?table:|/?office:|text:p\b))")


def without_indents(content: bytes) -> bytes | None:
    """Give an .ods file without blanks between its tags; None for any other file and where there are none.

    Raises:
        zipfile.BadZipFile, KeyError, OSError: the file is broken.
    """
    if not content.startswith(b"PK") or b"opendocument.spreadsheet" not in content:
        return None
    rewritten = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(rewritten, "w") as target:
        if _CONTENT not in archive.namelist() or not _INDENT.search(archive.read(_CONTENT)):
            return None
        for name in archive.namelist():
            part = archive.read(name)
            target.writestr(name, _INDENT.sub(b">", part) if name == _CONTENT else part)
    return rewritten.getvalue()
