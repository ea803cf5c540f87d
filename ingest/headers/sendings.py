"""What a title, the name of a sheet or of a file says of how a table was sent.

Whether it adds to what was sent before or takes its place, which village branch it is of, and whether it tells of
results at all: a plan or a comparison does not. The words are data, ``vocabulary/sending_words.yml``; what follows from
them is decided by the modules that read tables and files, and by dbt.
"""

import re
from collections.abc import Iterable
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict

from ingest.home import VOCABULARY
from ingest.text.folding import words

Sending = Literal["supplement", "correction"]
Aside = Literal["plan", "comparison"]

_SEGMENT = re.compile(r"[():;\[\]]|\s[-–—]\s")
_NUMBERING = r"(?:[ivx]+|[a-e]|\d+)"
_COPIED_SHEET = re.compile(
    r"^(?P<first>.*?)\s*\(\d+\)$|^(?:copy of|bản sao(?: của)?)\s+(?P<of>.*)$|^(?P<before>.*?)\s*-\s*copy$",
    re.IGNORECASE,
)
_MOST_WORDS_OF_A_NAME = 4
_MOST_REMEMBERED_TEXTS = 65_536  # the same titles come again, and parts of tables are asked as well
_ENDS_A_NAME = re.compile(
    r"^(?:xa|thi|tran|huyen|tinh|ky|nam|thang|bieu|bm|ngay|bc|hoi|bch|lhpn|bo|sung|sua|doi|dinh|chinh|gui|lan|hang|cua)$"
)


class SendingWords(BaseModel):
    """See ``vocabulary/sending_words.yml``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    supplement: tuple[str, ...]
    not_a_sending: tuple[str, ...]
    correction: tuple[str, ...]
    plan: tuple[str, ...]
    comparison: tuple[str, ...]
    summary: tuple[str, ...]
    not_a_plan: tuple[str, ...]
    result: tuple[str, ...]
    before: tuple[str, ...]
    branch: tuple[str, ...]
    not_before_branch: tuple[str, ...]
    not_a_branch: tuple[str, ...]

    @cached_property
    def silent(self) -> re.Pattern[str]:
        """What holds a word of a sending and says nothing of one."""
        return _any_of(self.not_a_sending)

    @cached_property
    def sendings(self) -> dict[Sending, re.Pattern[str]]:
        """What to look for, the word that wins first."""
        return {
            "correction": _any_of(self.correction),
            "supplement": _any_of(self.supplement),
        }

    @cached_property
    def asides(self) -> dict[Aside, re.Pattern[str]]:
        """How a part of a title begins that is none of results."""
        start = rf"^(?:(?:{_spelled(self.before)}|{_NUMBERING}) )*(?!{_spelled(self.not_a_plan)}\b)"
        return {
            "plan": re.compile(rf"{start}(?:{_spelled(self.plan)})\b"),
            "comparison": re.compile(rf"{start}(?:{_spelled(self.comparison)})\b"),
        }

    @cached_property
    def summaries(self) -> re.Pattern[str]:
        """What a cover page or a sheet of summary figures calls itself."""
        return _any_of(self.summary)

    @cached_property
    def results(self) -> re.Pattern[str]:
        """What makes all of a title one of results."""
        return _any_of(self.result)

    @cached_property
    def branches(self) -> re.Pattern[str]:
        """Where the name of a village branch begins."""
        not_before = "".join(rf"(?<!\b{' '.join(words(word))} )" for word in self.not_before_branch)
        return re.compile(
            rf"{not_before}\b(?:{_spelled(self.branch)}) (?!{_spelled(self.not_a_branch)}\b)(?P<name>.+)$"
        )


def _spelled(phrases: Iterable[str]) -> str:
    return "|".join(" ".join(words(phrase)) for phrase in phrases)


def _any_of(phrases: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{_spelled(phrases)})\b")


@lru_cache(maxsize=1)
def load_sending_words(vocabulary: Path = VOCABULARY) -> SendingWords:
    """Read ``sending_words.yml``."""
    text = (vocabulary / "sending_words.yml").read_text(encoding="utf-8")
    return SendingWords.model_validate(yaml.safe_load(text))


def sending_of(texts: Iterable[str]) -> Sending | None:
    """Give what the first text that says something says: an addition or a correction; None where none does."""
    return next(filter(None, map(_sending_in, texts)), None)


@lru_cache(maxsize=_MOST_REMEMBERED_TEXTS)
def _sending_in(text: str) -> Sending | None:
    plain = re.sub("sữa", " ", text, flags=re.IGNORECASE)  # milk is no correction
    said = load_sending_words().silent.sub(" ", " ".join(words(plain)))
    return next(
        (sending for sending, pattern in load_sending_words().sendings.items() if pattern.search(said)), None
    )


@lru_cache(maxsize=_MOST_REMEMBERED_TEXTS)
def aside_of(text: str) -> Aside | None:
    """Tell whether a title stands above a plan or a comparison; None above results."""
    vocabulary = load_sending_words()
    before = ""
    for segment in _SEGMENT.split(text):
        said = " ".join(words(segment))
        for aside, pattern in vocabulary.asides.items():
            if pattern.match(said) and not vocabulary.results.search(before):
                return aside
        before = f"{before} {said}"
    return None


def is_summary(text: str) -> bool:
    """Tell whether a text names a cover page or a sheet of summary figures."""
    return load_sending_words().summaries.search(" ".join(words(text))) is not None


def branch_of(texts: Iterable[str]) -> str | None:
    """Give the village branch that the first text that names one names, folded (``thon 1``); None where none does."""
    return next(filter(None, map(_branch_in, texts)), None)


@lru_cache(maxsize=_MOST_REMEMBERED_TEXTS)
def _branch_in(text: str) -> str | None:
    for segment in _SEGMENT.split(text):
        found = load_sending_words().branches.search(" ".join(words(segment)))
        if found is None:
            continue
        kind = found[0][: found.start("name") - found.start()].split()
        name = _name_at(found["name"].split())
        if name:
            return " ".join(name if kind[0] == "chi" else [*kind, *name])
    return None


def _name_at(parts: list[str]) -> list[str]:
    """Give the words of a name up to one that belongs to something else: *Thôn 3* of ``thon 3 6 thang dau nam``."""
    name: list[str] = []
    for position, part in enumerate(parts[:_MOST_WORDS_OF_A_NAME]):
        is_of_period = part.isdigit() and parts[position + 1 : position + 2] == ["thang"]
        if _ENDS_A_NAME.match(part) or is_of_period or (part.isdigit() and len(part) == len("2023")):
            break
        name.append(part)
    return name


def copied_from(sheet_name: str) -> str | None:
    """Give the sheet that a name says to be a copy of: ``BM04`` of ``BM04 (2)``; None where it says nothing of it."""
    found = _COPIED_SHEET.match(sheet_name.strip())
    return next((name for name in found.groups() if name is not None), None) if found else None
