"""Withdrawing what was loaded by mistake, and taking it back into the count.

Nothing is removed: the file stays in the archive, its rows stay in ``raw``, and a decision is appended to the journal and
to ``raw.withdrawals``. The newest decision on a submission holds from its own time on, so that an earlier ``as_of`` gives
the figures of then. What a withdrawn submission counts in (nothing) is decided by dbt; the sentences about it are in
``withdrawal_answer``.
"""

import difflib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import duckdb

from ingest.contracts.forms import Contracts, FormContract, load_contracts
from ingest.database import open_warehouse
from ingest.home import WarehouseHome
from ingest.keeping.journal import WithdrawalEntry
from ingest.keeping.projection import apply_missing, record
from ingest.text.folding import fold

MOST_CANDIDATES = 20


def _decisions(condition: str = "true") -> str:
    """SQL that gives the newest decision on each submission, of those that a condition lets through."""
    return f"""
        select
            submission_id,
            arg_max(is_withdrawn, decided_at) as is_withdrawn,
            max(decided_at) as decided_at,
            arg_max(decided_by, decided_at) as decided_by,
            arg_max(why, decided_at) as why
        from raw.withdrawals
        where {condition}
        group by submission_id
    """


_FILES = f"""
with decisions as ({_decisions()})
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

_FORMS = """
select tables.form_name
from raw.sheet_tables as tables
inner join raw.submissions using (submission_id)
where submission_id = ? and submissions.verdict <> 'rejected' and tables.verdict <> 'rejected'
  and tables.form_name is not null
group by tables.form_name
order by tables.form_name
"""

# As int_submissions_ranked has it, for what no build has seen yet: the whole return that arrived last, with its other
# parts by village branch, then what was added to it; a form without rows only where nothing else is told.
_COUNTED = f"""
with decisions as ({_decisions()}),
arrivals as (
  select submission_id, max(arrival_order) as arrival_order
  from raw.receipts
  where submission_id is not null
  group by submission_id
),
sent as (
  select
    submissions.submission_id,
    coalesce(max(arrivals.arrival_order), max(submissions.submission_order)) as arrival_order,
    max(
      submissions.load_id || '|'
      || coalesce(submissions.container_path, regexp_replace(submissions.relative_path, '[^/]*$', ''))
    ) as sent_in,
    bool_and(coalesce(tables.sending = 'supplement', false)) as is_supplement,
    bool_and(tables.branch is not null) as is_part,
    bool_or(coalesce(tables.body_rows > 0, true) or coalesce(tables.says_nothing, false)) as is_filled
  from raw.submissions
  inner join raw.sheet_tables as tables using (submission_id)
  left join arrivals using (submission_id)
  left join decisions using (submission_id)
  where submissions.unit_key = ? and submissions.period_code = ? and tables.form_name = ?
    and submissions.verdict <> 'rejected' and tables.verdict = 'accepted'
    and not coalesce(decisions.is_withdrawn, false)
  group by submissions.submission_id
),
newest as (
  select *
  from sent
  where not is_supplement
  order by is_filled desc, arrival_order desc
  limit 1
)
select sent.submission_id
from sent
left join newest on true
where
  sent.submission_id = newest.submission_id
  or (sent.is_part and newest.is_part and sent.sent_in = newest.sent_in and not sent.is_supplement)
  or (
    sent.is_supplement and sent.is_filled
    and (
      not coalesce(newest.is_filled, false)
      or sent.arrival_order > newest.arrival_order
      or sent.sent_in = newest.sent_in
    )
  )
order by sent.submission_id is distinct from newest.submission_id, sent.is_supplement, sent.arrival_order desc
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


@dataclass(frozen=True, slots=True)
class Content:
    """What a submission holds for one form.

    Attributes:
        rows: rows of data, good and bad.
        money_vnd: what its good rows tell of in đồng; None where the form has no money or nothing was built yet.
    """

    rows: int
    money_vnd: Decimal | None


