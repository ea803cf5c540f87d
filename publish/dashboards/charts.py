"""Charts as Superset keeps them: how each kind is drawn, and the query that it asks, which the tests ask too."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from publish.dashboards.definitions import ChartDefinition, ExpectedForm
from publish.dashboards.identity import uuid_of
from publish.dashboards.tables import Dataset

Node = dict[str, Any]

EDITION = ChartDefinition(
    name="Bản số liệu đang hiển thị",
    kind="rows",
    dataset="edition_shown",
    columns=("as_of_vi", "issued_at_vi", "input_submissions_vi", "edition_id"),
    width=12,
)
# more are for a table that is read a page at a time, and exported as far as a query goes at all (SQL_MAX_ROW)
_MOST_ROWS = 1000
_MOST_ROWS_OF_PAGES = 10_000
_ROWS_OF_A_PAGE = 100
_NUMBER = ",.2~f"


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart: its place in the bundle, and the file that is put there."""

    definition: ChartDefinition
    name: str
    uuid: str
    content: Node


def make_chart(
    definition: ChartDefinition,
    title: str,
    datasets: Mapping[str, Dataset],
    forms: tuple[ExpectedForm, ...],
) -> Chart:
    """Make a chart.

    Args:
        definition: what it shows.
        title: of its dashboard, which keeps charts of one name apart.
        datasets: by name.
        forms: what ``*forms`` stands for.

    Raises:
        LookupError: it names a dataset, a column or a metric that is not there.
    """
    drawn = EDITION if definition.ref == "edition" else definition
    dataset = datasets[drawn.dataset]
    columns = [
        column
        for named in drawn.columns
        for column in ([f"{form.form_name}_vi" for form in forms] if named == "*forms" else [named])
    ]
    _check(drawn, dataset, columns)
    draw = {"number": _number, "bars": _over_axis, "lines": _over_axis, "metrics": _metrics, "rows": _rows}
    viz_type, parameters, query = draw[drawn.kind](drawn, columns)
    if drawn.where:
        parameters["adhoc_filters"] = [
            {"clause": "WHERE", "expressionType": "SQL", "sqlExpression": drawn.where}
        ]
        query["extras"] = {"where": f"({drawn.where})", "having": ""}
    # one chart for all dashboards, so that each says in the same words which edition it shows
    uuid = uuid_of("chart", "edition" if definition.ref else f"{title}/{drawn.name}")
    return Chart(
        definition=definition,
        name=drawn.name,
        uuid=uuid,
        content={
            "slice_name": drawn.name,
            "description": None,
            "certified_by": None,
            "certification_details": None,
            "viz_type": viz_type,
            "params": {"viz_type": viz_type, "extra_form_data": {}, **parameters},
            "query_context": json.dumps(_query_context(query, viz_type), ensure_ascii=False),
            "cache_timeout": None,
            "uuid": uuid,
            "version": "1.0.0",
            "dataset_uuid": uuid_of("dataset", dataset.name),
        },
    )


def _check(drawn: ChartDefinition, dataset: Dataset, columns: list[str]) -> None:
    known = {column.name for column in dataset.columns}
    metrics = {metric.name for metric in dataset.metrics}
    wanted = {*columns, *drawn.figures, *drawn.order, *filter(None, (drawn.x, drawn.by))}
    asked = {*drawn.metrics, *filter(None, (drawn.metric, drawn.order_metric))}
    if missing := (wanted - known) | (asked - metrics):
        raise LookupError(f"{drawn.name}: {dataset.name} has no {', '.join(sorted(missing))}")


def _number(drawn: ChartDefinition, _: list[str]) -> tuple[str, Node, Node]:
    parameters = {
        "metric": drawn.metric,
        "adhoc_filters": [],
        "header_font_size": 0.5,
        "subheader_font_size": 0.15,
        "y_axis_format": ",d",
        "time_format": "%d/%m/%Y",
    }
    return "big_number_total", parameters, {"columns": [], "metrics": [drawn.metric]}


