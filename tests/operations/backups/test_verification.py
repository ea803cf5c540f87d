"""Checks of what is kept: all right where all is right, and each kind of damage is named with what to do."""

import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from ingest.home import WarehouseHome
from operations.backups.backup import make_backup
from operations.backups.verification import verify_backup, verify_home
from operations.housekeeping.database_checks import check_database
from tests.operations.commands import operate
from tests.operations.lived_in_home import NOW, publish, put_return
from tests.publish.small_warehouse import run_sql


def overwrite(path: Path, content: bytes) -> None:
    """Change a file behind everybody's back, with its time and its rights."""
    path.chmod(0o644)
    path.write_bytes(content)


def flip(path: Path, position: int = -10) -> Path:
    content = bytearray(path.read_bytes())
    content[position] ^= 0xFF
    overwrite(path, bytes(content))
    return path


def first(paths: object) -> Path:
    return sorted(paths)[0]  # type: ignore[call-overload, no-any-return]


def damage_archive(home: WarehouseHome) -> tuple[str, str]:
    return str(flip(first(home.archive.glob("??/*")))), "nội dung không khớp mã kiểm tra"


def lose_archived_file(home: WarehouseHome) -> tuple[str, str]:
    path = first(home.archive.glob("??/*"))
    path.unlink()
    return str(path), "không còn trong kho lưu trữ"


def cut_archived_file(home: WarehouseHome) -> tuple[str, str]:
    path = first(home.archive.glob("??/*"))
    overwrite(path, b"")
    return str(path), "dài 0 byte"


def damage_entry(home: WarehouseHome) -> tuple[str, str]:
    path = first(home.journal.glob("*.json"))
    overwrite(path, path.read_bytes()[:30])
    return str(path), "mục này bị hỏng"


def lose_entry(home: WarehouseHome) -> tuple[str, str]:
    path = first(home.journal.glob("*.json"))
    path.rename(path.with_name("000000099.json"))
    return str(path), "thiếu mục này"


def damage_edition(home: WarehouseHome) -> tuple[str, str]:
    return str(flip(first(home.editions.glob("*.duckdb")))), "nội dung không khớp mã kiểm tra"


def damage_parquet(home: WarehouseHome) -> tuple[str, str]:
    return str(
        flip(first(home.editions.glob("*/tables/reviews.halfyear_review/*.parquet")))
    ), "không khớp mã kiểm tra"


def lose_parquet(home: WarehouseHome) -> tuple[str, str]:
    path = first(home.editions.glob("*/tables/core.dim_unit/*.parquet"))
    path.unlink()
    return str(path), "không còn tệp này"


def damage_manifest(home: WarehouseHome) -> tuple[str, str]:
    path = first(home.editions.glob("*/manifest.json"))
    overwrite(path, b'{"edition_id": ')
    return str(path), "bảng kê tệp của bản số liệu bị thiếu hoặc hỏng"


def lie_about_rows(home: WarehouseHome) -> tuple[str, str]:
    path = first(home.editions.glob("*/manifest.json"))
    content = path.read_text(encoding="utf-8")
    assert '"table": "core.dim_unit"' in content
    start = content.index('"table": "core.dim_unit"')
    overwrite(path, (content[:start] + content[start:].replace('"rows": 2', '"rows": 3', 1)).encode())
    return "bảng core.dim_unit", "bảng kê 3, DuckDB 2, Parquet 2"


def lose_current(home: WarehouseHome) -> tuple[str, str]:
    home.current.unlink()
    return str(home.current), "không có tệp này"


def replace_current(home: WarehouseHome) -> tuple[str, str]:
    home.current.unlink()
    duckdb.connect(str(home.current)).close()
    return str(home.current), "không phải bản số liệu nào đang có"


def change_issued_figure(home: WarehouseHome) -> tuple[str, str]:
    run_sql(home, "update raw.issued_figures set value = value + 1 where unit_key = 'U24565'")
    return "edition_20230614t030000_", "new_members của U24565, 6 tháng đầu năm 2023"


def lose_receipt(home: WarehouseHome) -> tuple[str, str]:
    run_sql(home, "delete from raw.receipts where relative_path = 'Ea Bông/bc.xlsx'")
    return "“Ea Bông/bc.xlsx”", "chưa có trong kho làm việc"


def invent_receipt(home: WarehouseHome) -> tuple[str, str]:
    run_sql(
        home,
        "insert into raw.receipts (relative_path, sha256, size_bytes, received_at) values ('lạ.xlsx', 'ab', 1, now())",
    )
    return "“lạ.xlsx”", "không có trong sổ nhật ký"


