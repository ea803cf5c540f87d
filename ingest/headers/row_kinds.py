"""What kind of row a row is.

Pure decisions on single rows of a sheet, given the columns of the table they stand in. How rows make up tables is
``sheet_tables``' business.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from operator import itemgetter

from ingest.contracts.forms import FormContract
from ingest.headers.matcher import HeaderMatcher
from ingest.packages.cells import Cell, cell_text, is_blank
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
_HEADING = re.compile(r"^(?:chi hoi|thon|buon|to dan pho|tdp|khoi)\b")
_MONTH_HEADING = re.compile(r"^(?:thang \d{1,2}|quy (?:[ivx]+|\d))(?: (?:nam )?\d{4})?$")
_GROUP_MARK = re.compile(r"^(?:[IVX]+|[A-E])\s*[.):/-]?$")
_GROUP_HEADING = re.compile(r"^(?:(?:[IVX]+|[A-Ea-e])\s*[.):/-]|[IVX]+\s)\s*\S|^[-+*•–]\s*\S")
_EXAMPLE = re.compile(r"(?:dong )?(?:vd|vi du|mau)(?: (?:mau|minh hoa))?(?: so)?(?: \d{1,2})?$")
_EXAMPLE_AND_VALUE = re.compile(r"(?:vd|vi du)\b")
_MAY_MARK_EXAMPLE = re.compile(r"\0[\s(*]*(?:[Vv][.DdIiÍí]|[Mm][AaÂâẪẫ]|[Dd][OoÒò])")
_REMARK = re.compile(r"^\s*\(.*\)\s*$", re.DOTALL)
_NOTE = re.compile(
    r"^(?:ghi chu|luu y|bang chu|so tien bang chu|chu thich|danh sach (?:nay |tren )?(?:co|gom)|an dinh|trang (?:so )?\d+(?: \d+)?$)\b"
)
_NOTHING = re.compile(
    r"^(?:khong|ko|kco|kps|chua co|chua phat sinh)$|\b(?:khong|ko|chua) (?:co|phat sinh|xay ra|bien dong|thuc hien)\b"
)
_NO_FIGURE = re.compile(r"^[\s.…_\-–—xX0]*$")
_PLACE_AND_DATE = re.compile(
    r"\bngay (?:\d{1,2} )?thang (?:\d{1,2} )?nam(?: \d{2,4})?\b|^(?:\w+ ){1,5}ngay (?:\d{1,2} ){2}20\d\d$"
)
_PLACE_AND_SHORT_DATE = re.compile(r"^[^\W\d][^\d,]*,\s*\d{1,2}[./-]\d{1,2}[./-]\d{4}\.?$")
_SIGNATURE = re.compile(
    r"\b(?:nguoi lap|lap bieu|tm ban|tm bch|tm btv|t m ban|t m bch|t m btv|tm hoi|ban thuong vu|ban chap hanh"
    r"|kt chu tich|chu tich|pho chu tich|thu truong|ky ten|ky va|ky ghi|ky ho ten|ky dong dau|ghi ro ho ten|da ky"
    r"|dong dau|nguoi bao cao|nguoi tong hop|nguoi duyet|phe duyet|xac nhan|noi nhan|ke toan|thu quy|thu ky"
    r"|can bo (?:tong hop|lap|phu trach|theo doi)|kiem soat|truong ban|bi thu|uy vien|dai dien)\b"
)
_COLUMN_NUMBER = re.compile(
    r"^[(\[]?\s*(?:(\d{1,2})|[A-Za-z])\s*[)\]]?\s*(?:=[\d\s()\[\]+\-*/xX:.%=]*)?[)\]]?$"
)
_IN_PARENTHESES = re.compile(r"^\s*\([^()]+\)\s*$")  # the units of columns: (người), (triệu đồng)
_DIGIT = re.compile(r"\d")
_LABEL_COLUMNS = 4
_LOOKS_LIKE_DATE = re.compile(r"^\d{1,4}\s*[./-]\s*\d{1,2}(?:\s*[./-]\s*\d{2,4})?$")
_TEXT_ONLY = frozenset({str})
_BLANK_AMONG_TEXTS = re.compile(r"\0\s*\0")
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
    EXAMPLE = "example"
    NOTE = "note"
    BLANK = "blank"
    REPLACED = "replaced"  # of a table of which a corrected copy stands in the same file
    ASIDE = "aside"  # of a table of plans or for comparison


@dataclass(frozen=True, slots=True)
class TableColumns:
    """Where the fields of a form stand on a sheet.

    Attributes:
        numbering: column that counts rows, if there is one.
        required: positions of required fields.
        wordy: positions of required fields that a total never fills: dates and text.
        typed: positions of required fields whose values hold a digit: dates and numbers.
        known: positions of all fields.
        may_be_grouped: rows may stand under headings of villages; not where each row names a unit of its own.
    """

    numbering: int | None
    required: tuple[int, ...]
    wordy: tuple[int, ...]
    typed: tuple[int, ...]
    known: tuple[int, ...]
    may_be_grouped: bool = True

    def are_surely_body(self, rows: Sequence[Sequence[Cell]]) -> list[bool]:
        """Tell for n rows whether all required cells are filled, and the first date or number holds a digit.

        No total, heading or row of signatures is like that. Going down the columns, where most values come again, is
        the fast way.
        """
        if len(self.wordy) < 2 or not self.typed:
            return [False] * len(rows)
        are_sure = self._are_no_examples(rows)
        for index in self.required:
            column = list(map(itemgetter(index), rows))
            if (index != self.typed[0] and _are_filled_texts(column)) or str not in set(map(type, column)):
                continue
            spoiling = {
                cell
                for cell in set(column)
                if isinstance(cell, str)
                and (not cell or cell.isspace() or (index == self.typed[0] and not _DIGIT.search(cell)))
            }
            if spoiling:
                are_sure = [
                    is_sure and cell not in spoiling for is_sure, cell in zip(are_sure, column, strict=True)
                ]
        return are_sure

    def _are_no_examples(self, rows: Sequence[Sequence[Cell]]) -> list[bool]:
        """Tell of rows whether nothing calls them an example: in the columns they begin with, in the last and beyond."""
        first, last = min(self.known), max(self.known)
        leading = {first if self.numbering is None else min(self.numbering, first), first}
        are_none = [True] * len(rows)
        for index in leading | set(range(last, len(rows[0]) if rows else 0)):
            column = list(map(itemgetter(index), rows))
            if not _MAY_MARK_EXAMPLE.search(_texts_in_one(column)):
                continue  # one look at a whole column: most have nothing like it
            reads = is_example if index in leading else is_example_mark
            marks = set(filter(reads, column))
            are_none = [
                is_none and row[index] not in marks for is_none, row in zip(are_none, rows, strict=True)
            ]
        return are_none

    def holds_digits(self, row: Sequence[Cell]) -> bool:
        """Whether any required date or number is there."""
        return any(not isinstance(row[i], str) or _DIGIT.search(str(row[i])) for i in self.typed)

    @classmethod
    def of(cls, form: FormContract, indexes: dict[str, int], numbering: int | None) -> "TableColumns":
        """Make it from a form and the column index of each field that was found."""
        required = [field for field in form.required_fields if field.name in indexes]
        return cls(
            numbering=numbering,
            required=tuple(indexes[field.name] for field in required),
            wordy=tuple(indexes[field.name] for field in required if field.type not in ("integer", "number")),
            typed=tuple(indexes[field.name] for field in required if field.type not in ("string", "boolean")),
            known=tuple(indexes.values()),
            may_be_grouped=form.attributed_by == "file",
        )


def _texts_in_one(column: Sequence[Cell]) -> str:
    """Give the texts of cells as one, each behind a NUL."""
    try:
        return "\0".join(("", *column))  # type: ignore[arg-type]
    except TypeError:
        return "\0".join(("", *(cell for cell in column if isinstance(cell, str))))


def _are_filled_texts(column: Sequence[Cell]) -> bool:
    """Whether cells are all texts and none of them is blank, by one look; False where that look does not tell."""
    try:
        return not _BLANK_AMONG_TEXTS.search("\0".join(("", *column, "")))  # type: ignore[arg-type]
    except TypeError:
        return False


def filled(row: Sequence[Cell]) -> list[int]:
    """Give the positions of cells that are not blank."""
    if row.count("") == len(row):
        return []  # most of a sheet's rows may be such
    return [index for index, cell in enumerate(row) if cell != "" and not is_blank(cell)]


def is_header_row(row: Sequence[Cell], matcher: HeaderMatcher, may_hold_numbers: bool = False) -> bool:
    """Whether a row can start a header: at least two header words that are half of all cells, or four.

    Headers are text; looking also at rows with numbers (a column headed *2023*) is slow and asked for apart.
    """
    if not may_hold_numbers and not set(map(type, row)) <= _TEXT_ONLY:
        return False
    cells = [cell for cell in row if cell != "" and not is_blank(cell)]
    if len(cells) < 2:
        return False
    known = sum(matcher.starts_header(str(cell)) for cell in cells)
    return known >= 2 and (2 * known >= len(cells) or known >= 4)


def continues_header(row: Sequence[Cell], matcher: HeaderMatcher) -> bool:
    """Whether a row under a header row still belongs to the header."""
    positions = filled(row)
    if not positions or not all(isinstance(row[index], str) for index in positions):
        return False
    if positions[0] <= 1 and total_kind(str(row[positions[0]])) is not None:
        return False
    known = sum(matcher.is_header_word(str(row[index])) for index in positions)
    if known and all(_IN_PARENTHESES.match(str(row[index])) for index in positions):
        return True
    return 3 * known >= 2 * len(positions)


def is_column_numbers(row: Sequence[Cell]) -> bool:
    """Whether a row only numbers the columns: 1, 2, 3 or (1), (2) or A, B, 1, 2 or A, B, C or 5 = 6 + 7."""
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
    if len(positions) < 3:
        return False
    if not numbers:
        letters = [ord(str(row[index]).strip(" ()[].").upper()) for index in positions]
        return letters[0] == ord("A") and all(after - before == 1 for before, after in pairwise(letters))
    if len(numbers) < 2:
        return False
    return numbers[0] <= 2 and all(0 < after - before <= 3 for before, after in pairwise(numbers))


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


def is_example(cell: Cell) -> bool:
    """Whether a cell with which a row begins says that the row only shows how to fill in: *VD*, *Ví dụ: 05/01*, *Mẫu*."""
    text = _example_words(cell)
    return bool(_EXAMPLE.match(text) or _EXAMPLE_AND_VALUE.match(text))


def is_example_mark(cell: Cell) -> bool:
    """Whether a cell says nothing but that its row is an example; *VD: tặng áo* behind a row's values is a remark."""
    return bool(_EXAMPLE.match(_example_words(cell)))


