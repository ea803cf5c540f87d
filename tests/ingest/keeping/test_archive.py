"""The archive: on the disk before anything names it, and mended when the good bytes come again."""

import hashlib
import io
import os
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ingest.database import open_warehouse
from ingest.home import WarehouseHome
from ingest.keeping.archive import Intake, TooLargeError, archived_path, remove_leftovers
from ingest.keeping.journal import LoadEntry, read_entries
from ingest.loading.load import load_inbox
from tests.ingest.return_files import support_return, write

NOW = datetime(2026, 1, 9, 8, 0, tzinfo=UTC)
LOG = (
    "event_id,occurred_at,unit_code,village_code,programme,activity_type,participants,quantity,uom,"
    "amount_vnd,member_name,note\n"
    "e1,2023-01-05,24565,,plastic_waste,thu gom,20,12,kg,,,\n"
)


@pytest.fixture
def home(tmp_path: Path) -> WarehouseHome:
    return WarehouseHome(tmp_path / "home").prepare()


def query(home: WarehouseHome, sql: str) -> list[tuple[object, ...]]:
    with open_warehouse(home) as connection:
        return connection.execute(sql).fetchall()


def archived(home: WarehouseHome) -> list[Path]:
    return sorted(path for path in home.archive.glob("[0-9a-f][0-9a-f]/*") if path.is_file())


def cut_the_power(home: WarehouseHome) -> None:
    """Leave names without bytes, as a file system does that had not written them yet."""
    assert archived(home)
    for path in archived(home):
        path.chmod(0o600)
        path.write_bytes(b"")


def are_whole(home: WarehouseHome) -> bool:
    return all(hashlib.sha256(path.read_bytes()).hexdigest() == path.name for path in archived(home))


def test_bytes_are_on_the_disk_before_they_have_their_name_and_that_before_it_is_settled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    seen: list[str] = []
    sync, replace = os.fsync, Path.replace

    def noted_sync(descriptor: int) -> None:
        seen.append(f"sync {Path(f'/proc/self/fd/{descriptor}').readlink().name[:9]}")
        sync(descriptor)

    def noted_replace(self: Path, target: Path) -> Path:
        seen.append(f"name {target.name[:9]}")
        return replace(self, target)

    monkeypatch.setattr(os, "fsync", noted_sync)
    monkeypatch.setattr(Path, "replace", noted_replace)
    intake = Intake(tmp_path / "archive")
    sha256, size = intake.add_stream(io.BytesIO(b"content"))
    assert (sha256, size) == (hashlib.sha256(b"content").hexdigest(), 7)
    seen.clear()
    intake.settle()
    assert seen == ["sync .arriving", "sync archive", f"name {sha256[:9]}", f"sync {sha256[:2]}"]


@pytest.mark.parametrize("broken", [b"", b"c0ntent", b"content and more"])
def test_bytes_that_are_not_those_of_their_name_give_way(tmp_path: Path, broken: bytes):
    sha256 = hashlib.sha256(b"content").hexdigest()
    path = write(archived_path(tmp_path, sha256), broken)
    intake = Intake(tmp_path)
    intake.add_stream(io.BytesIO(b"content"))
    assert intake.path_of(sha256).read_bytes() == b"content"
    intake.settle()
    assert path.read_bytes() == b"content"
    assert path.stat().st_mode & 0o222 == 0
    assert intake.placed == {sha256}


def test_whole_bytes_stay_and_nothing_is_left_behind(tmp_path: Path):
    for placed in ({hashlib.sha256(b"content").hexdigest()}, set()):
        intake = Intake(tmp_path)
        for _ in range(2):
            intake.add_stream(io.BytesIO(b"content"))
        with pytest.raises(TooLargeError):
            intake.add_stream(io.BytesIO(b"too large"), most_bytes=3)
        intake.settle()
        assert intake.placed == placed
        assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [
            hashlib.sha256(b"content").hexdigest()
        ]


def test_what_a_load_that_was_cut_off_had_begun_to_copy_is_removed(tmp_path: Path):
    Intake(tmp_path).add_stream(io.BytesIO(b"content"))
    assert len(list(tmp_path.iterdir())) == 1
    remove_leftovers(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "dated", [NOW - timedelta(days=1), NOW + timedelta(days=300)], ids=["past", "future"]
)
def test_after_a_power_cut_the_next_load_puts_the_archive_right_without_a_second_receipt(
    home: WarehouseHome, dated: datetime
):
    write(home.inbox / "2023H1" / "Ea Bông.xlsx", support_return())
    write(home.inbox / "log.csv", LOG.encode())
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("2023H1/Ea Na.xlsx", support_return(unit="BCH HỘI LHPN XÃ EA NA"))
    write(home.inbox / "nộp.zip", packed.getvalue())
    for path in home.inbox.rglob("*.*"):
        os.utime(path, (dated.timestamp(), dated.timestamp()))
    load_inbox(home, NOW)
    receipts = query(home, "from raw.receipts")
    cut_the_power(home)

    report = load_inbox(home, NOW + timedelta(days=1))

    assert (report.files_new, report.verdicts) == (0, {})
    assert are_whole(home)
    assert query(home, "from raw.receipts") == receipts


def test_the_good_workbook_mends_an_archive_whose_bytes_are_as_many(home: WarehouseHome):
    path = write(home.inbox / "2023H1" / "Ea Bông.xlsx", support_return())
    load_inbox(home, NOW)
    (kept,) = archived(home)
    kept.chmod(0o600)
    kept.write_bytes(b"\0" * kept.stat().st_size)
    write(home.inbox / "lại" / "Ea Bông.xlsx", path.read_bytes())
    assert load_inbox(home, NOW + timedelta(days=1)).verdicts == {"duplicate": 1}
    assert are_whole(home)


def test_a_log_that_was_refused_for_the_archives_sake_is_read_again(home: WarehouseHome):
    """A version before this one kept bytes without content after a power cut, and refused the file for ever."""
    write(home.inbox / "log.csv", LOG.encode())
    load_inbox(home, NOW)
    with open_warehouse(home) as connection:
        for table in ("receipts", "submissions"):
            connection.execute(f"update raw.{table} set verdict = 'rejected', reason_code = 'empty_file'")
        for table in ("activity_log", "sheets", "sheet_tables", "structure_rows"):
            connection.execute(f"delete from raw.{table}")
    cut_the_power(home)

    assert load_inbox(home, NOW + timedelta(days=1)).verdicts == {"accepted": 1}

    assert query(home, "select event_id from raw.activity_log") == [("e1",)]
    assert are_whole(home)
    assert load_inbox(home, NOW + timedelta(days=2)).files_new == 0
    entries = [entry for _, entry in read_entries(home.journal) if isinstance(entry, LoadEntry)]
    assert [receipt.is_reread for entry in entries for receipt in entry.receipts] == [False, True]
