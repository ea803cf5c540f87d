"""Vietnamese text made comparable.

Two foldings, and no other in the project: ``fold`` for whole values (choices, headers), ``words`` for looking for a
name inside a longer text. What looks alike is one letter in both (``look_alikes``). dbt's macro ``fold`` does the same in
SQL; a test holds the two together. Text that is stored is only ever normalised to NFC, never folded.
"""

import re
import unicodedata
from functools import lru_cache

from ingest.text.look_alikes import one_letter

_COMBINING = re.compile(r"[\u0300-\u036f]+")
_NOT_ALPHANUMERIC = re.compile(r"[^a-z0-9]+")
_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[0-9]+")
_D_WITH_STROKE = str.maketrans("đĐ", "dD")


def compose(text: str) -> str:
    """Give the NFC form of a text without surrounding blanks."""
    return unicodedata.normalize("NFC", text).strip()


@lru_cache(maxsize=65_536)
def strip_marks(text: str) -> str:
    """Take off tone and vowel marks and the stroke of đ; case stays: ``Đắk Lắk`` → ``Dak Lak``."""
    return one_letter(_COMBINING.sub("", unicodedata.normalize("NFD", text))).translate(_D_WITH_STROKE)


@lru_cache(maxsize=65_536)
def fold(text: str) -> str:
    """Give what is left of a text without marks, case, blanks and punctuation: ``Quảng Điền`` → ``quangdien``."""
    return _NOT_ALPHANUMERIC.sub("", strip_marks(text).lower())


def words(text: str) -> list[str]:
    """Split a text into folded words and numbers: ``BC 6T - EaBông`` → ``['bc', '6', 't', 'ea', 'bong']``."""
    return [word.lower() for word in _WORD.findall(strip_marks(text))]
