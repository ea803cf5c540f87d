"""The one place that turns a header into a column.

A header is read as a path, from the topmost merged cell down to the cell above the values. Paths are compared with the
spellings of the contracts after folding; words that only group (*Trong đó*) fall away and abbreviations (*TS*, *DTTS*)
are spelled out, both as ``vocabulary/header_words.yml`` says. Syllables cut short (*Đ.tượng*) are understood by rule
(``abbreviations``) where they can mean one column of the form only; a note mark (*Kinh phí¹*) is no part of a header.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import product
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from ingest.contracts.forms import Choice, FormContract, FormField
from ingest.headers.abbreviations import Abbreviations, looks_cut
from ingest.home import VOCABULARY
from ingest.text.folding import compose, fold
from ingest.text.look_alikes import one_letter

_LAST_PARENTHESIS = re.compile(r"^(.*?)[(\[]([^()\[\]]*)[)\]][\s*:.]*$", re.DOTALL)
_SEPARATOR = re.compile(r"\s*[-–—:/,;\n\r]\s*")
_LIST_SEPARATOR = re.compile(r"[,;/+]|\bvà\b")
_COLUMN_NUMBER_BEFORE = re.compile(r"^\s*[(\[]?\d{1,2}[)\].]\s*(?=\D)")
_UOM_MARK = re.compile(r"^(?:dvt|donvi|dvi|dv)?(?:tinh)?(?:bang|la)?")
_UOM_STARTS = ("dvt", "donvi", "dvi", "dv", "tinh")
# a raised figure or a star after a header, or a figure glued to its last letter, points to a note below the table
_NOTE_MARK = re.compile(
    r"[\s\u00b9\u00b2\u00b3\u2070-\u209f*†‡]*[\u00b9\u00b2\u00b3\u2070-\u209f*†‡]$|(?<=[^\W\d_]{2})\d$"
)
_START_LETTERS = 4
_SAME_HEADER = 4
_LONGEST_HEADER = 120
_MOST_REMEMBERED = 20_000


class HeaderWords(BaseModel):
    """Words that stand in the headers of every form, see ``vocabulary/header_words.yml``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    same: dict[str, tuple[str, ...]]
    passing: tuple[str, ...]
    numbering: tuple[str, ...]
    units: tuple[str, ...]
    counted: tuple[str, ...]
    money: dict[int, tuple[str, ...]]

    @cached_property
    def replacements(self) -> dict[str, str]:
        """Folded spelling of a part to the folded spelling that contracts use."""
        return {fold(other): fold(word) for word, others in self.same.items() for other in others}

    @cached_property
    def folded_passing(self) -> frozenset[str]:
        """Folded parts that carry no meaning of their own."""
        return frozenset(fold(word) for word in self.passing)

    @cached_property
    def folded_numbering(self) -> frozenset[str]:
        """Folded headers of the column that numbers rows."""
        return frozenset(fold(word) or word for word in self.numbering)

    @cached_property
    def folded_units(self) -> frozenset[str]:
        """Folded headers of a column that names the reporting unit of each row."""
        return frozenset(fold(word) for word in self.units)

    @cached_property
    def folded_counted(self) -> frozenset[str]:
        """Folded units of measure that people are counted in."""
        return frozenset(fold(word) for word in self.counted)

    @cached_property
    def scales(self) -> dict[str, int]:
        """Folded unit of measure to what it multiplies money by."""
        return {fold(word): scale for scale, words_ in self.money.items() for word in words_}


@lru_cache(maxsize=4)
def load_header_words(vocabulary: Path = VOCABULARY) -> HeaderWords:
    """Read ``header_words.yml``."""
    return HeaderWords.model_validate(
        yaml.safe_load((vocabulary / "header_words.yml").read_text(encoding="utf-8"))
    )


