"""Answers to branches: marks on the right cells, a list of everything once, values untouched, and the way back."""

import csv
import io
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
import xlsxwriter
import xlwt
from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from ingest.__main__ import main
from ingest.contracts.verdicts import DEFECTS, Reason, ReasonCode
from ingest.database import open_read_only
from ingest.headers.returned_list import LIST_NAME, LIST_TITLE
from ingest.home import DBT_PROJECT, SEEDS, WarehouseHome
from ingest.loading.load import load_inbox
from ingest.reading.submission import open_sheets
from ingest.text.printing import VIETNAM, day_vi
from ingest.upkeep.withdrawal import Decision, decide
from ingest.workbooks.grids import Sheet
from publish.feedback import branch_copy
from publish.feedback.deadline import DAYS_TO_CORRECT, days_to_correct, send_again_by
from publish.feedback.findings.all_findings import without_contradictions
from publish.feedback.findings.answer import AnsweredFile, Finding, LoggedRows, Severity
from publish.feedback.findings.answers import NotBuiltError
from publish.feedback.findings.still_open import STEM
from publish.feedback.list_page import COLOURS, SEVERITIES_VI
from publish.feedback.outbox import _OLD_SUFFIX, FeedbackReport, file_name, write_feedback
from publish.feedback.workbook import COMMENT_AUTHOR, LOG_SHEET, build_feedback
from tests.ingest.return_files import (
    SUPPORT_ROWS,
    as_bytes,
    draw_support,
    new_workbook,
    support_return,
    write,
)
from tests.publish.feedback.answered_files import awards_by_xlwt, cases_by_odfpy, clubs_by_xlsxwriter

FIRST = datetime(2023, 6, 15, 3, 0, tzinfo=UTC)
SECOND = FIRST + timedelta(days=3)
THIRD = FIRST + timedelta(days=6)

EA_BONG = "2023H1/Xã Ea Bông/Ea Bong - phan hoi.xlsx"
EA_NA = "2023H1/Xã Ea Na/Ea Na - phan hoi.xlsx"
DRAY_SAP = "2023H1/Xã Dray Sáp/Dray Sap - phan hoi.xlsx"
BINH_HOA = "2023H1/Xã Bình Hòa/Binh Hoa - phan hoi.xlsx"
QUANG_DIEN = "2023H1/Xã Quảng Điền/Quang Dien - phan hoi.xlsx"
TWO_SHEETS = "2022H2/Xã Bình Hòa/Binh Hoa - phan hoi.xlsx"
OTHER_MONEY = "2022H2/Xã Ea Na/Ho tro - phan hoi.xlsx"
LOG = "khong-ro-ky/khong-ro-don-vi/nhat ky - phan hoi.xlsx"
BROKEN = "khong-ro-ky/khong-ro-don-vi/hong - phan hoi.xlsx"
CONTRADICTED = "2023H1/khong-ro-don-vi/Bao cao Dur Kmal - phan hoi.xlsx"
SHARED_FOLDER = "2023H1/Thị trấn Buôn Trấp"

LOG_LINES = (
    "event_id,occurred_at,unit_code,village,programme,activity_type,participants,quantity,uom,amount_vnd,reporter,note",
    "E1,2023-01-10T08:00:00,24565,Thôn 1,plastic_waste,cleanup,20,,,,Hoa,",
    "E2,2023-02-30T08:00:00,24565,Thôn 1,plastic_waste,cleanup,20,,,,Hoa,=1+1",
    "E3,2023-03-10T08:00:00,24565,Thôn 1,plastic_waste,cleanup,20,,,,Hoa,,thừa",
)
AWARDS_CSV = (
    "BCH HỘI LHPN XÃ QUẢNG ĐIỀN\n"
    "Kỳ báo cáo: 6 tháng đầu năm 2023\n"
    "STT;Ngày;Đối tượng;Tên tập thể, cá nhân;Hình thức;Cấp khen;Phong trào, chuyên đề\n"
    "1;08/03/2023;cá nhân;Nguyễn Thị Hoa;giấy khen;huyện;\n"
    "2;08/03/2023;;Trần Thị Bảy;giấy khen;huyện;\n"
)
ONLY_WHAT_ANSWERS_READ = (
    "--select",
    "path:models/staging",
    "+findings",
    "+conservation_ledger",
    "+submission_completeness",
    "+int_submissions_ranked",
)


def ea_bong_return() -> bytes:
    """Biểu 04 in which C11 holds a choice of no list, and the merged B11:B12 a day that does not exist."""
    rows = [
        *SUPPORT_ROWS,
        (3, "31/02/2023", "qùa cáp tết", "-trẻ em", 1, 0, 1, "+84 905 000 000"),
        (4, None, "quà", "trẻ em", 1, 0, 2, "=HYPERLINK(A1)"),
    ]
    workbook = new_workbook()
    sheet = draw_support(workbook.create_sheet("BM04"), rows=rows, total=None)
    sheet["H12"].data_type = "s"
    sheet.merge_cells("B11:B12")
    return as_bytes(workbook)


def money_in_no_clear_unit() -> bytes:
    """Biểu 04 in *lượt* where 40,5 cannot be đồng, and 9 milliards wait; *vài em* costs its cell."""
    rows = [
        (1, "05/07/2022", "quà", "trẻ em", 20, "vài em", 40.5, "quỹ Hội"),
        (2, "06/07/2022", "quà", "trẻ em", 20, 8, "9.000.000.000", "quỹ Hội"),
    ]
    workbook = new_workbook()
    sheet = draw_support(
        workbook.create_sheet("BM04"),
        unit="BCH HỘI LHPN XÃ EA NA",
        period="Kỳ báo cáo: 6 tháng cuối năm 2022",
        rows=rows,
        total=None,
    )
    sheet["G4"] = "ĐVT: lượt"
    return as_bytes(workbook)


