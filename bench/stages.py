"""What a stage takes: time, processor, memory, what was spilled; and which stages of a long measurement are done.

A national decade takes an hour. A stage that is done is noted in the home that it was done in, with what it printed, so that a
measurement that was stopped goes on with the next one.
"""

import json
import os
import resource
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import psutil
from rich.console import Console

SPILL_FOLDERS = ("*.tmp", "editions/**/*.spill")


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage that was measured, with all processes that it started.

    Attributes:
        name: what it is called.
        seconds: by the clock.
        cpu_seconds: of all processes together.
        peak_megabytes: resident memory of all processes together, at its highest.
        peak_spilled: megabytes that DuckDB had written beside its databases for want of memory, at their highest.
    """

    name: str
    seconds: float
    cpu_seconds: float
    peak_megabytes: float
    peak_spilled: float = 0.0


@dataclass(slots=True)
class _Peaks:
    resident: float = 0.0
    spilled: float = 0.0
    is_over: threading.Event = field(default_factory=threading.Event)


def measure(name: str, work: Callable[[], object], root: Path | None = None) -> Stage:
    """Time something, with the processor time and the peak of memory of this process and its children.

    Args:
        name: what the stage is called.
        work: what is timed.
        root: folder of the warehouse beside whose databases is looked for what they spill.
    """
    peaks = _Peaks()
    watcher = threading.Thread(target=_watch, args=(peaks, root))
    cpu, started = _cpu_seconds(), time.monotonic()
    watcher.start()
    try:
        work()
    finally:
        seconds = time.monotonic() - started
        peaks.is_over.set()
        watcher.join()
    return Stage(name, seconds, _cpu_seconds() - cpu, peaks.resident, peaks.spilled)


def megabytes_in(place: Path) -> float:
    """What a file, or all below a folder, takes on the disk, in millions of bytes; files may vanish meanwhile."""
    total = 0
    for path in (place, *place.rglob("*")):
        try:
            total += path.lstat().st_blocks * 512
        except FileNotFoundError:
            continue
    return total / 1e6


class Record:
    """The stages that are done in a home, with what they printed."""

    def __init__(self, path: Path) -> None:
        """Read what is noted, or begin.

        Args:
            path: the file of notes.
        """
        self._path = path
        self._notes: dict[str, str] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}

    @property
    def as_of(self) -> datetime:
        """The instant that all stages are built for: that of the first look at it."""
        if "as of" not in self._notes:
            self._note("as of", datetime.now(UTC).isoformat())
        return datetime.fromisoformat(self._notes["as of"])

    def once(self, console: Console, stage: str, work: Callable[[], object]) -> None:
        """Do a stage and print what it prints; of one that is done, only what it printed then.

        Args:
            console: where it is printed.
            stage: its name, one in this home.
            work: does it and prints on the console.
        """
        if stage not in self._notes:
            with console.capture() as capture:
                work()
            self._note(stage, capture.get())
        else:
            console.print(f"{stage}: done before")
        console.out(self._notes[stage], end="", highlight=False)

    def _note(self, key: str, text: str) -> None:
        self._notes[key] = text
        self._path.write_text(json.dumps(self._notes, ensure_ascii=False, indent=1), encoding="utf-8")


def _cpu_seconds() -> float:
    """Of this process and all that it started, whether they have ended or, as workers of a cluster, go on."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    seconds = sum(each.ru_utime + each.ru_stime for each in used)
    for child in psutil.Process(os.getpid()).children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            seconds += sum(child.cpu_times()[:4])  # its own, and those of its children that have ended
    return seconds


def _watch(peaks: _Peaks, root: Path | None) -> None:
    me = psutil.Process(os.getpid())
    while not peaks.is_over.wait(0.1):
        try:
            family = [me, *me.children(recursive=True)]
            peaks.resident = max(peaks.resident, sum(member.memory_info().rss for member in family) / 1e6)
        except psutil.NoSuchProcess:
            continue
        if root is not None:
            spilled = sum(megabytes_in(found) for pattern in SPILL_FOLDERS for found in root.glob(pattern))
            peaks.spilled = max(peaks.spilled, spilled)
