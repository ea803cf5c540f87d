"""Metrics by name, as MetricFlow defines them: the YAML of dbt's semantic layer says what they are, nothing here does.

MetricFlow writes the SQL and the open edition answers it, so an answer takes the time of its query and not that of starting
dbt, as ``make query`` does. Definitions are those by which the home was last built (``semantic_manifest.json`` in its folder
of dbt); where there is none, or it is closed to the reader, dbt is asked for them once, which takes some ten seconds.
"""

import json
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any

from build.dbt import run_dbt
from ingest.home import WarehouseHome

SEMANTIC_MANIFEST = Path("target") / "semantic_manifest.json"


class MetricsError(ValueError):
    """MetricFlow knows no such metric, or cannot group it like that; the text is its own."""


class DuckDbDialect:
    """What MetricFlow must know of a database to write SQL for it, in the shape of its ``SqlClient``."""

    def __init__(self) -> None:
        from metricflow.protocols.sql_client import SqlEngine
        from metricflow.sql.render.duckdb_renderer import DuckDbSqlPlanRenderer

        self.sql_engine_type = SqlEngine.DUCKDB
        self.sql_plan_renderer = DuckDbSqlPlanRenderer()


class SemanticLayer:
    """The definitions of metrics, and SQL for them; read when the first metric is asked for."""

    def __init__(self, home: WarehouseHome | None, catalog: str) -> None:
        """Args are the home whose definitions hold, if any, and the catalog in which its tables are found."""
        self._home = home
        self._catalog = catalog

    def names(self) -> list[tuple[str, str, str]]:
        """Give name, Vietnamese label and unit of measure of every metric."""
        return [
            (metric["name"], metric["label"] or "", str(_meta_of(metric).get("uom", "")))
            for metric in self._manifest["metrics"]
        ]

    def sql(self, metrics: Sequence[str], by: Sequence[str], where: Sequence[str]) -> str:
        """Give the SQL that answers for some metrics.

        Args:
            metrics: their names.
            by: what to group by (``metric_time__half_year``, ``unit__unit_name``).
            where: conditions as MetricFlow writes them (``{{ Dimension('period__period_code') }} = '2023H1'``).

        Raises:
            MetricsError: there is no such metric, or it cannot be grouped like that.
        """
        from metricflow.engine.metricflow_engine import MetricFlowQueryRequest
        from metricflow_semantics.errors.error_classes import InvalidQueryException

        request = MetricFlowQueryRequest.create(
            metric_names=list(metrics),
            group_by_names=list(by),
            where_constraints=list(where),
            order_by_names=list(by),
        )
        try:
            return str(self._engine.explain(request).sql_statement.sql)
        except InvalidQueryException as error:
            raise MetricsError(str(error)) from error

    @cached_property
    def _engine(self) -> Any:
        from metricflow.engine.metricflow_engine import MetricFlowEngine
        from metricflow_semantics.model.dbt_manifest_parser import parse_manifest_from_dbt_generated_manifest
        from metricflow_semantics.model.semantic_manifest_lookup import SemanticManifestLookup

        parsed = parse_manifest_from_dbt_generated_manifest(json.dumps(self._manifest))
        return MetricFlowEngine(SemanticManifestLookup(parsed), DuckDbDialect())  # type: ignore[arg-type]

    @cached_property
    def _manifest(self) -> dict[str, Any]:
        manifest = json.loads(_read_definitions(self._home))
        _move(manifest, self._catalog)
        assert isinstance(manifest, dict)  # noqa: S101  # what dbt writes
        return manifest


def _read_definitions(home: WarehouseHome | None) -> str:
    if home is not None:
        with suppress(
            OSError
        ):  # nothing was built here, or the folder is the owner's alone and an analyst reads editions
            return (home.dbt / SEMANTIC_MANIFEST).read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        aside = WarehouseHome(Path(folder)).prepare()
        parsed = run_dbt(["parse"], aside, {})
        if parsed.returncode != 0:
            raise MetricsError(parsed.stdout.strip() or parsed.stderr.strip())
        return (aside.dbt / SEMANTIC_MANIFEST).read_text(encoding="utf-8")


def _move(node: object, catalog: str) -> None:
    """Let every table that the definitions stand on be found in another catalog."""
    if isinstance(node, list):
        for part in node:
            _move(part, catalog)
    elif isinstance(node, dict):
        if "relation_name" in node and "schema_name" in node:
            node["database"] = catalog
            node["relation_name"] = f'"{catalog}"."{node["schema_name"]}"."{node["alias"]}"'
        for part in node.values():
            _move(part, catalog)


def _meta_of(metric: dict[str, Any]) -> dict[str, Any]:
    config = metric.get("config") or {}
    meta = config.get("meta") or {}
    assert isinstance(meta, dict)  # noqa: S101  # the seed's words, written by publish.catalogue.semantic_layer
    return meta
