"""Characters that look like others made one, for comparing only; what is stored keeps them.

The one definition is ``vocabulary/look_alikes.yml``. Here it becomes a table for Python and an expression for DuckDB;
dbt's macro of it is generated (``generated``), so that all three cannot differ.
"""

from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import yaml

from ingest.home import VOCABULARY

# U+FF01 to U+FF5E stand for U+0021 to U+007E; the four that SQL or a pattern would trip over are left as they are
_FULL_WIDTH = range(0xFF01, 0xFF5F)
_FULL_WIDTH_OFFSET = 0xFEE0
_LEFT_AS_THEY_ARE = frozenset("'\"\\`")


@dataclass(frozen=True)
class LookAlikes:
    """What is taken for what.

    Attributes:
        typed: the characters that are taken for others, one beside the other; those that are taken for nothing last.
        plain: what each of them is taken for; shorter by those that are taken for nothing.
    """

    typed: str
    plain: str

    @cached_property
    def table(self) -> dict[int, str | None]:
        """The same for ``str.translate``."""
        return {
            ord(letter): self.plain[index] if index < len(self.plain) else None
            for index, letter in enumerate(self.typed)
        }

    def sql(self, text: str) -> str:
        """Give the expression of DuckDB that reads a text so; most texts hold nothing of the kind."""
        return (
            f"case when regexp_matches({text}, '[{self.typed}]')"
            f" then translate({text}, '{self.typed}', '{self.plain}') else {text} end"
        )


@cache
def load_look_alikes(vocabulary: Path = VOCABULARY) -> LookAlikes:
    """Read the definition.

    Args:
        vocabulary: the folder that holds ``look_alikes.yml``.
    """
    told = yaml.safe_load((vocabulary / "look_alikes.yml").read_text(encoding="utf-8"))
    letters = {other: plain for plain, others in told["letters"].items() for other in others}
    for code in _FULL_WIDTH:
        plain = chr(code - _FULL_WIDTH_OFFSET)
        if plain not in _LEFT_AS_THEY_ARE:
            letters[chr(code)] = plain
    return LookAlikes("".join(letters) + told["nothing"], "".join(letters.values()))


def one_letter(text: str) -> str:
    """Give a text in which what looks alike is one letter and what cannot be seen is gone: ``Ð\\u200bVT`` → ``ĐVT``."""
    return text if text.isascii() else text.translate(load_look_alikes().table)
