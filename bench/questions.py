"""What analysts ask of an edition, and how soon it answers: the seventeen questions that ``bench.warehouse`` asks."""

import statistics
import time
from pathlib import Path

import duckdb
from rich.console import Console
from rich.table import Table

ROUNDS = 21

QUESTIONS = {
    "half-year review of a unit": "from reviews.halfyear_review where unit_key = $unit and period_code = '2026H1'",
    "one indicator of all units": "from reviews.halfyear_review"
    " where indicator_code = 'new_members' and period_code = '2026H1' order by value desc",
    "programme review of a unit": "from reviews.programme_review"
    " where programme_code = 'new_rural' and unit_key = $unit",
    "first ten of a programme": "from reviews.programme_review where programme_code = 'new_rural'"
    " and indicator_code = 'new_rural_works' and period_code = '2026H1' order by rank nulls last limit 10",
    "rows behind a figure of a unit": "from reviews.figure_sources"
    " where unit_key = $unit and period_code = '2026H1' and indicator_code = 'plastic_kg'",
    "rows behind a unit's balance": "from reviews.figure_sources"
    " where unit_key = $unit and period_code = '2026H1' and indicator_code = 'members_closing'",
    "who has not reported": "from reviews.submission_completeness where period_code = '2026H1' and status = 'missing'",
    "member changes of a unit": "from core.fct_membership_changes where unit_key = $unit and period_code = '2026H1'",
    "activities of a unit": "from core.fct_movement_activities where unit_key = $unit and period_code = '2026H1'",
    "activities of a programme by type": "select activity_type, count(*), sum(participants), sum(amount_vnd)"
    " from core.fct_movement_activities where programme_code = 'plastic_waste' and period_code = '2026H1' group by all",
    "one indicator of all units, today's map": "from reviews.halfyear_review_as_is"
    " where indicator_code = 'new_members' and period_code = '2026H1' order by value desc",
    "works per member, today's map": "select works.unit_key, works.cumulative / members.value as works_per_member"
    " from reviews.programme_review_as_is as works"
    " inner join reviews.halfyear_review_as_is as members using (unit_key, period_code)"
    " where works.programme_code = 'new_rural' and works.indicator_code = 'new_rural_works'"
    " and works.period_code = '2026H1' and members.indicator_code = 'members_closing' and not works.is_area_total"
    " order by works_per_member desc limit 10",
    "what changed since it was issued": "from reviews.restatements where unit_key = $unit",
    "causes of what changed": "select cause, count(*), count(distinct unit_key) from reviews.restatements group by all",
    "findings of a unit": "from reviews.findings where unit_key = $unit",
    "findings by kind": "select finding_kind, severity, count(*), count(distinct unit_key)"
    " from reviews.findings group by all",
    "return and log of a unit": "from reviews.reconciliation where unit_key = $unit and not is_agreed",
}


def tell_questions(console: Console, edition: Path, unit_key: str) -> None:
    """Ask each question again and again and print the medians, answers fetched whole."""
    table = Table("question", "rows", "median ms")
    with duckdb.connect(str(edition), read_only=True, config={"threads": 2}) as connection:
        for name, sql in QUESTIONS.items():
            values = {"unit": unit_key} if "$unit" in sql else {}
            taken = []
            for _ in range(ROUNDS):
                started = time.perf_counter()
                rows = connection.execute(sql, values).fetchall()
                taken.append(time.perf_counter() - started)
            table.add_row(name, str(len(rows)), f"{statistics.median(taken) * 1e3:.1f}")
    console.print(table)
