"""What no reader of a workbook sees as a value, or sees otherwise than it is stored, never counts in silence."""

import io
import math
import re
import zipfile
from collections.abc import Callable

import openpyxl
import pytest
import xlsxwriter
import xlwt
from odf import style as odf_style
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P, Span
from xlsxwriter.worksheet import Worksheet

from ingest.packages.sheet_notes import Run, scale_of, standing_text
from ingest.reading.submission import open_sheets
from ingest.text.cells import Cell, ErrorText, FormulaText, StruckText, column_as_text
from ingest.workbooks.repair import notes_of

SHEET = "xl/worksheets/sheet1.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def by_xlsxwriter(write: Callable[[xlsxwriter.Workbook, Worksheet], object]) -> bytes:
    content = io.BytesIO()
    workbook = xlsxwriter.Workbook(content, {"in_memory": True})
    workbook.add_worksheet("first").write(0, 0, "sound")
    write(workbook, workbook.add_worksheet("second"))
    workbook.close()
    return content.getvalue()


def by_openpyxl(cells: dict[str, object]) -> bytes:
    workbook = openpyxl.Workbook()
    for address, value in cells.items():
        workbook.active[address] = value
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()


def changed(
    content: bytes, change: Callable[[str, bytes], bytes], rename: Callable[[str], str] = lambda name: name
) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            new.writestr(rename(name), change(name, old.read(name)))
    return target.getvalue()


def cells_of(content: bytes, sheet: int = -1) -> list[list[Cell]]:
    return open_sheets(content)[sheet].rows


# Errors


def xlsx_with_errors() -> bytes:
    def write(_: xlsxwriter.Workbook, sheet: Worksheet) -> None:
        sheet.write(0, 0, "x")
        sheet.write_formula(1, 27, "=1/0", None, "#DIV/0!")
        sheet.write_formula(2, 1, "=A1", None, "#REF!")

    return by_xlsxwriter(write)


def with_prefix(name: str, part: bytes) -> bytes:
    if not name.startswith("xl/worksheets/"):
        return part
    prefixed = re.sub(rb"<(/?)([a-zA-Z]+)(?=[\s/>])", rb"<\1x:\2", part)
    return prefixed.replace(f'xmlns="{MAIN}"'.encode(), f'xmlns:x="{MAIN}"'.encode())


def in_strict(name: str, part: bytes) -> bytes:
    if not name.endswith((".xml", ".rels")):
        return part
    for ours, strict in (
        (
            b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
            b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        ),
        (
            b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        ),
    ):
        part = part.replace(ours, strict)
    return part


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


def as_is(_: str, part: bytes) -> bytes:
    return part


@pytest.mark.parametrize(
    "content",
    [
        xlsx_with_errors(),
        changed(xlsx_with_errors(), with_prefix),
        changed(xlsx_with_errors(), in_strict),
        changed(xlsx_with_errors(), as_is, lambda name: name.replace("/", "\\")),
        changed(
            xlsx_with_errors(), lambda _, part: part.replace(b'Target="worksheets', b'Target="/xl/worksheets')
        ),
        xls_with_errors(),
    ],
    ids=["xlsx", "prefixed", "strict", "backslashes", "from the root", "xls"],
)
def test_errors_are_found_at_their_cells(content: bytes):
    assert notes_of(content)[2].errors == {(1, 27): "#DIV/0!", (2, 1): "#REF!"}
    first, second = open_sheets(content)
    assert first.rows == [["sound"]]
    assert [second.rows[1][27], second.rows[2][1]] == ["#DIV/0!", "#REF!"]
    assert isinstance(second.rows[2][1], ErrorText)


def test_an_error_in_a_cell_without_an_address_stands_where_the_cell_does():
    content = changed(
        by_openpyxl({"A1": "x", "B1": "y", "A2": 1, "B2": 5, "C2": 7}),
        lambda _, part: re.sub(rb' r="[A-Z]*\d+"', b"", part).replace(
            b'<c t="n"><v>5</v>', b'<c t="e"><v>#N/A</v>'
        ),
    )
    assert cells_of(content)[1] == [1, "#N/A", 7]
    assert column_as_text([cells_of(content)[1][1]]) == (["#N/A"], "e")


def ods(*cells: TableCell) -> bytes:
    document = OpenDocumentSpreadsheet()
    table, row = Table(name="first"), TableRow()
    for cell in cells:
        row.addElement(cell)
    table.addElement(row)
    document.spreadsheet.addElement(table)
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def ods_cell(text: str, **attributes: object) -> TableCell:
    cell = TableCell(**attributes)
    if text:
        cell.addElement(P(text=text))
    return cell


@pytest.mark.parametrize("shown", ["#DIV/0!", "Err:502", "#REF!"])
def test_an_error_of_libreoffice_is_one(shown: str):
    error = ods_cell(shown, formula="of:=1/0", valuetype="string", stringvalue="")
    text = ods_cell("quà", valuetype="string")
    content = ods(ods_cell("1", valuetype="float", value=1), error, text)
    assert cells_of(content) == [[1, shown, "quà"]]
    assert column_as_text(cells_of(content)[0])[1] == "net"


