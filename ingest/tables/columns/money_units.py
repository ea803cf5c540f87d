"""The unit of measure (ĐVT) that a sheet states for its money, where it states it, and whether that can be trusted."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ingest.headers.form_match import FormMatch, HeaderColumn
from ingest.headers.matcher import HeaderMatcher
from ingest.tables.results import TitleText
from ingest.text.cells import (
    column_name,
)
from ingest.text.folding import fold, strip_marks

_UOM_WORDS = r"\bd\.?\s?v\.?\s?t(?:inh)?\b\.?|\bd(?:on|\.)?\s*v(?:i)?\.?\s*tinh"
_UOM_MARK = rf"(?:{_UOM_WORDS}|\bdon\s*vi|\btinh\s*(?:bang|theo))\s*[:\-.=]?\s*"
# Every place where a unit of measure may start is looked at: *Đơn vị: Xã Ea Bông, ĐVT: triệu đồng*.
_MONEY_UNIT = re.compile(rf"{_UOM_MARK}(?=([^()]+))", re.IGNORECASE)
_MONEY_UNIT_NEXT_CELL = re.compile(rf"^\W*{_UOM_MARK}$", re.IGNORECASE)
# After *Đơn vị* alone the name of a commune may stand; after these, nothing but a unit of measure.
_SURELY_UNIT = re.compile(rf"(?:{_UOM_WORDS})\s*[:\-.=]?\s*([^()]+)", re.IGNORECASE)
_ABOUT_MONEY = re.compile(
    r"^\W*(?:so tien|tien te|tien|kinh phi|gia tri)\s*(?:tinh)?\s*(?:bang|la)?\b", re.IGNORECASE
)
_LIKE_MONEY = re.compile(
    r"^\W*(?:[\d.,]+|mot|muoi|chuc|tram)?\s*(?:nghin|ngan|trieu|trd|tr|ty|vnd|usd|do la)\b", re.IGNORECASE
)
_PART = re.compile(r"[():]")
_PARENTHESIS = re.compile(r"[(\[]([^()\[\]]+)[)\]]")
_AFTER_MARK = re.compile(r"[,:;>–-]\s*([^,:;>–-]+)$")
_SEVERAL = re.compile(r"[,;/+]|\bva\b")


@dataclass(frozen=True, slots=True)
class MoneyScale:
    """What money cells of a table are multiplied by.

    Attributes:
        decided_by: the cell or header that says so.
        unclear: in Vietnamese, which cell states a unit of measure that is none of money, or one that is a rate; None
            where nothing is in doubt.
    """

    factor: int
    decided_by: str
    unclear: str | None


@dataclass(frozen=True, slots=True)
class _Stated:
    """What a title says of units of measure; most say nothing, and come again on every sheet.

    Attributes:
        units: what stands after each mark.
        surely: those that can be nothing but a unit of measure, or that begin like one of money.
        parts: the text between colons and parentheses, each without the words that say that it is about money.
        is_mark_alone: the unit stands in the next cell.
    """

    units: tuple[str, ...]
    surely: tuple[str, ...]
    parts: tuple[str, ...]
    is_mark_alone: bool


@lru_cache(maxsize=16_384)
def _stated(text: str) -> _Stated:
    unmarked = strip_marks(text)
    units = tuple(_MONEY_UNIT.findall(unmarked))
    is_mark_alone = _MONEY_UNIT_NEXT_CELL.match(unmarked) is not None
    if not units:
        return _Stated((), (), (), is_mark_alone)
    likely = [unit for unit in units if _LIKE_MONEY.match(unit)]
    return _Stated(
        units,
        (*_SURELY_UNIT.findall(unmarked), *likely),
        tuple(_ABOUT_MONEY.sub("", part) for part in _PART.split(unmarked)),
        is_mark_alone,
    )


def units_stated(text: str) -> tuple[str, ...]:
    """Give what a text says after each ĐVT or Đơn vị, unmarked."""
    return _stated(text).units


def decide_money_scale(
    match: FormMatch | None,
    own_titles: Sequence[TitleText],
    all_titles: Sequence[TitleText],
    matcher: HeaderMatcher,
) -> MoneyScale:
    """Decide what money cells are multiplied by, by which cell, and whether a cell says what is not understood."""
    column = _money_column(match)
    if column is None:
        return _scale_of_titles(own_titles, all_titles, matcher, None)
    unclear = _unclear_header(column, matcher)
    if column.money_scale is not None:
        return MoneyScale(column.money_scale, f"header {column_name(column.index)}: {column.text}", unclear)
    return _scale_of_titles(own_titles, all_titles, matcher, unclear)


def _money_column(match: FormMatch | None) -> HeaderColumn | None:
    for form_field in match.form.fields if match else ():
        if match and form_field.is_money and form_field.name in match.columns:
            return match.columns[form_field.name]
    return None


def _scale_of_titles(
    own_titles: Sequence[TitleText],
    all_titles: Sequence[TitleText],
    matcher: HeaderMatcher,
    unclear: str | None,
) -> MoneyScale:
    """Decide by the titles nearest the table; what else stands beside a unit of money that is understood, is none."""
    for titles in (own_titles, all_titles):
        not_understood: str | None = None
        for title in _titles_with_unit(titles):
            stated = _stated(title.text)
            for unit in (*stated.units, *stated.parts):
                scale = matcher.money_scale(unit)
                if scale is not None:
                    if _is_rate(unit, matcher):
                        unclear = unclear or _told(title)
                    return MoneyScale(scale, f"cell {title.cell}: {title.text}", unclear)
            if not_understood is None and _is_unclear(stated, matcher):
                not_understood = _told(title)
        unclear = unclear or not_understood
    return MoneyScale(1, "default: VND", unclear)


def _titles_with_unit(titles: Sequence[TitleText]) -> Iterator[TitleText]:
    """Give titles from the last one on; *ĐVT:* alone with what stands in the next cell."""
    for position in range(len(titles) - 1, -1, -1):
        title = titles[position]
        if _stated(title.text).is_mark_alone and position + 1 < len(titles):
            title = TitleText(title.cell, f"{title.text} {titles[position + 1].text}")
        yield title


def _is_unclear(stated: _Stated, matcher: HeaderMatcher) -> bool:
    """Whether a title states a unit that is none of money and none that things or people are counted in."""
    return any(fold(unit) and not _is_of_quantities(unit, matcher) for unit in stated.surely)


def _is_of_quantities(unit: str, matcher: HeaderMatcher) -> bool:
    return all(matcher.is_quantity_unit(part) for part in _SEVERAL.split(unit) if fold(part))


def _is_rate(unit: str, matcher: HeaderMatcher) -> bool:
    """Whether a unit is money for each of something: *triệu đồng/hộ*."""
    money, slash, each = unit.partition("/")
    return bool(slash and fold(each)) and (
        matcher.money_scale(money) is not None and matcher.money_scale(each) is None
    )


def _unclear_header(column: HeaderColumn, matcher: HeaderMatcher) -> str | None:
    """Say that a money column's own header names a unit that is not understood; a remark in it is no unit."""
    text = strip_marks(column.text)
    for unit in (*_PARENTHESIS.findall(text), *_AFTER_MARK.findall(text)):
        is_understood = matcher.money_scale(unit) is not None
        if _is_rate(unit, matcher) or (_LIKE_MONEY.match(unit) and not is_understood):
            return f"tiêu đề cột {column_name(column.index)} ghi “{column.text}”"
    return None


def _told(title: TitleText) -> str:
    return f"ô {title.cell} ghi “{title.text}”"
