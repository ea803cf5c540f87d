"""Checks of the working database against what it is made from: the journal, the ledger, and the rows that files had."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

import duckdb

from ingest.contracts.forms import Contracts, load_contracts
from ingest.database import open_read_only
from ingest.home import WarehouseHome
from ingest.keeping.journal import IssueEntry, PseudonymKeyEntry, entry_digest, numbers
from ingest.own_commands import typed
from ingest.text.printing import format_number
from ingest.troubles import DamagedFileError, WarehouseTroubleError
from operations.housekeeping.checks import Check, Fault
from operations.housekeeping.file_checks import (
    FROM_BACKUP,
    compare_with_edition,
    figures_in_ledger,
    receipts_of,
    sound_entries,
)

REBUILD = f"Đề nghị chạy “{typed('rebuild')}” để lập lại kho số liệu từ tệp lưu trữ."
LOAD = f"Đề nghị tiếp nhận lại bằng quy trình “Tiếp nhận báo cáo”; nếu vẫn còn, chạy “{typed('rebuild')}”."
REPORT = "Đây là lỗi của phần mềm: đề nghị báo cho người phát triển."
AGAINST_JOURNAL = "Kho làm việc khớp với sổ nhật ký"
AGAINST_LEDGER = "Số liệu đã công bố trong kho làm việc khớp với bản số liệu"
NOTHING_LOST = "Không mất dòng nào trong kho làm việc"
Received = tuple[str, str, datetime]


def check_database(home: WarehouseHome, patience_seconds: float | None = None) -> tuple[Check, ...]:
    """Check the working database in every way; says so where it cannot be opened now.

    Args:
        home: the warehouse.
        patience_seconds: how long to wait for who writes it.
    """
    names = (AGAINST_JOURNAL, AGAINST_LEDGER, NOTHING_LOST)
    if not home.warehouse.exists():
        missing = Fault(str(home.warehouse), "không có tệp này", REBUILD)
        has_received = any(receipts_of(entry) for entry in sound_entries(home))
        return (Check(AGAINST_JOURNAL, "chưa có kho làm việc", (missing,) if has_received else ()),)
    # The journal is ahead of the database, never behind: what it has before must be in the database afterwards,
    # and what the database has must be in the journal after that.
    before = _received(home)
    try:
        with open_read_only(home.warehouse, patience_seconds) as connection:
            return (
                _against_journal(connection, home, before),
                _against_ledger(connection, home),
                _conservation(connection, load_contracts()),
            )
    except DamagedFileError as error:
        return (
            Check(AGAINST_JOURNAL, "", (Fault(str(error.path), "tệp bị hỏng hoặc bị cắt cụt", REBUILD),)),
        )
    except WarehouseTroubleError as trouble:
        return tuple(Check(name, "", skipped=str(trouble)) for name in names)


def _against_journal(
    connection: duckdb.DuckDBPyConnection, home: WarehouseHome, before: Counter[Received]
) -> Check:
    held = Counter(
        connection.execute("select relative_path, sha256, received_at from raw.receipts").fetchall()
    )
    after = _received(home)
    present = set(numbers(home.journal))
    faults = [
        Fault(f"“{path}”", "có trong sổ nhật ký, chưa có trong kho làm việc", LOAD)
        for path, _, _ in (before - held)
    ]
    faults += [
        Fault(
            f"“{path}”",
            "có trong kho làm việc, không có trong sổ nhật ký",
            f"Không chạy “{typed('rebuild')}” lúc này. Đề nghị lấy lại thư mục archive/journal từ bản sao lưu.",
        )
        for path, _, _ in (held - after)
    ]
    orphans = connection.execute(
        "select relative_path from raw.receipts where submission_id is not null"
        " and submission_id not in (select submission_id from raw.submissions)"
    ).fetchall()
    faults += [
        Fault(f"“{path}”", "đã nhận nhưng không có báo cáo trong kho làm việc", REBUILD)
        for (path,) in orphans
    ]
    faults += [
        Fault(
            str(home.journal / f"{number:09d}.json"),
            "không phải mục mà kho làm việc đã ghi nhận",
            FROM_BACKUP,
        )
        for number, sha256 in connection.execute("select number, sha256 from raw.journal_entries").fetchall()
        if number not in present or entry_digest(home.journal, number) != sha256
    ]
    keys = [entry.secret for entry in sound_entries(home) if isinstance(entry, PseudonymKeyEntry)]
    secrets = connection.execute("select secret from raw.pseudonym_key").fetchall()
    if keys and secrets != [(keys[-1],)]:
        faults.append(Fault(str(home.warehouse), "khóa của mã thay tên khác với sổ nhật ký", REBUILD))
    return Check(AGAINST_JOURNAL, f"{held.total()} lượt nhận", tuple(faults))


def _against_ledger(connection: duckdb.DuckDBPyConnection, home: WarehouseHome) -> Check:
    """Hold the figures that the database calls issued against the ledger, or against editions that it has none of."""
    in_ledger = {
        entry.edition_id: home.ledger / entry.figures_file
        for entry in sound_entries(home)
        if isinstance(entry, IssueEntry)
    }
    editions = [
        str(row[0])
        for row in connection.execute(
            "select distinct edition_id from raw.issued_figures order by all"
        ).fetchall()
    ]
    faults: list[Fault] = [
        Fault(edition_id, "có trong sổ công bố, chưa có trong kho làm việc", LOAD)
        for edition_id in in_ledger
        if edition_id not in editions
        and in_ledger[edition_id].exists()
        and figures_in_ledger(in_ledger[edition_id])
    ]
    for edition_id in editions:
        issued = set(
            connection.execute(
                "select unit_key, period_code, indicator_code, value from raw.issued_figures where edition_id = ?",
                [edition_id],
            ).fetchall()
        )
        faults += compare_with_edition(home, edition_id, issued)
        path = in_ledger.get(edition_id)
        if path is not None and path.exists() and figures_in_ledger(path) != issued:
            faults.append(
                Fault(edition_id, "số liệu đã công bố trong kho làm việc khác với tệp lưu", REBUILD)
            )
    return Check(AGAINST_LEDGER, f"{len(editions)} lần công bố", tuple(faults))


def _conservation(connection: duckdb.DuckDBPyConnection, contracts: Contracts) -> Check:
    body = " union all ".join(
        f"select submission_id, sheet_number from raw.{form.name}" for form in contracts.forms
    )
    sheets = connection.execute(
        f"""
        with accounted as (
            select submission_id, sheet_number, count(*) as row_count from ({body}) group by all
            union all
            select submission_id, sheet_number, count(*) from raw.unplaced_rows group by all
            union all
            select submission_id, sheet_number, sum(last_row - first_row + 1) from raw.structure_rows group by all
        )

        select
            submissions.relative_path,
            sheets.sheet_name,
            sheets.rows_seen,
            coalesce((
                select sum(row_count) from accounted
                where accounted.submission_id = sheets.submission_id
                    and accounted.sheet_number = sheets.sheet_number
            ), 0)::bigint as rows_accounted
        from raw.sheets as sheets
        inner join raw.submissions as submissions using (submission_id)
        """
    ).fetchall()
    faults = tuple(
        Fault(
            f"“{path}”, trang tính “{sheet}”",
            f"đọc {seen} dòng, kể được {accounted} dòng",
            f"{REPORT} {REBUILD}",
        )
        for path, sheet, seen, accounted in sheets
        if seen != accounted
    )
    return Check(NOTHING_LOST, f"{format_number(sum(row[2] for row in sheets))} dòng", faults)


def _received(home: WarehouseHome) -> Counter[Received]:
    return Counter(_each_received(home))


def _each_received(home: WarehouseHome) -> Iterator[Received]:
    for entry in sound_entries(home):
        for receipt in receipts_of(entry):
            yield receipt.relative_path, receipt.sha256, receipt.received_at
