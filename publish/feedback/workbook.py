"""One answer as a workbook: the branch's cells with marks, and before them the sheet that lists everything.

Pure: what is to be told and the branch's file in, the bytes of an xlsx file out. A cell is coloured by the worst that is
said of it and carries a comment; what a former answer marked is cleaned first.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from openpyxl import Workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from ingest.tables.side_by_side import drawn_on
from ingest.text.printing import VIETNAM
from publish.feedback.branch_copy import BranchCopy, copy_of, printable, put_text
from publish.feedback.deadline import days_to_correct, send_again_by
from publish.feedback.findings.answer import AnsweredFile, Finding, LoggedRows, Severity, TablePlace
from publish.feedback.list_page import COLOURS, Marked, Request, write_list
from publish.paper import (
    FONT_NAME,
    FONT_SIZE,
    MARGIN_INCHES,
    digits_of,
    row_points,
    set_house_font,
    text_points,
)

COMMENT_AUTHOR = "Phản hồi báo cáo"
_FORMER_AUTHOR = "Góp ý số liệu"
LOG_SHEET = "Hoạt động"
_WORST_FIRST: tuple[Severity, ...] = ("error", "warning", "info")
_CORRECT = (
    "Đề nghị sửa các mục “Phải sửa” (ô tô đỏ), kiểm tra các mục “Đề nghị kiểm tra” (ô tô vàng) rồi gửi lại cả tệp; "
    "báo cáo gửi lại thay báo cáo trước. Trang tính “Phản hồi” có thể để nguyên hoặc xóa đi."
)
_CORRECT_WITHOUT_CELLS = "Đề nghị sửa tệp báo cáo theo cột “Cách sửa” dưới đây rồi gửi lại cả tệp báo cáo; không cần gửi lại phiếu này."
_CORRECT_REFUSED = (
    "Đề nghị sửa các ô tô đỏ theo cột “Cách sửa” dưới đây rồi gửi lại cả tệp. "
    "Trang tính “Phản hồi” có thể để nguyên hoặc xóa đi."
)
_OUR_FAULT = (
    "Đơn vị không phải sửa và chưa phải gửi lại tệp này; đề nghị báo mã lỗi dưới đây cho Hội LHPN cấp trên."
)
_LOST_HERE = "Đề nghị gửi lại tệp này như đã gửi, không phải sửa gì."
_CORRECT_LOG = (
    "Đề nghị sửa các ô tô đỏ ở trang tính “Hoạt động” rồi gửi lại tệp này. Tệp chỉ gồm những dòng cần sửa; "
    "dòng gửi lại thay cho dòng cũ cùng mã hoạt động. Trang tính “Phản hồi” có thể để nguyên hoặc xóa đi."
)
_LOOK = (
    "Số liệu đã được tiếp nhận. Đề nghị xem các mục dưới đây: có chỗ sai thì sửa rồi gửi lại cả tệp, "
    "đúng cả thì không cần gửi lại."
)
_OLD_COMMENT = "\n\nGhi chú của đơn vị: "
_OLD_COMMENTS = re.compile(r"\n\nGhi chú của (?:đơn vị|cơ sở): ")
_COMMENT_WIDTH, _COMMENT_LINE, _LETTERS_A_LINE, _LONGEST_COMMENT = 360, 18, 48, 2_000
_LEAST_LOG_POINTS, _MOST_LOG_POINTS, _ROOM_OF_LOG = 40.0, 110.0, 3.0
_THIN = Side(style="thin", color="BFBFBF")
_GRID = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_CITED_CELL = re.compile(r"ô ([A-Z]{1,3})(\d+)\)? ghi “(.*?)”(?= nhưng|\.|;|$)")


def build_feedback(
    file: AnsweredFile,
    findings: Sequence[Finding],
    content: bytes | LoggedRows | None,
    identifier: str = "",
    answered_on: date | None = None,
) -> bytes:
    """Make the answer to one submission.

    Args:
        file: the submission.
        findings: everything to tell of it, in the order in which it is to be listed.
        content: the branch's own file; of a log, the rows concerned; None when neither can be shown.
        identifier: kept in the properties of the workbook, to know the answer again.
        answered_on: the day of the answer; today in Vietnam when not given.

    Returns:
        The content of an xlsx file.
    """
    if isinstance(content, LoggedRows):
        copy: BranchCopy | None = _log_copy(content)
        findings = [_moved_into_log_copy(finding, content) for finding in findings]
    else:
        copy = copy_of(content, file.tables) if content is not None else None
    if copy is None:
        copy = BranchCopy(Workbook(), {}, {})
        copy.workbook.remove(copy.workbook.active)
        set_house_font(copy.workbook)
    for sheet in copy.sheets.values():
        _clean(sheet)
        sheet.sheet_view.tabSelected = False  # sheets selected together are edited together
    is_log = isinstance(content, LoggedRows)
    tables = (TablePlace(1, 1, 1, 1),) if is_log else file.tables
    for number, sheet in copy.sheets.items():
        _set_up_print(sheet, [table for table in tables if table.sheet_number == number])
    marked = _mark(copy, findings)
    answered_on = answered_on or datetime.now(VIETNAM).date()
    request = Request(
        what=_instruction(file, marked, is_log),
        answered_on=answered_on,
        send_again_by=send_again_by(answered_on, file.due_on, days_to_correct()),
    )
    write_list(copy.workbook, file, marked, request)
    copy.workbook.properties.identifier = identifier or None
    return copy.as_bytes()


def _set_up_print(sheet: Worksheet, tables: Sequence[TablePlace]) -> None:
    """Print a sheet one page wide, its header on each page and comments behind it, where its branch set nothing itself."""
    set_up = sheet.page_setup
    is_fitted = (
        sheet.sheet_properties.pageSetUpPr is not None and sheet.sheet_properties.pageSetUpPr.fitToPage
    )
    set_up.cellComments = "atEnd"
    if set_up.orientation == "landscape" or is_fitted or sheet.print_title_rows or sheet.row_breaks.brk:
        return
    set_up.orientation = "landscape"
    set_up.paperSize = sheet.PAPERSIZE_A4
    set_up.fitToWidth, set_up.fitToHeight = 1, 0
    sheet.page_margins.left = sheet.page_margins.right = MARGIN_INCHES
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    if tables:
        sheet.print_title_rows = f"{tables[0].header_first_row}:{tables[0].header_last_row}"


def _instruction(file: AnsweredFile, marked: Sequence[Marked], is_log: bool) -> str:
    if file.failed_here:
        return _OUR_FAULT
    if file.was_lost_here:
        return _LOST_HERE
    if not any(found.finding.severity == "error" for found in marked):
        return _LOOK
    if is_log:
        return _CORRECT_LOG
    has_cells = any(found.cell is not None for found in marked)
    if file.verdict == "rejected":
        return _CORRECT_REFUSED if has_cells else _CORRECT_WITHOUT_CELLS
    return _CORRECT if has_cells else _CORRECT_WITHOUT_CELLS


def _mark(copy: BranchCopy, findings: Sequence[Finding]) -> list[Marked]:
    """Colour the cells that findings are about and comment them; gives where each finding ended up."""
    marked: list[Marked] = []
    by_cell: defaultdict[tuple[str, str], list[Marked]] = defaultdict(list)
    for finding in findings:
        cells = _cells_of(copy, finding)
        sheet = copy.sheets.get(drawn_on(finding.sheet_number or 0))
        title = cells[0].parent.title if cells else sheet.title if sheet else None
        marked.append(Marked(finding, title, cells[0] if cells else None))
        for cell in cells:
            by_cell[cell.parent.title, cell.coordinate].append(Marked(finding, title, cell))
    for found in by_cell.values():
        if found[0].cell is not None:
            _mark_cell(found[0].cell, [one.finding for one in found])
    return marked


def _cells_of(copy: BranchCopy, finding: Finding) -> list[Cell]:
    """Find the cells that a finding is about; a refused file's sentence may cite some."""
    if finding.sheet_number is None:
        return _cited_cells(copy, finding.wrong)
    sheet = copy.sheets.get(drawn_on(finding.sheet_number))
    if sheet is None or finding.row_number is None:
        return []
    column = (
        column_index_from_string(finding.column)
        if finding.column
        else _first_filled(sheet, finding.row_number)
    )
    return [_anchor(sheet, finding.row_number, column)]


