"""No place of the first district stands in code: whoever takes the warehouse over looks for places in seeds alone.

Docstrings and comments may tell by an example of ours, and so may unit tests of models.
"""

import ast
import csv
import re
from collections.abc import Iterator
from pathlib import Path

import yaml

from ingest.home import PROJECT_ROOT, SEEDS

ROOMS = ("build", "dags", "ingest", "operations", "publish", "dbt_project/macros", "dbt_project/models")
_COMMENTS = re.compile(r"\{#.*?#\}|--[^\n]*", re.DOTALL)
_LEVEL = re.compile(r"^(Tỉnh|Huyện|Thị trấn|Xã) ")


def places() -> frozenset[str]:
    with (SEEDS / "units.csv").open(encoding="utf-8", newline="") as file:
        units = list(csv.DictReader(file))
    names = {_LEVEL.sub("", unit["unit_name"]) for unit in units}
    return frozenset(names | {unit["unit_key"] for unit in units} | {"Krong Ana", "Dak Lak"})


def texts_of(path: Path) -> Iterator[str]:
    """Give what a file says beside its comments, docstrings and unit tests."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        tree = ast.parse(text)
        told = {
            id(node.body[0].value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
            and node.body
            and isinstance(node.body[0], ast.Expr)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
                yield node.value
    elif path.suffix == ".yml":
        document = yaml.safe_load(text)
        if isinstance(document, dict):
            document.pop("unit_tests", None)
        yield yaml.safe_dump(document, allow_unicode=True, width=10_000)
    elif path.suffix == ".sql":
        yield _COMMENTS.sub("", text)
    else:
        yield text


def test_code_names_no_place_of_the_first_district() -> None:
    looked_for = places()
    files = [
        path
        for room in ROOMS
        for path in sorted((PROJECT_ROOT / room).rglob("*"))
        if path.suffix in {".py", ".sql", ".yml", ".j2", ".md"}
    ]

    assert {"Krông Ana", "Đắk Lắk", "Ea Bông", "U655"} <= looked_for
    assert len(files) > 400
    one_of_them = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(looked_for)))})(?!\w)")
    found = {
        f"{path.relative_to(PROJECT_ROOT)}: {place}"
        for path in files
        for text in texts_of(path)
        for place in one_of_them.findall(text)
    }
    assert found == set()
