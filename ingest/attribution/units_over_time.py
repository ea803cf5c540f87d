"""Which unit a name meant in a half-year: units merge, and a district and a commune may share a name."""

from operator import attrgetter

from ingest.contracts.reference import UPPER_LEVELS, Period, Reference, Unit
from ingest.contracts.verdicts import Reason, ReasonCode
from ingest.text.printing import day_vi


def reporting_units(keys: frozenset[str], period: Period, reference: Reference) -> frozenset[str]:
    """Keep the units that existed in a period; of two under one name, the one that was there at its end."""
    existed = frozenset(key for key in keys if reference.units[key].is_valid_in(period))
    at_the_end = frozenset(key for key in existed if reference.units[key].valid_to >= period.period_end)
    return at_the_end or existed


def at_that_time(keys: frozenset[str], period: Period, reference: Reference) -> frozenset[str]:
    """Of a name that a district and a commune share, keep the district as long as there was one."""
    upper = frozenset(key for key in keys if reference.units[key].unit_level in UPPER_LEVELS)
    if not upper or upper == keys:
        return keys
    existed = any(reference.units[key].valid_to >= period.period_end for key in upper)
    return upper if existed else keys - upper


def named_part(
    left: frozenset[str], keys: frozenset[str], period: Period, reference: Reference
) -> frozenset[str]:
    """Give the old unit that a place names beside the merged one: *Xã Ea Na (Ea Bông cũ)*."""
    if not left & keys:
        return frozenset()
    parts = (
        frozenset().union(*(may_be_signed_by(key, period, reference) for key in left | keys)) & keys - left
    )
    return parts if len(parts) == 1 else frozenset()


def old_or_new(
    left: frozenset[str], keys: frozenset[str], period: Period, reference: Reference
) -> frozenset[str]:
    """Read a later place as naming the old unit, or the new one, of a return signed after a merger."""
    narrowed = frozenset().union(*(may_be_signed_by(key, period, reference) for key in left)) & keys
    widened = frozenset().union(*(may_be_signed_by(key, period, reference) for key in keys)) & left
    return narrowed or widened


def not_there(keys: frozenset[str], period: Period, reference: Reference) -> Reason:
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


def may_be_signed_by(unit_key: str, period: Period, reference: Reference) -> frozenset[str]:
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
