"""MetricFlow's metrics, written from the seed of indicators.

What an indicator counts is said once, in the seeds; its metrics (value, target, attainment, change, the year so far,
the programme) follow from its kind and its programme, so their YAML is generated and checked in, as dbt needs no
Python to read it. What the metrics stand on (entities, dimensions, time spine) is written by hand beside the models.
"""

import argparse
import csv
import sys
from dataclasses import dataclass
from pathlib import Path

import yaml

from ingest.home import DBT_PROJECT

SEED = DBT_PROJECT / "seeds" / "indicators.csv"
METRICS = DBT_PROJECT / "models" / "generated" / "indicator_metrics.yml"

_NOTICE = "generated from seeds/indicators.csv by `make contracts`; edit the seed, not this file"
# what an indicator is told by: all activities together, or those of one programme
TOGETHER, BY_PROGRAMME = "programme_code = 'all'", "programme_code <> 'all'"
# the area's row adds what its total carries over for units that did not report
_WITH_CARRIED = "case when not is_area_total then value when value is not null then carried_value end"
_IN_REVIEW_WINDOW = (
    "{{ Dimension('period__period_code') }} >= {{ Dimension('programme__window_start') }}"
    " and {{ Dimension('period__period_code') }}"
    " <= coalesce({{ Dimension('programme__window_end') }}, {{ Dimension('period__period_code') }})"
)
# as in the reviews: what is assigned for a half-year shows once anything is told of it
_REPORTED_ON = "{{ Dimension('period__has_data') }}"

Node = dict[str, object]


@dataclass(frozen=True, slots=True)
class Indicator:
    """What the seed says of an indicator; a stock stands at the end of a half-year, anything else is a flow."""

    code: str
    label_vi: str
    uom: str
    is_stock: bool
    is_by_programme: bool


def read_indicators(seed: Path = SEED) -> tuple[Indicator, ...]:
    """Read the seed of indicators, in the order of the reports."""
    with seed.open(encoding="utf-8", newline="") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: int(row["sort_order"]))
    return tuple(
        Indicator(
            code=row["indicator_code"],
            label_vi=row["label_vi"],
            uom=row["uom"],
            is_stock=row["kind"] == "stock",
            is_by_programme=row["is_by_programme"] == "true",
        )
        for row in rows
    )


def figure_expression(indicator: Indicator, told_by: str) -> str:
    """Give the SQL of a row's part in a figure of ``reviews.indicator_values``; its sum is the figure.

    Args:
        indicator: which.
        told_by: ``TOGETHER`` or ``BY_PROGRAMME``.
    """
    if indicator.is_stock:
        return _case(indicator, told_by, _WITH_CARRIED)
    return _case(indicator, f"{told_by} and not is_area_total", "value")


def target_expression(indicator: Indicator, period_kind: str) -> str:
    """Give the SQL of a row's part in a target of ``reviews.indicator_targets``, of a ``half_year`` or a ``year``."""
    return _case(indicator, f"period_kind = '{period_kind}'", "additive_target")


def render_metrics(indicators: tuple[Indicator, ...]) -> str:
    """Give the YAML of the semantic models that hold measures, and of every metric."""
    document = {
        "version": 2,
        "semantic_models": [
            _figures(indicators),
            _targets(indicators, "half_year"),
            _targets(indicators, "year"),
        ],
        "metrics": [metric for indicator in indicators for metric in _metrics_of(indicator)],
    }
    return f"# {_NOTICE}\n" + yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=110)


def is_stale(path: Path = METRICS) -> bool:
    """Tell whether the file is not what the seed says."""
    return not path.exists() or path.read_text(encoding="utf-8") != render_metrics(read_indicators())


def write_metrics(path: Path = METRICS) -> None:
    """Write the file anew."""
    path.write_text(render_metrics(read_indicators()), encoding="utf-8")


def _figures(indicators: tuple[Indicator, ...]) -> Node:
    measures = []
    for indicator in indicators:
        measures.append(_figure(f"{indicator.code}_figure", indicator, TOGETHER))
        if indicator.is_by_programme:
            measures.append(_figure(f"{indicator.code}_programme_figure", indicator, BY_PROGRAMME))
    return {
        "name": "figures",
        "description": (
            "One row per unit, half-year, indicator and programme. Sums leave the area's own rows out, so that a figure"
            " of several units is never counted twice; null stays null where nothing was reported. A stock that was"
            " carried over for a unit that did not report is added at the area's own key."
        ),
        "model": "ref('indicator_values')",
        "primary_entity": "figure",
        "defaults": {"agg_time_dimension": "period_end"},
        "entities": [_foreign("unit"), _foreign("period"), _foreign("programme")],
        "dimensions": [_period_end("day")],
        "measures": measures,
    }


