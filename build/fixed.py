"""Whether dbt makes the same SQL of the same text every time.

A text may ask for the instant, the environment, the clock or the database while dbt reads it; then what it becomes is known
only when it is run. Whatever looks like that is taken for it: what is taken so by mistake is built once too often.
"""

import re
from typing import Any

# what Jinja can ask for beside what a digest covers, and what SQL can ask for beside its tables
OUTSIDE = re.compile(
    r"\b(?:env_var|invocation_id|run_started_at|flags|execute|graph|adapter\.(?!dispatch\b)\w+|run_query|statement"
    r"|load_result|load_relation|is_incremental|modules|selected_resources"
    r"|(?:current_|local)(?:date|time|timestamp|setting|user|schema|query)"
    r"|(?:now|today|random|uuid\w*|nextval|getenv|glob|get_current_\w+|transaction_timestamp|read_\w+)\s*\()",
    re.IGNORECASE,
)
# macros of data tests that ask for what is known: the id of the run that built what they look at, which build.tests_kept tells
# the SQL; what is said of their table's columns, which is in their digest
KNOWN_TO_TESTS = frozenset(
    {"get_where_subquery", "is_test_of_units_built", "is_unit_built_now", "coded_columns"}
)
# in how many inserts a large table by unit is made (macros/by_unit/slices.sql): the database is asked how, and never what
HOW_A_TABLE_IS_MADE = frozenset(
    {"slices_of", "slices_of_units", "slices_of_keys", "rows_in_a_slice", "of_slice"}
)
KNOWN = KNOWN_TO_TESTS | HOW_A_TABLE_IS_MADE
# dbt's own settings of a data test: it has failed if it finds a row
PLAIN_VERDICT = {"fail_calc": "count(*)", "warn_if": "!= 0", "error_if": "!= 0"}


def reads_outside(text: str) -> bool:
    """Tell whether a text of Jinja and SQL, without comments, may mean another thing when it is read again.

    Args:
        text: of a node or of a macro that it calls.
    """
    return OUTSIDE.search(text) is not None


def has_plain_verdict(config: dict[str, Any]) -> bool:
    """Tell of a node's settings whether its verdict is dbt's usual one; of what is no test there is none."""
    stores = bool(config.get("store_failures"))
    return not stores and all(config.get(key, plain) == plain for key, plain in PLAIN_VERDICT.items())
