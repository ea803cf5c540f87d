"""How large the country is that the warehouse is measured on, and a dbt project with its units and half-years.

Provinces are areas, communes stand below them. Where years are built that lie before July 2025, one commune in ten was
merged into its neighbour then. All of it depends on numbers alone: the same country comes out every time.
"""

import csv
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from ingest.home import DBT_PROJECT

COMMUNES_A_PROVINCE = 97  # 3,300 communes in 34 provinces since 1 July 2025
FIRST_CODE = 10_001
NEWEST = 2  # the number of the half-year 2026H1; the one before is 1, older ones 0, -1, …
MERGED_ON = date(2025, 7, 1)
MADE_BY_DBT = shutil.ignore_patterns("target", "logs", "dbt_packages")


@dataclass(frozen=True, slots=True)
class Country:
    """How large the country is; the default is the whole of it.

    Attributes:
        communes: number of communes that report twice.
        member_changes: rows of Biểu 01 in one return; 1,516 make ten million in a year.
        activities: rows of Biểu 05 in one return.
        events: events of a commune in the log of one half-year; with the activities they make five million.
        half_years: number of half-years for which every commune reports; the newest is 2026H1.
    """

    communes: int = 3_300
    member_changes: int = 1_516
    activities: int = 300
    events: int = 458
    half_years: int = 2

    @property
    def name(self) -> str:
        """What its folders are called after: communes, and half-years where they are more than a year."""
        return f"{self.communes}" if self.half_years == NEWEST else f"{self.communes}x{self.half_years}"

    @property
    def numbers(self) -> range:
        """Numbers of its half-years, the oldest first."""
        return range(NEWEST - self.half_years + 1, NEWEST + 1)

    @property
    def mergers(self) -> dict[int, int]:
        """Communes that were merged on 1 July 2025, each with the neighbour of its province that it became a part of."""
        if self.numbers[0] > 0:
            return {}
        neighbours = {n: n - 1 if n % COMMUNES_A_PROVINCE else n + 1 for n in range(9, self.communes, 10)}
        return {n: into for n, into in neighbours.items() if into < self.communes}

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


@dataclass(frozen=True, slots=True)
class HalfYear:
    """A half-year by its number.

    Attributes:
        number: 2 is 2026H1, the newest; one less is the half-year before.
    """

    number: int

    @property
    def year(self) -> int:
        """The year that it belongs to."""
        return 2025 + self.number // 2

    @property
    def is_second(self) -> bool:
        """It is the second one of its year."""
        return self.number % 2 == 1

    @property
    def code(self) -> str:
        """As reporting_periods.csv names it."""
        return f"{self.year}H{1 + self.is_second}"

    @property
    def first_day(self) -> date:
        """The first day on which something happens in it; 160 days follow, and then its return."""
        return date(self.year, 7, 1) if self.is_second else date(self.year - 1, 12, 16)

    @property
    def start(self) -> date:
        """Its first day by reporting_periods.csv."""
        return date(self.year, 6, 15) if self.is_second else date(self.year - 1, 12, 15)

    @property
    def end(self) -> date:
        """Its last day by reporting_periods.csv."""
        return HalfYear(self.number + 1).start - timedelta(days=1)


def unit_key(number: int, country: Country, half_year: HalfYear) -> str:
    """The key of a commune's unit; after a merger the unit is a new one that bears the code of the commune that took in.

    Args:
        number: which commune, from 0.
        country: the country that it stands in.
        half_year: when.
    """
    is_new = half_year.first_day >= MERGED_ON and number in country.mergers.values()
    return f"U{FIRST_CODE + number}{'_2025' if is_new else ''}"


def make_project(folder: Path, country: Country, project: Path = DBT_PROJECT) -> Path:
    """Copy the dbt project with the seeds of a country: provinces as areas, communes below them, the years it reports.

    Args:
        folder: where the copy goes; what stands there is replaced.
        country: how large it is.
        project: what is copied.
    """
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(project, folder, ignore=MADE_BY_DBT)
    provinces = -(-country.communes // COMMUNES_A_PROVINCE)
    units: list[tuple[object, ...]] = [
        (
            f"P{number:02d}",
            None,
            f"Tỉnh số {number}",
            "province",
            "territorial",
            None,
            f"P{number:02d}",
            None,
            None,
        )
        for number in range(1, provinces + 1)
    ]
    crosswalk: list[tuple[object, ...]] = []
    newest = HalfYear(NEWEST)
    taking_in = set(country.mergers.values())
    for number in range(country.communes):
        ends = number in taking_in or number in country.mergers
        units.append(
            _commune(number, f"U{FIRST_CODE + number}", None, MERGED_ON - timedelta(days=1) if ends else None)
        )
        if number in taking_in:
            units.append(_commune(number, unit_key(number, country, newest), MERGED_ON, None))
        if ends:
            into = unit_key(country.mergers.get(number, number), country, newest)
            crosswalk.append((f"U{FIRST_CODE + number}", into, MERGED_ON, 1))
    _write_seed(folder, "units", units)
    _write_seed(folder, "unit_aliases", [(units[0][0], "Tỉnh Một")])
    _write_seed(folder, "unit_crosswalk", crosswalk)
    _write_seed(folder, "villages", [])
    _add_years(folder, HalfYear(country.numbers[0]).year)
    return folder


def _commune(number: int, key: str, valid_from: date | None, valid_to: date | None) -> tuple[object, ...]:
    province = f"P{1 + number // COMMUNES_A_PROVINCE:02d}"
    return (
        key, FIRST_CODE + number, f"Xã số {number + 1}", "commune", "territorial", province, province, valid_from, valid_to,
    )  # fmt: skip


def _add_years(folder: Path, first: int) -> None:
    """Put years before those that the seed of half-years knows."""
    header, *known = _read_seed(folder, "reporting_periods")
    earlier: list[tuple[object, ...]] = []
    for year in range(first, int(known[0][header.index("year")])):
        halves = [HalfYear((year - 2025) * 2), HalfYear((year - 2025) * 2 + 1)]
        earlier += [
            (half.code, f"6 tháng {part} năm {year}", year, half.start, half.end, "half_year")
            for half, part in zip(halves, ("đầu", "cuối"), strict=True)
        ]
        earlier.append((f"{year}", f"Năm {year}", year, halves[0].start, halves[1].end, "year"))
    _write_seed(folder, "reporting_periods", [*earlier, *known])


def _read_seed(folder: Path, name: str) -> list[list[str]]:
    with (folder / "seeds" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def _write_seed(folder: Path, name: str, rows: Sequence[Sequence[object]]) -> None:
    header = _read_seed(folder, name)[0]
    with (folder / "seeds" / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
