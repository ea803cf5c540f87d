"""Classes held, help given, commendations received, cases spoken up for: Biểu 03, 04, 06 and 07 of a half-year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from random import Random

from sample.events.membership import day_within
from sample.events.people import ethnic_code, full_name
from sample.events.records import Award, ProtectionCase, Support, Training
from sample.figures import money_vnd, stream, support_in_difficulty_vnd, tempo, vocational_trainees
from sample.halfyears import LAST, HalfYear
from sample.units import Unit

_TRADES = (
    ("Lớp may công nghiệp", "May công nghiệp"),
    ("Lớp kỹ thuật nấu ăn", "Nấu ăn"),
    ("Lớp dệt thổ cẩm", "Dệt thổ cẩm"),
    ("Lớp trồng và chăm sóc cà phê", "Kỹ thuật trồng cà phê"),
    ("Lớp chăn nuôi thú y", "Chăn nuôi thú y"),
    ("Lớp trồng nấm", "Kỹ thuật trồng nấm"),
)
_WORKSHOPS = (
    ("Tập huấn kỹ năng phân loại rác thải", "Phân loại rác thải tại nguồn", "plastic_waste", "2018H2"),
    ("Tập huấn khởi sự kinh doanh", "Khởi sự kinh doanh", "project_939", "2018H1"),
    ("Tập huấn kỹ năng nuôi dạy con", "Giáo dục đời sống gia đình", "project_938", "2018H1"),
    ("Tập huấn ghi chép sổ sách vốn vay", "Quản lý vốn ủy thác", None, "2018H1"),
    ("Tập huấn bình đẳng giới", "Bình đẳng giới", "project_8", "2021H2"),
    ("Tập huấn cài đặt định danh điện tử", "Định danh điện tử", "project_06", "2022H1"),
)
_DIFFICULTY_SOURCES = (
    "Quỹ Mái ấm tình thương",
    "Hội viên đóng góp",
    "Mạnh thường quân",
    "Quỹ vì người nghèo",
    None,
)
_COLLECTIVES = ("Chi hội phụ nữ {village}", "Chi hội {village}")
_AWARDING = ("Hội LHPN huyện", "UBND huyện", "Hội LHPN tỉnh")
# Who was commended in the plastic-waste movement in the first half of 2023: two collectives and two individuals.
_PLASTIC_AWARDS = {
    "U24565": ("collective",),
    "U24538": ("collective", "individual"),
    "U24571": ("individual",),
}


def trainings(unit: Unit, half_year: HalfYear) -> tuple[Training, ...]:
    """The vocational classes of the plan and a few workshops, by starting day."""
    random = stream("trainings", unit.key, half_year.code)
    rows = [_vocational(random, unit, half_year, size) for size in vocational_trainees(unit, half_year)]
    possible = [
        workshop
        for workshop in _WORKSHOPS
        if workshop[3] <= half_year.code and (workshop[2] or not unit.is_police)
    ]
    for _ in range(max(1, round(random.uniform(1.0, 3.2) * tempo(half_year)))):
        title, subject, programme, _since = random.choice(possible)
        day = day_within(random, half_year)
        trainees = random.randint(12, 24) if unit.is_police else random.randint(28, 80)
        minority = round(trainees * unit.minority_share * random.uniform(0.7, 1.1))
        rows.append(
            Training(
                title=title,
                kind=random.choice(("workshop", "workshop", "refresher")),
                subject=subject,
                starts_on=day,
                ends_on=min(day + timedelta(days=random.randint(0, 2)), half_year.ends_on),
                venue="Hội trường Công an huyện"
                if unit.is_police
                else f"Hội trường UBND {_in_a_sentence(unit)}",
                partner=random.choice(("Trung tâm Y tế huyện", "NHCSXH huyện", "Phòng Tư pháp huyện", None)),
                trainees=trainees,
                trainees_minority=minority,
                trainees_poor=round((trainees - minority) * random.uniform(0.0, 0.15)),
                employed_after=None,
                cost_vnd=money_vnd(random, 1_000_000, 6_000_000) if random.random() < 0.8 else None,
                programme=programme,
            )
        )
    return tuple(sorted(rows, key=lambda row: row.starts_on))


def _in_a_sentence(unit: Unit) -> str:
    return unit.official_name[0].lower() + unit.official_name[1:]


def _vocational(random: Random, unit: Unit, half_year: HalfYear, trainees: int) -> Training:
    title, subject = random.choice(_TRADES)
    latest = half_year.ends_on - timedelta(days=70)
    day = min(day_within(random, half_year), latest)
    minority = round(trainees * unit.minority_share)
    return Training(
        title=title,
        kind="vocational",
        subject=subject,
        starts_on=day,
        ends_on=day + timedelta(days=random.randint(28, 62)),
        venue=f"Nhà văn hóa {random.choice(unit.villages)}",
        partner="Trung tâm GDNN - GDTX huyện",
        trainees=trainees,
        trainees_minority=minority,
        trainees_poor=min(trainees - minority, random.randint(3, 9)),
        employed_after=round(trainees * random.uniform(0.55, 0.85)),
        cost_vnd=money_vnd(random, 30_000_000, 62_000_000, 500_000),
        programme="project_939",
    )


@dataclass(frozen=True)
class _Gift:
    """Help to a group of people, in VND, before its day is drawn."""

    kind: str
    group: str
    people: int
    amount_vnd: int
    source: str | None
    programme: str | None = None


@dataclass(frozen=True)
class _Honour:
    """A commendation before somebody is found for it."""

    recipient_kind: str
    award: str
    granted_by: str
    programme: str | None


def supports(unit: Unit, half_year: HalfYear) -> tuple[Support, ...]:
    """Help to members in difficulty as planned, help to others, and loans (some of them to members in difficulty)."""
    random = stream("supports", unit.key, half_year.code)
    rows: list[Support] = []

    def give(gift: _Gift) -> None:
        minority = round(gift.people * unit.minority_share) if random.random() < 0.9 else None
        day = day_within(random, half_year)
        rows.append(
            Support(
                day,
                gift.kind,
                gift.group,
                gift.people,
                minority,
                gift.amount_vnd,
                gift.source,
                gift.programme,
            )
        )

    for amount in support_in_difficulty_vnd(unit, half_year):
        programme = "plastic_waste" if half_year.code >= "2018H2" and random.random() < 0.2 else None
        kind = random.choice(("gift", "gift", "cash"))
        source = "Quỹ từ bán phế liệu" if programme else random.choice(_DIFFICULTY_SOURCES)
        give(_Gift(kind, "member_in_difficulty", max(1, amount // 500_000), amount, source, programme))
    children = random.randint(6, 30)
    give(_Gift("gift", "child", children, children * 150_000, "Mạnh thường quân"))
    if random.random() < 0.6:
        pupils = random.randint(2, 10)
        give(_Gift("scholarship", "student", pupils, pupils * 500_000, "Quỹ khuyến học"))
    if unit.is_police:
        give(
            _Gift(
                "cash",
                "elderly",
                random.randint(2, 6),
                money_vnd(random, 1_000_000, 6_000_000),
                "Hội viên đóng góp",
            )
        )
        return tuple(sorted(rows, key=lambda row: row.supported_on))
    if random.random() < 0.35 * tempo(half_year):
        give(
            _Gift(
                "housing",
                "poor_woman",
                1,
                money_vnd(random, 50_000_000, 80_000_000, 1_000_000),
                "Quỹ Mái ấm tình thương",
            )
        )
    if half_year.code >= "2021H2":
        orphans = random.randint(1, 5)
        give(_Gift("godmother", "child", orphans, orphans * 3_000_000, "Hội viên đóng góp", "godmother"))
    for group in ("member_in_difficulty", "poor_woman"):
        borrowers = random.randint(8, 40)
        amount = max(200, borrowers * random.randint(25, 45)) * 1_000_000
        give(_Gift("entrusted_bank_loan", group, borrowers, round(amount, -8), "NHCSXH huyện"))
    borrowers = random.randint(3, 9)
    give(
        _Gift(
            "revolving_loan",
            "member_in_difficulty",
            borrowers,
            borrowers * 5_000_000,
            "Vốn tiết kiệm của chi hội",
        )
    )
    return tuple(sorted(rows, key=lambda row: row.supported_on))


def awards(unit: Unit, half_year: HalfYear) -> tuple[Award, ...]:
    """Commendations: in the last half-year only the published ones, and those of the plastic-waste movement only then."""
    random = stream("awards", unit.key, half_year.code)
    if half_year == LAST:
        return tuple(
            _award(random, unit, half_year, _Honour(kind, "certificate", "UBND huyện", "plastic_waste"))
            for kind in _PLASTIC_AWARDS.get(unit.key, ())
        )
    rows = [
        _award(
            random,
            unit,
            half_year,
            _Honour(
                random.choice(("collective", "individual", "individual")),
                random.choice(("certificate", "certificate", "diploma", "medal")),
                random.choice(_AWARDING),
                random.choice(
                    (None, "five_no_three_clean", "directive_21" if half_year.year < 2023 else None)
                ),
            ),
        )
        for _ in range(random.choice((0, 0, 1, 2, 3)))
    ]
    return tuple(sorted(rows, key=lambda row: row.awarded_on))


def _award(random: Random, unit: Unit, half_year: HalfYear, honour: _Honour) -> Award:
    kind, award = honour.recipient_kind, honour.award
    if kind == "collective":
        recipient = random.choice(_COLLECTIVES).format(village=random.choice(unit.villages))
    else:
        recipient = full_name(random, ethnic_code(random, unit.minority_share))
    award = "certificate" if kind == "collective" and award == "medal" else award
    return Award(day_within(random, half_year), kind, recipient, award, honour.granted_by, honour.programme)


def protection_cases(unit: Unit, half_year: HalfYear) -> tuple[ProtectionCase, ...]:
    """None, one or two cases, described without any name."""
    random = stream("cases", unit.key, half_year.code)
    count = 0 if unit.is_police else random.choice((0, 0, 0, 1, 1, 2))
    rows = [
        ProtectionCase(
            reported_on=day_within(random, half_year),
            case_type=random.choice(
                ("Bạo lực gia đình", "Xâm hại trẻ em", "Tranh chấp quyền nuôi con", "Tảo hôn")
            ),
            victim_group=random.choice(("woman", "woman", "child")),
            action=random.choice(("Hòa giải tại cơ sở", "Kiến nghị cơ quan chức năng", "Tư vấn pháp luật")),
            outcome=random.choice(("Đã giải quyết", "Đang theo dõi", None)),
        )
        for _ in range(count)
    ]
    return tuple(sorted(rows, key=lambda row: row.reported_on))
