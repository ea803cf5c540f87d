"""What dashboards show is what MetricFlow defines: every figure of a half-year by unit, every one of a programme by half-year."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest
import yaml

from publish.dashboards.bundle import BUNDLE
from publish.reading import OpenEdition, open_edition
from tests.sample_run import Run

OF_THE_TIME = "map_vi = 'Theo đơn vị lúc báo cáo' and value is not null"


@pytest.fixture(scope="module")
def edition(first_run: Run) -> Iterator[OpenEdition]:
    with open_edition(first_run.home) as opened:
        yield opened


def shown(edition: OpenEdition, dataset: str, condition: str, key: str) -> dict[tuple[str, str], Decimal]:
    """Give indicator and what it is told by, to the figure that a dashboard shows."""
    (path,) = (BUNDLE / "datasets").rglob(f"{dataset}.yaml")
    query = yaml.safe_load(path.read_text(encoding="utf-8"))["sql"]
    rows = edition.sql(
        f"select indicator_code, {key}, value from ({query}) where {OF_THE_TIME} and {condition}"
    )
    return {(code, at): value for code, at, value in rows.itertuples(index=False)}


def defined(
    edition: OpenEdition, codes: list[str], by: str, condition: str | tuple[str, ...]
) -> dict[tuple[str, Any], Decimal]:
    """Give the same by MetricFlow."""
    frame = edition.metrics(codes, [by], condition)
    return {
        (code, at): value
        for code in codes
        for at, value in zip(frame[by], frame[code], strict=True)
        if not pd.isna(at) and not pd.isna(value)
    }


@pytest.mark.parametrize("period", ["2021H2", "2023H1"])
def test_a_half_year_by_unit_is_what_metrics_say(edition: OpenEdition, period: str) -> None:
    told = shown(edition, "halfyear_figures", f"not is_area_total and period_code = '{period}'", "unit_key")
    codes = sorted({code for code, _ in told})
    assert len(codes) > 20
    metrics = defined(edition, codes, "unit", f"{{{{ Dimension('period__period_code') }}}} = '{period}'")
    assert told == {key: metrics.get(key) for key in told}


def test_a_programme_by_half_year_is_what_metrics_say(edition: OpenEdition) -> None:
    own = "is_area_total and is_own_indicator and programme_code = 'plastic_waste'"
    told = shown(edition, "programme_figures", own, "period_code")
    codes = sorted({code for code, _ in told})
    assert "plastic_kg" in codes and len(told) == len(codes) * 10  # half-years
    metrics = defined(edition, codes, "period__period_code", ())
    assert told == {key: metrics.get(key) for key in told}
