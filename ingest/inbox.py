"""What lies in the inbox.

Lists files as they arrived, opens zip files into their members, and leaves alone what no one sent: the lock files of
office programs and hidden files of operating systems. Files are only looked at here; the archive keeps them.
"""

import zipfile
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import IO

from ingest.file_kinds import is_workbook_archive
from ingest.text_encoding import decode_text, share_of_words
from ingest.verdicts import ReasonCode
from ingest.vietnamese import compose

_IGNORED_NAMES = frozenset({"thumbs.db", "desktop.ini"})
_IGNORED_PREFIXES = (".", "~$", "__macosx")
MOST_MEMBERS = 10_000
MOST_UNPACKED_BYTES = 1024 * 1024 * 1024
MOST_MEMBER_BYTES = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class InboxFile:
    """A file in the inbox, not yet read.

    Attributes:
        received_at: its modification time, never later than the moment of looking.
    """

    path: Path
    relative_path: str
    size_bytes: int
    received_at: datetime


class UnsafeArchiveError(Exception):
    """A zip file would unpack to more than any return needs."""


def list_inbox(inbox: Path, now: datetime) -> tuple[list[InboxFile], int]:
    """List the files of the inbox in order of arrival, and count those that no one sent.

    Args:
        inbox: the folder, with any sub-folders.
        now: the moment of looking, with time zone.
    """
    files: list[InboxFile] = []
    ignored = 0
    for path in inbox.rglob("*"):
        if not path.is_file():
            continue
        relative = path.relative_to(inbox)
        if any(_is_ignored(part) for part in relative.parts):
            ignored += 1
            continue
        status = path.stat()
        received_at = min(datetime.fromtimestamp(status.st_mtime, tz=UTC), now)
        files.append(InboxFile(path, compose(relative.as_posix()), status.st_size, received_at))
    return sorted(files, key=lambda file: (file.received_at, file.relative_path)), ignored


def not_received(
    files: Iterable[InboxFile], receipts: Iterable[tuple[str, int, datetime]], now: datetime
) -> list[InboxFile]:
    """Leave out files whose name, size and time already have a receipt; a time in the future does not count.

    Args:
        files: as ``list_inbox`` gives them.
        receipts: path, size and time of receipt of what was received before.
        now: the moment of looking that ``list_inbox`` was given.
    """
    known = [(path, size, received_at) for path, size, received_at in receipts]
    seen = {(path, size, received_at.timestamp()) for path, size, received_at in known}
    seen_ever = {(path, size) for path, size, _ in known}
    return [
        file
        for file in files
        if (file.relative_path, file.size_bytes, file.received_at.timestamp()) not in seen
        and not (file.received_at == now and (file.relative_path, file.size_bytes) in seen_ever)
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
