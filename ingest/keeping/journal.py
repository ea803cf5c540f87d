"""What happened to this warehouse, one file an event, in order: enough, with the archived bytes, to make it again.

Whatever enters ``raw`` and cannot be derived stands here first: which files arrived when, what was withdrawn, who
approved or refused, which figures were issued, under which secret members are pseudonymised. The database is brought up
to the journal and never runs ahead of it. Entries are never changed nor removed; what they do to the database is told by
the modules that own the tables.
"""

import hashlib
import os
import re
import tempfile
from collections.abc import Collection, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from ingest.durable import OWNER_ONLY, make_folder, sync_folder
from ingest.troubles import WarehouseTroubleError

_PREFIX = ".writing-"
_FILE_NAME = re.compile(r"(?P<number>\d{9})\.json")


class Receipt(BaseModel):
    """One file that arrived.

    Attributes:
        relative_path: as ``Arrival`` has it.
        container_path: the zip that it came in, or None.
        is_container: it is a zip whose members have receipts of their own.
        trouble: code of the reason why its bytes could not be taken in, or None. A member of a zip that could not be
            unpacked is then known by the hash of its path, and nothing of that hash is archived.
        is_reread: as ``Arrival`` has it.
    """

    model_config = ConfigDict(frozen=True)

    relative_path: str
    container_path: str | None = None
    sha256: str
    size_bytes: int
    received_at: datetime
    is_container: bool = False
    trouble: str | None = None
    is_reread: bool = False


class LoadEntry(BaseModel):
    """Files that one load took in together; the database takes them over in one transaction.

    Attributes:
        known_since: from when on what the files say was known: since their own date (the first load, a back-filling
            one, and loads of before there was a choice), or since the load.
    """

    model_config = ConfigDict(frozen=True)

    kind: Literal["load"] = "load"
    load_id: str
    loaded_at: datetime
    known_since: Literal["file", "load"] = "file"
    receipts: tuple[Receipt, ...]


class WithdrawalEntry(BaseModel):
    """A submission was withdrawn, or (``is_withdrawn`` false) taken back into the count."""

    model_config = ConfigDict(frozen=True)

    kind: Literal["withdrawal"] = "withdrawal"
    submission_id: str
    is_withdrawn: bool
    decided_at: datetime
    decided_by: str
    why: str


class DecisionEntry(BaseModel):
    """A person approved or refused the edition that a refresh had prepared."""

    model_config = ConfigDict(frozen=True)

    kind: Literal["decision"] = "decision"
    edition_id: str
    is_approved: bool
    as_of: datetime
    decided_at: datetime
    decided_by: str
    note: str


class IssueEntry(BaseModel):
    """An edition was issued; the figures that it issued lie as Parquet in the archive's ``ledger`` folder."""

    model_config = ConfigDict(frozen=True)

    kind: Literal["issue"] = "issue"
    edition_id: str
    issued_at: datetime
    figures_file: str
    figures_sha256: str


class PseudonymKeyEntry(BaseModel):
    """The secret under which this warehouse pseudonymises members; the newest counts."""

    model_config = ConfigDict(frozen=True)

    kind: Literal["pseudonym_key"] = "pseudonym_key"
    made_at: datetime
    secret: str


Entry = Annotated[
    LoadEntry | WithdrawalEntry | DecisionEntry | IssueEntry | PseudonymKeyEntry, Field(discriminator="kind")
]
_ENTRIES: TypeAdapter[Entry] = TypeAdapter(Entry)


class JournalError(WarehouseTroubleError):
    """The archive's account of what happened cannot be relied on; the text is for people and says what to do."""


class DamagedEntryError(JournalError):
    """An entry of the journal is not what was written; the text names the file."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"Mục của sổ nhật ký {path} bị hỏng. Đề nghị khôi phục tệp này từ bản sao lưu rồi chạy lại."
        )
        self.path = path


def write_entry(journal: Path, entry: Entry) -> int:
    """Write an entry durably behind all others; gives its number.

    It has its name only when all of its bytes are on the disk, and never takes another's: two processes that write at
    the same moment get two numbers.
    """
    make_folder(journal)
    content = _ENTRIES.dump_json(entry, indent=1, exclude_none=True)
    with tempfile.NamedTemporaryFile(dir=journal, prefix=_PREFIX, delete=False) as file:
        temporary = Path(file.name)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.chmod(OWNER_ONLY)
    number = last_number(journal) + 1
    while not _took_name(temporary, path_of(journal, number)):
        number += 1
    return number


def read_entries(
    journal: Path, after: int = 0, without: Collection[int] = frozenset()
) -> Iterator[tuple[int, Entry]]:
    """Give the entries behind a number, oldest first, each with its number; those ``without`` are not even opened.

    Raises:
        DamagedEntryError: a file is not an entry.
    """
    for number, path in _files(journal):
        if number <= after or number in without:
            continue
        try:
            yield number, _ENTRIES.validate_json(path.read_bytes())
        except ValueError as error:
            raise DamagedEntryError(path) from error


def entry_digest(journal: Path, number: int) -> str:
    """Give the SHA-256 of an entry as it was written, as 64 hex digits."""
    return hashlib.sha256(path_of(journal, number).read_bytes()).hexdigest()


def numbers(journal: Path) -> list[int]:
    """Give the numbers of all entries, oldest first."""
    return [number for number, _ in _files(journal)]


def missing_numbers(journal: Path) -> list[int]:
    """Give the numbers of entries that should be there, before the newest, and are not."""
    present = numbers(journal)
    return sorted(set(range(1, max(present, default=0) + 1)).difference(present))


def path_of(journal: Path, number: int) -> Path:
    """Give the file of an entry."""
    return journal / f"{number:09d}.json"


def remove_unnamed(journal: Path, before: datetime) -> None:
    """Remove entries that somebody began to write before an instant and was cut off: they never had a name.

    Args:
        journal: its folder.
        before: timezone-aware; long enough ago that nobody is still writing what began earlier.
    """
    for path in journal.glob(f"{_PREFIX}*"):
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < before.timestamp():
                path.unlink()


def last_number(journal: Path) -> int:
    """Give the number of the newest entry; 0 before the first."""
    return max((number for number, _ in _files(journal)), default=0)


def _took_name(temporary: Path, settled: Path) -> bool:
    """Give the file its name unless that is taken; a link, since a rename would replace."""
    try:
        os.link(temporary, settled)
    except FileExistsError:
        return False
    temporary.unlink()
    sync_folder(settled.parent)
    return True


def _files(journal: Path) -> list[tuple[int, Path]]:
    if not journal.is_dir():
        return []
    matched = ((_FILE_NAME.fullmatch(path.name), path) for path in journal.iterdir())
    return sorted((int(match["number"]), path) for match, path in matched if match)
