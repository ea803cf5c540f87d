"""Whose return it is, and for which half-year.

Evidence is read from the title block, the file's name and the folder, in that order; each piece remembers where it was
read, so that the decision can say why. Evidence that contradicts is a refusal that names both places. Nothing here
reads files or clocks.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from operator import attrgetter
from pathlib import PurePosixPath

from ingest.contracts.reference import UPPER_LEVELS, Period, Reference, Unit
from ingest.contracts.verdicts import Reason, ReasonCode
from ingest.submissions.period_spellings import read_period
from ingest.submissions.strange_places import strange_places
from ingest.tables.results import TitleText
from ingest.text.folding import words
from ingest.text.printing import day_vi

_PART = re.compile(r"[()\[\]]|\s[-–—]\s")
_GLUED_BEFORE = re.compile(r"(?:bc|baocao|bieu|bm|hoi|hoilhpn|hlhpn|lhpn|hpn|pn|bch|xa|x|tt|thitran)+")
_LEVEL_WORDS = {
    ("huyen",): frozenset({"district"}),
    ("h",): frozenset({"district"}),
    ("xa",): frozenset({"commune"}),
    ("x",): frozenset({"commune"}),
    ("thi", "tran"): frozenset({"township"}),
    ("tt",): frozenset({"township"}),
    ("tinh",): frozenset({"province"}),
}
_LONGEST_NAME = 8
_MOST_REMEMBERED_TEXTS = 4096  # the same few titles stand on most sheets
_LEVEL_BEFORE = frozenset({"xa", "tt", "tran"})
_BEFORE_A_NAME = _LEVEL_BEFORE | frozenset(
    [
        "i",
        "ii",
        "iii",
        "iv",
        "v",
        "vi",
        "vii",
        "viii",
        "ix",
        "x",
        "bch",
        "ban",
        "chap",
        "hanh",
        "hoi",
        "lhpn",
        "lien",
        "hiep",
        "phu",
        "nu",
        "pn",
        "don",
        "vi",
        "thi",
        "cua",
    ]
)

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


@dataclass(frozen=True, slots=True)
class Attribution:
    """The decision, or the reason why there is none.

    Attributes:
        unit_decided_by, period_decided_by: the places that decided.
    """

    unit_key: str | None
    unit_decided_by: str | None
    period_code: str | None
    period_decided_by: str | None
    reason: Reason | None


NOT_ATTRIBUTED = Attribution(None, None, None, None, None)


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
            f"tiêu đề {title.place} ghi “{title.text}”", *saying, is_title=True, sheet_name=title.sheet_name
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


def attribute(evidence: Sequence[Evidence], reference: Reference) -> Attribution:
    """Decide unit and period from evidence in order of weight."""
    if (reason := found_elsewhere(evidence, reference)) is not None:
        return Attribution(None, None, None, None, reason)
    period, period_source, reason = _decide_period(evidence, reference)
    if reason or period is None:
        return Attribution(None, None, None, None, reason)
    unit_key, unit_source, reason = _decide_unit(evidence, period, reference)
    if reason or unit_key is None:
        return Attribution(None, None, period.period_code, period_source, reason)
    return Attribution(unit_key, unit_source, period.period_code, period_source, None)


def found_elsewhere(evidence: Sequence[Evidence], reference: Reference) -> Reason | None:
    """Give the reason for refusing what names a district or commune that is none of ours."""
    for place in evidence:
        if place.elsewhere is not None:
            return Reason.of(
                ReasonCode.UNIT_ELSEWHERE, place=place.source, name=place.elsewhere, area=reference.area
            )
    return None


def other_unit(text: str, unit_key: str, period: Period, reference: Reference) -> str | None:
    """Give what a cell or heading names when that is another unit than one, or than what that was or will be part of."""
    keys = _at_that_time(units_named(text, reference), period, reference)
    if _are_lower(keys, reference):
        meant = _reporting(keys, period, reference) or keys
        signed = frozenset().union(*(_signed_by(key, period, reference) for key in keys))
        is_own = unit_key in meant | signed or not meant.isdisjoint(reference.predecessors(unit_key))
        return None if is_own else text.strip()
    return next(iter(strange_places(text, reference)), None)


def units_named(text: str, reference: Reference) -> frozenset[str]:
    """Give the units that a cell or heading names.

    A name must be all that there is, or stand after *xã* or *thị trấn*: the village *Buôn Ea Na* is no commune.
    """
    parts = words(text)
    bare = parts
    while bare and bare[0] in _BEFORE_A_NAME:
        bare = bare[1:]
    keys = reference.spellings.get("".join(parts)) or reference.spellings.get("".join(bare)) or frozenset()
    return keys or (_read_unit(parts, reference) if _LEVEL_BEFORE.intersection(parts) else frozenset())


def names_lower_unit(text: str, reference: Reference) -> bool:
    """Whether a text names a commune or another unit that reports."""
    return _are_lower(units_named(text, reference) or _read_unit(words(text), reference), reference)


def names_upper_unit(text: str, reference: Reference) -> bool:
    """Whether a text names a district or province, and nothing that reports."""
    return _are_upper(units_named(text, reference) or _read_unit(words(text), reference), reference)


@lru_cache(_MOST_REMEMBERED_TEXTS)
def _read_text(text: str, reference: Reference, *, is_path: bool = False) -> tuple[_Saying, ...]:
    """Give what a text says; its parts one by one when several name units: *Xã Ea Na (Ea Bông cũ)*."""
    parts = words(text)
    years, halves = read_period(" ".join(parts), reference)
    named = [_read_unit(words(part), reference) for part in _PART.split(text)]
    named = [keys for keys in named if _are_lower(keys, reference)]
    if len(named) < 2:
        named = [_read_unit(parts, reference)]
    elsewhere = next(iter(strange_places(text, reference, is_path=is_path)), None)
    return tuple((keys, years, halves, elsewhere) for keys in named)


def _read_unit(parts: Sequence[str], reference: Reference) -> frozenset[str]:
    """Find the lowest units that a text names; a longer name hides a shorter one inside it.

    A name that a district and a commune share (*Krông Ana*) stands for both until the period is known.
    """
    named: list[frozenset[str]] = []
    start = 0
    while start < len(parts):
        for length in range(min(_LONGEST_NAME, len(parts) - start), 0, -1):
            keys = reference.spellings.get("".join(parts[start : start + length]))
            if keys:
                named.append(_of_level(keys, parts[:start], reference))
                start += length - 1
                break
        start += 1
    if not named:
        named = [keys for part in parts if (keys := _glued(part, reference))]
    lower = [keys for keys in named if _are_lower(keys, reference)]
    shared = [keys for keys in named if not _are_upper(keys, reference)]
    return frozenset().union(*(lower or shared or named))


def _glued(word: str, reference: Reference) -> frozenset[str]:
    """Give the units of a name that is typed in one word with what stands before it: ``hoilhpnxaeabong``."""
    for length in range(len(word) - 1, 3, -1):
        keys = reference.spellings.get(word[-length:])
        if keys and _GLUED_BEFORE.fullmatch(word[:-length]):
            return keys
    return frozenset()


def _of_level(keys: frozenset[str], before: Sequence[str], reference: Reference) -> frozenset[str]:
    """Keep the units of the level that the words before a name tell: *huyện* Krông Ana is not *xã* Krông Ana."""
    for level_words, levels in _LEVEL_WORDS.items():
        if tuple(before[-len(level_words) :]) == level_words:
            return frozenset(key for key in keys if reference.units[key].unit_level in levels) or keys
    return keys


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

    if any(_are_lower(place.unit_keys, reference) for place in places):
        return [
            place if _are_lower(place.unit_keys, reference) else replace(place, unit_keys=frozenset())
            for place in places
        ]
    return list(places)


def _decide_period(
    evidence: Sequence[Evidence], reference: Reference
) -> tuple[Period | None, str | None, Reason | None]:
    years, year_place, contradicted = _settle([(place, place.years) for place in evidence])
    if contradicted:
        return None, None, _two_periods(*contradicted)
    halves, half_place, contradicted = _settle([(place, place.halves) for place in evidence])
    if contradicted:
        return None, None, _two_periods(*contradicted)
    period = (
        reference.periods.get(f"{min(years)}H{min(halves)}") if len(years) == 1 and len(halves) == 1 else None
    )
    if period is None or half_place is None or year_place is None:
        return None, None, Reason.of(ReasonCode.PERIOD_UNKNOWN)
    sources = dict.fromkeys((half_place.source, year_place.source))
    return period, "; ".join(sources), None


def _two_periods(first: Evidence, second: Evidence) -> Reason:
    """Say that two places contradict each other: a sheet left over from another half-year, or one return that does."""
    are_two_sheets = None not in (sheets := {first.sheet_name, second.sheet_name}) and len(sheets) > 1
    code = ReasonCode.SHEET_OF_OTHER_PERIOD if are_two_sheets else ReasonCode.PERIOD_CONTRADICTED
    return Reason.of(code, first=first.source, second=second.source)


def _settle(
    said: Sequence[tuple[Evidence, frozenset[int]]],
) -> tuple[frozenset[int], Evidence | None, tuple[Evidence, Evidence] | None]:
    """Narrow what places say, in order; a place that excludes all that was left contradicts the one that decided."""
    left: frozenset[int] = frozenset()
    decided_by: Evidence | None = None
    for place, values in said:
        if not values:
            continue
        if decided_by is None:
            left, decided_by = values, place
        elif left & values:
            left = left & values
        else:
            return left, decided_by, (decided_by, place)
    return left, decided_by, None


def _decide_unit(
    evidence: Sequence[Evidence], period: Period, reference: Reference
) -> tuple[str | None, str | None, Reason | None]:
    left: frozenset[str] = frozenset()
    decided_by: str | None = None
    for place in evidence:
        keys = _at_that_time(place.unit_keys, period, reference)
        if not keys or (decided_by is not None and _are_upper(keys, reference)):
            continue
        if decided_by is None or _are_upper(left, reference):
            left, decided_by = keys, place.source
        elif part := _named_part(left, keys, period, reference):
            left, decided_by = part, f"{place.source}; {decided_by}"
        elif left & keys:
            left = left & keys
        elif refined := _refine(left, keys, period, reference):
            left, decided_by = refined, f"{place.source}; {decided_by}"
        else:
            return None, None, Reason.of(ReasonCode.UNIT_CONTRADICTED, first=decided_by, second=place.source)
    if decided_by is None or _are_upper(left, reference):
        return None, None, Reason.of(ReasonCode.UNIT_UNKNOWN)
    reporting = _reporting(left, period, reference)
    names = ", ".join(sorted(reference.units[key].unit_name for key in left))
    if not reporting:
        reporting = frozenset().union(*(_signed_by(key, period, reference) for key in left))
        names = ", ".join(sorted(reference.units[key].unit_name for key in reporting)) or names
    if not reporting:
        return None, None, _not_there(left, period, reference)
    if len(reporting) > 1:
        return None, None, Reason.of(ReasonCode.UNIT_AMBIGUOUS, candidates=names)
    return min(reporting), decided_by, None


def _not_there(keys: frozenset[str], period: Period, reference: Reference) -> Reason:
    """Say that a unit did not exist in a period; of one that was merged by then, when, and into which."""
    names = ", ".join(sorted(reference.units[key].name_in_sentence for key in keys))
    mergers = [
        merger
        for merger in reference.mergers
        if merger.old_unit_key in keys and merger.effective_date <= period.period_end
    ]
    if len(keys) != 1 or not mergers:
        return Reason.of(ReasonCode.UNIT_NOT_IN_PERIOD, unit=names, period=period.label)
    merger = min(mergers, key=attrgetter("effective_date"))
    old, new = reference.units[merger.old_unit_key], reference.units[merger.new_unit_key]
    return Reason.of(
        ReasonCode.UNIT_MERGED,
        day=day_vi(merger.effective_date),
        unit=old.name_in_sentence,
        successor=new.name_in_sentence + (" (mới)" if _is_name_kept(new, reference) else ""),
        period=period.label,
    )


def _is_name_kept(unit: Unit, reference: Reference) -> bool:
    """Whether a unit is called as one of those that it was made of."""
    return any(
        reference.units[key].unit_name == unit.unit_name for key in reference.predecessors(unit.unit_key)
    )


def _reporting(keys: frozenset[str], period: Period, reference: Reference) -> frozenset[str]:
    """Keep the units that existed in a period; of two under one name, the one that was there at its end."""
    existed = frozenset(key for key in keys if reference.units[key].is_valid_in(period))
    at_the_end = frozenset(key for key in existed if reference.units[key].valid_to >= period.period_end)
    return at_the_end or existed


def _at_that_time(keys: frozenset[str], period: Period, reference: Reference) -> frozenset[str]:
    """Of a name that a district and a commune share, keep the district as long as there was one."""
    upper = frozenset(key for key in keys if reference.units[key].unit_level in UPPER_LEVELS)
    if not upper or upper == keys:
        return keys
    existed = any(reference.units[key].valid_to >= period.period_end for key in upper)
    return upper if existed else keys - upper


def _are_lower(keys: frozenset[str], reference: Reference) -> bool:
    return bool(keys) and not any(reference.units[key].unit_level in UPPER_LEVELS for key in keys)


def _are_upper(keys: frozenset[str], reference: Reference) -> bool:
    return bool(keys) and all(reference.units[key].unit_level in UPPER_LEVELS for key in keys)


def _named_part(
    left: frozenset[str], keys: frozenset[str], period: Period, reference: Reference
) -> frozenset[str]:
    """Give the old unit that a place names beside the merged one: *Xã Ea Na (Ea Bông cũ)*."""
    if not left & keys:
        return frozenset()
    parts = frozenset().union(*(_signed_by(key, period, reference) for key in left | keys)) & keys - left
    return parts if len(parts) == 1 else frozenset()


def _refine(
    left: frozenset[str], keys: frozenset[str], period: Period, reference: Reference
) -> frozenset[str]:
    """Read a later place as naming the old unit, or the new one, of a return signed after a merger."""
    narrowed = frozenset().union(*(_signed_by(key, period, reference) for key in left)) & keys
    widened = frozenset().union(*(_signed_by(key, period, reference) for key in keys)) & left
    return narrowed or widened


def _signed_by(unit_key: str, period: Period, reference: Reference) -> frozenset[str]:
    """Give the old units whose last return a merged unit may have signed: that of the half-year before the merger."""
    return frozenset(
        merger.old_unit_key
        for merger in reference.mergers
        if merger.new_unit_key == unit_key
        and period.period_end < merger.effective_date
        and not any(
            period.period_end < other.period_end < merger.effective_date
            for other in reference.periods.values()
        )
    )
