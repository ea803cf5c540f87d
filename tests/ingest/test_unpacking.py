"""A workbook whose parts are stored holds the same parts, and what could be anything else stays as it is."""

import io
import warnings
import zipfile
from collections.abc import Callable

import pytest
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from ingest import unpacking
from ingest.submission import open_sheets
from ingest.unpacking import unpacked


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


RETURN = workbook(lambda sheet: sheet.merge_range(0, 0, 0, 2, "BIỂU 04"))


def test_the_parts_are_the_same_and_none_is_compressed():
    content = unpacked(RETURN)
    assert content is not None
    assert parts_of(content) == parts_of(RETURN) != {}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {entry.compress_type for entry in archive.infolist()} == {zipfile.ZIP_STORED}


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
