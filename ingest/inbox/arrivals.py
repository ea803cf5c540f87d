"""Files of the inbox on their way into the warehouse: archived with the members of zips, then written in the journal.

When that is done they are kept: whatever happens to the database from here on, they can be taken over again from the
archive and the journal alone.
"""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Literal

from ingest.contracts.verdicts import Reason, ReasonCode
from ingest.home import WarehouseHome
from ingest.inbox.contents import MemberContent, Original, OutOfReachError, StillChangingError
from ingest.inbox.listing import MOST_MEMBER_BYTES, InboxFile, UnsafeArchiveError, ZipMember, open_zip
from ingest.keeping.archive import Intake, TooLargeError, archived_path, is_whole
from ingest.keeping.journal import LoadEntry, Receipt, write_entry
from ingest.reading.file_reader import ArchivedFile, LogFinder
from ingest.reading.submission import Arrival
from ingest.workbooks.file_kinds import is_packed


@dataclass(frozen=True, slots=True)
class Load:
    """What all files of one load share.

    Attributes:
        loaded_at: the moment of the load, with time zone.
        refused: hashes of contents that were refused before.
        known_since: as ``LoadEntry`` has it.
        waiting: paths of files that changed while they were being copied; they are added, and left for the next load.
    """

    load_id: str
    loaded_at: datetime
    refused: Collection[str] = frozenset()
    known_since: Literal["file", "load"] = "file"
    waiting: list[str] = field(default_factory=list)


def take_in(
    files: Sequence[InboxFile], home: WarehouseHome, finder: LogFinder, load: Load
) -> list[tuple[int, LoadEntry]]:
    """Keep some files of the inbox; gives what the journal has of them, each entry with its number.

    A log gets an entry of its own, for it is taken over in a transaction of its own.
    """
    archived, placed = archive_files(files, home, load.waiting)
    unread = placed.intersection(load.refused)
    logs: list[ArchivedFile] = []
    others: list[ArchivedFile] = []
    for item in archived:
        if item.arrival.sha256 in unread:
            item = replace(item, arrival=replace(item.arrival, is_reread=True))
        is_log = not item.is_container and finder.find(item) is not None
        (logs if is_log else others).append(item)
    entries = [
        LoadEntry(
            load_id=load.load_id,
            loaded_at=load.loaded_at,
            known_since=load.known_since,
            receipts=tuple(receipt_of(item) for item in together),
        )
        for together in ([others] if others else []) + [[log] for log in logs]
    ]
    return [(write_entry(home.journal, entry), entry) for entry in entries]


def archive_files(
    files: Iterable[InboxFile], home: WarehouseHome, waiting: list[str]
) -> tuple[list[ArchivedFile], set[str]]:
    """Put files and the members of zips into the archive, durably; gives them, and which hashes it did not hold whole.

    Files that change meanwhile are left out, and their paths added to those that wait.
    """
    intake = Intake(home.archive)
    archived: list[ArchivedFile] = []
    try:
        for file in files:
            try:
                archived += _archive(file, intake, home)
            except StillChangingError:
                waiting.append(file.relative_path)
        intake.settle()
    finally:
        intake.discard()
    return archived, intake.placed


def receipt_of(file: ArchivedFile) -> Receipt:
    """Give what the journal keeps of a file."""
    arrival = file.arrival
    return Receipt(
        relative_path=arrival.relative_path,
        container_path=arrival.container_path,
        sha256=arrival.sha256,
        size_bytes=arrival.size_bytes,
        received_at=arrival.received_at,
        is_container=file.is_container,
        trouble=file.trouble.code.value if file.trouble else None,
        is_reread=arrival.is_reread,
    )


