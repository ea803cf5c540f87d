"""Which cells of a row are filled, and which of them are figures."""

import re
from collections.abc import Sequence

from ingest.text.cells import Cell, is_blank

NO_FIGURE = re.compile(r"^[\s.…_\-–—xX0]*$")
DIGIT = re.compile(r"\d")
_LOOKS_LIKE_DATE = re.compile(r"^\d{1,4}\s*[./-]\s*\d{1,2}(?:\s*[./-]\s*\d{2,4})?$")
_FILLER = re.compile(r"^[\s.…_\-–]*$")


def filled(row: Sequence[Cell]) -> list[int]:
    """Give the positions of cells that are not blank, from 0, in their order."""
    if row.count("") == len(row):
        return []  # most of a sheet's rows may be such
    return [index for index, cell in enumerate(row) if cell != "" and not is_blank(cell)]


def is_quantity(cell: Cell) -> bool:
    """Whether a cell is a figure, or a text that starts with one: *3 người*; never a date."""
    if isinstance(cell, str):
        text = cell.strip()
        return bool(NO_FIGURE.match(text)) or (text[:1].isdigit() and not _LOOKS_LIKE_DATE.match(text))
    return isinstance(cell, (int, float))


def is_count(cell: Cell) -> bool:
    """Whether a cell may be the number of a row: ``1``, ``1.``, ``(1)``."""
    return isinstance(cell, (int, float)) or (
        isinstance(cell, str) and cell.strip().strip("().[]/-").strip().isdigit()
    )


def is_filler(cell: Cell) -> bool:
    """Whether a cell holds nothing but dots or dashes."""
    return isinstance(cell, str) and bool(_FILLER.match(cell))
