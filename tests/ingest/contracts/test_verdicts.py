"""Every reason that reading can give, each with the smallest file that causes it."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingest.contracts.forms import load_contracts
from ingest.contracts.verdicts import Reason, ReasonCode, load_messages
from ingest.database import open_warehouse
from ingest.home import PROJECT_ROOT, WarehouseHome
from ingest.loading.load import load_inbox
from ingest.loading.readers import child_process
from tests.ingest import hostile_files
from tests.ingest.return_files import as_bytes, draw_support, new_workbook, support_return, write

NOW = datetime(2026, 1, 10, 3, 0, tzinfo=UTC)
LOCKED = PROJECT_ROOT / "tests" / "fixtures" / "hostile" / "locked-with-a-password.xlsx"
AWARDS = "Ngày;Đối tượng;Tên tập thể, cá nhân;Hình thức\n05/01/2023;cá nhân;H'Yi;giấy khen\n"
AWARDS_OF_TWO_UNITS = (
    "Đơn vị;Ngày;Đối tượng;Tên tập thể, cá nhân;Hình thức\n"
    "Xã Ea Bông;05/01/2023;cá nhân;H'Yi;giấy khen\nXã Ea Na;05/01/2023;cá nhân;H'Yi;giấy khen\n"
)
AWARD_WITHIN_ANOTHER = AWARDS + "05/01/2023;cá nhân;Trong đó: H'Yi;giấy khen\n"
TARGETS_UNDER_A_UNIT = (
    "Năm;Kỳ;Đơn vị;Chỉ tiêu;Giá trị\n2023;năm;Xã Ea Na;Hội viên mới phát triển;30\n2023;năm;;Lớp dạy nghề;2\n"
)
WITHOUT_AWARD = "Ngày;Đối tượng;Tên tập thể, cá nhân;Cấp khen\n05/01/2023;cá nhân;H'Yi;huyện\n"
LOG = "event_id,occurred_at,unit_code,programme,activity_type\n"


def sheets_called(*names: str) -> bytes:
    workbook = new_workbook()
    for name in names:
        draw_support(workbook.create_sheet(name))
    return as_bytes(workbook)


def sheet_beside_a_table_of_nobody() -> bytes:
    workbook = new_workbook()
    draw_support(workbook.create_sheet("BM04"))
    other = workbook.create_sheet("khác")
    for row in (("a", "b", "c"), (1, 2, 3)):
        other.append(row)
    return as_bytes(workbook)


def summary_before_a_form() -> bytes:
    workbook = new_workbook()
    first = workbook.create_sheet("Sheet1")
    for row in (("TT", "Nội dung", "Kết quả"), (1, "Hội viên mới", 12)):
        first.append(row)
    draw_support(workbook.create_sheet("BM04"))
    return as_bytes(workbook)


def sheet_of_the_former_half_year() -> bytes:
    workbook = new_workbook()
    draw_support(workbook.create_sheet("BM04"))
    draw_support(workbook.create_sheet("BM04 cũ"), period="Kỳ báo cáo: 6 tháng cuối năm 2022")
    return as_bytes(workbook)


SMALLEST: dict[ReasonCode, tuple[str, bytes]] = {
    ReasonCode.UNREADABLE_FILE: ("2023H1/Ea Na.xlsx", b"PK\x03\x04"),
    ReasonCode.UNSUPPORTED_FORMAT: ("2023H1/Ea Na.docx", b"x"),
    ReasonCode.EMPTY_FILE: ("2023H1/Ea Na.xlsx", b""),
    ReasonCode.PASSWORD_PROTECTED: ("2023H1/Ea Na.xlsx", LOCKED.read_bytes()),
    ReasonCode.NOT_A_WORKBOOK: ("2023H1/Ea Na.xls", b"<html>"),
    ReasonCode.UNSAFE_XML: ("2023H1/Ea Na.xlsx", hostile_files.workbook_with_an_entity_bomb()),
    ReasonCode.NESTED_ARCHIVE: ("nop.zip", hostile_files.zip_in_a_zip()),
    ReasonCode.UNPACKS_TO_TOO_MUCH: ("nop.zip", hostile_files.zip_of_ten_thousand_and_one_members()),
    ReasonCode.MEMBER_UNPACKS_TO_TOO_MUCH: ("nop.zip", hostile_files.zip_with_members_of(257)),
    ReasonCode.NO_FORM_FOUND: ("2023H1/Ea Na.csv", "Kính gửi Hội cấp trên".encode()),
    ReasonCode.UNKNOWN_TABLE: ("2023H1/Ea Na.xlsx", sheet_beside_a_table_of_nobody()),
    ReasonCode.SHEETS_REFUSED: ("2023H1/Ea Bông.xlsx", sheet_beside_a_table_of_nobody()),
    ReasonCode.CORRECTED_BELOW: ("2023H1/Ea Bông.xlsx", sheets_called("a", "b")),
    ReasonCode.TABLE_OF_PLANS: ("2023H1/Ea Bông.xlsx", sheets_called("BM04", "Kế hoạch")),
    ReasonCode.TABLE_FOR_COMPARISON: ("2023H1/Ea Bông.xlsx", sheets_called("BM04", "So sánh cùng kỳ")),
    ReasonCode.MISSING_REQUIRED_COLUMN: ("2023H1/Ea Na.csv", WITHOUT_AWARD.encode()),
    ReasonCode.UNIT_UNKNOWN: ("2023H1/bao cao.csv", AWARDS.encode()),
    ReasonCode.UNIT_CONTRADICTED: ("2023H1/Ea Na.xlsx", support_return()),
    ReasonCode.UNIT_ELSEWHERE: ("2023H1/Huyện Krông Năng/Bình Hòa.csv", AWARDS.encode()),
    ReasonCode.UNIT_AMBIGUOUS: ("2025H1/Xã Krông Ana.csv", AWARDS.encode()),
    ReasonCode.UNIT_NOT_IN_PERIOD: ("2025H2/Công an huyện.csv", AWARDS.encode()),
    ReasonCode.UNIT_MERGED: ("2026H1/Xã Ea Bông.csv", AWARDS.encode()),
    ReasonCode.PERIOD_UNKNOWN: ("Ea Na.csv", AWARDS.encode()),
    ReasonCode.PERIOD_CONTRADICTED: ("2022H2/Ea Bông.xlsx", support_return()),
    ReasonCode.SHEET_OF_OTHER_PERIOD: ("Ea Bông.xlsx", sheet_of_the_former_half_year()),
    ReasonCode.SUMMARY_SHEET: ("2023H1/Ea Bông.xlsx", summary_before_a_form()),
    ReasonCode.FILE_REFUSED: ("Ea Na.csv", AWARDS.encode()),
    ReasonCode.ROW_OF_ANOTHER_UNIT: ("2023H1/Ea Bông.csv", AWARDS_OF_TWO_UNITS.encode()),
    ReasonCode.PART_OF_ROW_ABOVE: ("2023H1/Ea Bông.csv", AWARD_WITHIN_ANOTHER.encode()),
    ReasonCode.UNIT_LEFT_BLANK: ("chi tieu.csv", TARGETS_UNDER_A_UNIT.encode()),
    ReasonCode.UNREADABLE_LINE: ("log.csv", f"{LOG}e1,2023-01-05,24565,a,b,c,d,e,f,g,h,i,j,k,l\n".encode()),
    ReasonCode.PACKED_BY_OTHER: ("2023H1/Ea Na.zip", b"Rar!\x1a\x07\x01\x00" + bytes(64)),
    ReasonCode.READER_LOST: ("2023H1/Ea Na.xlsx", hostile_files.workbook_with_a_value_in_the_last_cell()),
}
TESTED_ELSEWHERE = {
    ReasonCode.HIDDEN_SHEET: "test_units_of_sheets: the file is accepted",
    ReasonCode.SAME_CONTENT: "below: it takes two files",
    ReasonCode.SAME_CONTENT_WITHDRAWN: "test_withdrawal: it takes a withdrawal",
    ReasonCode.READING_TOO_LONG: "below: it takes a deadline",
    ReasonCode.ARCHIVE_DAMAGED: "test_archive: it takes a broken disk",
    ReasonCode.READER_DEFECT: "test_hostile_files: it takes a defect",
    ReasonCode.WRITER_DEFECT: "test_takeover: it takes a defect",
    ReasonCode.NO_PERMISSION: "test_unreachable_files: it takes another user",
    ReasonCode.FOLDER_CLOSED: "test_unreachable_files: it takes another user",
    ReasonCode.NOT_A_FILE: "test_unreachable_files: it takes a pipe or a link",
    ReasonCode.GONE: "test_unreachable_files: it takes a file that goes away",
    ReasonCode.DISK_ERROR: "below: it takes a file that the system cannot look at",
}


@pytest.fixture
def home(tmp_path: Path) -> WarehouseHome:
    return WarehouseHome(tmp_path).prepare()


def reasons_in(home: WarehouseHome) -> Iterator[tuple[str, str]]:
    with open_warehouse(home) as connection:
        for table in ("receipts", "submissions", "sheets", "sheet_tables", "unplaced_rows"):
            yield from connection.execute(
                f"select reason_code, reason_vi from raw.{table} where reason_code is not null"
            ).fetchall()


def test_no_reason_is_without_its_smallest_file():
    assert set(SMALLEST) | set(TESTED_ELSEWHERE) == set(ReasonCode)


@pytest.mark.parametrize("code", SMALLEST)
def test_the_smallest_file_gives_the_reason_in_vietnamese(home: WarehouseHome, code: ReasonCode):
    name, content = SMALLEST[code]
    write(home.inbox / name, content)
    report = load_inbox(home, NOW)
    assert report.rows_seen == report.rows_loaded + report.rows_unplaced + report.rows_structure
    sentences = [sentence for found, sentence in reasons_in(home) if found == code]
    assert sentences
    assert all(sentence.endswith((".", ")")) and "{" not in sentence for sentence in sentences)


def test_the_same_content_twice_is_a_duplicate(home: WarehouseHome):
    write(home.inbox / "2023H1" / "Ea Bông.xlsx", support_return())
    write(home.inbox / "2023H1" / "Ea Bông (2).xlsx", (home.inbox / "2023H1" / "Ea Bông.xlsx").read_bytes())
    load_inbox(home, NOW)
    assert ReasonCode.SAME_CONTENT in {code for code, _ in reasons_in(home)}


def test_a_file_that_takes_too_long_is_given_up(home: WarehouseHome, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(child_process, "FILE_SECONDS", 0.001)
    monkeypatch.setattr(child_process, "BYTES_A_SECOND", 10**12)
    monkeypatch.setattr(child_process, "MOST_WAITING", 1.0)
    write(home.inbox / "2023H1" / "Ea Bông.xlsx", support_return())
    assert load_inbox(home, NOW).verdicts == {"rejected": 1}
    assert {code for code, _ in reasons_in(home)} == {ReasonCode.READING_TOO_LONG}


def test_a_file_that_the_system_cannot_look_at_is_told(home: WarehouseHome):
    (home.inbox / "Ea Bông 2023H1.xlsx").symlink_to("x" * 300)  # longer than any name may be
    assert load_inbox(home, NOW).verdicts == {"rejected": 1}
    assert {code for code, _ in reasons_in(home)} == {ReasonCode.DISK_ERROR}


def test_a_unit_that_was_merged_is_told_when_and_into_which(home: WarehouseHome):
    write(home.inbox / "2026H1" / "Xã Ea Bông.csv", AWARDS.encode())
    load_inbox(home, NOW)
    sentences = {sentence for code, sentence in reasons_in(home) if code == ReasonCode.UNIT_MERGED}
    assert sentences == {
        "Từ 01/07/2025, xã Ea Bông đã sáp nhập vào xã Ea Na (mới), nên không có báo cáo 6 tháng đầu năm 2026 của"
        " xã Ea Bông. Đề nghị ghi tên xã Ea Na (mới) rồi gửi lại; nếu xã Ea Na (mới) đã gửi báo cáo kỳ này, đề nghị"
        " ghi thêm “bổ sung” ở tên biểu; nếu là báo cáo của kỳ trước khi sáp nhập, đề nghị sửa kỳ báo cáo."
    }


def test_what_is_wrong_and_what_to_do_are_kept_apart(home: WarehouseHome):
    write(home.inbox / "2022H2" / "Ea Bông.xlsx", support_return())
    load_inbox(home, NOW)
    with open_warehouse(home) as connection:
        found = connection.execute("select reason_vi, wrong_vi, advice_vi from raw.submissions").fetchall()
    ((reason, wrong, advice),) = found
    assert advice == "Đề nghị sửa cho thống nhất rồi gửi lại."
    assert reason == f"{wrong} {advice}"


def test_every_reason_has_words_and_no_other():
    messages = load_messages()
    assert set(messages) == set(ReasonCode)
    for message in messages.values():
        assert set(message) <= {"wrong", "advice"}
        assert message["wrong"].endswith((".", "{wrong}"))
        assert message.get("advice", "Đề nghị").startswith(("Đề nghị", "Nếu", "{advice}"))


def test_a_reason_lacking_a_detail_is_noticed_here_and_not_by_a_branch():
    with pytest.raises(KeyError):
        Reason.of(ReasonCode.UNIT_CONTRADICTED, first="x")


def test_macros_and_links_to_other_workbooks_are_left_alone(home: WarehouseHome):
    workbook = new_workbook()
    sheet = draw_support(workbook.create_sheet("BM04"))
    sheet["H9"] = "='[khac.xlsx]Sheet1'!A1"
    content = io.BytesIO()
    workbook.save(content)
    with_macros = hostile_files.with_member(content.getvalue(), "xl/vbaProject.bin", b"Attribute VB_Name")
    write(home.inbox / "2023H1" / "Ea Bông.xlsm", with_macros)
    report = load_inbox(home, NOW, load_contracts())
    assert report.verdicts == {"accepted": 1}
    assert report.rows_loaded == 2


def test_cells_of_two_sheets_that_contradict_are_named_with_their_sheets(home: WarehouseHome):
    workbook = new_workbook()
    draw_support(workbook.create_sheet("BM04"))
    draw_support(workbook.create_sheet("BM05"), period="Kỳ báo cáo: 6 tháng cuối năm 2023", total=None)
    write(home.inbox / "bao cao.xlsx", as_bytes(workbook))
    load_inbox(home, NOW)
    (sentence,) = {found for code, found in reasons_in(home) if code == ReasonCode.SHEET_OF_OTHER_PERIOD}
    assert "(trang tính “BM04” ô B4) ghi “Kỳ báo cáo: 6 tháng đầu năm 2023”" in sentence
    assert "(trang tính “BM05” ô B4) ghi “Kỳ báo cáo: 6 tháng cuối năm 2023”" in sentence
    assert "Đề nghị xóa trang tính của kỳ báo cáo khác" in sentence
    assert "thống nhất" not in sentence
