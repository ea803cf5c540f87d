"""The life of models and clubs: the rows of Biểu 02, a list that is carried from one return to the next.

A club is newly founded in one return, kept up in those that follow, and sometimes dissolved in a last one;
its name and its day of founding never change.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from sample.events.membership import day_within
from sample.events.records import Club
from sample.figures import new_club_members, stream, tempo
from sample.halfyears import HALF_YEARS, HalfYear
from sample.units import Unit

# Name, kind, programme, first half-year in which one is founded.
_KINDS_OF_CLUB = (
    ("Mô hình “Biến rác thành tiền”", "model", "plastic_waste", "2018H2"),
    ("Tổ phụ nữ phân loại rác tại nguồn", "group", "plastic_waste", "2018H2"),
    ("CLB Phụ nữ nói không với túi ni lông", "club", "plastic_waste", "2018H2"),
    ("Mô hình Ngôi nhà xanh thu gom rác thải nhựa", "model", "plastic_waste", "2019H1"),
    ("CLB Gia đình 5 không, 3 sạch", "club", "five_no_three_clean", "2018H1"),
    ("Mô hình Đoạn đường hoa phụ nữ tự quản", "model", "new_rural", "2018H1"),
    ("Tổ phụ nữ tiết kiệm", "group", None, "2018H1"),
    ("CLB Phụ nữ với pháp luật", "club", "project_938", "2018H1"),
    ("Tổ phụ nữ khởi nghiệp", "group", "project_939", "2018H1"),
    ("CLB Dân vũ", "club", None, "2018H1"),
    ("CLB Phòng chống bạo lực gia đình", "club", "project_938", "2018H1"),
    ("Tổ truyền thông cộng đồng", "group", "project_8", "2021H2"),
    ("Mô hình Mẹ đỡ đầu", "model", "godmother", "2021H2"),
)
_BEFORE = ("Tổ phụ nữ tiết kiệm", "CLB Gia đình 5 không, 3 sạch", "CLB Dân vũ", "CLB Phụ nữ với pháp luật")


def clubs(unit: Unit) -> Mapping[HalfYear, tuple[Club, ...]]:
    """The club list of a unit by half-year, oldest club first."""
    random = stream("clubs", unit.key)
    by_name = {name: (kind, programme) for name, kind, programme, _ in _KINDS_OF_CLUB}
    names: set[str] = set()
    running: list[Club] = []
    for name in _BEFORE[: 2 if unit.is_police else 4]:
        kind, programme = by_name[name]
        village = random.choice(unit.villages)
        members = random.randint(14, 40)
        founded_on = date(random.randint(2012, 2016), random.randint(1, 12), random.randint(1, 28))
        full_name = f"{name} {village}"
        names.add(full_name)
        running.append(
            Club(
                full_name,
                kind,
                programme,
                village,
                founded_on,
                "operating",
                members,
                _minority(unit, members),
            )
        )
    lists: dict[HalfYear, tuple[Club, ...]] = {}
    for half_year in HALF_YEARS:
        carried = [
            replace(club, status="operating", note=None) for club in running if club.status != "dissolved"
        ]
        running = [
            _lived_on(random.random(), random.randint(-1, 3), club, half_year, unit) for club in carried
        ]
        days = sorted(day_within(random, half_year) for _ in new_club_members(unit, half_year))
        for day, members in zip(days, new_club_members(unit, half_year), strict=True):
            possible = [kind for kind in _KINDS_OF_CLUB if kind[3] <= half_year.code]
            while True:
                name, kind, programme, _ = random.choice(possible)
                village = random.choice(unit.villages)
                full_name = f"{name} {village}"
                if full_name not in names:
                    break
            names.add(full_name)
            running.append(
                Club(
                    full_name,
                    kind,
                    programme,
                    village,
                    day,
                    "new",
                    members,
                    _minority(unit, members),
                    "Mới ra mắt",
                )
            )
        lists[half_year] = tuple(running)
    return lists


def _lived_on(lot: float, growth: int, club: Club, half_year: HalfYear, unit: Unit) -> Club:
    age = (half_year.starts_on - club.founded_on).days
    if age > 900 and lot < 0.045:
        return replace(club, status="dissolved", note="Không còn sinh hoạt")
    if tempo(half_year) < 0.7:
        growth = min(growth, 0)
    members = max(8, club.members + growth)
    return replace(club, members=members, members_minority=min(members, _minority(unit, members)))


def _minority(unit: Unit, members: int) -> int:
    return round(members * unit.minority_share)
