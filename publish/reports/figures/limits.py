"""What limits the figures of a half-year: who did not report, what waits for correction, what is to be checked.

A reader of the review sees it beside the figures, so that none of them is taken for more than it is.
"""

from dataclasses import dataclass

import duckdb

from publish.answers.review_lines import UnfinishedReturn, read_unfinished_returns


@dataclass(frozen=True, slots=True)
class FindingCount:
    """How often one kind of thing is to be checked; ``severity_vi`` is *Phải sửa*, *Đề nghị kiểm tra* or *Để biết*."""

    severity_vi: str
    label_vi: str
    count: int


@dataclass(frozen=True, slots=True)
class WaitingCount:
    """How many rows of a unit's form wait for correction."""

    unit_name: str
    form_label_vi: str
    count: int


@dataclass(frozen=True, slots=True)
class Limits:
    """Everything that limits the figures of a half-year; empty parts are good news."""

    unfinished: tuple[UnfinishedReturn, ...]
    waiting: tuple[WaitingCount, ...]
    findings: tuple[FindingCount, ...]


def read_limits(connection: duckdb.DuckDBPyConnection, period: str) -> Limits:
    """Read from an edition what limits the figures of a half-year (``2023H1``)."""
    waiting = connection.execute(
        """
        select
            coalesce(unit_name, 'Chưa rõ đơn vị') as unit, form_label_vi,
            count(distinct (submission_id, sheet_number, row_number))
        from reviews.quarantined_rows where period_code = $period
        group by all order by all
        """,
        {"period": period},
    ).fetchall()
    findings = connection.execute(
        """
        select severity_label_vi, finding_label_vi, count(*)
        from reviews.findings where period_code = $period
        group by severity, severity_label_vi, finding_label_vi
        order by case severity when 'error' then 1 when 'warning' then 2 else 3 end, count(*) desc, finding_label_vi
        """,
        {"period": period},
    ).fetchall()
    return Limits(
        read_unfinished_returns(connection, period),
        tuple(WaitingCount(*line) for line in waiting),
        tuple(FindingCount(*line) for line in findings),
    )
