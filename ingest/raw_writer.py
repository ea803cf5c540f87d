"""Writing submissions into the append-only ``raw`` tables.

Rows are collected as Arrow columns and inserted a batch at a time, in the caller's transaction. The law of conservation is asserted in the database on what was written.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain

import duckdb
import pyarrow as pa

from ingest.activity_log import LogBatch
from ingest.arrow_rows import PlacedBody, arrow_body, from_stream
from ingest.contracts import FormContract
from ingest.database import TABLE_COLUMNS, rows_in_any_order
from ingest.sheet_reading import ConservationError, FoundTable, SheetReading, StructureRun, UnplacedRow
from ingest.submission import Arrival, Submission
from ingest.verdicts import Reason, ReasonCode, Verdict

_MOST_NOTED = 50_000

_CONSERVATION_QUERY = """
    with structure as (
        select submission_id, sheet_number, sum(last_row - first_row + 1) as rows_structure
        from raw.structure_rows where rowid >= {structure_rows} group by all
    ),
    unplaced as (
        select submission_id, sheet_number, count(*) as rows_unplaced
        from raw.unplaced_rows where rowid >= {unplaced_rows} group by all
    ),
    loaded as (
        select submission_id, sheet_number, count(*) as rows_loaded from ({body_rows}) group by all
    )
    select
        sheets.submission_id,
        sheets.sheet_number,
        sheets.rows_seen,
        coalesce(rows_loaded, 0) as rows_loaded,
        coalesce(rows_unplaced, 0) as rows_unplaced,
        coalesce(rows_structure, 0) as rows_structure
    from raw.sheets
    left join structure using (submission_id, sheet_number)
    left join unplaced using (submission_id, sheet_number)
    left join loaded using (submission_id, sheet_number)
    where sheets.rowid >= {sheets}
