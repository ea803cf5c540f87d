"""Airflow's own database: at this version, with the writer's pool, roles and first accounts.

Run before the services start, in the embedded form by ``make up`` and in containers by ``airflow-init``. Running it
again changes nothing that people have changed, except that roles are again what ``operations.installation.roles`` says.
"""

import argparse
from typing import Any

from ingest.home import WarehouseHome
from operations.installation.airflow_home import point_airflow

POOL = "warehouse_writer"


def prepare_metadata() -> None:
    """Bring Airflow's metadata to this version and make the writer's pool of one slot; Airflow is already pointed at it.

    Without the pool every task waits for ever, and nothing says so.
    """
    from airflow.models.pool import Pool
    from airflow.utils.db import check_migrations, initdb

    try:
        check_migrations(0)
    except Exception:
        initdb()
    Pool.create_or_update_pool(
        POOL, slots=1, description="whoever writes the warehouse", include_deferred=False
    )


def add_command(commands: Any) -> None:
    """Add ``prepare``."""
    parser = commands.add_parser("prepare", help="Airflow's database, pool, roles and first accounts")
    parser.set_defaults(run=_run)


def _run(_: argparse.Namespace) -> int:
    home = WarehouseHome.from_environment()
    point_airflow(home)
    from operations.installation.people import prepare_people

    prepare_metadata()
    made = prepare_people(home)
    print(f"Airflow đã sẵn sàng. Tài khoản mới: {', '.join(made) or 'không có'}.")
    return 0
