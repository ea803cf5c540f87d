"""What the office is told without having asked: an alert says what has happened, and what to do about it.

Sentences alone; ``alert_delivery`` delivers them. Alerts leave the machine by mail: no traceback, no path of this machine and no
personal data stand in them. Texts that branches chose (names of files) come in masked as an edition masks them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from ingest.contracts.verdicts import VERDICTS_VI
from ingest.text.printing import VIETNAM, day_vi, moment_vi

if TYPE_CHECKING:
    from ingest.loading.tally import RefusedFile
    from publish.answers.completeness import PeriodStanding, UnitStanding

MOST_LINES = 40


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert, in Vietnamese.

    Attributes:
        subject: a few words, also the subject of the mail.
        what: what has happened, in one sentence.
        what_to_do: in one sentence or two.
        lines: what it is about, one a line.
        link: where to look; None where there is no page.
    """

    subject: str
    what: str
    what_to_do: str
    lines: tuple[str, ...] = ()
    link: str | None = None


def alert_of_cut_off(standing: "PeriodStanding", today: date) -> Alert:
    """Tell that a cut-off nears, with those of whom something is missing."""
    label = standing.period.label_vi
    days = (standing.last_day - today).days
    when = "hôm nay" if days == 0 else "ngày mai" if days == 1 else f"sau {days} ngày nữa"
    return Alert(
        subject=f"Sắp hết hạn gửi báo cáo {label}",
        what=(
            f"Hạn gửi báo cáo {label} là hết ngày {day_vi(standing.last_day)} ({when});"
            f" {len(standing.missing)} trong {standing.units_expected} đơn vị chưa gửi đủ."
        ),
        what_to_do="Đề nghị nhắc các đơn vị dưới đây gửi báo cáo.",
        lines=_missing_lines(standing),
    )


def alert_of_due_refresh(standing: "PeriodStanding") -> Alert:
    """Tell that the figures of a half-year can be, or must be, brought together."""
    label = standing.period.label_vi
    if standing.is_complete:
        waits = f"còn {standing.waiting_rows} dòng chờ sửa" if standing.waiting_rows else ""
        return Alert(
            subject=f"Đã gửi đủ biểu, {waits}: báo cáo {label}" if waits else f"Đã đủ báo cáo {label}",
            what=(
                f"Cả {standing.units_expected} đơn vị đã gửi đủ biểu của báo cáo {label}"
                f"{', ' + waits if waits else ''}; bản số liệu đang được lập."
            ),
            what_to_do=(
                "Khi lập xong, hệ thống đề nghị phê duyệt ở trang Required Actions."
                " Đề nghị xem nội dung rồi phê duyệt hoặc không phê duyệt."
            ),
        )
    return Alert(
        subject=f"Đã hết hạn gửi báo cáo {label}",
        what=(
            f"Hạn gửi báo cáo {label} đã hết ngày {day_vi(standing.last_day)};"
            f" {len(standing.missing)} trong {standing.units_expected} đơn vị chưa gửi đủ."
        ),
        what_to_do=(
            "Bản số liệu được lập từ những gì đã nhận và chờ phê duyệt."
            " Đề nghị quyết định: phê duyệt, hoặc không phê duyệt để chờ các đơn vị dưới đây."
        ),
        lines=_missing_lines(standing),
    )


def alert_of_missed_refresh(standing: "PeriodStanding") -> Alert:
    """Tell that a cut-off went by while the system did not run, for so long that nothing will be made by itself."""
    label = standing.period.label_vi
    return Alert(
        subject=f"Chưa lập bản số liệu {label}",
        what=(
            f"Hạn gửi báo cáo {label} đã hết ngày {day_vi(standing.last_day)}, khi hệ thống không chạy;"
            f" bản số liệu kỳ này không được lập tự động nữa."
            f" {len(standing.missing)} trong {standing.units_expected} đơn vị chưa gửi đủ."
        ),
        what_to_do=(
            "Đề nghị mở quy trình “Tổng hợp và công bố số liệu”, chọn kỳ báo cáo rồi cho chạy;"
            " hoặc chờ các đơn vị dưới đây gửi đủ, khi đó hệ thống tự lập."
        ),
        lines=_missing_lines(standing),
    )


