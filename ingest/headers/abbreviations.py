"""Headers whose syllables are cut short: *Đ.tượng*, *T.trạng*, *Số ng.hưởng*, *Có VL sau học*.

By rule and not by list: each piece begins its syllable, in the same order and none left over; of a piece in capitals each
letter may begin a syllable of its own. What it stands for must be one column of the form; ``matcher`` sees to that.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache

from ingest.text.folding import strip_marks, words

_PIECE = re.compile(r"[^\W\d_]+")
_CUT = re.compile(r"[^\W\d_]\.|\b[^\W\d_a-z]{2,3}\b")
_MOST_CAPITALS = 3
_LONGEST = 60


class Abbreviations:
    """What a header may be short for, among known spellings of headers."""

    def __init__(self, spellings: Iterable[str]) -> None:
        self._by_initial: defaultdict[str, set[tuple[str, ...]]] = defaultdict(set)
        for spelling in spellings:
            syllables = tuple(words(spelling))
            if len(syllables) > 1:
                self._by_initial[syllables[0][0]].add(syllables)

    def expand(self, text: str) -> frozenset[str]:
        """Give the folded spellings that a header of two pieces or more may be short for; none for any other text."""
        pieces = _PIECE.findall(strip_marks(text)) if _may_be_cut(text) else []
        if len(pieces) < 2:  # TT alone may be anything
            return frozenset()
        return frozenset(
            "".join(syllables)
            for syllables in self._by_initial.get(pieces[0][0].lower(), ())
            if _stands_for(tuple(pieces), syllables)
        )


def looks_cut(text: str) -> bool:
    """Whether a text shows that syllables of it are cut short: a dot after a letter, or a few capitals."""
    return _may_be_cut(text) and _CUT.search(text) is not None


def _may_be_cut(text: str) -> bool:
    """Whether a text is short and without a figure: *Tổng số HV 1* is a value."""
    return len(text) <= _LONGEST and not any(map(str.isdigit, text))


def _is_in_capitals(piece: str) -> bool:
    return 1 < len(piece) <= _MOST_CAPITALS and piece.isupper()


@lru_cache(maxsize=16_384)
def _stands_for(pieces: tuple[str, ...], syllables: tuple[str, ...]) -> bool:
    if not pieces or not syllables:
        return not pieces and not syllables
    piece = pieces[0].lower()
    if syllables[0].startswith(piece) and _stands_for(pieces[1:], syllables[1:]):
        return True
    return (
        _is_in_capitals(pieces[0])
        and len(syllables) >= len(piece)
        and all(syllable.startswith(letter) for letter, syllable in zip(piece, syllables, strict=False))
        and _stands_for(pieces[1:], syllables[len(piece) :])
    )
