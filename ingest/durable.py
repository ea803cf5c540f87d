"""Writing so that it is on the disk: what these functions have returned from survives a power cut.

A rename alone does not do it: after a cut the name may be there and the bytes not. File and folder are therefore synced,
in that order, before anything else may name the file. What may be lost and made again has no business here.
"""

import errno
import os
import tempfile
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from ingest.home import OWNER_FOLDER

READ_ONLY = 0o444
OWNER_ONLY = 0o400  # what names members, or the secret of their pseudonyms
# File systems write what several wait for in one go: 128 small files one by one 0.8 s, sixteen at a time 0.06 s (ext4).
_AT_ONCE = 16


def sync_file(path: Path) -> None:
    """Wait until a file's bytes and size are on the disk."""
    _sync(path, os.O_RDONLY)


def sync_folder(path: Path) -> None:
    """Wait until a folder's names are on the disk: which files are in it, not what is in them.

    Raises:
        OSError: the disk failed; not where a file system (a network share, a stick) syncs no folders.
    """
    try:
        _sync(path, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        # network shares and some file systems of USB sticks sync files, and refuse to sync folders
        if error.errno not in {errno.EINVAL, errno.ENOTSUP}:
            raise


def sync_all(files: Collection[Path], folders: Collection[Path]) -> None:
    """Wait until many files, and then the names in many folders, are on the disk; much faster than one after the other."""
    if not files and not folders:
        return
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        list(threads.map(sync_file, files))
        list(threads.map(sync_folder, folders))


def make_folder(path: Path) -> None:
    """Make a folder with those above it, their owner's alone, names on the disk; does nothing where it is there."""
    missing = [folder for folder in (path, *path.parents) if not folder.exists()]
    for folder in reversed(missing):
        folder.mkdir(mode=OWNER_FOLDER, exist_ok=True)
    for folder in missing:
        sync_folder(folder.parent)


def put_in_place(temporary: Path, settled: Path) -> None:
    """Give a finished file its name: bytes first, then one rename, then the name.

    Whoever opens ``settled`` finds what was there before or all of the new file.

    Args:
        temporary: the finished file, on the same file system.
        settled: its name from now on; a file of that name is replaced.
    """
    sync_file(temporary)
    temporary.replace(settled)
    sync_folder(settled.parent)


def put_folder_in_place(temporary: Path, settled: Path) -> None:
    """Give a finished folder its name: everything in it first, then one rename, then the name.

    Args:
        temporary: the finished folder, on the same file system.
        settled: its name from now on; nothing of that name may be there.
    """
    for path in temporary.rglob("*"):
        if path.is_dir():
            sync_folder(path)
        else:
            sync_file(path)
    sync_folder(temporary)
    temporary.replace(settled)
    sync_folder(settled.parent)


def write_file(path: Path, content: bytes, mode: int = READ_ONLY) -> None:
    """Write a whole file durably; a file of that name is replaced in one step.

    Args:
        path: the file; folders that are missing are made.
        content: all of its bytes.
        mode: its permissions; read-only for all who may, by default.

    Raises:
        OSError: the disk does not take it; a file of that name is as it was.
    """
    make_folder(path.parent)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".writing-", delete=False) as file:
        temporary = Path(file.name)
        file.write(content)
    temporary.chmod(mode)
    put_in_place(temporary, path)


def _sync(path: Path, flags: int) -> None:
    descriptor = os.open(path, flags)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
