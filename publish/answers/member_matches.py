"""The list of members who may be one person, for the office alone.

The models link two rows only where nothing speaks against it; everything else waits here for a person, who decides in the
list itself; ``member_decisions`` reads that back. The list holds names and citizen numbers, so it is written beside the working
database, readable by its owner only, and never into the outbox.
"""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from ingest.database import open_read_only
from ingest.durable import put_in_place
from ingest.home import WarehouseHome
from ingest.own_commands import typed
from ingest.text.printing import day_vi
from publish.paper import (
    FONT_NAME,
    FONT_SIZE,
    MARGIN_INCHES,
    cell_points,
    row_points,
    set_house_font,
)

KINDS_VI = {
    "shared_number": "Cùng một số CCCD ghi cho nhiều người (họ tên hoặc năm sinh khác nhau)",
    "same_village": "Cùng họ tên, năm sinh, chi hội nhưng khác số CCCD, hoặc một dòng ghi năm sinh, một dòng ghi đủ ngày sinh",
    "other_village": "Cùng họ tên, cùng ngày sinh hoặc năm sinh trong một đơn vị nhưng khác chi hội",
    "other_unit": "Cùng họ tên, cùng ngày sinh hoặc năm sinh nhưng ở đơn vị khác",
}
GROUP_VI, KEY_VI, DECISION_VI, REASON_VI = "Nhóm", "Mã dòng", "Quyết định", "Lý do"
# with the width of each column in digits; together they take A4 landscape in letters of 9 points
COLUMNS = (
    (GROUP_VI, 6),
    ("Vì sao cần xem", 20),
    ("Đơn vị", 12),
    ("Chi hội", 11),
    ("Họ và tên", 17),
    ("Ngày/năm sinh", 10.5),
    ("Số CCCD", 13.5),
    ("Biến động đầu tiên", 10.5),
    ("Biến động gần nhất", 10.5),
    ("Số lần biến động", 7),
    (KEY_VI, 15),
    (DECISION_VI, 13),
    (REASON_VI, 13),
)
SAME_VI, DIFFERENT_VI, PERSON_VI = "cùng một người", "khác người", "người"
HOW_TO_DECIDE = (
    "Trong mỗi nhóm, dòng đầu là người 1. Ở các dòng sau, chọn “cùng một người” nếu là người ở dòng đầu, “khác người” nếu không"
    " trùng với ai trong nhóm; chưa rõ thì để trống.",
    "Nhóm nhiều dòng có thể ghi “người 1”, “người 2”…: các dòng ghi cùng số là cùng một người.",
    "Cột Lý do ghi căn cứ, không ghi họ tên hay số CCCD. Lưu tệp rồi đưa quyết định vào hệ thống: {command}.",
)
_KEY_LETTERS, _KEY_PART = 12, 4
_WHOLE_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_ROOM = 4.0  # points of a row beside its texts
_HOW_WIDTH = 80
_THIN = Side(style="thin", color="808080")
_GRID = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)


class NoMembersError(LookupError):
    """Nothing has been built from which members could be matched."""


@dataclass(frozen=True, slots=True)
class MatchList:
    """The list as it was written; ``matches`` are groups of members who may be one, ``members`` the lines in it."""

    path: Path
    matches: int
    members: int


def write_member_matches(home: WarehouseHome) -> MatchList:
    """Write all undecided matches to a workbook in the private folder of the warehouse.

    Raises:
        NoMembersError: the working database or its list of matches does not exist yet.
    """
    if not home.warehouse.exists():
        raise NoMembersError(home.warehouse)
    with open_read_only(home.warehouse) as connection:
        try:
            found = connection.execute(
                """
                select
                    dense_rank() over (order by match_kind, match_key), match_kind, unit_name, village, full_name, birth,
                    citizen_id, first_changed_on, last_changed_on, change_count, mention_key
                from intermediate.int_member_matches_ambiguous
                order by
                    array_position(['shared_number', 'same_village', 'other_village', 'other_unit'], match_kind),
                    match_key, unit_name, mention_key
                """
            ).fetchall()
        except duckdb.CatalogException as missing:
            raise NoMembersError(home.warehouse) from missing
    home.private.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = home.private / "members_to_match.xlsx"
    _write_workbook(path, found)
    return MatchList(path, len({number for number, *_ in found}), len(found))


def short_key(mention_key: str) -> str:
    """Give the key by which a line is known again: the beginning of the whole one, in parts that stay text anywhere."""
    letters = mention_key[:_KEY_LETTERS]
    return "-".join(letters[start : start + _KEY_PART] for start in range(0, len(letters), _KEY_PART))