def lose_submission(home: WarehouseHome) -> tuple[str, str]:
    run_sql(home, "delete from raw.submissions where relative_path = 'Ea Bông/bc.xlsx'")
    return "“Ea Bông/bc.xlsx”", "không có báo cáo trong kho làm việc"


def lose_row(home: WarehouseHome) -> tuple[str, str]:
    run_sql(home, "delete from raw.support_funds")
    return "trang tính “BM04”", "kể được"


def lose_row_of_edition(home: WarehouseHome) -> tuple[str, str]:
    run_sql(
        home, "update reviews.conservation_ledger set rows_loaded = rows_loaded - 1 where rows_seen = 500"
    )
    return publish(home, NOW + timedelta(days=1)).edition_id, "1 dòng không được kể"


def truncate_database(home: WarehouseHome) -> tuple[str, str]:
    overwrite(home.warehouse, home.warehouse.read_bytes()[:5000])
    return str(home.warehouse), "bị hỏng hoặc bị cắt cụt"


def lose_database(home: WarehouseHome) -> tuple[str, str]:
    home.warehouse.unlink()
    return str(home.warehouse), "không có tệp này"


DAMAGES = [
    value
    for name, value in list(globals().items())
    if name.split("_")[0] in {"damage", "lose", "cut", "lie", "replace", "change", "invent", "truncate"}
]


def test_where_all_is_right_every_check_says_so(lived_in: WarehouseHome) -> None:
    put_return(lived_in, "Ea Na/chưa nạp.xlsx", 1)

    checks = verify_home(lived_in)

    assert len(checks) == 10
    assert [(check.faults, check.skipped) for check in checks] == [((), None)] * 10
    assert [check.counted for check in checks][:4] == ["2 tệp", checks[1].counted, "2 lượt nhận", "1 bản"]


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_damage_is_named_with_its_place_and_what_to_do(
    lived_in: WarehouseHome, damage: Callable[[WarehouseHome], tuple[str, str]]
) -> None:
    where, what = damage(lived_in)

    faults = [fault for check in verify_home(lived_in) for fault in check.faults]

    told = [fault for fault in faults if where in fault.where + fault.what and what in fault.what]
    assert told, faults
    assert all(fault.remedy for fault in faults)


def test_the_command_prints_a_table_and_ends_with_1_when_something_is_wrong(lived_in: WarehouseHome) -> None:
    right = operate(lived_in, "verify")
    path, _ = damage_archive(lived_in)
    wrong = operate(lived_in, "verify")

    assert right.returncode == 0, right.stdout + right.stderr
    assert "Tệp lưu trữ đúng nội dung" in right.stdout
    assert "SAI" not in right.stdout
    assert "Tất cả những gì kiểm tra được đều đúng." in right.stdout
    assert wrong.returncode == 1
    assert "SAI (1)" in wrong.stdout
    assert (
        f"- {path}: nội dung không khớp mã kiểm tra.\n    Đề nghị chép lại tệp gốc vào inbox" in wrong.stdout
    )


def test_a_database_that_is_being_written_is_told_and_the_rest_is_checked(lived_in: WarehouseHome) -> None:
    hold = (
        "import duckdb, sys, time; c = duckdb.connect(sys.argv[1]); print('held', flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", hold, str(lived_in.warehouse)], stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        try:
            checks = check_database(lived_in, patience_seconds=0.2)
        finally:
            holder.kill()

    assert [check.faults for check in checks] == [()] * 3
    assert all(check.skipped and "Đề nghị đóng chương trình đó" in check.skipped for check in checks)


def test_a_folder_of_backups_is_checked_too(lived_in: WarehouseHome, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    make_backup(lived_in, folder, NOW, "v1")
    assert [check.faults for check in verify_backup(folder)] == [()] * 6

    lost = first(folder.glob("archive/??/*"))
    lost.unlink()
    damaged = flip(first(folder.glob("editions/*.duckdb")))
    told = operate(lived_in, "verify", "--backup", str(folder))

    assert told.returncode == 1
    assert f"{lost}: không còn tệp này.\n    Đề nghị chạy lại “make backup”" in told.stdout
    assert f"{damaged}: nội dung không khớp mã kiểm tra." in told.stdout
    damaged.unlink()
    make_backup(lived_in, folder, NOW + timedelta(days=1), "v1")
    assert [check.faults for check in verify_backup(folder)] == [()] * 6


def test_a_folder_without_a_whole_backup_is_told(lived_in: WarehouseHome, tmp_path: Path) -> None:
    told = operate(lived_in, "verify", "--backup", str(tmp_path))
    missing = operate(lived_in, "verify", "--backup", str(tmp_path / "not mounted"))

    assert (told.returncode, missing.returncode) == (1, 2)
    assert "không có lần sao lưu nào hoàn thành" in told.stdout
    assert "đã được gắn chưa" in missing.stderr
