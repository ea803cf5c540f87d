"""Rows are validated once and kept, an earlier day takes nothing away, and another digest has them validated again.

A validated row is altered by hand: while it is kept it shows the alteration, validated again it does not.
"""

import shutil
from itertools import count
from pathlib import Path

import pytest

from ingest.database import open_warehouse
from ingest.home import DBT_PROJECT, WarehouseHome
from tests.dbt_project.conftest import BUON_TRAP, BuiltWarehouse, run_dbt
from tests.dbt_project.raw_fixture import RawDatabase, instant

CLUBS = "select club_name, is_valid from staging.stg_clubs__validated order by all"
KNOWN_CLUBS = "select club_name from staging.stg_clubs order by all"
ONLY_CLUBS = (
    "build",
    "--select",
    "+stg_clubs",
    "--exclude-resource-type",
    "test",
    "--exclude-resource-type",
    "unit_test",
)


@pytest.fixture(scope="module")
def altered(today: BuiltWarehouse, tmp_path_factory: pytest.TempPathFactory) -> WarehouseHome:
    """The warehouse of today with one validated club renamed by hand and a return that came in since."""
    home = WarehouseHome(tmp_path_factory.mktemp("altered")).prepare()
    shutil.copyfile(today.home.warehouse, home.warehouse)
    shutil.copytree(today.home.dbt, home.dbt, dirs_exist_ok=True)
    with open_warehouse(home) as connection:
        connection.execute(
            "update staging.stg_clubs__validated set club_name = 'kept' where club_name = 'CLB Dân vũ'"
        )
        RawDatabase(connection, count(100)).submit(
            {
                "clubs": [
                    {
                        "club_name": "CLB mới",
                        "kind": "đội chèo",
                        "founded_on": "08/03/2023",
                        "status": "thành lập mới",
                        "members": "9",
                    }
                ]
            },
            unit_key=BUON_TRAP,
            period_code="2023H1",
            received_at=instant("2023-07-20 00:00"),
        )
    return home


@pytest.fixture(scope="module")
def on_an_earlier_day(altered: WarehouseHome) -> BuiltWarehouse:
    """What was known on 12 June 2023, when only Ea Bông had reported its clubs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WAREHOUSE_AS_OF", "2023-06-12")
        return BuiltWarehouse(altered, run_dbt(altered, DBT_PROJECT, *ONLY_CLUBS))


def test_an_earlier_day_shows_what_was_known_and_takes_nothing_away(
    on_an_earlier_day: BuiltWarehouse,
) -> None:
    assert on_an_earlier_day.rows(KNOWN_CLUBS) == [("CLB Phụ nữ sống xanh",), ("kept",)]
    assert on_an_earlier_day.rows(CLUBS) == [
        ("CLB Phụ nữ sống xanh", True),
        ("CLB mới", False),
        ("Tổ tiết kiệm", True),
        ("kept", True),
    ]


def test_a_new_spelling_in_the_reference_data_has_every_row_validated_again(
    on_an_earlier_day: BuiltWarehouse, tmp_path: Path
) -> None:
    project = tmp_path / "dbt_project"
    shutil.copytree(DBT_PROJECT, project, ignore=shutil.ignore_patterns("target", "logs"))
    with (project / "seeds" / "generated" / "form_choices.csv").open("a", encoding="utf-8") as choices:
        choices.write("club_kind,group,tổ,đội chèo,,\n")

    run_dbt(on_an_earlier_day.home, project, *ONLY_CLUBS)

    assert on_an_earlier_day.rows(CLUBS) == [
        ("CLB Dân vũ", True),
        ("CLB Phụ nữ sống xanh", True),
        ("CLB mới", True),
        ("Tổ tiết kiệm", True),
    ]
    assert len(on_an_earlier_day.rows(KNOWN_CLUBS)) == 4
