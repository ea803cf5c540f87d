"""What all reviews have in common: who reports for which area, and what the edition is."""

from dataclasses import dataclass
from datetime import datetime

import duckdb

from ingest.text.printing import moment_vi
from publish.reports.names import amid_sentence


@dataclass(frozen=True, slots=True)
class Period:
    """A half-year as a report names it: its code, its words, and those of the one after it."""

    code: str
    label_vi: str
    next_label_vi: str

    @property
    def is_second_half(self) -> bool:
        """Whether it ends its year."""
        return self.code.endswith("H2")

    @property
    def year(self) -> str:
        """The year that it belongs to."""
        return self.code[:4]


@dataclass(frozen=True, slots=True)
class Issue:
    """The edition that a review is written from."""

    edition_id: str
    as_of: datetime


def read_issue(connection: duckdb.DuckDBPyConnection) -> Issue:
    """Read which edition this is."""
    (found,) = connection.execute("select edition_id, as_of from meta.edition").fetchall()
    return Issue(*found)


def read_period(connection: duckdb.DuckDBPyConnection, code: str) -> Period:
    """Read a half-year's words (``2023H1``); it is one of the edition's."""
    found = connection.execute(
        """
        select label_vi, lead(label_vi) over (order by period_code) as next_label_vi, period_code
        from core.dim_period where period_kind = 'half_year'
        qualify period_code = ?
        """,
        [code],
    ).fetchall()
    ((label, following, _),) = found
    return Period(code, label, following or "kỳ sau")


def read_area(connection: duckdb.DuckDBPyConnection, period: str) -> dict[str, str]:
    """Read for whom a review is written: words of its head, of the time of the half-year.

    Returns:
        ``co_quan`` (HỘI LHPN HUYỆN KRÔNG ANA), ``co_quan_cap_tren``, ``dia_ban`` amid a sentence (*huyện Krông Ana*),
        ``dia_danh`` (the place that is signed at).
    """
    ((name, parent, is_there),) = connection.execute(
        """
        select area.unit_name, parent.unit_name, coalesce(area.valid_to >= period.period_end, true)
        from core.dim_unit as area
        inner join reviews.halfyear_review as review
            on review.unit_key = area.unit_key and review.is_area_total and review.period_code = $period
        inner join core.dim_period as period on period.period_code = review.period_code
        left join core.dim_unit as parent on parent.unit_key = area.parent_key
        limit 1
        """,
        {"period": period},
    ).fetchall()
    place = name.split(" ", 1)[-1]
    return {
        "co_quan": f"HỘI LHPN {name.upper()}",
        "co_quan_cap_tren": f"HỘI LHPN {parent.upper()}" if parent else "HỘI LHPN VIỆT NAM",
        "dia_ban": amid_sentence(name) if is_there else f"địa bàn {place} cũ",
        "dia_danh": place,
    }


def told_of_edition(issue: Issue) -> str:
    """Say what a review stands on."""
    return f"Số liệu tính đến {moment_vi(issue.as_of)}."
