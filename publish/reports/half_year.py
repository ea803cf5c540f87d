"""The half-year report: what an edition says of one half-year, as text, annexes and charts."""

from collections.abc import Iterable

import duckdb

from publish.answers.review_lines import UnfinishedReturn, read_area
from publish.editions.choices import UnknownChoiceError
from publish.names import amid_sentence
from publish.reports import annexes
from publish.reports.charts.composition import draw_composition
from publish.reports.charts.units import draw_units
from publish.reports.composing import Period, read_issue, read_period, told_of_edition, words_of_head
from publish.reports.figures import tables
from publish.reports.figures.limits import Limits, read_limits
from publish.reports.figures.lines import (
    HalfYearFigure,
    Programme,
    read_active_programmes,
    read_half_year_figures,
)
from publish.reports.sentences.half_year import HalfYearSentences, programme_paragraph
from publish.reports.sentences.words import load_words
from publish.reports.settings import ReportSettings
from publish.reports.written_review import ReviewChart, ReviewSection, ReviewTable, WrittenReview

NAME_GAP = "[Đề nghị ghi tên cá nhân được khen thưởng]"
# drawn by unit where the half-year has them: what the province asks for first
_DRAWN = ("new_members", "plastic_kg", "support_total_vnd")


def write_half_year_review(
    connection: duckdb.DuckDBPyConnection, period_code: str, settings: ReportSettings
) -> WrittenReview:
    """Compose the report of a half-year from an edition.

    Args:
        connection: an edition, open for reading.
        period_code: a half-year that the edition knows (``2023H1``).
        settings: how percentages and money are shown.

    Raises:
        UnknownChoiceError: the edition has no figures of that half-year.
    """
    period, issue = read_period(connection, period_code), read_issue(connection)
    figures = read_half_year_figures(connection, period_code)
    if not figures:
        raise UnknownChoiceError(
            f"Chưa có số liệu của {period.label_vi}. Đề nghị chọn kỳ báo cáo đã có số liệu."
        )
    limits, programmes = read_limits(connection, period_code), read_active_programmes(connection, period_code)
    area = words_of_head(read_area(connection, period_code))
    return WrittenReview(
        template="half_year",
        name=f"bao-cao-6-thang-{period_code}",
        title="BÁO CÁO",
        subtitle=f"Kết quả công tác Hội và phong trào phụ nữ {period.label_vi}; nhiệm vụ trọng tâm {period.next_label_vi}",
        words={
            **area,
            "ky": period.label_vi,
            "ky_sau": period.next_label_vi,
            "nam": period.year,
            "nguon_so_lieu": told_of_edition(issue),
        },
        sections=tuple(_sections(period, programmes, figures, limits, settings)),
        tables=tuple(_tables(connection, period, programmes, figures, limits)),
        charts=_charts(connection, period_code, figures),
        sources=annexes.sources_table(tables.read_sources(connection, period_code, period_code)),
        edition_id=issue.edition_id,
        as_of=issue.as_of,
    )


def _sections(
    period: Period,
    programmes: tuple[Programme, ...],
    figures: tuple[HalfYearFigure, ...],
    limits: Limits,
    settings: ReportSettings,
) -> Iterable[ReviewSection]:
    sentences = HalfYearSentences(figures, settings, is_second_half=period.is_second_half)
    headings = {name: section.heading for name, section in load_words().sections.items()}
    yield ReviewSection(
        "tinh_hinh",
        "Tình hình",
        (_who_reported(figures, limits), *_remarks(period)),
        ("Đặc điểm tình hình, thuận lợi, khó khăn trong kỳ",),
    )
    yield ReviewSection("phong_trao", headings["movements"], tuple(sentences.section("movements")))
    yield ReviewSection(
        "de_an",
        "Thực hiện các phong trào, đề án, dự án",
        tuple(programme_paragraph(programme, settings) for programme in programmes)
        or ("Trong kỳ không có hoạt động ghi theo phong trào, đề án, dự án.",),
    )
    yield ReviewSection("kinh_te", headings["economy"], tuple(sentences.section("economy")))
    yield ReviewSection("to_chuc", headings["organisation"], tuple(sentences.section("organisation")))
    yield ReviewSection("khen_thuong", headings["commendation"], tuple(sentences.section("commendation")))
    others = sentences.unlisted()
    if others:
        yield ReviewSection("khac", "Chỉ tiêu khác", tuple(others))
    yield ReviewSection("danh_gia", "Đánh giá", (), ("Ưu điểm", "Hạn chế và nguyên nhân"))
    yield ReviewSection(
        "nhiem_vu", f"Nhiệm vụ trọng tâm {period.next_label_vi}", (), ("Nhiệm vụ, giải pháp, kiến nghị",)
    )


