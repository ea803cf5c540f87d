"""A decision on members that names nobody any more is told, and stops nothing."""

import re
import shutil
from pathlib import Path

from ingest.home import DBT_PROJECT
from tests.dbt_project.conftest import BuiltWarehouse, copy_of, run_dbt

HEADER = "first_key,second_key,decision,decided_by,decided_on,reason\n"
NOBODY = "ab" * 32
CLAIM = "assert_every_decision_on_members_names_somebody"


def test_a_decision_whose_key_nothing_bears_is_a_warning(today: BuiltWarehouse, tmp_path: Path) -> None:
    project = tmp_path / "dbt_project"
    shutil.copytree(DBT_PROJECT, project, ignore=shutil.ignore_patterns("target", "logs"))
    home = copy_of(today.home, tmp_path / "home")
    keys = today.rows("select distinct mention_key from intermediate.int_member_mentions order by 1 limit 2")
    (first,), (second,) = keys
    decisions = project / "seeds" / "member_match_decisions.csv"
    decisions.write_text(
        f"{HEADER}{first},{second},different,Văn phòng,2023-06-01,hai người\n"
        f"{first},{NOBODY},different,Văn phòng,2023-06-02,hai người\n",
        encoding="utf-8",
    )
    found = "int_member_rows_decided_on"
    output = run_dbt(
        home,
        project,
        "build",
        "--select",
        "member_match_decisions",
        found,
        CLAIM,
        "--exclude-resource-type",
        "unit_test",
    )
    assert re.search(rf"Warning in test {CLAIM}", output)
    assert re.search(r"Got 1 result, configured to warn if != 0", output)
    assert "ERROR=0" in output


def test_without_decisions_there_is_nothing_to_warn_of(today: BuiltWarehouse) -> None:
    assert CLAIM in today.output
    assert "WARN=0" in today.output


def test_two_rows_of_one_wording_are_two_women_when_a_person_says_so(
    today: BuiltWarehouse, tmp_path: Path
) -> None:
    """Nothing but their addresses tells them apart: one name, birth, village and number."""
    rows = today.rows(
        "select submission_id || '-' || sheet_number || '-' || row_number from raw.member_changes"
        " where citizen_id = '066185000001' order by all"
    )
    (first,), (second,) = rows
    project = tmp_path / "dbt_project"
    shutil.copytree(DBT_PROJECT, project, ignore=shutil.ignore_patterns("target", "logs"))
    (project / "seeds" / "member_match_decisions.csv").write_text(
        f"{HEADER}{first},{second},different,Văn phòng,2023-06-01,hai người\n", encoding="utf-8"
    )
    home = copy_of(today.home, tmp_path / "home")
    only_tables = ("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test")
    run_dbt(home, project, "build", "--select", "member_match_decisions+,+dim_member", *only_tables)

    decided = BuiltWarehouse(home, "")
    members = "select count(*), sum(change_count) from core.dim_member"
    ((before, changes),) = today.rows(members)
    assert decided.rows(members) == [(int(str(before)) + 1, changes)]
