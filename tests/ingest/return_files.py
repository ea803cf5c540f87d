"""Small branch returns, laid out as forms.md draws them, written by openpyxl for the tests of reading."""

import io
import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

SUPPORT_HEADER = (
    ("STT", "Ngày", "Hình thức hỗ trợ", "Đối tượng", "Số người hưởng", "", "Kinh phí", "Nguồn"),
    ("", "", "", "", "Tổng số", "Trong đó", "", ""),
    ("", "", "", "", "", "DTTS", "", ""),
)
SUPPORT_MERGES = ("A5:A7", "B5:B7", "C5:C7", "D5:D7", "E5:F5", "E6:E7", "G5:G7", "H5:H7")
SUPPORT_ROWS = (
    (1, "05/01/2023", "quà", "hội viên khó khăn", 20, 8, 40.5, "xã hội hóa"),
    (2, "ngày 20 tháng 02 năm 2023", "học bổng", "trẻ em", 22, 9, 58, "quỹ Hội"),
)
# what lists that are nobody's return are made of
WORDS_OF_NO_FORM = [
    "thống",
    "kê",
    "danh",
    "sách",
    "hộ",
    "gia",
    "đình",
    "thôn",
    "buôn",
    "xã",
    "diện",
    "tích",
    "sản",
    "lượng",
    "ghi",
    "chú",
    "kinh",
    "phí",
    "nội",
    "dung",
    "công",
    "việc",
]
SUPPORT_TOTAL = ("", "Tổng cộng", "", "", 42, 17, 98.5, "")


def draw_support(
    sheet: Worksheet,
    unit: str = "BCH HỘI LHPN XÃ EA BÔNG",
    period: str = "Kỳ báo cáo: 6 tháng đầu năm 2023",
    rows: Sequence[Sequence[object]] = SUPPORT_ROWS,
    total: Sequence[object] | None = SUPPORT_TOTAL,
) -> Worksheet:
    """Draw Biểu 04 with a title block, a header of three rows, column numbers, a total and signatures."""
    sheet["A1"], sheet["E1"] = "HỘI LHPN HUYỆN KRÔNG ANA", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    sheet["A2"], sheet["E2"] = unit, "Độc lập - Tự do - Hạnh phúc"
    sheet["C3"] = "BIỂU 04: HỖ TRỢ HỘI VIÊN"
    sheet["B4"], sheet["G4"] = period, "ĐVT: triệu đồng"
    for header in SUPPORT_HEADER:
        sheet.append(header)
    for merged in SUPPORT_MERGES:
        sheet.merge_cells(merged)
    sheet.append(list(range(1, 9)))
    for row in rows:
        sheet.append(list(row))
    if total:
        sheet.append(list(total))
    last = sheet.max_row
    sheet.cell(last + 1, 6, "Ea Bông, ngày 10 tháng 6 năm 2023")
    sheet.cell(last + 2, 2, "NGƯỜI LẬP BIỂU")
    sheet.cell(last + 2, 6, "TM. BAN THƯỜNG VỤ")
    sheet.cell(last + 5, 2, "H'Yi Êban")
    sheet.cell(last + 5, 6, "Nguyễn Thị Hoa")
    return sheet


def new_workbook() -> Workbook:
    """Give a workbook without sheets."""
    workbook = Workbook()
    workbook.remove(workbook.active)
    return workbook


def as_bytes(workbook: Workbook) -> bytes:
    """Give a workbook as the content of an xlsx file."""
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()


def support_return(**options: object) -> bytes:
    """Give a return with Biểu 04 alone."""
    workbook = new_workbook()
    draw_support(workbook.create_sheet("BM04"), **options)  # type: ignore[arg-type]
    return as_bytes(workbook)


def write(path: Path, content: bytes) -> Path:
    """Write a file with the folders that it needs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def encode_windows_1258(text: str) -> bytes:
    """Write text as Windows-1258 does: vowels whole, tone marks after them."""
    decomposed = unicodedata.normalize("NFD", text)
    whole_vowels = re.sub(
        "([aeiouAEIOU])([\u0300\u0301\u0303\u0309\u0323]*)([\u0302\u0306\u031b])",
        lambda match: unicodedata.normalize("NFC", match[1] + match[3]) + match[2],
        decomposed,
    )
    return whole_vowels.encode("cp1258")
