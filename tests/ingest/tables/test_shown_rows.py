"""A table is read as its reader sees it: merged figures once, hidden rows told, numbers as they are shown."""

import io
from collections.abc import Callable

import pytest
from openpyxl import load_workbook
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from ingest.reading.submission import open_sheets
from ingest.tables.continued_tables import read_sheets
from ingest.tables.results import FoundTable
from tests.ingest.return_files import as_bytes, support_return
from tests.ingest.tables.test_real_files import MATCHER

ROWS = (
    (1, "05/01/2023", "quà", "hội viên khó khăn", 10, 4, 12, "quỹ Hội"),
    (2, "06/01/2023", "quà", "hội viên khó khăn", 5, 1, 3, "quỹ Hội"),
    (3, "07/01/2023", "quà", "trẻ em", 6, 0, 2, "quỹ Hội"),
)


def table_of(
    change: Callable[[Worksheet], object], total: tuple[float, float, float] = (21, 5, 17)
) -> FoundTable:
    content = support_return(rows=ROWS, total=("", "Tổng cộng", "", "", *total, ""))
    workbook = load_workbook(io.BytesIO(content))
    change(workbook["BM04"])
    (sheet,) = read_sheets(open_sheets(as_bytes(workbook)), MATCHER)
    (table,) = sheet.tables
    return table


def column(table: FoundTable, name: str) -> list[str | None]:
    return list(table.body.fields[name])


def letters(table: FoundTable, name: str) -> str:
    assert table.form is not None
    return "".join(types[table.form.field_names.index(name)] for types in table.body.cell_types)


# Merged cells


def test_an_amount_that_is_merged_over_rows_counts_once_and_its_day_in_each():
    def merge(sheet: Worksheet) -> None:
        sheet.merge_cells("B9:B11")
        sheet.merge_cells("G9:G11")
        sheet.merge_cells("H9:H11")

    table = table_of(merge, (21, 5, 12))
    assert column(table, "amount_vnd") == ["12", "0", "0"]
    assert column(table, "supported_on") == ["05/01/2023"] * 3
    assert column(table, "source") == ["quỹ Hội"] * 3


def test_a_merged_figure_that_nobody_typed_is_missing_in_every_row():
    def merge(sheet: Worksheet) -> None:
        sheet.merge_cells("G9:G11")
        sheet["G9"] = None

    assert column(table_of(merge), "amount_vnd") == ["", "", ""]


def test_an_optional_figure_under_a_merged_cell_is_not_reported():
    table = table_of(lambda sheet: sheet.merge_cells("F9:F10"))
    assert column(table, "beneficiaries_minority") == ["4", "", "0"]


def test_a_value_under_a_merged_cell_is_told_and_does_not_count():
    def merge(sheet: Worksheet) -> None:
        sheet.merged_cells.add("G9:G10")  # as LibreOffice does when it keeps the contents
        sheet.merged_cells.add("C9:C10")

    table = table_of(merge, (21, 5, 14))
    assert column(table, "amount_vnd") == ["12", "0", "2"]
    assert [(finding.finding_kind, finding.row_number) for finding in table.findings] == [
        ("value_under_merged_cell", 10)  # but not for C10, which says the same as C9
    ]
    assert "Ô G10" in table.findings[0].message


# Hidden rows and columns


def hide(*rows: int) -> Callable[[Worksheet], None]:
    def change(sheet: Worksheet) -> None:
        for row in rows:
            sheet.row_dimensions[row].hidden = True

    return change


def test_hidden_rows_count_and_are_told():
    table = table_of(hide(9, 11))
    assert column(table, "amount_vnd") == ["12", "3", "2"]
    ((finding),) = table.findings
    assert (finding.finding_kind, finding.row_number) == ("hidden_rows", 9)
    assert "Dòng 9, 11 đang bị ẩn" in finding.message


def test_hidden_rows_that_a_control_total_leaves_out_wait():
    table = table_of(hide(9), (11, 1, 5))
    assert letters(table, "supported_on") == "htt"
    assert letters(table, "amount_vnd") == "hnn"
    assert table.findings == ()


@pytest.mark.parametrize("total", [(21, 5, 17), (11, 5, 5), (100, 5, 100)])
def test_hidden_rows_count_where_the_total_sums_them_or_proves_nothing(total: tuple[float, float, float]):
    # (11, 5, 5) sums what is shown, but for one figure that is the sum of all rows
    table = table_of(hide(9), total)
    assert letters(table, "supported_on") == "ttt"
    assert [finding.finding_kind for finding in table.findings] == ["hidden_rows"]


