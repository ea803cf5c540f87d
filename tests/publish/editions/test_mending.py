"""Editions that were broken from outside: mended, or named in a sentence; never an exception, never the same figures twice."""

import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from build.inputs import gather_inputs
from ingest.home import WarehouseHome
from publish.__main__ import main
from publish.editions.current import (
    NoEditionError,
    current_edition,
    find_edition,
    list_editions,
    mend_editions,
    require_edition,
)
from publish.editions.edition import Edition
from publish.editions.issue import finish_issuing, publish_edition
from publish.editions.manifest import is_whole, read_manifest
from tests.publish.small_warehouse import add_submission, ask, run_sql

AS_OF = datetime(2023, 6, 15, tzinfo=UTC)
BUILT_AT = datetime(2023, 6, 15, 1, 0, tzinfo=UTC)
NEW_MEMBERS = "select value from reviews.halfyear_review where unit_key = 'U655' and period_code = '2023H1'"


@pytest.fixture
def two(home: WarehouseHome) -> tuple[Edition, Edition]:
    """An older edition (382 new members) and the current one (383)."""
    older = publish_edition(home, gather_inputs(home, AS_OF), BUILT_AT, "v1")
    run_sql(home, "update reviews.halfyear_review set value = 383 where value = 382")
    add_submission(home, "s2")
    later = AS_OF + timedelta(hours=5)
    return older, publish_edition(home, gather_inputs(home, later), BUILT_AT + timedelta(hours=5), "v1")


def truncate(path: Path, size: int) -> None:
    path.chmod(0o644)
    os.truncate(path, size)


def cut_from(path: Path) -> None:
    """Let a file of its own be half of what it was: the edition keeps its bytes."""
    half = path.read_bytes()[: path.stat().st_size // 2]
    path.unlink()
    path.write_bytes(half)


def issued(home: WarehouseHome) -> int:
    return len(ask(home.warehouse, "from raw.issued_figures"))


@pytest.mark.parametrize("damage", ["missing", "empty", "cut", "another file"])
def test_a_broken_link_is_linked_anew(home: WarehouseHome, two: tuple[Edition, Edition], damage: str) -> None:
    if damage == "cut":
        cut_from(home.current)
    else:
        home.current.unlink()
    if damage == "empty":
        home.current.write_bytes(b"")
    elif damage == "another file":
        home.current.write_bytes(b"not a database" * 1000)

    (told,) = mend_editions(home)

    assert told == f"current.duckdb bị thiếu hoặc bị hỏng; đã nối lại với bản số liệu {two[1].edition_id}."
    assert ask(home.current, NEW_MEMBERS) == [(383,)]
    assert home.current.samefile(two[1].path)
    assert find_edition(home, gather_inputs(home, AS_OF), is_as_of_given=False) == two[1]
    assert finish_issuing(home) == ()
    assert issued(home) == 6


def test_where_the_newest_edition_is_cut_short_the_one_before_is_current(
    home: WarehouseHome, two: tuple[Edition, Edition]
) -> None:
    truncate(two[1].path, 5000)
    assert home.current.stat().st_size == 5000

    assert current_edition(home) == two[0]
    assert ask(home.current, NEW_MEMBERS) == [(382,)]
    with pytest.raises(NoEditionError, match=rf"{two[1].edition_id} đã bị hỏng"):
        require_edition(home, two[1].edition_id)


def test_a_lost_edition_is_made_again_and_its_figures_are_not_issued_twice(
    home: WarehouseHome, two: tuple[Edition, Edition]
) -> None:
    truncate(two[1].path, 0)
    again = AS_OF + timedelta(hours=9)
    made = publish_edition(home, gather_inputs(home, again), BUILT_AT + timedelta(hours=9), "v1")

    assert current_edition(home) == made
    assert ask(home.current, NEW_MEMBERS) == [(383,)]
    assert issued(home) == 6


def test_an_edition_whose_file_is_gone_gets_it_back_from_the_current_one(
    home: WarehouseHome, two: tuple[Edition, Edition]
) -> None:
    two[1].path.unlink()

    assert mend_editions(home) == (
        f"Tệp của bản số liệu {two[1].edition_id} bị thiếu; đã lấy lại từ current.duckdb.",
    )
    assert two[1].path.samefile(home.current)
    assert current_edition(home) == two[1]


def test_an_edition_that_is_nowhere_is_named(home: WarehouseHome, two: tuple[Edition, Edition]) -> None:
    two[0].path.unlink()

    (told,) = mend_editions(home)
    assert two[0].edition_id in told
    assert "make restore" in told
    assert current_edition(home) == two[1]


@pytest.mark.parametrize("damage", ["empty", "half", "gone", "folder gone", "parquet gone"])
def test_what_lies_beside_the_database_is_written_anew_from_it(
    home: WarehouseHome, two: tuple[Edition, Edition], damage: str
) -> None:
    folder = two[1].folder
    manifest = folder / "manifest.json"
    if damage == "folder gone":
        shutil.rmtree(folder)
    elif damage == "parquet gone":
        (folder / "tables" / "reviews.halfyear_review" / "halfyear_review.parquet").unlink()
    else:
        text = manifest.read_bytes()
        manifest.unlink()
        if damage != "gone":
            manifest.write_bytes(text[: len(text) // 2] if damage == "half" else b"")

    (told,) = mend_editions(home)

    assert "đã lập lại từ tệp số liệu" in told
    assert mend_editions(home) == ()
    assert is_whole(two[1].path, folder, read_manifest(folder))
    assert current_edition(home) == two[1]
    assert list_editions(home) == (two[1], two[0])
    assert issued(home) == 6


def test_readers_are_told_in_a_sentence(
    home: WarehouseHome,
    two: tuple[Edition, Edition],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("WAREHOUSE_HOME", str(home.root))
    assert main(["mend"]) == 0
    assert capsys.readouterr().out == f"Bản hiện hành: {two[1].edition_id}\n"
    for edition in two:
        truncate(edition.path, 100)

    asked = ["trace", "--unit", "U655", "--period", "2023H1", "--indicator", "new_members"]
    assert main(asked) == 2
    assert "Không có bản số liệu nào còn nguyên vẹn" in capsys.readouterr().err
    assert main(["mend"]) == 1
    with pytest.raises(NoEditionError, match="Không có bản số liệu “nope”"):
        require_edition(home, "nope")


def test_before_the_first_edition_there_is_none(home: WarehouseHome) -> None:
    assert current_edition(home) is None
    assert mend_editions(home) == ()
    with pytest.raises(NoEditionError, match="Chưa có bản số liệu nào"):
        require_edition(home)