def _write_workbook(path: Path, found: list[tuple[object, ...]]) -> None:
    workbook = Workbook()
    set_house_font(workbook)
    sheet = workbook.worksheets[0]
    sheet.title = "Hội viên cần đối chiếu"
    _write_row(sheet, 1, [heading for heading, _ in COLUMNS], is_heading=True)
    numbers: dict[object, int] = {}
    for row, (number, kind, *told) in enumerate(found, start=2):
        is_first = number not in numbers
        *rest, birth, citizen_id, first_on, last_on, count, key = told
        line = [
            numbers.setdefault(number, len(numbers) + 1), KINDS_VI[str(kind)], *rest, _day(birth), citizen_id,
            _day(first_on), _day(last_on), count, short_key(str(key)), f"{PERSON_VI} 1" if is_first else None, None,
        ]  # fmt: skip
        _write_row(sheet, row, line)
    _offer_decisions(sheet, len(found) + 1)
    _set_up_print(sheet)
    _write_how_to_decide(workbook.create_sheet("Cách ghi"))
    part = path.with_suffix(".part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        workbook.save(file)
    put_in_place(part, path)


def _day(told: object) -> object:
    """Write a day as people do; a year alone and what is none stay as they are."""
    if isinstance(told, date):
        return day_vi(told)
    return day_vi(date.fromisoformat(told)) if isinstance(told, str) and _WHOLE_DAY.fullmatch(told) else told


def _write_row(sheet: Worksheet, row: int, line: Sequence[object], *, is_heading: bool = False) -> None:
    for column, value in enumerate(line, start=1):
        cell = sheet.cell(row, column)
        if isinstance(value, str):
            # a name that begins with = stays text
            cell.value, cell.data_type, cell.number_format = ILLEGAL_CHARACTERS_RE.sub("", value), "s", "@"
        else:
            cell.value = value
        cell.font = Font(name=FONT_NAME, size=FONT_SIZE, bold=is_heading)
        is_figure = isinstance(value, int)
        cell.alignment = Alignment(vertical="top", horizontal="center" if is_figure else None, wrap_text=True)
        cell.border = _GRID
        if is_heading:
            cell.fill = PatternFill("solid", fgColor="E7E6E6")
    texts = [(str(value or ""), cell_points(width)) for value, (_, width) in zip(line, COLUMNS, strict=True)]
    sheet.row_dimensions[row].height = row_points(texts, is_bold=is_heading) + _ROOM


def _offer_decisions(sheet: Worksheet, last_row: int) -> None:
    choices = f'"{PERSON_VI} 1,{SAME_VI},{DIFFERENT_VI},{PERSON_VI} 2,{PERSON_VI} 3"'
    rule = DataValidation(type="list", formula1=choices, allow_blank=True, showErrorMessage=False)
    rule.promptTitle, rule.prompt = DECISION_VI, HOW_TO_DECIDE[0]
    rule.showInputMessage = True
    column = get_column_letter([heading for heading, _ in COLUMNS].index(DECISION_VI) + 1)
    rule.add(f"{column}2:{column}{max(2, last_row)}")
    sheet.add_data_validation(rule)


def _set_up_print(sheet: Worksheet) -> None:
    for column, (_, width) in enumerate(COLUMNS, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    _set_up_page(sheet, "landscape")


def _set_up_page(sheet: Worksheet, orientation: str) -> None:
    sheet.page_setup.orientation = orientation
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins.left = sheet.page_margins.right = MARGIN_INCHES
    sheet.oddFooter.right.text = f'&"{FONT_NAME},Regular"&12Trang &P/&N'
    sheet.oddFooter.left.text = f'&"{FONT_NAME},Italic"&12Chỉ dùng tại văn phòng'


def _write_how_to_decide(sheet: Worksheet) -> None:
    sheet.column_dimensions["A"].width = _HOW_WIDTH
    for row, sentence in enumerate(HOW_TO_DECIDE, start=1):
        cell = sheet.cell(row, 1)
        cell.value = sentence.format(command=typed("decide", FILE="…"))
        cell.font = Font(name=FONT_NAME, size=FONT_SIZE)
        cell.alignment = Alignment(vertical="top", wrap_text=True)
        sheet.row_dimensions[row].height = row_points([(str(cell.value), cell_points(_HOW_WIDTH))]) + _ROOM
    _set_up_page(sheet, "portrait")
