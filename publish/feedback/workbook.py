"""One answer as a workbook: the branch's cells with marks, and before them the sheet that lists everything.

Pure: what is to be told and the branch's file in, the bytes of an xlsx file out. A cell is coloured by the worst that is
said of it and carries a comment; what a former answer marked is cleaned first.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from openpyxl import Workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from ingest.headers.returned_list import LIST_NAME, LIST_TITLE, SUBMISSION_LABEL
from ingest.tables.side_by_side import drawn_on
from ingest.text.printing import moment_vi
from publish.feedback.branch_copy import BranchCopy, copy_of, printable, put_text, sheet_name
from publish.feedback.findings.answer import AnsweredFile, Finding, LoggedRows, Severity

COMMENT_AUTHOR = "Phản hồi báo cáo"
_FORMER_AUTHOR = "Góp ý số liệu"
LOG_SHEET = "Hoạt động"
COLOURS: dict[Severity, str] = {"error": "FFC7CE", "warning": "FFEB9C", "info": "DDEBF7"}
SEVERITIES_VI: dict[Severity, str] = {"error": "Phải sửa", "warning": "Đề nghị kiểm tra", "info": "Để biết"}
_WORST_FIRST: tuple[Severity, ...] = ("error", "warning", "info")
_VERDICTS_VI = {
    "accepted": "Đã tiếp nhận",
    "partial": "Tiếp nhận một phần",
    "rejected": "Cả tệp chưa được tiếp nhận",
}
_CORRECT = (
    "Đề nghị sửa các ô tô màu rồi gửi lại cả tệp; báo cáo gửi lại thay báo cáo trước. "
    "Trang tính “Phản hồi” có thể để nguyên hoặc xóa đi."
)
_CORRECT_WITHOUT_CELLS = "Đề nghị sửa tệp báo cáo theo cột “Cách sửa” dưới đây rồi gửi lại cả tệp báo cáo; không cần gửi lại phiếu này."
_CORRECT_LOG = (
    "Đề nghị sửa các ô tô màu ở trang tính “Hoạt động” rồi gửi lại tệp này. Tệp chỉ gồm những dòng cần sửa; "
    "dòng gửi lại thay cho dòng cũ cùng mã hoạt động. Trang tính “Phản hồi” có thể để nguyên hoặc xóa đi."
)
_LOOK = (
    "Số liệu đã được tiếp nhận. Đề nghị xem các mục dưới đây: có chỗ sai thì sửa rồi gửi lại cả tệp, "
    "đúng cả thì không cần gửi lại."
)
_COLUMNS = (
    ("STT", 6),
    ("Mức độ", 14),
    ("Trang tính", 20),
    ("Ô", 10),
    ("Nội dung cần xem", 58),
    ("Cách sửa", 70),
)
_OLD_COMMENT = "\n\nGhi chú của đơn vị: "
_OLD_COMMENTS = re.compile(r"\n\nGhi chú của (?:đơn vị|cơ sở): ")
_COMMENT_WIDTH, _COMMENT_LINE, _LETTERS_A_LINE, _LONGEST_COMMENT = 360, 18, 48, 2_000
_CITED_CELL = re.compile(r"ô ([A-Z]{1,3})(\d+) ghi “(.*?)”(?= nhưng|\.|;|$)")
_THIN = Side(style="thin", color="BFBFBF")
_GRID = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_WRAPPED = Alignment(vertical="top", wrap_text=True)


@dataclass(frozen=True, slots=True)
class _Marked:
    """A finding with the cell it ended up on, in the answer; None where it has none."""

    finding: Finding
    sheet_title: str | None
    cell: Cell | None


def build_feedback(
    file: AnsweredFile, findings: Sequence[Finding], content: bytes | LoggedRows | None, identifier: str = ""
) -> bytes:
    """Make the answer to one submission.

    Args:
        file: the submission.
        findings: everything to tell of it, in the order in which it is to be listed.
        content: the branch's own file; of a log, the rows concerned; None when neither can be shown.
        identifier: kept in the properties of the workbook, to know the answer again.

    Returns:
        The content of an xlsx file.
    """
    if isinstance(content, LoggedRows):
        copy: BranchCopy | None = _log_copy(content)
        findings = [_moved_into_log_copy(finding, content) for finding in findings]
    else:
        copy = copy_of(content, file.tables) if content is not None else None
    has_cells = copy is not None and bool(copy.sheets)
    if copy is None:
        copy = BranchCopy(Workbook(), {}, {})
        copy.workbook.remove(copy.workbook.active)
    for sheet in copy.sheets.values():
        _clean(sheet)
        sheet.sheet_view.tabSelected = False  # sheets selected together are edited together
    marked = _mark(copy, findings)
    instruction = _instruction(findings, has_cells, isinstance(content, LoggedRows))
    _write_list(copy.workbook, file, marked, instruction)
    copy.workbook.properties.identifier = identifier or None
    return copy.as_bytes()


def _instruction(findings: Sequence[Finding], has_cells: bool, is_log: bool) -> str:
    if not any(finding.severity == "error" for finding in findings):
        return _LOOK
    if is_log:
        return _CORRECT_LOG
    return _CORRECT if has_cells else _CORRECT_WITHOUT_CELLS


def _mark(copy: BranchCopy, findings: Sequence[Finding]) -> list[_Marked]:
    """Colour the cells that findings are about and comment them; gives where each finding ended up."""
    marked: list[_Marked] = []
    by_cell: defaultdict[tuple[str, str], list[_Marked]] = defaultdict(list)
    for finding in findings:
        cells = _cells_of(copy, finding)
        sheet = copy.sheets.get(drawn_on(finding.sheet_number or 0))
        title = cells[0].parent.title if cells else sheet.title if sheet else None
        marked.append(_Marked(finding, title, cells[0] if cells else None))
        for cell in cells:
            by_cell[cell.parent.title, cell.coordinate].append(_Marked(finding, title, cell))
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


def _write_list(workbook: Workbook, file: AnsweredFile, marked: Sequence[_Marked], instruction: str) -> None:
    sheet = workbook.create_sheet(sheet_name(LIST_NAME, workbook.sheetnames), 0)
    workbook.active = 0
    put_text(sheet["A1"], LIST_TITLE)
    sheet["A1"].font = Font(bold=True, size=14)
    row = 2
    for label, text in _header(file, instruction):
        put_text(sheet.cell(row, 1), label)
        put_text(sheet.cell(row, 3), text)
        sheet.cell(row, 1).font = Font(bold=True)
        sheet.cell(row, 1).alignment = Alignment(vertical="top")
        sheet.cell(row, 3).alignment = _WRAPPED
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=2)
        sheet.merge_cells(start_row=row, start_column=3, end_row=row, end_column=len(_COLUMNS))
        sheet.row_dimensions[row].height = 16 * (1 + len(text) // 140)
        row += 1
    sheet.cell(row - 1, 3).font = Font(bold=True, color="C00000")
    heading = row + 1
    for column, (title, width) in enumerate(_COLUMNS, start=1):
        cell = sheet.cell(heading, column)
        put_text(cell, title)
        cell.font = Font(bold=True)
        cell.border = _GRID
        cell.fill = PatternFill("solid", fgColor="E7E6E6")
        sheet.column_dimensions[get_column_letter(column)].width = width
    for number, found in enumerate(marked, start=1):
        _write_finding(sheet, heading + number, number, found)
    sheet.freeze_panes = sheet.cell(heading + 1, 1)
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = f"{heading}:{heading}"
    sheet.sheet_view.tabSelected = True


def _header(file: AnsweredFile, instruction: str) -> list[tuple[str, str]]:
    waiting = f"{file.rows_waiting} dòng chờ sửa" if file.rows_waiting else "không dòng nào phải chờ"
    lines = [
        ("Tệp", file.file_name),
        ("Đơn vị", file.unit_name or "chưa xác định"),
        ("Kỳ báo cáo", file.period_label or "chưa xác định"),
        ("Nhận lúc", f"{moment_vi(file.received_at)}"),
        ("Kết quả", f"{_VERDICTS_VI[file.verdict]}: {file.rows_taken} dòng đã tổng hợp, {waiting}."),
        (SUBMISSION_LABEL, file.submission_id),
        ("Cần làm", instruction),
    ]
    if file.not_listed:
        lines.insert(-1, ("Lưu ý", f"Còn {file.not_listed} mục nữa không liệt kê ở đây vì quá nhiều."))
    return lines


def _write_finding(sheet: Worksheet, row: int, number: int, found: _Marked) -> None:
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
        cell.alignment = _WRAPPED
        cell.border = _GRID
    sheet.cell(row, 2).fill = PatternFill("solid", fgColor=COLOURS[finding.severity])
    if found.cell is not None and found.sheet_title is not None:
        link = sheet.cell(row, 4)
        quoted = found.sheet_title.replace("'", "''")
        link.hyperlink = Hyperlink(ref=link.coordinate, location=f"'{quoted}'!{address}", display=address)
        link.font = Font(color="0563C1", underline="single")


def _log_copy(logged: LoggedRows) -> BranchCopy:
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = LOG_SHEET
    for column, title in enumerate(logged.header, start=1):
        put_text(sheet.cell(1, column), title)
        sheet.cell(1, column).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(column)].width = 18
    for row, values in enumerate(logged.rows.values(), start=2):
        for column, value in enumerate(values, start=1):
            if value is not None:
                put_text(sheet.cell(row, column), value)
    sheet.freeze_panes = "A2"
    return BranchCopy(workbook, {1: sheet}, {})


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
