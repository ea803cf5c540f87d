"""Backups: whole while the system runs, nothing copied twice, cut off anywhere and gone on with."""

import json
import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from ingest.contracts.verdicts import ReasonCode
from ingest.home import PROJECT_ROOT, WarehouseHome
from ingest.inbox.arrivals import archive_files, receipt_of
from ingest.inbox.listing import look_into_inbox
from ingest.keeping.journal import LoadEntry, read_entries, write_entry
from ingest.troubles import DiskFullError
from operations.__main__ import main
from operations.backups.backup import BackupReport, UnsuitableTargetError, make_backup
from operations.backups.manifest import manifest_paths, read_manifest
from operations.backups.restoration import restore_files
from operations.housekeeping.file_checks import check_journal
from tests.operations.commands import operate
from tests.operations.lived_in_home import NOW, files_below, load, new_home, publish, put_return
from tests.small_disks import small_disk


def back_up(home: WarehouseHome, folder: Path, days: int = 1) -> BackupReport:
    return make_backup(home, folder, NOW + timedelta(days=days), "v1")


def received(home: WarehouseHome) -> set[str]:
    return {
        receipt.sha256
        for _, entry in read_entries(home.journal)
        if isinstance(entry, LoadEntry)
        for receipt in entry.receipts
    }


def test_a_backup_holds_what_cannot_be_made_again(lived_in: WarehouseHome, tmp_path: Path) -> None:
    waiting = put_return(lived_in, "Ea Na/chưa nạp.xlsx", 50)

    report = back_up(lived_in, tmp_path / "kept")

    kept = files_below(tmp_path / "kept")
    for folder in ("archive", "editions"):
        wanted = {
            f"{folder}/{name}": content for name, content in files_below(lived_in.root / folder).items()
        }
        assert wanted
        assert {name: content for name, content in kept.items() if name in wanted} == wanted
    (inbox,) = [file for file in report.manifest.files if file.kind == "inbox"]
    assert inbox.belongs_to == "inbox/Ea Na/chưa nạp.xlsx"
    assert inbox.modified_at == NOW
    assert kept[inbox.stored_as] == waiting.read_bytes()
    assert report.manifest.problems == ()
    assert report.manifest.current_edition == next(lived_in.editions.glob("*.duckdb")).stem
    assert read_manifest(report.path) == report.manifest
    assert not [name for name in kept if name.endswith("warehouse.duckdb")]


def test_reference_data_by_which_figures_are_judged_are_kept(lived_in: WarehouseHome, tmp_path: Path) -> None:
    report = back_up(lived_in, tmp_path / "kept")

    kept = {file.belongs_to: file for file in report.manifest.files if file.kind == "reference"}
    decisions = kept["dbt_project/seeds/member_match_decisions.csv"]
    assert (tmp_path / "kept" / decisions.stored_as).read_bytes() == (
        PROJECT_ROOT / "dbt_project/seeds/member_match_decisions.csv"
    ).read_bytes()


def test_names_in_the_folder_are_taken_by_every_file_system(lived_in: WarehouseHome, tmp_path: Path) -> None:
    put_return(lived_in, "Ea Na/chưa nạp: “bản 2”?.xlsx", 50)

    back_up(lived_in, tmp_path / "kept")

    names = files_below(tmp_path / "kept")
    assert names
    assert all(name.isascii() and not set(name) & set('\\:*?"<>|') for name in names)


def test_a_second_backup_copies_only_what_is_new(lived_in: WarehouseHome, tmp_path: Path) -> None:
    first = back_up(lived_in, tmp_path / "kept")
    second = back_up(lived_in, tmp_path / "kept", days=2)
    assert sum(first.copied.values()) == len({file.stored_as for file in first.manifest.files})
    assert sum(second.copied.values()) == 0

    put_return(lived_in, "Ea Na/mới.xlsx", 77, NOW + timedelta(days=2))
    load(lived_in, NOW + timedelta(days=2))
    third = back_up(lived_in, tmp_path / "kept", days=3)

    assert (third.copied["archive"], third.copied["journal"], third.copied["edition"]) == (1, 1, 0)
    assert len(manifest_paths(tmp_path / "kept")) == 3


def test_a_backup_that_was_cut_off_is_gone_on_with(lived_in: WarehouseHome, tmp_path: Path) -> None:
    class CutError(Exception):
        pass

    def cut(done: int, total: int) -> None:
        if done > total / 2:
            raise CutError

    with pytest.raises(CutError):
        make_backup(lived_in, tmp_path / "kept", NOW, "v1", cut)
    assert manifest_paths(tmp_path / "kept") == []
    already = len(files_below(tmp_path / "kept"))

    report = back_up(lived_in, tmp_path / "kept")

    assert already > 1
    assert sum(report.copied.values()) < len({file.stored_as for file in report.manifest.files})
    assert report.manifest.problems == ()


