"""What calamine does not tell of an OpenDocument spreadsheet, noted in one pass through its tables.

The pass is made only where the content is searched with success for something that may be noted: merged ranges, errors,
formulas without a result, struck out or raised text, numbers shown as others, hidden rows, legacy fonts.
"""

import re

from ingest.packages.package import ODS_CONTENT, Attributes, NotReadError, Package
from ingest.packages.sheet_notes import MOST_CELLS, PERCENT, Run, SheetNotes
from ingest.packages.xlsx_notes import legacy_name_in_xml
from ingest.text.cells import is_error_text
from ingest.text.legacy.letters import legacy_font

_STYLES = "styles.xml"
_MOST_STYLE_PARENTS = 20
_MOST_COLUMNS = 16_384
_CELLS = ("table-cell", "covered-table-cell")
_NOTED = re.compile(
    rb"number-(?:rows|columns)-spanned=[\"'](?!1[\"'])|:formula=|value-type=[\"'](?:error|percentage)|visibility=[\"'](?:collapse|filter)"
)
_MARKED = re.compile(
    rb"line-through-style=[\"'](?!none)|text-position=[\"'](?:super|sub|-?[1-9])|display-factor="
)
_TEXT_POSITION = re.compile(r"^\s*(super|sub|-?\d+)")


def notes_of_ods(package: Package) -> dict[int, SheetNotes]:
    """Give the notes on each sheet that there is something to note of, by its number from 1.

    Raises:
        NotReadError, zipfile.BadZipFile, expat.ExpatError, ValueError: the workbook is broken or far too large.
    """
    content = package.read(ODS_CONTENT)
    has_styles = any(
        pattern.search(part)
        for part in (package.read(_STYLES), content)
        for pattern in (legacy_name_in_xml(), _MARKED)
    )
    if not has_styles and not _NOTED.search(content):
        return {}
    styles = _Styles()
    if has_styles:
        for name in (_STYLES, ODS_CONTENT):
            package.parse(name, styles.start, styles.end)
    return _Tables(styles).read(package)


class _Styles:
    """What named styles say of text, with what they inherit."""

    def __init__(self) -> None:
        self._faces: dict[str, str] = {}
        self._told: dict[tuple[str, str], Attributes] = {}
        self._parents: dict[tuple[str, str], str] = {}
        self._formats: dict[str, int] = {}
        self._format = ""
        self._style: tuple[str, str] | None = None

    def font(self, family: str, name: str) -> str | None:
        """Give the font of a style, None if neither it nor a parent names one."""
        font = self._tell(family, name, "font")
        return None if font is None else self._faces.get(font, font).split(",")[0].strip(" '\"")

    def is_struck(self, family: str, name: str) -> bool | None:
        """Whether a style strikes out; None if it says nothing of that."""
        line = self._tell(family, name, "text-line-through-style")
        return None if line is None else line != "none"

    def level(self, family: str, name: str) -> int:
        """Give 1 for a style that raises text, -1 for one that lowers it, else 0."""
        position = _TEXT_POSITION.match(self._tell(family, name, "text-position") or "")
        if position is None:
            return 0
        words = {"super": 1, "sub": -1}
        amount = words[position[1]] if position[1] in words else int(position[1])
        return (amount > 0) - (amount < 0)

    def scale(self, name: str) -> int:
        """Give what the number format of a cell style divides numbers by."""
        return self._formats.get(self._tell("table-cell", name, "data-style-name") or "", 1)

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "font-face":
            self._faces[attributes.get("name", "")] = attributes.get("font-family", "")
        elif name in ("style", "default-style"):
            self._style = (attributes.get("family", ""), attributes.get("name", ""))
            told = self._told.setdefault(self._style, {})
            if "data-style-name" in attributes:
                told["data-style-name"] = attributes["data-style-name"]
            if "parent-style-name" in attributes:
                self._parents[self._style] = attributes["parent-style-name"]
        elif name in ("number-style", "currency-style"):
            self._format = attributes.get("name", "")
        elif name == "number" and attributes.get("display-factor", "1").isdecimal():
            self._formats[self._format] = int(attributes.get("display-factor", "1"))
        elif name == "text-properties" and self._style:
            told = self._told[self._style]
            told |= attributes
            if font := attributes.get("font-name") or attributes.get("font-family"):
                told["font"] = font

    def end(self, name: str) -> None:
        if name in ("style", "default-style"):
            self._style = None

    def _tell(self, family: str, name: str, property_name: str) -> str | None:
        for _ in range(_MOST_STYLE_PARENTS):
            told = self._told.get((family, name), {}).get(property_name)
            if told is not None or not name:
                return told
            name = self._parents.get((family, name), "")
        return None


