"""Sums that would give a withheld count back, taken out of an edition.

Models of ``core`` withhold a part of a count that is too small (``is_<field>_suppressed``). A finding about a control
total names the sum of that field over a sheet, from which the one withheld row could be computed; the branch is told it
in its own feedback, readers of an edition are told that there is a difference.
"""

from collections.abc import Iterable

FINDINGS = ("reviews", "findings")
MESSAGE_VI = "Dòng tổng cộng khác với tổng các dòng; không nêu số vì có số dưới mức tối thiểu được công bố."


def withhold_sums(columns: Iterable[tuple[str, str, str]]) -> list[str]:
    """Give SQL for the columns of ``FINDINGS`` that tell no figure of a field of which small counts are withheld.

    Args:
        columns: schema, table and column names of what is published.
    """
    fields = ", ".join(f"'{field}'" for field in sorted(withheld_fields(columns)))
    if not fields:
        return []
    figures = "figure_reported is not null or figure_computed is not null"
    is_withheld = f"coalesce(field_name in ({fields}), false)"
    return [
        f"case when not {is_withheld} then figure_reported end as figure_reported",
        f"case when not {is_withheld} then figure_computed end as figure_computed",
        f"case when {is_withheld} and ({figures}) then '{MESSAGE_VI}' else message_vi end as message_vi",
    ]


def withheld_fields(columns: Iterable[tuple[str, str, str]]) -> frozenset[str]:
    """Give the fields of forms of which some table of ``core`` withholds small counts."""
    return frozenset(
        column.removeprefix("is_").removesuffix("_suppressed")
        for schema, _, column in columns
        if schema == "core" and column.startswith("is_") and column.endswith("_suppressed")
    )
