"""Tables of one form in a file that are a table and its corrected copy.

Officers copy a sheet, correct the copy and leave the old one in. Tables that share half of their rows are such a pair:
the later one counts, or the one that says so, or the one that can be seen. Tables of different villages never are.
The rows of the other one are structure from then on, its figures are kept to be told beside those that count.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from operator import ne
from typing import cast

from ingest.contracts.forms import FormContract
from ingest.contracts.verdicts import Reason, ReasonCode
from ingest.headers.sendings import copied_from
from ingest.rows.kinds import RowKind
from ingest.tables.results import ControlTotal, FoundTable, SheetReading, StructureRun, rows_as_json
from ingest.text.cells import EMPTY_LETTER

_REMARKS = frozenset({"note"})  # what may differ between a row and its copy
_LEAST_FIELDS = 4  # filled in a row that is taken for another although one of them differs

_Row = tuple[str | None, ...]
"""The texts of a row, a field beside the other."""


@dataclass(frozen=True)
class _Placed:
    """A table with the sheet that it stands on."""

    sheet: SheetReading
    table: FoundTable
    form: FormContract
    is_hidden: bool

    @property
    def key(self) -> tuple[int, int]:
        return self.sheet.number, self.table.number

    @property
    def goes_on(self) -> bool:
        """Tell whether the table goes on from an earlier sheet: it has no header of its own."""
        return self.table.header_last_row < self.table.header_first_row

    @cached_property
    def rows(self) -> Counter[_Row]:
        """Its rows, without what may differ between a row and its copy."""
        blank = ("",) * len(self.table.body.row_numbers)
        columns = (
            (field.type, self.table.body.fields.get(field.name, blank))
            for field in self.form.fields
            if field.name not in _REMARKS
        )
        return Counter(
            zip(
                *(_with_single_blanks(texts) if kind == "string" else texts for kind, texts in columns),
                strict=True,
            )
        )

    @cached_property
    def names(self) -> frozenset[str]:
        """What its rows are called in the first required field of free text; none in a form without one."""
        name = next((field.name for field in self.form.required_fields if field.is_free_text), None)
        texts = self.table.body.fields.get(name) if name else None
        return frozenset(_with_single_blanks(texts)) if texts else frozenset()


def set_aside_replaced(sheets: Sequence[SheetReading], hidden: Collection[int]) -> tuple[SheetReading, ...]:
    """Set aside each table of which a corrected copy stands in the same file.

    Args:
        sheets: of one file.
        hidden: numbers of the sheets that nobody sees.
    """
    counted: list[_Placed] = []
    replaced_by: dict[tuple[int, int], _Placed] = {}
    for sheet in sheets:
        for table in sheet.tables:
            if not table.counts or table.form is None or not table.body.row_numbers:
                continue
            placed = _Placed(sheet, table, table.form, sheet.number in hidden)
            for earlier in [other for other in counted if other.form is table.form]:
                kept = _kept(earlier, placed)
                if kept is None:
                    continue
                other = earlier if kept is placed else placed
                replaced_by[other.key] = kept
                if other is placed:
                    break
                counted.remove(earlier)
            if placed.key not in replaced_by:
                counted.append(placed)
    return tuple(_without(sheet, replaced_by) for sheet in sheets)


def _with_single_blanks(texts: Sequence[str | None]) -> Sequence[str]:
    """Give texts with one blank between words; most are so, which one look at all of them tells."""
    filled = [text or "" for text in texts] if None in texts else cast(Sequence[str], texts)
    joined = "|".join(filled)
    # of all blanks, the plain one alone is printable
    is_regular = "  " not in joined and joined.isprintable()
    return filled if is_regular else [" ".join(text.split()) for text in filled]


def _kept(earlier: _Placed, later: _Placed) -> _Placed | None:
    """Give the one of two tables that counts alone; None where both count."""
    branches = {earlier.table.branch, later.table.branch}
    if None not in branches and len(branches) == 2:
        return None
    shared = _shared(earlier, later)
    if _is_named_copy(earlier, later):
        shared = max(shared, _almost_shared(earlier.rows, later.rows))
    smaller, larger = sorted((earlier, later), key=_row_count)
    corrections = [placed for placed in (earlier, later) if placed.table.sending == "correction"]
    if len(corrections) != 1 and 2 * shared < _row_count(smaller):
        return None
    if earlier.is_hidden != later.is_hidden:
        return later if earlier.is_hidden else earlier
    if len(corrections) == 1:
        return corrections[0]
    is_excerpt = shared == _row_count(smaller) and 2 * shared < _row_count(larger)
    return larger if is_excerpt else later


def _row_count(placed: _Placed) -> int:
    return len(placed.table.body.row_numbers)


def _shared(some: _Placed, others: _Placed) -> int:
    """Count the rows that stand in both tables; those without a name in common, which is seen sooner, share none."""
    if some.names and others.names and some.names.isdisjoint(others.names):
        return 0
    return (some.rows & others.rows).total()


def _is_named_copy(earlier: _Placed, later: _Placed) -> bool:
    if earlier.goes_on or later.goes_on:
        return False
    names = earlier.sheet.name.strip(), later.sheet.name.strip()
    return copied_from(names[1]) == names[0] or copied_from(names[0]) == names[1]


def _almost_shared(some: Counter[_Row], others: Counter[_Row]) -> int:
    """Count the rows of which the other table has one that differs in one field at most."""
    left = list(others.elements())
    shared = 0
    for row in some.elements():
        for position, other in enumerate(left):
            if sum(map(bool, row)) >= _LEAST_FIELDS and sum(map(ne, row, other)) <= 1:
                del left[position]
                shared += 1
                break
    return shared


def _without(sheet: SheetReading, replaced_by: dict[tuple[int, int], _Placed]) -> SheetReading:
    tables = []
    structure = list(sheet.structure)
    for table in sheet.tables:
        kept = replaced_by.get((sheet.number, table.number))
        if kept is None or table.form is None:
            tables.append(table)
            continue
        reason = Reason.of(
            ReasonCode.CORRECTED_BELOW,
            form=table.form.title,
            sheet=sheet.name,
            counted=kept.sheet.name,
        )
        tables.append(replace(table.set_aside(reason), control_totals=_figures_of(table)))
        structure += [
            StructureRun(table.number, row.row_number, row.row_number, RowKind.REPLACED, row.cells)
            for row in rows_as_json(table)
        ]
    return replace(sheet, tables=tuple(tables), structure=tuple(structure))


def _figures_of(table: FoundTable) -> tuple[ControlTotal, ...]:
    """Give every figure of a table as one of a row that sums itself, so that both totals can be told."""
    if table.form is None:
        return ()
    return tuple(
        ControlTotal(number, RowKind.REPLACED, number, number, field.name, text, letter)
        for position, field in enumerate(table.form.fields)
        if field.type in ("integer", "number") and field.name in table.body.fields
        for number, text, letters in zip(
            table.body.row_numbers, table.body.fields[field.name], table.body.cell_types, strict=True
        )
        if text and (letter := letters[position]) != EMPTY_LETTER
    )
