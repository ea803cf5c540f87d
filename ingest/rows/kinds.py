"""The kinds of rows."""

from enum import StrEnum


class RowKind(StrEnum):
    """Kinds of rows; every row of a sheet is of exactly one."""

    BODY = "body"
    TITLE = "title"
    HEADER = "header"
    COLUMN_NUMBERS = "column_numbers"
    SUBTOTAL = "subtotal"
    TOTAL = "total"
    SIGNATURE = "signature"
    EXAMPLE = "example"
    NOTE = "note"
    BLANK = "blank"
    REPLACED = "replaced"  # of a table of which a corrected copy stands in the same file
    ASIDE = "aside"  # of a table of plans or for comparison
