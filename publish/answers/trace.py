"""A figure of the half-year review walked back to the rows of the files that it comes from.

Figures and sources are read from an edition (``reviews.figure_sources``), so what is shown is what was published, and
holds no personal data. Officers ask by the names they use; nothing is computed here.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path

import duckdb
from rich import box
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from build.reference import unit_spellings
from ingest.attribution.evidence.period_spellings import half_year_meant
from ingest.contracts.forms import load_contracts
from ingest.contracts.reference import load_reference
from ingest.database import open_read_only
from ingest.text.folding import fold
from ingest.text.printing import format_number
from publish.editions.choices import UnknownChoiceError

WIDTH = 140
_MOST_NAMES = 5
CARRIED_VI = {
    "previous_closing": "Số cuối kỳ của {period} chuyển sang",
    "carried_balance": "Đơn vị chưa gửi báo cáo: số cuối kỳ của {period} chuyển sang",
    "carried_row": "Đơn vị chưa gửi báo cáo: tệp “{file}” của {period}",
    "merged_units": "Số cuối kỳ của các đơn vị được sáp nhập",
}


@dataclass(frozen=True, slots=True)
class FigureSource:
    """One row that a figure comes from; without a file it is what a balance began with.

    Attributes:
        unit_name: the unit that reported it.
        kind: ``row``, ``opening_balance``, ``previous_closing``, ``merged_units``, ``carried_balance`` or ``carried_row``.
        carried_from_vi: the half-year whose closing was carried over.
        contribution: signed part of the figure, in its unit of measure.
    """

    unit_name: str
    kind: str
    form_name: str
    carried_from_vi: str | None
    file_name: str | None
    sheet_name: str | None
    row_number: int | None
    contribution: Decimal


@dataclass(frozen=True, slots=True)
class TracedFigure:
    """One figure of ``reviews.halfyear_review`` and all of its sources; ``value`` is None where nothing was reported."""

    unit_name: str
    is_area_total: bool
    period_label_vi: str
    indicator_label_vi: str
    uom: str
    value: Decimal | None
    sources: tuple[FigureSource, ...]


def trace_figure(edition: Path, unit: str, period: str, indicator: str) -> TracedFigure:
    """Find a figure and the rows that it comes from.

    Args:
        edition: an edition's DuckDB file, or ``current.duckdb``.
        unit: key, code or any known spelling of the name of a unit; the district for the figure of all units.
        period: a half-year (``2023H1``).
        indicator: code or Vietnamese name of an indicator.

    Raises:
        FileNotFoundError: there is no edition yet.
        UnknownChoiceError: no such unit, half-year or indicator stands in the review; says in Vietnamese what does.
    """
    if not edition.exists():
        raise FileNotFoundError(edition)
    with open_read_only(edition) as connection:
        return trace_in(connection, unit, period, indicator)


def trace_in(connection: duckdb.DuckDBPyConnection, unit: str, period: str, indicator: str) -> TracedFigure:
    """Find a figure in an edition that is open, and the rows that it comes from; as ``trace_figure``."""
    period_code = _find_period(connection, period)
    unit_key = _find_unit(connection, unit, period_code)
    indicator_code = _find_indicator(connection, indicator)
    asked = {"unit": unit_key, "period": period_code, "indicator": indicator_code}
    figure = connection.execute(
        """
        select review.unit_name, review.is_area_total, periods.label_vi, review.label_vi, review.uom, review.value
        from reviews.halfyear_review as review
        inner join core.dim_period as periods using (period_code)
        where unit_key = $unit and period_code = $period and indicator_code = $indicator
        """,
        asked,
    ).fetchall()[0]
    sources = connection.execute(
        """
        select
            units.unit_name, sources.source_kind, sources.form_name, carried.label_vi, sources.file_name,
            sources.sheet_name, sources.row_number, sources.contribution
        from reviews.figure_sources as sources
        inner join core.dim_unit as units using (unit_key)
        left join core.dim_period as carried on sources.source_period_code = carried.period_code
        where
            (sources.unit_key = $unit or sources.area_key = $unit)
            and sources.period_code = $period
            and sources.indicator_code = $indicator
        order by
            units.unit_name, sources.source_kind = 'row', sources.file_name, sources.submission_id,
            sources.sheet_number, sources.row_number
        """,
        asked,
    ).fetchall()
    found = (*figure, tuple(FigureSource(*source) for source in sources))
    return TracedFigure(*found)


def print_trace(traced: TracedFigure, console: Console | None = None) -> None:
    """Print a traced figure to the terminal, in Vietnamese."""
    console = console or Console(highlight=False)
    if not console.is_terminal:
        console.width = WIDTH
    console.print(Group(*_parts(traced)))


def _parts(traced: TracedFigure) -> Iterator[RenderableType]:
    yield Text(f"{traced.unit_name} – {traced.period_label_vi}")
    if traced.value is None:
        yield Text(
            f"{traced.indicator_label_vi}: chưa có số liệu (chưa gửi biểu, hoặc biểu để trống số này)."
        )
        return
    figure = f"{format_number(traced.value)} {traced.uom}"
    yield Text(f"{traced.indicator_label_vi}: {figure}")
    if not traced.sources:
        yield Text("Biểu đã gửi và không có dòng nào thuộc chỉ tiêu này.")
        return
    yield _sources_table(traced)
    files = {source.file_name for source in traced.sources if source.file_name}
    yield Text(
        f"Cộng {format_number(len(traced.sources))} dòng từ {format_number(len(files))} tệp:"
        f" {format_number(sum((source.contribution for source in traced.sources), Decimal(0)))} {traced.uom}"
    )


def _sources_table(traced: TracedFigure) -> Table:
    labels = {form.name: form.title for form in load_contracts().forms}
    table = Table(box=box.SIMPLE_HEAD)
    if traced.is_area_total:
        table.add_column("Đơn vị")
    for heading in ("Tệp", "Trang tính", "Biểu"):
        table.add_column(heading, overflow="fold")
    table.add_column("Dòng", justify="right")
    table.add_column(f"Số được cộng ({traced.uom})", justify="right")
    for source in traced.sources:
        carried = CARRIED_VI.get(source.kind, "").format(period=source.carried_from_vi, file=source.file_name)
        cells = [
            carried or source.file_name or "",
            source.sheet_name or "",
            labels[source.form_name] if source.row_number is not None else "",
            "" if source.row_number is None else str(source.row_number),
            format_number(source.contribution),
        ]
        # names of files and sheets may hold square brackets, which are no mark-up
        table.add_row(*(Text(cell) for cell in ([source.unit_name] if traced.is_area_total else []) + cells))
    return table


def _find_period(connection: duckdb.DuckDBPyConnection, asked: str) -> str:
    """Find a half-year by code, or as an office writes it: *6 tháng đầu năm 2023*."""
    known = dict(
        connection.execute(
            "select distinct period_code, period_label_vi from reviews.halfyear_review order by 1"
        ).fetchall()
    )
    meant = half_year_meant(asked, known, load_reference())
    if meant is None:
        raise UnknownChoiceError(
            f"Không có số liệu của kỳ “{asked}”. Các kỳ đang có: {', '.join(known.values())}."
        )
    return meant


def _find_unit(connection: duckdb.DuckDBPyConnection, asked: str, period: str) -> str:
    named = dict(
        connection.execute(
            "select distinct unit_key, unit_name from reviews.halfyear_review where period_code = ? order by 2",
            [period],
        ).fetchall()
    )
    spellings = unit_spellings()
    codes = dict(connection.execute("select unit_key, coalesce(unit_code, '') from core.dim_unit").fetchall())
    found = [
        key
        for key, name in named.items()
        if asked.strip().upper() == key.upper()
        or asked.strip() == codes.get(key)
        or fold(asked) in {fold(name), *(fold(spelling) for spelling in spellings.get(key, ()))}
    ]
    if len(found) != 1:
        units = ", ".join(named[key] for key in found) if found else _nearest(asked, named.values())
        wrong = "có thể là nhiều đơn vị" if found else "không có trong kỳ này"
        raise UnknownChoiceError(f"Đơn vị “{asked}” {wrong}. Đề nghị chọn: {units}.")
    return str(found[0])


def _find_indicator(connection: duckdb.DuckDBPyConnection, asked: str) -> str:
    known = connection.execute(
        "select indicator_code, label_vi from core.dim_indicator order by sort_order"
    ).fetchall()
    for code, label in known:
        if fold(asked) in {fold(code), fold(label)}:
            return str(code)
    nearest = _nearest(asked, (label for _, label in known))
    raise UnknownChoiceError(f"Không có chỉ tiêu “{asked}”. Tên gần nhất: {nearest}.")


def _nearest(asked: str, names: Iterable[str]) -> str:
    """Give the names most like what was asked for, the likest first; by letters without their marks."""
    by_folded = {fold(name): name for name in names}
    nearest = get_close_matches(fold(asked), by_folded, n=_MOST_NAMES, cutoff=0.0)
    return "; ".join(by_folded[name] for name in nearest)
