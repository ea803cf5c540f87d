"""The one place that starts dbt."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from ingest.home import DBT_PROJECT, WarehouseHome


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
        [str(Path(sys.executable).with_name("dbt")), "--no-use-colors", "--no-version-check", *arguments],
        cwd=project,
        env={
            **os.environ,
            "WAREHOUSE_DB": str(home.warehouse),
            "DBT_PROJECT_DIR": str(project),
            "DBT_PROFILES_DIR": str(project),
            "DBT_TARGET_PATH": str(target or home.dbt / "target"),
            "DBT_LOG_PATH": str(home.dbt / "logs"),
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
            **environment,
        },
        capture_output=True,
        text=True,
        check=False,
    )
