"""In which encoding a delimited text was written.

Text says nothing of its encoding, so it is decided by what makes sense: UTF-8 where the bytes are UTF-8, and else
Windows-1258, the bytes of TCVN3 or VNI, or UTF-8 with broken places, whichever gives more Vietnamese words. A file has one encoding throughout; the
legacy text that a good encoding carries, cell by cell, is for ``repair``.
"""

import codecs
import re
import unicodedata

from ingest.legacy_text import decode_legacy, legacy_encoding_names
from ingest.syllables import is_highland_word, is_syllable

UTF_16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_WORD = re.compile(r"[^\W\d_]+")
_FIELD = re.compile(r"[^,;\t\r\n\"]+")
_MOST_BYTES_WEIGHED = 1 << 18


def decode_text(content: bytes) -> str | None:
    """Give a text, or None when it is in no encoding that branches use.

    Args:
        content: a whole file, with or without a byte-order mark.
    """
    with_marks = "utf-16" if content.startswith(UTF_16_MARKS) else "utf-8-sig"
    try:
        return content.decode(with_marks)
    except UnicodeDecodeError:
        pass
    start = content[:_MOST_BYTES_WEIGHED]
    as_latin = _as_latin(start)
    readings = {
        "cp1258": start.decode("cp1258", errors="replace"),
        "utf-8-sig": start.decode("utf-8-sig", errors="replace"),
        **{name: _decode_fields(as_latin, name) for name in legacy_encoding_names()},
    }
    best = max(readings, key=lambda name: share_of_words(readings[name]))  # the first of equals
    if best in legacy_encoding_names():
        return _decode_fields(_as_latin(content), best)
    try:
        return content.decode(best, errors="strict" if best == "cp1258" else "replace")
    except UnicodeDecodeError:
        return None


def _as_latin(content: bytes) -> str:
    """Give each byte the character that Windows shows for it, as files of legacy text come out of a workbook."""
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _decode_fields(text: str, encoding_name: str) -> str:
    return _FIELD.sub(lambda field: decode_legacy(field[0], encoding_name), text)


def share_of_words(text: str) -> float:
    """Give the share of words with a letter beyond ASCII that are Vietnamese, 0 without any."""
    words = {word.lower() for word in _WORD.findall(unicodedata.normalize("NFC", text)) if not word.isascii()}
    good = sum(is_syllable(word) or is_highland_word(word) for word in words)
    return good / len(words) if words else 0.0
