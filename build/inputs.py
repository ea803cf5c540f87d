"""What an edition is made of, and whether it has been made already.

An edition is a function of the submissions received by a day, what was withdrawn of them, the reference data and the
code. Their fingerprint stands in the edition; when the current edition carries the same one, a refresh would
give the same tables and is not run.
"""

import hashlib
import json
import subprocess
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path

from build.layers_built import fingerprint_code
from build.reference import read_periods
from ingest.database import open_read_only
from ingest.home import DBT_PROJECT, FORMS, PROJECT_ROOT, WarehouseHome
from ingest.keeping.withdrawals import withdrawn_by
from ingest.text.printing import VIETNAM, moment_vi

# written when an image is built; nowhere else
CODE_VERSION = PROJECT_ROOT / "CODE_VERSION"
_PUBLISH = PROJECT_ROOT / "publish"
_CODE_OF_EDITIONS = (
    DBT_PROJECT,
    FORMS,
    PROJECT_ROOT / "build",
    _PUBLISH / "editions",
    _PUBLISH / "catalogue",
)


class NothingReceivedError(RuntimeError):
    """No submission had been received by the instant asked for."""

    def __init__(self, as_of: datetime) -> None:
        super().__init__(
            f"Chưa nhận được báo cáo nào tính đến {moment_vi(as_of)}. Đề nghị tiếp nhận báo cáo trước."
        )


def parse_as_of(text: str) -> datetime:
    """Read a day (the whole of it) or an instant as a person gives it; Vietnam time where no zone is named.

    Args:
        text: ISO 8601: ``2023-06-30``, ``2023-06-30T17:00`` or ``2023-06-30T10:00Z``.

    Raises:
        ValueError: it is neither.
    """
    parsed = datetime.fromisoformat(text.strip())
    if len(text.strip()) == len("2023-06-30"):
        parsed = datetime.combine(parsed.date(), time.max)
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=VIETNAM)


class UnknownDayError(ValueError):
    """What was asked for is no day, or one that has not begun; says in Vietnamese which."""


def instant_asked(text: str | None, now: datetime) -> datetime:
    """Give the instant up to which a refresh counts: the one that a person named, otherwise that of the run.

    Today as a whole day ends now.

    Args:
        text: as ``parse_as_of`` takes it; empty where nobody named one.
        now: the instant of the run, timezone-aware; a run that is repeated has the same.

    Raises:
        UnknownDayError: it is no day, or later than the day of the run.
    """
    if not text or not text.strip():
        return now
    try:
        asked = parse_as_of(text)
    except ValueError as error:
        raise UnknownDayError(f"Không hiểu thời điểm “{text}”. Viết như 2023-06-30.") from error
    if asked <= now:
        return asked
    if asked.astimezone(VIETNAM).date() == now.astimezone(VIETNAM).date():
        return now
    raise UnknownDayError(f"Ngày “{text}” chưa đến. Đề nghị chọn ngày không muộn hơn hôm nay.")


class InputsChangedError(RuntimeError):
    """Submissions or code changed while a refresh was building; what it built is mixed and is not published."""

    def __init__(self) -> None:
        super().__init__(
            "Trong lúc tổng hợp đã có thêm báo cáo, có báo cáo bị rút hoặc chương trình đã thay đổi. Đề nghị chạy lại."
        )


@dataclass(frozen=True, slots=True)
class EditionInputs:
    """What an edition would be built from.

    Attributes:
        as_of: only what had been received by this instant counts; timezone-aware.
        submissions: number of submissions that count, refused ones included and withdrawn ones not.
        fingerprint: hex digest over what had been received and withdrawn, the reference data and the code.
        received: hex digest over what had been received and withdrawn, and which periods had ended; no code.
    """

    as_of: datetime
    submissions: int
    fingerprint: str
    received: str


def gather_inputs(
    home: WarehouseHome, as_of: datetime, code: tuple[Path, ...] | None = None
) -> EditionInputs:
    """Fingerprint what an edition as of an instant would be built from.

    The instant itself does not enter, only what it decides: which submissions count and which periods had ended.

    Args:
        home: the warehouse to look at.
        as_of: timezone-aware instant.
        code: folders whose files are part of the fingerprint; the project's own when not given.

    Raises:
        NothingReceivedError: nothing had been received by then.
    """
    folders = code or _CODE_OF_EDITIONS
    if not home.warehouse.exists():
        raise NothingReceivedError(as_of)
    with open_read_only(home.warehouse) as connection:
        submissions = connection.execute(
            """
            with arrivals as (
                select submission_id, max(arrival_order) as arrival_order
                from raw.receipts
                where coalesce(known_at, received_at) <= $as_of
                group by submission_id
            )
            select submission_id, verdict, unit_key, period_code, received_at::varchar
            from raw.submissions
            left join arrivals using (submission_id)
            where coalesce(known_at, received_at) <= $as_of
            order by coalesce(arrival_order, submission_order), submission_id
            """,
            {"as_of": as_of},
        ).fetchall()
        withdrawn = withdrawn_by(connection, as_of)
    if not submissions:
        raise NothingReceivedError(as_of)
    today = as_of.astimezone(VIETNAM).date()
    ended = [period.code for period in read_periods() if period.end < today]
    received = [submissions, withdrawn, ended]
    counted = {row[0] for row in submissions} - {submission_id for submission_id, _, _ in withdrawn}
    return EditionInputs(
        as_of=as_of,
        submissions=len(counted),
        fingerprint=_digest([*received, fingerprint_code(folders)]),
        received=_digest(received),
    )


def _digest(inputs: Sequence[object]) -> str:
    return hashlib.sha256(json.dumps(inputs, ensure_ascii=False).encode()).hexdigest()


def confirm_inputs(home: WarehouseHome, as_of: datetime, fingerprint: str) -> EditionInputs:
    """Give the inputs of a refresh at its end, if they are still those that it began with.

    Args:
        home: the warehouse.
        as_of: the instant of the refresh.
        fingerprint: that of the inputs when the refresh began.

    Raises:
        InputsChangedError: a file dated before ``as_of`` was loaded or withdrawn, or the code was edited, in between.
    """
    inputs = gather_inputs(home, as_of)
    if inputs.fingerprint != fingerprint:
        raise InputsChangedError
    return inputs


def code_version() -> str:
    """Name the code: what its image was built with, else ``git describe``, else the version of the project."""
    if CODE_VERSION.exists() and (built := CODE_VERSION.read_text(encoding="utf-8").strip()):
        return built
    try:
        described = subprocess.run(
            ["git", "describe", "--always", "--dirty", "--tags"],
            cwd=PROJECT_ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        project = tomllib.loads((PROJECT_ROOT / "pyproject.toml").read_text(encoding="utf-8"))
        return str(project["project"]["version"])
    return described.stdout.strip()
