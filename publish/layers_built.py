"""Which code each layer of the working database was last built by.

Models that are built unit by unit keep what they hold as long as the code, the reference data and the contracts are the
same; when any of these changed, or a whole rebuild was cut off, the layer is built anew from nothing. What is decided
here holds for every layer; which units changed is the business of the models.
"""

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from ingest.database import open_read_only, open_warehouse
from ingest.home import FORMS, WarehouseHome

CODE_SUFFIXES = frozenset({".sql", ".yml", ".csv", ".py"})
MADE_BY_DBT = frozenset({"target", "logs", "dbt_packages"})


def fingerprint_code(folders: tuple[Path, ...]) -> str:
    """Hex digest over the names and contents of all code, reference data and contracts in some folders."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            inside = path.relative_to(folder)
            if path.suffix in CODE_SUFFIXES and path.is_file() and not MADE_BY_DBT.intersection(inside.parts):
                digest.update(f"{folder.name}/{inside.as_posix()}\0".encode())
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def fingerprint_models(project: Path) -> str:
    """Hex digest over what decides how a layer is built: the dbt project with its seeds, and the forms."""
    return fingerprint_code((project, FORMS))


def is_built_by(home: WarehouseHome, layer: str, fingerprint: str) -> bool:
    """Tell whether a layer was built to its end by the code of this fingerprint, so that it can be brought up to date."""
    if not home.warehouse.exists():
        return False
    with open_read_only(home.warehouse) as connection:
        try:
            found = connection.execute(
                "select fingerprint from built.layers where layer = ?", [layer]
            ).fetchone()
        except duckdb.CatalogException:
            return False
    return found is not None and found[0] == fingerprint


def forget_layer(home: WarehouseHome, layer: str) -> None:
    """Note that a layer is about to be built: should that be cut off or fail a test, the next build starts from nothing."""
    with open_warehouse(home) as connection:
        connection.execute("create schema if not exists built")
        connection.execute(
            "create table if not exists built.layers"
            " (layer varchar primary key, fingerprint varchar not null, built_at timestamptz not null)"
        )
        connection.execute("delete from built.layers where layer = ?", [layer])


def note_layer(home: WarehouseHome, layer: str, fingerprint: str) -> None:
    """Note that a layer stands as this code builds it."""
    with open_warehouse(home) as connection:
        connection.execute(
            "insert or replace into built.layers values (?, ?, ?)", [layer, fingerprint, datetime.now(UTC)]
        )
