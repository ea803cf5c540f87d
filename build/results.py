"""What became of each node of a command, as dbt wrote it into ``run_results.json``."""

import json
from dataclasses import dataclass
from pathlib import Path

# stands in compiled SQL for the id of the run that compiled it; no name of dbt's has braces
RUN = "{run}"


@dataclass(frozen=True, slots=True)
class NodeResult:
    """What became of one model, seed or test.

    Attributes:
        unique_id: dbt's.
        status: dbt's word (``success``, ``pass``, ``warn``, ``fail``, …).
        message: what dbt says of it.
        seconds: how long it took.
        sql: to what dbt compiled it, with ``RUN`` for the id of this run; empty where nothing was compiled.
    """

    unique_id: str
    status: str
    message: str
    seconds: float
    sql: str = ""


@dataclass(frozen=True, slots=True)
class Ran:
    """One run of dbt: its id, which what it has built by unit carries, and its nodes."""

    run: str = ""
    results: tuple[NodeResult, ...] = ()


def read_results(path: Path) -> Ran:
    """Read what dbt wrote about its nodes; nothing when it could not write it whole."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return Ran()
    run = str(found["metadata"]["invocation_id"])
    results = (
        NodeResult(
            unique_id=result["unique_id"],
            status=str(result["status"]),
            message=str(result["message"]),
            seconds=result["execution_time"],
            sql=(result.get("compiled_code") or "").replace(run, RUN),
        )
        for result in found["results"]
    )
    return Ran(run, tuple(results))
