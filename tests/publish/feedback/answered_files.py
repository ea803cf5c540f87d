"""Branch returns with one thing wrong each, written by the programs that branches use, for the tests of answers."""

import io
from collections.abc import Sequence
from datetime import date

import xlsxwriter
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

CLUB_HEADER = (
    "STT",
    "Tên mô hình, CLB",
    "Loại",
    "Phong trào, đề án",
    "Địa bàn",
    "Ngày thành lập",
    "Tình trạng",
    "Số thành viên",
    "Ghi chú",
    "Lịch sinh hoạt",
)
CASE_HEADER = ("STT", "Ngày", "Loại vụ việc", "Nạn nhân", "Hình thức can thiệp", "Kết quả")
AWARD_HEADER = (
    "STT",
    "Ngày",
    "Đối tượng",
    "Tên tập thể, cá nhân",
    "Hình thức",
    "Cấp khen",
    "Phong trào, chuyên đề",
)


def title_rows(unit: str, form_title: str) -> list[list[object]]:
    """Give five rows above a table."""
    return [
        ["HỘI LHPN HUYỆN KRÔNG ANA"],
        [unit],
        ["", "", form_title],
        ["", "", "Kỳ báo cáo: 6 tháng đầu năm 2023"],
        [],
    ]


def clubs_by_xlsxwriter(unit: str) -> bytes:
    """Biểu 02 with true dates, a column that no form knows (J), and a total (a formula) that is 1 too high.

    The header is row 6, clubs are rows 7 and 8, the total is row 9; row 8 is hidden.
    """
    content = io.BytesIO()
    workbook = xlsxwriter.Workbook(content, {"in_memory": True})
    sheet = workbook.add_worksheet("Mô hình O'Na")
    workbook.add_worksheet("Trống")
    day = workbook.add_format({"num_format": "dd/mm/yyyy", "bg_color": "#E2EFDA"})
    bold = workbook.add_format({"bold": True, "border": 1})
    for row, cells in enumerate(title_rows(unit, "BIỂU 02: MÔ HÌNH, CÂU LẠC BỘ")):
        sheet.write_row(row, 0, cells)
    sheet.write_row(5, 0, CLUB_HEADER, bold)
    clubs = (
        (
            1,
            "CLB Sống xanh",
            "câu lạc bộ",
            "Chống rác thải nhựa",
            "Buôn Tơ Lơ",
            date(2023, 3, 8),
            "thành lập mới",
            20,
        ),
        (2, "Tổ tiết kiệm", "tổ", "", "Thôn 2", date(2019, 3, 8), "duy trì", 30),
    )
    for row, club in enumerate(clubs, start=6):
        sheet.write_row(row, 0, club)
        sheet.write_datetime(row, 5, club[5], day)
        sheet.write_string(row, 8, "=cmd|' /C calc'!A0" if row == 6 else "-")
        sheet.write(row, 9, "thứ bảy")
    sheet.set_row(7, None, None, {"hidden": True})
    sheet.write(8, 1, "Tổng cộng")
    sheet.write_formula(8, 7, "=SUM(H7:H8)+1", bold, 51)
    sheet.write_comment(8, 7, "Nhờ chị kiểm tra giúp")
    workbook.close()
    return content.getvalue()


def awards_by_xlwt(unit: str) -> bytes:
    """Biểu 06 in .xls: a recipient that is on no list in C7, and a day that does not exist in B8."""
    workbook = xlwt.Workbook(encoding="utf-8")
    sheet = workbook.add_sheet("KT")
    day = xlwt.easyxf(num_format_str="DD/MM/YYYY")
    rows = [
        *title_rows(unit, "BIỂU 06: KHEN THƯỞNG"),
        list(AWARD_HEADER),
        [1, date(2023, 3, 8), "hộ gia đình", "Hộ bà Hoa", "giấy khen", "huyện", "@phong trào"],
        [2, "31/02/2023", "cá nhân", "H'Yi Êban", "giấy khen", "huyện", ""],
        [3, date(2023, 6, 1), "tập thể", "Chi hội Thôn 1", "giấy khen", "huyện", ""],
    ]
    for row, cells in enumerate(rows):
        for column, value in enumerate(cells):
            if value != "":
                sheet.write(row, column, value, day if isinstance(value, date) else xlwt.Style.default_style)
    sheet.write_merge(9, 9, 0, 3, "Ea Na, ngày 10 tháng 6 năm 2023")
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()


def cases_by_odfpy(unit: str) -> bytes:
    """Biểu 07 in .ods: a case in B7 that happened before the half-year."""
    document = OpenDocumentSpreadsheet()
    table = Table(name="Bảo vệ PN, TE")
    rows: list[Sequence[object]] = [
        *title_rows(unit, "BIỂU 07: VỤ VIỆC BẢO VỆ PHỤ NỮ, TRẺ EM"),
        CASE_HEADER,
        (1, date(2022, 11, 20), "bạo lực gia đình", "phụ nữ", "hòa giải", "+ đã ổn"),
        (2, date(2023, 1, 5), "tảo hôn", "trẻ em", "tư vấn", "đang theo dõi"),
    ]
    for cells in rows:
        row = TableRow()
        for value in cells:
            row.addElement(_ods_cell(value))
        table.addElement(row)
    document.spreadsheet.addElement(table)
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def _ods_cell(value: object) -> TableCell:
    if isinstance(value, date):
        cell = TableCell(valuetype="date", datevalue=value.isoformat())
    elif isinstance(value, int):
        cell = TableCell(valuetype="float", value=value)
    else:
        cell = TableCell(valuetype="string") if value else TableCell()
    if value != "":
        cell.addElement(P(text=str(value)))
    return cell
