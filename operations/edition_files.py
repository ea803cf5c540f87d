"""The files of an edition as its manifest lists them: what a backup copies and what a check holds against their hashes."""

from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from ingest.home import WarehouseHome

MANIFEST = "manifest.json"


class ListedFile(BaseModel):
    """A file of an edition; ``rows`` of a Parquet file, ``table`` with its schema."""

    model_config = ConfigDict(frozen=True)

    file: str
    sha256: str
    table: str = ""
    rows: int | None = None


class EditionManifest(BaseModel):
    """The part of an edition's manifest that is needed here."""

    model_config = ConfigDict(frozen=True)

    edition_id: str
    database: ListedFile
    tables: tuple[ListedFile, ...]
    is_issued: bool | None = None


class ManifestDamagedError(Exception):
    """The manifest of an edition is missing or not what was written."""


def edition_ids(editions: Path) -> list[str]:
    """Give the names of all editions of which there is a file or a folder, oldest first."""
    return sorted({path.stem for path in editions.glob("edition_*") if path.suffix in {"", ".duckdb"}})


def read_edition_manifest(editions: Path, edition_id: str) -> EditionManifest:
    """Read what an edition consists of.

    Raises:
        ManifestDamagedError: it cannot be read.
    """
    try:
        return EditionManifest.model_validate_json((editions / edition_id / MANIFEST).read_bytes())
    except (OSError, ValueError) as error:
        raise ManifestDamagedError(edition_id) from error


def listed_files(manifest: EditionManifest) -> Iterator[tuple[Path, ListedFile]]:
    """Give every file of an edition with its path below the folder of editions; the manifest itself is not among them."""
    yield Path(manifest.database.file), manifest.database
    for listed in manifest.tables:
        yield Path(manifest.edition_id, listed.file), listed


def current_edition_id(home: WarehouseHome) -> str | None:
    """Tell which edition is the current one, by its file alone; None where there is none or it cannot be told."""
    if not home.current.exists():
        return None
    for edition_id in reversed(edition_ids(home.editions)):
        path = home.editions / f"{edition_id}.duckdb"
        if path.exists() and path.samefile(home.current):
            return edition_id
    return _edition_named_within(home.current)


def _edition_named_within(path: Path) -> str | None:
    """Ask the file itself, where it is a copy and not a hard link."""
    import duckdb

    from ingest.database import open_read_only
    from ingest.troubles import WarehouseTroubleError

    try:
        with open_read_only(path) as connection:
            found = connection.execute("select edition_id from meta.edition").fetchone()
    except (WarehouseTroubleError, duckdb.Error):
        return None
    return str(found[0]) if found else None
