"""Several units in one file: a sheet counts for the unit of its title block, and a row that names another one waits."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from ingest.contracts.forms import load_contracts
from ingest.contracts.reference import load_reference
from ingest.contracts.verdicts import ReasonCode
from ingest.database import open_warehouse
from ingest.headers.header_words import load_header_words
from ingest.headers.matcher import HeaderMatcher
from ingest.home import WarehouseHome
from ingest.loading.load import load_inbox
from ingest.reading.submission import Arrival, read_submissions
from tests.ingest.return_files import (
    SUPPORT_ROWS,
    as_bytes,
    draw_support,
    new_workbook,
    support_return,
    write,
)

NOW = datetime(2026, 1, 10, 3, 0, tzinfo=UTC)
OTHER_ROW = (1, "06/03/2023", "quà", "trẻ em", 5, 1, 2.5, "quỹ Hội")


@pytest.fixture
def home(tmp_path: Path) -> WarehouseHome:
    home = WarehouseHome(tmp_path)
    home.prepare()
    return home


def received(home: WarehouseHome) -> list[tuple[object, ...]]:
    with open_warehouse(home) as connection:
        return connection.execute(
            """
            select unit_key, submissions.verdict, submissions.reason_code, list(sheet_name order by sheet_number), sum(body.n)::int
            from raw.submissions
            join raw.sheets using (submission_id)
            left join (
                select submission_id, sheet_number, count(*) as n from raw.support_funds group by all
            ) as body using (submission_id, sheet_number)
            group by all
            order by unit_key nulls last
            """
        ).fetchall()


def of_the_district() -> Workbook:
    workbook = new_workbook()
    workbook.create_sheet("Bìa")["A1"] = "HỘI LHPN HUYỆN KRÔNG ANA"
    draw_support(workbook.create_sheet("Ea Bông"))
    draw_support(workbook.create_sheet("Ea Na"), unit="BCH HỘI LHPN XÃ EA NA", rows=[OTHER_ROW], total=None)
    return workbook


def test_each_sheet_counts_for_the_unit_of_its_title(home: WarehouseHome):
    write(home.inbox / "2023H1" / "toan huyen.xlsx", as_bytes(of_the_district()))
    report = load_inbox(home, NOW)
    assert received(home) == [
        ("U24559", "accepted", None, ["Ea Na"], 1),
        ("U24565", "accepted", None, ["Bìa", "Ea Bông"], len(SUPPORT_ROWS)),
    ]
    assert report.rows_seen == report.rows_loaded + report.rows_unplaced + report.rows_structure
    assert report.returns == ("U24559|2023H1", "U24565|2023H1")


def test_equal_tables_of_two_units_are_no_copies(home: WarehouseHome):
    workbook = new_workbook()
    draw_support(workbook.create_sheet("Ea Bông"), rows=[OTHER_ROW], total=None)
    draw_support(workbook.create_sheet("Ea Na"), unit="BCH HỘI LHPN XÃ EA NA", rows=[OTHER_ROW], total=None)
    write(home.inbox / "2023H1" / "toan huyen.xlsx", as_bytes(workbook))
    load_inbox(home, NOW)
    assert [row[:2] for row in received(home)] == [("U24559", "accepted"), ("U24565", "accepted")]


def test_a_sheet_of_another_district_is_refused_and_the_others_count(home: WarehouseHome):
    workbook = of_the_district()
    draw_support(
        workbook.create_sheet("Krông Năng"), unit="HỘI LHPN HUYỆN KRÔNG NĂNG", rows=[OTHER_ROW], total=None
    )
    write(home.inbox / "2023H1" / "tong hop.xlsx", as_bytes(workbook))
    load_inbox(home, NOW)
    assert [row[:4] for row in received(home)] == [
        ("U24559", "accepted", None, ["Ea Na"]),
        ("U24565", "accepted", None, ["Bìa", "Ea Bông"]),
        (None, "rejected", ReasonCode.UNIT_ELSEWHERE, ["Krông Năng"]),
    ]


def test_a_sheet_that_names_nobody_among_those_of_several_units_is_refused(home: WarehouseHome):
    workbook = of_the_district()
    draw_support(workbook.create_sheet("BM04"), unit="", rows=[OTHER_ROW], total=None)
    write(home.inbox / "2023H1" / "tong hop.xlsx", as_bytes(workbook))
    load_inbox(home, NOW)
    assert [row[:4] for row in received(home)][-1] == (None, "rejected", ReasonCode.UNIT_UNKNOWN, ["BM04"])


def test_in_the_folder_of_one_unit_the_sheet_of_another_is_refused(home: WarehouseHome):
    write(home.inbox / "2023H1" / "Xã Ea Bông" / "BM04.xlsx", as_bytes(of_the_district()))
    load_inbox(home, NOW)
    assert [row[:3] for row in received(home)] == [
        ("U24565", "accepted", None),
        (None, "rejected", ReasonCode.UNIT_CONTRADICTED),
    ]


def test_communes_that_merge_later_are_told_apart(home: WarehouseHome):
    workbook = new_workbook()
    for name in ("EA BÔNG", "EA NA"):
        draw_support(
            workbook.create_sheet(name),
            unit=f"HỘI LHPN XÃ {name}",
            period="6 tháng đầu năm 2025",
            rows=[OTHER_ROW],
            total=None,
        )
    write(home.inbox / "toan huyen.xlsx", as_bytes(workbook))
    load_inbox(home, NOW)
    assert [row[:4] for row in received(home)] == [
        ("U24559", "accepted", None, ["EA NA"]),
        ("U24565", "accepted", None, ["EA BÔNG"]),
    ]


HEADER = ("STT", "Đơn vị", "Ngày", "Hình thức hỗ trợ", "Đối tượng", "Số người hưởng", "Kinh phí")


def told(home: WarehouseHome) -> list[tuple[object, ...]]:
    with open_warehouse(home) as connection:
        return connection.execute(
            "select row_number, reason_code, regexp_extract(reason_vi, 'ô .*?”[^“]*“.*?”|ô [^.]*') "
            "from raw.unplaced_rows order by all"
        ).fetchall()


def with_a_column_of_units(units: list[str], merged: str = "", header: str = "Đơn vị") -> bytes:
    workbook = new_workbook()
    sheet = workbook.create_sheet("Câu trả lời")
    sheet.append(["BCH HỘI LHPN XÃ EA BÔNG"])
    sheet.append(["6 tháng đầu năm 2023"])
    sheet.append([header if text == "Đơn vị" else text for text in HEADER])
    for number, unit in enumerate(units, start=1):
        sheet.append([number, unit, "06/03/2023", "quà", "trẻ em", 5, 2500000])
    if merged:
        sheet.merge_cells(merged)
    return as_bytes(workbook)


def test_rows_that_name_another_unit_in_a_column_wait(home: WarehouseHome):
    units = [
        "Xã Ea Bông",
        "Xã Ea Na",
        "EABÔNG",
        "Buôn Ea Na",
        "",
        "Hội LHPN thị trấn Buôn Trấp",
        "Xã Ea Tu",
        "24577",
    ]
    write(home.inbox / "x.xlsx", with_a_column_of_units(units))
    load_inbox(home, NOW)
    assert received(home)[0][-1] == 4
    assert told(home) == [
        (5, ReasonCode.ROW_OF_ANOTHER_UNIT, "ô B5 (cột “Đơn vị”) ghi “Xã Ea Na”"),
        (9, ReasonCode.ROW_OF_ANOTHER_UNIT, "ô B9 (cột “Đơn vị”) ghi “Hội LHPN thị trấn Buôn Trấp”"),
        (10, ReasonCode.ROW_OF_ANOTHER_UNIT, "ô B10 (cột “Đơn vị”) ghi “Xã Ea Tu”"),
        (11, ReasonCode.ROW_OF_ANOTHER_UNIT, "ô B11 (cột “Đơn vị”) ghi “24577”"),
    ]


@pytest.mark.parametrize(
    ("header", "units", "waiting"),
    [
        ("Chị thuộc xã nào?", ["Xã Ea Bông", "Xã Ea Na"], 1),
        ("Chị thuộc xã nào?", ["Thôn 1", "Xã Ea Na"], 0),
        ("Nơi chuyển đến", ["Xã Ea Bông", "Xã Ea Na"], 0),
        ("Đơn vị phối hợp", ["Xã Ea Bông", "Xã Ea Na"], 0),
    ],
)
def test_a_column_that_holds_units_alone_names_them_whatever_heads_it(
    header: str, units: list[str], waiting: int
):
    content = with_a_column_of_units(units, header=header)
    contracts = load_contracts()
    matcher = HeaderMatcher(contracts.forms, load_header_words(), contracts.choice_lists)
    (submission,) = read_submissions(
        Arrival("x.xlsx", None, "0" * 64, 1, NOW), content, contracts, matcher, load_reference()
    )
    assert len(submission.sheets[0].tables[0].unplaced) == waiting


def test_a_unit_that_is_merged_over_rows_is_that_of_each(home: WarehouseHome):
    write(home.inbox / "x.xlsx", with_a_column_of_units(["Ea Na", "", "Ea Bông"], merged="B4:B5"))
    load_inbox(home, NOW)
    assert [row[0] for row in told(home)] == [4, 5]


def test_rows_under_the_heading_of_another_unit_wait(home: WarehouseHome):
    workbook = new_workbook()
    rows = [("II. XÃ EA NA",), OTHER_ROW, ("III. XÃ EA BÔNG",), OTHER_ROW]
    draw_support(workbook.create_sheet("BM04"), rows=[*SUPPORT_ROWS, *rows])
    write(home.inbox / "x.xlsx", as_bytes(workbook))
    load_inbox(home, NOW)
    assert received(home)[0][-1] == len(SUPPORT_ROWS) + 1
    assert [row[0] for row in told(home)] == [12]
    with open_warehouse(home) as connection:
        assert connection.execute("from raw.control_totals").fetchall() == []


@pytest.mark.parametrize("figures", [(), ("", "", 5, 2, 3)])
@pytest.mark.parametrize("mark", ["II", "2", 2, "b", "B.", "-", ""])
def test_the_heading_of_another_unit_may_stand_behind_its_mark(mark: object, figures: tuple[object, ...]):
    rows = [
        (mark, "Hội LHPN xã Ea Na", *figures),
        ("", "Thôn 1"),
        OTHER_ROW,
        (mark, "Hội LHPN xã Ea Bông", *figures),
        OTHER_ROW,
    ]
    content = support_return(rows=[*SUPPORT_ROWS, *rows], total=None)
    contracts = load_contracts()
    matcher = HeaderMatcher(contracts.forms, load_header_words(), contracts.choice_lists)
    (submission,) = read_submissions(
        Arrival("x.xlsx", None, "0" * 64, 1, NOW), content, contracts, matcher, load_reference()
    )
    (table,) = submission.sheets[0].tables
    kinds = zip(table.body.row_numbers, table.body.fields["kind"], strict=True)
    assert [number for number, kind in kinds if kind] == [9, 10, 15]
    waiting = {row.row_number: row.reason for row in table.unplaced}
    assert waiting[13] is not None
    assert waiting[13].code is ReasonCode.ROW_OF_ANOTHER_UNIT
    assert "ô B11 ghi “Hội LHPN xã Ea Na”" in waiting[13].sentence


def targets(header: str, title: str = "CHỈ TIÊU GIAO NĂM 2026") -> bytes:
    workbook = new_workbook()
    sheet = workbook.create_sheet("CT")
    sheet.append([title])
    sheet.append(["Năm", "Kỳ", header, "Chỉ tiêu", "Giá trị"])
    for unit, target in (("Xã Krông Ana", 28), ("Xã Ea Na", 30)):
        sheet.append([2026, "6 tháng", unit if header else None, "Hội viên mới phát triển", target])
    return as_bytes(workbook)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("chi tieu.xlsx", targets("Nơi nhận chỉ tiêu")),
        ("chi tieu.xlsx", targets("", "CHỈ TIÊU GIAO XÃ EA NA NĂM 2026")),
        ("chi tieu Ea Na.xlsx", targets("")),
    ],
)
def test_targets_of_communes_whose_column_is_not_understood_are_refused(name: str, content: bytes):
    arrival = Arrival(name, None, "0" * 64, len(content), NOW)
    contracts = load_contracts()
    matcher = HeaderMatcher(contracts.forms, load_header_words(), contracts.choice_lists)
    (submission,) = read_submissions(arrival, content, contracts, matcher, load_reference())
    assert submission.verdict == "rejected"
    assert submission.reason is not None
    assert "“Đơn vị”" in submission.reason.sentence


@pytest.mark.parametrize("header", ["", "Đơn vị"])
def test_targets_of_the_district_and_of_named_units_are_taken(header: str):
    contracts = load_contracts()
    matcher = HeaderMatcher(contracts.forms, load_header_words(), contracts.choice_lists)
    arrival = Arrival("chi tieu.xlsx", None, "0" * 64, 1, NOW)
    (submission,) = read_submissions(arrival, targets(header), contracts, matcher, load_reference())
    assert submission.verdict == "accepted"


def test_a_target_without_a_unit_below_one_of_a_commune_waits_and_is_not_the_districts():
    workbook = new_workbook()
    sheet = workbook.create_sheet("CT")
    sheet.append(["Năm", "Kỳ", "Đơn vị", "Chỉ tiêu", "Giá trị"])
    for unit in (None, "Huyện Krông Ana", None, "Xã Ea Na", None, "Xã Ea Bông", "-"):
        sheet.append([2023, "6 tháng", unit, "Hội viên mới phát triển", 28])
    contracts = load_contracts()
    matcher = HeaderMatcher(contracts.forms, load_header_words(), contracts.choice_lists)
    arrival = Arrival("chi tieu.xlsx", None, "0" * 64, 1, NOW)
    (submission,) = read_submissions(arrival, as_bytes(workbook), contracts, matcher, load_reference())
    ((table,),) = (sheet.tables for sheet in submission.sheets)
    assert table.body.row_numbers == [2, 3, 4, 5, 7]
    assert {row.row_number: row.reason and row.reason.code for row in table.unplaced} == dict.fromkeys(
        (6, 8), ReasonCode.UNIT_LEFT_BLANK
    )


def test_a_target_that_waits_is_kept_where_its_file_is_refused(home: WarehouseHome):
    workbook = new_workbook()
    sheet = workbook.create_sheet("CT")
    sheet.append(["HỘI LHPN HUYỆN KRÔNG NĂNG"])
    sheet.append(["Năm", "Kỳ", "Đơn vị", "Chỉ tiêu", "Giá trị"])
    for unit in ("Xã Ea Na", None):
        sheet.append([2023, "6 tháng", unit, "Hội viên mới phát triển", 28])
    write(home.inbox / "chi tieu.xlsx", as_bytes(workbook))
    report = load_inbox(home, NOW)
    assert (report.verdicts, report.rows_unplaced) == ({"rejected": 1}, 2)
    assert [row[:2] for row in told(home)] == [(3, ReasonCode.FILE_REFUSED), (4, ReasonCode.UNIT_LEFT_BLANK)]


def test_a_unit_merged_over_the_rows_of_its_targets_holds_for_all_of_them():
    workbook = new_workbook()
    sheet = workbook.create_sheet("CT")
    sheet.append(["Năm", "Kỳ", "Đơn vị", "Chỉ tiêu", "Giá trị"])
    for unit, target in (("Xã Ea Na", 28), (None, 30)):
        sheet.append([2023, "6 tháng", unit, "Hội viên mới phát triển", target])
    sheet.merge_cells("C2:C3")
    contracts = load_contracts()
    matcher = HeaderMatcher(contracts.forms, load_header_words(), contracts.choice_lists)
    arrival = Arrival("chi tieu.xlsx", None, "0" * 64, 1, NOW)
    (submission,) = read_submissions(arrival, as_bytes(workbook), contracts, matcher, load_reference())
    ((table,),) = (sheet.tables for sheet in submission.sheets)
    assert list(table.body.fields["unit"]) == ["Xã Ea Na", "Xã Ea Na"]


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
@pytest.mark.parametrize(
    "other", [{"period": "Kỳ báo cáo: 6 tháng cuối năm 2022"}, {"unit": "BCH HỘI LHPN XÃ EA NA"}]
)
def test_a_hidden_sheet_of_another_unit_or_period_is_structure_and_told(
    home: WarehouseHome, state: str, other: dict[str, str]
):
    workbook = new_workbook()
    draw_support(workbook.create_sheet("BM04"))
    draw_support(workbook.create_sheet("BM04 cũ"), rows=[OTHER_ROW], **other)
    workbook["BM04 cũ"].sheet_state = state
    write(home.inbox / "2023H1" / "Ea Bông.xlsx", as_bytes(workbook))
    report = load_inbox(home, NOW)
    assert report.verdicts == {"accepted": 1}
    assert report.rows_loaded == len(SUPPORT_ROWS)
    assert report.rows_unplaced == 0
    with open_warehouse(home) as connection:
        ((verdict, reason),) = connection.execute(
            "select verdict, reason_vi from raw.sheets where reason_code = 'hidden_sheet'"
        ).fetchall()
    assert verdict == "empty"
    assert "“BM04 cũ” đang bị ẩn" in reason


def test_a_hidden_sheet_of_the_same_unit_and_period_counts_and_is_told(home: WarehouseHome):
    workbook = new_workbook()
    draw_support(workbook.create_sheet("BM04"))
    draw_support(workbook.create_sheet("BM04 tiếp"), rows=[OTHER_ROW], total=None)
    workbook["BM04 tiếp"].sheet_state = "hidden"
    write(home.inbox / "2023H1" / "Ea Bông.xlsx", as_bytes(workbook))
    assert load_inbox(home, NOW).rows_loaded == len(SUPPORT_ROWS) + 1
    with open_warehouse(home) as connection:
        told = connection.execute("select finding_kind, message_vi from raw.reading_findings").fetchall()
    assert told == [("hidden_rows", "Trang tính “BM04 tiếp” đang bị ẩn nhưng vẫn được tính.")]
