"""Numbers as a Vietnamese report prints them: ``1.234,5`` and ``202,11 %``.

Figures are never rounded on the way; how they are shown is decided here alone. A percentage is truncated, as the
district's published reports do: 382 of 189 is 2.02116… and prints as 202,11 %.
"""

from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

NOT_KNOWN = "–"
_SWAP = str.maketrans(",.", ".,")
_HUNDREDTH = Decimal("0.01")


def format_number(value: Decimal | float | int | None, decimals: int = 2) -> str:
    """Write a number with at most ``decimals`` decimals; None, which is *not reported*, as a dash."""
    if value is None:
        return NOT_KNOWN
    rounded = _decimal(value).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    text = f"{rounded:,f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.translate(_SWAP)


def format_percentage(ratio: Decimal | float | None, *, is_truncated: bool = True) -> str:
    """Write a ratio as a percentage with two decimals; None as a dash."""
    if ratio is None:
        return NOT_KNOWN
    rounding = ROUND_DOWN if is_truncated else ROUND_HALF_UP
    percentage = (_decimal(ratio) * 100).quantize(_HUNDREDTH, rounding=rounding)
    return f"{percentage:,f} %".translate(_SWAP)


def _decimal(value: Decimal | float | int) -> Decimal:
    return Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
