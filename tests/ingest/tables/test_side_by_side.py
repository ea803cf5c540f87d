"""Tables side by side on one sheet, and village tables one below the other under one total."""

import pytest

from ingest.contracts.forms import load_contracts
from ingest.headers.header_words import load_header_words
from ingest.headers.matcher import HeaderMatcher
from ingest.rows.kinds import RowKind
from ingest.tables.continued_tables import read_sheets
from ingest.tables.results import SheetReading
from ingest.tables.side_by_side import drawn_on
from ingest.text.cells import Cell
from ingest.workbooks.grids import Sheet

MATCHER = HeaderMatcher(load_contracts().forms, load_header_words(), load_contracts().choice_lists)
GIFTS = ("Ngày", "Hình thức hỗ trợ", "Đối tượng", "Số người hưởng", "Kinh phí")
AWARDS = ("Ngày", "Đối tượng", "Tên tập thể, cá nhân", "Hình thức")
TITLES: list[tuple[Cell, ...]] = [("HỘI LHPN XÃ EA BÔNG",), ("6 tháng đầu năm 2023",)]


def read(*rows: tuple[Cell, ...]) -> list[SheetReading]:
    width = max(map(len, rows))
    return read_sheets([Sheet(1, "S", [[*row, *[""] * (width - len(row))] for row in rows], None)], MATCHER)


def bodies(readings: list[SheetReading]) -> list[tuple[str, list[int], list[str | None]]]:
    return [
        (table.form.name, table.body.row_numbers, list(table.body.fields[table.form.fields[0].name]))
        for reading in readings
        for table in reading.tables
        if table.form and not table.reason
    ]


def test_two_tables_of_one_form_are_two() -> None:
    readings = read(
        *TITLES,
        (*GIFTS, "", *GIFTS),
        ("05/01/2023", "quà", "trẻ em", 10, 3, "", "06/01/2023", "học bổng", "học sinh", 4, 2),
        ("07/01/2023", "quà", "trẻ em", 6, 1, "", "", "", "", "", ""),
    )
    assert bodies(readings) == [
        ("support_funds", [4, 5], ["05/01/2023", "07/01/2023"]),
        ("support_funds", [4], ["06/01/2023"]),
    ]
    assert [(reading.name, drawn_on(reading.number)) for reading in readings] == [
        ("S", 1),
        ("S (bảng từ cột G)", 1),
    ]
    assert readings[1].tables[0].columns["supported_on"] == "G"


def test_three_tables_without_a_blank_column_between_are_three() -> None:
    row = ("05/01/2023", "quà", "trẻ em", 10, 3)
    assert len(bodies(read(*TITLES, (*GIFTS, *GIFTS, *GIFTS), (*row, *row, *row)))) == 3


def test_tables_of_two_forms_whose_headers_stand_in_different_rows_are_two() -> None:
    readings = read(
        *TITLES,
        (*GIFTS, ""),
        ("05/01/2023", "quà", "trẻ em", 10, 3, "", *AWARDS),
        ("", "", "", "", "", "", "08/03/2023", "cá nhân", "Chi hội 1", "giấy khen"),
    )
    assert bodies(readings) == [
        ("support_funds", [4], ["05/01/2023"]),
        ("awards", [5], ["08/03/2023"]),
    ]


def test_tables_that_share_their_day_are_two() -> None:
    readings = read(
        *TITLES,
        ("STT", *GIFTS, *GIFTS[1:]),
        (1, "05/01/2023", "quà", "trẻ em", 10, 3, "học bổng", "học sinh", 4, 2),
        (2, "06/01/2023", "", "", "", "", "quà", "trẻ em", 6, 1),
        (3, "07/01/2023", "quà", "trẻ em", 5, 2, "", "", "", ""),
        ("", "Tổng cộng", "", "", 15, 5, "", "", 10, 3),
    )
    assert bodies(readings) == [
        ("support_funds", [4, 6], ["05/01/2023", "07/01/2023"]),
        ("support_funds", [4, 5], ["05/01/2023", "06/01/2023"]),
    ]
    assert totals(readings) == [(15, 15, RowKind.TOTAL), (10, 10, RowKind.TOTAL)]


