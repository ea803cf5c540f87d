"""Rows that tell of a part of the row above, *Trong đó: chi hội Buôn Dhăm*: counted beside it, a figure would count twice.

Whether such a row is a part, or the row above is only their heading, no program can tell: the row waits.
"""

from collections.abc import Sequence
from dataclasses import replace

from ingest.contracts.forms import FormField
from ingest.contracts.verdicts import Reason, ReasonCode
from ingest.tables.results import FoundTable, SheetReading, with_rows_waiting
from ingest.text.folding import words

_PART = ["trong", "do"]
_REMARKS = frozenset({"note"})
_LETTERS = frozenset("tT")


def without_parts_of_rows(sheets: Sequence[SheetReading]) -> list[SheetReading]:
    """Let the rows wait that say *trong đó* at the beginning of a cell which tells what the row is."""
    return [replace(sheet, tables=tuple(map(_without_parts, sheet.tables))) for sheet in sheets]


def _without_parts(table: FoundTable) -> FoundTable:
    if not table.counts or table.form is None or not table.body.row_numbers:
        return table
    reasons: dict[int, Reason] = {}
    for field in table.form.fields:
        texts = table.body.fields.get(field.name, ()) if _tells_what_it_is(field) else ()
        if not (parts := {text for text in _may_be_parts(texts) if text and _is_part(text)}):
            continue
        for number, text in zip(table.body.row_numbers, texts, strict=True):
            if text in parts:
                place = f"ô {table.columns[field.name]}{number} bắt đầu bằng “Trong đó”"
                reasons[number] = Reason.of(ReasonCode.PART_OF_ROW_ABOVE, place=place)
    return with_rows_waiting(table, reasons)


def _tells_what_it_is(field: FormField) -> bool:
    return field.is_free_text and field.name not in _REMARKS


def _may_be_parts(texts: Sequence[str | None]) -> Sequence[str | None]:
    """Give the texts, or none where one look at all of them tells that none is a part."""
    try:
        joined = "\0".join(texts)  # type: ignore[arg-type]  # TypeError where a row has none
    except TypeError:
        joined = "\0".join(map(str, texts))
    return texts if "rong" in joined or "RONG" in joined else ()


def _is_part(text: str) -> bool:
    first = text.lstrip(" \u00a0(-–+*•")
    return first[:1] in _LETTERS and words(first[:12])[:2] == _PART
