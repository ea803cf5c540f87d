"""How the warehouse stands, for the officer: what runs, what was done last, what waits for a person, what comes next.

Reads files, the current edition and Airflow's own database, and opens the working database not at all: whoever holds it,
the answer comes, and no load ever waits for somebody who looks.
"""

import argparse
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import duckdb

from ingest.home import WarehouseHome
from ingest.inbox.arrivals import files_in_inbox
from ingest.keeping.journal import DamagedEntryError, LoadEntry, last_number, read_entries
from ingest.own_commands import typed
from ingest.text.printing import moment_vi
from operations.installation.airflow_home import DEFAULT_PORT, is_pointed, metadata_file, services_folder
from operations.services.embedded import address_of
from operations.services.health import LABELS_VI, NOTHING_WELL, Health, ask_health
from operations.services.run_records import RunRecords, read_run_records
from operations.services.session import ServiceSession
from operations.services.supervisor import SESSION_FILE
from publish.editions.current import current_edition
from publish.editions.edition import Edition

FAILURES_OF = timedelta(days=7)
# in containers the pages are at another service of the network
CONTAINER_ADDRESS = "http://api-server:8080"
# the newest load is among the newest entries; other kinds come a few at a time
ENTRIES_TO_LOOK_AT = 200


@dataclass(frozen=True, slots=True)
class Status:
    """How it stands.

    Attributes:
        told_at: when this was looked up.
        address: of the pages; None where the services were not started.
        health: which services are well.
        last_load: what the journal has of the newest load that brought something; nothing before the first.
        edition: the current one; None before the first, or where its file cannot be read.
        is_edition_damaged: there is a file, and it cannot be read.
        records: what Airflow knows; None before it was ever started.
    """

    told_at: datetime
    address: str | None
    health: Health
    last_load: tuple[LoadEntry, ...]
    edition: Edition | None
    is_edition_damaged: bool
    records: RunRecords | None


def gather_status(home: WarehouseHome, now: datetime) -> Status:
    """Look everything up.

    Args:
        home: the warehouse.
        now: timezone-aware.
    """
    session = ServiceSession.read(services_folder(home) / SESSION_FILE)
    address = CONTAINER_ADDRESS if is_pointed() else address_of(session.port if session else DEFAULT_PORT)
    is_started = is_pointed() or (session is not None and bool(session.members()))
    edition = None
    with suppress(duckdb.Error, OSError, ValueError):
        edition = current_edition(home)
    return Status(
        told_at=now,
        address=address if is_started else None,
        health=ask_health(address) if is_started else NOTHING_WELL,
        last_load=_last_load(home),
        edition=edition,
        is_edition_damaged=edition is None and home.current.exists(),
        records=read_run_records(metadata_file(home), now - FAILURES_OF),
    )


def tell_status(status: Status) -> str:
    """Write it for the officer."""
    lines = [f"Tình trạng lúc {moment_vi(status.told_at)}", "", "Dịch vụ"]
    if status.address is None:
        lines.append("  Hệ thống không chạy. Khởi động: make up")
    else:
        lines.extend(
            f"  {'✓' if name in status.health.well else '✗'} {label}" for name, label in LABELS_VI.items()
        )
        lines.append(f"  Địa chỉ: {status.address}")
    lines += ["", "Đã làm gần nhất", *(f"  {line}" for line in _done(status))]
    if status.records is not None:
        lines += ["", "Chờ người phê duyệt", *(f"  {line}" for line in _waiting(status.records))]
        lines += ["", "Việc tiếp theo", *(f"  {line}" for line in _next(status.records))]
        if status.records.failures:
            lines += ["", "Việc không thành trong 7 ngày qua (xem tệp nhật ký ở giao diện web)"]
            lines += [
                f"  {moment_vi(failed.ended_at)}: {_label(status.records, failed.dag_id)}"
                for failed in status.records.failures
            ]
    return "\n".join(lines)


def _done(status: Status) -> list[str]:
    load, edition, records = status.last_load, status.edition, status.records
    lines = []
    if load:
        lines.append(f"Tiếp nhận báo cáo mới: {moment_vi(load[0].loaded_at)}, {files_in_inbox(load)} tệp")
    else:
        lines.append("Tiếp nhận báo cáo mới: chưa lần nào")
    if records is not None and records.last_loaded_at is not None:
        lines.append(f"Kiểm tra thư mục nhận báo cáo (inbox): {moment_vi(records.last_loaded_at)}")
    if records is not None and records.last_built_at is not None:
        lines.append(f"Tổng hợp số liệu: {moment_vi(records.last_built_at)}")
    elif edition is None:
        lines.append("Tổng hợp số liệu: chưa lần nào")
    if edition is not None:
        lines.append(
            f"Công bố bản số liệu: {moment_vi(edition.issued_at or edition.built_at)}, số liệu tính đến {moment_vi(edition.as_of)},"
            f" từ {edition.input_submissions} báo cáo"
        )
    elif status.is_edition_damaged:
        lines.append(
            f"Công bố bản số liệu: không đọc được tệp current.duckdb. Đề nghị kiểm tra: {typed('verify')}"
        )
    else:
        lines.append("Công bố bản số liệu: chưa lần nào")
    return lines


def _waiting(records: RunRecords) -> list[str]:
    return [f"{waiting.subject} (từ {moment_vi(waiting.since)})" for waiting in records.waiting] or [
        "không có"
    ]


def _next(records: RunRecords) -> list[str]:
    lines = [f"{_label(records, dag_id)}: đang chạy" for dag_id in records.running]
    for plan in records.plans:
        if plan.is_paused:
            lines.append(f"{plan.label}: đang tạm dừng (bật ở giao diện web)")
        elif plan.next_at is not None:
            lines.append(f"{plan.label}: {moment_vi(plan.next_at)}")
        else:
            lines.append(f"{plan.label}: khi có người yêu cầu hoặc khi có số liệu mới")
    return lines or ["chưa có quy trình nào được cài"]


def _label(records: RunRecords, dag_id: str) -> str:
    """Give what the office calls a DAG; its id where that is not there any more."""
    return next((plan.label for plan in records.plans if plan.dag_id == dag_id), dag_id)


def _last_load(home: WarehouseHome) -> tuple[LoadEntry, ...]:
    newest: tuple[LoadEntry, ...] = ()
    # what is damaged is named by make verify; here the last good entry is told
    with suppress(DamagedEntryError, OSError):
        for _, entry in read_entries(
            home.journal, after=max(last_number(home.journal) - ENTRIES_TO_LOOK_AT, 0)
        ):
            if isinstance(entry, LoadEntry):
                newest = (*newest, entry) if newest and newest[0].load_id == entry.load_id else (entry,)
    return newest


def add_command(commands: Any) -> None:
    """Add ``status``."""
    commands.add_parser("status", help="what runs, what was done last, what comes next").set_defaults(
        run=_run
    )


def _run(_: argparse.Namespace) -> int:
    print(tell_status(gather_status(WarehouseHome.from_environment(), datetime.now(UTC))))
    return 0
