"""What is written by hand in ``bi/definitions``: the tables that dashboards show, their metrics, and the dashboards.

One YAML for all tables (their SQL beside it, as templates), one for each dashboard. Unknown keys are refused, so a slip in
a definition is found when the bundle is written.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict

from ingest.home import PROJECT_ROOT, SEEDS

DEFINITIONS = PROJECT_ROOT / "bi" / "definitions"

_STRICT = ConfigDict(frozen=True, extra="forbid")


class ColumnDefinition(BaseModel):
    """A column of a table for dashboards; words that are empty are those of the data dictionary."""

    model_config = _STRICT

    label_vi: str = ""
    description_vi: str = ""
    type: str = "VARCHAR"


class MetricDefinition(BaseModel):
    """A metric of a table for dashboards: exactly one of the expressions is given.

    Attributes:
        sql: a number.
        text: a number to be shown as people write it, a dash where it was not reported.
        text_of: the same of another metric, by its name.
        percentage: a ratio to be shown as a percentage.
    """

    model_config = _STRICT

    label_vi: str
    description_vi: str
    sql: str = ""
    text: str = ""
    text_of: str = ""
    percentage: str = ""


class DatasetDefinition(BaseModel):
    """A table for dashboards; its SQL stands in a template of its name."""

    model_config = _STRICT

    label_vi: str
    description_vi: str
    columns: Mapping[str, ColumnDefinition]
    metrics: Mapping[str, MetricDefinition] = {}


class FilterDefinition(BaseModel):
    """A filter of a dashboard.

    Attributes:
        dataset: whose column gives the choices.
        order: the metric by which choices stand, the largest first.
        is_first_taken: the first choice is taken until somebody takes another; one must be taken.
        default: the choice that is taken until somebody takes another; one must be taken.
        depends_on: columns of filters that narrow its choices; never of one whose first choice is taken by itself, for
            which Superset 6.1 does not wait (apache/superset#22979).
        is_multiple: several may be taken.
        not_for: keys of charts that it leaves alone.
    """

    model_config = _STRICT

    name: str
    column: str
    dataset: str
    order: str = ""
    is_first_taken: bool = False
    default: str = ""
    depends_on: tuple[str, ...] = ()
    is_multiple: bool = False
    not_for: tuple[str, ...] = ()


class ChartDefinition(BaseModel):
    """A chart of a dashboard.

    Attributes:
        ref: the chart that every dashboard shares, instead of all the rest.
        key: by which filters name it; its name where it is empty.
        columns: of a table of rows, or what a table of metrics is grouped by; ``*forms`` stands for a column a form.
        figures: columns that hold figures, and stand to the right.
        order: columns by which rows stand; ``order_metric`` a metric, the largest first.
        x: what stands along the axis, and ``by`` what the bars are divided by.
        is_over_time: the axis holds half-years.
        is_map: boxes of the map of tiles.
        is_paged: rows are fetched a page at a time, with their number below: there may be many.
        is_of_all_periods: the filter of half-years leaves it alone.
        width: in twelfths of the page.
    """

    model_config = _STRICT

    ref: str = ""
    key: str = ""
    name: str = ""
    kind: Literal["rows", "metrics", "number", "bars", "lines"] = "rows"
    dataset: str = ""
    columns: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()
    metrics: tuple[str, ...] = ()
    metric: str = ""
    order: tuple[str, ...] = ()
    order_metric: str = ""
    where: str = ""
    x: str = ""
    by: str = ""
    is_over_time: bool = False
    is_map: bool = False
    is_paged: bool = False
    is_of_all_periods: bool = False
    width: int


class RowDefinition(BaseModel):
    """A row of charts, or a note to those above it; its height in steps of eight pixels."""

    model_config = _STRICT

    height: int
    charts: tuple[ChartDefinition, ...] = ()
    note: str = ""


class DashboardDefinition(BaseModel):
    """A dashboard; its slug is the end of its address."""

    model_config = _STRICT

    title: str
    slug: str
    description: str
    filters: tuple[FilterDefinition, ...]
    rows: tuple[RowDefinition, ...]


class AdditiveColumns(BaseModel):
    """Which columns of tables of ``core`` may be added up: table to columns."""

    model_config = _STRICT

    across_units_and_periods: Mapping[str, tuple[str, ...]]
    across_units_alone: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Tile:
    """Where the box of a unit stands on the map: row from north, column from west, both from 1."""

    unit_key: str
    tile_row: int
    tile_column: int


@dataclass(frozen=True, slots=True)
class ExpectedForm:
    """A form that units must send, and its name in Vietnamese."""

    form_name: str
    label_vi: str


@dataclass(frozen=True, slots=True)
class Definitions:
    """All of it."""

    datasets: Mapping[str, DatasetDefinition]
    dashboards: tuple[DashboardDefinition, ...]
    additive: AdditiveColumns
    tiles: tuple[Tile, ...]
    forms: tuple[ExpectedForm, ...]


def read_definitions(folder: Path = DEFINITIONS, seeds: Path = SEEDS) -> Definitions:
    """Read the definitions, and the seed of the forms that must be sent.

    Raises:
        pydantic.ValidationError: a key is unknown or missing.
    """
    return Definitions(
        datasets={
            name: DatasetDefinition.model_validate(described)
            for name, described in _yaml(folder / "datasets.yml").items()
        },
        dashboards=tuple(
            DashboardDefinition.model_validate(_yaml(path))
            for path in sorted((folder / "dashboards").glob("*.yml"))
        ),
        additive=AdditiveColumns.model_validate(_yaml(folder / "additive_columns.yml")),
        tiles=tuple(
            Tile(row["unit_key"], int(row["tile_row"]), int(row["tile_column"]))
            for row in _csv(folder / "unit_tiles.csv")
        ),
        forms=tuple(
            {
                row["form_name"]: ExpectedForm(row["form_name"], row["label_vi"])
                for row in _csv(seeds / "expected_forms.csv")
            }.values()
        ),
    )


def _yaml(path: Path) -> dict[str, object]:
    read: dict[str, object] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return read


def _csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
