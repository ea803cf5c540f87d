"""Half-years as branches write them in titles, file names and folders.

*6 tháng đầu năm 2023*, *HK1/2023*, *từ 15/12/2022 đến 14/6/2023*: what a text says of year and half, and no more. Which
of several places is right, ``attribution`` decides.
"""

import re
from collections.abc import Collection
from datetime import date

from ingest.contracts.reference import Period, Reference
from ingest.text.folding import words

# All patterns look at folded words with single blanks between them, or with none where a name was typed without.
_SIX_MONTHS = r"(?:0?6|sau) ?(?:thang|th|t)(?=\b|dau|cuoi|nam)"
_YEAR_AFTER = r"(?:(?P<year>20\d\d)|nam ?(?P<short_year>1[89]|2\d)\b)"
_HALF_OF_YEAR = re.compile(
    rf"\b(?:{_SIX_MONTHS} ?(?P<part>dau|cuoi)?(?: ?nam(?= ?20))? ?{_YEAR_AFTER}?(?: (?:den )?(?P<until>20\d\d))?"
    r"|0?6 ?t(?P<abbreviated>[dc])n? ?(?P<abbreviated_year>20\d\d)?\b"
    r"|nua (?:nam )?(?P<nua>dau|cuoi)(?: nam)? ?(?P<nua_year>20\d\d)?"
    r"|(?P<year_first>20\d\d) ?(?:h|hk|ky) ?(?P<half_first>[12]|i{1,2})\b(?! (?:nam )?20\d\d)"
    r"|(?:h|hk|ky|ky bao cao|nua nam) ?(?P<half>0?[12]|i{1,2})\b(?: ?(?:nam )?(?P<year_last>20\d\d)(?: (?P<until_last>20\d\d))?)?"
    r"|(?<!quy )(?<!luc )(?<!bieu )(?<!mau )(?<!so )(?<!phan )(?<!muc )\b(?P<half_alone>i{1,2}) (?P<year_alone>20\d\d)\b"
    r"|\b(?P<half_before>[12]) ?h ?(?P<year_behind>20\d\d)\b"
    r"|quy (?P<quarters>(?:i|1) (?:va )?(?:quy )?(?:ii|2)|(?:iii|3) (?:va )?(?:quy )?(?:iv|4))"
    r" (?:nam )?(?P<quarters_year>20\d\d))"
)
_OF_FIRST_HALF = frozenset({"dau", "d", "1", "i"})
_WHAT_COMES_NEXT = re.compile(r"\b(?:phuong huong|nhiem vu|ke hoach|trong tam|chuong trinh)\b")
_DATE_IN_WORDS = re.compile(
    r"\bngay \d{1,2} (?:thang )?\d{1,2} (?:nam )?20\d\d\b|(?<!quy )\b\d{1,2} (?:thang )?\d{1,2} (?:nam )?20\d\d\b"
    r"|\b20\d\d (?:0?[1-9]|1[0-2]) (?:0?[1-9]|[12]\d|3[01])\b"
)
# What stood between the days, a dash or an arrow, is no word; that they are those of a half-year is looked up.
_FROM_DAY_TO_DAY = re.compile(
    r"\b(\d{1,2}) (?:thang )?(\d{1,2}) (?:nam )?((?:20)?\d\d)(?: (?:den|toi)(?: het)?)?(?: ngay)?"
    r" (\d{1,2}) (?:thang )?(\d{1,2}) (?:nam )?((?:20)?\d\d)\b"
)
_FROM_MONTH_TO_MONTH = re.compile(
    r"\bthang (\d{1,2})(?: (?:nam )?(20\d\d))?(?: (?:den|toi)(?: het)?)? (?:thang )?(\d{1,2}) (?:nam )?(20\d\d)\b"
)
_MONTHS_OF_HALVES = {(1, 6, 0): 1, (12, 6, 1): 1, (7, 12, 0): 2, (6, 12, 0): 2}
_MOST_DAYS_OFF = 1  # *từ 16/12 đến 15/6*, as it was before the decree
_YEAR = re.compile(r"\b20\d\d\b")


