"""What kind of row a row is.

Pure decisions on single rows of a sheet, given the columns of the table they stand in. How rows make up tables is the
business of ``tables``.
"""

import re
from collections.abc import Sequence

from ingest.rows.examples import is_example, is_example_mark
from ingest.rows.filled_cells import NO_FIGURE, filled, is_count, is_filler, is_quantity
from ingest.rows.kinds import RowKind
from ingest.rows.signatures import is_signature, reads_signed
from ingest.rows.table_columns import TableColumns
from ingest.rows.total_labels import label_words, total_of
from ingest.text.cells import Cell, cell_text, is_blank
from ingest.text.folding import words

_HEADING = re.compile(r"^(?:chi hoi|thon|buon|to dan pho|tdp|khoi)\b")
_MONTH_HEADING = re.compile(r"^(?:thang \d{1,2}|quy (?:[ivx]+|\d))(?: (?:nam )?\d{4})?$")
_GROUP_MARK = re.compile(r"^(?:[IVX]+|[A-E])\s*[.):/-]?$")
_GROUP_HEADING = re.compile(r"^(?:(?:[IVX]+|[A-Ea-e])\s*[.):/-]|[IVX]+\s)\s*\S|^[-+*•–]\s*\S")
_REMARK = re.compile(r"^\s*\(.*\)\s*$", re.DOTALL)
_NOTE = re.compile(
    r"^(?:ghi chu|luu y|bang chu|so tien bang chu|chu thich|danh sach (?:nay |tren )?(?:co|gom)|an dinh|trang (?:so )?\d+(?: \d+)?$)\b"
)
_NOTHING = re.compile(
    r"^(?:khong|ko|kco|kps|chua co|chua phat sinh)$|\b(?:khong|ko|chua) (?:co|phat sinh|xay ra|bien dong|thuc hien)\b"
)


def content_of(row: Sequence[Cell], columns: TableColumns) -> list[int]:
    """Give the positions of the cells that are filled, from 0, but for the number of the row."""
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
    if not content or all(is_filler(row[index]) for index in content):
        return RowKind.BLANK
    total = total_of(row, positions, columns)
    if total is not None:
        return total
    if is_example(row[positions[0]]) or is_example(row[content[0]]) or is_example_mark(row[positions[-1]]):
        return RowKind.EXAMPLE
    if says_nothing(row, content) or _holds_no_figure(row, content):
        return RowKind.NOTE
    if all(reads_signed(row[index]) for index in content) and not _is_lone_value(row, content, columns):
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
    is_note = isinstance(first, str) and (
        _NOTE.match(label_words(first)) or (is_after_total and not is_counted)
    )
    if is_note or not any(index in columns.known for index in content):
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
    said = [" ".join(words(cell)) for index in content if not NO_FIGURE.match(cell := cell_text(row[index]))]
    if len(content) == 1:
        return any(map(_NOTHING.search, said))
    return bool(said) and all(map(_NOTHING.match, said))


def _holds_no_figure(row: Sequence[Cell], content: Sequence[int]) -> bool:
    """Whether a row holds blanks and zeros only, which is a row left blank and no word of there being nothing."""
    cells = [cell_text(row[index]) for index in content]
    return all(map(NO_FIGURE.match, cells)) if len(cells) > 1 else cells[0].strip() == "0"


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
