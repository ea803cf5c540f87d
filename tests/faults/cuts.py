"""The power goes: what a machine finds on its disk when it comes back, and what the system makes of it.

One home lives through all rounds on a disk of its own. At chosen moments its disk is copied as it stands; each copy is
mounted as a machine would after the cut, looked at, brought to the end of the round from the step that was cut, as Airflow
does, and compared with the reference. A moment is a time within a step, the instant before a change of the file system, or the instant after
a step has told that it succeeded, when everything that it told of must be on the disk.
"""

import random
import shutil
import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from ingest.home import WarehouseHome
from tests.faults.children import Attempt, Step, StepFailedError, complete
from tests.faults.contents import differences, read_current, read_tables
from tests.faults.deliveries import drop
from tests.faults.kills import compare_round, look
from tests.faults.outcome import Outcome
from tests.faults.power import WEARS, Disk, Mounted, sync_file_system
from tests.faults.readers import Reader
from tests.faults.reference import Reference, Round, Tell, copy_home

DISK_MEGABYTES = 384
BUILT_AFTER_ONE_LOAD_IN = 3
# of a hundred cuts
SHARES = {
    "load": 42,
    "staging": 6,
    "intermediate": 6,
    "core": 6,
    "reviews": 6,
    "prepare": 8,
    "issue": 16,
    "review-files": 5,
    "feedback": 5,
}


@dataclass(frozen=True, slots=True)
class Moment:
    """When the power goes, within one step.

    Attributes:
        kind: ``time`` (``value`` seconds after its start), ``point`` (before change ``value``) or ``end`` (it has told
            that it succeeded).
        loses_inbox: what had been loaded by then is no longer in the inbox when the machine comes back.
    """

    kind: str
    value: float = 0.0
    loses_inbox: bool = False

    @property
    def words(self) -> str:
        """The moment in words."""
        said = {
            "time": f"after {self.value:.2f} s",
            "point": f"before change {self.value:.0f}",
            "end": "just after its end",
        }[self.kind]
        return f"{said}{', inbox emptied' if self.loses_inbox else ''}"


@dataclass(frozen=True, slots=True)
class Cut:
    """A copy of the disk.

    Attributes:
        loaded: deliveries of the round whose load had told that it succeeded.
        dropped: deliveries of the round that lay in the inbox, bytes on the disk.
        promised: day of the newest edition that had been told of, or None.
    """

    number: int
    image: Path
    place: str
    moment: Moment
    round: Round
    loaded: int
    dropped: int
    promised: datetime | None

    @property
    def is_built_after(self) -> bool:
        """Tell whether the round is brought to its end; after most cuts of a load, equal tables of ``raw`` say enough."""
        return self.place != "load" or self.number % BUILT_AFTER_ONE_LOAD_IN == 0


@dataclass(frozen=True, slots=True)
class Cuts:
    """How often the power is cut.

    Attributes:
        times: so often.
        workers: machines that come back at the same time.
        seed: another one chooses other moments.
    """

    times: int
    workers: int
    seed: int


def cut_the_power(scratch: Path, reference: Reference, cuts: Cuts, tell: Tell) -> tuple[Outcome, Reader]:
    """Cut the power so often; gives what was found, and who read the living home meanwhile."""
    outcome = Outcome("power cut")
    started = time.monotonic()
    plan = _plan(reference, cuts.times, random.Random(cuts.seed))
    folder = scratch / "power"
    shutil.rmtree(folder, ignore_errors=True)
    with ThreadPoolExecutor(cuts.workers) as pool:
        comebacks = _Comebacks(pool, tell)
        with Disk(folder / "machine", DISK_MEGABYTES, WEARS[cuts.seed % len(WEARS)]) as disk:
            home = copy_home(reference.blank, disk.mount_point / "home")
            with Reader(home.current, reference.figures, scratch / "reading-power") as reader:
                run = _LivingHome(disk, home, folder, plan, comebacks)
                for round_ in reference.rounds:
                    run.live_through(round_)
                outcome.sort_in("the living home", compare_round(home, reference.rounds[-1]))
        for result in comebacks.results:
            cut, found, failed = result.result()
            outcome.done[cut.place] += 1
            where = f"cut {cut.number} in {cut.place} {cut.moment.words}"
            outcome.sort_in(where, found)
            outcome.failed += [f"{where}: {failure}" for failure in failed]
            tell(f"cuts: {outcome.done.total()} of {cuts.times} looked at, {len(outcome.troubles)} troubles")
    shutil.rmtree(folder, ignore_errors=True)
    outcome.seconds = time.monotonic() - started
    return outcome, reader


Plan = dict[tuple[int, str, int], list[Moment]]


