"""The units that report, by the names that the Union uses for them; read from dbt's seeds, which know them before any return."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ingest.contracts.reference import Unit, load_reference
from ingest.home import SEEDS


@dataclass(frozen=True, slots=True)
class ReportingUnit:
    """A unit that reports.

    Attributes:
        union_name: its Union, *Hội LHPN xã Ea Bông*.
        collector: the Union that it sends to, *Hội LHPN huyện Krông Ana*.
        area_name: what its totals are of; the ground that a district had, for units that came after it.
    """

    unit_key: str
    unit_name: str
    union_name: str
    collector: str
    area_key: str
    area_name: str


@cache
def reporting_units(seeds: Path = SEEDS) -> dict[str, ReportingUnit]:
    """Give every unit that reports or once did, by its key."""
    known = load_reference(seeds).units
    with (seeds / "units.csv").open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["area_key"] not in ("", row["unit_key"])]
    return {
        row["unit_key"]: ReportingUnit(
            unit_key=row["unit_key"],
            unit_name=row["unit_name"],
            union_name=known[row["unit_key"]].union_name,
            collector=known[row["parent_key"]].union_name
            if row["parent_key"] in known
            else "Hội LHPN cấp trên",
            area_key=row["area_key"],
            area_name=_area_name(known[row["area_key"]], known[row["unit_key"]]),
        )
        for row in rows
    }


def _area_name(area: Unit, unit: Unit) -> str:
    return f"Địa bàn {area.name_in_sentence} cũ" if area.valid_to < unit.valid_from else area.unit_name
