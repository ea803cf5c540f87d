"""What calamine does not tell of an .xlsx or .xlsm workbook, noted in one pass through a sheet that holds any of it.

A part is searched for what may be in it before it is parsed: an error, a formula without a result, a row that is hidden.
Most sheets are searched in vain.
"""

import re
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache

from ingest.packages.cells import column_index
from ingest.packages.package import Attributes, NotReadError, Package
from ingest.packages.sheet_notes import PERCENT, Run, SheetNotes, scale_of, shows_month_first
from ingest.text.legacy_encodings import font_name_beginnings

_STYLES, _STRINGS, _WORKBOOK = "xl/styles.xml", "xl/sharedstrings.xml", "xl/workbook.xml"
_SHEETS = "/worksheets/"
_NOT_CALCULATED = re.compile(rb"fullCalcOnLoad=[\"'](?:1|true)")
_TEXT_TYPES = frozenset({"s", "str", "inlineStr"})
_CELL_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_LAST_COLUMN = 16_383
_LEAST_WIDTH_SEEN = 0.1  # characters
_FALSE = frozenset({"0", "false", "off", "none"})
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
    styles_part, strings_part = package.read(_STYLES), package.read(_STRINGS)
    has_legacy_fonts = any(legacy_name_in_xml().search(part) for part in (styles_part, strings_part))
    styles = _Styles()
    if has_legacy_fonts or _MARKED_STYLE.search(styles_part):
        styles.read(package)
    strings = _Strings()
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


def _may_hold_any(part: bytes, styles: "_Styles", is_calculated: bool) -> bool:
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


def _is_on(attributes: Attributes, name: str = "val") -> bool:
    return attributes.get(name, "1").lower() not in _FALSE


class _Styles:
    """Fonts and number formats of the cell formats, by the number that cells refer to.

    Attributes:
        struck: formats whose font is struck out.
        scales: formats that show another number than the one that is stored, with what that is divided by.
        month_first: formats that show the month before the day.
    """

    def __init__(self) -> None:
        self.fonts: list[str] = []
        self.struck: set[int] = set()
        self.scales: dict[int, float] = {}
        self.month_first: set[int] = set()
        self._names: list[str] = []
        self._struck_fonts: set[int] = set()
        self._codes: dict[int, float] = {9: PERCENT, 10: PERCENT}  # built in, and so in no list
        self._month_first_codes: set[int] = set()
        self._path: list[str] = []

    def read(self, package: Package) -> None:
        package.parse(_STYLES, self._start, lambda _: self._path.pop())

    def font(self, style: int) -> str:
        return self.fonts[style] if style < len(self.fonts) else ""

    def _start(self, name: str, attributes: Attributes) -> None:
        self._path.append(name)
        match self._path[-3:]:
            case [*_, "fonts", "font"]:
                self._names.append("")
            case ["fonts", "font", "name"]:
                self._names[-1] = attributes.get("val", "")
            case ["fonts", "font", "strike"] if _is_on(attributes):
                self._struck_fonts.add(len(self._names) - 1)
            case [*_, "numFmts", "numFmt"]:
                code = attributes.get("formatCode", "")
                self._codes[int(attributes.get("numFmtId", 0))] = scale_of(code)
                if shows_month_first(code):
                    self._month_first_codes.add(int(attributes.get("numFmtId", 0)))
            case [*_, "cellXfs", "xf"]:
                font, style = int(attributes.get("fontId", 0)), len(self.fonts)
                self.fonts.append(self._names[font] if font < len(self._names) else "")
                if font in self._struck_fonts:
                    self.struck.add(style)
                scale = self._codes.get(int(attributes.get("numFmtId", 0)), 1)
                if scale != 1:
                    self.scales[style] = scale
                if int(attributes.get("numFmtId", 0)) in self._month_first_codes:
                    self.month_first.add(style)


@dataclass(slots=True)
class _RichText:
    """A text while it is read: its runs, each with whether it has a font of its own."""

    font: str = ""
    runs: list[tuple[Run, bool]] = field(default_factory=list)
    is_run: bool = False
    is_struck: bool = False
    level: int = 0
    has_own_font: bool = False

    def start(self, name: str, attributes: Attributes) -> None:
        """Take in an element of a text or of the properties of a run."""
        if name == "r":
            self.is_run, self.is_struck, self.level, self.has_own_font = True, False, 0, False
        elif name == "rPr":
            self.has_own_font = True
        elif name == "rFont" and not self.runs:
            self.font = attributes.get("val", "")
        elif name == "strike":
            self.is_struck = _is_on(attributes)
        elif name == "vertAlign":
            self.level = {"superscript": 1, "subscript": -1}.get(attributes.get("val", ""), 0)

    def end_of_run(self, text: str) -> None:
        """Take in the text of a run, or the only one."""
        self.runs.append((Run(text, self.is_struck, self.level), self.has_own_font))

    @property
    def is_marked(self) -> bool:
        """Whether a run is struck out or raised."""
        return any(run.is_struck or run.level for run, _ in self.runs)

    def runs_in(self, is_struck: bool) -> list[Run]:
        """Give the runs as they are in a cell that is struck out, or is not, but for runs with a font of their own."""
        return [
            run if has_own_font else Run(run.text, is_struck, run.level) for run, has_own_font in self.runs
        ]


