"""The recipes of ``docs/connect.md`` that can be run here, as somebody would copy them, with the sample's figures as answers."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from ingest.home import PROJECT_ROOT
from publish.editions.current import require_edition
from publish.opendata.package import write_package
from tests.sample_run import Run

PAGE = (PROJECT_ROOT / "docs" / "connect.md").read_text(encoding="utf-8")
UV = str(PROJECT_ROOT / ".tools" / "bin" / "uv")
POLARS, DUCKDB_CLI = "polars==2.1.0", "duckdb-cli==1.5.6"


def recipe(heading: str, language: str) -> tuple[str, str]:
    """Give the first block of a language under a heading, and the answer that stands below it (empty where none does)."""
    section = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", PAGE, re.M | re.S)
    assert section, heading
    found = re.search(rf"^```{language}\n(.*?)^```\n(?:\n```text\n(.*?)\n```)?", section[1], re.M | re.S)
    assert found, (heading, language)
    return found[1], found[2] or ""


def python(code: str, home: Path, *command: str) -> str:
    """Run a recipe with the home as ``data``; gives what it printed."""
    (link := home.parent / "as_copied").mkdir(exist_ok=True)
    if not (link / "data").exists():
        (link / "data").symlink_to(home)
    finished = subprocess.run(
        [*(command or (sys.executable,)), "-c", code],
        cwd=link,
        env={
            **os.environ,
            "WAREHOUSE_HOME": str(home),
            "PYTHONPATH": str(PROJECT_ROOT) if not command else "",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr
    return finished.stdout.strip()


def test_pandas(first_run: Run) -> None:
    code, answer = recipe("pandas and notebooks", "python")
    assert python(code, first_run.home.root) == answer


def test_polars_takes_arrow(first_run: Run) -> None:
    code, answer = recipe("Polars and Arrow", "python")
    with_polars = (
        UV,
        "run",
        "--quiet",
        "--no-project",
        "--with",
        POLARS,
        "--with",
        "duckdb==1.5.5",
        "--with",
        "pyarrow",
    )
    assert python(code, first_run.home.root, *with_polars, "python") == answer


def test_the_command_line_of_duckdb(first_run: Run) -> None:
    command, answer = recipe("DuckDB's command line", "sh")
    typed = shlex.split(command.replace("data/", f"{first_run.home.root}/"))
    told = subprocess.run(
        [UV, "run", "--quiet", "--no-project", "--with", DUCKDB_CLI, *typed],
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == answer


def test_frictionless(first_run: Run) -> None:
    write_package(first_run.home, require_edition(first_run.home))
    code, answer = recipe("Frictionless, open data", "python")
    assert python(code, first_run.home.root) == answer


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_calc_opens_the_csv_for_people_and_that_for_programs(first_run: Run, tmp_path: Path) -> None:
    command, _ = recipe("LibreOffice", "sh")
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    edition = require_edition(first_run.home)
    program_csv = write_package(first_run.home, edition).folder / "csv" / "reviews.halfyear_review.csv"
    for source, options in (
        (first_run.home.reviews / "halfyear_2023H1.csv", "59,34,UTF8,1,,1066"),
        (program_csv, "44,34,UTF8,1,,1033"),
    ):
        assert options in PAGE
        typed = shlex.split(command)
        typed = [part.replace("59,34,UTF8,1,,1066", options) for part in typed]
        subprocess.run(
            [typed[0], profile, *typed[1:-2], str(tmp_path), str(source)],
            check=True,
            capture_output=True,
            timeout=180,
        )
        sheet = openpyxl.load_workbook(tmp_path / f"{source.stem}.xlsx").active
        rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
        of_district = [row for row in rows if "Hội viên mới phát triển" in row and "Huyện Krông Ana" in row]
        assert any(382 in row and 189 in row for row in of_district), of_district


def test_what_is_said_to_be_run_is_run_here() -> None:
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in PAGE.splitlines()
        if line.startswith("| [")
    ]
    run_here = {
        re.sub(r"\[([^]]*)\].*", r"\1", tool)
        for tool, _, tried in rows
        if tried.startswith("run by the test suite")
    }
    assert run_here == {
        "pandas, notebooks",
        "Polars, Arrow",
        "DuckDB's command line",
        "LibreOffice Calc",
        "Frictionless",
    }
    assert len(rows) == 14
    assert [tool for tool, _, tried in rows if "run" not in tried and "held to a schema" not in tried] == []


def test_no_recipe_opens_the_working_database() -> None:
    code = "\n".join(re.findall(r"^```\w*\n(.*?)^```", PAGE, re.M | re.S))
    assert "current.duckdb" in code
    assert "warehouse.duckdb" not in code
