"""One Superset for all tests, on a copy of a refreshed sample, with two editions whose figures differ."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.home import PROJECT_ROOT, WarehouseHome
from operations.services.dashboards import SESSION_FILE, address_of, start_dashboards, stop_dashboards
from operations.services.session import ServiceSession
from tests.bi.running_superset import Served, copy_edition, make_current
from tests.stack.running_stack import free_port

# A home of the sample that is refreshed already spares the minutes of making one; it is copied, unless its dashboards run:
# then they are asked as they are, and two more editions come and go.
KEPT_HOME = os.environ.get("BI_TEST_HOME")


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    running = _running(KEPT_HOME)
    if running is not None:
        yield running
        return
    home = WarehouseHome(tmp_path_factory.mktemp("bi") / "home")
    if KEPT_HOME:
        _copy_editions(WarehouseHome(Path(KEPT_HOME)), home)
    else:
        subprocess.run(
            ["make", "refresh", f"WAREHOUSE_HOME={home.root}"],
            cwd=PROJECT_ROOT,
            check=True,
            capture_output=True,
        )
    port = free_port()
    start_dashboards(home, port)
    try:
        yield Served(home, address_of(port))
    finally:
        stop_dashboards(home)


@pytest.fixture
def editions(served: Served, two_editions: tuple[str, str]) -> Iterator[tuple[str, str]]:
    """Two editions that differ in every figure; the one of the sample is current again after the test."""
    current = next(
        path.stem
        for path in served.home.editions.glob("edition_*.duckdb")
        if path.samefile(served.home.current)
    )
    yield two_editions
    make_current(served.home, current)


@pytest.fixture(scope="session")
def two_editions(served: Served) -> Iterator[tuple[str, str]]:
    path = next(
        found
        for found in served.home.editions.glob("edition_*.duckdb")
        if found.samefile(served.home.current)
    )
    made = (copy_edition(served.home, path, 1), copy_edition(served.home, path, 2))
    yield made
    for name in made:
        shutil.rmtree(served.home.editions / name)
        (served.home.editions / f"{name}.duckdb").unlink()


def _running(kept: str | None) -> Served | None:
    if not kept:
        return None
    home = WarehouseHome(Path(kept))
    session = ServiceSession.read(home.bi / SESSION_FILE)
    return Served(home, address_of(session.port)) if session and session.supervisor() else None


def _copy_editions(source: WarehouseHome, home: WarehouseHome) -> None:
    home.prepare()
    shutil.copytree(source.editions, home.editions, dirs_exist_ok=True)
    [path] = home.editions.glob("edition_*.duckdb")
    make_current(home, path.stem)
