"""A return loaded by mistake, over four editions: as published, withdrawn, once more as of the first day, and taken back.

What stands in its rows can be counted by hand: Ea Bông's first return has two new members, its second three.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from build.inputs import EditionInputs, gather_inputs
from ingest.contracts.reference import load_reference
from ingest.database import open_warehouse
from ingest.home import DBT_PROJECT, WarehouseHome
from ingest.upkeep.withdrawal import Decision, decide
from ingest.upkeep.withdrawal_answer import answer
from publish.editions.edition import Edition
from publish.editions.issue import publish_edition
from tests.dbt_project.conftest import joined, run_dbt
from tests.dbt_project.raw_fixture import RawDatabase, instant
from tests.publish.small_warehouse import ask

EA_BONG, BUON_TRAP, DISTRICT = "U24565", "U24538", "U655"
FIRST_DAY, WITHDRAWN_AT, SECOND_DAY = (
    instant("2023-06-21 03:00"),
    instant("2023-06-23 03:00"),
    instant("2023-06-24 03:00"),
)
REPRODUCED_ON, TAKEN_BACK_AT, THIRD_DAY = (
    instant("2023-06-25 03:00"),
    instant("2023-06-26 03:00"),
    instant("2023-06-27 03:00"),
)
NAMES = ("Trần Thị Bảy", "Lê Thị Sáu", "Ngô Thị Mười")
NO_UNIT_TESTS = ("--exclude-resource-type", "unit_test")
NO_TESTS = ("--exclude-resource-type", "test", *NO_UNIT_TESTS)
NO_SEEDS = ("--exclude-resource-type", "seed")


@dataclass(frozen=True)
class Refreshed:
    """What an edition was made from, and the edition."""

    inputs: EditionInputs
    edition: Edition


@dataclass(frozen=True)
class FourEditions:
    """The editions in the order in which they were made; ``mistake`` is the return that was withdrawn in between."""

    published: Refreshed
    withdrawn: Refreshed
    reproduced: Refreshed
    taken_back: Refreshed
    mistake: str
    told: str


def write_returns(home: WarehouseHome) -> str:
    """Two returns of Ea Bông and one of Buôn Trấp; gives the id of Ea Bông's second."""
    with open_warehouse(home) as connection:
        raw = RawDatabase(connection)
        for unit, count, received in (
            (EA_BONG, 2, "2023-06-12 00:00"),
            (BUON_TRAP, 1, "2023-06-13 00:00"),
        ):
            raw.submit(
                {"member_changes": members(count)},
                unit_key=unit,
                period_code="2023H1",
                received_at=instant(received),
            )
        return raw.submit(
            {"member_changes": members(3), "awards": [{"awarded_on": "32/03/2023"}]},
            unit_key=EA_BONG,
            period_code="2023H1",
            received_at=instant("2023-06-14 00:00"),
        )


def members(count: int) -> list[dict[str, str]]:
    return [joined(name, "05/01/2023") for name in NAMES[:count]]


def refresh(home: WarehouseHome, as_of: datetime, issued_at: datetime, *arguments: str) -> Refreshed:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("WAREHOUSE_AS_OF", as_of.isoformat())
        run_dbt(home, DBT_PROJECT, "build", *arguments)
    inputs = gather_inputs(home, as_of)
    return Refreshed(inputs, publish_edition(home, inputs, issued_at, "v1"))


@pytest.fixture(scope="module")
def editions(tmp_path_factory: pytest.TempPathFactory) -> FourEditions:
    home = WarehouseHome(tmp_path_factory.mktemp("withdrawal")).prepare()
    mistake = write_returns(home)
    published = refresh(home, FIRST_DAY, FIRST_DAY, *NO_TESTS)
    decided = decide(
        home,
        mistake,
        Decision(is_withdrawn=True, decided_at=WITHDRAWN_AT, decided_by="chị Hoa", why="Nhầm đơn vị"),
    )
    # with the data tests: what is read and what counts must add up all the same
    withdrawn = refresh(home, SECOND_DAY, SECOND_DAY, *NO_UNIT_TESTS, *NO_SEEDS)
    reproduced = refresh(home, FIRST_DAY, REPRODUCED_ON, *NO_TESTS, *NO_SEEDS)
    decide(
        home,
        mistake,
        Decision(is_withdrawn=False, decided_at=TAKEN_BACK_AT, decided_by="chị Hoa", why="Đúng tệp"),
    )
    taken_back = refresh(home, THIRD_DAY, THIRD_DAY, *NO_TESTS, *NO_SEEDS)
    return FourEditions(
        published, withdrawn, reproduced, taken_back, mistake, answer(decided, load_reference())
    )


def new_members(refreshed: Refreshed) -> dict[object, object]:
    found = ask(
        refreshed.edition.path,
        "select unit_key, value from reviews.halfyear_review"
        " where indicator_code = 'new_members' and period_code = '2023H1' and value is not null",
    )
    return dict(found)  # type: ignore[arg-type]


