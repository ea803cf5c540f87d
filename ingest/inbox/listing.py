"""What lies in the inbox.

Lists files as they arrived, opens zip files into their members, and leaves alone what no one sent: the lock files of
office programs and hidden files of operating systems. Files are only looked at here; the archive keeps them. What cannot
even be looked at stands in the list with the reason, so that one such file keeps no other from being read.
"""

import errno
import os
import stat
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import IO

from ingest.contracts.verdicts import ReasonCode
from ingest.inbox.settling import TAKE_ALL, Seen, Settling, still_changing
from ingest.text.file_encoding import decode_text, share_of_words
from ingest.text.folding import compose
from ingest.workbooks.file_kinds import is_workbook_archive

_IGNORED_NAMES = frozenset({"thumbs.db", "desktop.ini"})
_IGNORED_PREFIXES = (".", "~$", "__macosx")
_CHUNK_BYTES = 1 << 20
MOST_MEMBERS = 10_000
MOST_UNPACKED_BYTES = 1024 * 1024 * 1024
MOST_MEMBER_BYTES = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class InboxFile:
    """A file in the inbox, not yet read.

    Attributes:
        received_at: its modification time, never later than the moment of looking.
        seen: what was seen of it, by which a change while it is read is noticed; None where nothing could be seen.
        trouble: why it cannot be read at all, or None.
    """

    path: Path
    relative_path: str
    size_bytes: int
    received_at: datetime
    seen: Seen | None = None
    trouble: ReasonCode | None = None

    def can_be_read(self) -> bool:
        """Whether it can be read now, to its end: a broken disk lets a file be opened."""
        if self.trouble is not None:
            return False
        try:
            with os.fdopen(os.open(self.path, os.O_RDONLY | os.O_NONBLOCK), "rb") as content:
                while content.read(_CHUNK_BYTES):
                    pass
        except OSError:
            return False
        return True


@dataclass(frozen=True, slots=True)
class Inbox:
    """What lies in the inbox.

    Attributes:
        files: in order of arrival.
        waiting: paths of files that may still be changing, in order; they are left for the next look.
        ignored: number of files that no one sent.
    """

    files: tuple[InboxFile, ...]
    waiting: tuple[str, ...]
    ignored: int


class UnsafeArchiveError(Exception):
    """A zip file would unpack to more than any return needs."""


def look_into_inbox(inbox: Path, now: datetime, settling: Settling = TAKE_ALL) -> Inbox:
    """List the files of the inbox in order of arrival.

    Args:
        inbox: the folder, with any sub-folders; links to folders are not followed.
        now: the moment of looking, with time zone.
        settling: how long a file must have been at rest to be taken.

    Raises:
        OSError: the inbox itself cannot be listed.
    """
    files: list[InboxFile] = []
    ignored = 0
    folders = [inbox]
    while folders:
        folder = folders.pop()
        try:
            with os.scandir(folder) as listing:
                entries = list(listing)
        except OSError as error:
            if folder == inbox:
                raise
            trouble = ReasonCode.GONE if isinstance(error, FileNotFoundError) else ReasonCode.FOLDER_CLOSED
            if trouble is ReasonCode.FOLDER_CLOSED:
                files.append(_out_of_reach(folder, inbox, now, trouble))
            continue
        for entry in entries:
            path = Path(entry.path)
            if entry.is_dir(follow_symlinks=False):
                if _is_ignored(entry.name):
                    ignored += sum(found.is_file() for found in path.rglob("*"))
                else:
                    folders.append(path)
            elif _is_ignored(entry.name):
                ignored += 1
            else:
                files.append(_look_at(path, inbox, now))
    seen = [(file.path, file.seen) for file in files if file.seen is not None]
    changing = still_changing(seen, now, settling)
    files.sort(key=lambda file: (file.received_at, file.relative_path))
    return Inbox(
        tuple(file for file in files if file.path not in changing),
        tuple(file.relative_path for file in files if file.path in changing),
        ignored,
    )


def _look_at(path: Path, inbox: Path, now: datetime) -> InboxFile:
    try:
        status = path.stat()
    except FileNotFoundError:
        trouble = ReasonCode.NOT_A_FILE if path.is_symlink() else ReasonCode.GONE
        return _out_of_reach(path, inbox, now, trouble)
    except PermissionError:
        return _out_of_reach(path, inbox, now, ReasonCode.NO_PERMISSION)
    except OSError as error:
        is_loop = error.errno == errno.ELOOP
        return _out_of_reach(path, inbox, now, ReasonCode.NOT_A_FILE if is_loop else ReasonCode.DISK_ERROR)
    if not stat.S_ISREG(status.st_mode):
        return _out_of_reach(path, inbox, now, ReasonCode.NOT_A_FILE)
    received_at = min(datetime.fromtimestamp(status.st_mtime, tz=UTC), now)
    return InboxFile(path, _name_of(path, inbox), status.st_size, received_at, Seen.of(status))


