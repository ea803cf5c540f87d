"""Vietnamese written in the legacy encodings, as typists of the time left it.

The charts stand here a second time, in the order of printed charts (a letter, then grave, acute, hook, tilde, dot), so
that a slip in the project's tables cannot hide.
"""

import unicodedata
from collections.abc import Callable

from tests.ingest.return_files import encode_windows_1258

_TONES = "\u0300\u0301\u0309\u0303\u0323"
_TCVN3 = {
    "a": "µ¸¶·¹",
    "ă": "»¾¼½Æ",
    "â": "ÇÊÈÉË",
    "e": "ÌÐÎÏÑ",
    "ê": "ÒÕÓÔÖ",
    "i": "×ÝØÜÞ",
    "o": "ßãáâä",
    "ô": "åèæçé",
    "ơ": "êíëìî",
    "u": "ïóñòô",
    "ư": "õøö÷ù",
    "y": "úýûüþ",
}
_TCVN3_TONELESS = dict(zip("ăâêôơưđĂÂÊÔƠƯĐ", "¨©ª«¬\xad®¡¢£¤¥¦§", strict=True))
_VNI_BASES = {"ă": "a", "â": "a", "ê": "e", "ô": "o", "ơ": "ô", "ư": "ö"}
_VNI_TONES = "øùûõï"
_VNI_TONES_OVER_HAT = "àáåãä"
_VNI_TONES_OVER_BREVE = "èéúüë"
_VNI_I = "ìíæóò"


def in_tcvn3(text: str) -> str | None:
    """Write a text in TCVN3, None if it has a letter that the encoding has not; letters with a tone lose their case."""
    surface = dict(_TCVN3_TONELESS)
    for base, codes in _TCVN3.items():
        for tone, code in zip(_TONES, codes, strict=True):
            letter = unicodedata.normalize("NFC", base + tone)
            surface[letter] = surface[letter.upper()] = code
    return _written(text, surface)


def in_vni(text: str) -> str | None:
    """Write a text in VNI, None if it has a letter that the encoding has not."""
    surface = {"đ": "ñ", "ơ": "ô", "ư": "ö", "ă": "aê", "â": "aâ", "ê": "eâ", "ô": "oâ"}
    for base in "aăâeêioôơuưy":
        marks = _VNI_TONES
        if base in "âêô":
            marks = _VNI_TONES_OVER_HAT
        if base == "ă":
            marks = _VNI_TONES_OVER_BREVE
        for index, tone in enumerate(_TONES):
            letter = unicodedata.normalize("NFC", base + tone)
            surface[letter] = _VNI_I[index] if base == "i" else _VNI_BASES.get(base, base) + marks[index]
    surface["ỵ"] = "î"
    surface |= {letter.upper(): code.upper() for letter, code in surface.items()}
    return _written(text, surface)


def _written(text: str, surface: dict[str, str]) -> str | None:
    text = unicodedata.normalize("NFC", text)
    if any(letter not in surface and letter.isalpha() and not letter.isascii() for letter in text):
        return None
    return "".join(surface.get(letter, letter) for letter in text)


def _as_bytes(written: str | None) -> bytes:
    if written is None:
        raise ValueError("a letter that the encoding has not")
    return written.encode("latin-1")


WRITERS: dict[str, Callable[[str], bytes]] = {
    "utf-8": str.encode,
    "utf-8 with a mark": lambda text: text.encode("utf-8-sig"),
    "utf-16 with a mark": lambda text: text.encode("utf-16"),
    "windows-1258": encode_windows_1258,
    "tcvn3": lambda text: _as_bytes(in_tcvn3(text)),
    "vni": lambda text: _as_bytes(in_vni(text)),
}
"""A text as the bytes of a file, by encoding."""
