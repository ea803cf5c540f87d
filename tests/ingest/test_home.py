"""Who may look into a home: its owner alone, and into editions a group of readers where one is named."""

import grp
import os
import stat
from pathlib import Path

import pytest

from ingest.database import open_warehouse
from ingest.durable import write_file
from ingest.home import WarehouseHome


def mode(path: Path) -> str:
    return oct(stat.S_IMODE(path.stat().st_mode))


def test_a_new_home_is_its_owners_alone(tmp_path: Path) -> None:
    home = WarehouseHome(tmp_path / "home")
    (home.inbox / "2023H1").mkdir(parents=True, mode=0o755)  # made by who drops the first file

    with open_warehouse(home.prepare()):
        pass
    write_file(home.feedback / "a" / "b.xlsx", b"answer")

    assert mode(home.root) == "0o700"
    assert mode(home.warehouse) == "0o600"
    assert {mode(folder) for folder in (home.archive, home.outbox, home.feedback, home.editions)} == {"0o700"}


def test_a_home_that_was_opened_to_others_later_stays_open(tmp_path: Path) -> None:
    home = WarehouseHome(tmp_path / "home").prepare()
    with open_warehouse(home):
        pass
    home.root.chmod(0o750)

    with open_warehouse(home.prepare()):
        pass
    assert mode(home.root) == "0o750"


def test_readers_of_editions_may_pass_through_and_see_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WAREHOUSE_READERS", grp.getgrgid(os.getgid()).gr_name)
    home = WarehouseHome(tmp_path / "home").prepare()
    with open_warehouse(home):
        pass

    assert (mode(home.root), mode(home.editions)) == ("0o710", "0o750")
    assert home.editions.stat().st_gid == os.getgid()
    assert (mode(home.archive), mode(home.warehouse)) == ("0o700", "0o600")
