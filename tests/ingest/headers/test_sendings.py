"""How a table was sent: what titles and names say of it, and which of two tables in a file counts."""

import pytest

from ingest.attribution.decision import Attribution
from ingest.contracts.forms import load_contracts
from ingest.contracts.reference import load_reference
from ingest.headers.header_words import load_header_words
from ingest.headers.matcher import HeaderMatcher
from ingest.headers.sendings import aside_of, branch_of, copied_from, sending_of
from ingest.reading.submission import Arrival, Submission, read_submissions
from ingest.rows.kinds import RowKind
from ingest.tables.results import FoundTable
from tests.dbt_project.raw_fixture import instant
from tests.ingest.return_files import SUPPORT_ROWS, as_bytes, draw_support, new_workbook

CONTRACTS = load_contracts()
MATCHER = HeaderMatcher(CONTRACTS.forms, load_header_words(), CONTRACTS.choice_lists)
NEW_ROW = (3, "18/03/2023", "quà", "trẻ em", 5, 1, 1.5, "quỹ Hội")


def read(workbook: object, path: str = "2023H1/Ea Bông/BM04.xlsx") -> Submission:
    arrival = Arrival(path, None, "0" * 64, 1, instant("2023-06-10 00:00"))
    (submission,) = read_submissions(arrival, as_bytes(workbook), CONTRACTS, MATCHER, load_reference())  # type: ignore[arg-type]
    return submission


def tables(submission: Submission) -> list[FoundTable]:
    return [table for sheet in submission.sheets for table in sheet.tables]


def counted(submission: Submission) -> list[str]:
    return [sheet.name for sheet in submission.sheets for table in sheet.tables if table.counts]


@pytest.mark.parametrize(
    ("text", "sending"),
    [
        ("BIỂU 04: HỖ TRỢ HỘI VIÊN (BỔ SUNG)", "supplement"),
        ("bieu bo sung", "supplement"),
        ("BM04 sửa đổi, bổ sung", "correction"),
        ("Biểu 04 đính chính", "correction"),
        ("Phát sữa cho trẻ em", None),
        ("BIỂU 04: HỖ TRỢ SỬA CHỮA NHÀ CHO HỘI VIÊN", None),
        ("HO TRO SUA CHUA NHA (ban sua)", "correction"),
        ("BM04 lần 2", None),
    ],
)
def test_a_name_says_whether_a_table_adds_or_corrects(text: str, sending: str | None) -> None:
    assert sending_of([text]) == sending


@pytest.mark.parametrize(
    ("text", "aside"),
    [
        ("KẾ HOẠCH HỖ TRỢ 6 THÁNG CUỐI NĂM 2022", "plan"),
        ("II. PHƯƠNG HƯỚNG", "plan"),
        ("BIỂU 04: DỰ KIẾN HỖ TRỢ", "plan"),
        ("BIỂU 04: HỖ TRỢ HỘI VIÊN (CÙNG KỲ NĂM 2021)", "comparison"),
        ("Bảng so sánh", "comparison"),
        ("Sơ kết 6 tháng cuối năm 2019, phương hướng, nhiệm vụ 6 tháng đầu năm 2020", None),
        ("Sơ kết 6 tháng - phương hướng 6 tháng cuối năm", None),
        ("Kế hoạch số 12/KH-HPN", None),
        ("Kết quả thực hiện kế hoạch", None),
    ],
)
def test_a_title_says_whether_a_table_tells_of_results(text: str, aside: str | None) -> None:
    assert aside_of(text) == aside


@pytest.mark.parametrize(
    ("text", "branch"),
    [
        ("CHI HỘI THÔN 1", "thon 1"),
        ("BCH HỘI LHPN XÃ EA BÔNG - CHI HỘI BUÔN MBLỚT", "buon mblot"),
        ("Thon 3 6 thang dau nam 2023", "thon 3"),
        ("Chi hội phụ nữ thôn Quỳnh Ngọc", "thon quynh ngoc"),
        ("Thôn 10-3", "thon 10 3"),
        ("BCH HỘI LHPN THỊ TRẤN BUÔN TRẤP", None),
        ("Xây dựng nông thôn mới", None),
        ("Chi hội trưởng", None),
    ],
)
def test_a_title_names_a_village_branch(text: str, branch: str | None) -> None:
    assert branch_of([text]) == branch


def test_a_copied_sheet_says_of_which() -> None:
    assert [copied_from(name) for name in ("BM04 (2)", "Bản sao của BM04", "BM04")] == ["BM04", "BM04", None]


def test_the_corrected_copy_of_a_table_counts_alone() -> None:
    workbook = new_workbook()
    draw_support(workbook.create_sheet("BM04"))
    draw_support(
        workbook.create_sheet("BM04 (2)"), rows=[SUPPORT_ROWS[0], (*SUPPORT_ROWS[1][:6], 45, "quỹ Hội")]
    )
    submission = read(workbook)
    assert submission.verdict == "accepted"
    assert counted(submission) == ["BM04 (2)"]
    replaced = tables(submission)[0]
    assert replaced.aside is not None
    assert "“BM04 (2)”" in replaced.aside.sentence
    assert [total.value for total in replaced.control_totals if total.field_name == "amount_vnd"] == [
        "40.5",
        "58",
    ]
    runs = [run for run in submission.sheets[0].structure if run.kind is RowKind.REPLACED]
    assert [run.first_row for run in runs] == [9, 10]
    submission.sheets[0].check_conservation()


