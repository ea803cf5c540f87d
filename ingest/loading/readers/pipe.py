"""Messages between a process that reads and its parent; both ends of the pipe are this project's own code."""

import pickle
import struct
from typing import IO

from ingest.reading.file_reader import ReadReturn

_LENGTH = struct.Struct("<Q")
ReadFile = tuple[ReadReturn, ...]
"""What a file holds: a return a unit."""


def send(pipe: IO[bytes], message: object) -> None:
    """Send one message."""
    content = pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)
    pipe.write(_LENGTH.pack(len(content)))
    pipe.write(content)
    pipe.flush()


def receive(pipe: IO[bytes]) -> object:
    """Take one message.

    Raises:
        EOFError: the other end is closed.
    """
    prefix = pipe.read(_LENGTH.size)
    if len(prefix) < _LENGTH.size:
        raise EOFError
    (size,) = _LENGTH.unpack(prefix)
    content = pipe.read(size)
    if len(content) < size:
        raise EOFError
    return pickle.loads(content)  # noqa: S301  # from our own child
