"""From the inbox into ``raw``: what is new is archived, read in parallel, and written by one process.

Loading is keyed by content: a file seen before is not read again, the same content under another name is a duplicate,
and a load that dies leaves whole batches or nothing. Every arrival gets a receipt with its verdict.
"""

import hashlib
import json
import os
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

import duckdb
from pydantic import BaseModel, ConfigDict

from ingest.activity_log import LogBatch, read_log
from ingest.archive import TooLargeError, archive_file, archive_stream, archived_path
from ingest.cells import column_name
from ingest.contracts import Contracts, load_contracts
from ingest.database import open_warehouse
from ingest.headers import FormMatch
from ingest.home import WarehouseHome
from ingest.inbox import MOST_MEMBER_BYTES, InboxFile, UnsafeArchiveError, ZipMember, list_inbox, open_zip
from ingest.log_scan import NotPlainError, scan_log, survey_log
from ingest.raw_writer import RawWriter
from ingest.reading import ActivityLog, ArchivedFile, LogFinder, ReadReturn
from ingest.reading_process import ReaderPool
from ingest.sheet_reading import NO_ROWS, FoundTable, StructureRun
from ingest.sheet_rows import RowKind
from ingest.submission import Arrival, Submission
from ingest.troubles import telling_troubles
from ingest.verdicts import Reason, ReasonCode

BATCH_FILES = 128
READERS = os.cpu_count() or 2
DATABASE_MEMORY = (
    "320MiB"  # what the database may keep in memory while loading; by itself it would take most of it
)

Progress = Callable[[int, int], None]


class RefusedFile(BaseModel):
    """A file that was refused, or of which sheets were, with the sentence that says why."""

    model_config = ConfigDict(frozen=True)

    relative_path: str
    verdict: str
    sentence: str


class LoadReport(BaseModel):
    """What one load did.

    Attributes:
        files_seen: files in the inbox; ``files_ignored`` more were nobody's (lock files, hidden files).
        files_new: those that had not been seen before.
        verdicts: verdict to number of files; members of a zip count as files of their own.
    """

    model_config = ConfigDict(frozen=True)

    load_id: str
    files_seen: int
    files_ignored: int
    files_new: int
    verdicts: dict[str, int] = {}
    rows_seen: int = 0
    rows_loaded: int = 0
    rows_unplaced: int = 0
    rows_structure: int = 0
    refused: tuple[RefusedFile, ...] = ()


@telling_troubles()
def load_inbox(
    home: WarehouseHome, now: datetime, contracts: Contracts | None = None, progress: Progress | None = None
) -> LoadReport:
    """Load what is new in the inbox.

    Args:
        home: the warehouse.
        now: the moment of the load, with time zone.
        contracts: the forms that are known; those of the project when not given.
        progress: called with files done and files to do, after each file.

    Raises:
        WarehouseTroubleError: another process has the working database open, it is damaged, or the disk is full.
        ConservationError: rows were lost, which is a defect; nothing of that batch was written.
    """
    home.prepare()
    contracts = contracts or load_contracts()
    files, ignored = list_inbox(home.inbox, now)
    with open_warehouse(home, contracts) as connection:
        connection.execute(f"set memory_limit = '{DATABASE_MEMORY}'")
        new = _not_seen_before(connection, files, now)
        load_id = f"{now:%Y%m%dT%H%M%S%f}"
        workers = min(READERS, len(new))
        with ReaderPool(contracts, max(1, workers)) as readers:
            load = _Load(connection, home, contracts, readers, load_id, now)
            for _ in load.take_all(_batches(new, BATCH_FILES)):
                if progress:
                    progress(load.files_done, len(new))
    return LoadReport(
        load_id=load_id,
        files_seen=len(files),
        files_ignored=ignored,
        files_new=len(new),
        verdicts=dict(load.verdicts),
        refused=tuple(load.refused),
        **load.row_counts,
    )


@dataclass(frozen=True, slots=True)
class _Batch:
    """Some files that are being read."""

    file_count: int
    containers: list[Arrival]
    logs: list[ActivityLog]
    results: Callable[[], Iterator[ReadReturn]]


