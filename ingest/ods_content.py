"""What calamine does not read of an OpenDocument spreadsheet: merged ranges, texts without a type, indented XML.

The two that lose cells are put right in the file before calamine sees it: texts whose cell does not say that it holds
text, as odfpy writes them unless told otherwise, and blanks between tags, as SheetJS writes them.
"""

import io
import re
import zipfile
from collections.abc import Mapping

from defusedxml import ElementTree

Span = tuple[int, int, int, int]
"""First row, first column, last row, last column, from 0."""

_CONTENT = "content.xml"
# Blanks before a tag of a table, never those between words of a cell.
_INDENT = re.compile(rb">\s+(?=<(?:/?table:|/?office:|text:p\b))")
_UNTYPED_TEXT = re.compile(
    rb"<table:table-cell(?=[\s>])((?![^>]*office:value-type)[^>]*[^>/])?>(?=\s*<text:p\b)"
)
_SPANNED = re.compile(rb"""number-(?:rows|columns)-spanned=["'](?!1["'])""")
_TABLE_NAMESPACE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TABLE, _ROW = f"{_TABLE_NAMESPACE}table", f"{_TABLE_NAMESPACE}table-row"
_CELLS = (f"{_TABLE_NAMESPACE}table-cell", f"{_TABLE_NAMESPACE}covered-table-cell")


def is_ods(content: bytes) -> bool:
    """Whether bytes claim to be an OpenDocument spreadsheet."""
    return content.startswith(b"PK") and b"opendocument.spreadsheet" in content


def read_ods(content: bytes) -> tuple[bytes, list[list[Span]]]:
    """Give an .ods file with every text typed, and the merged ranges of each sheet; none at all where nothing is merged.

    Raises:
        zipfile.BadZipFile, KeyError, OSError, ElementTree.ParseError: the file is broken.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        part = archive.read(_CONTENT)
    typed = _UNTYPED_TEXT.sub(rb'<table:table-cell office:value-type="string"\1>', part)
    spans = _merged_ranges(part) if _SPANNED.search(part) else []
    return content if typed == part else _with_content(content, typed), spans


def without_indents(content: bytes) -> bytes | None:
    """Give an .ods file without blanks between its tags; None for any other file and where there are none.

    Raises:
        zipfile.BadZipFile, KeyError, OSError: the file is broken.
    """
    if not is_ods(content):
        return None
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if _CONTENT not in archive.namelist():
            return None
        part = archive.read(_CONTENT)
    return _with_content(content, _INDENT.sub(b">", part)) if _INDENT.search(part) else None


def _with_content(content: bytes, replaced: bytes) -> bytes:
    rewritten = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(rewritten, "w") as target:
        for name in archive.namelist():
            target.writestr(name, replaced if name == _CONTENT else archive.read(name))
    return rewritten.getvalue()


def _merged_ranges(part: bytes) -> list[list[Span]]:
    sheets: list[list[Span]] = []
    row = column = 0
    for event, element in ElementTree.iterparse(io.BytesIO(part), events=("start", "end")):
        if event == "start" and element.tag == _TABLE:
            sheets.append([])
            row = 0
        elif event == "start" and element.tag == _ROW:
            column = 0
        elif event == "start" and element.tag in _CELLS and sheets:
            rows, columns = (
                _number(element.attrib, "number-rows-spanned"),
                _number(element.attrib, "number-columns-spanned"),
            )
            if rows > 1 or columns > 1:
                sheets[-1].append((row, column, row + rows - 1, column + columns - 1))
            column += _number(element.attrib, "number-columns-repeated")
        elif event == "end" and element.tag == _ROW:
            row += _number(element.attrib, "number-rows-repeated")
            element.clear()
    return sheets


def _number(attributes: Mapping[str, str], name: str) -> int:
    text = attributes.get(f"{_TABLE_NAMESPACE}{name}", "1")
    return int(text) if text.isdecimal() else 1
