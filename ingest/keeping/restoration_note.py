"""A note in a home into which a backup is being restored: which backup it is, and whether all of its files are there.

Until they are, nobody may write the warehouse: what was loaded into half a journal would be lost, or taken for another
warehouse's. From then on the working database can be made by whoever comes first.
"""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from ingest.durable import write_file
from ingest.home import WarehouseHome
from ingest.troubles import WarehouseTroubleError

_NAME = ".restoring"
_MODE = 0o644


class UnfinishedRestorationError(WarehouseTroubleError):
    """The home holds a part of a backup only."""

    def __init__(self, home: WarehouseHome, backup: str) -> None:
        super().__init__(
            f"Kho số liệu {home.root} đang được khôi phục dở từ lần sao lưu {backup}, chưa đủ tệp để dùng."
            f" Đề nghị chạy lại lệnh khôi phục (make restore FROM=… AT={backup}) cho xong."
        )


class RestorationNote(BaseModel):
    """Which backup is being restored.

    Attributes:
        backup: its name.
        are_files_there: nothing but the working database is missing.
    """

    model_config = ConfigDict(frozen=True)

    backup: str
    are_files_there: bool = False

    @classmethod
    def read(cls, home: WarehouseHome) -> "RestorationNote | None":
        """Read the note of a home; None where nothing is being restored."""
        try:
            written = _path(home).read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        try:
            return cls.model_validate_json(written)
        except ValidationError:
            # as it was written once, the name alone: the home may have been used for long
            return cls(backup=written.strip(), are_files_there=True)

    def keep(self, home: WarehouseHome) -> None:
        """Write the note."""
        write_file(_path(home), self.model_dump_json().encode(), _MODE)


def remove_note(home: WarehouseHome) -> None:
    """Take the note away: from here on the home counts as lived in."""
    _path(home).unlink(missing_ok=True)


def refuse_unfinished_restoration(home: WarehouseHome) -> None:
    """Make sure that the home is whole.

    Raises:
        UnfinishedRestorationError: files of the backup that is being restored are missing.
    """
    note = RestorationNote.read(home)
    if note is not None and not note.are_files_there:
        raise UnfinishedRestorationError(home, note.backup)


def _path(home: WarehouseHome) -> Path:
    return home.root / _NAME
