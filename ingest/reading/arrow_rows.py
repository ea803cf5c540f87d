"""Rows of tables as Arrow columns, in the shape of ``raw.<form>``.

Two tables of Biểu 04 in one file, of two rows and of one, become one Arrow table of three rows::

    submission_id  sheet_number  table_number  row_number  cell_types  money_scale  supported_on  amount_vnd  …  extra_cells
    3f0c…              4             1             9       tnnt…          1000000   2023-01-05    40.5
    3f0c…              4             1            10       tnnt…          1000000   2023-02-20    58
    3f0c…              4             2            21       tnnt…             1000   2023-03-08    1500

Made in the process that read them, so that the one process that writes only hands them on.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa

from ingest.contracts.forms import FormContract
from ingest.tables.results import BodyRows


@dataclass(frozen=True, slots=True)
class PlacedBody:
    """The body of a table with where in its file it stands, and what its money is multiplied by.

    Attributes:
        sheet_number: of its sheet in the file, from 1.
        table_number: of the table on its sheet, from 1.
        money_scale: đồng in one unit of the table's money: 1, 1000 or 1000000.
        rows: n rows as columns of text; see ``BodyRows``.
    """

    sheet_number: int
    table_number: int
    money_scale: int
    rows: BodyRows

    @property
    def size(self) -> int:
        """How many rows there are."""
        return len(self.rows.row_numbers)


def arrow_body(submission_id: str, form: FormContract, bodies: Sequence[PlacedBody]) -> pa.Table | None:
    """Give the rows of one form in a file, with their address and the form's fields in order.

    Columns of several tables are put together first: an Arrow column has a price of its own.

    Args:
        submission_id: of the submission that they belong to, 16 hex digits.
        form: whose fields become columns; a field that no table has is null in each row.
        bodies: the form's tables in the file, in any number, also without rows.

    Returns:
        One Arrow table: ``submission_id``, ``sheet_number`` and ``table_number`` (int32), ``row_number`` (int64, from 1),
        ``cell_types`` (a letter a cell), ``money_scale`` (int64), the fields of the form as they were typed (string) and
        ``extra_cells`` (JSON in a string). None when there are no rows.
    """
    bodies = [body for body in bodies if body.size]
    if not bodies:
        return None
    size = sum(body.size for body in bodies)
    return pa.table(
        {
            "submission_id": pa.repeat(pa.scalar(submission_id), size),
            "sheet_number": _repeated([body.sheet_number for body in bodies], bodies, pa.int32()),
            "table_number": _repeated([body.table_number for body in bodies], bodies, pa.int32()),
            "row_number": pa.array(
                [number for body in bodies for number in body.rows.row_numbers], pa.int64()
            ),
            "cell_types": _texts([body.rows.cell_types for body in bodies], bodies),
            "money_scale": _repeated([body.money_scale for body in bodies], bodies, pa.int64()),
            **{
                name: _texts([body.rows.fields.get(name) for body in bodies], bodies)
                for name in form.field_names
            },
            "extra_cells": _texts([body.rows.extra_cells for body in bodies], bodies),
        }
    )


def _repeated(values: Sequence[int], bodies: Sequence[PlacedBody], kind: pa.DataType) -> pa.Array:
    """Give the value of each table as often as it has rows."""
    return pa.concat_arrays(
        [pa.repeat(pa.scalar(value, kind), body.size) for value, body in zip(values, bodies, strict=True)]
    )


def _texts(columns: Sequence[Sequence[str | None] | None], bodies: Sequence[PlacedBody]) -> pa.Array:
    """Give the texts of each table one after the other; nulls for a table without that column."""
    if all(column is None for column in columns):
        return pa.nulls(sum(body.size for body in bodies), pa.string())
    texts: list[str | None] = []
    for column, body in zip(columns, bodies, strict=True):
        texts += [None] * body.size if column is None else column
    return pa.array(texts, pa.string())