def alert_of_refused_files(refused: Sequence["RefusedFile"]) -> Alert:
    """Tell which files of one load were refused, why, and what to do; all of them in one alert."""
    return Alert(
        subject=f"{len(refused)} tệp báo cáo chưa tiếp nhận, hoặc mới tiếp nhận một phần",
        what=f"Lần tiếp nhận vừa rồi có {len(refused)} tệp chưa được tiếp nhận, hoặc chỉ được tiếp nhận một phần.",
        what_to_do=(
            "Đề nghị chuyển phiếu phản hồi trong thư mục outbox/feedback cho đơn vị; phiếu ghi rõ đơn vị phải làm gì."
            " Lý do của từng tệp:"
        ),
        lines=_shortened(
            [f"{file.relative_path} ({VERDICTS_VI[file.verdict]}): {file.sentence}" for file in refused],
            "tệp",
        ),
    )


def alert_of_unwritten_pages() -> Alert:
    """Tell that the pages in the outbox still say what they said before."""
    return Alert(
        subject="Chưa lập lại được trang tình hình báo cáo",
        what=(
            "Báo cáo đã được nhận và số liệu vẫn đúng, nhưng trang outbox/status.html và outbox/index.html"
            " chưa được lập lại, nên còn ghi tình hình của lần trước."
        ),
        what_to_do=(
            "Đề nghị chạy “make pages” để lập lại; nếu vẫn không được, xem lý do trong tệp nhật ký của quy trình vừa chạy."
        ),
    )


def alert_of_failed_task(
    workflow_label: str, workflow: str, task: str, failed_at: datetime, link: str | None
) -> Alert:
    """Tell that a task has failed for good.

    Args:
        workflow_label: the DAG as the office calls it.
        workflow: its id.
        task: the id of the task.
        failed_at: timezone-aware.
        link: the page of the task.
    """
    named = workflow_label if workflow_label == workflow else f"{workflow_label} ({workflow})"
    return Alert(
        subject=f"Quy trình {workflow_label} bị dừng",
        what=(
            f"Việc “{task}” của quy trình {named} không hoàn thành sau mọi lần thử,"
            f" lúc {moment_vi(failed_at)}."
        ),
        what_to_do=(
            "Đề nghị mở trang của việc này, xem lý do trong phần Logs, khắc phục rồi chọn Clear để chạy lại."
        ),
        link=link,
    )


def alert_of_waiting_approval(as_of: datetime, built_at: datetime, now: datetime, link: str | None) -> Alert:
    """Tell that an edition waits for a person's word.

    Args:
        as_of: what had been received by then counts in it.
        built_at: since when it waits.
        now: the moment of telling; on another day than ``built_at`` this is a reminder.
        link: the page where it is answered.
    """
    days = (now.astimezone(VIETNAM).date() - built_at.astimezone(VIETNAM).date()).days
    since = f", đã chờ {days} ngày" if days > 0 else ""
    return Alert(
        subject="Bản số liệu chờ phê duyệt"
        if days <= 0
        else f"Nhắc: bản số liệu đã chờ phê duyệt {days} ngày",
        what=(f"Bản số liệu tính đến {moment_vi(as_of)} chờ phê duyệt{since}; chưa có gì được công bố."),
        what_to_do="Đề nghị mở trang Required Actions, xem nội dung rồi phê duyệt hoặc không phê duyệt.",
        link=link,
    )


def is_reminder_day(last_day: date, today: date, days_before: Sequence[int]) -> bool:
    """Tell whether those who are missing are told of today; the last day itself always counts."""
    return (last_day - today).days in {0, *days_before}


def _missing_lines(standing: "PeriodStanding") -> tuple[str, ...]:
    return _shortened([f"{unit.unit_name}: {_what_is_missing(unit)}" for unit in standing.missing], "đơn vị")


def _what_is_missing(unit: "UnitStanding") -> str:
    if unit.has_nothing:
        return "chưa gửi biểu nào"
    lists = (("còn thiếu", unit.missing_forms), ("chưa tiếp nhận", unit.refused_forms))
    return "; ".join(f"{said} {'; '.join(forms)}" for said, forms in lists if forms)


def _shortened(lines: Sequence[str], noun: str) -> tuple[str, ...]:
    kept = tuple(lines[:MOST_LINES])
    rest = len(lines) - len(kept)
    return (*kept, f"… và {rest} {noun} nữa.") if rest else kept
