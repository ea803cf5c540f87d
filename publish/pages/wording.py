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


@dataclass(frozen=True, slots=True)
class Owed:
    """What a unit still owes for a half-year.

    Attributes:
        unsent: labels of the forms of which nothing has come.
        refused: labels of those that have come and are not accepted.
        waiting_rows: rows of its accepted forms that wait for correction.
        asked: of how many forms it is asked.
    """

    unsent: tuple[str, ...]
    refused: tuple[str, ...]
    waiting_rows: int
    asked: int

    @property
    def has_sent_nothing(self) -> bool:
        """Nothing of any form has come."""
        return len(self.unsent) == self.asked

    @property
    def is_anything(self) -> bool:
        """Something is owed."""
        return bool(self.unsent or self.refused or self.waiting_rows)


def owed_vi(owed: Owed) -> str:
    """Say in a few words what is owed: *chưa gửi Biểu 06; chưa tiếp nhận Biểu 02; 3 dòng chờ sửa*."""
    said = []
    if owed.has_sent_nothing:
        said.append("chưa gửi biểu nào")
    elif owed.unsent:
        said.append(f"chưa gửi {_numbers(owed.unsent)}")
    if owed.refused:
        said.append(f"chưa tiếp nhận {_numbers(owed.refused)}, đề nghị gửi lại")
    if owed.waiting_rows:
        said.append(f"{format_number(owed.waiting_rows)} dòng chờ sửa")
    return "; ".join(said)


def message_to(unit: ReportingUnit, due: Due, owed: Owed) -> str:
    """Write the message that asks a unit for what it still owes.

    Args:
        unit: to whom.
        due: for which half-year, and until when.
        owed: what is asked for.
    """
    lines = [f"Kính gửi {unit.union_name},"]
    until_when = f"hết ngày {day_vi(due.last_day)} ({until(due.last_day, due.today)})"
    if owed.unsent:
        told = f"Đến {moment_vi(due.told_at)}, {unit.collector} chưa nhận được"
        if owed.has_sent_nothing:
            lines.append(f"{told} báo cáo {due.period_label_vi} của đơn vị.")
        else:
            lines.append(f"{told} {len(owed.unsent)} biểu sau của báo cáo {due.period_label_vi}:")
            lines += [f"- {form}" for form in owed.unsent]
        lines.append(
            f"Hạn gửi là {until_when}. Đề nghị {unit.union_name} gửi báo cáo;"
            " biểu không có số liệu thì ghi “Không phát sinh”."
        )
    if owed.refused:
        lines.append(
            f"{_begin(lines)} {len(owed.refused)} biểu sau của báo cáo {due.period_label_vi} đã gửi nhưng chưa tiếp nhận được:"
        )
        lines += [f"- {form}" for form in owed.refused]
        lines.append("Đề nghị xem phiếu phản hồi kèm theo, sửa rồi gửi lại theo hạn ghi trong phiếu.")
    if owed.waiting_rows:
        lines.append(
            f"{_begin(lines)} báo cáo {due.period_label_vi} đã nhận còn {format_number(owed.waiting_rows)} dòng chờ sửa,"
            " chưa được tính. Đề nghị sửa theo phiếu phản hồi kèm theo rồi gửi lại cả tệp."
        )
    lines.append("Trân trọng cảm ơn.")
    # what begins a line begins with a capital
    return "\n".join(f"{line[:1].upper()}{line[1:]}" for line in lines)


def _begin(lines: list[str]) -> str:
    return "Ngoài ra," if len(lines) > 1 else "Hiện nay,"


def _numbers(labels: tuple[str, ...]) -> str:
    return ", ".join(label.partition(":")[0] for label in labels)
