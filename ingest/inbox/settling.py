"""When a file in the inbox has stopped changing, so that no half of one is taken.

What can be seen of a file: every write sets both its times, *mtime* and *ctime*, to the same instant; renaming it into
place, or giving it an older time as a copy does at its end, sets ctime alone, which no program can choose. So

- a ctime older than the settle time: nothing at all was done to the file since, whatever its mtime says;
- a younger ctime that is not the mtime: the last thing done was no write, the file is complete. A program that writes
  on under a time that it set before (Samba does, for Windows) looks the same, so such a file is looked at again after a
  moment and must not have changed;
- a younger ctime that is the mtime: the last thing done was a write, and another may follow.

Where ctime lies in the future (the clock of a file server, or our own was set back) times prove nothing, and the file is
looked at again.
"""

import os
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Settling:
    """How patient a load is.

    Attributes:
        age: for how long nothing was done to a file that is taken; with none, also what was written just now is taken.
        pause: how long to wait before a file is looked at again that was not proven to be at rest; with none, it is not.
    """

    age: timedelta
    pause: timedelta

    @classmethod
    def from_environment(cls) -> "Settling":
        """Give the patience of a load that nobody waits for; ``WAREHOUSE_SETTLE_SECONDS`` changes the settle time.

        Raises:
            ValueError: the setting is no number.
        """
        seconds = os.environ.get("WAREHOUSE_SETTLE_SECONDS", "").strip()
        return replace(BY_ITSELF, age=timedelta(seconds=float(seconds))) if seconds else BY_ITSELF


TAKE_ALL = Settling(timedelta(0), timedelta(0))
AT_THE_TERMINAL = Settling(timedelta(0), timedelta(seconds=1))  # somebody has copied files and says so
BY_ITSELF = Settling(timedelta(seconds=45), timedelta(seconds=1))


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen of a file: size in bytes and times in nanoseconds."""

    size: int
    modified: int
    changed: int

    @classmethod
    def of(cls, status: os.stat_result) -> "Seen":
        """Take from a file's status what a change of it would change."""
        return cls(status.st_size, status.st_mtime_ns, status.st_ctime_ns)


def still_changing(
    files: Iterable[tuple[Path, Seen]],
    now: datetime,
    settling: Settling,
    pause: Callable[[float], None] = time.sleep,
) -> set[Path]:
    """Give the files that may be half.

    Args:
        files: paths with what was seen of them just now.
        now: the moment of looking, with time zone.
        settling: how patient to be.
        pause: waits for some seconds.
    """
    at_rest = _nanoseconds(now - (settling.age or BY_ITSELF.age))
    in_future = _nanoseconds(now + BY_ITSELF.age)
    changing: set[Path] = set()
    unproven: list[tuple[Path, Seen]] = []
    for path, seen in files:
        if seen.changed <= at_rest:
            continue
        was_written_last = seen.changed == seen.modified
        if settling.age and was_written_last and seen.changed <= in_future:
            changing.add(path)
        else:
            unproven.append((path, seen))
    if unproven and settling.pause:
        pause(settling.pause.total_seconds())
        changing |= set(_changed(unproven))
    return changing


def _changed(files: Sequence[tuple[Path, Seen]]) -> Iterable[Path]:
    for path, seen in files:
        try:
            if Seen.of(path.stat()) != seen:
                yield path
        except OSError:
            continue  # gone, which is told when it is read


def _nanoseconds(moment: datetime) -> int:
    return int(moment.astimezone(UTC).timestamp() * 1_000_000_000)
