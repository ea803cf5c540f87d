"""What dbt is asked to do for a layer, and what became of each node; a failure is told in plain words.

What of a layer has to be done is decided in ``build.staleness``, how dbt is started in ``build.dbt``.
"""

import logging
import os
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Protocol

from build.dbt import DbtProcess, Finished
from build.layers import Layer
from build.layers_built import ask_built
from build.results import NodeResult, Ran, read_results
from build.staleness import LayerPlan
from build.tests_kept import find_passed, keep_tests, tests_kept
from ingest.home import WarehouseHome
from ingest.troubles import trouble_in

BAD_STATUSES = frozenset({"error", "fail", "runtime error"})
MESSAGE_LINES = 12
# what they test is the project's SQL with rows of their own: CI's business, seconds of every refresh
WITHOUT_UNIT_TESTS = ("--exclude-resource-type", "unit_test")
# of two large tables that are built at once each waits for the other (docs/decisions/0008-large-tables-by-unit.md), of small ones
# each leaves a core idle while dbt thinks
ROWS_AT_ONCE, ROWS_AT_ONCE_DEFAULT = "WAREHOUSE_ROWS_AT_ONCE", "20000000"  # as in macros/by_unit/slices.sql
ONE_AT_A_TIME = ("--threads", "1")


class TransformError(RuntimeError):
    """A layer did not build or one of its tests failed; the text names the nodes and says why."""


class Dbt(Protocol):
    """A dbt that takes commands, on whatever engine."""

    @property
    def results(self) -> Path:
        """Where it writes what became of its nodes."""

    @property
    def is_of_database(self) -> bool:
        """Whether it builds in the working database itself, which can be asked without it."""

    def run(self, arguments: list[str], environment: Mapping[str, str]) -> Finished:
        """Run one command to its end, with variables that are set for it alone."""


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
    dbt: Dbt, home: WarehouseHome, plan: LayerPlan, environment: Mapping[str, str]
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
    kept = tests_kept(home, plan.tests) if dbt.is_of_database else {}
    ran = Ran()
    if plan.is_for_dbt(kept):
        at_once = ONE_AT_A_TIME if dbt.is_of_database and _is_large(home) else ()
        ran = _run(dbt, plan.layer, [*_building(plan, kept), *at_once], environment)
    results = ran.results + (find_passed(home, kept, ran.run) if kept else ())
    left = plan.left_to_test({result.unique_id for result in results})
    if left:
        testing = ["test", "--select", *left, *WITHOUT_UNIT_TESTS]
        results += _run(dbt, plan.layer, testing, environment).results
    if dbt.is_of_database:
        keep_tests(home, plan.nodes, results)
    return results


def warnings_of(layer: Layer, results: Iterable[NodeResult]) -> tuple[str, ...]:
    """Give what tests that stop nothing have found; the log of whoever runs shows it too."""
    found = tuple(f"{result.unique_id}: {result.message}" for result in results if result.status == "warn")
    for warning in found:
        logging.getLogger(__name__).warning("dbt layer %s: %s", layer, warning)
    return found


def _run(dbt: Dbt, layer: Layer, arguments: list[str], environment: Mapping[str, str]) -> Ran:
    dbt.results.unlink(missing_ok=True)
    finished = dbt.run(arguments, environment)
    ran = read_results(dbt.results)
    if not finished.is_success:
        trouble = trouble_in(finished.output + "".join(f"\n{result.message}" for result in ran.results))
        raise trouble or TransformError(f"dbt layer {layer}: {_reason(ran.results, finished.output)}")
    if not ran.results:
        raise TransformError(f"dbt layer {layer}: there is nothing to build in it")
    return ran


def _building(plan: LayerPlan, kept: Collection[str]) -> list[str]:
    selected = ["--select", *plan.selected, *plan.tests_for_dbt(kept)]
    excluded = ["--exclude", *plan.excluded] if plan.excluded else []
    # tests are named one by one: dbt's own choice would leave out those that read several tables
    return ["build", *selected, *excluded, "--indirect-selection", "empty", *WITHOUT_UNIT_TESTS]


def _is_large(home: WarehouseHome) -> bool:
    rows = ask_built(home, "select sum(estimated_size) from duckdb_tables() where schema_name = 'raw'")
    return bool(rows and rows[0][0] and rows[0][0] > int(os.environ.get(ROWS_AT_ONCE, ROWS_AT_ONCE_DEFAULT)))


def _reason(results: Iterable[NodeResult], output: str) -> str:
    failures = [
        f"{result.unique_id}: {result.message}" for result in results if result.status in BAD_STATUSES
    ]
    if failures:
        return "; ".join(failures)
    return "\n".join(output.strip().splitlines()[-MESSAGE_LINES:])
