"""What a reader of the project may rely on without reading SQL."""

import ast
import csv
import json
import re
from collections.abc import Iterator
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path

import duckdb
import yaml
from jinja2 import Environment

from build.digests import read_nodes
from ingest.home import DBT_PROJECT
from ingest.text.folding import fold
from ingest.text.look_alikes import load_look_alikes
from tests.dbt_project.conftest import BuiltWarehouse

MODELS = DBT_PROJECT / "models"
INGEST = DBT_PROJECT.parent / "ingest"
# names are the field's (docs/naming.md): validated, stale, co-partitioned, published, not a dialect of our own
PRIVATE_WORDS = re.compile(r"judg|told|tell|anew|together|looked_at|brought_up")
ROOMS_OF_BUILDING = ("build", "tests/build", "tests/dbt_project")


def seed(name: str) -> list[dict[str, str]]:
    with (DBT_PROJECT / "seeds" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def described(folder: str) -> dict[str, dict[str, object]]:
    return {
        model["name"]: model
        for path in sorted((MODELS / folder).glob("*.yml"))
        for model in yaml.safe_load(path.read_text(encoding="utf-8")).get("models", [])
    }


def test_every_model_is_described_by_its_grain() -> None:
    for folder in ("staging", "intermediate", "core", "reviews"):
        models = {path.stem for path in (MODELS / folder).glob("*.sql")}
        assert models
        assert models == set(described(folder))
        assert [
            n for n, m in described(folder).items() if not str(m["description"]).startswith("One row per ")
        ] == []


def test_every_published_column_has_a_vietnamese_label() -> None:
    for folder in ("core", "reviews"):
        for name, model in described(folder).items():
            assert model["config"]["meta"]["label_vi"], name  # type: ignore[index]
            for column in model["columns"]:  # type: ignore[attr-defined]
                assert column["config"]["meta"]["label_vi"], f"{name}.{column['name']}"


def test_readers_are_promised_core_and_reviews_and_nothing_else(today: BuiltWarehouse) -> None:
    manifest = json.loads((today.home.dbt / "target" / "manifest.json").read_text(encoding="utf-8"))
    models = {n["name"]: n for n in manifest["nodes"].values() if n["resource_type"] == "model"}
    assert len(models) > 90
    promised = {name for name, model in models.items() if model["access"] == "public"}
    assert promised == {name for name, model in models.items() if model["schema"] in {"core", "reviews"}}
    assert [n for n in sorted(promised) if not models[n]["contract"]["enforced"]] == []
    assert {models[n]["group"] for n in promised} == {"reporting"}
    assert {models[n]["group"] for n in set(models) - promised} == {"transformation"}
    groups = {group["name"]: group["owner"]["name"] for group in manifest["groups"].values()}
    assert set(groups) == {"reporting", "transformation"}
    assert all(groups.values())


def test_whoever_reads_the_warehouse_reads_what_is_promised(today: BuiltWarehouse) -> None:
    manifest = json.loads((today.home.dbt / "target" / "manifest.json").read_text(encoding="utf-8"))
    exposures = {exposure["name"]: exposure for exposure in manifest["exposures"].values()}
    assert {"halfyear_account", "review_files", "branch_feedback", "edition_readers"} <= set(exposures)
    for name, exposure in exposures.items():
        assert exposure["owner"]["name"] and exposure["label"] and exposure["description"], name
        parents = exposure["depends_on"]["nodes"]
        assert parents, name
        assert [node for node in parents if manifest["nodes"][node]["access"] != "public"] == [], name


def test_what_comes_in_has_a_rhythm_that_can_be_missed() -> None:
    document = yaml.safe_load((MODELS / "generated" / "raw_sources.yml").read_text(encoding="utf-8"))
    (raw,) = document["sources"]
    timed = {
        table["name"]: table["config"]
        for table in raw["tables"]
        if "ingested_at" in [column["name"] for column in table["columns"]]
    }
    assert set(timed) == {"receipts", "submissions"}
    for name, config in timed.items():
        assert config["loaded_at_field"] == "ingested_at", name
        # a half-year has 184 days at the most, and returns may be late
        assert 184 < config["freshness"]["warn_after"]["count"] < 2 * 184, name
        assert config["freshness"]["error_after"]["count"] > 2 * 184, name


def test_no_indicator_or_programme_is_named_in_a_model() -> None:
    # a form and a kind of people have the names of indicators
    codes = {row["indicator_code"] for row in seed("indicators")} - {"protection_cases", "club_members"}
    codes |= {row["programme_code"] for row in seed("programmes")}
    assert len(codes) > 30
    for path in sorted(MODELS.rglob("*.sql")):
        text = path.read_text(encoding="utf-8")
        assert [code for code in codes if f"'{code}'" in text] == [], path


def test_every_indicator_has_components_and_no_two_share_a_spelling() -> None:
    indicators = seed("indicators")
    assert {row["indicator_code"] for row in indicators} == {
        row["indicator_code"] for row in seed("indicator_components")
    }
    seen: dict[str, str] = {}
    for row in indicators:
        for spelling in (row["indicator_code"], row["label_vi"], *filter(None, row["aliases"].split("|"))):
            assert seen.setdefault(fold(spelling), row["indicator_code"]) == row["indicator_code"], spelling


def test_decisions_on_members_name_nobody() -> None:
    assert (
        (DBT_PROJECT / "seeds" / "member_match_decisions.csv")
        .read_text(encoding="utf-8")
        .startswith("first_key,second_key,decision,decided_by,decided_on,reason\n")
    )
    for row in seed("member_match_decisions"):
        for key in (row["first_key"], row["second_key"]):
            assert re.fullmatch(r"[0-9a-f]{64}|[0-9a-f]+-[0-9]+-[0-9]+", key), key
        assert not re.search(r"[0-9]{9}", row["reason"]), row


def test_half_years_follow_each_other_without_gap_or_overlap() -> None:
    halves = [row for row in seed("reporting_periods") if row["period_kind"] == "half_year"]
    assert len(halves) == 28
    for before, after in pairwise(halves):
        assert before["period_end"][5:] in {"06-14", "12-14"}
        assert after["period_start"] == before["period_end"][:-2] + "15"


def test_the_readers_fold_and_the_warehouse_fold_agree() -> None:
    alike = asdict(load_look_alikes())
    macros = (DBT_PROJECT / "macros" / "values" / "fold.sql").read_text(encoding="utf-8")
    expression = (
        Environment()  # noqa: S701 - what is rendered is SQL
        .from_string(macros, {"look_alikes": lambda: alike})
        .module.default__fold("$text")
    )
    for spelling in (
        "Xã Ea Bông",
        "Xã Ea Bông",
        "ĐƯỜNG  phố",
        "H’Yi Êban",
        "Krông A Na",
        "5 không, 3 sạch",
        "ơ Ư č ŏ",
        "\u00d0\u1ed1i t\u01b0\u1ee3ng, \u0189\u1eafk, \u00f0\u1ed3ng",
        "qu\u00e0\u200b t\u1eb7\u00adng\u2060 \ufeffHo\u0430",
        "\uff22\uff2d\uff10\uff14 \u0415\u0391 B\u00f4ng\u00a0\u0444",
    ):
        assert duckdb.execute(f"select {expression}", {"text": spelling}).fetchall() == [(fold(spelling),)]


def test_every_kind_that_a_rule_names_is_accepted_where_findings_are_published() -> None:
    """A kind that the published table does not know would stop an edition on the day it is first found."""
    (kind,) = (
        column
        for column in described("reviews")["findings"]["columns"]  # type: ignore[attr-defined]
        if column["name"] == "finding_kind"
    )
    (accepted,) = (test["accepted_values"]["arguments"]["values"] for test in kind["data_tests"])
    assert set(accepted) == {rule["finding_kind"] for rule in seed("finding_rules")}


def test_every_kind_of_finding_has_a_rule_and_every_rule_a_finding() -> None:
    """Severity and label are joined from the rules: a kind without one would be found and told to nobody."""
    models = [path.read_text(encoding="utf-8") for path in MODELS.rglob("*findings*.sql")]
    found = {
        kind
        for sql in models
        for selected in re.findall(r"(?:select|case)((?:(?!select|case).)*?) as finding_kind", sql, re.DOTALL)
        for kind in re.findall(r"'(\w+)'", selected)
    }
    found_by_reading = {
        kind
        for path in INGEST.rglob("*.py")
        for kind in re.findall(r'ReadingFinding\(\s*"(\w+)"', path.read_text(encoding="utf-8"))
    }
    ruled = {rule["finding_kind"] for rule in seed("finding_rules")}
    assert len(found) > 10
    assert found_by_reading
    assert found | found_by_reading <= ruled
    assert [
        kind for kind in sorted(ruled - found_by_reading) if not any(f"'{kind}'" in sql for sql in models)
    ] == []


def test_a_village_as_a_branch_wrote_it_is_looked_through_for_names_before_it_leaves() -> None:
    villages = {
        (name, column["name"]): column["config"]["meta"].get("is_free_text", False)
        for folder in ("core", "reviews")
        for name, model in described(folder).items()
        for column in model["columns"]  # type: ignore[attr-defined]
        if column["name"] == "village"
    }
    assert ("members_by_village", "village") in villages
    assert [place for place, is_free_text in villages.items() if not is_free_text] == []


def test_every_macro_lies_in_the_folder_of_what_it_is_for() -> None:
    macros = DBT_PROJECT / "macros"
    assert [path.name for path in macros.glob("*.sql")] == ["generate_schema_name.sql"]
    folders = {path.name for path in macros.iterdir() if path.is_dir()}
    assert {"by_unit", "reviews", "members", "privacy", "dialect", "validation"} <= folders
    assert "{{ config(**by_unit(" in (macros / "by_unit" / "models.sql").read_text(encoding="utf-8")


def test_names_are_words_of_the_field() -> None:
    published = {
        column["name"]
        for folder in ("core", "reviews")
        for model in described(folder).values()
        for column in model["columns"]  # type: ignore[attr-defined]
    }
    assert {"told_by", "people_told"} <= published  # what is published keeps its name
    found = {
        (str(path.relative_to(DBT_PROJECT.parent)), name)
        for path, name in (*names_in_sql(), *names_in_yaml(), *names_in_python())
        if PRIVATE_WORDS.search(name) and name not in published
    }
    assert found == set()


def names_in_sql() -> Iterator[tuple[Path, str]]:
    """Every name in the project's SQL and Jinja; comments and values are none."""
    paths = [
        path for folder in ("models", "macros", "tests") for path in (DBT_PROJECT / folder).rglob("*.sql")
    ]
    assert len(paths) > 150
    for path in paths:
        yield path, path.stem
        text = re.sub(r"\{#.*?#\}|--[^\n]*|'[^']*'", " ", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        for name in re.findall(r"\b[a-z_]+\b", text):
            yield path, name


def names_in_yaml() -> Iterator[tuple[Path, str]]:
    """The names of models, unit tests and groups."""
    for path in MODELS.rglob("*.yml"):
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        for part in ("models", "unit_tests", "groups"):
            for described_thing in document.get(part, []):
                yield path, described_thing["name"]


def names_in_python() -> Iterator[tuple[Path, str]]:
    """The names that the rooms of building define; what they import is named elsewhere."""
    for room in ROOMS_OF_BUILDING:
        for path in (DBT_PROJECT.parent / room).glob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.FunctionDef | ast.ClassDef):
                    yield path, node.name
                elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                    yield path, node.id
                elif isinstance(node, ast.arg):
                    yield path, node.arg


def test_a_correction_asks_dbt_for_no_test_and_builds_no_list_of_codes(today: BuiltWarehouse) -> None:
    """What every build would do alike again is read off the project's text; a macro may spoil that for all nodes at once."""
    nodes = read_nodes(today.home.dbt / "target" / "manifest.json", DBT_PROJECT)
    assert {node.name for node in nodes if node.kind == "test" and not node.is_sql_fixed} == {
        "assert_every_decision_on_members_is_followed",
        "assert_every_decision_on_members_names_somebody",
    }
    fixed = {node.name for node in nodes if node.is_fixed and node.kind == "model"}
    assert {"dim_code", "dim_indicator", "dim_programme", "int_villages", "stg_clubs"} <= fixed
    assert not {"dim_member", "int_members_identified_by_rule", "halfyear_review"} & fixed
