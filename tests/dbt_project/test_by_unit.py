"""After one commune's correction the warehouse is brought up to date, and is the same as one built from nothing."""

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pytest

from ingest.database import open_warehouse
from ingest.home import DBT_PROJECT, WarehouseHome
from tests.dbt_project.conftest import BUON_TRAP, EA_BONG, POLICE, BuiltWarehouse, copy_of, joined, run_dbt
from tests.dbt_project.raw_fixture import RawDatabase, instant

DRAY_SAP, EA_NA, EA_NA_MERGED = "U24556", "U24559", "U24559_2025"
UNTOUCHED = f"unit_key = '{POLICE}'"
MAI = {**joined("Lê Thị Mai", "01/08/2023"), "citizen_id": "066190000777"}
SEN = {**joined("Trần Thị Sen", "01/08/2023"), "village": "Thôn 1"}
NEW_CLUBS = {
    "year": "2023",
    "period": "6 tháng",
    "unit": "Ea Bông",
    "indicator": "new_clubs",
    "target": "2",
}
EVENT = {
    "event_id": "e6",
    "occurred_at": "2023-08-06T20:00:00Z",
    "unit_code": "24538",
    "programme": "plastic_waste",
    "activity_type": "cleanup",
    "participants": "35",
}


def write_what_others_reported(home: WarehouseHome) -> None:
    """A half-year of other units, with women and an event that the corrected unit will have to do with."""
    with open_warehouse(home) as connection:
        raw = raw_after(connection, 50)
        for unit_key, period_code, members in (
            (BUON_TRAP, "2023H2", [MAI, joined("Phan Thị Út", "01/08/2023")]),
            (EA_NA, "2023H2", [SEN]),
            (EA_NA_MERGED, "2025H2", [{**SEN, "change_type": "thôi sinh hoạt", "changed_on": "01/08/2025"}]),
        ):
            raw.submit(
                {"member_changes": members},
                unit_key=unit_key,
                period_code=period_code,
                received_at=instant("2025-12-01 03:00"),
            )
        raw.submit({"activity_log": [EVENT]}, received_at=instant("2023-12-01 00:00"))
        raw.decide(submission_of(connection, BUON_TRAP, "2023H1"), instant("2025-12-01 04:00"))


def correct_ea_bong(home: WarehouseHome) -> None:
    """A half-year again, with one new member in place of three and one of two activities dated a day later; and another.

    In that one Mai's number stands beside another name, a second unit of the later merge knows a Sen of Thôn 1, and Út
    may be the one of Buôn Trấp. A later export tells of an event of Buôn Trấp as one of Ea Bông. Ea Bông's return of a year
    before and the log of June were loaded by mistake, and that of Buôn Trấp was withdrawn by mistake.
    """
    with open_warehouse(home) as connection:
        raw = raw_after(connection, 60)
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
            received_at=instant("2025-12-02 03:00"),
        )
        raw.submit(
            {"member_changes": [{**MAI, "full_name": "Lê Thị Tư"}, SEN, joined("Phan Thị Út", "01/09/2023")]},
            unit_key=EA_BONG,
            period_code="2023H2",
            received_at=instant("2025-12-02 03:00"),
        )
        raw.submit(
            {"activity_log": [{**EVENT, "unit_code": "24565"}]}, received_at=instant("2025-12-02 04:00")
        )
        raw.submit(
            {"targets": [NEW_CLUBS, {**NEW_CLUBS, "unit": "TT. Buôn Trấp", "target": "7"}]},
            received_at=instant("2025-12-02 05:00"),
        )
        raw.decide(
            submission_of(connection, BUON_TRAP, "2023H1"), instant("2025-12-02 06:00"), is_withdrawn=False
        )
        for submission_id in (
            submission_of(connection, EA_BONG, "2022H1"),
            *log_of_june(connection),
        ):
            raw.decide(submission_id, instant("2025-12-02 06:00"))


def submission_of(connection: duckdb.DuckDBPyConnection, unit_key: str, period_code: str) -> str:
    (found,) = connection.execute(
        "select submission_id from raw.submissions where unit_key = ? and period_code = ?"
        " order by submission_order desc limit 1",
        [unit_key, period_code],
    ).fetchall()
    return str(found[0])


def log_of_june(connection: duckdb.DuckDBPyConnection) -> list[str]:
    found = connection.execute(
        "select distinct submission_id from raw.activity_log inner join raw.submissions using (submission_id)"
        " where received_at = '2023-06-14 00:00:00+00'"
    ).fetchall()
    assert len(found) == 1
    return [str(submission_id) for (submission_id,) in found]


