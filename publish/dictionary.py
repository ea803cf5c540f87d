"""The data dictionary that travels inside an edition.

Descriptions (English) and labels (Vietnamese) are written once, beside the models; dbt's manifest carries them here.
"""

import json
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
    nodes = json.loads(manifest.read_text(encoding="utf-8"))["nodes"].values()
    entries: list[DictionaryEntry] = []
    for node in nodes:
        if node["resource_type"] != "model" or node["schema"] not in schemas:
            continue
        table = node["alias"]
        entries.append(DictionaryEntry(node["schema"], table, "", node["description"].strip(), _label(node)))
        entries.extend(
            DictionaryEntry(
                node["schema"], table, column["name"], column["description"].strip(), _label(column)
            )
            for column in node["columns"].values()
        )
    return tuple(entries)


def _label(described: dict[str, Any]) -> str:
    meta = {**(described.get("meta") or {}), **((described.get("config") or {}).get("meta") or {})}
    return str(meta.get("label_vi", ""))
