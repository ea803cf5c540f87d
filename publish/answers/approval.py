"""What a person is shown before an edition is issued: a request in Vietnamese, as Markdown.

It is read from the candidate itself, so what is shown is what will be published: who reported and who did not, what must
be checked, rows that wait, published figures that change, and the main figures beside those of last year and the target.
Nothing is decided and nothing computed here.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

import duckdb

from ingest.text.printing import format_number, format_percentage, moment_vi
from publish.answers.review_lines import (
    HalfYearLine,
    UnfinishedReturn,
    read_area,
    read_half_year,
    read_unfinished_returns,
    unfinished_vi,
)
from publish.editions.choices import newest_period
from publish.editions.edition import Edition

APPROVE_VI = "Phê duyệt"
REFUSE_VI = "Không phê duyệt"
SEVERITIES_VI = {"error": "Phải sửa", "warning": "Đề nghị kiểm tra", "info": "Để biết"}
MOST_RESTATEMENTS = 20


@dataclass(frozen=True, slots=True)
class Restatement:
    """A figure of the last edition that reads otherwise in this one."""

    period_label_vi: str
    unit_name: str
    indicator_label_vi: str
    figure_as_issued: Decimal | None
    figure_now: Decimal | None
    cause: str


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked: one line, and what is needed to answer it."""

    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What the request tells of a candidate.

    Attributes:
        units_asked: units that are asked for a return of the half-year.
        unfinished: units of which something is missing or waits.
        late: units of which a form came late.
        findings: severity to number of findings of the half-year, and of all half-years.
        finding_kinds: severity to kinds of finding of the half-year with their numbers, the most frequent first.
        waiting_rows: rows that wait for correction, of the half-year and of all half-years.
        restatements: figures of the last edition that change, those of the whole area first.
    """

    period_label_vi: str
    area_name: str
    units_asked: int
    unfinished: tuple[UnfinishedReturn, ...]
    late: tuple[str, ...]
    findings: dict[str, tuple[int, int]]
    finding_kinds: dict[str, tuple[tuple[str, int], ...]]
    waiting_rows: tuple[int, int]
    restatements: tuple[Restatement, ...]
    half_year: tuple[HalfYearLine, ...]


def write_request(
    connection: duckdb.DuckDBPyConnection, candidate: Edition, period: str | None, current: Edition | None
) -> Request:
    """Write the request for approval of a candidate.

    Args:
        connection: the candidate, opened for reading.
        candidate: what it is.
        period: the half-year that is reviewed; the newest with a return when None.
        current: the edition that readers have now, if any.
    """
    facts = read_facts(connection, period or newest_period(connection), current)
    subject = f"Phê duyệt số liệu {facts.period_label_vi}, tính đến {moment_vi(candidate.as_of)}"
    return Request(subject, "\n".join(_body(facts, candidate, current)))


def read_facts(connection: duckdb.DuckDBPyConnection, period: str, current: Edition | None) -> Facts:
    """Read what a request tells."""
    labels = dict(connection.execute("select period_code, label_vi from core.dim_period").fetchall())
    units_asked, late = connection.execute(
        """
        select
            count(distinct unit_key),
            coalesce(list(distinct unit_name order by unit_name) filter (where status = 'late'), [])
        from reviews.submission_completeness
        where period_code = ?
        """,
        [period],
    ).fetchall()[0]
    findings = {
        severity: (of_period, of_all)
        for severity, of_period, of_all in connection.execute(
            "select severity, count(*) filter (where period_code = ?), count(*) from reviews.findings group by all",
            [period],
        ).fetchall()
    }
    kinds: dict[str, tuple[tuple[str, int], ...]] = {}
    for severity, label, count in connection.execute(
        "select severity, finding_label_vi, count(*) from reviews.findings where period_code = ? group by all"
        " order by count(*) desc, finding_label_vi",
        [period],
    ).fetchall():
        kinds[severity] = (*kinds.get(severity, ()), (str(label), int(count)))
    waiting = connection.execute(
        """
        select count(*) filter (where period_code = ?), count(*)
        from (select distinct submission_id, sheet_number, row_number, period_code from reviews.quarantined_rows)
        """,
        [period],
    ).fetchall()[0]
    return Facts(
        period_label_vi=str(labels.get(period, period)),
        area_name=read_area(connection, period).name_vi,
        units_asked=units_asked,
        unfinished=read_unfinished_returns(connection, period),
        late=tuple(late),
        findings=findings,
        finding_kinds=kinds,
        waiting_rows=(int(waiting[0]), int(waiting[1])),
        restatements=_restatements(connection, current.edition_id if current else ""),
        half_year=read_half_year(connection, period),
    )


def _restatements(connection: duckdb.DuckDBPyConnection, edition_id: str) -> tuple[Restatement, ...]:
    found = connection.execute(
        """
        select
            coalesce(periods.label_vi, changed.period_code), changed.unit_name, changed.label_vi,
            changed.figure_as_issued, changed.figure_now, changed.cause
        from reviews.restatements as changed
        left join core.dim_period as periods using (period_code)
        left join (
            select distinct unit_key, is_area_total from reviews.halfyear_review where is_area_total
        ) as areas using (unit_key)
        where changed.edition_id = ?
        order by areas.is_area_total is null, changed.period_code desc, changed.unit_name, changed.label_vi
        """,
        [edition_id],
    ).fetchall()
    return tuple(Restatement(*row) for row in found)


def _body(facts: Facts, candidate: Edition, current: Edition | None) -> Iterator[str]:
    yield (
        f"Bản số liệu **{facts.period_label_vi}**, số liệu tính đến {moment_vi(candidate.as_of)},"
        f" từ {format_number(candidate.input_submissions)} tệp báo cáo. Lập lúc {moment_vi(candidate.built_at)}."
    )
    if current is not None and candidate.as_of < current.as_of:
        yield (
            f"\nSố liệu hiện hành tính đến {moment_vi(current.as_of)}, muộn hơn bản này: nếu được phê duyệt, bản này"
            " được lưu lại nhưng không thay bản hiện hành."
        )
    yield from _completeness(facts)
    yield from _checks(facts)
    yield from _changes(facts, current)
    yield from _figures(facts)
    yield (
        f"\nChọn “{APPROVE_VI}” thì đúng bản này được công bố, kể cả khi đã có thêm báo cáo gửi đến."
        f" Chọn “{REFUSE_VI}” thì không có gì được công bố; đề nghị ghi lý do vào ô Ghi chú."
    )


def _completeness(facts: Facts) -> Iterator[str]:
    yield "\n### Báo cáo của các đơn vị\n"
    if not facts.units_asked:
        yield "- Chưa có báo cáo nào của kỳ này."
        return
    complete = facts.units_asked - sum(not unit.has_every_form for unit in facts.unfinished)
    yield f"- Đã gửi đủ biểu: {format_number(complete)}/{format_number(facts.units_asked)} đơn vị"
    late = [("Gửi quá hạn", "; ".join(facts.late))] if facts.late else []
    for said, units in (*unfinished_vi(facts.unfinished), *late):
        yield f"- {said}: {_text(units)}"


def _checks(facts: Facts) -> Iterator[str]:
    yield "\n### Nội dung cần kiểm tra, dòng chờ sửa\n"
    rows = [
        (label, *(format_number(count) for count in facts.findings.get(severity, (0, 0))))
        for severity, label in SEVERITIES_VI.items()
    ]
    waiting = tuple(format_number(count) for count in facts.waiting_rows)
    yield from _table(
        ("Loại", f"{facts.period_label_vi}", "Tất cả các kỳ"), [*rows, ("Dòng chờ sửa", *waiting)]
    )
    if facts.finding_kinds:
        yield ""
    for severity, label in SEVERITIES_VI.items():
        if kinds := facts.finding_kinds.get(severity):
            told = "; ".join(f"{kind} ({format_number(count)})" for kind, count in kinds)
            yield f"- {label}: {_text(told)}"


def _changes(facts: Facts, current: Edition | None) -> Iterator[str]:
    yield "\n### Điều chỉnh số liệu đã công bố\n"
    if current is None:
        yield "Chưa công bố bản số liệu nào trước đây."
        return
    if not facts.restatements:
        yield f"Không có số nào khác với bản đã công bố (tính đến {moment_vi(current.as_of)})."
        return
    yield f"So với bản đã công bố (tính đến {moment_vi(current.as_of)}):\n"
    yield from _table(
        ("Kỳ báo cáo", "Đơn vị", "Chỉ tiêu thống kê", "Đã công bố", "Nay", "Lý do"),
        [
            (
                change.period_label_vi,
                change.unit_name,
                change.indicator_label_vi,
                format_number(change.figure_as_issued),
                format_number(change.figure_now),
                change.cause,
            )
            for change in facts.restatements[:MOST_RESTATEMENTS]
        ],
    )
    left = len(facts.restatements) - MOST_RESTATEMENTS
    if left > 0:
        yield f"\nvà {format_number(left)} số khác."


def _figures(facts: Facts) -> Iterator[str]:
    yield f"\n### Số liệu chính: {_text(facts.area_name)}\n"
    if not facts.half_year:
        yield "Chưa có số liệu của kỳ này."
        return
    yield from _table(
        (
            "Chỉ tiêu thống kê",
            "ĐVT",
            "Thực hiện",
            "Chỉ tiêu giao",
            "% so với chỉ tiêu giao",
            "Cùng kỳ năm trước",
            "Tăng (+), giảm (-)",
        ),
        [
            (
                line.label_vi,
                line.uom,
                format_number(line.value),
                format_number(line.target),
                format_percentage(line.attainment),
                format_number(line.same_period_last_year),
                format_number(line.change),
            )
            for line in facts.half_year
        ],
    )


def _table(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    for cells in (heading, ["---"] * len(heading), *rows):
        yield f"| {' | '.join(_text(cell) for cell in cells)} |"


def _text(text: str) -> str:
    """Let a text of a branch be text, whatever Markdown or a table would make of it."""
    for mark in "\\|*_`[<":
        text = text.replace(mark, f"\\{mark}")
    return text.replace("\n", " ")
