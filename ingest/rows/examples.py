"""Rows that only show how to fill in a form."""

import re

from ingest.text.cells import Cell
from ingest.text.folding import words

_EXAMPLE = re.compile(r"(?:dong )?(?:vd|vi du|mau)(?: (?:mau|minh hoa))?(?: so)?(?: \d{1,2})?$")
_EXAMPLE_AND_VALUE = re.compile(r"(?:vd|vi du)\b")
MAY_MARK_EXAMPLE = re.compile(r"\0[\s(*]*(?:[Vv][.DdIiÍí]|[Mm][AaÂâẪẫ]|[Dd][OoÒò])")


def is_example(cell: Cell) -> bool:
    """Whether a cell with which a row begins says that the row only shows how to fill in: *VD*, *Ví dụ: 05/01*, *Mẫu*."""
    text = _example_words(cell)
    return bool(_EXAMPLE.match(text) or _EXAMPLE_AND_VALUE.match(text))


def is_example_mark(cell: Cell) -> bool:
    """Whether a cell says nothing but that its row is an example; *VD: tặng áo* behind a row's values is a remark."""
    return bool(_EXAMPLE.match(_example_words(cell)))


def _example_words(cell: Cell) -> str:
    return " ".join(words(cell)) if isinstance(cell, str) and MAY_MARK_EXAMPLE.match("\0" + cell[:12]) else ""
