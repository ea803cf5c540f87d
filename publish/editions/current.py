"""Which editions there are, which of them is the current one, and mending what was broken from outside.

Nothing here builds a figure. A current edition that is missing or cut short is linked anew from the newest edition whose
bytes are those of its manifest; a manifest or Parquet file that is lost is written anew from the DuckDB file, all of which
is read for it. What cannot be mended is named in a sentence.
"""

import logging
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from build.inputs import EditionInputs
from ingest.database import open_read_only
from ingest.durable import put_folder_in_place, sync_file, sync_folder
from ingest.home import WarehouseHome
from ingest.keeping.archive import sha256_of
from ingest.own_commands import typed
from ingest.troubles import WarehouseTroubleError
from publish.editions.edition import Edition
from publish.editions.manifest import (
    MANIFEST,
    READ_ONLY,
    Manifest,
    ManifestDamagedError,
    describe_database,
    export_tables,
    has_size,
    read_manifest,
    write_manifest,
)

_LOG = logging.getLogger(__name__)


class NoEditionError(RuntimeError):
    """There is no edition to read; the text says in Vietnamese why and what to do."""


def current_edition(home: WarehouseHome) -> Edition | None:
    """Give the current edition; None before the first, or where no edition is whole any more.

    Where ``current.duckdb`` is missing or is not what its manifest says, it is linked anew to the newest edition that is
    whole, which is told in the log.
    """
    linked = _linked_edition(home)
    if linked is not None:
        return linked
    for edition, manifest in _editions(home):
        if manifest.is_issued and sha256_of(edition.path) == manifest.database.sha256:
            make_current(home, edition)
            _LOG.warning(
                "current.duckdb bị thiếu hoặc bị hỏng; đã nối lại với bản số liệu %s.", edition.edition_id
            )
            return edition
    return None


def require_edition(home: WarehouseHome, edition_id: str | None = None) -> Edition:
    """Give an edition to read from; the current one when none is named.

    Raises:
        NoEditionError: there is none, or it is damaged.
    """
    if edition_id is None:
        current = current_edition(home)
        if current is not None:
            return current
        if has_traces(home):
            raise NoEditionError(
                "Không có bản số liệu nào còn nguyên vẹn trong thư mục editions."
                f" Đề nghị khôi phục từ bản sao lưu (make restore) hoặc chạy lại “{typed('refresh')}”."
            )
        raise NoEditionError(f"Chưa có bản số liệu nào. Đề nghị chạy “{typed('refresh')}” trước.")
    found = read_edition(home, edition_id)
    if found is not None:
        return found
    if edition_file(home, edition_id).exists():
        raise NoEditionError(
            f"Bản số liệu {edition_id} đã bị hỏng. Đề nghị khôi phục từ bản sao lưu (make restore)."
        )
    known = ", ".join(edition.edition_id for edition in list_editions(home)) or "chưa có bản nào"
    raise NoEditionError(f"Không có bản số liệu “{edition_id}”. Các bản đang có: {known}.")


def has_traces(home: WarehouseHome) -> bool:
    """Tell whether an edition was made here before, whole or not."""
    return home.current.exists() or any(home.editions.glob("edition_*"))


def read_edition(home: WarehouseHome, edition_id: str) -> Edition | None:
    """Give an edition by its name; None where it is missing or is not as long as its manifest says.

    An edition whose file is gone while ``current.duckdb`` still holds it is given its name back.
    """
    path = edition_file(home, edition_id)
    try:
        manifest = read_manifest(path.with_suffix(""))
    except ManifestDamagedError:
        if not path.is_file():
            return None
        restored = _restore_manifest(home, path)
        if restored is None:
            return None
        manifest = restored
    if not path.exists() and has_size(home.current, manifest.database):
        _give_name_back(home, path, manifest)
    return manifest.edition(path, path.with_suffix("")) if has_size(path, manifest.database) else None