def test_an_error_that_a_program_wrote_as_text_is_one():
    assert column_as_text(["Err:502", "quà", "#SPILL!", "Err:7"])[1] == "etet"


@pytest.mark.parametrize("content", [b"", b"PK", b"PK\x03\x04 torn", b"\xd0\xcf\x11\xe0 torn"])
def test_what_cannot_be_read_has_no_notes(content: bytes):
    assert notes_of(content) == {}


# Formulas whose result nobody stored


def test_a_formula_without_a_stored_result_is_none_of_blank_and_nought():
    never = by_openpyxl({"A1": "x", "B2": "=100+20", "D5": "=SUM(B2:B4)"})
    rows = cells_of(never)
    assert [len(rows), rows[1][1], rows[4][3]] == [5, "=100+20", "=SUM(B2:B4)"]
    assert column_as_text([row[1] for row in rows]) == (["", "=100+20", "", "", ""], ".f...")

    def write(_: xlsxwriter.Workbook, sheet: Worksheet) -> None:
        sheet.write_formula(0, 0, "=10*0.35")  # XlsxWriter stores a nought and asks Excel to calculate
        sheet.write(0, 1, "x")

    assert cells_of(by_xlsxwriter(write)) == [["=10*0.35", "x"]]


def test_a_nought_beside_other_results_is_one():
    def write(_: xlsxwriter.Workbook, sheet: Worksheet) -> None:
        sheet.write_formula(0, 0, "=1-1", None, 0)
        sheet.write_formula(0, 1, "=10*0.35", None, 3.5)

    assert cells_of(by_xlsxwriter(write)) == [[0, 3.5]]


def test_a_result_that_excel_stored_is_one_even_if_it_is_empty_or_nought():
    def calculated(name: str, part: bytes) -> bytes:
        part = part.replace(b' fullCalcOnLoad="1"', b"")
        return part.replace(b'<c r="A1"><f>B1</f><v>0</v>', b'<c r="A1" t="str"><f>B1</f><v></v>')

    def write(_: xlsxwriter.Workbook, sheet: Worksheet) -> None:
        sheet.write_formula(0, 0, "=B1")
        sheet.write_formula(0, 1, "=1-1")
        sheet.write(0, 2, "x")

    assert cells_of(changed(by_xlsxwriter(write), calculated)) == [["", 0, "x"]]


def test_a_formula_without_a_result_in_ods_is_none_of_blank():
    content = ods(
        ods_cell("x", valuetype="string"), TableCell(formula="of:=1+1"), ods_cell("y", valuetype="string")
    )
    assert cells_of(content) == [["x", "=1+1", "y"]]
    assert isinstance(cells_of(content)[0][1], FormulaText)


# What is struck out, and what is raised


def rich_by_xlsxwriter() -> bytes:
    def write(workbook: xlsxwriter.Workbook, sheet: Worksheet) -> None:
        gone, plain = workbook.add_format({"font_strikeout": True}), workbook.add_format()
        raised = workbook.add_format({"font_script": 1})
        sheet.write_rich_string(0, 0, gone, "5", plain, "3,5")
        sheet.write_rich_string(0, 1, plain, "12", raised, "1")
        sheet.write(0, 2, 120, gone)
        sheet.write(0, 3, "quà", gone)
        sheet.write(0, 4, "tiền mặt")

    return by_xlsxwriter(write)


def rich_by_xlwt() -> bytes:
    workbook = xlwt.Workbook()
    sheet = workbook.add_sheet("second")
    gone, plain, raised = (xlwt.easyfont(font) for font in ("struck_out on", "", "escapement superscript"))
    sheet.write_rich_text(0, 0, (("5", gone), ("3,5", plain)))
    sheet.write_rich_text(0, 1, (("12", plain), ("1", raised)))
    sheet.write(0, 2, 120, xlwt.easyxf("font: struck_out on"))
    sheet.write(0, 3, "quà", xlwt.easyxf("font: struck_out on"))
    sheet.write(0, 4, "tiền mặt")
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()


def rich_by_odfpy() -> bytes:
    document = OpenDocumentSpreadsheet()

    def named(name: str, family: str, **properties: str) -> object:
        made = odf_style.Style(name=name, family=family)
        made.addElement(odf_style.TextProperties(**properties))
        document.automaticstyles.addElement(made)
        return made

    gone = named("T1", "text", textlinethroughstyle="solid")
    raised = named("T2", "text", textposition="super 58%")
    gone_cell = named("ce1", "table-cell", textlinethroughstyle="solid")

    def of_runs(*runs: tuple[str, object]) -> TableCell:
        cell, paragraph = TableCell(valuetype="string"), P()
        for text, run_style in runs:
            if run_style is None:
                paragraph.addText(text)
            else:
                paragraph.addElement(Span(stylename=run_style, text=text))
        cell.addElement(paragraph)
        return cell

    table, row = Table(name="second"), TableRow()
    for cell in (
        of_runs(("5", gone), ("3,5", None)),
        of_runs(("12", None), ("1", raised)),
        ods_cell("120", valuetype="float", value=120, stylename=gone_cell),
        ods_cell("quà", valuetype="string", stylename=gone_cell),
        ods_cell("tiền mặt", valuetype="string"),
    ):
        row.addElement(cell)
    table.addElement(row)
    document.spreadsheet.addElement(table)
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


