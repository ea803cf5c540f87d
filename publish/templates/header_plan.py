"""How the header of a form is drawn: which cells, merged over which rows and columns.

Pure. Of the spellings in a contract the first path (``Số thành viên > Tổng số``) is drawn as a header of two or three
rows where neighbours share its top, and the printed label otherwise, so the reader knows every header that is drawn.
"""

from dataclasses import dataclass
from itertools import groupby

from ingest.contracts.forms import FormContract, FormField
from ingest.headers.header_words import HeaderWords, load_header_words
from ingest.text.folding import fold

NUMBERING = "STT"
REQUIRED_MARK = " (*)"
_SEPARATOR = " > "
_WHOLE = fold("Tổng số")


@dataclass(frozen=True, slots=True)
class HeaderCell:
    """One cell of a header; rows and columns from 0, counted from the header's upper left, ends included."""

    text: str
    first_row: int
    first_column: int
    last_row: int
    last_column: int


@dataclass(frozen=True, slots=True)
class PlannedColumn:
    """One column of a form.

    Attributes:
        index: position on the sheet, from 0; the numbering stands before the first.
        whole: position of the column that this one is a part of (*Trong đó*), or None.
    """

    field: FormField
    index: int
    whole: int | None


@dataclass(frozen=True, slots=True)
class HeaderPlan:
    """The header of a form; ``depth`` is its number of rows, one to three."""

    depth: int
    cells: tuple[HeaderCell, ...]
    columns: tuple[PlannedColumn, ...]

    @property
    def width(self) -> int:
        """The number of columns, the numbering included."""
        return len(self.columns) + 1


def plan_header(form: FormContract, header_words: HeaderWords | None = None) -> HeaderPlan:
    """Plan the header of a form, a numbering column first and a mark on what is required."""
    passing = (header_words or load_header_words()).passing[0]
    runs = [(top, list(fields)) for top, fields in groupby(form.fields, _top)]
    groups = [(top if len(fields) > 1 else None, fields) for top, fields in runs]
    has_parts = any(top and _is_whole(fields[0]) for top, fields in groups)
    depth = 3 if has_parts else 2 if any(top for top, _ in groups) else 1
    cells = [HeaderCell(NUMBERING, 0, 0, depth - 1, 0)]
    columns: list[PlannedColumn] = []
    for top, fields in groups:
        first = len(columns) + 1
        last = first + len(fields) - 1
        if top is None:
            cells += [
                _column_cell(field, label(field), 0, index, depth) for index, field in _at(first, fields)
            ]
            columns += [PlannedColumn(field, index, None) for index, field in _at(first, fields)]
            continue
        cells.append(HeaderCell(top, 0, first, 0, last))
        if _is_whole(fields[0]):
            cells.append(_column_cell(fields[0], _leaf(fields[0]), 1, first, depth))
            cells.append(HeaderCell(passing, 1, first + 1, 1, last))
            parts, below, whole = fields[1:], 2, first
            columns.append(PlannedColumn(fields[0], first, None))
        else:
            parts, below, whole = fields, 1, None
        start = last - len(parts) + 1
        cells += [
            _column_cell(field, _leaf(field), below, index, depth) for index, field in _at(start, parts)
        ]
        columns += [PlannedColumn(field, index, whole) for index, field in _at(start, parts)]
    return HeaderPlan(depth, tuple(cells), tuple(columns))


def label(field: FormField) -> str:
    """Give the header under which a field stands alone: its label where readers know it, else a known spelling."""
    flat = [header for header in field.headers if _SEPARATOR not in header]
    return field.title if field.title in flat or not flat else flat[0]


def _top(field: FormField) -> str | None:
    path = _path(field)
    return path[0] if path else None


def _leaf(field: FormField) -> str:
    path = _path(field)
    return path[-1] if path else label(field)


def _path(field: FormField) -> list[str] | None:
    return next((header.split(_SEPARATOR) for header in field.headers if _SEPARATOR in header), None)


def _is_whole(field: FormField) -> bool:
    return fold(_leaf(field)) == _WHOLE


def _at(first: int, fields: list[FormField]) -> list[tuple[int, FormField]]:
    return list(enumerate(fields, start=first))


def _column_cell(field: FormField, text: str, first_row: int, index: int, depth: int) -> HeaderCell:
    marked = text + REQUIRED_MARK if field.is_required else text
    return HeaderCell(marked, first_row, index, depth - 1, index)
