"""The review of a programme over any window of half-years: what an edition says of it, as text, annexes and charts."""

from collections.abc import Iterable
from dataclasses import replace

import duckdb

from publish.answers.review_lines import read_area
from publish.names import amid_sentence
from publish.reports import annexes
from publish.reports.charts.trend import draw_trend
from publish.reports.composing import Period, read_issue, read_period, told_of_edition, words_of_head
from publish.reports.figures import tables
from publish.reports.figures.limits import read_limits
from publish.reports.figures.lines import ProgrammeFigure, Window, read_programme_figures
from publish.reports.half_year import NAME_GAP
from publish.reports.sentences.programmes import ProgrammeSentences
from publish.reports.sentences.words import load_words
from publish.reports.settings import ReportSettings
from publish.reports.written_review import ReviewChart, ReviewSection, ReviewTable, WrittenReview

MOST_CHARTS = 4


def write_programme_review(
    connection: duckdb.DuckDBPyConnection, window: Window, settings: ReportSettings
) -> WrittenReview:
    """Compose the review of a programme from an edition.

    Args:
        connection: an edition, open for reading.
        window: the programme, its half-years and the map of units.
        settings: how percentages and money are shown.

    Raises:
        UnknownChoiceError: the edition knows no such programme or half-year, or the window ends before it begins.
    """
    figures = read_programme_figures(connection, window)
    asked, window = window, _with_data(connection, window)
    first, last = read_period(connection, window.first_period), read_period(connection, window.last_period)
    issue, label = read_issue(connection), _label(connection, window)
    on_today = " (theo đơn vị hiện nay)" if window.is_of_today else ""
    return WrittenReview(
        template="programme",
        name=f"tong-ket-{window.programme_code}-{window.first_period}-{window.last_period}"
        + ("-don-vi-hien-nay" if window.is_of_today else ""),
        title="BÁO CÁO TỔNG KẾT",
        subtitle=f"{label}, từ {first.label_vi} đến {last.label_vi}{on_today}",
        words={
            **words_of_head(read_area(connection, window.last_period)),
            "phong_trao": label,
            "ky_dau": first.label_vi,
            "ky_cuoi": last.label_vi,
            "nam": last.year,
            "nguon_so_lieu": told_of_edition(issue),
        },
        sections=tuple(
            _sections(figures, (first, last), tuple(_limits(connection, asked, window)), settings)
        ),
        tables=tuple(_tables(connection, window, figures, (first, last))),
        charts=_charts(connection, window, figures),
        sources=annexes.sources_table(
            tables.read_sources(connection, window.first_period, window.last_period, window.programme_code)
        ),
        edition_id=issue.edition_id,
        as_of=issue.as_of,
    )


def _label(connection: duckdb.DuckDBPyConnection, window: Window) -> str:
    ((label,),) = connection.execute(
        "select label_vi from core.dim_programme where programme_code = ?", [window.programme_code]
    ).fetchall()
    return str(label)


def _with_data(connection: duckdb.DuckDBPyConnection, window: Window) -> Window:
    """Give the part of a window of which there are data: nothing is told under the name of a half-year to come."""
    ((first, last),) = connection.execute(
        "select min(period_code), max(period_code) from programme_lines"
    ).fetchall()
    return replace(window, first_period=first, last_period=last)


def _sections(
    figures: tuple[ProgrammeFigure, ...],
    ends: tuple[Period, Period],
    limits: tuple[str, ...],
    settings: ReportSettings,
) -> Iterable[ReviewSection]:
    first, last = ends
    sentences = ProgrammeSentences(figures, settings, first.label_vi, last.label_vi)
    yield ReviewSection(
        "chi_dao", "Công tác chỉ đạo", (), ("Văn bản, kế hoạch, cách tổ chức chỉ đạo thực hiện",)
    )
    yield ReviewSection(
        "ket_qua",
        "Kết quả thực hiện",
        (*sentences.activities(), *_remarks(first, last), *limits),
    )
    yield ReviewSection(
        "kinh_phi", "Kinh phí", tuple(sentences.money()) or ("Không có số liệu về kinh phí.",)
    )
    yield ReviewSection("danh_gia", "Đánh giá và bài học kinh nghiệm", (), ("Ưu điểm", "Hạn chế", "Bài học"))
    yield ReviewSection("phuong_huong", "Phương hướng thời gian tới", (), ("Phương hướng, kiến nghị",))


