"""Data tests as dbt has compiled them, put to the database without dbt.

dbt takes some forty milliseconds for a test, the database one or two, and a project has hundreds. What dbt made of a test is
the same while its digest is, unless the test reads something outside (``build.fixed``); so its SQL is kept, and where that
finds no row the test has passed. What becomes of a test that finds one is dbt's to say: it is asked. Hence nothing is defined
here, and a test that was kept wrongly could only be asked once more.
"""

import os
import time
from collections.abc import Collection, Iterable, Mapping

import duckdb

from build.dbt import MEMORY
from build.layers_built import ask_built
from build.nodes import Node
from build.results import RUN, NodeResult
from ingest.database import open_read_only, open_warehouse
from ingest.home import WarehouseHome
from ingest.troubles import trouble_of


def tests_kept(home: WarehouseHome, nodes: Iterable[Node]) -> dict[str, str]:
    """Give the SQL of those of some tests that is still what dbt would make of them, by unique id."""
    kept = {
        (unique_id, digest): sql
        for unique_id, digest, sql in ask_built(home, "select unique_id, digest, sql from built.tests")
    }
    keys = {node.unique_id: (node.unique_id, node.digest) for node in nodes if node.is_sql_fixed}
    return {unique_id: kept[key] for unique_id, key in keys.items() if key in kept}


def find_passed(home: WarehouseHome, kept: Mapping[str, str], run: str) -> tuple[NodeResult, ...]:
    """Put tests to the database; gives those that find no row.

    Args:
        home: whose working database; nobody may have it open for writing.
        kept: SQL by unique id.
        run: the run of dbt that built what is tested; tests of models by unit look at what it has built.

    Raises:
        WarehouseTroubleError: the disk is full, or another program has the database open.
    """
    passed = []
    with open_read_only(home.warehouse) as connection:
        connection.execute(f"set memory_limit = '{os.environ.get('WAREHOUSE_MEMORY', MEMORY)}'")
        for unique_id, sql in kept.items():
            started = time.monotonic()
            if _finds_nothing(connection, sql.replace(RUN, run)):
                passed.append(NodeResult(unique_id, "pass", "", time.monotonic() - started))
    return tuple(passed)


def keep_tests(home: WarehouseHome, nodes: Iterable[Node], results: Collection[NodeResult]) -> None:
    """Keep to what dbt compiled the tests that have passed, where that will be the same the next time."""
    fixed = {node.unique_id: node for node in nodes if node.kind == "test" and node.is_sql_fixed}
    kept = [
        (result.unique_id, fixed[result.unique_id].digest, result.sql)
        for result in results
        if result.status == "pass" and result.sql and _is_to_keep(fixed.get(result.unique_id), result.sql)
    ]
    if not kept:
        return
    with open_warehouse(home) as connection:
        connection.execute(
            "create table if not exists built.tests (unique_id varchar, digest varchar, sql varchar)"
        )
        connection.execute("begin")
        for unique_id, digest, sql in kept:
            connection.execute("delete from built.tests where unique_id = ?", [unique_id])
            connection.execute("insert into built.tests values (?, ?, ?)", [unique_id, digest, sql])
        connection.execute("commit")


def _is_to_keep(node: Node | None, sql: str) -> bool:
    """Of a test of a model by unit, only what looks at the units that a run has built: all of them are too many."""
    return node is not None and (node.narrowed_by is None or RUN in sql)


def _finds_nothing(connection: duckdb.DuckDBPyConnection, sql: str) -> bool:
    try:
        found = connection.execute(f"select count(*) from (\n{sql}\n) as found").fetchone()
    except duckdb.Error as error:
        if trouble := trouble_of(error):
            raise trouble from error
        return False  # dbt will say what is wrong with it
    return found == (0,)
