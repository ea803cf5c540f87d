"""A copy of all that cannot be made again, in a folder outside the home that grows with each backup.

In it: every file received, the journal, the ledger of issued figures, the editions, files of the inbox that are not loaded
yet, and the reference data by which figures are judged. Not in it: the working database (made from archive and journal),
answers and reports (made again), the history of runs in Airflow. The system may run meanwhile: what is named is copied
before what names it, so that every backup is whole, whatever comes in while it is made.
"""

import argparse
import fcntl
import hashlib
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from ingest.archive import archived_path, sha256_of
from ingest.durable import make_folder, sync_folder
from ingest.home import FORMS, PROJECT_ROOT, SEEDS, VOCABULARY, WarehouseHome
from ingest.inbox import InboxFile, look_into_inbox
from ingest.journal import (
    DamagedEntryError,
    LoadEntry,
    Receipt,
    missing_numbers,
    numbers,
    path_of,
    read_entries,
)
from ingest.own_commands import typed
from ingest.restoration_note import refuse_unfinished_restoration
from ingest.troubles import DiskFullError, telling_troubles
from ingest.verdicts import OUT_OF_REACH
from operations.backup_manifest import (
    OWNER_ONLY,
    BackedUpFile,
    BackupManifest,
    Kind,
    stored_files,
    write_manifest,
)
from operations.edition_files import current_edition_id, edition_ids, listed_files
from publish.editions.manifest import MANIFEST, ManifestDamagedError
from publish.editions.manifest import read_manifest as read_edition_manifest

# what is named comes before what names it
ORDER: tuple[Kind, ...] = ("archive", "ledger", "edition", "inbox", "reference", "journal")
NAME_OF_KIND: dict[Kind, str] = {
    "archive": "tệp báo cáo đã nhận",
    "ledger": "tệp số liệu đã công bố",
    "edition": "tệp của bản số liệu",
    "inbox": "tệp chưa nạp",
    "reference": "tệp danh mục và biểu",
    "journal": "mục trong sổ nhật ký",
}
AT_ONCE = 8
_CHUNK_BYTES = 1 << 20
# beside the files: the manifest, and what a file system needs for names
_SPARE_BYTES = 16 << 20
_COPYING = ".copying"
_BY_HASH = "files"
_ISSUING = ".issuing"

Progress = Callable[[int, int], None]


class UnsuitableTargetError(Exception):
    """A folder that no backup can be made into; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A file that a backup is to hold: where it lies, and as what it is kept."""

    source: Path
    file: BackedUpFile


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