def _example_words(cell: Cell) -> str:
    return (
        " ".join(words(cell)) if isinstance(cell, str) and _MAY_MARK_EXAMPLE.match("\0" + cell[:12]) else ""
    )


def is_signature(row: Sequence[Cell], positions: Sequence[int]) -> bool:
    """Whether a row holds place and date, or the offices that sign."""
    signing = [index for index in positions if _reads_signed(row[index])]
    return len(signing) == len(positions) > 0 or (len(positions) <= 3 and bool(signing))


def _reads_signed(cell: Cell) -> bool:
    if not isinstance(cell, str):
        return False
    text = " ".join(words(cell))
    return bool(
        _SIGNATURE.search(text) or _PLACE_AND_DATE.search(text) or _PLACE_AND_SHORT_DATE.match(cell.strip())
    )


def content_of(row: Sequence[Cell], columns: TableColumns) -> list[int]:
    """Give the positions of the cells that are filled, but for the number of the row."""
    return [index for index in filled(row) if index != columns.numbering or not is_count(row[index])]


def classify(
    row: Sequence[Cell], columns: TableColumns, is_after_total: bool, is_after_signature: bool
) -> RowKind:
    """Tell what a row below a table's header is.

    Args:
        row: the cells, at least one of which is not blank.
        columns: where the table's fields stand.
        is_after_total: a control total stands above, and rows of the table above that.
        is_after_signature: place, date or signatures stand above.
    """
    positions = filled(row)
    content = content_of(row, columns)
    if not content or all(_is_filler(row[index]) for index in content):
        return RowKind.BLANK
    total = _total_of(row, positions, columns)
    if total is not None:
        return total
    if is_example(row[positions[0]]) or is_example(row[content[0]]) or is_example_mark(row[positions[-1]]):
        return RowKind.EXAMPLE
    if says_nothing(row, content) or _holds_no_figure(row, content):
        return RowKind.NOTE
    if all(_reads_signed(row[index]) for index in content) and not _is_lone_value(row, content, columns):
        return RowKind.SIGNATURE
    if (heading := _group_heading(row, positions, content, columns)) is not None:
        return heading
    required = sum(index in columns.required for index in positions)
    if 2 * required >= len(columns.required) and required >= min(2, len(columns.required)):
        is_name_under_signature = is_after_signature and columns.typed and not columns.holds_digits(row)
        return RowKind.SIGNATURE if is_name_under_signature else RowKind.BODY
    if is_after_signature or (
        is_signature(row, content) and not _is_in_table(content, columns, is_after_total)
    ):
        return RowKind.SIGNATURE
    first = row[content[0]]
    is_counted = len(content) < len(positions)
    if isinstance(first, str) and (_NOTE.match(label_words(first)) or (is_after_total and not is_counted)):
        return RowKind.NOTE
    if not any(index in columns.known for index in content):
        return RowKind.NOTE
    return RowKind.BODY


