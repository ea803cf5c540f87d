"""The account that closes a refresh: what came, what was refused, who is missing, and the reviews.

Figures come from the edition (``review_lines``), arrivals from ``raw``; how it is shown is ``printed_account``'s business.
"""

from dataclasses import dataclass
from datetime import datetime

import duckdb

from build.reference import leading_programme
from ingest.database import open_read_only
from ingest.home import WarehouseHome
from publish.answers.review_lines import (
    HalfYearLine,
    ProgrammeLine,
    UnfinishedReturn,
    read_area,
    read_half_year,
    read_programme,
    read_programme_periods,
    read_unfinished_returns,
)
from publish.editions.choices import newest_period
from publish.editions.edition import Edition


@dataclass(frozen=True, slots=True)
class RefusedFile:
    """A file of this run that was not taken in full; ``reason_vi`` says why."""

    relative_path: str
    verdict: str
    reason_vi: str


@dataclass(frozen=True, slots=True)
class RowCounts:
    """The law of conservation over all submissions: ``seen = loaded + quarantined + structure``."""

    seen: int
    loaded: int
    quarantined: int
    structure: int


@dataclass(frozen=True, slots=True)
class Account:
    """Everything that is told at the end of a refresh.

    Attributes:
        new_files: verdict to number of files that arrived in this run.
        known_files: number of submissions known before this run.
        is_edition_new: this run made the edition.
        answers: workbooks in the outbox that go back to branches.
        masked_cells: texts of the edition in which a name or a citizen number was masked.
        area_name: what the totals are for.
        units_asked: how many units are asked for a return of the half-year.
        unfinished: those of which something is missing or waits.
        programme_periods: what the first and last half-year of the programme's review are called; None without rows.
    """

    new_files: dict[str, int]
    known_files: int
    refused: tuple[RefusedFile, ...]
    rows: RowCounts
    period_code: str
    period_label_vi: str
    area_name: str
    units_asked: int
    unfinished: tuple[UnfinishedReturn, ...]
    half_year: tuple[HalfYearLine, ...]
    programme_label_vi: str
    programme_periods: tuple[str, str] | None
    programme: tuple[ProgrammeLine, ...]
    edition: Edition
    is_edition_new: bool
    answers: int
    masked_cells: int


def read_account(home: WarehouseHome, edition: Edition, started_at: datetime, period: str | None) -> Account:
    """Collect the account of a run.

    Args:
        home: the warehouse.
        edition: the edition that the run made or found.
        started_at: timezone-aware start of the run; what was ingested since is new.
        period: half-year to show; the edition's newest when None.
    """
    with open_read_only(home.warehouse) as raw:
        new_files = dict(
            raw.execute(
                "select verdict, count(*) from raw.receipts where ingested_at >= ? group by all", [started_at]
            ).fetchall()
        )
        known_files = _one(raw, "select count(*) from raw.submissions where ingested_at < ?", [started_at])
        refused = raw.execute(
            "select relative_path, verdict, coalesce(reason_vi, '') from raw.receipts"
            " where ingested_at >= ? and verdict in ('rejected', 'partial') order by all",
            [started_at],
        ).fetchall()
    with open_read_only(edition.path) as connection:
        period_code = period or newest_period(connection)
        return Account(
            new_files=new_files,
            known_files=known_files,
            refused=tuple(RefusedFile(*found) for found in refused),
            rows=_row_counts(connection),
            period_code=period_code,
            period_label_vi=str(
                _one(connection, "select label_vi from core.dim_period where period_code = ?", [period_code])
            ),
            area_name=read_area(connection, period_code).name_vi,
            units_asked=_one(
                connection,
                "select count(distinct unit_key) from reviews.submission_completeness where period_code = ?",
                [period_code],
            ),
            unfinished=read_unfinished_returns(connection, period_code),
            half_year=read_half_year(connection, period_code),
            programme_label_vi=str(
                _one(
                    connection,
                    "select label_vi from core.dim_programme where programme_code = ?",
                    [leading_programme()],
                )
            ),
            programme_periods=read_programme_periods(connection),
            programme=read_programme(connection),
            edition=edition,
            is_edition_new=edition.built_at >= started_at,
            answers=sum(1 for _ in home.feedback.rglob("*.xlsx")),
            masked_cells=_one(connection, "select masked_cells from meta.edition", []),
        )


def _row_counts(connection: duckdb.DuckDBPyConnection) -> RowCounts:
    found = connection.execute(
        "select coalesce(sum(rows_seen), 0)::bigint, coalesce(sum(rows_loaded), 0)::bigint,"
        " coalesce(sum(rows_quarantined), 0)::bigint, coalesce(sum(rows_structure), 0)::bigint"
        " from reviews.conservation_ledger"
    ).fetchall()[0]
    return RowCounts(*found)


def _one(connection: duckdb.DuckDBPyConnection, query: str, values: list[object]) -> int:
    found = connection.execute(query, values).fetchone()
    return found[0] if found else 0
