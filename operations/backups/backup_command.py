"""``make backup``: what it says to the person who runs it."""

import argparse
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from ingest.home import WarehouseHome
from ingest.own_commands import typed
from operations.backups.backup import BackupReport, UnsuitableTargetError, make_backup
from operations.backups.manifest import NAME_OF_KIND, ORDER
from operations.housekeeping.sizes import megabytes


def add_command(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add ``backup``."""
    parser = commands.add_parser("backup", help="sao lưu kho số liệu vào một thư mục ngoài (USB, ổ mạng)")
    parser.add_argument("--to", required=True, help="thư mục giữ các bản sao lưu")
    parser.set_defaults(run=_run)


def _run(chosen: argparse.Namespace) -> int:
    from build.inputs import code_version

    home = WarehouseHome.from_environment()
    if not chosen.to.strip():
        print(
            "Chưa ghi thư mục giữ các bản sao lưu. Ví dụ: make backup TO=/media/usb/warehouse",
            file=sys.stderr,
        )
        return 2
    folder = Path(chosen.to).expanduser().absolute()
    started = time.monotonic()
    try:
        report = make_backup(home, folder, datetime.now(UTC), code_version(), _Told())
    except UnsuitableTargetError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Đã dừng. Phần đã sao vẫn dùng được; chạy lại lệnh này để sao tiếp.", file=sys.stderr)
        return 130
    _print_report(home, folder, report, time.monotonic() - started)
    return 1 if report.manifest.problems else 0


class _Told:
    """Tells how far a long backup is, every few seconds."""

    def __init__(self) -> None:
        self._last = time.monotonic()

    def __call__(self, done: int, total: int) -> None:
        if time.monotonic() - self._last > 3:
            self._last = time.monotonic()
            print(f"Đã sao {megabytes(done)} / {megabytes(total)}", file=sys.stderr)


def _print_report(home: WarehouseHome, folder: Path, report: BackupReport, seconds: float) -> None:
    manifest = report.manifest
    print(f"Đã sao lưu kho số liệu {home.root} vào {folder} ({seconds:.0f} giây).")
    for kind in ORDER:
        there = sum(file.kind == kind for file in manifest.files)
        if there:
            print(f"  {there:>7} {NAME_OF_KIND[kind]}, trong đó sao mới {report.copied[kind]}")
    print(f"Dung lượng sao mới: {megabytes(report.copied_bytes)}.")
    print(f"Bản số liệu hiện hành: {manifest.current_edition or 'chưa có'}.")
    print(f"Bảng kê của lần sao lưu này: {report.path}")
    print(
        "Không sao lưu: kho làm việc (lập lại từ tệp lưu trữ), phiếu phản hồi và báo cáo (lập lại), lịch sử chạy và"
        " tài khoản của Airflow."
    )
    if folder.stat().st_dev == home.root.stat().st_dev:
        print(
            "Lưu ý: bản sao lưu nằm cùng ổ đĩa với kho số liệu; hỏng ổ đĩa thì mất cả hai."
            " Đề nghị sao lưu thêm vào USB hoặc ổ mạng."
        )
    for problem in manifest.problems:
        print(f"CẦN KIỂM TRA: {problem}", file=sys.stderr)
    if manifest.problems:
        print(
            f"Phần còn lại đã được sao lưu. Đề nghị chạy “{typed('verify')}” để xem phải làm gì.",
            file=sys.stderr,
        )
