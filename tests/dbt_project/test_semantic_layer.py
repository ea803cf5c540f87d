"""MetricFlow and the reviews answer alike: every metric over every unit, the district, every half-year and programme.

MetricFlow writes the SQL, the small district of ``conftest.py`` is asked. The reviews compute attainment, changes and
sums over time on their own, in SQL, so a figure that differs means that one of the two is wrong.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

import pytest
import yaml
from metricflow.engine.metricflow_engine import MetricFlowEngine, MetricFlowQueryRequest
from metricflow.protocols.sql_client import SqlEngine
from metricflow.sql.render.duckdb_renderer import DuckDbSqlPlanRenderer
from metricflow_semantics.errors.error_classes import InvalidQueryException
from metricflow_semantics.model.dbt_manifest_parser import parse_manifest_from_dbt_generated_manifest
from metricflow_semantics.model.semantic_manifest_lookup import SemanticManifestLookup

from ingest.database import open_read_only
from publish.catalogue.semantic_layer import Indicator, is_stale, read_indicators, render_metrics
from tests.dbt_project.conftest import BuiltWarehouse

INDICATORS = read_indicators()
FLOWS = [indicator.code for indicator in INDICATORS if not indicator.is_stock]
IN_PROGRAMMES = [indicator.code for indicator in INDICATORS if indicator.is_by_programme]
FLOWS_IN_PROGRAMMES = [code for code in IN_PROGRAMMES if code in FLOWS]

Figures = dict[tuple[str, ...], Any]


class DuckDbDialect:
    """What MetricFlow must know of a database to write SQL for it."""

    sql_engine_type = SqlEngine.DUCKDB
    sql_plan_renderer = DuckDbSqlPlanRenderer()


class Asked:
    """The metrics of a built warehouse: names and dimensions in, figures out."""

    def __init__(self, built: BuiltWarehouse) -> None:
        manifest = (built.home.dbt / "target" / "semantic_manifest.json").read_text(encoding="utf-8")
        lookup = SemanticManifestLookup(parse_manifest_from_dbt_generated_manifest(manifest))
        self._engine = MetricFlowEngine(lookup, DuckDbDialect())  # type: ignore[arg-type]
        self._built = built

    def figures(self, metrics: Sequence[str], by: Sequence[str]) -> Figures:
        """Give the figures, null ones left out, by the values of the dimensions and the name of the metric."""
        request = MetricFlowQueryRequest.create(metric_names=metrics, group_by_names=by)
        with open_read_only(self._built.home.warehouse) as connection:
            rows = connection.sql(self._engine.explain(request).sql_statement.sql)
            answers = [dict(zip(rows.columns, row, strict=True)) for row in rows.fetchall()]
        found: Figures = {}
        for answer in answers:
            key = tuple(str(answer[dimension]) for dimension in by)
            known = {(*key, metric): answer[metric] for metric in metrics if answer[metric] is not None}
            assert not known.keys() & found.keys()
            found |= known
        return found


@pytest.fixture(scope="module")
def asked(today: BuiltWarehouse) -> Iterator[Asked]:
    yield Asked(today)


def reviewed(built: BuiltWarehouse, query: str) -> Figures:
    """Read figures from a review, null ones left out: the last column by all others, the metric's name among them."""
    found = {tuple(map(str, key)): value for *key, value in built.rows(query) if value is not None}
    assert found
    return found


def columns_of_the_halfyear_review(key: str, condition: str) -> str:
    metrics = {
        "value": "",
        "target": "_target",
        "attainment": "_attainment",
        "change": "_change",
        "year_to_date": "_year_to_date",
    }
    stocks = ", ".join(f"'{indicator.code}'" for indicator in INDICATORS if indicator.is_stock)
    return " union all ".join(
        f"select {key}, period_code, indicator_code || '{suffix}', cast({column} as double)"
        f" from reviews.halfyear_review where {condition}"
        + (f" and indicator_code not in ({stocks})" if column == "year_to_date" else "")
        for column, suffix in metrics.items()
    )


def as_doubles(figures: Figures) -> Figures:
    return {key: float(value) for key, value in figures.items()}


@pytest.mark.parametrize(
    ("dimension", "condition"), [("unit", "not is_area_total"), ("unit__area_key", "is_area_total")]
)
def test_half_years_are_those_of_the_halfyear_review(
    today: BuiltWarehouse, asked: Asked, dimension: str, condition: str
) -> None:
    metrics = [
        f"{indicator.code}{suffix}"
        for indicator in INDICATORS
        for suffix in ("", "_target", "_attainment", "_change")
    ] + [f"{code}_year_to_date" for code in FLOWS]
    review = reviewed(today, columns_of_the_halfyear_review("unit_key", condition))
    figures = as_doubles(asked.figures(metrics, [dimension, "metric_time__half_year"]))
    if dimension == "unit":
        # what only the district was assigned, and nobody in it, stands at the district's own key
        figures = {key: value for key, value in figures.items() if key[0] != "U655"}
    else:
        # the one class of the fixture left the cell empty for who found work
        assert {key[2] for key in review} >= {i.code for i in INDICATORS} - {"trainees_employed"}
    assert figures == pytest.approx(review)


