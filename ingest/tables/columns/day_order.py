"""Days written month first, which a computer set to American English makes of what people type.

Day first is the rule. In a file that holds a day which can only be month first (``2/15/2023``) no other day is sure that
reads both ways: it waits, and its branch is told both readings. Such cells get a type letter of their own.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from ingest.tables.results import BodyRows, FoundTable, SheetReading

DOUBTFUL_LETTER = "u"
_TRUE_DATE_LETTER = "d"
_DAYS = frozenset({"date", "datetime", "year_or_date"})
_ONLY_MONTH_FIRST = re.compile(
    r"(?<![\d/.-])(?:0?[1-9]|1[0-2])([/.-])(?:1[3-9]|2\d|3[01])\1(?:\d{4}|\d{2})(?![\d/.-])"
)
_TYPED = re.compile(r"\s*(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(?:\d{4}|\d{2})(?!\d)")
_TRUE_DATE = re.compile(r"\d{4}-(\d{2})-(\d{2})(?![\d])")


def tells_month_first(texts: Iterable[str | None]) -> bool:
    """Whether one of some texts holds a day that can only be month first."""
    return bool(_ONLY_MONTH_FIRST.search("\0".join({text for text in texts if text})))


def reads_both_ways(text: str, letter: str) -> bool:
    """Whether a day means another one with month and day exchanged.

    Args:
        text: of the cell.
        letter: its type; a true date was made of what was typed, and may have been misread there.
    """
    match = (_TRUE_DATE if letter == _TRUE_DATE_LETTER else _TYPED).match(text)
    return match is not None and match[1] != match[2] and int(match[1]) <= 12 and int(match[2]) <= 12


def with_doubtful_days(sheets: Sequence[SheetReading], is_shown_month_first: bool) -> list[SheetReading]:
    """Mark the days of a file that read both ways, when others in it can only be month first.

    Args:
        sheets: of the file.
        is_shown_month_first: the format of some cell in it says so.
    """
    tables = [table for sheet in sheets for table in sheet.tables]
    if not is_shown_month_first and not any(
        tells_month_first(texts) for table in tables for texts in _typed_days_of(table)
    ):
        return list(sheets)
    return [replace(sheet, tables=tuple(map(_marked, sheet.tables))) for sheet in sheets]


def _typed_days_of(table: FoundTable) -> list[Sequence[str | None]]:
    """Give the columns of days that are not true dates all, as those are never written month first."""
    fields = table.form.fields if table.form else ()
    kinds_of_rows = set(table.body.cell_types)
    return [
        table.body.fields[field.name]
        for position, field in enumerate(fields)
        if field.type in _DAYS
        and field.name in table.body.fields
        and any(letters[position] != _TRUE_DATE_LETTER for letters in kinds_of_rows)
    ]


def _marked(table: FoundTable) -> FoundTable:
    if table.form is None:
        return table
    letters = [list(types) for types in table.body.cell_types]
    for position, field in enumerate(table.form.fields):
        if field.type in ("date", "datetime"):
            for types, text in zip(letters, table.body.fields.get(field.name, ()), strict=False):
                if text and reads_both_ways(text, types[position]):
                    types[position] = DOUBTFUL_LETTER
    body = table.body
    marked = BodyRows(body.row_numbers, body.fields, ["".join(types) for types in letters], body.extra_cells)
    return replace(table, body=marked)
