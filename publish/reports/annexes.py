"""The annexes of a review: frames of an edition as tables with headings, numbers and notes."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pandas as pd

from publish.answers.review_lines import UnfinishedReturn
from publish.names import short_half_year
from publish.reports.figures.limits import Limits
from publish.reports.figures.lines import HalfYearFigure, Programme, ProgrammeFigure
from publish.reports.written_review import CellKind, Column, ReviewTable

NOT_REPORTED = "Dấu “–” là chưa báo cáo hoặc không có để so sánh, số 0 là không có."
_MONEY = "đồng"
_STT = Column("STT")
_INDICATOR = (_STT, Column("Chỉ tiêu thống kê"), Column("ĐVT"))


def _number(heading: str) -> Column:
    return Column(heading, CellKind.NUMBER)


def _change(heading: str) -> Column:
    return Column(heading, CellKind.CHANGE)


def _percentage(heading: str) -> Column:
    return Column(heading, CellKind.PERCENTAGE)


def indicators_table(figures: Iterable[HalfYearFigure], title: str) -> ReviewTable:
    """All indicators of a half-year against their targets and last year: the columns of the official annex."""
    rows = (
        (
            figure.label_vi,
            figure.uom,
            figure.target,
            figure.value,
            figure.same_period_last_year,
            figure.attainment,
            _ratio(figure.value, figure.same_period_last_year),
        )
        for figure in figures
    )
    return ReviewTable(
        title,
        (
            *_INDICATOR,
            _number("Chỉ tiêu giao"),
            _number("Thực hiện"),
            _number("Cùng kỳ năm trước"),
            _percentage("% so với chỉ tiêu giao"),
            _percentage("% so với cùng kỳ năm trước"),
        ),
        _with_numbers(rows),
        NOT_REPORTED,
    )


def changes_table(figures: Sequence[HalfYearFigure], title: str) -> ReviewTable:
    """By how much every indicator rose or fell, and what limits it; with what of a stock is carried over, if any."""
    carried = any(figure.carried_value for figure in figures)
    rows = (
        (
            figure.label_vi,
            figure.uom,
            figure.change,
            _ratio(figure.change, figure.same_period_last_year),
            _counted(figure.reporting_unit_count, figure.expected_unit_count),
            figure.waiting_rows,
            figure.missing_half_years,
            *((figure.carried_value,) if carried else ()),
        )
        for figure in figures
    )
    return ReviewTable(
        title,
        (
            *_INDICATOR,
            _change("Tăng (+), giảm (-) so với cùng kỳ năm trước"),
            _percentage("% tăng, giảm"),
            Column("Số đơn vị có số liệu"),
            _number("Số dòng chờ sửa"),
            _number("Số kỳ chưa đủ số liệu"),
            *((_number("Trong đó số kỳ trước chuyển sang"),) if carried else ()),
        ),
        _with_numbers(rows),
        NOT_REPORTED,
    )


def alike_table(figures: Iterable[HalfYearFigure], title: str) -> ReviewTable:
    """The change over the units that reported both times, of indicators where these are not all."""
    rows = (
        (figure.label_vi, figure.uom, figure.like_for_like_change, figure.like_for_like_unit_count)
        for figure in figures
        if figure.is_of_other_units and figure.like_for_like_change is not None
    )
    return ReviewTable(
        title,
        (*_INDICATOR, _change("Tăng (+), giảm (-)"), _number("Số đơn vị có số liệu cả hai kỳ")),
        _with_numbers(rows),
    )


def programmes_table(programmes: Iterable[Programme], title: str) -> ReviewTable:
    """What was done for each programme in the half-year; targets are for all programmes together."""
    rows = (
        (
            programme.label_vi,
            figure.label_vi,
            figure.uom,
            figure.value,
            figure.same_period_last_year,
            figure.change,
            _counted(figure.reporting_unit_count, figure.expected_unit_count),
            figure.waiting_rows,
        )
        for programme in programmes
        for figure in programme.figures
    )
    return ReviewTable(
        title,
        (
            _STT,
            Column("Phong trào, đề án, dự án"),
            *_INDICATOR[1:],
            _number("Thực hiện"),
            _number("Cùng kỳ năm trước"),
            _change("Tăng (+), giảm (-)"),
            Column("Số đơn vị có số liệu"),
            _number("Số dòng chờ sửa"),
        ),
        _with_numbers(rows),
        NOT_REPORTED,
    )


def year_table(figures: Iterable[HalfYearFigure], title: str) -> ReviewTable:
    """The year up to the half-year against the targets of the year; indicators without a target are left out."""
    rows = (
        (
            figure.label_vi,
            figure.uom,
            figure.year_target,
            figure.year_to_date,
            figure.year_attainment,
            figure.missing_half_years,
        )
        for figure in figures
        if figure.year_target is not None
    )
    return ReviewTable(
        title,
        (
            *_INDICATOR,
            _number("Chỉ tiêu giao cả năm"),
            _number("Thực hiện từ đầu năm"),
            _percentage("% so với chỉ tiêu giao cả năm"),
            _number("Số kỳ chưa đủ số liệu"),
        ),
        _with_numbers(rows),
        NOT_REPORTED,
    )


def spread_table(frame: pd.DataFrame, title: str) -> ReviewTable:
    """A pivot of indicators × units or half-years; money is in triệu đồng, so that a line finds room on the page."""
    rows = (
        (label, _shown_uom(uom), *_in_millions(uom, _cells(line))) for (_, label, uom), line in _lines(frame)
    )
    return ReviewTable(title, (*_INDICATOR, *_number_columns(frame)), _with_numbers(rows), NOT_REPORTED)


def half_years_by_unit_table(frame: pd.DataFrame, title: str) -> ReviewTable:
    """A pivot of indicators and half-years × units, as ``spread_table`` has it, an indicator's half-years below each other."""
    rows = (
        (label, _shown_uom(uom), short_half_year(period_code), *_in_millions(uom, _cells(line)))
        for (_, label, uom, period_code), line in _lines(frame)
    )
    return ReviewTable(
        title,
        (*_INDICATOR, Column("Kỳ"), *_number_columns(frame)),
        _with_numbers(rows),
        f"6T đầu, 6T cuối là 6 tháng đầu năm, 6 tháng cuối năm. {NOT_REPORTED}",
    )