@pytest.mark.parametrize("write", [rich_by_xlsxwriter, rich_by_xlwt, rich_by_odfpy])
def test_what_is_struck_out_or_raised_is_no_part_of_a_value(write: Callable[[], bytes]):
    (row,) = cells_of(write())
    assert row == ["3,5", "12", "~~120~~", "~~quà~~", "tiền mặt"]
    assert column_as_text(row)[1] == "ttsst"
    assert isinstance(row[2], StruckText)


@pytest.mark.parametrize(
    ("runs", "text"),
    [
        ([Run("12"), Run("1", level=1)], "12"),
        ([Run("12"), Run(" (*)", level=1)], "12"),
        ([Run("Kinh phí"), Run("2", level=1)], "Kinh phí"),
        ([Run("1", level=1), Run("12")], "12"),
        ([Run("m"), Run("2", level=1)], "m2"),
        ([Run("50 m"), Run("3", level=1)], "50 m3"),
        ([Run("CO"), Run("2", level=-1)], "CO2"),
        ([Run("12"), Run("1", level=-1)], "12"),
        ([Run("2", is_struck=True), Run("12")], "12"),
        ([Run("hội viên", is_struck=True), Run("trẻ em")], "trẻ em"),
        ([Run("12", is_struck=True)], ""),
        ([Run("12", level=1)], "12"),
        ([Run("thôn "), Run("Ea Na", level=1)], "thôn Ea Na"),
    ],
)
def test_the_text_that_stands(runs: list[Run], text: str):
    assert standing_text(runs) == text


# What a merged cell covers


def test_what_a_merged_cell_covers_is_not_there():
    content = changed(
        by_openpyxl({"A1": "x", "B1": 12, "B2": 12, "C2": 7}),
        lambda name, part: (
            part.replace(
                b"</sheetData>", b'</sheetData><mergeCells count="1"><mergeCell ref="B1:B2"/></mergeCells>'
            )
            if name == SHEET
            else part
        ),
    )
    assert cells_of(content) == [["x", 12, ""], ["", "", 7]]


# Number formats that divide


@pytest.mark.parametrize(
    ("code", "scale"),
    [
        ("#,##0", 1),
        ("#,##0.0,,", 1_000_000),
        ("#,##0,", 1000),
        ("0,,,", 1_000_000_000),
        ('#,##0,,"tr, đ"', 1_000_000),
        ('#,##0" ,"', 1),
        ("[>=1000000]#,##0.0,,;#,##0", 1_000_000),
        ("_-* #,##0\\ _₫_-", 1),
        ("0.00%", 0.01),
        ('0"%"', 1),
        ('#,##0",000"', 0.001),
        ('#,##0".000.000"', 0.000001),
        ('0" đồng"', 1),
        (";;;", math.inf),
        ("dd/mm/yyyy", 1),
        ("General", 1),
    ],
)
def test_what_a_number_format_divides_by(code: str, scale: float):
    assert scale_of(code) == pytest.approx(scale)


@pytest.mark.parametrize(
    ("code", "scale"),
    [
        ("#,##0.0,,", 1_000_000),
        ("#,##0.00,,", 1_000_000),  # ten characters: their number is a line feed
        ("#,##0.000,,", 1_000_000),
        ('#,##0," đồng"', 1000),  # kept in 16 bits
        ("0%", 0.01),
        ("0.00%", 0.01),
        ('0.0" "%', 0.01),
        ('#,##0",000"', 0.001),
        (";;;", math.inf),
    ],
)
def test_a_number_that_an_old_workbook_shows_as_another_is_found(code: str, scale: float):
    workbook = xlwt.Workbook()
    sheet = workbook.add_sheet("S")
    sheet.write(0, 0, 12_000_000, xlwt.easyxf(num_format_str=code))
    sheet.write(0, 1, 12_000_000, xlwt.easyxf(num_format_str="#,##0"))
    content = io.BytesIO()
    workbook.save(content)
    assert notes_of(content.getvalue())[1].scales == {(0, 0): pytest.approx(scale)}


@pytest.mark.parametrize("change", [as_is, with_prefix])
def test_a_follower_of_a_shared_formula_without_a_result_is_found(change: Callable[[str, bytes], bytes]):
    def shared(name: str, part: bytes) -> bytes:
        first, follower = b'<f t="shared" ref="A1:A2" si="0">1+1</f><v>2</v>', b'<f t="shared" si="0"/>'
        part = re.sub(rb'(<c r="A1">).*?(?=</c>)', rb"\1" + first, part)
        part = re.sub(rb'(<c r="A2">).*?(?=</c>)', rb"\1" + follower, part)
        return change(name, part)

    content = changed(by_openpyxl({"A1": "=1+1", "A2": "=1+1", "B2": "x"}), shared)
    assert [row[:1] for row in cells_of(content)] == [[2], ["="]]
