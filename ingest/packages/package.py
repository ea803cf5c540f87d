"""A workbook that is a zip of parts: which parts there are, which of them are its sheets, and what they say.

The one place that knows how a part is found: names are compared without regard to case, a backslash is a slash, and the
sheets come in the order of the workbook, as calamine counts them. What the parts of a format mean is told in
``xlsx_notes``, ``ods_notes`` and ``xlsb_records``.
"""

import io
import posixpath
import struct
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any
from xml.parsers import expat  # safe here: a document type, and with it every entity, is refused

XLSX, XLSB, ODS = "xlsx", "xlsb", "ods"
ODS_CONTENT = "content.xml"

_WORKBOOKS = {XLSX: "xl/workbook.xml", XLSB: "xl/workbook.bin"}
_CHUNK_BYTES = 1 << 20
_MOST_XML_BYTES = 64 << 20
_XLSB_SHEET = 156  # MS-XLSB 2.3.2

Attributes = dict[str, str]


class NotReadError(Exception):
    """A part is too large or not what a workbook holds."""


class Package:
    """The parts of a workbook, read when they are asked for and up to a limit for all that is parsed.

    Raises:
        zipfile.BadZipFile: the bytes are no zip file.
    """

    def __init__(self, content: bytes) -> None:
        self._archive = zipfile.ZipFile(io.BytesIO(content))
        self._members = {
            name.replace("\\", "/").lstrip("/").lower(): name for name in self._archive.namelist()
        }
        self._bytes_left = _MOST_XML_BYTES

    @property
    def file_format(self) -> str | None:
        """``xlsx`` (xlsm among it), ``xlsb`` or ``ods``; None for a zip of anything else."""
        for file_format, workbook in _WORKBOOKS.items():
            if workbook in self._members:
                return file_format
        return ODS if ODS_CONTENT in self._members else None

    @property
    def names(self) -> Iterable[str]:
        """The names of all parts, in small letters."""
        return self._members

    def has(self, name: str) -> bool:
        """Whether there is such a part."""
        return name in self._members

    def is_stored(self, name: str) -> bool:
        """Whether a part lies in the package as it is."""
        return self._archive.getinfo(self._members[name]).compress_type == zipfile.ZIP_STORED

    def read(self, name: str) -> bytes:
        """Give a part whole; nothing where there is none.

        Raises:
            NotReadError: it is larger than any part of a return.
        """
        member = self._members.get(name)
        if member is None:
            return b""
        if self._archive.getinfo(member).file_size > _MOST_XML_BYTES:
            raise NotReadError("too large")
        return self._archive.read(member)

    def parse(
        self,
        name: str,
        start: Callable[[str, Attributes], Any],
        end: Callable[[str], Any] | None = None,
        text: Callable[[str], Any] | None = None,
    ) -> None:
        """Go through the XML of a part, if there is one; elements and attributes come without their prefix.

        Raises:
            NotReadError: it declares a document type, or too much has been read.
        """
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _refuse_document_type
        parser.StartElementHandler = lambda tag, attributes: start(
            tag if ":" not in tag else tag.rpartition(":")[2], _without_prefixes(attributes)
        )
        if end is not None:
            parser.EndElementHandler = lambda tag: end(tag.rpartition(":")[2])
        if text is not None:
            parser.CharacterDataHandler = text
        is_empty = True
        for chunk in self._chunks(name):
            parser.Parse(chunk, False)
            is_empty = False
        if not is_empty:
            parser.Parse(b"", True)

    def sheets(self) -> list[str | None]:
        """Give the part of every sheet of an .xlsx or .xlsb in the order of the workbook, None where there is none."""
        file_format = self.file_format
        if file_format not in _WORKBOOKS:
            return []
        workbook = _WORKBOOKS[file_format]
        targets = self._targets(f"xl/_rels/{posixpath.basename(workbook)}.rels")
        relations: list[str] = []

        def start(name: str, attributes: Attributes) -> None:
            if name == "sheet":
                relations.append(attributes.get("id", ""))

        if file_format == XLSX:
            self.parse(workbook, start)
        else:
            for kind, payload in records(self.read(workbook)):
                if kind == _XLSB_SHEET:
                    (length,) = struct.unpack_from("<I", payload, 8)
                    relations.append(payload[12 : 12 + 2 * length].decode("utf-16-le"))
        return [targets.get(relation) for relation in relations]

    def rewritten(self, changed: Mapping[str, bytes]) -> bytes:
        """Give the package with some parts changed, none of its parts compressed."""
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w") as archive:
            for name, member in self._members.items():
                archive.writestr(member, changed[name] if name in changed else self._archive.read(member))
        return target.getvalue()

    def _targets(self, relations: str) -> dict[str, str]:
        """Give the parts that relations lead to; a target may be written from the root, or as if it were."""
        targets: dict[str, str] = {}

        def start(name: str, attributes: Attributes) -> None:
            if name == "Relationship":
                target = attributes.get("Target", "").replace("\\", "/").lower()
                part = posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")
                targets[attributes.get("Id", "")] = target if part not in self._members else part

        self.parse(relations, start)
        return targets

    def _chunks(self, name: str) -> Iterator[bytes]:
        member = self._members.get(name)
        if member is None:
            return
        with self._archive.open(member) as part:
            while chunk := part.read(_CHUNK_BYTES):
                self._bytes_left -= len(chunk)
                if self._bytes_left < 0:
                    raise NotReadError("too large")
                yield chunk


@lru_cache(maxsize=1)
def open_package(content: bytes) -> Package:
    """Give the package of a file; the last one is remembered, because those who look at a file do so one after the other.

    Raises:
        zipfile.BadZipFile: the bytes are no zip file.
    """
    return Package(content)


def records(part: bytes) -> Iterator[tuple[int, bytes]]:
    """Give type and payload of each record of an .xlsb part (MS-XLSB 2.1.4).

    A type has up to two bytes of seven bits, a length up to four.

    Raises:
        ValueError: a record is cut off.
    """
    position = 0
    while position < len(part):
        kind, position = _number(part, position, 2)
        length, position = _number(part, position, 4)
        if position + length > len(part):
            raise ValueError("a record ends after its part")
        yield kind, part[position : position + length]
        position += length


def _number(part: bytes, position: int, most_bytes: int) -> tuple[int, int]:
    number = 0
    for shift in range(0, 7 * most_bytes, 7):
        if position >= len(part):
            raise ValueError("a record has no length")
        byte = part[position]
        position += 1
        number |= (byte & 0x7F) << shift
        if byte < 0x80:
            break
    return number, position


def _without_prefixes(attributes: Attributes) -> Attributes:
    for name in attributes:
        if ":" in name:
            return {name.rpartition(":")[2]: value for name, value in attributes.items()}
    return attributes


def _refuse_document_type(*_: Any) -> None:
    raise NotReadError("declares a document type")
