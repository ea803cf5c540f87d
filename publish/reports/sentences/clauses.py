"""Parts of a sentence: the value, how it stands against its target and last year, and what limits it."""

from decimal import Decimal

from ingest.text.printing import format_number
from publish.names import amid_line
from publish.reports.figures.lines import HalfYearFigure
from publish.reports.sentences.words import IndicatorWords
from publish.reports.settings import ReportSettings

# A count is told by the noun that follows it, what is measured by its unit of measure.
_MEASURED = frozenset({"kg", "km"})
MONEY = "đồng"


def value_vi(value: Decimal, uom: str, settings: ReportSettings) -> str:
    """Write a figure as it stands before its noun: *382*, *15.456 kg*, *hơn 98 triệu đồng*."""
    if uom == MONEY:
        return settings.money(value)
    return f"{format_number(value)} {uom}" if uom in _MEASURED else format_number(value)


def amount_vi(value: Decimal, uom: str, unit: str, settings: ReportSettings) -> str:
    """Write a figure that stands alone, with the noun that it counts: *189 hội viên*, *115.000 kg*."""
    written = value_vi(value, uom, settings)
    return written if uom == MONEY or uom in _MEASURED else f"{written} {unit}"


def told(
    value: Decimal, words: IndicatorWords, uom: str, companions: list[str], settings: ReportSettings
) -> str:
    """Tell a figure by the words of its indicator, with what is added to it; 0 alone is told as none."""
    if value == 0 and not companions:
        return words.none
    return " ".join([words.told.format(value=value_vi(value, uom, settings)), *companions])


def labelled(label_vi: str, value: Decimal, uom: str, settings: ReportSettings) -> str:
    """Tell a figure by its label alone: *lượt người dự tập huấn, bồi dưỡng: 50 lượt*."""
    return f"{amid_line(label_vi)}: {amount_vi(value, uom, uom, settings)}"


def against_target(figure: HalfYearFigure, words: IndicatorWords, settings: ReportSettings) -> str:
    """Say what part of the half-year's target was reached; empty where there was none."""
    if not figure.target or figure.attainment is None:
        return ""
    return _reached(figure.attainment, figure.target, "chỉ tiêu giao", (figure, words), settings)


def against_year_target(figure: HalfYearFigure, words: IndicatorWords, settings: ReportSettings) -> str:
    """Say what the year has brought up to now and what part of the year's target that is; empty where there was none."""
    if not figure.year_target or figure.year_attainment is None or figure.year_to_date is None:
        return ""
    so_far = amount_vi(figure.year_to_date, figure.uom, words.unit, settings)
    reached = _reached(
        figure.year_attainment, figure.year_target, "chỉ tiêu giao cả năm", (figure, words), settings
    )
    lacking = (
        f" (lũy kế còn thiếu số liệu của {figure.missing_half_years} kỳ)" if figure.missing_half_years else ""
    )
    return f"tính từ đầu năm là {so_far}{lacking}, {reached}"


def against_last_year(figure: HalfYearFigure, words: IndicatorWords, settings: ReportSettings) -> str:
    """Say by how much the figure rose or fell; where other units reported last year, also over those that did both times."""
    last, value = figure.same_period_last_year, figure.value
    if last is None or value is None:
        return ""
    change = _changed(value - last, last, (figure, words), settings)
    if figure.like_for_like_change is None or not figure.is_of_other_units:
        return change
    alike = _rose(figure.like_for_like_change, (figure, words), settings)
    return f"{change} (tính trên {figure.like_for_like_unit_count} đơn vị có số liệu cả hai kỳ thì {alike})"


def limits_vi(figure: HalfYearFigure, words: IndicatorWords, settings: ReportSettings) -> str:
    """Say what limits a figure, in brackets; empty where nothing does."""
    limits = []
    if figure.reporting_unit_count < figure.expected_unit_count:
        limits.append(f"{figure.reporting_unit_count}/{figure.expected_unit_count} đơn vị có số liệu")
    if figure.carried_value:
        carried = amount_vi(figure.carried_value, figure.uom, words.unit, settings)
        limits.append(f"trong đó {carried} là số kỳ trước của đơn vị chưa gửi báo cáo")
    elif figure.indicator_code == "members_closing" and figure.missing_half_years:
        limits.append(f"chưa gồm biến động của {figure.missing_half_years} kỳ mà đơn vị chưa gửi báo cáo")
    if figure.waiting_rows:
        limits.append(f"còn {figure.waiting_rows} dòng chờ sửa")
    return f"{_OPENED}{'; '.join(limits)})" if limits else ""


def as_clause(*clauses: str) -> str:
    """Join the clauses that say something into the beginning of a sentence."""
    text = ", ".join(clause for clause in clauses if clause)
    return f"{text[:1].upper()}{text[1:]}"


def as_sentence(*clauses: str, limits: str = "") -> str:
    """Join the clauses that say something into one sentence."""
    return f"{with_limits(as_clause(*clauses), limits)}."


def with_limits(text: str, limits: str) -> str:
    """Add what limits a figure to what was told of it; brackets at its end take that in, so that none follows another."""
    if limits and text.endswith(")"):
        return f"{text[:-1]}; {limits.removeprefix(_OPENED)}"
    return f"{text}{limits}"


_OPENED = " ("
_Told = tuple[HalfYearFigure, IndicatorWords]


def _reached(
    attainment: float, target: Decimal, target_vi: str, told_of: _Told, settings: ReportSettings
) -> str:
    figure, words = told_of
    asked = amount_vi(target, figure.uom, words.unit, settings)
    if attainment == 0:
        return f"chưa thực hiện được {target_vi} ({asked})"
    if attainment == 1:
        return f"đạt đúng {target_vi} ({asked})"
    reached = "đạt" if attainment > 1 else "mới đạt"
    return f"{reached} {settings.percentage(attainment)} so với {target_vi} ({asked})"


def _changed(difference: Decimal, last: Decimal, told_of: _Told, settings: ReportSettings) -> str:
    if last == 0:
        return "như cùng kỳ năm trước" if difference == 0 else "cùng kỳ năm trước không có"
    if difference == 0:
        return "bằng cùng kỳ năm trước"
    share = settings.percentage(abs(difference) / abs(last))
    return f"{_rose(difference, told_of, settings)} ({share}) so với cùng kỳ năm trước"


def _rose(difference: Decimal, told_of: _Told, settings: ReportSettings) -> str:
    if difference == 0:
        return "không đổi"
    figure, words = told_of
    by = amount_vi(abs(difference), figure.uom, words.unit, settings)
    return f"{'tăng' if difference > 0 else 'giảm'} {by}"
