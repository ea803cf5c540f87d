"""A form that goes on on the next sheet without a header: taken on strong evidence, and only then."""

from collections.abc import Sequence

import pytest

from ingest.contracts.forms import load_contracts
from ingest.contracts.verdicts import ReasonCode
from ingest.headers.header_words import load_header_words
from ingest.headers.matcher import HeaderMatcher
from ingest.rows.kinds import RowKind
from ingest.tables.continued_tables import read_sheets
from ingest.tables.results import SheetReading
from ingest.text.cells import Cell
from ingest.workbooks.grids import Sheet

MATCHER = HeaderMatcher(load_contracts().forms, load_header_words(), load_contracts().choice_lists)
HEADER = ("STT", "Ngày", "Hình thức", "Đối tượng", "Số người hưởng", "Kinh phí", "Ghi chú")
Row = tuple[Cell, ...]


def gift(count: Cell, *, kind: str = "quà", note: str = "") -> Row:
    return (count, "05/01/2023", kind, "trẻ em", 20, 405, note)


FIRST_PAGE: tuple[Row, ...] = (
    ("BCH HỘI LHPN XÃ EA BÔNG",),
    ("BIỂU 04: HỖ TRỢ HỘI VIÊN", "", "", "", "ĐVT: nghìn đồng"),
    HEADER,
    gift(1),
    gift(2, note="đợt 1"),
)


def sheet(number: int, rows: Sequence[Row], *, is_hidden: bool = False) -> Sheet:
    width = max(map(len, rows))
    cells: list[list[Cell]] = [[*row, *[""] * (width - len(row))] for row in rows]
    return Sheet(number, f"Trang {number}", cells, None, is_hidden)


def read_pages(*pages: Sequence[Row]) -> list[SheetReading]:
    return read_sheets([sheet(number, page) for number, page in enumerate(pages, start=1)], MATCHER)


def test_rows_whose_numbering_goes_on_belong_to_the_form_of_the_sheet_before():
    second = [gift(3), gift("4."), ("", "Tổng cộng", "", "", 80, 1620), ("", "NGƯỜI LẬP BIỂU")]
    _, reading = read_pages(FIRST_PAGE, second)
    (table,) = reading.tables
    assert table.form is not None
    assert table.form.name == "support_funds"
    assert table.form_decided_by == (
        "tiếp theo biểu ở trang tính “Trang 1”: không có dòng tiêu đề, số thứ tự nối tiếp từ 3"
    )
    assert (table.body.row_numbers, table.body.fields["amount_vnd"]) == ([1, 2], ["405", "405"])
    assert (table.money_scale, table.header_first_row, table.header_last_row) == (1000, 1, 0)
    assert [(run.first_row, run.kind) for run in reading.structure] == [
        (3, RowKind.TOTAL),
        (4, RowKind.SIGNATURE),
    ]
    assert {(total.field_name, total.first_sheet_number) for total in table.control_totals} == {
        ("beneficiaries", 1),
        ("amount_vnd", 1),
    }


def test_one_row_alone_and_a_third_sheet_go_on_too():
    readings = read_pages(FIRST_PAGE, [gift(3)[:6]], [gift(4), gift(5, note="đợt 2")])
    assert [reading.tables[0].body.row_numbers for reading in readings] == [[4, 5], [1], [1, 2]]
    assert "trang tính “Trang 1”" in str(readings[2].tables[0].form_decided_by)


def test_a_total_alone_under_the_header_again_sums_the_sheets_before():
    total_alone = [HEADER, ("", "Tổng cộng", "", "", 40, 810)]
    _, reading = read_pages(FIRST_PAGE, total_alone)
    (table,) = reading.tables
    assert {(total.field_name, total.first_sheet_number) for total in table.control_totals} == {
        ("beneficiaries", 1),
        ("amount_vnd", 1),
    }


def test_a_total_alone_sums_no_row_and_is_kept_so_that_it_can_be_told():
    (reading,) = read_pages([*FIRST_PAGE[:3], ("", "Tổng cộng", "", "", 40, 810)])
    (table,) = reading.tables
    assert [
        (total.field_name, total.value, total.first_row, total.last_row) for total in table.control_totals
    ] == [("beneficiaries", "40", 4, 3), ("amount_vnd", "810", 4, 3)]


def test_without_a_numbering_the_same_columns_go_on_after_a_table_that_nothing_closed():
    unnumbered = [row[1:] for row in (*FIRST_PAGE[2:], gift(3, note="đợt 2"))]
    _, reading = read_pages(unnumbered, [gift(4, note="đợt 3")[1:], gift(5)[1:]])
    assert reading.tables[0].body.row_numbers == [1, 2]
    closed = [*unnumbered, ("Tổng cộng", "", "", 60, 1215)]
    _, reading = read_pages(closed, [gift(4, note="đợt 3")[1:], gift(5)[1:]])
    assert reading.tables == ()


@pytest.mark.parametrize(
    "second",
    [
        [gift(1), gift(2)],
        [gift(4), gift(5)],
        [("DANH SÁCH BỔ SUNG",), gift(3), gift(4)],
        [gift(3, kind="Nguyễn Thị Hoa"), gift(4, kind="Lê Thị Sáu")],
        [(*gift(3), "cột thừa"), gift(4)],
        [(3, "quà", "trẻ em", "05/01/2023", 20, 405), (4, "quà", "trẻ em", "05/01/2023", 20, 405)],
        [(3, "05/01/2023", "quà", "trẻ em", 20, ""), gift(4)],
    ],
    ids=["counted anew", "a gap", "a title", "names", "one column more", "another order", "no amount"],
)
def test_what_does_not_fit_in_everything_stays_a_table_of_no_form(second: list[Row]):
    _, reading = read_pages(FIRST_PAGE, second)
    assert reading.tables == ()
    assert reading.reason is not None
    assert reading.reason.code is ReasonCode.UNKNOWN_TABLE


def test_only_the_next_sheet_that_is_shown_goes_on():
    rest = [gift(3), gift(4)]
    _, hidden = read_sheets([sheet(1, FIRST_PAGE), sheet(2, rest, is_hidden=True)], MATCHER)
    _, _, after_notes = read_pages(FIRST_PAGE, [("Kính gửi Hội cấp trên",)], rest)
    (alone,) = read_pages(rest)
    assert hidden.tables == after_notes.tables == alone.tables == ()


def test_a_refused_table_has_nothing_to_go_on():
    without_amount = [HEADER[:5], gift(1)[:5], gift(2)[:5]]
    first, second = read_pages(without_amount, [gift(3)[:5], gift(4)[:5]])
    assert first.tables[0].reason is not None
    assert second.tables == ()
