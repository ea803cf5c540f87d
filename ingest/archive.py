"""Every file ever received, kept by the hash of its content.

A file is copied here before anything else happens to it, so that a refused or half-read file can be looked at again.
Nothing in the archive is ever changed.
"""

import hashlib
import tempfile
from pathlib import Path

_CHUNK_BYTES = 1 << 20


def sha256_of(path: Path) -> str:
    """Give the SHA-256 of a file's content as 64 hex digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def archived_path(archive: Path, sha256: str) -> Path:
    """Give where content of that hash lies, or will lie."""
    return archive / sha256[:2] / sha256


def archive_file(path: Path, archive: Path) -> str:
    """Copy a file into the archive unless its content is there already; gives its SHA-256.

    The hash is taken of the copy, so that a file that changes while it is being copied is still archived under the
    hash of what was archived.
    """
    archive.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=archive, prefix=".arriving-", delete=False) as copy:
        temporary = Path(copy.name)
        digest = hashlib.sha256()
        try:
            with path.open("rb") as original:
                while chunk := original.read(_CHUNK_BYTES):
                    digest.update(chunk)
                    copy.write(chunk)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    return _settle(temporary, digest.hexdigest(), archive)


def archive_bytes(content: bytes, archive: Path) -> str:
    """Put content into the archive unless it is there already; gives its SHA-256."""
    sha256 = hashlib.sha256(content).hexdigest()
    if not archived_path(archive, sha256).exists():
        archive.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=archive, prefix=".arriving-", delete=False) as copy:
            copy.write(content)
        _settle(Path(copy.name), sha256, archive)
    return sha256


def _settle(temporary: Path, sha256: str, archive: Path) -> str:
    settled = archived_path(archive, sha256)
    if settled.exists():
        temporary.unlink()
    else:
        settled.parent.mkdir(parents=True, exist_ok=True)
        temporary.chmod(0o444)
        temporary.replace(settled)
    return sha256
