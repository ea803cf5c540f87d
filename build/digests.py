"""By what each model, seed and data test of the dbt project is built, as a digest, from dbt's own manifest.

The digest of a node covers its text without comments, its settings, the macros that it uses and theirs, and whatever of this
its parents are built by. Two nodes have the same digest only if nothing that could alter a figure differs; a node whose
digest is another than when it was last built is stale. What is built then is decided in ``build.staleness``, what the
working database was built by is kept in ``build.layers_built``.
"""

import hashlib
import json
import re
from collections.abc import Iterable
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

import yaml

from build.comments import without_comments
from build.engines import LOCK_OF_SPARK, chosen_engine, engine_of
from build.fixed import KNOWN, has_plain_verdict, reads_outside
from build.layers import LAYERS, Layer
from build.nodes import Node
from ingest.contracts.raw_schema import TABLE_COLUMNS
from ingest.home import FORMS

# parts of dbt_project.yml that dbt resolves into the settings of each node, and names that alter nothing
RESOLVED_BY_NODE = frozenset({"models", "seeds", "data_tests", "tests", "version"})
ENGINES = ("dbt-core", "dbt-duckdb", "duckdb")
# macros of others, which no digest looks into
PACKAGES = ("packages.yml", "dependencies.yml", "package-lock.yml")
CALL = re.compile(r"\b(\w+)\s*\(")
# what a node is called and what a reader is told of it: no figure depends on it
WORDS = frozenset({"description", "meta", "config", "tags", "doc_blocks"})
WORDS_IN_META = frozenset({"label_vi", "label_en", "description_vi"})


def read_nodes(manifest: Path, project: Path) -> tuple[Node, ...]:
    """Read what the layers of a project hold, each node with its digest.

    Args:
        manifest: ``manifest.json`` as dbt wrote it of the project as it is now.
        project: the dbt project.

    Raises:
        FileNotFoundError: one of both is missing.
    """
    return _Project(json.loads(manifest.read_text(encoding="utf-8")), project).nodes()


def versions_of_engines() -> list[str]:
    """Give the versions of what builds: of another one nobody knows that it builds the same."""
    found = [f"{name} {version(name)}" for name in ENGINES]
    if chosen_engine() == "spark":
        found.append(f"spark {hashlib.sha256(LOCK_OF_SPARK.read_bytes()).hexdigest()}")
    return found


