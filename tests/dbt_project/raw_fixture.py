"""Small raw databases written row by row, so that a test can say which rows a figure comes from.

Rows are written as the reader of files would hand them over (text, one letter a cell for its type); no file is read
here. The shape of the tables is the one that ``ingest`` makes.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from string import ascii_uppercase

import duckdb

from ingest.contracts.forms import load_contracts

HEADER_ROWS = 4
CONTRACTS = {contract.name: contract for contract in load_contracts().forms}

Rows = Sequence[Mapping[str, str | None]]


@dataclass(frozen=True, slots=True)
class Oddities:
    """What is not as it should be in a submission.

    Attributes:
        refused: form name to reason for sheets that are refused whole; their rows are kept as unplaced.
        extra_columns: JSON list of the columns that no form knows.
    """

    refused: Mapping[str, str] = field(default_factory=dict)
    extra_columns: str = "[]"


NOTHING_ODD = Oddities()


@dataclass(slots=True)
class RawDatabase:
    """A raw database that grows by submissions.

    Attributes:
        connection: the open database, its ``raw`` tables made.
    """

    connection: duckdb.DuckDBPyConnection
    _orders: count = field(default_factory=lambda: count(1))

    def submit(
        self,
        forms: Mapping[str, Rows],
        *,
        unit_key: str | None = None,
        period_code: str | None = None,
        received_at: datetime,
        oddities: Oddities = NOTHING_ODD,
    ) -> str:
        """Write one accepted submission, a sheet a form, four header rows above the body; gives its id.

        Args:
            forms: form name to rows; a row maps field names to text.
            unit_key: the unit that reports; none for logs, targets and opening balances.
            period_code: the half-year reported on.
            received_at: when it came.
            oddities: what is not as it should be.
        """
        order = next(self._orders)
        submission_id = f"s{order:03d}"
        verdict = "partial" if oddities.refused else "accepted"
        name = f"{unit_key or 'district'} {period_code or ''} {order}.xlsx"
        self.connection.execute(
            "insert into raw.submissions by name select ? as submission_id, ? as submission_order, ? as relative_path,"
            " ? as file_name, 'xlsx' as file_format, ? as sha256, 1 as size_bytes, ?::timestamptz as received_at,"
            " ?::timestamptz as ingested_at, 'load' as load_id, ? as unit_key, ? as period_code, ? as verdict",
            [
                submission_id,
                order,
                name,
                name,
                submission_id,
                received_at.isoformat(),
                (received_at + timedelta(minutes=1)).isoformat(),
                unit_key,
                period_code,
                verdict,
            ],
        )
        for sheet_number, (form_name, rows) in enumerate(forms.items(), start=1):
            self._write_sheet(submission_id, sheet_number, form_name, rows, oddities)
        return submission_id

    def refuse(self, *, unit_key: str, period_code: str, received_at: datetime) -> str:
        """Write a submission that is refused whole, without a sheet; gives its id."""
        submission_id = self.submit({}, unit_key=unit_key, period_code=period_code, received_at=received_at)
        self.connection.execute(
            "update raw.submissions set verdict = 'rejected', reason_code = 'unreadable_file', reason_vi = 'Không mở được tệp.'"
            " where submission_id = ?",
            [submission_id],
        )
        return submission_id

    def decide(self, submission_id: str, decided_at: datetime, *, is_withdrawn: bool = True) -> None:
        """Withdraw a submission, or take it back."""
        self.connection.execute(
            "insert into raw.withdrawals values (?, ?, ?, 'chị Hoa', ?)",
            [submission_id, is_withdrawn, decided_at, "Nhầm tệp" if is_withdrawn else "Tệp đúng"],
        )

    def total(
        self,
        submission_id: str,
        sheet_number: int,
        figure: tuple[str, str, str],
        rows: tuple[int, int],
    ) -> None:
        """Write one figure of a control total below a sheet's rows, and the structure row that it stands in.

        Args:
            submission_id: of the file.
            sheet_number: of the sheet.
            figure: form, field and value.
            rows: the first and the last that it sums.
        """
        form_name, field_name, value = figure
        first, last = rows
        self.connection.execute(
            "insert into raw.control_totals values (?, ?, 1, ?, ?, 'total', ?, ?, ?, ?, 't', 1, null)",
            [submission_id, sheet_number, form_name, last + 1, first, last, field_name, value],
        )
        self.connection.execute(
            "insert into raw.structure_rows values (?, ?, 1, ?, ?, 'total', '[]')",
            [submission_id, sheet_number, last + 1, last + 1],
        )
        self.connection.execute(
            "update raw.sheets set rows_seen = rows_seen + 1 where submission_id = ? and sheet_number = ?",
            [submission_id, sheet_number],
        )

    def _write_sheet(
        self,
        submission_id: str,
        sheet_number: int,
        form_name: str,
        rows: Rows,
        oddities: Oddities,
    ) -> None:
        reason_vi = oddities.refused.get(form_name)
        verdict = "rejected" if reason_vi else "accepted"
        last_row = HEADER_ROWS + len(rows)
        self.connection.execute(
            "insert into raw.sheets (submission_id, sheet_number, sheet_name, rows_seen, verdict, reason_code, reason_vi)"
            " values (?, ?, ?, ?, ?, ?, ?)",
            [
                submission_id,
                sheet_number,
                form_name,
                last_row,
                verdict,
                reason_vi and "missing_required_column",
                reason_vi,
            ],
        )
        fields = CONTRACTS[form_name].field_names
        columns = json.dumps(dict(zip(fields, ascii_uppercase, strict=False)))
        self.connection.execute(
            "insert into raw.sheet_tables by name select ? as submission_id, ? as sheet_number, 1 as table_number,"
            " ? as form_name, 3 as header_first_row, 4 as header_last_row, ? as last_row, 1 as money_scale,"
            " ? as verdict, ? as reason_vi, ?::json as columns, ?::json as extra_columns",
            [
                submission_id,
                sheet_number,
                form_name,
                last_row,
                verdict,
                reason_vi,
                columns,
                oddities.extra_columns,
            ],
        )
        self.connection.execute(
            "insert into raw.structure_rows values (?, ?, null, 1, 2, 'title', '[]'), (?, ?, 1, 3, 4, 'header', '[]')",
            [submission_id, sheet_number, submission_id, sheet_number],
        )
        for offset, row in enumerate(rows, start=1):
            row_number = HEADER_ROWS + offset
            if reason_vi:
                self.connection.execute(
                    "insert into raw.unplaced_rows (submission_id, sheet_number, row_number, reason_code, reason_vi, cells)"
                    " values (?, ?, ?, 'missing_required_column', ?, '[]')",
                    [submission_id, sheet_number, row_number, reason_vi],
                )
                continue
            unknown = set(row) - set(fields)
            if unknown:
                raise ValueError(f"{form_name} has no field {sorted(unknown)}")
            values = [row.get(name) for name in fields]
            types = "".join("." if row.get(name) is None else "t" for name in fields)
            marks = ", ".join("?" for _ in range(7 + len(values)))
            self.connection.execute(
                f"insert into raw.{form_name} values ({marks})",
                [submission_id, sheet_number, 1, row_number, types, 1, *values, None],
            )


def instant(text: str) -> datetime:
    """An instant in UTC from ``2023-06-12 03:00``."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
