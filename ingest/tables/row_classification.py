"""The rows under a header, each given its kind, and the control totals among them.

Single rows are judged in ``row_kinds``; here is what depends on the rows around them: what stands after a total or a
signature, which rows a sub-total sums, a last row that is a total without saying so. What is structure goes out as runs of
rows of one kind.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from ingest.headers.form_match import FormMatch, HeaderColumn
from ingest.headers.header_regions import HeaderRegion, is_column_numbers
from ingest.rows.filled_cells import filled
from ingest.rows.kinds import RowKind
from ingest.rows.row_kinds import classify
from ingest.rows.table_columns import TableColumns
from ingest.rows.total_labels import is_carried_forward, is_labelled_total
from ingest.tables.columns.texts import cells_json
from ingest.tables.results import ControlTotal, StructureRun
from ingest.text.cells import Cell, SpoiltText, column_as_text
from ingest.workbooks.grids import Sheet


@dataclass(slots=True)
class Draft:
    """A table while its rows are being gone through."""

    kinds: dict[int, RowKind] = field(default_factory=dict)
    body: list[int] = field(default_factory=list)
    totals: list["TotalRow"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class TotalRow:
    """A row with a total or sub-total, from 0; ``is_above`` when it stands over the rows that it sums."""

    index: int
    kind: RowKind
    is_above: bool = False
    is_carried: bool = False


def classify_rows(
    rows: list[list[Cell]],
    headers: Sequence[HeaderRegion],
    end: int,
    layout: TableColumns,
    banners: frozenset[int],
) -> Draft:
    """Give each row under a header its kind.

    Args:
        rows: the sheet's cells.
        headers: the table's header and its repetitions.
        end: position after the table's last row, from 0.
        layout: where the fields stand.
        banners: rows of which one merged cell is all that there is.
    """
    draft = Draft()
    for header in headers:
        draft.kinds.update(dict.fromkeys(range(header.first, header.last + 1), RowKind.HEADER))
    after_total = after_signature = False
    may_be_numbers = True
    first = headers[0].last + 1
    are_surely_body = layout.are_surely_body(rows[first:end])
    for index, is_surely_body in enumerate(are_surely_body, start=first):
        if index in draft.kinds:
            may_be_numbers, after_total, after_signature = True, False, False
            continue
        if not may_be_numbers and is_surely_body:
            after_total = after_signature = False
            draft.body.append(index)
            continue
        row = rows[index]
        positions = filled(row)
        if not positions:
            kind = RowKind.BLANK
        elif may_be_numbers and is_column_numbers(row):
            kind = RowKind.COLUMN_NUMBERS
        else:
            kind = classify(row, layout, after_total, after_signature)
            if kind is RowKind.BODY and index in banners and len(positions) == 1:
                kind = RowKind.NOTE
        after_total = (
            after_total or (kind is RowKind.TOTAL and bool(draft.body))
        ) and kind is not RowKind.BODY
        after_signature = (after_signature or kind is RowKind.SIGNATURE) and kind is not RowKind.BODY
        if kind is RowKind.BODY:
            may_be_numbers = False
            draft.body.append(index)
            continue
        draft.kinds[index] = kind
        if kind in (RowKind.TOTAL, RowKind.SUBTOTAL):
            draft.totals.append(
                TotalRow(
                    index,
                    kind,
                    is_above=kind is RowKind.SUBTOTAL and not is_labelled_total(row, positions),
                    is_carried=is_carried_forward(row, positions),
                )
            )
    _settle_totals(draft)
    return draft


def _settle_totals(draft: Draft) -> None:
    """Take for sub-totals the rows *Cộng* that close groups: more rows and another total come after them."""
    if not draft.body:
        return
    closing = [total for total in draft.totals if total.kind is RowKind.TOTAL and not total.is_carried]
    closing = [total for total in closing if total.index > draft.body[0]]
    groups = {total.index for total in closing[:-1] if any(row > total.index for row in draft.body)}
    if groups:
        groups |= {total.index for total in closing[:-1]}
    for position, total in enumerate(draft.totals):
        if total.index in groups:
            draft.totals[position] = replace(total, kind=RowKind.SUBTOTAL)
            draft.kinds[total.index] = RowKind.SUBTOTAL


def take_out_total_without_label(
    rows: list[list[Cell]], draft: Draft, match: FormMatch | None, layout: TableColumns
) -> None:
    """Take a last row of numbers alone for the control total when each of them is the sum of the rows above."""
    if match is None or len(draft.body) < 3 or draft.totals:
        return
    *summed, last = draft.body
    figures = filled(rows[last])
    numeric = {
        match.columns[form_field.name].index
        for form_field in match.form.fields
        if form_field.type in ("integer", "number") and form_field.name in match.columns
    }
    if not figures or not numeric.issuperset(figures) or len(layout.wordy) < 2:
        return
    for column in figures:
        values = [rows[index][column] for index in (*summed, last)]
        numbers = [value for value in values if isinstance(value, (int, float))]
        if not isinstance(values[-1], (int, float)) or abs(sum(numbers[:-1]) - numbers[-1]) > 1e-6:
            return
    draft.body.pop()
    draft.kinds[last] = RowKind.TOTAL
    draft.totals.append(TotalRow(last, RowKind.TOTAL))


def control_totals_of(rows: list[list[Cell]], draft: Draft, match: FormMatch) -> list[ControlTotal]:
    """Give every figure of the table's totals and sub-totals, with the rows that it sums.

    A total of a table without any row sums none; where it is not nought it is kept, so that somebody is told.
    """
    summed = [
        (form_field.name, match.columns[form_field.name].index)
        for form_field in match.form.fields
        if form_field.type in ("integer", "number") and form_field.name in match.columns
    ]
    found = []
    group_start = draft.body[0] if draft.body else 0
    for position, total in enumerate(draft.totals):
        index, kind = total.index, total.kind
        before = [row for row in draft.body if row < index]
        covered = before if kind is RowKind.SUBTOTAL else (before or draft.body)
        if total.is_above:
            next_total = draft.totals[position + 1].index if position + 1 < len(draft.totals) else None
            covered = [row for row in draft.body if index < row and (next_total is None or row < next_total)]
        elif kind is RowKind.SUBTOTAL:
            covered = [row for row in covered if row >= group_start]
            group_start = index
        if not covered and draft.body:
            continue
        first_row, last_row = (covered[0] + 1, covered[-1] + 1) if covered else (index + 1, index)
        cells = rows[index]
        found += [
            ControlTotal(
                row_number=index + 1,
                kind=kind,
                first_row=first_row,
                last_row=last_row,
                field_name=name,
                value=value,
                cell_type=letter,
            )
            for name, column in summed
            for (value,), letter in (column_as_text([cells[column]]),)
            if value and not isinstance(cells[column], bool) and (covered or _tells_figure(cells[column]))
        ]
    return found


def _tells_figure(cell: Cell) -> bool:
    """Whether a total of no row is one: it is not the nought of a blank form, nor its formula."""
    return cell not in (0, "0") and not isinstance(cell, SpoiltText)


def banners_of(sheet: Sheet) -> frozenset[int]:
    """Give the rows in which cells are merged over three columns or more, from 0."""
    return frozenset(
        span.first_row
        for span in sheet.merged or ()
        if span.first_row == span.last_row and span.last_column - span.first_column >= 2
    )


def layout_of(
    match: FormMatch | None, columns: Sequence[HeaderColumn], numbering: int | None
) -> TableColumns:
    """Give where the fields of a table stand; of one that is no form, where anything is headed."""
    if match is not None:
        return TableColumns.of(match.form, {name: c.index for name, c in match.columns.items()}, numbering)
    known = tuple(column.index for column in columns)
    return TableColumns(numbering=numbering, required=known, wordy=(), typed=(), known=known)


def runs_of(
    rows: list[list[Cell]], kinds: dict[int, RowKind], table_number: int | None
) -> list[StructureRun]:
    """Put rows of one kind that follow each other together; blank rows are told apart from what they stand in."""
    runs: list[StructureRun] = []
    for is_blank_run, indexes in groupby(sorted(kinds), key=lambda index: not filled(rows[index])):
        if is_blank_run:
            runs += [
                StructureRun(table_number, first + 1, last + 1, RowKind.BLANK, None)
                for first, last in _stretches(indexes)
            ]
        else:
            runs += [
                StructureRun(table_number, index + 1, index + 1, kinds[index], cells_json(rows[index]))
                for index in indexes
            ]
    return runs


def _stretches(indexes: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Give the first and the last of each run of numbers without a gap; the numbers ascend."""
    for _, stretch in groupby(enumerate(indexes), key=lambda numbered: numbered[1] - numbered[0]):
        numbers = [number for _, number in stretch]
        yield numbers[0], numbers[-1]
