"""What holds between and within published tables: keys, references and lists of values, as the data tests of dbt state them.

A test that has passed is a promise: what ``unique``, ``unique_combination``, ``relationships`` and ``accepted_values`` say of a
model holds in every edition that was built with it, so others may be told.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_REF = re.compile(r"ref\(['\"](?P<model>\w+)['\"]\)")


@dataclass(frozen=True, slots=True)
class Reference:
    """A column whose values all stand in a column of another table (or of the same), named ``schema.table``."""

    column: str
    table: str
    referred: str


@dataclass(slots=True)
class TableKeys:
    """What holds in one table.

    Attributes:
        unique: combinations of columns of which no two rows have the same.
        references: to other tables.
        accepted: the values that a column may have, by its name.
    """

    unique: list[tuple[str, ...]] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    accepted: dict[str, tuple[str, ...]] = field(default_factory=dict)


def read_keys(manifest: Path) -> dict[str, TableKeys]:
    """Read the keys of all models by ``schema.table``.

    Args:
        manifest: ``manifest.json`` as dbt wrote it.

    Raises:
        FileNotFoundError: dbt has not run for this warehouse.
    """
    nodes = json.loads(manifest.read_text(encoding="utf-8"))["nodes"]
    tables = {
        node["name"]: f"{node['schema']}.{node['alias']}"
        for node in nodes.values()
        if node["resource_type"] == "model" and "name" in node
    }
    keys = {table: TableKeys() for table in tables.values()}
    for model, kind, stated in _tests(nodes):
        if model not in tables:
            continue
        of_table = keys[tables[model]]
        if kind == "unique":
            of_table.unique.append((stated["column_name"],))
        elif kind == "unique_combination":
            of_table.unique.append(tuple(stated["columns"]))
        elif kind == "accepted_values":
            of_table.accepted[stated["column_name"]] = tuple(stated["values"])
        elif kind == "relationships" and (found := _REF.search(stated["to"])) and found["model"] in tables:
            of_table.references.append(
                Reference(stated["column_name"], tables[found["model"]], stated["field"])
            )
    return keys


def _tests(nodes: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Give model, kind and arguments of every generic test that holds for all rows."""
    for node in nodes.values():
        is_generic = (
            node["resource_type"] == "test" and node.get("test_metadata") and node.get("attached_node")
        )
        if is_generic and not (node.get("config") or {}).get("where"):
            metadata = node["test_metadata"]
            yield node["attached_node"].rpartition(".")[2], metadata["name"], metadata["kwargs"]
