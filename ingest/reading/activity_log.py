"""The activity log: events in CSV or JSON Lines, of any size.

A log is streamed record by record and handed over in batches, so memory stays bounded however long it is. A record's
number is the row that a spreadsheet program would show it in: the header is row 1, a blank line is a row.
"""

import csv
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from ingest.contracts.forms import FormContract
from ingest.headers.form_match import FormMatch
from ingest.headers.matcher import HeaderMatcher
from ingest.rows.kinds import RowKind
from ingest.tables.columns.day_order import DOUBTFUL_LETTER, reads_both_ways, tells_month_first
from ingest.tables.results import BodyRows, StructureRun, UnplacedRow
from ingest.text.cells import clean_texts
from ingest.text.delimited import find_delimiter, lines_of, read_records
from ingest.text.file_encoding import TextEncoding, encoding_of_file, encoding_of_start
from ingest.text.folding import fold

BATCH_RECORDS = 10_000
BATCH_LETTERS = 4_000_000
LONGEST_LINE = 1 << 20
_LINE_END = re.compile(rb"[\r\n]")
_PEEK_BYTES = 64 * 1024
_PEEK_RECORDS = 200


@dataclass(slots=True)
class LogBatch:
    """Some lines of a log, one after the other: each is a record, waits, or is structure.

    Attributes:
        body: the records, as columns of text.
        unplaced: lines that could not be read.
        structure: runs of blank lines, and of headers that stand again.
        last_row: number of the last line, from 1.
    """

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
    encoding = encoding_of_start(start)
    text = start.decode(encoding.codec, "ignore" if encoding.legacy is None else encoding.errors)
    lines = list(encoding.lines(lines_of(text)[:1]))
    header = next(csv.reader(lines, delimiter=find_delimiter(lines)), [])
    match = matcher.match([matcher.column(index, [name]) for index, name in enumerate(header)], "")
    return match if match is not None and match.form.name == contract.name else None


def has_endless_line(path: Path) -> bool:
    """Whether a file has a line of more than ``LONGEST_LINE`` bytes, which is no event's and would have to be held whole."""
    so_far = 0
    with path.open("rb") as file:
        while chunk := file.read(LONGEST_LINE):
            first = next((match.start() for match in _LINE_END.finditer(chunk)), len(chunk))
            if so_far + first > LONGEST_LINE:
                return True
            last = max(chunk.rfind(b"\n"), chunk.rfind(b"\r"))
            so_far = so_far + len(chunk) if last < 0 else len(chunk) - last - 1
    return False


def read_log(path: Path, file_format: str, match: FormMatch) -> Iterator[LogBatch]:
    """Stream a log in batches of at most ``BATCH_RECORDS`` records, fewer where they are long.

    Args:
        path: the archived file.
        file_format: ``csv`` or ``jsonl``.
        match: what ``find_log_header`` found.
    """
    records = _json_records(path, match.form) if file_format == "jsonl" else _csv_records(path, match)
    batch = _BatchBuilder(match.form)
    for record in records:
        batch.add(record)
        if batch.size >= BATCH_RECORDS or batch.letters >= BATCH_LETTERS:
            yield batch.build()
            batch = _BatchBuilder(match.form)
    if batch.size:
        yield batch.build()


@dataclass(frozen=True, slots=True)
class _Record:
    """One record: values with a type letter each, or the header, or what cannot be read; nothing of these is blank."""

    number: int
    values: Sequence[str] | None = None
    letters: str = ""
    extra: str | None = None
    structure: str | None = None
    unreadable: str | None = None


class _BatchBuilder:
    """Collects records a column at a time."""

    def __init__(self, form: FormContract) -> None:
        self._names = form.field_names
        self._rows: list[Sequence[str]] = []
        self._numbers: list[int] = []
        self._letters: list[str] = []
        self._extra: list[str | None] = []
        self._batch = LogBatch()
        self.letters = 0

    @property
    def size(self) -> int:
        return len(self._rows) + len(self._batch.unplaced) + len(self._batch.structure)

    def add(self, record: _Record) -> None:
        self._batch.last_row = record.number
        if record.values is not None:
            self.letters += sum(map(len, record.values))
            self._rows.append(record.values)
            self._numbers.append(record.number)
            self._letters.append(record.letters)
            self._extra.append(record.extra)
        elif record.unreadable is not None:
            self.letters += len(record.unreadable)
            self._batch.unplaced.append(UnplacedRow(record.number, record.unreadable))
        else:
            kind = RowKind.BLANK if record.structure is None else RowKind.HEADER
            self._batch.structure.append(
                StructureRun(1, record.number, record.number, kind, record.structure)
            )

    def build(self) -> LogBatch:
        columns = [clean_texts(column) for column in zip(*self._rows, strict=True)]
        self._batch.body = BodyRows(
            row_numbers=self._numbers,
            fields=dict(zip(self._names, columns, strict=True)) if columns else {},
            cell_types=self._letters,
            extra_cells=self._extra,
        )
        return self._batch


