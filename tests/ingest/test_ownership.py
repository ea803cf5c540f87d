"""Whose a home is: root leaves nothing in somebody else's that its owner could not read."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

import ingest.__main__
import operations.__main__
import publish.__main__
from dags import local_run
from ingest.home import WarehouseHome
from ingest.ownership import OtherOwnerError, refuse_root
from operations.installation.container_settings import prepare_folder

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can write what belongs to another")

OF_CONTAINERS = 50000
NOBODY = 65534


def owners(home: WarehouseHome) -> set[int]:
    return {path.lstat().st_uid for path in (home.root, *home.root.rglob("*"))}


def belonging_to(root: Path, owner: int) -> WarehouseHome:
    home = WarehouseHome(root).prepare()
    (home.inbox / "bc.xlsx").write_bytes(b"PK")
    for path in (root, *root.rglob("*")):
        os.chown(path, owner, owner)
    return home


@pytest.mark.parametrize(
    "asked",
    [
        (ingest.__main__.main, ["withdraw", "báo cáo.xlsx"], "python -m ingest withdraw 'báo cáo.xlsx'"),
        (ingest.__main__.main, ["load"], "python -m ingest load"),
        (ingest.__main__.main, ["rebuild"], "python -m ingest rebuild"),
        (publish.__main__.main, ["matches"], "python -m publish matches"),
        (operations.__main__.main, ["backfill"], "python -m operations backfill"),
        (local_run.main, ["--period", "2023H1"], "python dags/local_run.py --period 2023H1"),
    ],
)
def test_root_writes_no_home_of_the_containers(
    asked: tuple[Callable[[list[str]], int], list[str], str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    command, arguments, typed = asked
    home = belonging_to(tmp_path / "home", OF_CONTAINERS)
    monkeypatch.setenv("WAREHOUSE_HOME", str(home.root))

    assert command(arguments) == 1

    told = capsys.readouterr().err
    assert "thuộc tài khoản số 50000" in told
    assert told.endswith(f"docker compose exec scheduler {typed}.\n")
    assert owners(home) == {OF_CONTAINERS}


def test_whoever_has_a_name_is_named(tmp_path: Path) -> None:
    with pytest.raises(OtherOwnerError, match="“sudo -u nobody”"):
        refuse_root(belonging_to(tmp_path / "home", NOBODY), "python -m ingest", [])


def test_a_home_of_roots_own_and_one_that_is_not_there_yet_are_written(tmp_path: Path) -> None:
    refuse_root(WarehouseHome(tmp_path / "home"), "python -m ingest", ["load"])
    refuse_root(WarehouseHome(tmp_path / "home").prepare(), "python -m ingest", ["load"])


def test_a_share_that_gives_all_to_one_account_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = belonging_to(tmp_path / "home", OF_CONTAINERS)
    found = os.fstat

    def as_on_a_share(descriptor: int) -> os.stat_result:
        status = list(found(descriptor))
        status[4] = OF_CONTAINERS
        return os.stat_result(status)

    monkeypatch.setattr("ingest.ownership.os.fstat", as_on_a_share)

    refuse_root(home, "python -m ingest", ["load"])
    assert {path.name for path in home.root.iterdir()} >= {"inbox", "archive"}
    assert not list(home.root.glob(".writing-*"))


def test_what_root_has_left_in_the_containers_home_is_handed_over_and_nothing_beside_it(
    tmp_path: Path,
) -> None:
    home = WarehouseHome(tmp_path / "home").prepare()
    home.warehouse.touch()
    (home.archive / "ab").mkdir()
    (home.archive / "ab" / "abcd").write_bytes(b"x")
    home.exports.mkdir()
    (home.exports / "halfyear_2023H1.csv").touch()
    (home.root / "of root's own").mkdir()
    lent = home.inbox / "of a branch.xlsx"
    lent.touch()
    os.chown(lent, NOBODY, NOBODY)

    prepare_folder(
        {"WAREHOUSE_DATA": str(home.root), "WAREHOUSE_UID": str(OF_CONTAINERS), "WAREHOUSE_GID": "50001"}
    )

    of = {path.relative_to(home.root).as_posix(): path.stat().st_uid for path in home.root.rglob("*")}
    assert of.pop("of root's own") == 0
    assert of.pop("inbox/of a branch.xlsx") == NOBODY
    assert set(of.values()) == {OF_CONTAINERS}
    assert {"archive/ab/abcd", "warehouse.duckdb", "airflow", "archive/journal", "exports"} <= set(of)
    assert home.warehouse.stat().st_gid == 50001
