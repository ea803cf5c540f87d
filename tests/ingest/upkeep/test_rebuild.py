"""The archive is enough: database and inbox deleted, and every row of ``raw`` is there again."""

import io
import shutil
import subprocess
import sys
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from ingest.database import WarehouseBusyError, open_read_only, open_warehouse
from ingest.home import PROJECT_ROOT, WarehouseHome
from ingest.keeping.journal import (
    DecisionEntry,
    IssueEntry,
    PseudonymKeyEntry,
    WithdrawalEntry,
    numbers,
    read_entries,
)
from ingest.keeping.projection import record
from ingest.loading.load import load_inbox
from ingest.upkeep.rebuild import NothingArchivedError, rebuild
from ingest.upkeep.rebuild_command import run
from tests.ingest import hostile_files
from tests.ingest.return_files import SUPPORT_ROWS, support_return, write

FIRST = datetime(2023, 6, 12, 2, 0, tzinfo=UTC)
LOG = (
    "event_id,occurred_at,unit_code,village_code,programme,activity_type,participants,quantity,uom,"
    "amount_vnd,member_name,note\n"
    "e1,2023-01-05,24565,,plastic_waste,thu gom,20,12,kg,,,\n"
)
FIGURES = "('20230621T0300', '2023-06-21 03:00:00+00', 'U24565', '2023H1', 'new_members', {value})"


def drop_first(home: WarehouseHome) -> None:
    write(home.inbox / "2023H1" / "Ea Bông.xlsx", support_return())
    write(home.inbox / "2023H1" / "Ea Bông (bản sao).xlsx", support_return())
    write(home.inbox / "log.csv", LOG.encode())
    write(home.inbox / "hỏng.xlsx", support_return()[:3000])


def drop_second(home: WarehouseHome) -> None:
    corrected = [SUPPORT_ROWS[0], (*SUPPORT_ROWS[1][:4], 23, *SUPPORT_ROWS[1][5:])]
    write(home.inbox / "2023H1" / "Ea Bông sửa.xlsx", support_return(rows=corrected, total=None))
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("2023H1/Ea Na.xlsx", support_return(unit="BCH HỘI LHPN XÃ EA NA"))
        archive.writestr("2023H1/Ea Bông.xlsx", support_return())
        archive.writestr(
            "log.jsonl", '{"event_id": "e3", "occurred_at": "2023-01-07", "quantity": 12.5}\n?\n'
        )
        archive.writestr("log 2.csv", LOG)
    write(home.inbox / "nộp.zip", content.getvalue())
    write(home.inbox / "lồng.zip", hostile_files.zip_in_a_zip())
    write(home.inbox / "nhiều.zip", hostile_files.zip_of_ten_thousand_and_one_members())
    write(home.inbox / "cụt.zip", content.getvalue()[:400])
    write(home.inbox / "log ngoặc kép.csv", (LOG + 'e2,2023-01-06,24565,,,"thu, gom",,,,,,"a\nb"\n').encode())


def drop_third(home: WarehouseHome) -> None:
    write(home.inbox / "lại" / "lồng.zip", (home.inbox / "lồng.zip").read_bytes())
    write(home.inbox / "lại" / "cụt.zip", (home.inbox / "cụt.zip").read_bytes())
    write(home.inbox / "lại" / "log.csv", LOG.encode())
    write(home.inbox / "lại" / "hỏng.xlsx", support_return()[:3000])


def fill(home: WarehouseHome) -> None:
    """Load three times, as an office would, with a mistake that is withdrawn, a refusal, and figures issued."""
    for days, drop in enumerate((drop_first, drop_second, drop_third)):
        drop(home)
        load_inbox(home, FIRST + timedelta(days=days))


def decide(home: WarehouseHome) -> None:
    decided = {"decided_at": FIRST, "decided_by": "H’Yi Êban"}
    withdrawal = WithdrawalEntry(submission_id="0123", is_withdrawn=True, why="gửi nhầm", **decided)
    with open_warehouse(home) as connection:
        record(connection, home, withdrawal)
        record(
            connection,
            home,
            DecisionEntry(
                edition_id="20230620", is_approved=False, as_of=FIRST, note="chưa đủ xã", **decided
            ),
        )
        record(
            connection,
            home,
            withdrawal.model_copy(update={"is_withdrawn": False, "decided_at": FIRST + timedelta(hours=1)}),
        )


