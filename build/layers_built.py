"""What the layers of the working database were last built by, and what from.

Of each layer it is noted what had been received when it was built; of each model, seed and data test the digest of that by
which it was built and passed. What is about to be built is forgotten first: where a build is cut off or a test fails, it is
built from nothing the next time, since a test may look only at what a build has built. Two runs may take turns in one
working database, each a layer at a time: by what a layer was built from, each sees what the other has built. Which units
changed is the business of the models.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from build.digests import versions_of_engines
from build.layers import Layer
from build.nodes import Node
from ingest.database import open_read_only, open_warehouse
from ingest.home import FORMS, WarehouseHome

CODE_SUFFIXES = frozenset({".sql", ".yml", ".csv", ".py"})
# a database of before these columns gets them
ADDED_COLUMNS = (("as_of", "timestamptz"), ("inputs", "varchar"))
BUILD = Path(__file__).parent
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
    """Hex digest over all files of the dbt project and the forms, of what makes digests of them, and what builds.

    While it is the same, no digest of a node is another.
    """
    files = fingerprint_code((project, FORMS, BUILD))
    return hashlib.sha256(" ".join([files, *versions_of_engines()]).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class BuiltFrom:
    """What a layer was, or is to be, built from.

    Attributes:
        as_of: only what had been received by this instant counts; timezone-aware.
        inputs: fingerprint of the submissions that count; see ``received`` of ``build.inputs.EditionInputs``.
    """

    as_of: datetime
    inputs: str


@dataclass(frozen=True, slots=True)
class LayerBuilt:
    """What a layer holds.

    Attributes:
        code: fingerprint of the files when it was last found to stand.
        source: what it was built from.
    """

    code: str
    source: BuiltFrom


def layer_built(home: WarehouseHome, layer: Layer) -> LayerBuilt | None:
    """Give what a layer holds; None where it was not built to its end."""
    found = ask_built(home, "select fingerprint, as_of, inputs from built.layers where layer = ?", [layer])
    for code, as_of, inputs in found:
        if as_of is not None:
            return LayerBuilt(code, BuiltFrom(as_of=as_of, inputs=inputs))
    return None


def digests_built(home: WarehouseHome) -> dict[str, str]:
    """Give the digest of every node that stands, by dbt's unique id."""
    return dict(ask_built(home, "select unique_id, digest from built.nodes"))


def ask_built(home: WarehouseHome, query: str, values: list[str] | None = None) -> list[tuple[Any, ...]]:
    """Ask the schema ``built`` of the working database; nothing where there is none yet."""
    if not home.warehouse.exists():
        return []
    with open_read_only(home.warehouse) as connection:
        try:
            return connection.execute(query, values or []).fetchall()
        except (duckdb.CatalogException, duckdb.BinderException):
            return []


def forget(home: WarehouseHome, layer: Layer, nodes: Iterable[Node]) -> None:
    """Note that nodes of a layer are about to be built or tested: until they are noted again they do not stand."""
    with open_warehouse(home) as connection:
        connection.execute("create schema if not exists built")
        connection.execute(
            "create table if not exists built.layers"
            " (layer varchar primary key, fingerprint varchar not null, built_at timestamptz not null)"
        )
        for column, kind in ADDED_COLUMNS:
            connection.execute(f"alter table built.layers add column if not exists {column} {kind}")
        connection.execute(
            "create table if not exists built.nodes (unique_id varchar, digest varchar not null)"
        )
        connection.execute("delete from built.layers where layer = ?", [layer])
        _forget_nodes(connection, nodes)


def note(home: WarehouseHome, layer: Layer, built: LayerBuilt, nodes: Iterable[Node] = ()) -> None:
    """Note that a layer stands, and by what those of its nodes that were built or tested were."""
    noted = list(nodes)
    with open_warehouse(home) as connection:
        connection.execute("begin")
        _forget_nodes(connection, noted)
        for node in noted:
            connection.execute("insert into built.nodes values (?, ?)", [node.unique_id, node.digest])
        connection.execute(
            "insert or replace into built.layers (layer, fingerprint, built_at, as_of, inputs)"
            " values (?, ?, ?, ?, ?)",
            [layer, built.code, datetime.now(UTC), built.source.as_of, built.source.inputs],
        )
        connection.execute("commit")


def drop_leftovers(home: WarehouseHome, nodes: Iterable[Node]) -> tuple[str, ...]:
    """Drop tables and views that no node makes any more: they would keep what was withdrawn since, and people's names.

    Only schemas in which nodes stand are looked at.

    Returns:
        What was dropped, as ``schema.name``.
    """
    made = {node.relation for node in nodes if node.relation is not None}
    schemas = {schema for schema, _ in made}
    with open_warehouse(home) as connection:
        found = connection.execute(
            "select schema_name, table_name, 'table' from duckdb_tables() where database_name = current_database()"
            " union all select schema_name, view_name, 'view' from duckdb_views()"
            " where database_name = current_database() and not internal order by all"
        ).fetchall()
        left = [
            (schema, name, kind)
            for schema, name, kind in found
            if schema in schemas and (schema, name) not in made
        ]
        for schema, name, kind in left:
            connection.execute(f'drop {kind} "{schema}"."{name}"')
    return tuple(f"{schema}.{name}" for schema, name, _ in left)


def _forget_nodes(connection: duckdb.DuckDBPyConnection, nodes: Iterable[Node]) -> None:
    unique_ids = [node.unique_id for node in nodes]
    connection.execute("delete from built.nodes where list_contains(?::varchar[], unique_id)", [unique_ids])
