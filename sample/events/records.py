"""What a branch has to tell, form by form, before anybody has typed it into a sheet.

Choices are held as codes and amounts in VND; how a commune spells and scales them is decided when a sheet is
drawn. A row may be spoilt on purpose: one cell then shows something that no reader may accept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sample.events.people import Person
from sample.halfyears import HalfYear
from sample.units import Unit


class Form(StrEnum):
    """The forms of a half-year return in the order of their numbers, then the two sheets that come from above."""

    MEMBER_CHANGES = "member_changes"
    CLUBS = "clubs"
    TRAININGS = "trainings"
    SUPPORT_FUNDS = "support_funds"
    MOVEMENT_ACTIVITIES = "movement_activities"
    AWARDS = "awards"
    PROTECTION_CASES = "protection_cases"
    TARGETS = "targets"
    OPENING_BALANCES = "opening_balances"


RETURN_FORMS = tuple(Form)[:7]


@dataclass(frozen=True)
class MemberChange:
    """One member who joined, moved in, moved out, left or died (`change_type`) on a day."""

    person: Person
    change_type: str
    changed_on: date
    is_core: bool = False
    is_party_member: bool = False
    note: str | None = None


@dataclass(frozen=True)
class Club:
    """A model, club or group as it stood at the end of the half-year; `status` is new, operating or dissolved."""

    club_name: str
    kind: str
    programme: str | None
    village: str
    founded_on: date
    status: str
    members: int
    members_minority: int
    note: str | None = None


@dataclass(frozen=True)
class Training:
    """A class; trainees are people, `employed_after` is known for vocational classes only, the cost is in VND."""

    title: str
    kind: str
    subject: str
    starts_on: date
    ends_on: date
    venue: str
    partner: str | None
    trainees: int
    trainees_minority: int
    trainees_poor: int
    employed_after: int | None
    cost_vnd: int | None
    programme: str | None


@dataclass(frozen=True)
class Support:
    """Help given on a day to a group of people, in VND; loans are among the kinds."""

    supported_on: date
    kind: str
    beneficiary_group: str
    beneficiaries: int
    beneficiaries_minority: int | None
    amount_vnd: int
    source: str | None
    programme: str | None
    note: str | None = None


@dataclass(frozen=True)
class Activity:
    """A movement activity; `quantity` is in the unit of measure `uom` (kg, km, tree, household, piece, vnd)."""

    held_on: date
    programme: str
    activity_type: str
    description: str
    village: str
    participants: int | None
    quantity: Decimal | None
    uom: str | None
    cost_vnd: int | None


@dataclass(frozen=True)
class Award:
    """A commendation of a collective or an individual."""

    awarded_on: date
    recipient_kind: str
    recipient: str
    award: str
    granted_by: str | None
    programme: str | None


@dataclass(frozen=True)
class ProtectionCase:
    """A case in which the union spoke up for a woman or a child; never a name."""

    reported_on: date
    case_type: str
    victim_group: str
    action: str | None
    outcome: str | None


@dataclass(frozen=True)
class Target:
    """What the province expects of a unit; `period` is first_half or year, the indicator is given by its label."""

    year: int
    period: str
    unit_name: str
    indicator_code: str
    indicator_label: str
    target: int


@dataclass(frozen=True)
class OpeningBalance:
    """A unit's members on the day before the first half-year."""

    unit_name: str
    as_of: date
    members: int
    members_minority: int
    core_members: int


Record = (
    MemberChange | Club | Training | Support | Activity | Award | ProtectionCase | Target | OpeningBalance
)


@dataclass(frozen=True)
class Spoil:
    """The one wrong cell of a bad row: what it shows (None: nothing) and why it cannot be taken."""

    field_name: str
    shown: str | None
    why: str


@dataclass(frozen=True)
class Entry:
    """One row of a sheet: a record and, in a bad row, its spoilt cell."""

    record: Record
    spoil: Spoil | None = None


@dataclass(frozen=True)
class Return:
    """What one unit sends for one half-year, with every form (some without rows) and the moment it arrives."""

    unit: Unit
    half_year: HalfYear
    entries: Mapping[Form, tuple[Entry, ...]]
    received_at: datetime
    signed_on: date
    version: int = 1

    def good(self, form: Form) -> tuple[Record, ...]:
        """The records of a form that are not spoilt."""
        return tuple(entry.record for entry in self.entries[form] if entry.spoil is None)


@dataclass(frozen=True)
class LogEvent:
    """One event of the activity log; `occurred_at` is Vietnam time without zone."""

    event_id: str
    occurred_at: datetime
    unit: Unit
    village: str
    programme: str
    activity_type: str
    participants: int | None
    quantity: Decimal | None
    uom: str | None
    amount_vnd: int | None
    reporter: str
    note: str | None = None
