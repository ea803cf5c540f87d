"""Good bytes for an archive that lost them: files that lie in the inbox still are put back where they are missing.

After a power cut, or on a dying disk, an archived file may be gone or have another size. Sizes alone are looked at here,
for every file of the inbox at every load; hashes are ``make verify``'s.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import PurePosixPath

import duckdb

from ingest.contracts.verdicts import ReasonCode
from ingest.home import WarehouseHome
from ingest.inbox.arrivals import archive_files
from ingest.inbox.listing import InboxFile
from ingest.keeping.archive import archived_path, has_size

_Content = tuple[str, int]


def mend_archive(
    connection: duckdb.DuckDBPyConnection, home: WarehouseHome, files: Sequence[InboxFile], now: datetime
) -> list[InboxFile]:
    """Put back what the archive lost of files that were received before and lie in the inbox.

    Args:
        connection: the working database.
        home: the warehouse.
        files: all of the inbox, new ones among them.
        now: the moment of the load; files dated later were received at it, and before it at another.

    Returns:
        Those of which something was refused: it may have been for the archive's sake, and they are to be received again.
    """
    contents = _contents_received(connection, {file.relative_path: file for file in files}, now)
    damaged = [
        file for file in files if any(_is_lost(home, content) for content in contents[file.relative_path])
    ]
    if not damaged:
        return []
    refused = refused_contents(connection, even_damaged=True)
    again = [file for file in damaged if any(sha256 in refused for sha256, _ in contents[file.relative_path])]
    archive_files([file for file in damaged if file not in again], home, [])
    return again


def refused_contents(connection: duckdb.DuckDBPyConnection, *, even_damaged: bool = False) -> set[str]:
    """Give the SHA-256 (64 hex digits) of contents that were refused; ``even_damaged``: also where the archive was at fault."""
    return {
        str(row[0])
        for row in connection.execute(
            "select sha256 from raw.submissions where verdict = 'rejected' and (? or reason_code <> ?)",
            [even_damaged, ReasonCode.ARCHIVE_DAMAGED.value],
        ).fetchall()
    }


def _contents_received(
    connection: duckdb.DuckDBPyConnection, files: Mapping[str, InboxFile], now: datetime
) -> defaultdict[str, list[_Content]]:
    """Give the archived contents of each file that was received before: its own, and its members' if it is a zip."""
    contents: defaultdict[str, list[_Content]] = defaultdict(list)
    receipts = connection.execute(
        "select relative_path, sha256, size_bytes, received_at from raw.receipts"
    ).fetchall()
    for path, sha256, size, received_at in receipts:
        if sha256 == hashlib.sha256(path.encode()).hexdigest():
            continue  # its bytes could not be taken in
        file = files.get(path)
        if file is None and ".zip/" in path.lower():
            file = next((files[folder] for folder in _folders(path) if folder in files), None)
        elif file is not None and file.size_bytes != size:
            continue
        if file is not None and file.received_at in {received_at, now}:
            contents[file.relative_path].append((sha256, size))
    return contents


def _folders(path: str) -> Iterator[str]:
    return (parent.as_posix() for parent in PurePosixPath(path).parents)


def _is_lost(home: WarehouseHome, content: _Content) -> bool:
    sha256, size = content
    return not has_size(archived_path(home.archive, sha256), size)