@dataclass(frozen=True, slots=True)
class HeaderColumn:
    """One column of a table's header.

    Attributes:
        index: position in the sheet, from 0.
        text: the header as printed, parts joined by `` > ``.
        path: its folded parts, from the top.
        money_scale: what a unit of measure in the header itself says, or None.
    """

    index: int
    text: str
    path: tuple[str, ...]
    money_scale: int | None


@dataclass(frozen=True, slots=True)
class FormMatch:
    """How well a header fits a form.

    Attributes:
        columns: field name to column.
        missing: required fields that no column was found for.
        extra: columns that the form does not know.
        score: the share of the evidence that fits; higher is better.
        is_titled: whether the form's title stands above the table.
    """

    form: FormContract
    columns: dict[str, HeaderColumn]
    missing: tuple[FormField, ...]
    extra: tuple[HeaderColumn, ...]
    score: float
    is_titled: bool

    @property
    def decided_by(self) -> str:
        """Say what made it this form, in Vietnamese."""
        found = f"{len(self.columns)} trên {len(self.form.fields)} cột của biểu có trong tiêu đề cột"
        return f"{found}; tên biểu ghi phía trên" if self.is_titled else found


class HeaderMatcher:
    """Matches header columns with the fields of a set of contracts.

    Branches draw the same headers year after year, so what was matched once is remembered.
    """

    def __init__(
        self,
        forms: Sequence[FormContract],
        header_words: HeaderWords,
        choice_lists: Mapping[str, Mapping[str, Choice]] | None = None,
    ) -> None:
        self._words = header_words
        self._choices = {
            name: frozenset(
                fold(spelling)
                for choice in choices.values()
                for spelling in (choice.label, *choice.aliases, *choice.factors)
            )
            for name, choices in (choice_lists or {}).items()
        }
        self._forms = tuple(forms)
        self._unit_lists = {
            other.choices
            for form in forms
            for field in form.fields
            for other in form.fields
            if field.measured_in == other.name and other.choices
        }
        self._paths = {
            (form.name, field.name): tuple(self._normalise_path(path) for path in field.header_paths)
            for form in forms
            for field in form.fields
        }
        parts = {part for paths in self._paths.values() for path in paths for part in path}
        self._sub_headers = frozenset(
            path[-1] for paths in self._paths.values() for path in paths if len(path) > 1
        )
        joined = {"".join(path) for paths in self._paths.values() for path in paths}
        self._title_words = {form.name: tuple(map(fold, (form.title, *form.titles))) for form in forms}
        self._abbreviations = Abbreviations(
            part
            for spellings in (
                (header for form in forms for field in form.fields for header in field.headers),
                header_words.same,
            )
            for header in spellings
            for part in header.split(" > ")
        )
        self._expanded: dict[str, frozenset[str]] = {}
        self._known_texts: dict[str, tuple[tuple[str, ...], int | None]] = {}
        self._known_columns: dict[tuple[int, tuple[str, ...]], HeaderColumn] = {}
        self._known_matches: dict[tuple[tuple[HeaderColumn, ...], frozenset[str]], FormMatch | None] = {}
        self._vocabulary = (
            frozenset(parts | joined | set(header_words.replacements) | header_words.folded_passing)
            | header_words.folded_numbering
        )

    @cached_property
    def _starts(self) -> frozenset[str]:
        known = {*self._vocabulary, *self._words.scales, *_UOM_STARTS}
        return frozenset(word.lstrip("0123456789")[:_START_LETTERS] for word in known) - {""}

    @property
    def known_lists(self) -> frozenset[str]:
        """Names of the lists of choices whose values are known here; those of seeds are not."""
        return frozenset(self._choices)

    def is_header_word(self, text: str) -> bool:
        """Whether a cell's text is a header, or a part of one, of any form."""
        if len(text) > _LONGEST_HEADER:
            return False
        parts, scale = self._printed_parts(text)
        return (all(map(self._is_known, parts)) if parts else scale is not None) or self.is_numbering(text)

    def _is_known(self, part: str) -> bool:
        return part in self._vocabulary or part in self._expanded

    def starts_header(self, text: str) -> bool:
        """Whether a cell's text is a header of its own: a unit of measure is not."""
        return self.is_header_word(text) and (bool(self._printed_parts(text)[0]) or self.is_numbering(text))

    def is_choice(self, list_name: str | None, text: str) -> bool:
        """Whether a text is a value of a list, as a unit of measure in a header is."""
        return fold(text) in self._choices.get(list_name or "", ())

    def is_quantity_unit(self, text: str) -> bool:
        """Whether a text is a unit of measure for people or for the quantities of some form, and not for money."""
        folded = fold(text)
        return folded in self._words.folded_counted or any(
            folded in self._choices.get(name, ()) for name in self._unit_lists
        )

    def is_title(self, text: str) -> bool:
        """Whether a text names a form, a period or a unit of measure, as the title above a table does."""
        return fold(text).startswith(("dvt", "donvitinh", "kybaocao")) or self.names_form(text)

    def names_form(self, text: str) -> bool:
        """Whether the title of a form stands in a text."""
        folded = fold(text)
        return any(word in folded for spellings in self._title_words.values() for word in spellings)

    def is_numbering(self, text: str) -> bool:
        """Whether a cell heads the column that numbers rows."""
        return (fold(text) or text.strip()) in self._words.folded_numbering

    def heads_units(self, text: str) -> bool:
        """Whether a column's header says that it names the reporting unit of each row."""
        return any(fold(part) in self._words.folded_units for part in (text, text.rpartition(" > ")[2]))

    def column(self, index: int, texts: Sequence[str]) -> HeaderColumn:
        """Make a column of the texts that stand over it, from the top; repeated texts count once."""
        key = (index, tuple(texts))
        if key not in self._known_columns:
            self._known_columns[key] = self._make_column(*key)
        return self._known_columns[key]

    def _make_column(self, index: int, texts: Sequence[str]) -> HeaderColumn:
        printed: list[str] = []
        for text in texts:
            clean = compose(text)
            if clean and (not printed or printed[-1] != clean):
                printed.append(clean)
        scale = None
        path: list[str] = []
        for text in printed:
            parts, own_scale = self._printed_parts(text)
            if len(parts) == 1 and not self._is_known(parts[0]):
                self._expand(text, parts[0])
            if path and text[0] == "(" and text[-1] == ")" and not self._vocabulary.issuperset(parts):
                continue  # a unit under a header, or a remark: (người)
            path += parts
            scale = own_scale or scale
        return HeaderColumn(
            index,
            " > ".join(" ".join(text.split()) for text in printed),
            self._normalise_path(tuple(path)),
            scale,
        )

    def match(self, columns: Sequence[HeaderColumn], title: str) -> FormMatch | None:
        """Find the form that a header belongs to.

        Args:
            columns: the header's columns.
            title: folded text above the table; a form's title in it decides between forms that fit equally.

        Returns:
            The best match, or None when no form fits at all.
        """
        titled = frozenset(
            name for name, spellings in self._title_words.items() if any(word in title for word in spellings)
        )
        key = (tuple(columns), titled)
        if key not in self._known_matches:
            self._known_matches[key] = self._best_match(columns, titled)
        return self._known_matches[key]

    def _best_match(self, columns: Sequence[HeaderColumn], titled: frozenset[str]) -> FormMatch | None:
        named = [column for column in columns if column.path and not self._is_numbering_path(column.path)]
        matches = [self._match_form(form, named, form.name in titled) for form in self._forms]
        best = max(matches, key=lambda match: match.score)
        fits = len(best.columns) >= min(3, len(best.form.fields)) and (
            2 * len(best.columns) >= len(named) or not best.missing
        )
        return best if fits else None

    def _match_form(self, form: FormContract, named: Sequence[HeaderColumn], is_titled: bool) -> FormMatch:
        found: dict[str, HeaderColumn] = {}
        taken: set[int] = set()
        candidates = [
            (strength, -position, -column.index, form.fields[position].name, column)
            for column in named
            for position, strength in self._strengths(form, column)
        ]
        for _, _, _, name, column in sorted(candidates, key=lambda candidate: candidate[:3], reverse=True):
            if name not in found and column.index not in taken:
                found[name] = column
                taken.add(column.index)
        missing = tuple(field for field in form.required_fields if field.name not in found)
        extra = tuple(column for column in named if column.index not in taken)
        required = len(form.required_fields)
        score = (
            2 * (required - len(missing)) / required
            + len(found) / len(form.fields)
            + 2 * len(found) / max(1, len(named))
            + is_titled
        )
        return FormMatch(form, found, missing, extra, score, is_titled)

    def _strengths(self, form: FormContract, column: HeaderColumn) -> list[tuple[int, int]]:
        """Give the positions of the fields that a column may hold, and how strongly; one cut short can be one only."""
        found = self._strengths_of_path(form, column.path)
        if found or self._expanded.keys().isdisjoint(column.path):
            return found
        spelled_out = product(*(sorted(self._expanded.get(part, {part})) for part in column.path))
        meant = {
            position: strength
            for path in spelled_out
            for position, strength in self._strengths_of_path(form, self._normalise_path(path))
            if strength > 2
        }
        return list(meant.items()) if len(meant) == 1 else []

    def means_again(self, match: FormMatch) -> list[tuple[FormField, HeaderColumn]]:
        """Give the columns of a match that no field took because another column has the same header, with the field."""
        return [
            (match.form.fields[position], column)
            for column in match.extra
            if column.path
            for position, strength in self._strengths(match.form, column)
            if strength == _SAME_HEADER and match.form.fields[position].name in match.columns
        ]

    def _strengths_of_path(self, form: FormContract, path: tuple[str, ...]) -> list[tuple[int, int]]:
        return [
            (position, strength)
            for position, field in enumerate(form.fields)
            if (strength := self._strength(path, self._paths[form.name, field.name]))
        ]

    @staticmethod
    def _strength(path: tuple[str, ...], spellings: Sequence[tuple[str, ...]]) -> int:
        """Give 4 for the same header, 3 for the same under another group, 2 and 1 for weaker likeness, 0 for none."""
        best = 0
        joined = "".join(path)
        for spelling in spellings:
            if joined == "".join(spelling):
                return _SAME_HEADER
            if len(path) > len(spelling) and path[-len(spelling) :] == spelling:
                best = max(best, 3)
            elif len(spelling) == 1 and len(path) == 2 and path[0] == spelling[0] and path[1] == "tongso":
                best = max(best, 2)
            elif len(spelling) > 1 and path[-1] == spelling[-1] and spelling[-1] != "tongso":
                best = max(best, 1)
        return best

    def _is_numbering_path(self, path: tuple[str, ...]) -> bool:
        return path[-1] in self._words.folded_numbering

    def _printed_parts(self, text: str) -> tuple[tuple[str, ...], int | None]:
        """Give the folded parts that one header cell holds, and the money scale that it names."""
        known = self._known_texts.get(text)
        if known is None:
            if len(self._known_texts) > _MOST_REMEMBERED:
                self._known_texts.clear()
            known = self._known_texts[text] = self._split_header(one_letter(text))
        return known

    def _expand(self, text: str, part: str) -> bool:
        """Note what a part of a header that nobody knows may be short for; False for nothing."""
        if spelled_out := self._abbreviations.expand(text):
            self._expanded[part] = frozenset(self._words.replacements.get(one, one) for one in spelled_out)
        return bool(spelled_out)

    def _split_header(self, text: str) -> tuple[tuple[str, ...], int | None]:
        whole = self._part(text)
        if not whole or whole in self._vocabulary:
            return ((whole,) if whole else ()), None
        unmarked = _NOTE_MARK.sub("", text)
        if unmarked != text and self._may_start_header(unmarked):
            parts, scale = self._split_header(unmarked)
            if all(map(self._is_known, parts)):
                return parts, scale
        if looks_cut(text) and self._expand(text, whole):
            return (whole,), None
        if not self._may_start_header(text):
            return (whole,), None
        bare = text.strip().strip("()[]")
        if (scale := self._scale_of(bare)) is not None:
            return (), scale
        for left, right in self._two_halves(text):
            parts, scale = self._printed_parts(left) if left.strip() else ((), None)
            if not parts or not all(part in self._vocabulary for part in parts):
                continue
            if (own_scale := self.money_scale(right)) is not None:
                return parts, own_scale
            others, _ = self._printed_parts(right) if right.strip() else ((), None)
            if others and others[-1] in self._sub_headers:
                return (*parts, *others), scale
            if right.endswith(")") or not fold(right) or fold(right).isdigit():
                return parts, scale
        if (scale := self.money_scale(bare)) is not None:
            return (), scale
        return self._split_folded(whole)

    def _may_start_header(self, text: str) -> bool:
        """Whether a text starts as some header does: most texts of a body do not, and need no closer look."""
        start = fold(text).lstrip("0123456789")[:_START_LETTERS]
        return any(start[:length] in self._starts for length in range(1, len(start) + 1)) or not start

    @staticmethod
    def _two_halves(text: str) -> list[tuple[str, str]]:
        """Give the ways in which a header cell may be a header and something after it; the last half of the first
        way keeps its closing parenthesis, as a sign that it may be a remark.
        """
        halves = []
        parenthesis = _LAST_PARENTHESIS.match(text)
        if parenthesis:
            halves.append((parenthesis[1], parenthesis[2] + ")"))
        number = _COLUMN_NUMBER_BEFORE.match(text)
        if number:
            halves.append((text[number.end() :], ""))
        for mark in _SEPARATOR.finditer(text):
            right = text[mark.end() :]
            if (
                "\n" in mark[0] or not right.isdigit()
            ):  # *Chi hội - 1* is a village branch, not a numbered header
                halves.append((text[: mark.start()], right))
        return halves

    def _split_folded(self, whole: str) -> tuple[tuple[str, ...], int | None]:
        """Take a unit of measure or a known part off the end of a folded header."""
        for word, scale in self._words.scales.items():
            base = whole.removesuffix(word)
            if len(word) > 2 and base != whole and base in self._vocabulary:
                return (self._words.replacements.get(base, base),), scale
        for other, word in self._words.replacements.items():
            base = whole.removesuffix(other)
            if base != whole and base in self._vocabulary and base not in self._words.folded_passing:
                return (self._words.replacements.get(base, base), word), None
        return (whole,), None

    def _part(self, text: str) -> str:
        part = fold(text) or text.strip()
        for passing in self._words.folded_passing:
            if part.startswith(passing) and part != passing:
                part = part.removeprefix(passing)
        return self._words.replacements.get(part, part)

    def _normalise_path(self, path: tuple[str, ...]) -> tuple[str, ...]:
        parts: list[str] = []
        for part in path:
            part = self._words.replacements.get(part, part)
            if part and part not in self._words.folded_passing and (not parts or parts[-1] != part):
                parts.append(part)
        return tuple(parts)

    def money_scale(self, text: str) -> int | None:
        """Give what a unit of measure multiplies money by: ``nghìn đồng`` → 1000; None when it is none of money.

        Of several units (*người, triệu đồng*) the first of money counts.
        """
        for unit in (text, *_LIST_SEPARATOR.split(text)):
            scale = self._scale_of(unit)
            if scale is not None:
                return scale
        return None

    def _scale_of(self, unit: str) -> int | None:
        folded = fold(unit)
        scale = self._words.scales.get(folded)
        return scale if scale is not None else self._words.scales.get(_UOM_MARK.sub("", folded))
