"""Every file ever received, kept by the hash of its content.

A file is copied here before anything else happens to it, so that a refused or half-read file can be looked at again.
Nothing in the archive is ever changed, but for one case: bytes that are not those of their name, as a disk or a power cut
leaves them, give way to the good ones when these come again.
"""

import hashlib
import tempfile
from pathlib import Path
from typing import Protocol

from ingest.durable import OWNER_ONLY, make_folder, sync_all
from ingest.home import OWNER_FOLDER

_CHUNK_BYTES = 1 << 20
_PREFIX = ".arriving-"


class Readable(Protocol):
    """What bytes can be read from."""

    def read(self, size: int, /) -> bytes:
        """Give some bytes, none at the end."""


class TooLargeError(Exception):
    """Content goes on after the size it was announced with."""


def archived_path(archive: Path, sha256: str) -> Path:
    """Give where content of that hash lies, or will lie."""
    return archive / sha256[:2] / sha256


def has_size(path: Path, size_bytes: int) -> bool:
    """Tell whether a file is there and as long as it must be, which costs next to nothing."""
    try:
        return path.stat().st_size == size_bytes
    except OSError:
        return False


def sha256_of(path: Path) -> str:
    """Give the SHA-256 of a file, as 64 hex digits."""
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def is_whole(path: Path, sha256: str, size_bytes: int) -> bool:
    """Tell whether a file holds the content of a hash; its size is looked at first."""
    if not has_size(path, size_bytes):
        return False
    try:
        return sha256_of(path) == sha256
    except OSError:
        return False


def remove_leftovers(archive: Path) -> None:
    """Remove what a load that was cut off had begun to copy; only for who alone writes the warehouse."""
    for path in archive.glob(f"{_PREFIX}*"):
        path.unlink(missing_ok=True)


class Intake:
    """Files on their way into the archive: copied when added, kept when ``settle`` has returned.

    Many are settled together, since waiting for the disk once costs hardly more than waiting for one file.

    Attributes:
        placed: hashes under which the archive held nothing, or other bytes, until now.
    """

    def __init__(self, archive: Path) -> None:
        make_folder(archive)
        self._archive = archive
        self._copies: dict[str, Path] = {}
        self._present: set[Path] = set()
        self.placed: set[str] = set()

    def add_file(self, path: Path) -> tuple[str, int]:
        """Copy a file unless its content is there already; gives SHA-256 as 64 hex digits, and size in bytes."""
        with path.open("rb") as original:
            return self.add_stream(original)

    def add_stream(self, original: Readable, most_bytes: int | None = None) -> tuple[str, int]:
        """Copy a stream unless its content is there already; gives SHA-256 and size.

        The hash is taken of the copy, so that a file that changes while it is being copied is still archived under the
        hash of what was archived.

        Raises:
            TooLargeError: there is more than ``most_bytes``; nothing is kept.
        """
        digest = hashlib.sha256()
        size = 0
        with tempfile.NamedTemporaryFile(dir=self._archive, prefix=_PREFIX, delete=False) as copy:
            temporary = Path(copy.name)
            try:
                while chunk := original.read(_CHUNK_BYTES):
                    size += len(chunk)
                    if most_bytes is not None and size > most_bytes:
                        raise TooLargeError
                    digest.update(chunk)
                    copy.write(chunk)
            except BaseException:
                temporary.unlink(missing_ok=True)
                raise
        sha256 = digest.hexdigest()
        self._note(sha256, size, temporary)
        return sha256, size

    def path_of(self, sha256: str) -> Path:
        """Give where content that was added can be read now."""
        return self._copies.get(sha256, archived_path(self._archive, sha256))

    def settle(self) -> None:
        """Wait until all that was added is on the disk, under its name."""
        settled = {archived_path(self._archive, sha256): copy for sha256, copy in self._copies.items()}
        folders = {path.parent for path in (*settled, *self._present)}
        missing = [folder for folder in folders if not folder.exists()]
        for folder in missing:
            folder.mkdir(mode=OWNER_FOLDER, exist_ok=True)
        # what was there already may be of a load that was cut off before it waited for the disk
        sync_all([*settled.values(), *self._present], [self._archive] if missing else [])
        for path, copy in settled.items():
            copy.chmod(OWNER_ONLY)
            copy.replace(path)
        sync_all([], folders)
        self._copies.clear()
        self._present.clear()

    def discard(self) -> None:
        """Forget what was added and not settled."""
        for copy in self._copies.values():
            copy.unlink(missing_ok=True)
        self._copies.clear()

    def _note(self, sha256: str, size: int, temporary: Path) -> None:
        settled = archived_path(self._archive, sha256)
        if sha256 in self._copies or is_whole(settled, sha256, size):
            temporary.unlink()
            if sha256 not in self._copies:
                self._present.add(settled)
            return
        self.placed.add(sha256)
        self._copies[sha256] = temporary