def add_command(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add ``backup``."""
    parser = commands.add_parser("backup", help="sao lưu kho số liệu vào một thư mục ngoài (USB, ổ mạng)")
    parser.add_argument("--to", required=True, help="thư mục giữ các bản sao lưu")
    parser.set_defaults(run=_run)


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
    entries, problems = _list_journal(home)
    last_entry = max((int(item.source.stem) for item in entries), default=0)
    planned = [*_plan(home, now, last_entry, problems), *entries]
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
        shutil.rmtree(folder / _COPYING, ignore_errors=True)
        (folder / _COPYING).mkdir()
        try:
            yield
        finally:
            shutil.rmtree(folder / _COPYING, ignore_errors=True)
            # said aloud: a child process that has just been started may still hold the file open
            with suppress(OSError):
                fcntl.flock(lock, fcntl.LOCK_UN)


def _list_journal(home: WarehouseHome) -> tuple[list[Planned], list[str]]:
    """List the entries there are now; all that they name is there already, and is looked for afterwards."""
    paths = [path_of(home.journal, number) for number in numbers(home.journal)]
    planned = [Planned(path, _described("journal", path, _below(home, path))) for path in paths]
    return planned, [f"Sổ nhật ký thiếu mục số {number}." for number in missing_numbers(home.journal)]


def _plan(home: WarehouseHome, now: datetime, last_entry: int, problems: list[str]) -> Iterator[Planned]:
    """List what is to be backed up beside the journal; adds what its entries name and is missing to the problems."""
    archived: set[str] = set()
    for path in sorted(home.archive.glob("[0-9a-f][0-9a-f]/*")):
        archived.add(path.name)
        yield Planned(path, _described("archive", path, _below(home, path), path.name))
    received = _receipts(home, last_entry, problems)
    for receipt in received:
        if receipt.trouble is None and receipt.sha256 not in archived:
            problems.append(
                f"Kho lưu trữ thiếu nội dung của “{receipt.relative_path}”"
                f" ({archived_path(home.archive, receipt.sha256)})."
            )
    for path in sorted(home.ledger.glob("*.parquet")):
        yield Planned(path, _described("ledger", path, _below(home, path)))
    yield from _plan_editions(home, problems)
    for file in _not_loaded(home, received, now):
        with suppress(FileNotFoundError, PermissionError):
            sha256 = sha256_of(file.path)
            described = _described(
                "inbox",
                file.path,
                _below(home, file.path),
                sha256,
                modified_at=datetime.fromtimestamp(file.path.stat().st_mtime, UTC),
            )
            if sha256 in archived:
                # A load that is under way, or was cut off, has archived it; no entry tells of its arrival yet. The bytes
                # are kept once.
                kept_as = _below(home, archived_path(home.archive, sha256))
                described = described.model_copy(update={"stored_as": kept_as})
            yield Planned(file.path, described)
    for folder in (SEEDS, FORMS, VOCABULARY):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.suffix in {".csv", ".yml"}:
                yield Planned(path, _described("reference", path, path.relative_to(PROJECT_ROOT).as_posix()))


def _receipts(home: WarehouseHome, last_entry: int, problems: list[str]) -> list[Receipt]:
    receipts: list[Receipt] = []
    try:
        for number, entry in read_entries(home.journal):
            if isinstance(entry, LoadEntry) and number <= last_entry:
                receipts += entry.receipts
    except DamagedEntryError as damaged:
        problems.append(str(damaged))
    return receipts


def _plan_editions(home: WarehouseHome, problems: list[str]) -> Iterator[Planned]:
    # the folder of an edition gets its name a moment before its file does
    is_issuing = (home.editions / _ISSUING).exists()
    for edition_id in edition_ids(home.editions):
        try:
            manifest = read_edition_manifest(home.editions / edition_id)
        except ManifestDamagedError:
            problems.append(
                f"Bản số liệu {edition_id} không có bảng kê tệp nguyên vẹn nên không được sao lưu."
            )
            continue
        paths = [(home.editions / below, sha256) for below, sha256 in listed_files(manifest)]
        absent = [path for path, _ in paths if not path.is_file()]
        if absent and is_issuing:
            continue
        if absent:
            problems.append(f"Bản số liệu {edition_id} thiếu tệp {absent[0]} nên không được sao lưu.")
            continue
        for path, sha256 in paths:
            yield Planned(path, _described("edition", path, _below(home, path), sha256))
        path = home.editions / edition_id / MANIFEST
        yield Planned(path, _described("edition", path, _below(home, path)))


def _not_loaded(home: WarehouseHome, received: Iterable[Receipt], now: datetime) -> list[InboxFile]:
    known = {
        (receipt.relative_path, receipt.size_bytes, receipt.received_at.timestamp())
        for receipt in received
        if receipt.trouble not in OUT_OF_REACH
    }
    return [
        file
        for file in look_into_inbox(home.inbox, now).files
        if file.trouble is None
        and (file.relative_path, file.size_bytes, file.received_at.timestamp()) not in known
    ]


def _described(
    kind: Kind, path: Path, belongs_to: str, sha256: str | None = None, modified_at: datetime | None = None
) -> BackedUpFile:
    digest = sha256 or sha256_of(path)
    is_by_hash = kind in {"inbox", "reference"}
    return BackedUpFile(
        kind=kind,
        stored_as=PurePosixPath(_BY_HASH, digest[:2], digest).as_posix() if is_by_hash else belongs_to,
        belongs_to=belongs_to,
        sha256=digest,
        size_bytes=path.stat().st_size,
        modified_at=modified_at,
    )


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
        copy_whole(item.source, target, folder / _COPYING, item.file.sha256)
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


class OtherContentError(Exception):
    """A file does not hold what it should; the text names it."""


def copy_whole(source: Path, target: Path, working: Path, sha256: str) -> None:
    """Copy a file so that it has its name only when all of its bytes are on the disk and are the right ones.

    The copy is its owner's alone: names of members and the secret of their pseudonyms are among what is copied.

    Args:
        source: the file.
        target: its new name; folders are made.
        working: a folder on the file system of the target, for what is being copied.
        sha256: what its content must have.

    Raises:
        OtherContentError: its content is another; nothing is kept.
    """
    make_folder(target.parent)
    digest = hashlib.sha256()
    temporary = working / hashlib.sha256(str(target).encode()).hexdigest()
    with source.open("rb") as original, open(temporary, "wb", opener=_for_owner_alone) as copy:
        while chunk := original.read(_CHUNK_BYTES):
            digest.update(chunk)
            copy.write(chunk)
        copy.flush()
        os.fsync(copy.fileno())
    if digest.hexdigest() != sha256:
        temporary.unlink()
        raise OtherContentError(str(source))
    temporary.replace(target)
    sync_folder(target.parent)


def _for_owner_alone(path: str, flags: int) -> int:
    return os.open(path, flags, OWNER_ONLY)


def _rest_of_editions(planned: Iterable[Planned], gone: set[Planned]) -> set[Planned]:
    """Give all files of editions of which one could not be copied: part of an edition is none."""
    lost = {_edition_of(item) for item in gone if item.file.kind == "edition"}
    return {item for item in planned if item.file.kind == "edition" and _edition_of(item) in lost}


def _edition_of(item: Planned) -> str:
    return PurePosixPath(item.file.belongs_to).parts[1].removesuffix(".duckdb")


def _below(home: WarehouseHome, path: Path) -> str:
    return path.relative_to(home.root).as_posix()


def _run(chosen: argparse.Namespace) -> int:
    from publish.inputs import code_version

    home = WarehouseHome.from_environment()
    if not chosen.to.strip():
        print(
            "Chưa ghi thư mục giữ các bản sao lưu. Ví dụ: make backup TO=/media/usb/warehouse",
            file=sys.stderr,
        )
        return 2
    folder = Path(chosen.to).expanduser().absolute()
    started = time.monotonic()
    try:
        report = make_backup(home, folder, datetime.now(UTC), code_version(), _Told())
    except UnsuitableTargetError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Đã dừng. Phần đã sao vẫn dùng được; chạy lại lệnh này để sao tiếp.", file=sys.stderr)
        return 130
    _print_report(home, folder, report, time.monotonic() - started)
    return 1 if report.manifest.problems else 0


class _Told:
    """Tells how far a long backup is, every few seconds."""

    def __init__(self) -> None:
        self._last = time.monotonic()

    def __call__(self, done: int, total: int) -> None:
        if time.monotonic() - self._last > 3:
            self._last = time.monotonic()
            print(f"Đã sao {megabytes(done)} / {megabytes(total)}", file=sys.stderr)


def megabytes(size: int) -> str:
    """Write a size for a person: megabytes with a decimal comma."""
    return f"{size / 1e6:.1f} MB".replace(".", ",")


def _print_report(home: WarehouseHome, folder: Path, report: BackupReport, seconds: float) -> None:
    manifest = report.manifest
    print(f"Đã sao lưu kho số liệu {home.root} vào {folder} ({seconds:.0f} giây).")
    for kind in ORDER:
        there = sum(file.kind == kind for file in manifest.files)
        if there:
            print(f"  {there:>7} {NAME_OF_KIND[kind]}, trong đó sao mới {report.copied[kind]}")
    print(f"Dung lượng sao mới: {megabytes(report.copied_bytes)}.")
    print(f"Bản số liệu hiện hành: {manifest.current_edition or 'chưa có'}.")
    print(f"Bảng kê của lần sao lưu này: {report.path}")
    print(
        "Không sao lưu: kho làm việc (lập lại từ tệp lưu trữ), phiếu phản hồi và báo cáo (lập lại), lịch sử chạy và"
        " tài khoản của Airflow."
    )
    if folder.stat().st_dev == home.root.stat().st_dev:
        print(
            "Lưu ý: bản sao lưu nằm cùng ổ đĩa với kho số liệu; hỏng ổ đĩa thì mất cả hai."
            " Đề nghị sao lưu thêm vào USB hoặc ổ mạng."
        )
    for problem in manifest.problems:
        print(f"CẦN KIỂM TRA: {problem}", file=sys.stderr)
    if manifest.problems:
        print(
            f"Phần còn lại đã được sao lưu. Đề nghị chạy “{typed('verify')}” để xem phải làm gì.",
            file=sys.stderr,
        )
