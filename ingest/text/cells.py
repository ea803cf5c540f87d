"""Cells as text that says what it was.

``raw`` keeps every value as text next to one letter for its type, because SQL judges a true number or date otherwise
than a typed one, and a value that nobody may count otherwise than both. Work is done a column at a time with C-level ``map`` where the column allows it.
"""

import unicodedata
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

Cell = int | float | str | bool | time | date | datetime | timedelta


EMPTY_LETTER = "."


class SpoiltText(str):
    """A cell that is shown and holds no value that counts; what it shows, or what was typed."""

    __slots__ = ()


class ErrorText(SpoiltText):
    """An error instead of a value: ``#REF!``."""

    __slots__ = ()


class FormulaText(SpoiltText):
    """A formula whose result was not stored, as it was typed: ``=E7+E8``."""

    __slots__ = ()


class StruckText(SpoiltText):
    """A value that is struck out whole, between ``~~``."""

    __slots__ = ()

    @property
    def inside(self) -> str:
        """The value that is struck out."""
        return self.removeprefix("~~").removesuffix("~~")


class ScaledText(SpoiltText):
    """A number that is shown divided, in a way that does not fit its unit of measure: ``3500 (= 3500000)``."""

    __slots__ = ()


class HiddenText(SpoiltText):
    """A value in a hidden row that the table's total leaves out: ``(ẩn) 40``."""

    __slots__ = ()


_LETTERS: dict[type, str] = {
    str: "t",
    int: "n",
    float: "n",
    bool: "b",
    date: "d",
    datetime: "d",
    time: "d",
    timedelta: "n",
    ErrorText: "e",
    FormulaText: "f",
    StruckText: "s",
    ScaledText: "m",
    HiddenText: "h",
}
# As Excel shows them, and a program that writes .csv takes them over; LibreOffice numbers its own.
_ERRORS: frozenset[Cell] = frozenset(
    {"#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#GETTING_DATA", "#SPILL!", "#CALC!"}
    | {"#FIELD!", "#BLOCKED!", "#CONNECT!", "#BUSY!", "#UNKNOWN!", "#PYTHON!"}
    | {f"Err:{number}" for number in range(501, 541)}
)
_SIGNS_OF_SPOILT = ("#", "=", "~~", "Err:", "(ẩn)")
_BLANK_CHARACTERS = " \t\n\r\u00a0\u2007\u202f\u3000\u200b\u200c\u200d\u2060\ufeff"
_BLANK_CHARACTER_SET = frozenset(_BLANK_CHARACTERS)
_MIDNIGHT = time(0, 0)
_MOST_REMEMBERED_DATES = 8192


def _float_text(cell: float) -> str:
    return str(int(cell)) if cell.is_integer() else repr(cell)


def _datetime_text(cell: datetime) -> str:
    return cell.date().isoformat() if cell.time() == _MIDNIGHT else cell.isoformat(sep=" ")


_AS_TEXT: dict[type, Callable[[Any], str]] = {
    str: str,
    bool: {True: "true", False: "false"}.__getitem__,
    int: str,
    float: _float_text,
    datetime: _datetime_text,
    date: lru_cache(_MOST_REMEMBERED_DATES)(date.isoformat),
    time: time.isoformat,
    timedelta: str,
    ErrorText: str,
    FormulaText: str,
    StruckText: str,
    ScaledText: str,
    HiddenText: str,
}


def cell_text(cell: Cell) -> str:
    """Give a cell as text: numbers without a needless ``.0``, dates in ISO form, booleans as true and false."""
    return _AS_TEXT[type(cell)](cell)


def column_as_text(column: Sequence[Cell]) -> tuple[Sequence[str], str]:
    """Give n cells as NFC texts without surrounding blanks, and as n type letters; blank cells as ``""`` and ``.``."""
    try:
        texts, joined = _clean("\0".join(column), column)  # type: ignore[arg-type]  # TypeError unless all are str
        letters = _LETTERS[str] * len(column)
    except TypeError:
        kinds = set(map(type, column))
        if len(kinds) == 1:
            (kind,) = kinds
            return _texts_of_one_kind(column, kind), _LETTERS[kind] * len(column)
        texts = [_AS_TEXT[type(cell)](cell) for cell in column]
        texts, joined = _clean("\0".join(texts), texts)
        letters = "".join([_LETTERS[type(cell)] for cell in column])
    if "\0\0" in f"\0{joined}\0":
        letters = "".join(
            [letter if text else EMPTY_LETTER for text, letter in zip(texts, letters, strict=True)]
        )
    if any(sign in joined for sign in _SIGNS_OF_SPOILT):
        letters = "".join(
            [
                _LETTERS[type(cell)] if isinstance(cell, SpoiltText) else "e" if text in _ERRORS else letter
                for cell, text, letter in zip(column, texts, letters, strict=True)
            ]
        )
    return texts, letters


def _texts_of_one_kind(column: Sequence[Any], kind: type) -> Sequence[str]:
    """Give cells of one type that is not text; whole numbers, which are most, without a call a cell."""
    if kind is float and all(map(float.is_integer, column)):
        return list(map(str, map(int, column)))
    return list(map(_AS_TEXT[kind], column))


def clean_texts(texts: Sequence[str]) -> Sequence[str]:
    """Give texts as NFC without surrounding blanks; those that are clean already cost one look at them all."""
    return _clean("\0".join(texts), texts)[0]


def _clean(joined: str, texts: Sequence[str]) -> tuple[Sequence[str], str]:
    """Give texts that stand joined by NUL as NFC without surrounding blanks, and joined again."""
    if joined.count("\0") != len(texts) - 1:
        texts = [
            unicodedata.normalize("NFC", text).replace("\0", "").strip(_BLANK_CHARACTERS) for text in texts
        ]
        return texts, "\0".join(texts)
    if not joined.isascii() and not unicodedata.is_normalized("NFC", joined):
        joined = unicodedata.normalize("NFC", joined)
        texts = joined.split("\0")
    if _has_surrounding_blank(joined):
        texts = [text.strip(_BLANK_CHARACTERS) for text in texts]
        joined = "\0".join(texts)
    return texts, joined


def _has_surrounding_blank(joined: str) -> bool:
    """Whether any of the texts joined by NUL begins or ends with a blank; plain searches beat one pattern by far."""
    return (
        joined[:1] in _BLANK_CHARACTER_SET
        or joined[-1:] in _BLANK_CHARACTER_SET
        or any(
            f"\0{blank}" in joined or f"{blank}\0" in joined for blank in _BLANK_CHARACTERS if blank in joined
        )
    )


def is_blank(cell: Cell) -> bool:
    """Whether nothing is to be seen in a cell."""
    return isinstance(cell, str) and not (cell.strip() and cell.strip(_BLANK_CHARACTERS))


def is_error_text(text: str) -> bool:
    """Whether a text is an error as a spreadsheet program shows it."""
    return text in _ERRORS


def column_name(index: int) -> str:
    """Give a column's letters as a spreadsheet shows them: 0 → A, 26 → AA."""
    name = ""
    index += 1
    while index:
        index, remainder = divmod(index - 1, 26)
        name = chr(ord("A") + remainder) + name
    return name


def column_index(name: str) -> int:
    """Give a column's position from its letters: A → 0, AA → 26."""
    index = 0
    for letter in name:
        index = index * 26 + ord(letter) - ord("A") + 1
    return index - 1
