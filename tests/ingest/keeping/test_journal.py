"""The journal: entries come back as they were written, in order, and no two take one number."""

import os
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ingest.keeping.journal import (
    DamagedEntryError,
    LoadEntry,
    Receipt,
    WithdrawalEntry,
    last_number,
    read_entries,
    remove_unnamed,
    write_entry,
)

NOW = datetime(2023, 6, 10, 8, 30, tzinfo=UTC)


def load_of(name: str) -> LoadEntry:
    receipt = Receipt(relative_path=name, sha256="ab" * 32, size_bytes=3, received_at=NOW)
    return LoadEntry(load_id="20230610T083000", loaded_at=NOW, receipts=(receipt,))


def test_entries_come_back_in_order(tmp_path: Path) -> None:
    withdrawn = WithdrawalEntry(
        submission_id="0123456789abcdef",
        is_withdrawn=True,
        decided_at=NOW,
        decided_by="H’Yi Êban",
        why="gửi nhầm",
    )

    assert write_entry(tmp_path / "journal", load_of("Ea Bông/bc.xlsx")) == 1
    assert write_entry(tmp_path / "journal", withdrawn) == 2

    assert list(read_entries(tmp_path / "journal")) == [(1, load_of("Ea Bông/bc.xlsx")), (2, withdrawn)]
    assert list(read_entries(tmp_path / "journal", after=1)) == [(2, withdrawn)]


def test_nothing_was_written_before_the_first(tmp_path: Path) -> None:
    assert last_number(tmp_path / "journal") == 0
    assert list(read_entries(tmp_path / "journal")) == []


def test_entries_written_at_one_moment_get_numbers_of_their_own(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        numbers = list(threads.map(lambda n: write_entry(tmp_path, load_of(f"{n}.xlsx")), range(40)))

    assert sorted(numbers) == list(range(1, 41))
    assert {entry.receipts[0].relative_path for _, entry in read_entries(tmp_path)} == {  # type: ignore[union-attr]
        f"{n}.xlsx" for n in range(40)
    }


def test_an_entry_cut_short_is_named(tmp_path: Path) -> None:
    write_entry(tmp_path, load_of("a.xlsx"))
    entry = next(tmp_path.glob("*.json"))
    entry.chmod(0o600)
    entry.write_bytes(entry.read_bytes()[:20])

    with pytest.raises(DamagedEntryError, match=entry.name):
        list(read_entries(tmp_path))


def test_what_was_being_written_is_no_entry(tmp_path: Path) -> None:
    write_entry(tmp_path, load_of("a.xlsx"))
    (tmp_path / ".writing-abc").write_bytes(b"{")

    assert [number for number, _ in read_entries(tmp_path)] == [1]


def test_what_was_cut_off_before_it_had_a_name_is_removed_when_nobody_can_still_be_writing_it(
    tmp_path: Path,
) -> None:
    write_entry(tmp_path, load_of("Ea Bông/bc.xlsx"))
    cut_off, being_written = tmp_path / ".writing-abc", tmp_path / ".writing-def"
    for path in (cut_off, being_written):
        path.write_bytes(b"{")
    long_ago = (NOW - timedelta(days=1)).timestamp()
    os.utime(cut_off, (long_ago, long_ago))

    remove_unnamed(tmp_path, NOW)

    assert not cut_off.exists()
    assert being_written.exists()
    assert last_number(tmp_path) == 1
