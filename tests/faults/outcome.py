"""What came of it: counts, what was found, the table for the terminal and the JSON for ``docs/reliability.md``."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from rich.table import Table as Grid


@dataclass(slots=True)
class Outcome:
    """What one kind of fault brought about.

    Attributes:
        name: the kind.
        done: faults that were really brought about, by where.
        seconds: how long it all took.
        lost, doubled, wrong: what was found against the reference or against what must always hold.
        failed: runs after a fault that did not come to their end, and sentences that were none.
        notes: figures that are told beside.
    """

    name: str
    done: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    notes: dict[str, int] = field(default_factory=dict)

    def sort_in(self, where: str, found: list[str] | tuple[str, ...]) -> None:
        """Put what was found where it belongs, with the place where it was found."""
        for sentence in found:
            lost = ("lost", "missing", "0 bytes", "gone")
            kind = self.lost if any(word in sentence for word in lost) else self.wrong
            if "doubled" in sentence or " × " in sentence:
                kind = self.doubled
            kind.append(f"{where}: {sentence}")

    @property
    def troubles(self) -> list[str]:
        """All that must not be."""
        return [*self.lost, *self.doubled, *self.wrong, *self.failed]

    def as_json(self) -> dict[str, Any]:
        """Give it as what ``json`` writes."""
        return {
            "faults": sum(self.done.values()),
            "by_place": dict(self.done),
            "seconds": round(self.seconds),
            "lost": len(self.lost),
            "doubled": len(self.doubled),
            "wrong": len(self.wrong),
            "not_finished": len(self.failed),
            "troubles": self.troubles,
            **self.notes,
        }


def draw_table(outcomes: list[Outcome]) -> Grid:
    """Draw one line a kind of fault."""
    grid = Grid(title="What faults did")
    for heading in ("fault", "how often", "lost", "doubled", "wrong", "not finished", "seconds", "where"):
        grid.add_column(
            heading, justify="left" if heading in ("fault", "where") else "right", overflow="fold"
        )
    for outcome in outcomes:
        where = [f"{place} {count}" for place, count in outcome.done.items()]
        where += [f"{name.replace('_', ' ')} {count:,}" for name, count in outcome.notes.items()]
        counts = (
            outcome.done.total(),
            len(outcome.lost),
            len(outcome.doubled),
            len(outcome.wrong),
            len(outcome.failed),
        )
        grid.add_row(
            outcome.name, *(f"{count:,}" for count in counts), f"{outcome.seconds:.0f}", ", ".join(where)
        )
    return grid
