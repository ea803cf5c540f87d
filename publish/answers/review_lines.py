"""Lines of the reviews as they are told to people: who is missing, the half-year, the closing review of a programme.

Read from an edition, where every figure stands; nothing is computed here.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

import duckdb

from build.reference import leading_programme
from ingest.text.printing import format_number
from publish.names import amid_line, amid_sentence


@dataclass(frozen=True, slots=True)
class UnfinishedReturn:
    """A unit of whose return for the half-year something is still to come.

    Attributes:
        missing_forms: labels of the forms of which nothing has come.
        refused_forms: labels of those that have come and are not accepted.
        has_nothing: nothing of any form has come.
        waiting_rows: rows of what counts of it, which wait for correction.
    """

    unit_name: str
    missing_forms: tuple[str, ...] = ()
    refused_forms: tuple[str, ...] = ()
    has_nothing: bool = False
    waiting_rows: int = 0

    @property
    def has_every_form(self) -> bool:
        """All forms are accepted; only rows wait."""
        return not self.missing_forms and not self.refused_forms


@dataclass(frozen=True, slots=True)
class Area:
    """What the totals of a half-year are for.

    Attributes:
        unit_name: *Huyện Krông Ana*; None where an edition has no totals of the half-year.
        parent_name: the unit above it; empty where there is none.
        is_no_more: it ended before the half-year did, so that what is told of is the ground that it had.
    """

    unit_name: str | None
    parent_name: str
    is_no_more: bool

    @property
    def name_vi(self) -> str:
        """How it is called: *Huyện Krông Ana*, *Địa bàn huyện Krông Ana cũ*."""
        if not self.unit_name:
            return "Toàn địa bàn"
        return f"Địa bàn {amid_line(self.unit_name)} cũ" if self.is_no_more else self.unit_name


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


def read_unfinished_returns(
    connection: duckdb.DuckDBPyConnection, period: str
) -> tuple[UnfinishedReturn, ...]:
    """Read from an edition of which units something is missing or waits for a half-year, those without any first."""
    found = connection.execute(
        """
        with waiting as (
            select unit_key, count(distinct (submission_id, sheet_number, row_number)) as waiting_rows
            from reviews.quarantined_rows
            where
                period_code = $period
                and submission_id in (select submission_id from core.fct_submissions where is_current)
            group by unit_key
        )

        select
            completeness.unit_name,
            coalesce(list(form_label_vi order by form_label_vi) filter (where status = 'missing'), []),
            coalesce(list(form_label_vi order by form_label_vi) filter (where status = 'rejected'), []),
            bool_and(status = 'missing') as has_nothing,
            coalesce(any_value(waiting.waiting_rows), 0) as waiting_rows
        from reviews.submission_completeness as completeness
        left join waiting using (unit_key)
        where completeness.period_code = $period
        group by unit_key, completeness.unit_name
        having bool_or(status in ('missing', 'rejected')) or any_value(waiting.waiting_rows) > 0
        order by has_nothing desc, completeness.unit_name
        """,
        {"period": period},
    ).fetchall()
    return tuple(
        UnfinishedReturn(name, tuple(missing), tuple(refused), has_nothing, waiting)
        for name, missing, refused, has_nothing, waiting in found
    )


def unfinished_vi(returns: Sequence[UnfinishedReturn]) -> Iterator[tuple[str, str]]:
    """Say who has sent nothing, who not every form, and of whom rows wait: pairs of what is said and of whom."""
    nothing = [amid_sentence(unit.unit_name) for unit in returns if unit.has_nothing]
    some = [
        f"{amid_sentence(unit.unit_name)} ({_forms_vi(unit)})"
        for unit in returns
        if not unit.has_nothing and not unit.has_every_form
    ]
    waiting = [
        f"{amid_sentence(unit.unit_name)} ({format_number(unit.waiting_rows)})"
        for unit in returns
        if unit.waiting_rows
    ]
    for said, units in (("Chưa gửi", nothing), ("Gửi chưa đủ biểu", some), ("Còn dòng chờ sửa", waiting)):
        if units:
            yield said, "; ".join(units)


def _forms_vi(unit: UnfinishedReturn) -> str:
    lists = (("thiếu", unit.missing_forms), ("chưa tiếp nhận", unit.refused_forms))
    return "; ".join(f"{said} {', '.join(forms)}" for said, forms in lists if forms)


def read_area(connection: duckdb.DuckDBPyConnection, period: str) -> Area:
    """Read from an edition what the totals of a half-year are for."""
    found = connection.execute(
        """
        select
            any_value(review.unit_name), coalesce(any_value(parents.unit_name), ''),
            coalesce(bool_or(units.valid_to < periods.period_end), false)
        from reviews.halfyear_review as review
        left join core.dim_unit as units using (unit_key)
        left join core.dim_unit as parents on parents.unit_key = units.parent_key
        left join core.dim_period as periods using (period_code)
        where review.period_code = ? and review.is_area_total
        """,
        [period],
    ).fetchall()
    return Area(*found[0])


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
    """Read how the first and last half-year of the closing programme's review are called; None when it has no rows."""
    first, last = connection.execute(
        """
        select min_by(periods.label_vi, period_code), max_by(periods.label_vi, period_code)
        from reviews.programme_review
        inner join core.dim_period as periods using (period_code)
        where programme_code = ?
        """,
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
