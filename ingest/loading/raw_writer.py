"""Writing submissions into the append-only ``raw`` tables.

In the caller's transaction, one insert a table: DuckDB puts a single insert on disk as it grows, and keeps what is
inserted in pieces in memory until the commit. The law of conservation is asserted in the database on what was written.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from datetime import datetime
from itertools import chain
from typing import Literal

import duckdb
import pyarrow as pa

from ingest.contracts.forms import FormContract
from ingest.contracts.raw_schema import TABLE_COLUMNS
from ingest.contracts.verdicts import Reason, ReasonCode, Verdict
from ingest.database import rows_in_any_order
from ingest.reading.account_rows import account_of, account_of_log_rows, as_arrow
from ingest.reading.activity_log import LogBatch
from ingest.reading.arrow_rows import PlacedBody, arrow_body
from ingest.reading.row_streams import RowSpool, RowStream
from ingest.reading.submission import Arrival, Submission
from ingest.tables.results import ConservationError, FoundTable, SheetReading, StructureRun

_ROWS_AT_ONCE = 1000
_IN_ORDER = frozenset({"sheets", "sheet_tables"})  # of all others there may be many, and any order is faster

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
    """Collects what was read and writes it; nothing but logs is in the database before ``flush``.

    For one load, in one transaction of the caller: ``add_receipt`` for each file, ``add_submission`` for each of its
    submissions right behind it (or ``stream_log`` and ``add_log_sheet`` for a log), then ``flush`` and
    ``check_conservation``, before the caller commits. Numbers of submissions and arrivals go on from the newest in ``raw``.

    Args:
        connection: of the working database, with the tables of ``raw``; nobody else may write to it meanwhile.
        forms: every form that rows may be of.
        load_id: of this load, stands in each receipt and submission.
        ingested_at: the instant of the load, timezone-aware.
        known_since: from when on its files count: since their own date (``file``: the first load, or one that
            fills in the past) or since this load (``load``).
    """

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        forms: Sequence[FormContract],
        load_id: str,
        ingested_at: datetime,
        known_since: Literal["file", "load"] = "file",
    ) -> None:
        self._connection = connection
        self._forms = {form.name: form for form in forms}
        self._load_id = load_id
        self._ingested_at = ingested_at
        self._is_known_since_load = known_since == "load"
        self._rows: defaultdict[str, list[dict[str, object]]] = defaultdict(list)
        self._streams: defaultdict[str, list[RowStream]] = defaultdict(list)
        ((order,),) = connection.execute(
            "select greatest((select coalesce(max(submission_order), 0) from raw.submissions),"
            " (select coalesce(max(arrival_order), 0) from raw.receipts))"
        ).fetchall()
        self._order = int(order)
        self._checked = self._count_rows()

    def add_receipt(
        self, arrival: Arrival, verdict: Verdict, reason: Reason | None, submission_id: str | None
    ) -> None:
        """Note that a file arrived; one with content of its own comes behind all that came before.

        Args:
            arrival: where and when, and what its bytes are.
            verdict: what became of it.
            reason: why, where it was not accepted whole.
            submission_id: of the submission that it is, or repeats; None of a container and of what is no submission.
        """
        if submission_id is not None:
            self._order += 1
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
                "arrival_order": self._order if submission_id is not None else None,
                "known_at": self._known_at(arrival),
            }
        )

    def _known_at(self, arrival: Arrival) -> datetime:
        return self._ingested_at if self._is_known_since_load else arrival.received_at

    def add_submission(self, submission: Submission, rows: Mapping[str, RowStream]) -> None:
        """Take over a submission, of which a receipt was added last, with its rows.

        Args:
            submission: what was found and decided.
            rows: by name of a table in ``raw`` without the schema; read once, at ``flush``, until when they must be there.
        """
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
                "known_at": self._known_at(arrival),
            }
        )
        self.add_rows(rows)

    def add_rows(self, rows: Mapping[str, RowStream]) -> None:
        """Take over rows by ``raw`` table."""
        for name, stream in rows.items():
            self._streams[name].append(stream)

    def stream_log(
        self, submission_id: str, form: FormContract, batches: Iterable[LogBatch], spool: RowSpool
    ) -> int:
        """Write the records of a log as they come; gives the number of the last one.

        Args:
            submission_id: of the log.
            form: the log's contract.
            batches: the log.
            spool: takes what is no record meanwhile; it must be there until ``flush``.

        Raises:
            OSError: the disk does not take what the spool is given.
        """
        taken = _LogRows(submission_id, form, batches, spool)
        bodies = iter(taken)
        first = next(bodies, None)
        if first is not None:
            self._insert_bodies(form, pa.RecordBatchReader.from_batches(first.schema, chain([first], bodies)))
        self.add_rows(spool.streams())
        return taken.last_row

    def add_log_sheet(
        self, submission_id: str, table: FoundTable, rows_seen: int, structure: Sequence[StructureRun] = ()
    ) -> None:
        """Note the one sheet and table that a log is made of, and structure that was not streamed.

        Args:
            submission_id: of the log.
            table: its columns as they were found; of its rows none, they have been streamed.
            rows_seen: lines of the file, the header among them.
            structure: runs of lines that are no records and that ``stream_log`` did not see.
        """
        sheet = SheetReading(1, "log", rows_seen, (table,), tuple(structure), (), (), None)
        for name, rows in account_of(submission_id, [sheet]).items():
            columns = [column for column, _ in _COLUMNS[name]]
            self._rows[name] += [dict(zip(columns, values, strict=True)) for values in rows]

    def flush(self) -> None:
        """Write everything that was collected, one insert a table, and forget it; may be called again after more.

        Raises:
            duckdb.Error: the database does not take it; the caller's transaction is then to be rolled back.
        """
        for name, rows in self._rows.items():
            for start in range(0, len(rows), _ROWS_AT_ONCE):
                self._insert_rows(name, rows[start : start + _ROWS_AT_ONCE])
        for name, streams in self._streams.items():
            batches = (batch for stream in streams for batch in stream.batches())
            first = next(batches, None)
            if first is not None:
                self._insert_stream(
                    name, pa.RecordBatchReader.from_batches(first.schema, chain([first], batches))
                )
        self._rows.clear()
        self._streams.clear()

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
        (row,) = self._connection.execute(f"select {counts}").fetchall()
        return dict(zip(names, row, strict=True))

    def _insert_stream(self, name: str, rows: pa.RecordBatchReader) -> None:
        if name in self._forms:
            self._insert_bodies(self._forms[name], rows)
            return
        self._connection.register("batch", rows)
        in_order = nullcontext() if name in _IN_ORDER else rows_in_any_order(self._connection)
        with in_order:
            self._connection.execute(f"insert into raw.{name} by name from batch")
        self._connection.unregister("batch")

    def _insert_rows(self, name: str, rows: list[dict[str, object]]) -> None:
        """Insert rows of a table that is not a form's.

        They go as JSON of the table's own types: to make Arrow columns of Python values would import pandas here.
        """
        if rows:
            shape = json.dumps([{column: _type_in_json(kind) for column, kind in _COLUMNS[name]}])
            self._connection.execute(
                f"insert into raw.{name} by name select unnest(from_json($rows, '{shape}'), recursive := true)",
                {"rows": json.dumps(rows, ensure_ascii=False, default=str)},
            )

    def _insert_bodies(self, form: FormContract, batch: pa.RecordBatchReader) -> None:
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


class _LogRows:
    """The records of a log as Arrow batches; what is no record goes into the spool, and the last row is remembered."""

    def __init__(
        self, submission_id: str, form: FormContract, batches: Iterable[LogBatch], spool: RowSpool
    ) -> None:
        self._submission_id = submission_id
        self._form = form
        self._batches = batches
        self._spool = spool
        self.last_row = 0

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        unreadable = Reason.of(ReasonCode.UNREADABLE_LINE)
        for batch in self._batches:
            self.last_row = batch.last_row
            noted = account_of_log_rows(self._submission_id, batch.structure, batch.unplaced, unreadable)
            for name, table in as_arrow(noted).items():
                self._spool.add(name, table)
            body = arrow_body(self._submission_id, self._form, [PlacedBody(1, 1, 1, batch.body)])
            if body is not None:
                yield from body.to_batches()


def _reason(reason: Reason | None) -> dict[str, object]:
    return {
        "reason_code": reason.code.value if reason else None,
        "reason_vi": reason.sentence if reason else None,
        "wrong_vi": reason.wrong if reason else None,
        "advice_vi": reason.advice if reason else None,
    }
