"""How what we give out is printed: the one font, and how much room a text takes in it.

Rows are made as high as their texts because not every program finds the height by itself: what is printed over the next
row, or cut off, is read by nobody. Widths of letters are those of Times New Roman, which Liberation Serif shares; it
takes the place of Times New Roman where that is not installed.
"""

import math
import unicodedata
from collections.abc import Iterable

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils.indexed_list import IndexedList

FONT_NAME = "Times New Roman"
FONT_SIZE = 12
SAME_WIDTHS = "Liberation Serif"
LEAST_POINTS = 9.0  # smaller print is not read
LINE_POINTS = 15.75  # what a spreadsheet gives a line of letters of 12 points
A4_LONG, A4_SHORT = 842.0, 595.0  # points
MARGIN_INCHES = 0.4
PAGE_POINTS = A4_LONG - 72 * 2 * MARGIN_INCHES - 2  # room for columns on A4 landscape
PAGE_POINTS_AT_LEAST_SCALE = PAGE_POINTS * FONT_SIZE / (LEAST_POINTS + 0.2)
MOST_ROW_POINTS = 409.0  # Excel's limit for a row
_DIGIT_PIXELS, _PADDING_PIXELS = 8, 5  # columns are measured in digits of the workbook's own font
_POINTS_A_PIXEL = 0.75
_BOLD_IS_WIDER = 1.08
_SPREADSHEETS_DIFFER = 1.04  # each rounds the places of letters in its own way
_CAPITAL, _SMALL = 0.67, 0.5  # of a letter that is in no list
_WIDTHS = {
    **dict.fromkeys("bdghknopquvxyđ0123456789–$*+=", 0.5),
    **dict.fromkeys('acez?“”"', 0.444),
    **dict.fromkeys("frsI()[]-’‘'", 0.36),
    **dict.fromkeys("ijlt:;/|", 0.278),
    **dict.fromkeys(" .,", 0.25),
    **dict.fromkeys("wAĐDGHKNOQRUVXY", 0.722),
    **dict.fromkeys("BCLEZT", 0.64),
    **dict.fromkeys("FPSJ", 0.556),
    **dict.fromkeys("mM%W…@&", 0.9),
}


def text_points(text: str, size: float = FONT_SIZE, *, is_bold: bool = False) -> float:
    """Give the width of a text on one line, in points; rather too wide than too narrow."""
    bare = (letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))
    letters = sum(_WIDTHS.get(letter, _CAPITAL if letter.isupper() else _SMALL) for letter in bare)
    return letters * size * (_BOLD_IS_WIDER if is_bold else 1.0) * _SPREADSHEETS_DIFFER


def line_count(text: str, points: float, size: float = FONT_SIZE, *, is_bold: bool = False) -> int:
    """Give the number of lines that a text takes when it is wrapped to a width in points; at least 1."""
    lines = 0
    space = text_points(" ", size, is_bold=is_bold)
    for paragraph in text.split("\n"):
        lines, used = lines + 1, 0.0
        for word in paragraph.split():
            width = text_points(word, size, is_bold=is_bold)
            if used and used + space + width > points:
                lines, used = lines + 1, 0.0
            # a word that is wider than its column is broken
            broken = max(0, math.ceil(width / points) - 1) if points > 0 else 0
            lines, used = lines + broken, (used + space if used else 0.0) + width - broken * points
    return lines


def row_points(
    texts: Iterable[tuple[str, float]], size: float = FONT_SIZE, *, is_bold: bool = False
) -> float:
    """Give the height of a row, in points, in which each text is wrapped to its width.

    Args:
        texts: each with the width of its cell, in points.
        size: of the letters, in points.
    """
    lines = max((line_count(text, points, size, is_bold=is_bold) for text, points in texts), default=1)
    return min(LINE_POINTS * lines * size / FONT_SIZE, MOST_ROW_POINTS)


def cell_points(width: float) -> float:
    """Give the room in points inside a cell of a column whose width is given in digits, as spreadsheets have it."""
    return width * _DIGIT_PIXELS * _POINTS_A_PIXEL


def column_points(width: float) -> float:
    """Give the width in points on paper of a column whose width is given in digits."""
    return cell_points(width) + _PADDING_PIXELS * _POINTS_A_PIXEL


def digits_of(points: float) -> float:
    """Give the width in digits of a column that is to be so many points wide on paper."""
    return (points / _POINTS_A_PIXEL - _PADDING_PIXELS) / _DIGIT_PIXELS


def set_house_font(workbook: Workbook) -> None:
    """Make the one font that of every cell of a new workbook which is given none."""
    font = Font(name=FONT_NAME, size=FONT_SIZE, family=1)
    workbook._fonts = IndexedList([font])
    workbook._named_styles["Normal"].font = font  # looks the font up in the list
