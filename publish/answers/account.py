"""The account that closes a refresh: what came, what was refused, who is missing, and the reviews as tables.

Figures come from the edition, arrivals from ``raw``; nothing is computed here but the way it is shown. The people who
read it are the district's officers, so it is in Vietnamese and short.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import duckdb
from rich import box
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from ingest.database import open_read_only
from ingest.home import WarehouseHome
from ingest.text.printing import VIETNAM, format_number, format_percentage
from publish.editions.edition import Edition
from publish.reports.review_files import newest_period

VERDICTS_VI = {
    "accepted": "đã tiếp nhận",
    "partial": "tiếp nhận một phần",
    "rejected": "chưa tiếp nhận",
    "duplicate": "trùng",
    "container": "tệp nén",
}
CLOSING_PROGRAMME = "plastic_waste"
WIDTH = 140


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
class MissingReturn:
    """A unit that has not sent everything for the period; ``forms`` lists what is missing, ``is_whole`` all of it."""

    unit_name: str
    forms: tuple[str, ...]
    is_whole: bool


@dataclass(frozen=True, slots=True)
class HalfYearLine:
    """One line of the half-year review of the district; None is not reported or not assigned."""

    label_vi: str
    uom: str
    value: Decimal | None
    target: Decimal | None
    attainment: float | None
    same_period_last_year: Decimal | None
    change: Decimal | None


@dataclass(frozen=True, slots=True)
class ProgrammeLine:
    """One line of the closing review of a programme for the district, with the unit that ranks first."""

    label_vi: str
    uom: str
    first: Decimal | None
    last: Decimal | None
    cumulative: Decimal | None
    leader: str | None


@dataclass(frozen=True, slots=True)
class Account:
    """Everything that is told at the end of a refresh.

    Attributes:
        new_files: verdict to number of files that arrived in this run.
        known_files: number of submissions known before this run.
        is_edition_new: this run made the edition.
        answers: workbooks in the outbox that go back to branches.
        masked_cells: texts of the edition in which a name or a citizen number was masked.
        programme_periods: first and last half-year of the programme's review; None when it has no rows.
    """

    new_files: dict[str, int]
    known_files: int
    refused: tuple[RefusedFile, ...]
    rows: RowCounts
    period_code: str
    period_label_vi: str
    missing: tuple[MissingReturn, ...]
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
            missing=read_missing_returns(connection, period_code),
            half_year=read_half_year(connection, period_code),
            programme_label_vi=str(
                _one(
                    connection,
                    "select label_vi from core.dim_programme where programme_code = ?",
                    [CLOSING_PROGRAMME],
                )
            ),
            programme_periods=_programme_periods(connection),
            programme=_programme(connection),
            edition=edition,
            is_edition_new=edition.built_at >= started_at,
            answers=sum(1 for _ in home.feedback.rglob("*.xlsx")),
            masked_cells=_one(connection, "select masked_cells from meta.edition", []),
        )


def print_account(account: Account, home: WarehouseHome, console: Console | None = None) -> None:
    """Print an account to the terminal."""
    console = console or Console(highlight=False)
    if not console.is_terminal:
        console.width = WIDTH
    console.print(Group(*_parts(account, home)))


def _parts(account: Account, home: WarehouseHome) -> Iterator[RenderableType]:
    yield Text(_arrivals(account))
    if account.refused:
        yield _refused_table(account.refused)
    rows = account.rows
    yield Text(
        f"Dòng trong tất cả tệp đã nhận: {format_number(rows.seen)} = nạp {format_number(rows.loaded)}"
        f" + chờ sửa {format_number(rows.quarantined)} + dòng trình bày {format_number(rows.structure)}"
    )
    yield Text(_missing(account))
    yield _half_year_table(account)
    if account.programme:
        yield _programme_table(account)
    yield Text(_places(account, home))


def _arrivals(account: Account) -> str:
    known = format_number(account.known_files)
    if not account.new_files and account.is_edition_new:
        return f"Không có tệp mới ({known} tệp đã nhận từ trước); bản số liệu được làm lại."
    if not account.new_files:
        return f"Không có gì mới: {known} tệp đã nhận từ trước, không tệp nào thêm. Số liệu giữ nguyên."
    counts = ", ".join(
        f"{format_number(account.new_files[verdict])} {label}"
        for verdict, label in VERDICTS_VI.items()
        if account.new_files.get(verdict)
    )
    return f"Nhận {format_number(sum(account.new_files.values()))} tệp: {counts} (đã có từ trước: {known})."


def _refused_table(refused: tuple[RefusedFile, ...]) -> Table:
    table = Table(
        "Tệp", "Kết quả", "Lý do", title="Tệp cần xem lại", title_justify="left", box=box.SIMPLE_HEAD
    )
    for found in refused:
        table.add_row(found.relative_path, VERDICTS_VI[found.verdict], found.reason_vi)
    return table


def _missing(account: Account) -> str:
    if not account.half_year:
        return f"{account.period_label_vi}: chưa có báo cáo nào được nhận."
    if not account.missing:
        return f"{account.period_label_vi}: tất cả đơn vị đã báo cáo đủ biểu."
    named = "; ".join(
        found.unit_name if found.is_whole else f"{found.unit_name} (thiếu {', '.join(found.forms)})"
        for found in account.missing
    )
    return f"{account.period_label_vi}: chưa báo cáo đủ: {named}."


def _half_year_table(account: Account) -> Table:
    table = Table(
        title=f"Sơ kết {account.period_label_vi} – toàn huyện", title_justify="left", box=box.SIMPLE_HEAD
    )
    table.add_column("Chỉ tiêu")
    table.add_column("ĐVT")
    for heading in ("Thực hiện", "Chỉ tiêu giao", "% chỉ tiêu", "Cùng kỳ", "Tăng, giảm"):
        table.add_column(heading, justify="right")
    for line in account.half_year:
        table.add_row(
            line.label_vi,
            line.uom,
            format_number(line.value),
            format_number(line.target),
            format_percentage(line.attainment),
            format_number(line.same_period_last_year),
            format_number(line.change),
        )
    return table


def _programme_table(account: Account) -> Table:
    first, last = account.programme_periods or ("", "")
    table = Table(
        title=f"{account.programme_label_vi}, {first}–{last} – toàn huyện",
        title_justify="left",
        box=box.SIMPLE_HEAD,
    )
    table.add_column("Chỉ tiêu")
    table.add_column("ĐVT")
    for heading in (first, last, "Lũy kế"):
        table.add_column(heading, justify="right")
    table.add_column("Đơn vị dẫn đầu")
    for line in account.programme:
        table.add_row(
            line.label_vi,
            line.uom,
            format_number(line.first),
            format_number(line.last),
            format_number(line.cumulative),
            line.leader or "",
        )
    return table


def _places(account: Account, home: WarehouseHome) -> str:
    edition = account.edition
    as_of = edition.as_of.astimezone(VIETNAM)
    made = "mới" if account.is_edition_new else "đã có"
    answers = f"{format_number(account.answers)} tệp ở {home.feedback}" if account.answers else "không có"
    masked = (
        f"  đã ẩn {format_number(account.masked_cells)} ô ghi tên hoặc số căn cước của hội viên"
        " (xem bảng meta.masked_columns)\n"
        if account.masked_cells
        else ""
    )
    return (
        f"Bản số liệu ({made}): {edition.path}\n"
        f"  tính đến {as_of:%d/%m/%Y %H:%M}, Parquet: {edition.folder}\n"
        f"{masked}"
        f"  bản hiện hành: {home.current}\n"
        f"Biểu tổng hợp: {home.reviews}, cho chương trình khác: {home.exports}\n"
        f"Phản hồi cho đơn vị: {answers}"
    )


def _row_counts(connection: duckdb.DuckDBPyConnection) -> RowCounts:
    found = connection.execute(
        "select coalesce(sum(rows_seen), 0)::bigint, coalesce(sum(rows_loaded), 0)::bigint,"
        " coalesce(sum(rows_quarantined), 0)::bigint, coalesce(sum(rows_structure), 0)::bigint"
        " from reviews.conservation_ledger"
    ).fetchall()[0]
    return RowCounts(*found)


def read_missing_returns(connection: duckdb.DuckDBPyConnection, period: str) -> tuple[MissingReturn, ...]:
    """Read from an edition which units have not sent everything for a half-year, those without any first."""
    found = connection.execute(
        """
        select
            unit_name,
            list(form_label_vi order by form_label_vi) filter (where status in ('missing', 'rejected')),
            bool_and(status in ('missing', 'rejected')) as is_whole
        from reviews.submission_completeness
        where period_code = ?
        group by unit_key, unit_name
        having bool_or(status in ('missing', 'rejected'))
        order by is_whole desc, unit_name
        """,
        [period],
    ).fetchall()
    return tuple(MissingReturn(name, tuple(forms), is_whole) for name, forms, is_whole in found)


def read_half_year(connection: duckdb.DuckDBPyConnection, period: str) -> tuple[HalfYearLine, ...]:
    """Read the review of a half-year for the whole area from an edition, indicators in their order."""
    found = connection.execute(
        """
        select
            review.label_vi, review.uom, review.value, review.target, review.attainment,
            review.same_period_last_year, review.change
        from reviews.halfyear_review as review
        inner join core.dim_indicator using (indicator_code)
        where review.period_code = ? and review.is_area_total
        order by dim_indicator.sort_order
        """,
        [period],
    ).fetchall()
    return tuple(HalfYearLine(*line) for line in found)


def _programme_periods(connection: duckdb.DuckDBPyConnection) -> tuple[str, str] | None:
    first, last = connection.execute(
        "select min(period_code), max(period_code) from reviews.programme_review where programme_code = ?",
        [CLOSING_PROGRAMME],
    ).fetchall()[0]
    return (first, last) if first else None


def _programme(connection: duckdb.DuckDBPyConnection) -> tuple[ProgrammeLine, ...]:
    found = connection.execute(
        """
        select
            review.label_vi,
            review.uom,
            arg_min_null(review.value, review.period_code) filter (where review.is_area_total),
            arg_max_null(review.value, review.period_code) filter (where review.is_area_total),
            arg_max_null(review.cumulative, review.period_code) filter (where review.is_area_total),
            list(review.unit_name order by review.period_code desc, review.unit_name)
                filter (where review.rank = 1 and review.cumulative > 0 and not review.is_area_total)[1]
        from reviews.programme_review as review
        inner join core.dim_indicator using (indicator_code)
        where review.programme_code = ?
        group by review.indicator_code, review.label_vi, review.uom, dim_indicator.sort_order
        having max(review.cumulative) > 0
        order by dim_indicator.sort_order
        """,
        [CLOSING_PROGRAMME],
    ).fetchall()
    return tuple(ProgrammeLine(*line) for line in found)


def _one(connection: duckdb.DuckDBPyConnection, query: str, values: list[object]) -> int:
    found = connection.execute(query, values).fetchone()
    return found[0] if found else 0
