"""The country that the warehouse is measured on: every row of it is accounted for, as after reading files."""

import csv
from pathlib import Path

import duckdb
import pytest

from bench.country import Country, HalfYear, make_project
from bench.national import HEADER_ROWS, correct_commune, fill_raw
from ingest.contracts.forms import load_contracts
from ingest.database import open_read_only
from ingest.home import WarehouseHome

SMALL = Country(communes=3, member_changes=20, activities=16, events=16)
TWO_YEARS = Country(communes=12, member_changes=120, activities=16, events=116, half_years=4)


def test_rows_seen_are_body_rows_and_structure(tmp_path: Path) -> None:
    home = WarehouseHome(tmp_path)
    fill_raw(home, SMALL)
    correct_commune(home, SMALL, number=1)
    bodies = " union all ".join(
        f"select submission_id, sheet_number, 1 as row_count from raw.{form.name}"
        for form in load_contracts().forms
    )
    with open_read_only(home.warehouse) as connection:
        # two returns of three communes, one of them corrected at once and one later
        assert connection.execute(
            "select count(*), count(distinct submission_id) from raw.member_changes where row_number > ?",
            [HEADER_ROWS],
        ).fetchone() == (7 * 20 + 19, 8)
        assert connection.execute("select count(*) from raw.activity_log").fetchone() == (3 * 2 * 16 + 3,)
        accounted = connection.execute(
            f"""
            with accounted as (
                from ({bodies})
                union all by name
                select submission_id, sheet_number, last_row - first_row + 1 as row_count from raw.structure_rows
            )

            select submission_id, sheets.sheet_name, sheets.rows_seen, sum(row_count)
            from raw.sheets left join accounted using (submission_id, sheet_number)
            group by all having sheets.rows_seen is distinct from sum(row_count)
            """
        ).fetchall()
        assert accounted == []


@pytest.fixture(scope="module")
def two_years(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    home = WarehouseHome(tmp_path_factory.mktemp("two_years"))
    fill_raw(home, TWO_YEARS)
    return duckdb.connect(str(home.warehouse), read_only=True)


def test_half_years_are_those_of_the_calendar(tmp_path: Path) -> None:
    assert [HalfYear(number).code for number in Country(half_years=5).numbers] == [
        "2024H1",
        "2024H2",
        "2025H1",
        "2025H2",
        "2026H1",
    ]
    project = make_project(tmp_path, Country(communes=3, half_years=23))
    with (project / "seeds" / "reporting_periods.csv").open(encoding="utf-8", newline="") as file:
        periods = {row["period_code"]: row for row in csv.DictReader(file)}
    # the seed begins in 2017
    for code, start, end in (
        ("2015H1", "2014-12-15", "2015-06-14"),
        ("2016H2", "2016-06-15", "2016-12-14"),
        ("2016", "2015-12-15", "2016-12-14"),
        ("2017H1", "2016-12-15", "2017-06-14"),
    ):
        assert (periods[code]["period_start"], periods[code]["period_end"]) == (start, end)
    assert len([row for row in periods.values() if row["period_kind"] == "year"]) == 16


def test_a_merged_commune_reports_until_2025h1_and_its_neighbour_as_another_unit_afterwards(
    two_years: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    found = two_years.execute(
        "select period_code, count(distinct unit_key), list_sort(list(distinct unit_key) filter (unit_key >= 'U10009' and"
        " unit_key < 'U10011')) from raw.submissions where unit_key is not null group by all order by all"
    ).fetchall()
    assert found == [
        ("2024H2", 12, ["U10009", "U10010"]),
        ("2025H1", 12, ["U10009", "U10010"]),
        ("2025H2", 11, ["U10009_2025"]),
        ("2026H1", 11, ["U10009_2025"]),
    ]
    seeds = make_project(tmp_path, TWO_YEARS) / "seeds"
    crosswalk = (seeds / "unit_crosswalk.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert crosswalk == ["U10009,U10009_2025,2025-07-01,1", "U10010,U10009_2025,2025-07-01,1"]
    units = (seeds / "units.csv").read_text(encoding="utf-8")
    assert "U10010,10010,Xã số 10,commune,territorial,P01,P01,,2025-06-30\n" in units
    assert "U10009_2025,10009,Xã số 9,commune,territorial,P01,P01,2025-07-01,\n" in units


def test_neighbours_that_merge_stand_in_one_province_and_no_commune_merges_twice() -> None:
    mergers = Country(half_years=20).mergers
    assert len(mergers) == 330
    assert all(n // 97 == into // 97 for n, into in mergers.items())
    assert not set(mergers) & set(mergers.values())
    assert Country().mergers == {}


def test_some_women_leave_and_come_back(two_years: duckdb.DuckDBPyConnection) -> None:
    women = {
        row_number: found
        for row_number, *found in two_years.execute(
            """
            select row_number - ? as i, count(*), count(distinct full_name || birth), count(distinct citizen_id),
                list(change_type order by submission_order)
            from raw.member_changes inner join raw.submissions using (submission_id)
            where unit_key = 'U10002' and row_number - ? in (20, 21, 60) and file_name not like '%again%'
            group by all
            """,
            [HEADER_ROWS + 1, HEADER_ROWS + 1],
        ).fetchall()
    }
    in_and_out = ["phát triển mới", "thôi sinh hoạt"] * 2
    # row 60 is one woman in all four half-years, row 20 one in each pair of them, row 21 another each time
    assert women == {
        60: [4, 1, 1, in_and_out],
        20: [4, 2, 2, in_and_out],
        21: [4, 4, 4, ["phát triển mới"] * 4],
    }


def test_some_returns_are_late_and_some_come_again(two_years: duckdb.DuckDBPyConnection) -> None:
    days = {"2024H2": "2024-12-14", "2025H1": "2025-06-14", "2025H2": "2025-12-14", "2026H1": "2026-06-14"}
    found = two_years.execute(
        "select period_code, file_name like '% again.xlsx', unit_key, received_at::date::varchar from raw.submissions"
        " where unit_key is not null order by submission_order"
    ).fetchall()
    assert [(code, key) for code, _, key, day in found if day > days[code]] == [
        ("2024H2", "U10002"),
        ("2025H1", "U10001"),
    ]
    assert [(code, key) for code, is_again, key, _ in found if is_again] == [
        ("2024H2", "U10003"),
        ("2025H1", "U10002"),
        ("2025H2", "U10001"),
    ]
    # a log brings one event in a hundred of the half-year before again: numbers 0 and 100
    events = two_years.execute("select count(*), count(distinct event_id) from raw.activity_log").fetchone()
    assert events == ((12 + 12 + 11 + 11) * 116 + (12 + 12 + 11) * 2, (12 + 12 + 11 + 11) * 116)
