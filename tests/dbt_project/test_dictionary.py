"""The data dictionary against what dbt really built: nothing is missing on the page, nothing on it is made up."""

import re
from dataclasses import replace

import pytest
from markupsafe import escape

from ingest.contracts.forms import load_contracts
from publish.catalogue.dictionary import PublishedTable, read_published_tables
from publish.catalogue.dictionary_page import UndescribedError, render_dictionary
from publish.editions.edition import PUBLISHED_SCHEMAS
from tests.dbt_project.conftest import BuiltWarehouse


@pytest.fixture(scope="module")
def tables(today: BuiltWarehouse) -> tuple[PublishedTable, ...]:
    return read_published_tables(today.home.dbt / "target" / "manifest.json", frozenset(PUBLISHED_SCHEMAS))


@pytest.fixture(scope="module")
def page(tables: tuple[PublishedTable, ...]) -> str:
    return render_dictionary(tables, load_contracts(), "huyện Krông Ana")


def test_the_page_has_every_column_that_was_built_and_no_other(
    today: BuiltWarehouse, tables: tuple[PublishedTable, ...], page: str
) -> None:
    built = {
        ".".join(map(str, row))
        for row in today.rows(
            "select schema_name, table_name, column_name from duckdb_columns()"
            " where schema_name in ('core', 'reviews')"
        )
    }
    assert len(built) > 300
    listed = set(re.findall(r'<tr id="((?:core|reviews)\.[a-z_.]+)"', page))
    assert listed == built
    of_meta = {f"meta.{t.name}.{c.name}" for t in tables if t.schema_name == "meta" for c in t.columns}
    assert of_meta == set(re.findall(r'<tr id="(meta\.[a-z_0-9.]+)"', page))


def test_the_page_has_every_field_of_every_form(page: str) -> None:
    for form in load_contracts().forms:
        for field in form.fields:
            assert f'<tr id="form.{form.name}.{field.name}"><th scope="row">{field.title} ' in page


def test_every_column_says_which_field_it_comes_from_where_one_is_known(
    tables: tuple[PublishedTable, ...],
) -> None:
    fields = {f"{form.name}.{field.name}" for form in load_contracts().forms for field in form.fields}
    sources = {
        (table.name, column.name): column.form_field
        for table in tables
        for column in table.columns
        if column.form_field
    }
    assert set(sources.values()) <= fields
    assert sources["fct_clubs", "club_kind"] == "clubs.kind"
    assert len(sources) >= 49


def test_labels_are_vietnamese_and_not_the_english_name(tables: tuple[PublishedTable, ...]) -> None:
    labels = [table.label_vi for table in tables] + [
        column.label_vi for table in tables for column in table.columns
    ]
    assert [label for label in labels if "_" in label or not label[:1].isupper()] == []
    assert [table.name for table in tables if not table.description.startswith("One row per ")] == []


def test_no_two_columns_of_a_review_that_people_get_have_one_label(
    tables: tuple[PublishedTable, ...],
) -> None:
    labels = {
        table.name: [column.label_vi for column in table.columns]
        for table in tables
        if table.name in {"halfyear_review", "programme_review", "yearly_review", "yearly_review_as_is"}
    }
    assert len(labels) == 4
    assert [name for name, found in labels.items() if len(found) != len(set(found))] == []


def test_the_page_needs_nothing_outside_itself(page: str) -> None:
    assert "://" not in page
    assert "<script" not in page
    assert '<html lang="vi">' in page


def test_the_page_says_in_vietnamese_what_everything_means(
    tables: tuple[PublishedTable, ...], page: str
) -> None:
    sentences = {
        sentence
        for table in tables
        for sentence in (table.description_vi, *(column.description_vi for column in table.columns))
    }
    assert len(sentences) > 300
    assert [sentence for sentence in sentences if escape(sentence) not in page] == []


def test_a_column_without_a_sentence_is_named(tables: tuple[PublishedTable, ...]) -> None:
    club = next(table for table in tables if table.name == "fct_clubs")
    broken = replace(club, columns=(replace(club.columns[0], description_vi=""), *club.columns[1:]))
    with pytest.raises(UndescribedError, match=f"core.fct_clubs.{club.columns[0].name}$"):
        render_dictionary((broken,), load_contracts(), "")


def test_a_column_without_a_label_is_named(tables: tuple[PublishedTable, ...]) -> None:
    club = next(table for table in tables if table.name == "fct_clubs")
    broken = replace(club, columns=(replace(club.columns[0], label_vi=""), *club.columns[1:]))
    with pytest.raises(UndescribedError, match=f"core.fct_clubs.{club.columns[0].name}$"):
        render_dictionary((broken,), load_contracts(), "")
