"""The fast way for logs that are plain: DuckDB reads the file itself.

A log is plain when it is comma-separated or the like, composed UTF-8, nothing quoted, a record a line. Its header and its
beginning are looked at before; all other bytes while DuckDB reads, and then the lines must be as many as the records that
arrived. Blanks around values stay; whoever judges values takes them off. Anything else goes through ``activity_log``,
which is slower and takes everything.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import duckdb

from ingest.headers import FormMatch

_CHUNK_BYTES = 1 << 22
_NOT_PLAIN = (b"\xcc", b"\xcd", b"\xc2\xa0", b"\x00", b'"')  # combining marks, no-break spaces, NUL, quotes


class NotPlainError(Exception):
    """The file turned out to be other than it began; nothing of it may stay in the database."""


@dataclass(frozen=True, slots=True)
class PlainLog:
    """A log that DuckDB may be able to read, and its delimiter."""

    path: Path
    delimiter: str


def survey_log(path: Path, match: FormMatch) -> PlainLog | None:
    """Look at how a CSV log begins; None when it is not plain."""
    with path.open("rb") as file:
        header = file.readline()
        beginning = file.read(_CHUNK_BYTES)
    delimiter = max(b",", b";", b"\t", key=header.count)
    if match.extra or header.count(b'"') or header.count(delimiter) + 1 != len(match.columns):
        return None
    return PlainLog(path, delimiter.decode()) if _is_plain(beginning) else None


def _is_plain(chunk: bytes) -> bool:
    return not any(mark in chunk for mark in _NOT_PLAIN)


def _count_plain_lines(path: Path) -> int:
    """Count the lines of a log with its header.

    Raises:
        NotPlainError: some of its bytes are not plain.
    """
    lines, last = 1, b"\n"
    with path.open("rb") as file:
        file.readline()
        while chunk := file.read(_CHUNK_BYTES):
            if not _is_plain(chunk):
                raise NotPlainError(f"quotes, combining marks or the like before byte {file.tell()}")
            lines += chunk.count(b"\n")
            last = chunk[-1:]
    return lines if last == b"\n" else lines + 1


def scan_log(
    connection: duckdb.DuckDBPyConnection, log: PlainLog, match: FormMatch, submission_id: str
) -> int:
    """Insert a plain log into its ``raw`` table, in the caller's transaction; gives its lines with the header.

    Raises:
        NotPlainError: it is not plain, could not be read, or another number of records than lines arrived.
    """
    form = match.form
    order = sorted(match.columns, key=lambda name: match.columns[name].index)
    parameters = {"path": str(log.path), "submission_id": submission_id}
    columns = ", ".join(f"'{name}': 'varchar'" for name in order)
    statement = f"""
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
        """
    with ThreadPoolExecutor(1) as survey:
        counting = survey.submit(_count_plain_lines, log.path)
        try:
            inserted = connection.execute(statement, parameters).fetchone()
        except duckdb.Error as error:
            raise NotPlainError(str(error)) from error
        lines = counting.result()
    if inserted is None or inserted[0] != lines - 1:
        raise NotPlainError(f"{lines} lines, {inserted and inserted[0]} records")
    return lines
