"""Which engine builds which layer, as ``WAREHOUSE_TARGET`` says: DuckDB all of them, or Spark those above staging."""

import os
from pathlib import Path
from typing import Literal, cast, get_args

from build.layers import Layer

Engine = Literal["duckdb", "spark"]
SETTING = "WAREHOUSE_TARGET"
# what else the setting may say: names of DuckDB's own targets in profiles.yml
_TARGETS_OF_DUCKDB = frozenset({"", "warehouse", "edition"})
# the packages of Spark's own environment
LOCK_OF_SPARK = Path(__file__).parent / "spark" / "requirements.txt"
LAYERS_ON_SPARK: tuple[Layer, ...] = ("intermediate", "core", "reviews")


class UnknownEngineError(ValueError):
    """``WAREHOUSE_TARGET`` names no engine."""

    def __init__(self, asked: str) -> None:
        engines = " or ".join(get_args(Engine))
        super().__init__(
            f"{SETTING}={asked}: there is no such engine; it is {engines}, or not set for duckdb"
        )


def chosen_engine() -> Engine:
    """Give the engine that the environment asks for.

    Raises:
        UnknownEngineError: it names another one.
    """
    asked = os.environ.get(SETTING, "").strip()
    if asked in _TARGETS_OF_DUCKDB:
        return "duckdb"
    if asked not in get_args(Engine):
        raise UnknownEngineError(asked)
    return cast("Engine", asked)


def engine_of(layer: Layer) -> Engine:
    """Give the engine that builds a layer; seeds and judged rows are DuckDB's under either setting."""
    return chosen_engine() if layer in LAYERS_ON_SPARK else "duckdb"
