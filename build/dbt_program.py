"""dbt as a program that takes command after command: ``python -m build.dbt_program``, started by ``build.dbt.DbtProcess``.

On its input a line a command, as JSON: ``{"arguments": ["build", "--select", …], "environment": {"WAREHOUSE_AS_OF": …}}``, the
first of them a ``parse``. On its output ``done`` or ``failed`` for each; what dbt itself says goes to the error stream. When
the input ends, whoever started it has ended: so does this program, in the middle of a command too, or it would hold the
database's lock for nobody.
"""

import gc
import json
import os
import queue
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.adapters.factory import reset_adapters
from dbt.artifacts.schemas.run import RunExecutionResult
from dbt.cli.exceptions import DbtUsageException
from dbt.cli.main import dbtRunner
from dbt.contracts.graph.manifest import Manifest

RUN_RESULTS = "run_results.json"


def main() -> int:
    """Answer until the input ends; what dbt prints must not be taken for an answer, so the streams are parted first."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    program = _Program()
    surroundings = dict(os.environ)
    for request in _requests():
        os.environ.update(request["environment"])
        is_done = program.run(request["arguments"])
        os.environ.clear()
        os.environ.update(surroundings)
        _let_go_of_database()
        sys.stdout.flush()
        sys.stderr.flush()
        print("done" if is_done else "failed", file=answers, flush=True)
    return 0


class _Program:
    """Commands of dbt on one project, as it was read last."""

    def __init__(self) -> None:
        self._project = Manifest()

    def run(self, arguments: list[str]) -> bool:
        """Run one command; tells whether it did all that was asked."""
        is_reading = "parse" in arguments
        # each command gets the project as it was read: a run notes in its nodes to what they were compiled
        manifest = None if is_reading else self._project.deepcopy()  # type: ignore[no-untyped-call]
        result = dbtRunner(manifest).invoke(arguments)
        if isinstance(result.result, Manifest):
            self._project = result.result
            _keep_what_was_read()
        elif isinstance(result.result, RunExecutionResult):
            result.result.write(str(Path(os.environ["DBT_TARGET_PATH"], RUN_RESULTS)))
        if isinstance(result.exception, DbtUsageException):  # every other one dbt has told
            print(result.exception, file=sys.stderr)
        return result.success


def _requests() -> Iterator[dict[str, Any]]:
    """Give what is asked for, listening all the while for the end of whoever asks."""
    waiting: queue.SimpleQueue[str] = queue.SimpleQueue()

    def listen() -> None:
        for line in sys.stdin:
            waiting.put(line)
        os._exit(0)

    threading.Thread(target=listen, daemon=True).start()
    while True:
        yield json.loads(waiting.get())


def _keep_what_was_read() -> None:
    """Take what was imported and read out of what Python searches for garbage: a million objects, again and again."""
    gc.collect()
    gc.freeze()


def _let_go_of_database() -> None:
    """Close what dbt's adapter keeps open for the next command: between two of them the database is somebody else's."""
    reset_adapters()  # type: ignore[no-untyped-call]
    DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]
    gc.collect()


if __name__ == "__main__":
    sys.exit(main())
