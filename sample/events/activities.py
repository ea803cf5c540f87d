"""What the movements did: the rows of Biểu 05, and the parts of it that the activity log draws on too.

No two rows of a return share unit, day, programme, kind of activity and unit of measure, since by these a row
is recognised when the log tells of it as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from random import Random

from sample.events.membership import day_within
from sample.events.records import Activity
from sample.figures import money_vnd, new_rural_works, stream, tempo
from sample.halfyears import HalfYear
from sample.units import Unit


@dataclass(frozen=True)
class Undertaking:
    """A usual activity: how often a half-year, and bounds of participants and of the quantity in its unit."""

    programme: str
    activity_type: str
    often: float
    participants: tuple[int, int]
    quantity: tuple[float, float] | None
    uom: str | None
    cost_vnd: tuple[int, int] | None
    first: str = "2018H1"
    last: str = "9999H9"

    def runs_in(self, half_year: HalfYear) -> bool:
        """Whether branches did it in that half-year."""
        return self.first <= half_year.code <= self.last


USUAL = (
    Undertaking("plastic_waste", "propaganda", 2.2, (25, 90), None, None, (200_000, 900_000), "2018H2"),
    Undertaking("plastic_waste", "propaganda", 0.7, (30, 80), (20, 90), "piece", (500_000, 3_000_000), "2018H2"),
    Undertaking("plastic_waste", "cleanup", 2.2, (30, 120), None, None, (200_000, 1_200_000), "2018H2"),
    Undertaking("plastic_waste", "collection", 2.6, (15, 60), (40, 420), "kg", None, "2018H2"),
    Undertaking("plastic_waste", "pledge", 1.2, (20, 80), (20, 120), "household", None, "2018H2"),
    Undertaking("plastic_waste", "tree_planting", 0.9, (15, 60), (30, 260), "tree", (500_000, 3_500_000), "2018H2"),
    Undertaking("plastic_waste", "road", 0.7, (15, 50), (0.2, 2.5), "km", (300_000, 2_000_000), "2018H2"),
    Undertaking("plastic_waste", "fundraising", 1.2, (10, 45), (400_000, 3_600_000), "vnd", None, "2018H2"),
    Undertaking("new_rural", "cleanup", 0.9, (25, 90), None, None, (200_000, 1_000_000)),
    Undertaking("new_rural", "road", 0.5, (15, 50), (0.3, 1.8), "km", (500_000, 4_000_000)),
    Undertaking("five_no_three_clean", "propaganda", 1.2, (25, 70), None, None, None),
    Undertaking("five_no_three_clean", "pledge", 0.6, (20, 60), (20, 80), "household", None),
    Undertaking("project_938", "propaganda", 1.0, (30, 90), None, None, (300_000, 1_500_000)),
    Undertaking("project_939", "propaganda", 0.6, (25, 60), None, None, None),
    Undertaking("directive_21", "propaganda", 0.7, (30, 80), None, None, None, "2018H1", "2022H2"),
    Undertaking("project_06", "propaganda", 0.9, (30, 120), None, None, None, "2022H1"),
    Undertaking("project_8", "propaganda", 0.8, (25, 80), None, None, (300_000, 1_500_000), "2021H2"),
    Undertaking("godmother", "fundraising", 0.5, (10, 40), (500_000, 4_000_000), "vnd", None, "2021H2"),
)  # fmt: skip
_DESCRIPTIONS = {
    ("plastic_waste", "propaganda", None): (
        "Tuyên truyền phân loại rác tại nguồn",
        "Nói chuyện chuyên đề rác thải nhựa",
        "Tuyên truyền hạn chế túi ni lông",
    ),
    ("plastic_waste", "propaganda", "piece"): (
        "Phát giỏ nhựa đi chợ thay túi ni lông",
        "Phát túi vải cho hội viên",
    ),
    ("plastic_waste", "cleanup", None): (
        "Ra quân vệ sinh môi trường",
        "Ngày Chủ nhật xanh",
        "Dọn rác kênh mương",
    ),
    ("plastic_waste", "collection", "kg"): (
        "Thu gom rác thải nhựa",
        "Thu gom vỏ bao bì thuốc bảo vệ thực vật",
        "Thu gom phế liệu",
    ),
    ("plastic_waste", "pledge", "household"): (
        "Ký cam kết không dùng túi ni lông",
        "Ký cam kết phân loại rác",
    ),
    ("plastic_waste", "tree_planting", "tree"): ("Trồng cây xanh đường thôn", "Trồng hoa trước nhà văn hóa"),
    ("plastic_waste", "road", "km"): ("Đoạn đường phụ nữ tự quản", "Đoạn đường xanh - sạch - đẹp"),
    ("plastic_waste", "fundraising", "vnd"): ("Bán phế liệu gây quỹ", "Đổi rác lấy tiền gây quỹ"),
    ("new_rural", "cleanup", None): ("Phát quang đường liên thôn", "Ra quân chỉnh trang nhà ở"),
    ("new_rural", "road", "km"): ("Đường hoa nông thôn mới",),
    ("five_no_three_clean", "propaganda", None): ("Tuyên truyền gia đình 5 không, 3 sạch",),
    ("five_no_three_clean", "pledge", "household"): ("Ký cam kết gia đình 5 không, 3 sạch",),
    ("project_938", "propaganda", None): (
        "Truyền thông phòng chống bạo lực gia đình",
        "Truyền thông an toàn thực phẩm",
    ),
    ("project_939", "propaganda", None): ("Truyền thông phụ nữ khởi nghiệp",),
    ("directive_21", "propaganda", None): ("Quán triệt Chỉ thị 21-CT/TW",),
    ("project_06", "propaganda", None): ("Hướng dẫn cài đặt định danh điện tử",),
    ("project_8", "propaganda", None): ("Truyền thông bình đẳng giới",),
    ("godmother", "fundraising", "vnd"): ("Vận động ủng hộ trẻ mồ côi",),
}
_WORKS = (
    "Bê tông hóa đường ngõ", "Thắp sáng đường quê", "Xây hố rác gia đình", "Làm hàng rào xanh", "Vẽ tường bích họa",
    "Sửa nhà văn hóa thôn", "Làm cổng chào", "Khơi thông cống rãnh",
)  # fmt: skip


def activities(unit: Unit, half_year: HalfYear) -> tuple[Activity, ...]:
    """The movement activities of a unit in a half-year, by day."""
    random = stream("activities", unit.key, half_year.code)
    share = 0.3 if unit.is_police else 1.0
    rows: list[Activity] = []
    taken: set[tuple[date, str, str, str | None]] = set()

    def free_day(programme: str, activity_type: str, uom: str | None) -> date:
        while True:
            day = day_within(random, half_year)
            if (day, programme, activity_type, uom) not in taken:
                taken.add((day, programme, activity_type, uom))
                return day

    for usual in USUAL:
        if not usual.runs_in(half_year):
            continue
        for _ in range(
            int(usual.often * share * tempo(half_year) * random.uniform(0.6, 1.4) + random.random())
        ):
            day = free_day(usual.programme, usual.activity_type, usual.uom)
            rows.append(
                Activity(
                    held_on=day,
                    programme=usual.programme,
                    activity_type=usual.activity_type,
                    description=random.choice(_DESCRIPTIONS[usual.programme, usual.activity_type, usual.uom]),
                    village=random.choice(unit.villages),
                    participants=_participants(random, unit, usual) if random.random() < 0.95 else None,
                    quantity=quantity(random, usual),
                    uom=usual.uom,
                    cost_vnd=money_vnd(random, *usual.cost_vnd)
                    if usual.cost_vnd and random.random() < 0.7
                    else None,
                )
            )
    for _ in range(new_rural_works(unit, half_year)):
        rows.append(
            Activity(
                held_on=free_day("new_rural", "works", "piece"),
                programme="new_rural",
                activity_type="works",
                description=random.choice(_WORKS),
                village=random.choice(unit.villages),
                participants=random.randint(12, 60),
                quantity=Decimal(1),
                uom="piece",
                cost_vnd=money_vnd(random, 1_000_000, 15_000_000),
            )
        )
    return tuple(sorted(rows, key=lambda row: (row.held_on, row.programme, row.activity_type, row.uom or "")))


def _participants(random: Random, unit: Unit, usual: Undertaking) -> int:
    low, high = usual.participants
    return random.randint(low, high) if not unit.is_police else random.randint(8, 40)


def quantity(random: Random, usual: Undertaking) -> Decimal | None:
    """A result within the bounds: kilometres to the hundredth, money to 10,000 VND, anything else whole."""
    if usual.quantity is None:
        return None
    low, high = usual.quantity
    if usual.uom == "km":
        return Decimal(random.randint(int(low * 20), int(high * 20))) / 20
    if usual.uom == "vnd":
        return Decimal(random.randint(int(low // 10_000), int(high // 10_000)) * 10_000)
    return Decimal(random.randint(int(low), int(high)))
