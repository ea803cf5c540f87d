"""A warehouse in which no table is empty: the sample, the workbooks of the fixtures, and rows in which something is odd."""

import csv
import itertools
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from ingest.database import open_read_only, open_warehouse
from ingest.home import DBT_PROJECT, PROJECT_ROOT, WarehouseHome
from ingest.loading.load import load_inbox
from tests.dbt_project.conftest import (
    BINH_HOA,
    BUON_TRAP,
    EA_BONG,
    MEMBER,
    joined,
    write_activity_log,
    write_first_half_of_2022,
    write_first_half_of_2023,
    write_issued_figures,
    write_reference_submissions,
)
from tests.dbt_project.raw_fixture import RawDatabase, instant

FIXTURES = PROJECT_ROOT / "tests" / "fixtures"
# a refreshed sample that is there already; it is copied
SAMPLE_HOME = os.environ.get("SAMPLE_HOME")
# beyond the numbers of what the sample and the fixtures bring
FIRST_NUMBER, FIRST_NUMBER_OF_CORRECTION = 7001, 8001
COLLECTED = {
    "held_on": "05/03/2022",
    "programme": "Chống rác thải nhựa",
    "activity_type": "thu gom",
    "quantity": "200",
    "uom": "kg",
}
EVENT = {
    "event_id": "twice",
    "occurred_at": "2023-02-05T08:00:00",
    "unit_code": "24565",
    "programme": "plastic_waste",
    "activity_type": "collection",
    "quantity": "1400",
    "uom": "kg",
}


def make_corpus(home: WarehouseHome) -> None:
    """Fill the raw tables of an empty home; nothing is built."""
    home.prepare()
    if SAMPLE_HOME:
        shutil.copyfile(Path(SAMPLE_HOME) / "warehouse.duckdb", home.warehouse)
        shutil.copytree(Path(SAMPLE_HOME) / "archive", home.archive, dirs_exist_ok=True)
    else:
        subprocess.run(
            [sys.executable, "-m", "sample", "--into", str(home.inbox)], cwd=PROJECT_ROOT, check=True
        )
    for path in sorted(FIXTURES.rglob("*")):
        if path.is_file() and path.suffix != ".py":
            shutil.copyfile(path, home.inbox / f"{path.parent.name} {path.name}")
    load_inbox(home, datetime.now(UTC))
    with open_warehouse(home) as connection:
        _forget_what_was_built(connection)
        write_oddities(connection)


def write_oddities(connection: duckdb.DuckDBPyConnection) -> None:
    """Write what the sample has none of: rows told twice, numbers in doubt, targets twice, reused identifiers, restatements."""
    raw = RawDatabase(connection, itertools.count(FIRST_NUMBER))
    write_reference_submissions(raw)
    write_first_half_of_2022(raw)
    write_first_half_of_2023(raw)
    write_activity_log(raw)
    write_issued_figures(connection)
    for period_code, day, received in (
        ("2022H2", "06/09/2022", "2022-12-12 03:00"),
        ("2022H1", "07/03/2022", "2022-06-12 03:00"),
    ):
        raw.submit(
            {"movement_activities": [COLLECTED, {**COLLECTED, "held_on": day}]},
            unit_key=BINH_HOA,
            period_code=period_code,
            received_at=instant(received),
        )
    raw.submit(
        {
            "member_changes": [
                {**joined("Hoàng Thị Một", "05/01/2023"), "citizen_id": "066170000009"},
                {**joined("Hoàng Thị Hai", "06/01/2023"), "citizen_id": "066170000009", "birth": "1970"},
                {**MEMBER, "change_type": "từ trần", "changed_on": "07/01/2023"},
                {**MEMBER, "change_type": "Phát triển mới", "changed_on": "08/01/2023"},
            ],
            "support_funds": [
                {
                    "supported_on": "05/01/2023",
                    "kind": "vốn vay",
                    "beneficiary_group": "hội viên khó khăn",
                    "beneficiaries": "10",
                    "amount_vnd": "9 tỷ",
                }
            ],
            "trainings": [
                {
                    "title": "Lớp nấu ăn",
                    "kind": "dạy nghề",
                    "starts_on": "2023-06-30",
                    "trainees": "10",
                    "trainees_minority": "12",
                }
            ],
        },
        unit_key=BINH_HOA,
        period_code="2023H1",
        received_at=instant("2023-06-12 03:00"),
    )
    target = {"year": "2023", "period": "6 tháng", "unit": "Ea Bông", "indicator": "new_clubs"}
    raw.submit(
        {"targets": [{**target, "target": "2"}, {**target, "target": "5"}]},
        received_at=instant("2023-01-04 00:00"),
    )
    raw.submit(
        {
            "activity_log": [
                EVENT,
                {**EVENT, "occurred_at": "2023-03-05T08:00:00"},
                {**EVENT, "event_id": "shared"},
                {**EVENT, "event_id": "shared", "unit_code": "24538"},
            ]
        },
        received_at=instant("2023-06-14 00:00"),
    )


def write_correction(connection: duckdb.DuckDBPyConnection) -> None:
    """Let one commune correct a return, and take every file of another back, so that it has no row left."""
    raw = RawDatabase(connection, itertools.count(FIRST_NUMBER_OF_CORRECTION))
    raw.submit(
        {
            "member_changes": [joined("Ngô Thị Hai", "02/02/2023"), joined("Trần Thị Mới", "03/02/2023")],
            "movement_activities": [{**COLLECTED, "held_on": "05/02/2023", "quantity": "77"}],
        },
        unit_key=BUON_TRAP,
        period_code="2023H1",
        received_at=instant("2023-07-20 03:00"),
    )
    sent = connection.execute(
        "select submission_id from raw.submissions where unit_key = ? order by 1", [EA_BONG]
    ).fetchall()
    for (submission_id,) in sent:
        raw.decide(submission_id, instant("2023-07-21 03:00"))


def decide_on_members(home: WarehouseHome, folder: Path) -> Path:
    """Make a project in which the office has decided on two pairs of those that the built warehouse asks about.

    Returns:
        The project: one pair is the same woman, one pair are two.
    """
    with open_read_only(home.warehouse) as connection:
        pairs = connection.execute(
            "select min(mention_key), max(mention_key) from intermediate.int_member_matches_ambiguous"
            " group by match_key having min(mention_key) <> max(mention_key) order by 1 limit 2"
        ).fetchall()
    (same, different) = pairs
    project = folder / "dbt_project"
    shutil.copytree(DBT_PROJECT, project, ignore=shutil.ignore_patterns("target", "logs"))
    with (project / "seeds" / "member_match_decisions.csv").open("a", encoding="utf-8", newline="") as seed:
        rows = csv.writer(seed, lineterminator="\n")
        rows.writerow([*same, "same", "chị Hoa", "2023-07-01", "Cùng số CCCD"])
        rows.writerow([*different, "different", "chị Hoa", "2023-07-01", "Hai chị em"])
    return project


def _forget_what_was_built(connection: duckdb.DuckDBPyConnection) -> None:
    for (schema,) in connection.execute(
        "select schema_name from duckdb_schemas() where database_name = current_database() and not internal"
        " and schema_name not in ('raw', 'main')"
    ).fetchall():
        connection.execute(f'drop schema "{schema}" cascade')