def _plan(reference: Reference, cuts: int, chance: random.Random) -> Plan:
    """Choose moments: (round, step, delivery of the round) to the moments in that step."""
    plan: Plan = {}
    shares = {
        step: share for step, share in SHARES.items() if step == "load" or step in reference.rounds[0].steps
    }
    steps = chance.choices(list(shares), weights=list(shares.values()), k=cuts)
    for number, step in enumerate(sorted(steps, key=list(shares).index)):
        round_ = chance.choice(reference.rounds)
        usual = reference.usual[step]
        kind = ("end", "point", "time")[number % 3]
        if kind == "point" and not usual.points:
            kind = "time"
        value = (
            float(chance.randint(1, usual.points))
            if kind == "point"
            else chance.uniform(0.1, 1.0) * usual.seconds
        )
        moment = Moment(kind, value, loses_inbox=number % 2 == 0)
        delivery = chance.randrange(len(round_.deliveries)) if step == "load" else 0
        plan.setdefault((round_.number, step, delivery), []).append(moment)
    return plan


@dataclass(slots=True)
class _Comebacks:
    """Machines that come back with a copy of the disk, while the living home goes on; what they find, in order."""

    pool: ThreadPoolExecutor
    tell: Tell
    results: list[Future[tuple[Cut, list[str], list[str]]]] = field(default_factory=list)


class _LivingHome:
    """The home whose disk is copied."""

    def __init__(
        self, disk: Disk, home: WarehouseHome, folder: Path, plan: Plan, comebacks: _Comebacks
    ) -> None:
        self._disk = disk
        self._home = home
        self._folder = folder
        self._plan = plan
        self._comebacks = comebacks
        self._promised: datetime | None = None
        self._loaded = 0
        self._dropped = 0

    def live_through(self, round_: Round) -> None:
        """Do all steps of a round, each copied at its moments."""
        self._loaded = self._dropped = 0
        for index, delivery in enumerate(round_.deliveries):
            drop(delivery, self._home.inbox)
            self._dropped += 1
            self._do("load", round_, self._plan.get((round_.number, "load", index), []))
        for step in round_.steps:
            self._do(step, round_, self._plan.get((round_.number, step, 0), []))

    def _do(self, step: str, round_: Round, moments: list[Moment]) -> None:
        points = sorted(int(moment.value) for moment in moments if moment.kind == "point")
        times = sorted(
            (moment for moment in moments if moment.kind == "time"), key=lambda moment: moment.value
        )
        options = ("--pause-at", ",".join(map(str, points))) if points else ()
        heard = 0
        with Step(step, self._home.root, round_.as_of, *options) as running:
            while not running.has_ended:
                for line in running.said_anew(heard):
                    heard += 1
                    if line.startswith("point "):
                        number = int(line.split()[1])
                        self._cut(
                            step, round_, next(m for m in moments if (m.kind, m.value) == ("point", number))
                        )
                        running.go_on()
                if times and running.seconds >= times[0].value:
                    self._cut(step, round_, times.pop(0))
                time.sleep(0.002)
            attempt = running.wait()
        _must_have_succeeded(attempt)
        if step == "load":
            self._loaded += 1
        if step == "issue":
            self._promised = round_.as_of
        for moment in [*times, *(moment for moment in moments if moment.kind == "end")]:
            # one whose time never came was later than its end
            self._cut(step, round_, Moment("end", 0.0, moment.loses_inbox))

    def _cut(self, step: str, round_: Round, moment: Moment) -> None:
        number = len(self._comebacks.results) + 1
        image = self._folder / f"cut-{number}.img"
        self._disk.copy(image)
        cut = Cut(number, image, step, moment, round_, self._loaded, self._dropped, self._promised)
        self._comebacks.tell(f"cuts: {number} made, in {step} of round {round_.number} {moment.words}")
        self._comebacks.results.append(self._comebacks.pool.submit(_come_back, cut))


@dataclass(frozen=True, slots=True)
class Loss:
    """A cut of a disk that loses what was not flushed: in which step of which round, and when."""

    number: int
    step: str
    round: Round
    moment: Moment


def lose_what_was_not_flushed(scratch: Path, reference: Reference, losses: Cuts, tell: Tell) -> Outcome:
    """Cut the power of a disk with a write cache so often, each in a home of its own; gives what was found."""
    outcome = Outcome("power cut, write cache lost")
    started = time.monotonic()
    chance = random.Random(losses.seed)
    folder = scratch / "cache"
    shutil.rmtree(folder, ignore_errors=True)
    steps = [step for step in ("load", "issue", "load", "prepare") if step in reference.rounds[0].states]
    chosen = []
    for number in range(1, losses.times + 1):
        step, round_ = steps[number % len(steps)], reference.rounds[number % len(reference.rounds)]
        usual = reference.usual[step]
        kind = ("end", "point", "time")[number % 3]
        value = (
            float(chance.randint(1, usual.points))
            if kind == "point"
            else chance.uniform(0.3, 1.0) * usual.seconds
        )
        chosen.append(Loss(number, step, round_, Moment(kind, value, loses_inbox=number % 2 == 0)))
    with ThreadPoolExecutor(losses.workers) as pool:
        for loss, (cut, found, failed) in zip(
            chosen, pool.map(lambda loss: _come_back(_lose(folder, loss)), chosen), strict=True
        ):
            outcome.done[loss.step] += 1
            where = f"lost cache {loss.number} in {loss.step} {cut.moment.words}"
            outcome.sort_in(where, found)
            outcome.failed += [f"{where}: {failure}" for failure in failed]
            tell(
                f"lost caches: {outcome.done.total()} of {losses.times}, {where}, {len(outcome.troubles)} troubles"
            )
    shutil.rmtree(folder, ignore_errors=True)
    outcome.seconds = time.monotonic() - started
    return outcome


