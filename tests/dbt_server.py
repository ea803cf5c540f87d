"""dbt, imported, and the project, read: what every command of dbt needs before it does anything.

Imported only by the process that ``tests.dbt_command`` has forked for each command.
"""

import os
import shutil
import tempfile
from pathlib import Path
from unittest import mock

from dbt.cli.main import dbtRunner
from dbt.contracts.graph.manifest import Manifest

from ingest.home import DBT_PROJECT

# goes with this process; those forked from it leave it alone
READ_INTO = tempfile.TemporaryDirectory(prefix="dbt_project_read_")


def read_project(project: Path, target: Path) -> Manifest:
    """Let dbt read a project into a folder; it opens no database, but wants to know the name of one.

    Of a project that was read into the folder before, only what differs is read.
    """
    settings = {
        "DBT_PROJECT_DIR": project,
        "DBT_PROFILES_DIR": project,
        "DBT_TARGET_PATH": target,
        "DBT_LOG_PATH": target,
        "WAREHOUSE_DB": "/nowhere/warehouse.duckdb",
    }
    with mock.patch.dict(os.environ, {name: str(value) for name, value in settings.items()}):
        read = dbtRunner().invoke(["--quiet", "parse"])
    if not isinstance(read.result, Manifest):
        raise RuntimeError("dbt cannot read the project") from read.exception
    return read.result


PROJECT_READ = read_project(DBT_PROJECT, Path(READ_INTO.name))


def invoke(arguments: list[str], project: Path) -> bool:
    """Run one command in the project or in a copy with changes; tells whether it succeeded."""
    manifest = PROJECT_READ
    if project != DBT_PROJECT:
        with tempfile.TemporaryDirectory() as target:
            shutil.copy(Path(READ_INTO.name) / "partial_parse.msgpack", target)
            manifest = read_project(project, Path(target))
    finished = dbtRunner(manifest).invoke(arguments)
    if finished.exception is not None:
        print(finished.exception)
    return finished.success
