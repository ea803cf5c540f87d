"""The one place that turns a header into a column.

A header is read as a path, from the topmost merged cell down to the cell above the values; what its cells say is read in
``header_texts``. Paths are compared with the spellings of the contracts; one with a syllable cut short (*Đ.tượng*) is
understood where it can mean one column of the form only.
"""

from collections.abc import Mapping, Sequence
from itertools import product

from ingest.contracts.forms import Choice, FormContract, FormField
from ingest.headers.form_match import FormMatch, HeaderColumn
from ingest.headers.header_texts import HeaderTexts
from ingest.headers.header_words import HeaderWords
from ingest.text.folding import fold

_SAME_HEADER = 4


class HeaderMatcher(HeaderTexts):
    """Matches header columns with the fields of a set of contracts.

    Branches draw the same headers year after year, so what was matched once is remembered.
    """

    def __init__(
        self,
        forms: Sequence[FormContract],
        header_words: HeaderWords,
        choice_lists: Mapping[str, Mapping[str, Choice]] | None = None,
    ) -> None:
        super().__init__(forms, header_words)
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
        self._title_words = {form.name: tuple(map(fold, (form.title, *form.titles))) for form in forms}
        self._known_matches: dict[tuple[tuple[HeaderColumn, ...], frozenset[str]], FormMatch | None] = {}

    @property
    def known_lists(self) -> frozenset[str]:
        """Names of the lists of choices whose values are known here; those of seeds are not."""
        return frozenset(self._choices)

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

    def heads_units(self, text: str) -> bool:
        """Whether a column's header says that it names the reporting unit of each row."""
        return any(fold(part) in self._words.folded_units for part in (text, text.rpartition(" > ")[2]))

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