def test_years_are_those_of_the_newest_half_year_in_them(today: BuiltWarehouse, asked: Asked) -> None:
    review = reviewed(
        today,
        " union all ".join(
            f"select unit_key, substr(period_code, 1, 4) || '-01-01 00:00:00', indicator_code || '_{column}',"
            f" cast({column} as double) from reviews.halfyear_review where is_area_total"
            " qualify row_number() over ("
            "partition by unit_key, indicator_code, substr(period_code, 1, 4) order by period_code desc) = 1"
            for column in ("year_target", "year_attainment")
        ),
    )
    metrics = [
        f"{indicator.code}_{name}" for indicator in INDICATORS for name in ("year_target", "year_attainment")
    ]
    assert as_doubles(asked.figures(metrics, ["unit__area_key", "metric_time__year"])) == pytest.approx(
        review
    )


@pytest.mark.parametrize(
    ("dimension", "condition"), [("unit", "not is_area_total"), ("unit__area_key", "is_area_total")]
)
def test_programmes_are_those_of_the_programme_review(
    today: BuiltWarehouse, asked: Asked, dimension: str, condition: str
) -> None:
    keys = ["programme", dimension, "metric_time__half_year"]
    flows = ", ".join(f"'{code}'" for code in FLOWS)
    select = "select programme_code, unit_key, period_code, indicator_code || "
    values = reviewed(
        today, f"{select} '_by_programme', value from reviews.programme_review where {condition}"
    )
    cumulative = reviewed(
        today,
        f"{select} '_over_review_window', cumulative from reviews.programme_review"
        f" where {condition} and indicator_code in ({flows})",
    )
    # a programme has figures outside the window of its review too, and what the window came to stands after its end
    in_windows = set(
        today.rows("select distinct programme_code, unit_key, period_code from reviews.programme_review")
    )
    by_programme = asked.figures([f"{code}_by_programme" for code in IN_PROGRAMMES], keys)
    over_windows = asked.figures([f"{code}_over_review_window" for code in FLOWS_IN_PROGRAMMES], keys)
    assert {key: value for key, value in by_programme.items() if key[:3] in in_windows} == values
    assert {key: value for key, value in over_windows.items() if key[:3] in in_windows} == cumulative


def test_a_target_of_the_district_is_counted_once_beside_those_of_its_units(asked: Asked) -> None:
    # 2 for Ea Bông and 3 for Buôn Trấp are the district's 5; its 10 new members nobody shared out
    metrics = ["new_clubs_target", "new_members_target"]
    assert asked.figures(metrics, ["metric_time__half_year"]) == {
        ("2023H1", "new_clubs_target"): 5,
        ("2023H1", "new_members_target"): 10,
    }
    assert asked.figures(metrics, ["unit", "metric_time__half_year"]) == {
        ("U24565", "2023H1", "new_clubs_target"): 2,
        ("U24538", "2023H1", "new_clubs_target"): 3,
        ("U655", "2023H1", "new_clubs_target"): 0,
        ("U655", "2023H1", "new_members_target"): 10,
    }


def test_a_stock_is_never_added_over_time(today: BuiltWarehouse, asked: Asked) -> None:
    newest = today.value(
        "select value from reviews.halfyear_review"
        " where is_area_total and period_code = '2023H1' and indicator_code = 'members_closing'"
    )
    assert (
        asked.figures(["members_closing"], ["metric_time__year"])["2023-01-01 00:00:00", "members_closing"]
        == newest
    )
    joined = asked.figures(["new_members"], ["unit__area_key"])
    assert joined == {("U655", "new_members"): Decimal(10)}  # 1 in 2022H1, 1 in 2022H2, 8 in 2023H1


def test_a_target_of_a_year_is_not_shown_by_half_years(asked: Asked) -> None:
    with pytest.raises(InvalidQueryException):
        asked.figures(["plastic_kg_year_target"], ["metric_time__half_year"])


def test_metrics_are_what_the_seed_says() -> None:
    assert not is_stale()
    one_more = Indicator("baskets", "Giỏ nhựa", "cái", is_stock=False, is_by_programme=True)
    metrics = yaml.safe_load(render_metrics((one_more,)))["metrics"]
    assert [(metric["name"], metric["label"]) for metric in metrics] == [
        ("baskets", "Giỏ nhựa"),
        ("baskets_target", "Giỏ nhựa: chỉ tiêu giao"),
        ("baskets_attainment", "Giỏ nhựa: tỷ lệ thực hiện so với chỉ tiêu giao"),
        ("baskets_year_target", "Giỏ nhựa: chỉ tiêu giao cả năm"),
        ("baskets_year_attainment", "Giỏ nhựa: tỷ lệ thực hiện so với chỉ tiêu giao cả năm"),
        ("baskets_change", "Giỏ nhựa: tăng, giảm so với cùng kỳ năm trước"),
        ("baskets_year_to_date", "Giỏ nhựa: lũy kế từ đầu năm"),
        ("baskets_by_programme", "Giỏ nhựa, theo phong trào"),
        ("baskets_over_review_window", "Giỏ nhựa: lũy kế từ đầu giai đoạn tổng kết"),
    ]