"""

_COLUMNS = {table.name: table.columns for table in TABLE_COLUMNS}


class RawWriter:
    """Collects what was read and writes it; nothing is in the database before ``flush``."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        forms: Sequence[FormContract],
        load_id: str,
        ingested_at: datetime,
    ) -> None:
        self._connection = connection
        self._forms = {form.name: form for form in forms}
        self._load_id = load_id
        self._ingested_at = ingested_at
        self._rows: defaultdict[str, list[dict[str, object]]] = defaultdict(list)
        self._bodies: defaultdict[str, list[pa.Table]] = defaultdict(list)
        row = connection.execute("select coalesce(max(submission_order), 0) from raw.submissions").fetchone()
        self._order = int(row[0]) if row else 0
        self._checked = self._count_rows()

    def add_receipt(
        self, arrival: Arrival, verdict: Verdict, reason: Reason | None, submission_id: str | None
    ) -> None:
        """Note that a file arrived."""
        self._rows["receipts"].append(
            {
                "relative_path": arrival.relative_path,
                "sha256": arrival.sha256,
                "size_bytes": arrival.size_bytes,
                "received_at": arrival.received_at,
                "ingested_at": self._ingested_at,
                "load_id": self._load_id,
                "verdict": verdict,
                **_reason(reason),
                "submission_id": submission_id,
            }
        )

    def add_submission(self, submission: Submission, bodies: Mapping[str, pa.Buffer]) -> None:
        """Take over a submission with all of its sheets, and its rows by form as Arrow streams."""
        self._order += 1
        arrival, attribution = submission.arrival, submission.attribution
        self._rows["submissions"].append(
            {
                "submission_id": submission.submission_id,
                "submission_order": self._order,
                "relative_path": arrival.relative_path,
                "container_path": arrival.container_path,
                "file_name": arrival.file_name,
                "file_format": arrival.file_format,
                "sha256": arrival.sha256,
                "size_bytes": arrival.size_bytes,
                "received_at": arrival.received_at,
                "ingested_at": self._ingested_at,
                "load_id": self._load_id,
                "unit_key": attribution.unit_key,
                "unit_decided_by": attribution.unit_decided_by,
                "period_code": attribution.period_code,
                "period_decided_by": attribution.period_decided_by,
                "verdict": submission.verdict,
                **_reason(submission.reason),
            }
        )
        for sheet in submission.sheets:
            self._add_sheet(submission.submission_id, sheet)
        for form_name, body in bodies.items():
            self._bodies[form_name].append(from_stream(body))

    def add_log_batch(self, submission_id: str, batch: LogBatch) -> None:
        """Take over what is no body of some records of a log."""
        self._add_structure(submission_id, 1, batch.structure)
        self._add_unplaced(submission_id, 1, batch.unplaced, Reason.of(ReasonCode.UNREADABLE_LINE))

    def stream_log(self, submission_id: str, form: FormContract, batches: Iterable[LogBatch]) -> int:
        """Write the records of a log as they come; gives the number of the last one.

        They go into one insert, which DuckDB puts on disk as it grows: what is inserted in pieces it keeps in memory
        until the commit. Only where much else than records was found the insert ends, and another begins.
        """
        remaining = iter(batches)
        last_row = 0
        while (first := next(remaining, None)) is not None:
            taken = _LastRow(chain([first], remaining))
            bodies = self._bodies_of_log(submission_id, form, taken)
            body = next(bodies, None)
            if body is not None:
                stream = pa.RecordBatchReader.from_batches(body.schema, chain([body], bodies))
                self._insert_bodies(form, stream)
            self.flush()
            last_row = taken.last_row
        return last_row

    def _bodies_of_log(
        self, submission_id: str, form: FormContract, batches: Iterable[LogBatch]
    ) -> Iterator[pa.RecordBatch]:
        noted = 0
        for batch in batches:
            self.add_log_batch(submission_id, batch)
            noted += len(batch.structure) + len(batch.unplaced)
            body = arrow_body(submission_id, form, [PlacedBody(1, 1, 1, batch.body)])
            if body is not None:
                yield from body.to_batches()
            if noted > _MOST_NOTED:
                return

    def add_log_sheet(self, submission_id: str, table: FoundTable, rows_seen: int) -> None:
        """Note the one sheet and table that a log is made of."""
        self._add_sheet(submission_id, SheetReading(1, "log", rows_seen, (table,), (), (), (), None))

    def flush(self) -> None:
        """Write everything that was collected."""
        for name, rows in self._rows.items():
            self._insert_rows(name, rows)
        for name, bodies in self._bodies.items():
            self._insert_bodies(self._forms[name], pa.concat_tables(bodies))
        self.discard()

    def discard(self) -> None:
        """Forget what was collected and not written."""
        self._rows.clear()
        self._bodies.clear()

    def check_conservation(self) -> dict[str, int]:
        """Assert rows seen = loaded + unplaced + structure on each sheet since the last check; gives the sums.

        Raises:
            ConservationError: rows were lost or doubled on the way into the database.
        """
        body_rows = " union all ".join(
            f"select submission_id, sheet_number from raw.{name} where rowid >= {self._checked[name]}"
            for name in self._forms
        )
        query = _CONSERVATION_QUERY.format(body_rows=body_rows, **self._checked)
        sheets = self._connection.execute(query).fetchall()
        self._checked = self._count_rows()
        for submission_id, sheet_number, seen, loaded, unplaced, structure in sheets:
            if seen != loaded + unplaced + structure:
                raise ConservationError(
                    f"submission {submission_id} sheet {sheet_number}: {seen} rows seen, "
                    f"{loaded} loaded, {unplaced} unplaced, {structure} structure"
                )
        names = ("rows_seen", "rows_loaded", "rows_unplaced", "rows_structure")
        return {
            name: sum(int(sheet[position]) for sheet in sheets)
            for position, name in enumerate(names, start=2)
        }

    def _count_rows(self) -> dict[str, int]:
        """Count the rows of the tables in the account: what is appended from now on has at least that rowid.

        Looking at those rows alone keeps a batch's check as quick in a large warehouse as in an empty one.
        """
        names = ("sheets", "structure_rows", "unplaced_rows", *self._forms)
        counts = ", ".join(f"(select count(*) from raw.{name})" for name in names)
        row = self._connection.execute(f"select {counts}").fetchone()
        return dict(zip(names, row or (), strict=True))

    def _add_sheet(self, submission_id: str, sheet: SheetReading) -> None:
        is_empty = not sheet.tables and sheet.reason is None
        self._rows["sheets"].append(
            {
                "submission_id": submission_id,
                "sheet_number": sheet.number,
                "sheet_name": sheet.name,
                "rows_seen": sheet.rows_seen,
                "verdict": "rejected" if sheet.reason else "empty" if is_empty else "accepted",
                **_reason(sheet.reason),
            }
        )
        self._add_structure(submission_id, sheet.number, sheet.structure)
        if sheet.reason is not None:
            self._add_unplaced(submission_id, sheet.number, sheet.unplaced, sheet.reason)
        for table in sheet.tables:
            self._add_table(submission_id, sheet.number, table)

    def _add_table(self, submission_id: str, sheet_number: int, table: FoundTable) -> None:
        form_name = table.form.name if table.form else None
        self._rows["sheet_tables"].append(
            {
                "submission_id": submission_id,
                "sheet_number": sheet_number,
                "table_number": table.number,
                "form_name": form_name,
                "form_decided_by": table.form_decided_by,
                "header_first_row": table.header_first_row,
                "header_last_row": table.header_last_row,
                "last_row": table.last_row,
                "money_scale": table.money_scale,
                "money_scale_decided_by": table.money_scale_decided_by,
                "money_unit_unclear": table.money_unit_unclear,
                "verdict": "rejected" if table.reason else "accepted",
                **_reason(table.reason),
                "columns": json.dumps(table.columns, ensure_ascii=False),
                "extra_columns": json.dumps(
                    [{"column": column, "header": header} for column, header in table.extra_columns],
                    ensure_ascii=False,
                ),
            }
        )
        self._rows["control_totals"] += [
            {
                "submission_id": submission_id,
                "sheet_number": sheet_number,
                "table_number": table.number,
                "form_name": form_name,
                "first_sheet_number": total.first_sheet_number or sheet_number,
                "row_number": total.row_number,
                "kind": total.kind.value,
                "first_row": total.first_row,
                "last_row": total.last_row,
                "field_name": total.field_name,
                "value": total.value,
                "cell_type": total.cell_type,
                "money_scale": table.money_scale,
            }
            for total in table.control_totals
        ]
        if table.reason is not None:
            self._add_unplaced(submission_id, sheet_number, table.unplaced, table.reason)

    def _add_structure(self, submission_id: str, sheet_number: int, runs: Sequence[StructureRun]) -> None:
        self._rows["structure_rows"] += [
            {
                "submission_id": submission_id,
                "sheet_number": sheet_number,
                "table_number": run.table_number,
                "first_row": run.first_row,
                "last_row": run.last_row,
                "kind": run.kind.value,
                "cells": run.cells,
            }
            for run in runs
        ]

    def _add_unplaced(
        self, submission_id: str, sheet_number: int, rows: Sequence[UnplacedRow], reason: Reason
    ) -> None:
        self._rows["unplaced_rows"] += [
            {
                "submission_id": submission_id,
                "sheet_number": sheet_number,
                "row_number": row.row_number,
                **_reason(reason),
                "cells": row.cells,
            }
            for row in rows
        ]

    def _insert_rows(self, name: str, rows: list[dict[str, object]]) -> None:
        """Insert rows of a table that is not a form's.

        They go as JSON of the table's own types: to make Arrow columns of Python values would import pandas.
        """
        if rows:
            shape = json.dumps([{column: _type_in_json(kind) for column, kind in _COLUMNS[name]}])
            self._connection.execute(
                f"insert into raw.{name} by name select unnest(from_json($rows, '{shape}'), recursive := true)",
                {"rows": json.dumps(rows, ensure_ascii=False, default=str)},
            )

    def _insert_bodies(self, form: FormContract, batch: pa.Table | pa.RecordBatchReader) -> None:
        """Insert rows in any order, which is faster: each of them carries its address."""
        values = ", ".join(f"nullif({name}, '') as {name}" for name in form.field_names)
        self._connection.register("batch", batch)
        with rows_in_any_order(self._connection):
            self._connection.execute(
                f"insert into raw.{form.name} by name select submission_id, sheet_number, table_number, row_number, "
                f"cell_types, money_scale, {values}, extra_cells from batch"
            )
        self._connection.unregister("batch")


def _type_in_json(kind: str) -> str:
    """Give how a column's value is read out of JSON; what is JSON itself is a text there, and parsed on insertion."""
    plain = kind.split()[0]
    return "varchar" if plain == "json" else plain


class _LastRow:
    """Batches of a log, remembering the last row that was seen."""

    def __init__(self, batches: Iterable[LogBatch]) -> None:
        self._batches = batches
        self.last_row = 0

    def __iter__(self) -> Iterator[LogBatch]:
        for batch in self._batches:
            self.last_row = batch.last_row
            yield batch


def _reason(reason: Reason | None) -> dict[str, object]:
    return {
        "reason_code": reason.code.value if reason else None,
        "reason_vi": reason.sentence if reason else None,
    }