def support_on_two_sheets(unit: str, total: int) -> bytes:
    """Biểu 04 whose third row and total stand on a second sheet without a header."""
    days = [f"0{number}/07/2022" for number in (1, 2, 3)]
    rows = [(number, day, "quà", "trẻ em", 20, 8, 4, "") for number, day in enumerate(days, start=1)]
    workbook = new_workbook()
    draw_support(
        workbook.create_sheet("BM04"),
        unit=unit,
        period="Kỳ báo cáo: 6 tháng cuối năm 2022",
        rows=rows[:2],
        total=None,
    )
    second = workbook.create_sheet("BM04 (2)")
    second.append(rows[2])
    second.append(("", "Tổng cộng", "", "", total, 24, 12))
    return as_bytes(workbook)


def zip_of_two_with_one_name() -> bytes:
    """Two forms of one unit under one file name, and a third under a name of 4,000 letters and a line break."""
    unit = "BCH HỘI LHPN THỊ TRẤN BUÔN TRẤP"
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as packed:
        packed.writestr(
            "ho tro/BC.xlsx",
            support_return(
                unit=unit, rows=[SUPPORT_ROWS[0], (2, "hôm qua", *SUPPORT_ROWS[1][2:])], total=None
            ),
        )
        packed.writestr("khen/BC.xls", awards_by_xlwt(unit))
        packed.writestr(f"bao\ncao {'dài ' * 1000}.ods", cases_by_odfpy(unit))
    return content.getvalue()


@dataclass(frozen=True)
class Outbox:
    """What stood in the outbox after a build; answers as they were then."""

    home: WarehouseHome
    report: FeedbackReport
    answers: Mapping[str, bytes]

    def open(self, path: str) -> Workbook:
        return load_workbook(io.BytesIO(self.answers[path]))


def receive(home: WarehouseHome, name: str, content: bytes, received_at: datetime) -> None:
    path = write(home.inbox / name, content)
    os.utime(path, (received_at.timestamp(), received_at.timestamp()))


