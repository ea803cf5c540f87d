"""Checks of what is kept as files: archive, journal, ledger, editions. They need no working database.

A folder of backups has these under the same names as a home, so the same checks run on both; nothing is ever written.
"""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from build.reference import read_periods
from ingest.database import open_read_only
from ingest.home import WarehouseHome
from ingest.keeping.archive import archived_path, sha256_of
from ingest.keeping.journal import (
    DamagedEntryError,
    Entry,
    IssueEntry,
    LoadEntry,
    Receipt,
    missing_numbers,
    numbers,
    path_of,
    read_entries,
)
from ingest.own_commands import typed
from ingest.text.printing import format_number
from ingest.troubles import WarehouseTroubleError
from operations.housekeeping.checks import Check, Fault
from operations.housekeeping.edition_files import current_edition_id, edition_ids, listed_files
from publish.editions.manifest import Manifest, ManifestDamagedError, read_manifest

FROM_BACKUP = "Đề nghị lấy lại tệp này từ bản sao lưu (make restore vào một thư mục trống rồi chép sang)."
SEND_AGAIN = (
    "Đề nghị chép lại tệp gốc vào inbox rồi tiếp nhận lại (tệp lưu trữ hỏng được thay bằng tệp tốt),"
    " hoặc lấy lại từ bản sao lưu."
)
Figure = tuple[str, str, str, Decimal | None]


def check_archive(home: WarehouseHome) -> Check:
    """Hold the content of every archived file against its name."""
    faults = []
    count = 0
    for path in sorted(home.archive.glob("[0-9a-f][0-9a-f]/*")):
        count += 1
        if sha256_of(path) != path.name:
            faults.append(Fault(str(path), "nội dung không khớp mã kiểm tra", SEND_AGAIN))
    return Check("Tệp lưu trữ đúng nội dung", f"{count} tệp", tuple(faults))


def check_journal(home: WarehouseHome) -> Check:
    """Look whether every entry of the journal is there and whole."""
    faults = [
        Fault(str(path_of(home.journal, number)), "thiếu mục này", FROM_BACKUP)
        for number in missing_numbers(home.journal)
    ]
    faults += [Fault(str(path), "mục này bị hỏng", FROM_BACKUP) for path in _read_journal(home)[1]]
    return Check("Sổ nhật ký đủ và liên tục", f"{len(numbers(home.journal))} mục", tuple(faults))


def check_receipts(home: WarehouseHome) -> Check:
    """Look whether the bytes of every file that was received are in the archive, and as many as there were."""
    receipts = [receipt for entry in sound_entries(home) for receipt in receipts_of(entry)]
    faults = []
    for receipt in receipts:
        path = archived_path(home.archive, receipt.sha256)
        if receipt.trouble is not None:
            continue
        if not path.exists():
            faults.append(
                Fault(f"“{receipt.relative_path}”", f"không còn trong kho lưu trữ ({path})", SEND_AGAIN)
            )
        elif path.stat().st_size != receipt.size_bytes:
            faults.append(
                Fault(
                    f"“{receipt.relative_path}”",
                    f"dài {path.stat().st_size} byte, khi nhận là {receipt.size_bytes} byte ({path})",
                    SEND_AGAIN,
                )
            )
    return Check("Mọi tệp đã nhận còn trong kho lưu trữ", f"{len(receipts)} lượt nhận", tuple(faults))


def check_ledger(home: WarehouseHome) -> Check:
    """Hold the files of issued figures against the journal, and the figures against those of their editions."""
    issues = [entry for entry in sound_entries(home) if isinstance(entry, IssueEntry)]
    faults: list[Fault] = []
    figures = 0
    for issue in issues:
        path = home.ledger / issue.figures_file
        if not path.exists() or sha256_of(path) != issue.figures_sha256:
            what = "nội dung không khớp mã kiểm tra" if path.exists() else "không còn tệp này"
            faults.append(Fault(str(path), what, FROM_BACKUP))
            continue
        issued = figures_in_ledger(path)
        figures += len(issued)
        faults += compare_with_edition(home, issue.edition_id, issued)
    return Check(
        "Số liệu đã công bố khớp với bản số liệu",
        f"{len(issues)} lần công bố, {format_number(figures)} số",
        tuple(faults),
    )


def compare_with_edition(home: WarehouseHome, edition_id: str, issued: set[Figure]) -> Iterator[Fault]:
    """Hold figures that were issued against the half-year review of their edition."""
    path = home.editions / f"{edition_id}.duckdb"
    if not path.exists():
        yield Fault(edition_id, "không còn tệp của bản số liệu đã công bố", FROM_BACKUP)
        return
    try:
        with open_read_only(path) as connection:
            held = set(
                connection.execute(
                    "select unit_key, period_code, indicator_code, value::decimal(20, 3) from reviews.halfyear_review"
                ).fetchall()
            )
    except (WarehouseTroubleError, duckdb.Error) as error:
        yield Fault(str(path), f"không đọc được: {error}", FROM_BACKUP)
        return
    different = sorted(issued ^ held, key=str)
    if different:
        unit_key, period_code, indicator_code, _ = different[0]
        yield Fault(
            edition_id,
            f"{len(different)} số trong sổ công bố khác với bản số liệu, như"
            f" {indicator_code} của {unit_key}, {in_words(period_code)}",
            FROM_BACKUP,
        )


