"""Which code each layer of the working database was last built by, and what it was built from.

Models that are built unit by unit keep what they hold as long as the code, the reference data and the contracts are the
same; when any of these changed, or a whole rebuild was cut off, the layer is built anew from nothing. What is decided
here holds for every layer; which units changed is the business of the models. Two runs may take turns in one working
database, each a layer at a time: by what a layer was built from, each sees what the other has built.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from ingest.database import open_read_only, open_warehouse
from ingest.home import FORMS, WarehouseHome

CODE_SUFFIXES = frozenset({".sql", ".yml", ".csv", ".py"})
# a database of before these columns gets them
ADDED_COLUMNS = (("as_of", "timestamptz"), ("inputs", "varchar"))
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


@dataclass(frozen=True, slots=True)
class BuiltFrom:
    """What a layer was, or is to be, built from.

    Attributes:
        as_of: only what had been received by this instant counts; timezone-aware.
        inputs: fingerprint of the submissions that count and the code; see ``build.inputs``.
    """

    as_of: datetime
    inputs: str


def is_built_by(home: WarehouseHome, layer: str, fingerprint: str) -> bool:
    """Tell whether a layer was built to its end by the code of this fingerprint, so that it can be brought up to date."""
    found = _read(home, "fingerprint", layer)
    return found is not None and found[0] == fingerprint


def built_from(home: WarehouseHome, layer: str, fingerprint: str) -> BuiltFrom | None:
    """Give what a layer holds; None where it was not built to its end by the code of this fingerprint."""
    found = _read(home, "fingerprint, as_of, inputs", layer)
    if found is None or found[0] != fingerprint or found[1] is None:
        return None
    return BuiltFrom(as_of=found[1], inputs=found[2])


def forget_layer(home: WarehouseHome, layer: str) -> None:
    """Note that a layer is about to be built: should that be cut off or fail a test, the next build starts from nothing."""
    with open_warehouse(home) as connection:
        connection.execute("create schema if not exists built")
        connection.execute(
            "create table if not exists built.layers"
            " (layer varchar primary key, fingerprint varchar not null, built_at timestamptz not null)"
        )
        for column, kind in ADDED_COLUMNS:
            connection.execute(f"alter table built.layers add column if not exists {column} {kind}")
        connection.execute("delete from built.layers where layer = ?", [layer])


def note_layer(home: WarehouseHome, layer: str, fingerprint: str, source: BuiltFrom) -> None:
    """Note that a layer stands as this code builds it from that."""
    with open_warehouse(home) as connection:
        connection.execute(
            "insert or replace into built.layers (layer, fingerprint, built_at, as_of, inputs)"
            " values (?, ?, ?, ?, ?)",
            [layer, fingerprint, datetime.now(UTC), source.as_of, source.inputs],
        )


def _read(home: WarehouseHome, columns: str, layer: str) -> tuple[Any, ...] | None:
    if not home.warehouse.exists():
        return None
    with open_read_only(home.warehouse) as connection:
        try:
            return connection.execute(
                f"select {columns} from built.layers where layer = ?", [layer]
            ).fetchone()
        except (duckdb.CatalogException, duckdb.BinderException):
            return None
