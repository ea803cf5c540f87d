"""The unit of measure (ĐVT) that a sheet states for its money, and where it states it."""

import re
from collections.abc import Sequence

from ingest.cells import (
    column_name,
)
from ingest.headers import FormMatch, HeaderMatcher
from ingest.sheet_reading import TitleText
from ingest.vietnamese import strip_marks

_UOM_MARK = r"(?:\bd\.?\s?v\.?\s?t(?:inh)?\b\.?|\bd(?:on|\.)?\s*v(?:i)?\.?\s*tinh|\bdon\s*vi)\s*[:\-.=]?\s*"
# Every place where a unit of measure may start is looked at: *Đơn vị: Xã Ea Bông, ĐVT: triệu đồng*.
_MONEY_UNIT = re.compile(rf"{_UOM_MARK}(?=([^()]+))", re.IGNORECASE)
_MONEY_UNIT_NEXT_CELL = re.compile(rf"^\W*{_UOM_MARK}$", re.IGNORECASE)


def units_stated(text: str) -> list[str]:
    """Give what a text says after each ĐVT or Đơn vị, unmarked."""
    return _MONEY_UNIT.findall(strip_marks(text))


def decide_money_scale(
    match: FormMatch | None,
    own_titles: Sequence[TitleText],
    all_titles: Sequence[TitleText],
    matcher: HeaderMatcher,
) -> tuple[int, str]:
    """Decide what money cells are multiplied by, and say by which cell."""
    for form_field in match.form.fields if match else ():
        column = match.columns.get(form_field.name) if match and form_field.is_money else None
        if column is not None and column.money_scale is not None:
            return column.money_scale, f"header {column_name(column.index)}: {column.text}"
    for titles in (own_titles, all_titles):
        for position in range(len(titles) - 1, -1, -1):
            title = titles[position]
            text = strip_marks(title.text)
            if _MONEY_UNIT_NEXT_CELL.match(text) and position + 1 < len(titles):
                title = TitleText(title.cell, f"{title.text} {titles[position + 1].text}")
                text = strip_marks(title.text)
            for unit in _MONEY_UNIT.findall(text):
                scale = matcher.money_scale(unit)
                if scale is not None:
                    return scale, f"cell {title.cell}: {title.text}"
    return 1, "default: VND"
