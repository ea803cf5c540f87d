"""The list of members who may be one person: what stands in it, and who can read it."""

import openpyxl
import pytest

from ingest.home import WarehouseHome
from publish.__main__ import main
from tests.publish.small_warehouse import run_sql

TWO_OF_ONE_NAME = """
create schema if not exists intermediate;
create table intermediate.int_member_matches_ambiguous as
select
    'other_unit-1' as match_key, 'other_unit' as match_kind, 'm1' as member_key, 'w1' as mention_key,
    'Xã Ea Bông' as unit_name, '=Nguyễn Thị Hoa' as full_name, '1985' as birth, null::varchar as citizen_id,
    'Thôn 1' as village, date '2019-03-01' as first_changed_on, date '2019-03-01' as last_changed_on, 1 as change_count
union all
select
    'other_unit-1', 'other_unit', 'm2', 'w2', 'Xã Ea Na', 'Nguyễn Thị Hoa', '1985', '066185000001', 'Thôn 2',
    date '2023-03-01', date '2023-03-01', 1
"""


def test_the_office_gets_a_workbook_that_only_it_can_read(
    home: WarehouseHome, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run_sql(home, TWO_OF_ONE_NAME)
    monkeypatch.setenv("WAREHOUSE_HOME", str(home.root))
    assert main(["matches"]) == 0
    path = home.private / "members_to_match.xlsx"
    assert "1 trường hợp có thể là một người (2 dòng)" in capsys.readouterr().out
    assert path.stat().st_mode & 0o077 == 0
    assert not [found for found in home.outbox.rglob("*") if found.is_file()]
    sheet = openpyxl.load_workbook(path).worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert [(row[0], row[2], row[4], row[6], row[10]) for row in rows] == [
        (1, "Xã Ea Bông", "=Nguyễn Thị Hoa", None, "w1"),
        (1, "Xã Ea Na", "Nguyễn Thị Hoa", "066185000001", "w2"),
    ]
    assert sheet["E2"].data_type == "s"


def test_nothing_to_match_and_nothing_built_are_told_in_words(
    home: WarehouseHome, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WAREHOUSE_HOME", str(home.root))
    assert main(["matches"]) == 2
    assert "Đề nghị chạy “make refresh” trước" in capsys.readouterr().err
    run_sql(home, TWO_OF_ONE_NAME + " limit 0")
    assert main(["matches"]) == 0
    assert "Không có hội viên nào cần đối chiếu." in capsys.readouterr().out
