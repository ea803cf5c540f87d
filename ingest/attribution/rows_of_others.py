"""Rows that name another reporting unit than the one that their sheet is of: they wait.

A form of the office's own gathers answers of several communes in one sheet, with a column *Đơn vị* or a heading for each
of them; counted for the unit of the folder, all rows would be its own. No figure is guessed: such rows are taken out, and
told with the place that names the other unit.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import PurePosixPath

from ingest.attribution.decision import other_unit
from ingest.attribution.evidence.unit_names import names_lower_unit, names_upper_unit, units_named
from ingest.contracts.reference import Period, Reference
from ingest.contracts.verdicts import Reason, ReasonCode, not_understood
from ingest.headers.matcher import HeaderMatcher
from ingest.rows.filled_cells import is_quantity
from ingest.rows.kinds import RowKind
from ingest.tables.results import FoundTable, SheetReading, with_rows_waiting
from ingest.text.folding import words

_OF_SOMETHING_ELSE = frozenset({"noi", "que", "chuyen", "phoi", "dia", "nguon", "tai", "trao", "den"})
_MARK = re.compile(r"^[\W_]*(?:[IVX]+|[ivx]+|\d{1,3}|[^\W\d])?[\W_]*$")
_HEADINGS = frozenset({RowKind.NOTE, RowKind.SUBTOTAL})


def without_rows_of_others(
    sheets: Sequence[SheetReading],
    unit_key: str,
    period: Period,
    matcher: HeaderMatcher,
    reference: Reference,
) -> list[SheetReading]:
    """Take out of the tables of a unit the rows that name another one.

    Args:
        sheets: of the unit.
        unit_key, period: whose and for when they are.
        matcher: tells which columns name units.
        reference: the units that are known.
    """

    def named_in(text: str) -> str | None:
        return other_unit(text, unit_key, period, reference)

    def is_unit(text: str) -> bool:
        return bool(units_named(text, reference))

    return [
        replace(
            sheet,
            tables=tuple(
                _without(
                    table,
                    {
                        **_under_headings(sheet, table, named_in, is_unit),
                        **_by_column(table, matcher, named_in, is_unit),
                    },
                )
                for table in sheet.tables
            ),
        )
        for sheet in sheets
    ]


def without_units_not_understood(
    sheets: Sequence[SheetReading], relative_path: str, reference: Reference
) -> list[SheetReading]:
    """Refuse tables whose rows should name their units, and do so in a column that is not understood, or in a title.

    Without a unit a target is the district's; those of communes would be taken for it. Where a column of units is
    understood, rows that leave it blank under one that names a commune wait: they may be of either.
    """
    return [
        replace(
            sheet, tables=tuple(_with_units(table, sheet, relative_path, reference) for table in sheet.tables)
        )
        for sheet in sheets
    ]


def _with_units(
    table: FoundTable, sheet: SheetReading, relative_path: str, reference: Reference
) -> FoundTable:
    if table.reason is not None or table.form is None or table.form.attributed_by != "row":
        return table
    field = next((field for field in table.form.fields if field.choices == "units"), None)
    if field is None:
        return table
    if field.name in table.columns:
        return _without_blank_units(table, field.name, reference)
    cells = [str(text) for extra in table.body.extra_cells if extra for text in json.loads(extra).values()]
    around = [title.text for title in sheet.titles] + list(PurePosixPath(relative_path).with_suffix("").parts)
    if not any(units_named(text, reference) for text in cells) and not any(
        names_lower_unit(text, reference) for text in around
    ):
        return table
    reason = Reason.of(
        ReasonCode.MISSING_REQUIRED_COLUMN,
        form=table.form.title,
        columns=f"“{field.title}”",
        row=table.header_last_row,
        unknown=not_understood(table.extra_columns),
    )
    return table.refused(reason)


def _without_blank_units(table: FoundTable, field_name: str, reference: Reference) -> FoundTable:
    """Let rows wait that name no unit and stand below one that names a commune, or what nobody knows."""
    reasons: dict[int, Reason] = {}
    last = ""
    for number, cell in zip(table.body.row_numbers, table.body.fields.get(field_name, ()), strict=True):
        text = (cell or "").strip(" -–—")
        if text:
            last = "" if names_upper_unit(text, reference) else text
        elif last:
            place = f"ô {table.columns[field_name]}{number} để trống, phía trên ghi “{last}”"
            reasons[number] = Reason.of(ReasonCode.UNIT_LEFT_BLANK, place=place)
    return with_rows_waiting(table, reasons)


def _by_column(
    table: FoundTable,
    matcher: HeaderMatcher,
    named_in: Callable[[str], str | None],
    is_unit: Callable[[str], bool],
) -> dict[int, str]:
    """Give the rows whose own cell names another unit, with where and what."""
    if not table.extra_columns:
        return {}
    extras = [json.loads(extra) if extra else {} for extra in table.body.extra_cells]
    columns = {
        header: letter
        for letter, header in table.extra_columns
        if matcher.heads_units(header)
        or _tells_units_apart(header, [cells.get(header) for cells in extras], named_in, is_unit)
    }
    named = {}
    for number, cells in zip(table.body.row_numbers, extras, strict=True):
        for header, letter in columns.items():
            if (name := named_in(str(cells.get(header, "")))) is not None:
                named[number] = f"ô {letter}{number} (cột “{header}”) ghi “{name}”"
    return named


def _tells_units_apart(
    header: str,
    cells: Sequence[object],
    named_in: Callable[[str], str | None],
    is_unit: Callable[[str], bool],
) -> bool:
    """Whether a column with another header, as a form's question has it, holds units and nothing else, several of them."""
    typed = {str(cell) for cell in cells if cell}
    if len(typed) < 2 or not _OF_SOMETHING_ELSE.isdisjoint(words(header)):
        return False
    others = [text for text in typed if named_in(text) is not None]
    return bool(others) and all(text in others or is_unit(text) for text in typed)


