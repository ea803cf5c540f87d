"""A half-year as an office lives it, on the real services: returns are dropped, loaded by themselves, approved, published.

Driven by the API alone, each person with their own password. The tests share one start and build on each other, in order.
"""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ingest.database import open_read_only
from ingest.home import PROJECT_ROOT, WarehouseHome
from publish.editions.candidate import waiting_candidates
from publish.editions.current import current_edition
from tests.stack.running_stack import Api, RunningStack, free_port, wait_until

pytestmark = pytest.mark.stack
REFRESH = "semiannual_refresh"
LONG = 900.0
FIRST_UNIT, SECOND_UNIT = "*Ea Bong*", "*Buon Trap*"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    """Services with the project's own DAGs on an empty warehouse, started."""
    home = WarehouseHome(tmp_path_factory.mktemp("office") / "home").prepare()
    running = RunningStack(home, free_port())
    try:
        running.up()
        yield running
    finally:
        running.command("down", check=False)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus")
    subprocess.run(
        [sys.executable, "-m", "sample", "--into", str(folder)],
        cwd=PROJECT_ROOT,
        check=True,
        capture_output=True,
    )
    return folder / "2023H1"


@pytest.fixture(scope="module")
def officer(office: RunningStack) -> Api:
    return office.api("nghiepvu")


@pytest.fixture(scope="module")
def approver(office: RunningStack) -> Api:
    return office.api("duyet")


def drop(office: RunningStack, corpus: Path, pattern: str) -> int:
    files = sorted(corpus.glob(pattern))
    assert files, f"no {pattern} in {sorted(path.name for path in corpus.iterdir())}"
    folder = office.home.inbox / "2023H1"
    folder.mkdir(exist_ok=True)
    for file in files:
        shutil.copy2(file, folder)
    return len(files)


def ask_working_database(home: WarehouseHome, sql: str) -> list[tuple[Any, ...]]:
    """Ask between two tasks that write; None of an answer is waited for."""

    def answer() -> list[tuple[Any, ...]] | None:
        try:
            with open_read_only(home.warehouse) as connection:
                return [tuple(row) for row in connection.execute(sql).fetchall()] or None
        except duckdb.Error:
            return None

    found: list[tuple[Any, ...]] = wait_until(sql, answer, LONG)
    return found


def wait_for_load(office: RunningStack, files: int) -> None:
    wait_until(
        "the returns are loaded",
        lambda: (
            ask_working_database(
                office.home, "select count(*) from raw.submissions where verdict <> 'rejected'"
            )[0][0]
            >= files
        ),
        LONG,
    )


def start_refresh(api: Api) -> str:
    run_id = api.trigger(REFRESH, {"period": "2023H1"})
    api.wait_for_approval(REFRESH, run_id, LONG)
    return run_id


def answer(api: Api, run_id: str, option: str, note: str) -> int:
    path = f"/dags/{REFRESH}/dagRuns/{run_id}/taskInstances/approve_edition/-1/hitlDetails"
    body = {"chosen_options": [option], "params_input": {"note": note}}
    return api.ask("PATCH", path, body).status_code


def wait_for_end(api: Api, run_id: str) -> str:
    ended: str = wait_until(
        "the run ends",
        lambda: (state := api.run_state(REFRESH, run_id)) in {"success", "failed"} and state,
        LONG,
    )
    return ended


def test_switching_the_refresh_on_publishes_nothing_of_the_past(office: RunningStack) -> None:
    administrator = office.api("quantri")
    wait_until(
        "DAGs are read",
        lambda: (
            administrator.ask("GET", f"/dags/{REFRESH}").status_code == 200
            and administrator.ask("GET", "/dags/ingest_submissions").status_code == 200
        ),
        LONG,
    )
    administrator.unpause("ingest_submissions", REFRESH)

    (run,) = wait_until(
        "Airflow makes up for the last slot",
        lambda: administrator.ask("GET", f"/dags/{REFRESH}/dagRuns").json()["dag_runs"],
        LONG,
    )
    assert run["run_type"] == "scheduled"
    assert wait_for_end(administrator, run["dag_run_id"]) == "success"
    tasks = administrator.ask("GET", f"/dags/{REFRESH}/dagRuns/{run['dag_run_id']}/taskInstances").json()
    assert {task["state"] for task in tasks["task_instances"]} == {"skipped"}
    assert current_edition(office.home) is None


