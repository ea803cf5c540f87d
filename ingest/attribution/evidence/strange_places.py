"""Districts and communes that a text names and that are none of ours.

*HUYỆN KRÔNG NĂNG* above *XÃ BÌNH HÒA* is as good evidence as a name that the reference data know: the commune of the same
name here is not meant. A name begins with a capital letter where a text has small ones too; a text in one case alone
says less, so words that begin no name stand in ``vocabulary/place_words.yml``.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from ingest.contracts.reference import UPPER_LEVELS, Reference
from ingest.home import VOCABULARY
from ingest.text.folding import compose, fold, strip_marks, words
from ingest.text.look_alikes import one_letter

_TOKEN = re.compile(r"[^\W\d_]+(?:['’‘`ʼ][^\W\d_]+)*")
_HUMP = re.compile(r"(?<=[^\W\d_A-Z])(?=[A-Z])")
_LONGEST_NAME = 4


class PlaceWords(BaseModel):
    """See ``vocabulary/place_words.yml``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    upper: tuple[str, ...]
    lower: tuple[str, ...]
    doubtful: tuple[str, ...]
    no_names: str
    ends: tuple[str, ...]
    passing_by: tuple[str, ...]
    before_neighbours: tuple[str, ...]

    @cached_property
    def levels(self) -> dict[tuple[str, bool], bool]:
        """Words of a level, also folded, and whether a dot must follow, to whether it is above ours."""
        return {
            (spelling, word.endswith(".")): is_upper
            for is_upper, level in ((True, self.upper), (False, self.lower))
            for word in level
            for spelling in (word.lower().rstrip("."), *(() if word in self.doubtful else (_folded(word),)))
        }

    @cached_property
    def not_first(self) -> frozenset[str]:
        """Words that begin no name."""
        return frozenset(self.no_names.split())

    @cached_property
    def not_within(self) -> frozenset[str]:
        """Words that a name ends before."""
        return frozenset(self.ends)

    @cached_property
    def folded_passing_by(self) -> frozenset[str]:
        """Folded words before a place that is not the sender's."""
        return frozenset(map(fold, self.passing_by))

    @cached_property
    def before_folded_neighbours(self) -> tuple[str, ...]:
        """Folded words before a neighbour that is meant as a district, behind a blank."""
        return tuple(f" {_folded(before)}" for before in self.before_neighbours)


def _folded(text: str) -> str:
    return " ".join(words(text))


@lru_cache(maxsize=1)
def load_place_words(vocabulary: Path = VOCABULARY) -> PlaceWords:
    """Read ``place_words.yml``."""
    return PlaceWords.model_validate(
        yaml.safe_load((vocabulary / "place_words.yml").read_text(encoding="utf-8"))
    )


@lru_cache(maxsize=4)
def _folded_neighbours(neighbours: tuple[str, ...]) -> dict[str, str]:
    """Folded words of a neighbour, between blanks, to its name."""
    return {f" {_folded(name)} ": name for name in neighbours}


@dataclass(frozen=True, slots=True)
class _Token:
    """A word of a text; ``gap`` is what stands between it and the word before."""

    text: str
    gap: str

    @property
    def folded(self) -> str:
        return fold(self.text)


def strange_places(text: str, reference: Reference, *, is_path: bool = False) -> tuple[str, ...]:
    """Give the places that a text names, with their level as written, and the reference data do not know.

    Args:
        text: a title, or a part of a path.
        reference: the units that are known.
        is_path: a neighbour is one wherever it stands, as folders bear names without *huyện*; a title is it as a whole.
    """
    place_words = load_place_words()
    tokens = _tokens(one_letter(compose(text)))
    found = [
        f"{level} {name}"
        for level, is_upper, named in _places(tokens, _Writing.of(text), place_words)
        if (name := " ".join(token.text for token in named))
        and not _is_known(level, named, is_upper, reference)
    ]
    if not found:
        said = f" {_folded(text)} "
        found = [
            name
            for key, name in _folded_neighbours(reference.neighbours).items()
            if key in said
            and (
                is_path
                or key == said
                or any(before + key in said for before in place_words.before_folded_neighbours)
            )
        ]
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Writing:
    """How a text is written: with capitals for names or not, with the marks of Vietnamese or not."""

    is_of_one_case: bool
    is_marked: bool

    @classmethod
    def of(cls, text: str) -> "_Writing":
        return cls(text in (text.upper(), text.lower()), not text.isascii())

    def is_one_of(self, token: _Token, listed: frozenset[str]) -> bool:
        """Whether a word is in a list: with its marks (*từ* is not the *Tu* of Ea Tu), or folded where there are none."""
        return token.text.lower() in listed if self.is_marked else token.folded in map(fold, listed)


def _tokens(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    end = 0
    for match in _TOKEN.finditer(text):
        gap = text[end : match.start()]
        plain = strip_marks(match[0])
        humps = [0, *(hump.start() for hump in _HUMP.finditer(plain)), len(match[0])]
        if len(plain) != len(match[0]):  # letters that are not composed
            humps = [0, len(match[0])]
        for first, last in pairwise(humps):
            part = match[0][first:last]
            tokens.append(_Token(part, gap if first == 0 else ""))
        end = match.end()
    return tokens


def _places(
    tokens: Sequence[_Token], writing: _Writing, place_words: PlaceWords
) -> Iterator[tuple[str, bool, list[_Token]]]:
    """Give each level word with what it names, longest level first: *thị xã* is no *xã*."""
    position = 0
    while position < len(tokens):
        for size in (2, 1):
            level = tokens[position : position + size]
            named = tokens[position + size : position + size + _LONGEST_NAME]
            key = " ".join(token.text.lower() if writing.is_marked else token.folded for token in level)
            has_dot = bool(named) and named[0].gap.strip(" :") == "."
            is_upper = place_words.levels.get((key, False), place_words.levels.get((key, has_dot)))
            if is_upper is None or len(level) != size or (size == 2 and level[1].gap.strip(" _")):
                continue
            is_passing_by = position > 0 and tokens[position - 1].folded in place_words.folded_passing_by
            name = [] if is_passing_by else _name(named, writing, place_words)
            if name:
                yield " ".join(token.text for token in level), is_upper, name
            position += size - 1
            break
        position += 1


def _name(following: Sequence[_Token], writing: _Writing, place_words: PlaceWords) -> list[_Token]:
    """Give the words of a name at the beginning of some words; none where it is no name."""
    name: list[_Token] = []
    for token in following:
        gap = token.gap.strip(" _" if name else " _:.")
        is_abbreviated = bool(name) and len(name[-1].text) == 1 and gap == "."
        listed = place_words.not_within if name else place_words.not_first
        if (gap and not is_abbreviated) or writing.is_one_of(token, listed):
            break
        if not writing.is_of_one_case and not token.text[0].isupper():
            break
        name.append(token)
    is_whole = len(name) > 1 or len(name) == len(following) or bool(following[len(name)].gap.strip())
    return name if is_whole or not writing.is_of_one_case else []


def _is_known(level: str, named: Sequence[_Token], is_upper: bool, reference: Reference) -> bool:
    """Whether the reference data know a place of that name; one that only is longer counts as the same."""
    for size in range(len(named), 0, -1):
        name = "".join("".join(words(token.text)) for token in named[:size])
        keys = reference.spellings.get(name, frozenset()) | reference.spellings.get(
            "".join(words(level)) + name, frozenset()
        )
        if any(not is_upper or reference.units[key].unit_level in UPPER_LEVELS for key in keys):
            return True
    return False
