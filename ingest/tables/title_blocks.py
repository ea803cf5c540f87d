"""The rows between tables: where the title of the next one starts, and what it says."""

import re

from ingest.headers.matcher import HeaderMatcher
from ingest.headers.sendings import aside_of
from ingest.rows.filled_cells import filled, is_count
from ingest.rows.kinds import RowKind
from ingest.rows.signatures import is_signature
from ingest.rows.table_columns import TableColumns
from ingest.rows.total_labels import is_carried_forward, is_grand_total, is_labelled_total
from ingest.tables.results import (
    TitleText,
)
from ingest.tables.row_classification import (
    Draft,
)
from ingest.text.cells import (
    Cell,
    StruckText,
    cell_text,
    column_name,
)
from ingest.text.folding import compose, fold

_FAR_TITLE_ROWS = 12
_TITLE_BLOCK = re.compile(
    r"^(?:hoilhpn|hoiphunu|hoilienhiep|bch|banchaphanh|conghoaxahoi|doclap|bieu(?:so|mau)?\d|bm\d|mauso|phuluc)"
)
_TITLE_START = re.compile(
    r"^(?:hoi|bch|bieu|banchaphanh|conghoa|doclap|phuluc|danhsach|mau|chihoi|thon|buon|xa|donvi|[ivx]+$)"
)


def starts_anew(rows: list[list[Cell]], first: int, header: int, matcher: HeaderMatcher) -> bool:
    """Whether the same header again starts another table, after a total or a title, rather than another page."""
    for index in range(max(first, header - _FAR_TITLE_ROWS), header):
        positions = filled(rows[index])
        if is_grand_total(rows[index], positions) and not is_carried_forward(rows[index], positions):
            return True
        texts = [cell_text(rows[index][position]) for position in positions]
        if len(positions) <= 3 and any(matcher.is_title(text) or aside_of(text) for text in texts):
            return True
    return False


def title_block_start(
    rows: list[list[Cell]], under_header: range, layout: TableColumns, matcher: HeaderMatcher
) -> int:
    """Give the row where the title block of the next table starts, when it shows itself as one; else that after all."""
    start = end = under_header.stop
    for index in range(end - 1, max(under_header.start, end - _FAR_TITLE_ROWS) - 1, -1):
        row = rows[index]
        positions = filled(row)
        is_counted = layout.numbering is not None and is_count(row[layout.numbering])
        if is_counted or layout.are_surely_body([row])[0] or is_labelled_total(row, positions):
            break
        texts = [cell_text(row[position]) for position in positions]
        if any(_TITLE_BLOCK.match(fold(text)) or matcher.is_title(text) or aside_of(text) for text in texts):
            start = index
    return start


def next_title_start(rows: list[list[Cell]], draft: Draft, end: int, matcher: HeaderMatcher) -> int:
    """Give the row after which everything up to the next header is that table's title block."""
    settled = [*draft.body, *(total.index for total in draft.totals)]
    settled += [
        index for index, kind in draft.kinds.items() if kind in (RowKind.HEADER, RowKind.COLUMN_NUMBERS)
    ]
    signed = [
        index
        for index, kind in draft.kinds.items()
        if kind is RowKind.SIGNATURE and is_signature(rows[index], filled(rows[index]))
    ]
    start = min(end, max([*settled, *signed]) + 1)
    for index in range(start, end if signed and max(signed) >= max(settled) else start):
        texts = [cell_text(rows[index][position]) for position in filled(rows[index])]
        if any(_TITLE_START.match(fold(text)) or matcher.is_title(text) or aside_of(text) for text in texts):
            break
        if texts and draft.kinds.get(index) is RowKind.SIGNATURE:
            start = index + 1
    return start


def titles_in(rows: list[list[Cell]], indexes: range) -> list[TitleText]:
    """Give what some rows say, a line of a cell each, with its place."""
    return [
        TitleText(f"{column_name(column)}{index + 1}", " ".join(compose(line).split()))
        for index in indexes
        for column in filled(rows[index])
        if not isinstance(rows[index][column], StruckText)
        for line in cell_text(rows[index][column]).splitlines()
        if line.strip()
    ]
