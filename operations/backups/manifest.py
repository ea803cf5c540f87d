"""What a folder of backups holds: plain files that grow, and a manifest for each moment at which a backup was made.

``archive`` and ``editions`` lie there as they lie in the home, so that a person can read them without this program; what
has no name that every file system takes (files of the inbox) lies under its hash. Nothing in the folder is ever changed.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from ingest.durable import write_file

Kind = Literal["archive", "ledger", "edition", "inbox", "reference", "journal"]
# what is named comes before what names it
ORDER: tuple[Kind, ...] = ("archive", "ledger", "edition", "inbox", "reference", "journal")
NAME_OF_KIND: dict[Kind, str] = {
    "archive": "tệp báo cáo đã nhận",
    "ledger": "tệp số liệu đã công bố",
    "edition": "tệp của bản số liệu",
    "inbox": "tệp chưa tiếp nhận",
    "reference": "tệp danh mục và biểu",
    "journal": "mục của sổ nhật ký",
}
OWNER_ONLY = 0o600  # the archive has names of members in it, the journal the secret of their pseudonyms
_FOLDER = "backups"


class BackedUpFile(BaseModel):
    """One file of a backup.

    Attributes:
        kind: what it is part of.
        stored_as: where it lies, below the folder of backups.
        belongs_to: where it lay: below the home, or below the project for reference data.
        modified_at: of a file of the inbox, since that is when it was received.
    """

    model_config = ConfigDict(frozen=True)

    kind: Kind
    stored_as: str
    belongs_to: str
    sha256: str
    size_bytes: int
    modified_at: datetime | None = None


class BackupManifest(BaseModel):
    """One backup, whole.

    Attributes:
        made_at: when its files were listed; what came later is in the next one.
        code_version: the code of the warehouse that it was made of.
        entry_count: entries of the journal in it.
        current_edition: None where nothing had been published.
        problems: Vietnamese sentences on what could not be backed up as it should be.
    """

    model_config = ConfigDict(frozen=True)

    format_version: Literal[1] = 1
    made_at: datetime
    code_version: str
    entry_count: int
    current_edition: str | None = None
    files: tuple[BackedUpFile, ...]
    problems: tuple[str, ...] = ()


class BackupDamagedError(Exception):
    """A manifest of a backup is not what was written; the text names the file."""


def write_manifest(folder: Path, manifest: BackupManifest) -> Path:
    """Write the manifest of a backup whose files are all on the disk; gives where it lies."""
    path = folder / _FOLDER / f"{manifest.made_at.astimezone(UTC):%Y%m%dT%H%M%SZ}.json"
    write_file(path, manifest.model_dump_json(indent=1, exclude_none=True).encode(), OWNER_ONLY)
    return path


def read_manifest(path: Path) -> BackupManifest:
    """Read the manifest of a backup.

    Raises:
        BackupDamagedError: it is not whole.
    """
    try:
        return BackupManifest.model_validate_json(path.read_bytes())
    except ValueError as error:
        raise BackupDamagedError(str(path)) from error


def manifest_paths(folder: Path) -> list[Path]:
    """Give the manifests in a folder of backups, the newest first."""
    return sorted((folder / _FOLDER).glob("[0-9]*Z.json"), reverse=True)


def stored_files(folder: Path) -> Iterator[BackedUpFile]:
    """Give the files of every backup in the folder whose manifest can be read."""
    for path in manifest_paths(folder):
        try:
            yield from read_manifest(path).files
        except BackupDamagedError:
            continue