def build(home: WarehouseHome, *selection: str) -> None:
    """Build in one start of dbt; its tests are run elsewhere."""
    no_tests = ("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test")
    finished = subprocess.run(
        [str(Path(sys.executable).with_name("dbt")), "--no-use-colors", "build", *no_tests, *selection],
        cwd=DBT_PROJECT,
        env={
            **os.environ,
            "WAREHOUSE_DB": str(home.warehouse),
            "DBT_PROFILES_DIR": str(DBT_PROJECT),
            "DBT_TARGET_PATH": str(home.dbt / "target"),
            "DBT_LOG_PATH": str(home.dbt / "logs"),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stdout


def outbox_of(home: WarehouseHome) -> Outbox:
    report = write_feedback(home)
    paths = home.feedback.rglob("*.xlsx")
    return Outbox(
        home, report, {path.relative_to(home.feedback).as_posix(): path.read_bytes() for path in paths}
    )


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Outbox:
    """Every kind of finding, in files of every kind."""
    home = WarehouseHome(tmp_path_factory.mktemp("answers")).prepare()
    receive(home, "2023H1/Ea Bong.xlsx", ea_bong_return(), FIRST)
    receive(home, "2023H1/Ea Na.xlsm", clubs_by_xlsxwriter("BCH HỘI LHPN XÃ EA NA"), FIRST)
    receive(home, "2023H1/Dray Sap.xls", awards_by_xlwt("BCH HỘI LHPN XÃ DRAY SÁP"), FIRST)
    receive(home, "2023H1/Binh Hoa.ods", cases_by_odfpy("BCH HỘI LHPN XÃ BÌNH HÒA"), FIRST)
    receive(home, "2023H1/Quang Dien.csv", AWARDS_CSV.encode(), FIRST)
    receive(home, "2023H1/Bao cao Dur Kmal.xlsx", support_return(unit="BCH HỘI LHPN XÃ BĂNG ADRÊNH"), FIRST)
    receive(home, "2023H1/CA huyen.xlsx", support_return(unit="HỘI PHỤ NỮ CÔNG AN HUYỆN"), FIRST)
    receive(home, "2023H1/Buon Trap.zip", zip_of_two_with_one_name(), FIRST)
    receive(home, "2022H2/Ho tro.xlsx", money_in_no_clear_unit(), FIRST)
    receive(home, "2022H2/Dray Sap.xlsx", support_on_two_sheets("BCH HỘI LHPN XÃ DRAY SÁP", 60), FIRST)
    receive(home, "2022H2/Binh Hoa.xlsx", support_on_two_sheets("BCH HỘI LHPN XÃ BÌNH HÒA", 62), FIRST)
    receive(home, "nhat ky.csv", "\n".join(LOG_LINES).encode(), FIRST)
    receive(home, "hong.xlsx", support_return()[:2000], FIRST)
    load_inbox(home, SECOND)
    with pytest.raises(NotBuiltError):
        write_feedback(home)
    build(home, *ONLY_WHAT_ANSWERS_READ, "path:seeds")
    return outbox_of(home)


@pytest.fixture(scope="module")
def second(first: Outbox) -> Outbox:
    """Ea Bông and the log are corrected in the answers and sent back with the lists; the broken file comes whole."""
    home = first.home
    (home.feedback / "cua can bo.xlsx").write_bytes(support_return())
    answer = first.open(EA_BONG)
    sheet = answer["BM04"]
    sheet["B11"] = "28/02/2023"
    sheet["C11"] = "quà"
    receive(home, "tra lai/Ea Bong - gop y.xlsx", as_bytes(answer), SECOND)
    log = first.open(LOG)
    log[LOG_SHEET]["B2"] = "2023-02-28T08:00:00"
    log[LOG_SHEET]["M3"] = None
    receive(home, "tra lai/so lieu sua.xlsx", as_bytes(log), SECOND)
    receive(home, "hong.xlsx", support_return(unit="BCH HỘI LHPN XÃ DUR KMĂL"), SECOND)
    load_inbox(home, THIRD)
    build(home, *ONLY_WHAT_ANSWERS_READ, "--exclude-resource-type", "seed")
    return outbox_of(home)


def listed(workbook: Workbook) -> list[tuple[str, str, str | None]]:
    """Give severity, sheet and cell of everything on the list."""
    rows = list(workbook[LIST_NAME].iter_rows(values_only=True))
    heading = next(index for index, row in enumerate(rows) if row[0] == "STT")
    assert [row[0] for row in rows[heading + 1 :]] == list(range(1, len(rows) - heading))
    return [(row[1], row[2], row[3]) for row in rows[heading + 1 :]]


def marked(workbook: Workbook) -> dict[tuple[str, str], Severity]:
    """Give the cells that carry a comment of ours, with what their colour says."""
    severities = {f"00{colour}": severity for severity, colour in COLOURS.items()}
    found = {
        (sheet.title, cell.coordinate): severities[cell.fill.fgColor.rgb]
        for sheet in workbook.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.comment is not None and cell.comment.author == COMMENT_AUTHOR
    }
    coloured = {
        (sheet.title, cell.coordinate)
        for sheet in workbook.worksheets
        if sheet.title != LIST_NAME
        for row in sheet.iter_rows()
        for cell in row
        if cell.fill.fill_type == "solid" and cell.fill.fgColor.rgb in severities
    }
    assert coloured == set(found)
    return found


_WORST_LAST: tuple[Severity, ...] = ("info", "warning", "error")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (EA_BONG, [("error", "BM04", "B11"), ("error", "BM04", "C11"), ("error", "BM04", "B11")]),
        (
            EA_NA,
            [
                ("info", "Mô hình O'Na", "J6"),
                ("warning", "Mô hình O'Na", "A8"),  # a hidden row, which counts and is told
                ("warning", "Mô hình O'Na", "H9"),
            ],
        ),
        (DRAY_SAP, [("error", "KT", "C7"), ("error", "KT", "G7"), ("error", "KT", "B8")]),
        (BINH_HOA, [("warning", "Bảo vệ PN, TE", "B7")]),
        (QUANG_DIEN, [("error", "csv", "C5")]),
        (CONTRADICTED, [("error", "BM04", "A2")]),
        (TWO_SHEETS, [("warning", "BM04 (2)", "E2")]),
        (
            OTHER_MONEY,
            [
                ("warning", "BM04", "G5"),
                ("error", "BM04", "F9"),
                ("warning", "BM04", "G9"),
                ("error", "BM04", "G10"),
            ],
        ),
        (LOG, [("error", LOG_SHEET, "B2"), ("error", LOG_SHEET, "A3")]),
    ],
)
def test_every_finding_is_listed_once_and_its_cell_is_marked(
    first: Outbox, path: str, expected: list[tuple[Severity, str, str]]
) -> None:
    workbook = first.open(path)

    assert workbook.sheetnames[0] == LIST_NAME
    assert listed(workbook) == [(SEVERITIES_VI[severity], sheet, cell) for severity, sheet, cell in expected]
    worst_first = sorted(expected, key=lambda finding: _WORST_LAST.index(finding[0]))
    assert marked(workbook) == {(sheet, cell): severity for severity, sheet, cell in worst_first}


def test_only_submissions_with_findings_are_answered(first: Outbox) -> None:
    of_2023 = {EA_BONG, EA_NA, DRAY_SAP, BINH_HOA, QUANG_DIEN, CONTRADICTED}
    named = of_2023 | {TWO_SHEETS, OTHER_MONEY, LOG, BROKEN}
    shared = {path for path in first.answers if path.startswith(SHARED_FOLDER)}

    assert set(first.report.written) == set(first.answers) == named | shared
    assert len(shared) == 3


@pytest.mark.parametrize(
    "name",
    [
        "Ea Bong.xlsx",
        "Ea Bong - gop y.xlsx",
        "Ea Bong - phan hoi.xlsx",
        "Ea Bong - phan hoi abcdefgh (1).xlsx",
        "Ea Bong - gop y - phan hoi.xlsx",
    ],
)
def test_an_answer_that_comes_back_is_known_by_the_name_of_what_it_answers(name: str) -> None:
    assert _OLD_SUFFIX.sub("", name.removesuffix(".xlsx")) == "Ea Bong"
    assert duckdb.execute(f"select {STEM.format(path='?')}", [name]).fetchall() == [("ea bong",)]


def test_the_list_links_to_the_cells(first: Outbox) -> None:
    sheet = first.open(EA_NA)[LIST_NAME]
    links = [cell.hyperlink for row in sheet.iter_rows() for cell in row if cell.hyperlink]

    assert [link.location for link in links] == [f"'Mô hình O''Na'!{cell}" for cell in ("J6", "A8", "H9")]
    assert all(link.target is None for link in links)


