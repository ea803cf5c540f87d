"""A neutral sheet: cells, merges and looks, not yet in any program's format.

Rows and columns count from 0 here, as the writing libraries want them; numbers that are told to people count
from 1.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

CellValue = str | int | float | date


class Look(StrEnum):
    """How a cell is dressed; writers map each look to one cell format."""

    PLAIN = "plain"
    BODY = "body"
    MONEY = "money"
    DATE = "date"
    HEADER = "header"
    TITLE = "title"
    BOLD = "bold"
    ITALIC = "italic"


@dataclass(frozen=True)
class Cell:
    """A filled cell."""

    row: int
    column: int
    value: CellValue
    look: Look


@dataclass(frozen=True)
class Merge:
    """A merged rectangle; all four bounds belong to it."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


@dataclass(frozen=True)
class Sheet:
    """A finished sheet; cells are in the order of rows, then columns."""

    name: str
    cells: tuple[Cell, ...]
    merges: tuple[Merge, ...]
    widths: tuple[int, ...]

    def grid(self) -> list[list[Cell | None]]:
        """The cells as a full rectangle of rows by columns, None where nothing stands."""
        height = max(cell.row for cell in self.cells) + 1
        width = (
            max(max(cell.column for cell in self.cells), *(merge.last_column for merge in self.merges)) + 1
        )
        rows: list[list[Cell | None]] = [[None] * width for _ in range(height)]
        for cell in self.cells:
            rows[cell.row][cell.column] = cell
        return rows


@dataclass
class Canvas:
    """A sheet while it is drawn."""

    name: str
    widths: tuple[int, ...]
    cells: list[Cell] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)

    def put(self, row: int, column: int, value: CellValue | None, look: Look = Look.PLAIN) -> None:
        """Fill one cell; nothing and the empty text leave it empty."""
        if value is not None and value != "":
            self.cells.append(Cell(row, column, value, look))

    def spread(self, row: int, columns: tuple[int, int], value: CellValue, look: Look, rows: int = 1) -> None:
        """Fill the first cell of a rectangle and merge the rectangle when it has more than one cell.

        Args:
            row: its first row.
            columns: its first and last column.
            value: what it shows.
            look: how it looks.
            rows: how many rows high it is.
        """
        first, last = columns
        self.put(row, first, value, look)
        if last > first or rows > 1:
            self.merges.append(Merge(row, first, row + rows - 1, last))

    def finish(self) -> Sheet:
        """The finished sheet."""
        cells = tuple(sorted(self.cells, key=lambda cell: (cell.row, cell.column)))
        return Sheet(self.name, cells, tuple(self.merges), self.widths)
