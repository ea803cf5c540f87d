"""The country that the warehouse is measured on: every row of it is accounted for, as after reading files."""

from pathlib import Path

from bench.country import Country
from bench.national import HEADER_ROWS, correct_commune, fill_raw
from ingest.contracts.forms import load_contracts
from ingest.database import open_read_only
from ingest.home import WarehouseHome

SMALL = Country(communes=3, member_changes=20, activities=16, events=16)


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
