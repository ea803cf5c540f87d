"""What goes over to Spark and what comes back, read from dbt's manifest: tables with what is promised of their columns."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from build.engines import LAYERS_ON_SPARK
from build.layers import Layer


@dataclass(frozen=True, slots=True)
class Column:
    """A column that a contract promises; ``data_type`` as DuckDB calls it."""

    name: str
    data_type: str
    is_required: bool


@dataclass(frozen=True, slots=True)
class Relation:
    """A table of the working database.

    Attributes:
        schema_name: its schema, which is that of its layer.
        name: of the table.
        columns: those of its contract, in their order; none where it has no contract.
    """

    schema_name: str
    name: str
    columns: tuple[Column, ...] = ()


def read_handed_over(manifest: Path) -> tuple[Relation, ...]:
    """Name what the layers on Spark, and their tests, read of earlier ones: seeds, judged rows, raw tables, and no more.

    Args:
        manifest: ``manifest.json`` as dbt wrote it.
    """
    read = json.loads(manifest.read_text(encoding="utf-8"))
    nodes: Mapping[str, dict[str, Any]] = read["nodes"]
    found = set()
    for node in nodes.values():
        parents = node["depends_on"].get("nodes", [])
        is_test_there = node["resource_type"] == "test" and any(
            parent in nodes and layer_of(nodes[parent]) in LAYERS_ON_SPARK for parent in parents
        )
        if is_test_there or layer_of(node) in LAYERS_ON_SPARK:
            for parent in parents:
                if parent in read["sources"]:
                    found.add(
                        Relation(read["sources"][parent]["schema"], read["sources"][parent]["identifier"])
                    )
                elif layer_of(nodes[parent]) not in LAYERS_ON_SPARK:
                    found.add(Relation(nodes[parent]["schema"], nodes[parent]["alias"]))
    return tuple(sorted(found, key=lambda relation: (relation.schema_name, relation.name)))


def read_layer(manifest: Path, layer: Layer) -> tuple[Relation, ...]:
    """Name the tables that the models of a layer make.

    Args:
        manifest: ``manifest.json`` as dbt wrote it.
        layer: one of those that Spark builds.
    """
    read = json.loads(manifest.read_text(encoding="utf-8"))
    models = [node for node in read["nodes"].values() if layer_of(node) == layer]
    return tuple(
        Relation(model["schema"], model["alias"], tuple(_columns(model)))
        for model in sorted(models, key=lambda model: str(model["alias"]))
    )


def layer_of(node: Mapping[str, Any]) -> str | None:
    """Name the layer of a model, by the folder that it lies in; None for all else."""
    return Path(node["path"]).parts[0] if node["resource_type"] == "model" else None


def _columns(model: Mapping[str, Any]) -> Iterator[Column]:
    if model["config"]["contract"]["enforced"]:
        for column in model["columns"].values():
            kinds = {constraint["type"] for constraint in column["constraints"]}
            yield Column(column["name"], column["data_type"], "not_null" in kinds)
