"""The deployed form, from nothing: daemon, image, Postgres, returns in the inbox, an edition, a death each, an upgrade.

Runs the project's own Makefile, Dockerfile and docker-compose.yml on a copy of the working tree. The tests are one story
and build on each other, in order.
"""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from ingest.home import PROJECT_ROOT
from operations.installation.container_settings import make_values, read_settings
from tests.stack.docker_from_nothing import DockerFromNothing
from tests.stack.running_stack import Api, free_port, wait_until

pytestmark = pytest.mark.compose
SERVICES = ("api-server", "scheduler", "dag-processor", "triggerer")
# a folder that outlives the test spares making the base images anew
KEPT_DOCKER = os.environ.get("WAREHOUSE_TEST_DOCKER")


@dataclass(frozen=True, slots=True)
class Deployment:
    """A copy of the project whose containers run."""

    docker: DockerFromNothing
    project: Path

    @property
    def settings(self) -> dict[str, str]:
        return read_settings(self.project / ".env")

    @property
    def data(self) -> Path:
        return self.project / self.settings["WAREHOUSE_DATA"]

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.settings['PORT']}"

    def make(self, target: str, version: str = "test-1") -> str:
        return self.docker.run("make", target, f"CODE_VERSION={version}", cwd=self.project).stdout

    def compose(self, *arguments: str) -> str:
        return self.docker.run("docker-compose", *arguments, cwd=self.project).stdout

    def inspect(self, service: str, wanted: str) -> str:
        container = self.compose("ps", "-q", service).strip()
        return self.docker.run("docker", "inspect", "-f", wanted, container).stdout.strip()

    def api(self, user: str) -> Api:
        return Api.log_in(self.address, user, self.settings[f"WAREHOUSE_PASSWORD_{user.upper()}"])

    def wait_until_well(self) -> None:
        for service in (*SERVICES, "postgres"):
            wait_until(
                f"{service} is well",
                lambda service=service: self.inspect(service, "{{.State.Health.Status}}") == "healthy",
                seconds=420,
            )


@pytest.fixture(scope="module")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    folder = Path(KEPT_DOCKER) if KEPT_DOCKER else tmp_path_factory.mktemp("docker")
    folder.mkdir(exist_ok=True)
    docker = DockerFromNothing(folder)
    daemon = docker.start()
    try:
        docker.make_images()
        deployed = Deployment(docker, _copy_project(tmp_path_factory.mktemp("project")))
        try:
            yield deployed
        finally:
            docker.run(
                "docker-compose", "down", "--volumes", "--timeout", "5", check=False, cwd=deployed.project
            )
    finally:
        daemon.send_signal(signal.SIGTERM)
        daemon.wait(60)
        if not KEPT_DOCKER:
            shutil.rmtree(folder, ignore_errors=True)


