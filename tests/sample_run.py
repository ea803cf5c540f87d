"""The sample as a warehouse: its corpus taken in, built and published by one run through Airflow.

``conftest`` makes it once for all files that read it. ``SAMPLE_HOME=folder`` in the environment names a home that a refresh has
made already: a copy of it is read instead, which saves the run where one of these tests is tried alone.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from ingest.home import PROJECT_ROOT, WarehouseHome

MADE_BEFORE = "SAMPLE_HOME"


class Run(NamedTuple):
    """One ``local_run``: where, and what it said."""

    home: WarehouseHome
    said: str


def run_dags(home: WarehouseHome) -> str:
    finished = subprocess.run(
        [sys.executable, "dags/local_run.py"],
        cwd=PROJECT_ROOT,
        env={
            **os.environ,
            "WAREHOUSE_HOME": str(home.root),
            "PYTHONPATH": str(PROJECT_ROOT),
            "COLUMNS": "200",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return finished.stdout


def write_corpus(folder: Path) -> tuple[Path, dict[str, object]]:
    """Write the sample's files; gives the inbox that they lie in and what is known of them."""
    command = [
        sys.executable, "-m", "sample", "--into", folder / "inbox", "--manifest", folder / "manifest.json",
    ]  # fmt: skip
    subprocess.run(command, cwd=PROJECT_ROOT, check=True, capture_output=True)
    return folder / "inbox", json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
