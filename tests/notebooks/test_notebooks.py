"""The pages of ``notebooks/`` run as they stand, hold no outputs, and show the figures of the edition and of MetricFlow."""

import csv
import json
import shutil
import subprocess
from decimal import Decimal
from pathlib import Path

import duckdb
import nbformat
import pandas as pd
import pytest
from nbclient import NotebookClient

from ingest.database import open_read_only
from ingest.home import PROJECT_ROOT, WarehouseHome
from tests.sample_run import Run

NOTEBOOKS = PROJECT_ROOT / "notebooks"
SECONDS = 300


def run(
    name: str, home: WarehouseHome, monkeypatch: pytest.MonkeyPatch, kept: Path, *frames: str
) -> dict[str, pd.DataFrame]:
    """Run a notebook on a home; gives some of the frames that stand in it when it has run."""
    notebook = nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4)
    nbformat.validate(notebook)
    keep = f"for _name in {frames!r}: globals()[_name].to_parquet({str(kept)!r} + '/' + _name + '.parquet')"
    notebook.cells.append(nbformat.v4.new_code_cell(keep))
    monkeypatch.setenv("WAREHOUSE_HOME", str(home.root))
    monkeypatch.setenv("PYTHONPATH", str(PROJECT_ROOT))
    NotebookClient(
        notebook, timeout=SECONDS, kernel_name="python3", resources={"metadata": {"path": str(NOTEBOOKS)}}
    ).execute()
    return {frame: pd.read_parquet(kept / f"{frame}.parquet") for frame in frames}


def asked(home: WarehouseHome, answer: Path, metrics: str, by: str, where: str = "") -> list[dict[str, str]]:
    """Ask MetricFlow's own command."""
    command = ["make", "-o", "setup", "query", f"WAREHOUSE_HOME={home.root}", f"CSV={answer}"]
    command += [f"METRICS={metrics}", f"BY={by}", *([f"WHERE={where}"] if where else [])]
    subprocess.run(command, cwd=PROJECT_ROOT, check=True, capture_output=True)
    with answer.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("path", sorted(NOTEBOOKS.glob("*.ipynb")), ids=lambda path: path.stem)
def test_a_notebook_is_kept_without_outputs(path: Path) -> None:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert code
    assert [cell["id"] for cell in code if cell["outputs"] or cell["execution_count"]] == []
    assert set(notebook["metadata"]) == {"kernelspec", "language_info"}


