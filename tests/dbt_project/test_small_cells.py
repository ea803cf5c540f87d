"""The composition of members attacked: everything published is known, and what is withheld is computed by linear programming.

Hundreds of made-up districts go through the SQL that dbt compiled, one a half-year, with the shapes that are hard to
protect: hamlets of a few members, one category that nearly everybody belongs to, a single unit, rare categories. All
tables are solved side by side, since none shares a cell with another; margins are whole numbers, so the bounds that
the solver finds for real numbers are those for people.
"""

import random
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.sparse import csr_array

from tests.dbt_project.conftest import BuiltWarehouse

SMALL = range(1, 5)
DISTRICT = "U"
TABLES = 250

Counts = dict[str, list[int]]


@dataclass(frozen=True)
class Cell:
    """One cell of a composition: what is true, and whether it is published."""

    period_code: str
    unit_key: str
    category_code: str
    members: int
    is_published: bool


def made_up_district(rng: random.Random) -> Counts:
    """Give members by unit and category; units and categories are few to many, counts nothing to hundreds."""
    categories = rng.randint(1, 6)
    weights = [rng.choice([0.02, 0.1, 0.3, 1, 3]) for _ in range(categories)]
    counts = {}
    for unit in range(rng.randint(1, 9)):
        members = rng.choice(
            [0, rng.randint(1, 4), rng.randint(5, 12), rng.randint(10, 60), rng.randint(30, 200)]
        )
        drawn = rng.choices(range(categories), weights, k=members)
        counts[f"U{unit}"] = [drawn.count(category) for category in range(categories)]
    return counts


def compose(compiled: str, districts: list[Counts]) -> list[Cell]:
    """Run the SQL of the model over made-up districts, each in a half-year of its own."""
    with duckdb.connect() as connection:
        connection.execute("create schema reference; create schema intermediate")
        connection.execute("create table reference.units (unit_key varchar, area_key varchar)")
        connection.execute("insert into reference.units values ('U', 'U')")
        connection.execute("insert into reference.units select 'U' || i, 'U' from range(20) as units (i)")
        connection.execute(
            "create table intermediate.int_members_by_category (unit_key varchar, period_code varchar,"
            " indicator_code varchar, dimension varchar, category_code varchar, members integer)"
        )
        connection.executemany(
            "insert into intermediate.int_members_by_category values (?, ?, 'new_members', 'religion', ?, ?)",
            [
                (unit, str(table), str(category), members)
                for table, counts in enumerate(districts)
                for unit, row in counts.items()
                for category, members in enumerate(row)
                if members
            ],
        )
        # where a whole table is covered, so are the categories that nobody belongs to, and the reader sees no difference
        found = connection.execute(
            f"with cells as ({compiled}) select period_code, unit_key, category_code, members, not is_covered from cells"
            " union all select distinct period_code, unit_key, 'nobody', 0, false from cells where is_whole_table_covered"
        ).fetchall()
    return [Cell(*cell) for cell in found]


def bounds(cells: list[Cell]) -> dict[Cell, tuple[int, int]]:
    """Solve for the least and the most that every withheld cell can be, given all published ones and all totals of units."""
    hidden = [cell for cell in cells if not cell.is_published]
    index = {
        (cell.period_code, cell.unit_key, cell.category_code): place for place, cell in enumerate(hidden)
    }
    sums: dict[tuple[str, ...], list[tuple[int, int]]] = defaultdict(list)
    totals: dict[tuple[str, ...], int] = defaultdict(int)
    for cell in cells:
        place = index.get((cell.period_code, cell.unit_key, cell.category_code))
        # every unit, and the district, adds up to its total; a category of the district is the sum of its units
        in_category = -1 if cell.unit_key == DISTRICT else 1
        for equation, sign in (
            ((cell.period_code, "line", cell.unit_key), 1),
            ((cell.period_code, "category", cell.category_code), in_category),
        ):
            if place is not None:
                sums[equation].append((place, sign))
                totals[equation] += sign * cell.members
    equations = list(sums)
    rows = [row for row, equation in enumerate(equations) for _ in sums[equation]]
    columns = [place for equation in equations for place, _ in sums[equation]]
    signs = [sign for equation in equations for _, sign in sums[equation]]
    matrix = csr_array((signs, (rows, columns)), shape=(len(equations), len(hidden)))
    right = [totals[equation] for equation in equations]
    by_table: dict[str, list[int]] = defaultdict(list)
    for place, cell in enumerate(hidden):
        by_table[cell.period_code].append(place)
    found: dict[Cell, list[int]] = defaultdict(list)
    for sign in (1, -1):
        for turn in range(max(map(len, by_table.values()))):
            asked = [places[turn] for places in by_table.values() if turn < len(places)]
            objective = np.zeros(len(hidden))
            objective[asked] = sign
            solved = linprog(objective, A_eq=matrix, b_eq=right, bounds=(0, None), method="highs")
            assert solved.success, solved.message
            for place in asked:
                found[hidden[place]].append(round(solved.x[place]))
    return {cell: (least, most) for cell, (least, most) in found.items()}


@pytest.fixture(scope="module")
def compiled(today: BuiltWarehouse) -> str:
    (path,) = Path(today.home.dbt / "target" / "compiled").rglob(
        "models/intermediate/int_small_cells_covered.sql"
    )
    return path.read_text(encoding="utf-8").replace('"warehouse".', "")


def given_away(cells: list[Cell]) -> list[tuple[Cell, tuple[int, int]]]:
    """Find withheld cells that are known to be a small count, or are known exactly and are somebody."""
    return [
        (cell, (least, most))
        for cell, (least, most) in bounds(cells).items()
        if (least in SMALL and most in SMALL) or least == most > 0
    ]


def test_no_withheld_cell_can_be_computed_back(compiled: str) -> None:
    rng = random.Random(4)
    cells = compose(compiled, [made_up_district(rng) for _ in range(TABLES)])

    assert not [cell for cell in cells if cell.is_published and cell.members in SMALL]
    withheld = sum(1 for cell in cells if not cell.is_published)
    assert 0.2 < withheld / len(cells) < 0.8
    assert given_away(cells) == []


def test_the_attack_works_where_only_small_counts_are_withheld(compiled: str) -> None:
    rng = random.Random(4)
    cells = [
        Cell(cell.period_code, cell.unit_key, cell.category_code, cell.members, cell.members not in SMALL)
        for cell in compose(compiled, [made_up_district(rng) for _ in range(40)])
    ]
    assert len(given_away(cells)) > 40


def test_counts_that_are_large_or_nobody_are_all_published(compiled: str) -> None:
    cells = compose(compiled, [{"U0": [20, 5], "U1": [0, 9], "U2": [0, 0]}])
    assert {(cell.unit_key, cell.category_code, cell.members) for cell in cells if cell.is_published} == {
        ("U0", "0", 20),
        ("U0", "1", 5),
        ("U1", "0", 0),
        ("U1", "1", 9),
        ("U", "0", 20),
        ("U", "1", 14),
    }


def test_one_small_count_takes_a_second_category_and_a_second_unit_with_it(compiled: str) -> None:
    cells = compose(compiled, [{"U0": [30, 10, 3], "U1": [40, 20, 8], "U2": [50, 30, 9]}])
    assert {(cell.unit_key, cell.category_code) for cell in cells if not cell.is_published} == {
        ("U0", "1"),
        ("U0", "2"),
        ("U1", "1"),
        ("U1", "2"),
    }
