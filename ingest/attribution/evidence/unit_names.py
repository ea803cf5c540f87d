"""Which units a text names: titles, cells, headings and names of files."""

import re
from collections.abc import Sequence

from ingest.contracts.reference import UPPER_LEVELS, Reference
from ingest.text.folding import words

_GLUED_BEFORE = re.compile(r"(?:bc|baocao|bieu|bm|hoi|hoilhpn|hlhpn|lhpn|hpn|pn|bch|xa|x|tt|thitran)+")
_LEVEL_WORDS = {
    ("huyen",): frozenset({"district"}),
    ("h",): frozenset({"district"}),
    ("xa",): frozenset({"commune"}),
    ("x",): frozenset({"commune"}),
    ("thi", "tran"): frozenset({"township"}),
    ("tt",): frozenset({"township"}),
    ("tinh",): frozenset({"province"}),
}
_LONGEST_NAME = 8
_LEVEL_BEFORE = frozenset({"xa", "tt", "tran"})
_BEFORE_A_NAME = _LEVEL_BEFORE | frozenset(
    [
        "i",
        "ii",
        "iii",
        "iv",
        "v",
        "vi",
        "vii",
        "viii",
        "ix",
        "x",
        "bch",
        "ban",
        "chap",
        "hanh",
        "hoi",
        "lhpn",
        "lien",
        "hiep",
        "phu",
        "nu",
        "pn",
        "don",
        "vi",
        "thi",
        "cua",
    ]
)


def units_named(text: str, reference: Reference) -> frozenset[str]:
    """Give the units that a cell or heading names.

    A name must be all that there is, or stand after *xã* or *thị trấn*: the village *Buôn Ea Na* is no commune.
    """
    parts = words(text)
    bare = parts
    while bare and bare[0] in _BEFORE_A_NAME:
        bare = bare[1:]
    keys = reference.spellings.get("".join(parts)) or reference.spellings.get("".join(bare)) or frozenset()
    return keys or (
        lowest_units_named(parts, reference) if _LEVEL_BEFORE.intersection(parts) else frozenset()
    )


def names_lower_unit(text: str, reference: Reference) -> bool:
    """Whether a text names a commune or another unit that reports."""
    return are_lower(units_named(text, reference) or lowest_units_named(words(text), reference), reference)


def names_upper_unit(text: str, reference: Reference) -> bool:
    """Whether a text names a district or province, and nothing that reports."""
    return are_upper(units_named(text, reference) or lowest_units_named(words(text), reference), reference)


def lowest_units_named(parts: Sequence[str], reference: Reference) -> frozenset[str]:
    """Find the lowest units that a text names; a longer name hides a shorter one inside it.

    A name that a district and a commune share (*Krông Ana*) stands for both until the period is known.
    """
    named: list[frozenset[str]] = []
    start = 0
    while start < len(parts):
        for length in range(min(_LONGEST_NAME, len(parts) - start), 0, -1):
            keys = reference.spellings.get("".join(parts[start : start + length]))
            if keys:
                named.append(_of_level(keys, parts[:start], reference))
                start += length - 1
                break
        start += 1
    if not named:
        named = [keys for part in parts if (keys := _glued(part, reference))]
    lower = [keys for keys in named if are_lower(keys, reference)]
    shared = [keys for keys in named if not are_upper(keys, reference)]
    return frozenset().union(*(lower or shared or named))


def _glued(word: str, reference: Reference) -> frozenset[str]:
    """Give the units of a name that is typed in one word with what stands before it: ``hoilhpnxaeabong``."""
    for length in range(len(word) - 1, 3, -1):
        keys = reference.spellings.get(word[-length:])
        if keys and _GLUED_BEFORE.fullmatch(word[:-length]):
            return keys
    return frozenset()


def _of_level(keys: frozenset[str], before: Sequence[str], reference: Reference) -> frozenset[str]:
    """Keep the units of the level that the words before a name tell: *huyện* Krông Ana is not *xã* Krông Ana."""
    for level_words, levels in _LEVEL_WORDS.items():
        if tuple(before[-len(level_words) :]) == level_words:
            return frozenset(key for key in keys if reference.units[key].unit_level in levels) or keys
    return keys


def are_lower(keys: frozenset[str], reference: Reference) -> bool:
    """Whether units are named, and all of them report."""
    return bool(keys) and not any(reference.units[key].unit_level in UPPER_LEVELS for key in keys)


def are_upper(keys: frozenset[str], reference: Reference) -> bool:
    """Whether units are named, and none of them reports."""
    return bool(keys) and all(reference.units[key].unit_level in UPPER_LEVELS for key in keys)
