"""No file stops the others: what cannot even be opened is refused alone, and read as soon as it can be."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingest.database import open_warehouse
from ingest.home import PROJECT_ROOT, WarehouseHome
from ingest.loading.load import load_inbox
from tests.ingest.return_files import support_return, write

NOW = datetime(2026, 1, 10, 3, 0, tzinfo=UTC)
NOBODY = 65534
LOAD = f"""
import sys
from datetime import datetime
from pathlib import Path
from ingest.home import WarehouseHome
from ingest.loading.load import load_inbox
print(load_inbox(WarehouseHome(Path(sys.argv[1])), datetime.fromisoformat({NOW.isoformat()!r})).model_dump_json())
"""


@pytest.fixture
def home(tmp_path: Path) -> WarehouseHome:
    made = WarehouseHome(tmp_path / "home").prepare()
    write(made.inbox / "2023H1" / "Ea Bông.xlsx", support_return())
    return made


def close(path: Path, mode: int) -> None:
    """Make a file or folder that nobody but another user may read."""
    path.chmod(mode)
    if os.geteuid() == 0:
        os.chown(path, NOBODY, NOBODY)


def load_without_privileges(home: WarehouseHome) -> dict[str, object]:
    """Load as somebody to whom permissions apply: root without the right to override them, or whoever runs the tests."""
    command = [sys.executable, "-c", LOAD, str(home.root)]
    if os.geteuid() == 0:
        command = ["setpriv", "--bounding-set=-dac_override,-dac_read_search", *command]
    loaded = subprocess.run(command, cwd=PROJECT_ROOT, capture_output=True, text=True, check=False)
    assert loaded.returncode == 0, loaded.stderr
    report: dict[str, object] = json.loads(loaded.stdout)
    return report


def receipts(home: WarehouseHome) -> list[tuple[object, ...]]:
    with open_warehouse(home) as connection:
        return connection.execute(
            "select relative_path, verdict, reason_code from raw.receipts order by rowid"
        ).fetchall()


def test_a_file_of_another_user_is_refused_alone_told_once_and_read_when_it_may_be(home: WarehouseHome):
    closed = write(home.inbox / "2023H1" / "Ea Na.xlsx", support_return(unit="BCH HỘI LHPN XÃ EA NA"))
    close(closed, 0o600 if os.geteuid() == 0 else 0)

    report = load_without_privileges(home)

    assert report["verdicts"] == {"accepted": 1, "rejected": 1}
    (refused,) = report["refused"]  # type: ignore[misc]
    assert refused["relative_path"] == "2023H1/Ea Na.xlsx"
    assert "không có quyền đọc" in refused["sentence"]
    assert load_without_privileges(home)["files_new"] == 0  # told once, however often it is looked at
    assert len(receipts(home)) == 2

    closed.chmod(0o644)
    assert load_without_privileges(home)["verdicts"] == {"accepted": 1}
    assert load_without_privileges(home)["files_new"] == 0
    assert receipts(home)[-1] == ("2023H1/Ea Na.xlsx", "accepted", None)


def test_a_file_that_stays_closed_is_told_anew_when_it_changes(home: WarehouseHome):
    closed = write(home.inbox / "2023H1" / "Ea Na.xlsx", b"x")
    close(closed, 0o600 if os.geteuid() == 0 else 0)
    load_without_privileges(home)
    if os.geteuid() != 0:
        closed.chmod(0o600)
    closed.write_bytes(b"xy")
    close(closed, 0o600 if os.geteuid() == 0 else 0)
    assert load_without_privileges(home)["verdicts"] == {"rejected": 1}


def test_a_folder_that_cannot_be_listed_is_refused_alone_and_its_files_are_read_when_it_can(
    home: WarehouseHome,
):
    folder = home.inbox / "Ea Na 2023H1"
    write(folder / "bieu 04.xlsx", support_return(unit="BCH HỘI LHPN XÃ EA NA"))
    close(folder, 0o700 if os.geteuid() == 0 else 0)
    assert load_without_privileges(home)["verdicts"] == {"accepted": 1, "rejected": 1}
    assert ("Ea Na 2023H1", "rejected", "folder_closed") in receipts(home)
    assert load_without_privileges(home)["files_new"] == 0
    folder.chmod(0o755)
    assert load_without_privileges(home)["verdicts"] == {"accepted": 1}


def link_to_nothing(path: Path) -> None:
    path.symlink_to("nowhere.xlsx")


def link_to_itself(path: Path) -> None:
    path.symlink_to(path.name)


def link_to_a_folder(path: Path) -> None:
    path.symlink_to("/")


def pipe(path: Path) -> None:
    os.mkfifo(path)


def listening(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as open_socket:
        os.chdir(path.parent)  # the path of a socket is short
        open_socket.bind(path.name)


@pytest.mark.parametrize("make", [link_to_nothing, link_to_itself, link_to_a_folder, pipe, listening])
def test_what_is_no_file_is_refused_alone_and_told_once(
    home: WarehouseHome, make: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(Path.cwd())
    make(home.inbox / "Ea Na 2023H1.xlsx")
    report = load_inbox(home, NOW)
    assert report.verdicts == {"accepted": 1, "rejected": 1}
    assert ("Ea Na 2023H1.xlsx", "rejected", "not_a_file") in receipts(home)
    assert load_inbox(home, NOW).files_new == 0
    (home.inbox / "Ea Na 2023H1.xlsx").unlink()
    write(home.inbox / "Ea Na 2023H1.xlsx", support_return(unit="BCH HỘI LHPN XÃ EA NA"))
    assert load_inbox(home, NOW).verdicts == {"accepted": 1}


def test_a_file_that_is_gone_when_it_is_read_is_refused_alone(
    home: WarehouseHome, monkeypatch: pytest.MonkeyPatch
):
    gone = write(home.inbox / "Ea Na 2023H1.xlsx", support_return(unit="BCH HỘI LHPN XÃ EA NA"))
    look = sys.modules["ingest.loading.load"].look_into_inbox

    def look_and_remove(*arguments: object) -> object:
        inbox = look(*arguments)
        gone.unlink()
        return inbox

    with monkeypatch.context() as patch:
        patch.setattr("ingest.loading.load.look_into_inbox", look_and_remove)
        assert load_inbox(home, NOW).verdicts == {"accepted": 1, "rejected": 1}
    assert ("Ea Na 2023H1.xlsx", "rejected", "gone") in receipts(home)
    assert load_inbox(home, NOW).files_new == 0
    write(gone, support_return(unit="BCH HỘI LHPN XÃ EA NA"))
    assert load_inbox(home, NOW).verdicts == {"accepted": 1}


def test_a_name_that_is_no_text_is_spelled_out(home: WarehouseHome):
    name = os.fsdecode(b"Ea Na \xff 2023H1.xlsx")
    try:
        write(home.inbox / name, support_return(unit="BCH HỘI LHPN XÃ EA NA"))
    except OSError:
        pytest.skip("this file system takes no such name")
    assert load_inbox(home, NOW).verdicts == {"accepted": 2}
    assert "Ea Na \\xff 2023H1.xlsx" in {path for path, *_ in receipts(home)}
    assert load_inbox(home, NOW).files_new == 0


def test_a_file_that_the_disk_does_not_give_is_refused_alone_and_told_once(home: WarehouseHome):
    broken = home.inbox / "Ea Na 2023H1.xlsx"
    try:
        broken.symlink_to("/proc/self/mem")  # a file to be opened, whose first bytes cannot be read
        with broken.open("rb") as content, pytest.raises(OSError, match="Input/output error"):
            content.read(1)
    except FileNotFoundError:
        pytest.skip("this system has no such file")
    report = load_inbox(home, NOW)
    assert report.verdicts == {"accepted": 1, "rejected": 1}
    assert ("Ea Na 2023H1.xlsx", "rejected", "disk_error") in receipts(home)
    assert load_inbox(home, NOW).files_new == 0
