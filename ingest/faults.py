"""Faults of the software: told to people by a short code, to whoever mends it by the traceback in the log.

A disk that is full is told apart: that is no file's fault, and ends a load.
"""

import errno
import hashlib
import logging
import traceback

_LOG = logging.getLogger(__name__)
_DISK = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS})


def fault_code(error: BaseException) -> str:
    """Give six hex digits for the kind of an error and the place where it was raised: the same fault has the same code."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{frames[-1].filename.rpartition('/')[2]}:{frames[-1].name}" if frames else ""
    return hashlib.sha256(f"{type(error).__name__}|{place}".encode()).hexdigest()[:6].upper()


def traceback_of(error: BaseException) -> str:
    """Give an error with where it was raised, as Python prints it."""
    return "".join(traceback.format_exception(error))


def log_fault(relative_path: str, sentence: str, trace: str) -> None:
    """Write a fault into the log, with what people were told of it."""
    _LOG.error("%s: %s\n%s", relative_path, sentence, trace)


def is_of_the_disk(error: BaseException) -> bool:
    """Whether the system says that the disk is full or read-only: every other file would fail alike."""
    return isinstance(error, OSError) and error.errno in _DISK
