"""What is wrong in each submission: one query a kind of finding, each finding in whole sentences.

Every thing is said once: what a refused table holds is not said again of its sheet or its file. The sentences themselves
stand in ``wording``.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import duckdb

from ingest.contracts.forms import Contracts, FormField
from publish.feedback import wording
from publish.feedback.findings.answer import Finding, Severity

_BAD_VALUES = """
select
  bad.submission_id, bad.form_name, bad.sheet_number, bad.row_number, bad.column_letter, bad.field_name,
  coalesce(bad.field_label_vi, bad.field_name) as field_label, bad.reason_code,
  coalesce(bad.reason_vi, bad.reason_code) as reason, coalesce(bad.advice_vi, '') as advice,
  bad.value_text, bad.hint, bad.is_row_counted
from staging.stg_wrong_cells as bad
left join raw.activity_log as logged
  on bad.form_name = 'activity_log' and logged.submission_id = bad.submission_id
  and logged.sheet_number = bad.sheet_number and logged.row_number = bad.row_number
left join (
  select event_id, unit_code, max(submissions.submission_order) as last_order
  from raw.activity_log
  inner join staging.stg_submissions as submissions using (submission_id)
  where event_id is not null
  group by event_id, unit_code
) as events on logged.event_id = events.event_id and logged.unit_code = events.unit_code
inner join staging.stg_submissions as submissions on bad.submission_id = submissions.submission_id
where coalesce(events.last_order, 0) <= submissions.submission_order
order by all
"""
_ROWS_WITH_REASONS = """
select
  submission_id, tables.form_name, unplaced_rows.sheet_number, unplaced_rows.row_number,
  unplaced_rows.reason_code, coalesce(unplaced_rows.wrong_vi, unplaced_rows.reason_vi) as wrong_vi,
  coalesce(unplaced_rows.advice_vi, '') as advice_vi, unplaced_rows.cells
from raw.unplaced_rows
inner join staging.stg_submissions using (submission_id)
inner join staging.stg_sheet_tables as tables
  on submission_id = tables.submission_id and unplaced_rows.sheet_number = tables.sheet_number
  and unplaced_rows.row_number between tables.header_first_row and tables.last_row
where tables.verdict = 'accepted' and unplaced_rows.reason_code <> 'file_refused'
order by all
"""
_REFUSED_TABLES = """
select submission_id, form_name, sheet_number, header_first_row as row_number, wrong_vi, advice_vi
from staging.stg_sheet_tables
where verdict = 'rejected' and reason_code <> 'file_refused'
order by all
"""
_REFUSED_SHEETS = """
select
  sheets.submission_id, cast(null as varchar) as form_name, sheets.sheet_number, rows.row_number, sheets.wrong_vi,
  sheets.advice_vi
from staging.stg_sheets as sheets
left join (
  select submission_id, sheet_number, min(row_number) as row_number
  from staging.stg_unplaced_rows
  group by all
) as rows using (submission_id, sheet_number)
anti join (from staging.stg_sheet_tables where verdict = 'rejected') using (submission_id, sheet_number)
where sheets.verdict = 'rejected'
order by all
"""
_REFUSED_FILES = """
select
  submission_id, cast(null as varchar) as form_name, null as sheet_number, null as row_number,
  wrong_vi, advice_vi
from staging.stg_submissions
anti join (
  select submission_id, reason_vi from staging.stg_sheet_tables
  union all select submission_id, reason_vi from staging.stg_sheets
) using (submission_id, reason_vi)
where verdict = 'rejected'
order by all
"""
_SUSPICIOUS = """
select
  findings.submission_id, findings.form_name, findings.sheet_number, findings.row_number,
  any_value(regexp_extract(tables.columns ->> ('$."' || findings.field_name || '"'), '^[A-Z]{1,3}$')) as column_letter,
  findings.field_name, findings.severity, findings.message_vi, rules.advice_vi, rules.if_right_vi
from reviews.findings
inner join reference.finding_rules as rules on findings.finding_kind = rules.finding_kind
left join staging.stg_sheet_tables as tables
  on findings.submission_id = tables.submission_id and findings.sheet_number = tables.sheet_number
  and findings.row_number between tables.header_first_row and tables.last_row