def _remarks(first: Period, last: Period) -> Iterable[str]:
    years = set(range(int(first.year), int(last.year) + 1))
    part_years = ([first.year] if first.is_second_half else []) + ([] if last.is_second_half else [last.year])
    if part_years:
        yield f"Năm {' và năm '.join(part_years)} chỉ có số liệu của nửa năm, nên không so sánh với số liệu cả năm của các năm khác."
    for remark in load_words().remarks:
        if years & set(remark.years):
            yield remark.told


def _limits(connection: duckdb.DuckDBPyConnection, asked: Window, window: Window) -> Iterable[str]:
    if (asked.first_period, asked.last_period) != (window.first_period, window.last_period):
        asked_first, asked_last = (
            read_period(connection, code).label_vi for code in (asked.first_period, asked.last_period)
        )
        yield f"Chưa có số liệu của một phần giai đoạn từ {asked_first} đến {asked_last}."
    silent = connection.execute(
        """
        select unit_name, period_label_vi
        from reviews.submission_completeness
        where period_code between ? and ?
        group by unit_key, unit_name, period_code, period_label_vi
        having bool_and(status in ('missing', 'rejected'))
        order by period_code, unit_name
        """,
        [window.first_period, window.last_period],
    ).fetchall()
    if silent:
        named = "; ".join(f"{amid_sentence(unit)} ({period})" for unit, period in silent)
        yield f"Chưa có báo cáo: {named}."


def _tables(
    connection: duckdb.DuckDBPyConnection,
    window: Window,
    figures: tuple[ProgrammeFigure, ...],
    ends: tuple[Period, Period],
) -> Iterable[ReviewTable]:
    first, last = ends
    yield annexes.programme_table(figures, "Kết quả cả giai đoạn", first.label_vi, last.label_vi)
    yield annexes.spread_table(
        tables.read_programme_by_half_year(connection, window), "Kết quả theo kỳ báo cáo"
    )
    yield annexes.spread_table(
        tables.read_programme_by_unit(connection, window),
        "Kết quả cả giai đoạn theo đơn vị" + (" hiện nay" if window.is_of_today else ""),
    )
    yield annexes.half_years_by_unit_table(
        tables.read_programme_by_half_year_and_unit(connection, window),
        "Kết quả từng kỳ báo cáo theo đơn vị" + (" hiện nay" if window.is_of_today else ""),
    )
    yield annexes.new_clubs_table(
        tables.read_new_clubs(connection, first.code, last.code, window.programme_code),
        "Danh sách mô hình, câu lạc bộ thành lập mới",
    )
    yield annexes.commended_table(
        tables.read_commended(connection, first.code, last.code, window.programme_code),
        "Danh sách tập thể, cá nhân được khen thưởng",
        NAME_GAP,
    )
    yield annexes.limits_table(
        read_limits(connection, window.last_period),
        "Những điều cần lưu ý khi dùng số liệu của kỳ cuối",
        read_issue(connection).edition_id,
    )


def _charts(
    connection: duckdb.DuckDBPyConnection, window: Window, figures: tuple[ProgrammeFigure, ...]
) -> tuple[ReviewChart, ...]:
    asked_first = sorted(figures, key=lambda figure: figure.cumulative_target is None)
    drawn = (
        draw_trend(tables.read_trend(connection, window, figure.indicator_code), figure.label_vi, figure.uom)
        for figure in asked_first
        if figure.cumulative
    )
    return tuple(chart for chart in drawn if chart is not None)[:MOST_CHARTS]
