"""The pool of processes that read, and what has been read and waits to be written.

The standard library's pools cannot drop one task that hangs, and import the parent's main module, which under Airflow costs
seconds.
"""

import shutil
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from itertools import chain
from pathlib import Path

from ingest.contracts.forms import Contracts
from ingest.contracts.verdicts import Reason, ReasonCode
from ingest.loading.readers.child_process import Child, ReaderLostError
from ingest.loading.readers.pipe import ReadFile
from ingest.reading.file_reader import ArchivedFile, ReadReturn
from ingest.reading.row_streams import bytes_in_memory, moved_to_file
from ingest.reading.submission import rejected

SPOOL_PREFIX = ".reading-"
_CHUNK_FILES = 16
_CHUNK_BYTES = 4 * 1024 * 1024
MOST_BYTES_WAITING = 32 * 1024 * 1024


class ReaderPool:
    """Reads files in child processes; use as a context manager."""

    def __init__(self, contracts: Contracts, workers: int, spool: Path | None = None) -> None:
        """Take contracts, the number of children, and where a folder for what is too large for memory may be made."""
        self._contracts = contracts
        self._threads = ThreadPoolExecutor(workers)
        self._children: list[Child] = []
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
        child: Child | None = getattr(self._of_this_thread, "child", None)
        if child is None or child.is_lost:
            child = self._of_this_thread.child = Child(self._contracts, self.spool)
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