@dataclass(slots=True)
class _Layout:
    """Where the fields of a log stand: by its header, or by another one that stands in its middle.

    Attributes:
        width: fields that a record may have.
    """

    names: Mapping[str, str]
    indexes: list[int | None]
    extra: list[tuple[int, str]]
    width: int

    @classmethod
    def of(cls, match: FormMatch, header: Sequence[str]) -> "_Layout":
        """Read it from the first record."""
        names = {fold(match.columns[name].text): name for name in match.columns}
        indexes = [
            match.columns[name].index if name in match.columns else None for name in match.form.field_names
        ]
        return cls(names, indexes, [(column.index, column.text) for column in match.extra], len(header))

    def is_header(self, record: Sequence[str]) -> bool:
        """Whether a record is a header again: most of what it holds are names of columns, and at least three."""
        texts = [text for text in record if text]
        known = sum(fold(text) in self.names for text in texts)
        return known >= min(3, len(self.names)) and 2 * known > len(texts)

    def read_again(self, header: Sequence[str], form: FormContract) -> None:
        """Read by another header from now on; two exports may have been put together."""
        places = {self.names.get(fold(text)): index for index, text in enumerate(header)}
        self.indexes = [places.get(name) for name in form.field_names]
        self.extra = [
            (index, text) for index, text in enumerate(header) if text and fold(text) not in self.names
        ]
        self.width = len(header)


def _csv_records(path: Path, match: FormMatch) -> Iterator[_Record]:
    encoding = encoding_of_file(path)
    is_month_first = _is_month_first(path, encoding)
    day = match.form.field_names.index(match.form.event_date) if match.form.event_date else None
    with path.open(encoding=encoding.codec, errors=encoding.errors, newline="") as file:
        delimiter = find_delimiter([file.readline()])
        file.seek(0)
        layout: _Layout | None = None
        closed_by_delimiter = _ends_with_delimiter(path, encoding, delimiter)
        for number, record in enumerate(read_records(encoding.lines(file), delimiter), start=1):
            if record:
                record[0] = record[0].lstrip("\ufeff")
            if not any(record) and number > 1:
                yield _Record(number)
            elif layout is None or layout.is_header(record):
                if layout is None:
                    layout = _Layout.of(match, record)
                else:
                    layout.read_again(record, match.form)
                yield _Record(number, structure=_as_json(record))
            elif len(record) > layout.width + closed_by_delimiter or any(record[layout.width :]):
                yield _Record(number, unreadable=_as_json(record))
            else:
                size = len(record)
                values = [
                    record[index] if index is not None and index < size else "" for index in layout.indexes
                ]
                letters = "t" * len(values)
                if is_month_first and day is not None and reads_both_ways(values[day], "t"):
                    letters = letters[:day] + DOUBTFUL_LETTER + letters[day + 1 :]
                extra = {
                    text: record[index] for index, text in layout.extra if index < size and record[index]
                }
                yield _Record(number, values, letters, _json_or_none(extra))


def _ends_with_delimiter(path: Path, encoding: TextEncoding, delimiter: str) -> bool:
    """Whether a log closes its records with a delimiter, and its header not; by its first records."""
    with path.open(encoding=encoding.codec, errors=encoding.errors, newline="") as file:
        header, *records = list(islice(read_records(encoding.lines(file), delimiter), _PEEK_RECORDS)) or [[]]
    records = [record for record in records if any(record)]
    return bool(records) and all(len(record) == len(header) + 1 and not record[-1] for record in records)


def _is_month_first(path: Path, encoding: TextEncoding) -> bool:
    """Whether a log holds a day that can only be month first; a line without a slash holds none."""
    with path.open(encoding=encoding.codec, errors=encoding.errors) as file:
        return any("/" in line and tells_month_first([line]) for line in file)


class _Number(str):
    """A JSON number, as it was written."""

    __slots__ = ()


def _json_records(path: Path, form: FormContract) -> Iterator[_Record]:
    known = set(form.field_names)
    encoding = encoding_of_file(path)
    is_month_first = _is_month_first(path, encoding)
    with path.open(encoding=encoding.codec, errors=encoding.errors) as file:
        for number, line in enumerate(encoding.lines(file), start=1):
            if not line.strip():
                yield _Record(number)
                continue
            try:
                record = json.loads(line, parse_float=_Number, parse_int=_Number)
            except (ValueError, RecursionError):
                record = None
            if not isinstance(record, dict):
                yield _Record(number, unreadable=json.dumps({"A": line.strip()}, ensure_ascii=False))
                continue
            cells = [record.get(name) for name in form.field_names]
            letters = "".join(
                "n"
                if isinstance(cell, _Number)
                else DOUBTFUL_LETTER
                if is_month_first
                and name == form.event_date
                and isinstance(cell, str)
                and reads_both_ways(cell, "t")
                else "t"
                for name, cell in zip(form.field_names, cells, strict=True)
            )
            extra = {name: value for name, value in record.items() if name not in known}
            yield _Record(number, [_json_text(cell) for cell in cells], letters, _json_or_none(extra))


def _json_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return str(value)
    return json.dumps(value, ensure_ascii=False)


def _json_or_none(extra: Mapping[str, object]) -> str | None:
    return json.dumps(extra, ensure_ascii=False) if extra else None


def _as_json(record: Sequence[str]) -> str:
    return json.dumps(
        {str(position): text for position, text in enumerate(record, start=1) if text}, ensure_ascii=False
    )
