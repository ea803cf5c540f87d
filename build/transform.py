"""One dbt layer, one process.

DuckDB takes one writer and each start of dbt costs seconds, so a DAG runs a layer a task through this module. It knows
how dbt is called and how a failure is told in plain words; what a layer holds is dbt's own business.
"""

import json
import logging
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from build.dbt import run_dbt
from build.digests import Node, keep_nodes, nodes_kept, read_nodes
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
from build.staleness import LayerPlan, plan_layer
from ingest.durable import sync_file, sync_folder
from ingest.home import DBT_PROJECT, WarehouseHome
from ingest.troubles import telling_troubles, trouble_in

BAD_STATUSES = frozenset({"error", "fail", "runtime error"})
MESSAGE_LINES = 12
# what they test is the project's SQL with rows of their own: CI's business, seconds of every refresh
WITHOUT_UNIT_TESTS = ("--exclude-resource-type", "unit_test")


class TransformError(RuntimeError):
    """A layer did not build or one of its tests failed; the text names the nodes and says why."""


@dataclass(frozen=True, slots=True)
class LayerRun:
    """One layer that stands, built and tested.

    Attributes:
        layer: which.
        nodes: number of models, seeds and tests that were run; none where nothing had to be done.
        seconds: how long it took, start-up included.
        is_full: all of it was built from nothing, and not only what is stale.
        warnings: what tests that stop nothing have found; the task's log shows them too.
    """

    layer: Layer
    nodes: int
    seconds: float
    is_full: bool
    warnings: tuple[str, ...] = ()


