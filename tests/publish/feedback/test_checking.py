"""A check says of a file all that its sender would be told, and loads nothing."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

from ingest.home import WarehouseHome
from publish.feedback.check_report import report_of
from publish.feedback.checking import check_files
from tests.ingest.return_files import SUPPORT_ROWS, support_return, write

NOW = datetime(2026, 1, 10, 3, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> WarehouseHome:
    return WarehouseHome(tmp_path_factory.mktemp("home"))


def test_a_file_is_judged_whole_and_nothing_is_loaded(home: WarehouseHome, tmp_path: Path) -> None:
    bad = (3, "31/02/2023", "quà", "trẻ em", 5, 1, 2.5, "quỹ Hội")
    path = write(
        tmp_path / "2023H1" / "Ea Bông" / "BM04.xlsx", support_return(rows=[*SUPPORT_ROWS, bad], total=None)
    )
    check = check_files([path], home, NOW, answers=tmp_path / "answers")
    (checked,) = check.files
    assert (checked.file.unit_key, checked.file.period_code, checked.file.verdict) == (
        "U24565",
        "2023H1",
        "accepted",
    )
    assert (checked.file.rows_taken, checked.file.rows_waiting) == (2, 1)
    assert [(found.severity, found.column, found.row_number) for found in checked.findings] == [
        ("error", "B", 11)
    ]
    (answer,) = check.answers
    assert load_workbook(answer).sheetnames
    lines = list(report_of(check))
    assert lines[0].endswith("2 dòng sẽ được tổng hợp, 1 dòng chờ sửa.")
    assert "ô B11" in lines[1]
    assert lines[-1] == "Chưa có gì được tổng hợp vào kho số liệu."
    assert not home.warehouse.exists()


def test_a_second_check_finds_the_empty_warehouse_as_it_was(home: WarehouseHome, tmp_path: Path) -> None:
    good = write(tmp_path / "2023H1" / "Ea Bông" / "BM04.xlsx", support_return())
    other = write(tmp_path / "2023H1" / "Ea Na.xlsx", support_return())
    check = check_files([good, other], home, NOW)
    assert [checked.file.verdict for checked in check.files] == ["accepted", "rejected"]
    assert [checked.file.rows_taken for checked in check.files] == [len(SUPPORT_ROWS), 0]
