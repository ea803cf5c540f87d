"""A workbook whose parts are stored holds the same parts, and what could be anything else stays as it is."""

import io
import re
import warnings
import zipfile
from collections.abc import Callable

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook
from xlsxwriter.worksheet import Worksheet

from ingest.home import PROJECT_ROOT
from ingest.reading.submission import open_sheets
from ingest.text.cells import Cell
from ingest.workbooks import unpacking
from ingest.workbooks.unpacking import unpacked

Ranges = list[tuple[tuple[int, int], tuple[int, int]]] | None


def workbook(write: Callable[[Worksheet], object]) -> bytes:
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    write(book.add_worksheet())
    book.close()
    return content.getvalue()


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(parts: list[tuple[str, bytes]]) -> bytes:
    content = io.BytesIO()
    with (
        warnings.catch_warnings(action="ignore"),  # of a name that stands twice
        zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for name, part in parts:
            archive.writestr(name, part)
    return content.getvalue()


def told(content: bytes) -> list[tuple[list[list[Cell]], Ranges]]:
    """Give what calamine tells of each sheet: its cells and its merged ranges."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    sheets = [book.get_sheet_by_name(name) for name in book.sheet_names]
    return [(sheet.to_python(), sheet.merged_cell_ranges) for sheet in sheets]


FIXTURES = PROJECT_ROOT / "tests" / "fixtures"
SHEET = "xl/worksheets/sheet1.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RANGES_FIRST = re.compile(rb"<mergeCells.*<sheetData>", re.DOTALL)
RETURN = workbook(lambda sheet: sheet.merge_range(0, 0, 0, 2, "BIỂU 04"))


def test_parts_are_the_same_but_sheets_and_none_is_compressed():
    content = unpacked(RETURN)
    assert content is not None
    before, after = parts_of(RETURN), parts_of(content)
    assert before.keys() == after.keys()
    assert [name for name in before if before[name] != after[name]] == [SHEET]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {entry.compress_type for entry in archive.infolist()} == {zipfile.ZIP_STORED}


def test_calamine_tells_the_same_of_every_workbook_unpacked_as_of_the_workbook():
    pairs = [(path.read_bytes(), unpacked(path.read_bytes())) for path in FIXTURES.glob("*/*.xlsx")]
    workbooks = [(packed, content) for packed, content in pairs if content is not None]
    assert sum(RANGES_FIRST.search(content) is not None for _, content in workbooks) > 20
    for packed, content in workbooks:
        assert told(content) == told(packed)


@pytest.mark.parametrize("ranges", ["", '<mergeCells count="1"><mergeCell ref="A1:C1"/></mergeCells>'])
@pytest.mark.parametrize(
    ("before", "behind"),
    [
        ("", "<pageMargins/>"),
        ("<!-- <sheetData> -->", ""),
        ("", "<!-- <mergeCells></mergeCells> -->"),
        ('<mergeCells><mergeCell ref="A2:B2"/></mergeCells>', ""),
        ("", "<mergeCells/>"),
        ("", '<x:mergeCells xmlns:x="x"><x:mergeCell ref="B2:C2"/></x:mergeCells>'),
        ("", '<mergeCells><mergeCell ref="A3:B3"/></mergeCells>'),
    ],
)
def test_calamine_tells_the_same_of_a_sheet_however_it_is_written(ranges: str, before: str, behind: str):
    values = '<sheetData><row r="2"><c r="B2" t="inlineStr"><is><t>mergeCells</t></is></c></row></sheetData>'
    sheet = f'<worksheet xmlns="{MAIN}">{before}{values}{ranges}{behind}</worksheet>'
    packed = zipped(
        [(name, part) for name, part in parts_of(RETURN).items() if name != SHEET] + [(SHEET, sheet.encode())]
    )
    content = unpacked(packed)
    assert content is not None
    assert told(content) == told(packed)
    assert told(packed)[0][0] == [["mergeCells"]]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04 torn",
        RETURN[:-200],
        RETURN.replace(b"PK\x01\x02", b"PK\x01\x03"),
        zipped([("content.xml", b"<x/>")]),
        zipped([("xl/workbook.xml", b"<x/>"), ("xl/workbook.xml", b"<y/>")]),
        zipped([("xl/workbook.xml", b"<x/>"), ("xl/ảnh.png", b"")]),
    ],
    ids=["empty", "torn", "cut off", "without a directory", "ods", "part twice", "name beyond ASCII"],
)
def test_what_is_no_plain_workbook_is_left_alone(content: bytes):
    assert unpacked(content) is None


def test_a_large_workbook_is_not_unpacked_as_a_whole(monkeypatch: pytest.MonkeyPatch):
    content = zipped([("xl/workbook.xml", b"<x/>"), ("xl/worksheets/sheet1.xml", b" " * 100_000)])
    assert unpacked(content) is not None
    unpacking._with_stored_parts.cache_clear()
    monkeypatch.setattr(unpacking, "_MOST_BYTES", 50_000)
    assert unpacked(content) is None


@pytest.mark.parametrize("text", ["xl/workbook.bin", "application/vnd.oasis.opendocument.spreadsheet"])
def test_a_text_that_names_another_format_is_a_text(text: str):
    sheets = open_sheets(workbook(lambda sheet: sheet.write_string(0, 0, text)))
    assert [sheet.rows for sheet in sheets] == [[[text]]]