where findings.finding_kind not in ('extra_column', 'cell_left_empty') and findings.submission_id is not null
group by all
order by all
"""
_EXTRA_COLUMNS = """
select
  columns.submission_id, columns.form_name, columns.sheet_number, tables.header_first_row as row_number,
  columns.column_letter, columns.header, rules.advice_vi, rules.if_right_vi
from staging.stg_extra_columns as columns
inner join reference.finding_rules as rules on rules.finding_kind = 'extra_column'
inner join staging.stg_sheet_tables as tables using (submission_id, sheet_number, table_number)
where tables.verdict <> 'rejected'
order by all
"""


def without_contradictions(findings: Sequence[Finding]) -> list[Finding]:
    """Take *need not be corrected* off what is said beside *must be corrected* of the same cell, or of its whole row."""
    to_correct = {
        (finding.sheet_number, finding.row_number, column)
        for finding in findings
        if finding.severity == "error" and finding.row_number is not None
        for column in (finding.column, None)
    }
    return [
        replace(finding, if_right="")
        if finding.severity != "error"
        and (finding.sheet_number, finding.row_number, finding.column) in to_correct
        else finding
        for finding in findings
    ]


def all_findings(
    connection: duckdb.DuckDBPyConnection, contracts: Contracts
) -> Iterator[tuple[str, str | None, Finding]]:
    """Give submission, form and finding of everything, each thing once."""
    fields = {(form.name, field.name): field for form in contracts.forms for field in form.fields}
    choices = _choices(connection)
    for row in rows_by_name(connection, _BAD_VALUES):
        yield row["submission_id"], row["form_name"], _bad_value(row, fields, choices)
    for row in rows_by_name(connection, _ROWS_WITH_REASONS):
        wrong = row["wrong_vi"]
        if row["reason_code"] == "unreadable_line":
            wrong = wording.unreadable_line(wrong, " | ".join(json.loads(row["cells"]).values()))
        yield row["submission_id"], row["form_name"], _finding(row, "error", wrong, row["advice_vi"])
    for query in (_REFUSED_TABLES, _REFUSED_SHEETS, _REFUSED_FILES):
        for row in rows_by_name(connection, query):
            finding = _finding(row, "error", row["wrong_vi"], row["advice_vi"])
            yield row["submission_id"], row["form_name"], finding
    for row in rows_by_name(connection, _SUSPICIOUS):
        finding = _finding(row, row["severity"], row["message_vi"], row["advice_vi"])
        yield row["submission_id"], row["form_name"], finding
    for row in rows_by_name(connection, _EXTRA_COLUMNS):
        finding = _finding(
            row, "info", wording.extra_column(row["column_letter"] or "", row["header"]), row["advice_vi"]
        )
        yield row["submission_id"], row["form_name"], finding


def _bad_value(
    row: Mapping[str, Any],
    fields: Mapping[tuple[str, str], FormField],
    choices: Mapping[str, Sequence[str]],
) -> Finding:
    field = fields.get((row["form_name"], row["field_name"]))
    wrong = wording.wrong_value(row["field_label"], row["reason"], row["value_text"])
    advice = wording.advice_on_value(row["advice"], row["reason_code"], row["hint"], field, choices)
    if row["is_row_counted"]:
        advice = f"{advice} {wording.ONLY_THE_CELL}"
    return _finding(row, "error", wrong, advice)


def _finding(row: Mapping[str, Any], severity: Severity, wrong: str, advice: str) -> Finding:
    return Finding(
        severity=severity,
        sheet_number=row["sheet_number"],
        row_number=row["row_number"],
        column=row.get("column_letter") or None,
        field_name=row.get("field_name"),
        wrong=wrong,
        advice=advice,
        if_right=row.get("if_right_vi") or "",
    )


def _choices(connection: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    query = "select distinct choice_list, label_vi from staging.stg_choice_spellings order by all"
    for choice_list, label in connection.execute(query).fetchall():
        found[choice_list].append(label)
    return found


def rows_by_name(connection: duckdb.DuckDBPyConnection, query: str) -> Iterator[dict[str, Any]]:
    """Give what a query finds, a row a dictionary from column to value."""
    result = connection.execute(query)
    names = [column[0] for column in result.description or ()]
    for row in result.fetchall():
        yield dict(zip(names, row, strict=True))
