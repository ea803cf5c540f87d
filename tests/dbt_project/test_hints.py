"""*Có phải là “…” không?* is asked of slips alone: the bound of likeness, measured on words as people type them.

Whoever follows a wrong hint writes a wrong value. So the list names every slip that finds its value and every other word
that finds none, and those few that the bound costs; whoever moves it moves words between the lists, and sees which.
"""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import jinja2
import pytest
import yaml

from build.reference import unit_spellings
from ingest.home import DBT_PROJECT, SEEDS
from ingest.text.folding import fold

MEASURED = Path(__file__).with_name("spellings_measured.yml")
_ABBREVIATION = re.compile("[A-ZĐ]{2}")
MACROS = DBT_PROJECT / "macros" / "validation" / "choices.sql"


def known_spellings() -> Iterator[tuple[str, str, str]]:
    """Give list, spelling and label of what hints are taken from, as the staging models have them: of choices no abbreviations."""
    return (found for found in every_spelling() if found[0] == "units" or not _ABBREVIATION.search(found[1]))


def every_spelling() -> Iterator[tuple[str, str, str]]:
    for row in rows("generated/form_choices"):
        yield from ((row["choice_list"], word, row["label_vi"]) for word in (row["alias"], row["label_vi"]))
    for seed in ("programmes", "ethnic_groups", "religions", "indicators"):
        for row in rows(seed):
            yield from (
                (seed, word, row["label_vi"])
                for word in (row["label_vi"], *row["aliases"].split("|"))
                if word
            )
    spellings = unit_spellings()
    prefixes: dict[str, list[str]] = {}
    for row in rows("unit_name_prefixes"):
        prefixes.setdefault(row["unit_level"], [""]).append(row["prefix"])
    for row in rows("units"):
        for word in (row["unit_name"], *spellings.get(row["unit_key"], ())):
            for prefix in prefixes.get(row["unit_level"], [""]):
                yield "units", f"{prefix} {word}", row["unit_name"]


def rows(seed: str) -> list[dict[str, str]]:
    with (SEEDS / f"{seed}.csv").open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(scope="module")
def known() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("create table known (choice_list varchar, spelling varchar, label varchar)")
        folded = sorted({(name, fold(spelling), label) for name, spelling, label in known_spellings()})
        connection.executemany("insert into known values (?, ?, ?)", folded)
        yield connection


@pytest.fixture(scope="module")
def query() -> str:
    """The macro of the models itself, asked of one typed text."""
    template = MACROS.read_text(encoding="utf-8") + '{{ nearest("label", "typed", "spelling") }}'
    nearest = jinja2.Environment(autoescape=False).from_string(template).render().strip()  # noqa: S701
    return f"select {nearest} from known, (select ?::varchar as typed) where choice_list = ?"


def hint(known: duckdb.DuckDBPyConnection, query: str, choice_list: str, typed: str) -> str | None:
    found = known.execute(query, [fold(typed), choice_list]).fetchone()
    return found[0] if found else None


def measured(kind: str) -> list[tuple[str, str, str]]:
    document = yaml.safe_load(MEASURED.read_text(encoding="utf-8"))[kind]
    return [(name, typed, meant) for name, words in document.items() for typed, meant in words.items()]


def test_a_slip_is_asked_after_by_what_was_meant(known: duckdb.DuckDBPyConnection, query: str) -> None:
    wrong = {
        typed: hint(known, query, name, typed)
        for name, typed, meant in measured("slips")
        if hint(known, query, name, typed) != meant
    }
    assert wrong == {}
    assert len(measured("slips")) > 9 * len(measured("slips_too_far_off"))


def test_another_word_is_asked_after_by_nothing(known: duckdb.DuckDBPyConnection, query: str) -> None:
    asked = {
        typed: found
        for name, typed, _ in measured("other_words")
        if (found := hint(known, query, name, typed)) is not None
    }
    assert asked == {}
    assert len(measured("other_words")) > 30 * len(measured("other_words_too_near"))


def test_what_the_bound_costs_is_known(known: duckdb.DuckDBPyConnection, query: str) -> None:
    for name, typed, _ in measured("slips_too_far_off"):
        assert hint(known, query, name, typed) is None, typed
    for name, typed, wrong in measured("other_words_too_near"):
        assert hint(known, query, name, typed) == wrong, typed


def test_of_equally_near_values_none_is_named(query: str) -> None:
    twins = [("l", "tapthea", "tập thể a"), ("l", "taptheb", "tập thể b")]
    answers = set()
    for order in (twins, twins[::-1]):
        with duckdb.connect() as connection:
            connection.execute("create table known (choice_list varchar, spelling varchar, label varchar)")
            connection.executemany("insert into known values (?, ?, ?)", order)
            answers.add(hint(connection, query, "l", "tập thể"))
    assert answers == {None}
