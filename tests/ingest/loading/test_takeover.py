"""A file that cannot be written is refused as a fault of the software, and every other one is loaded."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from ingest.database import open_warehouse
from ingest.home import WarehouseHome
from ingest.loading.load import LoadReport, load_inbox
from ingest.loading.log_scan import NotPlainError
from ingest.loading.raw_writer import RawWriter
from ingest.reading.row_streams import RowStream
from ingest.reading.submission import Submission
from ingest.troubles import DiskFullError
from tests.ingest.return_files import SUPPORT_ROWS, support_return, write

NOW = datetime(2026, 1, 10, 3, 0, tzinfo=UTC)
UNITS = ("EA BÔNG", "EA NA", "QUẢNG ĐIỀN", "BÌNH HÒA", "DUR KMĂL")
BAD = "Quảng Điền.xlsx"
LOG = "event_id,occurred_at,unit_code,village,programme,activity_type,participants,quantity,uom,amount_vnd,reporter,note\n"
LINE = "e{},2023-02-01,24565,,plastic_waste,thu gom,1,2,kg,,,x\n"
Add = Callable[[RawWriter, Submission, Mapping[str, RowStream]], None]


@pytest.fixture
def home(tmp_path: Path) -> WarehouseHome:
    made = WarehouseHome(tmp_path / "home").prepare()
    for unit in UNITS:
        write(made.inbox / "2023H1" / f"{unit.title()}.xlsx", support_return(unit=f"BCH HỘI LHPN XÃ {unit}"))
    return made


def raises(error: BaseException) -> Add:
    def add(_writer: RawWriter, _submission: Submission, _rows: Mapping[str, RowStream]) -> None:
        raise error

    return add


def writes_other_rows(change: Callable[[pa.Table], pa.Table]) -> Add:
    """Give a way to write a submission with its first form's rows changed."""

    def add(writer: RawWriter, submission: Submission, rows: Mapping[str, RowStream]) -> None:
        changed = {**rows, "support_funds": RowStream.of(change(rows["support_funds"].table()))}
        ADD(writer, submission, changed)

    return add


def with_json_that_is_none(rows: pa.Table) -> pa.Table:
    position = rows.schema.get_field_index("extra_cells")
    return rows.set_column(position, "extra_cells", pa.array(["{"] * rows.num_rows, pa.string()))


def with_a_number_that_does_not_fit(rows: pa.Table) -> pa.Table:
    position = rows.schema.get_field_index("sheet_number")
    return rows.set_column(position, "sheet_number", pa.array([2**40] * rows.num_rows, pa.int64()))


def with_a_row_doubled(rows: pa.Table) -> pa.Table:
    return pa.concat_tables([rows, rows.slice(0, 1)])


ADD = RawWriter.add_submission


def fail_for(patch: pytest.MonkeyPatch, file_name: str, fault: Add) -> None:
    def add(self: RawWriter, submission: Submission, rows: Mapping[str, RowStream]) -> None:
        is_bad = submission.arrival.file_name == file_name and submission.verdict != "rejected"
        (fault if is_bad else ADD)(self, submission, rows)

    patch.setattr(RawWriter, "add_submission", add)


def query(home: WarehouseHome, sql: str) -> list[tuple[object, ...]]:
    with open_warehouse(home) as connection:
        return connection.execute(sql).fetchall()


def load(home: WarehouseHome, hours: int = 0) -> LoadReport:
    return load_inbox(home, NOW + timedelta(hours=hours))


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(writes_other_rows(with_json_that_is_none), id="a value that its column does not take"),
        pytest.param(writes_other_rows(with_a_number_that_does_not_fit), id="a number that does not fit"),
        pytest.param(writes_other_rows(with_a_row_doubled), id="a row doubled"),
        pytest.param(
            raises(duckdb.OutOfMemoryException("failed to allocate data of size 256.0 MiB")), id="memory"
        ),
        pytest.param(raises(MemoryError()), id="memory of Python"),
        pytest.param(raises(KeyError("kind")), id="a defect of Python code"),
    ],
)
def test_a_file_that_cannot_be_written_is_refused_and_the_others_are_loaded_once(
    home: WarehouseHome, monkeypatch: pytest.MonkeyPatch, fault: Add
):
    with monkeypatch.context() as patch:
        fail_for(patch, BAD, fault)
        report = load(home)

    assert report.verdicts == {"accepted": 4, "rejected": 1}
    assert report.rows_loaded == 4 * len(SUPPORT_ROWS)
    (refused,) = report.refused
    assert refused.relative_path == f"2023H1/{BAD}"
    assert re.search(r"Lỗi của phần mềm .* mã lỗi [0-9A-F]{6};", refused.sentence)
    assert query(home, "select count(*), count(distinct submission_id) from raw.support_funds") == [(8, 4)]
    assert query(home, "select verdict, count(*) from raw.receipts group by all order by all") == [
        ("accepted", 4),
        ("rejected", 1),
    ]
    assert query(home, "select list(submission_order order by submission_order) from raw.submissions") == [
        ([1, 2, 3, 4, 5],)
    ]
    assert query(home, f"select reason_code from raw.submissions where file_name = '{BAD}'") == [
        ("writer_defect",)
    ]
    assert load(home, 1).files_new == 0


