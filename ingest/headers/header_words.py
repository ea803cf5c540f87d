"""Words that stand in the headers of every form: numbering, units of measure, words that only group."""

from functools import cached_property, lru_cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from ingest.home import VOCABULARY
from ingest.text.folding import fold


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
    """Read ``header_words.yml``, once a process.

    Raises:
        pydantic.ValidationError: a list is missing or unknown.
    """
    return HeaderWords.model_validate(
        yaml.safe_load((vocabulary / "header_words.yml").read_text(encoding="utf-8"))
    )
