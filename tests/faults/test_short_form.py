"""``make test-faults`` in a short form: loads alone, a few kills and power cuts, the same looks at what is left."""

from pathlib import Path

import pytest

from ingest.database import open_warehouse
from ingest.keeping.archive import archived_path
from tests.faults.contents import Table, differences, find_faults, read_tables
from tests.faults.cuts import Cuts, cut_the_power
from tests.faults.deliveries import make_deliveries
from tests.faults.kills import kill_again_and_again, look
from tests.faults.power import NoDisksError, check_disks_can_be_mounted
from tests.faults.reference import Reference, copy_home, make_reference


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("faults")


@pytest.fixture(scope="module")
def reference(scratch: Path) -> Reference:
    return make_reference(scratch, make_deliveries(scratch, 2), 1, print, is_built=False)


def test_loads_that_are_killed_lose_nothing_and_double_nothing(scratch: Path, reference: Reference) -> None:
    home = copy_home(reference.blank, scratch / "killed")
    outcome = kill_again_and_again(home, reference, kills=4, seed=1, tell=print)

    assert outcome.done.total() >= 4
    assert outcome.troubles == []


def test_loads_whose_power_is_cut_lose_nothing_and_double_nothing(
    scratch: Path, reference: Reference
) -> None:
    try:
        check_disks_can_be_mounted(scratch)
    except NoDisksError as error:
        pytest.skip(f"file systems in files cannot be mounted here: {error}")
    outcome, _ = cut_the_power(scratch, reference, Cuts(times=2, workers=2, seed=1), tell=print)

    assert outcome.done.total() == 2
    assert outcome.troubles == []


def test_lost_doubled_and_changed_rows_are_told_apart() -> None:
    expected = {"raw.a": Table(3, 7), "raw.b": Table(2, 5), "raw.c": Table(1, 1), "raw.d": Table(1, 1)}
    found = {"raw.a": Table(2, 4), "raw.b": Table(4, 10), "raw.c": Table(1, 2)}

    assert differences(found, expected) == [
        "raw.a: lost, 2 rows instead of 3",
        "raw.b: doubled, 4 rows instead of 2",
        "raw.c: other contents in 1 rows",
        "raw.d: missing",
    ]


def test_a_home_that_lost_something_is_told_so(scratch: Path, reference: Reference) -> None:
    home = copy_home(reference.rounds[0].states["load"], scratch / "hurt")
    assert look(home) == []
    with open_warehouse(home) as connection:
        (sha256,) = connection.execute(
            "select sha256 from raw.submissions order by all limit 1"
        ).fetchone() or ("",)
        connection.execute("insert into raw.targets from raw.targets limit 1")
        connection.execute(
            "insert into raw.issued_figures (edition_id, unit_key, period_code, indicator_code, value)"
            " select 'edition_x', 'U655', '2018H1', 'new_members', 1 from range(2)"
        )
    path = archived_path(home.archive, sha256)
    path.chmod(0o644)
    path.write_bytes(b"")

    faults = find_faults(home)
    assert [fault.partition(": ")[2] for fault in faults.archive] == ["0 bytes in the archive"] * 2
    assert len(faults.ledger) == 1
    assert faults.editions == ("edition_x: issued, but its file is missing",)
    assert any(
        sentence.startswith("raw.targets: doubled")
        for sentence in differences(
            read_tables(home.warehouse, ("raw",)),
            read_tables(reference.rounds[0].states["load"] / "warehouse.duckdb", ("raw",)),
        )
    )
