"""What lies in the inbox.

Lists files as they arrived, opens zip files into their members, and leaves alone what no one sent: the lock files of
office programs and hidden files of operating systems. Files are only looked at here; the archive keeps them.
"""

import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from ingest.vietnamese import compose

_IGNORED_NAMES = frozenset({"thumbs.db", "desktop.ini"})
_IGNORED_PREFIXES = (".", "~$", "__macosx")
MOST_MEMBERS = 10_000
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


@dataclass(frozen=True, slots=True)
class ZipMember:
    """A file inside a zip, with its content; ``content`` is None when it could not be unpacked."""

    relative_path: str
    content: bytes | None


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


def open_zip(path: Path, relative_path: str) -> list[ZipMember]:
    """Unpack the files of a zip in memory, in order of name.

    Raises:
        zipfile.BadZipFile: it is not a whole zip file.
    """
    members = []
    with zipfile.ZipFile(path) as archive:
        for entry in sorted(archive.infolist(), key=lambda entry: entry.filename)[:MOST_MEMBERS]:
            name = PurePosixPath(compose(_member_name(entry)).replace("\\", "/"))
            parts = [part for part in name.parts if part not in {"/", "..", "."}]
            if entry.is_dir() or not parts or any(_is_ignored(part) for part in parts):
                continue
            members.append(ZipMember("/".join((relative_path, *parts)), _unpack(archive, entry)))
    return members


def _unpack(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes | None:
    if entry.file_size > MOST_MEMBER_BYTES or entry.flag_bits & 0x1:
        return None
    try:
        with archive.open(entry) as file:
            content = file.read(MOST_MEMBER_BYTES + 1)
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, ValueError):
        return None
    return content if len(content) <= MOST_MEMBER_BYTES else None


def _member_name(entry: zipfile.ZipInfo) -> str:
    """Give a member's name; programs that forget the UTF-8 flag write UTF-8 all the same."""
    if entry.flag_bits & 0x800:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return entry.filename


def _is_ignored(name: str) -> bool:
    return name.lower() in _IGNORED_NAMES or name.lower().startswith(_IGNORED_PREFIXES)
