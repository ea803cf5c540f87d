"""The layers of the working database, brought to stand for an instant.

DuckDB takes one writer and each start of dbt costs seconds, so a DAG runs a layer a task through this module, and whoever
asks for several layers at once has one dbt for all of them. What a layer holds is dbt's own business.
"""

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from build.commands import TransformError, build_planned, read_project, warnings_of
from build.dbt import DbtProcess
from build.digests import read_nodes
from build.engines import engine_of
from build.inputs import NothingReceivedError, gather_inputs
from build.layers import LAYERS, Layer
from build.layers_built import (
    BuiltFrom,
    LayerBuilt,
    digests_built,
    drop_leftovers,
    fingerprint_models,
    forget,
    layer_built,
    note,
)
from build.nodes import Node, keep_nodes, nodes_kept
from build.results import NodeResult
from build.spark.building import SparkBuilding
from build.spark.submitting import Submit, submit_here
from build.staleness import LayerPlan, plan_layer
from ingest.durable import sync_file, sync_folder
from ingest.home import DBT_PROJECT, WarehouseHome
from ingest.troubles import telling_troubles


@dataclass(frozen=True, slots=True)
class LayerRun:
    """One layer that stands, built and tested.

    Attributes:
        layer: which.
        results: of the models, seeds and tests that were run; none where nothing had to be done.
        seconds: how long it took, start-up included.
        is_full: all of it was built from nothing, and not only what is stale.
        warnings: what tests that stop nothing have found; the task's log shows them too.
    """

    layer: Layer
    results: tuple[NodeResult, ...]
    seconds: float
    is_full: bool
    warnings: tuple[str, ...] = ()

    @property
    def nodes(self) -> int:
        """How many models, seeds and tests were run."""
        return len(self.results)


@telling_troubles()
def build_up_to(
    home: WarehouseHome,
    layer: Layer,
    as_of: datetime,
    project: Path = DBT_PROJECT,
    submit: Submit = submit_here,
) -> tuple[LayerRun, ...]:
    """Let a layer stand for an instant: builds it, and before it each earlier one, unless it stands already.

    A DAG runs a layer a task, and between two tasks another DAG may have built for another instant. Then what is there is
    not what this one means; so it is looked at, never taken for granted.

    Args:
        home: the warehouse to build in.
        layer: up to which.
        as_of: only submissions received by this instant count; timezone-aware.
        project: the dbt project.
        submit: starts Spark, where it is what builds the upper layers (``build.engines``).

    Raises:
        TransformError: see ``run_layer``.
        SparkMissingError: it is to build with Spark, which is not installed.
    """
    wanted = BuiltFrom(as_of, _received(home, as_of))
    with DbtProcess(home, project) as dbt:
        building = _Building(home, project, dbt, submit)
        return tuple(
            building.build(each, as_of)
            for each in LAYERS[: LAYERS.index(layer) + 1]
            if not building.stands(each, wanted)
        )


def is_up_to_date(home: WarehouseHome, now: datetime, project: Path = DBT_PROJECT) -> bool:
    """Tell whether the working database is built from all that has been received, by this code.

    Where nothing has been received there is nothing to build.
    """
    wanted = _received(home, now)
    if not wanted:
        return True
    code = fingerprint_models(project)
    found = [layer_built(home, layer) for layer in LAYERS]
    # seeds are the same for every instant
    sources = {built.source for built in found[1:] if built is not None}
    is_by_this_code = all(built is not None and built.code == code for built in found)
    return is_by_this_code and len(sources) == 1 and {source.inputs for source in sources} == {wanted}


