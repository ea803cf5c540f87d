"""Rows of a table handed over a column at a time, as text with the type that each cell had."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

from ingest.headers.form_match import FormMatch, HeaderColumn
from ingest.rows.filled_cells import filled
from ingest.tables.columns.measured_columns import TableUnit, fill_units
from ingest.tables.results import NO_ROWS, BodyRows
from ingest.text.cells import (
    EMPTY_LETTER,
    Cell,
    cell_text,
    column_as_text,
    column_name,
    is_blank,
)


def body_rows_of(
    rows: list[list[Cell]],
    body: Sequence[int],
    match: FormMatch | None,
    parts: Mapping[str, Sequence[int]],
    units: Mapping[str, TableUnit],
) -> BodyRows:
    """Give the body of a table as columns of text.

    Args:
        rows: the sheet's cells.
        body: positions of the body's rows, from 0.
        match: which column holds which field; without it there is no body.
        parts: field name to further columns whose text belongs to it, as a name written over two columns.
        units: units of measure that are stated once for all rows.
    """
    if match is None or not body:
        return NO_ROWS
    picked = [rows[index] for index in body]
    columns = list(zip(*picked, strict=True))
    fields: dict[str, Sequence[str | None]] = {}
    letters: dict[str, str] = {}
    absent = EMPTY_LETTER * len(picked)
    for form_field in match.form.fields:
        column = match.columns.get(form_field.name)
        if column is None:
            letters[form_field.name] = absent
            continue
        cells: Sequence[Cell] = columns[column.index]
        for index in parts.get(form_field.name, ()):
            cells = _side_by_side(cells, columns[index])
        fields[form_field.name], letters[form_field.name] = column_as_text(cells)
    if units:
        fields, letters = fill_units(fields, letters, units)
    return BodyRows(
        row_numbers=[index + 1 for index in body],
        fields=fields,
        cell_types=_letters_by_row(list(letters.values())),
        extra_cells=[_extra_json(row, match.extra) for row in picked]
        if match.extra
        else [None] * len(picked),
    )


def _letters_by_row(columns: Sequence[str]) -> list[str]:
    """Turn m strings with the letters of a column each into n with those of a row; most rows are of few kinds."""
    size = len(columns[0])
    changing = {index for index, column in enumerate(columns) if column != column[0] * size}
    if not changing:
        return ["".join(column[0] for column in columns)] * size
    rows = list(zip(*(columns[index] for index in sorted(changing)), strict=True))
    spelled = {}
    for row in set(rows):
        own = iter(row)
        spelled[row] = "".join(
            next(own) if index in changing else column[0] for index, column in enumerate(columns)
        )
    return list(map(spelled.__getitem__, rows))


def with_parts_joined(match: FormMatch) -> tuple[FormMatch, dict[str, list[int]]]:
    """Give a match without the columns that are parts of others, and those parts by the field that they belong to."""
    parts = _parts_of_texts(match)
    if not parts:
        return match, parts
    taken = {index for indexes in parts.values() for index in indexes}
    return replace(match, extra=tuple(column for column in match.extra if column.index not in taken)), parts


def _parts_of_texts(match: FormMatch) -> dict[str, list[int]]:
    """Give the further columns of text fields whose header spans several: *Họ và tên* over two columns is one name."""
    parts: dict[str, list[int]] = {}
    for form_field in match.form.fields:
        column = match.columns.get(form_field.name)
        if column is None or form_field.type != "string":
            continue
        following = column.index + 1
        for other in match.extra:
            if other.index == following and other.text == column.text:
                parts.setdefault(form_field.name, []).append(following)
                following += 1
    return parts


def _side_by_side(left: Sequence[Cell], right: Sequence[Cell]) -> list[Cell]:
    return [
        (cell_text(a) + " " + cell_text(b)).strip() if not is_blank(b) else a
        for a, b in zip(left, right, strict=True)
    ]


def cells_json(row: Sequence[Cell]) -> str:
    """Give the cells of a row that are not blank as a JSON object of column letters and text."""
    return json.dumps(
        {column_name(index): cell_text(row[index]) for index in filled(row)}, ensure_ascii=False
    )


def _extra_json(row: Sequence[Cell], extra: Sequence[HeaderColumn]) -> str | None:
    cells = {column.text: cell_text(row[column.index]) for column in extra if not is_blank(row[column.index])}
    return json.dumps(cells, ensure_ascii=False) if cells else None