def different_tables(one: Path, other: Path) -> set[str]:
    """Name the published tables whose rows are not the same in two editions."""
    tables = ask(
        one,
        "select table_schema || '.' || table_name from information_schema.tables"
        " where table_schema in ('core', 'reviews')",
    )
    assert len(tables) > 25
    return {
        str(table)
        for (table,) in tables
        if sorted(map(repr, ask(one, f"from {table}"))) != sorted(map(repr, ask(other, f"from {table}")))
    }


def test_the_older_return_counts_while_the_newer_is_withdrawn(editions: FourEditions) -> None:
    assert new_members(editions.published) == {EA_BONG: 3, BUON_TRAP: 1, DISTRICT: 4}
    assert new_members(editions.withdrawn) == {EA_BONG: 2, BUON_TRAP: 1, DISTRICT: 3}
    assert new_members(editions.taken_back) == {EA_BONG: 3, BUON_TRAP: 1, DISTRICT: 4}


def test_nothing_of_the_withdrawn_return_waits_or_is_reported(editions: FourEditions) -> None:
    for refreshed, status, waiting in (
        (editions.published, "on_time", 1),
        (editions.withdrawn, "missing", 0),
    ):
        path = refreshed.edition.path
        assert ask(
            path,
            f"select status from reviews.submission_completeness where unit_key = '{EA_BONG}'"
            " and period_code = '2023H1' and form_name = 'awards'",
        ) == [(status,)]
        assert ask(path, "select count(distinct row_number) from reviews.quarantined_rows") == [(waiting,)]


def test_the_withdrawn_return_stays_in_the_list_and_in_the_account_of_rows(editions: FourEditions) -> None:
    path = editions.withdrawn.edition.path
    assert ask(
        path,
        "select submission_id, form_name, version, is_current, withdrawn_at, withdrawn_why from core.fct_submissions"
        " where is_withdrawn order by all",
    ) == [
        (editions.mistake, form_name, None, False, WITHDRAWN_AT, "Nhầm đơn vị")
        for form_name in ("awards", "member_changes")
    ]
    assert ask(
        path,
        "select sheet_name, rows_loaded, rows_quarantined, rows_structure, remainder from reviews.conservation_ledger"
        " where is_withdrawn order by all",
    ) == [("awards", 0, 1, 4, 0), ("member_changes", 3, 0, 4, 0)]
    assert ask(path, "select submission_id from meta.submissions where is_withdrawn") == [(editions.mistake,)]


def test_restatements_say_that_a_return_was_withdrawn_and_that_it_was_taken_back(
    editions: FourEditions,
) -> None:
    question = (
        "select edition_id, figure_as_issued, figure_now, cause, submission_ids from reviews.restatements"
        f" where unit_key = '{EA_BONG}' and period_code = '2023H1' and indicator_code = 'new_members'"
    )
    assert ask(editions.withdrawn.edition.path, question) == [
        (editions.published.edition.edition_id, 3, 2, "Có báo cáo đã rút", editions.mistake)
    ]
    assert ask(editions.taken_back.edition.path, question) == [
        (editions.withdrawn.edition.edition_id, 2, 3, "Có báo cáo được tính trở lại", editions.mistake)
    ]


def test_an_earlier_day_knows_nothing_of_a_later_withdrawal(editions: FourEditions) -> None:
    assert different_tables(editions.published.edition.path, editions.reproduced.edition.path) == set()
    assert different_tables(editions.published.edition.path, editions.withdrawn.edition.path) > {
        "core.fct_membership_changes",
        "reviews.halfyear_review",
    }


def test_what_is_taken_back_counts_as_before(editions: FourEditions) -> None:
    assert different_tables(editions.published.edition.path, editions.taken_back.edition.path) == {
        "reviews.restatements"
    }


def test_a_withdrawal_is_a_reason_for_a_refresh(editions: FourEditions) -> None:
    published, withdrawn, reproduced, taken_back = (
        one.inputs
        for one in (editions.published, editions.withdrawn, editions.reproduced, editions.taken_back)
    )
    assert withdrawn.fingerprint != published.fingerprint
    assert reproduced.fingerprint == published.fingerprint == taken_back.fingerprint
    assert [one.submissions for one in (published, withdrawn, reproduced, taken_back)] == [3, 2, 3, 3]


def test_the_officer_was_told_what_counts_instead(editions: FourEditions) -> None:
    lines = editions.told.splitlines()
    assert "    – Biểu 01: Biến động hội viên: 3 dòng." in lines
    assert any("Biểu 01" in line and "báo cáo gửi trước đó" in line and "2 dòng" in line for line in lines)
    assert any("Biểu 06" in line and line.endswith("đơn vị là chưa gửi.") for line in lines)