def test_a_comment_says_what_is_wrong_what_is_right_and_what_is_nearest(first: Outbox) -> None:
    choice = first.open(EA_BONG)["BM04"]["C11"].comment.text
    day = first.open(DRAY_SAP)["KT"]["B8"].comment.text

    assert "“qùa cáp tết” – giá trị không có trong danh mục" in choice
    assert "Có phải là “" in choice
    assert "Danh mục: " in choice and "mái ấm tình thương" in choice
    assert "“31/02/2023” – ngày không có thực hoặc ghi sai" in day
    assert "ví dụ 05/01/2023" in day


def test_the_head_of_the_list_says_what_became_of_the_file(first: Outbox) -> None:
    sheet = first.open(DRAY_SAP)[LIST_NAME]
    head = {row[0]: row[2] for row in sheet.iter_rows(max_row=11, values_only=True)}

    assert sheet["A1"].value == LIST_TITLE
    assert (head["Tệp"], head["Đơn vị"], head["Kỳ báo cáo"]) == (
        "Dray Sap.xls",
        "Hội LHPN xã Dray Sáp",
        "6 tháng đầu năm 2023",
    )
    assert head["Nhận lúc"] == "10:00 ngày 15/06/2023"
    assert head["Kết quả"] == "Đã tiếp nhận: 1 dòng đã tổng hợp, 2 dòng chờ sửa."
    assert head["Cần làm"].startswith("Đề nghị sửa các mục “Phải sửa” (ô tô đỏ)")


def test_an_answer_is_addressed_and_can_be_printed(first: Outbox) -> None:
    workbook = first.open(EA_BONG)
    listed, form = workbook[LIST_NAME], workbook["BM04"]
    head = {row[0]: row[2] for row in listed.iter_rows(max_row=4, values_only=True)}

    assert (head["Kính gửi"], head["Nơi gửi"]) == ("Hội LHPN xã Ea Bông", "Hội LHPN huyện Krông Ana")
    for sheet in (listed, form):
        assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert form.print_title_rows == "$5:$7"
    assert form.page_setup.cellComments == "atEnd"
    for row in listed.iter_rows(min_row=13):
        letters = {cell.column_letter: len(str(cell.value or "")) for cell in row}
        lines = max(letters[column] / listed.column_dimensions[column].width for column in letters)
        assert listed.row_dimensions[row[0].row].height >= 16 * lines


def test_a_branch_is_told_by_which_day_to_send_again() -> None:
    """A week after the answer, never before the return itself is due."""
    assert send_again_by(date(2023, 6, 1), date(2023, 6, 14), 7) == date(2023, 6, 14)
    assert send_again_by(date(2023, 6, 20), date(2023, 6, 14), 7) == date(2023, 6, 27)
    assert send_again_by(date(2023, 6, 20), None, 3) == date(2023, 6, 23)

    answer = build_feedback(ANSWERED, [finding("C", 9)], support_return(), "", date(2023, 6, 20))
    sheet = load_workbook(io.BytesIO(answer))[LIST_NAME]
    head = {row[0]: row[2] for row in sheet.iter_rows(max_row=11, values_only=True)}
    assert sheet["F1"].value == "Ngày phản hồi: 20/06/2023"
    assert head["Hạn gửi lại"] == "Hết ngày 27/06/2023."

    right = build_feedback(ANSWERED, [finding("C", 9, "warning")], support_return(), "", date(2023, 6, 20))
    sheet = load_workbook(io.BytesIO(right))[LIST_NAME]
    assert sheet["C11"].value == "Nếu có sửa: hết ngày 27/06/2023."


def test_an_answer_names_a_day_that_no_half_year_is_due_after(first: Outbox) -> None:
    written = first.open(EA_BONG)[LIST_NAME]
    told = {row[0]: row[2] for row in written.iter_rows(max_row=12, values_only=True)}
    by = datetime.now(VIETNAM).date() + timedelta(days=DAYS_TO_CORRECT)
    assert told["Hạn gửi lại"] in (f"Hết ngày {day_vi(by)}.", f"Hết ngày {day_vi(by - timedelta(days=1))}.")


@pytest.mark.parametrize(("setting", "days"), [("", 7), ("3", 3)])
def test_the_days_to_correct_are_a_setting(monkeypatch: pytest.MonkeyPatch, setting: str, days: int) -> None:
    monkeypatch.setenv("WAREHOUSE_DAYS_TO_CORRECT", setting)
    assert days_to_correct() == days


@pytest.mark.parametrize("setting", ["0", "-1", "một tuần"])
def test_days_that_are_none_are_refused(monkeypatch: pytest.MonkeyPatch, setting: str) -> None:
    monkeypatch.setenv("WAREHOUSE_DAYS_TO_CORRECT", setting)
    with pytest.raises(ValueError):
        days_to_correct()


def test_a_refused_file_is_told_that_none_of_it_counts_and_what_to_do() -> None:
    refused = replace(ANSWERED, verdict="rejected", rows_taken=0, rows_waiting=0)
    whole = Finding("error", None, None, None, None, "Tệp bị hỏng.", "Đề nghị lưu lại tệp.")
    for findings, content, asked in (
        ([whole], None, "Đề nghị sửa tệp báo cáo theo cột “Cách sửa” dưới đây rồi gửi lại cả tệp báo cáo"),
        ([finding("C", 9)], support_return(), "Đề nghị sửa các ô tô đỏ theo cột “Cách sửa”"),
        ([whole], support_return(), "Đề nghị sửa tệp báo cáo theo cột “Cách sửa” dưới đây"),
    ):
        sheet = load_workbook(io.BytesIO(build_feedback(refused, findings, content)))[LIST_NAME]
        head = {row[0]: row[2] for row in sheet.iter_rows(max_row=11, values_only=True)}
        assert head["Kết quả"] == "Cả tệp chưa được tiếp nhận, chưa có dòng nào được tổng hợp."
        assert head["Cần làm"].startswith(asked)