def _is_in_table(content: Sequence[int], columns: TableColumns, is_after_total: bool) -> bool:
    """Whether a row that reads like a signature is a row of the table whose first date is written in words."""
    return not is_after_total and len(content) > 1 and content[0] in columns.required


def _is_lone_value(row: Sequence[Cell], content: Sequence[int], columns: TableColumns) -> bool:
    """Whether a row of several values only happens to read like a signature: it is counted and has a date."""
    return columns.numbering is not None and not is_blank(row[columns.numbering]) and len(content) > 1


def says_nothing(row: Sequence[Cell], content: Sequence[int]) -> bool:
    """Whether a row says in words that there is nothing to report: *Không phát sinh*, alone or among blanks and zeros."""
    said = [" ".join(words(cell)) for index in content if not _NO_FIGURE.match(cell := cell_text(row[index]))]
    if len(content) == 1:
        return any(map(_NOTHING.search, said))
    return bool(said) and all(map(_NOTHING.match, said))


def _holds_no_figure(row: Sequence[Cell], content: Sequence[int]) -> bool:
    """Whether a row holds blanks and zeros only, which is a row left blank and no word of there being nothing."""
    cells = [cell_text(row[index]) for index in content]
    return all(map(_NO_FIGURE.match, cells)) if len(cells) > 1 else cells[0].strip() == "0"