def _under_headings(
    sheet: SheetReading,
    table: FoundTable,
    named_in: Callable[[str], str | None],
    is_unit: Callable[[str], bool],
) -> dict[int, str]:
    """Give the rows that stand under a heading which is the name of another unit, up to one that names the own."""
    headings: dict[int, str | None] = {}
    for number, letter, text in (*_headings_of(sheet, table), *_lone_names(table)):
        if (name := named_in(text)) is not None:
            headings[number] = f"ô {letter}{number} ghi “{name}”"
        elif is_unit(text):
            headings[number] = None
    if not any(headings.values()):
        return {}
    named = {}
    heading: str | None = None
    for number in range(table.header_first_row, table.last_row + 1):
        heading = headings.get(number, heading)
        if heading is not None:
            named[number] = heading
    return named


def _headings_of(sheet: SheetReading, table: FoundTable) -> Iterator[tuple[int, str, str]]:
    """Give row, column and text of what is known for a heading: its first cell, behind the mark that counts it."""
    for run in sheet.structure:
        if run.table_number == table.number and run.kind in _HEADINGS and run.cells:
            cells = json.loads(run.cells).items()
            for letter, text in islice(((letter, text) for letter, text in cells if not _is_mark(text)), 1):
                yield run.first_row, letter, text


def _lone_names(table: FoundTable) -> Iterator[tuple[int, str, str]]:
    """Give row, column and text of rows that hold one text, and beside it marks and figures at most."""
    if table.form is None or not table.body.row_numbers:
        return
    fields = [
        (table.columns[name], texts) for name, texts in table.body.fields.items() if name in table.columns
    ]
    wordy = [
        table.body.fields[field.name]
        for field in table.form.required_fields
        if field.type not in ("integer", "number") and field.name in table.columns
    ]
    if sum(all(texts) for texts in wordy) > 1:
        return
    extra_letters = {header: letter for letter, header in table.extra_columns}
    for position, required in enumerate(zip(*wordy, strict=True)):
        if sum(map(bool, required)) > 1:
            continue
        extra = json.loads(table.body.extra_cells[position] or "{}").items()
        cells = [
            *((letter, texts[position]) for letter, texts in fields),
            *((extra_letters[header], str(text)) for header, text in extra if header in extra_letters),
        ]
        texts = [
            (letter, text) for letter, text in cells if text and not is_quantity(text) and not _is_mark(text)
        ]
        if len(texts) == 1:
            yield table.body.row_numbers[position], *texts[0]


def _is_mark(text: str) -> bool:
    """Whether a cell only counts its row: *II*, *2.*, *b)*, a dash."""
    return bool(_MARK.match(text))


def _without(table: FoundTable, others: Mapping[int, str]) -> FoundTable:
    """Let rows wait, in a form whose unit is that of the file."""
    if table.reason is not None or table.form is None or table.form.attributed_by != "file":
        return table
    return with_rows_waiting(
        table,
        {number: Reason.of(ReasonCode.ROW_OF_ANOTHER_UNIT, place=place) for number, place in others.items()},
    )