def test_a_refused_file_tells_of_the_rows_that_wait() -> None:
    refused = replace(ANSWERED, verdict="rejected", rows_taken=0, rows_waiting=1_200)
    whole = Finding("error", None, None, None, None, "Thiếu cột.", "Đề nghị ghi đủ cột.")
    assert _head(refused, whole)["Kết quả"].endswith("chưa có dòng nào được tổng hợp; 1.200 dòng chờ sửa.")


def test_nobody_is_asked_to_correct_what_failed_here() -> None:
    refused = replace(ANSWERED, verdict="rejected", rows_taken=0, rows_waiting=0)
    for reason in DEFECTS:
        told = Reason.of(reason, fault="a1b2")
        head = _head(
            replace(refused, reason_code=reason),
            Finding("error", None, None, None, None, told.wrong, told.advice),
        )
        assert head["Cần làm"].startswith("Đơn vị không phải sửa và chưa phải gửi lại tệp này")
        assert head["Hạn gửi lại"] == "Chưa phải gửi lại."


def test_what_was_lost_here_is_sent_again_as_it_was() -> None:
    lost = replace(ANSWERED, verdict="rejected", reason_code=ReasonCode.ARCHIVE_DAMAGED)
    told = Reason.of(ReasonCode.ARCHIVE_DAMAGED)
    head = _head(lost, Finding("error", None, None, None, None, told.wrong, told.advice))
    assert head["Cần làm"] == "Đề nghị gửi lại tệp này như đã gửi, không phải sửa gì."
    assert head["Hạn gửi lại"].startswith("Hết ngày")


def _head(file: AnsweredFile, told: Finding) -> dict[str, str]:
    sheet = load_workbook(io.BytesIO(build_feedback(file, [told], None)))[LIST_NAME]
    return {row[0]: row[2] for row in sheet.iter_rows(max_row=11, values_only=True)}


def test_what_is_advised_on_a_day_depends_on_the_type_of_its_column(first: Outbox) -> None:
    def advice(answer: str) -> list[str]:
        rows = first.open(answer)[LIST_NAME].iter_rows(values_only=True)
        return [row[5] for row in rows if "ngày không có thực" in str(row[4])]

    assert advice(LOG)[0].startswith("Đề nghị ghi ngày/tháng/năm, thêm giờ nếu có, ví dụ 05/01/2023 08:00,")
    assert advice(DRAY_SAP)[0].startswith("Đề nghị ghi theo thứ tự ngày/tháng/năm, ví dụ 05/01/2023,")


def test_the_rows_of_a_log_go_back_under_vietnamese_headers(first: Outbox) -> None:
    header = [cell.value for cell in first.open(LOG)[LOG_SHEET][1]]
    assert header[:3] == ["Mã hoạt động", "Thời điểm", "Mã đơn vị"]
    assert not [text for text in header if re.fullmatch(r"[a-z_]+", text or "")]


def test_a_bad_cell_of_a_row_that_counts_is_told_as_such(first: Outbox) -> None:
    answer = first.open(OTHER_MONEY)
    head = {row[0]: row[2] for row in answer[LIST_NAME].iter_rows(max_row=11, values_only=True)}

    assert "các ô khác của dòng vẫn được tổng hợp" in answer["BM04"]["F9"].comment.text
    assert head["Kết quả"] == "Đã tiếp nhận: 1 dòng đã tổng hợp, 1 dòng chờ sửa."


def test_a_file_that_cannot_be_opened_is_answered_with_the_list_alone(first: Outbox) -> None:
    workbook = first.open(BROKEN)

    assert workbook.sheetnames == [LIST_NAME]
    assert listed(workbook) == [("Phải sửa", "Cả tệp", None)]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        (EA_BONG, "2023H1/Ea Bong.xlsx"),
        (EA_NA, "2023H1/Ea Na.xlsm"),
        (DRAY_SAP, "2023H1/Dray Sap.xls"),
        (BINH_HOA, "2023H1/Binh Hoa.ods"),
        (QUANG_DIEN, "2023H1/Quang Dien.csv"),
    ],
)
def test_every_value_stays_where_and_what_it_was(first: Outbox, path: str, name: str) -> None:
    original = (first.home.inbox / name).read_bytes()
    sent = open_sheets(original)
    returned = [sheet for sheet in open_sheets(first.answers[path]) if sheet.name != LIST_NAME]

    assert [sheet.name for sheet in returned] == [sheet.name for sheet in sent]
    assert [filled(sheet) for sheet in returned] == [filled(sheet) for sheet in sent]
    assert any(filled(sheet) for sheet in sent)


def filled(sheet: Sheet) -> dict[tuple[int, int], object]:
    return {
        (row, column): value
        for row, cells in enumerate(sheet.rows)
        for column, value in enumerate(cells)
        if value != ""
    }


def test_the_look_stays_and_what_is_marked_can_be_seen(first: Outbox) -> None:
    sheet = first.open(EA_NA)["Mô hình O'Na"]

    assert sheet["F7"].fill.fgColor.rgb == "FFE2EFDA"
    assert sheet["F7"].number_format == "dd/mm/yyyy"
    assert sheet["B6"].font.bold
    assert sheet["H9"].value == "=SUM(H7:H8)+1"
    assert "Ghi chú của đơn vị: Nhờ chị kiểm tra giúp" in sheet["H9"].comment.text
    assert not sheet.row_dimensions[8].hidden
    assert "Dòng 8 đang bị ẩn" in sheet["A8"].comment.text


