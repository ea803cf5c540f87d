"""Real files of five programs, one for each layout that branches send; see ``tests/fixtures/make_fixtures.py``.

What a row is stands as one letter a row: T title, H header, N column numbers, b body, u refused row, s sub-total,
t total, S signature, n note, _ blank.
"""

import json
from dataclasses import dataclass, field
from functools import lru_cache

import pytest

from ingest.attribution.decision import attribute
from ingest.attribution.evidence.sources import gather_evidence
from ingest.contracts.forms import load_contracts
from ingest.contracts.reference import load_reference
from ingest.contracts.verdicts import ReasonCode
from ingest.headers.header_words import load_header_words
from ingest.headers.matcher import HeaderMatcher
from ingest.home import PROJECT_ROOT
from ingest.reading.submission import open_sheets
from ingest.rows.kinds import RowKind
from ingest.tables.results import ControlTotal, FoundTable, SheetReading
from ingest.tables.sheet_tables import read_sheet

FIXTURES = PROJECT_ROOT / "tests" / "fixtures"
MATCHER = HeaderMatcher(load_contracts().forms, load_header_words(), load_contracts().choice_lists)
LETTERS = {
    RowKind.TITLE: "T",
    RowKind.HEADER: "H",
    RowKind.COLUMN_NUMBERS: "N",
    RowKind.SUBTOTAL: "s",
    RowKind.TOTAL: "t",
    RowKind.SIGNATURE: "S",
    RowKind.NOTE: "n",
    RowKind.BLANK: "_",
}


@lru_cache(maxsize=128)
def read(path: str) -> tuple[SheetReading, ...]:
    content = (FIXTURES / path).read_bytes()
    return tuple(read_sheet(sheet, MATCHER) for sheet in open_sheets(content))


def rows_of(reading: SheetReading) -> str:
    letters = {
        row: LETTERS[run.kind] for run in reading.structure for row in range(run.first_row, run.last_row + 1)
    }
    letters |= {row: "b" for table in reading.tables for row in table.body.row_numbers}
    letters |= {row.row_number: "u" for table in reading.tables for row in table.unplaced}
    letters |= {row.row_number: "u" for row in reading.unplaced}
    return "".join(letters[row] for row in range(1, reading.rows_seen + 1))


def table_of(path: str, sheet: int = 1, table: int = 1) -> FoundTable:
    return read(path)[sheet - 1].tables[table - 1]


def totals_of(table: FoundTable, name: str) -> list[tuple[int, str, int, int, str]]:
    """Row, kind, first and last row that it sums, and figure of each total of one field."""

    def as_row(total: ControlTotal) -> tuple[int, str, int, int, str]:
        return total.row_number, str(total.kind), total.first_row, total.last_row, total.value

    return [as_row(total) for total in table.control_totals if total.field_name == name]


@dataclass(frozen=True)
class Expected:
    """What one file holds: for each sheet the letters of its rows, and for each table its form and money scale."""

    path: str
    rows: list[str]
    forms: list[str]
    scale: int = 1
    values: dict[str, list[str]] = field(default_factory=dict)


THREE_ROWS_VALUES = {
    "supported_on": ["05/01/2023", "20/02/2023"],
    "beneficiaries": ["20", "22"],
    "beneficiaries_minority": ["8", "9"],
    "amount_vnd": ["40.5", "58"],
    "source": ["xã hội hóa", "quỹ Hội"],
}
AWARD_VALUES = {"awarded_on": ["2023-03-05", "2023-03-06"], "recipient": ["Chi hội Buôn Dhăm", "H'Yi Êban"]}
NAMES = ["H'Yi Êban", "Nguyễn Thị Hoa", "Cao Thị Công", "Y Tổng Niê"]
MILLION = 1_000_000