def _lose(folder: Path, loss: Loss) -> Cut:
    """Do one step on a disk of its own until its power is lost."""
    round_, moment = loss.round, loss.moment
    image = folder / f"lost-{loss.number}.img"
    with Disk(folder / f"machine-{loss.number}", DISK_MEGABYTES, WEARS[loss.number % len(WEARS)]) as disk:
        home = copy_home(round_.states[loss.step], disk.mount_point / "home")
        sync_file_system(disk.mount_point)
        options = ("--pause-at", f"{moment.value:.0f}") if moment.kind == "point" else ()
        with Step(loss.step, home.root, round_.as_of, *options) as running:
            while not running.has_ended:
                if moment.kind == "point" and any(line.startswith("point ") for line in running.said_anew(0)):
                    break
                if moment.kind == "time" and running.seconds >= moment.value:
                    break
                time.sleep(0.002)
            has_ended = running.has_ended
            disk.lose_power()
            running.kill()
            attempt = running.wait()
        if has_ended:
            _must_have_succeeded(attempt)
            moment = Moment("end", 0.0, moment.loses_inbox)
        disk.take_out(image)
    deliveries = len(round_.deliveries)
    is_loaded = has_ended or loss.step != "load"
    promised = round_.as_of if has_ended and loss.step == "issue" else None
    return Cut(
        number=loss.number,
        image=image,
        place=loss.step,
        moment=moment,
        round=round_,
        loaded=deliveries if is_loaded else deliveries - 1,
        dropped=deliveries,
        promised=promised,
    )


def _must_have_succeeded(attempt: Attempt) -> None:
    if attempt.exit_code != 0:
        raise StepFailedError(f"{attempt.step} of the living home: {attempt.complained[-800:]}")


def _come_back(cut: Cut) -> tuple[Cut, list[str], list[str]]:
    """Mount what the cut left, look at it, bring the round to its end and compare; gives what is wrong and what failed."""
    found: list[str] = []
    failed: list[str] = []
    with Mounted(cut.image, cut.image.with_suffix("")) as mounted:
        home = WarehouseHome(mounted.mount_point / "home")
        found += [f"after the cut: {fault}" for fault in look(home, is_all_named_whole=False)]
        found += _broken_promises(home, cut)
        if cut.moment.loses_inbox:
            for delivery in cut.round.deliveries[: cut.loaded]:
                for file in delivery.files:
                    (home.inbox / file.relative_to(delivery.folder)).unlink(missing_ok=True)
        try:
            complete("load", home.root, cut.round.as_of)
            for delivery in cut.round.deliveries[cut.dropped :]:
                drop(delivery, home.inbox)
                complete("load", home.root, cut.round.as_of)
            found += _differs_after_loads(home, cut)
            if cut.is_built_after:
                for step in _steps_from(cut):
                    complete(step, home.root, cut.round.as_of)
                found += [sentence for sentence in compare_round(home, cut.round) if sentence not in found]
            else:
                found += [sentence for sentence in look(home) if sentence not in found]
        except Exception as error:
            failed.append(str(error)[-900:])
    cut.image.unlink()
    return cut, found, failed


def _differs_after_loads(home: WarehouseHome, cut: Cut) -> list[str]:
    """Compare ``raw``; what was decided and issued is there or not as the cut came late or early, and is compared last."""
    found = differences(read_tables(home.warehouse, ("raw",)), cut.round.raw[-1])
    if cut.place == "load":
        return found
    return [line for line in found if not line.startswith(("raw.issued_figures", "raw.refresh_decisions"))]


def _steps_from(cut: Cut) -> tuple[str, ...]:
    steps = cut.round.steps
    return steps[steps.index(cut.place) :] if cut.place in steps else steps


def _broken_promises(home: WarehouseHome, cut: Cut) -> list[str]:
    """Say whether the edition that had been told of is not the one that readers open."""
    if cut.promised is None:
        return []
    try:
        current = read_current(home)
    except Exception as error:  # whatever it is, readers meet it
        return [f"after the cut: current.duckdb cannot be read: {type(error).__name__}: {str(error)[:300]}"]
    if current is None or current.as_of < cut.promised:
        return [f"after the cut: the edition of {cut.promised:%d/%m/%Y} that had been told of is gone"]
    return []