def raw_after(connection: duckdb.DuckDBPyConnection, taken: int) -> RawDatabase:
    """The raw database with so many numbers of submissions taken."""
    raw = RawDatabase(connection)
    for _ in range(taken):
        next(raw._orders)
    return raw


def copy_of_built(warehouse: BuiltWarehouse, folder: Path) -> WarehouseHome:
    home = copy_of(warehouse.home, folder)
    shutil.copytree(warehouse.home.dbt, home.dbt, dirs_exist_ok=True)
    return home


@pytest.fixture(scope="module")
def before(today: BuiltWarehouse, tmp_path_factory: pytest.TempPathFactory) -> BuiltWarehouse:
    home = copy_of_built(today, tmp_path_factory.mktemp("before"))
    write_what_others_reported(home)
    return BuiltWarehouse(home, run_dbt(home, DBT_PROJECT, "run"))


def build_corrected(before: BuiltWarehouse, folder: Path, *arguments: str, mark: bool) -> BuiltWarehouse:
    home = copy_of_built(before, folder)
    correct_ea_bong(home)
    if mark:
        # a row that no build would write: it stays where its unit is left alone
        with open_warehouse(home) as connection:
            connection.execute(
                "update core.fct_membership_changes set changed_on = '1900-01-01', return_period_code = 'marked'"
                f" where {UNTOUCHED}"
            )
    return BuiltWarehouse(home, run_dbt(home, DBT_PROJECT, *arguments))


@pytest.fixture(scope="module")
def updated_and_rebuilt(
    before: BuiltWarehouse, tmp_path_factory: pytest.TempPathFactory
) -> tuple[BuiltWarehouse, BuiltWarehouse]:
    """The corrected warehouse brought up to date, with its tests, and the same built from nothing."""
    folder = tmp_path_factory.mktemp("corrected")
    with ThreadPoolExecutor(max_workers=2) as threads:
        update = ("build", "--exclude-resource-type", "unit_test", "seed")
        updated = threads.submit(build_corrected, before, folder / "updated", *update, mark=True)
        rebuilt = threads.submit(
            build_corrected, before, folder / "rebuilt", "run", "--full-refresh", mark=False
        )
        return updated.result(), rebuilt.result()


def test_only_stale_units_are_built(
    before: BuiltWarehouse, updated_and_rebuilt: tuple[BuiltWarehouse, BuiltWarehouse]
) -> None:
    updated, _ = updated_and_rebuilt

    assert before.value(f"select count(*) from core.fct_membership_changes where {UNTOUCHED}") == 1
    assert updated.rows(
        f"select distinct changed_on::varchar from core.fct_membership_changes where {UNTOUCHED}"
    ) == [("1900-01-01",)]
    ea_bong = f"select count(*) from core.fct_membership_changes where unit_key = '{EA_BONG}' and period_code = '2023H1'"
    assert (before.value(ea_bong), updated.value(ea_bong)) == (4, 1)


def test_a_correction_changes_what_other_units_are_known_by(
    before: BuiltWarehouse, updated_and_rebuilt: tuple[BuiltWarehouse, BuiltWarehouse]
) -> None:
    updated, _ = updated_and_rebuilt
    sens = (
        "select count(distinct member_key) from core.fct_membership_changes"
        f" where unit_key in ('{EA_NA}', '{EA_NA_MERGED}') and period_code in ('2023H2', '2025H2')"
    )
    assert (before.value(sens), updated.value(sens)) == (1, 2)
    matches = "select match_kind, count(*) from intermediate.int_member_matches_ambiguous group by match_kind order by 1"
    assert before.rows(matches) == []
    assert updated.rows(matches) == [("other_unit", 5), ("shared_number", 2)]
    event = "select unit_key from core.fct_movement_activities where event_id = 'e6' order by all"
    assert (before.rows(event), updated.rows(event)) == (
        [(BUON_TRAP,), (DRAY_SAP,)],
        [(BUON_TRAP,), (EA_BONG,)],  # the log of June, which told of Dray Sáp, is withdrawn
    )


