"""Answers in the outbox: written where something is to be told, taken away where nothing is any more.

Each answer carries, in its own properties, which submission it answers and what it was made from. So a second run writes
nothing, nothing has to be remembered elsewhere, and a file that somebody else put into the folder is left alone.
"""

import hashlib
import os
import re
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path, PurePosixPath

from defusedxml import ElementTree
from pydantic import BaseModel, ConfigDict

from ingest.contracts.forms import Contracts, load_contracts
from ingest.database import open_read_only
from ingest.durable import write_file
from ingest.home import OWNER_FILE, WarehouseHome
from ingest.keeping.archive import archived_path
from ingest.text.printing import VIETNAM
from ingest.troubles import telling_troubles
from publish.feedback.findings.answer import Answer, AnsweredFile
from publish.feedback.findings.answers import read_answers
from publish.feedback.workbook import build_feedback

LAYOUT = "3"  # another number when answers look otherwise: all are then written anew
UNKNOWN_PERIOD = "khong-ro-ky"
UNKNOWN_UNIT = "khong-ro-don-vi"
MOST_CONTENT_BYTES = 32 * 1024 * 1024
_SUFFIX = " - phan hoi"
_OLD_SUFFIX = re.compile(r"(?: - (?:phan hoi|gop y)(?: [a-p]{8})?(?: ?\(\d+\))?)+$", re.IGNORECASE)
_NOT_IN_FILE_NAMES = re.compile(r'[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069/\\:*?"<>|]+')
_LONGEST_NAME_BYTES = 180  # file systems allow 255; the branch may add something
_LETTERS_OF_DIGITS = str.maketrans("0123456789abcdef", "abcdefghijklmnop")
_IDENTIFIER = re.compile(r"^gop-y:([0-9a-f]{16}):([0-9a-f]{16})$")
_PROPERTIES = "docProps/core.xml"
_IDENTIFIER_TAG = "{http://purl.org/dc/elements/1.1/}identifier"


class FeedbackReport(BaseModel):
    """What one run did; paths are relative to ``outbox/feedback``.

    Attributes:
        written, unchanged, removed: answers by what was done with them.
        postponed: answers left as they are because a submission that the build does not know may replace theirs.
    """

    model_config = ConfigDict(frozen=True)

    written: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    postponed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Written:
    """An answer that lies in the outbox."""

    submission_id: str
    fingerprint: str


@telling_troubles()
def write_feedback(
    home: WarehouseHome, contracts: Contracts | None = None, now: datetime | None = None
) -> FeedbackReport:
    """Bring the answers in the outbox up to date with the last build.

    Args:
        home: the warehouse; nobody may be writing its working database.
        contracts: the forms that are known; those of the project when not given.
        now: with time zone; the day of answers that are written, in Vietnam, and by when they ask to send again.

    Raises:
        NotBuiltError: dbt has not built the working database.
        WarehouseTroubleError: another process is writing it, or the answers cannot be written.
    """
    contracts = contracts or load_contracts()
    today = (now or datetime.now(VIETNAM)).astimezone(VIETNAM).date()
    with open_read_only(home.warehouse) as connection:
        answers, unbuilt = read_answers(connection, contracts)
    present = dict(_answers_in(home.feedback))
    waiting = [answer for answer in answers if unbuilt.may_replace(answer.file)]
    due = [answer for answer in answers if not unbuilt.may_replace(answer.file)]
    report: dict[str, list[str]] = {"written": [], "unchanged": [], "removed": [], "postponed": []}
    wanted: set[Path] = set()
    for path, answer in _named(home.feedback, due):
        wanted.add(path)
        expected = _Written(answer.file.submission_id, _fingerprint(answer))
        outcome = "unchanged" if present.get(path) == expected else "written"
        if outcome == "written":
            write_file(path, _make(home, answer, expected, today), OWNER_FILE)
        report[outcome].append(_relative(path, home))
    kept = {answer.file.submission_id for answer in waiting} | unbuilt.submission_ids
    for path, found in present.items():
        if path in wanted:
            continue
        if found.submission_id in kept:
            report["postponed"].append(_relative(path, home))
        else:
            path.unlink()
            report["removed"].append(_relative(path, home))
    _remove_empty_folders(home.feedback)
    return FeedbackReport.model_validate({name: tuple(sorted(paths)) for name, paths in report.items()})


