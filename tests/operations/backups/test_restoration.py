"""The way back: an empty home and a backup give every published figure again, and nothing is ever overwritten."""

import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from build.commands import TransformError
from build.inputs import gather_inputs
from ingest.database import open_read_only
from ingest.home import PROJECT_ROOT, WarehouseHome
from ingest.keeping.restoration_note import RestorationNote, UnfinishedRestorationError
from ingest.troubles import DiskFullError
from ingest.upkeep import rebuild_command
from ingest.upkeep.rebuild import rebuild
from operations.__main__ import main
from operations.backups.backup import make_backup
from operations.backups.manifest import manifest_paths
from operations.backups.restoration import (
    HomeNotEmptyError,
    OtherBackupUnderWayError,
    Restored,
    UnsuitableSourceError,
    finish,
    restore_files,
)
from operations.backups.verification import verify_home
from publish.editions.current import current_edition, find_edition
from tests.operations.commands import operate
from tests.operations.lived_in_home import NOW, files_below, load, prepare_layers, publish, put_return
from tests.small_disks import small_disk

# what an edition says of itself, and of the decisions and editions before it
OF_ITS_OWN = {"meta.edition", "meta.editions", "meta.refresh_decisions"}


def restore(folder: Path, home: WarehouseHome, at: str = "") -> Restored:
    return restore_files(folder, at, home, lambda sentence: None)


def tables_of(database: Path, schemas: str) -> dict[str, list[tuple[object, ...]]]:
    """Give the content of all tables of some schemas, rows in an order of their own."""
    with open_read_only(database) as connection:
        names = connection.execute(
            "select schema_name, table_name from duckdb_tables() where list_contains(?, schema_name) order by all",
            [schemas.split()],
        ).fetchall()
        return {
            f"{schema}.{name}": sorted(connection.execute(f'from "{schema}"."{name}"').fetchall(), key=repr)
            for schema, name in names
        }


@pytest.fixture
def kept(lived_in: WarehouseHome, tmp_path: Path) -> Path:
    """Backups of a home with two editions, a file that waits, and a correction."""
    put_return(lived_in, "Ea Na/mới.xlsx", 77, NOW + timedelta(days=1))
    load(lived_in, NOW + timedelta(days=1))
    publish(lived_in, NOW + timedelta(days=2))
    put_return(lived_in, "Ea Na/chưa nạp.xlsx", 50, NOW + timedelta(days=3))
    make_backup(lived_in, tmp_path / "kept", NOW + timedelta(days=4), "v1")
    return tmp_path / "kept"


@pytest.fixture
def empty(tmp_path: Path) -> WarehouseHome:
    return WarehouseHome(tmp_path / "again")


def test_every_published_table_and_every_file_is_there_again(
    lived_in: WarehouseHome, kept: Path, empty: WarehouseHome
) -> None:
    restored = restore(kept, empty)
    rebuild(empty, NOW + timedelta(days=5))
    finish(empty)

    assert (restored.faults, restored.other_reference) == ((), ())
    for folder in ("archive", "editions", "inbox"):
        wanted = files_below(lived_in.root / folder)
        if folder == "inbox":
            wanted = {"Ea Na/chưa nạp.xlsx": wanted["Ea Na/chưa nạp.xlsx"]}
        assert wanted
        assert files_below(empty.root / folder) == wanted
    assert current_edition(empty) is not None
    assert tables_of(empty.current, "core reviews meta") == tables_of(lived_in.current, "core reviews meta")
    assert len(tables_of(empty.current, "core reviews meta")) > 10
    before, now = tables_of(lived_in.warehouse, "raw"), tables_of(empty.warehouse, "raw")
    assert len(now["raw.receipts"]) == 3
    del before["raw.journal_entries"], now["raw.journal_entries"]  # has the moment of taking over
    assert now == before
    prepare_layers(empty)
    again = publish(empty, NOW + timedelta(days=6))
    for name, rows in tables_of(lived_in.current, "core reviews meta").items():
        if name not in OF_ITS_OWN:
            assert tables_of(again.path, "core reviews meta")[name] == rows, name
    assert [check.faults for check in verify_home(empty) if check.faults] == []


def test_the_next_refresh_finds_nothing_new_and_the_next_load_what_waited(
    kept: Path, empty: WarehouseHome
) -> None:
    restore(kept, empty)
    rebuild(empty, NOW + timedelta(days=5))
    finish(empty)

    inputs = gather_inputs(empty, NOW + timedelta(days=5))
    assert find_edition(empty, inputs, is_as_of_given=False) == current_edition(empty)
    assert load(empty, NOW + timedelta(days=6)).files_new == 1
    with open_read_only(empty.warehouse) as connection:
        assert connection.execute(
            "select received_at from raw.receipts where relative_path = 'Ea Na/chưa nạp.xlsx'"
        ).fetchall() == [(NOW + timedelta(days=3),)]


