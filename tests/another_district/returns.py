"""What the branches of the invented district send: real workbooks, laid out as its province prints the forms.

Written by two programs, as offices have more than one; figures are small enough to be added up by eye.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import xlsxwriter
from openpyxl import Workbook

Row = Sequence[object]
TOWNSHIP, BINH_HOA = "THỊ TRẤN PÁC LŨNG", "XÃ BÌNH HÒA"
PERIOD = "Kỳ báo cáo: 6 tháng đầu năm 2024"


@dataclass(frozen=True)
class Table:
    """One form of a return; ``uom`` is the unit of its money."""

    title: str
    header: Row
    rows: Sequence[Row]
    uom: str = ""

    def grid(self, issuer: str, unit: str) -> list[Row]:
        """The whole sheet, from the letterhead to the signatures."""
        return [
            (issuer, "", "", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
            (f"BCH HỘI LHPN {unit}", "", "", "Độc lập - Tự do - Hạnh phúc"),
            ("", "", self.title.upper()),
            ("", PERIOD, "", self.uom),
            (),
            ("STT", *self.header),
            *((number, *row) for number, row in enumerate(self.rows, start=1)),
            (),
            ("", "NGƯỜI LẬP BIỂU", "", "", "TM. BAN THƯỜNG VỤ"),
        ]


MEMBERS = ("Họ và tên", "Năm sinh", "Dân tộc", "Chi hội", "Loại biến động", "Ngày", "Số CCCD")
CLUBS = ("Tên mô hình, CLB", "Loại", "Phong trào, đề án", "Ngày thành lập", "Tình trạng", "Số thành viên")
SUPPORT = ("Ngày", "Hình thức hỗ trợ", "Đối tượng", "Số người hưởng", "Kinh phí")
ACTIVITIES = ("Ngày", "Phong trào, đề án", "Loại hoạt động", "Địa bàn", "Số người tham gia", "Kết quả", "ĐVT")
AWARDS = ("Ngày", "Số quyết định", "Đối tượng", "Tên tập thể, cá nhân", "Danh hiệu", "Phong trào, chuyên đề")

# In the days of this province a half-year runs from 1 December to 31 May: 14 December belongs to it, 10 June does not.
OF_TOWNSHIP = (
    Table(
        "Biểu 01: Biến động hội viên",
        MEMBERS,
        (
            ("Lò Thị Mai", 1990, "Tày", "Bản Lũng", "phát triển mới", date(2023, 12, 2), "097190000011"),
            ("Nông Thị Hòa", 1985, "Nùng", "Bản Lũng", "phát triển mới", date(2023, 12, 14), "097185000012"),
            (
                "Hoàng Thị Én",
                1979,
                "Tày",
                "Tổ dân phố 1",
                "phát triển mới",
                date(2024, 5, 31),
                "097179000013",
            ),
            ("Triệu Mùi Pham", 1992, "Dao", "Bản Lũng", "phát triển mới", date(2024, 6, 10), "097192000014"),
            ("Vi Thị Sen", 1958, "Tày", "Tổ dân phố 1", "chuyển đi", date(2024, 3, 8), "097158000015"),
        ),
    ),
    Table(
        "Biểu 02: Mô hình, câu lạc bộ",
        CLUBS,
        (
            (
                "CLB Chủ nhật hồng bản Lũng",
                "câu lạc bộ",
                "Chủ nhật hồng",
                date(2024, 3, 3),
                "thành lập mới",
                25,
            ),
            ("Tổ thu gom rác thải nhựa", "tổ", "Chống rác thải nhựa", date(2021, 5, 9), "duy trì", 12),
        ),
    ),
    Table(
        "Biểu 04: Hỗ trợ hội viên",
        SUPPORT,
        ((date(2024, 1, 20), "quà", "hội viên khó khăn", 10, 3000),),
        uom="ĐVT: nghìn đồng",
    ),
    Table(
        "Biểu 05: Hoạt động phong trào",
        ACTIVITIES,
        (
            (date(2024, 3, 3), "Ngày Chủ nhật hồng", "ra quân", "Bản Lũng", 40, "", ""),
            (date(2024, 4, 7), "Ngày Chủ nhật hồng", "ra quân", "Tổ dân phố 1", 30, "", ""),
            (date(2024, 4, 7), "Chống rác thải nhựa", "thu gom", "Tổ dân phố 1", 15, 120.5, "kg"),
        ),
    ),
    Table(
        "Biểu 03-KT: Khen thưởng",
        AWARDS,
        ((date(2024, 3, 8), "15/QĐ-PN", "tập thể", "Chi hội Bản Lũng", "giấy khen", "Ngày Chủ nhật hồng"),),
    ),
)
OF_BINH_HOA = (
    Table(
        "Biểu 01: Biến động hội viên",
        MEMBERS,
        (
            ("Ma Thị Dung", 1994, "Tày", "Bản Chang", "phát triển mới", date(2024, 2, 1), "097194000021"),
            ("Phùng Mùi Nái", 1988, "Dao", "Bản Chang", "phát triển mới", date(2024, 4, 15), "097188000022"),
        ),
    ),
    Table(
        "Biểu 02: Mô hình, câu lạc bộ",
        CLUBS,
        (("CLB Gia đình hạnh phúc", "câu lạc bộ", "Nông thôn mới", date(2024, 5, 2), "thành lập mới", 18),),
    ),
    Table(
        "Biểu 04: Hỗ trợ hội viên",
        SUPPORT,
        ((date(2024, 2, 5), "tiền mặt", "hội viên khó khăn", 4, 2),),
        uom="ĐVT: triệu đồng",
    ),
    Table(
        "Biểu 05: Hoạt động phong trào",
        ACTIVITIES,
        ((date(2024, 5, 5), "CN hồng", "ra quân", "Thôn Khuổi Luông", 22, "", ""),),
    ),
    Table(
        "Biểu 03-KT: Khen thưởng",
        AWARDS,
        ((date(2024, 5, 19), "31/QĐ-PN", "cá nhân", "Ma Thị Dung", "giấy khen", "CN hồng"),),
    ),
)
TARGETS = Table(
    "Chỉ tiêu giao năm 2024",
    ("Năm", "Kỳ", "Đơn vị", "Chỉ tiêu", "Giá trị"),
    (
        (2024, "6 tháng", "Huyện Pác Lũng", "Hội viên mới phát triển", 10),
        (2024, "6 tháng", "Xã Bình Hòa", "Hội viên mới phát triển", 2),
    ),
)
BALANCES = Table(
    "Số hội viên đầu kỳ",
    ("Đơn vị", "Ngày", "Tổng số hội viên"),
    (
        ("TT. Pác Lũng", date(2023, 11, 30), 500),
        ("Xã Bình Hòa", date(2023, 11, 30), 300),
        ("Xã Nà Vài", date(2023, 11, 30), 200),
    ),
)


def write_inbox(inbox: Path) -> None:
    """Fill an inbox with what has come; the days of the files are those on which they were received."""
    district = "HỘI LHPN HUYỆN PÁC LŨNG"
    by_xlsxwriter(inbox / "2024H1/BC 6T dau nam - TT Pac Lung.xlsx", district, TOWNSHIP, OF_TOWNSHIP)
    by_openpyxl(inbox / "2024H1/binh_hoa.xlsx", district, BINH_HOA, OF_BINH_HOA, received=date(2024, 6, 10))
    by_openpyxl(inbox / "chi tieu.xlsx", "HỘI LHPN TỈNH SƠN BIÊN", "TỈNH SƠN BIÊN", (TARGETS, BALANCES))
    # a commune of that name in the district that this warehouse was made for, and one of a neighbour
    by_xlsxwriter(inbox / "lac/bh.xlsx", "HỘI LHPN HUYỆN KRÔNG ANA", BINH_HOA, OF_BINH_HOA)
    by_xlsxwriter(inbox / "lac/nh.xlsx", "HỘI LHPN NÀ HƯƠNG", BINH_HOA, OF_BINH_HOA)


def by_openpyxl(
    path: Path, issuer: str, unit: str, tables: Sequence[Table], received: date = date(2024, 6, 3)
) -> None:
    """Write a return as openpyxl does."""
    workbook = Workbook()
    workbook.remove(workbook.active)
    for table in tables:
        sheet = workbook.create_sheet(table.title.partition(":")[0])
        for row in table.grid(issuer, unit):
            sheet.append([cell if cell != "" else None for cell in row])
    path.parent.mkdir(parents=True, exist_ok=True)
    workbook.save(path)
    _date(path, received)


def by_xlsxwriter(
    path: Path, issuer: str, unit: str, tables: Sequence[Table], received: date = date(2024, 6, 3)
) -> None:
    """Write a return as XlsxWriter does."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(path, {"default_date_format": "dd/mm/yyyy"}) as workbook:
        for table in tables:
            sheet = workbook.add_worksheet(table.title.partition(":")[0])
            for number, row in enumerate(table.grid(issuer, unit)):
                sheet.write_row(number, 0, row)
    _date(path, received)


def _date(path: Path, received: date) -> None:
    instant = datetime(received.year, received.month, received.day, 9).timestamp()
    os.utime(path, (instant, instant))
