"""The bundle that Superset imports: one file a connection, dataset, chart and dashboard, and what is stale of it.

metadata.yaml
databases/kho_so_lieu.yaml
datasets/kho_so_lieu/<name>.yaml
charts/<dashboard>_<number>.yaml
dashboards/<slug>.yaml
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from ingest.home import DBT_PROJECT, PROJECT_ROOT
from publish.catalogue.dictionary import PublishedColumn, read_declared_tables
from publish.catalogue.semantic_layer import read_indicators
from publish.dashboards.charts import Chart, make_chart
from publish.dashboards.definitions import read_definitions
from publish.dashboards.identity import uuid_of
from publish.dashboards.pages import make_dashboard
from publish.dashboards.tables import Dataset, Metric, dashboard_datasets, is_time, published_datasets
from publish.editions.contents.unit_views import unit_views
from publish.editions.edition import PUBLISHED_SCHEMAS

BUNDLE = PROJECT_ROOT / "bi" / "bundle"
DATABASE = "Kho số liệu"
_FOLDER = "kho_so_lieu"
# The file is put in at each query by bi/superset_config.py: that of the edition which the page shows.
_URI = "duckdb:////editions/current.duckdb?access_mode=read_only"
# Nothing but the edition: no file, no network, no extension, no variable of Superset's own, and no way to take it back; how much
# memory it may have says bi/query_limits.py.
_LOCKED = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "python_enable_replacements": "false",
    "lock_configuration": "true",
}
# the same in every bundle: a time of its own would make each one stale
_WRITTEN = "2026-01-01T00:00:00+00:00"

Node = dict[str, Any]


def render_bundle() -> dict[str, str]:
    """Give the files of the bundle by their paths in it."""
    definitions = read_definitions()
    declared = read_declared_tables(DBT_PROJECT / "models", PUBLISHED_SCHEMAS)
    tables = [table for table in (*declared, *unit_views(declared)) if table.schema_name in PUBLISHED_SCHEMAS]
    shown = dashboard_datasets(definitions, declared)
    datasets = {dataset.name: dataset for dataset in shown}
    files: dict[str, Node] = {
        "metadata.yaml": {"version": "1.0.0", "type": "assets", "timestamp": _WRITTEN},
        f"databases/{_FOLDER}.yaml": _database(),
    }
    for dataset in (*published_datasets(tables, read_indicators(), definitions.additive), *shown):
        place = f"{dataset.schema_name}.{dataset.name}" if dataset.schema_name else dataset.name
        files[f"datasets/{_FOLDER}/{place}.yaml"] = _dataset(dataset)
    for dashboard in definitions.dashboards:
        rows: list[list[Chart]] = []
        for row in dashboard.rows:
            rows.append(
                [make_chart(chart, dashboard.title, datasets, definitions.forms) for chart in row.charts]
            )
        for number, chart in enumerate((chart for row in rows for chart in row), start=1):
            place = "edition" if chart.definition.ref else f"{dashboard.slug}_{number:02}"
            files[f"charts/{place}.yaml"] = chart.content
        files[f"dashboards/{dashboard.slug}.yaml"] = make_dashboard(dashboard, rows)
    return {path: _yaml(content) for path, content in sorted(files.items())}


def stale_files(folder: Path = BUNDLE) -> tuple[str, ...]:
    """Give the files that are missing, are others than they would be written, or should not be there."""
    wanted = render_bundle()
    there = _read(folder)
    return tuple(sorted(path for path in {*wanted, *there} if wanted.get(path) != there.get(path)))


def write_bundle(folder: Path = BUNDLE) -> None:
    """Write the bundle anew; files that do not belong to it go."""
    wanted = render_bundle()
    for path in _read(folder).keys() - wanted.keys():
        (folder / path).unlink()
    for path, content in wanted.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(content, encoding="utf-8")


def _read(folder: Path) -> Mapping[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*.yaml"))
    }


def _database() -> Node:
    return {
        "database_name": DATABASE,
        "sqlalchemy_uri": _URI,
        "cache_timeout": None,
        "expose_in_sqllab": True,
        "allow_run_async": False,
        "allow_ctas": False,
        "allow_cvas": False,
        "allow_dml": False,
        "allow_csv_upload": False,
        "extra": {
            "engine_params": {"connect_args": {"config": dict(_LOCKED)}},
            "allows_virtual_table_explore": True,
            "cancel_query_on_windows_unload": True,
            "disable_data_preview": False,
        },
        "impersonate_user": False,
        "uuid": uuid_of("database", _FOLDER),
        "version": "1.0.0",
    }


def _dataset(dataset: Dataset) -> Node:
    return {
        "table_name": dataset.name,
        "main_dttm_col": dataset.time_column,
        "description": f"{dataset.label_vi}. {dataset.description_vi}",
        "default_endpoint": None,
        "offset": 0,
        "cache_timeout": None,
        "catalog": None,
        "schema": dataset.schema_name,
        "sql": dataset.sql,
        "params": None,
        "template_params": None,
        "filter_select_enabled": True,
        "fetch_values_predicate": None,
        # people choose among the metrics that are there; none is made by dragging a column
        "extra": {"disallow_adhoc_metrics": True},
        "normalize_columns": False,
        "always_filter_main_dttm": False,
        "uuid": uuid_of("dataset", dataset.name),
        "metrics": [_metric(metric) for metric in dataset.metrics],
        "columns": [_column(column) for column in dataset.columns],
        "version": "1.0.0",
        "database_uuid": uuid_of("database", _FOLDER),
    }


def _metric(metric: Metric) -> Node:
    return {
        "metric_name": metric.name,
        "verbose_name": metric.label_vi,
        "metric_type": None,
        "expression": metric.sql,
        "description": metric.description_vi,
        "d3format": metric.number_format or None,
        "currency": None,
        "extra": {},
        "warning_text": None,
    }


def _column(column: PublishedColumn) -> Node:
    return {
        "column_name": column.name,
        "verbose_name": column.label_vi,
        "is_dttm": is_time(column),
        "is_active": True,
        "type": column.data_type.upper(),
        "advanced_data_type": None,
        "groupby": True,
        "filterable": True,
        "expression": None,
        "description": column.description_vi or None,
        "python_date_format": None,
        "extra": {},
    }


def _yaml(content: Node) -> str:
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=110)
