"""In which encoding a delimited text was written.

Text says nothing of its encoding, so it is decided by what makes sense: UTF-8 where the bytes are UTF-8, and else
Windows-1258, the bytes of TCVN3 or VNI, or UTF-8 with broken places, whichever gives more Vietnamese words. A file has one encoding throughout; the
legacy text that a good encoding carries, cell by cell, is for ``repair``.
"""

import codecs
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest.text.legacy.encodings import decode_legacy
from ingest.text.legacy.letters import legacy_encoding_names
from ingest.text.syllables import is_highland_word, is_syllable

UTF_16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_WORD = re.compile(r"[^\W\d_]+")
_FIELD = re.compile(r"[^,;\t\r\n\"]+")
_MOST_BYTES_WEIGHED = 1 << 18
_CHUNK_BYTES = 1 << 16
_AS_LATIN_1 = "bytes-of-latin-1"


def _take_byte_as_latin_1(error: UnicodeError) -> tuple[str, int]:
    """Read the five bytes that Windows-1252 leaves open as Latin-1 does."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("latin-1"), error.end


codecs.register_error(_AS_LATIN_1, _take_byte_as_latin_1)


@dataclass(frozen=True, slots=True)
class TextEncoding:
    """How a delimited text is decoded.

    Attributes:
        codec: Python's name of the encoding.
        errors: what becomes of bytes that the encoding does not know.
        legacy: TCVN3 or VNI, which each field is in after decoding; None for all others.
    """

    codec: str
    errors: str = "replace"
    legacy: str | None = None

    def lines(self, decoded: Iterable[str]) -> Iterator[str]:
        """Give lines that were decoded as what they mean."""
        if self.legacy is None:
            return iter(decoded)
        return (_decode_fields(line, self.legacy) for line in decoded)


def decode_text(content: bytes) -> str | None:
    """Give a text, or None when it is in no encoding that branches use.

    Args:
        content: a whole file, with or without a byte-order mark.
    """
    try:
        return content.decode(_codec_with_marks(content))
    except UnicodeDecodeError:
        pass
    encoding = _weigh(content[:_MOST_BYTES_WEIGHED])
    if encoding.legacy is not None:
        return _decode_fields(content.decode(encoding.codec, encoding.errors), encoding.legacy)
    try:
        return content.decode(encoding.codec, "strict" if encoding.codec == "cp1258" else "replace")
    except UnicodeDecodeError:
        return None


def encoding_of_file(path: Path) -> TextEncoding:
    """Find the encoding of a file of any size, without ever holding more than a part of it.

    It is decided by lines with something beyond ASCII, wherever in the file they stand.
    """
    with path.open("rb") as file:
        codec = _codec_with_marks(file.read(len(codecs.BOM_UTF8)))
    try:
        with path.open(encoding=codec) as text:
            while text.read(_CHUNK_BYTES):
                pass
    except UnicodeDecodeError:
        return _weigh(_lines_beyond_ascii(path))
    return TextEncoding(codec)


def encoding_of_start(content: bytes) -> TextEncoding:
    """Find the encoding of a file by its first bytes, the last letter of which may be cut."""
    codec = _codec_with_marks(content)
    try:
        codecs.getincrementaldecoder(codec)().decode(content)
    except UnicodeDecodeError:
        return _weigh(content)
    return TextEncoding(codec)


def _codec_with_marks(start: bytes) -> str:
    return "utf-16" if start.startswith(UTF_16_MARKS) else "utf-8-sig"


def _lines_beyond_ascii(path: Path) -> bytes:
    """Give the first lines, or parts of very long ones, that have something beyond ASCII."""
    found = bytearray()
    with path.open("rb") as file:
        while len(found) < _MOST_BYTES_WEIGHED and (line := file.readline(_CHUNK_BYTES)):
            if not line.isascii():
                found += line
    return bytes(found)


def _weigh(content: bytes) -> TextEncoding:
    """Give the encoding in which most words are Vietnamese, for bytes that are no UTF-8 throughout."""
    as_latin = content.decode("cp1252", _AS_LATIN_1)
    readings = {
        TextEncoding("cp1258"): content.decode("cp1258", errors="replace"),
        TextEncoding("utf-8-sig"): content.decode("utf-8-sig", errors="replace"),
        **{
            TextEncoding("cp1252", _AS_LATIN_1, name): _decode_fields(as_latin, name)
            for name in legacy_encoding_names()
        },
    }
    return max(readings, key=lambda encoding: _sense_of_words(readings[encoding]))  # the first of equals


def _decode_fields(text: str, encoding_name: str) -> str:
    if text.isascii():
        return text
    return _FIELD.sub(lambda field: decode_legacy(field[0], encoding_name), text)


def share_of_words(text: str) -> float:
    """Give the share of words with a letter beyond ASCII that are Vietnamese, 0 without any."""
    return _sense_of_words(text)[0]


def _sense_of_words(text: str) -> tuple[float, int]:
    """Give the share of words that are Vietnamese, and their number: a sign that is no letter hides a word."""
    words = {word.lower() for word in _WORD.findall(unicodedata.normalize("NFC", text)) if not word.isascii()}
    good = sum(is_syllable(word) or is_highland_word(word) for word in words)
    return (good / len(words) if words else 0.0), good
