"""Copying a file so that it has its name only when it is whole: into a backup, and back out of it."""

import hashlib
import os
from pathlib import Path

from ingest.durable import make_folder, sync_folder
from operations.backups.manifest import OWNER_ONLY

# each waits for the disk
AT_ONCE = 8
COPYING = ".copying"  # what is being copied, beside where it will lie
_CHUNK_BYTES = 1 << 20


class OtherContentError(Exception):
    """A file does not hold what it should; the text names it."""


def copy_whole(source: Path, target: Path, working: Path, sha256: str) -> None:
    """Copy a file so that it has its name only when all of its bytes are on the disk and are the right ones.

    The copy is its owner's alone: names of members and the secret of their pseudonyms are among what is copied.

    Args:
        source: the file.
        target: its new name; folders are made.
        working: a folder on the file system of the target, for what is being copied.
        sha256: what its content must have.

    Raises:
        OtherContentError: its content is another; nothing is kept.
    """
    make_folder(target.parent)
    digest = hashlib.sha256()
    temporary = working / hashlib.sha256(str(target).encode()).hexdigest()
    with source.open("rb") as original, open(temporary, "wb", opener=_for_owner_alone) as copy:
        while chunk := original.read(_CHUNK_BYTES):
            digest.update(chunk)
            copy.write(chunk)
        copy.flush()
        os.fsync(copy.fileno())
    if digest.hexdigest() != sha256:
        temporary.unlink()
        raise OtherContentError(str(source))
    temporary.replace(target)
    sync_folder(target.parent)


def _for_owner_alone(path: str, flags: int) -> int:
    return os.open(path, flags, OWNER_ONLY)
