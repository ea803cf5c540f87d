"""Figures of the whole area, each with what belongs beside it: target, last year, who reported, what waits."""

from dataclasses import dataclass, fields
from decimal import Decimal

import duckdb

from publish.editions.choices import UnknownChoiceError


@dataclass(frozen=True, slots=True)
class HalfYearFigure:
    """One indicator of the area in a half-year; None is not reported, not assigned, or nothing to compare with.

    Attributes:
        value, same_period_last_year, change: in ``uom``, money in đồng.
        target, attainment: of the half-year; the ratio is not rounded.
        year_to_date, year_target, year_attainment: of the year up to this half-year.
        like_for_like_change, like_for_like_unit_count: over the units that reported both times.
        last_year_reporting_unit_count: None where last year is not known at all.
        carried_value: the part of a stock that units without a return last had.
        waiting_rows: rows that wait and may belong to the figure.
        missing_half_years: half-years that ``year_to_date``, or a number of members, lacks.
    """

    indicator_code: str
    label_vi: str
    uom: str
    value: Decimal | None
    target: Decimal | None
    attainment: float | None
    year_to_date: Decimal | None
    year_target: Decimal | None
    year_attainment: float | None
    same_period_last_year: Decimal | None
    change: Decimal | None
    like_for_like_change: Decimal | None
    like_for_like_unit_count: int
    last_year_reporting_unit_count: int | None
    carried_value: Decimal | None
    reporting_unit_count: int
    expected_unit_count: int
    waiting_rows: int
    missing_half_years: int

    @property
    def is_of_other_units(self) -> bool:
        """Whether other units reported last year than now, so that the change is not like for like."""
        return self.like_for_like_unit_count < max(
            self.reporting_unit_count, self.last_year_reporting_unit_count or 0
        )


@dataclass(frozen=True, slots=True)
class ProgrammeFigure:
    """One indicator of a programme for the area over the whole window of its review.

    Attributes:
        first, last: in the first and the last half-year of the window.
        cumulative: of a flow the sum over the window, of a stock what stands at its end.
        cumulative_target, cumulative_attainment: what was asked for over the window, and the ratio, not rounded.
        is_stock: whether it stands at a day rather than adds up.
        leader, leader_value: the unit that ranks first, with its cumulative figure.
        missing_half_years: half-years of which the figure is missing or partial.
    """

    indicator_code: str
    label_vi: str
    uom: str
    first: Decimal | None
    last: Decimal | None
    cumulative: Decimal | None
    cumulative_target: Decimal | None
    cumulative_attainment: float | None
    is_stock: bool
    leader: str | None
    leader_value: Decimal | None
    reporting_unit_count: int
    expected_unit_count: int
    waiting_rows: int
    missing_half_years: int

    @property
    def change(self) -> Decimal | None:
        """From the first half-year to the last; None where one of them is not known."""
        return None if self.first is None or self.last is None else self.last - self.first


@dataclass(frozen=True, slots=True)
class Programme:
    """A programme that had activity in a half-year, with its figures that are not 0, in the order of reports."""

    programme_code: str
    label_vi: str
    figures: tuple[HalfYearFigure, ...]


@dataclass(frozen=True, slots=True)
class Window:
    """The half-years of a programme's review, and the map of units that it is told on.

    Attributes:
        programme_code, first_period, last_period: ``plastic_waste``, ``2018H2``, ``2023H1``.
        is_of_today: told on today's units instead of those of the time.
    """

    programme_code: str
    first_period: str
    last_period: str
    is_of_today: bool = False

    @property
    def review(self) -> str:
        """The relation that answers for it, with three parameters ``$programme``, ``$first`` and ``$last``."""
        macro = "programme_review_over_as_is" if self.is_of_today else "programme_review_over"
        return f"reviews.{macro}($programme, $first, $last)"

    @property
    def values(self) -> dict[str, str]:
        """The values of the parameters."""
        return {"programme": self.programme_code, "first": self.first_period, "last": self.last_period}


_COLUMNS = ", ".join(f"review.{field.name}" for field in fields(HalfYearFigure))
# the province's targets are for all programmes together, and so is what compares units
_NOT_BY_PROGRAMME = {
    "target": "null",
    "attainment": "null",
    "year_to_date": "null",
    "year_target": "null",
    "year_attainment": "null",
    "like_for_like_change": "null",
    "like_for_like_unit_count": "0",
    "missing_half_years": "0",
}
_COLUMNS_OF_PROGRAMME = ", ".join(
    _NOT_BY_PROGRAMME.get(field.name, f"review.{field.name}") for field in fields(HalfYearFigure)
)


