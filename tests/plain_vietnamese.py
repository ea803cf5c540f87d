"""What keeps a Vietnamese text from being plain: a word that the field does not use, a code, a slip of typing.

Words stand in ``words_not_to_say.yml``; any test of texts for people may ask here.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

WORDS = Path(__file__).with_name("words_not_to_say.yml")

_SLIPS = {
    "code of a half-year": re.compile(r"\d{4}H[12]"),
    "key of a unit": re.compile(r"\bU\d{3,}"),
    "name of a column": re.compile(r"[a-z]+_[a-z]+"),
    "double space": re.compile(r"  "),
    "space before a mark": re.compile(r" [,.;:?!]"),
    "quotation marks": re.compile(r"[\"„«»]"),
    # the tone stands on the first vowel of oa, oe, uy: hóa, khỏe, lũy
    "place of the tone": re.compile(r"o[àáảãạèéẻẽẹ]\b|(?<!q)u[ỳýỷỹỵ]\b", re.IGNORECASE),
}


@dataclass(frozen=True, slots=True)
class _Word:
    say: str
    pattern: re.Pattern[str]
    unless: tuple[str, ...]


def slips(text: str) -> list[str]:
    """Name what is wrong with a label or a sentence; nothing where it is plain."""
    found = [f"{name}: {text}" for name, pattern in _SLIPS.items() if pattern.search(text)]
    for word in _words():
        rest = text.casefold()
        for term in word.unless:
            rest = rest.replace(term.casefold(), "…")
        found += [f"{said} (say: {word.say}): {text}" for said in word.pattern.findall(rest)]
    return found


def slips_of_sentence(text: str, label: str) -> list[str]:
    """Name what is wrong with the sentence that explains a label."""
    if not text.strip():
        return [f"no sentence: {label}"]
    found = slips(text)
    if text.rstrip(".").casefold() == label.casefold():
        found.append(f"says its label: {text}")
    if not text.endswith("."):
        found.append(f"no full stop: {text}")
    if not text[0].isupper():
        found.append(f"no capital: {text}")
    return found


@cache
def _words() -> tuple[_Word, ...]:
    return tuple(
        _Word(
            row["say"],
            re.compile("|".join(rf"(?<!\w){re.escape(word.casefold())}(?!\w)" for word in row["never"])),
            tuple(row.get("unless", ())),
        )
        for row in yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    )
