"""What a query may take of the machine: time, memory, rows. It holds for charts and for SQL Lab alike.

Superset's own time-out needs the main thread of a process, and these pages are served by threads; its own limit on rows
replaces the one that an analyst has written. So DuckDB is interrupted, and rows are counted when they are fetched.

Runs inside Superset, on SQLAlchemy.
"""

import re
from threading import Timer
from typing import Any

SECONDS = 30
MEMORY_GIGABYTES = 1

# An edition lies in a folder that nobody writes into, so a query that does not fit into memory ends instead of spilling.
OF_THE_MACHINE = {"memory_limit": f"{MEMORY_GIGABYTES}GB", "temp_directory": ""}

_TIMER = "ends the query"


def messages() -> dict[re.Pattern[str], tuple[str, Any, dict[str, Any]]]:
    """Give what is said of a query that was ended, by what DuckDB says of it."""
    from superset.errors import SupersetErrorType

    return {
        re.compile("Interrupted"): (
            f"Truy vấn chạy quá {SECONDS} giây nên đã dừng. Đề nghị chọn ít đơn vị, ít kỳ hơn hoặc viết lại câu SQL.",
            SupersetErrorType.BACKEND_TIMEOUT_ERROR,
            {},
        ),
        re.compile("Out of Memory"): (
            f"Truy vấn cần nhiều hơn {MEMORY_GIGABYTES} GB bộ nhớ nên đã dừng. Đề nghị chọn ít đơn vị, ít kỳ hơn hoặc viết lại"
            " câu SQL.",
            SupersetErrorType.GENERIC_DB_ENGINE_ERROR,
            {},
        ),
    }


def hold_queries() -> None:
    """Have every query on DuckDB ended in time, and an analyst's own LIMIT kept."""
    from sqlalchemy import event
    from sqlalchemy.pool import Pool
    from superset.db_engine_specs.duckdb import DuckDBEngineSpec
    from superset.sql.parse import LimitMethod

    DuckDBEngineSpec.limit_method = LimitMethod.FETCH_MANY
    event.listen(Pool, "connect", _begin)
    event.listen(Pool, "close", _end)


def _begin(connection: Any, record: Any) -> None:
    """Start the clock: Superset opens a connection for each query, and closes it after the last row."""
    if not type(connection).__module__.startswith("duckdb"):
        return
    timer = Timer(SECONDS, connection.interrupt)
    timer.daemon = True
    timer.start()
    record.info[_TIMER] = timer


def _end(_: Any, record: Any) -> None:
    timer = record.info.pop(_TIMER, None) if record is not None else None
    if timer is not None:
        timer.cancel()
