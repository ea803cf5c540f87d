"""Whether the services are well, as the API server tells in one request."""

import json
import urllib.error
import urllib.request
from dataclasses import dataclass

ASK_SECONDS = 10.0
# A key of the answer, and what the office calls the service.
LABELS_VI = {
    "api_server": "giao diện web",
    "scheduler": "bộ lập lịch và chạy việc",
    "dag_processor": "bộ đọc quy trình",
    "triggerer": "bộ chờ phê duyệt và sự kiện",
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
        with urllib.request.urlopen(f"{address}/api/v2/monitor/health", timeout=ASK_SECONDS) as response:  # noqa: S310
            return read_health(response.read())
    except (OSError, ValueError, AttributeError):
        return NOTHING_WELL
