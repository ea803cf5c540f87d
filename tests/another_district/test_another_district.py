"""Another district takes this over: its own seeds and one form of its own are swapped in, and nothing else.

Pác Lũng, its province, its communes and its people are invented. What its branches send are real workbooks; they run
through the job that an office runs, in a copy of the rooms in which the files of ``seeds`` and ``forms`` beside this one
lie over the project's.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import duckdb
import pytest

from ingest.home import PROJECT_ROOT, WarehouseHome
from tests.another_district.returns import write_inbox

HERE = Path(__file__).parent
ROOMS = ("build", "dags", "dbt_project", "ingest", "operations", "publish")
SWAPPED = {"seeds": Path("dbt_project/seeds"), "forms": Path("ingest/contracts/forms")}
MADE_BY_RUNNING = shutil.ignore_patterns("target", "logs", "__pycache__")
DISTRICT, TOWNSHIP, BINH_HOA, NA_VAI = "U990", "U39901", "U39904", "U39907"


class Run(NamedTuple):
    """The run of the main job: where its results are, and what it said."""

    home: WarehouseHome
    said: str


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project as the other district has it."""
    project = tmp_path_factory.mktemp("pac_lung") / "project"
    for room in ROOMS:
        shutil.copytree(PROJECT_ROOT / room, project / room, ignore=MADE_BY_RUNNING)
    for name in ("pyproject.toml", "Makefile"):
        shutil.copy(PROJECT_ROOT / name, project)
    for theirs, place in SWAPPED.items():
        for file in (HERE / theirs).iterdir():
            assert (project / place / file.name).exists(), file.name
            shutil.copy(file, project / place)
    run(project, "-m", "ingest", "contracts")
    return project


@pytest.fixture(scope="module")
def refreshed(project: Path) -> Run:
    home = WarehouseHome(project.with_name("home")).prepare()
    write_inbox(home.inbox)
    return Run(home, run(project, "dags/local_run.py", "--period", "2024H1", home=home))


@pytest.fixture
def edition(refreshed: Run) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(refreshed.home.current), read_only=True) as connection:
        yield connection


