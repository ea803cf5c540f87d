"""The few rows of reference data that must be known before a database is opened.

Forms of the DAGs list periods and programmes when their files are parsed, so this module reads the seeds with the
standard library alone. Figures never come from here: models read the same seeds through dbt.
"""

import csv
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from ingest.home import SEEDS


@dataclass(frozen=True, slots=True)
class Period:
    """A reporting period; ``kind`` is ``half_year`` or ``year``, both dates belong to it."""

    code: str
    label_vi: str
    kind: str
    start: date
    end: date


@dataclass(frozen=True, slots=True)
class ProgrammeWindow:
    """The half-years that a programme's review covers; ``last_period`` is None while the window is open."""

    programme_code: str
    first_period: str
    last_period: str | None


def read_periods(seeds: Path = SEEDS) -> tuple[Period, ...]:
    """Read every reporting period, half-years and years, in the order of the seed (``reporting_periods.csv``)."""
    return tuple(
        Period(
            code=row["period_code"],
            label_vi=row["label_vi"],
            kind=row["period_kind"],
            start=date.fromisoformat(row["period_start"]),
            end=date.fromisoformat(row["period_end"]),
        )
        for row in _rows(seeds / "reporting_periods.csv")
    )


def half_year_codes(seeds: Path = SEEDS) -> tuple[str, ...]:
    """Give the codes of all half-years, oldest first (``2023H1``)."""
    return tuple(sorted(period.code for period in read_periods(seeds) if period.kind == "half_year"))


def half_year_labels(seeds: Path = SEEDS) -> dict[str, str]:
    """Give what half-years are called by code, newest first (``6 tháng đầu năm 2023``)."""
    half_years = [period for period in read_periods(seeds) if period.kind == "half_year"]
    return {
        period.code: period.label_vi
        for period in sorted(half_years, key=lambda found: found.end, reverse=True)
    }


def unknown_half_year(asked: str, seeds: Path = SEEDS) -> str:
    """Say in Vietnamese that there is no such half-year, and how one is asked for."""
    label = next(iter(half_year_labels(seeds).values()))
    return f"Không có kỳ báo cáo “{asked}”. Đề nghị ghi như: {label}."


def programme_codes(seeds: Path = SEEDS) -> tuple[str, ...]:
    """Give the codes of all programmes, in the order of the seed."""
    return tuple(row["programme_code"] for row in _rows(seeds / "programmes.csv"))


def programme_labels(seeds: Path = SEEDS) -> dict[str, str]:
    """Give what programmes are called by code, in the order of the seed."""
    return {row["programme_code"]: row["label_vi"] for row in _rows(seeds / "programmes.csv")}


def leading_programme(seeds: Path = SEEDS) -> str:
    """Give the code of the programme that stands first in the seed: whose review every refresh closes with."""
    return programme_codes(seeds)[0]


def refresh_days(seeds: Path = SEEDS) -> tuple[tuple[int, int], ...]:
    """Give month and day of the days after the cut-offs of half-years, each once: ``((6, 15), (12, 15))``."""
    after = [period.end + timedelta(days=1) for period in read_periods(seeds) if period.kind == "half_year"]
    return tuple(sorted({(day.month, day.day) for day in after}))


def programme_window(programme_code: str, seeds: Path = SEEDS) -> ProgrammeWindow | None:
    """Give the window of a programme's review; None when the seed has none."""
    for row in _rows(seeds / "programme_windows.csv"):
        if row["programme_code"] == programme_code:
            return ProgrammeWindow(programme_code, row["window_start"], row["window_end"] or None)
    return None


def unit_spellings(seeds: Path = SEEDS) -> dict[str, tuple[str, ...]]:
    """Give what else units are called in returns and in speech, by unit key."""
    found: dict[str, tuple[str, ...]] = {}
    for row in _rows(seeds / "unit_aliases.csv"):
        found[row["unit_key"]] = (*found.get(row["unit_key"], ()), row["alias"])
    return found


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
