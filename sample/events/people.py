"""Invented women: names in the shapes of the district's peoples, birth dates, citizen IDs.

Nobody here exists. Ede and Mnong names put the given name first and the clan last and carry the apostrophe a
typist happened to find, which is why the warehouse must never split a name by position.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

KINH_FAMILIES = (
    "Nguyễn",
    "Trần",
    "Lê",
    "Phạm",
    "Hoàng",
    "Phan",
    "Vũ",
    "Võ",
    "Đặng",
    "Bùi",
    "Đỗ",
    "Hồ",
    "Ngô",
    "Dương",
    "Lý",
    "Đinh",
    "Huỳnh",
    "Mai",
    "Trương",
    "Cao",
)
KINH_MIDDLES = (
    "Thị",
    "Thị",
    "Thị",
    "Thị Thu",
    "Thị Kim",
    "Thị Ngọc",
    "Thị Thanh",
    "Thị Mỹ",
    "Thị Hồng",
    "Thị Bích",
    "Thị Minh",
    "Thị Phương",
    "Thúy",
)
KINH_GIVENS = (
    "Lan",
    "Hoa",
    "Hương",
    "Thủy",
    "Hằng",
    "Nga",
    "Hạnh",
    "Tuyết",
    "Phượng",
    "Yến",
    "Loan",
    "Oanh",
    "Dung",
    "Thảo",
    "Trang",
    "Liên",
    "Nhung",
    "Vân",
    "Hà",
    "Hiền",
    "Tâm",
    "Xuân",
    "Đào",
    "Mận",
    "Quyên",
    "Trâm",
    "Ngân",
    "Sương",
    "Thơm",
    "Lụa",
    "Huệ",
    "Cúc",
    "Mơ",
    "Nguyệt",
    "Thắm",
    "Duyên",
)
EDE_GIVENS = (
    "Yi",
    "Loan",
    "Bliă",
    "Ngăm",
    "Duyên",
    "Luin",
    "Wăn",
    "Mĭ",
    "Nhơ",
    "Juan",
    "Ngŏ",
    "Čiêm",
    "Dliê",
    "Riŭ",
    "Mrư",
    "Djuê",
    "Blŏ",
    "Lĕ",
    "Hương",
    "Thảo",
    "Ngọc",
    "Rut",
    "Nuel",
    "Sari",
    "Yar",
    "Bình",
    "Kim",
    "Wiên",
    "Đim",
)
EDE_CLANS = (
    "Niê",
    "Mlô",
    "Êban",
    "Byă",
    "Kbuôr",
    "Hđơk",
    "Knul",
    "Ayŭn",
    "Buôn Krông",
    "Bkrông",
    "Ktul",
    "Kpơr",
    "Êñuôl",
    "Adrơng",
    "Niê Kdăm",
    "Buôn Yă",
)
MNONG_GIVENS = ("Lan", "Bơr", "Brên", "Djăng", "Ngoan", "Jŭi", "Thim", "Mai", "Ngơr", "Ŏn")
MNONG_CLANS = ("Liêng", "Čil", "Bing", "Uông", "Êung", "Rơ Lưk")
OTHER_FAMILIES = {
    "02": ("Nông", "Hoàng", "Lương", "Triệu", "Hà"),
    "07": ("Nông", "Lương", "Vi", "Lục", "Mông"),
    "06": ("Bùi", "Quách", "Đinh", "Hà"),
    "03": ("Lò", "Vi", "Cầm", "Lô"),
    "08": ("Giàng", "Sùng", "Vàng", "Thào"),
}
KINH, EDE, MNONG = "01", "12", "20"
RELIGIONS_BY_GROUP = {
    KINH: ("00", "00", "00", "01", "01", "02", None),
    EDE: ("05", "05", "02", "00", "00", None),
    MNONG: ("05", "05", "00", None),
}
OCCUPATIONS = (
    "Làm nông",
    "Làm nông",
    "Làm nông",
    "Buôn bán",
    "Nội trợ",
    "Công nhân",
    "May gia công",
    "Giáo viên",
)
EDUCATIONS = ("5/12", "7/12", "9/12", "9/12", "12/12", "12/12", "Trung cấp", "Cao đẳng", "Đại học")


@dataclass(frozen=True)
class Person:
    """A member as a branch knows her; `ethnic_code` and `religion_code` are those of the national catalogues."""

    full_name: str
    born_on: date
    ethnic_code: str
    religion_code: str | None
    village: str
    education: str | None
    occupation: str | None
    citizen_id: str | None
    is_poor: bool
    is_near_poor: bool


@dataclass(frozen=True)
class Origin:
    """Where a woman lives, and how her branch writes its members.

    Attributes:
        minority_share: how many of the women there belong to a minority, from 0 to 1.
        apostrophe: the one (perhaps none) that the branch types in Ede and Mnong names.
        is_police: she serves in the police of the district.
    """

    village: str
    minority_share: float
    apostrophe: str = "'"
    is_police: bool = False


def ethnic_code(random: Random, minority_share: float) -> str:
    """A people drawn so that about `minority_share` of women belong to a minority, most of them Ede."""
    if random.random() >= minority_share:
        return KINH
    return random.choices((EDE, MNONG, "02", "07", "06", "03", "08"), (62, 10, 10, 9, 4, 3, 2))[0]


def full_name(random: Random, people: str, apostrophe: str = "'") -> str:
    """A woman's name in the manner of a people, with the apostrophe (perhaps none) the branch types."""
    if people == EDE:
        return f"H{apostrophe}{random.choice(EDE_GIVENS)} {random.choice(EDE_CLANS)}"
    if people == MNONG:
        return f"H{apostrophe}{random.choice(MNONG_GIVENS)} {random.choice(MNONG_CLANS)}"
    families = OTHER_FAMILIES.get(people, KINH_FAMILIES)
    return f"{random.choice(families)} {random.choice(KINH_MIDDLES)} {random.choice(KINH_GIVENS)}"


def citizen_id(random: Random, born_on: date) -> str:
    """Twelve digits in the order of the national scheme: province 066, century and sex, year, six more."""
    century = "1" if born_on.year < 2000 else "3"
    return f"066{century}{born_on.year % 100:02d}{random.randrange(1_000_000):06d}"


def person(random: Random, origin: Origin, *, on: date, ages: tuple[int, int], id_share: float) -> Person:
    """A woman of the given ages (years, inclusive) on a day; `id_share` is how many have given their citizen ID."""
    people, is_police = ethnic_code(random, origin.minority_share), origin.is_police
    born_on = on - timedelta(days=random.randint(ages[0] * 366, ages[1] * 365))
    lot = random.random()
    is_poor = not is_police and lot < (0.05 if people == KINH else 0.16)
    return Person(
        full_name=full_name(random, people, origin.apostrophe),
        born_on=born_on,
        ethnic_code=people,
        religion_code=random.choice(RELIGIONS_BY_GROUP.get(people, ("00", "00", "05", None))),
        village=origin.village,
        education=("Đại học" if is_police else random.choice(EDUCATIONS)) if random.random() < 0.85 else None,
        occupation=("Công an" if is_police else random.choice(OCCUPATIONS))
        if random.random() < 0.9
        else None,
        citizen_id=citizen_id(random, born_on) if random.random() < id_share else None,
        is_poor=is_poor,
        is_near_poor=not is_police and not is_poor and lot > 0.9,
    )
