"""How units, indicators and half-years are called amid a sentence or where there is little room, by the names of an edition."""

from collections.abc import Sequence
from functools import cache

from ingest.contracts.reference import load_reference


def amid_sentence(unit_name: str) -> str:
    """Write a unit's name as it stands amid a sentence: *xã Ea Bông*; a base unit's begins with a capital anywhere.

    For ``Unit.name_in_sentence`` where an edition gives the name alone, or its label, *Xã Ea Na (đến 6/2025)*.
    """
    return unit_name if unit_name.startswith(_capital_anywhere()) else amid_line(unit_name)


@cache
def _capital_anywhere() -> tuple[str, ...]:
    units = load_reference().units.values()
    return tuple(unit.unit_name for unit in units if unit.name_in_sentence == unit.unit_name)


def amid_line(label_vi: str) -> str:
    """Write a label as it stands amid a line: the first letter small, *CLB* as it is."""
    return label_vi[:1].lower() + label_vi[1:]


def short_half_year(period_code: str) -> str:
    """Write a half-year where there is little room: *6T đầu 2023* for ``2023H1``, which is not broken over two lines."""
    return f"6T\u00a0{'đầu' if period_code.endswith('1') else 'cuối'}\u00a0{period_code[:4]}"


def named_together(names: Sequence[str]) -> str:
    """Write names one after the other: *xã A*, *xã A và xã B*, *xã A, xã B và xã C*."""
    *others, last = names
    return f"{', '.join(others)} và {last}" if others else last
