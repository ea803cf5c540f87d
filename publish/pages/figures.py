"""Figures of the published edition as the page shows them: the newest half-year, and what the edition changed and why.

Nothing is computed here, and the working database is not asked: a figure on a page is one that was published.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import duckdb

from ingest.database import open_read_only
from publish.editions.choices import newest_period
from publish.editions.edition import Edition

_FIGURES = """
select
    review.unit_key, review.label_vi, review.uom, review.value, review.target, review.attainment,
    review.same_period_last_year, review.change, coalesce(review.reporting_unit_count, 0),
    coalesce(review.expected_unit_count, 0), coalesce(review.waiting_rows, 0), review.year_to_date,
    review.year_target, review.year_attainment
from reviews.halfyear_review as review
inner join core.dim_indicator using (indicator_code)
where review.period_code = ? and review.is_area_total
order by review.unit_key, dim_indicator.sort_order
"""
_EARLIER = """
select edition_id, as_of, issued_at, difference_vi
from meta.editions
where not is_this_edition
order by issued_at desc
limit 1
"""
_RESTATEMENTS = """
select
    units.area_key, changed.period_label_vi, changed.unit_name, changed.label_vi, changed.figure_as_issued,
    changed.figure_now, changed.cause
from reviews.restatements as changed
inner join core.dim_unit as units using (unit_key)
where changed.edition_id = ?
order by units.is_area desc, changed.period_code desc, changed.unit_name, changed.label_vi
"""


@dataclass(frozen=True, slots=True)
class AreaFigure:
    """One indicator of a whole area in the newest half-year; None is not reported or not assigned.

    Attributes:
        reporting_units, expected_units: how many units the value is made of, and of how many it should be.
        waiting_rows: rows that would count and wait for correction.
        year_to_date, year_target, year_attainment: from the first half-year of the year on, against the year's target.
    """

    area_key: str
    label_vi: str
    uom: str
    value: Decimal | None
    target: Decimal | None
    attainment: float | None
    same_period_last_year: Decimal | None
    change: Decimal | None
    reporting_units: int
    expected_units: int
    waiting_rows: int
    year_to_date: Decimal | None = None
    year_target: Decimal | None = None
    year_attainment: float | None = None


@dataclass(frozen=True, slots=True)
class Restated:
    """One published figure that is another one now, and why."""

    area_key: str
    period_label_vi: str
    unit_name: str
    label_vi: str
    figure_as_issued: Decimal | None
    figure_now: Decimal | None
    cause: str


@dataclass(frozen=True, slots=True)
class Published:
    """What the pages say of the published edition.

    Attributes:
        period_code, period_label_vi: the half-year of the figures, as a rule the newest with a return.
        earlier_as_of: what the edition issued before it counted up to; None for the first one.
        difference_vi: how that one differs, in one sentence.
    """

    as_of: datetime
    issued_at: datetime | None
    period_code: str
    period_label_vi: str
    figures: tuple[AreaFigure, ...]
    earlier_as_of: datetime | None
    difference_vi: str
    restated: tuple[Restated, ...]


def read_published(edition: Edition, period_code: str | None = None) -> Published:
    """Read an edition.

    Args:
        edition: the edition.
        period_code: the half-year whose figures are shown; the newest with a return when None.

    Raises:
        WarehouseTroubleError: it is damaged.
    """
    with open_read_only(edition.path) as connection:
        period = period_code or newest_period(connection)
        earlier = connection.execute(_EARLIER).fetchone()
        return Published(
            as_of=edition.as_of,
            issued_at=edition.issued_at,
            period_code=period,
            period_label_vi=_label(connection, period),
            figures=tuple(AreaFigure(*row) for row in connection.execute(_FIGURES, [period]).fetchall()),
            earlier_as_of=earlier[1] if earlier else None,
            difference_vi=earlier[3] or "" if earlier else "",
            restated=tuple(
                Restated(*row) for row in connection.execute(_RESTATEMENTS, [earlier[0]]).fetchall()
            )
            if earlier
            else (),
        )


def _label(connection: duckdb.DuckDBPyConnection, period: str) -> str:
    found = connection.execute(
        "select label_vi from core.dim_period where period_code = ?", [period]
    ).fetchone()
    return str(found[0]) if found else period
