"""What calamine does not tell of an .xlsx or .xlsm workbook, noted in one pass through a sheet that holds any of it.

A part is searched for what may be in it before it is parsed: an error, a formula without a result, a row that is hidden.
Most sheets are searched in vain.
"""

import re
from contextlib import suppress
from functools import cache

from ingest.packages.package import Attributes, NotReadError, Package
from ingest.packages.sheet_notes import SheetNotes
from ingest.packages.xlsx_styles import STYLES, Styles, is_on
from ingest.packages.xlsx_texts import STRINGS, RichText, SharedStrings
from ingest.text.cells import column_index
from ingest.text.legacy.letters import font_name_beginnings

_SHEETS = "/worksheets/"
_NOT_CALCULATED = re.compile(rb"fullCalcOnLoad=[\"'](?:1|true)")
_WORKBOOK = "xl/workbook.xml"
_RARE = frozenset({"col", "rPh"})
_TEXT_TYPES = frozenset({"s", "str", "inlineStr"})
_CELL_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_LAST_COLUMN = 16_383
_LEAST_WIDTH_SEEN = 0.1  # characters
_MARKED_STYLE = re.compile(
    rb"\bstrike\b|numFmtId=[\"'](?:9|10)[\"']|formatCode=[\"'](?:;|[^\"']*(?:[0#?],+(?![0#?,])|%|&quot;[.,]?000"
    rb"|m[\\\\]?[/.-]d{1,2}[\\\\]?[/.-]y))",
    re.IGNORECASE,
)
_NO_RESULT = re.compile(
    rb"\s*(?:<(?:\w+:)?v\b[^<>]*/>|<(?:\w+:)?v\b[^<>]*>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_WITHOUT_TEXT = re.compile(
    rb"<(?:\w+:)?f\b[^<>]*/>" + _NO_RESULT.pattern
)  # one that follows a shared formula
_HEAD_BYTES = 16_384
_SIGNS_OF_ERRORS = (b't="e"', b"t='e'")
_SIGNS_OF_HIDING = (b'hidden="1"', b'hidden="true"', b"hidden='1'", b"hidden='true'")


def notes_of_xlsx(package: Package) -> dict[int, SheetNotes]:
    """Give the notes on each sheet that there is something to note of, by its number from 1.

    Raises:
        NotReadError, zipfile.BadZipFile, expat.ExpatError, ValueError: the workbook is broken or far too large.
    """
    styles_part, strings_part = package.read(STYLES), package.read(STRINGS)
    has_legacy_fonts = any(legacy_name_in_xml().search(part) for part in (styles_part, strings_part))
    styles = Styles()
    if has_legacy_fonts or _MARKED_STYLE.search(styles_part):
        styles.read(package)
    strings = SharedStrings()
    if has_legacy_fonts or styles.struck or _is_marked(strings_part):
        strings.read(package)
    is_calculated = not _NOT_CALCULATED.search(package.read(_WORKBOOK))
    noted = set()
    for name in package.names:
        if _SHEETS in name:
            with suppress(NotReadError):  # a sheet far too large leaves the others as they are
                is_noted = has_legacy_fonts or strings.is_marked
                if is_noted or _may_hold_any(package.read(name), styles, is_calculated):
                    noted.add(name)
    found = {}
    for number, part in enumerate(package.sheets() if noted else (), start=1):
        if part in noted:
            with suppress(NotReadError):
                found[number] = _Sheet(styles, strings, is_calculated).read(package, part)
    return found


def _may_hold_any(part: bytes, styles: "Styles", is_calculated: bool) -> bool:
    """Whether a sheet may hold anything to be noted; plain searches, as few as can be, since most find nothing."""
    return (
        (b"#" in part and any(sign in part for sign in _SIGNS_OF_ERRORS))
        or (b"hidden=" in part and any(sign in part for sign in _SIGNS_OF_HIDING))
        or b'width="0' in part[:_HEAD_BYTES]
        or _may_lack_results(part, is_calculated)
        or (b"inlineStr" in part and _is_marked(part))
        or any(
            f's="{style}"'.encode() in part or f"s='{style}'".encode() in part
            for style in (*styles.struck, *styles.scales, *styles.month_first)
        )
    )


def _may_lack_results(part: bytes, is_calculated: bool) -> bool:
    """Whether a formula of a sheet has no stored result, or all of them have the nought of a program that has none."""
    end = b":f>" if b":sheetData" in part[:_HEAD_BYTES] else b"</f>"
    position = part.find(end)
    if position < 0:
        return False
    has_nought = not is_calculated and part.startswith(b"<v>0</v>", position + len(end))
    if has_nought and part.count(end) == part.count(b"</f><v>0</v>"):
        return True
    while position >= 0:
        if _NO_RESULT.match(part, position + len(end)):
            return True
        position = part.find(end, position + len(end))
    return end.replace(b"</", b"<").replace(b">", b" ") in part and _WITHOUT_TEXT.search(part) is not None


def _is_marked(part: bytes) -> bool:
    return b"strike" in part or b"vertAlign" in part


