"""Whether the services are well, as the API server tells in one request.

``python -m operations.services.health scheduler http://api-server:8080`` is the health check of a container, ``all`` waits until
everything is well. It imports nothing but Python's own library: it runs every half minute in each container.
"""

import json
import sys
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass

ASK_SECONDS = 10.0
# the services are on this machine or its network: a proxy for the internet knows nothing of them
_DIRECTLY = urllib.request.build_opener(urllib.request.ProxyHandler({}))
ASK_EVERY_SECONDS = 1.0
WELL_WITHIN_SECONDS = 300.0
# A key of the answer, and what the office calls the service.
LABELS_VI = {
    "api_server": "giao diện web",
    "scheduler": "bộ lập lịch và chạy việc",
    "dag_processor": "bộ đọc quy trình",
    "triggerer": "bộ chờ phê duyệt và chờ tệp mới",
}


@dataclass(frozen=True, slots=True)
class Health:
    """Which of the services answer.

    Attributes:
        well: keys of ``LABELS_VI`` whose services are well.
        is_metadata_well: Airflow's own database answers.
    """

    well: frozenset[str]
    is_metadata_well: bool

    @property
    def is_all_well(self) -> bool:
        """All four and the database."""
        return self.is_metadata_well and self.well == frozenset(LABELS_VI)


NOTHING_WELL = Health(frozenset(), is_metadata_well=False)


def read_health(answer: bytes) -> Health:
    """Read the answer of ``/api/v2/monitor/health``; a service that never began has no status."""
    told = json.loads(answer)
    well = {name for name in LABELS_VI if told.get(name, {}).get("status") == "healthy"}
    return Health(
        frozenset(well | {"api_server"}),
        is_metadata_well=told.get("metadatabase", {}).get("status") == "healthy",
    )


def ask_health(address: str) -> Health:
    """Ask the API server; one that does not answer, or not this, is not well.

    Args:
        address: such as ``http://127.0.0.1:8080``.
    """
    try:
        with _DIRECTLY.open(f"{address}/api/v2/monitor/health", timeout=ASK_SECONDS) as response:
            return read_health(response.read())
    except (OSError, ValueError, AttributeError):
        return NOTHING_WELL


class NotWellError(RuntimeError):
    """Services did not get well in time; the text names them in Vietnamese."""


def wait_until_well(address: str, give_up: Callable[[], None] = lambda: None) -> None:
    """Wait until all services are well, and tell each that gets there.

    Args:
        address: of the API server.
        give_up: called each time it asks; raises when waiting longer is of no use.

    Raises:
        NotWellError: five minutes were not enough.
    """
    began = time.monotonic()
    told: set[str] = set()
    while True:
        health = ask_health(address)
        seconds = time.monotonic() - began
        for name, label in LABELS_VI.items():
            if name in health.well - told:
                print(f"  ✓ {label} ({seconds:.0f} giây)", flush=True)
        told |= health.well
        if health.is_all_well:
            print(f"Đã sẵn sàng: {address}")
            return
        give_up()
        if seconds > WELL_WITHIN_SECONDS:
            waiting = ", ".join(label for name, label in LABELS_VI.items() if name not in health.well)
            raise NotWellError(f"Sau {seconds:.0f} giây vẫn chưa sẵn sàng: {waiting or 'cơ sở dữ liệu'}.")
        time.sleep(ASK_EVERY_SECONDS)


def main(service: str, address: str) -> int:
    """Say by the exit code whether a service is well, or wait for ``all``."""
    if service != "all":
        return 0 if service in ask_health(address).well else 1
    try:
        wait_until_well(address)
    except NotWellError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
