"""The page of an answer that lists everything: to whom it goes, what became of the file, each thing with what to do.

It is printed: A4 landscape, type that can be read, rows as high as their texts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from ingest.contracts.reference import Unit, load_reference
from ingest.contracts.verdicts import VERDICTS_VI
from ingest.headers.returned_list import LIST_NAME, LIST_TITLE, SUBMISSION_LABEL
from ingest.text.printing import day_vi, format_number, moment_vi
from publish.feedback.branch_copy import put_text, sheet_name
from publish.feedback.findings.answer import AnsweredFile, Finding, Severity
from publish.paper import FONT_NAME, FONT_SIZE

COLOURS: dict[Severity, str] = {"error": "FFC7CE", "warning": "FFEB9C", "info": "DDEBF7"}
SEVERITIES_VI: dict[Severity, str] = {"error": "Phải sửa", "warning": "Đề nghị kiểm tra", "info": "Để biết"}
_REFUSED = "Cả tệp chưa được tiếp nhận, chưa có dòng nào được tổng hợp"
_NOT_YET = "Chưa phải gửi lại."
# letters of the widest digit; together what A4 landscape takes at full size
_COLUMNS = (
    ("STT", 5),
    ("Mức độ", 13),
    ("Trang tính", 15),
    ("Ô", 7),
    ("Nội dung cần kiểm tra", 42),
    ("Cách sửa", 48),
)
_LINE_POINTS = 16.0
_LETTERS_A_WIDTH = 0.95  # of Times New Roman 12, beside a digit of the width that columns are measured in
_MOST_POINTS = 409.0  # what a row can have
_THIN = Side(style="thin", color="BFBFBF")
_GRID = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_WRAPPED = Alignment(vertical="top", wrap_text=True)
_NUMBERED = Alignment(vertical="top", horizontal="center")


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of a branch: what to do, and by which day to send the file again; ``answered_on`` is today."""

    what: str
    answered_on: date
    send_again_by: date


@dataclass(frozen=True, slots=True)
class Marked:
    """A finding with the cell it ended up on, in the answer; None where it has none."""

    finding: Finding
    sheet_title: str | None
    cell: Cell | None


def write_list(workbook: Workbook, file: AnsweredFile, marked: Sequence[Marked], request: Request) -> None:
    """Put the page before all other sheets of an answer."""
    sheet = workbook.create_sheet(sheet_name(LIST_NAME, workbook.sheetnames), 0)
    workbook.active = 0
    put_text(sheet["A1"], LIST_TITLE)
    sheet["A1"].font = _font(bold=True, size=14)
    put_text(sheet["F1"], f"Ngày phản hồi: {day_vi(request.answered_on)}")
    sheet["F1"].font = _font(italic=True)
    sheet["F1"].alignment = Alignment(horizontal="right", vertical="top")
    sheet.row_dimensions[1].height = _LINE_POINTS * 1.5
    row = 2
    for label, text in _header(file, request, marked):
        put_text(sheet.cell(row, 1), label)
        put_text(sheet.cell(row, 3), text)
        sheet.cell(row, 1).font = _font(bold=True)
        sheet.cell(row, 3).font = _font()
        sheet.cell(row, 1).alignment = Alignment(vertical="top")
        sheet.cell(row, 3).alignment = _WRAPPED
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=2)
        sheet.merge_cells(start_row=row, start_column=3, end_row=row, end_column=len(_COLUMNS))
        sheet.row_dimensions[row].height = _height([(text, sum(width for _, width in _COLUMNS[2:]))])
        row += 1
    for asked in (row - 2, row - 1):
        sheet.cell(asked, 3).font = _font(bold=True, color="C00000")
    heading = row + 1
    for column, (title, width) in enumerate(_COLUMNS, start=1):
        cell = sheet.cell(heading, column)
        put_text(cell, title)
        cell.font = _font(bold=True)
        cell.border = _GRID
        cell.fill = PatternFill("solid", fgColor="E7E6E6")
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.row_dimensions[heading].height = _LINE_POINTS * 1.25
    for number, found in enumerate(marked, start=1):
        _write_finding(sheet, heading + number, number, found)
    sheet.freeze_panes = sheet.cell(heading + 1, 1)
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = f"{heading}:{heading}"
    sheet.sheet_view.tabSelected = True


