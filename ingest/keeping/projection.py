"""The database as a projection of the journal: which entries it has taken over, and how those that are not loads enter.

Files are taken over by ``load``, everything else here, each entry in one transaction together with its row in
``raw.journal_entries``. A database that has more than its journal would lose it at the next ``rebuild``: it is told from
one that merely lags behind, which the next load mends.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime

import duckdb

from ingest.home import WarehouseHome
from ingest.keeping.issued_figures import take_over_issue
from ingest.keeping.journal import (
    DecisionEntry,
    Entry,
    IssueEntry,
    JournalError,
    LoadEntry,
    PseudonymKeyEntry,
    WithdrawalEntry,
    entry_digest,
    numbers,
    read_entries,
    write_entry,
)

_WITHDRAWAL = """
    insert into raw.withdrawals (submission_id, is_withdrawn, decided_at, decided_by, why)
    select $submission_id, $is_withdrawn, $decided_at, $decided_by, $why
    where not exists (
        from raw.withdrawals
        where submission_id = $submission_id and decided_at = $decided_at
    )
"""
# the first decision on an edition stands
_DECISION = """
    insert into raw.refresh_decisions (edition_id, is_approved, as_of, decided_at, decided_by, note)
    select $edition_id, $is_approved, $as_of, $decided_at, $decided_by, $note
    where not exists (from raw.refresh_decisions where edition_id = $edition_id)
"""


class JournalBehindError(JournalError):
    """The journal lacks entries; going on would give their numbers to others."""

    def __init__(self, home: WarehouseHome, missing: list[int]) -> None:
        super().__init__(
            f"Sổ nhật ký {home.journal} thiếu {len(missing)} mục (từ số {missing[0]} đến số {missing[-1]}) mà trước đây "
            "đã được ghi. Có thể thư mục archive vừa được khôi phục từ một bản sao lưu cũ hơn kho số liệu. "
            "Chưa có gì được tiếp nhận. Đề nghị khôi phục archive từ bản sao lưu mới hơn rồi chạy lại."
        )
        self.missing = tuple(missing)


class OtherJournalError(JournalError):
    """Journal and database are not of one warehouse."""

    def __init__(self, home: WarehouseHome) -> None:
        super().__init__(
            f"Sổ nhật ký {home.journal} không phải của kho số liệu {home.warehouse}. Chưa có gì được tiếp nhận. "
            "Đề nghị kiểm tra lại thư mục archive và tệp kho số liệu vừa được sao chép hay khôi phục."
        )


def check_journal(connection: duckdb.DuckDBPyConnection, home: WarehouseHome) -> None:
    """Check that the journal has all that this database has taken over, and no gap.

    Raises:
        JournalBehindError: entries are missing.
        OtherJournalError: the newest entry that was taken over was another one.
    """
    applied = applied_numbers(connection)
    present = set(numbers(home.journal))
    missing = sorted(set(range(1, max(applied | present, default=0) + 1)) - present)
    if missing:
        raise JournalBehindError(home, missing)
    newest = connection.execute(
        "select number, sha256 from raw.journal_entries order by number desc limit 1"
    ).fetchone()
    if newest and entry_digest(home.journal, int(newest[0])) != newest[1]:
        raise OtherJournalError(home)


def applied_numbers(connection: duckdb.DuckDBPyConnection) -> set[int]:
    """Give the numbers of the entries that the database has taken over."""
    return {int(row[0]) for row in connection.execute("select number from raw.journal_entries").fetchall()}


def apply_missing(connection: duckdb.DuckDBPyConnection, home: WarehouseHome) -> None:
    """Take over every entry that the database does not have, but for loads.

    Raises:
        JournalBehindError, OtherJournalError: see ``check_journal``.
        DamagedEntryError: an entry cannot be read.
        DamagedLedgerError: the file of an edition's figures is missing or damaged.
    """
    check_journal(connection, home)
    for number, entry in read_entries(home.journal, without=applied_numbers(connection)):
        if not isinstance(entry, LoadEntry):
            apply(connection, home, number, entry)


def missing_loads(
    connection: duckdb.DuckDBPyConnection, home: WarehouseHome
) -> Iterator[tuple[int, LoadEntry]]:
    """Give the loads that the database does not have, oldest first."""
    for number, entry in read_entries(home.journal, without=applied_numbers(connection)):
        if isinstance(entry, LoadEntry):
            yield number, entry


def mark_applied(
    connection: duckdb.DuckDBPyConnection, home: WarehouseHome, number: int, entry: Entry
) -> None:
    """Note that an entry was taken over; in the transaction that does so."""
    connection.execute(
        "insert into raw.journal_entries (number, kind, subject, sha256, applied_at) values (?, ?, ?, ?, ?)",
        [number, entry.kind, subject_of(entry), entry_digest(home.journal, number), datetime.now(UTC)],
    )


def subject_of(entry: Entry) -> str:
    """Give what an entry is about: a load, a submission or an edition; nothing of the secret."""
    if isinstance(entry, LoadEntry):
        return entry.load_id
    if isinstance(entry, WithdrawalEntry):
        return entry.submission_id
    return "" if isinstance(entry, PseudonymKeyEntry) else entry.edition_id


def record(
    connection: duckdb.DuckDBPyConnection,
    home: WarehouseHome,
    entry: WithdrawalEntry | DecisionEntry | IssueEntry | PseudonymKeyEntry,
) -> int:
    """Write an entry in the journal and take it over; gives its number.

    What is cut off in between is taken over by the next load.

    Args:
        connection: of ``open_warehouse``, with no transaction under way.
        home: the warehouse.
        entry: not a load: files come through ``load``.

    Raises:
        JournalBehindError: the journal lacks entries; nothing was written.
        OtherJournalError: the journal is another warehouse's; nothing was written.
    """
    check_journal(connection, home)
    number = write_entry(home.journal, entry)
    apply(connection, home, number, entry)
    return number


def apply(
    connection: duckdb.DuckDBPyConnection,
    home: WarehouseHome,
    number: int,
    entry: WithdrawalEntry | DecisionEntry | IssueEntry | PseudonymKeyEntry,
) -> None:
    """Take over an entry that is not a load, in a transaction of its own; what is there already is not added again."""
    with transaction(connection):
        if isinstance(entry, WithdrawalEntry):
            take_over_withdrawal(connection, entry)
        elif isinstance(entry, DecisionEntry):
            connection.execute(_DECISION, entry.model_dump(exclude={"kind"}))
        elif isinstance(entry, IssueEntry):
            take_over_issue(connection, home, entry)
        else:
            connection.execute("delete from raw.pseudonym_key")
            connection.execute("insert into raw.pseudonym_key values (?)", [entry.secret])
        mark_applied(connection, home, number, entry)


def take_over_withdrawal(connection: duckdb.DuckDBPyConnection, entry: WithdrawalEntry) -> None:
    """Bring a withdrawal, or a taking back, into ``raw.withdrawals``; twice is as good as once."""
    connection.execute(_WITHDRAWAL, entry.model_dump(exclude={"kind"}))


@contextmanager
def transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Do what is inside wholly or not at all; whatever was raised inside is raised again behind the rollback.

    Raises:
        duckdb.Error: the database did not take the commit; nothing of it stands.
    """
    connection.begin()
    try:
        yield
        connection.commit()
    except BaseException:
        # a commit that failed has rolled back itself; what it failed of is what matters
        with suppress(duckdb.Error):
            connection.rollback()
        raise
