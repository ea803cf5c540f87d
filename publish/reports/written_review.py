"""A written review before it is a file: its sentences, tables and charts, the same for Word, Excel and the page."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

# what XML 1.0 has no place for: Word refuses a document with one of them, and nobody sees them in a name
_UNPRINTABLE = re.compile("(?:\\s*[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff])+\\s*")


class CellKind(StrEnum):
    """What a column of a table holds, which decides how it is printed and what Excel takes it for."""

    TEXT = "text"
    NUMBER = "number"
    CHANGE = "change"
    PERCENTAGE = "percentage"
    DAY = "day"


FIGURES = frozenset({CellKind.NUMBER, CellKind.CHANGE, CellKind.PERCENTAGE})


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its heading and what it holds."""

    heading: str
    kind: CellKind = CellKind.TEXT


@dataclass(frozen=True, slots=True)
class ReviewTable:
    """A table of an annex.

    What branches have typed comes into a review by its tables alone: control characters in it become a space here, so that
    every kind of file can hold it.

    Attributes:
        title: stands above it.
        columns, rows: a row has a cell for each column; None is not reported, or nothing to say.
        note: stands below it; empty for none.
    """

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]
    note: str = ""

    def __post_init__(self) -> None:
        rows = tuple(tuple(_printable(cell) for cell in row) for row in self.rows)
        object.__setattr__(self, "rows", rows)


@dataclass(frozen=True, slots=True)
class ReviewChart:
    """A chart: what it shows in a line, what it says in words for who does not see it, and its Vega-Lite specification."""

    title: str
    alt_text: str
    specification: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ReviewSection:
    """A part of the text.

    Attributes:
        name: what a template calls it.
        heading: as it stands in a page.
        sentences: each a paragraph.
        gaps: what only a person can write, as it is asked of her.
    """

    name: str
    heading: str
    sentences: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WrittenReview:
    """A review as it is told.

    Attributes:
        template: name of the Word template without its layout: ``half_year`` or ``programme``.
        name: of its files, without ending.
        title, subtitle: as on the first page.
        words: what templates fill in beside the sections: bodies, place, period.
        sections, tables, charts: in their order.
        sources: the rows that the figures come from, for Excel; None where the review has none of its own.
        edition_id, as_of: the edition and what it knows up to.
    """

    template: str
    name: str
    title: str
    subtitle: str
    words: dict[str, str]
    sections: tuple[ReviewSection, ...]
    tables: tuple[ReviewTable, ...]
    charts: tuple[ReviewChart, ...]
    sources: ReviewTable | None
    edition_id: str
    as_of: datetime

    def section(self, name: str) -> ReviewSection:
        """Give a section by the name that templates know it by."""
        return next(section for section in self.sections if section.name == name)


def _printable(cell: Any) -> Any:
    return _UNPRINTABLE.sub(" ", cell) if isinstance(cell, str) else cell
