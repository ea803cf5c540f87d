"""What dbt is asked to do for a layer, and what became of each node; a failure is told in plain words.

What of a layer has to be done is decided in ``build.staleness``, how dbt is started in ``build.dbt``.
"""

import json
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from build.dbt import DbtProcess
from build.layers import Layer
from build.staleness import LayerPlan
from ingest.home import WarehouseHome
from ingest.troubles import trouble_in

BAD_STATUSES = frozenset({"error", "fail", "runtime error"})
MESSAGE_LINES = 12
# what they test is the project's SQL with rows of their own: CI's business, seconds of every refresh
WITHOUT_UNIT_TESTS = ("--exclude-resource-type", "unit_test")


class TransformError(RuntimeError):
    """A layer did not build or one of its tests failed; the text names the nodes and says why."""


@dataclass(frozen=True, slots=True)
class NodeResult:
    """What became of one model, seed or test.

    Attributes:
        unique_id: dbt's.
        status: dbt's word (``success``, ``pass``, ``warn``, ``fail``, …).
        message: what dbt says of it.
        seconds: how long it took.
    """

    unique_id: str
    status: str
    message: str
    seconds: float


def read_project(dbt: DbtProcess, layer: Layer) -> None:
    """Have dbt read the project's files anew.

    Raises:
        TransformError: it does not understand them.
        WarehouseTroubleError: the disk is full, or may not be written.
    """
    finished = dbt.read_project()
    if not finished.is_success:
        raise trouble_in(finished.output) or TransformError(
            f"dbt layer {layer}: {_reason((), finished.output)}"
        )


def build_planned(
    dbt: DbtProcess, home: WarehouseHome, plan: LayerPlan, environment: Mapping[str, str]
) -> tuple[NodeResult, ...]:
    """Build and test what of a layer has to be.

    Args:
        dbt: of the project that the plan is of.
        home: the warehouse to build in.
        plan: what has to be done.
        environment: what models and macros are to know, as ``WAREHOUSE_AS_OF``.

    Raises:
        TransformError: a model failed to build, or a test found rows.
        WarehouseTroubleError: the disk is full, or another program has the working database open.
    """
    results: tuple[NodeResult, ...] = ()
    if plan.selected:
        results = _run(dbt, home, plan.layer, _building(plan.selected), environment)
    left = plan.left_to_test({result.unique_id for result in results})
    if left:
        testing = ["test", "--select", *left, *WITHOUT_UNIT_TESTS]
        results += _run(dbt, home, plan.layer, testing, environment)
    return results


def warnings_of(layer: Layer, results: Iterable[NodeResult]) -> tuple[str, ...]:
    """Give what tests that stop nothing have found; the log of whoever runs shows it too."""
    found = tuple(f"{result.unique_id}: {result.message}" for result in results if result.status == "warn")
    for warning in found:
        logging.getLogger(__name__).warning("dbt layer %s: %s", layer, warning)
    return found


def _run(
    dbt: DbtProcess, home: WarehouseHome, layer: Layer, arguments: list[str], environment: Mapping[str, str]
) -> tuple[NodeResult, ...]:
    path = home.dbt / "target" / "run_results.json"
    path.unlink(missing_ok=True)
    finished = dbt.run(arguments, environment)
    results = _read_results(path)
    if not finished.is_success:
        trouble = trouble_in(finished.output + "".join(f"\n{result.message}" for result in results))
        raise trouble or TransformError(f"dbt layer {layer}: {_reason(results, finished.output)}")
    if not results:
        raise TransformError(f"dbt layer {layer}: there is nothing to build in it")
    return results


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


def _read_results(path: Path) -> tuple[NodeResult, ...]:
    """Read what dbt wrote about its nodes; nothing when it could not write it whole."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))["results"]
    except (FileNotFoundError, ValueError):
        return ()
    return tuple(
        NodeResult(
            result["unique_id"], str(result["status"]), str(result["message"]), result["execution_time"]
        )
        for result in found
    )


def _reason(results: Iterable[NodeResult], output: str) -> str:
    failures = [
        f"{result.unique_id}: {result.message}" for result in results if result.status in BAD_STATUSES
    ]
    if failures:
        return "; ".join(failures)
    return "\n".join(output.strip().splitlines()[-MESSAGE_LINES:])
