"""How much sense a word makes, as Vietnamese or as a name of the highlands, taken as Unicode."""

import re
from enum import IntEnum
from functools import lru_cache

from ingest.text.syllables import (
    is_highland_word,
    is_known_abbreviation,
    is_syllable,
    is_unlikely_word,
    resembles_syllable,
)

# Where one name ends and the next begins in EaBông, YBông, HBông.
_JOINED_NAMES = re.compile("(?<=[^\\WA-Z])(?=[A-ZĐ])|(?<=^[HY])(?=[A-ZĐ][^A-ZĐ]+$)")
_NAME_PREFIXES = ("H", "Y")
_CONSONANTS = re.compile("[bcdđfghjklmnpqrstvwxz]+")  # trđ, ĐVT
_ACRONYM = re.compile("[a-zăâđêôơư]{2,6}")


class Sense(IntEnum):
    """How much sense a word makes."""

    NONE = 0
    NEUTRAL = 1  # an abbreviation: ĐVT, trđ
    GOOD = 2


@lru_cache(maxsize=65_536)
def sense_of_words(word: str, *, is_strict: bool) -> Sense:
    """Judge one word, or several written together as in ``EaBông``, in Unicode."""
    sense = _sense_of_word(word, is_strict=is_strict)
    parts = _JOINED_NAMES.split(word)
    if sense is not Sense.NONE or len(parts) == 1:
        return sense
    is_sensible = all(
        part in _NAME_PREFIXES or (len(part) > 1 and _sense_of_word(part, is_strict=is_strict) is Sense.GOOD)
        for part in parts
    )
    return Sense.GOOD if is_sensible else Sense.NONE


def _sense_of_word(word: str, *, is_strict: bool) -> Sense:
    small = word.lower()
    if is_unlikely_word(word) or word not in (small, word.upper(), small[0].upper() + small[1:]):
        return Sense.NONE
    if is_syllable(small) or is_highland_word(small) or is_known_abbreviation(word):
        return Sense.GOOD
    if not is_strict and resembles_syllable(small):
        return Sense.GOOD
    is_abbreviation = _CONSONANTS.fullmatch(small) is not None or (
        is_strict and word.isupper() and _ACRONYM.fullmatch(small) is not None
    )
    return Sense.NEUTRAL if is_abbreviation else Sense.NONE
