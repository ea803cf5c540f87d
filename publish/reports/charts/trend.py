"""The course of an indicator over the half-years of a programme."""

import altair as alt
import pandas as pd

from ingest.text.printing import format_number
from publish.names import amid_line, named_together, short_half_year
from publish.reports.charts.drawing import GREY, INK, PALE, TARGET_MARK, finished, numbers_over
from publish.reports.written_review import ReviewChart


def draw_trend(trend: pd.DataFrame, label_vi: str, uom: str) -> ReviewChart | None:
    """Draw a bar a half-year, its target as a stroke; a part of a year is hatched by its paler shade and named so.

    Args:
        trend: as ``figures.tables.read_trend`` gives it.
        label_vi, uom: the indicator.

    Returns:
        None where nothing was reported of it.
    """
    told = trend.dropna(subset=["value"])
    if told.empty:
        return None
    shown = trend.assign(
        value=trend["value"].astype("float64"),
        target=trend["target"].astype("float64"),
        period=[short_half_year(code) for code in trend["period_code"]],
        kind=[_kind(line) for line in trend.itertuples()],
    )[["period", "value", "target", "kind"]]
    base = alt.Chart(shown).encode(x=alt.X("period:N", sort=None, title=None, axis=alt.Axis(labelAngle=-35)))
    kinds = [kind for kind in _SHADES if kind in set(shown["kind"])]
    bars = base.mark_bar(stroke=INK, strokeWidth=0.8).encode(
        y=alt.Y("value:Q", title=uom, axis=alt.Axis(format=",.0f", tickMinStep=1)),
        color=alt.Color("kind:N", scale=alt.Scale(domain=kinds, range=[_SHADES[kind] for kind in kinds])),
    )
    targets = base.mark_tick(color=INK, thickness=3, width=26).encode(y="target:Q")
    has_targets = bool(shown["target"].notna().any())
    # at the foot of its bar, where no target is
    numbers = numbers_over(base.encode(y=alt.value(_FOOT), text=alt.Text("value:Q", format=",~f")))
    drawn = alt.layer(bars, *([targets] if has_targets else []), *numbers)
    return ReviewChart(
        f"{label_vi} ({uom}) theo kỳ báo cáo{TARGET_MARK if has_targets else ''}",
        _in_words(told, label_vi, uom),
        finished(drawn),
    )


_FOOT = 190
_WHOLE, _PART_YEAR, _PARTIAL = "đủ số liệu", "năm chỉ có nửa năm", "chưa đủ đơn vị có số liệu"
_SHADES = {_WHOLE: GREY, _PART_YEAR: PALE, _PARTIAL: "#ffffff"}


def _kind(line: object) -> str:
    if line.is_partial:  # type: ignore[attr-defined]
        return _PARTIAL
    return _PART_YEAR if line.is_part_year else _WHOLE  # type: ignore[attr-defined]


def _in_words(told: pd.DataFrame, label_vi: str, uom: str) -> str:
    first, last = told.iloc[0], told.iloc[-1]
    return (
        f"Biểu đồ cột {amid_line(label_vi)} theo kỳ báo cáo. {first.period_label_vi}: {format_number(first.value)} {uom},"
        f" {last.period_label_vi}: {format_number(last.value)} {uom}; {_highest(told, uom)}."
    )


def _highest(told: pd.DataFrame, uom: str) -> str:
    most = told["value"].max()
    at = [str(line.period_label_vi) for line in told.itertuples() if line.value == most]
    if len(at) == 1:
        return f"cao nhất là {at[0]} với {format_number(most)} {uom}"
    named = "các kỳ bằng nhau" if len(at) == len(told) else f"cao nhất là {named_together(at)}"
    return f"{named}, mỗi kỳ {format_number(most)} {uom}"