def issue(home: WarehouseHome) -> None:
    """Issue figures as a version without journal did: they are in the database alone."""
    with open_warehouse(home) as connection:
        connection.execute(
            "insert into raw.issued_figures (edition_id, issued_at, unit_key, period_code, indicator_code, value)"
            f" values {FIGURES.format(value='41')}, {FIGURES.format(value='null')}"
        )


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> WarehouseHome:
    """A warehouse that nobody changes: tests copy it."""
    home = WarehouseHome(tmp_path_factory.mktemp("filled") / "home").prepare()
    fill(home)
    decide(home)
    issue(home)
    load_inbox(home, FIRST + timedelta(days=9))
    return home


@pytest.fixture
def home(filled: WarehouseHome, tmp_path: Path) -> WarehouseHome:
    shutil.copytree(filled.root, tmp_path / "home")
    return WarehouseHome(tmp_path / "home")


def raw_rows(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Give every row of every raw table, in the order in which the tables hold them.

    Those of a form may stand in any order, and when an entry was taken over is the database's own affair.
    """
    with open_read_only(path) as connection:
        names = connection.execute(
            "select table_name from duckdb_tables() where schema_name = 'raw' order by 1"
        ).fetchall()
        rows = {str(name): connection.execute(f'from raw."{name}"').fetchall() for (name,) in names}
    rows["journal_entries"] = [row[:4] for row in rows["journal_entries"]]
    ordered = ("receipts", "submissions", "sheets", "sheet_tables", "withdrawals", "refresh_decisions")
    return {name: found if name in ordered else sorted(found, key=repr) for name, found in rows.items()}


def test_every_raw_table_is_made_again_row_by_row(home: WarehouseHome):
    before = raw_rows(home.warehouse)
    assert {name for name, rows in before.items() if rows} >= {
        "receipts",
        "support_funds",
        "activity_log",
        "unplaced_rows",
        "withdrawals",
        "refresh_decisions",
        "issued_figures",
        "pseudonym_key",
    }
    verdicts = {row[6] for row in before["receipts"]}
    assert verdicts == {"accepted", "rejected", "duplicate", "container"}
    home.warehouse.unlink()
    shutil.rmtree(home.inbox)

    report = rebuild(home, FIRST + timedelta(days=30))

    assert (report.set_aside, report.differences, report.damaged_files) == (None, (), ())
    assert report.entries == len(numbers(home.journal))
    assert raw_rows(home.warehouse) == before


def test_the_old_database_is_set_aside_whole_and_the_new_one_takes_loads(
    home: WarehouseHome, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    before = raw_rows(home.warehouse)
    monkeypatch.setenv("WAREHOUSE_HOME", str(home.root))
    assert run() == 0
    (aside,) = home.root.glob("warehouse.2*.duckdb")
    told = capsys.readouterr()
    assert f"Kho cũ còn nguyên tại {aside}" in told.out
    assert f"{len(numbers(home.journal))}/{len(numbers(home.journal))} mục của sổ nhật ký" in told.err
    assert raw_rows(aside) == before
    assert load_inbox(home, FIRST + timedelta(days=31)).files_new == 0
    assert raw_rows(home.warehouse) == before
    assert sorted(path.name for path in home.root.glob("warehouse*")) == [aside.name, "warehouse.duckdb"]


def test_a_broken_database_is_no_hindrance(home: WarehouseHome):
    before = raw_rows(home.warehouse)
    home.warehouse.write_bytes(home.warehouse.read_bytes()[:5000])
    report = rebuild(home, FIRST + timedelta(days=30))
    assert not report.was_readable
    assert report.set_aside is not None
    assert report.set_aside.stat().st_size == 5000
    assert raw_rows(home.warehouse) == before


def test_a_rebuild_that_is_killed_leaves_the_old_database(home: WarehouseHome):
    before = raw_rows(home.warehouse)
    killed = f"""
import os, signal
from datetime import datetime, UTC
from pathlib import Path
from ingest.upkeep import rebuild
from ingest.home import WarehouseHome
rebuild._swap = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
rebuild.rebuild(WarehouseHome(Path({str(home.root)!r})), datetime.now(UTC))
"""
    died = subprocess.run([sys.executable, "-c", killed], cwd=PROJECT_ROOT, check=False)
    assert died.returncode == -9
    assert raw_rows(home.warehouse) == before
    assert rebuild(home, FIRST + timedelta(days=30)).differences == ()
    assert raw_rows(home.warehouse) == before


def test_a_database_that_was_swapped_away_only_is_made_by_the_next_load(home: WarehouseHome):
    before = raw_rows(home.warehouse)
    home.warehouse.rename(home.root / "warehouse.20230712T020000.duckdb")
    assert load_inbox(home, FIRST + timedelta(days=30)).files_new == 0
    assert raw_rows(home.warehouse) == before


def test_a_file_that_the_archive_lost_is_refused_named_and_read_again_when_it_comes_again(
    home: WarehouseHome,
):
    with open_read_only(home.warehouse) as connection:
        ((sha256,),) = connection.execute(
            "select sha256 from raw.submissions where relative_path = '2023H1/Ea Bông sửa.xlsx'"
        ).fetchall()
    damaged = home.archive / sha256[:2] / sha256
    content = damaged.read_bytes()
    damaged.chmod(0o600)
    damaged.write_bytes(b"\0" * len(content))
    shutil.move(home.inbox, home.root / "elsewhere")

    report = rebuild(home, FIRST + timedelta(days=30))
    assert report.damaged_files == ("2023H1/Ea Bông sửa.xlsx",)

    write(home.inbox / "2023H1" / "Ea Bông gửi lại.xlsx", content)
    assert load_inbox(home, FIRST + timedelta(days=31)).verdicts == {"accepted": 1}
    assert damaged.read_bytes() == content
    assert rebuild(home, FIRST + timedelta(days=32)).damaged_files == ()


def test_nothing_is_made_of_nothing(tmp_path: Path):
    with pytest.raises(NothingArchivedError):
        rebuild(WarehouseHome(tmp_path), FIRST)


def test_a_database_that_is_being_written_is_not_made_anew(home: WarehouseHome):
    hold = "import duckdb, sys, time; held = duckdb.connect(sys.argv[1]); print('held', flush=True); time.sleep(60)"
    holder = subprocess.Popen([sys.executable, "-c", hold, home.warehouse], stdout=subprocess.PIPE)
    assert holder.stdout is not None
    with holder, holder.stdout:
        holder.stdout.readline()
        try:
            with pytest.raises(WarehouseBusyError):
                rebuild(home, FIRST)
        finally:
            holder.kill()


def forget_the_journal(home: WarehouseHome) -> None:
    """Leave a warehouse as a version without journal would have it."""
    shutil.rmtree(home.journal)
    shutil.rmtree(home.ledger)
    connection = duckdb.connect(str(home.warehouse))
    connection.execute("drop table raw.journal_entries")
    connection.execute("delete from raw.withdrawals")
    connection.execute("delete from raw.refresh_decisions")
    connection.close()


def test_a_database_that_is_older_than_the_journal_is_written_in_it_once(home: WarehouseHome):
    forget_the_journal(home)
    load_inbox(home, FIRST + timedelta(days=40))
    before = raw_rows(home.warehouse)
    entries = [entry for _, entry in read_entries(home.journal)]
    assert isinstance(entries[0], PseudonymKeyEntry)
    assert sum(isinstance(entry, IssueEntry) for entry in entries) == 1

    load_inbox(home, FIRST + timedelta(days=41))
    assert len(numbers(home.journal)) == len(entries)
    home.warehouse.unlink()
    shutil.rmtree(home.inbox)
    rebuild(home, FIRST + timedelta(days=42))
    assert raw_rows(home.warehouse) == before


def test_an_adoption_that_is_cut_off_writes_nothing_twice(home: WarehouseHome):
    forget_the_journal(home)
    killed = f"""
import os, signal
from datetime import datetime, UTC
from pathlib import Path
from ingest.loading import adoption
from ingest.loading import load as loading
from ingest.home import WarehouseHome
write, left = adoption.write_entry, [3]
def dying(*arguments):
    left[0] -= 1
    if left[0] < 0: os.kill(os.getpid(), signal.SIGKILL)
    return write(*arguments)
adoption.write_entry = dying
loading.load_inbox(WarehouseHome(Path({str(home.root)!r})), datetime.now(UTC))
"""
    died = subprocess.run([sys.executable, "-c", killed], cwd=PROJECT_ROOT, check=False)
    assert died.returncode == -9
    assert numbers(home.journal) == [1, 2, 3, 4]
    load_inbox(home, FIRST + timedelta(days=40))
    before = raw_rows(home.warehouse)
    home.warehouse.unlink()
    rebuild(home, FIRST + timedelta(days=42))
    assert raw_rows(home.warehouse) == before