def _who_reported(figures: tuple[HalfYearFigure, ...], limits: Limits) -> str:
    expected = max((figure.expected_unit_count for figure in figures), default=0)
    silent = [unit for unit in limits.unfinished if unit.has_nothing]
    part = [unit for unit in limits.unfinished if not unit.has_nothing and not unit.has_every_form]
    said = f"{expected - len(silent)}/{expected} đơn vị đã gửi báo cáo"
    if silent:
        said += f"; chưa gửi: {_named(silent)}"
    if part:
        said += f"; gửi chưa đủ biểu: {_named(part)}"
    return f"{said}."


def _remarks(period: Period) -> list[str]:
    compared = {int(period.year), int(period.year) - 1}
    return [remark.told for remark in load_words().remarks if compared & set(remark.years)]


def _named(units: list[UnfinishedReturn]) -> str:
    return ", ".join(amid_sentence(unit.unit_name) for unit in units)


def _tables(
    connection: duckdb.DuckDBPyConnection,
    period: Period,
    programmes: tuple[Programme, ...],
    figures: tuple[HalfYearFigure, ...],
    limits: Limits,
) -> Iterable[ReviewTable]:
    of_time = tables.read_by_unit(connection, period.code)
    of_today = tables.read_by_unit(connection, period.code, is_of_today=True)
    yield annexes.indicators_table(figures, f"Kết quả thực hiện các chỉ tiêu {period.label_vi}")
    yield annexes.changes_table(figures, "Mức tăng, giảm và mức đầy đủ của số liệu")
    if any(figure.is_of_other_units and figure.like_for_like_change is not None for figure in figures):
        yield annexes.alike_table(figures, "So với cùng kỳ năm trước trên các đơn vị có số liệu cả hai kỳ")
    yield annexes.year_table(figures, f"Thực hiện chỉ tiêu năm {period.year} đến hết kỳ")
    yield annexes.programmes_table(programmes, "Kết quả theo phong trào, đề án, dự án")
    yield annexes.spread_table(of_time, f"Kết quả theo đơn vị, {period.label_vi}")
    if list(of_time.columns) != list(of_today.columns):
        yield annexes.spread_table(
            of_today, f"Kết quả theo đơn vị hiện nay (sau sáp nhập), {period.label_vi}"
        )
    yield annexes.composition_table(
        tables.read_composition(connection, period.code), "Thành phần người tham gia, người được hỗ trợ"
    )
    yield annexes.new_clubs_table(
        tables.read_new_clubs(connection, period.code, period.code),
        "Danh sách mô hình, câu lạc bộ thành lập mới",
    )
    yield annexes.commended_table(
        tables.read_commended(connection, period.code, period.code),
        "Danh sách tập thể, cá nhân được khen thưởng",
        NAME_GAP,
    )
    yield annexes.limits_table(
        limits, "Những điều cần lưu ý khi dùng số liệu", read_issue(connection).edition_id
    )


def _charts(
    connection: duckdb.DuckDBPyConnection, period_code: str, figures: tuple[HalfYearFigure, ...]
) -> tuple[ReviewChart, ...]:
    by_code = {figure.indicator_code: figure for figure in figures}
    drawn = [
        draw_units(
            tables.read_units_against_target(connection, period_code, code),
            by_code[code].label_vi,
            by_code[code].uom,
        )
        for code in _DRAWN
        if code in by_code and by_code[code].value
    ]
    drawn.append(draw_composition(tables.read_composition(connection, period_code)))
    return tuple(chart for chart in drawn if chart is not None)
