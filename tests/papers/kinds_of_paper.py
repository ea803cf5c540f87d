"""One of each kind of paper that the office or a branch prints, made by the project itself of invented people.

What is made here is what is read (``printed_pages``) and shown (``take_pictures``); nothing needs a refresh.
"""

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from ingest.contracts.forms import load_contracts
from ingest.home import WarehouseHome
from publish.answers.member_matches import write_member_matches
from publish.feedback.findings.answer import AnsweredFile, Finding, LoggedRows, TablePlace
from publish.feedback.workbook import build_feedback
from publish.paper import cell_points, row_points
from publish.templates.issuing import write_templates
from tests.publish.feedback.answered_files import awards_by_xlwt
from tests.publish.templates.filled_templates import fill, form_tables

PERIOD = "2026H2"
EA_NA = "U24559_2025"
TODAY = date(2026, 11, 27)
FILLED_ROWS = 8
DATE_WRONG = "Cột “{}”: “{}” – ngày không có thực hoặc ghi sai."
DATE_ADVICE = "Đề nghị ghi theo thứ tự ngày/tháng/năm, ví dụ 05/01/2023, và kiểm tra ngày đó có thật."
LONG = Finding(
    "warning", None, None, None, None,
    "Biểu 04: Hỗ trợ hội viên: báo cáo gửi lại (tệp “Ea Na 6 tháng cuối năm 2026.xlsx”) không còn 3 dòng đã có trong báo cáo"
    " trước (tệp “BC 6T cuoi nam 2026 - Ea Na.xlsx”), 42 người, 98.500.000 đồng.",
    "Đề nghị kiểm tra các dòng không còn nữa; nếu bỏ sót, đề nghị ghi lại rồi gửi lại cả tệp báo cáo.",
    "Nếu các dòng ấy ghi nhầm thì không cần sửa.",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Paper:
    """A workbook to be printed; ``title`` is what the office calls it."""

    name: str
    title: str
    content: bytes


def papers(folder: Path) -> Iterator[Paper]:
    """Make each kind of paper.

    Args:
        folder: an empty one, for what is made on the way.
    """
    issued = {path.stem: path for path in write_templates(folder / "blank", PERIOD).paths}
    blank = issued["Xã Ea Na"]
    yield Paper("bieu-mau", "Biểu mẫu trống của một xã", blank.read_bytes())
    yield Paper("chi-tieu-giao", "Biểu mẫu chỉ tiêu giao", issued["Chỉ tiêu giao 2026"].read_bytes())
    yield Paper(
        "so-hoi-vien-dau-ky", "Biểu mẫu số hội viên đầu kỳ", issued["Số hội viên đầu kỳ"].read_bytes()
    )
    filled = _filled(blank)
    yield Paper("bieu-da-dien", "Biểu mẫu đã điền", filled)
    yield Paper("phan-hoi", "Phiếu phản hồi báo cáo", _answer_on_own_form(filled, folder))
    yield Paper("phan-hoi-tep-xls", "Phiếu phản hồi cho tệp .xls", _answer_written_anew())
    yield Paper("phan-hoi-tep-hong", "Phiếu phản hồi cho tệp chưa được tiếp nhận", _answer_to_refused())
    yield Paper("phan-hoi-so-theo-doi", "Phiếu phản hồi cho sổ theo dõi hoạt động", _answer_to_log())
    yield Paper("doi-chieu-hoi-vien", "Danh sách hội viên cần đối chiếu", _member_list(folder / "home"))


def answered(**changes: object) -> AnsweredFile:
    """Give a submission of Ea Na."""
    told: Mapping[str, object] = {
        "submission_id": "0123456789abcdef",
        "file_name": "Xã Ea Na.xlsx",
        "stem": "Xã Ea Na",
        "sha256": "0" * 64,
        "received_at": datetime(2026, 11, 26, 3, 0, tzinfo=UTC),
        "verdict": "accepted",
        "unit_key": EA_NA,
        "unit_name": "Xã Ea Na",
        "period_code": PERIOD,
        "period_label": "6 tháng cuối năm 2026",
        "was_read": True,
        "rows_taken": 166,
        "rows_waiting": 2,
        "tables": (),
        "due_on": date(2026, 12, 14),
    }
    return AnsweredFile(**{**told, **changes})  # type: ignore[arg-type]


def _filled(blank: Path) -> bytes:
    path = blank.with_name("filled.xlsx")
    path.write_bytes(blank.read_bytes())
    fill(path, load_contracts(), date(2026, 6, 15), rows=FILLED_ROWS)
    workbook = load_workbook(path)
    for sheet in workbook.worksheets[1:-1]:
        _grow(sheet)
        # what a branch is asked to do before it prints
        header = next(row for row in range(1, 20) if sheet.cell(row, 1).value == "(1)")
        sheet.delete_rows(header + 1 + FILLED_ROWS, 60 - FILLED_ROWS)
        _move_what_stood_below(sheet, header + 61, FILLED_ROWS - 60)
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()


def _grow(sheet: Worksheet) -> None:
    """Make rows as high as what was typed into them, as a spreadsheet does where nobody has set their height."""
    first = next(row for row in range(1, 20) if sheet.cell(row, 1).value == "(1)") + 1
    for row in range(first, first + FILLED_ROWS):
        texts = [
            (str(cell.value or ""), cell_points(sheet.column_dimensions[cell.column_letter].width - 0.7))
            for cell in sheet[row]
        ]
        sheet.row_dimensions[row].height = row_points(texts)


def _move_what_stood_below(sheet: Worksheet, first_row: int, by: int) -> None:
    """Move heights and merged cells along with the rows, which openpyxl does not."""
    for merged in [found for found in sheet.merged_cells.ranges if found.min_row >= first_row]:
        merged.shift(row_shift=by)
    heights = {row: sheet.row_dimensions[row].height for row in range(first_row, sheet.max_row - by + 1)}
    for row, height in heights.items():
        sheet.row_dimensions[row].height = None
        sheet.row_dimensions[row + by].height = height


def _answer_on_own_form(filled: bytes, folder: Path) -> bytes:
    path = folder / "sent.xlsx"
    path.write_bytes(filled)
    tables = list(form_tables(path, load_contracts()))
    place = {table.form.name: number for number, (_, table) in enumerate(tables, start=2) if table.form}
    findings = [
        Finding(
            "error", place["support_funds"], 14, "B", "supported_on",
            DATE_WRONG.format("Ngày", "31/02/2026"), DATE_ADVICE,
        ),
        Finding(
            "error", place["member_changes"], 15, "G", "change_type",
            "Cột “Loại biến động”: “chuyễn dđi” – giá trị không có trong danh mục.",
            "Đề nghị chọn một giá trị trong danh mục của biểu. Có phải là “chuyển đi” không? Danh mục: phát triển mới;"
            " chuyển đến; chuyển đi; thôi sinh hoạt; từ trần.",
        ),
        LONG,
        Finding(
            "info", place["clubs"], None, None, None,
            "Cột “Lịch sinh hoạt” không có trong biểu mẫu; nội dung được giữ lại nhưng không tổng hợp.",
            "Không phải làm gì.",
        ),
    ]  # fmt: skip
    places = tuple(
        TablePlace(number, table.header_first_row, table.header_last_row, table.last_row)
        for number, (_, table) in enumerate(tables, start=2)
    )
    return build_feedback(answered(tables=places), findings, filled, "", TODAY)


def _answer_written_anew() -> bytes:
    wrong = Finding("error", 1, 8, "B", "awarded_on", DATE_WRONG.format("Ngày", "31/02/2023"), DATE_ADVICE)
    file = answered(file_name="Ea Na.xls", tables=(TablePlace(1, 6, 6, 9),))
    return build_feedback(file, [wrong, LONG], awards_by_xlwt("BCH HỘI LHPN XÃ EA NA"), "", TODAY)


def _answer_to_refused() -> bytes:
    file = answered(
        verdict="rejected", unit_key=None, unit_name=None, period_code=None, period_label=None,
        was_read=False, rows_taken=0, rows_waiting=0, due_on=None,
    )  # fmt: skip
    broken = Finding(
        "error", None, None, None, None,
        "Không mở được tệp: tệp bị hỏng hoặc chưa tải lên hết.",
        "Đề nghị mở tệp bằng Excel, lưu lại rồi gửi lại.",
    )  # fmt: skip
    return build_feedback(file, [broken], None, "", TODAY)


def _answer_to_log() -> bytes:
    form = load_contracts().form("activity_log")
    titles = tuple(field.title for field in form.fields)
    row = (
        "KA26-X00001", "2026-02-30T09:15:00", "24559", "Buôn Tơ Lơ", "Chống rác thải nhựa", "tuyên truyền", "15", None,
        None, None, "Trần Thị Mỹ Huệ", "Nhập lại từ sổ tay của chi hội, buổi tuyên truyền ở nhà văn hóa buôn",
    )  # fmt: skip
    logged = LoggedRows(titles, {"occurred_at": 1}, {1001: row})
    wrong = Finding(
        "error", 1, 1001, None, "occurred_at", DATE_WRONG.format("Thời điểm", "2026-02-30T09:15:00"), DATE_ADVICE
    )  # fmt: skip
    return build_feedback(answered(file_name="sổ theo dõi 2026.csv", due_on=None), [wrong], logged, "", TODAY)


def _member_list(root: Path) -> bytes:
    home = WarehouseHome(root).prepare()
    names = ("Nguyễn Thị Hoa", "H'Yi Êban", "Trần Thị Ngọc Ánh Tuyết", "Hoàng Thị Thanh Nga")
    units = ("Thị trấn Buôn Trấp", "Xã Ea Bông", "Xã Ea Na")
    villages = ("Buôn Tơ Lơ", "Thôn Quỳnh Tân 1", "Tổ dân phố 6")
    kinds = ("shared_number", "same_village", "other_village", "other_unit")
    with duckdb.connect(str(home.warehouse)) as connection:
        connection.execute(
            "create schema intermediate; create table intermediate.int_member_matches_ambiguous (match_key varchar,"
            " match_kind varchar, member_key varchar, mention_key varchar, unit_name varchar, full_name varchar,"
            " birth varchar, citizen_id varchar, village varchar, first_changed_on date, last_changed_on date,"
            " change_count integer)"
        )
        for group, (kind, name) in enumerate(zip(kinds, names, strict=True)):
            birth = "1986-05-08" if group else "1986"
            for line in range(2 + group % 2):
                key = f"{group * 10 + line:02d}af" * 16
                number = f"06618600000{group}" if line == 0 else None
                connection.execute(
                    "insert into intermediate.int_member_matches_ambiguous values"
                    " (?, ?, ?, ?, ?, ?, ?, ?, ?, date '2019-03-01', date '2026-05-08', 2)",
                    [f"{kind}-{group}", kind, key, key, units[line], name, birth, number, villages[line]],
                )
    return write_member_matches(home).path.read_bytes()