def run(project: Path, *arguments: str, home: WarehouseHome | None = None) -> str:
    finished = subprocess.run(
        [sys.executable, *arguments],
        cwd=project,
        env={
            **os.environ,
            "PYTHONPATH": str(project),
            "WAREHOUSE_HOME": str(home.root if home else project.with_name("home")),
            "COLUMNS": "200",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return finished.stdout


def figures(edition: duckdb.DuckDBPyConnection, unit_key: str, period: str = "2024H1") -> dict[str, Decimal]:
    found = edition.execute(
        "select indicator_code, value from reviews.halfyear_review where unit_key = ? and period_code = ?",
        [unit_key, period],
    ).fetchall()
    return dict(found)


def test_the_district_gets_the_sums_of_its_returns(edition: duckdb.DuckDBPyConnection) -> None:
    found = figures(edition, DISTRICT)

    expected = {
        "new_members": 5,  # three of the township by 31 May, two of Bình Hòa
        "members_left": 1,
        "new_clubs": 2,
        "new_club_members": 43,
        "cleanups": 3,
        "cleanup_participations": 92,
        "plastic_kg": Decimal("120.5"),
        "support_in_difficulty_vnd": 5_000_000,  # 3,000 thousand and 2 million
        "awards_collective": 1,
        "awards_individual": 1,
    }
    assert {code: found[code] for code in expected} == expected


def test_members_are_carried_on_from_the_districts_own_count(edition: duckdb.DuckDBPyConnection) -> None:
    assert figures(edition, TOWNSHIP)["members_closing"] == 500 + 3 - 1
    assert figures(edition, BINH_HOA)["members_closing"] == 300 + 2


def test_its_own_cut_offs_say_which_half_year_a_day_belongs_to(edition: duckdb.DuckDBPyConnection) -> None:
    assert figures(edition, TOWNSHIP)["new_members"] == 3  # 2 and 14 December, 31 May
    assert figures(edition, TOWNSHIP, "2024H2")["new_members"] == 1  # 10 June


def test_its_province_has_set_the_target(edition: duckdb.DuckDBPyConnection) -> None:
    found = edition.execute(
        "select unit_key, target, attainment from reviews.halfyear_review"
        " where indicator_code = 'new_members' and period_code = '2024H1' and target is not null"
    ).fetchall()
    assert {unit: (target, attainment) for unit, target, attainment in found} == {
        DISTRICT: (10, 0.5),
        BINH_HOA: (2, 1.0),
    }


def test_its_own_programme_is_reviewed_over_its_own_window(
    edition: duckdb.DuckDBPyConnection, refreshed: Run
) -> None:
    found = edition.execute(
        "select unit_key, value from reviews.programme_review"
        " where programme_code = 'pink_sunday' and indicator_code = 'cleanup_participations' and period_code = '2024H1'"
    ).fetchall()
    assert dict(found) == {DISTRICT: 92, TOWNSHIP: 70, BINH_HOA: 22, NA_VAI: None}
    assert (refreshed.home.reviews / "pink_sunday_2023H2_2024H1.csv").exists()


def test_who_is_missing_or_late_is_told_by_its_own_days(
    edition: duckdb.DuckDBPyConnection, refreshed: Run
) -> None:
    found = edition.execute(
        "select distinct unit_key, status from reviews.submission_completeness where period_code = '2024H1'"
    ).fetchall()
    # five days of grace: 3 June is in time, 10 June is not
    assert sorted(found) == [(TOWNSHIP, "on_time"), (BINH_HOA, "late"), (NA_VAI, "missing")]
    assert "xã Nà Vài" in refreshed.said


def test_its_own_form_is_read_and_nothing_waits(edition: duckdb.DuckDBPyConnection) -> None:
    waiting = edition.execute(
        "select count(*) from reviews.quarantined_rows where reason_code <> 'file_refused'"
    ).fetchone()
    assert waiting == (0,)
    found = edition.execute("select sum(abs(remainder)) from reviews.conservation_ledger").fetchone()
    assert found == (0,)


def test_a_commune_of_the_first_district_is_refused_as_one_of_a_neighbour_is(
    edition: duckdb.DuckDBPyConnection,
) -> None:
    refused = edition.execute(
        "select file_name, reason_code from meta.submissions where verdict = 'rejected' order by all"
    ).fetchall()
    assert refused == [("bh.xlsx", "unit_elsewhere"), ("nh.xlsx", "unit_elsewhere")]


def test_the_map_of_today_is_the_districts_own(edition: duckdb.DuckDBPyConnection) -> None:
    found = edition.execute(
        "select unit_name, value from reviews.halfyear_review_as_is"
        " where period_code = '2024H1' and indicator_code = 'new_members' and not is_area_total order by all"
    ).fetchall()
    assert found == [("Xã Nà Vài", None), ("Xã Pác Lũng", 5)]


def test_the_refresh_is_due_on_the_day_after_its_own_cut_offs(project: Path) -> None:
    asked = "from build.reference import refresh_days; print(refresh_days())"

    assert run(project, "-c", asked).strip() == "((6, 1), (12, 1))"


def test_blank_forms_are_for_its_communes(project: Path, refreshed: Run) -> None:
    run(project, "-m", "ingest", "templates", "--period", "2024H2", home=refreshed.home)

    written = {path.stem for path in (refreshed.home.outbox / "templates" / "2024H2").iterdir()}
    assert {"Thị trấn Pác Lũng", "Xã Bình Hòa", "Xã Nà Vài"} <= written


def test_nothing_that_people_read_names_the_first_district(refreshed: Run) -> None:
    """Looked for in what the run said and in the texts that it wrote; its own refusal of the foreign file names it."""
    texts = [
        path.read_text(encoding="utf-8", errors="ignore") for path in refreshed.home.reviews.rglob("*.csv")
    ]
    assert texts
    for name in ("Ea Bông", "Đắk Lắk", "Buôn Trấp", "Krông Ana"):
        assert not [text for text in texts if name in text], name