def _header(file: AnsweredFile, request: Request, marked: Sequence[Marked]) -> list[tuple[str, str]]:
    unit = load_reference().units.get(file.unit_key or "")
    lines = [
        *_addressed(unit),
        ("Tệp", file.file_name),
        ("Đơn vị", unit.union_name if unit else _not_of_one(file)),
        ("Kỳ báo cáo", file.period_label or _not_of_one(file)),
        ("Nhận lúc", moment_vi(file.received_at)),
        ("Kết quả", _outcome(file)),
        (SUBMISSION_LABEL, file.submission_id),
        ("Cần làm", request.what),
        ("Hạn gửi lại", _NOT_YET if file.failed_here else _by_when(request, marked)),
    ]
    if file.not_listed:
        lines.insert(-2, ("Lưu ý", f"Còn {file.not_listed} mục nữa không liệt kê ở đây vì quá nhiều."))
    return lines


def _not_of_one(file: AnsweredFile) -> str:
    """Say of a log that its rows say it, of a refused file that nobody knows it."""
    return "chưa xác định" if file.verdict == "rejected" else "ghi theo từng dòng"


def _outcome(file: AnsweredFile) -> str:
    """Say what became of the file; that nothing of a refused one counts is to be seen first."""
    waiting = (
        f"{format_number(file.rows_waiting)} dòng chờ sửa" if file.rows_waiting else "không có dòng chờ sửa"
    )
    if file.verdict == "rejected":
        return f"{_REFUSED}{f'; {waiting}' if file.rows_waiting else ''}."
    verdict = VERDICTS_VI[file.verdict]
    return (
        f"{verdict[:1].upper()}{verdict[1:]}: {format_number(file.rows_taken)} dòng đã tổng hợp, {waiting}."
    )


def _by_when(request: Request, marked: Sequence[Marked]) -> str:
    must_be_sent = any(found.finding.severity == "error" for found in marked)
    return f"{'Hết' if must_be_sent else 'Nếu có sửa: hết'} ngày {day_vi(request.send_again_by)}."


def _write_finding(sheet: Worksheet, row: int, number: int, found: Marked) -> None:
    finding = found.finding
    address = found.cell.coordinate if found.cell is not None else ""
    texts = (
        None,
        SEVERITIES_VI[finding.severity],
        found.sheet_title or "Cả tệp",
        address,
        finding.wrong,
        finding.what_to_do,
    )
    for column, text in enumerate(texts, start=1):
        cell = sheet.cell(row, column)
        if text is None:
            cell.value = number
        else:
            put_text(cell, text)
        cell.font = _font()
        cell.alignment = _NUMBERED if text is None else _WRAPPED
        cell.border = _GRID
    widths = [width for _, width in _COLUMNS]
    sheet.row_dimensions[row].height = _height(
        [(text or "", width) for text, width in zip(texts, widths, strict=True)]
    )
    sheet.cell(row, 2).fill = PatternFill("solid", fgColor=COLOURS[finding.severity])
    if found.cell is not None and found.sheet_title is not None:
        link = sheet.cell(row, 4)
        quoted = found.sheet_title.replace("'", "''")
        link.hyperlink = Hyperlink(ref=link.coordinate, location=f"'{quoted}'!{address}", display=address)
        link.font = _font(color="0563C1", underline="single")


def _addressed(unit: Unit | None) -> list[tuple[str, str]]:
    """Say to whom the answer goes and from whom it comes: the unit's Union and the one above it, where they are known."""
    if unit is None:
        return []
    above = load_reference().units.get(unit.parent_key)
    return [("Kính gửi", unit.union_name), *([("Nơi gửi", above.union_name)] if above else [])]


def _font(**how: object) -> Font:
    return Font(name=FONT_NAME, **{"size": FONT_SIZE, **how})


def _height(texts: Sequence[tuple[str, int]]) -> float:
    """Give the height in points of a row whose texts are wrapped to the widths of their columns."""
    lines = max(
        sum(1 + int(len(line) / (width * _LETTERS_A_WIDTH)) for line in text.split("\n"))
        for text, width in texts
    )
    return min(_LINE_POINTS * lines, _MOST_POINTS)
