"""The warehouse that nothing ever happened to: the same deliveries, the same steps, no faults.

Everything else is compared with it. It also tells how long each step takes on this machine and how many changes of the
file system it makes, which is where the others choose their moments from. Another warehouse begins as a copy of its
first state, so that both pseudonymise under one secret.
"""

import os
import pickle
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

from build.layers import LAYERS
from build.layers_built import fingerprint_code
from ingest.database import open_warehouse
from ingest.home import PROJECT_ROOT, WarehouseHome
from tests.faults.children import complete
from tests.faults.contents import BUILT_SCHEMAS, Table, issued_figures, read_outbox, read_tables
from tests.faults.deliveries import Delivery, drop
from tests.faults.reader import known_figure
from tests.faults.step import STEPS

FIRST_DAY = datetime(2023, 7, 1, tzinfo=UTC)
BUILD_STEPS = STEPS[1:-1]

Tell = Callable[[str], None]


@dataclass(slots=True)
class Round:
    """Deliveries that are loaded one after the other, and the edition that follows.

    Attributes:
        as_of: the day of its edition.
        raw: tables of ``raw`` after each of its deliveries.
        raw_at_end: tables of ``raw`` at its end, with what was decided and issued.
        built, published: tables of the working database and of the edition at its end.
        outbox: hash of each file for people at its end.
        ledger: figures and editions in the ledger at its end.
        figure: what a reader of its edition is told.
        states: step to a copy of the home as it was before that step.
        steps: what follows the loads; none where only loading is tried.
    """

    number: int
    deliveries: tuple[Delivery, ...]
    as_of: datetime
    steps: tuple[str, ...]
    raw: list[dict[str, Table]] = field(default_factory=list)
    raw_at_end: dict[str, Table] = field(default_factory=dict)
    built: dict[str, Table] = field(default_factory=dict)
    published: dict[str, Table] = field(default_factory=dict)
    outbox: dict[str, str] = field(default_factory=dict)
    ledger: tuple[int, int] = (0, 0)
    figure: tuple[int, float | None] = (0, None)
    states: dict[str, Path] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Usual:
    """How long a step takes, and how many changes of the file system it makes."""

    seconds: float
    points: int


@dataclass(frozen=True, slots=True)
class Reference:
    """All rounds, and what is usual."""

    blank: Path
    rounds: tuple[Round, ...]
    usual: dict[str, Usual]

    @property
    def figures(self) -> dict[int, float | None]:
        """Day of an edition to the figure that its readers are told."""
        return dict(round_.figure for round_ in self.rounds if round_.steps)


def make_reference(
    scratch: Path, deliveries: list[Delivery], rounds: int, tell: Tell, *, is_built: bool = True
) -> Reference:
    """Run all rounds undisturbed below a folder; one that the same code has made there is taken as it is.

    Args:
        scratch: where it lies.
        deliveries: shared out evenly among the rounds.
        rounds: how many.
        tell: called with a line on each step.
        is_built: with layers, edition and files after the loads.
    """
    folder = scratch / f"reference-{len(deliveries)}-{rounds}{'' if is_built else '-loads'}"
    code = fingerprint_code(tuple(PROJECT_ROOT / name for name in ("ingest", "publish", "dbt_project")))
    kept = folder / code
    if kept.exists():
        tell("reference: that of the same code is taken again")
        return cast(Reference, pickle.loads(kept.read_bytes()))  # noqa: S301 - our own
    shutil.rmtree(folder, ignore_errors=True)
    blank = WarehouseHome(folder / "blank").prepare()
    with open_warehouse(blank):
        pass  # the secret of the pseudonyms is made
    home = WarehouseHome(folder / "home")
    copy_home(blank.root, home.root)
    usual: dict[str, Usual] = {}
    made = []
    per_round = -(-len(deliveries) // rounds)
    for number in range(1, rounds + 1):
        chosen = tuple(deliveries[(number - 1) * per_round : number * per_round])
        steps = BUILD_STEPS if is_built else ()
        round_ = Round(number, chosen, FIRST_DAY + timedelta(days=number), steps)
        made.append(_run(home, round_, folder, usual, tell))
    _measure(home, "rebuild", made[-1], folder, usual)
    reference = Reference(blank.root, tuple(made), usual)
    kept.write_bytes(pickle.dumps(reference))
    return reference


def copy_home(source: Path, target: Path) -> WarehouseHome:
    """Make a home that is a copy of another, links between its files kept; one that lies there is replaced."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target, copy_function=_copy)
    current, editions = target / "current.duckdb", sorted((target / "editions").glob("*.duckdb"))
    for edition in editions:
        if current.exists() and (source / "editions" / edition.name).samefile(source / "current.duckdb"):
            current.unlink()
            os.link(edition, current)
    return WarehouseHome(target)


def _copy(source: str, target: str) -> None:
    shutil.copy2(source, target)


def _run(home: WarehouseHome, round_: Round, folder: Path, usual: dict[str, Usual], tell: Tell) -> Round:
    for delivery in round_.deliveries:
        drop(delivery, home.inbox)
        if delivery is round_.deliveries[-1]:
            _keep(home, round_, "load", folder)
        _measure(home, "load", round_, folder, usual)
        round_.raw.append(read_tables(home.warehouse, ("raw",)))
        tell(f"reference: delivery {delivery.number} loaded in {usual['load'].seconds:.1f} s")
    for step in round_.steps:
        if step in ("prepare", "issue", *LAYERS[1:3]):
            _keep(home, round_, step, folder)
        _measure(home, step, round_, folder, usual)
        tell(f"reference: {step} of round {round_.number} in {usual[step].seconds:.1f} s")
    round_.raw_at_end = read_tables(home.warehouse, ("raw",))
    if not round_.steps:
        return round_
    round_.built = read_tables(home.warehouse, BUILT_SCHEMAS)
    round_.published = read_tables(home.current)
    round_.outbox = read_outbox(home)
    round_.ledger = issued_figures(home)
    round_.figure = known_figure(home.current)
    return round_


def _measure(home: WarehouseHome, step: str, round_: Round, folder: Path, usual: dict[str, Usual]) -> None:
    counted = folder / "points"
    attempt = complete(step, home.root, round_.as_of, "--count-points", str(counted))
    usual[step] = Usual(attempt.seconds, int(counted.read_text()))


def _keep(home: WarehouseHome, round_: Round, step: str, folder: Path) -> None:
    kept = folder / f"before-{step}-{round_.number}"
    copy_home(home.root, kept)
    round_.states[step] = kept
