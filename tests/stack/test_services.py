"""The embedded services as an office has them: one command, four processes, loopback, people with roles, no remains.

The tests of this module share one start and build on each other, in order: a start takes a minute.
"""

import os
import re
import signal
import stat
import time

import psutil
import pytest

from operations.installation.airflow_home import secrets_folder, services_folder
from operations.installation.people import FIRST_ACCOUNTS
from operations.services.session import ServiceSession
from operations.services.supervisor import declare_services
from tests.stack.running_stack import SCHEDULER_HEARS_SECONDS, Api, RunningStack, wait_until

pytestmark = pytest.mark.stack
SERVICES = [service.name for service in declare_services()]
EVERYBODY = ("xem", "nghiepvu", "duyet", "quantri")


def members_of(session: ServiceSession) -> set[int]:
    return {process.pid for process in session.members()}


def test_one_command_starts_four_services_and_shows_the_passwords_once(stack: RunningStack) -> None:
    began = time.monotonic()
    told = stack.up()

    assert told.count("✓") == 4
    assert f"Đã sẵn sàng: http://127.0.0.1:{stack.port}" in told
    for account in FIRST_ACCOUNTS:
        kept = secrets_folder(stack.home) / account.password_file
        assert kept.read_text(encoding="utf-8").strip() in told
    print(f"healthy after {time.monotonic() - began:.0f} s")


def test_a_second_start_changes_nothing_and_shows_no_password(stack: RunningStack) -> None:
    before = members_of(stack.session)
    told = stack.up()

    assert told.startswith("Hệ thống đang chạy rồi")
    assert "Tài khoản ban đầu" not in told
    assert {stack.service_id(name) for name in SERVICES} <= before


def test_the_four_are_one_process_group(stack: RunningStack) -> None:
    ids = {name: stack.service_id(name) for name in SERVICES}

    assert len(set(ids.values())) == 4
    for name, process_id in ids.items():
        assert os.getpgid(process_id) == stack.session.session_id, name
        assert psutil.Process(process_id).ppid() == stack.session.session_id, name


def test_they_listen_on_loopback_alone(stack: RunningStack) -> None:
    pids = members_of(stack.session)
    listening = [
        connection.laddr
        for connection in psutil.net_connections(kind="inet")
        if connection.pid in pids and connection.status == psutil.CONN_LISTEN
    ]

    assert listening
    assert {address.ip for address in listening} == {"127.0.0.1"}
    assert {address.port for address in listening} == {stack.port}


def test_secrets_are_for_their_owner_alone_and_stand_in_no_log(stack: RunningStack) -> None:
    folder = secrets_folder(stack.home)
    files = sorted(folder.iterdir())

    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert len(files) == 3 + len(FIRST_ACCOUNTS)
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert len((folder / "jwt_secret").read_text(encoding="utf-8").strip()) >= 64
    logs = [path.read_text(encoding="utf-8") for path in services_folder(stack.home).glob("*.log")]
    assert logs
    for path in files:
        assert all(path.read_text(encoding="utf-8").strip() not in log for log in logs), path.name