@pytest.mark.parametrize(
    ("path", "sheet", "cell", "text"),
    [
        (EA_BONG, "BM04", "D11", "-trẻ em"),
        (EA_BONG, "BM04", "H11", "+84 905 000 000"),
        (EA_BONG, "BM04", "H12", "=HYPERLINK(A1)"),
        (EA_NA, "Mô hình O'Na", "I7", "=cmd|' /C calc'!A0"),
        (DRAY_SAP, "KT", "G7", "@phong trào"),
        (BINH_HOA, "Bảo vệ PN, TE", "F7", "+ đã ổn"),
        (LOG, LOG_SHEET, "L2", "=1+1"),
    ],
)
def test_text_that_reads_like_a_formula_stays_text(
    first: Outbox, path: str, sheet: str, cell: str, text: str
) -> None:
    found: Cell = first.open(path)[sheet][cell]

    assert (found.value, found.data_type, found.quotePrefix) == (text, "s", True)


def test_nothing_of_an_answer_is_a_formula_but_what_was_one(first: Outbox) -> None:
    formulas = [
        (path, cell.coordinate)
        for path in first.answers
        for sheet in first.open(path).worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    ]

    assert formulas == [(EA_NA, "H9")]


def test_answers_under_one_name_are_told_apart_and_long_names_are_cut(first: Outbox) -> None:
    names = sorted(path.rsplit("/", 1)[1] for path in first.answers if path.startswith(SHARED_FOLDER))

    assert [name.partition(" - phan hoi ")[0] for name in names[:2]] == ["BC", "BC"]
    assert names[0] != names[1]
    assert all(name.removesuffix(".xlsx").rpartition(" ")[2].isalpha() for name in names[:2])
    assert names[2].startswith("bao cao dài dài")
    assert len(names[2].encode()) < 200


def test_a_second_run_writes_nothing(first: Outbox) -> None:
    again = write_feedback(first.home)

    assert set(again.unchanged) == set(first.answers)
    assert again.written == again.removed == again.postponed == ()


def test_what_is_withdrawn_is_answered_no_more_until_it_is_taken_back(first: Outbox, tmp_path: Path) -> None:
    home = WarehouseHome(shutil.copytree(first.home.root, tmp_path / "home"))
    now = datetime.now(UTC)

    decide(
        home, "nhat ky.csv", Decision(is_withdrawn=True, decided_at=now, decided_by="chị Hoa", why="Nhầm tệp")
    )
    report = write_feedback(home)
    assert report.removed == (LOG,)
    assert set(report.unchanged) == set(first.answers) - {LOG}
    assert report.written == report.postponed == ()

    later = now + timedelta(seconds=1)
    decide(
        home,
        "nhat ky.csv",
        Decision(is_withdrawn=False, decided_at=later, decided_by="chị Hoa", why="Tệp đúng"),
    )
    assert write_feedback(home).written == (LOG,)


def test_what_was_corrected_in_the_answer_comes_back_without_a_finding(second: Outbox) -> None:
    with open_read_only(second.home.warehouse) as connection:
        returned = connection.execute(
            "select file_name, verdict, unit_key, period_code from staging.stg_submissions"
            " where relative_path like 'tra lai/%' order by all"
        ).fetchall()
        found = connection.execute(
            "select count(*) from (select submission_id from staging.stg_quarantined_rows"
            " union all select submission_id from reviews.findings)"
            " semi join (from staging.stg_submissions where relative_path like 'tra lai/%') using (submission_id)"
        ).fetchall()
        lists = connection.execute(
            "select sheet_name, verdict, reason_vi from staging.stg_sheets"
            " semi join (from staging.stg_submissions where relative_path like 'tra lai/%') using (submission_id)"
            " where sheet_number = 1"
        ).fetchall()

    assert returned == [
        ("Ea Bong - gop y.xlsx", "accepted", "U24565", "2023H1"),
        ("so lieu sua.xlsx", "accepted", None, None),
    ]
    assert found == [(0,)]
    assert lists == [(LIST_NAME, "empty", None)] * 2


def test_answers_to_what_was_corrected_disappear_and_nothing_else_changes(
    second: Outbox, first: Outbox
) -> None:
    assert second.report.removed == (EA_BONG, BROKEN, LOG)
    assert second.report.written == ()
    assert set(second.report.unchanged) == set(first.answers) - {EA_BONG, LOG, BROKEN}
    assert not (second.home.feedback / "khong-ro-ky").exists()
    assert (second.home.feedback / "cua can bo.xlsx").exists()


def test_what_a_build_does_not_know_yet_is_not_told_of(second: Outbox) -> None:
    home = second.home
    receive(home, "2023H1/Ea Na moi.xlsx", clubs_by_xlsxwriter("BCH HỘI LHPN XÃ EA NA") + b"\0", THIRD)
    load_inbox(home, THIRD + timedelta(days=1))
    report = write_feedback(home)

    assert report.postponed == (EA_NA,)
    assert report.written == report.removed == ()


ANSWERED = AnsweredFile(
    submission_id="0123456789abcdef",
    file_name="Ea Bong.xlsx",
    stem="ea bong",
    sha256="",
    received_at=FIRST,
    verdict="accepted",
    unit_key="U24565",
    unit_name="Xã Ea Bông",
    period_code="2023H1",
    period_label="6 tháng đầu năm 2023",
    was_read=True,
    rows_taken=1,
    rows_waiting=1,
    tables=(),
)


