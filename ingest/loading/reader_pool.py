"""The child process that reads files, and the pool that drives such children.

A hostile file may hang the reader, eat memory or crash a native library. Therefore reading happens in children with a
limit on memory and a deadline; a child that is lost costs one file its acceptance and nothing else. The standard
library's pools cannot drop one task that hangs, and import the parent's main module, which under Airflow costs seconds.
"""

import gc
import os
import pickle
import resource
import shutil
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import IO

from ingest.contracts.forms import Contracts
from ingest.contracts.verdicts import Reason, ReasonCode
from ingest.faults import fault_code, is_of_the_disk, traceback_of
from ingest.home import PROJECT_ROOT
from ingest.reading.file_reader import ArchivedFile, FileReader, ReadReturn
from ingest.reading.row_streams import bytes_in_memory, moved_to_file, packed
from ingest.reading.submission import rejected

MEMORY_BYTES = 512 * 1024 * 1024
# Of the processor, so that a verdict does not depend on what else the machine does; by the clock, ten times as long.
FILE_SECONDS = 6.0
BYTES_A_SECOND = 500_000  # of a large file, beyond those seconds
START_SECONDS = 60.0
MOST_WAITING = 10.0
_LOOK_AGAIN_SECONDS = 0.1
MODULE = "ingest.loading.reader_child"
SPOOL_PREFIX = ".reading-"
_CHUNK_FILES = 16
_CHUNK_BYTES = 4 * 1024 * 1024
_PIPE_BYTES = 1024 * 1024
# What is handed over goes through a file when it is larger; fewer bytes where many files wait to be written.
MOST_BYTES_A_FILE = 64 * 1024
MOST_BYTES_WAITING = 32 * 1024 * 1024
_LENGTH = struct.Struct("<Q")

ReadFile = tuple[ReadReturn, ...]
"""What a file holds: a return a unit."""


class ReaderLostError(Exception):
    """A child ended, or was ended at its deadline, before it answered."""

    def __init__(self, is_late: bool) -> None:
        super().__init__("deadline passed" if is_late else "ended unasked")
        self.is_late = is_late


class ReaderStartError(Exception):
    """A child could not start; its last words say why."""


class ReaderPool:
    """Reads files in child processes; use as a context manager."""

    def __init__(self, contracts: Contracts, workers: int, spool: Path | None = None) -> None:
        """Take contracts, the number of children, and where a folder for what is too large for memory may be made."""
        self._contracts = contracts
        self._threads = ThreadPoolExecutor(workers)
        self._children: list[_Child] = []
        self._of_this_thread = threading.local()
        self._spool = tempfile.TemporaryDirectory(prefix=SPOOL_PREFIX, dir=spool)
        self._bytes_waiting = _Tally()

    def __enter__(self) -> "ReaderPool":
        return self

    def __exit__(self, *_: object) -> None:
        self._threads.shutdown(cancel_futures=True)
        for child in self._children:
            child.end()
        self._spool.cleanup()

    @property
    def spool(self) -> Path:
        """The folder in which rows lie that were read and are not written yet."""
        return Path(self._spool.name)

    def start(self, files: Sequence[ArchivedFile]) -> Callable[[], Iterator[ReadReturn]]:
        """Begin to read files; what is given back waits for what each holds, in the order of the files.

        A file that cost a child its life is refused. What all files that wait hold in memory together is bounded.
        """
        futures: list[Future[list[ReadFile]]] = [
            self._threads.submit(self._read_chunk, c) for c in _chunks(files)
        ]

        def results() -> Iterator[ReadReturn]:
            for future in futures:
                for result in chain.from_iterable(future.result()):
                    self._bytes_waiting.add(-bytes_in_memory(result.rows.values()))
                    yield result

        return results

    def _read_chunk(self, files: Sequence[ArchivedFile]) -> list[ReadFile]:
        results: list[ReadFile] = []
        while len(results) < len(files):
            try:
                results.extend(map(self._kept, self._ask(files[len(results) :])))
            except ReaderLostError as error:
                results.append(self._read_alone(files[len(results)], error))
        return results

    def _read_alone(self, file: ArchivedFile, error: ReaderLostError) -> ReadFile:
        """Read a file once more, which another may have cost its reader; its time it has had."""
        if not error.is_late:
            try:
                (result,) = self._ask([file])
                return self._kept(result)
            except ReaderLostError as again:
                error = again
        return (ReadReturn(rejected(file.arrival, _reason_of(error))),)

    def _kept(self, results: ReadFile) -> ReadFile:
        """Let what was read wait: in memory while there is little, else in a file."""
        return tuple(map(self._kept_part, results))

    def _kept_part(self, result: ReadReturn) -> ReadReturn:
        size = bytes_in_memory(result.rows.values())
        if self._bytes_waiting.value + size > MOST_BYTES_WAITING:
            return replace(result, rows=moved_to_file(result.rows, self.spool))
        self._bytes_waiting.add(size)
        return result

    def _ask(self, files: Sequence[ArchivedFile]) -> Iterator[ReadFile]:
        child: _Child | None = getattr(self._of_this_thread, "child", None)
        if child is None or child.is_lost:
            child = self._of_this_thread.child = _Child(self._contracts, self.spool)
            self._children.append(child)
        return child.ask(files)


