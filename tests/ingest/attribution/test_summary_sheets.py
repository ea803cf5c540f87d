"""Cover pages and summaries in a workbook of forms: told for information, and no form is taken for one."""

from datetime import UTC, datetime

import pytest

from ingest.contracts.forms import load_contracts
from ingest.contracts.reference import load_reference
from ingest.contracts.verdicts import ReasonCode
from ingest.headers.header_words import load_header_words
from ingest.headers.matcher import HeaderMatcher
from ingest.reading.submission import Arrival, Submission, read_submissions
from tests.ingest.return_files import SUPPORT_ROWS, as_bytes, draw_support, new_workbook

CONTRACTS = load_contracts()
MATCHER = HeaderMatcher(CONTRACTS.forms, load_header_words(), CONTRACTS.choice_lists)
REFERENCE = load_reference()
Rows = list[tuple[object, ...]]

TITLE: Rows = [("HỘI LHPN HUYỆN KRÔNG ANA",), ("BCH HỘI LHPN XÃ EA BÔNG",), ("6 tháng đầu năm 2023",)]
RESULTS: Rows = [
    ("TT", "Chỉ tiêu", "ĐVT", "Kết quả"),
    (1, "Hội viên mới phát triển", "người", 12),
    (2, "Hỗ trợ hội viên", "triệu đồng", 98.5),
]
WITHOUT_HEADER: Rows = [("Hội viên mới:", 12, "người"), ("Kinh phí hỗ trợ:", 98.5, "triệu đồng")]
BY_MONTH: Rows = [("Nội dung", "Tháng 1", "Tháng 2"), ("Hội viên mới", 1, 2), ("Kinh phí", 4, 5)]
MEMBERS: Rows = [("Chi hội", "Tổng số hội viên", "DTTS", "Hội viên nòng cốt"), ("Thôn 1", 100, 2, 10)]
GIFTS_WITHOUT_HEADER: Rows = [(1, "05/01/2023", "quà", 20, 40.5), (2, "06/01/2023", "quà", 22, 58)]


def sent(*sheets: tuple[str, Rows], form_first: bool = False, **options: object) -> Submission:
    workbook = new_workbook()
    if form_first:
        draw_support(workbook.create_sheet("BM04"), **options)  # type: ignore[arg-type]
    for name, rows in sheets:
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(row)
    if not form_first:
        draw_support(workbook.create_sheet("BM04"), **options)  # type: ignore[arg-type]
    arrival = Arrival("2023H1/bao cao.xlsx", None, "0" * 64, 1, datetime(2026, 1, 10, tzinfo=UTC))
    (submission,) = read_submissions(arrival, as_bytes(workbook), CONTRACTS, MATCHER, REFERENCE)
    return submission


@pytest.mark.parametrize(
    "rows", [RESULTS, WITHOUT_HEADER, BY_MONTH, MEMBERS], ids=["results", "no header", "months", "members"]
)
def test_figures_on_a_cover_page_are_structure_and_told(rows: Rows):
    submission = sent(("Sheet1", TITLE + rows))
    assert (submission.verdict, submission.attribution.unit_key) == ("accepted", "U24565")
    cover, form = submission.sheets
    assert cover.reason is not None
    assert cover.reason.code is ReasonCode.SUMMARY_SHEET
    assert "hãy" not in cover.reason.sentence.lower()
    assert form.tables[0].body.row_numbers == list(range(9, 9 + len(SUPPORT_ROWS)))


def test_the_cover_page_alone_may_name_unit_and_half_year():
    submission = sent(("Bìa", TITLE + RESULTS), unit="", period="")
    assert submission.verdict == "accepted"
    assert (submission.attribution.unit_key, submission.attribution.period_code) == ("U24565", "2023H1")


def test_a_sheet_behind_the_forms_is_a_summary_when_it_says_so():
    assert sent(("Tổng hợp", RESULTS), form_first=True).verdict == "accepted"
    assert sent(("Sheet2", RESULTS), form_first=True).verdict == "partial"


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("Tổng hợp", GIFTS_WITHOUT_HEADER),
        ("Tổng hợp", [("BIỂU 06: KHEN THƯỞNG",), *WITHOUT_HEADER]),
        ("Khen thưởng", WITHOUT_HEADER),
        ("BM 01", WITHOUT_HEADER),
        ("Bìa", [("Đối tượng", "Tên tập thể, cá nhân", "Hình thức"), ("cá nhân", "H'Yi", "giấy khen")]),
    ],
    ids=["days", "title of a form", "sheet of a form", "number of a form", "form without its days"],
)
def test_what_may_be_a_form_must_be_corrected(name: str, rows: Rows):
    submission = sent((name, rows))
    assert submission.verdict == "partial"
    assert ReasonCode.SUMMARY_SHEET not in {sheet.reason.code for sheet in submission.sheets if sheet.reason}


def test_a_summary_without_forms_is_no_return():
    workbook = new_workbook()
    sheet = workbook.create_sheet("Tổng hợp")
    for row in TITLE + RESULTS:
        sheet.append(row)
    arrival = Arrival("2023H1/bao cao.xlsx", None, "0" * 64, 1, datetime(2026, 1, 10, tzinfo=UTC))
    (submission,) = read_submissions(arrival, as_bytes(workbook), CONTRACTS, MATCHER, REFERENCE)
    assert submission.verdict == "rejected"