def test_who_has_not_reported(first_run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    frames = run(
        "who_has_not_reported", first_run.home, monkeypatch, tmp_path,
        "not_reported", "late", "told_by", "new_members", "silent",
    )  # fmt: skip
    assert frames["not_reported"][
        ["period_label_vi", "unit_name", "status_vi", "form_count"]
    ].to_numpy().tolist() == [["6 tháng cuối năm 2021", "Xã Băng Adrênh", "Chưa gửi", 7]]
    assert frames["late"]["unit_name"].tolist() == ["Xã Dur Kmăl"]
    assert frames["silent"][["period_code", "unit_name"]].to_numpy().tolist() == [
        ["2021H2", "Xã Băng Adrênh"]
    ]
    assert frames["silent"]["value"].isna().all()
    closing = frames["told_by"].set_index("period_code").query("label_vi == 'Tổng số hội viên cuối kỳ'")
    assert closing.loc["2021H2", "carried_value"] == Decimal(1064)
    command = asked(
        first_run.home, tmp_path / "a.csv", "new_members,members_closing", "metric_time__half_year"
    )
    assert [
        (row.metric_time__half_year, float(row.new_members), float(row.members_closing))
        for row in frames["new_members"].itertuples()
    ] == [
        (row["metric_time__half_year"], float(row["new_members"]), float(row["members_closing"]))
        for row in command
    ]


def test_five_years_of_plastic(first_run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    frames = run(
        "five_years_of_plastic", first_run.home, monkeypatch, tmp_path, "by_year", "by_unit", "per_member", "sources",
    )  # fmt: skip
    assert frames["by_year"]["plastic_kg"].tolist() == [12228, 26262, 18336, 17620, 23082, 15456]
    command = asked(
        first_run.home, tmp_path / "a.csv", "plastic_kg,plastic_kg_year_target,plastic_kg_year_attainment",
        "metric_time__year",
    )  # fmt: skip
    for metric in ("plastic_kg", "plastic_kg_year_target", "plastic_kg_year_attainment"):
        assert frames["by_year"][metric].astype("float64").tolist() == pytest.approx(
            [float(row[metric]) for row in command]
        )
    with open_read_only(first_run.home.current) as edition:
        review = edition.execute(
            "select unit_name, cumulative from reviews.programme_review where programme_code = 'plastic_waste'"
            " and indicator_code = 'plastic_kg' and period_code = '2023H1' and not is_area_total order by cumulative desc"
        ).fetchall()
    by_unit = frames["by_unit"][["unit__unit_name", "plastic_kg_over_review_window"]]
    assert [tuple(row) for row in by_unit.to_numpy()] == review
    window = asked(
        first_run.home, tmp_path / "b.csv", "plastic_kg_over_review_window", "metric_time__half_year,unit__unit_name",
        "{{ Entity('programme') }} = 'plastic_waste'",
    )  # fmt: skip
    newest = {
        row["unit__unit_name"]: float(row["plastic_kg_over_review_window"])
        for row in window
        if row["metric_time__half_year"] == "2023H1" and row["plastic_kg_over_review_window"]
    }
    assert {unit: float(value) for unit, value in review} == newest
    assert frames["per_member"]["unit_name"].tolist() == ["Xã Dur Kmăl", "Xã Ea Na", "Xã Krông Ana"]
    assert frames["per_member"]["kg_per_member"].iloc[0] == pytest.approx(22_211 / 2_574)
    assert len(frames["sources"]) > 10


def test_what_changed_since_the_paper_was_signed(
    first_run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    nothing = run(
        "what_changed_since_the_paper_was_signed",
        first_run.home,
        monkeypatch,
        tmp_path,
        "editions",
        "changed",
    )
    assert (len(nothing["editions"]), len(nothing["changed"])) == (1, 0)

    changed = run(
        "what_changed_since_the_paper_was_signed", with_a_signed_paper(first_run.home, tmp_path), monkeypatch,
        tmp_path, "changed", "by_cause", "now", "rows",
    )  # fmt: skip
    assert changed["changed"]["difference"].tolist() == [Decimal(7), Decimal(7)]
    assert changed["by_cause"][["cause", "figures", "units"]].to_numpy().tolist() == [
        ["Báo cáo gửi lại", 1, 1]
    ]
    assert changed["now"]["new_members"].tolist() == [Decimal(47)]
    assert len(changed["rows"]) == 47


def with_a_signed_paper(home: WarehouseHome, folder: Path) -> WarehouseHome:
    """A home whose edition knows of an earlier one, in which a figure of Ea Bông and the district's was another."""
    signed = WarehouseHome(folder / "signed")
    shutil.copytree(home.dbt, signed.dbt)
    shutil.copyfile(home.current, signed.current)
    with duckdb.connect(str(signed.current)) as edition:
        edition.execute(
            "insert into reviews.restatements (edition_id, issued_at, unit_key, unit_name, period_code, indicator_code, label_vi,"
            " figure_as_issued, figure_now, difference, cause, submission_ids, period_label_vi)"
            " select 'edition_signed', timestamptz '2023-06-20', unit_key, unit_name, period_code, indicator_code, label_vi,"
            " value - 7, value, 7, 'Báo cáo gửi lại', null, period_label_vi from reviews.halfyear_review"
            " where period_code = '2023H1' and indicator_code = 'new_members' and unit_key in ('U24565', 'U655')"
            " order by unit_key"
        )
        edition.execute(
            "insert into meta.editions by name select 'edition_signed' as edition_id, timestamptz '2023-06-20' as issued_at,"
            " 2 as changed_figure_count, false as is_this_edition"
        )
    return signed