def read_period(text: str, reference: Reference) -> tuple[frozenset[int], frozenset[int]]:
    """Give the years and the halves, 1 and 2, that a text may mean; empty where it says nothing of them.

    Args:
        text: folded words with single blanks between them.
    """
    if (named := _from_day_to_day(text, reference)) is not None:
        return frozenset({named.year}), frozenset({named.half})
    if (months := _from_month_to_month(text)) is not None:
        return frozenset({months[0]}), frozenset({months[1]})
    text = _DATE_IN_WORDS.sub(" ", text)
    said = _WHAT_COMES_NEXT.split(text)[0]
    years, halves = _halves_of_years(said)
    if not halves:
        years, halves = _halves_of_years(text)
    return frozenset(years or {int(year) for year in _YEAR.findall(text)}), frozenset(halves)


def half_year_meant(asked: str, known: Collection[str], reference: Reference) -> str | None:
    """Find the half-year that a person asks for: by its code, or as an office writes it, *6 tháng đầu năm 2023*.

    Args:
        asked: as typed.
        known: codes of half-years among which it must be.
        reference: the reporting periods.

    Returns:
        its code; None where nothing or more than one is meant.
    """
    years, halves = read_period(" ".join(words(asked)), reference)
    meant = {f"{year}H{half}" for year in years for half in halves} & set(known)
    return meant.pop() if len(meant) == 1 else None


def _halves_of_years(text: str) -> tuple[set[int], set[int]]:
    years: set[int] = set()
    halves: set[int] = set()
    for match in _HALF_OF_YEAR.finditer(text):
        said = match.groupdict()
        found = {int(said[name]) for name in said if said[name] and name.endswith("year")}
        found |= {2000 + year if year < 100 else year for year in found}
        found |= {
            int(said[name])
            for name in ("year_first", "year_last", "year_alone", "year_behind", "until", "until_last")
            if said[name]
        }
        years |= {year for year in found if year >= 2000}
        part = next(
            (
                said[name].lstrip("0")
                for name in ("part", "abbreviated", "nua", "half_first", "half", "half_alone", "half_before")
                if said[name]
            ),
            None,
        )
        if part is not None:
            halves.add(1 if part in _OF_FIRST_HALF else 2)
        elif said["quarters"]:
            halves.add(2 if said["quarters"].startswith(("iii", "3")) else 1)
        elif found:
            halves.add(1)
    return years, halves


def _from_day_to_day(text: str, reference: Reference) -> Period | None:
    """Give the half-year whose first and last day a text names, by the cut-offs or by the calendar."""
    match = _FROM_DAY_TO_DAY.search(text)
    if not match:
        return None
    numbers = [int(group) for group in match.groups()]
    try:
        first = date(2000 + numbers[2] % 100, numbers[1], numbers[0])
        last = date(2000 + numbers[5] % 100, numbers[4], numbers[3])
    except ValueError:
        return None
    for period in reference.periods.values():
        spans = (
            (period.period_start, period.period_end),
            (date(period.year, 1, 1), date(period.year, 6, 30))
            if period.half == 1
            else (date(period.year, 7, 1), date(period.year, 12, 31)),
        )
        if any(
            abs((first - start).days) <= _MOST_DAYS_OFF and abs((last - end).days) <= _MOST_DAYS_OFF
            for start, end in spans
        ):
            return period
    return None


def _from_month_to_month(text: str) -> tuple[int, int] | None:
    """Give year and half of a text that names the first and the last month: *tháng 12/2022 đến tháng 6/2023*."""
    match = _FROM_MONTH_TO_MONTH.search(text)
    if not match:
        return None
    year = int(match[4])
    half = _MONTHS_OF_HALVES.get((int(match[1]), int(match[3]), year - int(match[2] or year)))
    return None if half is None else (year, half)