def _rows(drawn: ChartDefinition, columns: list[str]) -> tuple[str, Node, Node]:
    ordered = [json.dumps([column, True]) for column in drawn.order]
    most_rows = _MOST_ROWS_OF_PAGES if drawn.is_paged else _MOST_ROWS
    parameters = {
        "query_mode": "raw",
        "all_columns": columns,
        "order_by_cols": ordered,
        "row_limit": most_rows,
        **_table(drawn, columns),
    }
    query = {
        "columns": columns,
        "orderby": [[column, True] for column in drawn.order],
        "row_limit": most_rows,
    }
    return "table", parameters, query


def _metrics(drawn: ChartDefinition, columns: list[str]) -> tuple[str, Node, Node]:
    order = (
        [[drawn.order_metric, False]] if drawn.order_metric else [[column, True] for column in drawn.order]
    )
    parameters = {
        "query_mode": "aggregate",
        "groupby": columns,
        "metrics": list(drawn.metrics),
        "order_by_cols": [],
        "order_desc": bool(drawn.order_metric),
        "timeseries_limit_metric": drawn.order_metric or None,
        "row_limit": _MOST_ROWS,
        **_table(drawn, [*columns, *drawn.metrics]),
    }
    query = {
        "columns": columns,
        "metrics": list(drawn.metrics),
        "orderby": order,
        "row_limit": _MOST_ROWS,
    }
    return "table", parameters, query


def _table(drawn: ChartDefinition, columns: list[str]) -> Node:
    to_the_right = {*drawn.figures, *(drawn.metrics if not drawn.is_map else ())}
    return {
        "adhoc_filters": [],
        "server_pagination": drawn.is_paged,
        "server_page_length": _ROWS_OF_A_PAGE,
        "page_length": 0,
        "include_search": False,
        "allow_render_html": drawn.is_map,
        "show_cell_bars": False,
        "color_pn": False,
        "table_timestamp_format": "%d/%m/%Y",
        "temporal_columns_lookup": {},
        "column_config": {
            column: {
                "horizontalAlign": "right" if column in to_the_right else "left",
                **({"visible": False} if drawn.is_map and column == "tile_row" else {}),
                **({"d3NumberFormat": "d"} if column == "row_number" else {}),
            }
            for column in columns
        },
    }


def _over_axis(drawn: ChartDefinition, _: list[str]) -> tuple[str, Node, Node]:
    is_line = drawn.kind == "lines"
    parameters = {
        "x_axis": drawn.x,
        "time_grain_sqla": None,
        "x_axis_sort_asc": True,
        "xAxisLabelRotation": 45 if drawn.is_over_time else 0,
        # names of units are long: they stand beside their bars
        "orientation": "vertical" if drawn.is_over_time else "horizontal",
        "metrics": list(drawn.metrics),
        "groupby": [drawn.by] if drawn.by else [],
        "adhoc_filters": [],
        "order_desc": True,
        "row_limit": _MOST_ROWS,
        "stack": "Stack" if drawn.by else None,
        "y_axis_format": _NUMBER,
        "y_axis_bounds": [0, None],
        "truncateYAxis": False,
        "show_value": not drawn.by and not is_line,
        "show_legend": bool(drawn.by) or len(drawn.metrics) > 1,
        "legendType": "plain",
        "legendOrientation": "top",
        "rich_tooltip": True,
        "markerEnabled": is_line,
        "only_total": True,
        "color_scheme": "supersetColors",
        "truncate_metric": True,
        "sort_series_type": "name",
    }
    query = {
        "columns": [drawn.x, *([drawn.by] if drawn.by else [])],
        "metrics": list(drawn.metrics),
        "orderby": [[drawn.x, True]],
        "row_limit": _MOST_ROWS,
    }
    return ("echarts_timeseries_line" if is_line else "echarts_timeseries_bar"), parameters, query


def _query_context(query: Node, viz_type: str) -> Node:
    empty = {"filters": [], "extras": {"where": "", "having": ""}, "annotation_layers": [], "url_params": {}}
    return {
        # the importer puts the dataset's own number in
        "datasource": {"id": 0, "type": "table"},
        "force": False,
        "queries": [{**empty, **query}],
        "form_data": {"viz_type": viz_type},
        "result_format": "json",
        "result_type": "full",
    }