def list_editions(home: WarehouseHome) -> tuple[Edition, ...]:
    """Give every edition that is as long as its manifest says, the newest first: by what it counts, then by its issue."""
    return tuple(edition for edition, _ in _editions(home))


def find_edition(home: WarehouseHome, inputs: EditionInputs, *, is_as_of_given: bool) -> Edition | None:
    """Find the edition that already holds what a refresh would make.

    Args:
        home: the warehouse.
        inputs: what the refresh would build from.
        is_as_of_given: somebody asked for that very day, so an edition of the same day is wanted; otherwise the
            current edition will do when its inputs are the same.
    """
    if not is_as_of_given:
        current = current_edition(home)
        return current if current and current.inputs_fingerprint == inputs.fingerprint else None
    return next(
        (
            edition
            for edition in list_editions(home)
            if edition.inputs_fingerprint == inputs.fingerprint and edition.as_of == inputs.as_of
        ),
        None,
    )


def edition_file(home: WarehouseHome, edition_id: str) -> Path:
    """Give where the DuckDB file of an edition of that name lies, or would lie."""
    return home.editions / f"{Path(edition_id).name}.duckdb"


def make_current(home: WarehouseHome, edition: Edition) -> None:
    """Let ``current.duckdb`` be an edition: a hard link under another name, then one rename.

    Readers see the old one or the new one, whole; who has the old one open keeps it.

    Raises:
        OSError: the disk does not take it; the old one stays current.
    """
    switch = home.current.with_name(f".{home.current.name}.{edition.edition_id}.{os.getpid()}")
    switch.unlink(missing_ok=True)
    try:
        os.link(edition.path, switch)
    except OSError:
        # a file system without hard links
        shutil.copyfile(edition.path, switch)
        switch.chmod(READ_ONLY)
        sync_file(switch)
    switch.replace(home.current)
    sync_folder(home.current.parent)


def mend_editions(home: WarehouseHome) -> tuple[str, ...]:
    """Mend what can be mended of all editions; gives a Vietnamese sentence for each that was not whole.

    Looks for missing files and wrong sizes; whether every byte is what was written is the business of ``make verify``.
    """
    told = []
    for path in sorted(home.editions.glob("edition_*.duckdb")):
        told += _mend(home, path)
    orphans = {folder.name for folder in home.editions.glob("edition_*") if folder.is_dir()}
    for name in sorted(orphans - {path.stem for path in home.editions.glob("edition_*.duckdb")}):
        if read_edition(home, name) is not None:
            told.append(f"Tệp của bản số liệu {name} bị thiếu; đã lấy lại từ current.duckdb.")
        else:
            told.append(
                f"Tệp của bản số liệu {name} bị thiếu; thư mục Parquet của bản này vẫn còn."
                " Đề nghị khôi phục từ bản sao lưu (make restore)."
            )
    is_linked = _linked_edition(home) is not None
    current = current_edition(home)
    if not is_linked and current is not None:
        told.append(f"current.duckdb bị thiếu hoặc bị hỏng; đã nối lại với bản số liệu {current.edition_id}.")
    return tuple(told)


def _mend(home: WarehouseHome, path: Path) -> list[str]:
    try:
        manifest = read_manifest(path.with_suffix(""))
    except ManifestDamagedError:
        mended = _restore_manifest(home, path) is not None
        said = "đã lập lại từ tệp số liệu" if mended else "tệp số liệu cũng hỏng. Đề nghị chạy “make restore”"
        return [f"Danh mục tệp (manifest) của bản số liệu {path.stem} bị thiếu hoặc bị hỏng; {said}."]
    if not has_size(path, manifest.database):
        return [f"Tệp của bản số liệu {path.stem} bị hỏng. Đề nghị khôi phục từ bản sao lưu (make restore)."]
    if all((path.with_suffix("") / table.file).is_file() for table in manifest.tables):
        return []
    mended = _restore_manifest(home, path, manifest) is not None
    said = "đã lập lại từ tệp số liệu" if mended else "không lập lại được vì tệp số liệu hỏng (make restore)"
    return [f"Bản số liệu {path.stem} thiếu tệp Parquet; {said}."]


