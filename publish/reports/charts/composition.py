"""Who the people were: the shares of minority and poor among trainees, beneficiaries and club members."""

import altair as alt
import pandas as pd

from ingest.text.printing import format_percentage
from publish.reports.charts.drawing import GREY, INK, PALE, finished
from publish.reports.written_review import ReviewChart

WITHHELD = "không công bố vì dưới mức tối thiểu"


def draw_composition(parts: pd.DataFrame) -> ReviewChart | None:
    """Draw a bar a share out of the whole; a share that is withheld says so instead of being 0.

    Args:
        parts: as ``figures.tables.read_composition`` gives it.

    Returns:
        None where nothing is known of anybody.
    """
    told = parts[parts["share"].notna() | parts["is_suppressed"].astype(bool)]
    if told.empty:
        return None
    shown = pd.DataFrame(
        {
            "part": [f"{line.people_kind_vi}: {line.part_kind_vi}" for line in told.itertuples()],
            "share": told["share"].astype("float64").fillna(0.0).to_list(),
            "whole": 1.0,
            "told": [
                WITHHELD if line.is_suppressed else format_percentage(line.share)
                for line in told.itertuples()
            ],
        }
    )
    base = alt.Chart(shown).encode(y=alt.Y("part:N", sort=None, title=None, axis=alt.Axis(labelLimit=320)))
    scale = alt.Scale(domain=[0, 1])
    whole = base.mark_bar(color=PALE).encode(
        x=alt.X("whole:Q", title=None, scale=scale, axis=alt.Axis(format="%"))
    )
    share = base.mark_bar(color=GREY, stroke=INK, strokeWidth=0.8).encode(x=alt.X("share:Q", scale=scale))
    numbers = base.mark_text(align="left", dx=6, fontSize=11, color=INK).encode(
        x=alt.X("share:Q", scale=scale), text="told:N"
    )
    said = "; ".join(f"{line.part} {line.told}" for line in shown.itertuples())
    return ReviewChart(
        "Thành phần người tham gia",
        f"Biểu đồ thành phần: {said}.",
        finished(whole + share + numbers, height=34 * len(shown)),
    )
