"""The upper layers stay ready for a distributed engine: what dbt compiled for DuckDB is also Spark's SQL.

sqlglot knows both dialects and says what it cannot write for Spark. It is lenient with functions that it knows from
elsewhere, so words of DuckDB alone are looked for as well. What engines truly write differently
stands in macros that are dispatched, and staging may be DuckDB's own.
"""

import re
from pathlib import Path

import pytest
import sqlglot
from sqlglot import ErrorLevel, exp

from ingest.home import DBT_PROJECT
from tests.dbt_project.conftest import BuiltWarehouse

PORTABLE_LAYERS = ("intermediate", "core", "reviews")
# functions that sqlglot hands on as they are, each with a version for Spark in a macro that is dispatched
DISPATCHED = {"printf", "strip_accents", "nfc_normalize", "sha256"}
ONLY_DUCKDB = re.compile(
    r"::|\bvarchar\b|\btimestamptz\b|\bqualify\b|\bgroup by all\b|\border by all\b|\bexclude\b|\bfilter \(|\bignore nulls\b"
    r"|\blist_|\barray_|\barg_max\b|\barg_min\b|\bstring_agg\b|\bstrftime\b|\bprintf\b|\btry_cast\b|\bunnest\b|->|\{'",
)


def reasons_against_spark(sql: str) -> list[str]:
    """Say what of a query in DuckDB's SQL Spark would not understand."""
    try:
        (query,) = sqlglot.parse(sql, read="duckdb")
        assert query is not None
        query.sql("spark", unsupported_level=ErrorLevel.RAISE)
    except sqlglot.errors.SqlglotError as error:
        return [str(error)]
    unknown = {call.name.lower() for call in query.find_all(exp.Anonymous)} - DISPATCHED
    return sorted(f"{name} is no function of Spark" for name in unknown)


@pytest.mark.parametrize("layer", PORTABLE_LAYERS)
def test_every_model_of_the_upper_layers_is_understood_by_spark(today: BuiltWarehouse, layer: str) -> None:
    compiled = today.home.dbt / "target" / "compiled" / "womens_union_warehouse" / "models" / layer
    queries = {path.stem: path.read_text(encoding="utf-8") for path in compiled.glob("*.sql")}
    assert set(queries) == {path.stem for path in (DBT_PROJECT / "models" / layer).glob("*.sql")}
    found = {name: reasons_against_spark(sql) for name, sql in queries.items()}
    assert {name: reasons for name, reasons in found.items() if reasons} == {}


def tables_taken_whole_in_unions(sql: str) -> list[str]:
    """Name the tables of which a union takes ``*``, by way of earlier steps too.

    On Spark the column that a table is partitioned by stands last, so what such a union puts below each other is not alike.
    """
    (query,) = sqlglot.parse(sql, read="duckdb")
    assert query is not None
    steps = {step.alias: step.this for step in query.find_all(exp.CTE)}

    def tables_behind(select: exp.Expression | None) -> list[str]:
        if not isinstance(select, exp.Select) or not any(isinstance(e, exp.Star) for e in select.expressions):
            return []
        read = select.args["from_"].this
        if not isinstance(read, exp.Table):
            return []
        return tables_behind(steps[read.name]) if read.name in steps and not read.db else [read.name]

    legs = [leg for union in query.find_all(exp.SetOperation) for leg in (union.left, union.right)]
    return sorted({table for leg in legs for table in tables_behind(leg)})


@pytest.mark.parametrize("layer", PORTABLE_LAYERS)
def test_no_union_takes_the_columns_of_a_table_as_they_come(today: BuiltWarehouse, layer: str) -> None:
    compiled = today.home.dbt / "target" / "compiled" / "womens_union_warehouse" / "models" / layer
    found = {
        path.stem: tables
        for path in compiled.glob("*.sql")
        if (tables := tables_taken_whole_in_unions(path.read_text(encoding="utf-8")))
    }
    assert found == {}


def test_a_union_that_takes_a_table_whole_is_found() -> None:
    step = "with all_rows as (select * from core.one), named as (select a, b from core.two)"
    assert tables_taken_whole_in_unions(f"{step} select * from all_rows union all select * from named") == [
        "one"
    ]


def portable_texts() -> list[Path]:
    return [
        path for layer in PORTABLE_LAYERS for path in sorted((DBT_PROJECT / "models" / layer).glob("*.sql"))
    ]


def test_words_of_duckdb_alone_stand_in_macros_or_staging() -> None:
    assert len(portable_texts()) > 50
    found = {
        path.name: words
        for path in portable_texts()
        if (words := ONLY_DUCKDB.findall(re.sub(r"--[^\n]*", "", path.read_text(encoding="utf-8"))))
    }
    assert found == {}


@pytest.mark.parametrize(
    "sql",
    [
        "select nfc_compare(a) from t",
        "select epoch_ms_of(a) from t",
    ],
)
def test_a_function_that_nobody_knows_is_found(sql: str) -> None:
    assert reasons_against_spark(sql)


def test_a_macro_that_speaks_duckdb_has_a_version_for_spark() -> None:
    texts = [path.read_text(encoding="utf-8") for path in (DBT_PROJECT / "macros").rglob("*.sql")]
    dispatched = {name for text in texts for name in re.findall(r'adapter\.dispatch\("(\w+)"\)', text)}
    macros = {name for text in texts for name in re.findall(r"{% macro (\w+)", text)}
    assert len(dispatched) > 5
    assert {f"{engine}__{name}" for engine in ("default", "spark") for name in dispatched} <= macros