def _editions(home: WarehouseHome) -> list[tuple[Edition, Manifest]]:
    found = []
    for path in home.editions.glob("edition_*/" + MANIFEST):
        edition = read_edition(home, path.parent.name)
        if edition is not None:
            found.append((edition, read_manifest(edition.folder)))
    return sorted(
        found,
        key=lambda item: (item[0].as_of, item[0].issued_at or item[0].built_at, item[0].edition_id),
        reverse=True,
    )


def _linked_edition(home: WarehouseHome) -> Edition | None:
    """Give the edition that ``current.duckdb`` is, if it is as long as that one's manifest says."""
    if not home.current.is_file():
        return None
    stamped = _read_stamp(home.current)
    if stamped is None:
        return None
    path = edition_file(home, str(stamped["edition_id"]))
    edition = read_edition(home, path.stem)
    if edition is None:
        return None
    return edition if has_size(home.current, read_manifest(edition.folder).database) else None


def _read_stamp(database: Path) -> dict[str, object] | None:
    """Read what an edition says of itself by column; None where it cannot be read."""
    try:
        with open_read_only(database) as connection:
            asked = connection.execute("from meta.edition")
            names = [column[0] for column in asked.description or ()]
            found = asked.fetchone()
    except (duckdb.Error, WarehouseTroubleError):
        return None
    return dict(zip(names, found, strict=True)) if found else None


def _give_name_back(home: WarehouseHome, path: Path, manifest: Manifest) -> None:
    if sha256_of(home.current) != manifest.database.sha256:
        return
    try:
        os.link(home.current, path)
    except OSError:
        shutil.copyfile(home.current, path)
        path.chmod(READ_ONLY)
        sync_file(path)
    sync_folder(path.parent)
    _LOG.warning("Tệp của bản số liệu %s bị thiếu; đã lấy lại từ current.duckdb.", path.stem)


def _restore_manifest(home: WarehouseHome, path: Path, known: Manifest | None = None) -> Manifest | None:
    """Write an edition's folder anew from its DuckDB file; None where that cannot be read whole."""
    building = home.editions / f".mending-{path.stem}.{os.getpid()}"
    shutil.rmtree(building, ignore_errors=True)
    stamped = _read_stamp(path)
    if stamped is None or stamped["edition_id"] != path.stem:
        return None
    try:
        tables = export_tables(path, building)
        manifest = (known or _manifest_of(home, path, stamped)).model_copy(update={"tables": tables})
        write_manifest(building, manifest)
        for file in building.rglob("*"):
            if file.is_file():
                file.chmod(READ_ONLY)
        shutil.rmtree(path.with_suffix(""), ignore_errors=True)
        put_folder_in_place(building, path.with_suffix(""))
    except (duckdb.Error, WarehouseTroubleError, OSError):
        shutil.rmtree(building, ignore_errors=True)
        return None
    return manifest


def _manifest_of(home: WarehouseHome, path: Path, stamped: dict[str, object]) -> Manifest:
    """Make a manifest from what an edition says of itself."""

    def instant(name: str) -> datetime | None:
        value = stamped.get(name)
        return value.astimezone(UTC) if isinstance(value, datetime) else None

    is_entered = (home.ledger / f"{path.stem}.parquet").exists() or not home.ledger.exists()
    return Manifest.model_validate(
        {
            **stamped,
            "as_of": instant("as_of"),
            "built_at": instant("built_at"),
            # editions from before approvals were issued when they were built
            "issued_at": instant("issued_at") or instant("built_at"),
            "approved_at": instant("approved_at"),
            "is_issued": is_entered,
            "database": describe_database(path, path.name),
            "tables": (),
        }
    )
