"""Bytes of what arrived, while they are copied: what is wrong with the original is told from what is wrong with the copy.

A file that cannot be read is that file's trouble; a disk that does not take the copy is everybody's.
"""

import errno
import os
import stat
from typing import IO

from ingest.contracts.verdicts import ReasonCode
from ingest.inbox.listing import InboxFile, ZipMember
from ingest.inbox.settling import Seen


class OutOfReachError(Exception):
    """The original cannot be read; its code says why."""

    def __init__(self, code: ReasonCode) -> None:
        super().__init__(code.value)
        self.code = code


class StillChangingError(Exception):
    """The original changed while it was being read, so that the copy may be of no moment at all."""


class Original:
    """A file of the inbox to read from; use as a context manager, which raises what reading raises."""

    def __init__(self, file: InboxFile) -> None:
        self._file = file
        self._content: IO[bytes]

    def __enter__(self) -> "Original":
        try:
            # a pipe that took the file's place meanwhile would be waited for
            self._content = os.fdopen(os.open(self._file.path, os.O_RDONLY | os.O_NONBLOCK), "rb")
        except OSError as error:
            raise OutOfReachError(_code_of(error)) from error
        if not stat.S_ISREG(os.fstat(self._content.fileno()).st_mode):
            self._content.close()
            raise OutOfReachError(ReasonCode.NOT_A_FILE)
        return self

    def __exit__(self, *_: object) -> None:
        self._content.close()

    def read(self, size: int = -1) -> bytes:
        """Read some bytes; none at the end.

        Raises:
            OutOfReachError: they cannot be read.
            StillChangingError: at the end, when it is another one than was seen in the inbox.
        """
        try:
            content = self._content.read(size)
            now = Seen.of(os.fstat(self._content.fileno()))
        except OSError as error:
            raise OutOfReachError(_code_of(error)) from error
        if not content and self._file.seen is not None and now != self._file.seen:
            raise StillChangingError
        return content


class MemberContent:
    """A member of a zip to read from; use as a context manager, which raises what reading raises."""

    def __init__(self, member: ZipMember) -> None:
        self._member = member
        self._content: IO[bytes] | None = None

    def __enter__(self) -> "MemberContent":
        try:
            self._content = self._member.open().__enter__()
        except Exception as error:  # zipfile and the unpackers raise types of their own
            raise OutOfReachError(ReasonCode.UNREADABLE_FILE) from error
        return self

    def __exit__(self, *_: object) -> None:
        if self._content is not None:
            self._content.close()

    def read(self, size: int = -1) -> bytes:
        """Read some bytes; none at the end.

        Raises:
            OutOfReachError: they cannot be unpacked.
        """
        try:
            return self._content.read(size) if self._content is not None else b""
        except Exception as error:  # as above
            raise OutOfReachError(ReasonCode.UNREADABLE_FILE) from error


def _code_of(error: OSError) -> ReasonCode:
    if isinstance(error, PermissionError):
        return ReasonCode.NO_PERMISSION
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return ReasonCode.GONE
    return (
        ReasonCode.NOT_A_FILE
        if error.errno in {errno.ENXIO, errno.ELOOP, errno.EISDIR}
        else ReasonCode.DISK_ERROR
    )
