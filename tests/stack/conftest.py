"""Services are started once for all tests of a module: a start takes a minute."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.home import WarehouseHome
from tests.stack.running_stack import RunningStack, free_port


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    """Services with the DAGs of this folder, not yet started."""
    home = WarehouseHome(tmp_path_factory.mktemp("stack") / "home")
    running = RunningStack(home, free_port(), Path(__file__).parent / "dags")
    try:
        yield running
    finally:
        running.command("down", check=False)