@pytest.mark.parametrize(
    "further",
    [
        ("Lũy kế > Số người hưởng", "Lũy kế > Kinh phí"),
        ("Số người hưởng", "Kinh phí"),
        ("Kinh phí",),
    ],
)
def test_figures_that_stand_again_are_of_the_same_row(further: tuple[str, ...]) -> None:
    header = [(*GIFTS, *(text.split(" > ")[0] for text in further))]
    if " > " in further[0]:
        header.append((*[""] * len(GIFTS), *(text.split(" > ")[1] for text in further)))
    readings = read(*TITLES, *header, ("05/01/2023", "quà", "trẻ em", 10, 3, *[30] * len(further)))
    assert [rows for _, rows, _ in bodies(readings)] == [[len(TITLES) + len(header) + 1]]


def test_a_column_that_stands_twice_with_values_is_told() -> None:
    (reading,) = read(
        *TITLES,
        (*GIFTS, "Số tiền", "Ghi chú", "Ghi chú", "Đối tượng"),
        ("05/01/2023", "quà", "trẻ em", 10, 3, 4, "a", "b", ""),
    )
    (table,) = reading.tables
    assert [(finding.finding_kind, finding.field_name) for finding in table.findings] == [
        ("column_twice", "amount_vnd")
    ]
    assert "cột F “Số tiền”" in table.findings[0].message


def test_each_table_has_the_unit_of_money_that_stands_over_it() -> None:
    row = ("05/01/2023", "quà", "trẻ em", 10, 3)
    readings = read(
        *TITLES,
        ("", "", "", "", "ĐVT: triệu đồng", "", "", "", "", "", "ĐVT: đồng"),
        (*GIFTS, "", *GIFTS),
        (*row, "", *row),
    )
    assert [reading.tables[0].money_scale for reading in readings] == [1_000_000, 1]


def test_remarks_beside_a_table_are_no_table() -> None:
    assert len(read(*TITLES, (*GIFTS, "", "Ghi chú"), ("05/01/2023", "quà", "trẻ em", 10, 3, "", "đủ"))) == 1


HEADER: list[tuple[Cell, ...]] = [
    ("STT", "Ngày", "Hình thức hỗ trợ", "Đối tượng", "Số người hưởng", "", "Kinh phí"),
    ("", "", "", "", "Tổng số", "DTTS", ""),
]


def village_tables(title: str = "") -> list[tuple[Cell, ...]]:
    rows: list[tuple[Cell, ...]] = [*TITLES]
    for number, count in (("I", 2), ("II", 4), ("III", 6)):
        rows += [(title,), (f"{number}. CHI HỘI {count}",), *HEADER]
        rows += [
            (1, "05/02/2023", "quà", "trẻ em", count, 0, 100),
            (2, "06/02/2023", "quà", "trẻ em", 1, 0, 200),
        ]
        rows += [("", "Cộng", "", "", count + 1, 0, 300), ("",)]
    rows[-1] = ("", "Tổng cộng", "", "", 15, 0, 900)
    return rows


def totals(readings: list[SheetReading]) -> list[tuple[int, int, RowKind]]:
    """Give figure, sum of the rows that it covers, and kind, of every total of people."""
    found = []
    for reading in readings:
        people = {
            number: int(text or 0)
            for table in reading.tables
            for number, text in zip(table.body.row_numbers, table.body.fields["beneficiaries"], strict=True)
        }
        found += [
            (
                int(total.value),
                sum(n for row, n in people.items() if total.first_row <= row <= total.last_row),
                total.kind,
            )
            for table in reading.tables
            for total in table.control_totals
            if total.field_name == "beneficiaries"
        ]
    return found


def test_village_tables_with_a_header_of_two_rows_each_and_one_total_add_up() -> None:
    assert totals(read(*village_tables())) == [
        (3, 3, RowKind.SUBTOTAL),
        (5, 5, RowKind.SUBTOTAL),
        (7, 7, RowKind.SUBTOTAL),
        (15, 15, RowKind.TOTAL),
    ]


def test_village_tables_with_a_title_each_and_one_total_add_up() -> None:
    readings = read(*village_tables("BIỂU 04: HỖ TRỢ HỘI VIÊN"))
    assert len(readings[0].tables) == 3
    assert [(figure, computed) for figure, computed, _ in totals(readings)] == [
        (3, 3),
        (5, 5),
        (7, 7),
        (15, 15),
    ]
