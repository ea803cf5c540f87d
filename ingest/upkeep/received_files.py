"""What was received, as an officer knows it, and finding the one file that she means by what she typed."""

import difflib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from ingest.database import open_warehouse
from ingest.home import WarehouseHome
from ingest.keeping.withdrawals import newest_decisions
from ingest.text.folding import fold

MOST_CANDIDATES = 20
_FILES = f"""
with decisions as ({newest_decisions()})
select
    submissions.submission_id, submissions.relative_path, submissions.container_path, submissions.unit_key,
    submissions.period_code, submissions.received_at, submissions.verdict,
    coalesce(decisions.is_withdrawn, false) as is_withdrawn,
    decisions.decided_at, decisions.decided_by, decisions.why
from raw.submissions
left join decisions using (submission_id)
"""
_PATHS = """
select submission_id, relative_path, container_path from raw.submissions
union
select submission_id, relative_path, null from raw.receipts where submission_id is not null
"""


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    """A submission as an officer knows it.

    Attributes:
        relative_path: path in the inbox; of a member of a zip, the zip's path and the member's.
        decided_at, decided_by, why: the newest decision on it; None where nobody decided anything.
    """

    submission_id: str
    relative_path: str
    container_path: str | None
    unit_key: str | None
    period_code: str | None
    received_at: datetime
    verdict: str
    is_withdrawn: bool
    decided_at: datetime | None
    decided_by: str | None
    why: str | None


class UndecidedError(Exception):
    """Nothing was decided, for a reason that an officer can do something about."""


class NoSuchFileError(UndecidedError):
    """Nothing received is called so; ``candidates`` are the files that may have been meant."""

    def __init__(self, asked: str, candidates: Sequence[ReceivedFile]) -> None:
        super().__init__(asked)
        self.asked = asked
        self.candidates = tuple(candidates)


class SeveralFilesError(UndecidedError):
    """More than one submission is called so."""

    def __init__(self, asked: str, candidates: Sequence[ReceivedFile]) -> None:
        super().__init__(asked)
        self.asked = asked
        self.candidates = tuple(candidates)


def newest_files(home: WarehouseHome, *, is_withdrawn: bool) -> tuple[ReceivedFile, ...]:
    """Give the newest submissions that are withdrawn, or that are not, latest first."""
    if not home.warehouse.exists():
        return ()
    with open_warehouse(home) as connection:
        return _select(
            connection,
            "where coalesce(decisions.is_withdrawn, false) = ?"
            " order by coalesce(decisions.decided_at, submissions.received_at) desc, submission_order desc limit ?",
            [is_withdrawn, MOST_CANDIDATES],
        )


def find_file(connection: duckdb.DuckDBPyConnection, home: WarehouseHome, asked: str) -> ReceivedFile:
    """Give the one submission that is meant."""
    paths: list[tuple[str, str, str | None]] = connection.execute(_PATHS).fetchall()
    wanted = _as_in_inbox(home, asked)
    found = _called(paths, asked.strip().lower(), wanted)
    if not found:
        raise NoSuchFileError(asked, files_of(connection, _alike(paths, wanted)))
    files = files_of(connection, found)
    if len(files) > 1:
        raise SeveralFilesError(asked, files)
    return files[0]


def _called(paths: Iterable[tuple[str, str, str | None]], submission_id: str, wanted: str) -> frozenset[str]:
    """Give the submissions of that id, else of that path, else of that name or end of a path."""
    ids, exact, ending = set(), set(), set()
    for key, path, container in paths:
        comparable = _comparable(path)
        if key == submission_id:
            ids.add(key)
        if wanted in (comparable, _comparable(container or "")):
            exact.add(key)
        if f"/{comparable}".endswith(f"/{wanted}"):
            ending.add(key)
    return frozenset(ids or (wanted and (exact or ending)) or ())


def _alike(paths: Iterable[tuple[str, str, str | None]], wanted: str) -> frozenset[str]:
    """Give the submissions whose path holds what was asked for, else those whose name is nearest to it."""
    keys: dict[str, set[str]] = {}
    for key, path, _ in paths:
        keys.setdefault(path, set()).add(key)
    asked = fold(wanted)
    holding = [path for path in keys if asked and asked in fold(path)]
    if not holding:
        by_name = {fold(path.rsplit("/", 1)[-1]): path for path in keys}
        near = difflib.get_close_matches(fold(wanted.rsplit("/", 1)[-1]), by_name, n=5, cutoff=0.6)
        holding = [by_name[name] for name in near]
    return frozenset(key for path in holding for key in keys[path])


def _as_in_inbox(home: WarehouseHome, asked: str) -> str:
    """Give a path as receipts have it, from however it was typed: from anywhere, with the inbox, with backslashes."""
    text = asked.strip().replace("\\", "/")
    for base in (home.inbox, Path.cwd()):
        try:
            return _comparable((base / text).resolve().relative_to(home.inbox.resolve()).as_posix())
        except (ValueError, OSError):
            continue
    return _comparable(text.removeprefix("./"))


def _comparable(path: str) -> str:
    return unicodedata.normalize("NFC", path).casefold().strip("/")


def _select(
    connection: duckdb.DuckDBPyConnection, condition: str, parameters: Sequence[object]
) -> tuple[ReceivedFile, ...]:
    return tuple(
        ReceivedFile(*row) for row in connection.execute(_FILES + condition, list(parameters)).fetchall()
    )


def files_of(connection: duckdb.DuckDBPyConnection, keys: Iterable[str]) -> tuple[ReceivedFile, ...]:
    """Give some submissions, latest first; no more than a person reads."""
    return _select(
        connection,
        "where list_contains(?, submission_id) order by submission_order desc limit ?",
        [sorted(keys), MOST_CANDIDATES],
    )
