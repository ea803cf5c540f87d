"""Which submissions are withdrawn, now or as of an instant.

A decision is an entry of the journal and a row of ``raw.withdrawals``; the newest one on a submission holds from its own
time on, so that an earlier ``as_of`` gives the figures of then.
"""

from datetime import datetime

import duckdb


def newest_decisions(condition: str = "true") -> str:
    """SQL that gives the newest decision on each submission, of those that a condition lets through."""
    return f"""
        select
            submission_id,
            arg_max(is_withdrawn, decided_at) as is_withdrawn,
            max(decided_at) as decided_at,
            arg_max(decided_by, decided_at) as decided_by,
            arg_max(why, decided_at) as why
        from raw.withdrawals
        where {condition}
        group by submission_id
    """


def withdrawn_now(connection: duckdb.DuckDBPyConnection) -> frozenset[str]:
    """Give the ids of the submissions that are withdrawn as everything is known now."""
    return frozenset(submission_id for submission_id, _, _ in withdrawn_by(connection, None))


def withdrawn_by(
    connection: duckdb.DuckDBPyConnection, as_of: datetime | None
) -> tuple[tuple[str, str, str], ...]:
    """Give what was withdrawn at an instant (now when None): submission, time of the decision as text, reason; in order.

    A database that was last written by a version that knew no withdrawals has none.
    """
    try:
        found = connection.execute(
            "select submission_id, decided_at::varchar, why"
            f" from ({newest_decisions('$as_of::timestamptz is null or decided_at <= $as_of')})"
            " where is_withdrawn order by all",
            {"as_of": as_of},
        ).fetchall()
    except duckdb.CatalogException:
        return ()
    return tuple(found)