def programme_table(
    figures: Iterable[ProgrammeFigure], title: str, first_vi: str, last_vi: str
) -> ReviewTable:
    """What a programme brought over its window, for the area."""
    rows = (
        (
            figure.label_vi,
            figure.uom,
            figure.first,
            figure.last,
            figure.change,
            figure.cumulative,
            figure.cumulative_target,
            figure.cumulative_attainment,
            figure.leader,
            figure.leader_value,
            figure.waiting_rows,
            figure.missing_half_years,
        )
        for figure in figures
    )
    return ReviewTable(
        title,
        (
            *_INDICATOR,
            _number(first_vi),
            _number(last_vi),
            _change("Tăng (+), giảm (-)"),
            _number("Lũy kế"),
            _number("Tổng chỉ tiêu giao"),
            _percentage("% so với chỉ tiêu giao"),
            Column("Đơn vị nhiều nhất"),
            _number("Số của đơn vị đó"),
            _number("Số dòng chờ sửa"),
            _number("Số kỳ chưa đủ số liệu"),
        ),
        _with_numbers(rows),
        f"{NOT_REPORTED} Với số mô hình, CLB đang hoạt động và thành viên, cột lũy kế là số cuối giai đoạn.",
    )


def new_clubs_table(clubs: pd.DataFrame, title: str) -> ReviewTable:
    """Clubs that were founded, by name."""
    names = ("unit_label", "club_name", "programme_label_vi", "founded_on", "members")
    return ReviewTable(
        title,
        (
            _STT,
            Column("Đơn vị"),
            Column("Tên mô hình, câu lạc bộ"),
            Column("Phong trào, đề án"),
            Column("Ngày thành lập", CellKind.DAY),
            _number("Số thành viên"),
        ),
        _with_numbers(_cells(line) for line in clubs[list(names)].itertuples(index=False)),
        "" if len(clubs) else "Không thành lập thêm mô hình, câu lạc bộ.",
    )


def commended_table(awards: pd.DataFrame, title: str, gap: str) -> ReviewTable:
    """Who was commended: collectives by name, individuals as a gap that the office fills."""
    rows = (
        (
            award.unit_label,
            "Tập thể" if award.recipient_kind == "collective" else "Cá nhân",
            _known(award.collective_name) if award.recipient_kind == "collective" else gap,
            award.award,
            _known(award.granted_by),
            award.awarded_on,
        )
        for award in awards.itertuples(index=False)
    )
    return ReviewTable(
        title,
        (
            _STT,
            Column("Đơn vị"),
            Column("Tập thể, cá nhân"),
            Column("Tên"),
            Column("Hình thức khen thưởng"),
            Column("Cấp khen thưởng"),
            Column("Ngày", CellKind.DAY),
        ),
        _with_numbers(rows),
        "Bản số liệu không có tên cá nhân; tên do người lập báo cáo ghi."
        if len(awards)
        else "Không có tập thể, cá nhân được khen thưởng.",
    )


