"""Delimited text: where a record ends, and one that is longer than its header."""

from datetime import UTC, datetime

import pytest

from ingest.contracts.forms import load_contracts
from ingest.contracts.reference import load_reference
from ingest.contracts.verdicts import ReasonCode
from ingest.headers.header_words import load_header_words
from ingest.headers.matcher import HeaderMatcher
from ingest.reading.submission import Arrival, read_submissions
from ingest.tables.results import FoundTable

CONTRACTS = load_contracts()
MATCHER = HeaderMatcher(CONTRACTS.forms, load_header_words(), CONTRACTS.choice_lists)
HEADER = "Ngày,Hình thức hỗ trợ,Đối tượng,Số người hưởng,Kinh phí,Nguồn,Ghi chú"


def table_of(content: bytes, name: str = "2024H1/Ea Bông/BM04.csv") -> FoundTable:
    arrival = Arrival(name, None, "0" * 64, len(content), datetime(2024, 6, 10, tzinfo=UTC))
    (submission,) = read_submissions(arrival, content, CONTRACTS, MATCHER, load_reference())
    ((table,),) = [sheet.tables for sheet in submission.sheets]
    return table


def csv(*records: str) -> bytes:
    return "\n".join([HEADER, *records, ""]).encode()


def test_a_record_with_more_fields_than_the_header_waits_whole() -> None:
    table = table_of(
        csv(
            "15/02/2024,quà,hội viên khó khăn,10,3,5,quỹ Hội,",
            "20/02/2024,tiền mặt,trẻ em,12,6,xã hội hóa,",
            "25/02/2024,quà,trẻ em,1,50,3,5,đủ",
        )
    )
    assert table.body.row_numbers == [3]
    assert [(row.row_number, row.reason and row.reason.code) for row in table.unplaced] == [
        (2, ReasonCode.UNREADABLE_LINE),
        (4, ReasonCode.UNREADABLE_LINE),
    ]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("Ea Bông/BM04.csv", csv("15/02/2024,quà,trẻ em,10,3,5,quỹ Hội,", "20/02/2024,quà,trẻ em,12,6,,")),
        (
            "chi tieu Ea Na.csv",
            "Năm,Kỳ,Chỉ tiêu,Giá trị\n2026,năm,Lớp dạy nghề,3,5\n2026,năm,Lớp dạy nghề,2\n".encode(),
        ),
    ],
)
def test_a_record_that_waits_is_kept_where_its_table_is_refused(name: str, content: bytes) -> None:
    table = table_of(content, name)
    assert table.reason is not None
    assert table.body.row_numbers == []
    assert [(row.row_number, row.reason and row.reason.code) for row in table.unplaced] == [
        (2, ReasonCode.UNREADABLE_LINE),
        (3, None),
    ]


def test_records_that_are_all_closed_by_a_delimiter_are_whole() -> None:
    table = table_of(csv("15/02/2024,quà,trẻ em,10,3,quỹ Hội,,", "20/02/2024,quà,trẻ em,12,6,quỹ Hội,,"))
    assert table.body.row_numbers == [2, 3]
    assert table.unplaced == ()


def test_a_text_that_an_export_wrote_as_a_formula_is_that_text() -> None:
    table = table_of(csv('"=""15/02/2024""",quà,trẻ em,="10","=""3,5""",quỹ Hội,=1+2'))
    values = {name: texts[0] for name, texts in table.body.fields.items() if texts[0]}
    assert values == {
        "supported_on": "15/02/2024",
        "kind": "quà",
        "beneficiary_group": "trẻ em",
        "beneficiaries": "10",
        "amount_vnd": "3,5",
        "source": "quỹ Hội",
        "note": "=1+2",
    }


def test_a_total_over_a_record_that_waits_says_nothing() -> None:
    table = table_of(
        csv(
            "15/02/2024,quà,trẻ em,10,3,quỹ Hội,",
            "20/02/2024,quà,trẻ em,12,6,5,quỹ Hội,",
            "Tổng cộng,,,22,9,,",
        )
    )
    assert table.control_totals == ()


@pytest.mark.parametrize("mark", ["\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029"])
def test_only_cr_and_lf_end_a_record(mark: str) -> None:
    table = table_of(csv(f"15/02/2024,quà,trẻ em,10,3,quỹ{mark}Hội,", "20/02/2024,quà,trẻ em,12,6,,"))
    assert list(table.body.fields["amount_vnd"]) == ["3", "6"]
