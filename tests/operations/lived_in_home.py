"""A home in which returns were loaded and editions published, small enough for a test."""

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from build.inputs import gather_inputs
from ingest.home import WarehouseHome
from ingest.loading.load import LoadReport, load_inbox
from publish.editions.edition import Edition
from publish.editions.issue import publish_edition
from tests.ingest.return_files import support_return, write
from tests.publish.small_warehouse import BUILT_BY_DBT, MANIFEST, run_sql

NOW = datetime(2023, 6, 14, 3, 0, tzinfo=UTC)


def put_return(home: WarehouseHome, name: str, amount: int, received_at: datetime = NOW) -> Path:
    """Let a return of Ea Bông lie in the inbox that differs from others by its amount."""
    rows = ((1, "05/01/2023", "quà", "hội viên khó khăn", amount, 8, 40.5, "xã hội hóa"),)
    path = write(home.inbox / name, support_return(rows=rows, total=None))
    os.utime(path, (received_at.timestamp(), received_at.timestamp()))
    return path


def new_home(root: Path) -> WarehouseHome:
    """Make a home with two returns loaded and an edition published that is the current one."""
    home = WarehouseHome(root).prepare()
    put_return(home, "Ea Bông/bc.xlsx", 40, NOW - timedelta(days=2))
    put_return(home, "Ea Bông/bc gửi lại?.xlsx", 42, NOW - timedelta(days=1))
    load(home, NOW)
    prepare_layers(home)
    publish(home, NOW)
    return home


def prepare_layers(home: WarehouseHome) -> None:
    """Let stand in the working database what dbt would have built."""
    run_sql(home, BUILT_BY_DBT)
    manifest = home.dbt / "target" / "manifest.json"
    manifest.parent.mkdir(parents=True, exist_ok=True)
    manifest.write_text(json.dumps(MANIFEST), encoding="utf-8")


def load(home: WarehouseHome, now: datetime) -> LoadReport:
    """Load the inbox."""
    return load_inbox(home, now)


def publish(home: WarehouseHome, issued_at: datetime, as_of: datetime | None = None) -> Edition:
    """Publish what the working database holds."""
    return publish_edition(home, gather_inputs(home, as_of or issued_at), issued_at, "v1")


def files_below(folder: Path) -> dict[str, bytes]:
    """Give every file below a folder with its content."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }
