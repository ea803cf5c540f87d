"""A Docker daemon, and stand-ins for the two images that the project builds on, where no image registry can be reached.

The daemon lives in a folder of its own and ends with it. The stand-ins bear the names of the real images, so that the
project's own Dockerfile and docker-compose.yml are tried as they stand. Needs root, and Debian's docker.io,
docker-compose and debootstrap.
"""

import os
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

PYTHON_IMAGE = "python:3.11-slim-bookworm"
POSTGRES_IMAGE = "postgres:16-bookworm"
BASE_IMAGE = "debian:bookworm-slim"
CA_BUNDLE = Path("/etc/ssl/certs/ca-certificates.crt")

PYTHON_DOCKERFILE = f"""
FROM {BASE_IMAGE}
COPY ca-host.crt /etc/ca-host.crt
ENV PIP_CERT=/etc/ca-host.crt SSL_CERT_FILE=/etc/ca-host.crt REQUESTS_CA_BUNDLE=/etc/ca-host.crt
RUN apt-get update -qq \\
 && apt-get install -y -qq --no-install-recommends python3 python3-pip python3-venv >/dev/null \\
 && rm -rf /var/lib/apt/lists/* /usr/lib/python3.11/EXTERNALLY-MANAGED \\
 && ln -s /usr/bin/python3 /usr/local/bin/python && ln -s /usr/bin/python3 /usr/local/bin/python3
CMD ["python3"]
"""

# PostgreSQL 15 under the name of 16: for the test alone; honours what docker-compose.yml sets.
POSTGRES_DOCKERFILE = f"""
FROM {BASE_IMAGE}
RUN apt-get update -qq \\
 && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql >/dev/null 2>&1 \\
 && rm -rf /var/lib/apt/lists/* \\
 && ln -s /usr/lib/postgresql/15/bin/pg_isready /usr/local/bin/pg_isready
COPY start /usr/local/bin/start
RUN chmod 755 /usr/local/bin/start
VOLUME /var/lib/postgresql/data
ENTRYPOINT ["/usr/local/bin/start"]
"""
POSTGRES_START = """#!/bin/bash
set -euo pipefail
programs=/usr/lib/postgresql/15/bin
data=/var/lib/postgresql/data
as_postgres() { su postgres -s /bin/bash -c "$1"; }
chown postgres "$data"
chmod 700 "$data"
if [ ! -s "$data/PG_VERSION" ]; then
  printf %s "$POSTGRES_PASSWORD" > /tmp/password
  chown postgres /tmp/password
  as_postgres "$programs/initdb ${POSTGRES_INITDB_ARGS:-} -D $data -U $POSTGRES_USER --auth-host=scram-sha-256 --auth-local=trust \\
    --pwfile=/tmp/password" >/dev/null
  rm /tmp/password
  echo "host all all all scram-sha-256" >> "$data/pg_hba.conf"
  as_postgres "$programs/pg_ctl -D $data -o '-c listen_addresses=' -w start >/dev/null"
  as_postgres "$programs/createdb -U $POSTGRES_USER $POSTGRES_DB"
  as_postgres "$programs/pg_ctl -D $data -m fast -w stop >/dev/null"
fi
exec su postgres -s /bin/bash -c "exec $programs/postgres -D $data -c listen_addresses='*'"
"""


@dataclass(frozen=True, slots=True)
class DockerFromNothing:
    """A daemon of one's own.

    Attributes:
        folder: where all that it has lies.
    """

    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        """What a client needs to reach it; the classic builder, since Debian's has no other."""
        return {
            **os.environ,
            "DOCKER_HOST": f"unix://{self.folder}/docker.sock",
            "DOCKER_BUILDKIT": "0",
            "COMPOSE_DOCKER_CLI_BUILD": "0",
        }

    def start(self) -> "subprocess.Popen[bytes]":
        """Start the daemon and wait until it answers."""
        with (self.folder / "dockerd.log").open("wb") as log:
            daemon = subprocess.Popen(
                [
                    "dockerd",
                    *("--data-root", str(self.folder / "data"), "--exec-root", str(self.folder / "exec")),
                    *("--pidfile", str(self.folder / "pid"), "-H", f"unix://{self.folder}/docker.sock"),
                ],
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        until = time.monotonic() + 120
        while self.run("docker", "info", check=False).returncode:
            assert time.monotonic() < until and daemon.poll() is None, (
                self.folder / "dockerd.log"
            ).read_text()
            time.sleep(1)
        return daemon

    def run(
        self, *command: str, check: bool = True, cwd: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a command against the daemon."""
        ran = subprocess.run(
            command, env=self.environment, cwd=cwd, capture_output=True, text=True, check=False
        )
        assert not check or ran.returncode == 0, f"{command}\n{ran.stdout[-4000:]}\n{ran.stderr[-4000:]}"
        return ran

    def make_images(self) -> None:
        """Make Debian's base with debootstrap, and on it the two images under the names of the real ones."""
        if not self._has(BASE_IMAGE):
            base = self.folder / "base"
            subprocess.run(
                ["debootstrap", "--variant=minbase", "bookworm", str(base)], check=True, capture_output=True
            )
            tar = subprocess.Popen(["tar", "-C", str(base), "-c", "."], stdout=subprocess.PIPE)
            subprocess.run(
                ["docker", "import", "-c", 'CMD ["bash"]', "-", BASE_IMAGE],
                env=self.environment,
                stdin=tar.stdout,
                check=True,
                capture_output=True,
            )
            assert tar.wait() == 0
            shutil.rmtree(base)
        if not self._has(PYTHON_IMAGE):
            context = self._context("python", PYTHON_DOCKERFILE)
            shutil.copy(CA_BUNDLE, context / "ca-host.crt")
            self.run("docker", "build", "-q", "-t", PYTHON_IMAGE, str(context))
        if not self._has(POSTGRES_IMAGE):
            context = self._context("postgres", POSTGRES_DOCKERFILE)
            (context / "start").write_text(POSTGRES_START, encoding="utf-8")
            self.run("docker", "build", "-q", "-t", POSTGRES_IMAGE, str(context))

    def _has(self, image: str) -> bool:
        return self.run("docker", "image", "inspect", image, check=False).returncode == 0

    def _context(self, name: str, dockerfile: str) -> Path:
        context = self.folder / name
        context.mkdir(exist_ok=True)
        (context / "Dockerfile").write_text(dockerfile, encoding="utf-8")
        return context
