"""A file that is dropped into the inbox of the running services is loaded and answered by itself, in two minutes.

And what looks for it leaves next to nothing: no run is made while the inbox has nothing new. The tests share one start
and build on each other, in order.
"""

import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import openpyxl
import pytest

from ingest.database import open_read_only
from ingest.home import PROJECT_ROOT, WarehouseHome
from operations.housekeeping.cleaning import METADATA_ADDRESS, clean_apart
from operations.installation.airflow_home import metadata_file
from tests.stack.running_stack import Api, RunningStack, free_port, wait_until

pytestmark = pytest.mark.stack
INGEST = "ingest_submissions"
RETURN = "2023H1/BC 6T dau nam 2023 - Ea Bong.xlsx"
ANSWERED_WITHIN_SECONDS = 120.0
# what a run that finds nothing may leave: a row of the run and one a task, and the log of one task
IDLE_ROWS = 8
IDLE_LOG_BYTES = 8_000


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    """The project's own DAGs over the returns of one half-year."""
    home = WarehouseHome(tmp_path_factory.mktemp("arrival") / "home").prepare()
    sample = tmp_path_factory.mktemp("sample")
    subprocess.run(
        [sys.executable, "-m", "sample", "--into", str(sample)],
        cwd=PROJECT_ROOT,
        check=True,
        capture_output=True,
    )
    shutil.copytree(sample / "2023H1", home.inbox / "2023H1")
    running = RunningStack(home, free_port())
    with pytest.MonkeyPatch.context() as patched:
        # a workflow that is switched on is watched from its next reading on
        patched.setenv("AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL", "15")
        try:
            running.up()
            yield running
        finally:
            running.command("down", check=False)


@pytest.fixture(scope="module")
def api(served: RunningStack) -> Api:
    wait_until(
        "the workflows are read",
        lambda: served.api("xem").ask("GET", f"/dags/{INGEST}").status_code == 200,
        seconds=240,
    )
    return served.api("quantri")


def runs_of(api: Api, dag_id: str) -> list[dict[str, Any]]:
    answer = api.ask("GET", f"/dags/{dag_id}/dagRuns?order_by=-run_after&limit=100")
    assert answer.status_code == 200, answer.text
    return list(answer.json()["dag_runs"])


def tasks_of(api: Api, run_id: str) -> dict[str, dict[str, Any]]:
    answer = api.ask("GET", f"/dags/{INGEST}/dagRuns/{run_id}/taskInstances")
    return {task["task_id"]: task for task in answer.json()["task_instances"]}


def ask(home: WarehouseHome, query: str) -> list[Any]:
    def answer() -> list[Any] | None:
        try:
            with open_read_only(home.warehouse) as connection:
                return connection.execute(query).fetchall()
        except Exception:  # a task is writing it
            return None

    return list(wait_until(query, answer))


def metadata(home: WarehouseHome, query: str) -> list[Any]:
    with sqlite3.connect(f"file:{metadata_file(home)}?mode=ro", uri=True, timeout=60) as connection:
        return connection.execute(query).fetchall()


def task_log_bytes(home: WarehouseHome, run_id: str) -> int:
    folder = home.airflow / "logs" / f"dag_id={INGEST}" / f"run_id={run_id}"
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def finished(api: Api, run_id: str) -> str | None:
    """How a run has ended; None while it runs, asked with a pause, for the API server has one worker."""
    time.sleep(2)
    try:
        state = api.run_state(INGEST, run_id)
    except httpx.TimeoutException:
        return None
    return state if state in {"success", "failed"} else None


def test_switched_on_the_load_runs_and_builds_what_lies_there(api: Api, served: RunningStack) -> None:
    api.unpause(INGEST, "refresh_due")
    run = wait_until("a run is made", lambda: runs_of(api, INGEST), seconds=180)[0]
    assert wait_until("it ends", lambda: finished(api, run["dag_run_id"]), seconds=900) == "success"

    states = {name: task["state"] for name, task in tasks_of(api, run["dag_run_id"]).items()}
    assert set(states.values()) == {"success"}, states
    returns = metadata(
        served.home,
        "select partition_key from asset_event join asset on asset.id = asset_event.asset_id where name = 'returns'",
    )
    assert ("U24565|2023H1",) in returns
    assert ask(served.home, "select count(*) from reviews.submission_completeness")[0][0] > 0


def test_the_inbox_is_watched(api: Api, served: RunningStack) -> None:
    watched = wait_until(
        "the trigger runs",
        lambda: metadata(
            served.home,
            "select classpath from trigger where triggerer_id is not null and classpath like '%InboxTrigger'",
        ),
        seconds=240,
    )
    assert watched == [("operations.watching.inbox_watch.InboxTrigger",)]