def answers_by_submission(folder: Path) -> dict[str, Path]:
    """Find which answer in a folder is to which submission; what somebody else put there is left out."""
    return {written.submission_id: path for path, written in _answers_in(folder)}


def _make(home: WarehouseHome, answer: Answer, expected: _Written, today: date) -> bytes:
    identifier = f"gop-y:{expected.submission_id}:{expected.fingerprint}"
    content = answer.logged if answer.logged is not None else _archived(home, answer.file)
    return build_feedback(answer.file, answer.findings, content, identifier, today)


def _archived(home: WarehouseHome, file: AnsweredFile) -> bytes | None:
    """Give a branch's file; None for one that was never opened: it can neither be shown nor is it safe to try."""
    path = archived_path(home.archive, file.sha256)
    if not file.was_read or not path.exists() or path.stat().st_size > MOST_CONTENT_BYTES:
        return None
    return path.read_bytes()


def _fingerprint(answer: Answer) -> str:
    return hashlib.sha256(f"{LAYOUT} {answer!r}".encode()).hexdigest()[:16]


def _named(folder: Path, answers: Sequence[Answer]) -> Iterator[tuple[Path, Answer]]:
    """Give each answer a path of its own: those that would share one get letters made of the submission's id."""
    plain = {answer.file.submission_id: _path(folder, answer.file, "") for answer in answers}
    shared = Counter(_comparable(path) for path in plain.values())
    for answer in answers:
        path = plain[answer.file.submission_id]
        if shared[_comparable(path)] > 1:
            # letters, because digits in a file's name are read as a year when it comes back
            path = _path(
                folder, answer.file, f" {answer.file.submission_id[:8].translate(_LETTERS_OF_DIGITS)}"
            )
        yield path, answer


def _path(folder: Path, file: AnsweredFile, distinction: str) -> Path:
    period = file.period_code or UNKNOWN_PERIOD
    unit = file_name(file.unit_name or UNKNOWN_UNIT)
    stem = _OLD_SUFFIX.sub("", PurePosixPath(file.file_name).stem)
    return folder / period / unit / f"{file_name(stem)}{_SUFFIX}{distinction}.xlsx"


def file_name(text: str) -> str:
    """Make a text fit to be a file's name on any system: no control characters, no separators, not too long."""
    clean = " ".join(_NOT_IN_FILE_NAMES.sub(" ", unicodedata.normalize("NFC", text)).split()).strip(". ~$")
    while len(clean.encode()) > _LONGEST_NAME_BYTES:
        clean = clean[: max(1, len(clean) * _LONGEST_NAME_BYTES // len(clean.encode()))].rstrip(". ")
    return clean or "tep"


def _comparable(path: Path) -> str:
    return unicodedata.normalize("NFC", str(path)).casefold()


def _relative(path: Path, home: WarehouseHome) -> str:
    return path.relative_to(home.feedback).as_posix()


def _answers_in(folder: Path) -> Iterator[tuple[Path, _Written]]:
    """Find the answers that this project wrote."""
    for path in sorted(folder.rglob("*.xlsx")) if folder.exists() else ():
        written = _read_identifier(path)
        if written is not None:
            yield path, written


def _read_identifier(path: Path) -> _Written | None:
    try:
        with zipfile.ZipFile(path) as archive:
            properties = ElementTree.fromstring(archive.read(_PROPERTIES))
    except (zipfile.BadZipFile, KeyError, ElementTree.ParseError, OSError):
        return None
    match = _IDENTIFIER.match(properties.findtext(_IDENTIFIER_TAG) or "")
    return _Written(match[1], match[2]) if match else None


def _remove_empty_folders(folder: Path) -> None:
    for path, _, _ in os.walk(folder, topdown=False):
        if Path(path) != folder and not any(Path(path).iterdir()):
            Path(path).rmdir()