class _Strings:
    """The shared strings that are set in more than one way, by their number."""

    def __init__(self) -> None:
        self.texts: dict[int, _RichText] = {}
        self.is_marked = False
        self._index = -1
        self._text = _RichText()
        self._value: list[str] = []
        self._depth_of_phonetics = 0
        self._is_in_text = False

    def read(self, package: Package) -> None:
        package.parse(_STRINGS, self._start, self._end, self._characters)

    def _start(self, name: str, attributes: Attributes) -> None:
        if name == "si":
            self._index += 1
            self._text = _RichText()
        elif name == "rPh":
            self._depth_of_phonetics += 1
        elif name == "t":
            self._is_in_text, self._value = not self._depth_of_phonetics, []
        else:
            self._text.start(name, attributes)

    def _characters(self, text: str) -> None:
        if self._is_in_text:
            self._value.append(text)

    def _end(self, name: str) -> None:
        if name == "rPh":
            self._depth_of_phonetics -= 1
        elif name == "t" and self._is_in_text:
            self._is_in_text = False
            self._text.end_of_run("".join(self._value))
        elif name == "si" and self._text.is_run:
            self.texts[self._index] = self._text
            self.is_marked |= self._text.is_marked


class _Sheet:
    """Goes through one worksheet and notes what is to be noted of its cells.

    A cell is judged when the next one begins: a million empty formatted cells then cost one call each, and no more.
    """

    def __init__(self, styles: _Styles, strings: _Strings, is_calculated: bool) -> None:
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
        self._rich = _RichText()
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
            if "hidden" in attributes and _is_on(attributes, "hidden"):
                self._notes.hidden_rows.add(self._row)
        elif name == "col":
            is_hidden = "hidden" in attributes and _is_on(attributes, "hidden")
            if is_hidden or float(attributes.get("width", 1)) < _LEAST_WIDTH_SEEN:
                first, last = int(attributes.get("min", 1)) - 1, int(attributes.get("max", 1)) - 1
                self._notes.hidden_columns.update(range(first, min(last, _LAST_COLUMN) + 1))
        elif name == "f":
            self._is_filled = True
            self._formula = self._into = []
        elif name == "v":
            self._is_filled = self._has_value = True
            self._into = self._value
        elif name == "t":
            self._is_filled = True
            self._into = None if self._phonetics else []
        elif name == "rPh":
            self._phonetics = True
        else:
            self._rich.start(name, attributes)

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
            self._value, self._formula, self._rich = [], None, _RichText()

    def _note_cell(self, value: str) -> None:
        notes, position = self._notes, self._position()
        if self._formula is not None and value:
            # a program that cannot calculate stores a nought for every formula, and asks the next one to
            if self._type == "n" and value == "0":
                self._noughts[position] = "=" + "".join(self._formula)
            else:
                self._has_results = True
        is_text = self._type in _TEXT_TYPES
        if self._type == "e":
            notes.errors[position] = value or "#REF!"
        elif self._formula is not None and not value and not (self._type == "str" and self._has_value):
            notes.formulas[position] = "=" + "".join(self._formula)
        elif not value.strip():
            return
        elif is_text:
            rich = self._strings.texts.get(int(value)) if self._type == "s" else self._rich
            notes.note_font(*position, (rich.font if rich else "") or self._styles.font(self._style))
            is_struck = self._style in self._styles.struck
            if rich is not None and rich.is_run:
                notes.note_text(*position, rich.runs_in(is_struck))
            elif is_struck:
                notes.struck.add(position)
        else:
            if self._style in self._styles.struck:
                notes.struck.add(position)
            notes.has_month_first |= self._style in self._styles.month_first
            if self._style in self._styles.scales:
                notes.scales[position] = self._styles.scales[self._style]

    def _position(self) -> tuple[int, int]:
        reference = _CELL_REFERENCE.fullmatch(self._reference)
        if reference is None:
            return self._row, self._cells_since
        return int(reference[2]) - 1, column_index(reference[1]) + self._cells_since
