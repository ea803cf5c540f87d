"""One dbt for command after command: what each of them is told, and what becomes of it when somebody dies."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from build.dbt import DbtProcess
from ingest.database import open_warehouse
from ingest.home import PROJECT_ROOT, WarehouseHome
from tests.build.test_transform import PROJECT_FILES
from tests.ingest.return_files import write
from tests.publish.small_warehouse import ask

# counts for a minute or two, longer than any of these tests waits
ENDLESS = "select count(*) as n from range(3000000) as a, range(3000000) as b where a.range * b.range % 7 = 3"
METRICS = """
models: [{name: day, columns: [{name: day_on, granularity: day}], time_spine: {standard_granularity_column: day_on}}]
semantic_models:
  - name: days
    model: ref('day')
    entities: [{name: person, expr: day_on, type: primary}]
    dimensions: [{name: counted_on, expr: day_on, type: time, type_params: {time_granularity: day}}]
    measures: [{name: people, agg: sum, agg_time_dimension: counted_on}]
metrics:
  - {name: people, label: People, type: simple, type_params: {measure: people}}
  - {name: share, label: Share, type: ratio, type_params: {numerator: people, denominator: people}}
"""
BUILD_WHAT_IS_ASKED = ["build", "--select", "asked"]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name, text in {**PROJECT_FILES, "models/reviews/endless.sql": ENDLESS}.items():
        write(tmp_path / "project" / name, text.encode())
    return tmp_path / "project"


@pytest.fixture
def home(tmp_path: Path) -> WarehouseHome:
    return WarehouseHome(tmp_path / "home").prepare()


@pytest.fixture
def dbt(home: WarehouseHome, project: Path) -> Iterator[DbtProcess]:
    with DbtProcess(home, project) as dbt:
        yield dbt


def process_of(dbt: DbtProcess) -> "subprocess.Popen[str]":
    assert dbt._process is not None
    return dbt._process


def test_one_process_takes_commands_each_with_its_own_environment(
    dbt: DbtProcess, home: WarehouseHome
) -> None:
    for instant in ("2023-06-15", "2024-06-15"):
        assert dbt.run(BUILD_WHAT_IS_ASKED, {"WAREHOUSE_AS_OF": instant}).is_success
        # nobody else could open it while dbt has
        with open_warehouse(home, patience_seconds=0.1) as connection:
            assert connection.execute("select as_of from asked").fetchall() == [(instant,)]
    first = process_of(dbt).pid

    finished = dbt.run(BUILD_WHAT_IS_ASKED, {})

    assert not finished.is_success
    assert "WAREHOUSE_AS_OF" in finished.output  # the one before is forgotten
    assert process_of(dbt).pid == first


def test_a_project_with_metrics_is_read_once_for_all_commands(dbt: DbtProcess, project: Path) -> None:
    """Where there are metrics dbt looks up models while it writes its manifest, after each command."""
    write(project / "models" / "core" / "day.sql", b"select date '2023-06-15' as day_on, 1 as people")
    write(project / "models" / "core" / "metrics.yml", METRICS.encode())

    for _ in range(2):
        finished = dbt.run(["build", "--select", "day"], {})
        assert finished.is_success, finished.output


def test_what_dbt_said_of_the_command_before_is_not_said_again(dbt: DbtProcess) -> None:
    assert "PASS=1" in dbt.run(BUILD_WHAT_IS_ASKED, {"WAREHOUSE_AS_OF": "x"}).output

    finished = dbt.run(["build", "--no-such-option"], {})

    assert not finished.is_success
    assert "--no-such-option" in finished.output
    assert "PASS" not in finished.output


def test_files_that_changed_in_between_are_read_when_asked(
    dbt: DbtProcess, home: WarehouseHome, project: Path
) -> None:
    assert dbt.run(BUILD_WHAT_IS_ASKED, {"WAREHOUSE_AS_OF": "x"}).is_success
    write(project / "models" / "staging" / "asked.sql", b"select 'another' as as_of")

    assert dbt.read_project().is_success
    assert dbt.run(BUILD_WHAT_IS_ASKED, {}).is_success
    assert ask(home.warehouse, "select as_of from asked") == [("another",)]


def test_a_project_that_is_not_understood_says_why_and_is_read_again(dbt: DbtProcess, project: Path) -> None:
    broken = project / "models" / "core" / "broken.sql"
    write(broken, b"select * from {{ ref('absent') }}")
    assert "absent" in dbt.run(BUILD_WHAT_IS_ASKED, {"WAREHOUSE_AS_OF": "x"}).output
    broken.unlink()

    assert dbt.read_project().is_success
    assert dbt.run(BUILD_WHAT_IS_ASKED, {"WAREHOUSE_AS_OF": "x"}).is_success


def test_a_dbt_that_is_killed_is_a_failure_and_the_next_command_has_another(
    dbt: DbtProcess, home: WarehouseHome
) -> None:
    assert dbt.read_project().is_success
    process_of(dbt).kill()

    finished = dbt.run(BUILD_WHAT_IS_ASKED, {"WAREHOUSE_AS_OF": "x"})

    assert not finished.is_success
    assert f"exit code {-signal.SIGKILL}" in finished.output
    assert dbt.run(BUILD_WHAT_IS_ASKED, {"WAREHOUSE_AS_OF": "x"}).is_success
    assert ask(home.warehouse, "select as_of from asked") == [("x",)]


def test_an_answer_that_is_none_ends_the_process(
    home: WarehouseHome, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("build.dbt.PROGRAM", "tests.build.talks_nonsense")
    with DbtProcess(home, project) as dbt:
        finished = dbt.run(BUILD_WHAT_IS_ASKED, {"WAREHOUSE_AS_OF": "x"})
        assert dbt._process is None

    assert not finished.is_success
    assert "ended in the middle" in finished.output


def test_it_ends_with_whoever_started_it_and_leaves_the_database(home: WarehouseHome, project: Path) -> None:
    building = (
        "import sys; from pathlib import Path; from build.dbt import DbtProcess; from ingest.home import WarehouseHome\n"
        "with DbtProcess(WarehouseHome(Path(sys.argv[1])), Path(sys.argv[2])) as dbt:\n"
        "    print(dbt.read_project().is_success, dbt._process.pid, flush=True)\n"
        "    dbt.run(['build', '--select', 'endless'], {})\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", building, str(home.root), str(project)],
        stdout=subprocess.PIPE,
        cwd=PROJECT_ROOT,
        env={**os.environ, "PYTHONPATH": str(PROJECT_ROOT)},
        text=True,
    ) as parent:
        assert parent.stdout is not None
        is_read, pid = parent.stdout.readline().split()
        assert is_read == "True"
        child = psutil.Process(int(pid))
        while not home.warehouse.exists():
            assert child.is_running()
        parent.kill()

    child.wait(timeout=10)
    with open_warehouse(home, patience_seconds=5):
        pass