def test_of_two_columns_with_one_header_the_shown_one_counts():
    def add_hidden_twin(sheet: Worksheet) -> None:
        for row, value in enumerate(("Kinh phí", None, None, None, 120, 30, 20), start=5):
            sheet.cell(row, 9, value)
        sheet["I5"], sheet["G5"] = "Kinh phí", "Kinh phí"
        sheet.column_dimensions["G"].hidden = True

    table = table_of(add_hidden_twin)
    assert column(table, "amount_vnd") == ["120", "30", "20"]
    assert ("G", "Kinh phí (cột ẩn)") in table.extra_columns


def test_of_two_columns_with_one_header_one_of_no_width_does_not_count():
    def add_twin_of_no_width(sheet: Worksheet) -> None:
        for row, value in enumerate(("Kinh phí", None, None, None, 120, 30, 20), start=5):
            sheet.cell(row, 9, value)
        sheet["I5"], sheet["G5"] = "Kinh phí", "Kinh phí"
        sheet.column_dimensions["G"].width = 0.01

    assert column(table_of(add_twin_of_no_width), "amount_vnd") == ["120", "30", "20"]


def test_a_hidden_column_counts_where_it_is_the_only_one_of_its_name():
    def hide_amounts(sheet: Worksheet) -> None:
        sheet.column_dimensions["G"].hidden = True

    assert column(table_of(hide_amounts), "amount_vnd") == ["12", "3", "2"]


# Number formats that divide what is shown


def formatted(code: str, unit: str) -> Callable[[Worksheet], None]:
    def change(sheet: Worksheet) -> None:
        sheet["G4"] = unit
        for row in range(9, 13):
            sheet.cell(row, 7).number_format = code
            sheet.cell(row, 7).value *= 1_000_000

    return change


@pytest.mark.parametrize(
    ("code", "unit", "amounts", "types"),
    [
        ("#,##0.0,,", "ĐVT: triệu đồng", ["12", "3", "2"], "nnn"),
        ("#,##0,", "ĐVT: nghìn đồng", ["12000", "3000", "2000"], "nnn"),
        ("#,##0.0,,", "ĐVT: đồng", ["12000000", "3000000", "2000000"], "nnn"),
        ("#,##0", "ĐVT: triệu đồng", ["12000000", "3000000", "2000000"], "nnn"),
        (
            '#,##0".000"',
            "ĐVT: đồng",
            ["12000000000 (= 12000000)", "3000000000 (= 3000000)", "2000000000 (= 2000000)"],
            "mmm",
        ),
        (";;;", "ĐVT: đồng", ["0 (= 12000000)", "0 (= 3000000)", "0 (= 2000000)"], "mmm"),
        ("#,##0,", "ĐVT: triệu đồng", ["12000 (= 12000000)", "3000 (= 3000000)", "2000 (= 2000000)"], "mmm"),
    ],
)
def test_a_number_that_is_shown_divided_is_what_is_meant(
    code: str, unit: str, amounts: list[str], types: str
):
    table = table_of(formatted(code, unit))
    assert column(table, "amount_vnd") == amounts
    assert letters(table, "amount_vnd") == types
    is_told = ("." not in code and amounts[0] == "12000") or amounts[0] == "12"
    assert [finding.finding_kind for finding in table.findings] == ["number_shown_divided"] * is_told


@pytest.mark.parametrize("code", ["0%", "0.00%", '0.0" "%'])
def test_a_figure_that_is_shown_as_a_percentage_waits(code: str):
    def show(sheet: Worksheet) -> None:
        sheet["E10"].number_format = code

    table = table_of(show)
    assert column(table, "beneficiaries") == ["10", "500 (= 5)", "6"]
    assert letters(table, "beneficiaries") == "nmn"


# Rows that are struck out


def test_a_row_that_is_struck_out_as_a_whole_waits():
    def strike(sheet: Worksheet) -> None:
        for cell in sheet[10]:
            cell.font = Font(strike=True)

    table = table_of(strike)
    assert letters(table, "supported_on") == "tst"
    assert letters(table, "amount_vnd") == "nsn"
    assert column(table, "kind")[1] == "~~quà~~"


def test_a_title_that_is_struck_out_says_nothing():
    def strike(sheet: Worksheet) -> None:
        sheet["G4"].font = Font(strike=True)

    assert table_of(strike).money_scale == 1
    assert table_of(lambda _: None).money_scale == 1_000_000


@pytest.mark.parametrize(
    "header",
    [
        "Kinh phí¹",
        "Kinh phí (*)",
        "Kinh phí⁽¹⁾",
        "Kinh phí (1)",
        "Kinh phí [1]",
        "Kinh phí*",
        "Kinh phí† (triệu đồng)",
    ],
)
def test_the_mark_of_a_note_is_no_part_of_a_header(header: str):
    def rename(sheet: Worksheet) -> None:
        sheet["G5"] = header

    assert column(table_of(rename), "amount_vnd") == ["12", "3", "2"]
