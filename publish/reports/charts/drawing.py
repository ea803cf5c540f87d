"""A specification as PNG or SVG, with the letters that Vietnamese and Êđê names need."""

from functools import lru_cache
from pathlib import Path
from typing import Any

import altair as alt
import font_source_serif_pro
import vl_convert

from publish.paper import FONT_NAME

# A chart in a font that a machine lacks has no letters at all, and older ones lack half of ours: this one comes along.
_OWN_FONT = "Source Serif Pro"
FONT = f"{_OWN_FONT}, {FONT_NAME}, serif"
# numbers in ink are read on each of them, and one is told from the other in black and white
INK, GREY, PALE = "#1a1a1a", "#a3a3a3", "#dedede"
_SCALE = 2.0
# said where a chart has strokes
TARGET_MARK = "; vạch đậm là chỉ tiêu giao"


def finished(chart: alt.LayerChart | alt.FacetChart, width: int = 430, height: int = 200) -> dict[str, Any]:
    """Give a chart the size, letters and lines of all charts of a review, as a Vega-Lite specification."""
    return dict(
        chart.properties(width=width, height=height)
        .configure(font=FONT, background="white", locale=alt.Locale(number=_NUMBERS))
        .configure_axis(labelFontSize=12, titleFontSize=12, gridColor=PALE, labelColor=INK, titleColor=INK)
        .configure_legend(labelFontSize=12, title=None, orient="bottom")
        .configure_view(stroke=None)
        .to_dict()
    )


def numbers_over(base: alt.Chart, **placed: Any) -> tuple[alt.Chart, alt.Chart]:
    """Give the texts of a chart twice, first as a white rim, so that they can be read over a bar or a stroke."""
    return (
        base.mark_text(fontSize=12, color="white", stroke="white", strokeWidth=3, **placed),
        base.mark_text(fontSize=12, color=INK, **placed),
    )


@lru_cache(maxsize=1)
def _register_font() -> None:
    vl_convert.register_font_directory(str(Path(font_source_serif_pro.__file__).parent / "files"))


def as_png(specification: dict[str, Any]) -> bytes:
    """Draw a specification as a picture, at twice the size for paper."""
    _register_font()
    return bytes(vl_convert.vegalite_to_png(specification, scale=_SCALE))


def as_svg(specification: dict[str, Any]) -> str:
    """Draw a specification for a page."""
    _register_font()
    return str(vl_convert.vegalite_to_svg(specification))


_NUMBERS = alt.NumberLocale(decimal=",", thousands=".", grouping=[3], currency=["", " đồng"])