def finding(column: str, row: int, severity: Severity = "error", wrong: str = "Sai.") -> Finding:
    return Finding(severity, 1, row, column, None, wrong, "Đề nghị sửa.")


def one_sheet(content: bytes) -> tuple[Workbook, Worksheet]:
    workbook = load_workbook(io.BytesIO(content))
    return workbook, workbook["BM04"]


def test_two_findings_on_a_cell_share_a_comment_under_the_worst_colour() -> None:
    findings = [finding("C", 9, "warning", "Nên xem."), finding("C", 9, "error", "Sai hẳn.")]
    workbook, sheet = one_sheet(build_feedback(ANSWERED, findings, support_return()))

    assert marked(workbook) == {("BM04", "C9"): "error"}
    assert "Nên xem." in sheet["C9"].comment.text
    assert "Sai hẳn." in sheet["C9"].comment.text
    assert len(listed(workbook)) == 2


def test_marks_of_a_former_answer_are_taken_back() -> None:
    own = load_workbook(io.BytesIO(support_return()))
    own["BM04"]["C9"].comment = Comment("Quà Tết", "Hoa")
    once = build_feedback(ANSWERED, [finding("C", 9), finding("D", 9)], as_bytes(own))
    moved = [replace(finding("E", 9), sheet_number=2)]  # the list is now sheet 1
    workbook, sheet = one_sheet(build_feedback(ANSWERED, moved, once))

    assert workbook.sheetnames == [LIST_NAME, "BM04"]
    assert marked(workbook) == {("BM04", "E9"): "error"}
    assert sheet["C9"].comment.text == "Quà Tết"
    assert sheet["D9"].comment is None


def test_a_sheet_of_the_branch_under_the_name_of_the_list_stays() -> None:
    own = load_workbook(io.BytesIO(support_return()))
    own.create_sheet(LIST_NAME)["A1"] = "Ý kiến của chi hội"
    workbook = load_workbook(io.BytesIO(build_feedback(ANSWERED, [finding("C", 9)], as_bytes(own))))

    assert workbook.sheetnames == ["Phản hồi 2", "BM04", LIST_NAME]
    assert workbook[LIST_NAME]["A1"].value == "Ý kiến của chi hội"


def test_hidden_cells_that_are_marked_are_shown() -> None:
    own = load_workbook(io.BytesIO(support_return()))
    own.create_sheet("khác")
    sheet = own["BM04"]
    sheet.row_dimensions[9].hidden = sheet.row_dimensions[10].hidden = True
    sheet.column_dimensions["C"].hidden = sheet.column_dimensions["E"].hidden = True
    sheet.sheet_state = "hidden"
    own.active = 1
    _, shown = one_sheet(build_feedback(ANSWERED, [finding("C", 9)], as_bytes(own)))

    assert shown.sheet_state == "visible"
    assert not shown.row_dimensions[9].hidden and shown.row_dimensions[10].hidden
    assert not shown.column_dimensions["C"].hidden and shown.column_dimensions["E"].hidden


def test_only_the_list_is_selected() -> None:
    workbook = load_workbook(io.BytesIO(build_feedback(ANSWERED, [finding("C", 9)], support_return())))

    assert workbook.active.title == LIST_NAME
    assert [sheet.title for sheet in workbook.worksheets if sheet.sheet_view.tabSelected] == [LIST_NAME]


def test_a_formula_that_asks_another_file_gives_way_to_its_value() -> None:
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    sheet = book.add_worksheet("BM04")
    sheet.write_formula("A1", "='[1]Tong hop'!B2", None, 12)
    sheet.write_formula("A2", "=1/0", None, "#DIV/0!")
    sheet.write_formula("A3", '="a"&"<b>"', None, "a<b>")
    sheet.write_formula("A4", "=1=1", None, True)
    book.define_name("TongHop", "='[1]Tong hop'!$B$2")
    book.close()
    answer = build_feedback(ANSWERED, [finding("A", 1)], content.getvalue())
    workbook, copied = one_sheet(answer)
    [shown] = [sheet for sheet in open_sheets(answer) if sheet.name == "BM04"]

    assert (copied["A1"].value, copied["A1"].data_type) == (12, "n")
    assert [row[0] for row in shown.rows] == [12, "#DIV/0!", "a<b>", True]
    assert [copied[cell].value for cell in ("A2", "A3", "A4")] == ["=1/0", '="a"&"<b>"', "=1=1"]
    assert not workbook.defined_names


def test_what_shows_no_value_is_the_same_in_the_copy() -> None:
    workbook = new_workbook()
    sheet = draw_support(workbook.create_sheet("BM04"))
    sheet["G9"], sheet["H9"].font = "=40+0.5", Font(strike=True)
    content = as_bytes(workbook)
    copy = branch_copy.copy_of(content, ())
    assert copy is not None
    again = [sheet.rows for sheet in open_sheets(copy.as_bytes())]
    assert again == [sheet.rows for sheet in open_sheets(content)]
    assert [again[0][8][6], again[0][8][7]] == ["=40+0.5", "~~xã hội hóa~~"]


def test_what_is_struck_out_in_an_old_format_is_struck_out_in_the_copy() -> None:
    workbook = xlwt.Workbook()
    workbook.add_sheet("x").write(0, 0, 12, xlwt.easyxf("font: struck_out on"))
    content = io.BytesIO()
    workbook.save(content)
    copy = branch_copy.copy_of(content.getvalue(), ())
    assert copy is not None
    assert open_sheets(copy.as_bytes())[0].rows == [["~~12~~"]]


