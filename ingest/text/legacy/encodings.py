"""Text in the legacy encodings TCVN3 and VNI made Unicode, one cell at a time.

Such text looks like Latin-1 and is Vietnamese only under its font. The font of the cell decides where it is known;
elsewhere a text is converted only when it makes no sense as it stands and makes sense under exactly one encoding. In
doubt it is left alone. Letters and fonts are those of ``legacy_letters``; which font a cell has, the notes of ``packages`` tell.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable
from functools import lru_cache

from ingest.text.legacy.letters import LegacyEncoding, encodings, legacy_font
from ingest.text.legacy.word_sense import Sense, sense_of_words
from ingest.text.syllables import (
    is_frequent_word,
    strip_tones,
)

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
_LONGEST_WORD = 24
_LONGEST_REMEMBERED, _MOST_REMEMBERED = 24, 20_000
_SENSIBLE: set[str] = set()


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
    encoding = encodings()[font.encoding]
    if _is_rather_unicode(text, encoding):
        return text
    return encoding.decode(text).upper() if font.has_only_capitals else _decode(text, encoding)


def decode_legacy(text: str, encoding_name: str) -> str:
    """Give a text that is known to be in an encoding in Unicode, NFC.

    Args:
        text: one cell, each byte as the character that Windows shows for it.
        encoding_name: ``tcvn3`` or ``vni``.
    """
    return text if text.isascii() else _decode(text, encodings()[encoding_name])


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
    if any(_sense_as_it_stands(token) is Sense.NONE for token in tokens if not token.isascii()):
        return False
    if len(_SENSIBLE) < _MOST_REMEMBERED:
        _SENSIBLE.update(text for text in different if len(text) <= _LONGEST_REMEMBERED)
    return True


def _reading_by_evidence(text: str) -> str | None:
    """Give the only sensible reading of an NFC text without Unicode-only letters, None to leave it as it is."""
    tokens = {token for token in _TOKEN.findall(text) if not token.isascii()}
    senseless = {token for token in tokens if _sense_as_it_stands(token) is Sense.NONE}
    if not senseless:
        return None
    possible = [
        encoding
        for encoding in encodings().values()
        if all(_sense_read(token, encoding.name) is not Sense.NONE for token in tokens)
    ]
    if len(possible) != 1 or not any(
        _sense_read(token, possible[0].name) is Sense.GOOD for token in senseless
    ):
        return None
    return _decode(text, possible[0])


def _is_rather_unicode(text: str, encoding: LegacyEncoding) -> bool:
    """Whether a text in a legacy font was typed in Unicode.

    It was when it makes sense as it is and none in the font's encoding, or frequent words as it is and others in it.
    """
    tokens = {token for token in _TOKEN.findall(text) if not token.isascii()}
    if any(_sense_as_it_stands(token) is Sense.NONE for token in tokens):
        return False
    if any(_sense_read(token, encoding.name) is Sense.NONE for token in tokens):
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


def _sense_as_it_stands(token: str) -> Sense:
    """Judge a word taken as Unicode, kindly: what might be meant so is not to be converted."""
    if len(token) > _LONGEST_WORD:
        return Sense.NONE
    if _HAS_SIGN.search(token):
        is_ornament = len(set(token)) == 1 and not _HAS_LETTER.search(token)
        return Sense.NEUTRAL if is_ornament else Sense.NONE
    return sense_of_words(token, is_strict=False)


@lru_cache(maxsize=65_536)
def _sense_read(token: str, encoding_name: str) -> Sense:
    """Judge a word read in an encoding, strictly."""
    encoding = encodings()[encoding_name]
    decoded = encoding.decode(token)
    is_lone_sign = len(token) == 1 and _HAS_SIGN.search(token) is not None
    if len(token) > _LONGEST_WORD or not encoding.knows(token) or _HAS_SIGN.search(decoded):
        return Sense.NEUTRAL if is_lone_sign else Sense.NONE
    if encoding.is_caseless:
        decoded = _with_case_of_neighbours(decoded)
    return max(sense_of_words(decoded, is_strict=True), Sense.NEUTRAL if is_lone_sign else Sense.NONE)
