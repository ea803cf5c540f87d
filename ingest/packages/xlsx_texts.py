"""Texts of an .xlsx workbook that are set in more than one way: shared strings, and those within a sheet."""

from dataclasses import dataclass, field

from ingest.packages.package import Attributes, Package
from ingest.packages.sheet_notes import Run
from ingest.packages.xlsx_styles import is_on

STRINGS = "xl/sharedstrings.xml"


@dataclass(slots=True)
class RichText:
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
            self.is_struck = is_on(attributes)
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


class SharedStrings:
    """The shared strings that are set in more than one way, by their number."""

    def __init__(self) -> None:
        self.texts: dict[int, RichText] = {}
        self.is_marked = False
        self._index = -1
        self._text = RichText()
        self._value: list[str] = []
        self._depth_of_phonetics = 0
        self._is_in_text = False

    def read(self, package: Package) -> None:
        """Read the workbook's part of shared strings."""
        package.parse(STRINGS, self._start, self._end, self._characters)

    def _start(self, name: str, attributes: Attributes) -> None:
        if name == "si":
            self._index += 1
            self._text = RichText()
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