class _Tables:
    """Goes through the tables of a spreadsheet and notes what is to be noted of their cells."""

    def __init__(self, styles: _Styles) -> None:
        self._styles = styles
        self._found: dict[int, SheetNotes] = {}
        self._path: list[str] = []
        self._notes = SheetNotes()
        self._columns: list[tuple[int, str]] = []  # (first column after them, their style)
        self._row = self._column = 0
        self._row_style = ""
        self._rows_repeated = self._columns_repeated = 1
        self._row_cells: list[tuple[int, int, _Cell]] = []  # (first column, first column after them, cell)
        self._cell = _Cell({})
        self._spans: list[str] = []
        self._cells = 0

    def read(self, package: Package) -> dict[int, SheetNotes]:
        package.parse(ODS_CONTENT, self._start, self._end, self._text)
        return self._found

    def _start(self, name: str, attributes: Attributes) -> None:
        parent = self._path[-1] if self._path else ""
        self._path.append(name)
        if name == "table" and parent == "spreadsheet":
            self._notes = self._found[len(self._found) + 1] = SheetNotes(merged=[])
            self._columns, self._row = [], 0
        elif name == "table-column":
            first = self._columns[-1][0] if self._columns else 0
            after = first + int(attributes.get("number-columns-repeated", 1))
            self._columns.append((after, attributes.get("default-cell-style-name", "")))
            if attributes.get("visibility", "visible") != "visible":
                self._notes.hidden_columns.update(range(first, min(after, _MOST_COLUMNS)))
        elif name == "table-row":
            self._column = 0
            self._row_style = attributes.get("default-cell-style-name", "")
            self._rows_repeated = int(attributes.get("number-rows-repeated", 1))
            self._row_cells = []
            if attributes.get("visibility", "visible") != "visible":
                last = min(self._row + self._rows_repeated, self._row + MOST_CELLS)
                self._notes.hidden_rows.update(range(self._row, last))
        elif name in _CELLS:
            self._columns_repeated = int(attributes.get("number-columns-repeated", 1))
            self._cell = _Cell(attributes)
            self._spans = []
            self._note_span(attributes)
        elif name == "span":
            self._spans.append(attributes.get("style-name", ""))
        elif name in ("s", "line-break", "tab") and self._is_in_paragraph():
            self._cell.runs.append(Run(" " * int(attributes.get("c", 1)) if name == "s" else "\n"))
        elif name == "p" and self._cell.runs:
            self._cell.runs.append(Run("\n"))

    def _note_span(self, attributes: Attributes) -> None:
        rows = int(attributes.get("number-rows-spanned", 1))
        columns = int(attributes.get("number-columns-spanned", 1))
        if (rows > 1 or columns > 1) and self._notes.merged is not None:
            self._notes.merged.append(
                (self._row, self._column, self._row + rows - 1, self._column + columns - 1)
            )

    def _is_in_paragraph(self) -> bool:
        """Whether this stands in the text of a cell, and not in a comment on it."""
        inside = self._path[::-1]
        for index, name in enumerate(inside):
            if name in _CELLS:
                return index > 0 and inside[index - 1] == "p"
        return False

    def _text(self, text: str) -> None:
        if not self._is_in_paragraph():
            return
        cell = self._cell
        if cell.font is None and text.strip():
            cell.font = self._font_here()
        style = next((span for span in reversed(self._spans) if span), "")
        is_struck = self._styles.is_struck("text", style) if style else None
        if is_struck is None:
            is_struck = bool(self._styles.is_struck("table-cell", self._style_here()))
        cell.runs.append(Run(text, is_struck, self._styles.level("text", style) if style else 0))

    def _font_here(self) -> str:
        for span in reversed(self._spans):
            font = self._styles.font("text", span)
            if font is not None:
                return font
        return (
            self._styles.font("table-cell", self._style_here()) or self._styles.font("table-cell", "") or ""
        )

    def _style_here(self) -> str:
        column_style = next((style for after, style in self._columns if self._column < after), "")
        return self._cell.style or self._row_style or column_style or "Default"

    def _end(self, name: str) -> None:
        self._path.pop()
        if name == "span":
            self._spans.pop()
        elif name in _CELLS:
            after = self._column + self._columns_repeated
            if self._cell.is_number:
                self._cell.scale = self._styles.scale(self._style_here())
            if self._cell.is_noted:
                self._row_cells.append((self._column, after, self._cell))
            self._column = after
        elif name == "table-row":
            self._note_row()
            self._row += self._rows_repeated

    def _note_row(self) -> None:
        self._cells += sum(after - first for first, after, _ in self._row_cells) * self._rows_repeated
        if self._cells > MOST_CELLS:
            raise NotReadError("too many cells")
        for row in range(self._row, self._row + self._rows_repeated) if self._row_cells else ():
            for first, after, cell in self._row_cells:
                for column in range(first, after):
                    cell.note(self._notes, row, column)


class _Cell:
    """A cell while it is read."""

    def __init__(self, attributes: Attributes) -> None:
        self.style = attributes.get("style-name", "")
        self.font: str | None = None
        self.runs: list[Run] = []
        self._type = attributes.get("value-type", "")
        self.scale: float = PERCENT if self._type == "percentage" else 1
        self._formula = attributes.get("formula")
        self._has_result = self._type == "string" or any(
            name in attributes for name in ("value", "date-value", "time-value", "boolean-value")
        )

    @property
    def is_number(self) -> bool:
        """Whether it holds a number that its format may show divided."""
        return self._type in ("float", "currency")

    @property
    def _shown(self) -> str:
        return "".join(run.text for run in self.runs).strip()

    @property
    def _is_error(self) -> bool:
        return self._type == "error" or (self._formula is not None and is_error_text(self._shown))

    @property
    def is_noted(self) -> bool:
        """Whether there is anything to note of it."""
        return (
            self._formula is not None
            or self._type == "error"
            or self.scale != 1
            or bool(self.font and legacy_font(self.font))
            or any(run.is_struck or run.level for run in self.runs)
        )

    def note(self, notes: SheetNotes, row: int, column: int) -> None:
        """Note what is to be known of it at a position."""
        if self._is_error:
            notes.errors[row, column] = self._shown or "#REF!"
        elif self._formula is not None and not self._has_result:
            notes.formulas[row, column] = "=" + self._formula.partition("=")[2]
        elif self._type in ("string", ""):
            notes.note_font(row, column, self.font or "")
            notes.note_text(row, column, self.runs)
        elif self.runs and all(run.is_struck for run in self.runs if run.text.strip()):
            notes.struck.add((row, column))
        if self.scale != 1:
            notes.scales[row, column] = self.scale
