"""Layers after returns were corrected and withdrawn, for an earlier instant and back, are those of a build from nothing."""

import shutil
from pathlib import Path

import pytest

from build.commands import TransformError
from build.transform import build_up_to, run_layer
from ingest.database import open_read_only, open_warehouse
from ingest.home import WarehouseHome
from tests.dbt_project.conftest import write_raw
from tests.dbt_project.raw_fixture import instant
from tests.dbt_project.test_by_unit import correct_ea_bong, write_what_others_reported
from tests.publish.small_warehouse import ask

BEFORE, CORRECTED = instant("2025-12-01 12:00"), instant("2025-12-03 12:00")
BUILT = ("reference", "staging", "intermediate", "core", "reviews")


@pytest.fixture(scope="module")
def corrected(tmp_path_factory: pytest.TempPathFactory) -> WarehouseHome:
    home = WarehouseHome(tmp_path_factory.mktemp("corrected")).prepare()
    write_raw(home)
    write_what_others_reported(home)
    build_up_to(home, "reviews", BEFORE)
    correct_ea_bong(home)
    # one build finds what came, the next what counts no more, the last what counts again; and none builds what is fixed
    for as_of in (CORRECTED, BEFORE, CORRECTED):
        runs = {run.layer: run for run in build_up_to(home, "reviews", as_of)}
        assert list(runs) == ["staging", "intermediate", "core", "reviews"]
        built = {result.unique_id.rsplit(".", 1)[-1] for run in runs.values() for result in run.results}
        assert built.isdisjoint({"stg_clubs", "dim_code", "unique_dim_code_code_key"})
        assert {"stg_submissions_received", "dim_unit", "fct_clubs", "assert_money_is_conserved"} <= built
        assert all(
            not result.sql for result in runs["reviews"].results if result.unique_id.startswith("test.")
        )
    return home


@pytest.fixture(scope="module")
def rebuilt(corrected: WarehouseHome, tmp_path_factory: pytest.TempPathFactory) -> WarehouseHome:
    home = WarehouseHome(tmp_path_factory.mktemp("rebuilt")).prepare()
    shutil.copyfile(corrected.warehouse, home.warehouse)
    with open_warehouse(home) as connection:
        for schema in ("built", *BUILT):
            connection.execute(f"drop schema {schema} cascade")
    assert all(run.is_full for run in build_up_to(home, "reviews", CORRECTED))
    return home


def test_every_table_and_view_is_that_of_a_build_from_nothing(
    corrected: WarehouseHome, rebuilt: WarehouseHome
) -> None:
    views = "select schema_name, view_name, sql from duckdb_views() where not internal order by all"
    assert ask(corrected.warehouse, views) == ask(rebuilt.warehouse, views) != []
    with open_read_only(corrected.warehouse) as connection:
        connection.execute(f"attach '{rebuilt.warehouse}' as rebuilt (read_only)")
        tables = connection.execute(
            "select schema_name, table_name from duckdb_tables() where database_name = 'rebuilt'"
            " and list_contains(?, schema_name)",
            [list(BUILT)],
        ).fetchall()
        assert len(tables) > 100
        different = []
        for schema, table in tables:
            columns = ", ".join(
                f'"{name}"'
                for name, *_ in connection.execute(f'describe rebuilt."{schema}"."{table}"').fetchall()
            )
            here, there = (
                f'(select {columns} from {database}."{schema}"."{table}")'
                for database in (corrected.warehouse.stem, "rebuilt")
            )
            found = connection.execute(
                f"select count(*) from ((from {here} except all from {there}) union all"
                f" (from {there} except all from {here}))"
            ).fetchone()
            different += [(schema, table, found)] if found != (0,) else []
    assert different == []


def test_a_figure_that_is_not_the_sum_of_its_sources_any_more_is_found(
    corrected: WarehouseHome, tmp_path: Path
) -> None:
    """No unit is stale, so the table stays as it is; what is put without dbt sees it, and dbt says what it is."""
    home = WarehouseHome(tmp_path / "home").prepare()
    shutil.copyfile(corrected.warehouse, home.warehouse)
    shutil.copytree(corrected.dbt, home.dbt, dirs_exist_ok=True)
    with open_warehouse(home) as connection:
        connection.execute(
            "update reviews.indicator_values set value = value + 1 where indicator_code = 'new_members'"
        )

    with pytest.raises(TransformError, match="layer reviews: test"):
        run_layer(home, "reviews", CORRECTED)