EXPECTED = [
    *(
        Expected(path, ["TTTTHHHNbbtSSS"], ["support_funds"], MILLION, THREE_ROWS_VALUES)
        for path in (
            "xlsxwriter/header-three-rows-merged.xlsx",
            "openpyxl/header-three-rows-merged.xlsx",
            "xlwt/header-three-rows-merged.xls",
            "odfpy/header-three-rows-merged.ods",
            "libreoffice/header-three-rows-merged.xlsx",
            "libreoffice/header-three-rows-merged.xls",
            "libreoffice/header-three-rows-merged.ods",
            "libreoffice/header-three-rows-merged.csv",
        )
    ),
    *(
        Expected(path, ["TTTTHbb"], ["awards"], values=AWARD_VALUES)
        for path in (
            "xlsxwriter/dates-of-1904.xlsx",
            "openpyxl/dates-of-1904.xlsx",
            "xlwt/dates-of-1904.xls",
            "libreoffice/dates-of-1904.xls",
            "libreoffice/dates-of-1904.ods",
            "odfpy/dates.ods",
        )
    ),
    *(
        Expected(path, ["TTTTHnbnbnbnbn"], ["member_changes"], values={"full_name": NAMES})
        for path in (
            "xlsxwriter/headings-of-villages.xlsx",
            "xlwt/headings-of-villages.xls",
            "odfpy/headings-of-villages.ods",
        )
    ),
    Expected(
        "openpyxl/header-two-rows-merged.xlsx",
        ["TTTTHHbbtSSS"],
        ["clubs"],
        values={"members": ["20", "15"], "members_minority": ["5", "15"], "kind": ["CLB", "tổ"]},
    ),
    *(
        Expected(
            path,
            ["TTTTHHHbb"],
            ["trainings"],
            1000,
            {
                "starts_on": ["01/03/2023", "10/04/2023"],
                "ends_on": ["31/03/2023", "11/04/2023"],
                "trainees": ["30", "40"],
                "trainees_minority": ["28", "12"],
                "trainees_poor": ["5", "0"],
                "cost_vnd": ["12500", "3000"],
            },
        )
        for path in ("xlwt/header-three-rows-two-groups.xls", "odfpy/header-three-rows-two-groups.ods")
    ),
    Expected(
        "xlsxwriter/header-without-merges.xlsx",
        ["TTTTHHHbb", "TTTTHHbb"],
        ["trainings", "movement_activities"],
        values={"trainees_poor": ["5", "0"]},
    ),
    Expected(
        "xlsxwriter/header-one-row-flat.xlsx",
        ["TTTTHbb"],
        ["support_funds"],
        values={"beneficiaries": ["20", "22"], "beneficiaries_minority": ["8", "9"]},
    ),
    Expected(
        "openpyxl/header-flat-with-dashes-and-numbers.xlsx",
        ["TTTTHbb"],
        ["clubs"],
        values={"kind": ["CLB", "tổ"], "members": ["20", "15"], "members_minority": ["5", "15"]},
    ),
    Expected(
        "openpyxl/header-spelled-many-ways.xlsx",
        ["TTTTHHbb"],
        ["member_changes"],
        values={
            "full_name": NAMES[:2],
            "village": ["Buôn Dhăm", "Thôn Nhắc"],
            "education": ["12/12", "9/12"],
            "is_poor_household": ["x", ""],
            "is_near_poor_household": ["", "v"],
            "is_core": ["X", ""],
            "is_party_member": ["✓", ""],
            "citizen_id": ["066190000001", "066185000002"],
            "note": ["", "tạm trú"],
        },
    ),
    Expected("odfpy/header-decomposed-unicode.ods", ["TTTTHbb"], ["awards"]),
    Expected(
        "odfpy/text-without-a-type.ods",
        ["TTTTHbb"],
        ["support_funds"],
        1000,
        {"supported_on": ["05/01/2023", "06/01/2023"], "amount_vnd": ["500", "600"]},
    ),
    Expected(
        "libreoffice/cells-merged-down-rows.ods",
        ["TTTTHbbbt"],
        ["support_funds"],
        1000,
        {"supported_on": ["05/01/2023"] * 3, "kind": ["quà"] * 3, "amount_vnd": ["500", "600", "700"]},
    ),
    Expected(
        "xlwt/header-upper-case-without-merges.xls",
        ["TTTTHHHbt"],
        ["support_funds"],
        MILLION,
        {"beneficiaries_minority": ["8"]},
    ),
    Expected(
        "odfpy/sheets-in-any-order.ods",
        ["TTTTHb", "", "TTTTHbbbb", "TTTTHHbb"],
        ["protection_cases", "member_changes", "clubs"],
        values={"case_type": ["bạo lực gia đình"]},
    ),
    Expected(
        "openpyxl/two-forms-below-each-other.xlsx",
        ["TTTTHbbtSSS_TTHbSSS"],
        ["awards", "protection_cases"],
        values={"recipient": ["Chi hội Buôn Dhăm", "H'Yi Êban"]},
    ),
    Expected("xlsxwriter/two-forms-without-a-gap.xlsx", ["TTTTHbbHb"], ["awards", "protection_cases"]),
    Expected(
        "openpyxl/sub-totals-by-village.xlsx",
        ["TTTTHnbsnbst"],
        ["support_funds"],
        MILLION,
        {"beneficiaries": ["20", "22"]},
    ),
    Expected(
        "xlsxwriter/cong-after-each-group-then-tong-cong.xlsx", ["TTTTHbsbst"], ["support_funds"], MILLION
    ),
    Expected("openpyxl/groups-with-their-figures-above.xlsx", ["TTTTHtsbsb"], ["support_funds"], MILLION),
    Expected("xlwt/total-above-the-rows.xls", ["TTTTHtbbb"], ["support_funds"], MILLION),
    Expected(
        "openpyxl/total-in-words.xlsx",
        ["TTTTHbbbbt", "TTTTHbbbt", "TTTTHHbbtn", "TTTTHbbt"],
        ["member_changes", "member_changes", "clubs", "awards"],
        values={"full_name": NAMES},
    ),
    Expected("openpyxl/total-without-a-label.xlsx", ["TTTTHbbtSSS"], ["support_funds"]),
    *(
        Expected(
            path,
            ["TTTTHbbbb"],
            ["member_changes"],
            values={
                "full_name": NAMES,
                "changed_on": ["05/01/2023", "06/02/2023", "07/02/2023", "08/02/2023"],
            },
        )
        for path in ("xlsxwriter/hidden-rows-and-columns.xlsx", "odfpy/hidden-rows-and-columns.ods")
    ),
    Expected("openpyxl/column-numbers.xlsx", ["TTTTHNb"] * 8, ["support_funds"] * 8),
    Expected("odfpy/header-again-after-page-break.ods", ["TTTTHNbsnHNtbt"], ["support_funds"], MILLION),
    Expected("xlsxwriter/notes-between-title-and-table.xlsx", ["TTTTTTT_Hbbnn"], ["awards"]),
    Expected("xlwt/unit-of-measure-in-the-header.xls", ["TTTTHb"] * 6, ["support_funds"] * 6, MILLION),
    Expected("openpyxl/unit-of-measure-under-the-header.xlsx", ["TTTTHHb"], ["support_funds"], MILLION),
    Expected("openpyxl/unit-of-measure-above-the-table.xlsx", ["TTTTHb"] * 6, ["support_funds"] * 6, MILLION),
    Expected("xlsxwriter/unit-of-measure-in-two-cells.xlsx", ["TTTTHb"], ["support_funds"], MILLION),
    Expected("openpyxl/title-in-one-merged-cell.xlsx", ["T_T_Hb"], ["support_funds"], MILLION),
    Expected(
        "libreoffice/table-far-from-the-corner.ods",
        ["__________TTTT_____HbbtSSS"],
        ["support_funds"],
        MILLION,
        THREE_ROWS_VALUES,
    ),
    Expected("xlsxwriter/total-label-far-to-the-right.xlsx", ["___TTTTHHbbt"], ["clubs"]),
    Expected(
        "openpyxl/signatures-of-many-shapes.xlsx",
        ["TTTTHbbSSS_S", "TTTTHbbSS_S", "TTTTHbbSSSnn", "TTTTHbbSS_b", "TTTTHbbSS"],
        ["awards"] * 5,
    ),
    Expected(
        "xlsxwriter/signature-beside-the-rows.xlsx",
        ["TTTTHbbn"],
        ["awards"],
        values={"recipient": ["Chi hội Buôn Dhăm", "H'Yi Êban"]},
    ),
    Expected(
        "xlwt/nothing-to-report.xls",
        ["TTTTHSSS", *["TTTTHnSSS"] * 2, "TTTTHntSSS", "TTTTHnSSS", "TTTTHnnSSS", "TTTTH___SSS", "TTTTHnSSS"],
        ["awards"] * 8,
    ),
    Expected(
        "xlwt/village-turned-into-a-date.xls",
        ["TTTTHb"],
        ["member_changes"],
        values={"village": ["2023-03-10"]},
    ),
    Expected(
        "openpyxl/blanks-that-are-spaces.xlsx",
        ["TTTTHb_bt"],
        ["awards"],
        values={"awarded_on": ["05/03/2023", ""], "award": ["giấy khen", ""], "granted_by": ["", ""]},
    ),
    Expected(
        "xlsxwriter/cells-merged-over-rows.xlsx",
        ["TTTTHbbb"],
        ["member_changes"],
        values={
            "village": ["Buôn Dhăm"] * 3,
            "changed_on": ["05/01/2023"] * 3,
            "birth": ["1990", "1992", "1993"],
        },
    ),
    Expected("openpyxl/merged-beyond-the-last-column.xlsx", ["TTTTHbb"], ["awards"]),
    Expected(
        "openpyxl/two-title-blocks-without-signatures.xlsx",
        ["TTTTHbb_TTTTHb", "TTTTHbbTTTTHb"],
        ["awards", "support_funds", "awards", "awards"],
    ),
    Expected(
        "xlsxwriter/name-over-two-columns.xlsx",
        ["TTTTHbb"],
        ["member_changes"],
        values={"full_name": ["Nguyễn Thị Hoa", "H'Yi Êban"]},
    ),
    Expected(
        "xlwt/bad-rows-that-are-no-headings.xls", ["TTTTHHnbbbbb", "TTTTHbbb"], ["clubs", "support_funds"]
    ),
    Expected("xlsxwriter/heading-right-under-the-header.xlsx", ["TTTTHnbb"] * 5, ["member_changes"] * 5),
    Expected("xlsxwriter/header-with-a-number-in-it.xlsx", ["TTTTHbb"], ["awards"]),
    *(
        Expected(
            path,
            ["TTTTHHb"],
            ["member_changes"],
            values={"change_type": ["phát triển mới"], "changed_on": ["05/01/2023"]},
        )
        for path in (
            "openpyxl/sub-headers-that-no-form-knows.xlsx",
            "odfpy/sub-headers-that-no-form-knows.ods",
        )
    ),
    Expected("openpyxl/columns-without-a-header.xlsx", ["TTTTHbb"], ["awards"]),
    Expected("xlsxwriter/many-columns-that-no-form-knows.xlsx", ["TTTTHb"], ["awards"]),
    Expected(
        "xlsxwriter/same-form-twice-for-two-villages.xlsx", ["TTTTHbt_THbt"], ["support_funds"] * 2, MILLION
    ),
    Expected(
        "openpyxl/a-required-column-is-missing.xlsx", ["TTTTHuu", "TTTTHb"], ["awards", "protection_cases"]
    ),
]


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda expected: expected.path)
def test_a_real_file_is_understood(expected: Expected):
    readings = read(expected.path)
    tables = [table for reading in readings for table in reading.tables]
    assert [rows_of(reading) for reading in readings] == expected.rows
    assert [table.form.name for table in tables if table.form] == expected.forms
    assert tables[0].money_scale == expected.scale
    assert {name: list(tables[0].body.fields[name]) for name in expected.values} == expected.values


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda expected: expected.path)
def test_unit_and_period_of_a_real_file_come_from_its_title(expected: Expected):
    titles = [title for reading in read(expected.path) for title in reading.titles]
    reference = load_reference()
    decided = attribute(gather_evidence(titles, "tep.xlsx", reference), reference)
    assert (decided.unit_key, decided.period_code, decided.reason) == ("U24565", "2023H1", None)
    assert decided.unit_decided_by is not None
    assert "EA BÔNG" in decided.unit_decided_by.upper()


