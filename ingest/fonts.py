"""Which cells of a workbook are set in a legacy Vietnamese font.

calamine tells values and not fonts, so this looks a second time, and only where the file names such a font at all: one
search, in most files in vain. Nothing here judges text; that is the business of ``legacy_text``. What cannot be told in
safety is left untold, and the text itself has to serve as evidence.
"""

import io
import posixpath
import re
import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any
from xml.parsers import expat  # safe here: a document type, and with it every entity, is refused

from ingest.cells import column_index
from ingest.legacy_text import font_name_beginnings, legacy_font

CellFonts = dict[tuple[int, int], str]

_CHUNK_BYTES = 1 << 20
_MOST_XML_BYTES = 64 << 20
_MOST_XLS_BYTES = 8 << 20
_MOST_CELLS = 1_000_000
_MOST_STYLE_PARENTS = 20
_LONGEST_NAME_BYTES = 64
_XLS_WORKSHEETS_ONLY = -1
_XLSX_TEXT_TYPES = ("s", "str", "inlineStr")
_CELL_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


class _NotReadError(Exception):
    """The part is too large or not the XML that a workbook holds."""


def legacy_fonts(content: bytes, file_format: str) -> dict[int, CellFonts]:
    """Find the text cells set in a legacy font.

    Args:
        content: the whole file.
        file_format: ``xlsx``, ``xlsm``, ``xls`` or ``ods``; any other has no fonts that we could tell.

    Returns:
        Sheet number, from 1 and counted as calamine does, to (row, column), both from 0, to the name of the font. Sheets
        without such cells are left out; of text in several fonts the first counts. Whatever is wrong with the file, the
        answer is a dictionary, then an empty one.
    """
    readers: dict[str, Callable[[bytes], dict[int, CellFonts]]] = {
        "xlsx": _of_xlsx,
        "xlsm": _of_xlsx,
        "xls": _of_xls,
        "ods": _of_ods,
    }
    reader = readers.get(file_format)
    if reader is None:
        return {}
    try:
        return {number: fonts for number, fonts in reader(content).items() if fonts}
    except (
        Exception
    ):  # a broken file fails in a way of its own in each library; that it is broken, others report
        return {}


# xlsx and xlsm


def _of_xlsx(content: bytes) -> dict[int, CellFonts]:
    parts = _Parts(content)
    if not any(parts.holds_legacy_name(name) for name in ("xl/styles.xml", "xl/sharedstrings.xml")):
        return {}
    cell_fonts = _xlsx_cell_fonts(parts)
    string_fonts = _xlsx_string_fonts(parts)
    found: dict[int, CellFonts] = {}
    for number, part in enumerate(_xlsx_sheets(parts), start=1):
        if part is not None and part.startswith("xl/worksheets/"):
            found[number] = _XlsxSheet(cell_fonts, string_fonts).read(parts, part)
    return found


def _xlsx_cell_fonts(parts: "_Parts") -> list[str]:
    """Give the name of the font of every cell format, in the order that cells refer to."""
    names: list[str] = []
    formats: list[int] = []
    path: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        path.append(name)
        if path[-2:] == ["fonts", "font"]:
            names.append("")
        elif path[-3:] == ["fonts", "font", "name"]:
            names[-1] = attributes.get("val", "")
        elif path[-2:] == ["cellXfs", "xf"]:
            formats.append(int(attributes.get("fontId", 0)))

    parts.parse("xl/styles.xml", start, lambda _: path.pop())
    return [names[font] if font < len(names) else "" for font in formats]


def _xlsx_string_fonts(parts: "_Parts") -> dict[int, str]:
    """Give the font of the first run, by index of the shared string, for strings whose first run names one."""
    fonts: dict[int, str] = {}
    index = -1
    runs = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal index, runs
        if name == "si":
            index += 1
            runs = 0
        elif name == "r":
            runs += 1
        elif name == "rFont" and runs == 1:
            fonts[index] = attributes.get("val", "")

    parts.parse("xl/sharedstrings.xml", start)
    return fonts