def test_what_is_withdrawn_goes_and_what_is_taken_back_comes(
    before: BuiltWarehouse, updated_and_rebuilt: tuple[BuiltWarehouse, BuiltWarehouse]
) -> None:
    updated, _ = updated_and_rebuilt
    for counted, expected in (
        (f"core.fct_membership_changes where unit_key = '{EA_BONG}' and period_code = '2022H1'", (3, 0)),
        # the older return has two new members, the one that was taken back five
        (
            f"core.fct_membership_changes where unit_key = '{BUON_TRAP}' and return_period_code = '2023H1'",
            (2, 5),
        ),
        # the log of June alone tells of the one, two later exports tell of the other too
        ("core.fct_movement_activities where event_id = 'e4'", (1, 0)),
        ("core.fct_movement_activities where event_id = 'e2'", (1, 1)),
    ):
        question = f"select count(*) from {counted}"
        assert (before.value(question), updated.value(question)) == expected, counted
    sources = (
        f"select count(*) > 0 from reviews.figure_sources where unit_key = '{EA_BONG}'"
        " and period_code = '2022H1' and source_kind = 'row'"
    )
    assert (before.value(sources), updated.value(sources)) == (True, False)
    missing = (
        "select count(*) from reviews.submission_completeness"
        f" where unit_key = '{EA_BONG}' and period_code = '2022H1' and status <> 'missing'"
    )
    assert (before.value(missing), updated.value(missing)) == (2, 0)
    assert updated.rows(
        "select unit_key, period_code, withdrawn_why, version, is_current, count(*) from core.fct_submissions"
        " where is_withdrawn group by all order by all"
    ) == [(EA_BONG, "2022H1", "Nhầm tệp", None, False, 2), (None, None, "Nhầm tệp", None, False, 1)]
    assert (
        updated.value(
            "select sum(rows_loaded) > 0 and sum(remainder) = 0 from reviews.conservation_ledger where is_withdrawn"
        )
        is True
    )


def test_data_tests_look_at_what_a_build_has_built(
    updated_and_rebuilt: tuple[BuiltWarehouse, BuiltWarehouse],
) -> None:
    updated, _ = (
        updated_and_rebuilt  # where a row that no build touched breaks a rule, and the build's tests passed
    )
    with pytest.raises(AssertionError, match="relationships_fct_membership_changes_return_period_code"):
        run_dbt(
            updated.home,
            DBT_PROJECT,
            "test",
            "--select",
            "relationships_fct_membership_changes_return_period_code*",
        )
    built = "select count(distinct built_in) from built.units where model_name = 'fct_membership_changes' and unit_key"
    assert updated.value(f"{built} in ('{EA_BONG}', '{BUON_TRAP}')") == 1
    assert updated.value(f"{built} in ('{EA_BONG}', '{POLICE}')") == 2


def test_no_data_test_but_those_of_models_by_unit_is_narrowed(today: BuiltWarehouse) -> None:
    """dbt asks the macro that narrows for every data test of the project."""
    target = today.home.dbt / "target"
    nodes = json.loads((target / "manifest.json").read_text(encoding="utf-8"))["nodes"]
    results = json.loads((target / "run_results.json").read_text(encoding="utf-8"))["results"]
    tests = {found["unique_id"]: found["compiled_code"] for found in results if is_test(found["unique_id"])}
    narrowed = {unique_id for unique_id, sql in tests.items() if "units_built_now" in sql}
    by_unit = {
        unique_id
        for unique_id in tests
        if (model := nodes.get(nodes[unique_id].get("attached_node")))
        and model["config"].get("incremental_strategy") == "by_unit"
    }
    assert len(narrowed) > 50
    assert narrowed == by_unit
    assert len(set(tests) - narrowed) > 100


def is_test(unique_id: str) -> bool:
    return unique_id.startswith("test.")


def test_data_tests_of_other_models_see_rows_that_no_build_touched(
    updated_and_rebuilt: tuple[BuiltWarehouse, BuiltWarehouse], tmp_path: Path
) -> None:
    home = copy_of_built(updated_and_rebuilt[0], tmp_path)
    with open_warehouse(home) as connection:
        connection.execute("insert into core.dim_period select * from core.dim_period limit 1")
    with pytest.raises(AssertionError, match="unique_dim_period_period_code"):
        run_dbt(home, DBT_PROJECT, "build", "--select", "unique_dim_period_period_code")


def test_an_incremental_build_equals_one_from_nothing(
    updated_and_rebuilt: tuple[BuiltWarehouse, BuiltWarehouse],
) -> None:
    updated, rebuilt = updated_and_rebuilt
    with open_warehouse(updated.home) as connection:
        connection.execute(f"attach '{rebuilt.home.warehouse}' as rebuilt (read_only)")
        connection.execute(
            "update core.fct_membership_changes as updated"
            " set changed_on = rebuilt.changed_on, return_period_code = rebuilt.return_period_code from rebuilt.core.fct_membership_changes as rebuilt"
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
