"""Cells that show an error are never taken for blank."""

import io

import pytest
import xlsxwriter
import xlwt

from ingest.error_cells import find_error_cells
from ingest.repair import repair_workbook
from ingest.workbook import read_workbook


def xlsx_with_errors() -> bytes:
    content = io.BytesIO()
    workbook = xlsxwriter.Workbook(content, {"in_memory": True})
    workbook.add_worksheet("first").write(0, 0, "sound")
    sheet = workbook.add_worksheet("second")
    sheet.write(0, 0, "x")
    sheet.write_formula(1, 27, "=1/0", None, "#DIV/0!")
    sheet.write_formula(2, 1, "=A1", None, "#REF!")
    workbook.close()
    return content.getvalue()


def xls_with_errors() -> bytes:
    content = io.BytesIO()
    workbook = xlwt.Workbook()
    workbook.add_sheet("first").write(0, 0, "sound")
    sheet = workbook.add_sheet("second")
    sheet.write(0, 0, "x")
    sheet.row(1).set_cell_error(27, "#DIV/0!")
    sheet.row(2).set_cell_error(1, "#REF!")
    workbook.save(content)
    return content.getvalue()


@pytest.mark.parametrize("content", [xlsx_with_errors(), xls_with_errors()], ids=["xlsx", "xls"])
def test_errors_are_found_at_their_cells_and_read_as_text(content: bytes):
    assert find_error_cells(content)[2] == {(1, 27): "#DIV/0!", (2, 1): "#REF!"}
    sheets = read_workbook(content)
    repair_workbook(sheets, content)
    first, second = sheets
    assert first.rows == [["sound"]]
    assert second.rows[1][27] == "#DIV/0!"
    assert second.rows[2][1] == "#REF!"


@pytest.mark.parametrize("content", [b"", b"PK", b"PK\x03\x04 torn", b"\xd0\xcf\x11\xe0 torn"])
def test_what_cannot_be_read_has_none(content: bytes):
    assert find_error_cells(content) == {}
