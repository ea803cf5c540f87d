"""A copy of all that cannot be made again, in a folder outside the home that grows with each backup.

In it: every file received, the journal, the ledger of issued figures, the editions, files of the inbox that are not loaded
yet, and the reference data by which figures are judged. Not in it: the working database (made from archive and journal),
answers and reports (made again), the history of runs in Airflow. The system may run meanwhile: what is named is copied
before what names it, so that every backup is whole, whatever comes in while it is made.
"""

import fcntl
import shutil
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

from ingest.home import WarehouseHome
from ingest.keeping.archive import sha256_of
from ingest.keeping.journal import DamagedEntryError, read_entries
from ingest.keeping.restoration_note import refuse_unfinished_restoration
from ingest.troubles import DiskFullError, telling_troubles
from operations.backups.manifest import (
    ORDER,
    BackedUpFile,
    BackupManifest,
    Kind,
    stored_files,
    write_manifest,
)
from operations.backups.plan import Planned, list_journal, plan_files
from operations.backups.whole_copies import AT_ONCE, COPYING, OtherContentError, copy_whole
from operations.housekeeping.edition_files import current_edition_id

# beside the files: the manifest, and what a file system needs for names
_SPARE_BYTES = 16 << 20

Progress = Callable[[int, int], None]


class UnsuitableTargetError(Exception):
    """A folder that no backup can be made into; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class BackupReport:
    """What one backup did.

    Attributes:
        manifest: what it holds, with what could not be backed up.
        path: where the manifest lies.
        copied: kind to number of files copied now; the others were there.
        copied_bytes: size of those.
    """

    manifest: BackupManifest
    path: Path
    copied: dict[Kind, int]
    copied_bytes: int


def make_backup(
    home: WarehouseHome, folder: Path, now: datetime, code_version: str, progress: Progress | None = None
) -> BackupReport:
    """Bring a folder of backups up to date with a home, and write a manifest of what it holds of it.

    Safe to run while the system works, and to run again after it was cut off: what is there already is not copied again.

    Args:
        home: the warehouse.
        folder: where backups lie; made when only its last part is missing.
        now: the moment, with time zone; names the backup.
        code_version: names the code.
        progress: called with bytes copied and bytes to copy.

    Raises:
        UnsuitableTargetError: the folder lies in the home, has no parent, or holds backups of another warehouse.
        WarehouseTroubleError: the target is full, takes no file of that size, or may not be written; or the home itself
            is only partly restored.
    """
    refuse_unfinished_restoration(home)
    _check_target(home, folder)
    with telling_troubles(folder):
        folder.mkdir(mode=0o700, exist_ok=True)
        with _alone(folder):
            return _bring_up_to_date(home, folder, now, code_version, progress or (lambda done, total: None))


def _bring_up_to_date(
    home: WarehouseHome, folder: Path, now: datetime, code_version: str, progress: Progress
) -> BackupReport:
    current = current_edition_id(home)
    entries, problems = list_journal(home)
    last_entry = max((int(item.source.stem) for item in entries), default=0)
    planned = [*plan_files(home, now, last_entry, problems), *entries]
    known = {(file.stored_as, file.sha256) for file in stored_files(folder)}
    missing = [item for item in planned if not _is_there(folder, item.file, known)]
    _forbid_another_warehouse(folder, missing)
    wanted = sum(item.file.size_bytes for item in missing)
    if shutil.disk_usage(folder).free < wanted + _SPARE_BYTES:
        raise DiskFullError(folder, wanted + _SPARE_BYTES)
    gone: set[Planned] = set()
    copied = 0
    for kind in ORDER:
        batch = [item for item in missing if item.file.kind == kind]
        for item, trouble in _copy_all(batch, folder):
            copied += item.file.size_bytes
            progress(copied, wanted)
            if trouble is not None:
                gone.add(item)
                problems.append(trouble)
    gone |= _rest_of_editions(planned, gone)
    manifest = BackupManifest(
        made_at=now,
        code_version=code_version,
        entry_count=sum(item.file.kind == "journal" for item in planned if item not in gone),
        current_edition=current,
        files=tuple(item.file for item in planned if item not in gone),
        problems=tuple(problems),
    )
    done = [item for item in missing if item not in gone]
    return BackupReport(
        manifest=manifest,
        path=write_manifest(folder, manifest),
        copied={kind: sum(item.file.kind == kind for item in done) for kind in ORDER},
        copied_bytes=sum(item.file.size_bytes for item in done),
    )


def _check_target(home: WarehouseHome, folder: Path) -> None:
    resolved, root = folder.resolve(), home.root.resolve()
    if root in (resolved, *resolved.parents):
        raise UnsuitableTargetError(
            f"{folder} nằm trong chính kho số liệu {home.root}: hỏng ổ đĩa thì mất cả hai."
            " Đề nghị chọn thư mục ở USB, ổ cứng khác hoặc ổ mạng."
        )
    if not folder.parent.is_dir():
        raise UnsuitableTargetError(
            f"Không có thư mục {folder.parent}. Đề nghị kiểm tra USB hoặc ổ mạng đã được gắn chưa rồi chạy lại."
        )
    if folder.exists() and not folder.is_dir():
        raise UnsuitableTargetError(f"{folder} là một tệp. Đề nghị ghi tên một thư mục.")
    if not home.archive.is_dir():
        raise UnsuitableTargetError(f"Chưa có kho số liệu ở {home.root}: chưa có gì để sao lưu.")


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep a second backup out of the folder; where the file system knows no locks, nothing is kept out."""
    with (folder / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UnsuitableTargetError(
                f"Một lần sao lưu khác đang ghi vào {folder}. Đề nghị đợi lần đó xong rồi chạy lại."
            ) from None
        except OSError:
            pass
        shutil.rmtree(folder / COPYING, ignore_errors=True)
        (folder / COPYING).mkdir()
        try:
            yield
        finally:
            shutil.rmtree(folder / COPYING, ignore_errors=True)
            # said aloud: a child process that has just been started may still hold the file open
            with suppress(OSError):
                fcntl.flock(lock, fcntl.LOCK_UN)


def _is_there(folder: Path, file: BackedUpFile, known: set[tuple[str, str]]) -> bool:
    """Tell whether the folder has a file: a manifest or its name vouches for the bytes, else they are read."""
    path = folder / file.stored_as
    try:
        if path.stat().st_size != file.size_bytes:
            return False
    except FileNotFoundError:
        return False
    if (file.stored_as, file.sha256) in known or path.name == file.sha256:
        return True
    return sha256_of(path) == file.sha256


def _forbid_another_warehouse(folder: Path, missing: Iterable[Planned]) -> None:
    """Entries of a journal never change: another one of the same number is another warehouse's, or one is damaged.

    A damaged copy gives way to the entry; a damaged entry never to its copy.
    """
    for item in missing:
        kept = folder / item.file.stored_as
        if item.file.kind == "journal" and kept.exists() and _is_entry(kept):
            if not _is_entry(item.source):
                raise UnsuitableTargetError(
                    f"{DamagedEntryError(item.source)} Tệp tốt ở {kept}. Chưa sao lưu gì."
                )
            raise UnsuitableTargetError(
                f"{folder} giữ bản sao lưu của một kho số liệu khác ({item.file.stored_as} không giống nhau)."
                " Đề nghị chọn thư mục khác."
            )


def _is_entry(path: Path) -> bool:
    try:
        next(read_entries(path.parent, after=int(path.stem) - 1))
    except DamagedEntryError:
        return False
    return True


def _copy_all(items: list[Planned], folder: Path) -> Iterator[tuple[Planned, str | None]]:
    """Copy files, several at a time since each waits for the disk; gives each with what is wrong with it."""
    with ThreadPoolExecutor(AT_ONCE) as threads:
        yield from zip(items, threads.map(lambda item: _copy_into(item, folder), items), strict=True)


def _copy_into(item: Planned, folder: Path) -> str | None:
    target = folder / item.file.stored_as
    try:
        copy_whole(item.source, target, folder / COPYING, item.file.sha256)
    except FileNotFoundError:
        return f"{item.source} không còn khi sao lưu."
    except PermissionError as error:
        if error.filename != str(item.source):
            raise
        return f"Không có quyền đọc {item.source}."
    except OtherContentError:
        if item.file.kind == "inbox":
            return f"{item.source} đang được ghi nên chưa được sao lưu; lần sau sẽ có."
        return f"{item.source} bị hỏng: nội dung không khớp mã kiểm tra."
    return None


def _rest_of_editions(planned: Iterable[Planned], gone: set[Planned]) -> set[Planned]:
    """Give all files of editions of which one could not be copied: part of an edition is none."""
    lost = {_edition_of(item) for item in gone if item.file.kind == "edition"}
    return {item for item in planned if item.file.kind == "edition" and _edition_of(item) in lost}


def _edition_of(item: Planned) -> str:
    return PurePosixPath(item.file.belongs_to).parts[1].removesuffix(".duckdb")
