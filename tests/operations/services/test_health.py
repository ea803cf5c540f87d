"""What the API server's answer means."""

import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

from ingest.home import PROJECT_ROOT
from operations.services.health import LABELS_VI, ask_health, read_health


def answer(**statuses: str | None) -> bytes:
    return json.dumps({name: {"status": status} for name, status in statuses.items()}).encode()


def test_all_is_well_when_every_service_and_the_database_are() -> None:
    told = answer(metadatabase="healthy", scheduler="healthy", triggerer="healthy", dag_processor="healthy")

    assert read_health(told).is_all_well
    assert read_health(told).well == set(LABELS_VI)


def test_one_that_never_began_or_has_died_is_not_well() -> None:
    health = read_health(
        answer(metadatabase="healthy", scheduler="unhealthy", triggerer=None, dag_processor="healthy")
    )

    assert health.well == {"api_server", "dag_processor"}
    assert not health.is_all_well


def test_a_database_that_does_not_answer_is_not_well() -> None:
    told = answer(metadatabase="unhealthy", scheduler="healthy", triggerer="healthy", dag_processor="healthy")

    assert not read_health(told).is_all_well


def test_nobody_at_the_address_is_no_error() -> None:
    assert not ask_health("http://127.0.0.1:9").well


def test_a_proxy_for_the_internet_is_not_asked_for_the_services() -> None:
    class Pages(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(answer(metadatabase="healthy", scheduler="healthy"))

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Pages) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        asked = subprocess.run(
            [
                sys.executable,
                "-m",
                "operations.services.health",
                "scheduler",
                f"http://127.0.0.1:{server.server_port}",
            ],
            env={**os.environ, "PYTHONPATH": str(PROJECT_ROOT), "http_proxy": "http://127.0.0.1:9"},
            check=False,
        )
        server.shutdown()

    assert asked.returncode == 0
