"""The commands that the README promises exist, and CI runs the same ones."""

import re

from ingest.home import PROJECT_ROOT

README = (PROJECT_ROOT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (PROJECT_ROOT / "Makefile").read_text(encoding="utf-8")


def test_every_make_command_of_the_readme_is_a_target() -> None:
    promised = set(re.findall(r"\bmake ([a-z][a-z-]*)", README))
    targets = set(re.findall(r"^([a-z][a-z-]*):", MAKEFILE, flags=re.MULTILINE))

    assert {"refresh", "test"} <= promised
    assert promised <= targets


def test_every_file_that_the_readme_links_to_is_there() -> None:
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", README) if not link.startswith("http")]

    assert links
    assert [link for link in links if not (PROJECT_ROOT / link).exists()] == []


def test_ci_runs_lint_and_test() -> None:
    commands = (PROJECT_ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()

    assert commands[-2:] == ["make lint", "make test"]
