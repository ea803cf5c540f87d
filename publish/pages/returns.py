"""Who sent what, what was refused and why, what waits for correction: read where it is known best.

The same models stand in an edition and in the working database. Between two editions, while returns come in, only the
working database knows of them: where its reviews were built later than the edition it is asked, else the edition. Nothing
of this is a figure; figures are the business of ``figures``. What branches wrote freely is masked in an edition already;
what is taken from the working database is masked here, as it would be there.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

import duckdb

from ingest.database import open_read_only
from ingest.home import WarehouseHome
from publish.editions.edition import Edition
from publish.editions.privacy.leaving_texts import mask_leaving
from publish.pages.new_files import NewFile, read_new_files

HALF_YEARS_SHOWN = 10  # five years, as long as a programme's review looks back

_FORMS = """
with latest as (
    select distinct period_code from reviews.submission_completeness order by period_code desc limit ?
),

waiting as (
    select
        unit_key, period_code, form_name,
        count(distinct (submission_id, sheet_number, row_number)) as waiting_rows
    from reviews.quarantined_rows
    -- those of a return that was replaced need no correction
    semi join (select submission_id, form_name from core.fct_submissions where is_current) using (submission_id, form_name)
    group by all
)

select
    forms.unit_key, forms.period_code, forms.period_label_vi, forms.form_name, forms.form_label_vi, forms.status,
    forms.received_at, coalesce(forms.version, 0), forms.submission_id, forms.due_on, coalesce(waiting.waiting_rows, 0)
from reviews.submission_completeness as forms
semi join latest using (period_code)
left join waiting using (unit_key, period_code, form_name)
order by forms.period_code desc, forms.unit_key, forms.form_label_vi
"""
_PARTS = """
select
    files.submission_id, files.unit_key, files.period_code, files.file_name, files.received_at, files.verdict,
    coalesce(verdicts.label_vi, files.verdict) as verdict_vi, coalesce(files.reason_vi, ''),
    list(coalesce(forms.label_vi, files.form_name) order by forms.label_vi), max(coalesce(files.version, 0)),
    bool_or(files.is_current), bool_or(files.is_withdrawn)
from core.fct_submissions as files
left join core.dim_code as forms on forms.domain = 'form' and files.form_name = forms.code
left join core.dim_code as verdicts on verdicts.domain = 'verdict' and files.verdict = verdicts.code
where files.period_code is null or files.period_code >= ?
group by all
order by files.received_at, files.submission_id, files.verdict
"""
_REASONS = """
select
    submission_id,
    list(distinct concat_ws(', ', form_label_vi, 'ô ' || coalesce(cell, cast(row_number as varchar))) || ': ' || reason_vi)
from reviews.quarantined_rows
where period_code >= ?
group by submission_id
"""
_FINDINGS = """
select
    severity, severity_label_vi, finding_label_vi, coalesce(unit_key, ''), coalesce(unit_name, ''),
    coalesce(period_code, ''), coalesce(period_label_vi, ''), message_vi, coalesce(advice_vi, '')
