"""Editions that nobody needs any more, removed by a policy that keeps whatever was issued.

Kept: every edition whose figures stand in the ledger, and the current one. Removed: reproductions of an earlier day
(``AS_OF``) after a month, candidates that nobody decided on after three months, and what a build or a removal that was cut
off left behind. Without ``--yes`` it is only said what would go.
"""

import argparse
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb

from ingest.database import open_read_only
from ingest.home import WarehouseHome
from ingest.keeping.journal import IssueEntry, read_entries
from ingest.own_commands import typed
from operations.housekeeping.edition_files import current_edition_id, edition_ids
from operations.housekeeping.sizes import megabytes
from publish.editions.manifest import Manifest, ManifestDamagedError, read_manifest

REPRODUCTION_DAYS = 30
CANDIDATE_DAYS = 90
# a build or an issue that is under way works in such a folder
_LEFTOVER = timedelta(days=1)
_PRUNED = ".pruned-"
_NAMED = re.compile(r"edition_(?P<built>\d{8}t\d{6})_")


@dataclass(frozen=True, slots=True)
class Prunable:
    """Something to be removed.

    Attributes:
        paths: its files and folders.
        why: in Vietnamese, for a person.
        size_bytes: what its removal gives back.
    """

    name: str
    paths: tuple[Path, ...]
    why: str
    size_bytes: int


def add_command(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add ``prune-editions``."""
    parser = commands.add_parser(
        "prune-editions", help="xóa bản số liệu không công bố đã cũ (mặc định: chỉ liệt kê)"
    )
    parser.add_argument("--yes", action="store_true", help="xóa thật")
    parser.add_argument(
        "--days",
        type=int,
        default=REPRODUCTION_DAYS,
        help="giữ bản lập lại trong bao nhiêu ngày (mặc định 30)",
    )
    parser.set_defaults(run=_run)


def find_prunable(home: WarehouseHome, now: datetime, days: int = REPRODUCTION_DAYS) -> tuple[Prunable, ...]:
    """List what the policy removes; nothing is changed.

    Args:
        home: the warehouse.
        now: the moment, with time zone.
        days: how long a reproduction is kept.

    Raises:
        DamagedEntryError: the journal cannot be read, so that nobody knows what was issued.
        WarehouseTroubleError: nor can the working database.
    """
    kept = _issued(home) | {current_edition_id(home)}
    found = list(_reproductions(home, kept, now - timedelta(days=days)))
    found += _candidates(home, now - timedelta(days=CANDIDATE_DAYS))
    found += _leftovers(home, now - _LEFTOVER)
    return tuple(found)


def prune(home: WarehouseHome, prunable: tuple[Prunable, ...]) -> None:
    """Remove what was listed: out of the way first, so that half an edition never bears an edition's name."""
    for item in prunable:
        away = home.editions / f"{_PRUNED}{item.name.lstrip('.')}"
        away.mkdir(exist_ok=True)
        for path in item.paths:
            if path != away and path.exists():
                path.replace(away / path.name)
        shutil.rmtree(away)


def _issued(home: WarehouseHome) -> set[str | None]:
    issued: set[str | None] = {
        entry.edition_id for _, entry in read_entries(home.journal) if isinstance(entry, IssueEntry)
    }
    if home.warehouse.exists():
        with open_read_only(home.warehouse) as connection:
            try:
                rows = connection.execute("select distinct edition_id from raw.issued_figures").fetchall()
            except duckdb.CatalogException:
                rows = []
        issued |= {row[0] for row in rows}
    return issued


def _reproductions(home: WarehouseHome, kept: set[str | None], before: datetime) -> Iterator[Prunable]:
    for edition_id in edition_ids(home.editions):
        try:
            manifest = read_manifest(home.editions / edition_id)
        except ManifestDamagedError:
            continue  # for ``verify``, and a person
        built_at = _built_at(edition_id)
        if edition_id in kept or _says_issued(manifest) or built_at is None or built_at > before:
            continue
        paths = (home.editions / manifest.database.file, home.editions / edition_id)
        why = f"lập lại ngày {built_at:%d/%m/%Y}, không công bố"
        yield Prunable(edition_id, paths, why, sum(map(_size, paths)))


def _says_issued(manifest: Manifest) -> bool:
    """Tell whether a manifest says so itself; older ones say nothing, and only the ledger knows."""
    return manifest.is_issued and "is_issued" in manifest.model_fields_set


def _candidates(home: WarehouseHome, before: datetime) -> Iterator[Prunable]:
    for folder in sorted(home.candidates.glob("edition_*")):
        built_at = _built_at(folder.name)
        if built_at is not None and built_at < before:
            why = f"lập ngày {built_at:%d/%m/%Y}, chờ phê duyệt quá {CANDIDATE_DAYS} ngày"
            yield Prunable(folder.name, (folder,), why, _size(folder))


def _leftovers(home: WarehouseHome, before: datetime) -> Iterator[Prunable]:
    folders = [*home.editions.glob(".*"), *home.candidates.glob(".*"), *home.ledger.glob(".*")]
    # a second name of an edition, made just before it became the current one: its bytes are as old as the edition
    switches = home.root.glob(f".{home.current.name}.*")
    hidden = [
        *((path, path.stat().st_mtime) for path in folders if path.is_dir() and path != home.candidates),
        *((path, path.stat().st_ctime) for path in switches),
    ]
    for path, touched in sorted(hidden):
        if datetime.fromtimestamp(touched, UTC) < before:
            yield Prunable(path.name, (path,), "phần còn lại của một lần chạy dở", _size(path))


def _built_at(edition_id: str) -> datetime | None:
    named = _NAMED.match(edition_id)
    return datetime.strptime(named["built"], "%Y%m%dt%H%M%S").replace(tzinfo=UTC) if named else None


def _size(path: Path) -> int:
    files = path.rglob("*") if path.is_dir() else (path,)
    return sum(file.stat().st_size for file in files if file.is_file())


def _run(chosen: argparse.Namespace) -> int:
    home = WarehouseHome.from_environment()
    if chosen.days < 0:
        print("Số ngày không được âm.", file=sys.stderr)
        return 2
    prunable = find_prunable(home, datetime.now(UTC), chosen.days)
    total = sum(item.size_bytes for item in prunable)
    if not prunable:
        print("Không có gì để xóa: mọi bản số liệu đều đã công bố hoặc còn mới.")
        return 0
    for item in prunable:
        print(f"  {item.name}: {item.why}, {megabytes(item.size_bytes)}")
    if not chosen.yes:
        print(
            f"Sẽ xóa {len(prunable)} mục, {megabytes(total)}. Chưa xóa gì; để xóa thật: {typed('prune-editions', YES='1')}."
            " Bản đã công bố và bản hiện hành luôn được giữ."
        )
        return 0
    prune(home, prunable)
    print(f"Đã xóa {len(prunable)} mục, {megabytes(total)}.")
    return 0
