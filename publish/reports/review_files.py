"""Reviews as files for those without a database: for people in the outbox, for programs in ``exports``.

Rows come from an edition, never from the working database, so a file shows what was published. The files of a review
are replaced together with one rename each; what a file is called tells what is in it.

A spreadsheet reads a number by the habits of its country, and where the mark between whole and part is another one it
says nothing: ``15456.000`` is fifteen million in Vietnam. So people get the decimal comma, programs the point, and none
writes three figures behind its mark, by which alone a mark could be taken for one that groups thousands: opened in the
wrong habits a number stays what it is or stays text.
"""

import codecs
from dataclasses import dataclass
from pathlib import Path

import duckdb

from ingest.durable import make_folder, put_in_place
from ingest.home import WarehouseHome
from ingest.troubles import telling_troubles
from publish.editions.choices import check_half_year, check_window, newest_period, open_edition
from publish.editions.contents.parquet import write_parquet
from publish.editions.edition import quoted

# Excel takes a text file for UTF-8 only when it begins with this mark
UTF_8 = codecs.BOM_UTF8


@dataclass(frozen=True, slots=True)
class ReviewFiles:
    """One review, written.

    Attributes:
        csv: for people: semicolons, decimal commas, columns by their Vietnamese labels, marked as UTF-8.
        plain_csv: for programs: commas, decimal points, columns by their names, no mark.
        parquet: with the types of the columns.
        rows: without the header.
    """

    csv: Path
    plain_csv: Path
    parquet: Path
    rows: int


@dataclass(frozen=True, slots=True)
class _Review:
    """A review to be written.

    Attributes:
        query, values: SQL with named parameters, and their values.
        table: the table of the schema ``reviews`` that has the labels of its columns.
        name: of its files, without ending.
    """

    query: str
    values: dict[str, str]
    table: str
    name: str


@telling_troubles()
def review_programme(
    edition: Path, programme_code: str, first_period: str, last_period: str, home: WarehouseHome
) -> ReviewFiles:
    """Write the review of one programme over any window of half-years.

    Args:
        edition: an edition's DuckDB file, or ``current.duckdb``.
        programme_code: a code of ``core.dim_programme``.
        first_period: first half-year of the window (``2018H2``).
        last_period: last half-year of the window; not before the first.
        home: the files go to its folders ``outbox/reviews`` and ``exports``.

    Raises:
        FileNotFoundError: there is no edition yet.
        UnknownChoiceError: the edition knows no such programme or half-year, or the window ends before it begins.
    """
    with open_edition(edition) as connection:
        check_window(connection, programme_code, first_period, last_period)
        review = _Review(
            query="select * from reviews.programme_review_over($programme, $first, $last)"
            " order by indicator_code, unit_key, period_code",
            values={"programme": programme_code, "first": first_period, "last": last_period},
            table="programme_review",
            name=f"{programme_code}_{first_period}_{last_period}",
        )
        return _write(connection, review, home)


@telling_troubles()
def review_half_year(edition: Path, period_code: str | None, home: WarehouseHome) -> ReviewFiles:
    """Write the review of one half-year, for every unit and the district.

    Args:
        edition: an edition's DuckDB file, or ``current.duckdb``.
        period_code: a half-year (``2023H1``); see ``newest_period`` when None.
        home: the files go to its folders ``outbox/reviews`` and ``exports``.

    Raises:
        FileNotFoundError: there is no edition yet.
        UnknownChoiceError: the edition has no such half-year.
    """
    with open_edition(edition) as connection:
        period = period_code or newest_period(connection)
        check_half_year(connection, period)
        review = _Review(
            query="select * from reviews.halfyear_review where period_code = $period"
            " order by unit_key, indicator_code",
            values={"period": period},
            table="halfyear_review",
            name=f"halfyear_{period}",
        )
        return _write(connection, review, home)


