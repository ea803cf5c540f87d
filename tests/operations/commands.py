"""The commands of operations as a person runs them."""

import os
import subprocess
import sys

from ingest.home import PROJECT_ROOT, WarehouseHome


def operate(home: WarehouseHome, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run ``python -m operations`` on a home."""
    return subprocess.run(
        [sys.executable, "-m", "operations", *arguments],
        cwd=PROJECT_ROOT,
        env={**os.environ, "WAREHOUSE_HOME": str(home.root), "PYTHONPATH": str(PROJECT_ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
