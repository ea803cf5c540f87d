"""Legacy fonts are found cell by cell in files of every program, and no file can break the search."""

import io
import random
import time
import zipfile
from collections.abc import Callable
from functools import partial

import openpyxl
import pytest
import xlsxwriter
import xlwt
from hypothesis import given, settings
from hypothesis import strategies as st
from odf import style as odf_style
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import CoveredTableCell, Table, TableCell, TableColumn, TableRow
from odf.text import P, Span
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font
from python_calamine import CalamineWorkbook

from ingest.home import PROJECT_ROOT
from ingest.packages.sheet_notes import CellFonts
from ingest.text.legacy.encodings import repair
from ingest.workbooks.repair import notes_of
from ingest.workbooks.unpacking import unpacked
from tests.ingest.legacy_writing import in_tcvn3, in_vni

FIXTURES = PROJECT_ROOT / "tests" / "fixtures" / "legacy_fonts"

# Sheet by sheet: (row, column), text, font. A file of one branch: old cells in old fonts, new ones in Unicode.
MIXED: list[list[tuple[int, int, str, str]]] = [
    [
        (0, 0, "Họ và tên", "Times New Roman"),
        (0, 1, "Có", ".VnTime"),
        (2, 0, "Nguyễn Thị Lan", ".VnTime"),
        (2, 2, "một", ".VnArial"),
        (3, 0, "HỒ THỊ HOA", ".VnTimeH"),
        (4, 0, "Lê Thị Sương", "VNI-Times"),
        (4, 27, "Trần Thị Mơ", "Arial"),
        (5, 0, "thư", "VNI-Helve"),
    ],
    [(0, 0, "Thôn Hòa Tây", "Arial")],
    [(9, 3, "xã Quảng Điền", ".VnTime"), (10, 3, "Buôn Krông", ".VnTime")],
]
EXPECTED = {
    1: {
        (0, 1): ".VnTime",
        (2, 0): ".VnTime",
        (2, 2): ".VnArial",
        (3, 0): ".VnTimeH",
        (4, 0): "VNI-Times",
        (5, 0): "VNI-Helve",
    },
    3: {(9, 3): ".VnTime", (10, 3): ".VnTime"},
}


def legacy_fonts(content: bytes) -> dict[int, CellFonts]:
    """Give the text cells in a legacy font, sheet by sheet; sheets without any are left out."""
    return {number: notes.fonts for number, notes in notes_of(content).items() if notes.fonts}


def as_typed(text: str, font: str) -> str:
    """Give what the file holds for a text that its reader sees in a font."""
    if font.endswith("TimeH"):
        return in_tcvn3(text.lower()) or ""
    if font.startswith("VNI"):
        return in_vni(text) or ""
    return (in_tcvn3(text) or "") if font.startswith(".Vn") else text


def mixed_by_xlwt() -> bytes:
    book = xlwt.Workbook()
    for number, cells in enumerate(MIXED, start=1):
        sheet = book.add_sheet(f"Sheet{number}")
        for row, column, text, font in cells:
            sheet.write(row, column, as_typed(text, font), xlwt.easyxf(f"font: name {font}"))
        sheet.write(20, 0, 12.5, xlwt.easyxf("font: name .VnTime"))
        sheet.write(21, 0, "", xlwt.easyxf("font: name .VnTime"))
    return saved(book.save)


def mixed_by_openpyxl() -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, cells in enumerate(MIXED, start=1):
        sheet = book.create_sheet(f"Sheet{number}")
        for row, column, text, font in cells:
            cell = sheet.cell(row + 1, column + 1, as_typed(text, font))
            cell.font = Font(name=font)
        sheet.cell(21, 1, 12.5).font = Font(name=".VnTime")
        sheet.cell(22, 1).font = Font(name=".VnTime")
    return saved(book.save)


def mixed_by_xlsxwriter(*, constant_memory: bool = False) -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"constant_memory": constant_memory})
    for cells in MIXED:
        sheet = book.add_worksheet()
        for row, column, text, font in sorted(cells):
            sheet.write_string(row, column, as_typed(text, font), book.add_format({"font_name": font}))
        sheet.write_number(20, 0, 12.5, book.add_format({"font_name": ".VnTime"}))
        sheet.write_blank(21, 0, None, book.add_format({"font_name": ".VnTime"}))
    book.close()
    return buffer.getvalue()


def mixed_by_xlsxwriter_in_constant_memory() -> bytes:
    return mixed_by_xlsxwriter(constant_memory=True)


