"""The tables of the annexes, from what an edition says."""

from collections.abc import Iterator
from decimal import Decimal
from io import BytesIO

import docx
import duckdb
import openpyxl
import pytest
from docx.oxml.ns import qn
from docx.shared import Pt

from publish.paper import LEAST_POINTS
from publish.reports import annexes
from publish.reports.documents.word import render_word
from publish.reports.documents.workbook import render_workbook
from publish.reports.figures.lines import Window
from publish.reports.figures.tables import read_programme_by_half_year_and_unit
from publish.reports.settings import ReportSettings
from publish.reports.written_review import ReviewTable
from tests.publish.reports.made_up import LIMITS, written_review

WINDOW = Window("plastic_waste", "2022H2", "2023H1")
TITLE = "Kết quả từng kỳ báo cáo theo đơn vị"


@pytest.fixture
def edition() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute(
            """
            create schema core; create schema reviews;
            create table core.dim_unit as select * from (values
                ('U1', 'Thị trấn Buôn Trấp', 'town'), ('U2', 'Xã Ea Bông', 'commune'), ('U', 'Huyện Krông Ana', 'district')
            ) as units (unit_key, unit_label, unit_kind);
            create table lines as select *, unit_key = 'U' as is_area_total from (values
                (20, 'Tiền gây quỹ', 'đồng', true, '2022H2', 'U1', 1500000),
                (20, 'Tiền gây quỹ', 'đồng', true, '2023H1', 'U1', null),
                (10, 'Rác thải', 'kg', true, '2023H1', 'U2', 7),
                (10, 'Rác thải', 'kg', true, '2023H1', 'U1', 5),
                (10, 'Rác thải', 'kg', true, '2022H2', 'U2', 0),
                (10, 'Rác thải', 'kg', true, '2023H1', 'U', 12),
                (30, 'Chưa từng có', 'lớp', false, '2023H1', 'U1', null)
            ) as found (sort_order, label_vi, uom, is_applicable, period_code, unit_key, amount);
            create macro reviews.programme_review_over(programme, first_code, last_code) as table
                select lines.*, amount::decimal(20, 3) as value
                from lines
                where programme = 'plastic_waste' and period_code between first_code and last_code;
            """
        )
        yield connection


@pytest.fixture
def table(edition: duckdb.DuckDBPyConnection) -> ReviewTable:
    frame = read_programme_by_half_year_and_unit(edition, WINDOW)
    return annexes.half_years_by_unit_table(frame, TITLE)


def test_a_programme_is_told_by_half_year_and_unit_the_area_last(table: ReviewTable) -> None:
    assert [column.heading for column in table.columns] == [
        *("STT", "Chỉ tiêu thống kê", "ĐVT", "Kỳ"),
        *("Thị trấn Buôn Trấp", "Xã Ea Bông", "Huyện Krông Ana"),
    ]
    assert table.rows == (
        ("1", "Rác thải", "kg", "6T\u00a0cuối\u00a02022", None, Decimal(0), None),
        ("2", "Rác thải", "kg", "6T\u00a0đầu\u00a02023", Decimal(5), Decimal(7), Decimal(12)),
        ("3", "Tiền gây quỹ", "triệu đồng", "6T\u00a0cuối\u00a02022", Decimal("1.5"), None, None),
        ("4", "Tiền gây quỹ", "triệu đồng", "6T\u00a0đầu\u00a02023", None, None, None),
    )


def test_a_long_annex_lies_on_its_side_repeats_its_header_and_is_legible(table: ReviewTable) -> None:
    review = written_review()
    object.__setattr__(review, "tables", (table, LIMITS))
    document = docx.Document(BytesIO(render_word(review, ReportSettings())))
    drawn = next(found for found in document.tables if found.rows[0].cells[-1].text == "Huyện Krông Ana")
    assert drawn.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert document.sections[-1].page_width > document.sections[-1].page_height
    assert document.styles["Chữ trong bảng"].font.size >= Pt(LEAST_POINTS)
    sheet = openpyxl.load_workbook(BytesIO(render_workbook(review, ReportSettings())))["PL1"]
    assert (sheet.page_setup.orientation, sheet.print_title_rows) == ("landscape", "$3:$3")
    assert [cell.value for cell in sheet[5]][3:] == ["6T\u00a0đầu\u00a02023", 5, 7, 12]
