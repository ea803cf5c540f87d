"""The questions of ``docs/analysts.md`` as an analyst would copy them."""

import re

from ingest.home import PROJECT_ROOT

PAGE = PROJECT_ROOT / "docs" / "analysts.md"


def question(beginning: str) -> str:
    """Give the query under the heading that begins like this."""
    found = re.findall(
        rf"^## {re.escape(beginning)}.*?^```sql\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.M | re.S
    )
    assert len(found) == 1, beginning
    return str(found[0])
