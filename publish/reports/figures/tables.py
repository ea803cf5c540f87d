"""The tables of a review's annexes, as pandas frames that are shown as they are.

Columns bear the names of tables of the edition; a pivot has the labels of units or half-years as columns. Figures keep the
decimals of the database (Arrow-backed ``decimal``), not reported is missing, 0 is 0.
"""

import duckdb
import pandas as pd

from publish.reports.figures.lines import Window

_INDICATOR = ["sort_order", "label_vi", "uom"]


def read_frame(
    connection: duckdb.DuckDBPyConnection, query: str, values: dict[str, str | None] | None = None
) -> pd.DataFrame:
    """Ask an edition; the frame is backed by Arrow, so that decimals stay decimals and nothing known is lost."""
    return connection.sql(query, params=values).to_arrow_table().to_pandas(types_mapper=pd.ArrowDtype)


def read_by_unit(
    connection: duckdb.DuckDBPyConnection, period: str, *, is_of_today: bool = False
) -> pd.DataFrame:
    """Indicators × units of a half-year, the area last: index (sort_order, label_vi, uom), a column a unit."""
    review = "halfyear_review_as_is" if is_of_today else "halfyear_review"
    lines = read_frame(
        connection,
        f"""
        select
            review.sort_order, review.label_vi, review.uom, review.value,
            review.is_area_total, units.unit_label
        from reviews.{review} as review
        inner join core.dim_unit as units using (unit_key)
        where review.period_code = $period
        order by review.is_area_total, units.unit_kind desc, units.unit_label
        """,
        {"period": period},
    )
    return _spread(lines, "unit_label")


def read_programme_by_half_year(connection: duckdb.DuckDBPyConnection, window: Window) -> pd.DataFrame:
    """Indicators × half-years of a programme's window for the area, each half-year's own figure."""
    lines = read_frame(
        connection,
        f"""
        select sort_order, label_vi, uom, value, period_label_vi
        from {window.review} where is_area_total and is_applicable order by period_code
        """,
        {**window.values},
    )
    return _spread(lines, "period_label_vi")


def read_programme_by_unit(connection: duckdb.DuckDBPyConnection, window: Window) -> pd.DataFrame:
    """Indicators × units over the whole window: of a flow the sum, of a stock what stands at its end, the area last."""
    lines = read_frame(
        connection,
        f"""
        select review.sort_order, review.label_vi, review.uom, review.cumulative as value, units.unit_label
        from {window.review} as review
        inner join core.dim_unit as units using (unit_key)
        where review.is_applicable
        qualify review.period_code = max(review.period_code) over (partition by review.unit_key)
        order by review.is_area_total, units.unit_kind desc, units.unit_label
        """,
        {**window.values},
    )
    return _spread(lines, "unit_label")


def read_programme_by_half_year_and_unit(
    connection: duckdb.DuckDBPyConnection, window: Window
) -> pd.DataFrame:
    """Indicators and half-years × units of a programme's window, each half-year's own figure, the area last.

    Index (sort_order, label_vi, uom, period_code), an indicator's half-years one below the other; a column a unit.
    """
    lines = read_frame(
        connection,
        f"""
        select
            review.sort_order, review.label_vi, review.uom, review.period_code, review.value,
            units.unit_label
        from {window.review} as review
        inner join core.dim_unit as units using (unit_key)
        where review.is_applicable
        order by review.is_area_total, units.unit_kind desc, units.unit_label
        """,
        {**window.values},
    )
    return _spread(lines, "unit_label", [*_INDICATOR, "period_code"])


def read_trend(connection: duckdb.DuckDBPyConnection, window: Window, indicator_code: str) -> pd.DataFrame:
    """One indicator of a programme by half-year for the area: what a chart of its course is drawn from.

    Columns: period_code, period_label_vi, year, value, target, is_part_year, is_partial.
    """
    return read_frame(
        connection,
        f"""
        select review.period_code, review.period_label_vi, period.year, review.value, review.target,
            review.is_part_year, review.is_partial
        from {window.review} as review inner join core.dim_period as period using (period_code)
        where review.is_area_total and review.indicator_code = $indicator
        order by review.period_code
        """,
        {**window.values, "indicator": indicator_code},
    )