def test_a_sheet_that_calls_itself_a_correction_counts_alone_whatever_it_holds() -> None:
    workbook = new_workbook()
    draw_support(workbook.create_sheet("BM04 đính chính"), rows=[NEW_ROW])
    draw_support(workbook.create_sheet("BM04"))
    assert counted(read(workbook)) == ["BM04 đính chính"]
    workbook = new_workbook()
    draw_support(workbook.create_sheet("BM04"))
    draw_support(workbook.create_sheet("BM04 đính chính"), rows=[NEW_ROW])
    assert counted(read(workbook)) == ["BM04 đính chính"]


def test_a_single_row_corrected_in_a_copied_sheet_is_the_same_row() -> None:
    workbook = new_workbook()
    draw_support(workbook.create_sheet("BM04"), rows=[NEW_ROW], total=None)
    draw_support(workbook.create_sheet("BM04 (2)"), rows=[(*NEW_ROW[:6], 2.5, "quỹ Hội")], total=None)
    assert counted(read(workbook)) == ["BM04 (2)"]


def test_a_hidden_copy_does_not_replace_what_everybody_sees() -> None:
    workbook = new_workbook()
    draw_support(workbook.create_sheet("BM04"))
    draw_support(workbook.create_sheet("BM04 gốc")).sheet_state = "hidden"
    assert counted(read(workbook)) == ["BM04"]


def test_an_excerpt_replaces_nothing() -> None:
    workbook = new_workbook()
    rows = [(number, f"{number + 10}/03/2023", *NEW_ROW[2:]) for number in range(1, 6)]
    draw_support(workbook.create_sheet("BM04"), rows=rows)
    draw_support(workbook.create_sheet("trẻ em"), rows=rows[:2])
    assert counted(read(workbook)) == ["BM04"]


def test_tables_of_two_villages_are_never_copies() -> None:
    workbook = new_workbook()
    for village in ("Thôn 1", "Thôn 2"):
        draw_support(workbook.create_sheet(village))
    assert counted(read(workbook)) == ["Thôn 1", "Thôn 2"]


def test_tables_with_other_rows_both_count() -> None:
    workbook = new_workbook()
    draw_support(workbook.create_sheet("quý 1"))
    draw_support(workbook.create_sheet("quý 2"), rows=[NEW_ROW])
    assert counted(read(workbook)) == ["quý 1", "quý 2"]


def test_a_plan_below_the_table_counts_nothing_and_refuses_nothing() -> None:
    workbook = new_workbook()
    sheet = draw_support(workbook.create_sheet("BM04"), total=None)
    sheet.append([])
    sheet.append(["", "", "KẾ HOẠCH HỖ TRỢ 6 THÁNG CUỐI NĂM 2023"])
    for row in ([cell.value for cell in line] for line in list(sheet.iter_rows(min_row=5, max_row=7))):
        sheet.append(row)
    sheet.append([1, "20/08/2023", "quà", "hội viên khó khăn", 40, 10, 20, "quỹ Hội"])
    submission = read(workbook)
    assert submission.verdict == "accepted"
    result, plan = tables(submission)
    assert (len(result.body.row_numbers), result.counts) == (len(SUPPORT_ROWS), True)
    assert (len(plan.body.row_numbers), plan.counts) == (0, False)
    assert isinstance(submission.attribution, Attribution)
    assert submission.attribution.period_code == "2023H1"


def test_a_file_of_nothing_but_a_plan_is_refused_with_its_reason() -> None:
    workbook = new_workbook()
    draw_support(workbook.create_sheet("Kế hoạch"))
    submission = read(workbook)
    assert submission.verdict == "rejected"
    assert submission.reason is not None
    assert "kế hoạch" in submission.reason.sentence


def test_a_form_without_rows_says_whether_there_was_nothing() -> None:
    workbook = new_workbook()
    draw_support(workbook.create_sheet("a"), rows=[], total=None)
    for name, row in (
        ("b", (1, "", "Không phát sinh", "", "", "", "", "")),
        ("c", (1, "", "Không", "", 0, 0, 0, "")),
        ("d", (1, "", "", "", 0, 0, 0, "")),
        ("e", (1, "", "-", "-", "-", "-", 0, "x")),
        ("f", (1, "", "", "", "", "", 0, "")),
    ):
        draw_support(workbook.create_sheet(name), rows=[row, row], total=None)
    found = tables(read(workbook))
    assert [table.says_nothing for table in found] == [False, True, True, False, False, False]
    assert not any(table.body.row_numbers for table in found)


def test_the_name_of_the_file_says_what_title_and_sheet_do_not() -> None:
    workbook = new_workbook()
    draw_support(workbook.create_sheet("BM04"))
    (table,) = tables(read(workbook, "2023H1/Ea Bông/BM04 Thôn 1 bổ sung.xlsx"))
    assert (table.sending, table.branch) == ("supplement", "thon 1")
