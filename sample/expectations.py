"""What the corpus must add up to, counted from the plan's own records and not from any file.

The definitions repeat those of the published indicators on purpose: a second count, made another way, is what
tells whether the warehouse's count is right.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain

from sample.events.activity_log import event_key, reported_keys
from sample.events.records import (
    Activity,
    Award,
    Club,
    LogEvent,
    MemberChange,
    ProtectionCase,
    Record,
    Return,
    Support,
    Training,
)
from sample.halfyears import HALF_YEARS, HalfYear, half_year_of
from sample.units import DISTRICT_KEY, UNITS

LOANS = frozenset({"revolving_loan", "entrusted_bank_loan"})
_LEAVING = frozenset({"moved_out", "left", "died"})


@dataclass(frozen=True)
class Figures:
    """Indicator values of one unit (or the district) in one half-year, by indicator code."""

    unit_key: str
    half_year: HalfYear
    values: Mapping[str, Decimal]


def expected_figures(counting: Sequence[Return], events: Iterable[LogEvent]) -> tuple[Figures, ...]:
    """Every unit's and the district's figures by half-year.

    Args:
        counting: the returns that count, one a unit and half-year.
        events: the events of the log, each once.

    Returns:
        A unit that sent no return has only the figures its log events give. An activity that a return reports too
        is counted with the return's figures.
    """
    returned = {(made.unit.key, made.half_year): made for made in counting}
    logged = _logged_activities(events, reported_keys(counting))
    figures: list[Figures] = []
    closing = {unit.key: unit.opening_members for unit in UNITS}
    for period in HALF_YEARS:
        district: dict[str, Decimal] = defaultdict(Decimal)
        for unit in UNITS:
            made = returned.get((unit.key, period))
            values: dict[str, Decimal] = defaultdict(Decimal)
            if made is not None:
                for record in chain.from_iterable(map(made.good, made.entries)):
                    _count(record, values)
                closing[unit.key] += int(
                    values["new_members"] + values["members_moved_in"] - values["members_left"]
                )
                values["members_closing"] = Decimal(closing[unit.key])
            for activity in logged[unit.key, period]:
                _count(activity, values)
            figures.append(Figures(unit.key, period, dict(values)))
            for code, value in values.items():
                district[code] += value
        if any((unit.key, period) not in returned for unit in UNITS):
            # How many members the district has is not known when a unit has not reported.
            del district["members_closing"]
        figures.append(Figures(DISTRICT_KEY, period, dict(district)))
    return tuple(figures)


def _logged_activities(
    events: Iterable[LogEvent], reported: Container[object]
) -> Mapping[tuple[str, HalfYear], Sequence[Activity]]:
    """The events that no return reports, as activities by unit and half-year."""
    logged: dict[tuple[str, HalfYear], list[Activity]] = defaultdict(list)
    for event in events:
        if event_key(event) not in reported:
            day = event.occurred_at.date()
            logged[event.unit.key, half_year_of(day)].append(
                Activity(
                    day, event.programme, event.activity_type, "", event.village, event.participants, event.quantity,
                    event.uom, event.amount_vnd,
                )
            )  # fmt: skip
    return logged


def _count(record: Record, values: dict[str, Decimal]) -> None:
    match record:
        case MemberChange():
            _count_member_change(record, values)
        case Club():
            _count_club(record, values)
        case Training():
            _count_training(record, values)
        case Support():
            _count_support(record, values)
        case Award(recipient_kind=kind):
            values[f"awards_{kind}"] += 1
        case Activity():
            _count_activity(record, values)
        case ProtectionCase():
            values["protection_cases"] += 1


def _count_member_change(change: MemberChange, values: dict[str, Decimal]) -> None:
    if change.change_type == "joined":
        values["new_members"] += 1
    elif change.change_type == "moved_in":
        values["members_moved_in"] += 1
    elif change.change_type in _LEAVING:
        values["members_left"] += 1


def _count_club(club: Club, values: dict[str, Decimal]) -> None:
    if club.status in ("new", "operating"):
        values["clubs_operating"] += 1
        values["club_members"] += club.members
    if club.status == "new":
        values["new_clubs"] += 1
        values["new_club_members"] += club.members


def _count_training(training: Training, values: dict[str, Decimal]) -> None:
    if training.kind == "vocational":
        values["vocational_classes"] += 1
        values["vocational_trainees"] += training.trainees
        values["trainees_employed"] += training.employed_after or 0
    else:
        values["workshops"] += 1
        values["workshop_participations"] += training.trainees


def _count_support(support: Support, values: dict[str, Decimal]) -> None:
    if support.kind in LOANS:
        values["loans_vnd"] += support.amount_vnd
        return
    values["support_total_vnd"] += support.amount_vnd
    values["support_beneficiaries"] += support.beneficiaries
    if support.beneficiary_group == "member_in_difficulty":
        values["support_in_difficulty_vnd"] += support.amount_vnd


def _count_activity(activity: Activity, values: dict[str, Decimal]) -> None:
    quantity = activity.quantity or Decimal()
    participants = activity.participants or 0
    match activity.activity_type, activity.uom:
        case "propaganda", _:
            values["propaganda_sessions"] += 1
            values["propaganda_participations"] += participants
        case "cleanup", _:
            values["cleanups"] += 1
            values["cleanup_participations"] += participants
        case "works", _ if activity.programme == "new_rural":
            values["new_rural_works"] += 1
        case "collection", "kg" if activity.programme == "plastic_waste":
            values["plastic_kg"] += quantity
        case "pledge", "household":
            values["pledged_households"] += quantity
        case "tree_planting", "tree":
            values["trees_planted"] += quantity
        case "road", "km":
            values["road_km"] += quantity
        case "fundraising", "vnd" if activity.programme == "plastic_waste":
            values["scrap_money_vnd"] += quantity
