"""Editions of the past: which there are, on which day each counts, and that a back-fill can be stopped and go on."""

from datetime import UTC, datetime, timedelta

import pytest

from build.inputs import gather_inputs
from ingest.home import WarehouseHome
from operations.runs.backfill import APPROVED_BY, fill_back, past_slots
from publish.editions.candidate import prepare_candidate, waiting_candidates
from publish.editions.current import current_edition, list_editions
from publish.editions.issue import publish_edition
from tests.publish.conftest import built_home, home  # noqa: F401  # the small warehouse
from tests.publish.small_warehouse import add_submission, ask

NOW = datetime(2024, 7, 1, tzinfo=UTC)
# six in the morning in Vietnam
DUE = [
    datetime(2023, 6, 14, 23, tzinfo=UTC),
    datetime(2023, 12, 14, 23, tzinfo=UTC),
    datetime(2024, 6, 14, 23, tzinfo=UTC),
]


@pytest.fixture
def layers_stand(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """The tables of the small warehouse are written by hand; gives for which instants they were asked for."""
    asked: list[datetime] = []
    for module in ("publish.refresh", "build.transform"):
        monkeypatch.setattr(f"{module}.build_up_to", lambda _, __, as_of: asked.append(as_of))
    return asked


def test_every_half_year_has_its_day() -> None:
    slots = past_slots(NOW)

    assert [slot.period.code for slot in slots][:2] == ["2018H1", "2018H2"]
    assert [slot.due_at for slot in slots][-3:] == DUE
    assert len(slots) == 13
    assert [slot.period.code for slot in past_slots(DUE[0], "2023H1")] == ["2023H1"]
    assert past_slots(DUE[0] - timedelta(seconds=1), "2023H1") == ()


def test_each_edition_is_of_its_day_and_the_newest_is_current(
    home: WarehouseHome,  # noqa: F811
    layers_stand: list[datetime],
) -> None:
    add_submission(home, "s2", DUE[1] - timedelta(days=1))
    newest = publish_edition(home, gather_inputs(home, NOW), NOW, "v1")
    told: list[str] = []

    assert fill_back(home, clock(), "2022H2", told.append) == 3
    editions = list_editions(home)
    assert [edition.as_of for edition in editions] == [NOW, *reversed(DUE)]
    assert [edition.input_submissions for edition in editions] == [2, 2, 2, 1]
    assert current_edition(home) == newest
    assert layers_stand == [*DUE, NOW + timedelta(minutes=8)]
    assert [line.split(": ")[0] for line in told] == [
        "[1/4] 6 tháng cuối năm 2022",
        "[2/4] 6 tháng đầu năm 2023",
        "[3/4] 6 tháng cuối năm 2023",
        "[4/4] 6 tháng đầu năm 2024",
    ]
    assert told[0].endswith("chưa có báo cáo nào vào ngày đó")
    assert set(ask(home.warehouse, "select distinct issued_at, as_of from raw.issued_figures")) == {
        (NOW, NOW),
        *((day, day) for day in DUE),
    }
    approval = editions[-1].approval
    assert approval is not None
    assert approval.approved_by == APPROVED_BY
    assert approval.note == "Lập bù theo số liệu đã nhận đến 06:00 ngày 15/06/2023."

    assert fill_back(home, clock(), "2022H2", told.append) == 0
    assert told[-1] == "[4/4] 6 tháng đầu năm 2024: đã có"


def test_a_back_fill_that_was_stopped_goes_on(
    home: WarehouseHome,  # noqa: F811
    layers_stand: list[datetime],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("publish.editions.issue.make_current", die)
        with pytest.raises(KeyboardInterrupt):
            fill_back(home, clock(), "2023H1")

    fill_back(home, clock(), "2023H1")
    assert [edition.as_of for edition in list_editions(home)] == list(reversed(DUE))
    assert len(ask(home.warehouse, "select distinct edition_id from raw.issued_figures")) == 3
    assert current_edition(home) == list_editions(home)[0]


def test_what_waits_for_a_person_is_not_approved_by_a_back_fill(
    home: WarehouseHome,  # noqa: F811
    layers_stand: list[datetime],
) -> None:
    waiting = prepare_candidate(home, gather_inputs(home, NOW), NOW, "v1")

    fill_back(home, clock(), "2024H1")
    assert waiting_candidates(home) == (waiting,)
    assert [edition.as_of for edition in list_editions(home)] == [DUE[2]]


def clock():  # type: ignore[no-untyped-def]
    """A clock that goes a minute ahead whenever it is asked."""
    minutes = iter(range(1000))
    return lambda: NOW + timedelta(minutes=next(minutes))
