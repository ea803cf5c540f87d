"""How things are printed in Vietnamese, each by one function: numbers, money, days, moments, half-years.

``1.234,5``, ``202,11 %``, 98,45 triệu đồng, 13/06/2023, 09:05 ngày 15/06/2026, *6 tháng đầu năm 2023*. Figures are never
rounded on the way; how they are shown is decided here alone. A percentage is truncated, as the district's published
reports do: 382 of 189 is 2.02116… and prints as 202,11 %. What a unit is called amid a sentence is the unit's to tell
(``reference.Unit.name_in_sentence``), what dbt writes has macros of its own that print alike.
"""

from datetime import date, datetime
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")

NOT_KNOWN = "–"
_SWAP = str.maketrans(",.", ".,")
_HUNDREDTH = Decimal("0.01")
_UNITS_OF_MONEY = ((10**9, "tỷ đồng", 2), (10**6, "triệu đồng", 0), (1, "đồng", 0))


def format_number(value: Decimal | float | int | None, decimals: int = 2) -> str:
    """Write a number with at most ``decimals`` decimals; None, which is *not reported*, as a dash."""
    if value is None:
        return NOT_KNOWN
    rounded = _decimal(value).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    text = f"{rounded:,f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.translate(_SWAP)


def format_change(value: Decimal | float | int | None) -> str:
    """Write a change with its sign: *+44*, *-7*, *0*; *–* where there is none."""
    return f"+{format_number(value)}" if value is not None and value > 0 else format_number(value)


def format_percentage(ratio: Decimal | float | None, *, is_truncated: bool = True) -> str:
    """Write a ratio as a percentage with two decimals; None as a dash."""
    if ratio is None:
        return NOT_KNOWN
    return f"{hundredths(ratio, is_truncated=is_truncated):,f} %".translate(_SWAP)


def hundredths(ratio: Decimal | float, *, is_truncated: bool = True) -> Decimal:
    """Give a ratio as the percentage that is written of it, with two decimals."""
    rounding = ROUND_DOWN if is_truncated else ROUND_HALF_UP
    return (_decimal(ratio) * 100).quantize(_HUNDREDTH, rounding=rounding)


def money_vi(amount_vnd: Decimal | float | int, *, is_rounded: bool = False) -> str:
    """Write an amount in the largest unit of money that it fills: 98,45 triệu đồng, 950.000 đồng.

    Args:
        amount_vnd: in đồng.
        is_rounded: as reports tell it: whole triệu, a tỷ with two decimals, cut off, and *hơn* where that cut something:
            98.450.000 is *hơn 98 triệu đồng*, 10.110.000.000 is *10,11 tỷ đồng*.
    """
    amount = _decimal(amount_vnd)
    size = abs(amount)
    scale, unit, decimals = next(
        (found for found in _UNITS_OF_MONEY if size >= found[0]), _UNITS_OF_MONEY[-1]
    )
    if not is_rounded or scale == 1:
        return f"{format_number(amount / scale, decimals=9)} {unit}"
    shown = (amount / scale).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_DOWN)
    return f"{'' if shown * scale == amount else 'hơn '}{format_number(shown, decimals)} {unit}"


def day_vi(day: date) -> str:
    """Write a day: 05/01/2023."""
    return f"{day:%d/%m/%Y}"


def moment_vi(moment: datetime) -> str:
    """Write an instant, which has a time zone, by the clock of Vietnam: ``09:05 ngày 15/06/2026``."""
    return f"{moment.astimezone(VIETNAM):%H:%M ngày %d/%m/%Y}"


def half_year_vi(year: int, half: int) -> str:
    """Write a half-year, the first being 1: *6 tháng đầu năm 2023*."""
    return f"6 tháng {'đầu' if half == 1 else 'cuối'} năm {year}"


def _decimal(value: Decimal | float | int) -> Decimal:
    return Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