def test_an_older_backup_may_be_asked_for(lived_in: WarehouseHome, kept: Path, empty: WarehouseHome) -> None:
    first = manifest_paths(kept)[0]
    put_return(lived_in, "Ea Na/sau.xlsx", 5, NOW + timedelta(days=5))
    load(lived_in, NOW + timedelta(days=5))
    make_backup(lived_in, kept, NOW + timedelta(days=6), "v1")

    restored = restore(kept, empty, at=first.stem)

    assert restored.manifest.made_at == NOW + timedelta(days=4)
    assert len(list(empty.journal.glob("*.json"))) == restored.manifest.entry_count
    with pytest.raises(UnsuitableSourceError, match=f"Các lần gần đây: .*{first.stem}"):
        restore(kept, WarehouseHome(empty.root.with_name("third")), at="20200101T000000Z")


def test_a_home_that_is_lived_in_is_left_alone(lived_in: WarehouseHome, kept: Path) -> None:
    before = files_below(lived_in.root)

    told = operate(lived_in, "restore", "--from", str(kept))

    assert told.returncode == 2
    assert "không trống" in told.stderr
    assert "Đề nghị đổi tên thư mục" in told.stderr
    assert files_below(lived_in.root) == before


def test_a_restoration_that_was_cut_off_is_gone_on_with(kept: Path, empty: WarehouseHome) -> None:
    class CutError(Exception):
        pass

    def cut(sentence: str) -> None:
        if "bản số liệu" in sentence:
            raise CutError

    with pytest.raises(CutError):
        restore_files(kept, "", empty, cut)
    assert list(empty.archive.glob("??/*"))
    assert not list(empty.journal.glob("*"))

    assert restore(kept, empty).faults == ()
    rebuild(empty, NOW + timedelta(days=5))
    finish(empty)
    assert [check.faults for check in verify_home(empty) if check.faults] == []
    with pytest.raises(HomeNotEmptyError):
        restore(kept, empty)


def fail_to_build(home: WarehouseHome, layer: str, now: datetime) -> None:
    raise TransformError("dbt: không tính được bảng")


