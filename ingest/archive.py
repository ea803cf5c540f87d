"""Every file ever received, kept by the hash of its content.

A file is copied here before anything else happens to it, so that a refused or half-read file can be looked at again.
Nothing in the archive is ever changed.
"""

import hashlib
import tempfile
from pathlib import Path
from typing import IO

_CHUNK_BYTES = 1 << 20


class TooLargeError(Exception):
    """Content goes on after the size it was announced with."""


def archived_path(archive: Path, sha256: str) -> Path:
    """Give where content of that hash lies, or will lie."""
    return archive / sha256[:2] / sha256


def archive_file(path: Path, archive: Path) -> str:
    """Copy a file into the archive unless its content is there already; gives its SHA-256 as 64 hex digits."""
    with path.open("rb") as original:
        return archive_stream(original, archive)[0]


def archive_stream(original: IO[bytes], archive: Path, most_bytes: int | None = None) -> tuple[str, int]:
    """Copy a stream into the archive unless its content is there already; gives SHA-256 and size.

    The hash is taken of the copy, so that a file that changes while it is being copied is still archived under the
    hash of what was archived.

    Raises:
        TooLargeError: there is more than ``most_bytes``; nothing is kept.
    """
    archive.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    size = 0
    with tempfile.NamedTemporaryFile(dir=archive, prefix=".arriving-", delete=False) as copy:
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
    settled = archived_path(archive, digest.hexdigest())
    if settled.exists():
        temporary.unlink()
    else:
        settled.parent.mkdir(parents=True, exist_ok=True)
        temporary.chmod(0o444)
        temporary.replace(settled)
    return digest.hexdigest(), size
