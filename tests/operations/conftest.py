"""A home that was lived in, for each test a copy of its own."""

import shutil
from pathlib import Path

import pytest

from ingest.home import WarehouseHome
from tests.operations.lived_in_home import new_home


@pytest.fixture(scope="session")
def original_home(tmp_path_factory: pytest.TempPathFactory) -> WarehouseHome:
    """The home that each test gets a copy of."""
    return new_home(tmp_path_factory.mktemp("lived") / "home")


@pytest.fixture
def lived_in(original_home: WarehouseHome, tmp_path: Path) -> WarehouseHome:
    """A home with two returns and an edition."""
    home = WarehouseHome(shutil.copytree(original_home.root, tmp_path / "home"))
    home.current.unlink()
    edition = next(home.editions.glob("*.duckdb"))
    home.current.hardlink_to(edition)
    return home
