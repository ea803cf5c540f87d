"""The composition of trainees attacked: every value that a withheld part can have, given all that is published, is tried.

Hundreds of made-up districts go through the SQL that dbt compiled, one a half-year. The reader knows how many people
each training had, the parts that are not withheld, and every sum that the mart tells of units, programmes and the
district.
"""

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pytest

from tests.dbt_project.conftest import BuiltWarehouse

DISTRICT = "D"
TABLES = 400
MOST_WITHHELD = 5


@dataclass(frozen=True)
class Training:
    """One training: who held it for which programme, how many came and how many of them are of a minority."""

    unit_key: str
    programme_code: str | None
    trainees: int
    minority: int

    @property
    def possible(self) -> list[int]:
        """What the part can be for a reader of the facts: itself, or whatever would have been withheld as well."""
        alike = [part for part in range(self.trainees + 1) if is_withheld(part, self.trainees)]
        return alike if is_withheld(self.minority, self.trainees) else [self.minority]


@dataclass(frozen=True)
class Published:
    """One sum that the mart publishes."""

    unit_key: str
    programme_code: str
    part: int

    def holds(self, training: Training) -> bool:
        return self.unit_key in (DISTRICT, training.unit_key) and self.programme_code in (
            "all",
            training.programme_code,
        )


def is_withheld(part: int, people: int) -> bool:
    return 0 < part < 5 or 0 < people - part < 5


def made_up_district(rng: random.Random) -> list[Training]:
    """Give trainings of one to four units in up to two programmes, few enough of them withheld to try everything."""
    programmes: list[str | None] = rng.choice([[None], [None, "p"], ["p", "q"], [None, "p", "q"]])
    trainings: list[Training] = []
    for unit in range(rng.randint(1, 4)):
        for _ in range(rng.randint(0, 3)):
            people = rng.choice([1, 2, 3, 6, 10, 30])
            part = rng.choice([0, 1, 2, 4, people // 2, people])
            trainings.append(Training(f"U{unit}", rng.choice(programmes), people, min(part, people)))
    while sum(len(training.possible) > 1 for training in trainings) > MOST_WITHHELD:
        trainings.pop(rng.randrange(len(trainings)))
    return trainings


@pytest.fixture(scope="module")
def compiled(today: BuiltWarehouse) -> list[str]:
    folder = today.home.dbt / "target" / "compiled"
    return [
        Path(*folder.rglob(f"models/intermediate/{name}.sql"))
        .read_text(encoding="utf-8")
        .replace('"warehouse".', "")
        for name in ("int_people_parts", "int_people_parts_published")
    ]


def publish(compiled: list[str], districts: list[list[Training]]) -> list[list[Published]]:
    """Run the SQL of both models over made-up districts; gives the sums that each publishes."""
    rows_of_parts, sums_published = compiled
    with duckdb.connect() as connection:
        connection.execute("create schema reference; create schema intermediate")
        connection.execute(
            "create table reference.units as"
            " select 'U' || i as unit_key, 'D' as area_key from range(4) as units (i) union all select 'D', 'D'"
        )
        connection.execute(
            "create table intermediate.int_trainings_attributed (unit_key varchar, period_code varchar,"
            " programme_code varchar, trainees bigint, trainees_minority bigint, trainees_poor bigint)"
        )
        connection.execute(
            "create table intermediate.int_support_funds_attributed (unit_key varchar, period_code varchar,"
            " programme_code varchar, kind varchar, beneficiaries bigint, beneficiaries_minority bigint)"
        )
        connection.execute(
            "create table intermediate.int_clubs_attributed (unit_key varchar, return_period_code varchar,"
            " programme_code varchar, status varchar, members bigint, members_minority bigint)"
        )
        connection.executemany(
            "insert into intermediate.int_trainings_attributed values (?, ?, ?, ?, ?, null)",
            [
                (
                    training.unit_key,
                    str(number),
                    training.programme_code,
                    training.trainees,
                    training.minority,
                )
                for number, district in enumerate(districts)
                for training in district
            ],
        )
        connection.execute(f"create table intermediate.int_people_parts as {rows_of_parts}")
        found = connection.execute(
            f"with sums as ({sums_published}) select cast(period_code as integer), unit_key, programme_code, part from sums"
            " where is_publishable and part_kind = 'minority'"
        ).fetchall()
    published: list[list[Published]] = [[] for _ in districts]
    for number, unit_key, programme_code, part in found:
        published[number].append(Published(unit_key, programme_code, int(part)))
    return published


def given_away(district: list[Training], published: list[Published]) -> Iterator[Training]:
    """Give the trainings whose part is withheld and can be nothing but what it is."""
    withheld = [training for training in district if len(training.possible) > 1]
    if not withheld:
        return
    worlds = np.array(list(itertools.product(*(training.possible for training in withheld))))
    known = [training for training in district if len(training.possible) == 1]
    for total in published:
        inside = [place for place, training in enumerate(withheld) if total.holds(training)]
        rest = total.part - sum(training.minority for training in known if total.holds(training))
        worlds = worlds[worlds[:, inside].sum(axis=1) == rest]
    assert len(worlds), "what is published contradicts itself"
    for place, training in enumerate(withheld):
        if len(set(worlds[:, place])) == 1:
            yield training


def test_no_withheld_part_can_be_computed_back(compiled: list[str]) -> None:
    rng = random.Random(12)
    districts = [made_up_district(rng) for _ in range(TABLES)]
    published = publish(compiled, districts)
    assert [
        (district, sums, found)
        for district, sums in zip(districts, published, strict=True)
        if (found := list(given_away(district, sums)))
    ] == []
    with_secrets = [
        place for place, district in enumerate(districts) if any(len(t.possible) > 1 for t in district)
    ]
    assert sum(any(total.unit_key == DISTRICT for total in published[place]) for place in with_secrets) > 100


def test_the_attack_works_where_every_sum_is_published(compiled: list[str]) -> None:
    rng = random.Random(12)
    districts = [made_up_district(rng) for _ in range(100)]
    everything = [
        [
            Published(unit, "all", sum(t.minority for t in district if unit in (DISTRICT, t.unit_key)))
            for unit in {DISTRICT, *(t.unit_key for t in district)}
        ]
        for district in districts
    ]
    assert sum(len(list(given_away(*pair))) for pair in zip(districts, everything, strict=True)) > 30


def test_the_share_is_of_those_of_whom_it_is_known(compiled: list[str]) -> None:
    published = publish(
        compiled, [[Training("U0", None, 30, 10), Training("U1", "p", 20, 3), Training("U2", "p", 20, 2)]]
    )
    assert {(total.unit_key, total.programme_code, total.part) for total in published[0]} == {
        ("U0", "all", 10),
        (DISTRICT, "all", 15),  # 3 and 2 together: either may be the larger
    }
