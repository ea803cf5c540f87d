"""What the pages say: the word and the sign of each state of a return, and the message that a unit is sent.

Words are the glossary's. A state is told three times, by colour, word and sign, so that it is read in black and white too.
"""

from dataclasses import dataclass
from datetime import date, datetime

from ingest.text.printing import VIETNAM, day_vi, format_number, moment_vi
from publish.pages.units import ReportingUnit


@dataclass(frozen=True, slots=True)
class State:
    """How a state of a return is shown; ``kind`` is its class in the style sheet."""

    kind: str
    sign: str
    word: str


STATES = {
    "on_time": State("ok", "✓", "đúng hạn"),
    "late": State("late", "◆", "quá hạn"),
    "missing": State("none", "○", "chưa gửi"),
    "rejected": State("no", "✗", "chưa tiếp nhận"),
    "arrived": State("new", "●", "mới nhận"),
}
WAITING = State("wait", "▲", "dòng chờ sửa")
MEANINGS = (
    (STATES["on_time"], "đã tiếp nhận, gửi trong hạn"),
    (STATES["late"], "đã tiếp nhận, gửi sau hạn"),
    (STATES["missing"], "chưa nhận được báo cáo"),
    (STATES["rejected"], "đã gửi nhưng chưa đọc được hoặc chưa đúng, đề nghị gửi lại"),
    (STATES["arrived"], "vừa nhận, đang chờ kiểm tra nội dung"),
    (WAITING, "có dòng ghi sai hoặc thiếu, chưa tính vào số liệu cho đến khi sửa"),
)
SEVERITIES = {"error": "✗", "warning": "▲", "info": "●"}


def amid(place: str) -> str:
    """Give a place as it stands amid a line: *Huyện Krông Ana* → *huyện Krông Ana*."""
    return place[:1].lower() + place[1:]


def until(last_day: date, today: date) -> str:
    """Say how far a day is: *còn 3 ngày*, *hết hạn hôm nay*, *đã quá hạn 5 ngày*."""
    days = (last_day - today).days
    if days == 0:
        return "hết hạn hôm nay"
    return f"còn {format_number(days)} ngày" if days > 0 else f"đã quá hạn {format_number(-days)} ngày"


def days_late(received_at: datetime, last_day: date) -> int:
    """Give how many days after the last day, in Vietnam, something came; 0 in time."""
    return max((received_at.astimezone(VIETNAM).date() - last_day).days, 0)


@dataclass(frozen=True, slots=True)
class Due:
    """A half-year that a unit is asked for, and until when."""

    period_label_vi: str
    last_day: date
    told_at: datetime
    today: date


def message_to(unit: ReportingUnit, due: Due, missing: tuple[str, ...], waiting_rows: int, asked: int) -> str:
    """Write the message that asks a unit for what it still owes.

    Args:
        unit: to whom.
        due: for which half-year, and until when.
        missing: labels of the forms that are not accepted.
        waiting_rows: rows of its accepted forms that wait for correction.
        asked: of how many forms it is asked.
    """
    lines = [f"Kính gửi {unit.union_name},"]
    if missing:
        which = "biểu nào của" if len(missing) == asked else f"{len(missing)} biểu sau của"
        lines.append(
            f"Đến {moment_vi(due.told_at)}, {unit.collector} chưa tiếp nhận {which} báo cáo {due.period_label_vi}"
            f" của đơn vị{'' if len(missing) == asked else ':'}{'.' if len(missing) == asked else ''}"
        )
        if len(missing) < asked:
            lines += [f"- {form}" for form in missing]
        lines.append(
            f"Hạn gửi là hết ngày {day_vi(due.last_day)} ({until(due.last_day, due.today)})."
            f" Đề nghị {unit.union_name} gửi báo cáo; biểu không có số liệu thì ghi “Không phát sinh”."
        )
    if waiting_rows:
        begin = "Ngoài ra, báo" if missing else "Báo"
        lines.append(
            f"{begin} cáo {due.period_label_vi} đã nhận còn {format_number(waiting_rows)} dòng chờ sửa, chưa được tính."
            " Đề nghị sửa theo phiếu phản hồi kèm theo rồi gửi lại cả tệp."
        )
    lines.append("Trân trọng cảm ơn.")
    return "\n".join(lines)
