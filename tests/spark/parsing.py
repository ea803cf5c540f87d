"""dbt's whole build for Spark, of which every statement is read by Spark's own parser and none is executed.

A program of ``.venv-spark``, started by ``test_spark_parses``: models, data tests, contracts, hooks and settings of the upper
layers go through dbt-spark as in a real build; only what would run them is another cursor. Prints how many statements there
were, and those that Spark does not understand.
"""

import json
import sys
from typing import Any, ClassVar

from dbt.adapters.spark import session as dbt_session
from dbt.cli.main import dbtRunner
from pyspark.sql import SparkSession

SESSION = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
PARSER = SESSION._jsparkSession.sessionState().sqlParser()
# a data test counts its failures in one row
NO_FAILURES = (0, False, False)


class ReadingCursor:
    """Reads what it is asked to execute, and answers as a warehouse in which nothing stands yet."""

    statements: ClassVar[dict[str, str]] = {}

    def __init__(self, **_: Any) -> None:
        self._is_data_test = False

    def execute(self, sql: str, *_: Any) -> None:
        self._is_data_test = "as should_error" in sql
        try:
            PARSER.parsePlan(sql)
            self.statements[sql] = ""
        except Exception as error:  # whatever the parser of another machine throws
            self.statements[sql] = str(error)

    @property
    def description(self) -> list[tuple[Any, ...]]:
        names = ("failures", "should_warn", "should_error") if self._is_data_test else ()
        return [(name, "string", None, None, None, None, True) for name in names]

    def fetchall(self) -> list[tuple[Any, ...]]:
        return [NO_FAILURES] if self._is_data_test else []

    def close(self) -> None:
        self._is_data_test = False


def main() -> int:
    """Go through a build; its arguments are dbt's."""
    dbt_session.Cursor = ReadingCursor
    result = dbtRunner().invoke(sys.argv[1:])
    refused = {sql: error for sql, error in ReadingCursor.statements.items() if error}
    failed = [
        str(node.message)
        for node in getattr(result.result, "results", [])
        if node.status in ("error", "fail")
    ]
    print(json.dumps({"statements": len(ReadingCursor.statements), "refused": refused, "failed": failed}))
    return 0 if result.success else 1


if __name__ == "__main__":
    sys.exit(main())