class _Load:
    """One load while it runs."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        home: WarehouseHome,
        contracts: Contracts,
        readers: ReaderPool,
        load_id: str,
        now: datetime,
    ) -> None:
        self._connection = connection
        self._home = home
        self._readers = readers
        self._log_finder = LogFinder(contracts)
        self._writer = RawWriter(connection, contracts.forms, load_id, now)
        self._known = {
            str(row[0]): str(row[1])
            for row in connection.execute(
                "select submission_id, relative_path from raw.submissions"
            ).fetchall()
        }
        self.files_done = 0
        self.verdicts: Counter[str] = Counter()
        self.refused: list[RefusedFile] = []
        self.row_counts: Counter[str] = Counter()

    def take_all(self, batches: Iterable[Sequence[InboxFile]]) -> Iterator[None]:
        """Take batches one after the other; the next one is being read while one is written."""
        under_way: _Batch | None = None
        for files in batches:
            begun = self._begin(files)
            if under_way is not None:
                self._finish(under_way)
                yield
            under_way = begun
        if under_way is not None:
            self._finish(under_way)
            yield

    def _begin(self, files: Sequence[InboxFile]) -> "_Batch":
        """Archive some files and begin to read them."""
        archived = [item for file in files for item in _archive(file, self._home.archive)]
        containers = [item.arrival for item in archived if item.is_container]
        found = [(item, self._log_finder.find(item)) for item in archived if not item.is_container]
        logs = [log for _, log in found if log is not None]
        results = self._readers.start([item for item, log in found if log is None])
        return _Batch(len(files), containers, logs, results)

    def _finish(self, batch: "_Batch") -> None:
        """Write what was read, in one transaction, and then the logs, each in its own."""
        with self._transaction():
            for container in batch.containers:
                self.verdicts["container"] += 1
                self._writer.add_receipt(container, "container", None, None)
            for result in batch.results():
                if not self._is_duplicate(result):
                    self._note(result)
            logs = [log for log in batch.logs if not self._is_duplicate(log)]
        for log in logs:
            self._write_log(log)
        self.files_done += batch.file_count

    def _is_duplicate(self, result: ReadReturn | ActivityLog) -> bool:
        """Give a file whose content was received before its receipt; notes any other as known from now on."""
        submission = result.submission
        first_path = self._known.get(submission.submission_id)
        if first_path is None:
            self._known[submission.submission_id] = submission.arrival.relative_path
            self._count(submission)
            return False
        self.verdicts["duplicate"] += 1
        reason = Reason.of(ReasonCode.SAME_CONTENT, first_path=first_path)
        self._writer.add_receipt(submission.arrival, "duplicate", reason, submission.submission_id)
        return True

    def _count(self, submission: Submission) -> None:
        self.verdicts[submission.verdict] += 1
        if submission.reason is not None:
            self.refused.append(
                RefusedFile(
                    relative_path=submission.arrival.relative_path,
                    verdict=submission.verdict,
                    sentence=submission.reason.sentence,
                )
            )

    def _note(self, result: ReadReturn | ActivityLog) -> None:
        submission = result.submission
        self._writer.add_receipt(
            submission.arrival, submission.verdict, submission.reason, submission.submission_id
        )
        self._writer.add_submission(submission, result.bodies if isinstance(result, ReadReturn) else {})

    def _write_log(self, log: ActivityLog) -> None:
        """Write a log in a transaction of its own: the fast way, and where that fails the way that takes everything."""
        plain = survey_log(log.path, log.match) if log.submission.arrival.file_format == "csv" else None
        if plain is not None:
            try:
                with self._transaction():
                    self._note(log)
                    lines = scan_log(self._connection, plain, log.match, log.submission.submission_id)
                    header = StructureRun(1, 1, 1, RowKind.HEADER, _header_json(log.match))
                    self._writer.add_log_batch(log.submission.submission_id, LogBatch(structure=[header]))
                    self._writer.add_log_sheet(
                        log.submission.submission_id, _table_of(log.match, lines), lines
                    )
            except NotPlainError:
                self._writer.discard()
            else:
                return
        with self._transaction():
            self._note(log)
            rows_seen = self._writer.stream_log(
                log.submission.submission_id,
                log.match.form,
                read_log(log.path, log.submission.arrival.file_format, log.match),
            )
            self._writer.add_log_sheet(
                log.submission.submission_id, _table_of(log.match, rows_seen), rows_seen
            )

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """Write what is collected inside, and check that no row was lost, all or nothing."""
        self._connection.begin()
        try:
            yield
            self._writer.flush()
            counts = self._writer.check_conservation()
            self._connection.commit()
        except BaseException:
            # a commit that failed has rolled back itself; what it failed of is what matters
            with suppress(duckdb.Error):
                self._connection.rollback()
            raise
        self.row_counts.update(counts)


def _header_json(match: FormMatch) -> str:
    texts = {column_name(column.index): column.text for column in match.columns.values()}
    return json.dumps(texts, ensure_ascii=False)


def _table_of(match: FormMatch, rows_seen: int) -> FoundTable:
    """Describe a log as the one table that it is; its rows are streamed and not in here."""
    return FoundTable(
        number=1,
        form=match.form,
        form_decided_by=match.decided_by,
        header_first_row=1,
        header_last_row=1,
        last_row=rows_seen,
        columns={name: column.text for name, column in match.columns.items()},
        extra_columns=tuple((str(column.index + 1), column.text) for column in match.extra),
        money_scale=1,
        money_scale_decided_by="default: VND",
        body=NO_ROWS,
        control_totals=(),
        unplaced=(),
        reason=None,
    )


def _archive(file: InboxFile, archive: Path) -> Iterator[ArchivedFile]:
    """Put a file into the archive, and its members if it is a zip."""
    sha256 = archive_file(file.path, archive)
    arrival = Arrival(file.relative_path, None, sha256, file.size_bytes, file.received_at)
    path = archived_path(archive, sha256)
    if arrival.file_format != "zip":
        yield ArchivedFile(arrival, path)
        return
    try:
        members = open_zip(path, file.relative_path)
    except UnsafeArchiveError:
        yield ArchivedFile(arrival, path, trouble=Reason.of(ReasonCode.UNPACKS_TO_TOO_MUCH))
        return
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError):
        yield ArchivedFile(arrival, path, trouble=Reason.of(ReasonCode.UNREADABLE_FILE))
        return
    yield ArchivedFile(arrival, path, is_container=members is not None)
    for member in members or ():
        yield _archive_member(member, file, archive)


def _archive_member(member: ZipMember, file: InboxFile, archive: Path) -> ArchivedFile:
    """Put a member of a zip into the archive.

    One that cannot be unpacked is known by its name alone, and kept
    in the zip that it came in.
    """
    trouble = member.trouble
    try:
        if trouble is None:
            with member.open() as content:
                sha256, size = archive_stream(content, archive, MOST_MEMBER_BYTES)
            arrival = Arrival(member.relative_path, file.relative_path, sha256, size, file.received_at)
            return ArchivedFile(arrival, archived_path(archive, sha256))
    except TooLargeError:
        trouble = ReasonCode.MEMBER_UNPACKS_TO_TOO_MUCH
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError):
        trouble = ReasonCode.UNREADABLE_FILE
    sha256 = hashlib.sha256(member.relative_path.encode()).hexdigest()
    arrival = Arrival(member.relative_path, file.relative_path, sha256, 0, file.received_at)
    return ArchivedFile(
        arrival, archived_path(archive, sha256), trouble=Reason.of(trouble or ReasonCode.UNREADABLE_FILE)
    )


def _not_seen_before(
    connection: duckdb.DuckDBPyConnection, files: Iterable[InboxFile], now: datetime
) -> list[InboxFile]:
    """Leave out files whose name, size and time already have a receipt; a time in the future does not count."""
    receipts = connection.execute(
        "select relative_path, size_bytes, received_at from raw.receipts"
    ).fetchall()
    seen = {(path, size, received_at.timestamp()) for path, size, received_at in receipts}
    seen_ever = {(path, size) for path, size, _ in receipts}
    return [
        file
        for file in files
        if (file.relative_path, file.size_bytes, file.received_at.timestamp()) not in seen
        and not (file.received_at == now and (file.relative_path, file.size_bytes) in seen_ever)
    ]


def _batches(files: Sequence[InboxFile], size: int) -> Iterator[list[InboxFile]]:
    remaining = iter(files)
    while batch := list(islice(remaining, size)):
        yield batch
