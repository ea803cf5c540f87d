"""The database as a projection of the journal: what is cut off is taken over once, and what would be lost is told."""

import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ingest.database import open_warehouse
from ingest.home import PROJECT_ROOT, WarehouseHome
from ingest.keeping.journal import (
    DecisionEntry,
    LoadEntry,
    PseudonymKeyEntry,
    WithdrawalEntry,
    numbers,
    read_entries,
)
from ingest.keeping.projection import JournalBehindError, OtherJournalError, record
from ingest.loading.load import load_inbox
from tests.ingest.return_files import support_return, write

NOW = datetime(2026, 1, 9, 8, 0, tzinfo=UTC)
LOG_HEADER = (
    "event_id,occurred_at,unit_code,village_code,programme,activity_type,participants,quantity,uom,"
    "amount_vnd,member_name,note"
)
LOG_LINE = "e1,2023-01-05,24565,,plastic_waste,thu gom,20,12,kg,,,"


@pytest.fixture
def home(tmp_path: Path) -> WarehouseHome:
    return WarehouseHome(tmp_path / "home").prepare()


def query(home: WarehouseHome, sql: str) -> list[tuple[object, ...]]:
    with open_warehouse(home) as connection:
        return connection.execute(sql).fetchall()


def put_return_and_log(home: WarehouseHome) -> None:
    write(home.inbox / "2023H1" / "Ea Bông.xlsx", support_return())
    write(home.inbox / "log.csv", f"{LOG_HEADER}\n{LOG_LINE}\n".encode())


@pytest.mark.parametrize("moment", ["before the database", "before the log", "after all"])
def test_a_load_that_is_killed_is_finished_by_the_next_one(home: WarehouseHome, moment: str):
    put_return_and_log(home)
    killed = f"""
import os, signal
from datetime import datetime, UTC
from ingest.loading import load as loading
from ingest.loading import takeover
from ingest.home import WarehouseHome
from pathlib import Path

finish, marked = loading._Load._finish, takeover.mark_applied
def die(): os.kill(os.getpid(), signal.SIGKILL)
def dying_finish(self, batches):
    if {moment!r} == "before the database": die()
    done = finish(self, batches)
    die()
def dying_mark(connection, home, number, entry):
    if {moment!r} == "before the log" and entry.receipts[0].relative_path == "log.csv": die()
    marked(connection, home, number, entry)
loading._Load._finish, takeover.mark_applied = dying_finish, dying_mark
loading.load_inbox(WarehouseHome(Path({str(home.root)!r})), datetime.fromisoformat({NOW.isoformat()!r}))
"""
    died = subprocess.run([sys.executable, "-c", killed], cwd=PROJECT_ROOT, check=False)
    assert died.returncode == -9
    journalled = numbers(home.journal)

    report = load_inbox(home, NOW + timedelta(hours=1))

    assert report.entries_replayed == {"before the database": 2, "before the log": 1, "after all": 0}[moment]
    assert numbers(home.journal) == journalled
    assert query(home, "select relative_path, verdict, ingested_at from raw.receipts order by all") == [
        ("2023H1/Ea Bông.xlsx", "accepted", NOW),
        ("log.csv", "accepted", NOW),
    ]
    assert query(home, "select count(*) from raw.support_funds") == [(2,)]
    assert query(home, "select count(*) from raw.activity_log") == [(1,)]
    assert query(home, "select submission_order from raw.submissions order by all") == [(1,), (2,)]
    assert load_inbox(home, NOW + timedelta(hours=2)).files_new == 0


def test_every_entry_is_taken_over_once_and_says_of_what_it_is(home: WarehouseHome):
    put_return_and_log(home)
    load_id = load_inbox(home, NOW).load_id
    with open_warehouse(home) as connection:
        decided = {"decided_at": NOW, "decided_by": "H’Yi Êban"}
        record(
            connection,
            home,
            WithdrawalEntry(submission_id="0123", is_withdrawn=True, why="gửi nhầm", **decided),
        )
        record(
            connection,
            home,
            DecisionEntry(edition_id="20230621", is_approved=False, as_of=NOW, note="thiếu xã", **decided),
        )
    assert query(home, "select number, kind, subject from raw.journal_entries order by number") == [
        (1, "pseudonym_key", ""),
        (2, "load", load_id),
        (3, "load", load_id),
        (4, "withdrawal", "0123"),
        (5, "decision", "20230621"),
    ]
    assert query(home, "select submission_id, is_withdrawn, decided_by, why from raw.withdrawals") == [
        ("0123", True, "H’Yi Êban", "gửi nhầm")
    ]
    assert query(home, "select edition_id, is_approved, note from raw.refresh_decisions") == [
        ("20230621", False, "thiếu xã")
    ]
    load_inbox(home, NOW)
    assert query(home, "select count(*) from raw.journal_entries") == [(5,)]


def test_a_database_that_is_ahead_of_its_journal_loads_nothing_and_says_so(home: WarehouseHome):
    put_return_and_log(home)
    load_inbox(home, NOW)
    (newest,) = home.journal.glob("*3.json")
    newest.unlink()
    write(home.inbox / "2023H1" / "Ea Na.xlsx", support_return(unit="BCH HỘI LHPN XÃ EA NA"))

    with pytest.raises(JournalBehindError, match="từ số 3 đến số 3"):
        load_inbox(home, NOW)
    assert numbers(home.journal) == [1, 2]
    with open_warehouse(home) as connection, pytest.raises(JournalBehindError):
        record(
            connection,
            home,
            WithdrawalEntry(submission_id="0", is_withdrawn=True, decided_at=NOW, decided_by="a", why="b"),
        )
    assert numbers(home.journal) == [1, 2]


def test_the_journal_of_another_warehouse_is_refused(home: WarehouseHome, tmp_path: Path):
    other = WarehouseHome(tmp_path / "other").prepare()
    for each, content in ((home, support_return()), (other, support_return(period="Kỳ báo cáo: Năm 2022"))):
        write(each.inbox / "2023H1" / "Ea Bông.xlsx", content)
        load_inbox(each, NOW)
    shutil.rmtree(home.archive)
    shutil.copytree(other.archive, home.archive)

    with pytest.raises(OtherJournalError):
        load_inbox(home, NOW)


def test_the_secret_of_the_pseudonyms_is_in_the_journal_and_outlives_the_database(home: WarehouseHome):
    ((secret,),) = query(home, "select secret from raw.pseudonym_key")
    ((number, entry),) = read_entries(home.journal)
    assert isinstance(entry, PseudonymKeyEntry)
    assert (number, entry.secret) == (1, secret)
    home.warehouse.unlink()
    assert query(home, "select secret from raw.pseudonym_key") == [(secret,)]
    assert numbers(home.journal) == [1]


def test_a_load_is_in_the_journal_with_its_receipts(home: WarehouseHome):
    put_return_and_log(home)
    load_inbox(home, NOW)
    loads = [entry for _, entry in read_entries(home.journal) if isinstance(entry, LoadEntry)]
    assert [[receipt.relative_path for receipt in entry.receipts] for entry in loads] == [
        ["2023H1/Ea Bông.xlsx"],
        ["log.csv"],
    ]
    assert {(entry.load_id, entry.loaded_at) for entry in loads} == {("20260109T080000000000", NOW)}
