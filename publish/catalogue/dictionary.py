"""The data dictionary: what every published table and column means, for editions and for the page alike.

Descriptions (English and Vietnamese) and labels (Vietnamese) are written once, beside the models, and dbt's manifest
carries them here; the tables of ``meta``, which no model makes, are described in ``meta_tables.yml``. A column that means
the same in many tables has its Vietnamese sentence in ``shared_columns.yml``, unless a model says it more closely.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

META_TABLES = Path(__file__).with_name("meta_tables.yml")
SHARED_COLUMNS = Path(__file__).with_name("shared_columns.yml")


@dataclass(frozen=True, slots=True)
class PublishedColumn:
    """One column.

    Attributes:
        description_vi: what it means, for people who know neither English nor SQL; empty where nobody wrote it.
        is_free_text: holds text as branches typed it, or quotes it; names in it are masked.
        is_pseudonym: stands for a person without naming her, which the law still holds personal.
        form_field: form and field that it comes from, such as ``clubs.members``; None where it is computed.
        code_domain: list of ``core.dim_code`` that its codes are of; ``/form_name`` where that column of the row names
            the list. None where it holds no codes.
    """

    name: str
    data_type: str
    description: str
    label_vi: str
    description_vi: str = ""
    is_free_text: bool = False
    is_pseudonym: bool = False
    form_field: str | None = None
    code_domain: str | None = None


@dataclass(frozen=True, slots=True)
class PublishedTable:
    """One table; its descriptions, English and Vietnamese, begin with its grain."""

    schema_name: str
    name: str
    description: str
    label_vi: str
    columns: tuple[PublishedColumn, ...]
    description_vi: str = ""


def read_published_tables(manifest: Path, schemas: frozenset[str]) -> tuple[PublishedTable, ...]:
    """Read what is published: the models of some schemas from dbt's manifest, and the tables of ``meta``.

    Args:
        manifest: ``manifest.json`` as dbt wrote it.
        schemas: the schemas of models that are published.

    Returns:
        Tables by schema and name, columns in their order.

    Raises:
        FileNotFoundError: dbt has not run for this warehouse.
    """
    nodes = json.loads(manifest.read_text(encoding="utf-8"))["nodes"].values()
    models = [
        _table(node) for node in nodes if node["resource_type"] == "model" and node["schema"] in schemas
    ]
    shared = shared_descriptions()
    tables = (_with_shared(table, shared) for table in (*models, *_meta_tables()))
    return tuple(sorted(tables, key=lambda table: (table.schema_name, table.name)))


def read_declared_tables(models: Path, schemas: tuple[str, ...]) -> tuple[PublishedTable, ...]:
    """Read what is published from the descriptions beside the models, where dbt has not run.

    Args:
        models: the folder ``models`` of the dbt project.
        schemas: the schemas of models that are published, each a folder in it.

    Returns:
        Tables as ``read_published_tables`` gives them.
    """
    declared = [
        _declared_table(schema, model)
        for schema in schemas
        for path in sorted((models / schema).glob("*.yml"))
        for model in yaml.safe_load(path.read_text(encoding="utf-8")).get("models", [])
    ]
    shared = shared_descriptions()
    tables = (_with_shared(table, shared) for table in (*declared, *_meta_tables()))
    return tuple(sorted(tables, key=lambda table: (table.schema_name, table.name)))


def shared_descriptions() -> dict[str, str]:
    """Give the Vietnamese sentences of columns that mean the same wherever they stand, by the columns' names."""
    described: dict[str, str] = yaml.safe_load(SHARED_COLUMNS.read_text(encoding="utf-8"))
    return described


def free_text_columns(tables: tuple[PublishedTable, ...]) -> frozenset[tuple[str, str, str]]:
    """Give schema, table and column of every text that branches typed, or that quotes them."""
    return frozenset(
        (table.schema_name, table.name, column.name)
        for table in tables
        for column in table.columns
        if column.is_free_text
    )


def _table(node: dict[str, Any]) -> PublishedTable:
    return PublishedTable(
        schema_name=node["schema"],
        name=node["alias"],
        description=node["description"].strip(),
        label_vi=str(_meta(node).get("label_vi", "")),
        description_vi=str(_meta(node).get("description_vi", "")),
        columns=tuple(_column(column) for column in node["columns"].values()),
    )


def _declared_table(schema: str, model: dict[str, Any]) -> PublishedTable:
    columns = {column["name"]: column for column in model["columns"]}
    return _table({**model, "schema": schema, "alias": model["name"], "columns": columns})


def _column(described: dict[str, Any]) -> PublishedColumn:
    meta = _meta(described)
    return PublishedColumn(
        name=described["name"],
        data_type=str(described.get("data_type") or ""),
        description=described["description"].strip(),
        label_vi=str(meta.get("label_vi", "")),
        description_vi=str(meta.get("description_vi", "")),
        is_free_text=bool(meta.get("is_free_text")),
        is_pseudonym=bool(meta.get("is_pseudonym")),
        form_field=meta.get("form_field"),
        code_domain=f"/{named_by}"
        if (named_by := meta.get("code_domain_column"))
        else meta.get("code_domain"),
    )


def _with_shared(table: PublishedTable, shared: Mapping[str, str]) -> PublishedTable:
    return replace(
        table,
        columns=tuple(
            column if column.description_vi else replace(column, description_vi=shared.get(column.name, ""))
            for column in table.columns
        ),
    )


def _meta(described: dict[str, Any]) -> dict[str, Any]:
    return {**(described.get("meta") or {}), **((described.get("config") or {}).get("meta") or {})}


def _meta_tables() -> tuple[PublishedTable, ...]:
    described = yaml.safe_load(META_TABLES.read_text(encoding="utf-8"))
    return tuple(
        PublishedTable(
            schema_name="meta",
            name=name,
            description=table["description"],
            label_vi=table["label_vi"],
            description_vi=table["description_vi"],
            columns=tuple(PublishedColumn(name=column, **told) for column, told in table["columns"].items()),
        )
        for name, table in described.items()
    )
