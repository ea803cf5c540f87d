"""Processes that are started, watched and killed with everything that they started."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import IO

import psutil

from ingest.home import PROJECT_ROOT

LONGEST_STEP = 1_200.0


class StepFailedError(AssertionError):
    """A step that nobody disturbed did not come to its end."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One run of a step.

    Attributes:
        exit_code: as ``subprocess`` gives it; negative where a signal ended it.
        seconds: from start to end.
        said, complained: what it wrote to its two streams.
    """

    step: str
    exit_code: int
    seconds: float
    said: str
    complained: str

    @property
    def was_killed(self) -> bool:
        """Tell whether it died of the kill and not at its own end."""
        return self.exit_code == -signal.SIGKILL


class Step:
    """A step that runs as the leader of a process group of its own."""

    def __init__(self, step: str, home: Path, as_of: datetime, *options: str) -> None:
        self._name = step
        self._started = time.monotonic()
        self._lines: list[str] = []
        self._errors: list[str] = []
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-m", "tests.faults.step", step),
                *("--home", str(home), "--as-of", as_of.isoformat(), *options),
            ],
            cwd=PROJECT_ROOT,
            env={**os.environ, "WAREHOUSE_HOME": str(home), "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self._listeners = [
            threading.Thread(target=_listen, args=arguments, daemon=True)
            for arguments in ((self._process.stdout, self._lines), (self._process.stderr, self._errors))
        ]
        for listener in self._listeners:
            listener.start()

    def __enter__(self) -> "Step":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()

    @property
    def has_ended(self) -> bool:
        """Tell whether it has ended by itself or by a kill."""
        return self._process.poll() is not None

    @property
    def seconds(self) -> float:
        """How long ago it was started."""
        return time.monotonic() - self._started

    def said_anew(self, behind: int) -> list[str]:
        """Give the lines said behind the first so many."""
        return self._lines[behind:]

    def go_on(self) -> None:
        """Let it go on after a pause."""
        if self._process.stdin:
            with suppress(BrokenPipeError):
                self._process.stdin.write("\n")
                self._process.stdin.flush()

    def kill(self) -> None:
        """Kill it and all processes of its group at once."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def wait(self, at_most: float = LONGEST_STEP) -> Attempt:
        """Wait for its end, by itself or by a kill; one that takes too long is killed and is a failure."""
        try:
            self._process.wait(at_most)
        except subprocess.TimeoutExpired as error:
            self.kill()
            raise StepFailedError(f"{self._name} did not end within {at_most:.0f} s") from error
        _end_group(self._process.pid)
        for listener in self._listeners:
            listener.join(5)
        return Attempt(
            self._name, self._process.returncode, self.seconds, "".join(self._lines), "".join(self._errors)
        )


def complete(step: str, home: Path, as_of: datetime, *options: str) -> Attempt:
    """Run a step undisturbed to its end.

    Raises:
        StepFailedError: it failed; the text holds the end of what it said.
    """
    with Step(step, home, as_of, *options) as running:
        attempt = running.wait()
    if attempt.exit_code != 0:
        raise StepFailedError(f"{step} ended with {attempt.exit_code}: {attempt.complained[-1_500:]}")
    return attempt


def run_and_kill(step: str, home: Path, as_of: datetime, after: float | None, at_point: int) -> Attempt:
    """Run a step and kill its group after so many seconds, or let it kill itself at a point."""
    options = ("--kill-at", str(at_point)) if at_point else ()
    with Step(step, home, as_of, *options) as running:
        if after is not None:
            while running.seconds < after and not running.has_ended:
                time.sleep(0.002)
            running.kill()
        return running.wait()


def _end_group(leader: int) -> None:
    """Kill what outlives the leader of a group, and wait until it is gone: it may keep the database locked."""
    until = time.monotonic() + 30
    while time.monotonic() < until and (living := list(_group(leader))):
        for process in living:
            with suppress(psutil.Error):
                process.kill()
        time.sleep(0.02)


def _group(leader: int) -> Iterator[psutil.Process]:
    for process in psutil.process_iter():
        with suppress(psutil.Error, ProcessLookupError):
            if os.getpgid(process.pid) == leader and process.status() != psutil.STATUS_ZOMBIE:
                yield process


def _listen(stream: IO[str], lines: list[str]) -> None:
    for line in stream:
        lines.append(line)