def test_a_home_before_its_first_edition_is_backed_up(tmp_path: Path) -> None:
    home = WarehouseHome(tmp_path / "home").prepare()
    put_return(home, "Ea Bông/bc.xlsx", 40)
    load(home, NOW)

    report = back_up(home, tmp_path / "kept")

    assert report.manifest.current_edition is None
    assert read_manifest(report.path) == report.manifest


def test_half_a_file_of_an_edition_in_the_folder_is_not_taken_for_the_whole(
    lived_in: WarehouseHome, tmp_path: Path
) -> None:
    first = back_up(lived_in, tmp_path / "kept")
    first.path.unlink()
    (kept,) = (tmp_path / "kept" / "editions").glob("*.duckdb")
    kept.write_bytes(b"\0" * kept.stat().st_size)

    report = back_up(lived_in, tmp_path / "kept")

    assert sum(report.copied.values()) == 1
    assert kept.read_bytes() == next(lived_in.editions.glob("*.duckdb")).read_bytes()


def test_what_comes_in_meanwhile_does_no_harm(lived_in: WarehouseHome, tmp_path: Path) -> None:
    def work() -> None:
        for number in range(4):
            moment = NOW + timedelta(hours=1 + number)
            put_return(lived_in, f"Ea Na/{number}.xlsx", 100 + number, moment)
            load(lived_in, moment)
            publish(lived_in, moment)

    worker = threading.Thread(target=work)
    worker.start()
    reports = []
    while worker.is_alive():
        reports.append(back_up(lived_in, tmp_path / "kept", days=100 + len(reports)))
    reports.append(back_up(lived_in, tmp_path / "kept", days=100 + len(reports)))

    assert {report.manifest.problems for report in reports} == {()}
    for report in reports:
        kept = {file.sha256 for file in report.manifest.files if file.kind == "archive"}
        entries = [file for file in report.manifest.files if file.kind == "journal"]
        assert entries
        named = {
            receipt["sha256"]
            for file in entries
            for receipt in json.loads((tmp_path / "kept" / file.stored_as).read_bytes()).get("receipts", ())
        }
        assert named <= kept
    assert len({report.manifest.entry_count for report in reports}) > 2
    assert received(lived_in) == kept


def test_damage_is_named_and_the_rest_is_kept(lived_in: WarehouseHome, tmp_path: Path) -> None:
    first, second = sorted(lived_in.archive.glob("??/*"))
    first.chmod(0o644)
    first.write_bytes(first.read_bytes()[:-1] + b"x")
    second.unlink()

    told = operate(lived_in, "backup", "--to", str(tmp_path / "kept"))

    assert told.returncode == 1
    assert f"{first} bị hỏng: nội dung không khớp mã kiểm tra." in told.stderr
    assert f"({second})" in told.stderr
    manifest = read_manifest(manifest_paths(tmp_path / "kept")[0])
    assert len(manifest.problems) == 2
    assert {file.kind for file in manifest.files} == {"edition", "journal", "ledger", "reference"}


def test_the_command_says_what_it_did(lived_in: WarehouseHome, tmp_path: Path) -> None:
    told = operate(lived_in, "backup", "--to", str(tmp_path / "kept"))

    assert told.returncode == 0, told.stderr
    assert "2 tệp báo cáo đã nhận, trong đó sao mới 2" in told.stdout
    assert "Bản số liệu hiện hành: edition_20230614t030000_" in told.stdout
    assert "lịch sử chạy và tài khoản của Airflow" in told.stdout


@pytest.mark.parametrize(
    ("target", "sentence"),
    [
        ("home/backup", "nằm trong chính kho số liệu"),
        ("home", "nằm trong chính kho số liệu"),
        ("not mounted/usb", "đã được gắn chưa"),
        ("a file", "là một tệp"),
    ],
)
def test_a_target_that_helps_nobody_is_refused(
    lived_in: WarehouseHome, tmp_path: Path, target: str, sentence: str
) -> None:
    (tmp_path / "a file").touch()

    told = operate(lived_in, "backup", "--to", str(tmp_path / target))

    assert told.returncode == 2
    assert sentence in told.stderr
    assert not list(lived_in.root.rglob("backups"))


def test_two_warehouses_do_not_share_a_folder(lived_in: WarehouseHome, tmp_path: Path) -> None:
    back_up(lived_in, tmp_path / "kept")
    other = new_home(tmp_path / "other")
    put_return(other, "Ea Na/khác.xlsx", 1)

    with pytest.raises(UnsuitableTargetError, match="của một kho số liệu khác"):
        back_up(other, tmp_path / "kept", days=2)


def test_room_is_looked_for_before_anything_is_copied(lived_in: WarehouseHome, tmp_path: Path) -> None:
    with small_disk(tmp_path / "usb", "8m") as disk:
        with pytest.raises(DiskFullError, match="Cần thêm"):
            back_up(lived_in, disk.path / "kept")

        assert list(files_below(disk.path)) == ["kept/.lock"]


