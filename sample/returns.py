"""Puts a unit's half-years together into returns, and says when each arrives.

Three returns go astray on purpose: one comes weeks late, one is sent again with other figures, one never
comes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sample.events.activities import activities
from sample.events.clubs import clubs
from sample.events.membership import member_changes
from sample.events.records import Activity, Club, Entry, Form, Record, Return, Support
from sample.events.services import awards, protection_cases, supports, trainings
from sample.figures import stream
from sample.halfyears import HALF_YEARS, HalfYear, half_year
from sample.units import UNITS, Unit

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
LATE = ("U24571", half_year("2022H2"), datetime(2023, 1, 9, 9, 40, tzinfo=VIETNAM))
CORRECTED = ("U24577", half_year("2022H1"), datetime(2022, 7, 8, 14, 5, tzinfo=VIETNAM))
MISSING = ("U24568", half_year("2021H2"))


def returns() -> tuple[Return, ...]:
    """Every return that is sent, units in their order, half-years in theirs, a correction after what it corrects."""
    sent: list[Return] = []
    for unit in UNITS:
        changes = member_changes(unit)
        club_lists = clubs(unit)
        for period in HALF_YEARS:
            if (unit.key, period) == MISSING:
                continue
            records: dict[Form, Sequence[Record]] = {
                Form.MEMBER_CHANGES: changes[period],
                Form.CLUBS: club_lists[period],
                Form.TRAININGS: trainings(unit, period),
                Form.SUPPORT_FUNDS: supports(unit, period),
                Form.MOVEMENT_ACTIVITIES: activities(unit, period),
                Form.AWARDS: awards(unit, period),
                Form.PROTECTION_CASES: protection_cases(unit, period),
            }
            received_at, signed_on = _arrival(unit, period)
            made = Return(
                unit,
                period,
                {form: tuple(Entry(record) for record in rows) for form, rows in records.items()},
                received_at,
                signed_on,
            )
            if (unit.key, period) == CORRECTED[:2]:
                sent.append(_first_attempt(made))
                made = replace(
                    made,
                    received_at=CORRECTED[2],
                    signed_on=CORRECTED[2].date() - timedelta(days=1),
                    version=2,
                )
            sent.append(made)
    return tuple(sent)


def final_returns(sent: Sequence[Return]) -> tuple[Return, ...]:
    """The returns that count: of those for the same unit and half-year, the newest."""
    newest = {
        (made.unit.key, made.half_year): made for made in sorted(sent, key=lambda made: made.received_at)
    }
    return tuple(made for made in sent if newest[made.unit.key, made.half_year] is made)


def _arrival(unit: Unit, period: HalfYear) -> tuple[datetime, date]:
    if (unit.key, period) == LATE[:2]:
        return LATE[2], LATE[2].date() - timedelta(days=3)
    random = stream("arrival", unit.key, period.code)
    month = 6 if period.half == 1 else 12
    signed_on = date(period.year, month, random.randint(10, 13))
    arrives_on = date(period.year, month, random.randint(signed_on.day, 14))
    moment = datetime(
        arrives_on.year, month, arrives_on.day, random.randint(14, 16), random.randint(0, 59), tzinfo=VIETNAM
    )
    return moment, signed_on


def _first_attempt(final: Return) -> Return:
    """The return as it was first sent: some members, a club and a gift forgotten, other figures wrong."""
    forms = {form: list(rows) for form, rows in final.entries.items()}
    forms[Form.MEMBER_CHANGES] = forms[Form.MEMBER_CHANGES][4:]
    forms[Form.CLUBS] = [
        Entry(replace(entry.record, members=entry.record.members + 5))
        if isinstance(entry.record, Club)
        else entry
        for entry in forms[Form.CLUBS][:-1]
    ]
    forms[Form.SUPPORT_FUNDS] = [
        Entry(replace(entry.record, amount_vnd=entry.record.amount_vnd * 2))
        if isinstance(entry.record, Support) and number % 3 == 0
        else entry
        for number, entry in enumerate(forms[Form.SUPPORT_FUNDS][1:])
    ]
    forms[Form.MOVEMENT_ACTIVITIES] = [
        Entry(replace(entry.record, participants=entry.record.participants + 10))
        if isinstance(entry.record, Activity) and entry.record.participants is not None
        else entry
        for entry in forms[Form.MOVEMENT_ACTIVITIES]
    ]
    return replace(final, entries={form: tuple(rows) for form, rows in forms.items()})
