"""The plan of numbers: how much of everything happens in the district in each half-year, and how units share
it.

The first half of 2023 is fixed to what the district published for it. Other half-years are invented around
it, with the dip of 2020 and 2021. Rows are made from this plan elsewhere; nothing here knows a name or a day.
"""

from __future__ import annotations

from random import Random

from sample.halfyears import HALF_YEARS, LAST, HalfYear
from sample.units import COMMUNES, UNITS, Unit

SEED = "krong-ana-2018-2023"

# Published by the district for the first six months of 2023 (news item of 26/06/2023). Support was given as "more
# than 98 million"; the exact amount is the sample's own.
GOLDEN = {
    "new_clubs": 8,
    "new_club_members": 149,
    "vocational_classes": 4,
    "vocational_trainees": 118,
    "new_rural_works": 26,
    "support_in_difficulty_vnd": 98_450_000,
    "new_members": 382,
    "awards_collective": 2,
    "awards_individual": 2,
}
TARGET_NEW_MEMBERS_2023H1 = 189
MONEY_STEP_VND = 50_000

_TEMPO = (0.9, 1.0, 1.05, 1.1, 0.62, 0.74, 0.8, 0.45, 0.9, 1.05, 1.1)
_JOINED = (312, 334, 347, 351, 258, 291, 286, 204, 338, 359, GOLDEN["new_members"])
_NEW_CLUBS = (5, 7, 8, 7, 3, 4, 4, 2, 6, 7, GOLDEN["new_clubs"])
_VOCATIONAL_CLASSES = (5, 6, 6, 5, 2, 3, 3, 1, 4, 5, GOLDEN["vocational_classes"])
_WORKS = (19, 22, 24, 27, 14, 17, 18, 11, 21, 24, GOLDEN["new_rural_works"])
# Support to members in difficulty, in steps of MONEY_STEP_VND.
_DIFFICULTY_STEPS = (1242, 1498, 1530, 1711, 1824, 1390, 1655, 2210, 1602, 1788, 1969)


def stream(*parts: object) -> Random:
    """A random stream of its own for a concern, so that changing one leaves the others as they were."""
    return Random("/".join((SEED, *map(str, parts))))


def tempo(half_year: HalfYear) -> float:
    """How busy a half-year was, 1 being an ordinary one; 2020 and 2021 dip."""
    return _TEMPO[HALF_YEARS.index(half_year)]


def allot(total: int, weights: list[float]) -> list[int]:
    """Share a whole number out by weights with the largest remainders; the parts sum to the total."""
    scale = total / sum(weights)
    parts = [int(weight * scale) for weight in weights]
    by_remainder = sorted(range(len(parts)), key=lambda i: (parts[i] - weights[i] * scale, i))
    for i in by_remainder[: total - sum(parts)]:
        parts[i] += 1
    return parts


def _share(
    concern: str, totals: tuple[int, ...], half_year: HalfYear, units: tuple[Unit, ...]
) -> dict[str, int]:
    random = stream("share", concern, half_year.code)
    weights = [unit.opening_members * random.uniform(0.75, 1.25) for unit in units]
    parts = allot(totals[HALF_YEARS.index(half_year)], weights)
    return {unit.key: part for unit, part in zip(units, parts, strict=True)}


def joined(unit: Unit, half_year: HalfYear) -> int:
    """New members of a unit in a half-year, in people."""
    return _share("joined", _JOINED, half_year, UNITS)[unit.key]


def new_clubs(unit: Unit, half_year: HalfYear) -> int:
    """Models and clubs a unit founds in a half-year; the police base union founds none."""
    return _share("new_clubs", _NEW_CLUBS, half_year, COMMUNES).get(unit.key, 0)


def new_club_members(unit: Unit, half_year: HalfYear) -> list[int]:
    """Members of each club a unit founds in a half-year; the last half-year's sum to the published figure."""
    random = stream("new_club_members", half_year.code)
    count = _NEW_CLUBS[HALF_YEARS.index(half_year)]
    sizes = [random.randint(13, 26) for _ in range(count)]
    if half_year == LAST:
        sizes = allot(GOLDEN["new_club_members"], [float(size) for size in sizes])
    before = sum(new_clubs(other, half_year) for other in COMMUNES[: UNITS.index(unit)])
    return sizes[before : before + new_clubs(unit, half_year)]


def vocational_trainees(unit: Unit, half_year: HalfYear) -> list[int]:
    """Trainees of each vocational class a unit opens in a half-year, in people."""
    count = _VOCATIONAL_CLASSES[HALF_YEARS.index(half_year)]
    random = stream("vocational", half_year.code)
    sizes = [random.randint(24, 35) for _ in range(count)]
    if half_year == LAST:
        sizes = allot(GOLDEN["vocational_trainees"], [float(size) for size in sizes])
    hosts = random.sample(COMMUNES, count)
    return [size for size, host in zip(sizes, hosts, strict=True) if host == unit]


def new_rural_works(unit: Unit, half_year: HalfYear) -> int:
    """New-rural-area and civilised-urban works of a unit in a half-year, one row each."""
    return _share("works", _WORKS, half_year, COMMUNES).get(unit.key, 0)


def support_in_difficulty_vnd(unit: Unit, half_year: HalfYear) -> list[int]:
    """Amounts (VND) of a unit's gifts to members in difficulty, loans excepted, each a multiple of the step."""
    steps = _share("difficulty", _DIFFICULTY_STEPS, half_year, COMMUNES).get(unit.key, 0)
    if steps == 0:
        return []
    random = stream("difficulty", unit.key, half_year.code)
    weights = [random.uniform(0.5, 1.6) for _ in range(max(2, round(steps / 75)))]
    return [part * MONEY_STEP_VND for part in allot(steps, weights)]


def money_vnd(random: Random, least: int, most: int, step: int = MONEY_STEP_VND) -> int:
    """An amount between two bounds (VND) that is a multiple of a step."""
    return random.randint(least // step, most // step) * step