def _targets(indicators: tuple[Indicator, ...], period_kind: str) -> Node:
    is_year = period_kind == "year"
    return {
        "name": "year_targets" if is_year else "targets",
        "description": (
            f"One row per unit, {'year' if is_year else 'half-year'} and indicator with a target; the area's row adds"
            " what it was assigned beyond the sum of its units'."
        ),
        "model": "ref('indicator_targets')",
        "primary_entity": "assigned_year_target" if is_year else "assigned_target",
        "defaults": {"agg_time_dimension": "period_end"},
        "entities": [_foreign("unit"), _foreign("period")],
        # a target of a year has no half-year; MetricFlow refuses to show it by any
        "dimensions": [_period_end("year" if is_year else "day")],
        "measures": [
            _measure(
                f"{indicator.code}_{'year_target' if is_year else 'target'}_figure",
                target_expression(indicator, period_kind),
            )
            for indicator in indicators
        ],
    }


def _foreign(entity: str) -> Node:
    key = {"unit": "unit_key", "period": "period_code", "programme": "programme_code"}[entity]
    return {"name": entity, "type": "foreign", "expr": key}


def _period_end(granularity: str) -> Node:
    return {
        "name": "period_end",
        "label": "Ngày cuối kỳ",
        "type": "time",
        "type_params": {"time_granularity": granularity},
    }


def _figure(name: str, indicator: Indicator, told_by: str) -> Node:
    measure = _measure(name, figure_expression(indicator, told_by))
    if indicator.is_stock:
        measure["non_additive_dimension"] = {"name": "period_end", "window_choice": "max"}
    return measure


def _measure(name: str, expression: str) -> Node:
    return {"name": name, "agg": "sum", "expr": expression}


def _case(indicator: Indicator, condition: str, column: str) -> str:
    return f"case when indicator_code = '{indicator.code}' and {condition} then {column} end"


def _metrics_of(indicator: Indicator) -> list[Node]:
    code, label, uom = indicator.code, indicator.label_vi, indicator.uom
    metrics = [
        _simple(code, label, uom, f"{code}_figure"),
        _simple(f"{code}_target", f"{label}: chỉ tiêu giao", uom, f"{code}_target_figure")
        | {"filter": _REPORTED_ON},
        _ratio(
            f"{code}_attainment", f"{label}: tỷ lệ thực hiện so với chỉ tiêu giao", code, f"{code}_target"
        ),
        _simple(f"{code}_year_target", f"{label}: chỉ tiêu giao cả năm", uom, f"{code}_year_target_figure"),
        _ratio(
            f"{code}_year_attainment",
            f"{label}: tỷ lệ thực hiện so với chỉ tiêu giao cả năm",
            code,
            f"{code}_year_target",
        ),
        _change(f"{code}_change", f"{label}: tăng, giảm so với cùng kỳ năm trước", uom, code),
    ]
    if not indicator.is_stock:
        metrics.append(
            _cumulative(
                f"{code}_year_to_date",
                f"{label}: lũy kế từ đầu năm",
                uom,
                f"{code}_figure",
                {"grain_to_date": "year"},
            )
        )
    if indicator.is_by_programme:
        measure = f"{code}_programme_figure"
        metrics.append(_simple(f"{code}_by_programme", f"{label}, theo phong trào", uom, measure))
        if not indicator.is_stock:
            cumulative = _cumulative(
                f"{code}_over_review_window", f"{label}: lũy kế từ đầu giai đoạn tổng kết", uom, measure, {}
            )
            metrics.append(cumulative | {"filter": _IN_REVIEW_WINDOW})
    return metrics


def _metric(name: str, kind: str, label: str, uom: str, parameters: Node) -> Node:
    return {
        "name": name,
        "label": label,
        "description": f"{label} ({uom}).",
        "type": kind,
        "type_params": parameters,
        "config": {"meta": {"uom": uom}},
    }


def _simple(name: str, label: str, uom: str, measure: str) -> Node:
    return _metric(name, "simple", label, uom, {"measure": measure})


def _ratio(name: str, label: str, numerator: str, denominator: str) -> Node:
    return _metric(name, "ratio", label, "tỷ lệ", {"numerator": numerator, "denominator": denominator})


def _change(name: str, label: str, uom: str, of: str) -> Node:
    last_year = {"name": of, "alias": "last_year", "offset_window": "1 year"}
    return _metric(
        name, "derived", label, uom, {"expr": f"{of} - last_year", "metrics": [{"name": of}, last_year]}
    )


def _cumulative(name: str, label: str, uom: str, measure: str, window: Node) -> Node:
    return _metric(
        name,
        "cumulative",
        label,
        uom,
        {"measure": measure, "cumulative_type_params": {**window, "period_agg": "last"}},
    )


def main(arguments: list[str] | None = None) -> int:
    """Write the metrics, or tell with ``--check`` whether they are stale; gives the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m publish.catalogue.semantic_layer", description=main.__doc__
    )
    parser.add_argument("--check", action="store_true", help="write nothing; fail when the file is stale")
    if parser.parse_args(arguments).check:
        if is_stale():
            print(f"stale: {METRICS}; run `make contracts`", file=sys.stderr)
        return int(is_stale())
    write_metrics()
    return 0


if __name__ == "__main__":
    sys.exit(main())
