"""Withdrawing what was loaded by mistake, and taking it back into the count.

Nothing is removed: the file stays in the archive, its rows stay in ``raw``, and a decision is appended to the journal and
to ``raw.withdrawals``. What a withdrawn submission counts in (nothing) is decided by dbt; the sentences about it are in
``withdrawal_answer``.
"""

from dataclasses import dataclass
from datetime import datetime

from ingest.contracts.forms import Contracts, load_contracts
from ingest.database import open_warehouse
from ingest.home import WarehouseHome
from ingest.keeping.journal import WithdrawalEntry
from ingest.keeping.projection import apply_missing, record
from ingest.upkeep.changed_returns import FormChange, change_of_form, forms_of, returns_that_count
from ingest.upkeep.received_files import NoSuchFileError, ReceivedFile, UndecidedError, find_file


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody decides on a submission.

    Attributes:
        is_withdrawn: true to withdraw, false to take back.
        decided_at: the moment, with time zone; it counts for whatever is built as of then or later.
        decided_by: who decided.
        why: the reason, not blank.
    """

    is_withdrawn: bool
    decided_at: datetime
    decided_by: str
    why: str


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision that was written down, and what comes of it.

    Attributes:
        file: the submission that was decided on.
        entry: the decision as the journal has it.
        changes: for each form of the file, what counted before and counts from now on.
    """

    file: ReceivedFile
    entry: WithdrawalEntry
    changes: tuple[FormChange, ...]


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
    home: WarehouseHome, asked: str, decision: Decision, contracts: Contracts | None = None
) -> Decided:
    """Withdraw a submission, or take it back.

    Args:
        home: the warehouse.
        asked: the submission's id, or the path or name of its file if that names exactly one.
        decision: to withdraw it, or to take it back.
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
        file = find_file(connection, home, asked)
        if file.is_withdrawn == decision.is_withdrawn:
            raise NothingToDecideError(file)
        if file.decided_at is not None and file.decided_at >= decision.decided_at:
            raise ClockBehindError(file, decision.decided_at)
        forms = [contracts.form(name) for name in forms_of(connection, file)]
        before = {form.name: returns_that_count(connection, file, form) for form in forms}
        entry = WithdrawalEntry(
            submission_id=file.submission_id,
            is_withdrawn=decision.is_withdrawn,
            decided_at=decision.decided_at,
            decided_by=decision.decided_by,
            why=decision.why,
        )
        record(connection, home, entry)
        changes = [change_of_form(connection, file, form, before[form.name]) for form in forms]
    return Decided(file, entry, tuple(changes))
