"""Rows of a table as Arrow columns, in the shape of ``raw.<form>``.

Made in the process that read them, so that the one process that writes only hands them on.
"""

from collections.abc import Sequence

import pyarrow as pa

from ingest.contracts import FormContract
from ingest.sheet_reading import BodyRows


def arrow_body(
    submission_id: str,
    sheet_number: int,
    table_number: int,
    form: FormContract,
    money_scale: int,
    body: BodyRows,
) -> pa.Table | None:
    """Give n rows with their address and the form's fields in order, all text; None when there are no rows."""
    size = len(body.row_numbers)
    if not size:
        return None
    nothing = pa.nulls(size, pa.string())
    return pa.table(
        {
            "submission_id": pa.repeat(pa.scalar(submission_id), size),
            "sheet_number": pa.repeat(pa.scalar(sheet_number, pa.int32()), size),
            "table_number": pa.repeat(pa.scalar(table_number, pa.int32()), size),
            "row_number": pa.array(body.row_numbers, pa.int64()),
            "cell_types": pa.array(body.cell_types, pa.string()),
            "money_scale": pa.repeat(pa.scalar(money_scale, pa.int64()), size),
            **{
                name: _texts(body.fields[name]) if name in body.fields else nothing
                for name in form.field_names
            },
            "extra_cells": _texts(body.extra_cells),
        }
    )


def _texts(values: Sequence[str | None]) -> pa.Array:
    return pa.array(values, pa.string())
