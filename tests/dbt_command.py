"""How tests run dbt: each command is a process of its own, forked from one that has imported dbt and read the project.

Started from nothing, a command spends 3 s of one core on imports and up to 14 s on reading the project before it does
anything, and the tests need some twenty. What runs is all dbt's own, options, environment and files as of its command
line. How the warehouse itself starts dbt (``build.dbt``) is tested as it is, in ``tests.build`` and end to end.
"""

import multiprocessing
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from ingest.home import WarehouseHome

FORKED = multiprocessing.get_context("forkserver")
FORKED.set_forkserver_preload(["tests.dbt_server"])


def run_dbt(home: WarehouseHome, project: Path, *arguments: str) -> str:
    """Run one command on a home to its end; gives what dbt said.

    Raises:
        AssertionError: the command failed; the text is what dbt said.
    """
    environment = {
        **os.environ,
        "WAREHOUSE_DB": str(home.warehouse),
        "DBT_PROJECT_DIR": str(project),
        "DBT_PROFILES_DIR": str(project),
        "DBT_TARGET_PATH": str(home.dbt / "target"),
        "DBT_LOG_PATH": str(home.dbt / "logs"),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    }
    said = home.dbt / "said.txt"
    said.parent.mkdir(parents=True, exist_ok=True)
    command = FORKED.Process(
        target=_run_forked, args=(["--no-use-colors", *arguments], environment, project, said)
    )
    command.start()
    command.join()
    output = said.read_text(encoding="utf-8")
    assert command.exitcode == 0, output
    return output


def _run_forked(arguments: list[str], environment: Mapping[str, str], project: Path, said: Path) -> None:
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(project)
    with said.open("w", encoding="utf-8") as output:
        os.dup2(output.fileno(), 1)
        os.dup2(output.fileno(), 2)
    from tests.dbt_server import invoke

    sys.exit(0 if invoke(arguments, project) else 1)
