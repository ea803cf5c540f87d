"""The bad rows of the returns: eleven, each wrong in one cell and in a way of its own (the twelfth is in the
log).

Every one would change a figure if it were let through, and none is needed for any figure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from sample.events.people import Origin, person
from sample.events.records import (
    Activity,
    Award,
    Club,
    Entry,
    Form,
    MemberChange,
    Record,
    Return,
    Spoil,
    Support,
    Training,
)
from sample.figures import stream
from sample.halfyears import half_year
from sample.units import unit_with_key


@dataclass(frozen=True)
class Defect:
    """A bad row: the return and form it stands in, after how many good rows, the record and its spoilt cell."""

    unit_key: str
    period_code: str
    form: Form
    after: int
    record: Record
    spoil: Spoil


def _member(unit_key: str, period_code: str, change_type: str, on: date) -> MemberChange:
    unit = unit_with_key(unit_key)
    woman = person(
        stream("defect", unit_key, period_code),
        Origin(unit.villages[0], unit.minority_share),
        on=half_year(period_code).ends_on,
        ages=(20, 40),
        id_share=1.0,
    )
    return MemberChange(woman, change_type, on)


DEFECTS = (
    Defect(
        "U24565",
        "2023H1",
        Form.SUPPORT_FUNDS,
        3,
        Support(
            date(2023, 2, 28), "gift", "member_in_difficulty", 4, 2, 2_000_000, "Hội viên đóng góp", None
        ),
        Spoil("supported_on", "31/02/2023", "invalid_date"),
    ),
    Defect(
        "U24538",
        "2023H1",
        Form.MEMBER_CHANGES,
        5,
        _member("U24538", "2023H1", "joined", date(2023, 3, 8)),
        Spoil("birth", "không nhớ", "invalid_date"),
    ),
    Defect(
        "U24559",
        "2019H1",
        Form.MEMBER_CHANGES,
        7,
        _member("U24559", "2019H1", "joined", date(2019, 3, 26)),
        Spoil("full_name", None, "missing_required"),
    ),
    Defect(
        "U24574",
        "2020H2",
        Form.MEMBER_CHANGES,
        2,
        _member("U24574", "2020H2", "moved_out", date(2020, 9, 2)),
        Spoil("change_type", "chuyển khẩu", "unknown_choice"),
    ),
    Defect(
        "U24556",
        "2018H2",
        Form.CLUBS,
        4,
        Club(
            "Tổ phụ nữ trồng rau sạch Buôn Kuốp", "group", None, "Buôn Kuốp", date(2018, 8, 20), "new", 12, 5
        ),
        Spoil("members", "-12", "below_minimum"),
    ),
    Defect(
        "U24559",
        "2018H2",
        Form.TRAININGS,
        1,
        Training(
            "Lớp kỹ thuật nấu ăn",
            "vocational",
            "Nấu ăn",
            date(2018, 9, 10),
            date(2018, 10, 12),
            "Nhà văn hóa Buôn Drai",
            None,
            25,
            9,
            4,
            15,
            30_000_000,
            "project_939",
        ),
        Spoil("trainees", "hai mươi lăm", "invalid_number"),
    ),
    Defect(
        "U24571",
        "2021H1",
        Form.SUPPORT_FUNDS,
        2,
        Support(date(2021, 4, 30), "cash", "member_in_difficulty", 3, 2, 3_000_000, "Mạnh thường quân", None),
        Spoil("amount_vnd", "khoảng vài triệu", "invalid_number"),
    ),
    Defect(
        "U24568",
        "2019H2",
        Form.MOVEMENT_ACTIVITIES,
        6,
        Activity(
            date(2019, 9, 2),
            "plastic_waste",
            "cleanup",
            "Ra quân vệ sinh môi trường",
            "Thôn 1",
            60,
            None,
            None,
            400_000,
        ),
        Spoil("held_on", None, "missing_required"),
    ),
    Defect(
        "U655_CA",
        "2022H1",
        Form.MOVEMENT_ACTIVITIES,
        1,
        Activity(
            date(2022, 3, 8),
            "five_no_three_clean",
            "propaganda",
            "Tọa đàm ngày 8 tháng 3",
            "Đội Tham mưu",
            30,
            None,
            None,
            500_000,
        ),
        Spoil("programme", "Thi đua quyết thắng", "unknown_choice"),
    ),
    Defect(
        "U24577",
        "2020H1",
        Form.MOVEMENT_ACTIVITIES,
        4,
        Activity(
            date(2020, 5, 19),
            "plastic_waste",
            "collection",
            "Thu gom phế liệu",
            "Thôn 3",
            25,
            Decimal(15),
            "piece",
            None,
        ),
        Spoil("uom", "bao tải", "unknown_choice"),
    ),
    Defect(
        "U24565",
        "2021H2",
        Form.AWARDS,
        0,
        Award(
            date(2021, 10, 20), "individual", "Gia đình bà Nguyễn Thị Hoa", "certificate", "UBND huyện", None
        ),
        Spoil("recipient_kind", "hộ gia đình", "unknown_choice"),
    ),
)


def with_defects(sent: Sequence[Return]) -> tuple[Return, ...]:
    """The returns with their bad rows in place; a correction keeps free of them."""
    spoilt = list(sent)
    for defect in DEFECTS:
        number = next(
            number
            for number, made in enumerate(spoilt)
            if (made.unit.key, made.half_year.code) == (defect.unit_key, defect.period_code)
        )
        made = spoilt[number]
        rows = list(made.entries[defect.form])
        rows.insert(defect.after, Entry(defect.record, defect.spoil))
        spoilt[number] = replace(made, entries={**made.entries, defect.form: tuple(rows)})
    return tuple(spoilt)
