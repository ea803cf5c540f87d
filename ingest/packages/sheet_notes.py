"""What the bytes of a workbook say of its cells beside their values: the notes that every format's reader fills in.

calamine gives values alone. Whether a value is shown, struck out, an error or the result of a formula that nobody has
calculated is noted here, sheet by sheet and by position; what follows from it is ``repair``'s business.
"""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from ingest.packages.package import NotReadError
from ingest.text.legacy.letters import legacy_font

Position = tuple[int, int]
"""Row and column, from 0."""
Span = tuple[int, int, int, int]
"""First row, first column, last row, last column, from 0."""
CellFonts = dict[Position, str]

MOST_CELLS = 1_000_000
_LONGEST_NOTE_MARK = 4
_MEASURE = re.compile(r"(?<![^\W\d_])(?:[kcd]?m|ha)\s*$", re.IGNORECASE)
_NOT_PLACEHOLDERS = re.compile(r'"[^"]*"|\[[^\]]*\]|[\\_*].')
_NOT_SHOWN_AS_IT_IS = re.compile(r'"[^"]*"|\[[^\]]*\]|\\')
_MONTH_FIRST = re.compile(r"(?<!\w)m{1,2}[/.-]d{1,2}[/.-]y", re.IGNORECASE)
_SCALE = re.compile(r"[0#?](,+)(?![0#?,])")
_NOUGHTS_BEHIND = re.compile(r'[0#?]"[.,\s]?((?:000[.,\s]?)+)"')
PERCENT = 0.01


@dataclass(slots=True)
class SheetNotes:
    """What is to be known of one sheet beside its values.

    Attributes:
        errors: cells that show an error, as it is shown.
        formulas: cells with a formula whose result was not stored, as it is typed.
        fonts: text cells set in a legacy font.
        texts: cells of which a part is struck out or raised, with the text that stands.
        struck: cells that are struck out whole.
        scales: number cells whose format shows another number, with what they are divided by for that.
        has_month_first: a cell with a value has a format that shows the month before the day, on purpose.
        hidden_rows, hidden_columns: from 0.
        merged: merged ranges; None where calamine tells them.
    """

    errors: dict[Position, str] = field(default_factory=dict)
    formulas: dict[Position, str] = field(default_factory=dict)
    fonts: CellFonts = field(default_factory=dict)
    texts: dict[Position, str] = field(default_factory=dict)
    struck: set[Position] = field(default_factory=set)
    scales: dict[Position, float] = field(default_factory=dict)
    has_month_first: bool = False
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merged: list[Span] | None = None

    def note_font(self, row: int, column: int, font: str) -> None:
        """Note the font of a cell if it is a legacy one.

        Raises:
            NotReadError: there are more such cells than any return has.
        """
        if legacy_font(font):
            if len(self.fonts) >= MOST_CELLS:
                raise NotReadError("too many cells")
            self.fonts[row, column] = font

    def note_text(self, row: int, column: int, runs: Iterable["Run"]) -> None:
        """Note what stands of a text of several runs, if that is not all of it."""
        runs = list(runs)
        standing = standing_text(runs)
        if standing == "".join(run.text for run in runs):
            return
        if standing.strip():
            self.texts[row, column] = standing
        else:
            self.struck.add((row, column))


@dataclass(frozen=True, slots=True)
class Run:
    """A part of a cell's text that is set in one way.

    Attributes:
        level: 1 for raised, -1 for lowered, else 0.
    """

    text: str
    is_struck: bool = False
    level: int = 0


def standing_text(runs: Iterable[Run]) -> str:
    """Give what a reader takes a text for: without what is struck out, and without the marks of notes.

    A raised mark belongs to a note, so that 12¹ is no 121, but for that of m² and m³. What is lowered is a mark only
    behind a digit: CO₂ stays.
    """
    left = [run for run in runs if not run.is_struck]
    if all(run.level for run in left if run.text.strip()):
        return "".join(run.text for run in left)
    standing = ""
    for run in left:
        is_mark = run.level and len(run.text.strip()) <= _LONGEST_NOTE_MARK
        if is_mark and run.level > 0:
            is_mark = not (run.text.strip() in ("2", "3") and _MEASURE.search(standing))
        elif is_mark:
            is_mark = standing[-1:].isdigit()
        if not is_mark:
            standing += run.text
    return standing


def scale_of(format_code: str) -> float:
    """Give what a number format divides a number by before showing it; most: 1.

    ``#,##0.0,,`` → 1,000,000; ``0%`` → 0.01; ``#,##0",000"`` → 0.001; ``;;;``, which shows no number → infinity.
    """
    positive = format_code.split(";")[0]
    placeholders = _NOT_PLACEHOLDERS.sub("", positive)
    if format_code.startswith(";"):
        return math.inf
    if "%" in placeholders:
        return PERCENT
    if noughts := _NOUGHTS_BEHIND.search(positive):
        return float(10.0 ** -noughts[1].count("0"))
    scale = _SCALE.search(placeholders)
    return 1000.0 ** len(scale[1]) if scale else 1


def shows_month_first(format_code: str) -> bool:
    """Whether a number format shows a date as ``m/d/yyyy``; the one that each country reads its own way is no such code."""
    return bool(_MONTH_FIRST.search(_NOT_SHOWN_AS_IT_IS.sub("", format_code.split(";")[0])))
