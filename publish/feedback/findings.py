"""What the warehouse has to say to the sender of each submission, read after a build.

Only what still counts is said: forms that a newer return replaced, files that were sent again and log events that came
again are left out. Texts are whole sentences from here on; where they are shown is ``workbook``'s business.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

import duckdb

from ingest.contracts.forms import Contracts, FormField
from ingest.loading.withdrawal import withdrawn_now
from ingest.tables.returned_list import FORMER_SUBMISSION_LABEL, SUBMISSION_LABEL
from publish.feedback import wording

Severity = Literal["error", "warning", "info"]
MOST_LISTED = 5_000


class NotBuiltError(RuntimeError):
    """The working database holds no build that findings could be read from."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to tell.

    Attributes:
        severity: ``error`` keeps a cell, row, table or file out of the figures; ``warning`` wants a look; ``info`` is told.
        sheet_number: sheet in the file, from 1; None for the whole file.
        row_number: row in the sheet, from 1; None where it is about no row.
        column: letters of the column; None where it is about no single column.
        field_name: column of the contract, or None.
        wrong, advice: what is wrong and what to do, in Vietnamese.
    """

    severity: Severity
    sheet_number: int | None
    row_number: int | None
    column: str | None
    field_name: str | None
    wrong: str
    advice: str


@dataclass(frozen=True, slots=True)
class TablePlace:
    """Where a table stands on a sheet; rows from 1, both ends included."""

    sheet_number: int
    header_first_row: int
    header_last_row: int
    last_row: int


@dataclass(frozen=True, slots=True)
class AnsweredFile:
    """A submission as its sender knows it.

    Attributes:
        stem: path in the inbox without extension and without what earlier answers added to the name; a file with the
            same stem is the same file sent again.
        was_read: sheets were found in it; otherwise it could not be opened, or not within its limits.
        rows_taken, rows_waiting: rows that count, and rows that wait for correction.
        not_listed: findings that are left out because there are too many.
    """

    submission_id: str
    file_name: str
    stem: str
    sha256: str
    received_at: datetime
    verdict: str
    unit_key: str | None
    unit_name: str | None
    period_code: str | None
    period_label: str | None
    was_read: bool
    rows_taken: int
    rows_waiting: int
    tables: tuple[TablePlace, ...]
    not_listed: int = 0


@dataclass(frozen=True, slots=True)
class LoggedRows:
    """Rows of an activity log that wait for correction.

    Attributes:
        header: n column headers in the order of the log.
        columns: the contract's name of a column to its position, from 0.
        rows: row number in the log, from 1, to its texts; a line that cannot be read may have more than n.
    """

    header: tuple[str, ...]
    columns: dict[str, int]
    rows: dict[int, tuple[str | None, ...]]


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything that one answer is made of; ``logged`` only for an activity log."""

    file: AnsweredFile
    findings: tuple[Finding, ...]
    logged: LoggedRows | None


@dataclass(frozen=True, slots=True)
class Unbuilt:
    """Submissions that came, or were taken back, after the build: whose they are, and under which stems.

    What they may replace is not told of until the next build.
    """

    submission_ids: frozenset[str]
    scopes: frozenset[tuple[str | None, str | None]]
    stems: frozenset[str]

    def may_replace(self, file: AnsweredFile) -> bool:
        """Whether one of them may be a newer version of a file."""
        return (file.unit_key, file.period_code) in self.scopes or file.stem in self.stems


# A stem is the path without extension and without " - gop y" and the letters after it.
_STEM = r"lower(regexp_replace(regexp_replace({path}, '\.[^./]*$', ''), '( - gop y( [a-p]{{8}})?( ?\(\d+\))?)+$', ''))"