def test_every_fixture_has_an_expectation():
    drawn = {
        path.relative_to(FIXTURES).as_posix()
        for program in ("xlsxwriter", "openpyxl", "xlwt", "odfpy", "libreoffice")
        for path in (FIXTURES / program).iterdir()
    }
    assert drawn
    assert drawn == {expected.path for expected in EXPECTED}


def test_types_of_cells_are_kept():
    assert table_of("xlsxwriter/dates-of-1904.xlsx").body.cell_types == ["dtttt."] * 2
    assert table_of("xlwt/village-turned-into-a-date.xls").body.cell_types == ["tnt.dtt........"]
    assert table_of("openpyxl/blanks-that-are-spaces.xlsx").body.cell_types == ["tttt..", ".tt..."]


def test_totals_that_close_groups_sum_their_group_and_the_last_one_everything():
    for path, rows in (
        ("xlsxwriter/cong-after-each-group-then-tong-cong.xlsx", [(7, 6, 6), (9, 8, 8), (10, 6, 8)]),
        ("openpyxl/sub-totals-by-village.xlsx", [(8, 7, 7), (11, 10, 10), (12, 7, 10)]),
    ):
        found = totals_of(table_of(path), "amount_vnd")
        assert [(row, first, last) for row, _, first, last, _ in found] == rows
        assert [kind for _, kind, *_ in found] == ["subtotal", "subtotal", "total"]
        assert [value for *_, value in found] == ["40.5", "58", "98.5"]


