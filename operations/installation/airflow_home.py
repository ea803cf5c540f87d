"""The one place that says where Airflow finds this warehouse: for ``make refresh`` and for the services of ``make up``.

What is the same everywhere stands in ``airflow.cfg`` beside this file; here are paths, ports and secrets. In containers
``docker-compose.yml`` says these. Nothing here imports Airflow: it reads its environment when it is imported.
"""

import json
import os
from pathlib import Path

from build.spark.submitting import master
from ingest.home import PROJECT_ROOT, WarehouseHome
from operations.installation.secret_files import keep_service_secrets

DAGS = PROJECT_ROOT / "dags"
SETTINGS = Path(__file__).resolve().parent / "airflow.cfg"
DEFAULT_PORT = 8080
LOOPBACK = "127.0.0.1"
# by which the layers on Spark are submitted (operations.runs.spark_layers)
SPARK_CONNECTION = "AIRFLOW_CONN_SPARK_WAREHOUSE"


def secrets_folder(home: WarehouseHome) -> Path:
    """Where the secrets and first passwords of the embedded services lie."""
    return home.airflow / "secrets"


def services_folder(home: WarehouseHome) -> Path:
    """Where the embedded services keep who they are and what they say."""
    return home.airflow / "services"


def metadata_file(home: WarehouseHome) -> Path:
    """Airflow's own database in the embedded form."""
    return home.airflow / "airflow.db"


def local_metadata_file(home: WarehouseHome) -> Path:
    """Airflow's own database of ``make refresh``, which runs DAGs without a scheduler.

    One of its own: a scheduler that found these runs in its database would take them for its own and run their tasks a
    second time, at once or, where the run was cut off, months later.
    """
    return home.airflow / "local_run.db"


def airflow_environment(home: WarehouseHome, metadata: Path | None = None) -> dict[str, str]:
    """Give the variables that point Airflow at a warehouse; makes the secrets that are missing.

    Args:
        home: the warehouse.
        metadata: Airflow's own database, when it is not that of the services.

    ``AIRFLOW__CORE__DAGS_FOLDER`` alone may be set from outside: tests bring DAGs of their own.
    """
    kept = keep_service_secrets(secrets_folder(home))
    return {
        "WAREHOUSE_HOME": str(home.root),
        "AIRFLOW_HOME": str(home.airflow),
        "AIRFLOW_CONFIG": str(SETTINGS),
        "AIRFLOW__CORE__DAGS_FOLDER": os.environ.get("AIRFLOW__CORE__DAGS_FOLDER") or str(DAGS),
        "AIRFLOW__CORE__FERNET_KEY": kept.fernet_key,
        # processes of one machine wait for each other's writes instead of failing after five seconds
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{metadata or metadata_file(home)}?timeout=60",
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(home.airflow / "logs"),
        "AIRFLOW__API__SECRET_KEY": kept.session_key,
        "AIRFLOW__API_AUTH__JWT_SECRET": kept.jwt_secret,
        SPARK_CONNECTION: os.environ.get(SPARK_CONNECTION)
        or json.dumps({"conn_type": "spark", "host": master()}),
    }


def service_environment(home: WarehouseHome, port: int, base_url: str = "") -> dict[str, str]:
    """Give the variables of the embedded services, which listen on loopback alone.

    Args:
        home: the warehouse.
        port: where the API server listens, and where tasks find it.
        base_url: where people find it, when a proxy with TLS stands before it; cookies then go through TLS alone.
    """
    proxied = {
        "AIRFLOW__API__BASE_URL": base_url,
        "AIRFLOW__FAB__COOKIE_SECURE": str(base_url.startswith("https:")),
    }
    return {
        **airflow_environment(home),
        "AIRFLOW__API__HOST": LOOPBACK,
        "AIRFLOW__API__PORT": str(port),
        # what alerts point to
        "AIRFLOW__API__BASE_URL": f"http://{LOOPBACK}:{port}",
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"http://{LOOPBACK}:{port}/execution/",
        **(proxied if base_url else {}),
    }


def is_pointed() -> bool:
    """Say whether Airflow has been pointed at its database from outside, as in containers; then nothing here applies."""
    return "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN" in os.environ


def point_airflow(home: WarehouseHome) -> None:
    """Set this process's environment so that Airflow, when it is imported, finds the warehouse."""
    if not is_pointed():
        os.environ.update(airflow_environment(home.prepare()))