from reviews.findings
where period_code >= ?
order by case severity when 'error' then 1 when 'warning' then 2 else 3 end, finding_label_vi, unit_name, message_vi
"""
_BUILT_AT = "select as_of from built.layers where layer = 'reviews'"


@dataclass(frozen=True, slots=True)
class FormReturn:
    """What became of one form that one unit is asked for in one half-year.

    Attributes:
        status: ``on_time``, ``late``, ``missing`` or ``rejected``; ``arrived`` when it came after the last check.
        version: 1 for the first that was taken, 2 for a correction; 0 when none was.
        waiting_rows: rows of it that wait for correction.
    """

    unit_key: str
    period_code: str
    period_label_vi: str
    form_name: str
    form_label_vi: str
    status: str
    received_at: datetime | None
    version: int
    submission_id: str | None
    due_on: date
    waiting_rows: int = 0


@dataclass(frozen=True, slots=True)
class SentPart:
    """The forms of one file that share a verdict, with the reason; unit or half-year are None where nobody could tell."""

    submission_id: str
    unit_key: str | None
    period_code: str | None
    file_name: str
    received_at: datetime
    verdict: str
    verdict_vi: str
    reason_vi: str
    form_labels: tuple[str, ...]
    version: int
    is_current: bool
    is_withdrawn: bool
    waiting: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FindingLine:
    """One finding as it is shown; unit and half-year are blank where it concerns none."""

    severity: str
    severity_vi: str
    kind_vi: str
    unit_key: str
    unit_name: str
    period_code: str
    period_label_vi: str
    message_vi: str
    advice_vi: str


@dataclass(frozen=True, slots=True)
class Returns:
    """All that is known of returns.

    Attributes:
        as_of: what had been received by then is judged here; None before the first build.
        new_files: newest first.
    """

    as_of: datetime | None
    forms: tuple[FormReturn, ...] = ()
    parts: tuple[SentPart, ...] = ()
    findings: tuple[FindingLine, ...] = ()
    new_files: tuple[NewFile, ...] = ()


def read_returns(home: WarehouseHome, edition: Edition | None) -> Returns:
    """Read all that is known of returns.

    Args:
        home: the warehouse; nobody may be writing its working database for longer than a moment.
        edition: the current one; None before the first.

    Raises:
        WarehouseTroubleError: another process is writing the working database, or it is damaged.
    """
    known = _ids_in(edition) if edition else frozenset()
    if not home.warehouse.exists():
        return _of_edition(edition) if edition else Returns(None)
    with open_read_only(home.warehouse) as connection:
        built_at = _built_at(connection)
        is_built_later = built_at is not None and (edition is None or built_at > edition.as_of)
        if is_built_later:
            returns = _read(connection, built_at)
        else:
            returns = _of_edition(edition) if edition else Returns(None)
        new_files = read_new_files(connection, known, returns.as_of)
    return _masked(returns, new_files, _masking(home, returns if is_built_later else None, new_files))


def _of_edition(edition: Edition) -> Returns:
    with open_read_only(edition.path) as connection:
        return _read(connection, edition.as_of)


def _ids_in(edition: Edition) -> frozenset[str]:
    with open_read_only(edition.path) as connection:
        return frozenset(
            row[0] for row in connection.execute("select submission_id from meta.submissions").fetchall()
        )


def _built_at(connection: duckdb.DuckDBPyConnection) -> datetime | None:
    try:
        found = connection.execute(_BUILT_AT).fetchone()
    except (duckdb.CatalogException, duckdb.BinderException):
        return None
    return found[0] if found else None


def _read(connection: duckdb.DuckDBPyConnection, as_of: datetime | None) -> Returns:
    forms = tuple(FormReturn(*row) for row in connection.execute(_FORMS, [HALF_YEARS_SHOWN]).fetchall())
    oldest = min((form.period_code for form in forms), default="")
    reasons = {
        submission_id: tuple(sorted(told))
        for submission_id, told in connection.execute(_REASONS, [oldest]).fetchall()
    }
    return Returns(
        as_of=as_of,
        forms=forms,
        parts=tuple(
            SentPart(*(*row[:8], tuple(row[8]), *row[9:], reasons.get(row[0], ())))
            for row in connection.execute(_PARTS, [oldest]).fetchall()
        ),
        findings=tuple(FindingLine(*row) for row in connection.execute(_FINDINGS, [oldest]).fetchall()),
    )


def _masking(home: WarehouseHome, returns: Returns | None, new: Sequence[NewFile]) -> Callable[[str], str]:
    """Give what masks a text of the working database; texts of an edition pass, they are masked already."""
    texts = {text for file in new for text in (file.file_name, file.reason_vi)}
    if returns is not None:
        texts |= {text for part in returns.parts for text in (part.file_name, part.reason_vi, *part.waiting)}
        texts |= {finding.message_vi for finding in returns.findings}
    ordered = sorted(texts - {""})
    if not ordered:
        return str
    masked = dict(zip(ordered, mask_leaving(home.warehouse, ordered), strict=True))
    return lambda text: masked.get(text, text)


def _masked(returns: Returns, new_files: Sequence[NewFile], mask: Callable[[str], str]) -> Returns:
    return replace(
        returns,
        parts=tuple(
            replace(
                part,
                file_name=mask(part.file_name),
                reason_vi=mask(part.reason_vi),
                waiting=tuple(mask(told) for told in part.waiting),
            )
            for part in returns.parts
        ),
        findings=tuple(replace(found, message_vi=mask(found.message_vi)) for found in returns.findings),
        new_files=tuple(
            replace(file, file_name=mask(file.file_name), reason_vi=mask(file.reason_vi))
            for file in new_files
        ),
    )
