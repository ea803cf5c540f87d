"""Processes that are killed at any moment, again and again, in a home that lives on.

Half of the kills come at a random time, half just before a change of the file system that Python asks for. Each is
followed by another start of the same step, which meets whatever the dead one left behind; when a step has been let
finish, what it made is compared with the reference.
"""

import random
import shutil
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from ingest.home import WarehouseHome
from tests.faults.children import StepFailedError, complete, run_and_kill
from tests.faults.contents import (
    BUILT_SCHEMAS,
    differences,
    find_faults,
    issued_figures,
    read_outbox,
    read_tables,
)
from tests.faults.deliveries import drop
from tests.faults.outcome import Outcome
from tests.faults.reference import Reference, Round, Tell, Usual

# of a hundred kills; a layer of dbt is long, and most of it is dbt's own start
SHARES = {
    "load": 28,
    "seed": 4,
    "staging": 9,
    "intermediate": 9,
    "core": 9,
    "reviews": 9,
    "prepare": 7,
    "issue": 9,
    "review-files": 6,
    "feedback": 6,
    "rebuild": 4,
}
MOST_REBUILDS = 40
_UNFINISHED = (
    ".arriving-",
    ".writing-",
    ".building",
    ".issuing",
    ".discarded",
    ".mending",
    ".current.duckdb.",
)


def allot(kills: int, reference: Reference) -> dict[str, int]:
    """Tell how often each step is killed each time that it is due; together never less than asked for."""
    times = Counter(step for round_ in reference.rounds for step in round_.steps)
    times["rebuild"] = 2
    times["load"] = sum(len(round_.deliveries) for round_ in reference.rounds)
    shares = {step: share for step, share in SHARES.items() if times[step]}
    whole = sum(shares.values())
    return {step: max(1, -(-kills * share // (whole * times[step]))) for step, share in shares.items()}


def kill_again_and_again(
    home: WarehouseHome, reference: Reference, kills: int, seed: int, tell: Tell
) -> Outcome:
    """Go through all rounds of the reference, killing; gives what was found."""
    outcome = Outcome("kill")
    started = time.monotonic()
    killing = _Killing(home, reference, random.Random(seed), outcome)
    allotted = allot(kills, reference)
    for round_ in reference.rounds:
        for delivery, raw in zip(round_.deliveries, round_.raw, strict=True):
            drop(delivery, home.inbox)
            place = f"delivery {delivery.number}"
            if _kill_and_finish(killing, "load", round_, allotted["load"]):
                outcome.sort_in(place, differences(read_tables(home.warehouse, ("raw",)), raw))
            tell(
                f"kills: {outcome.done.total()} of {kills}, {place} loaded, {len(outcome.troubles)} troubles"
            )
        for step in round_.steps:
            _kill_and_finish(killing, step, round_, allotted[step])
            tell(
                f"kills: {outcome.done.total()} of {kills}, {step} of round {round_.number} done,"
                f" {len(outcome.troubles)} troubles"
            )
        outcome.sort_in(f"round {round_.number}", compare_round(home, round_))
    last = reference.rounds[-1]
    places = ["rebuilt", "rebuilt without database and inbox"]
    for place in places:
        if _kill_and_finish(killing, "rebuild", last, allotted["rebuild"]):
            outcome.sort_in(place, differences(read_tables(home.warehouse, ("raw",)), last.raw_at_end))
        tell(f"kills: {outcome.done.total()} of {kills}, {place}, {len(outcome.troubles)} troubles")
        for database in home.root.glob("warehouse*.duckdb*"):
            database.unlink()
        shutil.rmtree(home.inbox, ignore_errors=True)
        if place == places[-1] and outcome.done.total() < kills and len(places) < MOST_REBUILDS:
            # those that came too late elsewhere are made up for here
            places.append(place)
    outcome.seconds = time.monotonic() - started
    return outcome


@dataclass(frozen=True, slots=True)
class _Killing:
    """A home whose processes are killed, what it is compared with, and what was found so far."""

    home: WarehouseHome
    reference: Reference
    chance: random.Random
    outcome: Outcome


def _kill_and_finish(killing: _Killing, step: str, round_: Round, times: int) -> bool:
    """Kill a step so many times, then let it finish; tells whether it did."""
    home, outcome = killing.home, killing.outcome
    usual = killing.reference.usual[step]
    killed = 0
    while killed < times:
        after, point = choose_moment(usual, killing.chance)
        attempt = run_and_kill(step, home.root, round_.as_of, after, point)
        if attempt.was_killed:
            killed += 1
            outcome.done[step] += 1
        elif attempt.exit_code != 0:
            outcome.failed.append(f"{step} after a kill: {attempt.complained[-600:]}")
        outcome.sort_in(f"{step} killed {_when(after, point)}", look(home))
        if not attempt.was_killed:
            break  # it came to its end before the moment; there is nothing left to do for another one
    try:
        complete(step, home.root, round_.as_of)
    except StepFailedError as error:
        outcome.failed.append(str(error))
        return False
    return True


def look(home: WarehouseHome, *, is_all_named_whole: bool = True) -> list[str]:
    """Say what must never be; a home that cannot be read is one such thing."""
    try:
        return list(find_faults(home, is_all_named_whole=is_all_named_whole).all)
    except Exception as error:  # whatever it is, somebody who comes back after a fault would meet it
        return [f"the home cannot be read: {type(error).__name__}: {str(error)[:300]}"]


def choose_moment(usual: Usual, chance: random.Random) -> tuple[float | None, int]:
    """Choose a moment of a step: so many seconds after its start, or the number of a change."""
    if usual.points and chance.random() < 0.5:
        return None, chance.randint(1, usual.points)
    # the first tenth is Python's own start
    return chance.uniform(0.1, 0.9) * usual.seconds, 0


def _when(after: float | None, point: int) -> str:
    return f"before change {point}" if after is None else f"after {after:.2f} s"


def compare_round(home: WarehouseHome, round_: Round) -> list[str]:
    """Compare a home at the end of a round with the reference: all tables, the edition, the ledger, the outbox."""
    found = differences(read_tables(home.warehouse, ("raw",)), round_.raw_at_end)
    if not round_.steps:
        return [*found, *look(home)]
    found += differences(read_tables(home.warehouse, BUILT_SCHEMAS), round_.built)
    if home.current.exists():
        found += differences(read_tables(home.current), round_.published)
    else:
        found.append("current.duckdb is missing")
    outbox = read_outbox(home)
    found += [
        f"outbox/{path}: {'missing' if path not in outbox else 'other contents'}"
        for path, expected in round_.outbox.items()
        if outbox.get(path) != expected
    ]
    found += [f"outbox/{path}: doubled" for path in outbox if path not in round_.outbox]
    ledger = issued_figures(home)
    if ledger != round_.ledger:
        word = "lost" if ledger < round_.ledger else "doubled"
        found.append(f"ledger: {word}, {ledger} figures and editions instead of {round_.ledger}")
    return [*found, *look(home)]


def leftovers(home: Path) -> list[str]:
    """Give names of unfinished files that are still there after everything was brought to its end."""
    return [
        path.relative_to(home).as_posix()
        for path in home.rglob("*")
        if path.name.startswith(_UNFINISHED) and "inbox" not in path.parts
    ]
