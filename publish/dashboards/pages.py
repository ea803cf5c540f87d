"""Dashboards as Superset keeps them: where each chart stands, what filters there are and which charts they reach."""

from collections.abc import Sequence
from typing import Any

from publish.dashboards.charts import Chart
from publish.dashboards.definitions import DashboardDefinition, FilterDefinition
from publish.dashboards.identity import uuid_of
from publish.dashboards.links import filter_id

Node = dict[str, Any]

# what a status looks like wherever it is drawn; each has enough contrast with white
_COLOURS = {"Đúng hạn": "#117864", "Quá hạn": "#b9770e", "Chưa gửi": "#922b21", "Chưa tiếp nhận": "#6c3483"}
_FIRST_CHART = 1
# A map in another order is none, so nobody sorts it by its heads; when something was last changed in Superset says nothing
# of the figures; the search within a page of rows names columns in English, and filters find more.
_CSS = """
table:has(td > div[style*="min-height:74px"]) th { pointer-events: none; }
[data-test="metadata-bar"], .search-select-container { display: none; }
"""


def make_dashboard(definition: DashboardDefinition, charts: Sequence[Sequence[Chart]]) -> Node:
    """Make the file of a dashboard.

    Args:
        definition: its title, its filters, the height of its rows.
        charts: those of each row.
    """
    numbered = {
        chart.uuid: number
        for number, chart in enumerate((chart for row in charts for chart in row), start=_FIRST_CHART)
    }
    return {
        "dashboard_title": definition.title,
        "description": definition.description,
        "css": _CSS,
        "slug": definition.slug,
        "certified_by": None,
        "certification_details": None,
        "published": True,
        "uuid": uuid_of("dashboard", definition.slug),
        "position": _position(definition, charts, numbered),
        "metadata": _metadata(definition, charts, numbered),
        "version": "1.0.0",
    }


def _position(
    definition: DashboardDefinition, charts: Sequence[Sequence[Chart]], numbered: dict[str, int]
) -> Node:
    rows = [f"ROW-{number}" for number in range(1, len(charts) + 1)]
    position: Node = {
        "DASHBOARD_VERSION_KEY": "v2",
        "ROOT_ID": {"id": "ROOT_ID", "type": "ROOT", "children": ["GRID_ID"]},
        "GRID_ID": {"id": "GRID_ID", "type": "GRID", "children": rows, "parents": ["ROOT_ID"]},
        "HEADER_ID": {"id": "HEADER_ID", "type": "HEADER", "meta": {"text": definition.title}},
    }
    for row, described, stood in zip(rows, definition.rows, charts, strict=True):
        keys = [f"CHART-{numbered[chart.uuid]}" for chart in stood]
        notes = [f"MARKDOWN-{row}"] if described.note else []
        position[row] = {
            "id": row,
            "type": "ROW",
            "children": [*keys, *notes],
            "parents": ["ROOT_ID", "GRID_ID"],
            "meta": {"background": "BACKGROUND_TRANSPARENT"},
        }
        for note in notes:
            position[note] = {
                "id": note,
                "type": "MARKDOWN",
                "children": [],
                "parents": ["ROOT_ID", "GRID_ID", row],
                "meta": {"code": described.note, "width": 12, "height": described.height},
            }
        for key, chart in zip(keys, stood, strict=True):
            position[key] = {
                "id": key,
                "type": "CHART",
                "children": [],
                "parents": ["ROOT_ID", "GRID_ID", row],
                "meta": {
                    "chartId": numbered[chart.uuid],
                    "uuid": chart.uuid,
                    "sliceName": chart.name,
                    "width": chart.definition.width,
                    "height": described.height,
                },
            }
    return position


def _metadata(
    definition: DashboardDefinition, charts: Sequence[Sequence[Chart]], numbered: dict[str, int]
) -> Node:
    stood = [chart for row in charts for chart in row]
    return {
        "native_filter_configuration": [
            _filter(definition, described, stood, numbered) for described in definition.filters
        ],
        "filter_bar_orientation": "VERTICAL",
        # a click on a unit would be asked for together with the filter's own unit, and find nothing: boxes of the map are
        # links instead, which change the filter
        "cross_filters_enabled": False,
        "chart_configuration": {},
        "refresh_frequency": 0,
        "timed_refresh_immune_slices": [],
        "expanded_slices": {},
        "default_filters": "{}",
        "color_scheme": "supersetColors",
        "label_colors": _COLOURS,
        "shared_label_colors": [],
    }


def _filter(
    definition: DashboardDefinition,
    described: FilterDefinition,
    charts: Sequence[Chart],
    numbered: dict[str, int],
) -> Node:
    left_alone = [
        numbered[chart.uuid]
        for chart in charts
        if chart.definition.key in described.not_for
        or chart.definition.ref
        or (chart.definition.is_of_all_periods and described.column == "period_label_vi")
    ]
    return {
        "id": filter_id(definition, described.column),
        "name": described.name,
        "description": "",
        "type": "NATIVE_FILTER",
        "filterType": "filter_select",
        "targets": [
            {"datasetUuid": uuid_of("dataset", described.dataset), "column": {"name": described.column}}
        ],
        "controlValues": {
            "enableEmptyFilter": described.is_first_taken or bool(described.default),
            "defaultToFirstItem": described.is_first_taken,
            "multiSelect": described.is_multiple,
            "searchAllOptions": False,
            "inverseSelection": False,
            "sortAscending": not described.order,
        },
        # charts wait until it is taken
        "requiredFirst": described.is_first_taken,
        "sortMetric": described.order or None,
        "defaultDataMask": _taken(described),
        "cascadeParentIds": [filter_id(definition, column) for column in described.depends_on],
        "scope": {"rootPath": ["ROOT_ID"], "excluded": left_alone},
        "chartsInScope": [number for number in numbered.values() if number not in left_alone],
        "tabsInScope": [],
    }


def _taken(described: FilterDefinition) -> Node:
    if not described.default:
        return {"extraFormData": {}, "filterState": {}, "ownState": {}}
    return {
        "extraFormData": {"filters": [{"col": described.column, "op": "IN", "val": [described.default]}]},
        "filterState": {"value": [described.default], "label": described.default},
        "ownState": {},
    }
