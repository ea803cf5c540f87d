"""The activity log: some twenty thousand small events that phone forms and the district's register exported.

A file a year in the encodings and separators such exports come in, one file of JSON lines, events that are
exported again with other figures, and events that a return reports as well. Works of the new-rural programme
appear only where a return has them too, so that their published number stands.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from sample.events.activities import USUAL, Undertaking
from sample.events.people import full_name
from sample.events.records import Activity, Form, LogEvent, Return
from sample.figures import stream, tempo
from sample.halfyears import half_year_of
from sample.paper.log_files import REGISTER, LogFile, csv_file, json_lines_file
from sample.returns import VIETNAM
from sample.units import COMMUNES, UNITS, Unit

LAST_DAY = date(2023, 6, 13)
_EVENTS_BY_YEAR = {2018: 3300, 2019: 4200, 2020: 3000, 2021: 2700, 2022: 4200, 2023: 2600}
_PHONE_SHARE_2023 = 0.35
_PHONE = "DT"  # what the identifiers of the phone form begin with
_OVERLAP_SHARE = 0.12
_POLICE_SHARE = 0.01
_EXPORTED_AGAIN = {2021: 160, 2022: 220}
Key = tuple[str, date, str, str, str | None]


def key_of(unit: Unit, activity: Activity) -> Key:
    """What an activity is recognised by when both a return and the log tell of it."""
    return unit.key, activity.held_on, activity.programme, activity.activity_type, activity.uom


def event_key(event: LogEvent) -> Key:
    """The same for an event of the log."""
    return event.unit.key, event.occurred_at.date(), event.programme, event.activity_type, event.uom


def reported_keys(counting: Iterable[Return]) -> frozenset[Key]:
    """What the activities of the given returns are recognised by, bad rows left out."""
    return frozenset(
        key_of(made.unit, activity)
        for made in counting
        for activity in made.good(Form.MOVEMENT_ACTIVITIES)
        if isinstance(activity, Activity)
    )


def log_files(sent: Sequence[Return], counting: Sequence[Return]) -> tuple[LogFile, ...]:
    """The exported files: events of their own, and some that the returns which count report as well.

    Args:
        sent: every return, whose activities no unrelated event may resemble.
        counting: the returns that count, from which the shared events are drawn.
    """
    taken = {
        key_of(made.unit, entry.record)
        for made in sent
        for entry in made.entries[Form.MOVEMENT_ACTIVITIES]
        if isinstance(entry.record, Activity)
    }
    by_year = {year: [*_shared_events(year, counting), *_own_events(year, taken)] for year in _EVENTS_BY_YEAR}
    numbered = {year: _numbered(year, events) for year, events in by_year.items()}
    files: list[LogFile] = []
    again: tuple[LogEvent, ...] = ()
    for year, events in numbered.items():
        by_phone = [event for event in events if event.event_id.startswith(_PHONE)]
        registered = [event for event in events if not event.event_id.startswith(_PHONE)]
        received_at = min(
            datetime(year + 1, 1, 5, 8, 30, tzinfo=VIETNAM), datetime(2023, 6, 14, 17, 15, tzinfo=VIETNAM)
        )
        in_register = again if year != 2023 else ()
        files.append(csv_file(year, (*registered, *in_register), received_at))
        if by_phone:
            files.append(json_lines_file((*by_phone, *again), received_at + timedelta(minutes=20)))
        again = _exported_again(year, events)
    return tuple(files)


def latest_events(files: Iterable[LogFile]) -> tuple[LogEvent, ...]:
    """Every event once, as the latest export that holds it tells it."""
    latest: dict[str, LogEvent] = {}
    for file in sorted(files, key=lambda file: file.received_at):
        latest.update({event.event_id: event for event in file.events})
    return tuple(latest.values())


def _own_events(year: int, taken: Collection[Key]) -> list[LogEvent]:
    random = stream("log", year)
    last = min(date(year, 12, 31), LAST_DAY)
    days = [date(year, 1, 1) + timedelta(days=number) for number in range((last - date(year, 1, 1)).days + 1)]
    weights = [
        tempo(half_year_of(day)) if day <= LAST_DAY and half_year_of(day).code <= "2023H1" else 0.9
        for day in days
    ]
    chosen = sorted(random.choices(days, weights, k=_EVENTS_BY_YEAR[year]))
    sizes = [unit.opening_members for unit in COMMUNES]
    events: list[LogEvent] = []
    for day in chosen:
        period = half_year_of(day)
        possible = [usual for usual in USUAL if usual.runs_in(period)]
        while True:
            unit = UNITS[-1] if random.random() < _POLICE_SHARE else random.choices(COMMUNES, sizes)[0]
            usual = random.choices(possible, [usual.often for usual in possible])[0]
            if (unit.key, day, usual.programme, usual.activity_type, usual.uom) not in taken:
                break
        events.append(
            LogEvent(
                event_id="",
                occurred_at=_moment(random, day),
                unit=unit,
                village=random.choice(unit.villages),
                programme=usual.programme,
                activity_type=usual.activity_type,
                participants=random.randint(6, 35) if random.random() < 0.93 else None,
                quantity=_small_quantity(random, usual),
                uom=usual.uom,
                amount_vnd=random.randint(2, 30) * 10_000
                if usual.cost_vnd and random.random() < 0.3
                else None,
                reporter=_reporter(random, unit),
                note="Gửi bù, có ảnh kèm theo" if random.random() < 0.02 else None,
            )
        )
    return events


def _shared_events(year: int, counting: Sequence[Return]) -> list[LogEvent]:
    random = stream("log", "shared", year)
    events: list[LogEvent] = []
    for made in counting:
        for activity in made.good(Form.MOVEMENT_ACTIVITIES):
            if not isinstance(activity, Activity) or activity.held_on.year != year:
                continue
            if random.random() >= _OVERLAP_SHARE:
                continue
            participants, quantity = activity.participants, activity.quantity
            if random.random() < 0.4:
                participants = None if participants is None else max(1, participants - random.randint(2, 9))
                if quantity is not None and activity.uom in ("kg", "tree", "household"):
                    quantity = max(Decimal(1), quantity - random.randint(1, 12))
            events.append(
                LogEvent(
                    event_id="",
                    occurred_at=_moment(random, activity.held_on),
                    unit=made.unit,
                    village=activity.village,
                    programme=activity.programme,
                    activity_type=activity.activity_type,
                    participants=participants,
                    quantity=quantity,
                    uom=activity.uom,
                    amount_vnd=activity.cost_vnd,
                    reporter=_reporter(random, made.unit),
                )
            )
    return events


def _numbered(year: int, events: Sequence[LogEvent]) -> tuple[LogEvent, ...]:
    random = stream("log", "numbers", year)
    ordered = sorted(
        events, key=lambda event: (event.occurred_at, event.unit.key, event.programme, event.activity_type)
    )

    def exporter() -> str:
        return _PHONE if year == 2023 and random.random() < _PHONE_SHARE_2023 else REGISTER

    return tuple(
        replace(event, event_id=f"{exporter()}{year % 100}-{number:06d}")
        for number, event in enumerate(ordered, start=1)
    )


def _exported_again(year: int, events: Sequence[LogEvent]) -> tuple[LogEvent, ...]:
    random = stream("log", "again", year)
    known = [event for event in events if event.participants is not None]
    chosen = random.sample(known, _EXPORTED_AGAIN.get(year, 0))
    return tuple(
        replace(
            event,
            participants=None if event.participants is None else event.participants + random.randint(1, 9),
            quantity=None if event.quantity is None else event.quantity * 2,
            note="Đã đính chính",
        )
        for event in sorted(chosen, key=lambda event: event.event_id)
    )


def _moment(random: Random, day: date) -> datetime:
    # Between half past seven and five: the day is the same in Vietnam and in UTC.
    return datetime.combine(day, time(7, 30)) + timedelta(minutes=5 * random.randint(0, 113))


def _small_quantity(random: Random, usual: Undertaking) -> Decimal | None:
    """A village's part: about a tenth of what a return would report as one activity."""
    match usual.uom:
        case None:
            return None
        case "km":
            return Decimal(random.randint(1, 8)) / 20
        case "vnd":
            return Decimal(random.randint(5, 60) * 10_000)
        case "kg":
            return Decimal(random.randint(3, 48))
        case "tree":
            return Decimal(random.randint(3, 40))
        case _:
            return Decimal(random.randint(2, 15))


def _reporter(random: Random, unit: Unit) -> str:
    staff = stream("reporters", unit.key)
    names = [full_name(staff, "12" if staff.random() < unit.minority_share else "01") for _ in range(3)]
    return random.choice(names)
