"""Whose return it is, and for which half-year.

Evidence comes in the order of its weight: title block, file name, folder; each piece remembers where it was read, so that
the decision can say why. Evidence that contradicts is a refusal that names both places. Nothing here reads files or clocks.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ingest.attribution.evidence.sources import Evidence
from ingest.attribution.evidence.strange_places import strange_places
from ingest.attribution.evidence.unit_names import are_lower, are_upper, units_named
from ingest.attribution.units_over_time import (
    at_that_time,
    may_be_signed_by,
    named_part,
    not_there,
    old_or_new,
    reporting_units,
)
from ingest.contracts.reference import Period, Reference
from ingest.contracts.verdicts import Reason, ReasonCode


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
    keys = at_that_time(units_named(text, reference), period, reference)
    if are_lower(keys, reference):
        meant = reporting_units(keys, period, reference) or keys
        signed = frozenset().union(*(may_be_signed_by(key, period, reference) for key in keys))
        is_own = unit_key in meant | signed or not meant.isdisjoint(reference.predecessors(unit_key))
        return None if is_own else text.strip()
    return next(iter(strange_places(text, reference)), None)


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
    left, decided_by, contradicted_by = _settle_unit(evidence, period, reference)
    if contradicted_by is not None:
        return None, None, Reason.of(ReasonCode.UNIT_CONTRADICTED, first=decided_by, second=contradicted_by)
    if decided_by is None or are_upper(left, reference):
        return None, None, Reason.of(ReasonCode.UNIT_UNKNOWN)
    reporting = reporting_units(left, period, reference)
    names = ", ".join(sorted(reference.units[key].unit_name for key in left))
    if not reporting:
        reporting = frozenset().union(*(may_be_signed_by(key, period, reference) for key in left))
        names = ", ".join(sorted(reference.units[key].unit_name for key in reporting)) or names
    if not reporting:
        return None, None, not_there(left, period, reference)
    if len(reporting) > 1:
        return None, None, Reason.of(ReasonCode.UNIT_AMBIGUOUS, candidates=names)
    return min(reporting), decided_by, None


def _settle_unit(
    evidence: Sequence[Evidence], period: Period, reference: Reference
) -> tuple[frozenset[str], str | None, str | None]:
    """Narrow the units that places name, in order; gives them, what decided, and the place that contradicts it."""
    left: frozenset[str] = frozenset()
    decided_by: str | None = None
    for place in evidence:
        keys = at_that_time(place.unit_keys, period, reference)
        if not keys or (decided_by is not None and are_upper(keys, reference)):
            continue
        if decided_by is None or are_upper(left, reference):
            left, decided_by = keys, place.source
        elif part := named_part(left, keys, period, reference):
            left, decided_by = part, f"{place.source}; {decided_by}"
        elif left & keys:
            left = left & keys
        elif refined := old_or_new(left, keys, period, reference):
            left, decided_by = refined, f"{place.source}; {decided_by}"
        else:
            return left, decided_by, place.source
    return left, decided_by, None
