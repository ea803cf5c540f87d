"""What was found in a file, but for the bodies of its tables, as rows in the shape of ``raw``.

Sheets, tables, structure, totals and rows that no form takes: together with the bodies they account for every row.
"""

import json
from collections.abc import Iterator, Mapping, Sequence

import pyarrow as pa

from ingest.contracts.raw_schema import TABLE_COLUMNS
from ingest.contracts.verdicts import Reason
from ingest.tables.results import FoundTable, SheetReading, StructureRun, UnplacedRow

_ARROW_TYPES = {
    "integer": pa.int32(),
    "bigint": pa.int64(),
    "boolean": pa.bool_(),
}  # all others are text here
_SCHEMAS = {
    table.name: pa.schema([(name, _ARROW_TYPES.get(kind, pa.string())) for name, kind in table.columns])
    for table in TABLE_COLUMNS
}

Values = tuple[object, ...]
Account = Mapping[str, Sequence[Values]]


def account_of(submission_id: str, sheets: Sequence[SheetReading]) -> Account:
    """Give the rows of a submission's sheets: name of the ``raw`` table to rows, values in the order of its columns."""
    rows: dict[str, Iterator[Values]] = {
        "sheets": (_sheet(sheet) for sheet in sheets),
        "sheet_tables": (_table(sheet, table) for sheet in sheets for table in sheet.tables),
        "structure_rows": (_run(sheet.number, run) for sheet in sheets for run in sheet.structure),
        "control_totals": (
            values for sheet in sheets for table in sheet.tables for values in _totals(sheet, table)
        ),
        "unplaced_rows": (values for sheet in sheets for values in _unplaced_of(sheet)),
        "reading_findings": (
            values for sheet in sheets for table in sheet.tables for values in _findings(sheet, table)
        ),
    }
    return {name: [(submission_id, *values) for values in rows[name]] for name in rows}


def account_of_log_rows(
    submission_id: str, structure: Sequence[StructureRun], unplaced: Sequence[UnplacedRow], reason: Reason
) -> Account:
    """Give rows of a log that are no records, as ``account_of`` does.

    Args:
        submission_id: of the log.
        structure: header and blank lines.
        unplaced: lines that cannot be read.
        reason: why not.
    """
    return {
        "structure_rows": [(submission_id, *_run(1, run)) for run in structure],
        "unplaced_rows": [(submission_id, *_unplaced(1, row, reason)) for row in unplaced],
    }


def as_arrow(account: Account) -> dict[str, pa.Table]:
    """Give rows as Arrow tables, of the types of ``raw``; tables without rows are left out.

    Args:
        account: name of the ``raw`` table to rows, as ``account_of`` gives them.
    """
    tables = {}
    for name, rows in account.items():
        if rows:
            schema = _SCHEMAS[name]
            columns = [
                pa.array(values, kind)
                for values, kind in zip(zip(*rows, strict=True), schema.types, strict=True)
            ]
            tables[name] = pa.table(columns, schema=schema)
    return tables


def _sheet(sheet: SheetReading) -> Values:
    is_empty = not sheet.tables and sheet.reason is None
    is_empty = is_empty or sheet.is_left_out
    verdict = "rejected" if sheet.reason and not sheet.is_left_out else "empty" if is_empty else "accepted"
    return (sheet.number, sheet.name, sheet.rows_seen, verdict, *_reason(sheet.reason))


def _table(sheet: SheetReading, table: FoundTable) -> Values:
    return (
        sheet.number,
        table.number,
        table.form.name if table.form else None,
        table.form_decided_by,
        table.header_first_row,
        table.header_last_row,
        table.last_row,
        table.money_scale,
        table.money_scale_decided_by,
        table.money_unit_unclear,
        _verdict(table),
        *_reason(table.reason or table.aside),
        json.dumps(table.columns, ensure_ascii=False),
        json.dumps(
            [{"column": column, "header": header} for column, header in table.extra_columns],
            ensure_ascii=False,
        ),
        table.sending,
        table.branch,
        table.says_nothing,
        len(table.body.row_numbers) if table.counts else 0,
    )


def _verdict(table: FoundTable) -> str:
    if table.counts:
        return "accepted"
    return "rejected" if table.reason else "aside"


def _totals(sheet: SheetReading, table: FoundTable) -> Iterator[Values]:
    for total in table.control_totals:
        yield (
            sheet.number,
            table.number,
            table.form.name if table.form else None,
            total.row_number,
            total.kind.value,
            total.first_row,
            total.last_row,
            total.field_name,
            total.value,
            total.cell_type,
            table.money_scale,
            total.first_sheet_number or sheet.number,
        )


def _findings(sheet: SheetReading, table: FoundTable) -> Iterator[Values]:
    form_name = table.form.name if table.form else None
    for finding in table.findings if table.reason is None else ():
        yield (
            sheet.number,
            finding.row_number,
            form_name,
            finding.field_name,
            finding.finding_kind,
            finding.message,
        )


def _run(sheet_number: int, run: StructureRun) -> Values:
    return (sheet_number, run.table_number, run.first_row, run.last_row, run.kind.value, run.cells)


def _unplaced_of(sheet: SheetReading) -> Iterator[Values]:
    if sheet.reason is not None:
        for row in sheet.unplaced:
            yield _unplaced(sheet.number, row, sheet.reason)
    for table in sheet.tables:
        for row in table.unplaced:
            yield _unplaced(sheet.number, row, table.reason)


def _unplaced(sheet_number: int, row: UnplacedRow, reason: Reason | None) -> Values:
    return (sheet_number, row.row_number, *_reason(row.reason or reason), row.cells)


def _reason(reason: Reason | None) -> tuple[str | None, ...]:
    return (reason.code.value, reason.sentence, reason.wrong, reason.advice) if reason else (None,) * 4
