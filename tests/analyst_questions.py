"""The questions of ``docs/analysts.md`` as an analyst would copy them."""

import re
from decimal import Decimal

import duckdb

from ingest.home import PROJECT_ROOT

PAGE = PROJECT_ROOT / "docs" / "analysts.md"


def question(beginning: str) -> str:
    """Give the query under the heading that begins like this."""
    found = re.findall(
        rf"^## {re.escape(beginning)}.*?^```sql\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.M | re.S
    )
    assert len(found) == 1, beginning
    return str(found[0])


def questions() -> dict[str, tuple[str, str]]:
    """Give every heading of the page that asks something, with its query and the answer that stands below it."""
    found = re.findall(
        r"^## ([^\n]*)\n(?:(?!^## ).)*?^```sql\n(.*?)^```\n\n```text\n(.*?)\n```",
        PAGE.read_text(encoding="utf-8"),
        re.M | re.S,
    )
    return {heading: (query, answer) for heading, query, answer in found}


def as_text(asked: duckdb.DuckDBPyConnection) -> str:
    """Write what a query gave as the page does: a line of names, a line a row; nothing for NULL, no idle zeros."""
    names = [name for name, *_ in asked.description or ()]
    lines = [names, *([_cell(value) for value in row] for row in asked.fetchall())]
    return "\n".join(" | ".join(line).rstrip() for line in lines)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return str(value)