@telling_troubles()
def review_year(edition: Path, period_code: str | None, home: WarehouseHome) -> ReviewFiles | None:
    """Write the year of reports that holds a half-year, as far as the edition has it, for every unit and the district.

    Args:
        edition: an edition's DuckDB file, or ``current.duckdb``.
        period_code: a half-year (``2023H1``); see ``newest_period`` when None.
        home: the files go to its folders ``outbox/reviews`` and ``exports``.

    Returns:
        The files; None where the edition was made before there was such a review.

    Raises:
        FileNotFoundError: there is no edition yet.
        UnknownChoiceError: the edition has no such half-year.
    """
    with open_edition(edition) as connection:
        period = period_code or newest_period(connection)
        check_half_year(connection, period)
        if not connection.execute(
            "from duckdb_tables() where schema_name = 'reviews' and table_name = 'yearly_review'"
        ).fetchall():
            return None
        year = period[:4]
        review = _Review(
            query="select * from reviews.yearly_review where report_year = cast($year as integer)"
            " order by unit_key, indicator_code",
            values={"year": year},
            table="yearly_review",
            name=f"year_{year}",
        )
        return _write(connection, review, home)


def _write(connection: duckdb.DuckDBPyConnection, review: _Review, home: WarehouseHome) -> ReviewFiles:
    connection.execute(f"create temp table review as {review.query}", review.values)
    for folder in (home.reviews, home.exports):
        make_folder(folder)
    csv, plain_csv = home.reviews / f"{review.name}.csv", home.exports / f"{review.name}.csv"
    parquet = home.reviews / f"{review.name}.parquet"
    for_people = _cells(connection, ",", "if({0}, 'có', 'không')", _described(connection, review.table))
    _put_csv(connection, f"select {for_people} from review", csv, "delimiter ';'", UTF_8)
    _put_csv(connection, f"select {_cells(connection, '.')} from review", plain_csv, "delimiter ','")
    unfinished = parquet.with_name(f".{parquet.name}")
    rows = write_parquet(connection, "review", unfinished)
    put_in_place(unfinished, parquet)
    return ReviewFiles(csv, plain_csv, parquet, rows)


# 12.500 is 12.5, 12.000 is 12 and 12.345 is 12.3450: no number has three figures behind the point
NUMBER_IN_TEXT = (
    "regexp_replace(regexp_replace(regexp_replace(cast({0} as varchar),"
    r" '(\.\d*[1-9])0+$', '\1'), '\.0+$', ''), '(\.\d{{3}})$', '\1' || '0')"
)


_CODE_IN_WORDS = (
    "coalesce((select any_value(label_vi) from core.dim_code where domain = '{1}' and code = {0}), {0})"
)
_Described = tuple[str, str | None]
"""The Vietnamese label of a column, and the domain of the codes that it holds, if it holds any."""


def _cells(
    connection: duckdb.DuckDBPyConnection,
    decimal_mark: str,
    boolean: str = "{0}",
    described: dict[str, _Described] | None = None,
) -> str:
    """Give the columns of the review as they stand in a CSV file; codes in words where columns are described."""
    cells = []
    for column, data_type, *_ in connection.execute("describe review").fetchall():
        name = f'"{column}"'
        label, code_domain = (described or {}).get(column, (column, None))
        if code_domain:
            cell = _CODE_IN_WORDS.format(name, code_domain)
        elif data_type == "DOUBLE" or data_type.startswith("DECIMAL"):
            cell = f"replace({NUMBER_IN_TEXT.format(name)}, '.', '{decimal_mark}')"
        else:
            cell = boolean.format(name) if data_type == "BOOLEAN" else name
        cells.append(f'{cell} as "{label}"')
    return ", ".join(cells)


def _described(connection: duckdb.DuckDBPyConnection, table: str) -> dict[str, _Described]:
    """Give the Vietnamese labels of a review's columns by their names, with the domain of those that hold codes."""
    columns = connection.execute(
        "select column_name, label_vi, code_domain from meta.data_dictionary"
        " where schema_name = 'reviews' and table_name = ? and label_vi <> ''",
        [table],
    ).fetchall()
    return {column: (label, code_domain) for column, label, code_domain in columns}


def _put_csv(
    connection: duckdb.DuckDBPyConnection, query: str, path: Path, options: str, mark: bytes = b""
) -> None:
    unfinished = path.with_name(f".{path.name}")
    connection.execute(f"copy ({query}) to '{quoted(unfinished)}' (format csv, header, {options})")
    if mark:
        unfinished.write_bytes(mark + unfinished.read_bytes())
    put_in_place(unfinished, path)
