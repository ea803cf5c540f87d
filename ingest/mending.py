"""Good bytes for an archive that lost them: files that lie in the inbox still are put back where they are missing.

After a power cut, or on a dying disk, an archived file may be gone or have another size. Sizes alone are looked at here,
for every file of the inbox at every load; hashes are ``make verify``'s.
"""

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from pathlib import PurePosixPath

import duckdb

from ingest.archive import archived_path, has_size
from ingest.arrivals import archive_files
from ingest.home import WarehouseHome
from ingest.inbox import InboxFile
from ingest.verdicts import ReasonCode

_Key = tuple[str, int, datetime]
_Content = tuple[str, int]


def mend_archive(
    connection: duckdb.DuckDBPyConnection, home: WarehouseHome, files: Sequence[InboxFile]
) -> list[InboxFile]:
    """Put back what the archive lost of files that were received before and lie in the inbox.

    Returns:
        Those of which something was refused: it may have been for the archive's sake, and they are to be received again.
    """
    contents = _contents_received(connection, files)
    damaged = [
        file for file in files if any(_is_lost(home, content) for content in contents.get(_key(file), ()))
    ]
    if not damaged:
        return []
    refused = refused_contents(connection, even_damaged=True)
    again = [file for file in damaged if any(sha256 in refused for sha256, _ in contents[_key(file)])]
    archive_files([file for file in damaged if file not in again], home, [])
    return again


def refused_contents(connection: duckdb.DuckDBPyConnection, *, even_damaged: bool = False) -> set[str]:
    """Give the hashes of contents that were refused, if wanted those too of which only the archive was at fault."""
    return {
        str(row[0])
        for row in connection.execute(
            "select sha256 from raw.submissions where verdict = 'rejected' and (? or reason_code <> ?)",
            [even_damaged, ReasonCode.ARCHIVE_DAMAGED.value],
        ).fetchall()
    }


def _contents_received(
    connection: duckdb.DuckDBPyConnection, files: Sequence[InboxFile]
) -> dict[_Key, list[_Content]]:
    """Give the archived contents of each file that was received before: its own, and its members' if it is a zip."""
    received = {_key(file) for file in files}
    zips = {file.relative_path for file in files if file.relative_path.lower().endswith(".zip")}
    members: defaultdict[tuple[str, datetime], list[_Content]] = defaultdict(list)
    contents: defaultdict[_Key, list[_Content]] = defaultdict(list)
    receipts = connection.execute(
        "select relative_path, sha256, size_bytes, received_at from raw.receipts"
    ).fetchall()
    for path, sha256, size, received_at in receipts:
        if sha256 == hashlib.sha256(path.encode()).hexdigest():
            continue  # its bytes could not be taken in
        if (path, size, received_at) in received:
            contents[path, size, received_at].append((sha256, size))
        for container in _folders(path) & zips if zips and ".zip/" in path.lower() else ():
            members[container, received_at].append((sha256, size))
    for path, size, received_at in list(contents):
        contents[path, size, received_at] += members.get((path, received_at), [])
    return contents


def _folders(path: str) -> set[str]:
    return {parent.as_posix() for parent in PurePosixPath(path).parents}


def _is_lost(home: WarehouseHome, content: _Content) -> bool:
    sha256, size = content
    return not has_size(archived_path(home.archive, sha256), size)


def _key(file: InboxFile) -> _Key:
    return file.relative_path, file.size_bytes, file.received_at
