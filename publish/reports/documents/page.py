"""A review as one page that needs nothing outside itself: to open in any browser, to print, to hear read aloud."""

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from publish.reports.charts.drawing import as_svg
from publish.reports.documents.cells import printed
from publish.reports.documents.word import TEMPLATES
from publish.reports.settings import ReportSettings
from publish.reports.written_review import FIGURES, WrittenReview


def render_page(review: WrittenReview, settings: ReportSettings) -> str:
    """Write a review as a page; drawings are in it as SVG."""
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
    return environment.get_template("review.html.j2").render(
        review=review,
        is_number=FIGURES,
        printed=lambda cell, kind: printed(cell, kind, settings),
        # drawn by ourselves from figures, not by anybody who sends something in
        drawings=[Markup(_decorative(as_svg(chart.specification))) for chart in review.charts],  # noqa: S704
    )


def _decorative(svg: str) -> str:
    """Let a screen reader hear the words of the figure instead of each letter of the drawing."""
    return svg.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1)
