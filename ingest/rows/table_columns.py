"""Where the fields of a form stand on a sheet, and which rows are surely rows of it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter

from ingest.contracts.forms import FormContract
from ingest.rows.examples import MAY_MARK_EXAMPLE, is_example, is_example_mark
from ingest.rows.filled_cells import DIGIT
from ingest.text.cells import Cell

_BLANK_AMONG_TEXTS = re.compile(r"\0\s*\0")


@dataclass(frozen=True, slots=True)
class TableColumns:
    """Where the fields of a form stand on a sheet.

    Attributes:
        numbering: column that counts rows, if there is one.
        required: positions of required fields.
        wordy: positions of required fields that a total never fills: dates and text.
        typed: positions of required fields whose values hold a digit: dates and numbers.
        known: positions of all fields.
        may_be_grouped: rows may stand under headings of villages; not where each row names a unit of its own.
    """

    numbering: int | None
    required: tuple[int, ...]
    wordy: tuple[int, ...]
    typed: tuple[int, ...]
    known: tuple[int, ...]
    may_be_grouped: bool = True

    def are_surely_body(self, rows: Sequence[Sequence[Cell]]) -> list[bool]:
        """Tell for n rows whether all required cells are filled, and the first date or number holds a digit.

        No total, heading or row of signatures is like that. Going down the columns, where most values come again, is
        the fast way.
        """
        if len(self.wordy) < 2 or not self.typed:
            return [False] * len(rows)
        are_sure = self._are_no_examples(rows)
        for index in self.required:
            column = list(map(itemgetter(index), rows))
            if (index != self.typed[0] and _are_filled_texts(column)) or str not in set(map(type, column)):
                continue
            spoiling = {
                cell
                for cell in set(column)
                if isinstance(cell, str)
                and (not cell or cell.isspace() or (index == self.typed[0] and not DIGIT.search(cell)))
            }
            if spoiling:
                are_sure = [
                    is_sure and cell not in spoiling for is_sure, cell in zip(are_sure, column, strict=True)
                ]
        return are_sure

    def _are_no_examples(self, rows: Sequence[Sequence[Cell]]) -> list[bool]:
        """Tell of rows whether nothing calls them an example: in the columns they begin with, in the last and beyond."""
        first, last = min(self.known), max(self.known)
        leading = {first if self.numbering is None else min(self.numbering, first), first}
        are_none = [True] * len(rows)
        for index in leading | set(range(last, len(rows[0]) if rows else 0)):
            column = list(map(itemgetter(index), rows))
            if not MAY_MARK_EXAMPLE.search(_texts_in_one(column)):
                continue  # one look at a whole column: most have nothing like it
            reads = is_example if index in leading else is_example_mark
            marks = set(filter(reads, column))
            are_none = [
                is_none and row[index] not in marks for is_none, row in zip(are_none, rows, strict=True)
            ]
        return are_none

    def holds_digits(self, row: Sequence[Cell]) -> bool:
        """Whether any required date or number is there."""
        return any(not isinstance(row[i], str) or DIGIT.search(str(row[i])) for i in self.typed)

    @classmethod
    def of(cls, form: FormContract, indexes: dict[str, int], numbering: int | None) -> "TableColumns":
        """Make it from a form and the column index of each field that was found."""
        required = [field for field in form.required_fields if field.name in indexes]
        return cls(
            numbering=numbering,
            required=tuple(indexes[field.name] for field in required),
            wordy=tuple(indexes[field.name] for field in required if field.type not in ("integer", "number")),
            typed=tuple(indexes[field.name] for field in required if field.type not in ("string", "boolean")),
            known=tuple(indexes.values()),
            may_be_grouped=form.attributed_by == "file",
        )


def _texts_in_one(column: Sequence[Cell]) -> str:
    """Give the texts of cells as one, each behind a NUL."""
    try:
        return "\0".join(("", *column))  # type: ignore[arg-type]
    except TypeError:
        return "\0".join(("", *(cell for cell in column if isinstance(cell, str))))


def _are_filled_texts(column: Sequence[Cell]) -> bool:
    """Whether cells are all texts and none of them is blank, by one look; False where that look does not tell."""
    try:
        return not _BLANK_AMONG_TEXTS.search("\0".join(("", *column, "")))  # type: ignore[arg-type]
    except TypeError:
        return False