def test_a_restoration_whose_build_failed_is_gone_on_with_by_the_same_command(
    kept: Path, empty: WarehouseHome, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WAREHOUSE_HOME", str(empty.root))
    monkeypatch.setattr("build.transform.run_layer", fail_to_build)
    first = manifest_paths(kept)[0].stem

    assert main(["restore", "--from", str(kept)]) == 1
    assert "Các tệp đã được khôi phục đủ" in capsys.readouterr().err
    make_backup(WarehouseHome(kept.parent / "home"), kept, NOW + timedelta(days=6), "v1")
    monkeypatch.setattr("build.transform.run_layer", lambda home, layer, now: None)

    assert main(["restore", "--from", str(kept)]) == 0
    told = capsys.readouterr()
    assert f"Đang làm tiếp lần khôi phục dở từ bản sao lưu {first}" in told.err
    assert "Đã khôi phục lần sao lưu" in told.out
    assert RestorationNote.read(empty) is None
    assert [check.faults for check in verify_home(empty) if check.faults] == []


def test_a_rebuild_ends_a_restoration_whose_build_failed(
    kept: Path, empty: WarehouseHome, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    restore(kept, empty)
    monkeypatch.setenv("WAREHOUSE_HOME", str(empty.root))

    assert rebuild_command.run() == 0

    assert f"Việc khôi phục từ lần sao lưu {manifest_paths(kept)[0].stem}" in capsys.readouterr().out
    assert RestorationNote.read(empty) is None
    with pytest.raises(HomeNotEmptyError):
        restore(kept, empty)


def test_what_was_loaded_after_a_restoration_is_never_taken_for_a_part_of_it(
    kept: Path, empty: WarehouseHome
) -> None:
    restore(kept, empty)
    assert load(empty, NOW + timedelta(days=6)).files_new == 1

    with pytest.raises(HomeNotEmptyError):
        restore(kept, empty)


def test_nobody_writes_a_home_of_which_files_are_missing(kept: Path, empty: WarehouseHome) -> None:
    lost = sorted(kept.glob("archive/journal/*.json"))[-1]
    entry = lost.read_bytes()
    lost.unlink()
    before = restore(kept, empty)
    name = manifest_paths(kept)[0].stem

    assert not before.is_usable
    for write in (
        lambda: load(empty, NOW + timedelta(days=6)),
        lambda: rebuild(empty, NOW + timedelta(days=6)),
        lambda: make_backup(empty, kept, NOW + timedelta(days=6), "v1"),
    ):
        with pytest.raises(UnfinishedRestorationError, match=f"AT={name}"):
            write()
    make_backup(WarehouseHome(kept.parent / "home"), kept, NOW + timedelta(days=6), "v1")
    other = manifest_paths(kept)[0].stem
    with pytest.raises(OtherBackupUnderWayError, match=name):
        restore(kept, empty, at=other)
    lost.write_bytes(entry)
    assert restore(kept, empty).is_usable
    assert load(empty, NOW + timedelta(days=6)).files_new == 1


def test_a_damaged_file_is_no_part_of_the_journal_because_its_folder_is_called_so(
    kept: Path, empty: WarehouseHome
) -> None:
    moved = kept.rename(kept.with_name("journal"))
    damaged = sorted(moved.glob("archive/??/*"))[0]
    damaged.write_bytes(damaged.read_bytes()[:-1])

    restored = restore(moved, empty)

    assert [fault.where for fault in restored.faults] == [str(damaged)]
    assert restored.lost == {"archive"}
    assert restored.is_usable


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can restore for another")
def test_what_root_restores_belongs_to_whom_the_home_belongs(
    kept: Path, empty: WarehouseHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty.root.mkdir()
    os.chown(empty.root, 50000, 50000)
    monkeypatch.setenv("WAREHOUSE_HOME", str(empty.root))
    monkeypatch.setattr("build.transform.run_layer", fail_to_build)

    assert main(["restore", "--from", str(kept)]) == 1

    assert empty.warehouse.exists()
    assert list(empty.journal.glob("*.json"))
    assert {path.lstat().st_uid for path in empty.root.rglob("*")} == {50000}


def test_damage_in_a_backup_is_named_and_does_not_enter(kept: Path, empty: WarehouseHome) -> None:
    damaged = sorted(kept.glob("archive/??/*"))[0]
    damaged.write_bytes(damaged.read_bytes()[:-1])
    lost = sorted(kept.glob("archive/journal/*.json"))[0]
    lost.unlink()

    told = operate(empty, "restore", "--from", str(kept))

    assert told.returncode == 1
    assert f"SAI: {damaged}: nội dung không khớp mã kiểm tra." in told.stderr
    assert f"SAI: {lost}: không còn tệp này trong bản sao lưu." in told.stderr
    assert not (empty.root / damaged.relative_to(kept)).exists()
    assert not empty.warehouse.exists()


def test_a_folder_without_backups_is_told(tmp_path: Path, empty: WarehouseHome) -> None:
    (tmp_path / "nothing").mkdir()

    nothing = operate(empty, "restore", "--from", str(tmp_path / "nothing"))
    missing = operate(empty, "restore", "--from", str(tmp_path / "not mounted"))

    assert (nothing.returncode, missing.returncode) == (2, 2)
    assert "Không có lần sao lưu nào nguyên vẹn" in nothing.stderr
    assert "đã được gắn chưa" in missing.stderr
    assert not empty.root.exists()


def test_reference_data_that_have_changed_since_are_named(
    kept: Path, empty: WarehouseHome, tmp_path: Path
) -> None:
    manifest = manifest_paths(kept)[0]
    seed = "dbt_project/seeds/member_match_decisions.csv"
    (there,) = duckdb.execute(
        "select sha256(content) from read_blob(?)", [str(PROJECT_ROOT / seed)]
    ).fetchall()
    content = manifest.read_text(encoding="utf-8")
    assert there[0] in content
    manifest.chmod(0o600)
    manifest.write_text(content.replace(there[0], "ab" * 32), encoding="utf-8")

    assert [file.belongs_to for file in restore(kept, empty).other_reference] == [seed]


def test_room_is_looked_for_before_anything_is_copied(kept: Path, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "2m") as disk, pytest.raises(DiskFullError, match="Cần thêm"):
        restore(kept, WarehouseHome(disk.path / "home"))


def test_a_copy_on_a_file_system_without_rights_and_links_is_restored(
    lived_in: WarehouseHome, kept: Path, empty: WarehouseHome, tmp_path: Path
) -> None:
    # as a USB stick gives them back: every file may be read and written by all, and has the time of copying
    stick = Path(shutil.copytree(kept, tmp_path / "stick", copy_function=shutil.copyfile))
    for path in stick.rglob("*"):
        path.chmod(0o777)
        now = datetime.now(UTC).timestamp()
        os.utime(path, (now, now))

    assert restore(stick, empty).faults == ()

    assert files_below(empty.archive) == files_below(lived_in.archive)
    assert {oct(path.stat().st_mode & 0o777) for path in empty.journal.glob("*.json")} == {"0o400"}
    assert (empty.inbox / "Ea Na" / "chưa nạp.xlsx").stat().st_mtime == (NOW + timedelta(days=3)).timestamp()
