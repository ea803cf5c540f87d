"""What a working database has that is in no journal: it was loaded, or its figures issued, before there was one.

It is written in the journal once, in the order in which it came, and noted as taken over. From then on the archive is
enough for this database as for a new one. What is cut off is begun again, and finds what it has written.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

import duckdb

from ingest.contracts.verdicts import ReasonCode
from ingest.home import WarehouseHome
from ingest.keeping.issued_figures import keep_figures
from ingest.keeping.journal import IssueEntry, LoadEntry, Receipt, write_entry
from ingest.keeping.projection import apply_missing, mark_applied, missing_loads, transaction

MOST_RECEIPTS = 128

_RECEIPTS = """
    select
        receipts.load_id,
        receipts.ingested_at,
        receipts.relative_path,
        receipts.sha256,
        receipts.size_bytes,
        receipts.received_at,
        receipts.verdict = 'container' as is_container,
        submissions.reason_code,
        exists (
            from raw.sheet_tables
            where sheet_tables.submission_id = receipts.submission_id and form_name = 'activity_log'
        ) and submissions.file_format in ('csv', 'jsonl') as is_log
    from raw.receipts
    left join raw.submissions using (submission_id)
    where receipts.sha256 is not null
        and receipts.load_id not in (select subject from raw.journal_entries where kind = 'load')
    order by receipts.rowid
"""
# asked at every load, and nearly always answered with no
_HAS_MORE_RECEIPTS = """
    select 1
    from raw.receipts
    where sha256 is not null and load_id not in (select subject from raw.journal_entries where kind = 'load')
    limit 1
"""
_ISSUED = """
    select edition_id
    from raw.issued_figures
    where edition_id not in (select subject from raw.journal_entries where kind = 'issue')
    group by edition_id
    order by min(issued_at), edition_id
"""
_OF_THE_ZIP = frozenset({ReasonCode.UNREADABLE_FILE.value, ReasonCode.UNPACKS_TO_TOO_MUCH.value})


@dataclass(frozen=True, slots=True)
class _Arrived:
    """A row of ``raw.receipts`` that no entry of the journal accounts for."""

    load_id: str
    ingested_at: datetime
    relative_path: str
    sha256: str
    size_bytes: int
    received_at: datetime
    is_container: bool
    reason_code: str | None
    is_log: bool


def adopt(connection: duckdb.DuckDBPyConnection, home: WarehouseHome) -> int:
    """Write in the journal what the database has and no entry accounts for; gives the number of entries.

    Entries that are not loads are taken over first, for they may be about what the database has.

    Raises:
        JournalError: see ``projection``.
    """
    apply_missing(connection, home)
    has_more = connection.execute(_HAS_MORE_RECEIPTS).fetchone() is not None
    entries: list[LoadEntry | IssueEntry] = list(_loads(connection)) if has_more else []
    entries += [keep_figures(connection, home, str(row[0])) for row in connection.execute(_ISSUED).fetchall()]
    if not entries:
        return 0
    written = list(missing_loads(connection, home))  # by an adoption that was cut off
    numbered = [
        (next((number for number, found in written if found == entry), None), entry) for entry in entries
    ]
    with transaction(connection):
        for number, entry in numbered:
            mark_applied(connection, home, number or write_entry(home.journal, entry), entry)
    return len(numbered)


def _loads(connection: duckdb.DuckDBPyConnection) -> Iterator[LoadEntry]:
    """Put receipts together as loads were written: some files at a time, and each log by itself."""
    arrived = [_Arrived(*row) for row in connection.execute(_RECEIPTS).fetchall()]
    for (load_id, loaded_at), of_load in groupby(arrived, key=lambda each: (each.load_id, each.ingested_at)):
        containers: set[str] = set()
        together: list[Receipt] = []
        for each in of_load:
            if each.is_container:
                containers.add(each.relative_path)
            receipt = _receipt(each, containers)
            is_next_batch = each.is_container and bool(together) and not together[-1].is_container
            if together and (each.is_log or is_next_batch or len(together) == MOST_RECEIPTS):
                yield LoadEntry(load_id=load_id, loaded_at=loaded_at, receipts=tuple(together))
                together = []
            together.append(receipt)
            if each.is_log:
                yield LoadEntry(load_id=load_id, loaded_at=loaded_at, receipts=tuple(together))
                together = []
        if together:
            yield LoadEntry(load_id=load_id, loaded_at=loaded_at, receipts=tuple(together))


def _receipt(arrived: _Arrived, containers: set[str]) -> Receipt:
    path = arrived.relative_path
    parts = path.split("/")
    folders = {"/".join(parts[:count]) for count in range(1, len(parts))}
    container = next(iter(sorted(folders & containers)), None)
    is_named_by_path = arrived.sha256 == hashlib.sha256(path.encode()).hexdigest()
    is_broken_zip = container is None and path.lower().endswith(".zip") and arrived.reason_code in _OF_THE_ZIP
    return Receipt(
        relative_path=path,
        container_path=container,
        sha256=arrived.sha256,
        size_bytes=arrived.size_bytes,
        received_at=arrived.received_at,
        is_container=arrived.is_container,
        trouble=arrived.reason_code if is_named_by_path or is_broken_zip else None,
    )
