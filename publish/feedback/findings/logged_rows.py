"""The rows of an activity log that findings are about, at their positions in the log.

A log has no sheet that could be coloured, so its rows are copied into the answer.
"""

import json
from collections.abc import Mapping, Sequence

import duckdb

from ingest.contracts.forms import Contracts
from publish.feedback.findings.answer import AnsweredFile, Finding, LoggedRows

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


def logged_rows(
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
    titles = {field.name: field.title for field in log.fields}
    shown = tuple(titles.get(names.get(position, ""), text) for position, text in enumerate(header))
    return LoggedRows(shown, columns, dict(sorted(rows.items())))


def _at(
    connection: duckdb.DuckDBPyConnection, query: str, file: AnsweredFile, numbers: Sequence[int]
) -> list[tuple[int, str]]:
    return connection.execute(query, [file.submission_id, list(numbers)]).fetchall()


def _line(cells: Mapping[str, str]) -> tuple[str | None, ...]:
    """Give the texts of a line that cannot be read at their positions; whole when it has none."""
    if not all(position.isdigit() for position in cells):
        return tuple(cells.values())
    return tuple(cells.get(str(position)) for position in range(1, max(map(int, cells)) + 1))
