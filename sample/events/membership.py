"""Who joined, moved, left or died: the rows of Biểu 01 over all half-years of a unit.

Members who leave are mostly women who were members before 2018 and now and then someone who joined in an
earlier half-year, so that a member can be followed from one return to another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from random import Random

from sample.events.people import Origin, Person, person
from sample.events.records import MemberChange
from sample.figures import joined, stream
from sample.halfyears import HALF_YEARS, HalfYear, half_year_of
from sample.units import Unit

# The last days of a half-year are for writing the return; nothing that it reports happens then.
WRITING_DAYS = 6
_APOSTROPHES = {
    "U24538": "'",
    "U24556": "’",
    "U24559": "‘",
    "U24565": "'",
    "U24568": "`",
    "U24571": "ʼ",
    "U24574": "",
    "U24577": "'",
    "U655_CA": "’",
}


def day_within(random: Random, half_year: HalfYear) -> date:
    """A day of the half-year before the days in which the return is written."""
    span = (half_year.ends_on - half_year.starts_on).days - WRITING_DAYS
    return half_year.starts_on + timedelta(days=random.randint(0, span))


def member_changes(unit: Unit) -> Mapping[HalfYear, tuple[MemberChange, ...]]:
    """The membership changes of a unit by half-year, in the order of their days within each kind of change."""
    earlier: list[Person] = []
    changes: dict[HalfYear, tuple[MemberChange, ...]] = {}
    for half_year in HALF_YEARS:
        random = stream("members", unit.key, half_year.code)
        size = unit.opening_members
        newcomers = joined(unit, half_year)
        counts = {
            "joined": newcomers,
            "moved_in": _about(random, newcomers * 0.12),
            "moved_out": _about(random, newcomers * 0.16),
            "left": _about(random, newcomers * 0.22),
            "died": _about(random, size * 0.0035),
        }
        rows: list[MemberChange] = []
        for change_type, count in counts.items():
            days = sorted(day_within(random, half_year) for _ in range(count))
            for day in days:
                woman = _woman(random, unit, change_type, day, earlier)
                rows.append(
                    MemberChange(
                        person=woman,
                        change_type=change_type,
                        changed_on=day,
                        is_core=random.random() < 0.12,
                        is_party_member=random.random() < (0.6 if unit.is_police else 0.06),
                        note="Chuyển theo gia đình"
                        if change_type == "moved_out" and random.random() < 0.3
                        else None,
                    )
                )
        earlier.extend(row.person for row in rows if row.change_type == "joined")
        changes[half_year] = tuple(rows)
    return changes


def _woman(random: Random, unit: Unit, change_type: str, day: date, earlier: list[Person]) -> Person:
    if change_type in ("moved_out", "left") and earlier and random.random() < 0.25:
        return earlier.pop(random.randrange(len(earlier)))
    ages = {"joined": (18, 42), "died": (55, 88)}.get(change_type, (20, 58))
    # Citizen IDs of twelve digits spread slowly before 2021 and fast after.
    id_share = min(0.9, 0.15 + 0.07 * HALF_YEARS.index(half_year_of(day))) if change_type != "died" else 0.1
    woman = person(
        random,
        Origin(
            random.choice(unit.villages),
            unit.minority_share,
            _APOSTROPHES[unit.key],
            is_police=unit.is_police,
        ),
        on=day,
        ages=(22, 50) if unit.is_police else ages,
        id_share=id_share,
    )
    return replace(woman, occupation="Hưu trí") if change_type == "died" and woman.occupation else woman


def _about(random: Random, expected: float) -> int:
    whole = int(expected)
    return whole + (1 if random.random() < expected - whole else 0)
