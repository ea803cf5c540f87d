"""The fast way for logs that are plain: DuckDB reads the file itself.

A log is plain when it is comma-separated or the like, composed UTF-8, nothing quoted, a record a line. All of its bytes
are looked at before, and afterwards as many records as lines must have arrived. DuckDB numbers rows with one core, so
several pieces of the file are numbered side by side, and inserted in any order; a piece itself is numbered as it lies.
Blanks around values stay; whoever judges values takes them off. Anything else goes through ``activity_log``, which is
slower and takes everything.
"""

import os
import re
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import duckdb

from ingest.database import rows_in_any_order
from ingest.headers.form_match import FormMatch

_CHUNK_BYTES = 1 << 22
_MOST_PIECES = min(4, os.cpu_count() or 1)
_NOT_PLAIN = (
    b"\xcc",
    b"\xcd",
    b"\x00",
    b'"',
    b"\xef\xbb\xbf",
)  # combining marks, NUL, quotes, a mark of order
_MONTH_FIRST = re.compile(rb"(?<![\d/])(?:0?[1-9]|1[0-2])/(?:1[3-9]|2\d|3[01])/\d{2}")


class NotPlainError(Exception):
    """The file turned out to be other than it looked; nothing of it may stay in the database."""


@dataclass(frozen=True, slots=True)
class PlainLog:
    """A log that DuckDB may be able to read.

    Attributes:
        line_counts: how many lines were read after each chunk, the header among them; the last is that of the file.
    """

    path: Path
    delimiter: str
    line_counts: tuple[int, ...]

    def pieces(self) -> list[tuple[int, int]]:
        """Give the lines of up to ``_MOST_PIECES`` pieces of about the same size: first, and first after, from 0."""
        last = len(self.line_counts) - 1
        count = max(1, min(_MOST_PIECES, last))
        ends = [self.line_counts[last * number // count] for number in range(1, count + 1)]
        return list(pairwise((1, *ends)))


def survey_log(path: Path, match: FormMatch) -> PlainLog | None:
    """Look at all bytes of a CSV log; None when it is not plain."""
    with path.open("rb") as file:
        header = file.readline(_CHUNK_BYTES)
        delimiter = max(b",", b";", b"\t", key=header.count)
        if match.extra or header.count(b'"') or header.count(delimiter) + 1 != len(match.columns):
            return None
        # the day's header in the middle may be that of another export, put behind this one
        day = match.columns[match.form.event_date or ""].index
        day_header = header.removeprefix(b"\xef\xbb\xbf").strip().split(delimiter)[day]
        line_counts = [1]
        while chunk := file.read(_CHUNK_BYTES) + file.readline(_CHUNK_BYTES):
            if not _is_plain(chunk) or day_header in chunk:
                return None
            line_counts.append(line_counts[-1] + chunk.count(b"\n") + (not chunk.endswith(b"\n")))
    return PlainLog(path, delimiter.decode(), tuple(line_counts))


def _is_plain(chunk: bytes) -> bool:
    """Whether whole lines are a record each, without anything that would have to be changed in them."""
    return not (
        any(mark in chunk for mark in _NOT_PLAIN)
        or (b"/" in chunk and _MONTH_FIRST.search(chunk))
        or (b"\xc2" in chunk and b"\xc2\xa0" in chunk)  # a no-break space
        or b"\n\n" in chunk
        or chunk.startswith((b"\n", b"\r"))
        or (b"\r" in chunk and (b"\n\r" in chunk or chunk.count(b"\r") != chunk.count(b"\r\n")))
    )


def scan_log(
    connection: duckdb.DuckDBPyConnection, log: PlainLog, match: FormMatch, submission_id: str
) -> int:
    """Insert a plain log into its ``raw`` table, in the caller's transaction; gives its lines with the header.

    Raises:
        NotPlainError: it could not be read, or another number of records than lines arrived.
    """
    form = match.form
    lines = log.line_counts[-1]
    # row_number() without an order, and limit, take a piece as it lies with one core, whatever is said of insertion
    order = sorted(match.columns, key=lambda name: match.columns[name].index)
    columns = ", ".join(f"'{name}': 'varchar'" for name in order)
    pieces = " union all ".join(
        f"""
        select row_number() over () + {first} as row_number, {", ".join(order)}
        from (
            from read_csv(
                $path, auto_detect = false, header = false, skip = {first}, delim = '{log.delimiter}', quote = '',
                escape = '', columns = {{{columns}}}
            )
            {f"limit {after - first}" if after < lines else ""}
        )
        """
        for first, after in log.pieces()
    )
    statement = f"""
        insert into raw.{form.name} by name
        select
            $submission_id as submission_id,
            1::integer as sheet_number,
            1::integer as table_number,
            '{"t" * len(form.fields)}' as cell_types,
            1::bigint as money_scale,
            *
        from ({pieces})
        """
    try:
        parameters = {"path": str(log.path), "submission_id": submission_id}
        with rows_in_any_order(connection):
            inserted = connection.execute(statement, parameters).fetchone()
    except duckdb.Error as error:
        raise NotPlainError(str(error)) from error
    if inserted is None or inserted[0] != lines - 1:
        raise NotPlainError(f"{lines} lines, {inserted and inserted[0]} records")
    return lines
