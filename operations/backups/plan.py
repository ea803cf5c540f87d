"""What a backup is to hold of a home: every file that cannot be made again, where it lies and as what it is kept."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from ingest.contracts.verdicts import OUT_OF_REACH
from ingest.home import FORMS, PROJECT_ROOT, SEEDS, VOCABULARY, WarehouseHome
from ingest.inbox.listing import InboxFile, look_into_inbox
from ingest.keeping.archive import archived_path, sha256_of
from ingest.keeping.journal import (
    DamagedEntryError,
    LoadEntry,
    Receipt,
    missing_numbers,
    numbers,
    path_of,
    read_entries,
)
from operations.backups.manifest import BackedUpFile, Kind
from operations.housekeeping.edition_files import edition_ids, listed_files
from publish.editions.manifest import MANIFEST, ManifestDamagedError
from publish.editions.manifest import read_manifest as read_edition_manifest

_BY_HASH = "files"
_ISSUING = ".issuing"


@dataclass(frozen=True, slots=True)
class Planned:
    """A file that a backup is to hold: where it lies, and as what it is kept."""

    source: Path
    file: BackedUpFile


def list_journal(home: WarehouseHome) -> tuple[list[Planned], list[str]]:
    """List the entries there are now; all that they name is there already, and is looked for afterwards."""
    paths = [path_of(home.journal, number) for number in numbers(home.journal)]
    planned = [Planned(path, _described("journal", path, _below(home, path))) for path in paths]
    return planned, [f"Sổ nhật ký thiếu mục số {number}." for number in missing_numbers(home.journal)]


def plan_files(home: WarehouseHome, now: datetime, last_entry: int, problems: list[str]) -> Iterator[Planned]:
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


def _below(home: WarehouseHome, path: Path) -> str:
    return path.relative_to(home.root).as_posix()
