"""The profile ``bi`` of docker-compose.yml: its image, built from nothing, shows editions of the folder that it sees.

Runs the project's own Dockerfile and compose file on a copy of the working tree, with an edition made here of no more than
its own description; a chart that asks for a table of figures is what ``make test-bi`` is for.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from ingest.home import PROJECT_ROOT
from operations.installation.container_settings import read_settings
from tests.bi.running_superset import EDITION_CHART, Visitor
from tests.bi.test_superset import context_of
from tests.stack.docker_from_nothing import DockerFromNothing
from tests.stack.running_stack import free_port

pytestmark = pytest.mark.compose
# a folder that outlives the test spares making the base images anew
KEPT_DOCKER = os.environ.get("WAREHOUSE_TEST_DOCKER")
WELL_WITHIN_SECONDS = 600
LEFT_OUT = (".venv*", ".git", ".tools", "data", "__pycache__", ".*_cache")
USER = 50000


@dataclass(frozen=True, slots=True)
class Dashboards:
    """A copy of the project whose dashboards run in their container."""

    docker: DockerFromNothing
    project: Path

    @property
    def settings(self) -> dict[str, str]:
        return read_settings(self.project / ".env")

    @property
    def editions(self) -> Path:
        return self.project / self.settings["WAREHOUSE_DATA"] / "editions"

    def compose(self, *arguments: str, check: bool = True) -> str:
        command = ("docker-compose", "--profile", "bi", *arguments)
        return self.docker.run(*command, cwd=self.project, check=check).stdout

    def issue(self, name: str, as_of: str) -> None:
        """Put an edition into the folder, as an approval does."""
        path = self.editions / f"{name}.duckdb"
        with duckdb.connect() as connection:
            connection.execute(f"attach '{path}' as edition (storage_version 'v1.2.0')")
            connection.execute("create schema edition.meta")
            connection.execute(
                "create table edition.meta.edition as select ? as edition_id, ?::timestamptz as as_of,"
                " ?::timestamptz as issued_at, 1 as input_submissions",
                [name, as_of, as_of],
            )
        path.with_suffix("").mkdir()
        manifest = {"as_of": as_of, "issued_at": as_of, "is_issued": True}
        (path.with_suffix("") / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
        for made in (path, path.with_suffix(""), path.with_suffix("") / "manifest.json"):
            os.chown(made, USER, USER)


@pytest.fixture(scope="module")
def dashboards(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dashboards]:
    folder = Path(KEPT_DOCKER) if KEPT_DOCKER else tmp_path_factory.mktemp("docker")
    folder.mkdir(exist_ok=True)
    docker = DockerFromNothing(folder)
    daemon = docker.start()
    project = tmp_path_factory.mktemp("deployed") / "project"
    shutil.copytree(PROJECT_ROOT, project, ignore=shutil.ignore_patterns(*LEFT_OUT), symlinks=True)
    made = Dashboards(docker, project)
    try:
        docker.make_images()
        subprocess.run(
            [sys.executable, "-m", "operations.installation.container_settings"],
            cwd=project,
            env={**os.environ, "PYTHONPATH": str(project)},
            check=True,
        )
        settings = project / ".env"
        written = settings.read_text(encoding="utf-8").replace("BI_PORT=8088", f"BI_PORT={free_port()}")
        settings.write_text(written, encoding="utf-8")
        made.issue("edition_20260101t000000_aaaaaaaa", "2026-01-01T00:00:00Z")
        made.compose("build", "superset")
        made.compose("up", "-d", "superset")
        yield made
    finally:
        made.compose("down", check=False)
        daemon.terminate()
        daemon.wait(timeout=60)


def wait_until_healthy(dashboards: Dashboards) -> None:
    container = dashboards.compose("ps", "-q", "superset").strip()
    until = time.monotonic() + WELL_WITHIN_SECONDS
    status = ""
    while status != "healthy":
        assert time.monotonic() < until, dashboards.docker.run("docker", "logs", "--tail", "40", container)
        time.sleep(3)
        shown = dashboards.docker.run("docker", "inspect", "-f", "{{.State.Health.Status}}", container)
        status = shown.stdout.strip()


def test_the_container_shows_the_editions_that_it_sees_and_nothing_else(dashboards: Dashboards) -> None:
    wait_until_healthy(dashboards)
    inside = ("exec", "-T", "superset", "sh", "-c")
    assert dashboards.compose(*inside, "id -u").strip() == str(USER)
    left = dashboards.compose(
        *inside,
        "touch /editions/a /app/a 2>/dev/null; ls /editions /app/a /warehouse 2>/dev/null",
        check=False,
    )
    assert set(left.split()) == {
        "/editions:",
        "edition_20260101t000000_aaaaaaaa",
        "edition_20260101t000000_aaaaaaaa.duckdb",
    }

    settings = dashboards.settings
    viewer = Visitor(f"http://127.0.0.1:{settings['BI_PORT']}").log_in(
        "xem", settings["WAREHOUSE_PASSWORD_XEM"]
    )
    for name, as_of in (
        ("edition_20260101t000000_aaaaaaaa", None),
        # a new one shows on the next page, without a restart
        ("edition_20260102t000000_bbbbbbbb", "2026-01-02T00:00:00Z"),
    ):
        if as_of:
            dashboards.issue(name, as_of)
        assert viewer.open_dashboard("so-ket") == name
        rows = viewer.rows_of(context_of(viewer, "so-ket")[EDITION_CHART])
        assert [row["edition_id"] for row in rows] == [name]


def test_without_its_secrets_it_says_what_is_missing(dashboards: Dashboards) -> None:
    told = dashboards.docker.run(
        *("docker-compose", "--profile", "bi", "run", "--rm", "-T", "-e", "BI_SECRET_KEY=", "superset"),
        cwd=dashboards.project,
        check=False,
    )
    assert told.returncode
    assert "Thiếu BI_SECRET_KEY trong tệp .env" in told.stdout + told.stderr