@dataclass(frozen=True, slots=True)
class FormChange:
    """What a decision changes for one form of a submission.

    Attributes:
        content: what the submission itself holds for the form.
        is_by_row: unit and half-year stand in its rows (logs, targets, opening balances), so that no one other
            submission takes its place; ``before`` and ``after`` are empty then.
        before, after: what counted for the unit, half-year and form, and what will: the newest whole return, then its
            other parts and what adds to it.
        after_content: what the first of the latter holds.
    """

    form_name: str
    form_title: str
    content: Content
    is_by_row: bool
    before: tuple[ReceivedFile, ...]
    after: tuple[ReceivedFile, ...]
    after_content: Content | None


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision that was written down, and what comes of it."""

    file: ReceivedFile
    entry: WithdrawalEntry
    changes: tuple[FormChange, ...]


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


class NothingToDecideError(UndecidedError):
    """The submission is withdrawn already, or was not withdrawn."""

    def __init__(self, file: ReceivedFile) -> None:
        super().__init__(file.submission_id)
        self.file = file


class ClockBehindError(UndecidedError):
    """The clock stands before the newest decision on the submission, which would hold against a new one."""

    def __init__(self, file: ReceivedFile, now: datetime) -> None:
        super().__init__(file.submission_id)
        self.file = file
        self.now = now


def decide(
    home: WarehouseHome,
    asked: str,
    *,
    is_withdrawn: bool,
    decided_at: datetime,
    decided_by: str,
    why: str,
    contracts: Contracts | None = None,
) -> Decided:
    """Withdraw a submission, or take it back.

    Args:
        home: the warehouse.
        asked: the submission's id, or the path or name of its file if that names exactly one.
        is_withdrawn: true to withdraw, false to take back.
        decided_at: the moment of the decision, with time zone; it counts for whatever is built as of then or later.
        decided_by: who decided.
        why: the reason, not blank.
        contracts: the forms that are known; those of the project when not given.

    Raises:
        NoSuchFileError: no submission is called so.
        SeveralFilesError: several are.
        NothingToDecideError: it already is as asked.
        ClockBehindError: a later decision on it is already known.
        WarehouseBusyError: another process is writing the warehouse.
        JournalError: the journal is damaged, behind, or another warehouse's; nothing was decided.
    """
    contracts = contracts or load_contracts()
    if not home.warehouse.exists():
        raise NoSuchFileError(asked, ())
    with open_warehouse(home, contracts) as connection:
        apply_missing(connection, home)  # a decision that was cut off after it stood in the journal
        file = _find(connection, home, asked)
        if file.is_withdrawn == is_withdrawn:
            raise NothingToDecideError(file)
        if file.decided_at is not None and file.decided_at >= decided_at:
            raise ClockBehindError(file, decided_at)
        forms = [
            contracts.form(str(name))
            for (name,) in connection.execute(_FORMS, [file.submission_id]).fetchall()
        ]
        before = {form.name: _counted(connection, file, form) for form in forms}
        entry = WithdrawalEntry(
            submission_id=file.submission_id,
            is_withdrawn=is_withdrawn,
            decided_at=decided_at,
            decided_by=decided_by,
            why=why,
        )
        record(connection, home, entry)
        changes = [_change(connection, file, form, before[form.name]) for form in forms]
    return Decided(file, entry, tuple(changes))


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


def withdrawn_now(connection: duckdb.DuckDBPyConnection) -> frozenset[str]:
    """Give the submissions that are withdrawn as everything is known now."""
    return frozenset(submission_id for submission_id, _, _ in withdrawn_by(connection, None))


def withdrawn_by(
    connection: duckdb.DuckDBPyConnection, as_of: datetime | None
) -> tuple[tuple[str, str, str], ...]:
    """Give what was withdrawn at an instant (now when None): submission, time of the decision as text, reason; in order.

    A database that was last written by a version that knew no withdrawals has none.
    """
    try:
        found = connection.execute(
            "select submission_id, decided_at::varchar, why"
            f" from ({_decisions('$as_of::timestamptz is null or decided_at <= $as_of')})"
            " where is_withdrawn order by all",
            {"as_of": as_of},
        ).fetchall()
    except duckdb.CatalogException:
        return ()
    return tuple(found)


def _find(connection: duckdb.DuckDBPyConnection, home: WarehouseHome, asked: str) -> ReceivedFile:
    """Give the one submission that is meant."""
    paths: list[tuple[str, str, str | None]] = connection.execute(_PATHS).fetchall()
    wanted = _as_in_inbox(home, asked)
    found = _called(paths, asked.strip().lower(), wanted)
    if not found:
        raise NoSuchFileError(asked, _by_key(connection, _alike(paths, wanted)))
    files = _by_key(connection, found)
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


def _by_key(connection: duckdb.DuckDBPyConnection, keys: Iterable[str]) -> tuple[ReceivedFile, ...]:
    """Give some submissions, latest first; no more than a person reads."""
    return _select(
        connection,
        "where list_contains(?, submission_id) order by submission_order desc limit ?",
        [sorted(keys), MOST_CANDIDATES],
    )


def _counted(
    connection: duckdb.DuckDBPyConnection, file: ReceivedFile, form: FormContract
) -> tuple[ReceivedFile, ...]:
    """Give what counts for the unit, half-year and form of a file as decisions stand, the return before additions."""
    found = connection.execute(_COUNTED, [file.unit_key, file.period_code, form.name]).fetchall()
    files = {known.submission_id: known for known in _by_key(connection, [key for (key,) in found])}
    return tuple(files[key] for (key,) in found if key in files)


def _change(
    connection: duckdb.DuckDBPyConnection,
    file: ReceivedFile,
    form: FormContract,
    before: tuple[ReceivedFile, ...],
) -> FormChange:
    after = _counted(connection, file, form)
    return FormChange(
        form_name=form.name,
        form_title=form.title,
        content=_content(connection, file.submission_id, form),
        is_by_row=file.unit_key is None or file.period_code is None,
        before=before,
        after=after,
        after_content=_content(connection, after[0].submission_id, form) if after else None,
    )


def _content(connection: duckdb.DuckDBPyConnection, submission_id: str, form: FormContract) -> Content:
    counted = connection.execute(
        f"select count(*) from raw.{form.name} where submission_id = ?", [submission_id]
    ).fetchone()
    return Content(int(counted[0]) if counted else 0, _money(connection, submission_id, form))


def _money(connection: duckdb.DuckDBPyConnection, submission_id: str, form: FormContract) -> Decimal | None:
    """Sum what dbt read in columns of money; None where there are none, or where it has not read this submission."""
    amounts = " + ".join(f'coalesce("{field.name}", 0)' for field in form.fields if field.is_money)
    if not amounts:
        return None
    try:
        found = connection.execute(
            f"select sum(cast({amounts} as decimal(38, 3))) from staging.stg_{form.name}__judged"
            " where submission_id = ? and is_valid",
            [submission_id],
        ).fetchone()
    except duckdb.CatalogException:
        return None
    return found[0] if found else None
