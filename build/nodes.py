"""The models, seeds and data tests of the dbt project, as a build has to know them.

What they are is read from dbt's manifest by ``build.digests``, and kept here for as long as no file changes.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from build.layers import Layer
from ingest.home import WarehouseHome


@dataclass(frozen=True, slots=True)
class Node:
    """A model, a seed or a data test.

    Attributes:
        unique_id: dbt's (``model.womens_union_warehouse.dim_unit``).
        name: what dbt calls it in words; a metric or an exposure may have the name of a model too.
        file: in which it stands, below the project; by it dbt selects a model or seed and nothing else.
        kind: ``model``, ``seed`` or ``test``.
        layer: with which it is built; a test with the last of those that it reads.
        digest: hex digest over everything that it is built by, and what is said of it.
        relation: schema and name of its table; None for a test.
        narrowed_by: a test of rows that only looks at what a build has built of this model, which is built in parts.
        is_fixed: by one digest it always makes the same, and a test finds the same, whatever is received and whenever.
        is_sql_fixed: of one digest dbt always makes the same SQL, and a test that finds no row with it has passed.
    """

    unique_id: str
    name: str
    file: str
    kind: str
    layer: Layer
    digest: str
    relation: tuple[str, str] | None = None
    narrowed_by: str | None = None
    is_fixed: bool = False
    is_sql_fixed: bool = False


def keep_nodes(home: WarehouseHome, code: str, nodes: Iterable[Node]) -> None:
    """Keep the nodes of a project beside its manifest, for as long as its files are those of a fingerprint."""
    found = {"code": code, "nodes": [asdict(node) for node in nodes]}
    _kept(home).write_text(json.dumps(found), encoding="utf-8")


def nodes_kept(home: WarehouseHome, code: str) -> tuple[Node, ...] | None:
    """Give the nodes that were kept; None where files have changed since, or dbt's manifest of them is gone."""
    if not (home.dbt / "target" / "manifest.json").exists():
        return None
    try:
        found = json.loads(_kept(home).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    if found["code"] != code:
        return None
    return tuple(
        Node(**{**node, "relation": node["relation"] and tuple(node["relation"])}) for node in found["nodes"]
    )


def _kept(home: WarehouseHome) -> Path:
    return home.dbt / "nodes.json"
