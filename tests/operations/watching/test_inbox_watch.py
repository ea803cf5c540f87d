"""The inbox is looked at instead of run for: what waits is told once, and again after a while, from the journal alone."""

import asyncio
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ingest.home import WarehouseHome
from ingest.inbox.listing import look_into_inbox
from ingest.keeping.journal import LoadEntry, Receipt, write_entry
from operations.watching.inbox_watch import InboxTrigger, InboxWatch

NOW = datetime(2023, 6, 12, 2, 0, tzinfo=UTC)
AGAIN = 900.0


@pytest.fixture
def home(tmp_path: Path) -> WarehouseHome:
    return WarehouseHome(tmp_path / "home").prepare()


def drop(home: WarehouseHome, name: str, when: datetime = NOW - timedelta(hours=1)) -> None:
    path = home.inbox / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(name.encode())
    os.utime(path, (when.timestamp(), when.timestamp()))


def receive_all(home: WarehouseHome, now: datetime = NOW) -> None:
    """Write the journal as a load does."""
    files = look_into_inbox(home.inbox, now).files
    receipts = tuple(
        Receipt(
            relative_path=file.relative_path,
            sha256="0" * 64,
            size_bytes=file.size_bytes,
            received_at=file.received_at,
        )
        for file in files
    )
    write_entry(home.journal, LoadEntry(load_id="load", loaded_at=now, receipts=receipts))


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def test_an_empty_or_missing_inbox_tells_nothing(home: WarehouseHome, tmp_path: Path) -> None:
    assert InboxWatch(home).look(NOW) == 0
    assert InboxWatch(WarehouseHome(tmp_path / "nowhere")).look(NOW) == 0


def test_what_waits_is_told_once_and_again_only_with_something_new_or_after_a_while(
    home: WarehouseHome,
) -> None:
    watch = InboxWatch(home, AGAIN)
    drop(home, "Ea Bong/bieu 01.xlsx")

    assert watch.look(NOW) == 1
    assert watch.look(after(10)) == 0
    drop(home, "Ea Bong/bieu 02.xlsx")
    assert watch.look(after(20)) == 2
    assert watch.look(after(20 + AGAIN - 1)) == 0
    assert watch.look(after(20 + AGAIN)) == 2


def test_what_the_journal_has_a_receipt_of_waits_no_longer(home: WarehouseHome) -> None:
    watch = InboxWatch(home, AGAIN)
    drop(home, "a.xlsx")
    assert watch.look(NOW) == 1
    receive_all(home)

    assert watch.look(after(2 * AGAIN)) == 0
    # a correction under the same name
    drop(home, "a.xlsx", after(60))
    assert watch.look(after(2 * AGAIN)) == 1


def test_a_watch_that_begins_anew_knows_from_the_journal_what_waits(home: WarehouseHome) -> None:
    drop(home, "a.xlsx")
    receive_all(home)
    drop(home, "b.xlsx")

    assert InboxWatch(home).look(NOW) == 1
    receive_all(home)
    assert InboxWatch(home).look(NOW) == 0


def test_a_file_from_the_future_is_told_of_once(home: WarehouseHome) -> None:
    watch = InboxWatch(home, AGAIN)
    drop(home, "a.xlsx", NOW + timedelta(days=30))
    first = watch.look(NOW)
    receive_all(home)

    assert first <= 1
    assert watch.look(after(10)) == 0
    assert watch.look(after(2 * AGAIN)) == 0


def test_a_restored_archive_with_fewer_entries_is_read_from_the_start(home: WarehouseHome) -> None:
    watch = InboxWatch(home, AGAIN)
    drop(home, "a.xlsx")
    receive_all(home)
    assert watch.look(NOW) == 0
    for entry in home.journal.iterdir():
        entry.unlink()

    assert watch.look(after(10)) == 1


def test_the_trigger_fires_for_what_waits_and_outlives_an_inbox_that_cannot_be_read(
    home: WarehouseHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WAREHOUSE_HOME", str(home.root))
    looks = iter([OSError("the share is gone"), 0, 3])

    def look(_watch: InboxWatch, _now: datetime) -> int:
        found = next(looks)
        if isinstance(found, OSError):
            raise found
        return found

    monkeypatch.setattr(InboxWatch, "look", look)
    path, arguments = InboxTrigger(look_every_seconds=0.01).serialize()
    assert path == f"{InboxTrigger.__module__}.InboxTrigger"

    async def first_event() -> object:
        async for event in InboxTrigger(**arguments).run():
            return event.payload
        return None

    assert asyncio.run(first_event()) == {"files": 3}
