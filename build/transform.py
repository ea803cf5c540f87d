"""One dbt layer, one process.

DuckDB takes one writer and each start of dbt costs seconds, so a DAG runs a layer a task through this module. It knows
how dbt is called and how a failure is told in plain words; what a layer holds is dbt's own business.
"""

import json
import logging
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from build.dbt import run_dbt
from build.inputs import NothingReceivedError, gather_inputs
from build.layers import LAYERS, Layer
from build.layers_built import (
    BuiltFrom,
    built_from,
    fingerprint_models,
    forget_layer,
    is_built_by,
    note_layer,
)
from ingest.durable import sync_file, sync_folder
from ingest.home import DBT_PROJECT, WarehouseHome
from ingest.troubles import telling_troubles, trouble_in

BAD_STATUSES = frozenset({"error", "fail", "runtime error"})
MESSAGE_LINES = 12


class TransformError(RuntimeError):
    """A layer did not build or one of its tests failed; the text names the nodes and says why."""


@dataclass(frozen=True, slots=True)
class LayerRun:
    """One layer that stands, built and tested.

    Attributes:
        layer: which.
        nodes: number of models, seeds and tests; none where nothing had to be done.
        seconds: how long it took, start-up included.
        is_full: it was built from nothing, and not only brought up to date.
        warnings: what tests that stop nothing have found; the task's log shows them too.
    """

    layer: Layer
    nodes: int
    seconds: float
    is_full: bool
    warnings: tuple[str, ...] = ()


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
    wanted = BuiltFrom(as_of, _fingerprint_inputs(home, as_of))
    return tuple(
        run_layer(home, each, as_of, project)
        for each in LAYERS[: LAYERS.index(layer) + 1]
        if not _stands(home, each, wanted, project)
    )


def is_up_to_date(home: WarehouseHome, now: datetime, project: Path = DBT_PROJECT) -> bool:
    """Tell whether the working database is built from all that has been received, by this code.

    Where nothing has been received there is nothing to build.
    """
    wanted = _fingerprint_inputs(home, now)
    if not wanted:
        return True
    code = fingerprint_models(project)
    found = [built_from(home, layer, code) for layer in LAYERS]
    # seeds are the same for every instant
    sources = {source for source in found[1:] if source is not None}
    return None not in found and len(sources) == 1 and {source.inputs for source in sources} == {wanted}


@telling_troubles()
def run_layer(home: WarehouseHome, layer: Layer, as_of: datetime, project: Path = DBT_PROJECT) -> LayerRun:
    """Build one layer in the working database and run its tests.

    A layer that this code has built and tested to its end before is brought up to date; any other is built from nothing,
    as is one whose last build was cut off or failed a test: a test looks only at what a build has built. Seeds hold nothing but
    this code, so once they stand there is nothing to do.

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
    fingerprint = fingerprint_models(project)
    is_full = not is_built_by(home, layer, fingerprint)
    target = home.dbt / "target"
    results = target / "run_results.json"
    results.unlink(missing_ok=True)
    if layer == "seed" and not is_full:
        return LayerRun(layer=layer, nodes=0, seconds=time.monotonic() - started, is_full=False)
    source = BuiltFrom(as_of, _fingerprint_inputs(home, as_of))
    forget_layer(home, layer)
    finished = run_dbt(
        _arguments(layer, is_full=is_full),
        home,
        {"WAREHOUSE_AS_OF": as_of.astimezone(UTC).isoformat()},
        project=project,
    )
    nodes = _read_results(results)
    if finished.returncode != 0:
        output = finished.stdout + finished.stderr
        trouble = trouble_in(output + "".join(f"\n{node['message']}" for node in nodes))
        raise trouble or TransformError(f"dbt layer {layer}: {_reason(nodes, output)}")
    if not nodes:
        raise TransformError(f"dbt layer {layer}: there is nothing to build in it")
    # an edition takes its dictionary from here, also one that is made after a power cut from layers that stand
    sync_file(target / "manifest.json")
    sync_folder(target)
    note_layer(home, layer, fingerprint, source)
    warnings = tuple(f"{node['unique_id']}: {node['message']}" for node in nodes if node["status"] == "warn")
    for warning in warnings:
        logging.getLogger(__name__).warning("dbt layer %s: %s", layer, warning)
    seconds = time.monotonic() - started
    return LayerRun(layer=layer, nodes=len(nodes), seconds=seconds, is_full=is_full, warnings=warnings)


def _stands(home: WarehouseHome, layer: Layer, wanted: BuiltFrom, project: Path) -> bool:
    found = built_from(home, layer, fingerprint_models(project))
    return found is not None and (layer == "seed" or found == wanted)


def _fingerprint_inputs(home: WarehouseHome, as_of: datetime) -> str:
    try:
        return gather_inputs(home, as_of).fingerprint
    except NothingReceivedError:
        return ""


def _arguments(layer: Layer, *, is_full: bool) -> list[str]:
    path = "path:seeds" if layer == "seed" else f"path:models/{layer}"
    arguments = [
        "build",
        "--select",
        path,
        # a test that also reads a later layer waits for that layer
        "--indirect-selection",
        "buildable",
        # what they test is the project's SQL with rows of their own: CI's business, seconds of every refresh
        "--exclude-resource-type",
        "unit_test",
    ]
    # validated rows know themselves what they were validated by
    return [*arguments, "--full-refresh"] if is_full and layer != "staging" else arguments


def _read_results(results: Path) -> list[dict[str, Any]]:
    """Read what dbt wrote about its nodes; nothing when it could not write it whole."""
    try:
        return list(json.loads(results.read_text(encoding="utf-8"))["results"])
    except (FileNotFoundError, ValueError):
        return []


def _reason(nodes: list[dict[str, Any]], output: str) -> str:
    failures = [
        f"{node['unique_id']}: {node['message']}" for node in nodes if str(node["status"]) in BAD_STATUSES
    ]
    if failures:
        return "; ".join(failures)
    return "\n".join(output.strip().splitlines()[-MESSAGE_LINES:])
