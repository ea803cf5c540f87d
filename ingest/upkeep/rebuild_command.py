"""``python -m ingest rebuild``: what it says to the person who runs it."""

import sys
from datetime import UTC, datetime

from ingest.home import WarehouseHome
from ingest.keeping.restoration_note import RestorationNote, remove_note
from ingest.own_commands import is_in_container
from ingest.upkeep.rebuild import RebuildReport, rebuild

_MOST_NAMED = 20


def run() -> int:
    """Make the working database of WAREHOUSE_HOME anew; gives the exit code."""
    home = WarehouseHome.from_environment()
    print(f"Đang dựng lại kho số liệu từ {home.archive} …", file=sys.stderr)
    report = rebuild(home, datetime.now(UTC), progress=_print_progress)
    print("\n".join(report_lines(report)))
    if note := RestorationNote.read(home):
        remove_note(home)
        print(
            f"Việc khôi phục từ lần sao lưu {note.backup} còn dở đến đây là xong; không cần chạy lại make restore."
        )
    return 0


def report_lines(report: RebuildReport) -> list[str]:
    """Give what is said of a rebuild, a sentence or two a line."""
    lines = [
        f"Đã dựng lại kho số liệu: {report.entries} mục của sổ nhật ký, trong đó {report.loads} lần tiếp nhận tệp."
    ]
    if report.set_aside is not None:
        lines.append(f"Kho cũ còn nguyên tại {report.set_aside}; chỉ xóa khi không còn cần đến.")
    if not report.was_readable and report.set_aside is not None:
        lines.append("Không mở được kho cũ để đối chiếu; kho mới chỉ gồm những gì có trong bản lưu.")
    if report.damaged_files:
        lines.append(
            f"Bản lưu của {len(report.damaged_files)} tệp bị mất hoặc bị hỏng nên các tệp này chưa được tiếp nhận. "
            "Đề nghị khôi phục bản lưu từ bản sao lưu rồi dựng lại, hoặc gửi lại các tệp:"
        )
        lines += [f"  {path}" for path in report.damaged_files[:_MOST_NAMED]]
        if len(report.damaged_files) > _MOST_NAMED:
            lines.append(f"  … và {len(report.damaged_files) - _MOST_NAMED} tệp khác")
    for difference in report.differences:
        lines.append(
            f"Bảng raw.{difference.table_name}: trước có {difference.rows_before} dòng, "
            f"nay có {difference.rows_now} dòng."
        )
    lines.append(f"Số liệu tổng hợp chưa được tính lại. {_next_step()}")
    return lines


def _next_step() -> str:
    """Say who computes the figures now; what is published stays in any case."""
    if is_in_container():
        return "Lần tiếp nhận báo cáo sau của hệ thống tự tính; muốn tính ngay, đề nghị cho chạy “Tiếp nhận báo cáo” ở trang làm việc."
    return (
        "Nơi dùng trang làm việc: đề nghị chạy “make up”, lần tiếp nhận báo cáo sau tự tính."
        " Nơi không dùng: đề nghị chạy “make refresh” (công bố cả báo cáo nhận từ lần trước)."
    )


def _print_progress(done: int, total: int) -> None:
    print(f"Đã đọc lại {done}/{total} mục của sổ nhật ký", file=sys.stderr)
