"""Reviews as files for people without a database: CSV and Parquet in the outbox.

Rows come from an edition, never from the working database, so a file shows what was published. The files of a review
are replaced together with one rename each; what a file is called tells what is in it.
"""

import codecs
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from ingest.database import open_read_only
from ingest.durable import put_in_place
from ingest.troubles import telling_troubles


class UnknownChoiceError(ValueError):
    """A programme or period that the edition does not know; the text lists what it knows."""


@dataclass(frozen=True, slots=True)
class ReviewFiles:
    """One review written to the outbox; ``rows`` without the header."""

    csv: Path
    parquet: Path
    rows: int


@telling_troubles()
def review_programme(
    edition: Path, programme_code: str, first_period: str, last_period: str, outbox: Path
) -> ReviewFiles:
    """Write the review of one programme over any window of half-years.

    Args:
        edition: an edition's DuckDB file, or ``current.duckdb``.
        programme_code: a code of ``core.dim_programme``.
        first_period: first half-year of the window (``2018H2``).
        last_period: last half-year of the window; not before the first.
        outbox: the files go to its folder ``reviews``.

    Raises:
        FileNotFoundError: there is no edition yet.
        UnknownChoiceError: the edition knows no such programme or half-year, or the window ends before it begins.
    """
    with _open_edition(edition) as connection:
        _check_known(connection, "core.dim_programme", "programme_code", programme_code)
        for period in (first_period, last_period):
            _check_half_year(connection, period)
        if first_period > last_period:
            raise UnknownChoiceError(f"the window ends ({last_period}) before it begins ({first_period})")
        return _write(
            connection,
            "select * from reviews.programme_review_over($programme, $first, $last)"
            " order by indicator_code, unit_key, period_code",
            {"programme": programme_code, "first": first_period, "last": last_period},
            outbox / "reviews" / f"{programme_code}_{first_period}_{last_period}",
        )


@telling_troubles()
def review_half_year(edition: Path, period_code: str | None, outbox: Path) -> ReviewFiles:
    """Write the review of one half-year, for every unit and the district.

    Args:
        edition: an edition's DuckDB file, or ``current.duckdb``.
        period_code: a half-year (``2023H1``); see ``newest_period`` when None.
        outbox: the files go to its folder ``reviews``.

    Raises:
        FileNotFoundError: there is no edition yet.
        UnknownChoiceError: the edition has no such half-year.
    """
    with _open_edition(edition) as connection:
        period = period_code or newest_period(connection)
        _check_half_year(connection, period)
        return _write(
            connection,
            "select * from reviews.halfyear_review where period_code = $period order by unit_key, indicator_code",
            {"period": period},
            outbox / "reviews" / f"halfyear_{period}",
        )


@contextmanager
def _open_edition(edition: Path) -> Iterator[duckdb.DuckDBPyConnection]:
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
    """
    for query in _NEWEST_PERIODS:
        found = connection.execute(query).fetchone()
        if found is not None and found[0] is not None:
            return str(found[0])
    raise UnknownChoiceError("the edition knows no half-year that has ended: name a period")


def _check_half_year(connection: duckdb.DuckDBPyConnection, period: str) -> None:
    _check_known(
        connection,
        "(from core.dim_period where regexp_full_match(period_code, '[0-9]{4}H[12]'))",
        "period_code",
        period,
    )


def _check_known(connection: duckdb.DuckDBPyConnection, table: str, column: str, value: str) -> None:
    known = [str(row[0]) for row in connection.execute(f"select {column} from {table} order by 1").fetchall()]
    if value not in known:
        raise UnknownChoiceError(f"no {column} {value!r}; known are: {', '.join(known)}")


def _write(
    connection: duckdb.DuckDBPyConnection, query: str, values: dict[str, str], stem: Path
) -> ReviewFiles:
    stem.parent.mkdir(parents=True, exist_ok=True)
    connection.execute(f"create temp table review as {query}", values)
    written = {}
    for suffix, options in ((".csv", "format csv, header"), (".parquet", "format parquet, compression zstd")):
        path = stem.with_name(stem.name + suffix)
        unfinished = path.with_name(f".{path.name}")
        connection.execute(f"copy review to '{str(unfinished).replace(chr(39), chr(39) * 2)}' ({options})")
        if suffix == ".csv":
            # Excel takes a text file for UTF-8 only when it begins with this mark
            unfinished.write_bytes(codecs.BOM_UTF8 + unfinished.read_bytes())
        put_in_place(unfinished, path)
        written[suffix] = path
    counted = connection.execute("select count(*) from review").fetchone()
    return ReviewFiles(
        csv=written[".csv"], parquet=written[".parquet"], rows=int(counted[0]) if counted else 0
    )