def remove_old_spools(folder: Path) -> None:
    """Remove what a load that was killed left in a folder; only for who alone writes the warehouse."""
    for path in folder.glob(f"{SPOOL_PREFIX}*"):
        shutil.rmtree(path, ignore_errors=True)


class _Tally:
    """A number that several threads add to."""

    def __init__(self) -> None:
        self.value = 0
        self._lock = threading.Lock()

    def add(self, amount: int) -> None:
        with self._lock:
            self.value += amount


class _Child:
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
                _send(self._process.stdin, message)
            return _receive(self._process.stdout)
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


def serve(requests: IO[bytes], answers: IO[bytes]) -> None:
    """Be a child: take the contracts, then lists of files, until the pipe is closed.

    Python looks for circles of garbage between answers only: while a file is read there are millions of cells to go
    through each time, in vain.
    """
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_BYTES, MEMORY_BYTES))
    task = _receive(requests)
    if not (isinstance(task, tuple) and isinstance(task[0], Contracts) and isinstance(task[1], Path)):
        raise TypeError("the first message is the contracts, and the folder for large answers")
    reader, spool = FileReader(task[0]), task[1]
    _send(answers, "ready")
    gc.freeze()
    gc.disable()
    while True:
        try:
            files = _receive(requests)
        except EOFError:
            return
        if not isinstance(files, list):
            raise TypeError("every further message is a list of files")
        for file in files:
            try:
                answer: ReadFile | OSError = read_safely(reader, file, spool)
            except OSError as error:
                answer = OSError(error.errno, error.strerror)  # without what the error holds on to
            _send(answers, answer)
        gc.collect()


def read_safely(reader: FileReader, file: ArchivedFile, spool: Path) -> ReadFile:
    """Read a file; a defect of ours refuses that file, in words that ask for it to be reported.

    Args:
        reader: reads it.
        file: the file in the archive.
        spool: where what was read goes when it is large.

    Raises:
        OSError: the disk failed, which is no file's fault.
    """
    try:
        return tuple(
            ReadReturn(found.submission, packed(found.tables, spool, MOST_BYTES_A_FILE))
            for found in reader.read(file)
        )
    except MemoryError:
        return (ReadReturn(rejected(file.arrival, Reason.of(ReasonCode.READER_LOST))),)
    except Exception as error:  # whatever a defect raises, the other files are read
        if is_of_the_disk(error):
            raise
        reason = Reason.of(ReasonCode.READER_DEFECT, fault=fault_code(error))
        return (ReadReturn(rejected(file.arrival, reason), fault=traceback_of(error)),)


def _seconds_for(file: ArchivedFile) -> float:
    """Give the processor time that reading a file by itself may take: more for one of many bytes."""
    return FILE_SECONDS + file.arrival.size_bytes / BYTES_A_SECOND


def _reason_of(error: ReaderLostError) -> Reason:
    return Reason.of(ReasonCode.READING_TOO_LONG if error.is_late else ReasonCode.READER_LOST)


def _chunks(files: Iterable[ArchivedFile]) -> Iterator[list[ArchivedFile]]:
    chunk: list[ArchivedFile] = []
    size = 0
    for file in files:
        if chunk and (len(chunk) == _CHUNK_FILES or size + file.arrival.size_bytes > _CHUNK_BYTES):
            yield chunk
            chunk, size = [], 0
        chunk.append(file)
        size += file.arrival.size_bytes
    if chunk:
        yield chunk


def _send(pipe: IO[bytes], message: object) -> None:
    content = pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)
    pipe.write(_LENGTH.pack(len(content)))
    pipe.write(content)
    pipe.flush()


def _receive(pipe: IO[bytes]) -> object:
    """Take one message; both ends of the pipe are this project's own code."""
    prefix = pipe.read(_LENGTH.size)
    if len(prefix) < _LENGTH.size:
        raise EOFError
    (size,) = _LENGTH.unpack(prefix)
    content = pipe.read(size)
    if len(content) < size:
        raise EOFError
    return pickle.loads(content)  # noqa: S301  # from our own child
