"""How long a service that dies waits before it is started again, and when one that lives is taken for dead."""

import subprocess
import sys
from collections.abc import Iterator

import pytest

from operations.services.health import LABELS_VI, NOTHING_WELL, Health
from operations.services.supervisor import (
    HUNG_AFTER_SECONDS,
    LONGEST_DELAY_SECONDS,
    WELL_AFTER_SECONDS,
    Service,
    declare_services,
    note_health,
)


def test_one_that_dies_young_waits_twice_as_long_each_time_up_to_a_minute() -> None:
    service = Service("scheduler")
    waits = [service.note_end(now=10.0) for _ in range(9)]

    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert service.starts_at == 10.0 + LONGEST_DELAY_SECONDS


def test_one_that_had_run_well_is_started_again_at_once() -> None:
    service = Service("scheduler")
    for _ in range(5):
        service.note_end(now=1.0)

    assert service.note_end(now=1.0 + WELL_AFTER_SECONDS) == 1
    assert service.delay == 2


@pytest.fixture
def living() -> Iterator[list[Service]]:
    """All four, as if started at 0; one process stands for each."""
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    services = declare_services()
    for service in services:
        service.process = process
    yield services
    process.kill()
    process.wait()


def hung(services: list[Service], now: float) -> set[str]:
    return {service.name for service in services if service.is_hung(now)}


def test_one_that_lives_without_being_well_is_taken_for_dead(living: list[Service]) -> None:
    later = HUNG_AFTER_SECONDS + 1
    note_health(living, Health(frozenset(LABELS_VI) - {"dag_processor"}, is_metadata_well=True), later)

    assert hung(living, now=later) == {"dag-processor"}
    assert not hung(living, now=HUNG_AFTER_SECONDS - 1)


def test_when_the_api_server_is_silent_nothing_is_known_of_the_others(living: list[Service]) -> None:
    later = HUNG_AFTER_SECONDS + 1
    note_health(living, NOTHING_WELL, later)

    assert hung(living, now=later) == {"api-server"}
