"""Workbooks and CSV files as grids of cells.

Whatever program wrote a file, a sheet comes out as rows of Python values from cell A1 on, with its merged ranges where
the format tells them. Finding tables in a grid is the business of ``sheet_tables``.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    SheetMetadata,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from ingest.packages.package import ODS, XLSB, open_package
from ingest.packages.xlsb_records import read_xlsb
from ingest.text.cells import Cell
from ingest.text.delimited import find_delimiter, lines_of, read_records
from ingest.text.file_encoding import decode_text
from ingest.workbooks.ods_content import with_typed_texts, without_indents
from ingest.workbooks.unpacking import unpacked

WORKBOOK_FORMATS = frozenset({"xlsx", "xlsm", "xls", "xlsb", "ods"})
_TALL_ROWS = 100_000


class UnreadableFileError(Exception):
    """The file cannot be opened as what it claims to be; the text is the reading library's, for the log."""


@dataclass(frozen=True, slots=True)
class MergedRange:
    """A merged range of cells; rows and columns count from 0, and the last ones belong to it."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet.

    Attributes:
        number: position in the file, from 1.
        rows: cells from A1 on, every row equally long; a blank cell is ``""``. Blank rows of a tall sheet are one list.
        merged: merged ranges, or None where the format does not tell.
        is_hidden: nobody sees it without looking for it; drop-down lists live on such sheets.
        widths: how many fields each record of delimited text has; None for a workbook.
        hidden_rows, hidden_columns: what is on the sheet and not shown, from 0.
        covered: row and column, from 0, of what stands under a merged cell and is not shown; it is no part of rows.
        scales: row and column, from 0, of a number that is shown as another, to what it is divided by for that.
        has_month_first: a date is shown as ``m/d/yyyy``, on purpose.
    """

    number: int
    name: str
    rows: list[list[Cell]]
    merged: tuple[MergedRange, ...] | None
    is_hidden: bool = False
    widths: Sequence[int] | None = None
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    covered: Mapping[tuple[int, int], Cell] = field(default_factory=dict)
    scales: Mapping[tuple[int, int], float] = field(default_factory=dict)
    has_month_first: bool = False


def read_workbook(content: bytes) -> list[Sheet]:
    """Read every worksheet of an xlsx, xlsm, xlsb, xls or ods file.

    Raises:
        UnreadableFileError: the bytes are not a whole workbook of one of these formats.
        MemoryError: the workbook is larger than what a reading process may hold.
    """
    try:
        workbook = _open(unpacked(content) or content)
        return [
            _read_sheet(workbook, number, metadata)
            for number, metadata in enumerate(workbook.sheets_metadata, start=1)
            if metadata.typ == SheetTypeEnum.WorkSheet
        ]
    except MemoryError:
        raise
    except Exception as error:  # calamine raises a type of its own for each format and inner library
        raise UnreadableFileError(str(error)) from error


def _open(content: bytes) -> CalamineWorkbook:
    package = open_package(content) if content.startswith(b"PK") else None
    readable = None
    if package is not None and package.file_format == XLSB:
        _, whole = read_xlsb(package)
        readable = package.rewritten(whole) if whole else None
    elif package is not None and package.file_format == ODS:
        readable = with_typed_texts(package)
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(readable or content))
    except CalamineError:
        rewritten = None
        if package is not None and package.file_format == ODS:
            rewritten = without_indents(open_package(readable or content))
        if rewritten is None:
            raise
        return CalamineWorkbook.from_filelike(io.BytesIO(rewritten))


def read_csv(content: bytes) -> list[Sheet]:
    """Read a delimited text file as one sheet; the delimiter is found by looking.

    Raises:
        UnreadableFileError: the text is in no known encoding.
    """
    text = decode_text(content)
    if text is None:
        raise UnreadableFileError("in no encoding that branches use")
    lines = lines_of(text)
    rows: list[list[Cell]] = [list(record) for record in read_records(lines, find_delimiter(lines[:50]))]
    widths = [len(row) for row in rows]
    width = max(widths, default=0)
    for row in rows:
        row.extend([""] * (width - len(row)))
        if row and isinstance(row[0], str):
            row[0] = row[0].lstrip("\ufeff")  # of a file that was put behind another one
    return [Sheet(1, "csv", rows, None, widths=widths)]


def _read_sheet(workbook: CalamineWorkbook, number: int, metadata: SheetMetadata) -> Sheet:
    sheet = workbook.get_sheet_by_index(number - 1)
    merged = sheet.merged_cell_ranges
    ranges = (
        None
        if merged is None
        else tuple(MergedRange(first[0], first[1], last[0], last[1]) for first, last in merged)
    )
    is_hidden = metadata.visible != SheetVisibleEnum.Visible
    return Sheet(number, sheet.name, _rows_of(sheet), ranges, is_hidden)


def _rows_of(sheet: CalamineSheet) -> list[list[Cell]]:
    if sheet.total_height <= _TALL_ROWS:
        return sheet.to_python(skip_empty_area=False)
    left: list[Cell] = [""] * (sheet.start[1] if sheet.start else 0)
    blank: list[Cell] = [""] * (len(left) + sheet.width)
    return [blank if row.count("") == len(row) else [*left, *row] for row in sheet.iter_rows()]
