"""What a file really is, whatever its name says, and why one cannot be opened.

Looks at bytes only. Branch files come as web pages called ``.xls``, as text called ``.xlsx``, or locked with a
password; each has an answer of its own, and what can be read under a wrong name is read.
"""

import io
import re
import zipfile
from enum import StrEnum

from ingest.contracts.verdicts import Reason, ReasonCode
from ingest.text.file_encoding import UTF_16_MARKS

_ZIP_MAGIC = b"PK\x03\x04"
_OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PACKED = {
    b"Rar!\x1a\x07": "RAR",
    b"7z\xbc\xaf\x27\x1c": "7-Zip",
    b"\x1f\x8b\x08": "GZ",
    b"\xfd7zXZ\x00": "XZ",
}
_BIFF_MAGICS = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00", b"\x09\x08")
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_BIFF_FILE_PASS = b"\x2f\x00"
_MARKUP = re.compile(
    rb"^\s*(?:<\?xml|<!doctype|<html|<table|<head|<body|<meta|<workbook|mime-version:)", re.IGNORECASE
)
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
_HEAD_BYTES = 4096
_WORKBOOK_MEMBERS = ("[Content_Types].xml", "mimetype")


class FileKind(StrEnum):
    """What the first bytes say: a workbook of any format or a zip, HTML or XML, text, or none of these."""

    WORKBOOK = "workbook"
    MARKUP = "markup"
    TEXT = "text"
    BINARY = "binary"


def kind_of(content: bytes) -> FileKind:
    """Tell what content is by its first bytes."""
    if content.startswith((_ZIP_MAGIC, _OLE_MAGIC, *_BIFF_MAGICS)):
        return FileKind.WORKBOOK
    if is_packed(content):
        return FileKind.BINARY
    head = content[:_HEAD_BYTES].removeprefix(b"\xef\xbb\xbf")
    if _MARKUP.match(head):
        return FileKind.MARKUP
    is_text = b"\x00" not in head or content.startswith(UTF_16_MARKS)
    return FileKind.TEXT if is_text else FileKind.BINARY


def is_workbook_archive(names: list[str]) -> bool:
    """Whether the members of a zip file are those of one workbook rather than files that were packed."""
    return any(name in names for name in _WORKBOOK_MEMBERS)


def why_unreadable(content: bytes) -> Reason:
    """Tell why a workbook could not be opened.

    Args:
        content: the file, or its beginning where that tells of a packed file.
    """
    packed = next((program for magic, program in _PACKED.items() if content.startswith(magic)), None)
    if packed is not None:
        return Reason.of(ReasonCode.PACKED_BY_OTHER, program=packed)
    return Reason.of(_why_unreadable(content))


def is_packed(content: bytes) -> bool:
    """Whether content is a packed file, but no zip."""
    return content.startswith(tuple(_PACKED))


def _why_unreadable(content: bytes) -> ReasonCode:
    if not content:
        return ReasonCode.EMPTY_FILE
    if content.startswith(_OLE_MAGIC):
        return ReasonCode.PASSWORD_PROTECTED if is_locked(content) else ReasonCode.UNREADABLE_FILE
    if content.startswith(_ZIP_MAGIC):
        return _why_archive_is_unreadable(content)
    return ReasonCode.NOT_A_WORKBOOK if kind_of(content) is FileKind.MARKUP else ReasonCode.UNREADABLE_FILE


def is_locked(content: bytes) -> bool:
    """Whether content is a workbook that is encrypted as a whole."""
    return content.startswith(_OLE_MAGIC) and (_ENCRYPTED_PACKAGE in content or _has_file_pass(content))


def _has_file_pass(content: bytes) -> bool:
    """Whether a BIFF8 stream says, right after its beginning, that what follows is encrypted."""
    start = content.find(b"\x09\x08\x10\x00\x00\x06\x05\x00")
    return start >= 0 and content[start + 20 : start + 22] == _BIFF_FILE_PASS


def _why_archive_is_unreadable(content: bytes) -> ReasonCode:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for entry in archive.infolist():
                if entry.flag_bits & 0x1:
                    return ReasonCode.PASSWORD_PROTECTED
                if entry.filename.endswith((".xml", ".rels")):
                    with archive.open(entry) as part:
                        if _DOCTYPE.search(part.read(_HEAD_BYTES)):
                            return ReasonCode.UNSAFE_XML
            manifest = (
                archive.read("META-INF/manifest.xml")
                if "META-INF/manifest.xml" in archive.namelist()
                else b""
            )
            if b"encryption-data" in manifest:
                return ReasonCode.PASSWORD_PROTECTED
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, ValueError, RuntimeError):
        pass
    return ReasonCode.UNREADABLE_FILE
