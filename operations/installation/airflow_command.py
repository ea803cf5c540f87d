"""``airflow`` pointed at this warehouse, for whoever looks after it: ``python -m operations airflow dags list``."""

import argparse
import os
import sys
from typing import Any

from ingest.home import WarehouseHome
from operations.installation.airflow_home import point_airflow


def add_command(commands: Any) -> None:
    """Add ``airflow``."""
    parser = commands.add_parser("airflow", help="run a command of Airflow's own", add_help=False)
    parser.add_argument("arguments", nargs=argparse.REMAINDER)
    parser.set_defaults(run=_run)


def _run(chosen: argparse.Namespace) -> int:
    point_airflow(WarehouseHome.from_environment())
    os.execv(sys.executable, [sys.executable, "-m", "airflow", *chosen.arguments])  # noqa: S606