def test_figures_in_a_heading_sum_the_rows_below_it():
    table = table_of("openpyxl/groups-with-their-figures-above.xlsx")
    assert totals_of(table, "beneficiaries") == [
        (6, "total", 8, 10, "42"),
        (7, "subtotal", 8, 8, "20"),
        (9, "subtotal", 10, 10, "22"),
    ]


def test_a_total_above_the_rows_sums_what_comes_after_it():
    assert totals_of(table_of("xlwt/total-above-the-rows.xls"), "amount_vnd") == [(6, "total", 7, 9, "98.5")]


def test_a_page_total_and_one_carried_forward_sum_the_rows_above_them():
    assert totals_of(table_of("odfpy/header-again-after-page-break.ods"), "beneficiaries") == [
        (8, "subtotal", 7, 7, "20"),
        (12, "total", 7, 7, "20"),
        (14, "total", 7, 13, "42"),
    ]


def test_a_last_row_that_is_the_sum_of_the_others_is_a_total_without_a_label():
    assert totals_of(table_of("openpyxl/total-without-a-label.xlsx"), "amount_vnd") == [
        (8, "total", 6, 7, "98.5")
    ]


def test_the_same_form_twice_keeps_two_totals_and_two_units_of_measure():
    path = "xlsxwriter/same-form-twice-for-two-villages.xlsx"
    first, second = table_of(path, 1, 1), table_of(path, 1, 2)
    assert (first.money_scale, second.money_scale) == (MILLION, 1000)
    assert second.money_scale_decided_by == "cell F9: ĐVT: nghìn đồng"
    assert totals_of(second, "amount_vnd") == [(12, "total", 11, 11, "58000")]