def _copy_project(into: Path) -> Path:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=PROJECT_ROOT,
        capture_output=True,
        check=True,
    )
    for name in filter(None, listed.stdout.decode().split("\0")):
        # the whole of it but tests: what is built must not need them
        if (PROJECT_ROOT / name).is_file() and not name.startswith("tests/"):
            (into / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(PROJECT_ROOT / name, into / name)
    return into


def test_without_settings_the_start_says_what_to_do(deployment: Deployment) -> None:
    refused = deployment.docker.run("docker-compose", "config", check=False, cwd=deployment.project)

    assert refused.returncode
    assert "Run `make env` first" in refused.stderr


def test_settings_are_made_once_and_for_their_owner_alone(deployment: Deployment) -> None:
    deployment.make("env")
    path = deployment.project / ".env"
    made = path.read_text(encoding="utf-8")

    assert path.stat().st_mode & 0o777 == 0o600
    assert len(deployment.settings["AIRFLOW_JWT_SECRET"]) >= 64
    assert all(deployment.settings[name] for name in make_values(0, 0))
    assert "giữ nguyên" in deployment.make("env")
    assert path.read_text(encoding="utf-8") == made
    path.write_text(made.replace("PORT=8080", f"PORT={free_port()}"), encoding="utf-8")


def test_one_command_brings_everything_up(deployment: Deployment) -> None:
    told = deployment.make("compose-up")

    assert told.count("✓") == 4
    deployment.wait_until_well()
    assert deployment.inspect("airflow-init", "{{.State.ExitCode}}") == "0"


def test_services_run_without_rights_and_write_nothing_but_the_data(deployment: Deployment) -> None:
    for service in SERVICES:
        user = deployment.compose("exec", "-T", service, "id", "-u").strip()
        assert user == deployment.settings["WAREHOUSE_UID"] != "0", service
        attempt = ("exec", "-T", service, "sh", "-c", "touch /app/x 2>/dev/null || echo refused")
        assert deployment.compose(*attempt).strip() == "refused", service
    assert deployment.inspect("api-server", "{{json .HostConfig.PortBindings}}") == (
        f'{{"8080/tcp":[{{"HostIp":"127.0.0.1","HostPort":"{deployment.settings["PORT"]}"}}]}}'
    )
    # first passwords are for the one service that makes accounts
    assert "WAREHOUSE_PASSWORD" not in deployment.inspect("scheduler", "{{json .Config.Env}}")


def test_returns_in_the_inbox_are_loaded_by_themselves(deployment: Deployment) -> None:
    subprocess.run(
        [sys.executable, "-m", "sample", "--into", str(deployment.data / "inbox")],
        cwd=PROJECT_ROOT,
        env={**os.environ, "PYTHONPATH": str(PROJECT_ROOT)},
        check=True,
        capture_output=True,
    )
    dags = wait_until("DAGs are read", lambda: deployment.api("xem").ask("GET", "/dags").json()["dags"])
    assert all(dag["is_paused"] for dag in dags)
    administrator = deployment.api("quantri")
    administrator.unpause("ingest_submissions")

    def last_run() -> bool:
        runs = administrator.ask("GET", "/dags/ingest_submissions/dagRuns?order_by=-run_after").json()[
            "dag_runs"
        ]
        assert all(run["state"] != "failed" for run in runs)
        return any(run["state"] == "success" for run in runs)

    wait_until("a load went well", last_run, seconds=1500)
    status = deployment.make("compose-status")
    assert "Tiếp nhận báo cáo mới: chưa lần nào" not in status
    assert status.count("✓") == 4


def test_a_refresh_survives_the_death_of_every_service(deployment: Deployment) -> None:
    """Each service is killed once while the refresh runs; the last one to be killed is Postgres."""
    deployment.api("quantri").unpause("semiannual_refresh")
    run_id = deployment.api("nghiepvu").trigger("semiannual_refresh", {"period": "2023H1"})
    victims = [*SERVICES, "postgres"]
    for service in victims:
        pid = int(deployment.inspect(service, "{{.State.Pid}}"))
        os.kill(pid, signal.SIGKILL)
        wait_until(
            f"{service} is started again",
            lambda service=service, pid=pid: (
                int(deployment.inspect(service, "{{.State.Pid}}")) not in (0, pid)
            ),
        )
    deployment.wait_until_well()
    approver = deployment.api("duyet")

    approver.wait_for_approval("semiannual_refresh", run_id, seconds=2400)
    assert "Chờ người phê duyệt\n  không có" not in deployment.make("compose-status")
    answered = approver.ask(
        "PATCH",
        f"/dags/semiannual_refresh/dagRuns/{run_id}/taskInstances/approve_edition/-1/hitlDetails",
        {"chosen_options": ["Phê duyệt"], "params_input": {"note": "Đã đối chiếu với bản giấy"}},
    )
    assert answered.status_code == 200, answered.text

    def is_over() -> bool:
        state = approver.run_state("semiannual_refresh", run_id)
        assert state != "failed"
        return state == "success"

    wait_until("the refresh went well", is_over, seconds=1200)


def test_the_edition_is_for_readers_and_names_the_code_without_git(deployment: Deployment) -> None:
    editions = list((deployment.data / "editions").glob("*.duckdb"))
    assert len(editions) == 1
    with duckdb.connect(str(deployment.data / "current.duckdb"), read_only=True) as connection:
        made = connection.execute(
            "select code_version, approved_by, approval_note from meta.edition"
        ).fetchall()
        figures = connection.execute(
            "select count(*) from reviews.halfyear_review where period_code = '2023H1' and value is not null"
        ).fetchall()
    assert made == [("test-1", "duyet", "Đã đối chiếu với bản giấy")]
    assert figures[0][0] > 0
    assert list((deployment.data / "outbox" / "reviews").glob("halfyear_2023H1.csv"))


def test_an_upgrade_keeps_data_accounts_and_history(deployment: Deployment) -> None:
    before = deployment.api("xem").ask("GET", "/dags/semiannual_refresh/dagRuns").json()["total_entries"]
    edition = (deployment.data / "current.duckdb").read_bytes()
    deployment.make("compose-upgrade", version="test-2")

    assert before
    deployment.wait_until_well()
    for service in SERVICES:
        assert deployment.inspect(service, "{{.Config.Image}}") == "womens-union-warehouse:test-2"
    viewer = deployment.api("xem")
    assert viewer.ask("GET", "/dags/semiannual_refresh/dagRuns").json()["total_entries"] == before
    assert not viewer.ask("GET", "/dags/ingest_submissions").json()["is_paused"]
    assert (deployment.data / "current.duckdb").read_bytes() == edition


def test_stopping_removes_containers_and_keeps_what_they_made(deployment: Deployment) -> None:
    deployment.make("compose-down", version="test-2")

    assert not deployment.compose("ps", "-q").strip()
    assert deployment.docker.run("docker", "volume", "ls", "-q").stdout.strip()
    assert (deployment.data / "current.duckdb").exists()