def test_what_the_software_failed_on_is_taken_when_it_is_sent_again_and_the_software_is_mended(
    home: WarehouseHome, monkeypatch: pytest.MonkeyPatch
):
    with monkeypatch.context() as patch:
        fail_for(patch, BAD, raises(KeyError("kind")))
        load(home)
    write(home.inbox / "2023H1 gửi lại" / BAD, (home.inbox / "2023H1" / BAD).read_bytes())
    assert load(home, 1).verdicts == {"accepted": 1}
    assert query(home, "select count(*) from raw.support_funds") == [(10,)]


def test_several_files_that_cannot_be_written_are_each_refused(
    home: WarehouseHome, monkeypatch: pytest.MonkeyPatch
):
    with monkeypatch.context() as patch:

        def add(self: RawWriter, submission: Submission, rows: Mapping[str, RowStream]) -> None:
            if submission.arrival.file_name != BAD and submission.verdict != "rejected":
                raise KeyError(submission.arrival.file_name)
            ADD(self, submission, rows)

        patch.setattr(RawWriter, "add_submission", add)
        assert load(home).verdicts == {"accepted": 1, "rejected": 4}


def test_a_copy_of_what_cannot_be_written_is_no_duplicate_of_something_accepted(
    home: WarehouseHome, monkeypatch: pytest.MonkeyPatch
):
    write(home.inbox / "2023H1 bản sao" / BAD, (home.inbox / "2023H1" / BAD).read_bytes())
    with monkeypatch.context() as patch:
        fail_for(patch, BAD, raises(KeyError("kind")))
        assert load(home).verdicts == {"accepted": 4, "rejected": 1, "duplicate": 1}


@pytest.mark.parametrize("is_plain", [True, False])
def test_a_log_that_cannot_be_written_is_refused_and_what_is_beside_it_is_loaded(
    home: WarehouseHome, monkeypatch: pytest.MonkeyPatch, is_plain: bool
):
    log = LOG + LINE.format(1) + ("" if is_plain else LINE.format(2).replace(",x", ',"x"'))
    write(home.inbox / "log.csv", log.encode())
    with monkeypatch.context() as patch:
        fail_for(patch, "log.csv", raises(KeyError("kind")))
        assert load(home).verdicts == {"accepted": 5, "rejected": 1}
    assert query(home, "select count(*) from raw.activity_log") == [(0,)]
    write(home.inbox / "gửi lại" / "log.csv", log.encode())
    assert load(home, 1).verdicts == {"accepted": 1}


def test_a_log_whose_fast_way_fails_is_taken_the_way_that_takes_everything(
    home: WarehouseHome, monkeypatch: pytest.MonkeyPatch
):
    def fail(*_: object) -> int:
        raise NotPlainError("not what it looked like")

    monkeypatch.setattr("ingest.loading.takeover.scan_log", fail)
    write(home.inbox / "log.csv", (LOG + LINE.format(1)).encode())
    report = load(home)
    assert (report.verdicts, report.rows_loaded) == ({"accepted": 6}, 11)
    assert query(home, "select count(*), max(submission_order) from raw.submissions") == [(6, 6)]


@pytest.mark.parametrize(
    "fault",
    [
        OSError(28, "No space left on device"),
        duckdb.IOException('Could not write file "warehouse.duckdb.wal": No space left on device'),
        duckdb.OutOfMemoryException("failed to offload data block: see 'max_temp_directory_size'"),
    ],
)
def test_a_full_disk_is_no_files_fault_and_ends_the_load_with_nothing_half_written(
    home: WarehouseHome, monkeypatch: pytest.MonkeyPatch, fault: Exception
):
    with monkeypatch.context() as patch:
        fail_for(patch, BAD, raises(fault))
        with pytest.raises(DiskFullError):
            load(home)
    assert query(home, "select count(*) from raw.receipts") == [(0,)]
    assert query(home, "select count(*) from raw.support_funds") == [(0,)]
    report = load(home, 1)
    assert (report.entries_replayed, report.verdicts) == (1, {"accepted": 5})
