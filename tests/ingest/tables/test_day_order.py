"""Days written month first: where one is, those that read both ways are marked."""

import io
from datetime import UTC, date, datetime

import pytest
import xlwt

from ingest.contracts.forms import load_contracts
from ingest.contracts.reference import load_reference
from ingest.headers.header_words import load_header_words
from ingest.headers.matcher import HeaderMatcher
from ingest.reading.submission import Arrival, read_submissions
from ingest.tables.results import FoundTable
from tests.ingest.return_files import SUPPORT_ROWS, as_bytes, draw_support, new_workbook, support_return

CONTRACTS = load_contracts()
MATCHER = HeaderMatcher(CONTRACTS.forms, load_header_words(), CONTRACTS.choice_lists)
HEADER = "Ngày,Hình thức hỗ trợ,Đối tượng,Số người hưởng,Kinh phí,Nguồn,Ghi chú"


def table_of(content: bytes, name: str) -> FoundTable:
    arrival = Arrival(name, None, "0" * 64, len(content), datetime(2024, 6, 10, tzinfo=UTC))
    (submission,) = read_submissions(arrival, content, CONTRACTS, MATCHER, load_reference())
    ((table,),) = [sheet.tables for sheet in submission.sheets]
    return table


def test_days_of_a_return_that_read_both_ways_are_marked_beside_one_that_is_month_first() -> None:
    def days(*typed: object) -> str:
        rows = [(number, day, *SUPPORT_ROWS[0][2:]) for number, day in enumerate(typed, start=1)]
        table = table_of(support_return(rows=rows, total=None), "x.xlsx")
        return "".join(types[0] for types in table.body.cell_types)

    true_date = datetime(2023, 10, 2)  # as openpyxl wants it
    assert days("2/15/2023", "3/4/2023", true_date, "15/2/2023", datetime(2023, 2, 15)) == "tuutd"
    assert days("13/2/2023", "3/4/2023", true_date) == "ttd"


@pytest.mark.parametrize(
    ("number_format", "letters"),
    [
        ("m/d/yyyy", "uud"),
        ("[$-409]mm/dd/yyyy;@", "uud"),
        ("dd/mm/yyyy", "dtd"),
        ("mm-dd-yy", "dtd"),
        ("yyyy-mm-dd", "dtd"),
    ],
)
def test_a_cell_formatted_month_first_puts_days_that_read_both_ways_in_doubt(
    number_format: str, letters: str
) -> None:
    workbook = new_workbook()
    days = (datetime(2023, 5, 7), "8/10/2023", datetime(2023, 2, 25))
    rows = [(number, day, *SUPPORT_ROWS[0][2:]) for number, day in enumerate(days, start=1)]
    sheet = draw_support(workbook.create_sheet("BM04"), rows=rows, total=None)
    for row in (9, 11):
        sheet.cell(row, 2).number_format = number_format
    table = table_of(as_bytes(workbook), "x.xlsx")
    assert "".join(types[0] for types in table.body.cell_types) == letters


@pytest.mark.parametrize(
    ("number_format", "letters"), [("M/D/YYYY", "uud"), ("M/D/YY", "dtd"), ("DD/MM/YYYY", "dtd")]
)
def test_the_same_in_an_xls_file(number_format: str, letters: str) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("BM04")
    sheet.write(0, 0, "HỘI LHPN XÃ EA BÔNG")
    sheet.write(1, 0, "6 tháng đầu năm 2023")
    for column, text in enumerate(HEADER.split(",")):
        sheet.write(2, column, text)
    style = xlwt.easyxf(num_format_str=number_format)
    for row, day in enumerate((date(2023, 5, 7), "8/10/2023", date(2023, 2, 25)), start=3):
        sheet.write(row, 0, day, style)
        for column, cell in enumerate(("quà", "trẻ em", 5, 2.5), start=1):
            sheet.write(row, column, cell)
    content = io.BytesIO()
    book.save(content)
    assert "".join(types[0] for types in table_of(content.getvalue(), "x.xls").body.cell_types) == letters
