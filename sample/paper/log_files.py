"""The activity log as the files that exports make of it: CSV in several dialects, JSON lines."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sample.events.records import LogEvent
from sample.paper.style import Spelling, spelled
from sample.paper.wording import CHOICES, PROGRAMMES, SHORT_PROGRAMMES
from sample.units import Unit

FIELD_NAMES = (
    "event_id", "occurred_at", "unit_code", "village", "programme", "activity_type", "participants", "quantity", "uom",
    "amount_vnd", "reporter", "note",
)  # fmt: skip
REGISTER = "KA"  # what the identifiers of the district's register begin with
# The letters that Windows-1258 holds as one character; tones on them are written as characters of their own.
_WITH_TONES_APART = frozenset("\u0300\u0301\u0303\u0309\u0323")


@dataclass(frozen=True)
class LogFile:
    """One exported file: its bytes, when it was received, how many events it holds, which lines are bad."""

    path: str
    content: bytes
    received_at: datetime
    events: tuple[LogEvent, ...]
    bad_line: int | None = None


@dataclass(frozen=True)
class Dialect:
    """How a year's file was exported."""

    encoding: str
    separator: str
    instant: str
    has_labels: bool
    has_short_programmes: bool = False
    decimal_comma: bool = False
    line_end: str = "\r\n"


_DIALECTS = {
    2018: Dialect("utf-8", ",", "%Y-%m-%dT%H:%M:%S", has_labels=False, line_end="\n"),
    2019: Dialect("utf-8-sig", ";", "%d/%m/%Y %H:%M", has_labels=True, decimal_comma=True),
    2020: Dialect("windows-1258", "\t", "%Y-%m-%d %H:%M", has_labels=True, has_short_programmes=True),
    2021: Dialect("windows-1258", ";", "%d/%m/%Y %H:%M", has_labels=True, decimal_comma=True),
    2022: Dialect("utf-8-sig", ",", "%Y-%m-%dT%H:%M:%S", has_labels=False),
    2023: Dialect("utf-8", "\t", "%Y-%m-%d %H:%M:%S", has_labels=True, line_end="\n"),
}
BAD_LOG_INSTANT = "2022-02-30T09:15:00"


def csv_file(year: int, events: Sequence[LogEvent], received_at: datetime) -> LogFile:
    dialect = _DIALECTS[year]
    target = io.StringIO()
    writer = csv.writer(target, delimiter=dialect.separator, lineterminator=dialect.line_end)
    writer.writerow(FIELD_NAMES)
    bad_line = None
    for number, event in enumerate(events, start=2):
        if year == 2022 and number == 1001:
            # The one bad row of the log: a day that no calendar has.
            bad = replace(event, event_id=f"{REGISTER}22-X00001", note="Nhập lại từ sổ tay")
            cells = _csv_cells(bad, dialect)
            writer.writerow([cells[0], BAD_LOG_INSTANT, *cells[2:]])
            bad_line = number
        writer.writerow(_csv_cells(event, dialect))
    text = target.getvalue()
    content = windows_1258(text) if dialect.encoding == "windows-1258" else text.encode(dialect.encoding)
    return LogFile(f"nhat-ky/nhat ky hoat dong {year}.csv", content, received_at, tuple(events), bad_line)


def _csv_cells(event: LogEvent, dialect: Dialect) -> list[str]:
    programme, activity_type, uom = event.programme, event.activity_type, event.uom
    if dialect.has_labels:
        programme = (SHORT_PROGRAMMES if dialect.has_short_programmes else PROGRAMMES)[programme]
        activity_type = spelled(CHOICES["activity_type"][activity_type], Spelling.SENTENCE)
        uom = CHOICES["uom"][uom] if uom else None
    quantity = "" if event.quantity is None else format(event.quantity.normalize(), "f")
    cells: tuple[object, ...] = (
        event.event_id,
        event.occurred_at.strftime(dialect.instant),
        _unit_name(event.unit),
        event.village,
        programme,
        activity_type,
        event.participants,
        quantity.replace(".", ",") if dialect.decimal_comma else quantity,
        uom,
        event.amount_vnd,
        event.reporter,
        event.note,
    )
    return ["" if cell is None else str(cell) for cell in cells]


def json_lines_file(events: Sequence[LogEvent], received_at: datetime) -> LogFile:
    lines = []
    for event in events:
        quantity = event.quantity
        fields = {
            "event_id": event.event_id,
            "occurred_at": f"{event.occurred_at.isoformat()}+07:00",
            "unit_code": _unit_name(event.unit),
            "village": event.village,
            "programme": event.programme,
            "activity_type": event.activity_type,
            "participants": event.participants,
            "quantity": None if quantity is None else float(quantity) if quantity % 1 else int(quantity),
            "uom": event.uom,
            "amount_vnd": event.amount_vnd,
            "reporter": event.reporter,
            "note": event.note,
        }
        lines.append(json.dumps(fields, ensure_ascii=False))
    content = ("\n".join(lines) + "\n").encode()
    return LogFile("nhat-ky/bieu mau dien thoai 2023.jsonl", content, received_at, tuple(events))


def _unit_name(unit: Unit) -> str:
    return unit.code or "Hội Phụ nữ Công an huyện"


def windows_1258(text: str) -> bytes:
    """Vietnamese text as Windows-1258 stores it: vowels with their hat or horn, tones as combining
    characters.

    Letters that the code page lacks, such as the č of Ede names, lose their mark as they do in such exports.
    """
    encoded = bytearray()
    for letter in unicodedata.normalize("NFC", text):
        try:
            encoded += letter.encode("cp1258")
            continue
        except UnicodeEncodeError:
            decomposed = unicodedata.normalize("NFD", letter)
        tones = "".join(mark for mark in decomposed if mark in _WITH_TONES_APART)
        base = unicodedata.normalize(
            "NFC", "".join(mark for mark in decomposed if mark not in _WITH_TONES_APART)
        )
        try:
            encoded += base.encode("cp1258") + tones.encode("cp1258")
        except UnicodeEncodeError:
            encoded += (decomposed[0] if decomposed[0].isascii() else "'").encode("cp1258")
    return bytes(encoded)
