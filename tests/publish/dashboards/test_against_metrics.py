"""What dashboards show is what MetricFlow defines, for every number that it defines.

Of a half-year by unit: figure, target, attainment, change against last year. Of every programme by half-year: figure and
cumulative figure. What no metric defines, and ``tests/dbt_project`` holds instead: rank, share, baseline, compositions, how
many returns came in time; and today's map, whose units MetricFlow does not know.
"""

from collections.abc import Iterator
from typing import Any

import pandas as pd
import pytest
import yaml

from publish.catalogue.semantic_layer import read_indicators
from publish.dashboards.bundle import BUNDLE
from publish.reading import OpenEdition, open_edition
from tests.sample_run import Run

OF_THE_TIME = "map_vi = 'Theo đơn vị lúc báo cáo'"
BY_PROGRAMME = [indicator for indicator in read_indicators() if indicator.is_by_programme]
HALF_YEAR = "metric_time__half_year"
# column of the dataset, and how the metric of an indicator is called
OF_A_HALF_YEAR = {"value": "", "target": "_target", "attainment": "_attainment"}


@pytest.fixture(scope="module")
def edition(first_run: Run) -> Iterator[OpenEdition]:
    with open_edition(first_run.home) as opened:
        yield opened


def shown(
    edition: OpenEdition, dataset: str, condition: str, key: str, column: str = "value"
) -> dict[tuple[str, Any], Any]:
    """Give indicator and what it is told by, to the figure that a dashboard shows."""
    (path,) = (BUNDLE / "datasets").rglob(f"{dataset}.yaml")
    query = yaml.safe_load(path.read_text(encoding="utf-8"))["sql"]
    rows = edition.sql(
        f"select indicator_code, {key}, {column} from ({query})"
        f" where {OF_THE_TIME} and {column} is not null and {condition}"
    )
    return {(code, at): value for code, at, value in rows.itertuples(index=False)}


def defined(
    edition: OpenEdition, metrics: dict[str, str], by: str, condition: str | tuple[str, ...] = ()
) -> dict[tuple[str, Any], Any]:
    """Give the same by MetricFlow: ``metrics`` from indicator to metric."""
    return figures_in(edition.metrics(list(metrics.values()), [by], condition), metrics, by)


def figures_in(frame: pd.DataFrame, metrics: dict[str, str], by: str) -> dict[tuple[str, Any], Any]:
    return {
        (code, at): value
        for code, metric in metrics.items()
        for at, value in zip(frame[by], frame[metric], strict=True)
        if not pd.isna(at) and not pd.isna(value)
    }


def alike(figures: dict[tuple[str, Any], Any], column: str) -> Any:
    """Give what figures must be: themselves, or for a ratio, which MetricFlow gives as a float, as near as floats go."""
    if column != "attainment":
        return figures
    return pytest.approx({key: float(figure) for key, figure in figures.items()})


def of_period(period: str) -> str:
    return f"{{{{ Dimension('period__period_code') }}}} = '{period}'"


def of_programme(programme: str) -> str:
    return f"{{{{ Entity('programme') }}}} = '{programme}'"


@pytest.mark.parametrize(
    ("column", "period"),
    [
        ("value", "2018H1"),
        ("value", "2021H2"),
        ("value", "2023H1"),
        # second half-years have no targets of their own
        ("target", "2019H1"),
        ("target", "2023H1"),
        ("attainment", "2019H1"),
        ("attainment", "2023H1"),
    ],
)
def test_a_half_year_by_unit_is_what_metrics_say(edition: OpenEdition, column: str, period: str) -> None:
    condition = f"not is_area_total and period_code = '{period}'"
    told = shown(edition, "halfyear_figures", condition, "unit_key", column)
    if column == "attainment":
        told = {key: float(figure) for key, figure in told.items()}
    codes = sorted({code for code, _ in told})
    assert len(codes) > (20 if column == "value" else 0)
    metrics = {code: code + OF_A_HALF_YEAR[column] for code in codes}
    found = defined(edition, metrics, "unit", of_period(period))
    assert told == alike({key: found.get(key) for key in told}, column)


def test_the_change_of_a_unit_is_what_metrics_say(edition: OpenEdition) -> None:
    told = shown(
        edition, "halfyear_figures", "not is_area_total and period_code = '2023H1'", "unit_key", "change"
    )
    metrics = {code: f"{code}_change" for code in sorted({code for code, _ in told})}
    assert len(metrics) > 20
    # the year before is asked too
    frame = edition.metrics(list(metrics.values()), [HALF_YEAR, "unit"])
    found = figures_in(frame[frame[HALF_YEAR] == "2023H1"], metrics, "unit")
    assert told == {key: found.get(key) for key in told}


@pytest.mark.parametrize("column", ["value", "cumulative"])
def test_every_programme_by_half_year_is_what_metrics_say(edition: OpenEdition, column: str) -> None:
    programmes = list(edition.table("core.dim_programme")["programme_code"])
    compared = 0
    for programme in programmes:
        told = {
            key: figure
            for key, figure in shown(
                edition,
                "programme_figures",
                f"is_area_total and programme_code = '{programme}'",
                "period_code",
                column,
            ).items()
            if key[0] in metrics_of(column)
        }
        asked = {code: metrics_of(column)[code] for code in sorted({code for code, _ in told})}
        if asked:
            found = defined(edition, asked, HALF_YEAR, of_programme(programme))
            assert told == {key: found.get(key) for key in told}, programme
            compared += len(told)
    assert compared > 200


def metrics_of(column: str) -> dict[str, str]:
    """Give the metric of each indicator that is told by programme."""
    if column == "value":
        return {indicator.code: f"{indicator.code}_by_programme" for indicator in BY_PROGRAMME}
    # a stock has no running total
    return {i.code: f"{i.code}_over_review_window" for i in BY_PROGRAMME if not i.is_stock}


def test_the_indicators_of_plastic_waste_by_half_year_are_what_metrics_say(edition: OpenEdition) -> None:
    own = "is_area_total and is_own_indicator and programme_code = 'plastic_waste'"
    told = shown(edition, "programme_figures", own, "period_code")
    codes = sorted({code for code, _ in told})
    assert "plastic_kg" in codes and len(told) == len(codes) * 10  # half-years
    found = defined(edition, {code: code for code in codes}, HALF_YEAR)
    assert told == {key: found.get(key) for key in told}
