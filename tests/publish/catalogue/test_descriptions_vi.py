"""The Vietnamese sentences of the data dictionary: one a row, in the words of the field, each written in one place."""

import json
import re
from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
import yaml

from ingest.home import DBT_PROJECT
from publish.catalogue.dictionary import (
    META_TABLES,
    PublishedTable,
    read_published_tables,
    shared_descriptions,
)
from publish.editions.contents.unit_views import unit_views
from publish.editions.edition import PUBLISHED_SCHEMAS
from tests.plain_vietnamese import slips, slips_of_sentence

ENGLISH = re.compile(
    r"(?<!\w)(the|of|and|unit|row|column|table|key|code|seed|dbt|sql|log|flow|stock|target|value|true|false)(?!\w)",
    re.IGNORECASE,
)


@cache
def written_models() -> list[tuple[str, dict[str, object]]]:
    """Give schema and description of every published model, as written beside it."""
    return [
        (schema, model)
        for schema in PUBLISHED_SCHEMAS
        for path in sorted((DBT_PROJECT / "models" / schema).glob("*.yml"))
        for model in yaml.safe_load(path.read_text(encoding="utf-8")).get("models", [])
    ]


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> tuple[PublishedTable, ...]:
    """Give what an edition's dictionary is written from, without running dbt."""
    nodes = {
        str(model["name"]): {
            **model,
            "resource_type": "model",
            "schema": schema,
            "alias": model["name"],
            "columns": {column["name"]: column for column in model["columns"]},  # type: ignore[attr-defined]
        }
        for schema, model in written_models()
    }
    manifest: Path = tmp_path_factory.mktemp("dbt") / "manifest.json"
    manifest.write_text(json.dumps({"nodes": nodes}), encoding="utf-8")
    described = read_published_tables(manifest, frozenset(PUBLISHED_SCHEMAS))
    return (*described, *unit_views(described))


def rows(tables: tuple[PublishedTable, ...]) -> list[tuple[str, str, str]]:
    """Give address, label and sentence of every row of the dictionary."""
    return [
        (address, label, sentence)
        for table in tables
        for address, label, sentence in (
            (table.name, table.label_vi, table.description_vi),
            *((f"{table.name}.{c.name}", c.label_vi, c.description_vi) for c in table.columns),
        )
    ]


def test_every_row_has_a_sentence_that_an_officer_can_read(tables: tuple[PublishedTable, ...]) -> None:
    told = rows(tables)
    assert len(told) > 850
    assert {
        address: found for address, label, sentence in told if (found := slips_of_sentence(sentence, label))
    } == {}
    assert {address: sentence for address, _, sentence in told if ENGLISH.search(sentence)} == {}


def test_labels_keep_to_the_same_words(tables: tuple[PublishedTable, ...]) -> None:
    assert {address: found for address, label, _ in rows(tables) if (found := slips(label))} == {}


def test_a_table_begins_with_its_grain(tables: tuple[PublishedTable, ...]) -> None:
    assert [table.name for table in tables if not table.description_vi.startswith("Mỗi dòng là ")] == []


def test_what_columns_share_is_written_once_and_used(tables: tuple[PublishedTable, ...]) -> None:
    shared = shared_descriptions()
    described_here = {
        (column["name"], column["config"]["meta"]["description_vi"])
        for _, model in written_models()
        for column in model["columns"]  # type: ignore[attr-defined]
        if "description_vi" in column["config"]["meta"]
    } | {
        (name, column["description_vi"])
        for table in yaml.safe_load(META_TABLES.read_text(encoding="utf-8")).values()
        for name, column in table["columns"].items()
        if "description_vi" in column
    }
    used = Counter(
        column.name
        for table in tables
        if not table.name.endswith(("_as_is", "_units"))
        for column in table.columns
        if column.description_vi == shared.get(column.name)
    )
    assert [name for name in shared if used[name] < 2] == []
    assert [(name, sentence) for name, sentence in described_here if shared.get(name) == sentence] == []


def test_a_view_of_units_says_that_it_lacks_the_total(tables: tuple[PublishedTable, ...]) -> None:
    told = {table.name: table.description_vi for table in tables}
    assert told["halfyear_review_units"].startswith("Mỗi dòng là một dòng của bảng “Sơ kết 6 tháng”")
    assert "không có dòng toàn địa bàn" in told["halfyear_review_units"]
    assert "Giá trị cộng được giữa các đơn vị" in told["halfyear_review_units"]
    assert "Giá trị cộng được giữa các đơn vị" not in told["member_composition_units"]


def test_a_model_may_say_more_than_all_share(tables: tuple[PublishedTable, ...]) -> None:
    told = {address: sentence for address, _, sentence in rows(tables)}
    shared = shared_descriptions()
    assert told["halfyear_review.unit_key"] == shared["unit_key"]
    assert told["dim_unit.unit_key"] != shared["unit_key"]


@pytest.mark.parametrize(
    ("sentence", "slip"),
    [
        ("", "no sentence"),
        ("Số hội viên.", "says its label"),
        ("Số hội viên đầu kỳ 2023H1.", "code of a half-year"),
        ("Số hội viên ở dòng của unit_key này.", "name of a column"),
        ("Số hội viên  đầu kỳ.", "double space"),
        ("Số hội viên đầu kỳ", "no full stop"),
        ("Số hội viên luỹ kế.", "luỹ kế (say: lũy kế)"),
        ("Số khoá của đơn vị.", "place of the tone"),
        ("Báo cáo chưa Nộp của đơn vị.", "nộp (say: gửi báo cáo, gửi lại)"),
        ("Số người dân tộc của xã.", "người dân tộc (say: dân tộc thiểu số (DTTS))"),
    ],
)
def test_a_slip_is_named(sentence: str, slip: str) -> None:
    assert any(found.startswith(slip) for found in slips_of_sentence(sentence, "Số hội viên"))


@pytest.mark.parametrize(
    "sentence",
    [
        "Số người dân tộc thiểu số của xã, tiếp nhận một phần, quý I/2023.",
        "Cấp trên giao; khác 0 là lỗi của phần mềm.",
        "Số vốn ủy thác qua NHCSXH lũy kế, quý này.",
    ],
)
def test_what_is_right_is_let_through(sentence: str) -> None:
    assert slips_of_sentence(sentence, "Số hội viên") == []


def test_a_row_without_a_sentence_is_found(tables: tuple[PublishedTable, ...]) -> None:
    club = next(table for table in tables if table.name == "fct_clubs")
    broken = replace(club, columns=(replace(club.columns[0], description_vi=""), *club.columns[1:]))
    (found,) = [address for address, label, told in rows((broken,)) if slips_of_sentence(told, label)]
    assert found == f"fct_clubs.{club.columns[0].name}"
