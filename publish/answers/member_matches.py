"""The list of members who may be one person, for the office alone.

The models link two rows only where nothing speaks against it; everything else waits here for a person, whose decision is
a row of the seed ``member_match_decisions``. The list holds names and citizen numbers, so it is written beside the working
database, readable by its owner only, and never into the outbox.
"""

import os
from dataclasses import dataclass
from pathlib import Path

import duckdb
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

from ingest.database import open_read_only
from ingest.durable import put_in_place
from ingest.home import WarehouseHome

KINDS_VI = {
    "shared_number": "Một số CCCD ghi cho nhiều người (họ tên hoặc năm sinh khác nhau)",
    "same_village": "Cùng họ tên, năm sinh, chi hội nhưng khác số CCCD, hoặc nơi ghi năm, nơi ghi ngày sinh",
    "other_village": "Cùng họ tên, ngày (năm) sinh trong một đơn vị nhưng khác chi hội",
    "other_unit": "Cùng họ tên, ngày (năm) sinh nhưng ở đơn vị khác",
}
HEADINGS_VI = (
    "Nhóm", "Vì sao cần xem", "Đơn vị", "Chi hội", "Họ và tên", "Ngày/năm sinh", "Số CCCD", "Biến động đầu tiên",
    "Biến động gần nhất", "Số lần biến động", "Mã để ghi quyết định (first_key, second_key)",
)  # fmt: skip
WIDTHS = (7, 48, 24, 22, 28, 14, 16, 16, 16, 10, 70)


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


def _write_workbook(path: Path, found: list[tuple[object, ...]]) -> None:
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = "Hội viên cần đối chiếu"
    sheet.append(HEADINGS_VI)
    numbers: dict[object, int] = {}
    for number, kind, *rest in found:
        sheet.append([numbers.setdefault(number, len(numbers) + 1), KINDS_VI[str(kind)]])
        for column, value in enumerate(rest, start=3):
            cell = sheet.cell(sheet.max_row, column)
            if isinstance(value, str):
                # a name that begins with = stays text
                cell.value, cell.data_type = ILLEGAL_CHARACTERS_RE.sub("", value), "s"
            else:
                cell.value = value
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for column, width in zip(sheet.columns, WIDTHS, strict=True):
        sheet.column_dimensions[column[0].column_letter].width = width
    sheet.freeze_panes = "A2"
    part = path.with_suffix(".part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        workbook.save(file)
    put_in_place(part, path)
