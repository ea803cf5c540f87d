"""Whether all that is kept is still what was kept: a table of checks, right or wrong, where, and what to do.

Only looks. May run while the system works: where a load or a build holds the working database, that is said and the rest
is checked.
"""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from ingest.home import WarehouseHome
from ingest.keeping.archive import sha256_of
from operations.backups.manifest import BackupDamagedError, manifest_paths, read_manifest
from operations.housekeeping.checks import Check, Fault

MOST_FAULTS_SHOWN = 10
BACK_UP_AGAIN = "Đề nghị chạy lại “make backup”: tệp thiếu hoặc hỏng được sao lại từ kho số liệu."


def add_command(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add ``verify``."""
    parser = commands.add_parser("verify", help="kiểm tra tệp lưu trữ, bản số liệu, sổ công bố, kho làm việc")
    parser.add_argument("--backup", default="", help="kiểm tra một thư mục sao lưu thay cho kho số liệu")
    parser.set_defaults(run=_run)


def verify_home(home: WarehouseHome, tell: Callable[[str], None] | None = None) -> tuple[Check, ...]:
    """Check everything that is kept in a home.

    Args:
        home: the warehouse; nothing in it is changed.
        tell: called with the name of what is looked at next.
    """
    from operations.housekeeping import database_checks, file_checks

    checks: list[Check] = []
    for name, check in (
        ("tệp lưu trữ", file_checks.check_archive),
        ("sổ nhật ký", file_checks.check_journal),
        ("tệp đã nhận", file_checks.check_receipts),
        ("bản số liệu", file_checks.check_editions),
        ("bản hiện hành", file_checks.check_current),
        ("số liệu đã công bố", file_checks.check_ledger),
        ("dòng của bản số liệu", file_checks.check_conservation),
    ):
        if tell:
            tell(name)
        checks.append(check(home))
    if tell:
        tell("kho làm việc")
    return (*checks, *database_checks.check_database(home))


def verify_backup(folder: Path, tell: Callable[[str], None] | None = None) -> tuple[Check, ...]:
    """Check everything in a folder of backups.

    Args:
        folder: where backups lie; nothing in it is changed.
        tell: called with the name of what is looked at next.
    """
    from operations.housekeeping import file_checks

    as_home = WarehouseHome(folder)
    if tell:
        tell("bảng kê của các lần sao lưu")
    return (
        check_manifests(folder),
        file_checks.check_journal(as_home),
        file_checks.check_receipts(as_home),
        file_checks.check_editions(as_home),
        file_checks.check_ledger(as_home),
        file_checks.check_conservation(as_home),
    )


def check_manifests(folder: Path) -> Check:
    """Hold every file that a manifest of the folder lists against its hash; each file is read once."""
    name = "Tệp sao lưu đúng nội dung"
    paths = manifest_paths(folder)
    if not paths:
        nothing = Fault(str(folder), "không có lần sao lưu nào hoàn thành", "Đề nghị chạy “make backup”.")
        return Check(name, "0 lần sao lưu", (nothing,))
    faults = []
    digests: dict[str, str | None] = {}
    for path in paths:
        try:
            manifest = read_manifest(path)
        except BackupDamagedError:
            faults.append(
                Fault(str(path), "bảng kê của lần sao lưu này bị hỏng", "Đề nghị dùng lần sao lưu khác.")
            )
            continue
        for file in manifest.files:
            known = file.stored_as in digests
            if not known:
                digests[file.stored_as] = _digest(folder / file.stored_as)
            if digests[file.stored_as] != file.sha256 and not known:
                what = "nội dung không khớp mã kiểm tra" if digests[file.stored_as] else "không còn tệp này"
                remedy = (
                    f"{BACK_UP_AGAIN} Nếu tệp còn ở đó, đề nghị xóa trước."
                    if digests[file.stored_as]
                    else BACK_UP_AGAIN
                )
                faults.append(Fault(str(folder / file.stored_as), what, remedy))
    return Check(name, f"{len(paths)} lần sao lưu, {len(digests)} tệp", tuple(faults))


def print_checks(checks: tuple[Check, ...]) -> None:
    """Print the table, and below it what is wrong, where and what to do."""
    width = max(len(check.name) for check in checks)
    for check in checks:
        outcome = (
            "chưa kiểm tra" if check.skipped else f"SAI ({len(check.faults)})" if check.faults else "đúng"
        )
        print(f"{check.name:<{width}}  {outcome:<13}  {check.counted}".rstrip())
    for check in checks:
        if check.skipped:
            print(f"\n{check.name}: {check.skipped}")
        if check.faults:
            print(f"\n{check.name}:")
        for fault in check.faults[:MOST_FAULTS_SHOWN]:
            print(f"  - {fault.where}: {fault.what}.\n    {fault.remedy}")
        if len(check.faults) > MOST_FAULTS_SHOWN:
            print(f"  … và {len(check.faults) - MOST_FAULTS_SHOWN} trường hợp khác.")


def _digest(path: Path) -> str | None:
    try:
        return sha256_of(path)
    except FileNotFoundError:
        return None


def _run(chosen: argparse.Namespace) -> int:
    def tell(name: str) -> None:
        print(f"Đang kiểm tra {name} …", file=sys.stderr)

    if chosen.backup:
        folder = Path(chosen.backup).expanduser().absolute()
        if not folder.is_dir():
            print(
                f"Không có thư mục {folder}. Đề nghị kiểm tra USB hoặc ổ mạng đã được gắn chưa.",
                file=sys.stderr,
            )
            return 2
        checks = verify_backup(folder, tell)
    else:
        home = WarehouseHome.from_environment()
        if not home.archive.is_dir():
            print(f"Chưa có kho số liệu ở {home.root}: chưa có gì để kiểm tra.", file=sys.stderr)
            return 2
        checks = verify_home(home, tell)
    print_checks(checks)
    if any(check.faults for check in checks):
        print("\nCó chỗ SAI: đề nghị làm theo hướng dẫn ở trên.")
        return 1
    print("\nTất cả những gì kiểm tra được đều đúng.")
    return 0
