"""What title block, file name and folder say of unit and half-year, each piece with the place where it was read."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import PurePosixPath

from ingest.attribution.evidence.period_spellings import read_period
from ingest.attribution.evidence.strange_places import strange_places
from ingest.attribution.evidence.unit_names import are_lower, lowest_units_named
from ingest.contracts.reference import Reference
from ingest.tables.results import TitleText
from ingest.text.folding import words

_PART = re.compile(r"[()\[\]]|\s[-–—]\s")
_MOST_REMEMBERED_TEXTS = 4096  # the same few titles stand on most sheets
_Saying = tuple[frozenset[str], frozenset[int], frozenset[int], str | None]
"""Units, years and halves that a text names, and a place that is none of ours."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one place says.

    Attributes:
        source: where it was read, in Vietnamese, for the person who must act on it.
        unit_keys: units that the place may mean; empty when it names none.
        years, halves: what it says of the period; either may be missing.
        elsewhere: a place that it names and that is none of ours; whatever else is said, it decides.
        is_title: it stands in a title block.
        sheet_name: the sheet of that title block, where a file has titles on several.
    """

    source: str
    unit_keys: frozenset[str]
    years: frozenset[int]
    halves: frozenset[int]
    elsewhere: str | None = None
    is_title: bool = False
    sheet_name: str | None = None


def gather_evidence(titles: Sequence[TitleText], relative_path: str, reference: Reference) -> list[Evidence]:
    """Read what title block, file name and folder say, in that order of weight.

    Args:
        titles: texts above the tables, of all sheets.
        relative_path: path in the inbox, with ``/``.
    """
    path = PurePosixPath(relative_path)
    said = {text: _read_text(text, reference) for text in {title.text for title in titles}}
    in_titles = [
        Evidence(
            f"phần đầu biểu ({title.place}) ghi “{title.text}”",
            *saying,
            is_title=True,
            sheet_name=title.sheet_name,
        )
        for title in titles
        for saying in said[title.text]
    ]
    in_titles = _lowest_level_only(_without_stray_years(in_titles), reference)
    in_path = [(f"tên tệp là “{path.name}”", path.stem)]
    in_path += [(f"thư mục là “{name}”", _folder_name(name)) for name in reversed(path.parts[:-1])]
    return [
        *in_titles,
        *(
            Evidence(source, *saying)
            for source, text in in_path
            for saying in _read_text(text, reference, is_path=True)
        ),
    ]


def _folder_name(name: str) -> str:
    """Give what a folder says, which may be an archive: the ending of its name says nothing."""
    return name[: -len(".zip")] if name.lower().endswith(".zip") else name


@lru_cache(_MOST_REMEMBERED_TEXTS)
def _read_text(text: str, reference: Reference, *, is_path: bool = False) -> tuple[_Saying, ...]:
    """Give what a text says; its parts one by one when several name units: *Xã Ea Na (Ea Bông cũ)*."""
    parts = words(text)
    years, halves = read_period(" ".join(parts), reference)
    named = [lowest_units_named(words(part), reference) for part in _PART.split(text)]
    named = [keys for keys in named if are_lower(keys, reference)]
    if len(named) < 2:
        named = [lowest_units_named(parts, reference)]
    elsewhere = next(iter(strange_places(text, reference, is_path=is_path)), None)
    return tuple((keys, years, halves, elsewhere) for keys in named)


def _without_stray_years(places: Sequence[Evidence]) -> list[Evidence]:
    """Drop the year of a plan or a decision that a title block cites when the block names the half-year itself."""
    if any(place.halves and place.years for place in places):
        return [
            place if place.halves else replace(place, years=frozenset(), halves=frozenset())
            for place in places
        ]
    return list(places)


def _lowest_level_only(places: Sequence[Evidence], reference: Reference) -> list[Evidence]:
    """Drop the upper union that heads every title block when a lower one is named as well."""

    if any(are_lower(place.unit_keys, reference) for place in places):
        return [
            place if are_lower(place.unit_keys, reference) else replace(place, unit_keys=frozenset())
            for place in places
        ]
    return list(places)
