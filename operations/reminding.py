"""What is to be reminded of on a day: missing returns around a cut-off, and what waits for approval."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from ingest.home import WarehouseHome
from operations.alerting import approvals_page, deliver
from operations.alerts import (
    Alert,
    alert_of_cut_off,
    alert_of_due_refresh,
    alert_of_waiting_approval,
    is_reminder_day,
)
from operations.completeness import periods_in_question, read_standing
from publish.inputs import VIETNAM


def remind_of_all(home: WarehouseHome, now: datetime, days_before: Sequence[int]) -> tuple[Alert, ...]:
    """Deliver what is to be reminded of; gives it.

    Args:
        home: the warehouse; nobody may be writing its working database.
        now: timezone-aware; the day is Vietnam's.
        days_before: on which days before a cut-off those who are missing are told of; the last day counts always.
    """
    alerts = (*_missing_returns(home, now, days_before), *_waiting_editions(home, now))
    for alert in alerts:
        deliver(alert, home)
    return alerts


def _missing_returns(home: WarehouseHome, now: datetime, days_before: Sequence[int]) -> list[Alert]:
    today = now.astimezone(VIETNAM).date()
    alerts = []
    for period in periods_in_question(today):
        standing = read_standing(home, period)
        if standing.missing and is_reminder_day(standing.last_day, today, days_before):
            alerts.append(alert_of_cut_off(standing, today))
        elif standing.missing and today == standing.last_day + timedelta(days=1):
            alerts.append(alert_of_due_refresh(standing))
    return alerts


def _waiting_editions(home: WarehouseHome, now: datetime) -> list[Alert]:
    from publish.editions.candidate import waiting_candidates

    return [
        alert_of_waiting_approval(edition.as_of, edition.built_at, now, approvals_page())
        for edition in waiting_candidates(home)
        if edition.built_at.astimezone(VIETNAM).date() < now.astimezone(VIETNAM).date()
    ]
