"""Rows of ``raw`` tables on their way from whoever read them to the one process that writes.

They travel as Arrow streams: in memory while they are few, in a file when they are many. The writer takes them a batch
at a time, so that its memory does not depend on what a file holds.
"""

import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

BATCH_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class RowStream:
    """Rows of one table, to be read as often as wanted.

    Attributes:
        content: an Arrow stream; of rows in a file, None.
        path: the file that the stream lies in, or None.
        offset: where in the file it begins.
    """

    content: pa.Buffer | None
    path: Path | None = None
    offset: int = 0

    @classmethod
    def of(cls, table: pa.Table) -> "RowStream":
        """Give the rows of a table as a stream in memory."""
        sink = pa.BufferOutputStream()
        _write(table, sink)
        return cls(sink.getvalue())

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Give the rows, of which never more than a batch is in memory beside the stream itself."""
        if self.path is None:
            yield from pa.ipc.open_stream(self.content)
            return
        with pa.OSFile(str(self.path)) as file:
            file.seek(self.offset)
            yield from pa.ipc.open_stream(file)

    def table(self) -> pa.Table:
        """Give all rows together."""
        return pa.Table.from_batches(list(self.batches()))


def packed(tables: Mapping[str, pa.Table], folder: Path, most_bytes: int) -> dict[str, RowStream]:
    """Give tables as streams: in memory if they take no more than ``most_bytes`` together, else in one file.

    Args:
        tables: name of the ``raw`` table to its rows; those without rows are left out.
        folder: where the file is made; whoever gave the folder removes it.
        most_bytes: what may stay in memory.

    Raises:
        OSError: the disk does not take the file.
    """
    filled = {name: table for name, table in tables.items() if table.num_rows}
    if sum(table.nbytes for table in filled.values()) <= most_bytes:
        return {name: RowStream.of(table) for name, table in filled.items()}
    streams = {}
    with _new_file(folder) as (path, file):
        for name, table in filled.items():
            streams[name] = RowStream(None, path, file.tell())
            _write(table, file)
    return streams


def moved_to_file(streams: Mapping[str, RowStream], folder: Path) -> dict[str, RowStream]:
    """Give streams that lie in a file, all in one; those that were in memory are written there.

    Raises:
        OSError: the disk does not take the file.
    """
    in_memory = {name: stream.content for name, stream in streams.items() if stream.content is not None}
    if not in_memory:
        return dict(streams)
    moved = dict(streams)
    with _new_file(folder) as (path, file):
        for name, content in in_memory.items():
            moved[name] = RowStream(None, path, file.tell())
            file.write(content)
    return moved


def bytes_in_memory(streams: Iterable[RowStream]) -> int:
    """Give how much memory streams take, in bytes; what lies in a file takes none."""
    return sum(stream.content.size for stream in streams if stream.content is not None)


def remove_files(streams: Iterable[RowStream]) -> None:
    """Remove the files that streams lie in; they cannot be read any more."""
    for path in {stream.path for stream in streams if stream.path is not None}:
        path.unlink(missing_ok=True)


class RowSpool:
    """Rows that come in pieces and go into a file a table, to be read as one stream; use as a context manager.

    Memory is that of the piece that is added. The files are removed when the context ends, and the streams with them.

    Args:
        folder: where the files go; must be there.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._writers: dict[str, tuple[RowStream, pa.NativeFile, pa.ipc.RecordBatchStreamWriter]] = {}

    def __enter__(self) -> "RowSpool":
        return self

    def __exit__(self, *_: object) -> None:
        self.streams()
        remove_files(stream for stream, _, _ in self._writers.values())

    def add(self, name: str, table: pa.Table) -> None:
        """Add rows of a table.

        Raises:
            OSError: the disk does not take them.
        """
        if name not in self._writers:
            path = _new_path(self._folder)
            file = pa.OSFile(str(path), "wb")
            self._writers[name] = (RowStream(None, path), file, pa.ipc.new_stream(file, table.schema))
        self._writers[name][2].write_table(table, _rows_of_a_batch(table))

    def streams(self) -> dict[str, RowStream]:
        """End writing, and give what was added, by name of the table."""
        for _, file, writer in self._writers.values():
            if not file.closed:
                writer.close()
                file.close()
        return {name: stream for name, (stream, _, _) in self._writers.items()}


@contextmanager
def _new_file(folder: Path) -> Iterator[tuple[Path, pa.NativeFile]]:
    """Make a new file to write in; it is removed again where that fails."""
    path = _new_path(folder)
    try:
        with pa.OSFile(str(path), "wb") as file:
            yield path, file
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _new_path(folder: Path) -> Path:
    descriptor, name = tempfile.mkstemp(dir=folder, prefix="rows-", suffix=".arrow")
    os.close(descriptor)
    return Path(name)


def _write(table: pa.Table, sink: pa.NativeFile) -> None:
    with pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table, _rows_of_a_batch(table))


def _rows_of_a_batch(table: pa.Table) -> int:
    """Give how many rows make a batch of about ``BATCH_BYTES``."""
    return max(1, int(table.num_rows) * BATCH_BYTES // max(1, int(table.nbytes)))