def _group_heading(
    row: Sequence[Cell], positions: Sequence[int], content: Sequence[int], columns: TableColumns
) -> RowKind | None:
    """Tell a heading of a group of rows (*I. Chi hội Buôn Dhăm*), with the group's figures in it or without."""
    first = row[content[0]]
    if not isinstance(first, str) or not columns.may_be_grouped:
        return None
    is_marked = content[0] == columns.numbering and bool(_GROUP_MARK.match(first.strip()))
    texts = [index for index in content if isinstance(row[index], str) and not is_quantity(row[index])]
    if is_marked and len(texts) <= 2:
        return RowKind.NOTE if len(texts) == len(content) else RowKind.SUBTOTAL
    if len(texts) > 1 or content[0] > (columns.wordy or columns.required or (0,))[0]:
        return None
    is_counted = len(content) < len(positions)
    label = " ".join(words(_after_mark(first)))
    is_village = bool(_HEADING.match(label))
    if len(content) == 1:
        is_heading = (
            is_village or _MONTH_HEADING.match(label) or _GROUP_HEADING.match(first) or _REMARK.match(first)
        )
        return RowKind.NOTE if is_heading and not is_counted else None
    is_plain = all(index in columns.known for index in content[1:])
    if not is_counted and is_plain and (is_village or _GROUP_HEADING.match(first)):
        return RowKind.SUBTOTAL
    return None


def _after_mark(text: str) -> str:
    mark = re.match(r"\s*(?:[IVX]+|[A-Ea-e]|\d{1,2})\s*[.):/-]\s*|\s*[-+*•–]\s*", text)
    return text[mark.end() :] if mark else text


def _total_of(row: Sequence[Cell], positions: Sequence[int], columns: TableColumns) -> RowKind | None:
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


def is_quantity(cell: Cell) -> bool:
    """Whether a cell is a figure, or a text that starts with one: *3 người*; never a date."""
    if isinstance(cell, str):
        text = cell.strip()
        return bool(_NO_FIGURE.match(text)) or (text[:1].isdigit() and not _LOOKS_LIKE_DATE.match(text))
    return isinstance(cell, (int, float))


def is_count(cell: Cell) -> bool:
    """Whether a cell may be the number of a row: ``1``, ``1.``, ``(1)``."""
    return isinstance(cell, (int, float)) or (
        isinstance(cell, str) and cell.strip().strip("().[]/-").strip().isdigit()
    )


def _is_filler(cell: Cell) -> bool:
    return isinstance(cell, str) and bool(_FILLER.match(cell))
