"""A country that does not fit into memory is built in slices, and is the same as one built at once.

Two provinces over two years, with a merger, women who come back and an event in two logs; the rows that a slice may have are
so few that there are several.
"""

import re
import shutil
from dataclasses import dataclass

import duckdb
import pytest

from bench.country import Country, make_project
from bench.national import fill_raw
from ingest.home import WarehouseHome
from tests.dbt_project.conftest import run_dbt

COUNTRY = Country(communes=110, member_changes=61, activities=8, events=20, half_years=4)
ONLY_TABLES = ("build", "--exclude-resource-type", "test", "--exclude-resource-type", "unit_test")
INSERTED = re.compile(r"insert into (?!.*built)", re.IGNORECASE)


@dataclass(frozen=True)
class Built:
    """The same country built at once and in slices."""

    at_once: WarehouseHome
    in_slices: WarehouseHome

    def inserts(self, home: WarehouseHome, model: str) -> int:
        (path,) = (home.dbt / "target" / "run").rglob(f"{model}.sql")
        return len(INSERTED.findall(path.read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    folder = tmp_path_factory.mktemp("slices")
    project = make_project(folder / "project", COUNTRY)
    homes = Built(WarehouseHome(folder / "at_once").prepare(), WarehouseHome(folder / "in_slices").prepare())
    fill_raw(homes.at_once, COUNTRY)
    shutil.copyfile(homes.at_once.warehouse, homes.in_slices.warehouse)
    run_dbt(homes.at_once, project, *ONLY_TABLES)
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("WAREHOUSE_ROWS_AT_ONCE", "12000")
        run_dbt(homes.in_slices, project, *ONLY_TABLES)
    return homes


def test_there_are_several_slices(built: Built) -> None:
    # of units at the most as many as there are provinces, of keys as many as the rows ask for; a table with a contract is
    # made empty before
    assert built.inserts(built.in_slices, "int_measurements") == 2 - 1
    assert built.inserts(built.in_slices, "reconciliation") == 2
    assert built.inserts(built.in_slices, "dim_member") > 4
    assert built.inserts(built.at_once, "int_measurements") == 0
    assert built.inserts(built.at_once, "dim_member") == 1
    # made row by row, it needs none
    assert built.inserts(built.in_slices, "int_member_mentions") == 0


def test_every_table_is_the_same(built: Built) -> None:
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        for name, home in (("at_once", built.at_once), ("in_slices", built.in_slices)):
            connection.execute(f"attach '{home.warehouse}' as {name} (read_only)")
        tables = connection.execute(
            "select schema_name, table_name from duckdb_tables() where database_name = 'at_once'"
            " and schema_name in ('staging', 'intermediate', 'core', 'reviews')"
        ).fetchall()
        differing = {
            f"{schema}.{table}": found
            for schema, table in tables
            if (
                found := connection.execute(
                    f"""
                    with at_once as (from at_once."{schema}"."{table}"),
                        in_slices as (from in_slices."{schema}"."{table}")

                    (from at_once except all from in_slices) union all (from in_slices except all from at_once) limit 1
                    """
                ).fetchall()
            )
        }
        (members,) = connection.execute("select count(*) from in_slices.core.dim_member").fetchone() or (0,)
        (matches,) = connection.execute(
            "select count(*) from in_slices.intermediate.int_member_mentions"
        ).fetchone() or (0,)
    assert len(tables) > 90
    assert members > 10_000
    assert matches > members
    assert differing == {}