def _out_of_reach(path: Path, inbox: Path, now: datetime, trouble: ReasonCode) -> InboxFile:
    """Describe what cannot be read by its own times, so that it is told anew only when it changes."""
    try:
        received_at = min(datetime.fromtimestamp(path.lstat().st_mtime, tz=UTC), now)
    except OSError:
        received_at = now
    return InboxFile(path, _name_of(path, inbox), 0, received_at, trouble=trouble)


def _name_of(path: Path, inbox: Path) -> str:
    """Give a path in the inbox as text; bytes that are no text are spelled out."""
    relative = path.relative_to(inbox).as_posix()
    return compose(os.fsencode(relative).decode(errors="backslashreplace"))


def not_received(
    files: Iterable[InboxFile],
    receipts: Iterable[tuple[str, int, datetime]],
    now: datetime,
    out_of_reach: Iterable[tuple[str, int, datetime]] = (),
) -> list[InboxFile]:
    """Leave out files whose name, size and time already have a receipt; a time in the future does not count.

    Args:
        files: as ``look_into_inbox`` gives them.
        receipts: path, size and time of receipt of what was received before.
        now: the moment of looking that ``look_into_inbox`` was given.
        out_of_reach: those of the receipts whose files could not be read; they are not left out once they can be.
    """
    closed = {(path, size, received_at.timestamp()) for path, size, received_at in out_of_reach}
    known = [(path, size, received_at) for path, size, received_at in receipts]
    seen = {(path, size, received_at.timestamp()) for path, size, received_at in known}
    seen_ever = {(path, size) for path, size, _ in known}
    return [
        file
        for file in files
        if (
            (file.relative_path, file.size_bytes, file.received_at.timestamp()) not in seen
            and not (file.received_at == now and (file.relative_path, file.size_bytes) in seen_ever)
        )
        or (
            (file.relative_path, file.size_bytes, file.received_at.timestamp()) in closed
            and file.can_be_read()
        )
    ]


class ZipMember:
    """A file inside a zip file.

    Attributes:
        relative_path: the path of the zip in the inbox and the member's own, without ``..``.
        trouble: why it cannot be unpacked, or None.
    """

    def __init__(self, archive: zipfile.ZipFile, entry: zipfile.ZipInfo, relative_path: str) -> None:
        self._archive = archive
        self._entry = entry
        self.relative_path = relative_path
        self.trouble = _trouble_of(entry)

    def open(self) -> AbstractContextManager[IO[bytes]]:
        """Open its content for reading; raises what ``zipfile`` raises."""
        return self._archive.open(self._entry)


def open_zip(path: Path, relative_path: str) -> Iterator[ZipMember] | None:
    """Go through the files of a zip in order of name; None when the zip is itself a workbook.

    A member that is too large by itself is in trouble alone: it is never unpacked, and so does not count.

    Raises:
        zipfile.BadZipFile: it is not a whole zip file.
        UnsafeArchiveError: it has too many members, or those that would be unpacked are too much together.
    """
    archive = zipfile.ZipFile(path)
    entries = archive.infolist()
    if is_workbook_archive([entry.filename for entry in entries]):
        archive.close()
        return None
    unpacked = sum(entry.file_size for entry in entries if _trouble_of(entry) is None)
    if len(entries) > MOST_MEMBERS or unpacked > MOST_UNPACKED_BYTES:
        archive.close()
        raise UnsafeArchiveError
    return _members(archive, entries, relative_path)


def _members(
    archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], relative_path: str
) -> Iterator[ZipMember]:
    with archive:
        for entry in sorted(entries, key=lambda entry: entry.filename):
            name = PurePosixPath(compose(_member_name(entry)).replace("\\", "/"))
            parts = [part for part in name.parts if part not in {"/", "..", "."}]
            if entry.is_dir() or not parts or any(_is_ignored(part) for part in parts):
                continue
            yield ZipMember(archive, entry, "/".join((relative_path, *parts)))


def _trouble_of(entry: zipfile.ZipInfo) -> ReasonCode | None:
    if entry.flag_bits & 0x1:
        return ReasonCode.PASSWORD_PROTECTED
    if entry.file_size > MOST_MEMBER_BYTES:
        return ReasonCode.MEMBER_UNPACKS_TO_TOO_MUCH
    return ReasonCode.NESTED_ARCHIVE if entry.filename.lower().endswith(".zip") else None


def _member_name(entry: zipfile.ZipInfo) -> str:
    """Give a member's name; without the flag for UTF-8 it is whichever encoding gives Vietnamese words."""
    if entry.flag_bits & 0x800:
        return entry.filename
    content = entry.filename.encode("cp437")
    try:
        return content.decode("utf-8")
    except UnicodeError:
        decoded = decode_text(content) or entry.filename
    return decoded if share_of_words(decoded) > share_of_words(entry.filename) else entry.filename


def _is_ignored(name: str) -> bool:
    return name.lower() in _IGNORED_NAMES or name.lower().startswith(_IGNORED_PREFIXES)