# The newest of a unit, half-year and form counts (is_current). What was refused, and logs, count until the same comes
# again: same unit, half-year and form, same stem, or a list in it that names what it answers; a refused file of no known form also until its unit is complete.
_OPEN_FORMS = f"""
with sent as (
  select
    ranked.*,
    submissions.verdict as file_verdict,
    {_STEM.format(path="submissions.relative_path")} as stem,
    row(ranked.received_at, ranked.submission_order) as arrival
  from intermediate.int_submissions_ranked as ranked
  inner join staging.stg_submissions as submissions using (submission_id)
),
answered as (
  select lists.cells ->> '$.C' as submission_id, max(submissions.submission_order) as answered_order
  from raw.structure_rows as lists
  inner join staging.stg_submissions as submissions using (submission_id)
  where lists.kind = 'note' and lists.cells ->> '$.A' in (?, ?)
  group by all
),
latest as (
  select
    *,
    max(arrival) over (partition by stem) as latest_of_stem,
    max(arrival) over (partition by form_name, unit_key, period_code) as latest_of_scope,
    max(arrival) filter (where verdict = 'accepted') over (partition by unit_key, period_code) as latest_accepted
  from sent
),
incomplete as (
  select distinct unit_key, period_code
  from reviews.submission_completeness
  where status in ('missing', 'rejected')
)
select latest.submission_id, latest.form_name
from latest
left join incomplete
  on latest.unit_key = incomplete.unit_key and latest.period_code = incomplete.period_code
left join answered
  on latest.submission_id = answered.submission_id
where
  case
    when latest.verdict = 'accepted' and latest.scope_key <> latest.submission_id then latest.is_current
    else
      latest.arrival = latest.latest_of_stem
      and coalesce(answered.answered_order <= latest.submission_order, true)
      and not (
        latest.verdict = 'rejected' and latest.unit_key is not null and latest.period_code is not null
        and (
          (latest.form_name <> 'unknown' and latest.arrival < latest.latest_of_scope)
          or (
            latest.form_name = 'unknown' and incomplete.unit_key is null
            and coalesce(latest.arrival < latest.latest_accepted, false)
          )
        )
      )
  end
"""

_FILES = f"""
with rows as (
  select submission_id, sum(rows_loaded)::bigint as rows_taken, sum(rows_quarantined)::bigint as rows_waiting
  from reviews.conservation_ledger
  group by submission_id
)
select
  submissions.submission_id,
  submissions.file_name,
  {_STEM.format(path="submissions.relative_path")} as stem,
  submissions.sha256,
  submissions.received_at,
  submissions.verdict,
  submissions.unit_key,
  units.unit_name,
  submissions.period_code,
  periods.label_vi as period_label,
  exists (from staging.stg_sheets as sheets where sheets.submission_id = submissions.submission_id) as was_read,
  coalesce(rows.rows_taken, 0) as rows_taken,
  coalesce(rows.rows_waiting, 0) as rows_waiting
from staging.stg_submissions as submissions
left join reference.units as units using (unit_key)
left join reference.reporting_periods as periods using (period_code)
left join rows using (submission_id)
order by submissions.submission_order
"""

_BAD_VALUES = """
select
  bad.submission_id, bad.form_name, bad.sheet_number, bad.row_number, bad.column_letter, bad.field_name,
  coalesce(bad.field_label_vi, bad.field_name) as field_label, bad.reason_code,
  coalesce(reasons.label_vi, bad.reason_code) as reason, coalesce(reasons.advice_vi, '') as advice,
  bad.value_text, bad.hint, bad.is_row_counted
from staging.stg_wrong_cells as bad
left join reference.quarantine_reasons as reasons using (reason_code)
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
  'Cả tệp chưa được tiếp nhận. ' || wrong_vi as wrong_vi, advice_vi
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
  findings.field_name, findings.finding_kind, findings.severity, findings.message_vi
from reviews.findings
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
  columns.column_letter, columns.header
from staging.stg_extra_columns as columns
inner join staging.stg_sheet_tables as tables using (submission_id, sheet_number, table_number)
where tables.verdict <> 'rejected'
order by all
"""

