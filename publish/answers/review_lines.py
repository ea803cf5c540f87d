"""Lines of the reviews as they are told to people: who is missing, the half-year, the closing review of a programme.

Read from an edition, where every figure stands; nothing is computed here.
"""

from dataclasses import dataclass
from decimal import Decimal

import duckdb

from build.reference import leading_programme


@dataclass(frozen=True, slots=True)
class MissingReturn:
    """A unit that has not sent everything for the period; ``forms`` lists what is missing, ``is_whole`` all of it."""

    unit_name: str
    forms: tuple[str, ...]
    is_whole: bool


@dataclass(frozen=True, slots=True)
class HalfYearLine:
    """One line of the half-year review of the district; None is not reported or not assigned."""

    label_vi: str
    uom: str
    value: Decimal | None
    target: Decimal | None
    attainment: float | None
    same_period_last_year: Decimal | None
    change: Decimal | None


@dataclass(frozen=True, slots=True)
class ProgrammeLine:
    """One line of the closing review of a programme for the district, with the unit that ranks first."""

    label_vi: str
    uom: str
    first: Decimal | None
    last: Decimal | None
    cumulative: Decimal | None
    leader: str | None


def read_missing_returns(connection: duckdb.DuckDBPyConnection, period: str) -> tuple[MissingReturn, ...]:
    """Read from an edition which units have not sent everything for a half-year, those without any first."""
    found = connection.execute(
        """
        select
            unit_name,
            list(form_label_vi order by form_label_vi) filter (where status in ('missing', 'rejected')),
            bool_and(status in ('missing', 'rejected')) as is_whole
        from reviews.submission_completeness
        where period_code = ?
        group by unit_key, unit_name
        having bool_or(status in ('missing', 'rejected'))
        order by is_whole desc, unit_name
        """,
        [period],
    ).fetchall()
    return tuple(MissingReturn(name, tuple(forms), is_whole) for name, forms, is_whole in found)


def read_half_year(connection: duckdb.DuckDBPyConnection, period: str) -> tuple[HalfYearLine, ...]:
    """Read the review of a half-year for the whole area from an edition, indicators in their order."""
    found = connection.execute(
        """
        select
            review.label_vi, review.uom, review.value, review.target, review.attainment,
            review.same_period_last_year, review.change
        from reviews.halfyear_review as review
        inner join core.dim_indicator using (indicator_code)
        where review.period_code = ? and review.is_area_total
        order by dim_indicator.sort_order
        """,
        [period],
    ).fetchall()
    return tuple(HalfYearLine(*line) for line in found)


def read_programme_periods(connection: duckdb.DuckDBPyConnection) -> tuple[str, str] | None:
    """Read the first and last half-year of the closing programme's review; None when it has no rows."""
    first, last = connection.execute(
        "select min(period_code), max(period_code) from reviews.programme_review where programme_code = ?",
        [leading_programme()],
    ).fetchall()[0]
    return (first, last) if first else None


def read_programme(connection: duckdb.DuckDBPyConnection) -> tuple[ProgrammeLine, ...]:
    """Read the closing programme's review for the whole area, indicators in their order."""
    found = connection.execute(
        """
        select
            review.label_vi,
            review.uom,
            arg_min_null(review.value, review.period_code) filter (where review.is_area_total),
            arg_max_null(review.value, review.period_code) filter (where review.is_area_total),
            arg_max_null(review.cumulative, review.period_code) filter (where review.is_area_total),
            list(review.unit_name order by review.period_code desc, review.unit_name)
                filter (where review.rank = 1 and review.cumulative > 0 and not review.is_area_total)[1]
        from reviews.programme_review as review
        inner join core.dim_indicator using (indicator_code)
        where review.programme_code = ?
        group by review.indicator_code, review.label_vi, review.uom, dim_indicator.sort_order
        having max(review.cumulative) > 0
        order by dim_indicator.sort_order
        """,
        [leading_programme()],
    ).fetchall()
    return tuple(ProgrammeLine(*line) for line in found)
