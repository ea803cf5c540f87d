"""``make restore``: what it says to the person who runs it."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from ingest.home import ROOT, WarehouseHome
from ingest.text.printing import moment_vi
from ingest.troubles import WarehouseTroubleError
from operations.backups.restoration import (
    HomeNotEmptyError,
    OtherBackupUnderWayError,
    UnsuitableSourceError,
    finish,
    rebuild_database,
    restore_files,
)


def add_command(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add ``restore``."""
    parser = commands.add_parser("restore", help="khôi phục kho số liệu từ bản sao lưu vào một thư mục trống")
    parser.add_argument("--from", dest="source", required=True, help="thư mục giữ các bản sao lưu")
    parser.add_argument("--at", default="", help="lần sao lưu, như 20261127T030000Z (mặc định: lần mới nhất)")
    parser.set_defaults(run=_run)


def _run(chosen: argparse.Namespace) -> int:
    home = WarehouseHome.from_environment()
    if not chosen.source.strip():
        print(
            "Chưa ghi thư mục giữ các bản sao lưu. Ví dụ: make restore FROM=/media/usb/warehouse",
            file=sys.stderr,
        )
        return 2
    folder = Path(chosen.source).expanduser().absolute()
    owner = home.root.stat() if home.root.is_dir() else None
    try:
        return _restore(folder, chosen.at, home)
    finally:
        # root may be the only one who reads the backup; the home was empty, so all in it that is root's was brought now
        if owner is not None and owner.st_uid != ROOT:
            home.hand_over(owner.st_uid, owner.st_gid)


def _restore(folder: Path, at: str, home: WarehouseHome) -> int:
    from build.commands import TransformError
    from build.inputs import code_version
    from operations.backups.verification import print_checks, verify_home

    def tell(sentence: str) -> None:
        print(f"{sentence} …", file=sys.stderr)

    try:
        restored = restore_files(folder, at, home, tell)
    except (UnsuitableSourceError, HomeNotEmptyError, OtherBackupUnderWayError) as error:
        print(error, file=sys.stderr)
        return 2
    for fault in restored.faults:
        print(f"SAI: {fault.where}: {fault.what}. {fault.remedy}", file=sys.stderr)
    if not restored.is_usable:
        print("Sổ nhật ký không đủ nên chưa lập lại được kho làm việc.", file=sys.stderr)
        return 1
    try:
        rebuild_database(home, datetime.now(UTC), tell)
    except (TransformError, WarehouseTroubleError) as error:
        print(
            f"{error}\nCác tệp đã được khôi phục đủ, còn kho làm việc thì chưa. Đề nghị khắc phục điều trên rồi chạy lại"
            " đúng lệnh này: những gì đã xong không phải làm lại.",
            file=sys.stderr,
        )
        return 1
    finish(home)
    checks = verify_home(home)
    print_checks(checks)
    manifest = restored.manifest
    print(f"\nĐã khôi phục lần sao lưu lúc {moment_vi(manifest.made_at)} vào {home.root}.")
    print(f"Bản số liệu hiện hành: {manifest.current_edition or 'chưa có'}.")
    if manifest.code_version != code_version():
        print(
            f"Bản sao lưu làm bằng phần mềm {manifest.code_version}, phần mềm đang dùng là {code_version()}."
        )
    for file in restored.other_reference:
        print(
            f"Lưu ý: {file.belongs_to} khi sao lưu khác với phần mềm đang dùng, số liệu tính lại có thể khác."
            f" Tệp khi đó: {folder / file.stored_as}"
        )
    print("Tài khoản và lịch sử chạy của Airflow không có trong bản sao lưu: đề nghị tạo lại tài khoản.")
    return 1 if restored.faults or any(check.faults for check in checks) else 0
