"""Decisions on members: what the office writes into the list comes back as rows of the seed, and nothing is lost."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from ingest.home import WarehouseHome
from publish.__main__ import main
from publish.answers import member_decisions
from publish.answers.member_decisions import Taken, take_decisions
from publish.answers.member_matches import short_key, write_member_matches
from tests.publish.small_warehouse import run_sql

HEADER = "first_key,second_key,decision,decided_by,decided_on,reason\n"
BEFORE = f'{HEADER}{"a" * 64},{"b" * 64},same,chị Hoa,2023-06-01,"giấy tờ, đã xem"\n'
A, B, C, D, E = (f"{number:02d}" * 32 for number in range(1, 6))
TODAY = date(2026, 11, 27)
# a group of three, and one of two, of which one woman stands in both
GROUPS = (
    ("other_unit-1", "other_unit", A, "Nguyễn Thị Hoa"),
    ("other_unit-1", "other_unit", B, "Nguyễn Thị Hoa"),
    ("other_unit-1", "other_unit", C, "Nguyễn Thị Hoa"),
    ("same_village-2", "same_village", D, "H'Yi Êban"),
    ("same_village-2", "same_village", E, "H'Yi Êban"),
)
# rows of the workbook: those of one village come before those of other units
ROW = {D: 2, E: 3, A: 4, B: 5, C: 6}
DECISION, REASON = "L", "M"


@pytest.fixture
def seed(tmp_path: Path) -> Path:
    path = tmp_path / "member_match_decisions.csv"
    path.write_text(BEFORE, encoding="utf-8")
    return path


@pytest.fixture
def path(home: WarehouseHome) -> Iterator[Path]:
    """The list of the office, as the command writes it."""
    lines = " union all ".join(
        f"select '{group}' as match_key, '{kind}' as match_kind, '{key[:6]}' as member_key, '{key}' as mention_key,"
        f" 'Xã Ea Bông' as unit_name, '{name.replace(chr(39), chr(39) * 2)}' as full_name, '1986-05-08' as birth,"
        " null::varchar as citizen_id, 'Thôn 1' as village, date '2019-03-01' as first_changed_on,"
        " date '2019-03-01' as last_changed_on, 1 as change_count"
        for group, kind, key, name in GROUPS
    )
    run_sql(
        home,
        "create schema if not exists intermediate;"
        f" create table intermediate.int_member_matches_ambiguous as {lines};"
        " create table intermediate.int_member_mentions as"
        " select mention_key from intermediate.int_member_matches_ambiguous;",
    )
    yield write_member_matches(home).path


def take(path: Path, home: WarehouseHome, seed: Path, **decided: str) -> Taken:
    """Write decisions into cells of the list, and have it read back."""
    workbook = openpyxl.load_workbook(path)
    for cell, text in decided.items():
        workbook.worksheets[0][cell] = text
    workbook.save(path)
    return take_decisions(path.read_bytes(), home, "chị Lan", TODAY, seed)


def rows(seed: Path) -> list[str]:
    """Give what stands in the seed behind what stood there before."""
    text = seed.read_text(encoding="utf-8")
    assert text.startswith(BEFORE)
    return text.removeprefix(BEFORE).splitlines()


def test_the_list_says_days_as_people_do_and_knows_lines_by_short_keys(path: Path) -> None:
    workbook = openpyxl.load_workbook(path)
    sheet = workbook.worksheets[0]
    line = [cell.value for cell in sheet[ROW[D]]]
    assert line[5] == "08/05/1986"
    assert line[7:9] == ["01/03/2019", "01/03/2019"]
    assert line[10:] == ["0404-0404-0404", "người 1", None]
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0)
    assert sheet.print_title_rows == "$1:$1"
    assert "cùng một người" in sheet.data_validations.dataValidation[0].formula1
    assert "Nhóm nhiều dòng" in workbook["Cách ghi"]["A2"].value


def test_an_untouched_list_decides_nothing(path: Path, home: WarehouseHome, seed: Path) -> None:
    assert take(path, home, seed) == Taken(0, 0, 2, ())
    assert rows(seed) == []


def test_one_woman_and_two_women_are_written_behind_what_stood_there(
    path: Path, home: WarehouseHome, seed: Path
) -> None:
    taken = take(path, home, seed, L3="Cùng một người", L5="khác người", L6="KHÁC NGƯỜI", M5="Đã hỏi chi hội")
    assert taken == Taken(4, 0, 0, ())
    assert rows(seed) == [
        f"{D},{E},same,chị Lan,2026-11-27,Đối chiếu theo danh sách",
        f"{A},{B},different,chị Lan,2026-11-27,Đã hỏi chi hội",
        f"{A},{C},different,chị Lan,2026-11-27,Đã hỏi chi hội",
        f"{B},{C},different,chị Lan,2026-11-27,Đã hỏi chi hội",
    ]


def test_a_list_read_twice_decides_once(path: Path, home: WarehouseHome, seed: Path) -> None:
    take(path, home, seed, L3="cùng một người")
    once = seed.read_bytes()
    assert take(path, home, seed) == Taken(0, 1, 1, ())
    assert seed.read_bytes() == once


def test_women_of_a_large_group_are_told_apart_by_numbers(
    path: Path, home: WarehouseHome, seed: Path
) -> None:
    assert take(path, home, seed, L5="người 2", L6="2").new == 2
    assert rows(seed) == [
        f"{B},{C},same,chị Lan,2026-11-27,Đối chiếu theo danh sách",
        f"{A},{B},different,chị Lan,2026-11-27,Đối chiếu theo danh sách",
    ]


def test_what_is_not_understood_is_told_and_the_rest_is_taken(
    path: Path, home: WarehouseHome, seed: Path
) -> None:
    taken = take(path, home, seed, L3="cùng một người", L5="chưa rõ lắm")
    assert (taken.new, taken.undecided) == (1, 1)
    assert taken.not_taken == (
        "Nhóm 2, dòng 5: chưa hiểu quyết định “chưa rõ lắm”. Đề nghị chọn “cùng một người” hoặc “khác người”;"
        " chưa rõ thì để trống.",
    )


def test_keys_that_nobody_bears_any_more_are_told(path: Path, home: WarehouseHome, seed: Path) -> None:
    run_sql(home, f"delete from intermediate.int_member_mentions where mention_key = '{E}'")
    taken = take(path, home, seed, L3="khác người", L5="khác người")
    assert rows(seed) == [f"{A},{B},different,chị Lan,2026-11-27,Đối chiếu theo danh sách"]
    (said,) = taken.not_taken
    assert said.startswith(f"Nhóm 1, dòng 3: mã {short_key(E)} không còn trong số liệu")
    assert said.endswith("Đề nghị lập danh sách mới rồi quyết định lại.")


def test_what_contradicts_an_earlier_decision_is_told_and_changes_nothing(
    path: Path, home: WarehouseHome, seed: Path
) -> None:
    take(path, home, seed, L3="khác người")
    once = seed.read_bytes()
    taken = take(path, home, seed, L3="cùng một người")
    assert (taken.new, seed.read_bytes()) == (0, once)
    assert taken.not_taken == (
        "Nhóm 1: không thống nhất với quyết định khác ngày 27/11/2026 về cùng những người này; quyết định trước"
        " được giữ nguyên. Đề nghị xem lại cả hai.",
    )


@pytest.mark.parametrize("reason", ["Chị H'Yi Êban ở Thôn 2", "CCCD 066186000001"])
def test_names_and_numbers_do_not_get_into_the_seed(
    path: Path, home: WarehouseHome, seed: Path, reason: str
) -> None:
    taken = take(path, home, seed, L3="khác người", M3=reason)
    assert rows(seed) == []
    assert taken.not_taken == (
        "Nhóm 1: cột Lý do ghi họ tên hoặc số CCCD. Đề nghị chỉ ghi căn cứ, rồi làm lại.",
    )


def test_the_command_says_what_it_took_and_what_not(
    path: Path,
    home: WarehouseHome,
    seed: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("WAREHOUSE_HOME", str(home.root))
    monkeypatch.setattr(member_decisions, "DECISIONS", seed)
    workbook = openpyxl.load_workbook(path)
    workbook.worksheets[0]["L3"] = "cùng một người"
    workbook.worksheets[0]["L5"] = "không biết"
    workbook.save(path)
    assert main(["decide", str(path), "--by", "chị Lan"]) == 1
    told = capsys.readouterr()
    assert told.out.startswith("Quyết định mới: 1; đã có từ trước: 0; nhóm chưa quyết định: 1.\n")
    assert "Nhóm 2, dòng 5: chưa hiểu quyết định “không biết”." in told.err
    assert rows(seed)[0].split(",")[2:4] == ["same", "chị Lan"]


def test_another_file_and_none_are_told_in_words(
    home: WarehouseHome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WAREHOUSE_HOME", str(home.root))
    assert main(["decide", str(tmp_path / "khong co.xlsx")]) == 2
    assert "Không có tệp" in capsys.readouterr().err
    other = tmp_path / "khac.xlsx"
    openpyxl.Workbook().save(other)
    assert main(["decide", str(other)]) == 2
    assert "Tệp không phải danh sách hội viên cần đối chiếu" in capsys.readouterr().err
