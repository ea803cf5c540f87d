"""The layers of the dbt project, in the order in which they are built.

A module of its own because a DAG file names them whenever Airflow parses it, and must not import what builds them.
"""

from typing import Literal, get_args

Layer = Literal["seed", "staging", "intermediate", "core", "reviews"]
LAYERS: tuple[Layer, ...] = get_args(Layer)
