"""To whom a blank form goes: the units that report in a half-year, with the names that stand in their title block.

Read from dbt's seeds. Which unit a name means when a form comes back is decided by ``attribution``, not here.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from build.reference import unknown_half_year
from ingest.contracts.forms import FormContract
from ingest.contracts.reference import Period, Reference, Unit, load_reference
from ingest.home import SEEDS
from ingest.text.printing import day_vi

_PROVINCE = "province"
_TERRITORIAL = "territorial"


class UnknownChoiceError(ValueError):
    """A unit or period that the seeds do not know, or that do not go together; the text says what would do."""


@dataclass(frozen=True, slots=True)
class HalfYear:
    """A half-year with its Vietnamese label; both dates belong to it.

    Attributes:
        first_known_day: from which day on the warehouse knows half-years at all.
    """

    code: str
    label_vi: str
    year: int
    start: date
    end: date
    first_known_day: date


@dataclass(frozen=True, slots=True)
class Addressee:
    """A unit that is sent a blank form.

    Attributes:
        place: its name without the word for its level; for a unit without territory, that of the unit above.
        upper_name: name of the unit above, which collects the returns; None for the highest.
        villages: villages that the seeds know for it or for the units that were merged into it.
    """

    unit_key: str
    unit_name: str
    is_territorial: bool
    place: str
    upper_name: str | None
    villages: tuple[str, ...]


def next_due(today: date, seeds: Path = SEEDS) -> str:
    """Give the code of the half-year whose cut-off comes next, that of today included.

    Raises:
        UnknownChoiceError: the seed holds no half-year that ends today or later.
    """
    due = [period for period in load_reference(seeds).periods.values() if period.period_end >= today]
    if not due:
        raise UnknownChoiceError(f"Danh mục kỳ báo cáo chưa có kỳ nào kết thúc từ ngày {day_vi(today)}.")
    return min(due, key=lambda period: period.period_end).period_code


def half_year(code: str, seeds: Path = SEEDS) -> HalfYear:
    """Give a half-year by its code (``2023H1``); UnknownChoiceError when the seeds have none of that code."""
    known = load_reference(seeds).periods
    if code not in known:
        raise UnknownChoiceError(unknown_half_year(code, seeds))
    labels = {row["period_code"]: row["label_vi"] for row in _rows(seeds / "reporting_periods.csv")}
    period = known[code]
    first_known_day = min(other.period_start for other in known.values())
    return HalfYear(code, labels[code], period.year, period.period_start, period.period_end, first_known_day)


def addressees(period_code: str, seeds: Path = SEEDS) -> tuple[Addressee, ...]:
    """Give the units that are asked for a half-year: those of an area that stand on its last day."""
    return tuple(
        _addressee(row, seeds)
        for row in _reporting_rows(seeds)
        if _stands_on_last_day(
            load_reference(seeds).units[row["unit_key"]], load_reference(seeds).periods[period_code]
        )
    )


def addressee(unit_key: str, period_code: str, seeds: Path = SEEDS) -> Addressee:
    """Give one reporting unit.

    Raises:
        UnknownChoiceError: no such unit reports, or it did not exist at any day of the half-year.
    """
    rows = {row["unit_key"]: row for row in _reporting_rows(seeds)}
    if unit_key not in rows:
        raise UnknownChoiceError(f"Không có đơn vị báo cáo “{unit_key}”. Đề nghị chọn: {', '.join(rows)}.")
    reference = load_reference(seeds)
    if not reference.units[unit_key].is_valid_in(reference.periods[period_code]):
        raise UnknownChoiceError(
            f"{rows[unit_key]['unit_name']} không có trong kỳ {half_year(period_code, seeds).label_vi}."
        )
    return _addressee(rows[unit_key], seeds)


def collectors(asked: Iterable[Addressee], seeds: Path = SEEDS) -> tuple[Addressee, ...]:
    """Give the units above a set of units, which send targets and opening balances for all of them."""
    uppers = {addressee.upper_name for addressee in asked}
    return tuple(_addressee(row, seeds) for row in _rows(seeds / "units.csv") if row["unit_name"] in uppers)


def sender(form: FormContract, above: Addressee, seeds: Path = SEEDS) -> Addressee:
    """Give the unit that fills in a form for all: the one above those that report, or that of the form's own level.

    Raises:
        UnknownChoiceError: no unit of that level stands above.
    """
    rows = {row["unit_key"]: row for row in _rows(seeds / "units.csv")}
    row: dict[str, str] | None = rows[above.unit_key]
    while row is not None and form.sent_by not in (None, row["unit_level"]):
        row = rows.get(row["parent_key"])
    if row is None:
        raise UnknownChoiceError(f"{form.name}: no {form.sent_by} stands above {above.unit_name}")
    return _addressee(row, seeds)


def unit_names(year: int, seeds: Path = SEEDS) -> tuple[str, ...]:
    """Give the names of all units below the province that existed at any time in a reporting year."""
    reference = load_reference(seeds)
    halves = [period for period in reference.periods.values() if period.year == year]
    names = [
        unit.unit_name
        for unit in reference.units.values()
        if unit.unit_level != _PROVINCE and any(unit.is_valid_in(period) for period in halves)
    ]
    return tuple(dict.fromkeys(names))


def _reporting_rows(seeds: Path) -> list[dict[str, str]]:
    return [
        row for row in _rows(seeds / "units.csv") if row["area_key"] and row["area_key"] != row["unit_key"]
    ]


def _stands_on_last_day(unit: Unit, period: Period) -> bool:
    return unit.valid_from <= period.period_end <= unit.valid_to


def _addressee(row: dict[str, str], seeds: Path) -> Addressee:
    reference: Reference = load_reference(seeds)
    upper = reference.units.get(row["parent_key"])
    keys = {row["unit_key"], *reference.predecessors(row["unit_key"])}
    return Addressee(
        unit_key=row["unit_key"],
        unit_name=row["unit_name"],
        is_territorial=row["unit_kind"] == _TERRITORIAL,
        place=_place(
            upper if upper and row["unit_kind"] != _TERRITORIAL else reference.units[row["unit_key"]], seeds
        ),
        upper_name=upper.unit_name if upper else None,
        villages=tuple(
            village["village_name"]
            for village in _rows(seeds / "villages.csv")
            if village["unit_key"] in keys
        ),
    )


def _place(unit: Unit, seeds: Path) -> str:
    """Take the word for a unit's level off its name: *Thị trấn Buôn Trấp* → *Buôn Trấp*."""
    words = [
        row["prefix"]
        for row in _rows(seeds / "unit_name_prefixes.csv")
        if row["unit_level"] == unit.unit_level
    ]
    fitting = [word for word in words if unit.unit_name.startswith(f"{word} ")]
    return unit.unit_name.removeprefix(max(fitting, key=len, default="")).strip()


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
