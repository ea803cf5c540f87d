"""One return with two forms, written by SheetJS in four formats: the same rows, totals and errors come out of each."""

from functools import lru_cache

import pytest

from ingest.reading.submission import open_sheets
from ingest.tables.results import SheetReading
from ingest.tables.sheet_tables import read_sheet
from ingest.workbooks.grids import MergedRange
from tests.ingest.tables.test_real_files import FIXTURES, MATCHER, rows_of

SUPPORT = {
    "kind": ["quà", "học bổng"],
    "beneficiary_group": ["hội viên khó khăn", "trẻ em"],
    "beneficiaries": ["20", "22"],
    "amount_vnd": ["40.5", "58"],
    "source": ["xã hội hóa", "quỹ Hội"],
}
DAYS = {"xlsb": ["2023-01-05", "2023-02-20"], "xlsx": ["2023-01-05", "2023-02-20"]}
SERIALS = ["44931", "44977"]  # the same days, told as numbers


def content(file_format: str) -> bytes:
    return (FIXTURES / "sheetjs" / f"two-forms-with-an-error-cell.{file_format}").read_bytes()


@lru_cache(maxsize=4)
def read(file_format: str) -> list[SheetReading]:
    return [read_sheet(sheet, MATCHER) for sheet in open_sheets(content(file_format))]


@pytest.mark.parametrize("file_format", ["xlsb", "xlsx", "xls", "ods"])
def test_every_format_gives_the_same_rows_and_totals(file_format: str):
    support, awards = read(file_format)
    assert [rows_of(support), rows_of(awards)] == ["TTTTHHHNbbtS", "TTTTHbb"]
    fields = support.tables[0].body.fields
    assert {name: list(fields[name]) for name in SUPPORT} == SUPPORT
    assert list(fields["supported_on"]) == DAYS.get(file_format, SERIALS)
    assert list(awards.tables[0].body.fields["recipient"]) == ["Chi hội Buôn Dhăm", "H'Yi Êban"]
    totals = {total.field_name: total.value for total in support.tables[0].control_totals}
    assert totals == {"beneficiaries": "42", "beneficiaries_minority": "17", "amount_vnd": "98.5"}


@pytest.mark.parametrize("file_format", ["xlsb", "xlsx", "xls"])
def test_a_cell_that_shows_an_error_is_one(file_format: str):
    body = read(file_format)[0].tables[0].body
    assert list(body.fields["beneficiaries_minority"]) == ["8", "#REF!"]
    assert [letters[4] for letters in body.cell_types] == ["n", "e"]


def test_merged_ranges_of_xlsb_are_those_of_xlsx():
    binary, plain = (open_sheets(content(file_format))[0] for file_format in ("xlsb", "xlsx"))
    assert binary.merged is not None
    assert plain.merged is not None
    assert MergedRange(4, 4, 4, 5) in binary.merged
    assert set(binary.merged) == set(plain.merged)
