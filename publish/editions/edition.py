"""What an edition is called and what is known of it before it is opened.

An edition's file, its folder of Parquet and the rows of the ledger bear the same name, so the name is made in one place.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

PUBLISHED_SCHEMAS = ("core", "reviews")
# so many letters of the fingerprint of its inputs end the name of an edition
FINGERPRINT_LETTERS = 8


@dataclass(frozen=True, slots=True)
class Approval:
    """Who approved an edition, when (timezone-aware) and what they wrote to it."""

    approved_by: str
    approved_at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition, issued or waiting for approval.

    Attributes:
        edition_id: also the name of its file and folder.
        as_of: what had been received by this instant counts; timezone-aware UTC.
        built_at: when it was made from the working database; timezone-aware UTC.
        issued_at: from when on its figures stand as published; None while it waits.
        code_version: the code that made it.
        inputs_fingerprint: see ``build.inputs``.
        input_submissions: number of submissions behind it.
        newest_period: the newest half-year for which a return was accepted; None when there is none.
        approval: None while it waits, and for editions that were made before approvals were asked for.
        path: its DuckDB file.
        folder: where its Parquet files and its manifest lie.
    """

    edition_id: str
    as_of: datetime
    built_at: datetime
    issued_at: datetime | None
    code_version: str
    inputs_fingerprint: str
    input_submissions: int
    newest_period: str | None
    approval: Approval | None
    path: Path
    folder: Path


def name_edition(built_at: datetime, fingerprint: str) -> str:
    """Name an edition after the second in which it is built and after what it is built from."""
    return f"edition_{built_at.astimezone(UTC):%Y%m%dt%H%M%S}_{fingerprint[:FINGERPRINT_LETTERS]}"


def is_built_from(edition_id: str, fingerprint: str) -> bool:
    """Tell by its name whether an edition was built from these inputs."""
    return edition_id.endswith(f"_{fingerprint[:FINGERPRINT_LETTERS]}")


def quoted(path: Path) -> str:
    """Give a path as it stands inside quotation marks in SQL."""
    return str(path).replace("'", "''")
