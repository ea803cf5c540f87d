"""The fast way for logs that are plain: DuckDB reads the file itself.

A survey of the bytes says whether a log is plain: comma-separated or the like, composed UTF-8, nothing quoted, a record
a line. Blanks around values stay; whoever judges values takes them off. Whether that was true is checked again by counting what arrived; anything else goes through
``activity_log``, which is slower and takes everything.
"""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from ingest.headers import FormMatch

_CHUNK_BYTES = 1 << 22
_NOT_PLAIN = (b"\xcc", b"\xcd", b"\xc2\xa0", b"\x00", b'"')  # combining marks, no-break spaces, NUL, quotes


class NotPlainError(Exception):
    """The file turned out to be other than the survey said; nothing of it may stay in the database."""


@dataclass(frozen=True, slots=True)
class PlainLog:
    """A log that DuckDB can read: its delimiter, and how many lines it has with the header."""

    path: Path
    delimiter: str
    lines: int


def survey_log(path: Path, match: FormMatch) -> PlainLog | None:
    """Look once at the bytes of a CSV log; None when it is not plain."""
    with path.open("rb") as file:
        header = file.readline()
        delimiter = max(b",", b";", b"\t", key=header.count)
        if match.extra or header.count(b'"') or header.count(delimiter) + 1 != len(match.columns):
            return None
        lines, last = 1, b"\n"
        while chunk := file.read(_CHUNK_BYTES):
            if any(mark in chunk for mark in _NOT_PLAIN):
                return None
            lines += chunk.count(b"\n")
            last = chunk[-1:]
    return PlainLog(path, delimiter.decode(), lines if last == b"\n" else lines + 1)


def scan_log(
    connection: duckdb.DuckDBPyConnection, log: PlainLog, match: FormMatch, submission_id: str
) -> None:
    """Insert a plain log into its ``raw`` table, in the caller's transaction.

    Raises:
        NotPlainError: it could not be read, or another number of records than lines arrived.
    """
    form = match.form
    order = sorted(match.columns, key=lambda name: match.columns[name].index)
    parameters = {"path": str(log.path), "submission_id": submission_id}
    columns = ", ".join(f"'{name}': 'varchar'" for name in order)
    try:
        inserted = connection.execute(
            f"""
            insert into raw.{form.name} by name
            select
                $submission_id as submission_id,
                1::integer as sheet_number,
                1::integer as table_number,
                row_number() over () + 1 as row_number,
                '{"t" * len(form.fields)}' as cell_types,
                1::bigint as money_scale,
                {", ".join(order)}
            from read_csv(
                $path, auto_detect = false, header = true, delim = '{log.delimiter}', quote = '', escape = '',
                columns = {{{columns}}}
            )
            """,
            parameters,
        ).fetchone()
    except duckdb.Error as error:
        raise NotPlainError(str(error)) from error
    if inserted is None or inserted[0] != log.lines - 1:
        raise NotPlainError(f"{log.lines} lines, {inserted and inserted[0]} records")
