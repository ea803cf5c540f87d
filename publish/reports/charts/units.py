"""Units of a half-year beside each other, each against its target."""

import altair as alt
import pandas as pd

from ingest.text.printing import format_number
from publish.names import amid_line, amid_sentence, named_together
from publish.reports.charts.drawing import GREY, INK, TARGET_MARK, finished, numbers_over
from publish.reports.written_review import ReviewChart


def draw_units(units: pd.DataFrame, label_vi: str, uom: str) -> ReviewChart | None:
    """Draw a bar a unit, the largest first, with its target as a stroke; a unit that did not report says so.

    Args:
        units: as ``figures.tables.read_units_against_target`` gives it.
        label_vi, uom: the indicator.

    Returns:
        None where no unit reported.
    """
    told = units.dropna(subset=["value"])
    if told.empty:
        return None
    shown = pd.DataFrame(
        {
            "unit": [str(name) for name in units["unit_label"]],
            "value": units["value"].astype("float64"),
            "target": units["target"].astype("float64"),
            "told": ["chưa báo cáo" if pd.isna(value) else format_number(value) for value in units["value"]],
        }
    )
    shown["at"] = shown["value"].fillna(0.0)
    base = alt.Chart(shown).encode(y=alt.Y("unit:N", sort=None, title=None, axis=alt.Axis(labelLimit=260)))
    bars = base.mark_bar(color=GREY, stroke=INK, strokeWidth=0.8).encode(
        x=alt.X("at:Q", title=uom, axis=alt.Axis(format=",.0f"))
    )
    numbers = numbers_over(base.encode(x="at:Q", text="told:N"), align="left", dx=5)
    targets = base.mark_tick(color=INK, thickness=3).encode(x="target:Q")
    has_targets = bool(shown["target"].notna().any())
    drawn = alt.layer(bars, *([targets] if has_targets else []), *numbers)
    return ReviewChart(
        f"{label_vi} ({uom}) theo đơn vị{TARGET_MARK if has_targets else ''}",
        f"Biểu đồ thanh {amid_line(label_vi)} của {len(units)} đơn vị: {_highest(told, uom)};"
        f" {_silent(len(units) - len(told))}.",
        finished(drawn, height=24 * len(units)),
    )


def _highest(told: pd.DataFrame, uom: str) -> str:
    most = told["value"].max()
    at = [amid_sentence(str(line.unit_label)) for line in told.itertuples() if line.value == most]
    if len(at) == 1:
        return f"nhiều nhất là {at[0]} với {format_number(most)} {uom}"
    named = "các đơn vị bằng nhau" if len(at) == len(told) else f"nhiều nhất là {named_together(at)}"
    return f"{named}, mỗi đơn vị {format_number(most)} {uom}"


def _silent(count: int) -> str:
    return f"{count} đơn vị chưa có số liệu" if count else "mọi đơn vị đều có số liệu"
