"""What the page of the architecture and the decisions name is there."""

import re
from pathlib import Path

import pytest

from ingest.home import PROJECT_ROOT

PAGES = [
    PROJECT_ROOT / "docs" / "architecture.md",
    *sorted((PROJECT_ROOT / "docs" / "decisions").glob("*.md")),
]
_PATH = re.compile(
    r"`((?:ingest|build|publish|operations|dags|dbt_project|tests|docs|sample|bench)/[\w./-]+)`"
)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_path_that_a_page_names_is_there(page: Path) -> None:
    named = set(_PATH.findall(page.read_text(encoding="utf-8")))
    assert not [path for path in sorted(named) if not (PROJECT_ROOT / path).exists()]


def test_the_page_names_paths() -> None:
    assert len(_PATH.findall(PAGES[0].read_text(encoding="utf-8"))) > 20
