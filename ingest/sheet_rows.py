"""What kind of row a row is.

Pure decisions on single rows of a sheet, given the columns of the table they stand in. How rows make up tables is
``tables``' business.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from ingest.cells import is_blank
from ingest.contracts import FormContract
from ingest.headers import HeaderMatcher
from ingest.vietnamese import fold, words
from ingest.workbook import Cell

_TOTAL = re.compile(r"^(?:tong(?:cong|so)?(?:toan\w*)?|cong(?:toan\w*)?|total)\d*$")
_SUBTOTAL = re.compile(r"^(?:tong(?:cong|so)?|cong)(?:chihoi|thon|buon|to|tdp|khoi|nhom|trang)\w*$")
_HEADING = re.compile(
    r"^(?:(?:[ivx]+|[a-z]|\d+)(?=chihoi|thon|buon|to|tdp|khoi))?(?:chihoi|thon|buon|todanpho|tdp|khoi)\w*$"
)
_NOTE = re.compile(r"^(?:ghichu|luuy|bangchu|sotienbangchu|nguon:|chuthich)")
_PLACE_AND_DATE = re.compile(r"\bngay (?:\d{1,2} )?thang (?:\d{1,2} )?nam(?: \d{2,4})?\b")
_SIGNATURE = re.compile(
    r"\b(?:nguoi lap|lap bieu|tm ban|tm bch|tm btv|t m ban|tm hoi|ban thuong vu|tm ban thuong vu|kt chu tich"
    r"|chu tich|pho chu tich|thu truong|ky ten|ky va|ky ghi|nguoi bao cao|nguoi tong hop|xac nhan|noi nhan)\b"
)
_COLUMN_NUMBER = re.compile(r"^\(?\s*(?:(\d{1,2})|[A-Z])\s*(?:=.*)?\)?$")
_LABEL_COLUMNS = 4
_TEXT_ONLY = frozenset({str})
_FILLER = re.compile(r"^[\s.…_\-–]*$")


class RowKind(StrEnum):
    """Kinds of rows; every row of a sheet is of exactly one."""

    BODY = "body"
    TITLE = "title"
    HEADER = "header"
    COLUMN_NUMBERS = "column_numbers"
    SUBTOTAL = "subtotal"
    TOTAL = "total"
    SIGNATURE = "signature"
    NOTE = "note"
    BLANK = "blank"


@dataclass(frozen=True, slots=True)
class TableColumns:
    """Where the fields of a form stand on a sheet.

    Attributes:
        numbering: column that counts rows, if there is one.
        required: positions of required fields.
        wordy: positions of required fields that a total never fills: dates and text.
    """

    numbering: int | None
    required: tuple[int, ...]
    wordy: tuple[int, ...]
    known: tuple[int, ...]

    def is_surely_body(self, row: Sequence[Cell]) -> bool:
        """Whether all required cells are filled, which no total, heading or signature ever has: the fast way."""
        if len(self.wordy) < 2:
            return False
        return all(row[index] != "" for index in self.required)

    @classmethod
    def of(cls, form: FormContract, indexes: dict[str, int], numbering: int | None) -> "TableColumns":
        """Make it from a form and the column index of each field that was found."""
        required = [field for field in form.required_fields if field.name in indexes]
        return cls(
            numbering=numbering,
            required=tuple(indexes[field.name] for field in required),
            wordy=tuple(indexes[field.name] for field in required if field.type not in ("integer", "number")),
            known=tuple(indexes.values()),
        )


def filled(row: Sequence[Cell]) -> list[int]:
    """Give the positions of cells that are not blank."""
    return [index for index, cell in enumerate(row) if cell != "" and not is_blank(cell)]


def is_header_row(row: Sequence[Cell], matcher: HeaderMatcher) -> bool:
    """Whether a row can start a header: text only, at least two header words, at least half of all cells."""
    if not set(map(type, row)) <= _TEXT_ONLY:
        return False
    cells = [cell for cell in row if cell != ""]
    if len(cells) < 2:
        return False
    known = sum(matcher.is_header_word(str(cell)) for cell in cells)
    return known >= 2 and 2 * known >= len(cells)


def continues_header(row: Sequence[Cell], matcher: HeaderMatcher) -> bool:
    """Whether a row under a header row still belongs to the header."""
    positions = filled(row)
    if not positions or not all(isinstance(row[index], str) for index in positions):
        return False
    if positions[0] <= 1 and total_kind(str(row[positions[0]])) is not None:
        return False
    known = sum(matcher.is_header_word(str(row[index])) for index in positions)
    return 3 * known >= 2 * len(positions)


def is_column_numbers(row: Sequence[Cell]) -> bool:
    """Whether a row only numbers the columns: 1, 2, 3 or (1), (2) or A, B, 1, 2."""
    numbers = []
    positions = filled(row)
    for index in positions:
        cell = row[index]
        if isinstance(cell, float) and cell.is_integer():
            cell = int(cell)
        match = _COLUMN_NUMBER.match(str(cell).strip())
        if not match:
            return False
        if match[1]:
            numbers.append(int(match[1]))
    if len(positions) < 3 or len(numbers) < 2:
        return False
    return numbers[0] <= 2 and all(after - before == 1 for before, after in pairwise(numbers))


def total_kind(label: str) -> RowKind | None:
    """Tell whether a label is that of a control total or a sub-total."""
    if label[:1].lower() not in {"t", "c"}:
        return None
    folded = fold(label)
    if _TOTAL.match(folded):
        return RowKind.TOTAL
    return RowKind.SUBTOTAL if _SUBTOTAL.match(folded) else None


def is_signature(row: Sequence[Cell], positions: Sequence[int]) -> bool:
    """Whether a row holds place and date, or the offices that sign."""
    if len(positions) > 3:
        return False
    for index in positions:
        if isinstance(row[index], str):
            text = " ".join(words(str(row[index])))
            if _SIGNATURE.search(text) or _PLACE_AND_DATE.search(text):
                return True
    return False


def classify(
    row: Sequence[Cell], columns: TableColumns, is_after_total: bool, is_after_signature: bool
) -> RowKind:
    """Tell what a row below a table's header is.

    Args:
        row: the cells, at least one of which is not blank.
        columns: where the table's fields stand.
        is_after_total: a control total stands above.
        is_after_signature: place, date or signatures stand above.
    """
    positions = filled(row)
    content = [index for index in positions if index != columns.numbering or not _is_count(row[index])]
    if not content or all(_is_filler(row[index]) for index in content):
        return RowKind.BLANK
    total = _total_of(row, positions, columns)
    if total is not None:
        return total
    required = sum(index in columns.required for index in positions)
    if 2 * required >= len(columns.required) and required >= min(2, len(columns.required)):
        is_lone_date = len(content) == 1 and is_signature(row, content)
        return RowKind.SIGNATURE if is_lone_date else RowKind.BODY
    if is_after_signature or (
        is_signature(row, content) and not _is_in_table(content, columns, is_after_total)
    ):
        return RowKind.SIGNATURE
    first = row[content[0]]
    if isinstance(first, str) and (_NOTE.match(fold(first)) or is_after_total):
        return RowKind.NOTE
    if len(content) == 1 and isinstance(first, str) and _HEADING.match(fold(first)):
        return RowKind.NOTE
    if not any(index in columns.known for index in content):
        return RowKind.NOTE
    return RowKind.BODY


def _is_in_table(content: Sequence[int], columns: TableColumns, is_after_total: bool) -> bool:
    """Whether a row that reads like a signature is a row of the table whose first date is written in words."""
    return not is_after_total and len(content) > 1 and content[0] in columns.required


def _total_of(row: Sequence[Cell], positions: Sequence[int], columns: TableColumns) -> RowKind | None:
    for index in positions[:2]:
        if index >= _LABEL_COLUMNS and index != positions[0]:
            break
        label = row[index]
        if isinstance(label, str) and (kind := total_kind(label.strip())):
            others = [wordy for wordy in columns.wordy if wordy != index and not is_blank(row[wordy])]
            if not others:
                return kind
    return None


def _is_count(cell: Cell) -> bool:
    return isinstance(cell, (int, float)) or (isinstance(cell, str) and cell.strip().rstrip(".").isdigit())


def _is_filler(cell: Cell) -> bool:
    return isinstance(cell, str) and bool(_FILLER.match(cell))