def _xlsx_sheets(parts: "_Parts") -> list[str | None]:
    """Give the part of every sheet in the order of the workbook, None where there is none."""
    targets: dict[str, str] = {}
    sheets: list[str | None] = []

    def start_relation(name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship":
            target = posixpath.normpath(posixpath.join("/xl", attributes.get("Target", "")))
            targets[attributes.get("Id", "")] = target.lstrip("/").lower()

    def start(name: str, attributes: dict[str, str]) -> None:
        if name == "sheet":
            sheets.append(targets.get(attributes.get("id", "")))

    parts.parse("xl/_rels/workbook.xml.rels", start_relation)
    parts.parse("xl/workbook.xml", start)
    return sheets


class _XlsxSheet:
    """Goes through one worksheet and notes the text cells in a legacy font.

    A cell is judged when the next one begins: a million empty formatted cells then cost one call each, and no more.
    """

    def __init__(self, cell_fonts: list[str], string_fonts: dict[int, str]) -> None:
        self._cell_fonts = cell_fonts
        self._string_fonts = string_fonts
        self._found: CellFonts = {}
        self._row = -1
        self._reference = ""  # the last that the row gave, "A1" or so, and how many cells ago
        self._cells_since = -1
        self._type = ""
        self._style = 0
        self._value = ""
        self._runs = 0
        self._run_font = ""
        self._is_in_value = False

    def read(self, parts: "_Parts", part: str) -> CellFonts:
        parts.parse(part, self._start, text=self._text)
        self._finish_cell()
        return self._found

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            if self._type:
                self._finish_cell()
            if "r" in attributes:
                self._reference, self._cells_since = attributes["r"], 0
            else:
                self._cells_since += 1
            cell_type = attributes.get("t")
            if cell_type in _XLSX_TEXT_TYPES:
                self._type = cell_type
                self._style = int(attributes.get("s", 0))
        elif name == "row":
            self._finish_cell()
            self._row = int(attributes["r"]) - 1 if "r" in attributes else self._row + 1
            self._reference, self._cells_since = "", -1
        elif self._type:
            self._is_in_value = name in ("v", "t")
            if name == "r":
                self._runs += 1
            elif name == "rFont" and self._runs == 1:
                self._run_font = attributes.get("val", "")

    def _text(self, text: str) -> None:
        if self._is_in_value and self._type:
            self._value += text

    def _finish_cell(self) -> None:
        if self._type and self._value.strip():
            style_font = self._cell_fonts[self._style] if self._style < len(self._cell_fonts) else ""
            if self._type == "s":
                self._run_font = self._string_fonts.get(int(self._value), "")
            _note(self._found, *self._position(), self._run_font or style_font)
        self._type = self._value = self._run_font = ""
        self._runs = 0
        self._is_in_value = False

    def _position(self) -> tuple[int, int]:
        reference = _CELL_REFERENCE.fullmatch(self._reference)
        if reference is None:
            return self._row, self._cells_since
        return int(reference[2]) - 1, column_index(reference[1]) + self._cells_since


# xls


def _of_xls(content: bytes) -> dict[int, CellFonts]:
    if len(content) > _MOST_XLS_BYTES or not _legacy_name_in_xls().search(content):
        return {}
    import xlrd  # few files get here, and it takes its time to import

    book = xlrd.open_workbook(
        file_contents=content, formatting_info=True, on_demand=True, ragged_rows=True, logfile=io.StringIO()
    )
    found: dict[int, CellFonts] = {}
    # xlrd numbers worksheets only; this list has the others, too, as calamine has.
    for number, worksheet in enumerate(book._all_sheets_map, start=1):
        if worksheet == _XLS_WORKSHEETS_ONLY:
            continue
        sheet = book.sheet_by_index(worksheet)
        fonts = found[number] = {}
        for row in range(sheet.nrows):
            for column, cell_type in enumerate(sheet.row_types(row)):
                if cell_type == xlrd.XL_CELL_TEXT:
                    runs = sheet.rich_text_runlist_map.get((row, column))
                    font = book.xf_list[sheet.cell_xf_index(row, column)].font_index
                    if runs and runs[0][0] == 0:
                        font = runs[0][1]
                    _note(fonts, row, column, book.font_list[font].name)
        book.unload_sheet(worksheet)
    return found


@cache
def _legacy_name_in_xls() -> re.Pattern[bytes]:
    """Match the beginning of a legacy font's name as xls writes it, in one byte a letter or in two."""
    spellings = [
        spelling
        for name in font_name_beginnings()
        for spelling in (name.encode("latin-1"), name.encode("utf-16-le"))
    ]
    return re.compile(b"|".join(map(re.escape, spellings)), re.IGNORECASE)


# ods


def _of_ods(content: bytes) -> dict[int, CellFonts]:
    parts = _Parts(content)
    if not any(parts.holds_legacy_name(name) for name in ("styles.xml", "content.xml")):
        return {}
    styles = _OdsStyles()
    styles.read(parts, "styles.xml")
    styles.read(parts, "content.xml")
    return _OdsTables(styles).read(parts)


class _OdsStyles:
    """The fonts of named styles, with those they inherit."""

    def __init__(self) -> None:
        self._faces: dict[str, str] = {}
        self._fonts: dict[tuple[str, str], str] = {}
        self._parents: dict[tuple[str, str], str] = {}
        self._style: tuple[str, str] | None = None

    def read(self, parts: "_Parts", part: str) -> None:
        parts.parse(part, self._start, self._end)

    def font(self, family: str, name: str) -> str | None:
        """Give the font of a style, None if neither it nor a parent names one."""
        for _ in range(_MOST_STYLE_PARENTS):
            font = self._fonts.get((family, name))
            if font is not None:
                return self._faces.get(font, font).split(",")[0].strip(" '\"")
            if not name:
                break
            name = self._parents.get((family, name), "")
        return None

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "font-face":
            self._faces[attributes.get("name", "")] = attributes.get("font-family", "")
        elif name in ("style", "default-style"):
            self._style = (attributes.get("family", ""), attributes.get("name", ""))
            if "parent-style-name" in attributes:
                self._parents[self._style] = attributes["parent-style-name"]
        elif name == "text-properties" and self._style:
            font = attributes.get("font-name") or attributes.get("font-family")
            if font:
                self._fonts[self._style] = font

    def _end(self, name: str) -> None:
        if name in ("style", "default-style"):
            self._style = None


class _OdsTables:
    """Goes through the tables of a spreadsheet and notes the text cells in a legacy font."""

    def __init__(self, styles: _OdsStyles) -> None:
        self._styles = styles
        self._found: dict[int, CellFonts] = {}
        self._path: list[str] = []
        self._fonts: CellFonts = {}
        self._columns: list[tuple[int, str]] = []  # (first column after them, their style)
        self._row = self._column = 0
        self._row_style = ""
        self._rows_repeated = self._columns_repeated = 1
        self._row_fonts: list[tuple[int, int, str]] = []  # (first column, first column after them, font)
        self._cell_style = ""
        self._is_text = False
        self._spans: list[str] = []
        self._font: str | None = None
        self._cells = 0

    def read(self, parts: "_Parts") -> dict[int, CellFonts]:
        parts.parse("content.xml", self._start, self._end, self._text)
        return self._found

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        parent = self._path[-1] if self._path else ""
        self._path.append(name)
        if name == "table" and parent == "spreadsheet":
            self._fonts = self._found[len(self._found) + 1] = {}
            self._columns, self._row = [], 0
        elif name == "table-column":
            after = self._columns[-1][0] if self._columns else 0
            repeated = int(attributes.get("number-columns-repeated", 1))
            self._columns.append((after + repeated, attributes.get("default-cell-style-name", "")))
        elif name == "table-row":
            self._column = 0
            self._row_style = attributes.get("default-cell-style-name", "")
            self._rows_repeated = int(attributes.get("number-rows-repeated", 1))
            self._row_fonts = []
        elif name in ("table-cell", "covered-table-cell"):
            self._columns_repeated = int(attributes.get("number-columns-repeated", 1))
            self._cell_style = attributes.get("style-name", "")
            self._is_text = attributes.get("value-type", "string") == "string"
            self._spans, self._font = [], None
        elif name == "span":
            self._spans.append(attributes.get("style-name", ""))

    def _text(self, text: str) -> None:
        if self._font is not None or not self._is_text or not text.strip():
            return
        inside = self._path[::-1]
        for index, name in enumerate(inside):
            if name in ("table-cell", "covered-table-cell"):
                if index and inside[index - 1] == "p":
                    self._font = self._font_here()
                return

    def _font_here(self) -> str:
        for span in reversed(self._spans):
            font = self._styles.font("text", span)
            if font is not None:
                return font
        style = self._cell_style or self._row_style or self._column_style() or "Default"
        return self._styles.font("table-cell", style) or self._styles.font("table-cell", "") or ""

    def _column_style(self) -> str:
        return next((style for after, style in self._columns if self._column < after), "")

    def _end(self, name: str) -> None:
        self._path.pop()
        if name == "span":
            self._spans.pop()
        elif name in ("table-cell", "covered-table-cell"):
            after = self._column + self._columns_repeated
            if self._font and legacy_font(self._font):
                self._row_fonts.append((self._column, after, self._font))
            self._column, self._is_text, self._font = after, False, None
        elif name == "table-row":
            self._note_row()
            self._row += self._rows_repeated

    def _note_row(self) -> None:
        cells = sum(after - first for first, after, _ in self._row_fonts)
        self._cells += cells * self._rows_repeated
        if self._cells > _MOST_CELLS:
            raise _NotReadError("too many cells")
        if not cells:
            return
        for row in range(self._row, self._row + self._rows_repeated):
            for first, after, font in self._row_fonts:
                for column in range(first, after):
                    _note(self._fonts, row, column, font)


# all of them


def _note(fonts: CellFonts, row: int, column: int, font: str) -> None:
    if not legacy_font(font):
        return
    if len(fonts) >= _MOST_CELLS:
        raise _NotReadError("too many cells")
    fonts[row, column] = font


class _Parts:
    """The parts of a zipped workbook, read in pieces and up to a limit for all that is read."""

    def __init__(self, content: bytes) -> None:
        self._archive = zipfile.ZipFile(io.BytesIO(content))
        self._members = {name.lower(): name for name in self._archive.namelist()}
        self._bytes_left = _MOST_XML_BYTES

    def holds_legacy_name(self, name: str) -> bool:
        """Whether an attribute in the part begins as the name of a legacy font does."""
        before = b""
        for chunk in self._chunks(name):
            if _legacy_name_in_xml().search(before + chunk):
                return True
            before = chunk[-_LONGEST_NAME_BYTES:]
        return False

    def parse(
        self,
        name: str,
        start: Callable[[str, dict[str, str]], Any],
        end: Callable[[str], Any] | None = None,
        text: Callable[[str], Any] | None = None,
    ) -> None:
        """Go through the XML of a part, if there is one; elements and attributes come without their prefix.

        Raises:
            _NotReadError: it declares a document type, or too much has been read.
        """
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _refuse_document_type
        parser.StartElementHandler = lambda tag, attributes: start(
            tag if ":" not in tag else tag.rpartition(":")[2], _without_prefixes(attributes)
        )
        if end is not None:
            parser.EndElementHandler = lambda tag: end(tag.rpartition(":")[2])
        if text is not None:
            parser.CharacterDataHandler = text
        is_empty = True
        for chunk in self._chunks(name):
            parser.Parse(chunk, False)
            is_empty = False
        if not is_empty:
            parser.Parse(b"", True)

    def _chunks(self, name: str) -> Iterator[bytes]:
        member = self._members.get(name)
        if member is None:
            return
        with self._archive.open(member) as part:
            while chunk := part.read(_CHUNK_BYTES):
                self._bytes_left -= len(chunk)
                if self._bytes_left < 0:
                    raise _NotReadError("too large")
                yield chunk


@cache
def _legacy_name_in_xml() -> re.Pattern[bytes]:
    names = b"|".join(re.escape(name.encode("ascii")) for name in font_name_beginnings())
    return re.compile(rb"=\s*[\"'](?:&apos;|&quot;|&#39;|['\"\s])*(?:" + names + rb")", re.IGNORECASE)


def _without_prefixes(attributes: dict[str, str]) -> dict[str, str]:
    for name in attributes:
        if ":" in name:
            return {name.rpartition(":")[2]: value for name, value in attributes.items()}
    return attributes


def _refuse_document_type(*_: Any) -> None:
    raise _NotReadError("declares a document type")