def test_the_cell_that_scales_money_is_named():
    assert (
        table_of("openpyxl/title-in-one-merged-cell.xlsx").money_scale_decided_by
        == "cell A3: (ĐVT: triệu đồng)"
    )
    assert table_of("xlsxwriter/unit-of-measure-in-two-cells.xlsx").money_scale_decided_by == (
        "cell F4: ĐVT: triệu đồng"
    )
    for sheet in read("xlwt/unit-of-measure-in-the-header.xls"):
        assert sheet.tables[0].money_scale_decided_by.startswith("header G: ")


def test_columns_that_no_form_knows_are_kept_with_or_without_a_header():
    unlabelled = table_of("openpyxl/columns-without-a-header.xlsx")
    assert unlabelled.extra_columns == (("H", "Số quyết định"), ("G", "cột G"))
    assert json.loads(unlabelled.body.extra_cells[0] or "{}") == {
        "Số quyết định": "12/QĐ",
        "cột G": "khen đột xuất",
    }
    beside = table_of("xlsxwriter/signature-beside-the-rows.xlsx")
    assert beside.body.extra_cells == [None, '{"cột H": "CHỦ TỊCH"}']
    assert len(table_of("xlsxwriter/many-columns-that-no-form-knows.xlsx").extra_columns) == 6


def test_a_second_title_block_scales_its_own_table():
    first, second = read("openpyxl/two-title-blocks-without-signatures.xlsx")[0].tables
    assert (first.money_scale, second.money_scale) == (1, MILLION)


def test_a_name_over_two_columns_is_one_name_and_no_column_is_left_over():
    assert table_of("xlsxwriter/name-over-two-columns.xlsx").extra_columns == ()


def test_a_missing_column_is_named_and_the_other_sheet_is_read():
    refused, read_well = read("openpyxl/a-required-column-is-missing.xlsx")
    assert refused.reason is not None
    assert refused.reason.code == ReasonCode.MISSING_REQUIRED_COLUMN
    assert "“Hình thức”" in refused.reason.sentence
    assert read_well.reason is None
