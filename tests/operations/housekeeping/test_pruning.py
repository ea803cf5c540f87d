"""Removing editions: what was issued stays whatever its age, and nothing goes unasked."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ingest.home import WarehouseHome
from operations.backups.verification import verify_home
from operations.housekeeping.edition_files import edition_ids
from operations.housekeeping.pruning import find_prunable, prune
from publish.editions.edition import Edition
from tests.operations.commands import operate
from tests.operations.lived_in_home import NOW, files_below, load, publish, put_return
from tests.publish.small_warehouse import ask

LATER = NOW + timedelta(days=400)


@pytest.fixture
def reproduction(lived_in: WarehouseHome) -> Edition:
    """A second issued edition is the current one, and one of an earlier day was made after it."""
    put_return(lived_in, "Ea Na/mới.xlsx", 9, NOW + timedelta(days=1))
    load(lived_in, NOW + timedelta(days=1))
    publish(lived_in, NOW + timedelta(days=2))
    return publish(lived_in, NOW + timedelta(days=3), as_of=NOW - timedelta(hours=36))


def test_only_reproductions_go_and_only_when_they_are_old(
    lived_in: WarehouseHome, reproduction: Edition
) -> None:
    assert find_prunable(lived_in, NOW + timedelta(days=20)) == ()
    (item,) = find_prunable(lived_in, LATER)
    size = reproduction.path.stat().st_size + sum(map(len, files_below(reproduction.folder).values()))
    assert (item.name, item.size_bytes) == (reproduction.edition_id, size)

    prune(lived_in, (item,))

    assert len(edition_ids(lived_in.editions)) == 2
    assert not reproduction.path.exists()
    assert not reproduction.folder.exists()
    assert [path for path in lived_in.editions.glob(".*") if path != lived_in.candidates] == []
    assert [check.faults for check in verify_home(lived_in)] == [()] * 10
    assert ask(lived_in.current, "select count(*) from reviews.halfyear_review") == [(3,)]


def test_what_was_cut_off_while_it_was_removed_goes_the_next_time(
    lived_in: WarehouseHome, reproduction: Edition
) -> None:
    away = lived_in.editions / f".pruned-{reproduction.edition_id}"
    away.mkdir()
    reproduction.path.replace(away / reproduction.path.name)
    yesterday = datetime.now(UTC) - timedelta(days=2)
    os.utime(away, (yesterday.timestamp(), yesterday.timestamp()))

    prune(lived_in, find_prunable(lived_in, datetime.now(UTC)))

    assert len(edition_ids(lived_in.editions)) == 2
    assert [path for path in lived_in.editions.glob(".*") if path != lived_in.candidates] == []


def test_candidates_that_nobody_decided_on_and_leftovers_go_after_a_while(lived_in: WarehouseHome) -> None:
    waiting = lived_in.candidates / "edition_20230614t030000_0123abcd"
    building = lived_in.candidates / ".building-edition_20230614t030000_ffff0000"
    for folder in (waiting, building):
        folder.mkdir(parents=True)
        (folder / "edition.duckdb").write_bytes(b"x" * 1000)
    long_ago = (NOW.timestamp(), NOW.timestamp())
    os.utime(building, long_ago)

    assert [item.name for item in find_prunable(lived_in, NOW + timedelta(days=80))] == [building.name]
    prune(lived_in, find_prunable(lived_in, NOW + timedelta(days=100)))

    assert not waiting.exists()
    assert not building.exists()
    assert len(edition_ids(lived_in.editions)) == 1


def test_a_name_that_was_made_for_a_switch_that_never_came_goes_after_a_while(
    lived_in: WarehouseHome,
) -> None:
    switch = lived_in.root / ".current.duckdb.edition_20230614t030000_0123abcd.4711"
    os.link(lived_in.current, switch)

    assert find_prunable(lived_in, datetime.now(UTC)) == ()
    tomorrow = datetime.now(UTC) + timedelta(days=2)
    (found,) = (item for item in find_prunable(lived_in, tomorrow) if item.name == switch.name)
    prune(lived_in, (found,))

    assert not switch.exists()
    assert lived_in.current.exists()


def test_a_build_that_is_under_way_is_left_alone(lived_in: WarehouseHome) -> None:
    building = lived_in.editions / ".building"
    building.mkdir()

    assert find_prunable(lived_in, datetime.now(UTC)) == ()


def test_the_command_removes_nothing_unless_it_is_told_to(
    lived_in: WarehouseHome, reproduction: Edition
) -> None:
    before = files_below(lived_in.editions)

    asked = operate(lived_in, "prune-editions")
    assert asked.returncode == 0
    assert f"{reproduction.edition_id}: lập lại ngày 17/06/2023, không công bố" in asked.stdout
    assert "Sẽ xóa 1 mục" in asked.stdout
    assert files_below(lived_in.editions) == before

    done = operate(lived_in, "prune-editions", "--yes")
    assert done.returncode == 0
    assert "Đã xóa 1 mục" in done.stdout
    assert not reproduction.path.exists()
    assert "Không có gì để xóa" in operate(lived_in, "prune-editions").stdout


def test_without_knowing_what_was_issued_nothing_goes(
    lived_in: WarehouseHome, reproduction: Edition, tmp_path: Path
) -> None:
    os.truncate(lived_in.warehouse, 5000)

    told = operate(lived_in, "prune-editions", "--yes")

    assert told.returncode == 1
    assert "bị hỏng hoặc bị cắt cụt" in told.stderr
    assert reproduction.path.exists()