@cache
def legacy_name_in_xml() -> re.Pattern[bytes]:
    """Match an attribute that begins as the name of a legacy font does."""
    names = b"|".join(re.escape(name.encode("ascii")) for name in font_name_beginnings())
    return re.compile(rb"=\s*[\"'](?:&apos;|&quot;|&#39;|['\"\s])*(?:" + names + rb")", re.IGNORECASE)


class _Sheet:
    """Goes through one worksheet and notes what is to be noted of its cells.

    A cell is judged when the next one begins: a million empty formatted cells then cost one call each, and no more.
    """

    def __init__(self, styles: Styles, strings: SharedStrings, is_calculated: bool) -> None:
        self._styles = styles
        self._strings = strings
        self._is_calculated = is_calculated
        self._notes = SheetNotes()
        self._row = -1
        self._reference = ""  # the last that the row gave, "A1" or so, and how many cells ago
        self._cells_since = -1
        self._type = ""
        self._style = 0
        self._is_filled = False
        self._value: list[str] = []
        self._formula: list[str] | None = None
        self._noughts: dict[tuple[int, int], str] = {}
        self._has_results = False
        self._has_value = False
        self._rich = RichText()
        self._into: list[str] | None = None
        self._phonetics = False

    def read(self, package: Package, part: str) -> SheetNotes:
        package.parse(part, self._start, self._end, self._characters)
        self._finish_cell()
        if not self._is_calculated and not self._has_results:
            self._notes.formulas |= self._noughts
        return self._notes

    def _start(self, name: str, attributes: Attributes) -> None:
        if name == "c":
            if self._is_filled:
                self._finish_cell()
            if "r" in attributes:
                self._reference, self._cells_since = attributes["r"], 0
            else:
                self._cells_since += 1
            self._type = attributes.get("t", "n")
            self._style = int(attributes.get("s", 0))
        elif name == "row":
            self._finish_cell()
            self._row = int(attributes["r"]) - 1 if "r" in attributes else self._row + 1
            self._reference, self._cells_since = "", -1
            if "hidden" in attributes and is_on(attributes, "hidden"):
                self._notes.hidden_rows.add(self._row)
        elif name == "f":
            self._is_filled = True
            self._formula = self._into = []
        elif name == "v":
            self._is_filled = self._has_value = True
            self._into = self._value
        elif name == "t":
            self._is_filled = True
            self._into = None if self._phonetics else []
        elif name in _RARE:
            self._start_rare(name, attributes)
        else:
            self._rich.start(name, attributes)

    def _start_rare(self, name: str, attributes: Attributes) -> None:
        if name == "rPh":
            self._phonetics = True
            return
        is_hidden = "hidden" in attributes and is_on(attributes, "hidden")
        if is_hidden or float(attributes.get("width", 1)) < _LEAST_WIDTH_SEEN:
            first, last = int(attributes.get("min", 1)) - 1, int(attributes.get("max", 1)) - 1
            self._notes.hidden_columns.update(range(first, min(last, _LAST_COLUMN) + 1))

    def _characters(self, text: str) -> None:
        if self._into is not None:
            self._into.append(text)

    def _end(self, name: str) -> None:
        if name == "t" and self._into is not None:
            self._rich.end_of_run("".join(self._into))
            self._value += self._into
        elif name == "rPh":
            self._phonetics = False
        if name in ("t", "v", "f"):
            self._into = None

    def _finish_cell(self) -> None:
        if self._is_filled:
            self._note_cell("".join(self._value))
            self._is_filled = self._has_value = False
            self._value, self._formula, self._rich = [], None, RichText()

    def _note_cell(self, value: str) -> None:
        notes, position = self._notes, self._position()
        if self._formula is not None and value:
            # a program that cannot calculate stores a nought for every formula, and asks the next one to
            if self._type == "n" and value == "0":
                self._noughts[position] = "=" + "".join(self._formula)
            else:
                self._has_results = True
        if self._type == "e":
            notes.errors[position] = value or "#REF!"
        elif self._formula is not None and not value and not (self._type == "str" and self._has_value):
            notes.formulas[position] = "=" + "".join(self._formula)
        elif value.strip():
            is_struck, rich = self._style in self._styles.struck, None
            if self._type in _TEXT_TYPES:
                rich = self._strings.texts.get(int(value)) if self._type == "s" else self._rich
                notes.note_font(*position, (rich.font if rich else "") or self._styles.font(self._style))
            else:
                notes.has_month_first |= self._style in self._styles.month_first
                if self._style in self._styles.scales:
                    notes.scales[position] = self._styles.scales[self._style]
            if rich is not None and rich.is_run:
                notes.note_text(*position, rich.runs_in(is_struck))
            elif is_struck:
                notes.struck.add(position)

    def _position(self) -> tuple[int, int]:
        reference = _CELL_REFERENCE.fullmatch(self._reference)
        if reference is None:
            return self._row, self._cells_since
        return int(reference[2]) - 1, column_index(reference[1]) + self._cells_since
