"""The allowed values of a form, in the words that a drop-down shows.

Lists of choices come from the contracts' vocabulary, the longer ones from dbt's seeds. What a person may type besides
(aliases, other cases) is the business of the models that judge the values.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

from ingest.contracts.forms import Contracts, FormField
from ingest.home import SEEDS
from publish.templates.addressees import Addressee, unit_names

TICK = "x"
_TICKS = "ticks"
_UNITS = "units"
_VILLAGES = "villages"
_VILLAGE_FIELD = "village"


@dataclass(frozen=True, slots=True)
class ValueList:
    """A list behind a drop-down.

    Attributes:
        name: unique in a workbook.
        is_open: other values may be typed as well.
    """

    name: str
    values: tuple[str, ...]
    is_open: bool


def value_list(
    field: FormField, contracts: Contracts, unit: Addressee, year: int, seeds: Path = SEEDS
) -> ValueList | None:
    """Give the list of values for a field; None when anything may be written.

    Args:
        field: a column of a form.
        contracts: hold the lists that are no seeds.
        unit: whose villages are offered.
        year: reporting year, for the names of units.
        seeds: folder of dbt's seeds.
    """
    if field.type == "boolean":
        return ValueList(_TICKS, (TICK,), is_open=False)
    if field.choices is None:
        has_villages = field.name == _VILLAGE_FIELD and unit.villages
        return ValueList(_VILLAGES, unit.villages, is_open=True) if has_villages else None
    if field.choices in contracts.choice_lists:
        values = tuple(choice.label for choice in contracts.choice_lists[field.choices].values())
    elif field.choices == _UNITS:
        values = unit_names(year, seeds)
    else:
        values = _labels(seeds / f"{field.choices}.csv")
    return ValueList(field.choices, values, field.open_choice)


def _labels(seed: Path) -> tuple[str, ...]:
    with seed.open(encoding="utf-8", newline="") as file:
        return tuple(row["label_vi"] for row in csv.DictReader(file))
