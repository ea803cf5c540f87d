"""Files made to hurt a reader, each as small as it can be and still be what it is."""

import io
import itertools
import re
import zipfile
from collections.abc import Callable
from typing import IO

import xlwt
from xlwt.CompoundDoc import XlsDoc

from tests.ingest.return_files import support_return

_MEGABYTE = 1 << 20
_SHEET = "xl/worksheets/sheet1.xml"
SheetWriter = Callable[[IO[bytes], bytes], None]


def with_sheet(write_sheet: SheetWriter) -> bytes:
    """Give a good return whose sheet was written anew; the writer gets the stream and the good XML."""
    content = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(support_return())) as good,
        zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as hostile,
    ):
        for entry in good.infolist():
            if entry.filename == _SHEET:
                with hostile.open(entry.filename, "w", force_zip64=True) as part:
                    write_sheet(part, good.read(entry))
            else:
                hostile.writestr(entry, good.read(entry))
    return content.getvalue()


def workbook_that_unpacks_to_a_gigabyte() -> bytes:
    def write(part: IO[bytes], xml: bytes) -> None:
        head, tail = xml.split(b"</sheetData>")
        part.write(head + b'<row r="1000"><c r="A1000" t="inlineStr"><is><t>')
        for _ in range(1024):
            part.write(b"a" * _MEGABYTE)
        part.write(b"</t></is></c></row></sheetData>" + tail)

    return with_sheet(write)


def workbook_with_a_million_empty_rows() -> bytes:
    def write(part: IO[bytes], xml: bytes) -> None:
        head, tail = xml.split(b"</sheetData>")
        part.write(head)
        for row in range(100, 1_000_000):
            part.write(b'<row r="%d"><c r="A%d" s="0"/><c r="B%d" s="0"/></row>' % (row, row, row))
        part.write(b"</sheetData>" + tail)

    return with_sheet(write)


def workbook_with_a_million_empty_rows_between() -> bytes:
    """Give a return whose second half stands a million formatted rows of eight cells below the first."""

    def write(part: IO[bytes], xml: bytes) -> None:
        before, row, after = re.split(rb'(?=<row r="10")|(?<=</row>)(?=<row r="11")', xml)
        part.write(before)
        for number in range(10, 1_000_000):
            cells = b"".join(b'<c r="%s%d" s="0"/>' % (column, number) for column in (b"A", b"H"))
            part.write(b'<row r="%d">%s</row>' % (number, cells))
        part.write(_moved_down(row, 999_990) + _moved_down(after, 999_990))

    return with_sheet(write)


def _moved_down(xml: bytes, rows: int) -> bytes:
    """Give the rows of a sheet's XML so many rows further down."""
    return re.sub(
        rb'(<row r="|<c r="[A-Z]+)([0-9]+)', lambda found: found[1] + b"%d" % (int(found[2]) + rows), xml
    )


def workbook_with_a_value_in_the_last_cell() -> bytes:
    def write(part: IO[bytes], xml: bytes) -> None:
        head, tail = xml.split(b"</sheetData>")
        part.write(head + b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>' + tail)

    return with_sheet(write)


def workbook_with_16384_columns() -> bytes:
    def write(part: IO[bytes], xml: bytes) -> None:
        head, tail = xml.split(b"</sheetData>")
        part.write(head + b'<row r="50"><c r="XFD50"><v>1</v></c></row></sheetData>' + tail)

    return with_sheet(write)


def workbook_with_an_entity_bomb() -> bytes:
    def write(part: IO[bytes], xml: bytes) -> None:
        names = "abcdefghij"
        entities = '<!ENTITY a "aaaaaaaaaa">' + "".join(
            f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in itertools.pairwise(names)
        )
        body = xml[xml.index(b"?>") + 2 :] if xml.startswith(b"<?xml") else xml
        cell = b'<row r="50"><c r="A50" t="inlineStr"><is><t>&j;</t></is></c></row></sheetData>'
        part.write(f"<!DOCTYPE x [{entities}]>".encode() + body.replace(b"</sheetData>", cell))

    return with_sheet(write)


def xls_locked_with_a_password() -> bytes:
    """Give a BIFF8 workbook whose first record after its beginning says that the rest is encrypted."""
    workbook = xlwt.Workbook()
    workbook.add_sheet("BM04")
    stream = workbook.get_biff_data()
    beginning = 20
    file_pass = bytes.fromhex("2f003600") + bytes.fromhex("010001000100") + bytes(48)
    content = io.BytesIO()
    XlsDoc().save(content, stream[:beginning] + file_pass + stream[beginning:])
    return content.getvalue()


def zip_with_members_of(*megabytes: int, beside: dict[str, bytes] | None = None) -> bytes:
    """Give a zip file with members that unpack to so much each, and others beside them."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, size in enumerate(megabytes, start=1):
            with archive.open(f"Ea Na 2023H1 ({number}).csv", "w", force_zip64=True) as member:
                for _ in range(size):
                    member.write(b"a" * _MEGABYTE)
        for name, sound in (beside or {}).items():
            archive.writestr(name, sound)
    return content.getvalue()


def zip_of_five_large_members() -> bytes:
    return zip_with_members_of(250, 250, 250, 250, 250)


def zip_with_a_member_of_a_gigabyte() -> bytes:
    return zip_with_members_of(1100)


def zip_of_ten_thousand_and_one_members() -> bytes:
    return zipped({f"{number}.csv": b"" for number in range(10_001)})


def zip_in_a_zip() -> bytes:
    content = zipped({"Ea Na 2023H1.xlsx": support_return()})
    return zipped({"trong.zip": content})


def zipped(members: dict[str, bytes]) -> bytes:
    """Give a zip file of some members."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, member in members.items():
            archive.writestr(name, member)
    return content.getvalue()


def with_member(workbook: bytes, name: str, member: bytes) -> bytes:
    """Give a workbook with one more part in its package."""
    content = io.BytesIO(workbook)
    with zipfile.ZipFile(content, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr(name, member)
    return content.getvalue()
