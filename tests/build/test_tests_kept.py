"""Data tests that are put to the database without dbt: when they are, and what becomes of one that finds a row."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from build.commands import TransformError
from build.transform import LayerRun, run_layer
from ingest.database import open_warehouse
from ingest.home import WarehouseHome
from tests.build.test_transform import PROJECT_FILES, override_of_full_refresh
from tests.ingest.return_files import write
from tests.publish.small_warehouse import ask

AS_OF = datetime(2023, 6, 15, tzinfo=UTC)
CLAIM = "tests/assert_nobody_is_counted_twice.sql"
FILES = {
    **{name: text for name, text in PROJECT_FILES.items() if not name.startswith(("tests/", "models/core"))},
    # a table that outlives the build, so that a row may be slipped in
    "models/core/counted.sql": "{{ config(materialized='incremental') }}select 1 as a from {{ ref('asked') }}"
    "{% if is_incremental() %} where false{% endif %}",
    "macros/full_refresh.sql": override_of_full_refresh(),
    CLAIM: "select a from {{ ref('counted') }} group by a having count(*) > 1",
}
NAME = "test.tiny.assert_nobody_is_counted_twice"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        write(tmp_path / "tiny" / name, text.encode())
    return tmp_path / "tiny"


@pytest.fixture
def home(tmp_path: Path) -> WarehouseHome:
    return WarehouseHome(tmp_path / "home").prepare()


@pytest.fixture
def build(home: WarehouseHome, project: Path) -> Callable[[], LayerRun]:
    run_layer(home, "staging", AS_OF, project)
    return lambda: run_layer(home, "core", AS_OF, project)


def is_by_dbt(run: LayerRun) -> bool:
    (test,) = (result for result in run.results if result.unique_id == NAME)
    assert test.status == "pass"
    return bool(test.sql)


def test_dbt_puts_a_test_once_and_again_when_it_has_changed(
    build: Callable[[], LayerRun], project: Path
) -> None:
    assert [is_by_dbt(build()) for _ in range(2)] == [True, False]

    write(project / CLAIM, f"{FILES[CLAIM]} and a > 0".encode())

    assert [is_by_dbt(build()) for _ in range(2)] == [True, False]


def test_a_row_that_is_found_without_dbt_fails_in_its_words_and_the_layer_does_not_stand(
    build: Callable[[], LayerRun], home: WarehouseHome
) -> None:
    for _ in range(2):
        build()
    with open_warehouse(home) as connection:
        connection.execute("insert into counted values (1)")

    with pytest.raises(TransformError, match=rf"layer core: {NAME}: Got 1 result"):
        build()
    assert ask(home.warehouse, "select count(*) from built.layers where layer = 'core'") == [(0,)]
    assert build().is_full


def test_what_the_database_does_not_understand_any_more_dbt_is_asked(
    build: Callable[[], LayerRun], home: WarehouseHome
) -> None:
    build()
    with open_warehouse(home) as connection:
        connection.execute("update built.tests set sql = 'select * from no_such_table'")

    assert is_by_dbt(build())
    assert not is_by_dbt(build())


@pytest.mark.parametrize(
    "reads", ["'{{ env_var('WAREHOUSE_AS_OF') }}' = ''", "current_date < date '2000-01-01'"]
)
def test_what_reads_the_instant_or_the_clock_dbt_puts_each_time(
    build: Callable[[], LayerRun], project: Path, reads: str
) -> None:
    write(project / CLAIM, f"{FILES[CLAIM]} and {reads}".encode())

    assert [is_by_dbt(build()) for _ in range(2)] == [True, True]


def test_a_test_that_only_warns_is_asked_of_dbt_as_long_as_it_does(
    build: Callable[[], LayerRun], project: Path, home: WarehouseHome
) -> None:
    write(project / CLAIM, b"{{ config(severity='warn') }}" + FILES[CLAIM].encode())
    build()
    with open_warehouse(home) as connection:
        connection.execute("insert into counted values (1)")

    for _ in range(2):
        (warning,) = build().warnings
        assert warning.startswith(NAME)
