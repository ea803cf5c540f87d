"""Everything that is to be told, read after a build: a submission an answer, in order of arrival.

Only what still counts is told. Texts are whole sentences from here on; where they are shown is ``workbook``'s business.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

import duckdb

from ingest.contracts.forms import Contracts
from ingest.keeping.withdrawals import withdrawn_now
from publish.feedback.findings.all_findings import all_findings, rows_by_name, without_contradictions
from publish.feedback.findings.answer import Answer, AnsweredFile, Finding, TablePlace, Unbuilt
from publish.feedback.findings.logged_rows import logged_rows
from publish.feedback.findings.still_open import STEM, open_forms, unbuilt_submissions

MOST_LISTED = 5_000


class NotBuiltError(RuntimeError):
    """The working database holds no build that findings could be read from."""


_FILES = f"""
with rows as (
  select submission_id, sum(rows_loaded)::bigint as rows_taken, sum(rows_quarantined)::bigint as rows_waiting
  from reviews.conservation_ledger
  group by submission_id
),
due as (
  select coalesce(max(due_days_after_period_end), 0) as due_days
  from reference.expected_forms
)
select
  submissions.submission_id,
  submissions.file_name,
  {STEM.format(path="submissions.relative_path")} as stem,
  submissions.sha256,
  submissions.received_at,
  submissions.verdict,
  submissions.reason_code,
  submissions.unit_key,
  units.unit_name,
  submissions.period_code,
  periods.label_vi as period_label,
  exists (from staging.stg_sheets as sheets where sheets.submission_id = submissions.submission_id) as was_read,
  coalesce(rows.rows_taken, 0) as rows_taken,
  coalesce(rows.rows_waiting, 0) as rows_waiting,
  periods.period_end + due.due_days as due_on
from staging.stg_submissions as submissions
left join reference.units as units using (unit_key)
left join reference.reporting_periods as periods using (period_code)
left join rows using (submission_id)
cross join due
order by submissions.submission_order
"""
_TABLES = """
select submission_id, sheet_number, header_first_row, header_last_row, last_row
from staging.stg_sheet_tables
order by all
"""


def read_files(connection: duckdb.DuckDBPyConnection) -> list[AnsweredFile]:
    """Read every submission of a database that dbt has built, in order of arrival."""
    return [AnsweredFile(**row, tables=()) for row in rows_by_name(connection, _FILES)]


def read_answers(connection: duckdb.DuckDBPyConnection, contracts: Contracts) -> tuple[list[Answer], Unbuilt]:
    """Read what is to be told of every submission that something is to be told of, in order of arrival.

    Args:
        connection: the working database after a build, time zone UTC.
        contracts: the forms.

    Returns:
        The answers, and the submissions that the build does not count yet; what is withdrawn by now is in neither.

    Raises:
        NotBuiltError: dbt has not built this database.
    """
    try:
        findings = _by_submission(connection, contracts)
        withdrawn = withdrawn_now(connection)
        files = [file for file in read_files(connection) if file.submission_id not in withdrawn]
        unbuilt = unbuilt_submissions(connection, withdrawn)
    except duckdb.CatalogException as error:
        raise NotBuiltError(str(error)) from error
    answered = [file for file in files if file.submission_id in findings]
    places = _table_places(connection, {file.submission_id for file in answered})
    answers = [
        _answer(connection, contracts, file, findings[file.submission_id], places[file.submission_id])
        for file in answered
    ]
    return answers, unbuilt


def _answer(
    connection: duckdb.DuckDBPyConnection,
    contracts: Contracts,
    file: AnsweredFile,
    findings: Sequence[Finding],
    places: Sequence[TablePlace],
) -> Answer:
    listed = tuple(sorted(findings, key=_order)[:MOST_LISTED])
    described = replace(file, tables=tuple(places), not_listed=len(findings) - len(listed))
    return Answer(described, listed, logged_rows(connection, contracts, file, listed))


def _by_submission(connection: duckdb.DuckDBPyConnection, contracts: Contracts) -> dict[str, list[Finding]]:
    """Collect findings of what still counts."""
    counting = open_forms(connection)
    open_submissions = {key for key, _ in counting}
    findings: defaultdict[str, list[Finding]] = defaultdict(list)
    for submission_id, form_name, finding in all_findings(connection, contracts):
        is_open = (
            submission_id in open_submissions if form_name is None else (submission_id, form_name) in counting
        )
        if is_open:
            findings[submission_id].append(finding)
    return {submission_id: without_contradictions(found) for submission_id, found in findings.items()}


def _order(finding: Finding) -> tuple[int, int, int, str]:
    """Place the whole file first, then sheets, rows and columns from left to right."""
    return (
        finding.sheet_number or 0,
        finding.row_number or 0,
        len(finding.column or ""),
        finding.column or "",
    )


def _table_places(
    connection: duckdb.DuckDBPyConnection, submission_ids: Iterable[str]
) -> dict[str, list[TablePlace]]:
    places: dict[str, list[TablePlace]] = {key: [] for key in submission_ids}
    for key, *place in connection.execute(_TABLES).fetchall():
        if key in places:
            places[key].append(TablePlace(*place))
    return places
