"""What is to be reminded of on a day: missing returns around a cut-off, and what waits for approval.

The home keeps the day on which it was last done. What fell on days since, on which the system did not run, is told once.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from pathlib import Path

from ingest.durable import write_file
from ingest.home import WarehouseHome
from ingest.text.printing import VIETNAM
from operations.watching.alert_delivery import approvals_page, deliver
from operations.watching.alert_texts import (
    Alert,
    alert_of_cut_off,
    alert_of_due_refresh,
    alert_of_missed_refresh,
    alert_of_waiting_approval,
    is_reminder_day,
)
from publish.answers.completeness import PeriodStanding, periods_in_question, read_standing

# when the schedule makes the refresh, on the day after a cut-off
_REFRESH_AT = time(6, 0, tzinfo=VIETNAM)
_MODE = 0o644


def remind_of_all(home: WarehouseHome, now: datetime, days_before: Sequence[int]) -> tuple[Alert, ...]:
    """Deliver what is to be reminded of, and what was missed since the last time; gives it.

    Args:
        home: the warehouse; nobody may be writing its working database.
        now: timezone-aware; the day is Vietnam's.
        days_before: on which days before a cut-off those who are missing are told of; the last day counts always.
    """
    today = now.astimezone(VIETNAM).date()
    days = _days_since(_last_day(home), today)
    alerts = (*_missing_returns(home, now, days, days_before), *_waiting_editions(home, now))
    for alert in alerts:
        deliver(alert, home)
    write_file(_note_of(home), today.isoformat().encode(), _MODE)
    return alerts


def _missing_returns(
    home: WarehouseHome, now: datetime, days: Sequence[date], days_before: Sequence[int]
) -> Iterator[Alert]:
    """Tell, a half-year, of the latest that fell on one of the days, of which the last is today."""
    today = days[-1]
    for period in periods_in_question(today, since=days[0]):
        standing = read_standing(home, period)
        refresh_day = standing.last_day + timedelta(days=1)
        if not standing.missing:
            continue
        if refresh_day in days:
            if refresh_day == today or not _is_too_late(refresh_day, now):
                yield alert_of_due_refresh(standing)
            elif not _has_edition_after(home, standing):
                yield alert_of_missed_refresh(standing)
        elif any(is_reminder_day(standing.last_day, day, days_before) for day in days):
            yield alert_of_cut_off(standing, today)


def _is_too_late(refresh_day: date, now: datetime) -> bool:
    from publish.refresh import is_of_the_past

    return is_of_the_past(datetime.combine(refresh_day, _REFRESH_AT), now)


def _has_edition_after(home: WarehouseHome, standing: PeriodStanding) -> bool:
    """Tell whether somebody has made an edition since the cut-off, issued or waiting."""
    from publish.editions.candidate import waiting_candidates
    from publish.editions.current import current_edition

    current = current_edition(home)
    made = (*waiting_candidates(home), *((current,) if current else ()))
    return any(edition.as_of.astimezone(VIETNAM).date() > standing.last_day for edition in made)


def _waiting_editions(home: WarehouseHome, now: datetime) -> list[Alert]:
    from publish.editions.candidate import waiting_candidates

    return [
        alert_of_waiting_approval(edition.as_of, edition.built_at, now, approvals_page())
        for edition in waiting_candidates(home)
        if edition.built_at.astimezone(VIETNAM).date() < now.astimezone(VIETNAM).date()
    ]


def _days_since(last: date | None, today: date) -> tuple[date, ...]:
    """Give the days that were not looked at yet, oldest first; today is always the last of them."""
    missed = max((today - last).days, 1) if last is not None else 1
    return tuple(today - timedelta(days=back) for back in reversed(range(missed)))


def _last_day(home: WarehouseHome) -> date | None:
    with suppress(OSError, ValueError):
        return date.fromisoformat(_note_of(home).read_text(encoding="ascii"))
    return None


def _note_of(home: WarehouseHome) -> Path:
    return home.airflow / "reminded_on"