def read_units_against_target(
    connection: duckdb.DuckDBPyConnection, period: str, indicator_code: str
) -> pd.DataFrame:
    """One indicator by unit in a half-year, the largest first: unit_label, value, target; None is not reported."""
    return read_frame(
        connection,
        """
        select units.unit_label, review.value, review.target
        from reviews.halfyear_review as review inner join core.dim_unit as units using (unit_key)
        where review.period_code = $period and review.indicator_code = $indicator and not review.is_area_total
        order by review.value desc nulls last, units.unit_label
        """,
        {"period": period, "indicator": indicator_code},
    )


def read_composition(connection: duckdb.DuckDBPyConnection, period: str) -> pd.DataFrame:
    """Shares of minority and poor people in a half-year, for the area and all programmes together.

    Columns: people_kind_vi, part_kind_vi, people_told, part, share, is_suppressed.
    """
    return read_frame(
        connection,
        """
        select people_kind_vi, part_kind_vi, people_told, part, share, is_suppressed
        from reviews.beneficiary_composition
        where period_code = $period and is_area_total and programme_code = 'all'
        order by people_kind, part_kind
        """,
        {"period": period},
    )


def read_new_clubs(
    connection: duckdb.DuckDBPyConnection,
    first_period: str,
    last_period: str,
    programme_code: str | None = None,
) -> pd.DataFrame:
    """Clubs founded in the half-years, of one programme or of all: unit_label, club_name, programme_label_vi, founded_on, members."""
    return read_frame(
        connection,
        """
        select units.unit_label, clubs.club_name, programmes.label_vi as programme_label_vi, clubs.founded_on, clubs.members
        from core.fct_clubs as clubs
        inner join core.dim_unit as units using (unit_key)
        left join core.dim_programme as programmes using (programme_code)
        where clubs.club_status = 'new' and clubs.founded_period_code between $first and $last
            and coalesce(clubs.programme_code = $programme, $programme is null)
        order by clubs.founded_on, units.unit_label, clubs.club_name
        """,
        {"first": first_period, "last": last_period, "programme": programme_code},
    )


def read_commended(
    connection: duckdb.DuckDBPyConnection,
    first_period: str,
    last_period: str,
    programme_code: str | None = None,
) -> pd.DataFrame:
    """Awards of the half-years, of one programme or of all: awarded_on, unit_label, recipient_kind, collective_name, award, granted_by.

    An edition names collectives alone: the name of a person is a gap for the office to fill.
    """
    return read_frame(
        connection,
        """
        select awards.awarded_on, units.unit_label, awards.recipient_kind, awards.collective_name,
            coalesce(codes.label_vi, awards.award) as award, awards.granted_by
        from core.fct_awards as awards
        inner join core.dim_unit as units using (unit_key)
        left join core.dim_code as codes on codes.domain = 'award' and codes.code = awards.award
        where awards.period_code between $first and $last
            and coalesce(awards.programme_code = $programme, $programme is null)
        order by awards.recipient_kind, awards.awarded_on, units.unit_label, awards.collective_name
        """,
        {"first": first_period, "last": last_period, "programme": programme_code},
    )


_SOURCES = """
    select
        period.label_vi as period_label_vi, indicator.label_vi, units.unit_label,
        coalesce(sources.file_name, '(số kỳ trước chuyển sang)') as file_name, sources.sheet_name, sources.row_number, sources.contribution, indicator.uom
    from reviews.figure_sources as sources
    inner join core.dim_indicator as indicator using (indicator_code)
    inner join core.dim_unit as units using (unit_key)
    inner join core.dim_period as period on period.period_code = sources.period_code
    where sources.period_code between $first and $last and sources.unit_key <> sources.area_key
        and coalesce(sources.programme_code = $programme, $programme is null)
    order by
        sources.period_code, indicator.sort_order, units.unit_label, sources.file_name, sources.sheet_name,
        sources.row_number
"""


def read_sources(
    connection: duckdb.DuckDBPyConnection,
    first_period: str,
    last_period: str,
    programme_code: str | None = None,
) -> pd.DataFrame:
    """The rows that the figures of half-years come from, of one programme or of all, on the map of the time.

    Columns: period_label_vi, label_vi, unit_label, file_name, sheet_name, row_number, contribution, uom.
    """
    asked = {"first": first_period, "last": last_period, "programme": programme_code}
    return read_frame(connection, _SOURCES, asked)


def _spread(lines: pd.DataFrame, by: str, index: list[str] = _INDICATOR) -> pd.DataFrame:
    """Turn lines round: a row for each index, a column for each value of ``by`` in the order in which they came."""
    columns = list(dict.fromkeys(lines[by]))
    spread = lines.pivot(index=index, columns=by, values="value")
    return spread.sort_index(level="sort_order").loc[:, columns]