_LOG_HEADER = """
select tables.columns::varchar, header.cells::varchar
from raw.sheet_tables as tables
inner join raw.sheets using (submission_id, sheet_number)
left join raw.structure_rows as header
  on tables.submission_id = header.submission_id and header.kind = 'header' and header.first_row = 1
where tables.submission_id = ? and tables.form_name = 'activity_log' and sheets.sheet_name = 'log'
"""

_LOGGED_ROWS = """
select logged.row_number, json_merge_patch(coalesce(logged.extra_cells, '{}'), to_json(logged))::varchar
from raw.activity_log as logged
where logged.submission_id = ? and list_contains(?, logged.row_number)
"""

_LOGGED_LINES = """
select row_number, cells::varchar
from raw.unplaced_rows
where submission_id = ? and list_contains(?, row_number)
"""

_TABLES = """
select submission_id, sheet_number, header_first_row, header_last_row, last_row
from staging.stg_sheet_tables
order by all
"""


def read_files(connection: duckdb.DuckDBPyConnection) -> list[AnsweredFile]:
    """Read every submission of a database that dbt has built, in order of arrival."""
    return [AnsweredFile(**row, tables=()) for row in _rows(connection, _FILES)]


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
        unbuilt = _unbuilt(connection, withdrawn)
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
    return Answer(described, listed, _logged_rows(connection, contracts, file, listed))


def _by_submission(connection: duckdb.DuckDBPyConnection, contracts: Contracts) -> dict[str, list[Finding]]:
    """Collect findings of what still counts."""
    open_forms = {
        (str(key), str(form))
        for key, form in connection.execute(
            _OPEN_FORMS, [SUBMISSION_LABEL, FORMER_SUBMISSION_LABEL]
        ).fetchall()
    }
    open_submissions = {key for key, _ in open_forms}
    findings: defaultdict[str, list[Finding]] = defaultdict(list)
    for submission_id, form_name, finding in _all_findings(connection, contracts):
        is_open = (
            submission_id in open_submissions
            if form_name is None
            else (submission_id, form_name) in open_forms
        )
        if is_open:
            findings[submission_id].append(finding)
    return {submission_id: _without_contradictions(found) for submission_id, found in findings.items()}


def _without_contradictions(findings: Sequence[Finding]) -> list[Finding]:
    """Take *need not be corrected* off what is said beside *must be corrected* of the same cell, or of its whole row."""
    to_correct = {
        (finding.sheet_number, finding.row_number, column)
        for finding in findings
        if finding.severity == "error" and finding.row_number is not None
        for column in (finding.column, None)
    }
    return [
        replace(finding, advice=wording.without_leave(finding.advice))
        if finding.severity != "error"
        and (finding.sheet_number, finding.row_number, finding.column) in to_correct
        else finding
        for finding in findings
    ]


def _all_findings(
    connection: duckdb.DuckDBPyConnection, contracts: Contracts
) -> Iterator[tuple[str, str | None, Finding]]:
    """Give submission, form and finding of everything, each thing once."""
    fields = {(form.name, field.name): field for form in contracts.forms for field in form.fields}
    choices = _choices(connection)
    for row in _rows(connection, _BAD_VALUES):
        yield row["submission_id"], row["form_name"], _bad_value(row, fields, choices)
    for row in _rows(connection, _ROWS_WITH_REASONS):
        wrong = row["wrong_vi"]
        if row["reason_code"] == "unreadable_line":
            wrong = wording.unreadable_line(wrong, " | ".join(json.loads(row["cells"]).values()))
        yield row["submission_id"], row["form_name"], _finding(row, "error", wrong, row["advice_vi"])
    for query in (_REFUSED_TABLES, _REFUSED_SHEETS, _REFUSED_FILES):
        for row in _rows(connection, query):
            finding = _finding(row, "error", row["wrong_vi"], row["advice_vi"])
            yield row["submission_id"], row["form_name"], finding
    for row in _rows(connection, _SUSPICIOUS):
        advice = wording.advice_on_finding(row["finding_kind"])
        yield (
            row["submission_id"],
            row["form_name"],
            _finding(row, row["severity"], row["message_vi"], advice),
        )
    for row in _rows(connection, _EXTRA_COLUMNS):
        finding = _finding(row, "info", wording.extra_column(row["header"]), wording.ADVICE_ON_EXTRA_COLUMN)
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
    )


