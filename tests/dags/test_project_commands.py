"""The commands that the README and the pages for operation promise exist, and CI runs the same ones."""

import re
import subprocess
from pathlib import Path

import pytest

from ingest.home import PROJECT_ROOT
from tests.conftest import SLOWEST

RUNBOOKS = sorted(f"docs/runbooks/{path.name}" for path in (PROJECT_ROOT / "docs" / "runbooks").glob("*.md"))
PAGES = (
    *("README.md", "README.vi.md", "CONTRIBUTING.md", "CHANGELOG.md"),
    *(
        "docs/analysts.md",
        "docs/architecture.md",
        "docs/connect.md",
        "docs/operations.md",
        "docs/van-hanh.md",
    ),
    *RUNBOOKS,
)
TEXTS = {page: (PROJECT_ROOT / page).read_text(encoding="utf-8") for page in PAGES}
MAKEFILE = (PROJECT_ROOT / "Makefile").read_text(encoding="utf-8")


def test_every_make_command_that_is_promised_is_a_target() -> None:
    promised = set(re.findall(r"\bmake ([a-z][a-z0-9-]*)", "\n".join(TEXTS.values())))
    targets = set(re.findall(r"^([a-z][a-z0-9-]*):", MAKEFILE, flags=re.MULTILINE))

    assert {"refresh", "test"} <= promised
    assert promised <= targets


def test_what_is_tested_first_is_there() -> None:
    assert [path for path in SLOWEST if not (PROJECT_ROOT / path).exists()] == []


def test_the_fast_tests_are_where_make_check_looks_for_them() -> None:
    found = re.search(r"^FAST_TESTS \?= \$\(addprefix (\S+),([^)]*)\)", MAKEFILE, flags=re.MULTILINE)

    assert found
    folders = [PROJECT_ROOT / f"{found[1]}{name}" for name in found[2].split()]
    assert len(folders) >= 7
    assert [folder for folder in folders if not list(folder.glob("test_*.py"))] == []


def test_every_file_that_is_linked_to_is_there() -> None:
    links = [
        (PROJECT_ROOT / page).parent / link
        for page, text in TEXTS.items()
        for link in re.findall(r"\]\(([^)#]+)\)", text)
        if not link.startswith("http")
    ]

    assert links
    assert [link for link in links if not link.exists()] == []


def test_ci_runs_lint_and_test_and_the_services() -> None:
    commands = (PROJECT_ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()

    assert [line for line in commands if line.startswith("make ")] == [
        "make lint",
        "make spark",
        "make test",
        "make test-stack STACK=tests/stack/test_services.py",
    ]


@pytest.mark.parametrize(
    ("received", "is_sampled"), [("", True), ("inbox/bc.xlsx", False), ("archive/ab/abc", False)]
)
def test_the_sample_comes_only_where_nothing_was_ever_received(
    received: str, is_sampled: bool, tmp_path: Path
) -> None:
    for folder in ("inbox", "archive/journal"):
        (tmp_path / folder).mkdir(parents=True)
    if received:
        (tmp_path / received).parent.mkdir(exist_ok=True)
        (tmp_path / received).touch()

    # make carries out what calls make, and only says the rest
    said = subprocess.run(
        ["make", "-n", "refresh", f"WAREHOUSE_HOME={tmp_path}"],
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    assert "dags/local_run.py" in said
    assert ("Writing the sample corpus" in said) is is_sampled
