"""Trouble with the machine: one Vietnamese sentence with what to do, no traceback, and nothing lost."""

import errno
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from ingest.database import open_read_only, open_warehouse
from ingest.home import PROJECT_ROOT, WarehouseHome
from ingest.loading.load import load_inbox
from ingest.troubles import (
    DamagedFileError,
    DiskFullError,
    NotAllowedError,
    UnreachableDiskError,
    WarehouseBusyError,
    look_at_holder,
    telling_troubles,
    trouble_in,
    trouble_of,
)
from tests.ingest.return_files import support_return, write
from tests.small_disks import SmallDisk, small_disk

NOW = datetime(2026, 1, 10, 3, 0, tzinfo=UTC)
HOLD = "import duckdb, sys, time; c = duckdb.connect(sys.argv[1], read_only=sys.argv[2] == 'r');"
HOLD += " print('held', flush=True); time.sleep(float(sys.argv[3]))"
AIRFLOW_TITLE = (
    "import setproctitle; setproctitle.setproctitle('airflow worker -- LocalExecutor: [running]');"
)
NOBODY = 65534


def put_return(home: WarehouseHome, name: str = "Ea Bông/bc.xlsx", amount: int = 40) -> Path:
    rows = ((1, "05/01/2023", "quà", "hội viên khó khăn", amount, 8, 40.5, "xã hội hóa"),)
    path = write(home.inbox / name, support_return(rows=rows, total=None))
    moment = (NOW - timedelta(days=1)).timestamp()
    os.utime(path, (moment, moment))
    return path


