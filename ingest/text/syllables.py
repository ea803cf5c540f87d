"""Whether a written word can be a Vietnamese syllable.

A compact grammar, its parts being data in ``vocabulary/syllables.yml``: onset, rime, tone and where the tone stands. It
serves one question only, in which encoding a text makes sense; it is never used to refuse what somebody wrote.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml

from ingest.home import VOCABULARY
from ingest.text.look_alikes import one_letter

_TONES = "\u0300\u0301\u0303\u0309\u0323"  # grave, acute, tilde, hook above, dot below
_TONE = re.compile(f"[{_TONES}]")
_TONES_OF_STOPS = "\u0301\u0323"
_VOWELS = "aăâeêioôơuưy"
_GLIDE = re.compile("[aăâeêioôơuư][iou]$|[aăâeêioôơư]y$")
_SHAPED_VOWELS = "ăâêôơư"


@dataclass(frozen=True, slots=True)
class SyllableGrammar:
    """The parts of a syllable, as ``vocabulary/syllables.yml`` says; all in small letters without tone marks."""

    onsets: tuple[str, ...]
    front_onsets: frozenset[str]
    back_onsets: frozenset[str]
    onsets_before_y: frozenset[str]
    onsets_before_y_and_more: frozenset[str]
    rimes: frozenset[str]
    either_vowel: frozenset[str]
    stops: tuple[str, ...]
    highland: re.Pattern[str]
    unlikely: frozenset[str]
    abbreviations: frozenset[str]
    frequent: frozenset[str]


@lru_cache(maxsize=65_536)
def is_syllable(word: str) -> bool:
    """Whether a word in small NFC letters is one syllable written by the rules, tone mark included."""
    grammar = _grammar()
    bare, tone, tone_at = _take_tone(word)
    if bare is None:
        return False
    for onset in grammar.onsets:
        if bare.startswith(onset):
            rime = bare[len(onset) :]
            if (
                rime in grammar.rimes
                and _may_follow(grammar, onset, rime)
                and _may_stand(grammar, rime, tone, tone_at - len(onset))
            ):
                return True
    return False


@lru_cache(maxsize=65_536)
def resembles_syllable(word: str) -> bool:
    """Whether a word in small NFC letters could be meant as one syllable.

    Spelling slips are let pass: any onset before any rime, any tone on almost any vowel, and the onset ñ of the highland
    languages. Nobody puts a tone on a closing i, o, u or y, though (giaù): that is VNI. The eth of old keyboards is a đ.
    """
    grammar = _grammar()
    bare, tone, tone_at = _take_tone(one_letter(word))
    if bare is None or (tone and _GLIDE.search(bare) and tone_at == len(bare) - 1):
        return False
    return any(
        bare.startswith(onset) and bare[len(onset) :] in grammar.rimes for onset in (*grammar.onsets, "ñ")
    )


@lru_cache(maxsize=65_536)
def is_highland_word(word: str) -> bool:
    """Whether a word in small NFC letters can be of a highland name: ``niê``, ``mlô``, ``kbuôr``, ``adrênh``."""
    return _grammar().highland.fullmatch(word) is not None


def is_unlikely_word(word: str) -> bool:
    """Whether a word in NFC letters, its case included, is one that the rules allow and nobody means."""
    return word in _grammar().unlikely


def is_known_abbreviation(word: str) -> bool:
    """Whether a word in NFC letters is an abbreviation in capitals that stands in many forms: ``ĐVT``."""
    return word in _grammar().abbreviations


def is_frequent_word(word: str) -> bool:
    """Whether a word in small NFC letters is one of the frequent ones."""
    return word in _grammar().frequent


@lru_cache(maxsize=65_536)
def strip_tones(word: str) -> str:
    """Take off tone marks only; the shapes of vowels stay: ``điền`` → ``điên``."""
    return unicodedata.normalize("NFC", _TONE.sub("", unicodedata.normalize("NFD", word)))


def load_grammar(vocabulary: Path = VOCABULARY) -> SyllableGrammar:
    """Read the grammar.

    Args:
        vocabulary: the folder that holds ``syllables.yml``.
    """
    told: Mapping[str, Any] = yaml.safe_load((vocabulary / "syllables.yml").read_text(encoding="utf-8"))
    parts = told["highland"]
    return SyllableGrammar(
        onsets=("", *told["onsets"]),
        front_onsets=frozenset(told["onsets_before_i_e_ê_y_only"]),
        back_onsets=frozenset(told["onsets_never_before_i_e_ê_y"]),
        onsets_before_y=frozenset(told["onsets_before_y_alone"]),
        onsets_before_y_and_more=frozenset(told["onsets_before_y_and_more"]),
        rimes=frozenset(told["rimes"].split()),
        either_vowel=frozenset(told["either_vowel"]),
        stops=tuple(told["stops"]),
        highland=re.compile(
            f"{'|'.join(parts['words'])}|(?:(?:{parts['prefix']})?(?:{parts['onset']})|"
            f"{parts['prefix_instead_of_onset']})(?:{parts['nucleus']})(?:{parts['coda']})?"
        ),
        unlikely=frozenset(told["unlikely"]),
        abbreviations=frozenset(told["abbreviations"]),
        frequent=frozenset(told["frequent"].split()),
    )


@cache
def _grammar() -> SyllableGrammar:
    return load_grammar()


@lru_cache(maxsize=65_536)
def _take_tone(word: str) -> tuple[str | None, str, int]:
    """Give the word without its tone mark, the mark, and the index of the letter that bore it (-1: none).

    The word is None when there is more than one mark.
    """
    bare, tone, tone_at = [], "", -1
    for index, letter in enumerate(word):
        stripped = strip_tones(letter)
        bare.append(stripped)
        if stripped != letter:
            if tone:
                return None, "", -1
            tone = _TONE.findall(unicodedata.normalize("NFD", letter))[0]
            tone_at = index
    return "".join(bare), tone, tone_at


def _may_follow(grammar: SyllableGrammar, onset: str, rime: str) -> bool:
    is_front = rime[0] in "ieêy"
    if onset == "g" and rime[0] == "i":
        return rime != "ia"  # gì, gìn, giết share one i; già has the onset gi
    if rime[0] == "y" and onset not in (
        grammar.onsets_before_y if rime == "y" else grammar.onsets_before_y_and_more
    ):
        return False
    if onset in grammar.front_onsets:
        return is_front
    return not (is_front and onset in grammar.back_onsets)


def _may_stand(grammar: SyllableGrammar, rime: str, tone: str, tone_at: int) -> bool:
    """Whether the tone is one that the rime can have, and stands on the letter that bears it."""
    if rime.endswith(grammar.stops) and (not tone or tone not in _TONES_OF_STOPS):
        return False
    if not tone:
        return True
    vowels = [index for index, letter in enumerate(rime) if letter in _VOWELS]
    shaped = [index for index in vowels if rime[index] in _SHAPED_VOWELS]
    if shaped:
        return tone_at == shaped[-1]
    if rime in grammar.either_vowel:
        return tone_at in vowels
    if len(vowels) == 1:
        return tone_at == vowels[0]
    has_coda = vowels[-1] != len(rime) - 1
    return tone_at == vowels[1 if has_coda or len(vowels) == 3 else 0]