def test_a_corrected_return_is_answered_within_two_minutes(api: Api, served: RunningStack) -> None:
    known = {run["dag_run_id"] for run in runs_of(api, INGEST)}
    path = served.home.inbox / RETURN
    workbook = openpyxl.load_workbook(path)
    sheet = workbook.worksheets[0]
    first_number = next(cell for row in sheet.iter_rows() for cell in row if isinstance(cell.value, int))
    first_number.value += 1
    corrected = path.with_name("Ea Bong - gui lai 6 thang dau 2023.xlsx")
    workbook.save(corrected)
    settled_at = datetime.now(UTC) + timedelta(seconds=45)

    def answering() -> dict[str, dict[str, Any]] | None:
        """The tasks of the run that answers; what the watch told of before the first load makes one that finds nothing."""
        time.sleep(2)
        for run in runs_of(api, INGEST):
            if run["dag_run_id"] not in known and run["run_type"] == "asset_triggered":
                tasks = tasks_of(api, run["dag_run_id"])
                if tasks["write_feedback"]["state"] == "success":
                    return tasks
        return None

    tasks = wait_until("it is answered", answering, seconds=900)
    loaded_at = datetime.fromisoformat(tasks["load"]["end_date"])
    answered_at = datetime.fromisoformat(tasks["write_feedback"]["end_date"])
    print(
        f"settled → loaded {(loaded_at - settled_at).total_seconds():.0f} s,"
        f" loaded → answered {(answered_at - loaded_at).total_seconds():.0f} s"
    )
    assert ask(
        served.home,
        "select max(version) from reviews.submission_completeness where unit_key = 'U24565' and period_code = '2023H1'",
    ) == [(2,)]
    assert (answered_at - loaded_at).total_seconds() < ANSWERED_WITHIN_SECONDS
    assert not served.home.current.exists()


def test_nothing_new_makes_no_run(api: Api, served: RunningStack) -> None:
    wait_until("nothing runs", lambda: all(run["state"] == "success" for run in runs_of(api, INGEST)))
    before = len(runs_of(api, INGEST))
    events = metadata(served.home, "select count(*) from asset_event")
    time.sleep(45)

    assert len(runs_of(api, INGEST)) == before
    assert metadata(served.home, "select count(*) from asset_event") == events


def test_a_run_that_finds_nothing_leaves_next_to_nothing(api: Api, served: RunningStack) -> None:
    run_id = api.trigger(INGEST)
    assert wait_until("it ends", lambda: finished(api, run_id), seconds=300) == "success"

    states = {name: task["state"] for name, task in tasks_of(api, run_id).items()}
    assert set(states.values()) == {"skipped"}
    assert len(states) + 1 <= IDLE_ROWS
    assert metadata(served.home, f"select key from xcom where run_id = '{run_id}'") == []
    size = task_log_bytes(served.home, run_id)
    print(f"an idle run leaves {size} bytes of log")
    assert size < IDLE_LOG_BYTES


def test_cleaning_takes_idle_runs_and_leaves_the_others(
    api: Api, served: RunningStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    idle = [
        run["dag_run_id"]
        for run in runs_of(api, INGEST)
        if tasks_of(api, run["dag_run_id"])["load"]["state"] == "skipped"
    ]
    others = {run["dag_run_id"] for run in runs_of(api, INGEST)}.difference(idle)
    # one more, for the newest run is always kept
    newest = api.trigger(INGEST)
    wait_until("it ends", lambda: finished(api, newest), seconds=300)
    with sqlite3.connect(metadata_file(served.home), timeout=60) as connection:
        for run_id in idle:
            connection.execute(
                "update dag_run set end_date = datetime(end_date, '-8 days') where run_id = ?", [run_id]
            )
    # as within a task, which is not given the address
    monkeypatch.setenv("AIRFLOW__DATABASE__SQL_ALCHEMY_CONN", "airflow-db-not-allowed:///")
    monkeypatch.delenv(METADATA_ADDRESS, raising=False)

    told = clean_apart(served.home)

    assert told.startswith(f"Đã dọn {len(idle)} lần chạy không có gì mới, 0 lần chạy cũ")
    left = {run["dag_run_id"] for run in runs_of(api, INGEST)}
    assert left == {*others, newest}
    orphans = metadata(
        served.home, "select count(*) from task_instance where run_id not in (select run_id from dag_run)"
    )
    assert orphans == [(0,)]
    assert all(
        not (served.home.airflow / "logs" / f"dag_id={INGEST}" / f"run_id={run_id}").exists()
        for run_id in idle
    )


def test_who_looks_at_the_inbox_costs_little(served: RunningStack) -> None:
    triggerer = served.service("triggerer")
    family = [triggerer, *triggerer.children(recursive=True)]
    before = sum(sum(process.cpu_times()[:2]) for process in family)
    time.sleep(30)
    spent = sum(sum(process.cpu_times()[:2]) for process in family) - before
    print(f"the triggerer takes {100 * spent / 30:.1f} % of a core")

    assert spent / 30 < 0.2
