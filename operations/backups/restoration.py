"""The way back: a backup into an empty home, checked, with the working database made anew and built.

Afterwards a refresh finds nothing new: the same returns were received at the same times, under the same keys, and the same
editions stand. Cut off anywhere, the same command goes on.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ingest.durable import OWNER_ONLY, READ_ONLY, make_folder
from ingest.home import PROJECT_ROOT, WarehouseHome
from ingest.keeping.archive import sha256_of
from ingest.keeping.journal import numbers, path_of
from ingest.keeping.restoration_note import RestorationNote, remove_note
from ingest.troubles import DiskFullError, telling_troubles
from operations.backups.manifest import (
    NAME_OF_KIND,
    ORDER,
    BackedUpFile,
    BackupDamagedError,
    BackupManifest,
    Kind,
    manifest_paths,
    read_manifest,
)
from operations.backups.whole_copies import AT_ONCE, COPYING, OtherContentError, copy_whole
from operations.housekeeping.checks import Fault
from publish.editions.current import make_current, read_edition

# what a home has to have beside its files: the working database, and dbt's room to build it
_TIMES_THE_FILES = 3
_MODES: dict[Kind, int] = {"inbox": 0o644, "archive": OWNER_ONLY, "journal": OWNER_ONLY}
ANOTHER_BACKUP = "Đề nghị thử lần sao lưu khác (--at) hoặc thư mục sao lưu khác."

# without these nothing can be made of the others
_INDISPENSABLE: frozenset[Kind] = frozenset({"journal", "ledger"})

Tell = Callable[[str], None]


class UnsuitableSourceError(Exception):
    """There is no backup to restore; the text says why and what to do."""


class HomeNotEmptyError(Exception):
    """Something is in the home that a restoration would mix with what it brings."""

    def __init__(self, home: WarehouseHome, found: Path) -> None:
        super().__init__(
            f"Kho số liệu {home.root} không trống (có {found}). Chỉ khôi phục vào kho trống để không ghi đè gì."
            f" Đề nghị đổi tên thư mục {home.root} hoặc chọn thư mục khác (WAREHOUSE_HOME=…) rồi chạy lại."
        )


class OtherBackupUnderWayError(Exception):
    """Another backup is partly restored into the home, and would be mixed with this one."""

    def __init__(self, home: WarehouseHome, under_way: str, asked: str) -> None:
        super().__init__(
            f"Kho số liệu {home.root} đang được khôi phục dở từ lần sao lưu {under_way}, không phải {asked}."
            f" Đề nghị làm tiếp lần đó (make restore FROM=… AT={under_way}); nếu muốn lấy lần {asked}, đề nghị đổi tên"
            f" thư mục {home.root} rồi chạy lại."
        )


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restoration brought.

    Attributes:
        manifest: of the backup.
        faults: files that were not what they should be, and are not in the home.
        lost: kinds of those files.
        other_reference: files of reference data, or forms, that the code at hand has differently.
    """

    manifest: BackupManifest
    faults: tuple[Fault, ...]
    lost: frozenset[Kind]
    other_reference: tuple[BackedUpFile, ...]

    @property
    def is_usable(self) -> bool:
        """The working database can be made of what was brought."""
        return self.lost.isdisjoint(_INDISPENSABLE)


def choose_backup(folder: Path, at: str = "") -> tuple[Path, BackupManifest]:
    """Give the manifest of one backup, with where it lies: the newest that is whole where none is named.

    Raises:
        UnsuitableSourceError: there is none.
    """
    if not folder.is_dir():
        raise UnsuitableSourceError(
            f"Không có thư mục {folder}. Đề nghị kiểm tra USB hoặc ổ mạng đã được gắn chưa rồi chạy lại."
        )
    for path in manifest_paths(folder):
        if at in {"", path.stem}:
            with suppress(BackupDamagedError):
                return path, read_manifest(path)
    known = ", ".join(path.stem for path in manifest_paths(folder)[:5])
    raise UnsuitableSourceError(
        f"Không có lần sao lưu {at or 'nào'} nguyên vẹn trong {folder}."
        + (f" Các lần gần đây: {known}." if known else "")
    )


def restore_files(folder: Path, at: str, home: WarehouseHome, tell: Tell) -> Restored:
    """Bring the files of a backup into an empty home, each held against its hash; goes on with what was cut off.

    Args:
        folder: where backups lie.
        at: name of a backup; when blank the one that is under way, else the newest.
        home: where to; the working database is not made here.
        tell: called with what is done next, in Vietnamese.

    Raises:
        UnsuitableSourceError: there is no such backup.
        HomeNotEmptyError: the home holds something that this restoration did not bring.
        OtherBackupUnderWayError: another backup is partly restored into it.
        WarehouseTroubleError: there is not enough room, or the home may not be written.
    """
    under_way = RestorationNote.read(home)
    path, manifest = _backup_to_restore(folder, at, under_way)
    with telling_troubles(home.root):
        note = _begin(home, path.stem, manifest, under_way)
        if under_way is not None:
            tell(f"Đang làm tiếp lần khôi phục dở từ bản sao lưu {note.backup}")
        missing = [file for file in manifest.files if file.kind != "reference" and not _is_there(home, file)]
        wanted = sum(file.size_bytes for file in missing) * _TIMES_THE_FILES
        if shutil.disk_usage(home.root).free < wanted:
            raise DiskFullError(home.root, wanted)
        make_folder(home.root / COPYING)
        faults: list[Fault] = []
        lost: set[Kind] = set()
        for kind in ORDER:
            of_kind = [file for file in missing if file.kind == kind]
            if of_kind:
                tell(f"Đang chép {len(of_kind)} {NAME_OF_KIND[kind]}")
                for fault in _copy_all(of_kind, folder, home):
                    faults.append(fault)
                    lost.add(kind)
        if manifest.current_edition is not None:
            faults += _link_current(home, manifest.current_edition)
        home.prepare()
        shutil.rmtree(home.root / COPYING, ignore_errors=True)
        other = tuple(file for file in manifest.files if file.kind == "reference" and not _is_the_same(file))
        restored = Restored(manifest, tuple(faults), frozenset(lost), other)
        if restored.is_usable:
            note.model_copy(update={"are_files_there": True}).keep(home)
    return restored


