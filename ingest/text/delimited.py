"""Delimited text as records, forgiving of the quotes that people leave open.

``csv`` takes a lone quotation mark for the beginning of a field that goes on over the next lines, and would swallow the
records there. A line that was swallowed and has all the delimiters of a record of its own is given back as one.
"""

import csv
import io
import re
from collections import deque
from collections.abc import Iterable, Iterator

LONGEST_FIELD = 1 << 20
_TEXT_AS_FORMULA = re.compile(r'="((?:[^"]|"")*)"')


def find_delimiter(lines: Iterable[str]) -> str:
    """Give the delimiter that stands most often in some lines: comma, semicolon or tab."""
    text = "".join(lines)
    return max(",;\t", key=text.count)


def lines_of(text: str) -> list[str]:
    """Give the lines of a text with their ends, which are CR, LF or CRLF: U+000B or U+2028 is a sign within a text."""
    return io.StringIO(text, newline="").readlines()


def read_records(lines: Iterable[str], delimiter: str) -> Iterator[list[str]]:
    """Give the records of delimited text, a blank line as an empty one; ``="0650"`` is the text that Excel shows for it.

    Args:
        lines: the text's lines with their ends.
        delimiter: one character.
    """
    csv.field_size_limit(LONGEST_FIELD)
    coming = iter(lines)
    waiting: deque[str] = deque()
    width = 0
    while True:
        taken: list[str] = []
        try:
            record = next(csv.reader(_noting(waiting, coming, taken), delimiter=delimiter), None)
        except csv.Error:
            record = []
        if record is None:
            return
        has_swallowed = any(line.count(delimiter) >= max(1, width - 1) for line in taken[1:])
        if has_swallowed or (not record and taken[0].strip()):
            record = taken[0].rstrip("\r\n").split(delimiter)
            waiting.extendleft(reversed(taken[1:]))
        yield [_shown(value) for value in record] if any("=" in line for line in taken) else record
        width = width or len(record)


def _shown(value: str) -> str:
    """Give the text of a formula that is nothing but a text, which web exports write to keep digits as they are."""
    formula = _TEXT_AS_FORMULA.fullmatch(value)
    return formula[1].replace('""', '"') if formula else value


def _noting(waiting: deque[str], coming: Iterator[str], taken: list[str]) -> Iterator[str]:
    """Hand lines on one by one, those that were put back first, and keep those that were asked for."""
    while (line := waiting.popleft() if waiting else next(coming, None)) is not None:
        taken.append(line)
        yield line
