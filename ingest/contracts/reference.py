"""Units and reporting periods as ingest needs them, read from dbt's seeds.

The seeds are the only copy of the reference data. Attribution asks here which unit a name could mean and which period
a year and a half make; nothing else of the warehouse model is known to ingest.
"""

import csv
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from ingest.home import SEEDS
from ingest.text.folding import words
from ingest.text.printing import half_year_vi

_SHORTEST_CODE = 5  # a commune's; those of districts and provinces are everyday numbers
UPPER_LEVELS = frozenset({"province", "district"})
_TERRITORIAL = UPPER_LEVELS | {"township", "commune"}
_NEVER_BEFORE = date.min
_NEVER_AFTER = date.max


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit over its validity; codes are reused, keys are not."""

    unit_key: str
    unit_code: str
    unit_name: str
    unit_level: str
    valid_from: date
    valid_to: date
    parent_key: str = ""

    @property
    def is_territorial(self) -> bool:
        """Whether it is that of a place, and no base unit of a force."""
        return self.unit_level in _TERRITORIAL

    @property
    def union_name(self) -> str:
        """The Union of a place, *Hội LHPN xã Ea Bông*; a base unit is one itself."""
        return f"Hội LHPN {self.name_in_sentence}" if self.is_territorial else self.unit_name

    @property
    def name_in_sentence(self) -> str:
        """What it is called amid a sentence: *xã Ea Bông*; a base unit's name begins with a capital anywhere."""
        return self.unit_name[:1].lower() + self.unit_name[1:] if self.is_territorial else self.unit_name

    def is_valid_in(self, period: "Period") -> bool:
        """Whether it existed at any day of the period."""
        return self.valid_from <= period.period_end and self.valid_to >= period.period_start


@dataclass(frozen=True, slots=True)
class Period:
    """One half-year as reporting knows it.

    Attributes:
        period_code: ``2023H1``.
        year: of the report, not always of each of its days.
        half: 1 or 2.
        period_start: its first day.
        period_end: the cut-off, which belongs to it.
    """

    period_code: str
    year: int
    half: int
    period_start: date
    period_end: date

    @property
    def label(self) -> str:
        """What it is called: *6 tháng đầu năm 2023*."""
        return half_year_vi(self.year, self.half)


@dataclass(frozen=True, slots=True)
class Merger:
    """One unit that went over into another on a day."""

    old_unit_key: str
    new_unit_key: str
    effective_date: date


@dataclass(frozen=True, eq=False)  # one is loaded and remembered; two are not compared
class Reference:
    """Units with their spellings, half-years, and mergers.

    Attributes:
        spellings: folded words of a name, joined, to the keys of the units that it may mean.
        neighbours: names of districts around ours, as people write them without the word *huyện*.
    """

    units: dict[str, Unit]
    spellings: dict[str, frozenset[str]]
    periods: dict[str, Period]
    mergers: tuple[Merger, ...]
    neighbours: tuple[str, ...]

    @property
    def area(self) -> str:
        """Name what the units are of: ``huyện Krông Ana``."""
        return ", ".join(
            unit.name_in_sentence for unit in self.units.values() if unit.unit_level == "district"
        )

    def predecessors(self, unit_key: str) -> frozenset[str]:
        """Give the units that were merged into one."""
        return frozenset(merger.old_unit_key for merger in self.mergers if merger.new_unit_key == unit_key)


@lru_cache(maxsize=4)
def load_reference(seeds: Path = SEEDS) -> Reference:
    """Read units, aliases, periods, crosswalk and neighbours from a folder of seeds, once a process.

    Raises:
        FileNotFoundError: one of the seeds is not there.
        KeyError: one lacks a column.
        ValueError: a day is none.
    """
    units = {
        row["unit_key"]: Unit(
            unit_key=row["unit_key"],
            unit_code=row["unit_code"],
            unit_name=row["unit_name"],
            unit_level=row["unit_level"],
            valid_from=_day(row["valid_from"], _NEVER_BEFORE),
            valid_to=_day(row["valid_to"], _NEVER_AFTER),
            parent_key=row["parent_key"],
        )
        for row in _rows(seeds / "units.csv")
    }
    spellings: defaultdict[str, set[str]] = defaultdict(set)
    for unit in units.values():
        spellings["".join(words(unit.unit_name))].add(unit.unit_key)
        if len(unit.unit_code) >= _SHORTEST_CODE:
            spellings[unit.unit_code].add(unit.unit_key)
    for row in _rows(seeds / "unit_aliases.csv"):
        spellings["".join(words(row["alias"]))].add(row["unit_key"])
    periods = {
        row["period_code"]: Period(
            period_code=row["period_code"],
            year=int(row["year"]),
            half=int(row["period_code"][-1]),
            period_start=date.fromisoformat(row["period_start"]),
            period_end=date.fromisoformat(row["period_end"]),
        )
        for row in _rows(seeds / "reporting_periods.csv")
        if row["period_kind"] == "half_year"
    }
    mergers = tuple(
        Merger(row["old_unit_key"], row["new_unit_key"], date.fromisoformat(row["effective_date"]))
        for row in _rows(seeds / "unit_crosswalk.csv")
        if row["old_unit_key"] != row["new_unit_key"]
    )
    neighbours = tuple(row["district_name"] for row in _rows(seeds / "neighbouring_districts.csv"))
    known = {name: frozenset(keys) for name, keys in spellings.items()}
    return Reference(units, known, periods, mergers, neighbours)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _day(text: str, without: date) -> date:
    return date.fromisoformat(text) if text else without
