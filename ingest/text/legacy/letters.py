"""The letters of the legacy encodings TCVN3 and VNI, and the fonts that go with them.

The tables are data in ``vocabulary/legacy_encodings.yml``.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from ingest.home import VOCABULARY

TCVN3 = "tcvn3"
VNI = "vni"
_MOST_FONT_NAME = 200


@dataclass(frozen=True, slots=True)
class LegacyFont:
    """What a font's name says of the text set in it.

    Attributes:
        encoding: ``tcvn3`` or ``vni``.
        has_only_capitals: whether small letters, too, are drawn as capitals.
    """

    encoding: str
    has_only_capitals: bool


@dataclass(frozen=True, slots=True)
class LegacyEncoding:
    """One encoding: what its characters mean and which fonts go with it.

    Attributes:
        font_names: beginnings of font names, in small letters.
        capitals_font_ending: how the name of a font of capitals ends, or None.
        letters: from one or two surface characters to one letter.
        surface: matches what ``letters`` holds, the longest first.
        unknown: matches a letter that the encoding cannot have, once the known ones are taken out.
        is_caseless: whether letters with a tone have one code for both cases.
    """

    name: str
    font_names: tuple[str, ...]
    capitals_font_ending: str | None
    letters: Mapping[str, str]
    surface: re.Pattern[str]
    unknown: re.Pattern[str]
    is_caseless: bool

    def decode(self, text: str) -> str:
        """Give the meaning of a text in this encoding, NFC; what it does not know stays."""
        letters = self.letters
        return unicodedata.normalize("NFC", self.surface.sub(lambda match: letters[match[0]], text))

    def knows(self, text: str) -> bool:
        """Whether every letter of the text is one of this encoding's."""
        return self.unknown.search(self.surface.sub("", text)) is None


def legacy_font(font_name: str | None) -> LegacyFont | None:
    """Tell which encoding text in a font is in; None for every other font.

    Args:
        font_name: as the file gives it: ``.VnTime``, ``.VnTimeH`` (capitals), ``VNI-Times``, ``'.VnArial', sans-serif``.
    """
    if not font_name or len(font_name) > _MOST_FONT_NAME:
        return None
    name = font_name.split(",")[0].strip(" '\"").lower()
    for encoding in encodings().values():
        if name.startswith(encoding.font_names):
            ending = encoding.capitals_font_ending
            return LegacyFont(encoding.name, ending is not None and name.split(" bold")[0].endswith(ending))
    return None


def font_name_beginnings() -> tuple[str, ...]:
    """Give the beginnings of the names of all legacy fonts, in small letters."""
    return tuple(name for encoding in encodings().values() for name in encoding.font_names)


def legacy_encoding_names() -> tuple[str, ...]:
    """Give the names of the encodings."""
    return tuple(encodings())


def load_encodings(vocabulary: Path = VOCABULARY) -> tuple[LegacyEncoding, ...]:
    """Read the encodings.

    Args:
        vocabulary: the folder that holds ``legacy_encodings.yml``.
    """
    told: Mapping[str, Any] = yaml.safe_load(
        (vocabulary / "legacy_encodings.yml").read_text(encoding="utf-8")
    )
    return _tcvn3(told[TCVN3]), _vni(told[VNI])


@cache
def encodings() -> Mapping[str, LegacyEncoding]:
    """Give the encodings by name."""
    return {encoding.name: encoding for encoding in load_encodings()}


def _tcvn3(told: Mapping[str, Any]) -> LegacyEncoding:
    letters = {
        chr(int(row, 16) * 16 + column): letter
        for row, row_letters in told["rows"].items()
        for column, letter in enumerate(row_letters)
        if letter != "·"
    }
    return _encoding(TCVN3, told, letters, is_caseless=True)


def _vni(told: Mapping[str, Any]) -> LegacyEncoding:
    letters: dict[str, str] = {}
    for surface, letter in told["letters"].items():
        letters |= {surface: letter, surface.upper(): letter.upper()}
    for base, marks in told["marks"].items():
        for mark, letter in marks.items():
            letters[base + mark] = letter
            letters[base.upper() + mark.upper()] = letters[base.upper() + mark] = letter.upper()
    return _encoding(VNI, told, letters, is_caseless=False)


def _encoding(
    name: str, told: Mapping[str, Any], letters: Mapping[str, str], *, is_caseless: bool
) -> LegacyEncoding:
    longest_first = sorted(letters, key=len, reverse=True)
    return LegacyEncoding(
        name=name,
        font_names=tuple(told["fonts"]),
        capitals_font_ending=told.get("capitals_font_ending"),
        letters=letters,
        surface=re.compile("|".join(map(re.escape, longest_first))),
        unknown=re.compile("[\xc0-\xd6\xd8-\xf6\xf8-\xff\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192]"),
        is_caseless=is_caseless,
    )
