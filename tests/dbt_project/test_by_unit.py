"""After one commune's correction the warehouse is brought up to date, and is the same as one built from nothing."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ingest.database import open_warehouse
from ingest.home import DBT_PROJECT, WarehouseHome
from tests.dbt_project.conftest import BUON_TRAP, EA_BONG, BuiltWarehouse, joined, run_dbt
from tests.dbt_project.raw_fixture import RawDatabase, instant

UNTOUCHED = f"unit_key = '{BUON_TRAP}' and change_type = 'joined'"


def correct_ea_bong(home: WarehouseHome) -> None:
    """The half-year again, with one new member in place of three and one of two activities dated a day later."""
    with open_warehouse(home) as connection:
        raw = RawDatabase(connection)
        for _ in range(50):  # numbers of submissions that are taken
            next(raw._orders)
        raw.submit(
            {
                "member_changes": [joined("Nguyễn Thị Hoa", "5-1-23")],
                "movement_activities": [
                    {
                        "held_on": "06/02/2023",
                        "programme": "Chống rác thải nhựa",
                        "activity_type": "thu gom",
                        "quantity": "900",
                        "uom": "kg",
                    }
                ],
            },
            unit_key=EA_BONG,
            period_code="2023H1",
            received_at=instant("2023-08-01 03:00"),
        )


def build_corrected(today: BuiltWarehouse, folder: Path, *arguments: str, mark: bool) -> BuiltWarehouse:
    home = WarehouseHome(folder).prepare()
    shutil.copyfile(today.home.warehouse, home.warehouse)
    shutil.copytree(today.home.dbt, home.dbt, dirs_exist_ok=True)
    correct_ea_bong(home)
    if mark:
        # a row that no build would write: it stays where its unit is left alone
        with open_warehouse(home) as connection:
            connection.execute(
                f"update core.fct_membership_changes set changed_on = '1900-01-01' where {UNTOUCHED}"
            )
    return BuiltWarehouse(home, run_dbt(home, DBT_PROJECT, "run", *arguments))


@pytest.fixture(scope="module")
def updated_and_rebuilt(
    today: BuiltWarehouse, tmp_path_factory: pytest.TempPathFactory
) -> tuple[BuiltWarehouse, BuiltWarehouse]:
    """The corrected warehouse brought up to date, and the same built from nothing."""
    folder = tmp_path_factory.mktemp("corrected")
    with ThreadPoolExecutor(max_workers=2) as threads:
        updated = threads.submit(build_corrected, today, folder / "updated", mark=True)
        rebuilt = threads.submit(build_corrected, today, folder / "rebuilt", "--full-refresh", mark=False)
        return updated.result(), rebuilt.result()


def test_only_the_corrected_unit_is_written_anew(
    today: BuiltWarehouse, updated_and_rebuilt: tuple[BuiltWarehouse, BuiltWarehouse]
) -> None:
    updated, _ = updated_and_rebuilt

    assert today.value(f"select count(*) from core.fct_membership_changes where {UNTOUCHED}") == 5
    assert updated.rows(
        f"select distinct changed_on::varchar from core.fct_membership_changes where {UNTOUCHED}"
    ) == [("1900-01-01",)]
    ea_bong = f"select count(*) from core.fct_membership_changes where unit_key = '{EA_BONG}' and period_code = '2023H1'"
    assert (today.value(ea_bong), updated.value(ea_bong)) == (4, 1)


def test_brought_up_to_date_equals_built_from_nothing(
    updated_and_rebuilt: tuple[BuiltWarehouse, BuiltWarehouse],
) -> None:
    updated, rebuilt = updated_and_rebuilt
    with open_warehouse(updated.home) as connection:
        connection.execute(f"attach '{rebuilt.home.warehouse}' as rebuilt (read_only)")
        connection.execute(
            "update core.fct_membership_changes as updated set changed_on = rebuilt.changed_on"
            " from rebuilt.core.fct_membership_changes as rebuilt"
            " where updated.membership_change_key = rebuilt.membership_change_key"
            " and updated.changed_on = '1900-01-01'"
        )
        tables = connection.execute(
            "select schema_name, table_name from duckdb_tables()"
            " where database_name = 'rebuilt' and schema_name in ('intermediate', 'core', 'reviews')"
        ).fetchall()
        assert len(tables) > 50
        assert connection.execute("select count(*) from reviews.figure_sources").fetchone() != (0,)
        different = []
        for schema, table in tables:
            here, there = f'warehouse."{schema}"."{table}"', f'rebuilt."{schema}"."{table}"'
            columns = ", ".join(
                f'"{name}"' for name, *_ in connection.execute(f"describe {there}").fetchall()
            )
            (count,) = connection.execute(
                f"select (select count(*) from (select {columns} from {here} except all select {columns} from {there}))"
                f" + (select count(*) from (select {columns} from {there} except all select {columns} from {here}))"
            ).fetchone() or (None,)
            if count != 0:
                different.append((schema, table, count))
        assert different == []
