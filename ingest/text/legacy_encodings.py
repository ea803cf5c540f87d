"""Text in the legacy encodings TCVN3 and VNI made Unicode, one cell at a time.

Such text looks like Latin-1 and is Vietnamese only under its font. The font of the cell decides where it is known;
elsewhere a text is converted only when it makes no sense as it stands and makes sense under exactly one encoding. In
doubt it is left alone. The tables are data in ``vocabulary/legacy_encodings.yml``; which font a cell has, the notes of ``packages`` tell.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml

from ingest.home import VOCABULARY
from ingest.text.syllables import (
    is_frequent_word,
    is_highland_word,
    is_known_abbreviation,
    is_syllable,
    is_unlikely_word,
    resembles_syllable,
    strip_tones,
)

TCVN3 = "tcvn3"
VNI = "vni"

# Letters and combining marks that no legacy text has: all beyond Latin-1 but those of Windows-1252.
_UNICODE_ONLY = (
    "\u0100-\u0151\u0154-\u015f\u0162-\u0177\u0179-\u017c\u017f-\u0191\u0193-\u02c5\u02c7-\u02db\u02dd-\u1fff"
    "\u2c00-\U0010ffff"
)
_HAS_UNICODE_ONLY = re.compile(f"[{_UNICODE_ONLY}]")
# A whole text of a list joined by NUL that has something beyond ASCII and nothing that only Unicode has.
_DOUBTFUL = re.compile(
    f"(?<![^\0])(?>[^\0\xa1-\xff{_UNICODE_ONLY}]*)[\xa1-\xff](?>[^\0{_UNICODE_ONLY}]*)(?![^\0])"
)

# Signs that TCVN3 uses for letters, and whatever else may stand inside a word of legacy text.
_SIGNS = "\xa1-\xa9\xab-\xae\xb6-\xb9\xbb-\xbe\xd7\xf7"
_TOKEN = re.compile(f"[A-Za-z{_SIGNS}\xaa\xb5\xba\xc0-\xff\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192]+")
_HAS_SIGN = re.compile(f"[{_SIGNS}\xaa\xb5\xba]")
_HAS_LETTER = re.compile("[A-Za-z\xc0-\xd6\xd8-\xf6\xf8-\xff]")
_WORD = re.compile(r"[^\W\d_]+")
# Where one name ends and the next begins in EaBông, YBông, HBông.
_JOINED_NAMES = re.compile("(?<=[^\\WA-Z])(?=[A-ZĐ])|(?<=^[HY])(?=[A-ZĐ][^A-ZĐ]+$)")
_NAME_PREFIXES = ("H", "Y")

_CONSONANTS = re.compile("[bcdđfghjklmnpqrstvwxz]+")  # trđ, ĐVT
_ACRONYM = re.compile("[a-zăâđêôơư]{2,6}")
_LONGEST_WORD = 24
_LONGEST_REMEMBERED, _MOST_REMEMBERED = 24, 20_000
_SENSIBLE: set[str] = set()
_MOST_FONT_NAME = 200


class _Sense(IntEnum):
    """How much sense a word makes."""

    NONE = 0
    NEUTRAL = 1  # an abbreviation: ĐVT, trđ
    GOOD = 2


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
    for encoding in _encodings().values():
        if name.startswith(encoding.font_names):
            ending = encoding.capitals_font_ending
            return LegacyFont(encoding.name, ending is not None and name.split(" bold")[0].endswith(ending))
    return None


def font_name_beginnings() -> tuple[str, ...]:
    """Give the beginnings of the names of all legacy fonts, in small letters."""
    return tuple(name for encoding in _encodings().values() for name in encoding.font_names)


def repair(text: str, font_name: str | None) -> str:
    """Give a cell's text in Unicode, NFC.

    Good Unicode is never changed but for its normal form.

    Args:
        text: as read from the file.
        font_name: the font of the cell, or None where it is not known or of no account.
    """
    font = legacy_font(font_name)
    if text.isascii():
        return text.upper() if font and font.has_only_capitals else text
    text = unicodedata.normalize("NFC", text)
    if _HAS_UNICODE_ONLY.search(text):
        return text
    if font is None:
        reading = _reading_by_evidence(text)
        return text if reading is None else reading
    encoding = _encodings()[font.encoding]
    if _is_rather_unicode(text, encoding):
        return text
    return encoding.decode(text).upper() if font.has_only_capitals else _decode(text, encoding)


def legacy_encoding_names() -> tuple[str, ...]:
    """Give the names of the encodings."""
    return tuple(_encodings())


def decode_legacy(text: str, encoding_name: str) -> str:
    """Give a text that is known to be in an encoding in Unicode, NFC.

    Args:
        text: one cell, each byte as the character that Windows shows for it.
        encoding_name: ``tcvn3`` or ``vni``.
    """
    return text if text.isascii() else _decode(text, _encodings()[encoding_name])


def may_be_legacy(texts: Collection[str]) -> bool:
    """Whether ``repair`` would change any of the texts without knowing a font.

    Meant for the texts of a whole sheet at once, whose different words are few: where each of them makes sense as it
    stands, nothing more is looked at.
    """
    if _make_sense(" ".join(texts).split()):
        return False
    doubtful = set(_DOUBTFUL.findall(unicodedata.normalize("NFC", "\0".join(texts))))
    if _make_sense(doubtful):
        return False
    return any(_reading_by_evidence(text) is not None for text in doubtful)


def _make_sense(texts: Iterable[str]) -> bool:
    """Whether each word of some texts may stand as it is; words that were cut off by Unicode-only letters count.

    Words that do are remembered: a language has few, and most come again in every sheet.
    """
    different = {text for text in set(texts) - _SENSIBLE if not text.isascii()}
    tokens = set(_TOKEN.findall(unicodedata.normalize("NFC", " ".join(different))))
    if any(_sense_as_it_stands(token) is _Sense.NONE for token in tokens if not token.isascii()):
        return False
    if len(_SENSIBLE) < _MOST_REMEMBERED:
        _SENSIBLE.update(text for text in different if len(text) <= _LONGEST_REMEMBERED)
    return True


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
def _encodings() -> Mapping[str, LegacyEncoding]:
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


def _reading_by_evidence(text: str) -> str | None:
    """Give the only sensible reading of an NFC text without Unicode-only letters, None to leave it as it is."""
    tokens = {token for token in _TOKEN.findall(text) if not token.isascii()}
    senseless = {token for token in tokens if _sense_as_it_stands(token) is _Sense.NONE}
    if not senseless:
        return None
    possible = [
        encoding
        for encoding in _encodings().values()
        if all(_sense_read(token, encoding.name) is not _Sense.NONE for token in tokens)
    ]
    if len(possible) != 1 or not any(
        _sense_read(token, possible[0].name) is _Sense.GOOD for token in senseless
    ):
        return None
    return _decode(text, possible[0])


def _is_rather_unicode(text: str, encoding: LegacyEncoding) -> bool:
    """Whether a text in a legacy font was typed in Unicode.

    It was when it makes sense as it is and none in the font's encoding, or frequent words as it is and others in it.
    """
    tokens = {token for token in _TOKEN.findall(text) if not token.isascii()}
    if any(_sense_as_it_stands(token) is _Sense.NONE for token in tokens):
        return False
    if any(_sense_read(token, encoding.name) is _Sense.NONE for token in tokens):
        return True
    return all(is_frequent_word(token.lower()) for token in tokens) and not all(
        is_frequent_word(encoding.decode(token).lower()) for token in tokens
    )


def _decode(text: str, encoding: LegacyEncoding) -> str:
    """Decode a text, and give letters without a case of their own that of the words they stand in."""
    decoded = encoding.decode(text)
    if not encoding.is_caseless:
        return decoded
    cased = _WORD.sub(lambda word: _with_case_of_neighbours(word[0]), decoded)
    has_small_letter = any(letter.islower() and not _has_tone(letter) for letter in cased)
    return cased if cased == decoded or has_small_letter else cased.upper()


@lru_cache(maxsize=65_536)
def _with_case_of_neighbours(word: str) -> str:
    """Give a word in capitals if all its letters are but those with a tone, and that is no chance: ``HộI`` → ``HỘI``."""
    sure = [letter for letter in word if not _has_tone(letter)]
    is_in_capitals = all(letter.isupper() for letter in sure) and (
        len(sure) > 1 or (len(sure) == 1 and _has_tone(word[0]))
    )
    return word.upper() if is_in_capitals else word


def _has_tone(letter: str) -> bool:
    return strip_tones(letter) != letter


def _sense_as_it_stands(token: str) -> _Sense:
    """Judge a word taken as Unicode, kindly: what might be meant so is not to be converted."""
    if len(token) > _LONGEST_WORD:
        return _Sense.NONE
    if _HAS_SIGN.search(token):
        is_ornament = len(set(token)) == 1 and not _HAS_LETTER.search(token)
        return _Sense.NEUTRAL if is_ornament else _Sense.NONE
    return _sense_of_words(token, is_strict=False)


@lru_cache(maxsize=65_536)
def _sense_read(token: str, encoding_name: str) -> _Sense:
    """Judge a word read in an encoding, strictly."""
    encoding = _encodings()[encoding_name]
    decoded = encoding.decode(token)
    is_lone_sign = len(token) == 1 and _HAS_SIGN.search(token) is not None
    if len(token) > _LONGEST_WORD or not encoding.knows(token) or _HAS_SIGN.search(decoded):
        return _Sense.NEUTRAL if is_lone_sign else _Sense.NONE
    if encoding.is_caseless:
        decoded = _with_case_of_neighbours(decoded)
    return max(_sense_of_words(decoded, is_strict=True), _Sense.NEUTRAL if is_lone_sign else _Sense.NONE)


@lru_cache(maxsize=65_536)
def _sense_of_words(word: str, *, is_strict: bool) -> _Sense:
    """Judge one word, or several written together as in ``EaBông``, in Unicode."""
    sense = _sense_of_word(word, is_strict=is_strict)
    parts = _JOINED_NAMES.split(word)
    if sense is not _Sense.NONE or len(parts) == 1:
        return sense
    is_sensible = all(
        part in _NAME_PREFIXES or (len(part) > 1 and _sense_of_word(part, is_strict=is_strict) is _Sense.GOOD)
        for part in parts
    )
    return _Sense.GOOD if is_sensible else _Sense.NONE


def _sense_of_word(word: str, *, is_strict: bool) -> _Sense:
    small = word.lower()
    if is_unlikely_word(word) or word not in (small, word.upper(), small[0].upper() + small[1:]):
        return _Sense.NONE
    if is_syllable(small) or is_highland_word(small) or is_known_abbreviation(word):
        return _Sense.GOOD
    if not is_strict and resembles_syllable(small):
        return _Sense.GOOD
    is_abbreviation = _CONSONANTS.fullmatch(small) is not None or (
        is_strict and word.isupper() and _ACRONYM.fullmatch(small) is not None
    )
    return _Sense.NEUTRAL if is_abbreviation else _Sense.NONE
