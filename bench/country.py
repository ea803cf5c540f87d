"""How large the country is that the warehouse is measured on, and a dbt project with its units.

Provinces are areas, communes stand below them. All of it depends on numbers alone: the same country comes out every time.
"""

import csv
import shutil
from dataclasses import dataclass
from pathlib import Path

from ingest.home import DBT_PROJECT

COMMUNES_A_PROVINCE = 97  # 3,300 communes in 34 provinces since 1 July 2025
FIRST_CODE = 10_001
MADE_BY_DBT = shutil.ignore_patterns("target", "logs", "dbt_packages")


@dataclass(frozen=True, slots=True)
class Country:
    """How large the country is; the default is the whole of it.

    Attributes:
        communes: number of communes that report twice.
        member_changes: rows of Biểu 01 in one return; 1,516 make ten million in a year.
        activities: rows of Biểu 05 in one return.
        events: events of a commune in the log of one half-year; with the activities they make five million.
    """

    communes: int = 3_300
    member_changes: int = 1_516
    activities: int = 300
    events: int = 458

    @property
    def rows(self) -> dict[str, int]:
        """Rows of each form in one return."""
        return {
            "member_changes": self.member_changes,
            "clubs": 12,
            "trainings": 4,
            "support_funds": 20,
            "movement_activities": self.activities,
            "awards": 6,
            "protection_cases": 2,
        }


def make_project(folder: Path, country: Country, project: Path = DBT_PROJECT) -> Path:
    """Copy the dbt project with the seeds of a country: provinces as areas, communes below them.

    Args:
        folder: where the copy goes; what stands there is replaced.
        country: how large it is.
        project: what is copied.
    """
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(project, folder, ignore=MADE_BY_DBT)
    provinces = -(-country.communes // COMMUNES_A_PROVINCE)
    units: list[tuple[object, ...]] = [
        (f"P{number:02d}", None, f"Tỉnh số {number}", "province", "territorial", None, f"P{number:02d}", None, None)
        for number in range(1, provinces + 1)
    ] + [
        (
            f"U{FIRST_CODE + number}", FIRST_CODE + number, f"Xã số {number + 1}", "commune", "territorial",
            _province(number), _province(number), None, None,
        )
        for number in range(country.communes)
    ]  # fmt: skip
    seeds: dict[str, list[tuple[object, ...]]] = {
        "units": units,
        "unit_aliases": [(units[0][0], "Tỉnh Một")],
        "unit_crosswalk": [],
        "villages": [],
    }
    for name, rows in seeds.items():
        path = folder / "seeds" / f"{name}.csv"
        with path.open(encoding="utf-8", newline="") as old:
            header = next(csv.reader(old))
        with path.open("w", encoding="utf-8", newline="") as new:
            writer = csv.writer(new, lineterminator="\n")
            writer.writerow(header)
            writer.writerows(rows)
    return folder


def _province(number: int) -> str:
    return f"P{1 + number // COMMUNES_A_PROVINCE:02d}"
