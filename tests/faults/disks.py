"""The disk fills up while the system works, and somebody makes room.

A step starts with a given amount of room on a small file system of its own. When it is too little it must end with one
sentence that a person understands and without harm to the edition that readers have open; with room again, the same
steps come to the end of the round and to the reference.
"""

import os
import random
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

from ingest.home import PROJECT_ROOT, WarehouseHome
from tests.faults.children import Attempt, Step, complete
from tests.faults.contents import read_tables
from tests.faults.kills import compare_round, look
from tests.faults.outcome import Outcome
from tests.faults.power import Mounted, format_image, sync_file_system
from tests.faults.reference import Reference, Round, Tell, copy_home

DISK_MEGABYTES = 512
ROOM = (0, 96 << 10, 512 << 10, 2 << 20, 6 << 20)
STEPS = ("load", "staging", "intermediate", "prepare", "issue")
_SAYS_SO = re.compile(r"ổ đĩa|đĩa đã đầy|hết chỗ|dung lượng", re.IGNORECASE)


def fill_disks(scratch: Path, reference: Reference, seed: int, tell: Tell) -> Outcome:
    """Fill the disk in every step that writes much; gives what was found."""
    outcome = Outcome("full disk")
    started = time.monotonic()
    chance = random.Random(seed)
    folder = scratch / "full"
    shutil.rmtree(folder, ignore_errors=True)
    round_ = reference.rounds[-1]
    for step in STEPS:
        if step not in round_.states:
            continue
        image = folder / "disk.img"
        format_image(image, DISK_MEGABYTES)
        with Mounted(image, folder / "disk") as disk:
            home = copy_home(round_.states[step], disk.mount_point / "home")
            sync_file_system(disk.mount_point)
            for room in ROOM:
                _try_with(home, step, round_, room + chance.randrange(64 << 10), outcome)
            _make_room(home)
            _finish(home, step, round_, outcome)
        image.unlink()
        tell(
            f"full disk: {step}, {outcome.done[step]} times too little room, {len(outcome.troubles)} troubles"
        )
    shutil.rmtree(folder, ignore_errors=True)
    outcome.seconds = time.monotonic() - started
    return outcome


def _try_with(home: WarehouseHome, step: str, round_: Round, room: int, outcome: Outcome) -> None:
    """Run a step with so many bytes of room."""
    _leave(home, room)
    attempt = _run(home, step, round_)
    where = f"{step} with {room >> 10:,} KB"
    if attempt.exit_code != 0:
        outcome.done[step] += 1
        outcome.failed += [f"{where}: {fault}" for fault in _not_a_sentence(attempt)]
    if home.current.exists():
        try:
            read_tables(home.current, ("reviews",))
        except Exception as error:  # whatever it is, a reader meets it
            outcome.wrong.append(f"{where}: readers are hurt: {error}")
    outcome.sort_in(where, look(home))


def _run(home: WarehouseHome, step: str, round_: Round) -> Attempt:
    if step != "load":
        with Step(step, home.root, round_.as_of) as running:
            return running.wait()
    # as a person calls it
    started = time.monotonic()
    finished = subprocess.run(
        [sys.executable, "-m", "ingest", "load"],
        cwd=PROJECT_ROOT,
        env={**os.environ, "WAREHOUSE_HOME": str(home.root)},
        capture_output=True,
        text=True,
        check=False,
    )
    seconds = time.monotonic() - started
    return Attempt(step, finished.returncode, seconds, finished.stdout, finished.stderr)


def _not_a_sentence(attempt: Attempt) -> list[str]:
    """Say what is wrong with how a failure was told: the command itself prints a sentence, a task raises one."""
    last = attempt.complained.strip().splitlines()[-1:] or [""]
    found = []
    if attempt.step == "load" and "Traceback" in attempt.complained:
        found.append(f"a traceback: {last[0][:200]}")
    if not _SAYS_SO.search(attempt.complained[-1_500:]):
        found.append(f"nothing about the disk in: {attempt.complained.strip()[-300:]}")
    return found


def _leave(home: WarehouseHome, room: int) -> None:
    """Fill the disk until there is only so much room."""
    _make_room(home)
    free = os.statvfs(home.root).f_bavail * os.statvfs(home.root).f_frsize
    with _ballast(home).open("wb") as ballast:
        os.posix_fallocate(ballast.fileno(), 0, max(1, free - room))


def _make_room(home: WarehouseHome) -> None:
    _ballast(home).unlink(missing_ok=True)


def _ballast(home: WarehouseHome) -> Path:
    return home.root.parent / "ballast"


def _finish(home: WarehouseHome, step: str, round_: Round, outcome: Outcome) -> None:
    """With room again, go on to the end of the round and compare."""
    steps = ("load", *round_.steps)
    try:
        for following in steps[steps.index(step) :]:
            complete(following, home.root, round_.as_of)
        outcome.sort_in(f"{step} after room was made", compare_round(home, round_))
    except Exception as error:
        outcome.failed.append(f"{step} after room was made: {str(error)[-900:]}")
