"""What an officer is told; what is looked up is tried on real services in tests/stack."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from ingest.home import WarehouseHome
from ingest.keeping.journal import LoadEntry, Receipt, write_entry
from operations.services.health import LABELS_VI, NOTHING_WELL, Health
from operations.services.run_records import DagPlan, Failure, RunRecords, Waiting
from operations.services.status import Status, gather_status, tell_status

NOW = datetime(2026, 12, 15, 2, 0, tzinfo=UTC)
RECORDS = RunRecords(
    plans=(
        DagPlan("ingest_submissions", "Tiếp nhận báo cáo", False, datetime(2026, 12, 15, 2, 10, tzinfo=UTC)),
        DagPlan("semiannual_refresh", "Sơ kết", True, datetime(2026, 12, 14, 23, 0, tzinfo=UTC)),
        DagPlan("programme_review", "programme_review", False, None),
    ),
    running=("ingest_submissions",),
    waiting=(Waiting("Phê duyệt số liệu 6 tháng cuối năm 2026", datetime(2026, 12, 14, 23, 20, tzinfo=UTC)),),
    failures=(Failure("programme_review", datetime(2026, 12, 13, 3, 0, tzinfo=UTC)),),
    last_loaded_at=datetime(2026, 12, 15, 1, 50, tzinfo=UTC),
    last_built_at=datetime(2026, 12, 14, 23, 15, tzinfo=UTC),
)
RUNNING = Status(
    told_at=NOW,
    address="http://127.0.0.1:8080",
    health=Health(frozenset(LABELS_VI) - {"triggerer"}, is_metadata_well=True),
    last_load=(),
    edition=None,
    is_edition_damaged=False,
    records=RECORDS,
)


def test_the_officer_is_told_what_runs_what_waits_and_what_is_next() -> None:
    told = tell_status(RUNNING)

    assert "Tình trạng lúc 09:00 ngày 15/12/2026" in told
    assert "✗ bộ chờ phê duyệt và chờ tệp mới" in told
    assert told.count("✓") == 3
    assert "Kiểm tra thư mục nhận báo cáo (inbox): 08:50 ngày 15/12/2026" in told
    assert "Tổng hợp số liệu: 06:15 ngày 15/12/2026" in told
    assert "Phê duyệt số liệu 6 tháng cuối năm 2026 (từ 06:20 ngày 15/12/2026)" in told
    assert "Tiếp nhận báo cáo: đang chạy" in told
    assert "Tiếp nhận báo cáo: 09:10 ngày 15/12/2026" in told
    assert "Sơ kết: đang tạm dừng" in told
    assert "10:00 ngày 13/12/2026: programme_review" in told


def test_where_nothing_runs_the_way_to_start_is_told() -> None:
    told = tell_status(replace(RUNNING, address=None, health=NOTHING_WELL, records=None))

    assert "Hệ thống không chạy. Khởi động: make up" in told
    assert "Công bố bản số liệu: chưa lần nào" in told


def test_a_new_home_has_a_status(tmp_path: Path) -> None:
    status = gather_status(WarehouseHome(tmp_path / "home"), NOW)

    assert status.address is None
    assert status.records is None
    assert not (tmp_path / "home").exists()


def test_the_newest_load_is_told_and_a_broken_edition_is_no_stack_trace(tmp_path: Path) -> None:
    home = WarehouseHome(tmp_path / "home").prepare()
    receipt = Receipt(relative_path="a.xlsx", sha256="0" * 64, size_bytes=1, received_at=NOW)
    member = receipt.model_copy(update={"container_path": "a.zip"})
    for load_id, receipts in (("1", [receipt]), ("2", [receipt] * 3), ("2", [receipt, member])):
        write_entry(home.journal, LoadEntry(load_id=load_id, loaded_at=NOW, receipts=tuple(receipts)))
    home.current.write_bytes(b"not an edition")

    told = tell_status(gather_status(home, NOW))
    assert "Tiếp nhận báo cáo mới: 09:00 ngày 15/12/2026, 4 tệp" in told
    assert "không đọc được tệp current.duckdb" in told
