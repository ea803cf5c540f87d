"""Which unit still owes which form for a half-year, and until when.

What is expected comes from the reference data by the rule that the warehouse follows (a unit is asked for a half-year if
it stands on its last day), because a half-year of which nobody has sent anything is no row of the working database yet.
What has arrived comes from ``reviews.submission_completeness``.
"""

import csv
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb

from build.reference import Period, read_periods
from ingest.database import open_read_only
from ingest.home import SEEDS, WarehouseHome

ARRIVED = frozenset({"on_time", "late"})
REFUSED = "rejected"

UnitAndForm = tuple[str, str]


@dataclass(frozen=True, slots=True)
class UnitStanding:
    """A unit of which something is missing.

    Attributes:
        missing_forms: labels of the forms of which nothing has come.
        refused_forms: labels of those that have come and are not accepted.
        has_nothing: nothing of any form has come.
    """

    unit_key: str
    unit_name: str
    missing_forms: tuple[str, ...]
    refused_forms: tuple[str, ...]
    has_nothing: bool


@dataclass(frozen=True, slots=True)
class PeriodStanding:
    """How a half-year stands.

    Attributes:
        period: the half-year.
        last_day: the last day on which a return is on time, in Vietnam.
        units_expected: how many units are asked.
        missing: those of whom something is missing, by name.
        waiting_rows: rows of returns that count, which wait for correction.
    """

    period: Period
    last_day: date
    units_expected: int
    missing: tuple[UnitStanding, ...]
    waiting_rows: int = 0

    @property
    def is_complete(self) -> bool:
        """Every unit that is asked has sent every form."""
        return self.units_expected > 0 and not self.missing


@dataclass(frozen=True, slots=True)
class ExpectedForm:
    """One form that one unit is asked for."""

    unit_key: str
    unit_name: str
    form_name: str
    form_label: str
    due_days: int


@dataclass(frozen=True, slots=True)
class _Known:
    """What the last build knew of a half-year."""

    arrived: frozenset[UnitAndForm] = frozenset()
    refused: frozenset[UnitAndForm] = frozenset()
    waiting_rows: int = 0


def periods_in_question(today: date, seeds: Path = SEEDS, since: date | None = None) -> tuple[Period, ...]:
    """Give the half-year that ended last and the one that is open, in this order.

    Args:
        today: the day.
        seeds: the reference data.
        since: an earlier day; then also what was in question on any day from it on.
    """
    since = since or today
    half_years = sorted(
        (period for period in read_periods(seeds) if period.kind == "half_year"),
        key=lambda period: period.start,
    )
    ended = [period for period in half_years if period.end < since][-1:]
    running = [period for period in half_years if period.start <= today and since <= period.end]
    return (*ended, *running)


def expected_forms(period: Period, seeds: Path = SEEDS) -> tuple[ExpectedForm, ...]:
    """Give what is asked for a half-year, in the order of the seeds."""
    forms = [row for row in _rows(seeds / "expected_forms.csv") if row["period_kind"] == "half_year"]
    return tuple(
        ExpectedForm(
            unit_key=unit["unit_key"],
            unit_name=unit["unit_name"],
            form_name=form["form_name"],
            form_label=form["label_vi"],
            due_days=int(form["due_days_after_period_end"]),
        )
        for unit in _rows(seeds / "units.csv")
        if unit["area_key"] and unit["unit_key"] != unit["area_key"] and _stands_on(unit, period.end)
        for form in forms
        if form["unit_kind"] == unit["unit_kind"]
    )


def read_standing(home: WarehouseHome, period: Period, seeds: Path = SEEDS) -> PeriodStanding:
    """Tell how a half-year stands by what the last build of the working database knew.

    Args:
        home: the warehouse; nobody may be writing its working database for longer than a moment.
        period: the half-year.
        seeds: the reference data.
    """
    known = _known(home, period)
    return standing_of(
        period, expected_forms(period, seeds), known.arrived, known.refused, known.waiting_rows
    )


def standing_of(
    period: Period,
    expected: tuple[ExpectedForm, ...],
    arrived: frozenset[UnitAndForm],
    refused: frozenset[UnitAndForm] = frozenset(),
    waiting_rows: int = 0,
) -> PeriodStanding:
    """Hold what is expected against what has arrived and what was refused."""
    by_unit: dict[str, list[ExpectedForm]] = {}
    for form in expected:
        by_unit.setdefault(form.unit_key, []).append(form)
    missing = []
    for unit_key, forms in by_unit.items():
        absent = [form for form in forms if (unit_key, form.form_name) not in arrived]
        if absent:
            sent = tuple(form.form_label for form in absent if (unit_key, form.form_name) in refused)
            unsent = tuple(form.form_label for form in absent if form.form_label not in sent)
            missing.append(
                UnitStanding(unit_key, forms[0].unit_name, unsent, sent, len(unsent) == len(forms))
            )
    return PeriodStanding(
        period=period,
        last_day=period.end + timedelta(days=max((form.due_days for form in expected), default=0)),
        units_expected=len(by_unit),
        missing=tuple(sorted(missing, key=lambda unit: unit.unit_name)),
        waiting_rows=waiting_rows,
    )


def _known(home: WarehouseHome, period: Period) -> _Known:
    if not home.warehouse.exists():
        return _Known()
    with open_read_only(home.warehouse) as connection:
        try:
            rows = connection.execute(
                "select unit_key, form_name, status from reviews.submission_completeness where period_code = ?",
                [period.code],
            ).fetchall()
            waiting = connection.execute(
                """
                select count(distinct (submission_id, sheet_number, row_number))
                from reviews.quarantined_rows
                where
                    period_code = ?
                    and submission_id in (select submission_id from core.fct_submissions where is_current)
                """,
                [period.code],
            ).fetchall()[0][0]
        except duckdb.CatalogException:
            return _Known()
    return _Known(
        arrived=frozenset((unit_key, form) for unit_key, form, status in rows if status in ARRIVED),
        refused=frozenset((unit_key, form) for unit_key, form, status in rows if status == REFUSED),
        waiting_rows=int(waiting),
    )


def _stands_on(unit: dict[str, str], day: date) -> bool:
    first, last = unit["valid_from"], unit["valid_to"]
    return (not first or date.fromisoformat(first) <= day) and (not last or date.fromisoformat(last) >= day)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
