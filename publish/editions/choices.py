"""What may be asked of an edition: it is opened for reading, and half-years and programmes are held against those it knows.

Whoever reads an edition for a person (answers, reports, pages) begins here; what was asked for and is not there is one error,
whose text is for that person.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from build.reference import half_year_labels
from ingest.attribution.evidence.period_spellings import half_year_meant
from ingest.contracts.reference import load_reference
from ingest.database import open_read_only


class UnknownChoiceError(ValueError):
    """A programme or period that the edition does not know; the text lists what it knows."""


@contextmanager
def open_edition(edition: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open an edition's DuckDB file for reading.

    Raises:
        FileNotFoundError: it is not there.
    """
    if not edition.exists():
        raise FileNotFoundError(f"no edition at {edition}: publish one first (semiannual_refresh)")
    with open_read_only(edition) as connection:
        yield connection


_NEWEST_PERIODS = (
    "select newest_period from meta.edition",
    "select max(period_code) from reviews.halfyear_review where value is not null",
    "select max(period_code) from core.dim_period, meta.edition"
    " where regexp_full_match(period_code, '[0-9]{4}H[12]') and period_end < cast(as_of as date)",
)


def newest_period(connection: duckdb.DuckDBPyConnection) -> str:
    """Give the half-year to show when none is named.

    The newest for which a return was accepted; without any return the newest of which a log tells; without anything the
    one that ended last, so that there is an account of refused files as well.

    Raises:
        UnknownChoiceError: no half-year had ended when the edition was made.
    """
    for query in _NEWEST_PERIODS:
        found = connection.execute(query).fetchone()
        if found is not None and found[0] is not None:
            return str(found[0])
    raise UnknownChoiceError("Bản số liệu chưa có kỳ báo cáo nào đã kết thúc. Đề nghị chọn kỳ báo cáo.")


def half_year_asked(asked: str) -> str | None:
    """Give the half-year that an officer names, by its code or in words; what is no half-year as it is, None for nothing.

    Whether an edition knows it is for ``check_half_year`` to say.
    """
    if not asked.strip():
        return None
    return half_year_meant(asked, half_year_labels(), load_reference()) or asked


def check_half_year(connection: duckdb.DuckDBPyConnection, period: str) -> None:
    """Hold a half-year against those that an edition knows.

    Raises:
        UnknownChoiceError: it knows no such one; the text lists those it knows.
    """
    _check_known(
        connection,
        "(from core.dim_period where regexp_full_match(period_code, '[0-9]{4}H[12]'))",
        "period_code",
        "kỳ báo cáo",
        period,
    )


def check_window(
    connection: duckdb.DuckDBPyConnection, programme_code: str, first_period: str, last_period: str
) -> None:
    """Hold a programme and a window of half-years against what an edition knows.

    Raises:
        UnknownChoiceError: it knows no such programme or half-year, or the window ends before it begins.
    """
    _check_known(connection, "core.dim_programme", "programme_code", "phong trào, đề án", programme_code)
    for period in (first_period, last_period):
        check_half_year(connection, period)
    if first_period > last_period:
        labels = half_year_labels()
        raise UnknownChoiceError(
            f"Kỳ đầu ({labels.get(first_period, first_period)}) ở sau kỳ cuối"
            f" ({labels.get(last_period, last_period)}). Đề nghị chọn lại."
        )


def _check_known(
    connection: duckdb.DuckDBPyConnection, table: str, column: str, noun: str, value: str
) -> None:
    known = dict(connection.execute(f"select {column}, label_vi from {table} order by 1").fetchall())
    if value not in known:
        raise UnknownChoiceError(
            f"Bản số liệu không có {noun} “{value}”. Đề nghị chọn: {'; '.join(known.values())}."
        )
