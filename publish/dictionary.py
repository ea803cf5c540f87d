"""The data dictionary that travels inside an edition.

Descriptions (English) and labels (Vietnamese) are written once, beside the models; dbt's manifest carries them here.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class DictionaryEntry:
    """What a table or column means; ``column_name`` is empty for the table itself."""

    schema_name: str
    table_name: str
    column_name: str
    description: str
    label_vi: str


def read_dictionary(manifest: Path, schemas: frozenset[str]) -> tuple[DictionaryEntry, ...]:
    """Read the descriptions and labels of the models of some schemas from dbt's manifest.

    Args:
        manifest: ``manifest.json`` as dbt wrote it.
        schemas: the schemas that are published.

    Raises:
        FileNotFoundError: dbt has not run for this warehouse.
    """
    entries: list[DictionaryEntry] = []
    for node in _models(manifest, schemas):
        table = node["alias"]
        entries.append(DictionaryEntry(node["schema"], table, "", node["description"].strip(), _label(node)))
        entries.extend(
            DictionaryEntry(
                node["schema"], table, column["name"], column["description"].strip(), _label(column)
            )
            for column in node["columns"].values()
        )
    return tuple(entries)


def read_free_text(manifest: Path, schemas: frozenset[str]) -> frozenset[tuple[str, str, str]]:
    """Read which columns hold text as branches typed it, or quote it: ``is_free_text`` in the meta of the model.

    Args:
        manifest: ``manifest.json`` as dbt wrote it.
        schemas: the schemas that are published.

    Returns:
        Schema, table and column.

    Raises:
        FileNotFoundError: dbt has not run for this warehouse.
    """
    return frozenset(
        (node["schema"], node["alias"], column["name"])
        for node in _models(manifest, schemas)
        for column in node["columns"].values()
        if _meta(column).get("is_free_text")
    )


def _models(manifest: Path, schemas: frozenset[str]) -> Iterator[dict[str, Any]]:
    for node in json.loads(manifest.read_text(encoding="utf-8"))["nodes"].values():
        if node["resource_type"] == "model" and node["schema"] in schemas:
            yield node


def _label(described: dict[str, Any]) -> str:
    return str(_meta(described).get("label_vi", ""))


def _meta(described: dict[str, Any]) -> dict[str, Any]:
    return {**(described.get("meta") or {}), **((described.get("config") or {}).get("meta") or {})}