def mixed_by_odfpy() -> bytes:
    document = OpenDocumentSpreadsheet()
    for number, cells in enumerate(MIXED, start=1):
        table = Table(name=f"Sheet{number}")
        grid = {(row, column): (text, font) for row, column, text, font in cells}
        for row in range(max(row for row, _ in grid) + 1):
            table_row = TableRow()
            for column in range(28):
                text, font = grid.get((row, column), ("", ".VnTime"))
                cell = TableCell(stylename=cell_style(document, font), valuetype="string")
                if text:
                    cell.addElement(P(text=as_typed(text, font)))
                table_row.addElement(cell)
            table.addElement(table_row)
        document.spreadsheet.addElement(table)
    return saved(document.save)


def cell_style(
    document: OpenDocumentSpreadsheet, font: str, family: str = "table-cell", parent: str | None = None
) -> odf_style.Style:
    inherited = {"parentstylename": parent} if parent else {}
    made = odf_style.Style(
        name=f"{family}{len(document.automaticstyles.childNodes)}", family=family, **inherited
    )
    if font:
        made.addElement(odf_style.TextProperties(fontfamily=f"'{font}'"))
    document.automaticstyles.addElement(made)
    return made


def saved(save: Callable[[io.BytesIO], None]) -> bytes:
    buffer = io.BytesIO()
    save(buffer)
    return buffer.getvalue()


