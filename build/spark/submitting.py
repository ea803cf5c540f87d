"""How dbt is started on Spark: ``spark-submit`` of ``build/spark/program.py``, a start a command.

Who is to start it is a parameter: this machine by itself, or a task of Airflow through its connection to a cluster.
"""

import os
import re
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from build.dbt import GLOBAL_OPTIONS, Finished
from ingest.home import OWNER_FOLDER, PROJECT_ROOT, WarehouseHome

PROGRAM = Path(__file__).with_name("program.py")
_FRAME = re.compile(r"\s*(?:at [\w.$/<>]+\(|\.\.\. \d+ more)")
ENVIRONMENT = PROJECT_ROOT / ".venv-spark"


class SparkMissingError(RuntimeError):
    """Spark's environment, or Java, is not on this machine."""


@dataclass(frozen=True, slots=True)
class Submission:
    """What is to be started: the program's arguments, and the environment that it needs beside what it finds."""

    arguments: tuple[str, ...]
    environment: Mapping[str, str]


Submit = Callable[[Submission], Finished]


class SparkProgram:
    """dbt on Spark, for one warehouse; to ``build.commands`` it is as ``build.dbt.DbtProcess`` is."""

    def __init__(self, home: WarehouseHome, project: Path, submit: Submit) -> None:
        self._home = home
        self._project = project
        self._submit = submit

    @property
    def results(self) -> Path:
        """Where dbt writes what became of its nodes."""
        return self._target / "run_results.json"

    @property
    def is_of_database(self) -> bool:
        """It builds in tables of Spark's own."""
        return False

    def run(self, arguments: list[str], environment: Mapping[str, str]) -> Finished:
        """Run one command to its end.

        Args:
            arguments: the command and its options (``["build", "--select", …]``).
            environment: what is set for this command alone, as ``WAREHOUSE_AS_OF``.
        """
        scratch = self._home.spark / "scratch"
        scratch.mkdir(mode=OWNER_FOLDER, parents=True, exist_ok=True)
        return self._submit(
            Submission(
                arguments=("--folder", str(self._home.spark), "--", *GLOBAL_OPTIONS, *arguments),
                environment={
                    "WAREHOUSE_TARGET": "spark",
                    "WAREHOUSE_DB": str(self._home.warehouse),
                    "DBT_PROJECT_DIR": str(self._project),
                    "DBT_PROFILES_DIR": str(self._project),
                    "DBT_TARGET_PATH": str(self._target),
                    "DBT_LOG_PATH": str(self._home.dbt / "logs"),
                    "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
                    # what does not fit into memory is written beside the tables
                    "SPARK_LOCAL_DIRS": str(scratch),
                    **environment,
                },
            )
        )

    @property
    def _target(self) -> Path:
        return self._home.dbt / "target-spark"


def environment_of_spark() -> dict[str, str]:
    """Give the variables by which ``spark-submit`` and its Python are those of ``.venv-spark``.

    Raises:
        SparkMissingError: they are not installed.
    """
    programs = ENVIRONMENT / "bin"
    if not (programs / "spark-submit").exists():
        raise SparkMissingError("Spark is not installed: make spark")
    python = str(programs / "python")
    return {
        "PATH": f"{programs}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "PYSPARK_PYTHON": python,
        "PYSPARK_DRIVER_PYTHON": python,
    }


def master() -> str:
    """Give where Spark is to run: a cluster (``spark://host:7077``), or else all cores of this machine."""
    return os.environ.get("WAREHOUSE_SPARK_MASTER") or "local[*]"


def driver_memory() -> str:
    """Give what the driver may take, as Spark writes it (``4g``)."""
    return os.environ.get("WAREHOUSE_SPARK_MEMORY") or "4g"


def without_frames(output: str) -> str:
    """Give what Spark has said without the frames of Java's stack, of which the last lines of a failure would consist."""
    return "\n".join(line for line in output.splitlines() if not _FRAME.match(line))


def submit_here(submission: Submission) -> Finished:
    """Start Spark from this machine, and wait for its end.

    Raises:
        SparkMissingError: Spark is not installed.
    """
    found = environment_of_spark()
    finished = subprocess.run(
        [
            str(ENVIRONMENT / "bin" / "spark-submit"),
            *("--master", master()),
            *("--driver-memory", driver_memory()),
            *(str(PROGRAM), *submission.arguments),
        ],
        env={**os.environ, **found, **submission.environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return Finished(is_success=finished.returncode == 0, output=without_frames(finished.stdout))
