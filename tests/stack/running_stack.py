"""The embedded services, started as an office starts them, and their API as each kind of person sees it."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil

from ingest.home import PROJECT_ROOT, WarehouseHome
from operations.installation.airflow_home import secrets_folder, services_folder
from operations.services.session import ServiceSession
from operations.services.supervisor import SESSION_FILE

# between a task's beginning to wait and the scheduler's hearing of it, on a machine that others use
SCHEDULER_HEARS_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class RunningStack:
    """One warehouse with services of its own.

    Attributes:
        home: its folder.
        port: of the API server.
        dags: the folder of DAGs; the project's own when None.
    """

    home: WarehouseHome
    port: int
    dags: Path | None = None

    def command(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run ``python -m operations ...`` on this warehouse."""
        environment = {**os.environ, "WAREHOUSE_HOME": str(self.home.root), "PYTHONPATH": str(PROJECT_ROOT)}
        if self.dags is not None:
            environment["AIRFLOW__CORE__DAGS_FOLDER"] = str(self.dags)
        ran = subprocess.run(
            [sys.executable, "-m", "operations", *arguments],
            env=environment,
            cwd=PROJECT_ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert not check or ran.returncode == 0, ran.stdout + ran.stderr
        return ran

    def up(self) -> str:
        return self.command("up", "--port", str(self.port)).stdout

    def down(self) -> str:
        return self.command("down").stdout

    @property
    def session(self) -> ServiceSession:
        session = ServiceSession.read(services_folder(self.home) / SESSION_FILE)
        assert session is not None, "the services do not run"
        return session

    def service_id(self, name: str) -> int:
        """Give the process id of a service: the one that the supervisor's log tells of last."""
        log = (services_folder(self.home) / "supervisor.log").read_text(encoding="utf-8")
        started = [line for line in log.splitlines() if f" {name} started, process " in line]
        return int(started[-1].rsplit(" ", 1)[1])

    def service(self, name: str) -> psutil.Process:
        """Give the main process of a service."""
        return psutil.Process(self.service_id(name))

    def api(self, user: str) -> "Api":
        password = (secrets_folder(self.home) / f"password_{user}").read_text(encoding="utf-8").strip()
        return Api.log_in(f"http://127.0.0.1:{self.port}", user, password)


@dataclass(frozen=True, slots=True)
class Api:
    """The REST API as one person."""

    client: httpx.Client

    @classmethod
    def log_in(cls, address: str, user: str, password: str) -> "Api":
        answer = httpx.post(
            f"{address}/auth/token", json={"username": user, "password": password}, timeout=180
        )
        assert answer.status_code == 201, answer.text
        token = answer.json()["access_token"]
        return cls(
            httpx.Client(
                base_url=f"{address}/api/v2", headers={"Authorization": f"Bearer {token}"}, timeout=180
            )
        )

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> httpx.Response:
        return self.client.request(method, path, json=body)

    def trigger(self, dag_id: str, conf: dict[str, Any] | None = None) -> str:
        answer = self.ask("POST", f"/dags/{dag_id}/dagRuns", {"logical_date": None, "conf": conf or {}})
        assert answer.status_code == 200, answer.text
        return str(answer.json()["dag_run_id"])

    def unpause(self, *dag_ids: str) -> None:
        for dag_id in dag_ids:
            answer = self.ask("PATCH", f"/dags/{dag_id}", {"is_paused": False})
            assert answer.status_code == 200, answer.text

    def task_state(self, dag_id: str, run_id: str, task_id: str) -> str | None:
        answer = self.ask("GET", f"/dags/{dag_id}/dagRuns/{run_id}/taskInstances/{task_id}")
        return answer.json()["state"] if answer.status_code == 200 else None

    def run_state(self, dag_id: str, run_id: str) -> str | None:
        answer = self.ask("GET", f"/dags/{dag_id}/dagRuns/{run_id}")
        return answer.json()["state"] if answer.status_code == 200 else None

    def waiting_approvals(self, dag_id: str, run_id: str) -> list[dict[str, Any]]:
        answer = self.ask("GET", f"/dags/{dag_id}/dagRuns/{run_id}/hitlDetails")
        assert answer.status_code == 200, answer.text
        return [detail for detail in answer.json()["hitl_details"] if not detail["response_received"]]

    def wait_for_approval(self, dag_id: str, run_id: str, seconds: float) -> dict[str, Any]:
        """Wait until a run waits for an answer that may be given; gives the request.

        Airflow takes a task for failed that is answered before its scheduler has heard that it began to wait.
        """

        def waiting() -> list[dict[str, Any]]:
            assert self.run_state(dag_id, run_id) in {"queued", "running"}
            return self.waiting_approvals(dag_id, run_id)

        request: dict[str, Any] = wait_until("the approval waits", waiting, seconds)[0]
        time.sleep(SCHEDULER_HEARS_SECONDS)
        return request


def wait_until(what: str, holds: Callable[[], Any], seconds: float = 300.0) -> Any:
    """Wait until something is true; gives what it gave."""
    until = time.monotonic() + seconds
    while not (found := holds()):
        assert time.monotonic() < until, f"not within {seconds:.0f} s: {what}"
        time.sleep(0.5)
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
