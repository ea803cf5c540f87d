"""One process that reads, as its parent sees it: started, asked, given its time, ended."""

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from ingest.contracts.forms import Contracts
from ingest.home import PROJECT_ROOT
from ingest.loading.readers.pipe import ReadFile, receive, send
from ingest.reading.file_reader import ArchivedFile

# Of the processor, so that a verdict does not depend on what else the machine does; by the clock, ten times as long.
FILE_SECONDS = 6.0
BYTES_A_SECOND = 500_000  # of a large file, beyond those seconds
START_SECONDS = 60.0
MOST_WAITING = 10.0
_LOOK_AGAIN_SECONDS = 0.1
MODULE = "ingest.loading.readers.program"
_PIPE_BYTES = 1024 * 1024


class ReaderLostError(Exception):
    """A child ended, or was ended at its deadline, before it answered."""

    def __init__(self, is_late: bool) -> None:
        super().__init__("deadline passed" if is_late else "ended unasked")
        self.is_late = is_late


class ReaderStartError(Exception):
    """A child could not start; its last words say why."""


class Child:
    """One child process and the pipes to it."""

    def __init__(self, contracts: Contracts, spool: Path) -> None:
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115  # closed in end()
        environment = os.environ | {"PYTHONPATH": str(PROJECT_ROOT), "ARROW_DEFAULT_MEMORY_POOL": "system"}
        self._process = subprocess.Popen(
            [sys.executable, "-m", MODULE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._complaints,
            env=environment,
            cwd=PROJECT_ROOT,
            pipesize=_PIPE_BYTES,
        )
        self.is_lost = False
        self._last_words = ""
        self._is_greeted = False
        self._task = (contracts, spool)

    def ask(self, files: Sequence[ArchivedFile]) -> Iterator[ReadFile]:
        """Have files read one after the other, each within its time of the processor; starting the child does not count.

        Raises:
            ReaderLostError: the child ended, or was ended at its deadline, over the next file.
            OSError: the disk does not take what was read; no file's fault.
        """
        if not self._is_greeted:
            self._greet()
        message: object = list(files)
        unanswered = len(files)
        try:
            for file in files:
                answer = self._exchange(message, _seconds_for(file))
                message = None
                if isinstance(answer, OSError):
                    raise answer
                if not isinstance(answer, tuple):
                    raise TypeError(f"a reader answered {type(answer).__name__}")
                unanswered -= 1
                yield answer
        finally:
            if unanswered:  # what it would still say is of files that nobody waits for
                self.end()

    def _greet(self) -> None:
        """Hand over the contracts; a child that cannot even start is the project's defect, not a file's."""
        try:
            self._exchange(self._task, START_SECONDS)
        except ReaderLostError as error:
            raise ReaderStartError(self._last_words) from error
        self._is_greeted = True

    def end(self) -> None:
        """End the process, whatever it does."""
        if not self.is_lost:
            self._complaints.seek(0)
            self._last_words = self._complaints.read().decode(errors="replace")[-2000:]
            self._complaints.close()
        self.is_lost = True
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                with suppress(OSError):  # what was not sent any more
                    pipe.close()

    def _exchange(self, message: object | None, seconds: float) -> object:
        """Send a message, if there is one, and wait for the next answer."""
        answered, late = threading.Event(), threading.Event()
        begun, used_before = time.monotonic(), _processor_seconds(self._process.pid)

        def watch() -> None:
            pause = seconds
            while not answered.wait(pause):
                used = _processor_seconds(self._process.pid) - used_before
                if used >= seconds or time.monotonic() - begun >= MOST_WAITING * seconds:
                    late.set()
                    self._process.kill()
                    return
                pause = max(seconds - used, _LOOK_AGAIN_SECONDS)

        threading.Thread(target=watch, daemon=True).start()
        try:
            if self._process.stdin is None or self._process.stdout is None:
                raise BrokenPipeError
            if message is not None:
                send(self._process.stdin, message)
            return receive(self._process.stdout)
        except (OSError, EOFError) as error:
            self.end()
            raise ReaderLostError(late.is_set()) from error
        finally:
            answered.set()


def _processor_seconds(pid: int) -> float:
    """Give the processor time that a process has used; the clock's where the system does not tell."""
    try:
        fields = (
            Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        )
    except OSError:
        return time.monotonic()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _seconds_for(file: ArchivedFile) -> float:
    """Give the processor time that reading a file by itself may take: more for one of many bytes."""
    return FILE_SECONDS + file.arrival.size_bytes / BYTES_A_SECOND