def test_a_read_only_target_is_told(lived_in: WarehouseHome, tmp_path: Path) -> None:
    with small_disk(tmp_path / "usb") as disk:
        disk.remount("ro")

        told = operate(lived_in, "backup", "--to", str(disk.path / "kept"))

    assert told.returncode == 1
    assert told.stderr.startswith("Không đọc hoặc không ghi được ")
    assert len(told.stderr.splitlines()) == 1


def test_a_copy_that_somebody_made_beside_the_journal_is_no_entry(
    lived_in: WarehouseHome, tmp_path: Path
) -> None:
    entry = lived_in.journal / "000000001.json"
    entry.with_name("000000001 (1).json").write_bytes(entry.read_bytes())

    report = back_up(lived_in, tmp_path / "kept")

    assert report.manifest.problems == ()
    assert report.manifest.entry_count == len(list(lived_in.journal.glob("?????????.json")))
    assert check_journal(lived_in).faults == ()


def test_a_file_that_is_archived_and_has_no_receipt_yet_is_restored_into_the_inbox(
    lived_in: WarehouseHome, tmp_path: Path
) -> None:
    """A backup that is made between the two steps of a load, or after a load that was cut off there."""
    arriving = put_return(lived_in, "Ea Na/đang nạp.xlsx", 50)
    archive_files(look_into_inbox(lived_in.inbox, NOW).files, lived_in, [])

    report = back_up(lived_in, tmp_path / "kept")

    (inbox,) = [file for file in report.manifest.files if file.kind == "inbox"]
    assert inbox.belongs_to == "inbox/Ea Na/đang nạp.xlsx"
    assert inbox.stored_as == f"archive/{inbox.sha256[:2]}/{inbox.sha256}"
    restored = WarehouseHome(tmp_path / "restored")
    assert restore_files(tmp_path / "kept", "", restored, lambda _: None).faults == ()
    back = restored.inbox / "Ea Na/đang nạp.xlsx"
    assert back.read_bytes() == arriving.read_bytes()
    assert back.stat().st_mtime == NOW.timestamp()


def test_a_file_that_could_not_be_read_when_it_arrived_is_kept_once_it_can_be(
    lived_in: WarehouseHome, tmp_path: Path
) -> None:
    put_return(lived_in, "Ea Na/đã mở quyền.xlsx", 50)
    (closed,) = [
        file
        for file in look_into_inbox(lived_in.inbox, NOW).files
        if file.relative_path == "Ea Na/đã mở quyền.xlsx"
    ]
    archived, _ = archive_files([replace(closed, trouble=ReasonCode.NO_PERMISSION)], lived_in, [])
    receipts = tuple(receipt_of(item) for item in archived)
    write_entry(lived_in.journal, LoadEntry(load_id="1", loaded_at=NOW, receipts=receipts))

    report = back_up(lived_in, tmp_path / "kept")

    assert [file.belongs_to for file in report.manifest.files if file.kind == "inbox"] == [
        "inbox/Ea Na/đã mở quyền.xlsx"
    ]


def test_copies_are_their_owners_alone(lived_in: WarehouseHome, tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir(mode=0o755)

    back_up(lived_in, tmp_path / "kept")

    copies = [path for path in (tmp_path / "kept").rglob("*") if path.is_file() and path.name != ".lock"]
    assert copies
    assert {path.stat().st_mode & 0o777 for path in copies} == {0o600}


@pytest.mark.parametrize("asked", [("backup", "--to"), ("restore", "--from")])
def test_a_folder_that_was_left_out_is_asked_for(
    asked: tuple[str, str],
    lived_in: WarehouseHome,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("WAREHOUSE_HOME", str(lived_in.root))
    (tmp_path / "somewhere").mkdir()
    monkeypatch.chdir(tmp_path / "somewhere")

    assert main([*asked, ""]) == 2

    assert "Chưa ghi thư mục" in capsys.readouterr().err
    assert list((tmp_path / "somewhere").iterdir()) == []


def test_a_damaged_copy_of_an_entry_gives_way_to_the_entry(lived_in: WarehouseHome, tmp_path: Path) -> None:
    back_up(lived_in, tmp_path / "kept")
    copy = tmp_path / "kept" / "archive" / "journal" / "000000002.json"
    copy.write_bytes(copy.read_bytes()[:9])

    back_up(lived_in, tmp_path / "kept", days=2)

    assert copy.read_bytes() == (lived_in.journal / copy.name).read_bytes()


def test_a_damaged_entry_is_not_taken_for_another_warehouse(lived_in: WarehouseHome, tmp_path: Path) -> None:
    back_up(lived_in, tmp_path / "kept")
    entry = lived_in.journal / "000000002.json"
    whole = entry.read_bytes()
    entry.unlink()
    entry.write_bytes(whole[:9])
    copy = tmp_path / "kept" / "archive" / "journal" / entry.name

    with pytest.raises(UnsuitableTargetError, match="bị hỏng") as told:
        back_up(lived_in, tmp_path / "kept", days=2)

    assert str(copy) in str(told.value)
    assert copy.read_bytes() == whole
