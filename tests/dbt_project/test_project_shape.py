"""What a reader of the project may rely on without reading SQL."""

import csv
import re
from itertools import pairwise

import duckdb
import yaml

from ingest.home import DBT_PROJECT
from ingest.vietnamese import fold

MODELS = DBT_PROJECT / "models"


def seed(name: str) -> list[dict[str, str]]:
    with (DBT_PROJECT / "seeds" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def described(folder: str) -> dict[str, dict[str, object]]:
    return {
        model["name"]: model
        for path in sorted((MODELS / folder).glob("_*.yml"))
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


def test_no_indicator_or_programme_is_named_in_a_model() -> None:
    codes = {row["indicator_code"] for row in seed("indicators")} - {"protection_cases"}
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
    # the macro's text is one expression; its argument is the only thing that Jinja puts into it
    macro = (DBT_PROJECT / "macros" / "values" / "fold.sql").read_text(encoding="utf-8")
    expression = (
        macro.split("{% macro default__fold(text) -%}")[1]
        .split("{%- endmacro %}")[0]
        .replace("{{ text }}", "$text")
    )
    for spelling in (
        "Xã Ea Bông",
        "Xã Ea Bông",
        "ĐƯỜNG  phố",
        "H’Yi Êban",
        "Krông A Na",
        "5 không, 3 sạch",
        "ơ Ư č ŏ",
    ):
        assert duckdb.execute(f"select {expression}", {"text": spelling}).fetchall() == [(fold(spelling),)]
