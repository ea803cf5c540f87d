"""Hostile and broken files: read or refused with a reason of their own, in bounded time and memory, alone."""

import contextlib
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import psutil
import pytest

from ingest.contracts.forms import load_contracts
from ingest.contracts.verdicts import ReasonCode
from ingest.database import open_warehouse
from ingest.home import PROJECT_ROOT, WarehouseHome
from ingest.loading.load import load_inbox
from ingest.loading.readers import child_process, pool, service
from ingest.reading.file_reader import ArchivedFile, FileReader
from ingest.reading.submission import Arrival
from ingest.tables.results import ConservationError
from ingest.workbooks.grids import read_workbook
from tests.ingest import hostile_files
from tests.ingest.return_files import support_return, write

NOW = datetime(2026, 1, 10, 3, 0, tzinfo=UTC)
MOST_SECONDS = 10
FIXTURES = PROJECT_ROOT / "tests" / "fixtures" / "hostile"
HTML = "<html><table><tr><td>STT</td><td>Ngày</td></tr></table></html>".encode()
TEXT_RETURN = (
    "STT;Ngày;Đối tượng;Tên tập thể, cá nhân;Hình thức\n1;05/01/2023;cá nhân;H'Yi;giấy khen\n".encode()
)


@pytest.mark.parametrize(
    ("name", "make", "code"),
    [
        ("Ea Bông.xlsx", hostile_files.workbook_that_unpacks_to_a_gigabyte, "reader_lost"),
        ("Ea Bông.xlsx", hostile_files.workbook_with_a_value_in_the_last_cell, "reader_lost"),
        ("Ea Bông.xlsx", hostile_files.workbook_with_an_entity_bomb, "unsafe_xml"),
        ("nop.zip", hostile_files.zip_with_a_member_of_a_gigabyte, "member_unpacks_to_too_much"),
        ("nop.zip", hostile_files.zip_of_five_large_members, "unpacks_to_too_much"),
        ("nop.zip", hostile_files.zip_of_ten_thousand_and_one_members, "unpacks_to_too_much"),
        ("nop.zip", hostile_files.zip_in_a_zip, "nested_archive"),
        ("Ea Bông.xls", lambda: HTML, "not_a_workbook"),
        ("Ea Bông.xlsx", lambda: support_return()[:3000], "unreadable_file"),
        ("Ea Bông.xlsx", lambda: b"\x00\x01\x02" * 1000, "unreadable_file"),
        (
            "Ea Bông.xlsx",
            lambda: (FIXTURES / "locked-with-a-password.xlsx").read_bytes(),
            "password_protected",
        ),
        ("Ea Bông.xls", hostile_files.xls_locked_with_a_password, "password_protected"),
    ],
)
def test_a_hostile_file_is_refused_with_its_own_reason_and_the_good_one_is_read(
    tmp_path: Path, name: str, make: Callable[[], bytes], code: str
):
    home = WarehouseHome(tmp_path).prepare()
    write(home.inbox / "2023H1" / name, make())
    write(home.inbox / "2023H1" / "sound.xlsx", support_return())
    started = time.monotonic()
    report = load_inbox(home, NOW)
    assert (
        time.monotonic() - started < MOST_SECONDS * 2
    )  # two files, and a machine that does other things too
    assert report.rows_loaded == 2
    with open_warehouse(home) as connection:
        refused = connection.execute(
            "select reason_code from raw.submissions where verdict = 'rejected'"
        ).fetchall()
    assert refused == [(code,)]


def test_members_that_unpack_to_too_much_are_refused_alone_and_the_others_are_read(tmp_path: Path):
    home = WarehouseHome(tmp_path).prepare()
    packed = hostile_files.zip_with_members_of(1100, 257, beside={"2023H1/Ea Bông.xlsx": support_return()})
    write(home.inbox / "nop.zip", packed)
    report = load_inbox(home, NOW)
    assert report.verdicts == {"container": 1, "rejected": 2, "accepted": 1}
    assert report.rows_loaded == 2
    with open_warehouse(home) as connection:
        told = connection.execute("select relative_path, verdict, reason_code from raw.receipts order by all")
        assert told.fetchall() == [
            ("nop.zip", "container", None),
            ("nop.zip/2023H1/Ea Bông.xlsx", "accepted", None),
            ("nop.zip/Ea Na 2023H1 (1).csv", "rejected", "member_unpacks_to_too_much"),
            ("nop.zip/Ea Na 2023H1 (2).csv", "rejected", "member_unpacks_to_too_much"),
        ]
    assert sum(path.stat().st_size for path in home.archive.rglob("*") if path.is_file()) < 10_000_000


