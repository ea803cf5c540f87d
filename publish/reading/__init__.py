"""An edition in pandas, for analysts: frames with their Vietnamese labels, figures with their sources, metrics by name.

    from publish.reading import open_edition

    with open_edition() as edition:                          # the current edition of WAREHOUSE_HOME
        edition.tables()                                     # what there is, and what a row of it is
        edition.columns("reviews.halfyear_review")           # labels, units of measure, meanings
        edition.table("reviews.halfyear_review", labelled=True)
        edition.sql("select … from reviews.yearly_review where …")
        edition.figure_sources("new_rural_works", "Ea Bông", "2023H1")   # file, sheet and row behind a figure
        edition.metrics(["plastic_kg"], by=["metric_time__year"])        # as MetricFlow defines them

``open_edition`` takes a home, an edition's DuckDB file, or nothing. What it opens it keeps: a session that began on one
edition ends on it, whatever is published meanwhile. It reads and never writes, and holds up neither a refresh nor other
readers. The pages of ``notebooks/`` show each of these at work.

Frames are of Arrow types: NULL is ``<NA>`` (not reported, or withheld), and figures are decimals, exact, which add up and
compare but do not divide; ``exact=False`` gives them as floats. ``edition.arrow(…)`` gives a table of Arrow, which Polars
takes without copying: ``polars.from_arrow(edition.arrow("…"))``. Ratios are asked of ``metrics`` or read from the reviews.

``session`` is the door, ``labels`` says how columns are called, ``metrics`` asks MetricFlow.
"""

from publish.editions.choices import UnknownChoiceError
from publish.editions.current import NoEditionError
from publish.reading.metrics import MetricsError
from publish.reading.session import OpenEdition, UnknownTableError, open_edition

__all__ = [
    "MetricsError",
    "NoEditionError",
    "OpenEdition",
    "UnknownChoiceError",
    "UnknownTableError",
    "open_edition",
]
