"""The files of an edition as its manifest lists them: what a backup copies and what a check holds against their hashes."""

from collections.abc import Iterator
from pathlib import Path

from ingest.home import WarehouseHome
from publish.editions.manifest import Manifest


def edition_ids(editions: Path) -> list[str]:
    """Give the names of all editions of which there is a file or a folder, oldest first."""
    return sorted({path.stem for path in editions.glob("edition_*") if path.suffix in {"", ".duckdb"}})


def listed_files(manifest: Manifest) -> Iterator[tuple[Path, str]]:
    """Give every file of an edition, with its path below the folder of editions and its hash; but for the manifest."""
    yield Path(manifest.database.file), manifest.database.sha256
    for table in manifest.tables:
        yield Path(manifest.edition_id, table.file), table.sha256


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
