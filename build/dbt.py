"""The one place that starts dbt: for one command, or for command after command.

A start costs seconds, most of them for Python's imports and for reading the project, so whoever has several commands keeps
one ``DbtProcess`` for all of them; what it runs is ``build.dbt_program``. Either way dbt is a process of its own: it holds the
database's lock, it may die, and its memory goes with it.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO

from ingest.home import DBT_PROJECT, PROJECT_ROOT, WarehouseHome

GLOBAL_OPTIONS = ("--no-use-colors", "--no-version-check")
# what the engine may use of the machine, unless WAREHOUSE_MEMORY says otherwise; what does not fit is written beside the database
MEMORY = "6GB"
PROGRAM = "build.dbt_program"
ANSWERS = {"done\n": True, "failed\n": False}
# the same whatever is built then: for another instant dbt would parse again what reads it
READING = {"WAREHOUSE_AS_OF": ""}
# takes dbt a second, after each command
WITHOUT_MANIFEST = "--no-write-json"
# every statement and every turn of dbt, which it writes otherwise, takes a few hundredths of a correction's time (measured with
# build.dbt_program's care for garbage: 6 %); what a node was built with stands in ``target/run``, and why it failed is told
LOG_OF_NODES = ("--log-level-file", "info")
SECONDS_TO_END = 5.0


def run_dbt(
    arguments: list[str],
    home: WarehouseHome,
    environment: Mapping[str, str],
    *,
    project: Path = DBT_PROJECT,
    target: Path | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run one dbt command to its end.

    Args:
        arguments: the command and its options (``["build", "--select", …]``).
        home: whose working database dbt opens, unless the environment says otherwise; its folder ``dbt`` takes the logs.
        environment: what is set for dbt beside the folders, as ``WAREHOUSE_AS_OF``.
        project: the dbt project.
        target: where dbt writes what it made; by default the ``target`` of the home.

    Returns:
        What dbt said, and its return code, which the caller must look at.
    """
    return subprocess.run(
        [str(Path(sys.executable).with_name("dbt")), *GLOBAL_OPTIONS, *arguments],
        cwd=project,
        env={**_surroundings(home, project, target), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@dataclass(frozen=True, slots=True)
class Finished:
    """One command that came to its end, or that dbt did not survive.

    Attributes:
        is_success: dbt did what was asked, and every test passed.
        output: what dbt said; where it ended over the command, how it did.
    """

    is_success: bool
    output: str


class DbtProcess:
    """One dbt for as many commands as come, started with the first of them.

    It reads the project with its first command and whenever it is asked to, so whoever changes files in between asks. Between
    two commands it has no database open. It ends with its parent, however that ends.
    """

    def __init__(self, home: WarehouseHome, project: Path = DBT_PROJECT) -> None:
        self._home = home
        self._project = project
        self._process: subprocess.Popen[str] | None = None
        self._said: IO[str] | None = None

    def __enter__(self) -> "DbtProcess":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()

    def read_project(self) -> Finished:
        """Read the project as its files are now, and write its manifest into the folder of the home."""
        return self._read()

    @property
    def results(self) -> Path:
        """Where dbt writes what became of its nodes."""
        return self._home.dbt / "target" / "run_results.json"

    @property
    def is_of_database(self) -> bool:
        """It builds in the working database."""
        return True

    def run(self, arguments: list[str], environment: Mapping[str, str]) -> Finished:
        """Run one command to its end; a dbt that dies over it is started anew for the next one.

        What became of its nodes is written into the folder of the home, and of what dbt else writes there nothing.

        Args:
            arguments: the command and its options (``["build", "--select", …]``).
            environment: what is set for this command alone, as ``WAREHOUSE_AS_OF``.
        """
        if self._process is None and not (reading := self._read(WITHOUT_MANIFEST)).is_success:
            return reading
        return self._ask(self._process or self._start(), [WITHOUT_MANIFEST, *arguments], environment)

    def end(self) -> None:
        """End the process, whatever it does."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe is not None:
                    with suppress(OSError):  # what was not sent any more
                        pipe.close()
        if self._said is not None:
            self._said.close()
        self._process = self._said = None

    def _read(self, *options: str) -> Finished:
        return self._ask(self._process or self._start(), [*options, "parse"], READING)

    def _start(self) -> "subprocess.Popen[str]":
        # dbt writes at the end of this file, and it is read from where reading has stopped
        with tempfile.NamedTemporaryFile("w") as written:
            self._said = Path(written.name).open(encoding="utf-8", errors="replace")  # noqa: SIM115  # closed in end()
            self._process = subprocess.Popen(
                [sys.executable, "-m", PROGRAM],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=written,
                text=True,
                cwd=self._project,
                env={**_surroundings(self._home, self._project), "PYTHONPATH": str(PROJECT_ROOT)},
            )
        return self._process

    def _ask(
        self, process: "subprocess.Popen[str]", arguments: list[str], environment: Mapping[str, str]
    ) -> Finished:
        options = (*GLOBAL_OPTIONS, *LOG_OF_NODES)
        request = {"arguments": [*options, *arguments], "environment": dict(environment)}
        answer = ""
        if process.stdin is not None and process.stdout is not None:
            with suppress(BrokenPipeError):
                print(json.dumps(request), file=process.stdin, flush=True)
                answer = process.stdout.readline()
        if answer in ANSWERS:
            return Finished(ANSWERS[answer], self._new_words())
        with suppress(subprocess.TimeoutExpired):  # its exit code says more than that of the kill below
            process.wait(0 if answer else SECONDS_TO_END)
        code, words = process.returncode, self._new_words()
        self.end()
        return Finished(
            is_success=False, output=f"{words}\ndbt ended in the middle of its work (exit code {code})"
        )

    def _new_words(self) -> str:
        return "" if self._said is None else self._said.read()


def _surroundings(home: WarehouseHome, project: Path, target: Path | None = None) -> dict[str, str]:
    """Give the environment in which dbt finds the database and its folders."""
    return {
        "WAREHOUSE_MEMORY": MEMORY,
        **os.environ,
        # dbt of this environment knows DuckDB alone, whatever builds the upper layers
        "WAREHOUSE_TARGET": "warehouse",
        "WAREHOUSE_DB": str(home.warehouse),
        "DBT_PROJECT_DIR": str(project),
        "DBT_PROFILES_DIR": str(project),
        "DBT_TARGET_PATH": str(target or home.dbt / "target"),
        "DBT_LOG_PATH": str(home.dbt / "logs"),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    }
