"""No half of a file is taken: what may still be changing waits, and is named."""

import os
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ingest.contracts.forms import load_contracts
from ingest.home import WarehouseHome
from ingest.inbox.arrivals import Load, take_in
from ingest.inbox.listing import look_into_inbox
from ingest.inbox.settling import AT_THE_TERMINAL, BY_ITSELF, TAKE_ALL, Seen, Settling, still_changing
from ingest.loading.load import Intake, load_inbox
from ingest.reading.file_reader import LogFinder
from tests.ingest.return_files import support_return, write

LOG = "event_id,occurred_at,unit_code,village,programme,activity_type,participants,quantity,uom,amount_vnd,reporter,note\n"
LINE = "e{},2023-02-01,24565,,plastic_waste,thu gom,1,2,kg,,,x\n"
NOW = datetime(2026, 1, 10, 3, 0, tzinfo=UTC)
SETTLE = BY_ITSELF.age
PATH = Path("a.csv")


@pytest.fixture
def home(tmp_path: Path) -> WarehouseHome:
    return WarehouseHome(tmp_path / "home").prepare()


def clock(seconds: float = 0.0) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=seconds)


def seen(modified: float, changed: float) -> Seen:
    """Give what is seen of a file that was modified and changed so many seconds before now."""
    now = int(NOW.timestamp()) * 1_000_000_000
    return Seen(10, now - int(modified * 1e9), now - int(changed * 1e9))


@pytest.mark.parametrize(
    ("modified", "changed", "waits"),
    [
        pytest.param(3600, 3600, False, id="written long ago"),
        pytest.param(44, 44, True, id="written just now"),
        pytest.param(46, 46, False, id="written a minute ago"),
        pytest.param(86_400, 1, False, id="old and moved in just now"),
        pytest.param(2, 1, False, id="written elsewhere just now and renamed into place"),
        pytest.param(-86_400, 3600, False, id="of a clock that is a day ahead"),
        pytest.param(-86_400, -86_400, False, id="written before our clock was set back"),
    ],
)
def test_a_file_waits_only_if_the_last_thing_done_to_it_was_a_write_a_moment_ago(
    modified: float, changed: float, waits: bool
):
    settling = Settling(SETTLE, timedelta(0))
    assert still_changing([(PATH, seen(modified, changed))], NOW, settling) == ({PATH} if waits else set())


def test_a_file_that_is_written_under_a_time_set_before_is_noticed_at_the_second_look(tmp_path: Path):
    path = write(tmp_path / "a.csv", b"half")
    os.utime(path, (1, 1))

    def write_on(_seconds: float) -> None:
        path.write_bytes(b"half and more")
        os.utime(path, (1, 1))

    files = [(path, Seen.of(path.stat()))]
    assert still_changing(files, clock(), BY_ITSELF, write_on) == {path}
    assert still_changing([(path, Seen.of(path.stat()))], clock(), BY_ITSELF, lambda _: None) == set()


def test_half_a_log_waits_until_it_is_whole(home: WarehouseHome):
    path = home.inbox / "log.csv"
    with path.open("w") as log:
        log.write(LOG + "".join(LINE.format(number) for number in range(10)))
        log.flush()
        report = load_inbox(home, clock(), intake=Intake(BY_ITSELF))
        assert (report.files_seen, report.files_new, report.files_waiting, report.waiting) == (
            1,
            0,
            1,
            ("log.csv",),
        )
        assert report.rows_loaded == 0
        log.write("".join(LINE.format(number) for number in range(10, 20)))
    assert load_inbox(home, clock(SETTLE.total_seconds() - 5), intake=Intake(BY_ITSELF)).files_waiting == 1
    report = load_inbox(home, clock(SETTLE.total_seconds() + 5), intake=Intake(BY_ITSELF))
    assert (report.files_waiting, report.rows_loaded) == (0, 20)


def test_a_file_renamed_into_place_is_taken_at_once(home: WarehouseHome):
    arriving = write(home.root / "arriving.xlsx", support_return())
    time.sleep(0.05)  # the clock of a file system ticks every few milliseconds
    place = home.inbox / "2023H1" / "Ea Bông.xlsx"
    place.parent.mkdir()
    arriving.rename(place)
    report = load_inbox(home, clock(), intake=Intake(BY_ITSELF))
    assert (report.files_waiting, report.verdicts) == (0, {"accepted": 1})


def test_a_person_who_has_just_copied_files_need_not_wait_but_what_still_grows_does(home: WarehouseHome):
    write(home.inbox / "2023H1" / "Ea Bông.xlsx", support_return())
    growing = write(home.inbox / "log.csv", LOG.encode())
    ended = threading.Event()

    def grow() -> None:
        with growing.open("a") as log:
            for number in range(10_000):
                log.write(LINE.format(number))
                log.flush()
                if ended.wait(0.05):
                    return

    writer = threading.Thread(target=grow)
    writer.start()
    try:
        report = load_inbox(home, clock(), intake=Intake(AT_THE_TERMINAL))
    finally:
        ended.set()
        writer.join()
    assert (report.waiting, report.verdicts) == (("log.csv",), {"accepted": 1})
    assert load_inbox(home, clock(), intake=Intake(AT_THE_TERMINAL)).verdicts == {"accepted": 1}


def test_a_file_that_changes_while_it_is_archived_waits(home: WarehouseHome):
    path = write(home.inbox / "log.csv", (LOG + LINE.format(1)).encode())
    write(home.inbox / "2023H1" / "Ea Bông.xlsx", support_return())
    files = look_into_inbox(home.inbox, clock()).files
    with path.open("a") as log:
        log.write(LINE.format(2))
    load = Load("load", clock())
    ((_, entry),) = take_in(files, home, LogFinder(load_contracts()), load)
    assert [receipt.relative_path for receipt in entry.receipts] == ["2023H1/Ea Bông.xlsx"]
    assert load.waiting == ["log.csv"]
    assert len([kept for kept in home.archive.rglob("*") if kept.is_file()]) == 2  # the return, the entry


def test_the_settle_time_of_the_scheduled_load_is_a_setting(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("WAREHOUSE_SETTLE_SECONDS", raising=False)
    assert Settling.from_environment() == BY_ITSELF
    monkeypatch.setenv("WAREHOUSE_SETTLE_SECONDS", "0")
    assert Settling.from_environment() == AT_THE_TERMINAL


def test_a_copy_by_the_system_is_taken_as_soon_as_it_is_whole(home: WarehouseHome):
    original = write(home.root / "Ea Bông 2023H1.xlsx", support_return())
    os.utime(original, (NOW.timestamp(), NOW.timestamp()))
    subprocess.run(["cp", "-p", original, home.inbox], check=True)
    assert look_into_inbox(home.inbox, clock(), BY_ITSELF).waiting == ()
    subprocess.run(
        [sys.executable, "-c", "import sys; open(sys.argv[1], 'ab').write(b'x')", home.inbox / original.name],
        check=True,
    )
    assert look_into_inbox(home.inbox, clock(), BY_ITSELF).waiting == (original.name,)
    assert look_into_inbox(home.inbox, clock(), TAKE_ALL).waiting == ()
