"""What all reviews have in common: who reports for which area, and what the edition is."""

from dataclasses import dataclass
from datetime import datetime

import duckdb

from ingest.text.printing import moment_vi
from publish.answers.review_lines import Area
from publish.names import amid_line


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


def words_of_head(area: Area) -> dict[str, str]:
    """Give the words of a report's head, by the names that templates know them by.

    Returns:
        ``co_quan`` (HỘI LHPN HUYỆN KRÔNG ANA), ``co_quan_cap_tren`` and ``hoi_cap_tren`` (the same as
        it is written in a line: *Hội LHPN tỉnh Đắk Lắk*), ``dia_ban`` amid a sentence (*huyện Krông Ana*),
        ``dia_danh`` (the place that is signed at).
    """
    name = area.unit_name or area.name_vi
    above = f"Hội LHPN {amid_line(area.parent_name) if area.parent_name else 'Việt Nam'}"
    return {
        "co_quan": f"HỘI LHPN {name.upper()}",
        "co_quan_cap_tren": above.upper(),
        "hoi_cap_tren": above,
        "dia_ban": amid_line(area.name_vi),
        "dia_danh": name.split(" ", 1)[-1],
    }


def told_of_edition(issue: Issue) -> str:
    """Say what a review stands on."""
    return f"Số liệu tính đến {moment_vi(issue.as_of)}."