@telling_troubles()
def build_up_to(
    home: WarehouseHome, layer: Layer, as_of: datetime, project: Path = DBT_PROJECT
) -> tuple[LayerRun, ...]:
    """Let a layer stand for an instant: builds it, and before it each earlier one, unless it stands already.

    A DAG runs a layer a task, and between two tasks another DAG may have built for another instant. Then what is there is
    not what this one means; so it is looked at, never taken for granted.

    Args:
        home: the warehouse to build in.
        layer: up to which.
        as_of: only submissions received by this instant count; timezone-aware.
        project: the dbt project.

    Raises:
        TransformError: see ``run_layer``.
    """
    wanted = BuiltFrom(as_of, _received(home, as_of))
    return tuple(
        run_layer(home, each, as_of, project)
        for each in LAYERS[: LAYERS.index(layer) + 1]
        if not _stands(home, each, wanted, project)
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
    started = time.monotonic()
    built = LayerBuilt(fingerprint_models(project), BuiltFrom(as_of, _received(home, as_of)))
    nodes = _nodes(home, layer, built.code, project)
    plan = _plan(home, layer, nodes, built.source)
    if not any(node.layer == layer for node in nodes):
        raise TransformError(f"dbt layer {layer}: there is nothing to build in it")
    forget(home, layer, plan.nodes)
    results = _build(home, plan, as_of, project)
    _sync_manifest(home)
    for leftover in drop_leftovers(home, nodes):
        logging.getLogger(__name__).info("dbt layer %s: no model makes %s any more", layer, leftover)
    note(home, layer, built, plan.nodes)
    return LayerRun(
        layer=layer,
        nodes=len(results),
        seconds=time.monotonic() - started,
        is_full=plan.is_full,
        warnings=_warnings(layer, results),
    )


def _build(home: WarehouseHome, plan: LayerPlan, as_of: datetime, project: Path) -> list[dict[str, Any]]:
    environment = {
        "WAREHOUSE_AS_OF": as_of.astimezone(UTC).isoformat(),
        "WAREHOUSE_FULL_REFRESH": " ".join(plan.made_from_nothing),
    }
    results: list[dict[str, Any]] = []
    if plan.selected:
        arguments = _building(plan.selected)
        results += _run(home, plan.layer, arguments, environment, project)
    left = plan.left_to_test({str(result["unique_id"]) for result in results})
    if left:
        results += _run(
            home, plan.layer, ["test", "--select", *left, *WITHOUT_UNIT_TESTS], environment, project
        )
    return results


def _run(
    home: WarehouseHome, layer: Layer, arguments: list[str], environment: dict[str, str], project: Path
) -> list[dict[str, Any]]:
    """Run one command of dbt; gives what became of each node."""
    path = home.dbt / "target" / "run_results.json"
    path.unlink(missing_ok=True)
    finished = run_dbt(arguments, home, environment, project=project)
    results = _read_results(path)
    if finished.returncode != 0:
        output = finished.stdout + finished.stderr
        trouble = trouble_in(output + "".join(f"\n{result['message']}" for result in results))
        raise trouble or TransformError(f"dbt layer {layer}: {_reason(results, output)}")
    if not results:
        raise TransformError(f"dbt layer {layer}: there is nothing to build in it")
    return results


def _nodes(home: WarehouseHome, layer: Layer, code: str, project: Path) -> tuple[Node, ...]:
    """What the project holds; dbt reads it anew only where a file has changed since it last did."""
    kept = nodes_kept(home, code)
    if kept is None:
        finished = run_dbt(["parse"], home, {"WAREHOUSE_AS_OF": ""}, project=project)
        if finished.returncode != 0:
            output = finished.stdout + finished.stderr
            raise trouble_in(output) or TransformError(f"dbt layer {layer}: {_reason([], output)}")
        kept = read_nodes(home.dbt / "target" / "manifest.json", project)
        _sync_manifest(home)
        keep_nodes(home, code, kept)
    return kept


def _sync_manifest(home: WarehouseHome) -> None:
    """An edition takes its dictionary from there, also one that is made after a power cut from layers that stand."""
    sync_file(home.dbt / "target" / "manifest.json")
    sync_folder(home.dbt / "target")


def _plan(home: WarehouseHome, layer: Layer, nodes: tuple[Node, ...], source: BuiltFrom) -> LayerPlan:
    found = layer_built(home, layer)
    return plan_layer(
        layer,
        nodes,
        digests_built(home),
        is_source_the_same=found is not None and found.source == source,
    )


def _stands(home: WarehouseHome, layer: Layer, wanted: BuiltFrom, project: Path) -> bool:
    found = layer_built(home, layer)
    if found is None or (layer != "seed" and found.source != wanted):
        return False
    code = fingerprint_models(project)
    if found.code == code:
        return True
    nodes = _nodes(home, layer, code, project)
    if _plan(home, layer, nodes, found.source).stale:
        return False
    # other files have changed, none that this layer is built by
    note(home, layer, LayerBuilt(code, found.source))
    return True


def _received(home: WarehouseHome, as_of: datetime) -> str:
    try:
        return gather_inputs(home, as_of).received
    except NothingReceivedError:
        return ""


def _building(selected: Iterable[str]) -> list[str]:
    return [
        "build",
        "--select",
        *selected,
        # a test that also reads a later layer waits for that layer
        "--indirect-selection",
        "buildable",
        *WITHOUT_UNIT_TESTS,
    ]


def _warnings(layer: Layer, results: list[dict[str, Any]]) -> tuple[str, ...]:
    found = tuple(
        f"{result['unique_id']}: {result['message']}" for result in results if result["status"] == "warn"
    )
    for warning in found:
        logging.getLogger(__name__).warning("dbt layer %s: %s", layer, warning)
    return found


def _read_results(path: Path) -> list[dict[str, Any]]:
    """Read what dbt wrote about its nodes; nothing when it could not write it whole."""
    try:
        return list(json.loads(path.read_text(encoding="utf-8"))["results"])
    except (FileNotFoundError, ValueError):
        return []


def _reason(results: list[dict[str, Any]], output: str) -> str:
    failures = [
        f"{result['unique_id']}: {result['message']}"
        for result in results
        if str(result["status"]) in BAD_STATUSES
    ]
    if failures:
        return "; ".join(failures)
    return "\n".join(output.strip().splitlines()[-MESSAGE_LINES:])