@telling_troubles()
def run_layer(home: WarehouseHome, layer: Layer, as_of: datetime, project: Path = DBT_PROJECT) -> LayerRun:
    """Build one layer in the working database and run its tests.

    Models that were built by the same code to their end before are brought up to date; any other is built from nothing, as
    is one whose last build was cut off or failed a test (``build.staleness``). Where nothing but code has changed since the layer
    was built, the others are left alone. Seeds hold nothing but code, so once they stand there is nothing to do.

    Args:
        home: the warehouse to build in.
        layer: ``seed`` or the name of a folder under ``models``.
        as_of: only submissions received by this instant count; timezone-aware.
        project: the dbt project.

    Raises:
        TransformError: a model failed to build, a test found rows, or the layer holds nothing.
        WarehouseTroubleError: the disk is full, or another program has the working database open.
    """
    with DbtProcess(home, project) as dbt:
        return _Building(home, project, dbt, submit_here).build(layer, as_of)


@dataclass(frozen=True, slots=True)
class _Building:
    """One dbt at work on the layers of a warehouse."""

    home: WarehouseHome
    project: Path
    dbt: DbtProcess
    submit: Submit

    def build(self, layer: Layer, as_of: datetime) -> LayerRun:
        started = time.monotonic()
        built = LayerBuilt(fingerprint_models(self.project), BuiltFrom(as_of, _received(self.home, as_of)))
        nodes = self._nodes(layer, built.code)
        plan = self._plan(layer, nodes, built.source)
        if not any(node.layer == layer for node in nodes):
            raise TransformError(f"dbt layer {layer}: there is nothing to build in it")
        forget(self.home, layer, plan.nodes)
        environment = {
            "WAREHOUSE_AS_OF": as_of.astimezone(UTC).isoformat(),
            "WAREHOUSE_FULL_REFRESH": " ".join(plan.made_from_nothing),
        }
        results = self._run(plan, environment, f"{built}")
        _sync_manifest(self.home)
        for leftover in drop_leftovers(self.home, nodes):
            logging.getLogger(__name__).info("dbt layer %s: no model makes %s any more", layer, leftover)
        note(self.home, layer, built, plan.nodes)
        return LayerRun(
            layer=layer,
            results=results,
            seconds=time.monotonic() - started,
            is_full=plan.is_full,
            warnings=warnings_of(layer, results),
        )

    def _run(self, plan: LayerPlan, environment: Mapping[str, str], source: str) -> tuple[NodeResult, ...]:
        if engine_of(plan.layer) == "spark":
            spark = SparkBuilding(self.dbt, self.home, self.project, self.submit)
            return spark.build(plan, environment, source)
        return build_planned(self.dbt, self.home, plan, environment)

    def stands(self, layer: Layer, wanted: BuiltFrom) -> bool:
        """Tell whether a layer holds what it would be built from; notes it where only other files have changed."""
        found = layer_built(self.home, layer)
        if found is None or (layer != "seed" and found.source != wanted):
            return False
        code = fingerprint_models(self.project)
        if found.code == code:
            return True
        if self._plan(layer, self._nodes(layer, code), found.source).stale:
            return False
        # other files have changed, none that this layer is built by
        note(self.home, layer, LayerBuilt(code, found.source))
        return True

    def _plan(self, layer: Layer, nodes: tuple[Node, ...], source: BuiltFrom) -> LayerPlan:
        found = layer_built(self.home, layer)
        return plan_layer(
            layer,
            nodes,
            digests_built(self.home),
            is_source_the_same=found is not None and found.source == source,
        )

    def _nodes(self, layer: Layer, code: str) -> tuple[Node, ...]:
        """What the project holds; dbt reads it anew only where a file has changed since it last did."""
        kept = nodes_kept(self.home, code)
        if kept is None:
            read_project(self.dbt, layer)
            kept = read_nodes(self.home.dbt / "target" / "manifest.json", self.project)
            _sync_manifest(self.home)
            keep_nodes(self.home, code, kept)
        return kept


def _sync_manifest(home: WarehouseHome) -> None:
    """An edition takes its dictionary from there, also one that is made after a power cut from layers that stand."""
    sync_file(home.dbt / "target" / "manifest.json")
    sync_folder(home.dbt / "target")


def _received(home: WarehouseHome, as_of: datetime) -> str:
    try:
        return gather_inputs(home, as_of).received
    except NothingReceivedError:
        return ""
