"""How long a service that dies waits before it is started again."""

from operations.supervisor import LONGEST_DELAY_SECONDS, WELL_AFTER_SECONDS, Service


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
