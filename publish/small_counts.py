"""Sums that would give a withheld count back, taken out of an edition.

Models of ``core`` withhold a part of a count that is too small (``is_<field>_suppressed``). A finding about a control
total names the sum of that field over a sheet, from which the one withheld row could be computed; the branch is told it
in its own feedback, readers of an edition are told that there is a difference.
"""

from collections.abc import Iterable

import duckdb

FINDINGS = ("reviews", "findings")
MESSAGE_VI = "Dòng cộng khác với tổng các dòng; không nêu số vì có nhóm quá nhỏ."


def withhold_sums(
    connection: duckdb.DuckDBPyConnection, edition: str, columns: Iterable[tuple[str, str, str]]
) -> None:
    """Take the figures out of every finding about a field of which small counts are withheld.

    Args:
        connection: has the edition attached for writing.
        edition: its catalog.
        columns: schema, table and column names of the edition.
    """
    published = list(columns)
    if FINDINGS not in {(schema, table) for schema, table, _ in published}:
        return
    connection.execute(
        f"update {edition}.reviews.findings set figure_reported = null, figure_computed = null, message_vi = ?"
        " where list_contains(?, field_name) and (figure_reported is not null or figure_computed is not null)",
        [MESSAGE_VI, sorted(withheld_fields(published))],
    )


def withheld_fields(columns: Iterable[tuple[str, str, str]]) -> frozenset[str]:
    """Give the fields of forms of which some table of ``core`` withholds small counts."""
    return frozenset(
        column.removeprefix("is_").removesuffix("_suppressed")
        for schema, _, column in columns
        if schema == "core" and column.startswith("is_") and column.endswith("_suppressed")
    )
