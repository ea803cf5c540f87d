"""What the text of one header cell says: parts that forms know, and a unit of measure.

Texts are compared with the spellings of the contracts after folding; words that only group (*Trong đó*) fall away and
abbreviations (*TS*, *DTTS*) are spelled out, both as ``vocabulary/header_words.yml`` says. Syllables cut short (*Đ.tượng*)
are noted with what they may mean (``abbreviations``); a note mark (*Kinh phí¹*) is no part of a header.
"""

import re
from collections.abc import Sequence
from functools import cached_property

from ingest.contracts.forms import FormContract
from ingest.headers.abbreviations import Abbreviations, looks_cut
from ingest.headers.form_match import HeaderColumn
from ingest.headers.header_words import HeaderWords
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
_LONGEST_HEADER = 120
_MOST_REMEMBERED = 20_000


class HeaderTexts:
    """Reads the texts of header cells, as the forms spell them.

    Branches write the same headers year after year, so what was read once is remembered.
    """

    def __init__(self, forms: Sequence[FormContract], header_words: HeaderWords) -> None:
        self._words = header_words
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
        self._vocabulary = (
            frozenset(parts | joined | set(header_words.replacements) | header_words.folded_passing)
            | header_words.folded_numbering
        )

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

    def is_numbering(self, text: str) -> bool:
        """Whether a cell heads the column that numbers rows."""
        return (fold(text) or text.strip()) in self._words.folded_numbering

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

    @cached_property
    def _starts(self) -> frozenset[str]:
        known = {*self._vocabulary, *self._words.scales, *_UOM_STARTS}
        return frozenset(word.lstrip("0123456789")[:_START_LETTERS] for word in known) - {""}

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
        if (both := self._split_in_two(text)) is not None:
            return both
        if (scale := self.money_scale(bare)) is not None:
            return (), scale
        return self._split_folded(whole)

    def _split_in_two(self, text: str) -> tuple[tuple[str, ...], int | None] | None:
        """Read a header cell as a header and a unit of measure, a sub-header or a remark after it; None for neither."""
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
        return None

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
