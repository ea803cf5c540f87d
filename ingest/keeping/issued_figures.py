"""The ledger of issued figures as files: what was printed is kept apart from the database that could compute it anew.

One Parquet file an edition under ``archive/ledger``, with the columns of ``raw.issued_figures``; the entry of the journal
names it with its hash.
"""

import tempfile
from pathlib import Path

import duckdb

from ingest.durable import READ_ONLY, make_folder, put_in_place
from ingest.home import WarehouseHome
from ingest.keeping.archive import sha256_of
from ingest.keeping.journal import IssueEntry, JournalError


class DamagedLedgerError(JournalError):
    """The file of an edition's issued figures is missing or not what was written."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"Tệp số liệu đã công bố {path} bị thiếu hoặc bị hỏng. "
            "Đề nghị khôi phục tệp này từ bản sao lưu rồi chạy lại."
        )


def keep_figures(connection: duckdb.DuckDBPyConnection, home: WarehouseHome, edition_id: str) -> IssueEntry:
    """Write the figures of an edition that ``raw.issued_figures`` has to the ledger, durably.

    For a database that is older than the journal; gives the entry that the journal is to have.

    Raises:
        ValueError: the edition issued no figures.
        OSError: the disk does not take them.
    """
    asked = connection.execute(
        "select any_value(issued_at) from raw.issued_figures where edition_id = ?", [edition_id]
    ).fetchone()
    if asked is None or asked[0] is None:
        raise ValueError(f"no figures of {edition_id} were issued")
    make_folder(home.ledger)
    settled = home.ledger / f"{edition_id}.parquet"
    with tempfile.TemporaryDirectory(dir=home.ledger, prefix=".writing-") as folder:
        temporary = Path(folder) / settled.name
        connection.execute(
            f"copy (from raw.issued_figures where edition_id = $edition_id) to '{_quoted(str(temporary))}'"
            " (format parquet, compression zstd)",
            {"edition_id": edition_id},
        )
        sha256 = sha256_of(temporary)
        temporary.chmod(READ_ONLY)
        put_in_place(temporary, settled)
    return IssueEntry(
        edition_id=edition_id, issued_at=asked[0], figures_file=settled.name, figures_sha256=sha256
    )


def take_over_issue(connection: duckdb.DuckDBPyConnection, home: WarehouseHome, entry: IssueEntry) -> None:
    """Bring an edition's issued figures from the ledger into ``raw.issued_figures``, once.

    Raises:
        DamagedLedgerError: its file is missing or not what was written.
    """
    path = home.ledger / entry.figures_file
    if not path.is_file() or sha256_of(path) != entry.figures_sha256:
        raise DamagedLedgerError(path)
    connection.execute(
        "insert into raw.issued_figures by name from read_parquet($path)"
        " where not exists (from raw.issued_figures where edition_id = $edition_id)",
        {"path": str(path), "edition_id": entry.edition_id},
    )


def _quoted(text: str) -> str:
    return text.replace("'", "''")