def rebuild_database(home: WarehouseHome, now: datetime, tell: Tell) -> None:
    """Make the working database of restored files anew and build all layers in it.

    Args:
        home: the warehouse, its files restored.
        now: the moment, with time zone; what was received by then counts.
        tell: called with what is done next, in Vietnamese.

    Raises:
        WarehouseTroubleError: the journal or the ledger is damaged, or the disk is full.
        TransformError: a layer does not build, or one of its tests fails.
    """
    from build.layers import LAYERS
    from build.transform import run_layer
    from ingest.upkeep.rebuild import rebuild

    if not home.warehouse.exists():
        tell("Đang lập lại kho làm việc từ tệp lưu trữ")
        rebuild(home, now)
    for layer in LAYERS:
        tell(f"Đang tính lại số liệu ({layer})")
        run_layer(home, layer, now)


def finish(home: WarehouseHome) -> None:
    """Note that a restoration is complete; from here on the home counts as lived in."""
    remove_note(home)


def _backup_to_restore(
    folder: Path, at: str, under_way: RestorationNote | None
) -> tuple[Path, BackupManifest]:
    """Choose a backup; where none is named, the one that is under way if the folder has it."""
    if not at and under_way is not None:
        with suppress(UnsuitableSourceError):
            return choose_backup(folder, under_way.backup)
    return choose_backup(folder, at)


def _begin(
    home: WarehouseHome, name: str, manifest: BackupManifest, under_way: RestorationNote | None
) -> RestorationNote:
    """Note in the home which backup is being restored, unless there is something else in it."""
    brought = {file.belongs_to for file in manifest.files if file.kind == "journal"}
    has_grown = any(
        path.relative_to(home.root).as_posix() not in brought
        for path in (path_of(home.journal, number) for number in numbers(home.journal))
    )
    found = next(_lived_in(home), None)
    if under_way is not None and under_way.backup == name and not has_grown:
        return under_way
    if under_way is not None and not under_way.are_files_there:
        raise OtherBackupUnderWayError(home, under_way.backup, name)
    if found is not None:
        raise HomeNotEmptyError(home, found)
    note = RestorationNote(backup=name)
    note.keep(home)
    return note


def _lived_in(home: WarehouseHome) -> Iterator[Path]:
    if home.warehouse.exists():
        yield home.warehouse
    for folder in (home.archive, home.editions, home.inbox):
        yield from (path for path in folder.rglob("*") if path.is_file())


def _is_there(home: WarehouseHome, file: BackedUpFile) -> bool:
    path = home.root / file.belongs_to
    return path.is_file() and path.stat().st_size == file.size_bytes and sha256_of(path) == file.sha256


def _copy_all(files: list[BackedUpFile], folder: Path, home: WarehouseHome) -> Iterator[Fault]:
    with ThreadPoolExecutor(AT_ONCE) as threads:
        for fault in threads.map(lambda file: _copy(file, folder, home), files):
            if fault is not None:
                yield fault


def _copy(file: BackedUpFile, folder: Path, home: WarehouseHome) -> Fault | None:
    source, target = folder / file.stored_as, home.root / file.belongs_to
    try:
        copy_whole(source, target, home.root / COPYING, file.sha256)
    except FileNotFoundError:
        return Fault(str(source), "không còn tệp này trong bản sao lưu", ANOTHER_BACKUP)
    except OtherContentError:
        return Fault(str(source), "nội dung không khớp mã kiểm tra", ANOTHER_BACKUP)
    if file.modified_at is not None:
        os.utime(target, (file.modified_at.timestamp(), file.modified_at.timestamp()))
    target.chmod(_MODES.get(file.kind, READ_ONLY))
    return None


def _link_current(home: WarehouseHome, edition_id: str) -> Iterator[Fault]:
    edition = read_edition(home, edition_id)
    if edition is None:
        yield Fault(edition_id, "bản số liệu hiện hành không có trong bản sao lưu", ANOTHER_BACKUP)
        return
    make_current(home, edition)


def _is_the_same(file: BackedUpFile) -> bool:
    path = PROJECT_ROOT / file.belongs_to
    return path.is_file() and sha256_of(path) == file.sha256