@contextmanager
def held(database: Path, mode: str, seconds: float = 60, before: str = "") -> Iterator[int]:
    """Have another process keep a database open; gives its number."""
    command = [sys.executable, "-c", before + HOLD, str(database), mode, str(seconds)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        try:
            yield holder.pid
        finally:
            holder.kill()


def run_ingest(home: WarehouseHome, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run_python(home, "-m", "ingest", *arguments)


def run_python(home: WarehouseHome, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=PROJECT_ROOT,
        env={**os.environ, "WAREHOUSE_HOME": str(home.root), "PYTHONPATH": str(PROJECT_ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def home(tmp_path: Path) -> WarehouseHome:
    return WarehouseHome(tmp_path / "home").prepare()


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with small_disk(tmp_path / "disk") as mounted:
        yield mounted


def test_a_program_of_a_person_is_named_and_asked_to_be_closed(home: WarehouseHome) -> None:
    with open_warehouse(home):
        pass
    with (
        held(home.warehouse, "r") as pid,
        pytest.raises(WarehouseBusyError) as busy,
        open_warehouse(home, patience_seconds=0.1),
    ):
        pass

    assert "đang mở trong “python" in str(busy.value)
    assert f"(PID {pid}). Đề nghị đóng chương trình đó rồi chạy lại" in str(busy.value)
    assert not busy.value.holder.is_ours


def test_a_run_of_ours_is_waited_for(home: WarehouseHome) -> None:
    with open_warehouse(home):
        pass
    # as Airflow names its workers
    with (
        held(home.warehouse, "w", before=AIRFLOW_TITLE) as pid,
        pytest.raises(WarehouseBusyError, match="đang được một lần chạy khác ghi") as busy,
        open_read_only(home.warehouse, patience_seconds=0.1),
    ):
        pass

    assert (busy.value.holder.pid, busy.value.holder.is_ours) == (pid, True)


@pytest.mark.parametrize(
    ("command", "program", "is_ours"),
    [
        (["/usr/bin/python3", "-m", "ingest", "load"], "python3 ingest load", True),
        (["/w/.venv/bin/python", "/w/.venv/bin/dbt", "build"], "python dbt build", True),
        (["/w/.venv/bin/python", "-m", "build.dbt_program"], "python build.dbt_program", True),
        (["/w/.venv/bin/python", "dags/local_run.py", "--period", ""], "python local_run.py", True),
        (["/usr/lib/jvm/bin/java", "-cp", "/usr/share/dbeaver-ce/x.jar"], "DBeaver", False),
        (["/usr/bin/python3", "-m", "ipykernel_launcher", "-f", "k.json"], "Jupyter", False),
        (["duckdb", "-readonly", "warehouse.duckdb"], "duckdb warehouse.duckdb", False),
        (["/usr/bin/python3", "ingestion/mine.py"], "python3 mine.py", False),
    ],
)
def test_our_runs_are_told_from_what_people_open(
    tmp_path: Path, command: list[str], program: str, is_ours: bool
) -> None:
    write(tmp_path / "77" / "cmdline", "\0".join([*command, ""]).encode())

    holder = look_at_holder(77, tmp_path)

    assert (holder.program, holder.is_ours) == (program, is_ours)


@pytest.mark.parametrize("pid", [None, 0, 999_999_999])
def test_a_holder_that_cannot_be_seen_is_still_told(pid: int | None) -> None:
    error = WarehouseBusyError(Path("warehouse.duckdb"), look_at_holder(pid))

    assert "đang được một chương trình khác mở. Đề nghị đợi ít phút" in str(error)


def test_a_short_reader_stops_nobody(home: WarehouseHome) -> None:
    put_return(home)
    with open_warehouse(home):
        pass
    started = time.monotonic()

    with held(home.warehouse, "r", seconds=1.5):
        assert load_inbox(home, NOW).verdicts == {"accepted": 1}

    assert time.monotonic() - started > 1


def test_a_reader_waits_for_a_short_writer(home: WarehouseHome) -> None:
    with open_warehouse(home):
        pass

    with held(home.warehouse, "w", seconds=1), open_read_only(home.warehouse) as connection:
        assert connection.execute("select count(*) from raw.receipts").fetchone() == (0,)


@pytest.mark.parametrize("left", [0, 100, 5_000, 0.5])
def test_a_truncated_database_says_how_it_is_made_again(home: WarehouseHome, left: float) -> None:
    put_return(home)
    load_inbox(home, NOW)
    size = home.warehouse.stat().st_size
    os.truncate(home.warehouse, left if isinstance(left, int) else int(size * left))

    told = run_ingest(home, "load")

    assert told.returncode == 1
    assert told.stderr.strip() == (
        f"Tệp {home.warehouse} bị hỏng hoặc bị cắt cụt, không đọc được. Không mất báo cáo nào: đề nghị chạy"
        " “make rebuild” để lập lại kho số liệu từ tệp lưu trữ."
    )


def test_a_damaged_block_is_told_when_it_is_read(home: WarehouseHome, tmp_path: Path) -> None:
    database = tmp_path / "edition.duckdb"
    with duckdb.connect(str(database)) as connection:
        connection.execute("create table t as select range as a, md5(range::varchar) as b from range(200000)")
    size = database.stat().st_size
    with database.open("r+b") as content:
        content.seek(size // 2)
        content.write(b"x" * 5000)

    with pytest.raises(DamagedFileError, match="make verify"), open_read_only(database) as connection:
        connection.execute("select sum(a), max(b) from t").fetchall()


def test_a_full_disk_ends_a_load_in_words_and_loses_nothing(disk: SmallDisk) -> None:
    home = WarehouseHome(disk.path / "home").prepare()
    put_return(home)
    load_inbox(home, NOW)
    for number in range(40):
        put_return(home, f"Ea Bông/bc{number}.xlsx", amount=100 + number)
    filler = disk.fill(leave_bytes=60_000)

    told = run_ingest(home, "load")

    assert told.returncode == 1
    lines = [line for line in told.stderr.splitlines() if not line.endswith(" files")]
    assert len(lines) == 1
    assert lines[0].startswith("Ổ đĩa đã đầy")
    assert "đề nghị giải phóng chỗ" in lines[0]
    filler.unlink()
    load_inbox(home, NOW)
    with open_read_only(home.warehouse) as connection:
        assert connection.execute(
            "select count(distinct submission_id), count(*) from raw.receipts where verdict = 'accepted'"
        ).fetchone() == (41, 41)


def test_a_read_only_disk_is_told(disk: SmallDisk) -> None:
    home = WarehouseHome(disk.path / "home").prepare()
    put_return(home)
    load_inbox(home, NOW)
    disk.remount("ro")

    told = run_ingest(home, "load")

    assert told.returncode == 1
    assert told.stderr.startswith("Không đọc hoặc không ghi được ")
    assert str(home.root) in told.stderr
    assert "Traceback" not in told.stderr


def test_a_read_only_inbox_is_loaded(tmp_path: Path) -> None:
    home = WarehouseHome(tmp_path / "home").prepare()
    with small_disk(home.inbox) as inbox:
        put_return(home)
        inbox.remount("ro")

        assert load_inbox(home, NOW).verdicts == {"accepted": 1}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may become somebody else")
def test_a_home_of_another_user_is_told(home: WarehouseHome) -> None:
    load_inbox(home, NOW)
    for folder in (home.root, *home.root.parents):
        folder.chmod(folder.stat().st_mode | 0o055)
    # what is imported lies where only root may read
    load = "import os, sys; from ingest.__main__ import main; import ingest.loading.load;"
    load += f" os.setgid({NOBODY}); os.setuid({NOBODY}); sys.exit(main(['load']))"

    told = run_python(home, "-c", load)

    assert told.returncode == 1
    assert told.stderr.startswith(f"Không đọc hoặc không ghi được {home.root}")
    assert len(told.stderr.splitlines()) == 1


def test_trouble_of_airflows_own_database_is_known_too(disk: SmallDisk) -> None:
    with sqlite3.connect(disk.path / "airflow.db") as connection:
        connection.execute("create table logs (text)")
        disk.fill(leave_bytes=0)
        with pytest.raises(DiskFullError), telling_troubles():
            connection.executemany("insert into logs values (?)", [("x" * 10_000,)] * 100)
            connection.commit()
    connection.close()


def test_a_cause_behind_a_failed_rollback_is_found() -> None:
    try:
        try:
            raise duckdb.IOException('Could not write file "/w/warehouse.duckdb": No space left on device')
        except duckdb.Error:
            raise duckdb.TransactionException("cannot rollback - no transaction is active") from None
    except duckdb.Error as error:
        found = trouble_of(error)

    assert isinstance(found, DiskFullError)
    assert "(khi ghi /w/warehouse.duckdb)" in str(found)


def test_other_errors_stay_what_they_are() -> None:
    assert trouble_of(ValueError("No space left on device")) is None
    assert trouble_of(FileNotFoundError(2, "none")) is None
    assert trouble_in("Catalog Error: Table with name x does not exist") is None
    with pytest.raises(KeyError), telling_troubles():
        raise KeyError("x")


def test_a_forbidden_file_is_named(tmp_path: Path) -> None:
    found = trouble_of(PermissionError(13, "Permission denied", str(tmp_path)))

    assert isinstance(found, NotAllowedError)
    assert str(tmp_path) in str(found)


@pytest.mark.parametrize("number", [errno.EIO, errno.ENODEV, errno.ESTALE])
def test_a_stick_that_was_pulled_out_is_named(number: int) -> None:
    trouble = trouble_of(OSError(number, os.strerror(number), "/media/usb/warehouse/archive"))

    assert isinstance(trouble, UnreachableDiskError)
    assert "/media/usb/warehouse/archive" in str(trouble)
    assert "Đề nghị kiểm tra ổ đĩa" in str(trouble)
