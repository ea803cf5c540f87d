"""What stands on a printed page: read from the PDF that LibreOffice makes of a workbook.

Letters are looked at where they stand: whether they are large enough, whether words stand on each other, whether all that
a cell holds is there, and whether it can be seen, for what a cell has no room for is in the file and not on the paper.
"""

import subprocess
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import pdfplumber
from openpyxl import load_workbook
from openpyxl.utils import range_boundaries
from openpyxl.worksheet.worksheet import Worksheet

from publish.paper import FONT_NAME, LEAST_POINTS, SAME_WIDTHS

DOTS_PER_INCH = 144
POINTS_PER_INCH = 72
ROUNDING = 0.06  # of letters' sizes in a PDF, in points
OVERLAP = 1.2  # points that boxes may share on both sides: letters do not fill theirs
SEEN = 0.5  # of the ink of the same letter elsewhere
LEAST_INK = 0.004


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter on a page: its box in points from the upper left, and how much of its box is ink."""

    text: str
    page: int
    x0: float
    top: float
    x1: float
    bottom: float
    size: float
    font: str
    ink: float


def has_font_of_same_widths() -> bool:
    """Whether this machine prints Times New Roman, or what takes its place with letters of the same widths."""
    found = subprocess.run(["fc-match", FONT_NAME, "family"], capture_output=True, text=True, check=False)
    return any(name in found.stdout for name in (FONT_NAME, SAME_WIDTHS))


def print_workbooks(contents: Mapping[str, bytes], folder: Path) -> dict[str, Path]:
    """Print workbooks to PDF files, all by one start of LibreOffice; gives the file of each."""
    workbooks = [folder / f"{name}.xlsx" for name in contents]
    for path, content in zip(workbooks, contents.values(), strict=True):
        path.write_bytes(content)
    command = [
        "soffice",
        f"-env:UserInstallation=file://{folder}/profile",
        "--headless",
        "--convert-to",
        "pdf",
    ]
    subprocess.run([*command, "--outdir", folder, *workbooks], check=True, capture_output=True, timeout=600)
    return {path.stem: path.with_suffix(".pdf") for path in workbooks}


@lru_cache(maxsize=2)
def read_letters(path: Path) -> list[Letter]:
    """Read all letters of a PDF, in the order in which they were printed; blanks are left out."""
    with pdfplumber.open(path) as pdf:
        return [letter for page in pdf.pages for letter in _letters_of(page)]


def page_sizes(path: Path) -> dict[int, tuple[float, float]]:
    """Give width and height of each page of a PDF, in points, pages from 1."""
    with pdfplumber.open(path) as pdf:
        return {page.page_number: (float(page.width), float(page.height)) for page in pdf.pages}


def _letters_of(page: Any) -> Iterator[Letter]:
    image = page.to_image(resolution=DOTS_PER_INCH).original.convert("L")
    darkness = 255 - np.asarray(image, dtype=float)
    scale = DOTS_PER_INCH / POINTS_PER_INCH
    for char in page.chars:
        if char["text"].isspace():
            continue
        left, right = (round(max(0, char[side]) * scale) for side in ("x0", "x1"))
        above, below = (round(max(0, char[side]) * scale) for side in ("top", "bottom"))
        box = darkness[above : below + 1, left : right + 1]
        ink = float((box - np.percentile(box, 5)).mean() / 255) if box.size else 0.0
        yield Letter(
            text=unicodedata.normalize("NFC", char["text"]),
            page=page.page_number,
            x0=char["x0"],
            top=char["top"],
            x1=char["x1"],
            bottom=char["bottom"],
            size=char["size"],
            font=char["fontname"],
            ink=ink,
        )


def too_small(letters: Sequence[Letter]) -> list[str]:
    """Give the words of letters that are too small to be read."""
    small = [letter for letter in letters if letter.size < LEAST_POINTS - ROUNDING]
    return [f"page {word[0].page}: {_spelled(word)} ({word[0].size:.1f} points)" for word in _words(small)]


def off_the_page(letters: Sequence[Letter], sizes: Mapping[int, tuple[float, float]]) -> list[str]:
    """Give the words that do not stand on their page; ``sizes`` are width and height of each page, in points."""
    outside = [
        letter
        for letter in letters
        if letter.x0 < 0
        or letter.top < 0
        or letter.x1 > sizes[letter.page][0]
        or letter.bottom > sizes[letter.page][1]
    ]
    return [f"page {word[0].page}: {_spelled(word)}" for word in _words(outside)]


def overlapping(letters: Sequence[Letter]) -> list[str]:
    """Give the words that stand on each other, two by two."""
    found = []
    by_page: defaultdict[int, list[list[Letter]]] = defaultdict(list)
    for word in _words(letters):
        by_page[word[0].page].append(word)
    for page, words in by_page.items():
        boxes = sorted(((_box(word), word) for word in words), key=lambda boxed: boxed[0][1])
        for (one, first), (other, second) in combinations(boxes, 2):
            if other[1] > one[3]:
                continue
            wide = min(one[2], other[2]) - max(one[0], other[0])
            high = min(one[3], other[3]) - max(one[1], other[1])
            # lines of one text follow each other closely
            if wide > OVERLAP and high > max(OVERLAP, 0.3 * first[0].size):
                found.append(f"page {page}: {_spelled(first)} and {_spelled(second)}")
    return found


def cut_off(letters: Sequence[Letter]) -> list[str]:
    """Give the words of which a letter is not to be seen, or not whole: it has less ink than elsewhere."""
    by_kind: defaultdict[tuple[str, str, int], list[float]] = defaultdict(list)
    for letter in letters:
        by_kind[letter.text, letter.font, round(letter.size)].append(letter.ink)
    usual = {kind: median(inks) for kind, inks in by_kind.items()}
    missing = {
        id(letter)
        for letter in letters
        if letter.ink < max(LEAST_INK, SEEN * usual[letter.text, letter.font, round(letter.size)])
    }
    return [
        f"page {word[0].page}: {_spelled(word)}"
        for word in _words(letters)
        if any(id(letter) in missing for letter in word)
    ]


def not_printed(content: Path, letters: Sequence[Letter]) -> list[str]:
    """Give the texts of cells that the paper does not have."""
    printed = "".join(letter.text for letter in letters)
    lacking = []
    for sheet in load_workbook(content, data_only=True).worksheets:
        if sheet.sheet_state != "visible":
            continue
        lacking += [
            f"{sheet.title}!{place}: {text}" for place, text in _texts(sheet) if _bare(text) not in printed
        ]
    return lacking


def _texts(sheet: Worksheet) -> Iterator[tuple[str, str]]:
    area = range_boundaries(sheet.print_area.split("!")[-1].replace("$", "")) if sheet.print_area else None
    for row in sheet.iter_rows():
        for cell in row:
            is_in_area = area is None or (
                area[0] <= cell.column <= area[2] and area[1] <= cell.row <= area[3]
            )
            if isinstance(cell.value, str) and cell.value.strip() and is_in_area:
                yield cell.coordinate, cell.value


def _bare(text: str) -> str:
    return "".join(unicodedata.normalize("NFC", text).split())


def _words(letters: Sequence[Letter]) -> list[list[Letter]]:
    """Put letters together that were printed one behind the other on one line."""
    words: list[list[Letter]] = []
    for letter in letters:
        before = words[-1][-1] if words else None
        if (
            before is not None
            and before.page == letter.page
            and abs(before.top - letter.top) < 1
            and -1 < letter.x0 - before.x1 < letter.size
        ):
            words[-1].append(letter)
        else:
            words.append([letter])
    return words


def _box(word: Sequence[Letter]) -> tuple[float, float, float, float]:
    return (
        min(letter.x0 for letter in word),
        min(letter.top for letter in word),
        max(letter.x1 for letter in word),
        max(letter.bottom for letter in word),
    )


def _spelled(word: Sequence[Letter]) -> str:
    return "“" + "".join(letter.text for letter in word) + "”"
