"""The styles of an .xlsx workbook, as far as they say of a cell what its value does not."""

from ingest.packages.package import Attributes, Package
from ingest.packages.sheet_notes import PERCENT, scale_of, shows_month_first

STYLES = "xl/styles.xml"
_FALSE = frozenset({"0", "false", "off", "none"})


def is_on(attributes: Attributes, name: str = "val") -> bool:
    """Whether a switch is on, which it is by being there."""
    return attributes.get(name, "1").lower() not in _FALSE


class Styles:
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
        """Read the workbook's part of styles."""
        package.parse(STYLES, self._start, lambda _: self._path.pop())

    def font(self, style: int) -> str:
        """Give the name of a cell format's font, or nothing."""
        return self.fonts[style] if style < len(self.fonts) else ""

    def _start(self, name: str, attributes: Attributes) -> None:
        self._path.append(name)
        match self._path[-3:]:
            case [*_, "fonts", "font"]:
                self._names.append("")
            case ["fonts", "font", "name"]:
                self._names[-1] = attributes.get("val", "")
            case ["fonts", "font", "strike"] if is_on(attributes):
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