@pytest.mark.parametrize(
    "conf",
    [{"as_of": "30/06/2023"}, {"as_of": "2023-13-01"}, {"period": "2023"}, {"period": None}],
    ids=str,
)
def test_what_cannot_work_is_refused_by_the_form(officer: Api, conf: dict[str, object]) -> None:
    refused = officer.ask("POST", f"/dags/{REFRESH}/dagRuns", {"logical_date": None, "conf": conf})
    assert refused.status_code == 400


def test_a_back_fill_by_airflow_is_not_offered(office: RunningStack) -> None:
    body = {"dag_id": REFRESH, "from_date": "2020-01-01T00:00:00Z", "to_date": "2021-01-01T00:00:00Z"}
    assert office.api("quantri").ask("POST", "/backfills", body).status_code in {400, 422}


def test_a_day_to_come_fails_at_once_and_is_not_tried_again(officer: Api) -> None:
    run_id = officer.trigger(REFRESH, {"as_of": "2099-01-01"})
    assert wait_for_end(officer, run_id) == "failed"
    task = officer.ask("GET", f"/dags/{REFRESH}/dagRuns/{run_id}/taskInstances/check_inputs").json()
    assert task["try_number"] == 1


def test_returns_are_loaded_approved_and_published(
    office: RunningStack, corpus: Path, officer: Api, approver: Api
) -> None:
    wait_for_load(office, drop(office, corpus, FIRST_UNIT))
    run_id = start_refresh(officer)
    assert current_edition(office.home) is None
    (candidate,) = waiting_candidates(office.home)
    (request,) = officer.waiting_approvals(REFRESH, run_id)
    assert request["subject"].startswith("Phê duyệt số liệu 6 tháng đầu năm 2023")
    assert "### Số liệu chính: Huyện Krông Ana" in request["body"]
    assert request["options"] == ["Phê duyệt", "Không phê duyệt"]

    assert answer(officer, run_id, "Phê duyệt", "Tự duyệt.") == 403
    assert answer(approver, run_id, "Phê duyệt", "Đã đối chiếu.") == 200
    assert wait_for_end(officer, run_id) == "success"

    edition = current_edition(office.home)
    assert edition is not None
    assert edition.edition_id == candidate.edition_id
    assert edition.approval is not None
    assert (edition.approval.approved_by, edition.approval.note) == ("duyet", "Đã đối chiếu.")
    assert officer.task_state(REFRESH, run_id, "record_refusal") == "skipped"
    assert (office.home.outbox / "reviews" / "halfyear_2023H1.csv").exists()
    assert ask_working_database(office.home, "select distinct edition_id from raw.issued_figures") == [
        (edition.edition_id,)
    ]


def test_a_refusal_publishes_nothing_and_is_no_failure(
    office: RunningStack, corpus: Path, officer: Api, approver: Api
) -> None:
    before = current_edition(office.home)
    known = ask_working_database(office.home, "select count(*) from raw.submissions")[0][0]
    wait_for_load(office, known + drop(office, corpus, SECOND_UNIT))
    run_id = start_refresh(officer)
    (candidate,) = waiting_candidates(office.home)

    assert answer(approver, run_id, "Không phê duyệt", "Thị trấn còn gửi lại.") == 200
    assert wait_for_end(officer, run_id) == "success"

    assert current_edition(office.home) == before
    assert waiting_candidates(office.home) == ()
    assert officer.task_state(REFRESH, run_id, "issue_edition") == "skipped"
    assert officer.task_state(REFRESH, run_id, "write_halfyear_review") == "skipped"
    assert ask_working_database(
        office.home,
        "select edition_id, is_approved, decided_by, note from raw.refresh_decisions order by decided_at",
    )[1:] == [(candidate.edition_id, False, "duyet", "Thị trấn còn gửi lại.")]
