"""The activity log: events in CSV or JSON Lines, of any size.

A log is streamed record by record and handed over in batches, so memory stays bounded however long it is. A record's
number is the row that a spreadsheet program would show it in: the header is row 1, a blank line is a row.
"""

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ingest.cells import clean_texts
from ingest.contracts import FormContract
from ingest.headers import FormMatch, HeaderMatcher
from ingest.sheet_reading import BodyRows, StructureRun, UnplacedRow
from ingest.sheet_rows import RowKind

BATCH_RECORDS = 50_000
_PEEK_BYTES = 64 * 1024
_LONGEST_FIELD = 1 << 20
_ENCODINGS = ("utf-8-sig", "cp1258")


@dataclass(slots=True)
class LogBatch:
    """Some records of a log, one after the other."""

    body: BodyRows = field(default_factory=lambda: BodyRows([], {}, [], []))
    unplaced: list[UnplacedRow] = field(default_factory=list)
    structure: list[StructureRun] = field(default_factory=list)
    last_row: int = 0


def find_log_header(
    path: Path, file_format: str, matcher: HeaderMatcher, contract: FormContract
) -> FormMatch | None:
    """Tell whether a file is an activity log, by its first line; None when it is something else."""
    if file_format == "jsonl":
        columns = [matcher.column(index, [name]) for index, name in enumerate(contract.field_names)]
        return matcher.match(columns, "")
    with path.open("rb") as file:
        start = file.read(_PEEK_BYTES)
    for encoding in _ENCODINGS:
        try:
            text = start.decode(encoding, errors="ignore" if encoding == "utf-8-sig" else "strict")
        except UnicodeDecodeError:
            continue
        lines = text.splitlines()
        header = next(csv.reader(lines[:1], delimiter=_delimiter(lines[0])), []) if lines else []
        match = matcher.match([matcher.column(index, [name]) for index, name in enumerate(header)], "")
        return match if match is not None and match.form.name == contract.name else None
    return None


def read_log(path: Path, file_format: str, match: FormMatch) -> Iterator[LogBatch]:
    """Stream a log in batches of at most ``BATCH_RECORDS`` records.

    Args:
        path: the archived file.
        file_format: ``csv`` or ``jsonl``.
        match: what ``find_log_header`` found.
    """
    records = _json_records(path, match.form) if file_format == "jsonl" else _csv_records(path, match)
    batch = _BatchBuilder(match.form)
    for number, values, extra, unreadable in records:
        batch.add(number, values, extra, unreadable)
        if batch.size >= BATCH_RECORDS:
            yield batch.build()
            batch = _BatchBuilder(match.form)
    if batch.size:
        yield batch.build()


_Record = tuple[int, Sequence[str] | None, str | None, str | None]


class _BatchBuilder:
    """Collects records a column at a time."""

    def __init__(self, form: FormContract) -> None:
        self._names = form.field_names
        self._rows: list[Sequence[str]] = []
        self._numbers: list[int] = []
        self._extra: list[str | None] = []
        self._batch = LogBatch()

    @property
    def size(self) -> int:
        return len(self._rows) + len(self._batch.unplaced) + len(self._batch.structure)

    def add(
        self, number: int, values: Sequence[str] | None, extra: str | None, unreadable: str | None
    ) -> None:
        self._batch.last_row = number
        if values is not None:
            self._rows.append(values)
            self._numbers.append(number)
            self._extra.append(extra)
        elif unreadable is not None:
            self._batch.unplaced.append(UnplacedRow(number, unreadable))
        else:
            kind = RowKind.HEADER if extra is not None else RowKind.BLANK
            self._batch.structure.append(StructureRun(1, number, number, kind, extra))

    def build(self) -> LogBatch:
        columns = [clean_texts(column) for column in zip(*self._rows, strict=True)]
        self._batch.body = BodyRows(
            row_numbers=self._numbers,
            fields=dict(zip(self._names, columns, strict=True)) if columns else {},
            cell_types=["t" * len(self._names)] * len(self._numbers),  # in a log all is text
            extra_cells=self._extra,
        )
        return self._batch


def _csv_records(path: Path, match: FormMatch) -> Iterator[_Record]:
    csv.field_size_limit(_LONGEST_FIELD)
    indexes = [
        match.columns[name].index if name in match.columns else None for name in match.form.field_names
    ]
    extra_columns = [(column.index, column.text) for column in match.extra]
    with path.open(encoding=_encoding(path), errors="replace", newline="") as file:
        delimiter = _delimiter(file.readline())
        file.seek(0)
        reader = csv.reader(file, delimiter=delimiter)
        width = 0
        number = 0
        while True:
            number += 1
            try:
                record = next(reader, None)
            except csv.Error as error:
                yield number, None, None, json.dumps({"A": f"[{error}]"}, ensure_ascii=False)
                continue
            if record is None:
                return
            if number == 1:
                width = len(record)
                yield number, None, _as_json(record), None
            elif not any(record):
                yield number, None, None, None
            elif len(record) > width and any(record[width:]):
                yield number, None, None, _as_json(record)
            else:
                size = len(record)
                values = [record[index] if index is not None and index < size else "" for index in indexes]
                extra = {
                    text: record[index] for index, text in extra_columns if index < size and record[index]
                }
                yield number, values, json.dumps(extra, ensure_ascii=False) if extra else None, None


def _json_records(path: Path, form: FormContract) -> Iterator[_Record]:
    known = set(form.field_names)
    with path.open(encoding=_encoding(path), errors="replace") as file:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                yield number, None, None, None
                continue
            try:
                record = json.loads(line, parse_float=str, parse_int=str)
            except (ValueError, RecursionError):
                record = None
            if not isinstance(record, dict):
                yield number, None, None, json.dumps({"A": line.strip()}, ensure_ascii=False)
                continue
            values = [_json_text(record.get(name)) for name in form.field_names]
            extra = {name: value for name, value in record.items() if name not in known}
            yield number, values, json.dumps(extra, ensure_ascii=False) if extra else None, None


def _json_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)


def _as_json(record: Sequence[str]) -> str:
    return json.dumps(
        {str(position): text for position, text in enumerate(record, start=1) if text}, ensure_ascii=False
    )


def _delimiter(line: str) -> str:
    return max(",;\t", key=line.count)


def _encoding(path: Path) -> str:
    """Find the encoding by decoding all of it: UTF-8, else Windows-1258."""
    try:
        with path.open(encoding="utf-8-sig") as file:
            while file.read(_PEEK_BYTES):
                pass
    except UnicodeDecodeError:
        return "cp1258"
    return "utf-8-sig"