def test_a_port_in_use_is_one_sentence(stack: RunningStack, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = RunningStack(type(stack.home)(tmp_path_factory.mktemp("other")), stack.port)
    refused = other.command("up", "--port", str(stack.port), check=False)

    assert refused.returncode == 1
    assert refused.stderr.strip() == (
        f"Cổng {stack.port} đang có chương trình khác dùng. Đề nghị chọn cổng khác, ví dụ:"
        f" make up PORT={stack.port + 10}"
    )


def test_dags_wait_until_somebody_switches_them_on(stack: RunningStack) -> None:
    dags = wait_until("DAGs are read", lambda: stack.api("xem").ask("GET", "/dags").json()["dags"])

    assert {dag["dag_id"] for dag in dags} == {"asks_for_approval", "takes_a_while"}
    assert all(dag["is_paused"] for dag in dags)


@pytest.fixture(scope="module")
def people(stack: RunningStack) -> dict[str, Api]:
    return {user: stack.api(user) for user in EVERYBODY}


@pytest.fixture(scope="module")
def waiting_run(people: dict[str, Api]) -> str:
    """A run, started by an officer, that waits for approval."""
    people["quantri"].unpause("asks_for_approval", "takes_a_while")
    run_id = people["nghiepvu"].trigger("asks_for_approval")
    wait_until(
        "the approval waits",
        lambda: people["xem"].waiting_approvals("asks_for_approval", run_id),
        seconds=420,
    )
    return run_id


@pytest.mark.parametrize("user", EVERYBODY)
def test_everybody_sees_dags_runs_and_logs(people: dict[str, Api], waiting_run: str, user: str) -> None:
    run = f"/dags/asks_for_approval/dagRuns/{waiting_run}"
    for path in (
        "/dags",
        "/dags/asks_for_approval/details",
        run,
        f"{run}/taskInstances",
        f"{run}/hitlDetails",
        f"{run}/taskInstances/approve/logs/1",
    ):
        assert people[user].ask("GET", path).status_code == 200, path


RUN = "/dags/asks_for_approval/dagRuns/{run}"
MAY = [
    # who may, what
    ({"nghiepvu", "duyet", "quantri"}, "POST", "/dags/takes_a_while/dagRuns", {"logical_date": None}),
    ({"nghiepvu", "duyet", "quantri"}, "POST", RUN + "/clear", {"dry_run": True}),
    ({"quantri"}, "PATCH", "/dags/asks_for_approval", {"is_paused": False}),
    ({"quantri"}, "PATCH", "/dags?dag_id_pattern=asks", {"is_paused": False}),
    ({"quantri"}, "PATCH", RUN + "/taskInstances/approve?update_mask=note", {"note": "thử"}),
    ({"quantri"}, "PATCH", RUN + "/taskInstances/approve/dry_run", {"new_state": "success"}),
    (
        {"quantri"},
        "POST",
        "/dags/asks_for_approval/clearTaskInstances",
        {"dry_run": True, "dag_run_id": "{run}", "task_ids": ["approve"], "only_failed": False},
    ),
    ({"quantri"}, "GET", "/connections", None),
    ({"quantri"}, "GET", "/variables", None),
    ({"quantri"}, "GET", "/eventLogs", None),
    ({"quantri"}, "PATCH", "/pools/default_pool?update_mask=slots", {"name": "default_pool", "slots": 128}),
]


@pytest.mark.parametrize("may", MAY, ids=[f"{m} {p}" for _, m, p, _ in MAY])
def test_each_may_do_what_they_should_and_nothing_more(
    people: dict[str, Api],
    waiting_run: str,
    may: tuple[set[str], str, str, dict[str, object] | None],
) -> None:
    allowed, method, path, body = may
    if body and body.get("dag_run_id"):
        body = {**body, "dag_run_id": waiting_run}
    answers = {
        user: people[user].ask(method, path.format(run=waiting_run), body).status_code for user in EVERYBODY
    }
    refused = {user for user, code in answers.items() if code == 403}

    assert refused == set(EVERYBODY) - allowed, answers
    assert all(code < 400 or code == 403 for code in answers.values()), answers


def test_no_one_but_the_administrator_changes_results_deletes_runs_or_looks_after_people(
    stack: RunningStack, people: dict[str, Api], waiting_run: str
) -> None:
    users = f"http://127.0.0.1:{stack.port}/auth/fab/v1/users"
    answers = {user: people[user].client.get(users).status_code for user in EVERYBODY}
    assert answers == {"xem": 403, "nghiepvu": 403, "duyet": 403, "quantri": 200}

    run = f"/dags/asks_for_approval/dagRuns/{waiting_run}"
    for user in ("xem", "nghiepvu", "duyet"):
        assert people[user].ask("DELETE", run).status_code == 403
        result = {"key": "chosen_options", "value": ["Phê duyệt"]}
        assert people[user].ask("POST", f"{run}/taskInstances/approve/xcomEntries", result).status_code == 403


def test_the_approver_answers_and_the_officer_does_not(people: dict[str, Api], waiting_run: str) -> None:
    path = f"/dags/asks_for_approval/dagRuns/{waiting_run}/taskInstances/approve/-1/hitlDetails"
    answer = {"chosen_options": ["Phê duyệt"], "params_input": {"note": "Đã đối chiếu"}}

    for user in ("xem", "nghiepvu"):
        assert people[user].ask("PATCH", path, answer).status_code == 403, user
    assert people["xem"].waiting_approvals("asks_for_approval", waiting_run)
    # Airflow takes a task for failed that is answered before its scheduler has heard that it began to wait
    time.sleep(SCHEDULER_HEARS_SECONDS)
    answered = people["duyet"].ask("PATCH", path, answer)
    assert answered.status_code == 200
    assert answered.json()["responded_by"]["name"] == "duyet"
    wait_until(
        "the run goes on",
        lambda: people["xem"].run_state("asks_for_approval", waiting_run) == "success",
    )
    told = f"/dags/asks_for_approval/dagRuns/{waiting_run}/taskInstances/tell_who/xcomEntries/return_value"
    assert people["xem"].ask("GET", told).json()["value"] == "duyet: Đã đối chiếu"


def test_whoever_is_not_logged_in_sees_nothing(stack: RunningStack, people: dict[str, Api]) -> None:
    address = f"http://127.0.0.1:{stack.port}/api/v2/dags"
    token = people["xem"].client.headers.pop("Authorization")
    try:
        assert people["xem"].client.get(address).status_code == 401
    finally:
        people["xem"].client.headers["Authorization"] = token


def test_the_status_tells_what_runs_what_waits_and_what_is_next(
    stack: RunningStack, people: dict[str, Api]
) -> None:
    run_id = people["nghiepvu"].trigger("asks_for_approval")
    wait_until("the approval waits", lambda: people["xem"].waiting_approvals("asks_for_approval", run_id))
    told = stack.command("status").stdout

    assert told.count("✓") == 4
    assert "✗" not in told
    assert f"http://127.0.0.1:{stack.port}" in told
    assert "Công bố bản số liệu: chưa lần nào" in told
    assert re.search(r"Công bố số liệu thử \(từ \d\d:\d\d ngày \d\d/\d\d/\d{4}\)", told)
    assert "takes_a_while: khi có người yêu cầu" in told


@pytest.mark.parametrize("name", ["scheduler", "triggerer"])
def test_a_killed_service_comes_back_and_leaves_nothing_behind(stack: RunningStack, name: str) -> None:
    dead = stack.service(name)
    left_behind = {process.pid for process in dead.children(recursive=True)}
    assert left_behind
    dead.kill()

    wait_until("it is started again", lambda: stack.service_id(name) != dead.pid)
    wait_until("nothing is left of the old one", lambda: not left_behind & members_of(stack.session))
    assert psutil.pid_exists(stack.service_id(name))


def test_stopping_lets_a_running_task_end_and_leaves_nothing(
    stack: RunningStack, people: dict[str, Api]
) -> None:
    run_id = people["nghiepvu"].trigger("takes_a_while")
    wait_until(
        "the task runs",
        lambda: people["xem"].task_state("takes_a_while", run_id, "wait") == "running",
        seconds=420,
    )
    session = stack.session
    told = stack.down()

    assert told.splitlines()[-1] == "Đã dừng."
    assert not session.members()
    assert stack.down().strip() == "Hệ thống không chạy."
    assert "Hệ thống không chạy" in stack.command("status").stdout
    stack.up()
    assert stack.api("xem").task_state("takes_a_while", run_id, "wait") == "success"


def test_stopping_leaves_nothing_when_the_supervisor_was_killed(stack: RunningStack) -> None:
    session = stack.session
    services = {stack.service_id(name) for name in SERVICES}
    os.kill(session.session_id, signal.SIGKILL)
    wait_until("it is gone", lambda: session.supervisor() is None)
    assert services <= members_of(session)

    assert stack.down().splitlines()[-1] == "Đã dừng."
    assert not session.members()