def _cited_cells(copy: BranchCopy, sentence: str) -> list[Cell]:
    cells = []
    for letters, row, text in _CITED_CELL.findall(sentence):
        for sheet in copy.sheets.values():
            cell = sheet.cell(int(row), column_index_from_string(letters))
            if not isinstance(cell, MergedCell) and " ".join(str(cell.value or "").split()) == text:
                cells.append(cell)
    return cells


def _first_filled(sheet: Worksheet, row: int) -> int:
    return next((cell.column for cell in sheet[row] if cell.value not in (None, "")), 1)


def _anchor(sheet: Worksheet, row: int, column: int) -> Cell:
    """Give a cell, or the one that holds the value of the merged range it is in."""
    cell = sheet.cell(row, column)
    if isinstance(cell, MergedCell):
        for merged in sheet.merged_cells.ranges:
            if cell.coordinate in merged:
                return sheet.cell(merged.min_row, merged.min_col)
    return cell


def _mark_cell(cell: Cell, findings: Sequence[Finding]) -> None:
    severity = next(kind for kind in _WORST_FIRST if any(finding.severity == kind for finding in findings))
    cell.fill = PatternFill("solid", fgColor=COLOURS[severity])
    said = dict.fromkeys(f"{finding.wrong}\nCách sửa: {finding.what_to_do}" for finding in findings)
    text = printable("\n\n".join(said))[:_LONGEST_COMMENT]
    if cell.comment is not None and cell.comment.text:
        text += f"{_OLD_COMMENT}{cell.comment.text}"
    lines = sum(1 + len(line) // _LETTERS_A_LINE for line in text.split("\n"))
    cell.comment = Comment(text, COMMENT_AUTHOR, height=_COMMENT_LINE * (lines + 1), width=_COMMENT_WIDTH)
    _show(cell)


def _show(cell: Cell) -> None:
    """Make sure that a marked cell can be seen."""
    sheet: Worksheet = cell.parent
    sheet.sheet_state = Worksheet.SHEETSTATE_VISIBLE
    if cell.row in sheet.row_dimensions:
        sheet.row_dimensions[cell.row].hidden = False
    for dimension in sheet.column_dimensions.values():
        if dimension.hidden and (dimension.min or 0) <= cell.column <= (dimension.max or 0):
            dimension.hidden = False


def _clean(sheet: Worksheet) -> None:
    """Take back what a former answer marked; the colour that a cell had before that is not known any more."""
    for cell in list(sheet._cells.values()):  # iter_rows would make every cell that does not exist
        comment = None if isinstance(cell, MergedCell) else cell.comment
        if comment is not None and comment.author in (COMMENT_AUTHOR, _FORMER_AUTHOR):
            _, *own = _OLD_COMMENTS.split(comment.text, maxsplit=1)
            cell.comment = Comment(own[0], "") if own else None
            cell.fill = PatternFill()


def _log_copy(logged: LoggedRows) -> BranchCopy:
    """Draw the rows concerned as a table, columns as wide as their texts and rows as high."""
    workbook = Workbook()
    set_house_font(workbook)
    sheet = workbook.active
    sheet.title = LOG_SHEET
    lines = [logged.header, *logged.rows.values()]
    widths = [
        _log_width([line[column] or "" for line in lines if column < len(line)])
        for column in range(max(map(len, lines)))
    ]
    for column, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = digits_of(width) + 1
    for row, values in enumerate(lines, start=1):
        for column, value in enumerate(values, start=1):
            if value is not None:
                put_text(sheet.cell(row, column), value)
            sheet.cell(row, column).font = Font(name=FONT_NAME, size=FONT_SIZE, bold=row == 1)
            sheet.cell(row, column).alignment = Alignment(vertical="top", wrap_text=True)
            sheet.cell(row, column).border = _GRID
        texts = [(value or "", width) for value, width in zip(values, widths, strict=False)]
        sheet.row_dimensions[row].height = row_points(texts, is_bold=row == 1) + _ROOM_OF_LOG
    sheet.freeze_panes = "A2"
    return BranchCopy(workbook, {1: sheet}, {})


def _log_width(texts: Sequence[str]) -> float:
    """Give the width of a column of a log, in points: its longest text on one line, or as much as fits beside others."""
    longest = max(text_points(text, is_bold=True) for text in texts)
    return min(max(longest, _LEAST_LOG_POINTS), _MOST_LOG_POINTS)


def _moved_into_log_copy(finding: Finding, logged: LoggedRows) -> Finding:
    """Give a finding the address that its row has among the rows concerned, and name the row of the log."""
    if finding.row_number is None:
        return replace(finding, sheet_number=None)
    wrong = f"Dòng {finding.row_number} của tệp gốc. {finding.wrong}"
    numbers = list(logged.rows)
    if finding.row_number not in logged.rows:
        return replace(finding, row_number=None, column=None, wrong=wrong)
    position = logged.columns.get(finding.field_name or "", 0)
    row_number = numbers.index(finding.row_number) + 2
    return replace(finding, row_number=row_number, column=get_column_letter(position + 1), wrong=wrong)
