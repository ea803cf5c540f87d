"""Neither size nor number of what is nobody's return ends a load: every row is accounted for, in bounded memory."""

import random
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
import xlsxwriter

from ingest.database import open_warehouse
from ingest.home import PROJECT_ROOT, WarehouseHome
from ingest.loading.load import load_inbox
from ingest.loading.readers import pool
from ingest.reading import activity_log
from tests.ingest.return_files import WORDS_OF_NO_FORM, support_return, write

NOW = datetime(2026, 1, 10, 3, 0, tzinfo=UTC)
MEGABYTE = 1024 * 1024
LOAD = """
import re, sys
from datetime import UTC, datetime
from pathlib import Path
from ingest.home import WarehouseHome
from ingest.loading.load import load_inbox
report = load_inbox(WarehouseHome(Path(sys.argv[1])), datetime.now(UTC))
# of this program alone: `ru_maxrss` begins with what the process that started it had
(peak,) = re.findall(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())
print(report.rows_loaded, report.rows_unplaced, int(peak) // 1024)
"""


@pytest.fixture
def home(tmp_path: Path) -> WarehouseHome:
    made = WarehouseHome(tmp_path / "home").prepare()
    write(made.inbox / "2023H1" / "Ea Bông.xlsx", support_return())
    return made


def load_elsewhere(home: WarehouseHome) -> tuple[int, int, int]:
    """Load in a process of its own; gives rows loaded, rows unplaced, and its largest memory in megabytes."""
    loaded = subprocess.run(
        [sys.executable, "-c", LOAD, str(home.root)],
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert loaded.returncode == 0, loaded.stderr
    rows_loaded, unplaced, megabytes = loaded.stdout.split()[-3:]  # DuckDB may have shown a bar before
    return int(rows_loaded), int(unplaced), int(megabytes)


def write_list(path: Path, rows: int, seed: int) -> None:
    """Write a workbook that is nobody's return: a list with long texts."""
    chance = random.Random(seed)
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet("Sheet1")
    for row in range(rows):
        for column in range(20):
            sheet.write_string(
                row, column, " ".join(chance.choices(WORDS_OF_NO_FORM, k=12)) if row else f"Cột {column}"
            )
    book.close()


def test_a_text_file_of_very_many_lines_is_refused_with_an_account_of_all_of_them(home: WarehouseHome):
    lines = "\n".join(f"{number % 10},{number % 7},x" for number in range(150_000)) + "\n"
    write(home.inbox / "so lieu.csv", lines.encode())
    loaded, unplaced, megabytes = load_elsewhere(home)
    assert (loaded, unplaced) == (2, 150_000)
    assert megabytes < 600


def test_many_workbooks_that_are_nobodys_returns_are_refused_each(home: WarehouseHome):
    for number in range(12):
        write_list(home.inbox / f"danh sach {number}.xlsx", 500, number)
    report = load_inbox(home, NOW)
    assert report.verdicts == {"accepted": 1, "rejected": 12}
    assert (report.rows_loaded, report.rows_unplaced) == (2, 12 * 500)
    with open_warehouse(home) as connection:
        ((cells,),) = connection.execute(
            "select sum(len(json_keys(cells))) from raw.unplaced_rows"
        ).fetchall()
    assert cells == 12 * 500 * 20
    assert not list(home.root.glob(f"{pool.SPOOL_PREFIX}*"))


def test_what_waits_to_be_written_goes_through_files_when_there_is_much_of_it(
    home: WarehouseHome, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(pool, "MOST_BYTES_WAITING", 0)
    assert load_inbox(home, NOW).rows_loaded == 2
    assert not list(home.root.glob(f"{pool.SPOOL_PREFIX}*"))


def test_what_a_load_that_was_killed_left_in_files_is_removed(home: WarehouseHome):
    left = write(home.root / f"{pool.SPOOL_PREFIX}abc" / "rows-1.arrow", b"x")
    load_inbox(home, NOW)
    assert not left.parent.exists()


def test_a_log_of_nothing_but_noise_is_accounted_for_in_bounded_memory(home: WarehouseHome):
    line = '{"khong phai": "' + "x" * 1000
    with (home.inbox / "ghi chep.jsonl").open("w") as log:
        for _ in range(150_000):
            log.write(line + "\n")
    loaded, unplaced, megabytes = load_elsewhere(home)
    assert (loaded, unplaced) == (2, 150_000)
    assert megabytes < 700


@pytest.mark.parametrize("name", ["ghi chep.jsonl", "log.csv"])
def test_a_log_with_a_line_without_end_is_refused(
    home: WarehouseHome, monkeypatch: pytest.MonkeyPatch, name: str
):
    monkeypatch.setattr(activity_log, "LONGEST_LINE", 4096)
    header = "event_id,occurred_at,unit_code,village,programme,activity_type,participants,quantity,uom,note\n"
    record = 'e1,2023-02-01,24565,,plastic_waste,thu gom,1,2,kg,"x"\n'
    write(home.inbox / name, (header + record + "y" * 9000 + "\n" + record).encode())
    assert load_inbox(home, NOW).verdicts == {"accepted": 1, "rejected": 1}