class _Project:
    def __init__(self, manifest: dict[str, Any], folder: Path) -> None:
        self._nodes: dict[str, dict[str, Any]] = manifest["nodes"]
        self._sources: dict[str, dict[str, Any]] = manifest["sources"]
        self._macros: dict[str, dict[str, Any]] = manifest["macros"]
        self._name: str = manifest["metadata"]["project_name"]
        self._folder = folder
        self._figures: dict[str, str] = {}
        self._used: dict[str, frozenset[str]] = {}
        self._texts: dict[str, str] = {}
        self._fixed_rows: dict[str, bool] = {}

    def nodes(self) -> tuple[Node, ...]:
        """Give every node that is built with a layer; unit tests of dbt and tests of sources are none."""
        found = []
        for unique_id, node in self._nodes.items():
            layer = self._layer(node)
            if layer is not None:
                found.append(self._node(unique_id, node, layer))
        return tuple(found)

    def _node(self, unique_id: str, node: dict[str, Any], layer: Layer) -> Node:
        is_test = node["resource_type"] == "test"
        return Node(
            unique_id=unique_id,
            name=node["name"],
            file=node["original_file_path"],
            kind=node["resource_type"],
            layer=layer,
            digest=self._digest(node),
            relation=None if is_test else (node["schema"], node["alias"]),
            narrowed_by=self._narrowed_by(node) if is_test else None,
            is_fixed=self._is_fixed(node),
            is_sql_fixed=self._is_sql_fixed(node),
        )

    def _is_fixed(self, node: dict[str, Any]) -> bool:
        """A view holds no rows, so that only its text matters; whatever else is made of what must not be received.

        On Spark there are no views among the models (``materialized_when_read``).
        """
        layer = self._layer(node)
        if node["config"]["materialized"] == "view" and layer is not None and engine_of(layer) == "duckdb":
            return self._is_sql_fixed(node)
        return self._has_fixed_rows(node["unique_id"])

    def _has_fixed_rows(self, unique_id: str) -> bool:
        if unique_id not in self._nodes:
            return False  # a raw table
        if unique_id not in self._fixed_rows:
            node = self._nodes[unique_id]
            self._fixed_rows[unique_id] = node["resource_type"] == "seed" or (
                node["config"]["materialized"] != "incremental"
                and self._is_sql_fixed(node)
                and all(self._has_fixed_rows(parent) for parent in _parents(node))
            )
        return self._fixed_rows[unique_id]

    def _is_sql_fixed(self, node: dict[str, Any]) -> bool:
        hooks = [node["config"].get(when) for when in ("pre-hook", "post-hook")]
        settings = json.dumps([hooks, node.get("test_metadata")])
        texts = [self._text(node), settings, *self._macro_texts(self._macros_of(node) - KNOWN)]
        return has_plain_verdict(node["config"]) and not any(reads_outside(text) for text in texts)

    def _narrowed_by(self, test: dict[str, Any]) -> str | None:
        tested = self._nodes.get(test.get("attached_node") or "")
        is_in_parts = tested is not None and tested["config"]["materialized"] == "incremental"
        return tested["unique_id"] if tested is not None and is_in_parts else None

    def _layer(self, node: dict[str, Any]) -> Layer | None:
        if node["resource_type"] == "seed":
            return "seed"
        if node["resource_type"] == "model":
            folder = Path(node["path"]).parts[0]
            return next((layer for layer in LAYERS if layer == folder), None)
        if node["resource_type"] == "test":
            parents = [self._nodes[parent] for parent in _parents(node) if parent in self._nodes]
            layers = [layer for parent in parents if (layer := self._layer(parent)) is not None]
            return max(layers, key=LAYERS.index, default=None)
        return None

    def _digest(self, node: dict[str, Any]) -> str:
        """Digest of a node with what is said of it; a data test may also read what is said of its tables."""
        is_test = node["resource_type"] == "test"
        tables = [parent for parent in _parents(node) if is_test and parent in self._nodes]
        return _hash(
            self._figure_digest(node["unique_id"]),
            node["description"],
            node["config"].get("meta"),
            node["columns"],
            sorted(self._digest(self._nodes[parent]) for parent in tables),
        )

    def _figure_digest(self, unique_id: str) -> str:
        """Digest of all of a node and its parents that could alter a figure."""
        if unique_id not in self._figures:
            node = self._nodes.get(unique_id)
            self._figures[unique_id] = (
                self._source_digest(unique_id) if node is None else self._own_digest(node)
            )
        return self._figures[unique_id]

    def _own_digest(self, node: dict[str, Any]) -> str:
        columns = [
            {key: value for key, value in column.items() if key not in WORDS}
            for column in node["columns"].values()
        ]
        return _hash(
            self._settings,
            node.get("language"),
            self._text(node),
            _config_of_figures(node["config"]),
            node["relation_name"],
            columns,
            node.get("test_metadata"),
            self._macro_texts(self._macros_of(node)),
            sorted(self._figure_digest(parent) for parent in _parents(node)),
        )

    def _text(self, node: dict[str, Any]) -> str:
        """What stands in a node's file and matters; of a large seed dbt notes no more than where it lies."""
        if node["resource_type"] == "seed":
            return hashlib.sha256((self._folder / node["original_file_path"]).read_bytes()).hexdigest()
        return without_comments(node["raw_code"])

    def _source_digest(self, unique_id: str) -> str:
        """Digest of a raw table, by its columns; those of a form are what its contract makes of it."""
        source = self._sources[unique_id]
        contract = FORMS / f"{source['name']}.yml"
        columns = [table.columns for table in TABLE_COLUMNS if table.name == source["name"]]
        return _hash(source["relation_name"], columns, _parsed(contract) if contract.exists() else None)

    @cached_property
    def _settings(self) -> str:
        """Digest of what bears on every node: engines, variables, hooks of the run, connection, packages of others."""
        project = _parsed(self._folder / "dbt_project.yml")
        kept = {key: value for key, value in project.items() if key not in RESOLVED_BY_NODE}
        packages = [_parsed(self._folder / name) for name in PACKAGES if (self._folder / name).exists()]
        hooks = self._reached_by(self._mentioned(json.dumps(kept)))
        connection = _parsed(self._folder / "profiles.yml")
        return _hash(versions_of_engines(), kept, connection, packages, self._macro_texts(hooks))

    def _macros_of(self, node: dict[str, Any]) -> frozenset[str]:
        """The project's own macros that a node is built with; what dbt's own do is what its version says."""
        config = node["config"]
        named_by_dbt = [
            f"materialization_{config['materialized']}_{each}" for each in ("default", chosen_engine())
        ]
        if config.get("incremental_strategy"):
            named_by_dbt.append(f"get_incremental_{config['incremental_strategy']}_sql")
        text = node["raw_code"] + json.dumps(config) + json.dumps(node.get("test_metadata"))
        return self._reached_by({*named_by_dbt, *self._mentioned(text), *self._declared(node)})

    def _reached_by(self, called: Iterable[str]) -> frozenset[str]:
        """The project's own macros among those of some names and all that they call."""
        reached = frozenset().union(*(self._reached(name) for name in called if name in self._by_name))
        return reached & self._own

    def _macro_texts(self, names: Iterable[str]) -> list[str]:
        return [self._macro_text(name) for name in sorted(names)]

    def _macro_text(self, name: str) -> str:
        if name not in self._texts:
            self._texts[name] = without_comments(self._by_name[name]["macro_sql"])
        return self._texts[name]

    @cached_property
    def _own(self) -> frozenset[str]:
        macros = self._macros.values()
        return frozenset(macro["name"] for macro in macros if macro["package_name"] == self._name)

    @cached_property
    def _by_name(self) -> dict[str, dict[str, Any]]:
        """Every macro by the name that finds it: the project's own stands for one of dbt's of the same name."""
        is_own_last = sorted(self._macros.values(), key=lambda macro: macro["package_name"] == self._name)
        return {macro["name"]: macro for macro in is_own_last}

    def _reached(self, first: str) -> frozenset[str]:
        if first not in self._used:
            found, waiting = {first}, [first]
            while waiting:
                macro = self._by_name[waiting.pop()]
                called = {*self._mentioned(macro["macro_sql"]), *self._declared(macro)}
                new = {each for name in called for each in _dispatched(name) if each in self._by_name} - found
                found |= new
                waiting += new
            self._used[first] = frozenset(found)
        return self._used[first]

    def _declared(self, caller: dict[str, Any]) -> set[str]:
        """The macros that dbt says a node or a macro calls."""
        return {macro.rsplit(".", 1)[-1] for macro in caller["depends_on"]["macros"]}

    def _mentioned(self, text: str) -> set[str]:
        """The project's macros that a text names as if it called them, as strings do that are rendered later."""
        return {each for name in CALL.findall(text) for each in _dispatched(name) if each in self._own}


def _config_of_figures(config: dict[str, Any]) -> dict[str, Any]:
    """The settings of a node without what a reader is told of it."""
    meta = {key: value for key, value in (config.get("meta") or {}).items() if key not in WORDS_IN_META}
    return {**config, "meta": meta}


def _dispatched(name: str) -> tuple[str, ...]:
    return (name, f"default__{name}", f"{chosen_engine()}__{name}")


def _parents(node: dict[str, Any]) -> list[str]:
    return list(node["depends_on"].get("nodes", []))


def _parsed(path: Path) -> dict[str, Any]:
    """Read a YAML file; comments and layout are gone."""
    found: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    return found


def _hash(*parts: object) -> str:
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()