def test_macros_are_left_behind() -> None:
    content = io.BytesIO(support_return())
    with zipfile.ZipFile(content, "a") as package:
        package.writestr("xl/vbaProject.bin", b"macro")
    answer = build_feedback(ANSWERED, [finding("C", 9)], content.getvalue())

    with zipfile.ZipFile(io.BytesIO(answer)) as package:
        assert not [name for name in package.namelist() if "vba" in name.lower()]
        assert b"macroEnabled" not in package.read("[Content_Types].xml")


def test_a_workbook_too_large_for_its_look_is_written_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(branch_copy, "MOST_XML_BYTES", 1000)
    workbook, sheet = one_sheet(build_feedback(ANSWERED, [finding("C", 9)], support_return()))

    assert marked(workbook) == {("BM04", "C9"): "error"}
    assert sheet["C3"].value == "BIỂU 04: HỖ TRỢ HỘI VIÊN"


def test_a_workbook_too_large_to_copy_is_answered_with_the_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(branch_copy, "MOST_CELLS", 10)
    workbook = load_workbook(io.BytesIO(build_feedback(ANSWERED, [finding("C", 9)], support_return())))

    assert workbook.sheetnames == [LIST_NAME]
    assert len(listed(workbook)) == 1


def test_control_characters_in_what_is_told_do_no_harm() -> None:
    told = [finding("C", 9, wrong="Ghi “a\x07b\x00”.")]
    workbook, sheet = one_sheet(build_feedback(ANSWERED, told, support_return()))

    assert "Ghi “a b ”." in sheet["C9"].comment.text
    assert any("Ghi “a b ”." in str(row) for row in workbook[LIST_NAME].iter_rows(values_only=True))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("BC 6T/2023", "BC 6T 2023"),
        ("bao\ncao\t\x07 a", "bao cao a"),
        ("../../etc/passwd", "etc passwd"),
        ('a<b>:"c|d?*', "a b c d"),
        ("a\u202egnp", "a gnp"),
        ("...", "tep"),
        ("Ea Bo\u0302ng", "Ea Bông"),
    ],
)
def test_names_of_files_are_made_fit_for_any_system(name: str, expected: str) -> None:
    assert file_name(name) == expected


def test_names_of_4000_letters_are_cut_between_letters() -> None:
    cut = file_name("ệ" * 4000)

    assert cut == "ệ" * 60


def test_of_a_log_only_the_rows_concerned_go_back() -> None:
    logged = LoggedRows(
        header=("event_id", "occurred_at", "ghi thêm"),
        columns={"event_id": 0, "occurred_at": 1},
        rows={7: ("E7", "hôm qua", "-1"), 9: ('{"event_id": "E9"',)},
    )
    findings = [
        Finding("info", 1, 1, "3", None, "Cột lạ.", "Không bắt buộc sửa."),
        Finding("error", 1, 7, None, "occurred_at", "Ngày không có thực hoặc ghi sai.", "Đề nghị sửa."),
        Finding("error", 1, 9, None, None, "Dòng không đọc được.", "Đề nghị sửa."),
    ]
    workbook = load_workbook(io.BytesIO(build_feedback(ANSWERED, findings, logged)))

    assert list(workbook[LOG_SHEET].iter_rows(values_only=True)) == [
        ("event_id", "occurred_at", "ghi thêm"),
        ("E7", "hôm qua", "-1"),
        ('{"event_id": "E9"', None, None),
    ]
    assert marked(workbook) == {(LOG_SHEET, "B2"): "error", (LOG_SHEET, "A3"): "error"}
    assert listed(workbook) == [
        ("Để biết", LOG_SHEET, None),
        ("Phải sửa", LOG_SHEET, "B2"),
        ("Phải sửa", LOG_SHEET, "A3"),
    ]


def test_the_command_says_when_nothing_was_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WAREHOUSE_HOME", str(tmp_path))
    load_inbox(WarehouseHome(tmp_path), FIRST)

    assert main(["feedback"]) == 1
    assert "make refresh" in capsys.readouterr().err


def test_nothing_need_not_be_corrected_beside_what_must_be() -> None:
    error = Finding("error", 1, 10, "G", "amount_vnd", "Số tiền quá lớn.", "Đề nghị sửa.")
    leave = replace(
        error,
        severity="warning",
        advice="Đề nghị kiểm tra lại.",
        if_right="Nếu đúng như vậy thì không cần sửa.",
    )
    elsewhere = replace(leave, row_number=11)

    assert [found.what_to_do for found in without_contradictions([error, leave, elsewhere])] == [
        "Đề nghị sửa.",
        "Đề nghị kiểm tra lại.",
        "Đề nghị kiểm tra lại. Nếu đúng như vậy thì không cần sửa.",
    ]


def test_every_kind_of_finding_has_an_advice_and_gives_leave_only_where_nothing_must_be_corrected() -> None:
    with (SEEDS / "finding_rules.csv").open(encoding="utf-8") as file:
        rules = list(csv.DictReader(file))
    assert {rule["severity"] for rule in rules} == {"error", "warning", "info"}
    for rule in rules:
        advice, if_right = rule["advice_vi"], rule["if_right_vi"]
        assert advice.startswith(("Đề nghị ", "Nếu ", "Hội LHPN ")) and advice.endswith("."), rule
        assert not re.search("không (?:cần|phải) (?:sửa|gửi|làm)", advice), rule
        assert not if_right or re.search("không (?:cần|phải) (?:sửa|gửi|làm)", if_right), rule
        assert not if_right or rule["severity"] != "error", rule