@pytest.mark.parametrize(
    ("make", "rows"),
    [
        (hostile_files.workbook_with_a_million_empty_rows, 2),
        (hostile_files.workbook_with_a_million_empty_rows_between, 2),
        (hostile_files.workbook_with_16384_columns, 2),
        (lambda: TEXT_RETURN, 1),
    ],
)
def test_a_hostile_file_whose_rows_can_be_read_is_read(tmp_path: Path, make: Callable[[], bytes], rows: int):
    home = WarehouseHome(tmp_path).prepare()
    write(home.inbox / "2023H1" / "Ea Bông.xlsx", make())
    report = load_inbox(home, NOW)
    assert report.verdicts == {"accepted": 1}
    assert report.rows_loaded == rows


def test_blank_rows_of_a_tall_sheet_are_as_long_as_the_others():
    (sheet,) = read_workbook(hostile_files.workbook_with_a_million_empty_rows_between())
    assert len(sheet.rows) > 1_000_000
    assert {len(row) for row in sheet.rows} == {8}
    assert sheet.rows[999_999][1] == "ngày 20 tháng 02 năm 2023"


def test_names_with_newlines_and_four_thousand_letters_are_names(tmp_path: Path):
    home = WarehouseHome(tmp_path).prepare()
    members = {"2023H1/Ea\nBông\t\x07.xlsx": support_return(), f"2023H1/{'a' * 4000}.xlsx": support_return()}
    write(home.inbox / "nop.zip", hostile_files.zipped(members))
    assert load_inbox(home, NOW).verdicts == {"container": 1, "accepted": 1, "duplicate": 1}


def test_a_reader_that_is_killed_between_two_files_costs_neither_of_them(tmp_path: Path):
    path = write(tmp_path / "Ea Bông 2023H1.xlsx", support_return())
    file = ArchivedFile(Arrival(path.name, None, "a" * 64, path.stat().st_size, NOW), path)
    with pool.ReaderPool(load_contracts(), 1) as readers:
        verdicts = [result.submission.verdict for result in readers.start([file])()]
        (child,) = psutil.Process().children()
        child.kill()
        child.wait()
        verdicts += [result.submission.verdict for result in readers.start([file, file])()]
    assert verdicts == ["accepted"] * 3


@pytest.mark.parametrize(("waiting", "verdict"), [(30.0, "accepted"), (2.0, "rejected")])
def test_a_reader_that_is_kept_waiting_has_not_used_its_time_but_does_not_wait_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, waiting: float, verdict: str
):
    path = write(tmp_path / "Ea Bông 2023H1.xlsx", support_return())
    file = ArchivedFile(Arrival(path.name, None, "a" * 64, path.stat().st_size, NOW), path)
    with pool.ReaderPool(load_contracts(), 1) as readers:
        list(readers.start([file])())
        monkeypatch.setattr(child_process, "FILE_SECONDS", 0.5)
        monkeypatch.setattr(child_process, "MOST_WAITING", waiting)
        (child,) = psutil.Process().children()
        child.suspend()
        answer = readers.start([file])
        time.sleep(1.5)
        with contextlib.suppress(psutil.NoSuchProcess):
            child.resume()
        (result,) = answer()
    assert result.submission.verdict == verdict


def test_a_reader_that_cannot_start_is_our_defect_and_no_files_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    home = WarehouseHome(tmp_path).prepare()
    write(home.inbox / "2023H1" / "Ea Bông.xlsx", support_return())
    with monkeypatch.context() as patch:
        patch.setattr(child_process, "MODULE", "ingest.no_such_module")
        with pytest.raises(child_process.ReaderStartError, match="no_such_module"):
            load_inbox(home, NOW)
    assert load_inbox(home, NOW).verdicts == {"accepted": 1}


def test_a_defect_of_the_reader_refuses_one_file_and_says_whose_fault_it_is(tmp_path: Path):
    class DefectiveReader(FileReader):
        def read(self, file: ArchivedFile) -> NoReturn:
            raise ConservationError("3 rows seen, 2 accounted for")

    arrival = Arrival("Ea Bông.xlsx", None, "0" * 64, 1, NOW)
    file = ArchivedFile(arrival, Path("x"))
    (result,) = service.read_safely(DefectiveReader(load_contracts()), file, tmp_path)
    reason = result.submission.reason
    assert reason is not None
    assert reason.code == ReasonCode.READER_DEFECT
    assert "lỗi của phần mềm" in reason.sentence.lower()
    assert "3 rows seen" not in reason.sentence
    assert result.fault is not None
    assert "3 rows seen" in result.fault