def file_of(receipt: Receipt, home: WarehouseHome, *, is_checked: bool = False) -> ArchivedFile:
    """Give the file that the journal has a receipt of.

    Args:
        receipt: the entry.
        home: whose archive holds its bytes.
        is_checked: read the bytes and hold them against the hash; what is not whole is in trouble (``archive_damaged``).
    """
    arrival = Arrival(
        receipt.relative_path,
        receipt.container_path,
        receipt.sha256,
        receipt.size_bytes,
        receipt.received_at,
        receipt.is_reread,
    )
    path = archived_path(home.archive, receipt.sha256)
    trouble = receipt.trouble
    if (
        is_checked
        and trouble is None
        and not receipt.is_container
        and not is_whole(path, receipt.sha256, receipt.size_bytes)
    ):
        trouble = ReasonCode.ARCHIVE_DAMAGED
    return ArchivedFile(
        arrival, path, receipt.is_container, Reason.of(ReasonCode(trouble)) if trouble else None
    )


def files_in_inbox(entries: Iterable[LoadEntry]) -> int:
    """Count the files that lay in the inbox: members of a zip do not."""
    return sum(receipt.container_path is None for entry in entries for receipt in entry.receipts)


def _archive(file: InboxFile, intake: Intake, home: WarehouseHome) -> Iterator[ArchivedFile]:
    """Put a file into the archive, and its members if it is a zip.

    Raises:
        StillChangingError: it changed while it was being copied.
        OSError: the archive cannot be written.
    """
    try:
        if file.trouble is not None:
            raise OutOfReachError(file.trouble)
        with Original(file) as original:
            sha256, size = intake.add_stream(original)
    except OutOfReachError as error:
        yield _untaken(file.relative_path, file, home, error.code)
        return
    arrival = Arrival(file.relative_path, None, sha256, size, file.received_at)
    path = archived_path(home.archive, sha256)
    if arrival.file_format != "zip":
        yield ArchivedFile(arrival, path)
        return
    try:
        members = open_zip(intake.path_of(sha256), file.relative_path)
    except UnsafeArchiveError:
        yield ArchivedFile(arrival, path, trouble=Reason.of(ReasonCode.UNPACKS_TO_TOO_MUCH))
        return
    except Exception:  # zipfile raises a type of its own for each thing that may be wrong with a zip
        # what another program packed is read like a return, which is told what it is
        is_broken = not is_packed(_beginning_of(intake.path_of(sha256)))
        yield ArchivedFile(
            arrival, path, trouble=Reason.of(ReasonCode.UNREADABLE_FILE) if is_broken else None
        )
        return
    yield ArchivedFile(arrival, path, is_container=members is not None)
    for member in members or ():
        yield _archive_member(member, file, intake, home)


def _beginning_of(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(16)


def _archive_member(member: ZipMember, file: InboxFile, intake: Intake, home: WarehouseHome) -> ArchivedFile:
    """Put a member of a zip into the archive.

    One that cannot be unpacked is known by its name alone, and kept in the zip that it came in.

    Raises:
        OSError: the archive cannot be written.
    """
    trouble = member.trouble
    try:
        if trouble is None:
            with MemberContent(member) as content:
                sha256, size = intake.add_stream(content, MOST_MEMBER_BYTES)
            arrival = Arrival(member.relative_path, file.relative_path, sha256, size, file.received_at)
            return ArchivedFile(arrival, archived_path(home.archive, sha256))
    except TooLargeError:
        trouble = ReasonCode.MEMBER_UNPACKS_TO_TOO_MUCH
    except OutOfReachError as error:
        trouble = error.code
    return _untaken(member.relative_path, file, home, trouble)


def _untaken(relative_path: str, file: InboxFile, home: WarehouseHome, trouble: ReasonCode) -> ArchivedFile:
    """Describe a file, or a member of one, whose bytes could not be taken in: it is known by its name alone."""
    sha256 = hashlib.sha256(relative_path.encode()).hexdigest()
    is_member = relative_path != file.relative_path
    arrival = Arrival(
        relative_path,
        file.relative_path if is_member else None,
        sha256,
        0 if is_member else file.size_bytes,
        file.received_at,
    )
    return ArchivedFile(arrival, archived_path(home.archive, sha256), trouble=Reason.of(trouble))