def limits_table(limits: Limits, title: str, edition_id: str) -> ReviewTable:
    """What limits the figures: returns that are missing, rows that wait, what is to be checked; and whence they are."""
    rows: list[tuple[Any, ...]] = [
        (
            "Chưa gửi báo cáo" if unit.has_nothing else "Gửi chưa đủ biểu",
            unit.unit_name,
            _forms_missing(unit),
            None,
        )
        for unit in limits.unfinished
        if not unit.has_every_form
    ]
    rows += [
        ("Dòng chờ sửa", waiting.unit_name, waiting.form_label_vi, waiting.count)
        for waiting in limits.waiting
    ]
    rows += [(found.severity_vi, "", found.label_vi, found.count) for found in limits.findings]
    return ReviewTable(
        title,
        (_STT, Column("Việc"), Column("Đơn vị"), Column("Nội dung"), _number("Số lượng")),
        _with_numbers(rows),
        ("" if rows else "Mọi đơn vị đã gửi đủ biểu, không có dòng chờ sửa và nội dung cần kiểm tra. ")
        + f"Tên bản số liệu: {edition_id}.",
    )


def composition_table(parts: pd.DataFrame, title: str) -> ReviewTable:
    """Shares of minority and poor people; a share that is withheld says so."""
    rows = (
        (
            part.people_kind_vi,
            part.part_kind_vi,
            _known(part.people_told),
            "không công bố vì dưới mức tối thiểu" if part.is_suppressed else _known(part.part),
            _known(part.share),
        )
        for part in parts.itertuples(index=False)
    )
    return ReviewTable(
        title,
        (
            _STT,
            Column("Đối tượng"),
            Column("Trong đó"),
            _number("Tổng số đã báo cáo thành phần"),
            _number("Trong đó (người, lượt)"),
            _percentage("Tỷ lệ"),
        ),
        _with_numbers(rows),
        NOT_REPORTED,
    )


def sources_table(sources: pd.DataFrame) -> ReviewTable:
    """The rows that every figure comes from, to be filtered in Excel."""
    names = [
        "period_label_vi",
        "label_vi",
        "unit_label",
        "file_name",
        "sheet_name",
        "row_number",
        "contribution",
        "uom",
    ]
    return ReviewTable(
        "Nguồn của từng con số: tệp báo cáo, trang tính và dòng",
        (
            Column("Kỳ báo cáo"),
            Column("Chỉ tiêu"),
            Column("Đơn vị"),
            Column("Tệp báo cáo"),
            Column("Trang tính"),
            _number("Dòng"),
            _number("Số được cộng"),
            Column("ĐVT"),
        ),
        tuple(_cells(line) for line in sources[names].itertuples(index=False, name=None)),
        "Cộng cột “Số được cộng” của một chỉ tiêu và một đơn vị trong một kỳ thì được số của kỳ đó; tiền tính bằng đồng.",
    )


def _forms_missing(unit: UnfinishedReturn) -> str:
    return ", ".join((*unit.missing_forms, *(f"{form} (chưa tiếp nhận)" for form in unit.refused_forms)))


def _with_numbers(rows: Iterable[Iterable[Any]]) -> tuple[tuple[Any, ...], ...]:
    return tuple((str(number), *row) for number, row in enumerate(rows, start=1))


def _lines(frame: pd.DataFrame) -> Iterator[tuple[tuple[Any, ...], Any]]:
    for index, *cells in frame.itertuples(name=None):
        yield index, cells


def _cells(line: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(_known(cell) for cell in line)


def _known(cell: Any) -> Any:
    return None if pd.isna(cell) else cell


def _number_columns(frame: pd.DataFrame) -> tuple[Column, ...]:
    return tuple(_number(str(name)) for name in frame.columns)


def _shown_uom(uom: str) -> str:
    return "triệu đồng" if uom == _MONEY else uom


def _in_millions(uom: str, cells: tuple[Any, ...]) -> tuple[Any, ...]:
    if uom != _MONEY:
        return cells
    return tuple(None if cell is None else cell / 1_000_000 for cell in cells)


def _ratio(value: Any, base: Any) -> float | None:
    return float(value / base) if value is not None and base else None


def _counted(part: int, whole: int) -> str:
    return f"{part}/{whole}"
