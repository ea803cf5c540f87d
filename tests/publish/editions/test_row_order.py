"""Rows of an edition lie in the order in which they are asked for, however few of them were sorted at once."""

import duckdb
import pytest

from publish.editions.contents import tables

ROWS = """
    select unit_key, period_code, row_number, unit_key || period_code || row_number as label
    from (values ('U1'), ('U10'), ('U2'), ('U''3'), (null)) as units (unit_key), (values ('2023H1'), ('2022H2')) as periods (period_code),
        range(7) as rows (row_number)
    order by hash(label)
"""


@pytest.mark.parametrize("at_once", [1, 13, 14, 15, 30, 60, 1_000])
def test_rows_lie_by_unit_whatever_was_sorted_at_once(at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "ROWS_SORTED_AT_ONCE", at_once)
    with duckdb.connect() as connection:
        connection.execute("attach ':memory:' as edition")
        connection.execute("create schema memory.core")
        connection.execute(f"create view memory.core.lines as {ROWS}")
        connection.execute(
            f"create view memory.core.labels as select label from ({ROWS}) where label is not null"
        )
        inserted = 0
        execute = connection.execute

        class Counting:
            def execute(self, sql: str, values: object = None) -> duckdb.DuckDBPyConnection:
                nonlocal inserted
                inserted += sql.startswith('insert into edition."core"."lines"')
                return execute(sql, values)

        tables.write_tables(Counting(), "memory", (("core", "lines"), ("core", "labels")), ())  # type: ignore[arg-type]
        written = execute("from edition.core.lines").fetchall()
        wanted = execute(
            "from memory.core.lines order by unit_key nulls last, period_code, row_number"
        ).fetchall()
        labels = execute("select count(*), count(distinct label) from edition.core.labels").fetchone()

    assert written == wanted
    assert len(written) == 5 * 2 * 7
    assert labels == (56, 56)
    # one insert a part, and one for rows without a unit
    assert inserted == {1: 5, 13: 5, 14: 5, 15: 5, 30: 3, 60: 2, 1_000: 1}[at_once]
