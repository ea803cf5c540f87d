"""Labels of control totals and sub-totals: *Tổng cộng*, *Cộng thôn 3*, *Mang sang*."""

import re
from collections.abc import Sequence

from ingest.rows.filled_cells import is_quantity
from ingest.rows.kinds import RowKind
from ingest.rows.table_columns import TableColumns
from ingest.text.cells import Cell, is_blank
from ingest.text.folding import compose, words

# Words of a label after folding; what may follow them is written out, so that a name or a title is no total.
_TOTAL = re.compile(
    r"^(?:tong(?: cong| so| chung)?|t cong|tc|cong(?: chung)?|total)"
    r"(?: (?:toan|ca|chung|cac)\b.*|(?: [ivx]+){2,}|(?: [a-e]){2,}|(?: (?:co|gom|la))? \d.*)?$"
    r"|^tong(?: \w+){1,4} \d.*$"
)
_SUBTOTAL = re.compile(
    r"^(?:tong(?: cong| so)?|cong)(?: (?:cua|theo))?"
    r" (?:chi hoi|ch|thon|buon|to|tdp|khoi|nhom|trang|muc|phan|thang|quy"
    r"|[ivx]+(?! [ivx]+\b)|[a-e](?! [a-e]\b))\b"
)
_OPEN_SUBTOTAL = re.compile(r"^(?:tong(?: cong| so)?|cong) (?!hoa\b)\w")
_CARRIED = re.compile(r"^(?:cong )?(?:mang sang|chuyen sang|chuyen trang|don trang)\b")
_RUNNING_TOTAL = re.compile(r"^(?:cong )?(?:luy ke|cong don)\b")
_LABEL_COLUMNS = 4


def label_words(cell: Cell) -> str:
    """Give a label as folded words; ``""`` when it cannot be that of a total: *Công an* is not *Cộng*."""
    if not isinstance(cell, str) or compose(cell[:12]).lower().startswith("công"):
        return ""
    return " ".join(words(cell))


def total_kind(label: str) -> RowKind | None:
    """Tell whether a label is that of a control total or a sub-total."""
    if label.lstrip(" \u00a0(-*~")[:1].lower() not in {"t", "c", "m"}:
        return None
    text = label_words(label)
    if _SUBTOTAL.match(text):
        return RowKind.SUBTOTAL
    if _TOTAL.match(text) or _CARRIED.match(text):
        return RowKind.TOTAL
    return None


def is_labelled_total(row: Sequence[Cell], positions: Sequence[int]) -> bool:
    """Whether a row is called a total; a group's heading with figures in it is not."""
    return any(
        total_kind(str(row[index])) is not None or _OPEN_SUBTOTAL.match(label_words(row[index]))
        for index in positions[:2]
    )


def is_carried_forward(row: Sequence[Cell], positions: Sequence[int]) -> bool:
    """Whether a total is one that is carried over a page break, and so sums all rows above it."""
    return any(_CARRIED.match(label_words(row[index])) for index in positions[:2])


def is_grand_total(row: Sequence[Cell], positions: Sequence[int]) -> bool:
    """Whether a row is labelled *Tổng cộng* or the like, with which a table ends."""
    return any(
        total_kind(str(row[index])) is RowKind.TOTAL and label_words(row[index]).startswith(("t", "tong"))
        for index in positions[:2]
        if isinstance(row[index], str)
    )


def total_of(row: Sequence[Cell], positions: Sequence[int], columns: TableColumns) -> RowKind | None:
    """Tell which kind of total a row is, by a label at its left; None for none."""
    left = min((*columns.known, columns.numbering or 0)) if columns.known else 0
    for index in positions[:2]:
        if index >= left + _LABEL_COLUMNS and index != positions[0]:
            break
        label = row[index]
        if not isinstance(label, str):
            continue
        kind = total_kind(label.strip())
        text = label_words(label)
        is_leading = index not in columns.known or index <= (columns.wordy or (index,))[0]
        if kind is None and is_leading and _OPEN_SUBTOTAL.match(text):
            kind = RowKind.SUBTOTAL
        if kind is None and is_leading and _RUNNING_TOTAL.match(text):
            kind = RowKind.NOTE
        others = [row[wordy] for wordy in columns.wordy if wordy != index and not is_blank(row[wordy])]
        if kind is not None and all(map(is_quantity, others)):
            return kind
    return None
