"""The half-years the sample covers and where their borders lie.

The borders are those of Government Decree 09/2019/ND-CP: the first half of a year runs from 15 December of
the year before to 14 June, the second from 15 June to 14 December. The warehouse keeps its own copy as
reference data.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, order=True)
class HalfYear:
    """One reporting half-year; `half` is 1 or 2."""

    year: int
    half: int

    @property
    def code(self) -> str:
        """The period code, such as `2023H1`."""
        return f"{self.year}H{self.half}"

    @property
    def label(self) -> str:
        """The period as a return's title names it, such as `6 tháng đầu năm 2023`."""
        return f"6 tháng {'đầu' if self.half == 1 else 'cuối'} năm {self.year}"

    @property
    def starts_on(self) -> date:
        """The first day whose events belong to the half-year."""
        return date(self.year - 1, 12, 15) if self.half == 1 else date(self.year, 6, 15)

    @property
    def ends_on(self) -> date:
        """The last day whose events belong to the half-year."""
        return date(self.year, 6, 14) if self.half == 1 else date(self.year, 12, 14)

    def holds(self, day: date) -> bool:
        """Whether an event of that day belongs to the half-year."""
        return self.starts_on <= day <= self.ends_on


HALF_YEARS = tuple(HalfYear(year, half) for year in range(2018, 2024) for half in (1, 2))[:-1]
LAST = HALF_YEARS[-1]


def half_year(code: str) -> HalfYear:
    """The half-year of a code such as `2023H1`; raises ValueError when the code has another form."""
    year, half = code.split("H")
    return HalfYear(int(year), int(half))


def half_year_of(day: date) -> HalfYear:
    """The half-year that holds the day; 14 June and 14 December are last days."""
    if (day.month, day.day) >= (12, 15):
        return HalfYear(day.year + 1, 1)
    return HalfYear(day.year, 1 if (day.month, day.day) <= (6, 14) else 2)