def with_part(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """Give the zipped workbook with one part changed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w") as new:
        assert name in old.namelist()
        for member in old.namelist():
            data = old.read(member)
            new.writestr(member, change(data) if member == name else data, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def mixed_by_libreoffice(file_format: str) -> bytes:
    """Give the file that LibreOffice saved after opening that of openpyxl (as .xlsx: that of xlwt)."""
    return (FIXTURES / f"legacy-and-unicode-by-libreoffice.{file_format}").read_bytes()


WRITERS = [
    (mixed_by_xlwt, "xls"),
    (mixed_by_openpyxl, "xlsx"),
    (mixed_by_openpyxl, "xlsm"),
    (mixed_by_xlsxwriter, "xlsx"),
    (mixed_by_xlsxwriter_in_constant_memory, "xlsx"),
    (mixed_by_odfpy, "ods"),
    *((partial(mixed_by_libreoffice, file_format), file_format) for file_format in ("xls", "xlsx", "ods")),
]


@pytest.mark.parametrize(("write", "file_format"), WRITERS)
def test_text_cells_in_legacy_fonts_are_found_and_no_others(write: Callable[[], bytes], file_format: str):
    assert legacy_fonts(write()) == EXPECTED


@pytest.mark.parametrize(("write", "file_format"), WRITERS)
def test_a_file_of_mixed_fonts_reads_as_its_writer_meant_it(write: Callable[[], bytes], file_format: str):
    content = write()
    fonts = legacy_fonts(content)
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
    for number, cells in enumerate(MIXED, start=1):
        rows = workbook.get_sheet_by_index(number - 1).to_python(skip_empty_area=False)
        for row, column, text, _ in cells:
            font = fonts.get(number, {}).get((row, column))
            assert repair(str(rows[row][column]), font) == text


# One program's ways


def test_the_workbook_s_own_font_counts_for_cells_without_a_format():
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"default_format_properties": {"font_name": ".VnTime"}})
    sheet = book.add_worksheet()
    sheet.write_string(1, 1, "mét")
    sheet.write_string(1, 2, "một", book.add_format({"font_name": "Arial"}))
    book.close()
    assert legacy_fonts(buffer.getvalue()) == {1: {(1, 1): ".VnTime"}}


def test_the_first_run_of_a_rich_string_in_xlsx_decides():
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    sheet = book.add_worksheet()
    legacy, modern = (book.add_format({"font_name": font}) for font in (".VnTime", "Arial"))
    sheet.write_rich_string(0, 0, legacy, "Th«n ", modern, "Ea Na")
    sheet.write_rich_string(1, 0, modern, "Ea Na ", legacy, "th«n")
    sheet.write_rich_string(2, 0, modern, "Ea ", legacy, "th«n", legacy)
    sheet.write_rich_string(3, 0, "Th«n ", modern, "Ea Na", legacy)
    book.close()
    assert legacy_fonts(buffer.getvalue()) == {1: {(0, 0): ".VnTime", (3, 0): ".VnTime"}}


def test_rich_text_written_into_the_cell_itself_is_seen():
    book = openpyxl.Workbook()
    book.active["A1"] = "mét"
    book.active["A1"].font = Font(name=".VnTime")
    book.active["A2"] = CellRichText(TextBlock(InlineFont(rFont="VNI-Times"), "thö"), "vieän")
    assert legacy_fonts(saved(book.save)) == {1: {(0, 0): ".VnTime", (1, 0): "VNI-Times"}}


def test_a_formula_s_text_has_the_font_of_its_cell():
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    sheet = book.add_worksheet()
    legacy = book.add_format({"font_name": ".VnTime"})
    sheet.write_formula(0, 0, '="m"&"ét"', legacy, "mét")
    sheet.write_formula(0, 1, "=1+1", legacy, 2)
    book.close()
    assert legacy_fonts(buffer.getvalue()) == {1: {(0, 0): ".VnTime"}}


def test_chart_sheets_of_xlsx_count_in_the_numbering():
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    chart_sheet = book.add_chartsheet()
    sheet = book.add_worksheet("Data")
    sheet.write_string(0, 0, "mét", book.add_format({"font_name": ".VnTime"}))
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "=Data!$A$1:$A$2"})
    chart_sheet.set_chart(chart)
    book.close()
    content = buffer.getvalue()
    assert legacy_fonts(content) == {2: {(0, 0): ".VnTime"}}
    assert CalamineWorkbook.from_filelike(io.BytesIO(content)).sheets_metadata[1].name == "Data"


def test_chart_sheets_of_xls_count_in_the_numbering():
    book = xlwt.Workbook()
    book.add_sheet("Chart1").write(0, 0, "x")
    book.add_sheet("Data").write(0, 0, "mét", xlwt.easyxf("font: name .VnTime"))
    content = saved(book.save)
    bound_sheet = content.index(b"\x06\x00Chart1") - 1  # type, then length and encoding of the name
    content = content[:bound_sheet] + b"\x02" + content[bound_sheet + 1 :]
    assert legacy_fonts(content) == {2: {(0, 0): ".VnTime"}}


def test_the_first_run_of_a_rich_string_in_xls_decides():
    book = xlwt.Workbook()
    sheet = book.add_sheet("Sheet1")
    legacy, modern = (xlwt.easyfont(f"name {font}") for font in (".VnTime", "Arial"))
    sheet.write_rich_text(0, 0, (("Th«n ", legacy), ("Ea Na", modern)))
    sheet.write_rich_text(1, 0, (("Ea Na ", modern), ("th«n", legacy)), xlwt.easyxf("font: name .VnTime"))
    sheet.write_rich_text(2, 0, ("Th«n ", ("Ea Na", modern)), xlwt.easyxf("font: name .VnTime"))
    assert legacy_fonts(saved(book.save)) == {1: {(0, 0): ".VnTime", (2, 0): ".VnTime"}}


def test_fonts_of_ods_come_from_spans_parents_faces_columns_rows_and_the_default():
    document = OpenDocumentSpreadsheet()
    document.fontfacedecls.addElement(odf_style.FontFace(name="F1", fontfamily=".VnTime"))
    base = odf_style.Style(name="base", family="table-cell")
    base.addElement(odf_style.TextProperties(fontname="F1"))
    document.styles.addElement(base)
    modern = cell_style(document, "Arial")
    inherits = cell_style(document, "", parent="base")
    vni_span = cell_style(document, "VNI-Times", family="text")
    plain_span = cell_style(document, "", family="text")
    table = Table(name="Sheet1")
    table.addElement(TableColumn(numbercolumnsrepeated=2, defaultcellstylename=modern))
    table.addElement(TableColumn(numbercolumnsrepeated=3, defaultcellstylename="base"))

    def cell(*content: object, **attributes: object) -> TableCell:
        made = TableCell(valuetype="string", **attributes)
        paragraph = P()
        for piece in content:
            if isinstance(piece, str):
                paragraph.addText(piece)
            else:
                paragraph.addElement(piece)
        made.addElement(paragraph)
        return made

    rows = [
        [
            cell("mét"),
            cell(Span(stylename=vni_span, text="thö")),
            cell("mét"),
            cell("một", stylename=modern),
            cell("mét", Span(stylename=vni_span, text="thö")),
        ],
        [cell("mét", stylename=inherits), cell(Span(stylename=plain_span, text="mét"), stylename=inherits)],
        [TableCell(numbercolumnsrepeated=3), CoveredTableCell(), cell("mét", numbercolumnsrepeated=1)],
    ]
    for cells in rows:
        row = TableRow()
        for made in cells:
            row.addElement(made)
        table.addElement(row)
    table.addElement(TableRow(numberrowsrepeated=1_000_000))
    by_row = TableRow(numberrowsrepeated=2, defaultcellstylename="base")
    by_row.addElement(cell("mét", numbercolumnsrepeated=2))
    table.addElement(by_row)
    document.spreadsheet.addElement(table)
    assert legacy_fonts(saved(document.save)) == {
        1: {
            (0, 1): "VNI-Times",
            (0, 2): ".VnTime",
            (0, 4): ".VnTime",
            (1, 0): ".VnTime",
            (1, 1): ".VnTime",
            (2, 4): ".VnTime",
            (1_000_003, 0): ".VnTime",
            (1_000_003, 1): ".VnTime",
            (1_000_004, 0): ".VnTime",
            (1_000_004, 1): ".VnTime",
        }
    }


# What costs nothing and what cannot hurt


def test_a_file_without_legacy_fonts_is_searched_once_and_not_parsed(monkeypatch: pytest.MonkeyPatch):
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("parsed")

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    book.add_worksheet().write_string(0, 0, "Th«n .VnTime VNI-Times")
    book.close()
    content = buffer.getvalue()
    monkeypatch.setattr("ingest.packages.package.Package.parse", refuse)
    unpacked(content)
    opened: list[str] = []
    original = zipfile.ZipFile.read
    monkeypatch.setattr(
        zipfile.ZipFile, "read", lambda self, name: (opened.append(name), original(self, name))[1]
    )
    assert notes_of(content) == {}
    assert "xl/worksheets/sheet1.xml" in opened
    assert len(opened) == len(set(opened))


@pytest.mark.parametrize(
    "content",
    [b"", b"PK\x03\x04.VnTime", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1.VnTime", b"<html>.VnTime</html>"],
)
def test_what_is_no_workbook_has_no_fonts(content: bytes):
    assert legacy_fonts(content) == {}


@pytest.mark.parametrize(
    ("write", "file_format", "part"),
    [(mixed_by_openpyxl, "xlsx", "xl/styles.xml"), (mixed_by_odfpy, "ods", "content.xml")],
)
def test_entities_are_refused(write: Callable[[], bytes], file_format: str, part: str):
    entities = b'<!ENTITY a "aaaaaaaaaa">' + b"".join(
        b'<!ENTITY %c "%s">' % (98 + step, b"&%c;" % (97 + step) * 10) for step in range(9)
    )
    xml_declaration_end = b"?>"

    def add_bomb(data: bytes) -> bytes:
        head, _, rest = (
            data.rpartition(xml_declaration_end) if data.startswith(b"<?xml") else (b"", b"", data)
        )
        return head + xml_declaration_end * bool(head) + b"<!DOCTYPE x [" + entities + b"]>" + rest

    content = with_part(write(), part, add_bomb)
    assert b"<!DOCTYPE" in zipfile.ZipFile(io.BytesIO(content)).read(part)
    assert legacy_fonts(content) == {}


@pytest.mark.parametrize(
    ("write", "file_format", "part"),
    [
        (mixed_by_openpyxl, "xlsx", "xl/styles.xml"),
        (mixed_by_openpyxl, "xlsx", "xl/worksheets/sheet1.xml"),
        (mixed_by_odfpy, "ods", "content.xml"),
    ],
)
def test_a_part_that_unpacks_beyond_the_limit_is_given_up(
    write: Callable[[], bytes], file_format: str, part: str
):
    blanks = b" " * (200 << 20)
    content = with_part(write(), part, lambda data: data.replace(b"><", b">" + blanks + b"<", 1))
    started = time.perf_counter()
    assert legacy_fonts(content) == {}
    assert time.perf_counter() - started < 5


def test_a_million_repeated_cells_are_given_up():
    document = OpenDocumentSpreadsheet()
    row = TableRow(numberrowsrepeated=1_000_000)
    cell = TableCell(
        stylename=cell_style(document, ".VnTime"), valuetype="string", numbercolumnsrepeated=16_384
    )
    cell.addElement(P(text="mét"))
    row.addElement(cell)
    table = Table(name="Sheet1")
    table.addElement(row)
    document.spreadsheet.addElement(table)
    assert legacy_fonts(saved(document.save)) == {}


@pytest.mark.parametrize(("write", "file_format"), [WRITERS[0], WRITERS[1], WRITERS[5]])
@given(seed=st.integers(0, 2**32))
@settings(max_examples=60, deadline=None)
def test_damaged_files_never_raise(write: Callable[[], bytes], file_format: str, seed: int):
    chance = random.Random(seed)
    content = bytearray(GOOD_FILES[file_format])
    for _ in range(chance.randint(1, 40)):
        content[chance.randrange(len(content))] = chance.randrange(256)
    if chance.random() < 0.3:
        del content[chance.randrange(len(content)) :]
    assert isinstance(legacy_fonts(bytes(content)), dict)


GOOD_FILES = {"xls": mixed_by_xlwt(), "xlsx": mixed_by_openpyxl(), "ods": mixed_by_odfpy()}