def read_half_year_figures(connection: duckdb.DuckDBPyConnection, period: str) -> tuple[HalfYearFigure, ...]:
    """Read all indicators of the area in a half-year (``2023H1``), in the order of reports."""
    found = connection.execute(
        f"select {_COLUMNS} from reviews.halfyear_review as review"
        " where review.period_code = $period and review.is_area_total order by review.sort_order",
        {"period": period},
    ).fetchall()
    return tuple(HalfYearFigure(*line) for line in found)


def read_active_programmes(connection: duckdb.DuckDBPyConnection, period: str) -> tuple[Programme, ...]:
    """Read the programmes of which something was done in a half-year, each with what is not 0 of it."""
    found = connection.execute(
        f"""
        with review as (
            select
                figures.*, indicator.label_vi, indicator.uom, indicator.sort_order,
                programme.label_vi as programme_label_vi,
                last_year.value as same_period_last_year, figures.value - last_year.value as change,
                last_year.reporting_unit_count as last_year_reporting_unit_count
            from reviews.indicator_values as figures
            inner join core.dim_indicator as indicator using (indicator_code)
            inner join core.dim_programme as programme on programme.programme_code = figures.programme_code
            inner join core.dim_period as period using (period_code)
            left join reviews.indicator_values as last_year
                on last_year.unit_key = figures.unit_key and last_year.period_code = period.last_year_period_code
                and last_year.indicator_code = figures.indicator_code
                and last_year.programme_code = figures.programme_code
            where figures.period_code = $period and figures.is_area_total and figures.value <> 0
        )
        select review.programme_code, review.programme_label_vi, {_COLUMNS_OF_PROGRAMME} from review
        order by review.programme_code, review.sort_order
        """,
        {"period": period},
    ).fetchall()
    programmes: dict[tuple[str, str], list[HalfYearFigure]] = {}
    for code, label, *line in found:
        programmes.setdefault((code, label), []).append(HalfYearFigure(*line))
    return tuple(Programme(code, label, tuple(figures)) for (code, label), figures in programmes.items())


def read_programme_figures(
    connection: duckdb.DuckDBPyConnection, window: Window
) -> tuple[ProgrammeFigure, ...]:
    """Read the review of a programme for the area over a window, indicators in their order, none that it never has.

    Raises:
        UnknownChoiceError: the edition knows no such programme or half-year, or the window ends before it begins.
    """
    try:
        connection.execute(
            f"create or replace temp table programme_lines as from {window.review}", window.values
        )
    except duckdb.InvalidInputException as refused:
        raise UnknownChoiceError(str(refused).removeprefix("Invalid Input Error: ")) from None
    except duckdb.CatalogException:
        raise UnknownChoiceError(
            "Bản số liệu này lập trước khi có tổng kết theo đơn vị hiện nay. Đề nghị chọn bản mới hơn,"
            " hoặc tổng kết theo đơn vị của thời kỳ đó."
        ) from None
    found = connection.execute(
        """
        with ends as (
            select min(period_code) as first_code, max(period_code) as last_code from programme_lines
        ),

        -- one that shares the first place with another leads nothing
        leaders as (
            select indicator_code, any_value(unit_name) as leader, any_value(cumulative) as leader_value
            from programme_lines, ends
            where period_code = last_code and rank = 1 and not is_area_total
            group by indicator_code
            having count(*) = 1
        )

        select
            last_line.indicator_code, last_line.label_vi, last_line.uom,
            first_line.value, last_line.value, last_line.cumulative,
            last_line.cumulative_target, last_line.cumulative_attainment,
            indicator.indicator_kind = 'stock', leaders.leader, leaders.leader_value,
            last_line.reporting_unit_count, last_line.expected_unit_count,
            (
                select sum(waiting.waiting_rows) from programme_lines as waiting
                where waiting.is_area_total and waiting.indicator_code = last_line.indicator_code
            ),
            last_line.missing_half_years
        from programme_lines as last_line
        inner join ends on last_line.period_code = ends.last_code
        inner join core.dim_indicator as indicator on indicator.indicator_code = last_line.indicator_code
        left join programme_lines as first_line
            on first_line.period_code = ends.first_code and first_line.unit_key = last_line.unit_key
            and first_line.indicator_code = last_line.indicator_code
        left join leaders on leaders.indicator_code = last_line.indicator_code
        where last_line.is_area_total and last_line.is_applicable
        order by last_line.sort_order
        """
    ).fetchall()
    return tuple(ProgrammeFigure(*line) for line in found)
