"""Delimited text: where a record ends, one that is longer than its header, a header in the middle, days month first."""

import io
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import xlwt

from ingest.contracts.forms import load_contracts
from ingest.contracts.reference import load_reference
from ingest.contracts.verdicts import ReasonCode
from ingest.headers.matcher import HeaderMatcher, load_header_words
from ingest.loading.log_scan import survey_log
from ingest.reading.activity_log import find_log_header, read_log
from ingest.reading.submission import Arrival, read_submissions
from ingest.tables.results import FoundTable
from tests.ingest.return_files import SUPPORT_ROWS, add_support_sheet, as_bytes, new_workbook, support_return

CONTRACTS = load_contracts()
MATCHER = HeaderMatcher(CONTRACTS.forms, load_header_words(), CONTRACTS.choice_lists)
HEADER = "Ngày,Hình thức hỗ trợ,Đối tượng,Số người hưởng,Kinh phí,Nguồn,Ghi chú"
LOG = "event_id,occurred_at,unit_code,programme,activity_type,quantity,note"


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


def log_rows(path: Path, content: str | bytes) -> Iterator[tuple[str, object]]:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    match = find_log_header(path, path.suffix[1:], MATCHER, CONTRACTS.form("activity_log"))
    assert match is not None
    for batch in read_log(path, path.suffix[1:], match):
        day = match.form.field_names.index("occurred_at")
        for number, event, quantity, types in zip(
            batch.body.row_numbers,
            batch.body.fields.get("event_id", ()),
            batch.body.fields.get("quantity", ()),
            batch.body.cell_types,
            strict=True,
        ):
            yield "row", (number, event, quantity, types[day])
        yield from (("waits", row.row_number) for row in batch.unplaced)
        yield from (("structure", run.first_row) for run in batch.structure)


def test_a_header_in_the_middle_of_a_log_is_structure_with_and_without_a_mark_of_order(
    tmp_path: Path,
) -> None:
    row = "e{},2023-01-05,24565,p,a,{},"
    content = "\n".join(
        ["\ufeff" + LOG, row.format(1, 10), LOG, row.format(2, 20), "\ufeff" + LOG, row.format(3, 30), ""]
    )
    assert sorted(log_rows(tmp_path / "log.csv", content)) == [
        ("row", (2, "e1", "10", "t")),
        ("row", (4, "e2", "20", "t")),
        ("row", (6, "e3", "30", "t")),
        ("structure", 1),
        ("structure", 3),
        ("structure", 5),
    ]


def test_another_header_in_the_middle_of_a_log_tells_where_the_fields_stand_from_there_on(
    tmp_path: Path,
) -> None:
    other = "quantity,event_id,occurred_at,unit_code,programme,activity_type"
    content = f"{LOG}\ne1,2023-01-05,24565,p,a,10,\n{other}\n20,e2,2023-01-05,24565,p,a\n"
    assert ("row", (4, "e2", "20", "t")) in list(log_rows(tmp_path / "log.csv", content))


def test_a_log_with_a_header_in_its_middle_is_not_plain(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text(f"{LOG}\ne1,2023-01-05,24565,p,a,10,\n")
    match = find_log_header(path, "csv", MATCHER, CONTRACTS.form("activity_log"))
    assert match is not None
    assert survey_log(path, match) is not None
    for line in (LOG, "e2,2/15/2023,24565,p,a,10,", "\ufeffe2,2023-01-05,24565,p,a,10,"):
        path.write_text(f"{LOG}\ne1,2023-01-05,24565,p,a,10,\n{line}\n")
        assert survey_log(path, match) is None


def test_a_longer_record_of_a_log_waits_even_where_what_is_too_much_is_blank(tmp_path: Path) -> None:
    content = f"{LOG}\ne1,2023-01-05,24565,p,a,3,5,\ne2,2023-01-05,24565,p,a,3,\n"
    assert sorted(log_rows(tmp_path / "log.csv", content)) == [
        ("row", (3, "e2", "3", "t")),
        ("structure", 1),
        ("waits", 2),
    ]


def test_a_log_that_closes_every_record_with_a_delimiter_is_whole(tmp_path: Path) -> None:
    content = f"{LOG}\ne1,2023-01-05,24565,p,a,3,,\ne2,2023-01-05,24565,p,a,3,,\n"
    assert [kind for kind, _ in log_rows(tmp_path / "log.csv", content)] == ["row", "row", "structure"]


@pytest.mark.parametrize("suffix", ["csv", "jsonl"])
def test_days_of_a_log_that_read_both_ways_are_marked_beside_one_that_is_month_first(
    tmp_path: Path, suffix: str
) -> None:
    days = ["2/15/2023", "2/10/2023 08:00", "2/2/2023", "2023-02-10", "15/2/2023"]
    if suffix == "csv":
        lines = [LOG, *(f"e,{day},24565,p,a,3," for day in days)]
    else:
        lines = ["", *(f'{{"event_id": "e", "occurred_at": "{day}"}}' for day in days)]
    rows = [row for kind, row in log_rows(tmp_path / f"log.{suffix}", "\n".join(lines)) if kind == "row"]
    assert [row[3] for row in rows if isinstance(row, tuple)] == ["t", "u", "t", "t", "t"]
    without = [
        row
        for kind, row in log_rows(tmp_path / f"log.{suffix}", "\n".join([*lines[:1], *lines[2:]]))
        if kind == "row"
    ]
    assert {row[3] for row in without if isinstance(row, tuple)} == {"t"}


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
    sheet = add_support_sheet(workbook, rows=rows, total=None)
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
