"""The words of every indicator, read once from ``figures_vi.yml`` and held to their shape."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field

from publish.names import amid_line

CATALOGUE = Path(__file__).parent / "figures_vi.yml"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class IndicatorWords(_Strict):
    """How one indicator is told.

    Attributes:
        told: for a figure, with ``{value}``.
        none: for 0.
        unit: what a difference of it is counted in (*hội viên*).
        name: amid a sentence that says that nothing is known of it.
        companions: by the code of another indicator, how its figure is added, with ``{value}``.
    """

    told: str
    none: str
    unit: str
    name: str
    companions: dict[str, str] = Field(default_factory=dict, alias="with")


class Section(_Strict):
    """A part of the report: its heading and the indicators that it tells, in this order."""

    heading: str
    indicators: tuple[str, ...]


class Remark(_Strict):
    """What is told beside a trend over some years."""

    years: tuple[int, ...]
    told: str


class Words(_Strict):
    """The whole catalogue."""

    sections: dict[str, Section]
    indicators: dict[str, IndicatorWords]
    remarks: tuple[Remark, ...]

    def in_order(self, codes: Iterable[str]) -> list[str]:
        """Put indicators into the order in which sections tell them, a part behind its whole; others stay behind them."""
        order = {code: place for place, code in enumerate(self._listed())}
        return sorted(codes, key=lambda code: order.get(code, len(order)))

    def _listed(self) -> Iterator[str]:
        for section in self.sections.values():
            yield from section.indicators

    def of(self, indicator_code: str, label_vi: str, uom: str) -> IndicatorWords:
        """Give the words of an indicator; one that the catalogue does not list is told by its label."""
        listed = self.indicators.get(indicator_code)
        if listed is not None:
            return listed
        label = amid_line(label_vi)
        return IndicatorWords(
            told=f"{label}: {{value}} {uom}", none=f"không có {label}", unit=uom, name=label
        )


@lru_cache(maxsize=1)
def load_words() -> Words:
    """Read the catalogue.

    Raises:
        ValidationError: an entry lacks something or has a field too many.
    """
    return Words.model_validate(yaml.safe_load(CATALOGUE.read_text(encoding="utf-8")))