def check_editions(home: WarehouseHome) -> Check:
    """Hold every file of every edition against its manifest: hashes, and numbers of rows."""
    identifiers = edition_ids(home.editions)
    faults = [fault for identifier in identifiers for fault in _check_edition(home, identifier)]
    return Check("Bản số liệu nguyên vẹn", f"{len(identifiers)} bản", tuple(faults))


def _check_edition(home: WarehouseHome, edition_id: str) -> Iterator[Fault]:
    try:
        manifest = read_manifest(home.editions / edition_id)
    except ManifestDamagedError:
        path = home.editions / edition_id / "manifest.json"
        yield Fault(str(path), "bảng kê tệp của bản số liệu bị thiếu hoặc hỏng", FROM_BACKUP)
        return
    whole = True
    for below, sha256 in listed_files(manifest):
        path = home.editions / below
        if not path.is_file():
            whole = False
            yield Fault(str(path), "không còn tệp này", FROM_BACKUP)
        elif sha256_of(path) != sha256:
            whole = False
            yield Fault(str(path), "nội dung không khớp mã kiểm tra", FROM_BACKUP)
    if whole:
        yield from _check_row_counts(home, manifest)


def _check_row_counts(home: WarehouseHome, manifest: Manifest) -> Iterator[Fault]:
    path = home.editions / manifest.database.file
    with open_read_only(path) as connection:
        for table in manifest.tables:
            schema, _, name = table.table.partition(".")
            counted = connection.execute(f'select count(*) from "{schema}"."{name}"').fetchone()
            in_parquet = pq.read_metadata(home.editions / manifest.edition_id / table.file).num_rows
            found = {table.rows, int(counted[0]) if counted else None, in_parquet}
            if len(found) > 1:
                yield Fault(
                    f"{manifest.edition_id}, bảng {table.table}",
                    f"số dòng không thống nhất: bảng kê {table.rows}, DuckDB {counted and counted[0]},"
                    f" Parquet {in_parquet}",
                    FROM_BACKUP,
                )


def check_current(home: WarehouseHome) -> Check:
    """Look whether ``current.duckdb`` is one of the editions."""
    name = "Bản hiện hành là một bản số liệu"
    identifiers = edition_ids(home.editions)
    remedy = f"Đề nghị chạy “{typed('refresh')}”: bản hiện hành được nối lại với bản số liệu mới nhất."
    if not home.current.exists():
        missing = Fault(str(home.current), "không có tệp này", remedy)
        return Check(name, "chưa có bản số liệu", (missing,) if identifiers else ())
    current = current_edition_id(home)
    path = home.editions / f"{current}.duckdb"
    if current is None or not path.exists():
        faults: tuple[Fault, ...] = (Fault(str(home.current), "không phải bản số liệu nào đang có", remedy),)
    elif not path.samefile(home.current) and sha256_of(path) != sha256_of(home.current):
        faults = (Fault(str(home.current), f"khác nội dung với {path}", remedy),)
    else:
        faults = ()
    return Check(name, current or "không rõ", faults)


def check_conservation(home: WarehouseHome) -> Check:
    """Look whether in every edition each row that was seen was loaded, waits, or is structure."""
    faults = []
    seen = 0
    for edition_id in edition_ids(home.editions):
        path = home.editions / f"{edition_id}.duckdb"
        try:
            with open_read_only(path) as connection:
                rows, lost = connection.execute(
                    "select coalesce(sum(rows_seen), 0)::bigint,"
                    " coalesce(sum(abs(rows_seen - rows_loaded - rows_quarantined - rows_structure)), 0)::bigint"
                    " from reviews.conservation_ledger"
                ).fetchone() or (0, 0)
        except (WarehouseTroubleError, duckdb.Error):
            continue  # told by the check of editions
        seen += rows
        if lost:
            faults.append(
                Fault(
                    edition_id,
                    f"{lost} dòng không được kể là đã tổng hợp, chờ sửa hay dòng tiêu đề",
                    "Đây là lỗi của phần mềm: đề nghị báo cho người phát triển kèm tên bản số liệu này.",
                )
            )
    return Check("Không mất dòng nào trong bản số liệu", f"{format_number(seen)} dòng", tuple(faults))


def sound_entries(home: WarehouseHome) -> list[Entry]:
    """Give the entries of the journal that can be read, oldest first; damaged ones are told by ``check_journal``."""
    return _read_journal(home)[0]


def receipts_of(entry: Entry) -> tuple[Receipt, ...]:
    """Give the receipts of an entry; none unless it is a load."""
    return entry.receipts if isinstance(entry, LoadEntry) else ()


def figures_in_ledger(path: Path) -> set[Figure]:
    """Give the figures of a file of the ledger."""
    with duckdb.connect() as connection:
        return set(
            connection.execute(
                "select unit_key, period_code, indicator_code, value::decimal(20, 3) from read_parquet(?)",
                [str(path)],
            ).fetchall()
        )


def in_words(period_code: str) -> str:
    """Write a period for a person; one that is not known as it is."""
    return next((period.label_vi for period in read_periods() if period.code == period_code), period_code)


def _read_journal(home: WarehouseHome) -> tuple[list[Entry], list[Path]]:
    """Give the entries that can be read and the files of those that cannot."""
    entries: list[Entry] = []
    damaged: list[Path] = []
    last = 0
    while True:
        try:
            for number, entry in read_entries(home.journal, after=last):
                entries.append(entry)
                last = number
        except DamagedEntryError as error:
            damaged.append(error.path)
            last = int(damaged[-1].stem)
        else:
            return entries, damaged
