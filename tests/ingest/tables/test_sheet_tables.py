"""Finding tables: layouts that branches draw, and an account of every row."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.contracts.forms import load_contracts
from ingest.contracts.verdicts import ReasonCode
from ingest.headers.header_words import load_header_words
from ingest.headers.matcher import HeaderMatcher
from ingest.rows.kinds import RowKind
from ingest.tables.results import ConservationError, SheetReading
from ingest.tables.sheet_tables import read_sheet
from ingest.text.cells import Cell
from ingest.workbooks.grids import Sheet, read_workbook
from tests.ingest.return_files import SUPPORT_ROWS, SUPPORT_TOTAL, support_return

MATCHER = HeaderMatcher(load_contracts().forms, load_header_words(), load_contracts().choice_lists)


def read_support(**options: object) -> SheetReading:
    return read_sheet(read_workbook(support_return(**options))[0], MATCHER)


def read_grid(*rows: tuple[Cell, ...]) -> SheetReading:
    width = max(len(row) for row in rows)
    return read_sheet(Sheet(1, "S", [[*row, *[""] * (width - len(row))] for row in rows], None), MATCHER)


def kinds(reading: SheetReading) -> dict[int, RowKind]:
    return {row: run.kind for run in reading.structure for row in range(run.first_row, run.last_row + 1)}


def test_a_form_as_it_is_drawn_is_read_whole():
    reading = read_support()
    (table,) = reading.tables
    assert table.form is not None
    assert table.form.name == "support_funds"
    assert table.body.row_numbers == [9, 10]
    assert table.body.fields["beneficiaries_minority"] == ["8", "9"]
    assert table.body.fields["amount_vnd"] == ["40.5", "58"]
    assert table.body.cell_types[0] == "tttnnnt.."
    assert (table.money_scale, table.money_scale_decided_by) == (1_000_000, "cell G4: ĐVT: triệu đồng")
    assert kinds(reading) == {
        **dict.fromkeys(range(1, 5), RowKind.TITLE),
        **dict.fromkeys(range(5, 8), RowKind.HEADER),
        8: RowKind.COLUMN_NUMBERS,
        11: RowKind.TOTAL,
        **dict.fromkeys((12, 13, 16), RowKind.SIGNATURE),
        **dict.fromkeys((14, 15), RowKind.BLANK),
    }


def test_a_control_total_keeps_its_figures_and_the_rows_that_it_sums():
    totals = {total.field_name: total for total in read_support().tables[0].control_totals}
    assert totals["amount_vnd"].value == "98.5"
    assert (totals["amount_vnd"].first_row, totals["amount_vnd"].last_row) == (9, 10)
    assert set(totals) == {"beneficiaries", "beneficiaries_minority", "amount_vnd"}


def test_sub_totals_by_village_cover_their_own_rows_only():
    first, second = SUPPORT_ROWS
    rows = [
        first,
        ("", "Cộng Buôn Dhăm", "", "", 20, 8, 40.5),
        second,
        ("", "Cộng thôn Nhắc", "", "", 22, 9, 58),
    ]
    totals = [t for t in read_support(rows=rows).tables[0].control_totals if t.field_name == "beneficiaries"]
    assert [(t.kind, t.first_row, t.last_row, t.value) for t in totals] == [
        (RowKind.SUBTOTAL, 9, 9, "20"),
        (RowKind.SUBTOTAL, 11, 11, "22"),
        (RowKind.TOTAL, 9, 11, "42"),
    ]


@pytest.mark.parametrize(
    "example",
    [
        ("VD", "05/01/2023", "quà", "hội viên khó khăn", 99, 8, 40.5, ""),
        (1, "VD: 05/01/2023", "quà", "hội viên khó khăn", 99, 8, 40.5, ""),
        (1, "05/01/2023", "quà", "hội viên khó khăn", 99, 8, 40.5, "Ví dụ"),
        (1, "05/01/2023", "quà", "hội viên khó khăn", 99, 8, 40.5, "(dòng mẫu)"),
        (1, "05/01/2023", "quà", "hội viên khó khăn", 99, 8, 40.5, "", "ví dụ"),
    ],
    ids=["first", "after the number", "last", "in brackets", "beyond the table"],
)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_row_called_an_example_at_either_end_is_structure_wherever_it_stands(
    example: tuple[object, ...], place: int
):
    rows = [*SUPPORT_ROWS[:place], example, *SUPPORT_ROWS[place:]]
    reading = read_support(rows=rows)
    assert reading.tables[0].body.fields["beneficiaries"] == ["20", "22"]
    assert kinds(reading)[9 + place] is RowKind.EXAMPLE


def test_a_remark_that_begins_with_an_example_leaves_its_row_a_row():
    remarked = (*SUPPORT_ROWS[0][:7], "VD: áo ấm, chăn")
    assert read_support(rows=[remarked, SUPPORT_ROWS[1]]).tables[0].body.fields["beneficiaries"] == [
        "20",
        "22",
    ]


def test_rows_that_only_carry_a_number_are_blank_and_village_headings_are_notes():
    rows = [("", "Buôn Dhăm"), SUPPORT_ROWS[0], (2,), (3,)]
    reading = read_support(rows=rows)
    assert reading.tables[0].body.row_numbers == [10]
    assert kinds(reading)[9] is RowKind.NOTE
    assert kinds(reading)[11] is kinds(reading)[12] is RowKind.BLANK


def test_a_row_that_lacks_almost_everything_is_still_a_row():
    rows = [*SUPPORT_ROWS, (3, "", "quà", "", "", "", "", "")]
    assert read_support(rows=rows).tables[0].body.row_numbers == [9, 10, 11]


def test_a_date_in_words_does_not_make_a_row_a_signature():
    rows = [(1, "ngày 20 tháng 02 năm 2023", "quà", "", "", "", "", "")]
    assert read_support(rows=rows, total=None).tables[0].body.row_numbers == [9]


def test_the_same_header_again_after_a_page_break_is_structure():
    header = ("STT", "Ngày", "Đối tượng", "Tên tập thể, cá nhân", "Hình thức")
    row = (1, "05/01/2023", "cá nhân", "H'Yi Êban", "giấy khen")
    reading = read_grid(header, row, header, (2, *row[1:]))
    (table,) = reading.tables
    assert table.body.row_numbers == [2, 4]
    assert kinds(reading)[3] is RowKind.HEADER


def test_two_tables_on_one_sheet_are_two_forms():
    reading = read_grid(
        ("BIỂU 06: KHEN THƯỞNG",),
        ("STT", "Ngày", "Đối tượng", "Tên tập thể, cá nhân", "Hình thức"),
        (1, "05/01/2023", "cá nhân", "H'Yi Êban", "giấy khen"),
        ("", "", "", "", ""),
        ("BIỂU 07: VỤ VIỆC BẢO VỆ PHỤ NỮ, TRẺ EM",),
        ("STT", "Ngày", "Loại vụ việc", "Nạn nhân"),
        (1, "06/01/2023", "bạo lực gia đình", "phụ nữ"),
    )
    assert [(t.form.name, t.body.row_numbers) for t in reading.tables if t.form] == [
        ("awards", [3]),
        ("protection_cases", [7]),
    ]
    assert kinds(reading)[5] is RowKind.TITLE


@pytest.mark.parametrize(
    "stated", ["ĐVT: VNĐ 1.000", "ĐVT: 1.000 VND", "(Đơn vị tính: 1000đ)", "ĐVT: nghìn đồng"]
)
def test_thousands_of_dong_are_understood_however_they_are_stated(stated: str):
    (table,) = read_grid(
        ("", stated),
        ("STT", "Ngày", "Hình thức", "Đối tượng", "Số người hưởng", "Kinh phí"),
        (1, "05/01/2023", "quà", "trẻ em", 20, 405),
    ).tables
    assert (table.money_scale, table.body.row_numbers) == (1000, [3])


def money_of(*titles: str, header: str = "Kinh phí") -> tuple[int, str | None]:
    (table,) = read_grid(
        *(("", title) for title in titles),
        ("STT", "Ngày", "Hình thức", "Đối tượng", "Số người hưởng", header),
        (1, "05/01/2023", "quà", "trẻ em", 20, 405),
    ).tables
    assert table.reason is None
    return table.money_scale, table.money_unit_unclear


@pytest.mark.parametrize(
    ("stated", "scale"),
    [
        ("Đơn vị tính: lượt", 1),
        ("ĐVT: USD", 1),
        ("ĐVT: 100.000 đồng", 1),
        ("Đơn vị: trăm nghìn đồng", 1),
        ("ĐVT: trđ/hộ", 1_000_000),
        ("ĐVT: người, nghìn đồng/người", 1000),
    ],
)
def test_a_unit_of_money_that_is_not_understood_is_told_with_its_cell(stated: str, scale: int):
    assert money_of("BIỂU 04: HỖ TRỢ HỘI VIÊN", stated) == (scale, f"ô B2 ghi “{stated}”")


@pytest.mark.parametrize(
    ("header", "scale"),
    [("Kinh phí (trđ/hộ)", 1_000_000), ("Kinh phí (trăm nghìn)", 1), ("Kinh phí (USD)", 1)],
)
def test_a_header_with_a_unit_of_money_that_is_not_understood_is_told(header: str, scale: int):
    assert money_of(header=header) == (scale, f"tiêu đề cột F ghi “{header}”")


@pytest.mark.parametrize(
    "titles",
    [
        (),
        ("ĐVT: kg, người",),
        ("ĐVT: ……",),
        ("Đơn vị: Xã Ea Bông",),
        ("Đơn vị báo cáo: Hội LHPN xã Đồng Tâm",),
    ],
)
def test_a_unit_of_quantities_a_blank_or_a_commune_is_no_unit_of_money(titles: tuple[str, ...]):
    assert money_of(*titles) == (1, None)


@pytest.mark.parametrize(
    ("titles", "header", "scale"),
    [
        (("ĐVT: triệu đồng", "ĐVT: lượt"), "Kinh phí", 1_000_000),
        (("ĐVT: lượt",), "Kinh phí, nghìn đồng", 1000),
        (("ĐVT: người (số tiền: triệu đồng)",), "Kinh phí", 1_000_000),
        (("Đơn vị tính tiền: nghìn đồng",), "Kinh phí", 1000),
        (("Số tiền tính bằng triệu đồng",), "Kinh phí (nếu có)", 1_000_000),
        ((), "Kinh phí (công ty tài trợ)", 1),
    ],
)
def test_a_unit_of_money_that_is_understood_leaves_no_doubt(titles: tuple[str, ...], header: str, scale: int):
    assert money_of(*titles, header=header) == (scale, None)


@pytest.mark.parametrize(
    ("form", "header"),
    [
        ("clubs", "TT|Tên mô hình/CLB|Phân loại|Thuộc phong trào|Thành lập|Tình trạng hoạt động|Thành viên"),
        (
            "awards",
            "TT|Ngày QĐ|Đối tượng khen|Tên tập thể/cá nhân được khen|Hình thức khen thưởng|Cấp khen thưởng",
        ),
        (
            "protection_cases",
            "STT|Ngày xảy ra vụ việc|Loại vụ việc|Đối tượng (PN/TE)|Hình thức can thiệp|Kết quả",
        ),
        ("opening_balances", "TT|Đơn vị|Thời điểm|Tổng số HV|Trong đó: DTTS|HV nòng cốt"),
    ],
)
def test_headers_in_other_words_are_those_of_the_form(form: str, header: str):
    texts = header.split("|")
    (table,) = read_grid(tuple(texts), tuple(f"{text} 1" for text in texts)).tables
    assert table.form is not None
    assert (table.form.name, table.reason, table.extra_columns) == (form, None, ())
    assert len(table.columns) == len(texts) - 1


def test_the_month_above_its_rows_is_a_heading():
    rows = [("", "Tháng 1/2023"), SUPPORT_ROWS[0], ("", "Quý II"), SUPPORT_ROWS[1]]
    reading = read_support(rows=rows)
    assert reading.tables[0].body.row_numbers == [10, 12]
    assert kinds(reading)[9] is kinds(reading)[11] is RowKind.NOTE


def test_a_month_with_figures_of_its_own_is_a_row_and_waits():
    reading = read_support(rows=[SUPPORT_ROWS[0], ("", "Tháng 2", "", "", 22, 9, 58)])
    assert reading.tables[0].body.row_numbers == [9, 10]


def test_the_number_of_a_page_is_no_row():
    rows = [SUPPORT_ROWS[0], ("", "Trang 1/2"), SUPPORT_ROWS[1], ("", "", "", "Trang số 2")]
    reading = read_support(rows=rows)
    assert reading.tables[0].body.row_numbers == [9, 11]
    assert kinds(reading)[10] is kinds(reading)[12] is RowKind.NOTE


def test_headers_without_merged_ranges_are_carried_to_the_right():
    reading = read_grid(
        ("STT", "Ngày", "Hình thức", "Đối tượng", "Số người", "", "Số tiền (nghìn đồng)"),
        ("", "", "", "", "TS", "Trong đó DTTS", ""),
        (1, "05/01/2023", "quà", "trẻ em", 20, 8, 405),
    )
    (table,) = reading.tables
    assert table.reason is None
    assert table.columns["beneficiaries"] == "E"
    assert table.columns["beneficiaries_minority"] == "F"
    assert table.money_scale == 1000


def test_a_column_that_no_form_knows_is_kept():
    reading = read_grid(
        ("Ngày", "Đối tượng", "Tên tập thể, cá nhân", "Hình thức", "Số quyết định"),
        ("05/01/2023", "cá nhân", "H'Yi Êban", "giấy khen", "12/QĐ"),
    )
    (table,) = reading.tables
    assert table.extra_columns == (("E", "Số quyết định"),)
    assert table.body.extra_cells == ['{"Số quyết định": "12/QĐ"}']


def test_a_missing_required_column_refuses_the_form_and_names_the_column():
    reading = read_grid(
        ("STT", "Ngày", "Hình thức hỗ trợ", "Đối tượng", "Số người hưởng", "Nguồn"),
        (1, "05/01/2023", "quà", "trẻ em", 20, "x"),
    )
    (table,) = reading.tables
    assert table.reason is not None
    assert table.reason.code == ReasonCode.MISSING_REQUIRED_COLUMN
    assert "“Kinh phí / Số tiền”" in table.reason.sentence
    assert [row.row_number for row in table.unplaced] == [2]


def test_a_table_that_is_no_form_is_refused_with_all_its_rows():
    reading = read_grid(("a", "b", "c"), (1, 2, 3), (4, 5, 6))
    assert reading.reason is not None
    assert reading.reason.code == ReasonCode.UNKNOWN_TABLE
    assert [row.row_number for row in reading.unplaced] == [1, 2, 3]


def test_a_page_of_text_is_not_a_table():
    reading = read_grid(("HƯỚNG DẪN",), ("Ghi đủ các cột",))
    assert reading.reason is None
    assert reading.rows_seen == 2


def test_a_row_lost_or_doubled_is_noticed():
    reading = read_support()
    with pytest.raises(ConservationError):
        replace(reading, structure=reading.structure[1:]).check_conservation()
    with pytest.raises(ConservationError):
        replace(reading, structure=(*reading.structure, reading.structure[-1])).check_conservation()


_CELLS = st.sampled_from(
    [
        "",
        "",
        "",
        "STT",
        "Ngày",
        "Họ và tên",
        "Kinh phí",
        "Tổng số",
        "Trong đó",
        "DTTS",
        "Cộng",
        "Tổng cộng",
        "Buôn Dhăm",
        "Đối tượng",
        "Hình thức",
        "Tên tập thể, cá nhân",
        "Ea Bông, ngày 10 tháng 6 năm 2023",
        "NGƯỜI LẬP BIỂU",
        " ",
        "…",
        1,
        2,
        3.5,
        True,
        "05/01/2023",
        "quà",
        "giấy khen",
        "cá nhân",
        "ĐVT: triệu đồng",
    ]
)


@settings(max_examples=300, deadline=None)
@given(
    st.integers(1, 7).flatmap(
        lambda width: st.lists(st.lists(_CELLS, min_size=width, max_size=width), max_size=14)
    )
)
def test_whatever_a_sheet_holds_every_row_is_accounted_for(rows: list[list[Cell]]):
    reading = read_sheet(Sheet(1, "S", rows, None), MATCHER)
    assert reading.rows_seen <= len(rows)


def test_total_of_the_drawn_form_is_the_sum_of_its_rows():
    assert SUPPORT_TOTAL[4] == sum(int(str(row[4])) for row in SUPPORT_ROWS)


ACTIVITY_HEADER = ("STT", "Ngày", "Phong trào", "Loại hoạt động", "Kết quả (kg)")
ACTIVITIES = ((1, "05/01/2023", "CRTN", "thu gom", 30), (2, "06/01/2023", "CRTN", "tuyên truyền", ""))


def test_a_unit_in_the_header_of_quantities_is_that_of_every_figure():
    (table,) = read_grid(ACTIVITY_HEADER, *ACTIVITIES).tables
    assert table.body.fields["uom"] == ["kg", ""]
    assert [letters[7] for letters in table.body.cell_types] == ["t", "."]


def test_a_unit_above_a_table_is_that_of_its_quantities_unless_it_is_one_of_money():
    plain = (*ACTIVITY_HEADER[:4], "Kết quả")
    (table,) = read_grid(("", "ĐVT: kg"), plain, *ACTIVITIES).tables
    assert table.body.fields["uom"] == ["kg", ""]
    (table,) = read_grid(("", "ĐVT: triệu đồng"), plain, *ACTIVITIES).tables
    assert "uom" not in table.body.fields


def test_a_unit_in_a_row_of_its_own_wins_over_the_one_in_the_header():
    header = (*ACTIVITY_HEADER[:4], "Số lượng (kg)", "ĐVT")
    first, second = ACTIVITIES
    (table,) = read_grid(header, (*first, "tạ"), (*second[:4], 5, "")).tables
    assert table.body.fields["uom"] == ["tạ", "kg"]


def test_units_in_parentheses_under_a_header_belong_to_it():
    header = ("STT", "Ngày", "Hình thức", "Đối tượng", "Số người hưởng", "Kinh phí")
    units = ("", "", "", "", "(người)", "(triệu đồng)")
    reading = read_grid(header, units, (1, "05/01/2023", "quà", "trẻ em", 2, 5))
    (table,) = reading.tables
    assert (table.money_scale, table.body.row_numbers) == (1_000_000, [3])
    assert table.body.fields["beneficiaries"] == ["2"]


def test_letters_alone_may_number_the_columns():
    header = ("STT", "Ngày", "Đối tượng", "Tên tập thể, cá nhân", "Hình thức")
    award = (1, "05/03/2023", "tập thể", "Chi hội 1", "giấy khen")
    assert kinds(read_grid(header, tuple("ABCDE"), award))[2] is RowKind.COLUMN_NUMBERS