def _order(finding: Finding) -> tuple[int, int, int, str]:
    """Place the whole file first, then sheets, rows and columns from left to right."""
    return (
        finding.sheet_number or 0,
        finding.row_number or 0,
        len(finding.column or ""),
        finding.column or "",
    )


def _choices(connection: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    query = "select distinct choice_list, label_vi from staging.stg_choice_spellings order by all"
    for choice_list, label in connection.execute(query).fetchall():
        found[choice_list].append(label)
    return found


def _table_places(
    connection: duckdb.DuckDBPyConnection, submission_ids: Iterable[str]
) -> dict[str, list[TablePlace]]:
    places: dict[str, list[TablePlace]] = {key: [] for key in submission_ids}
    for key, *place in connection.execute(_TABLES).fetchall():
        if key in places:
            places[key].append(TablePlace(*place))
    return places


def _logged_rows(
    connection: duckdb.DuckDBPyConnection,
    contracts: Contracts,
    file: AnsweredFile,
    findings: Sequence[Finding],
) -> LoggedRows | None:
    """Fetch the rows of a log that findings are about; None when the file is no log."""
    found = connection.execute(_LOG_HEADER, [file.submission_id]).fetchone()
    if found is None:
        return None
    printed: dict[str, str] = json.loads(found[0])
    # a log of JSON lines has no header row
    header = tuple(json.loads(found[1]).values()) if found[1] else tuple(printed.values())
    numbers = [finding.row_number for finding in findings if finding.row_number is not None]
    log = contracts.form("activity_log")
    values = {number: json.loads(row) for number, row in _at(connection, _LOGGED_ROWS, file, numbers)}
    unreadable = {number: json.loads(row) for number, row in _at(connection, _LOGGED_LINES, file, numbers)}
    columns = {name: header.index(printed[name]) for name in log.field_names if name in printed}
    names = {position: name for name, position in columns.items()}
    rows: dict[int, tuple[str | None, ...]] = {
        number: tuple(row.get(names.get(position, ""), row.get(text)) for position, text in enumerate(header))
        for number, row in values.items()
    }
    rows |= {number: _line(cells) for number, cells in unreadable.items()}
    return LoggedRows(header, columns, dict(sorted(rows.items())))


def _at(
    connection: duckdb.DuckDBPyConnection, query: str, file: AnsweredFile, numbers: Sequence[int]
) -> list[tuple[int, str]]:
    return connection.execute(query, [file.submission_id, list(numbers)]).fetchall()


def _line(cells: Mapping[str, str]) -> tuple[str | None, ...]:
    """Give the texts of a line that cannot be read at their positions; whole when it has none."""
    if not all(position.isdigit() for position in cells):
        return tuple(cells.values())
    return tuple(cells.get(str(position)) for position in range(1, max(map(int, cells)) + 1))


def _unbuilt(connection: duckdb.DuckDBPyConnection, withdrawn: Collection[str]) -> Unbuilt:
    found = connection.execute(
        f"select submission_id, unit_key, period_code, {_STEM.format(path='relative_path')}"
        " from raw.submissions anti join staging.stg_submissions using (submission_id)"
        " where not list_contains(?, submission_id)",
        [sorted(withdrawn)],
    ).fetchall()
    return Unbuilt(
        submission_ids=frozenset(row[0] for row in found),
        scopes=frozenset((row[1], row[2]) for row in found),
        stems=frozenset(row[3] for row in found),
    )


def _rows(connection: duckdb.DuckDBPyConnection, query: str) -> Iterator[dict[str, Any]]:
    result = connection.execute(query)
    names = [column[0] for column in result.description or ()]
    for row in result.fetchall():
        yield dict(zip(names, row, strict=True))
