"""An edition as Parquet, and the list of its files with their checksums.

The manifest is what an edition is held against: a DuckDB file or a Parquet file whose size or hash is another is not what
was issued. It also carries what ``meta.edition`` says, so that editions can be told apart without opening them.
"""

from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from ingest.database import open_read_only
from ingest.keeping.archive import sha256_of
from publish.editions.contents.parquet import write_parquet
from publish.editions.edition import Approval, Edition

MANIFEST = "manifest.json"
READ_ONLY = 0o444
# Each folder in it is a table, and nothing else is: tools that are pointed at it find the tables by themselves.
TABLES = "tables"


class DatabaseFile(BaseModel):
    """The edition's DuckDB file; manifests from before sizes were noted have none."""

    model_config = ConfigDict(frozen=True)

    file: str
    sha256: str
    size_bytes: int | None = None


class TableFile(BaseModel):
    """One table as Parquet; ``file`` is relative to the edition's folder."""

    model_config = ConfigDict(frozen=True)

    table: str
    file: str
    rows: int
    sha256: str


class Manifest(BaseModel):
    """What is in an edition's folder and in its DuckDB file.

    Attributes:
        issued_at: None while the edition waits for approval, unless it is fixed beforehand (a back-fill).
        is_issued: its figures stand in the ledger; those of a reproduction of an earlier day do not.
    """

    model_config = ConfigDict(frozen=True)

    edition_id: str
    as_of: datetime
    built_at: datetime | None = None
    issued_at: datetime | None = None
    is_issued: bool = True
    code_version: str
    inputs_fingerprint: str
    input_submissions: int
    newest_period: str | None = None
    approved_by: str | None = None
    approved_at: datetime | None = None
    approval_note: str | None = None
    database: DatabaseFile
    tables: tuple[TableFile, ...]

    def edition(self, path: Path, folder: Path) -> Edition:
        """Give the edition that this tells of, at the place where it lies."""
        built_at = self.built_at or self.issued_at
        if built_at is None:
            raise ManifestDamagedError(f"{folder / MANIFEST}: neither built_at nor issued_at")
        is_approved = self.approved_by is not None and self.approved_at is not None
        return Edition(
            edition_id=self.edition_id,
            as_of=self.as_of,
            built_at=built_at,
            issued_at=self.issued_at,
            code_version=self.code_version,
            inputs_fingerprint=self.inputs_fingerprint,
            input_submissions=self.input_submissions,
            newest_period=self.newest_period,
            approval=Approval(self.approved_by or "", self.approved_at or built_at, self.approval_note or "")
            if is_approved
            else None,
            path=path,
            folder=folder,
        )


class ManifestDamagedError(Exception):
    """A manifest is missing or is not what was written; the text names the file."""


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of an edition's folder.

    Raises:
        ManifestDamagedError: it is missing, or no manifest.
    """
    path = folder / MANIFEST
    try:
        return Manifest.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise ManifestDamagedError(str(path)) from error


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write a manifest into a folder that has not got its name yet."""
    (folder / MANIFEST).write_text(manifest.model_dump_json(indent=2) + "\n", encoding="utf-8")


def export_tables(database: Path, folder: Path, only: tuple[str, ...] = ()) -> tuple[TableFile, ...]:
    """Write the tables of an edition as Parquet, each in a folder of its own (``tables/core.dim_unit/``).

    Args:
        database: the edition's DuckDB file.
        folder: the edition's folder.
        only: ``schema.table`` names to write; all when empty.
    """
    files = []
    with open_read_only(database) as connection:
        tables = connection.execute(
            "select schema_name, table_name from duckdb_tables() where not internal order by all"
        ).fetchall()
        for schema, table in tables:
            if only and f"{schema}.{table}" not in only:
                continue
            path = folder / TABLES / f"{schema}.{table}" / f"{table}.parquet"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.unlink(missing_ok=True)
            files.append(
                TableFile(
                    table=f"{schema}.{table}",
                    file=path.relative_to(folder).as_posix(),
                    rows=write_parquet(connection, f'"{schema}"."{table}"', path),
                    sha256=sha256_of(path),
                )
            )
    return tuple(files)


def describe_database(path: Path, name: str) -> DatabaseFile:
    """Note hash and size of a DuckDB file that will be called ``name``."""
    return DatabaseFile(file=name, sha256=sha256_of(path), size_bytes=path.stat().st_size)


def has_size(path: Path, database: DatabaseFile) -> bool:
    """Tell whether a DuckDB file is as long as its manifest says; hashes it where only the hash was noted."""
    if not path.is_file():
        return False
    if database.size_bytes is None:
        return sha256_of(path) == database.sha256
    return path.stat().st_size == database.size_bytes


def is_whole(path: Path, folder: Path, manifest: Manifest) -> bool:
    """Tell whether every file of an edition has the hash that its manifest says; reads all of them."""
    if not has_size(path, manifest.database) or sha256_of(path) != manifest.database.sha256:
        return False
    files = [(folder / table.file, table.sha256) for table in manifest.tables]
    return all(file.is_file() and sha256_of(file) == digest for file, digest in files)
