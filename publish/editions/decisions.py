"""Who approved or refused which edition, when and why.

The journal has it first, ``raw.refresh_decisions`` follows it. The first decision on an edition stands: nobody approves
what was refused, and a run that is repeated finds what was decided.
"""

import duckdb

from ingest.database import open_warehouse
from ingest.home import WarehouseHome
from ingest.keeping.journal import DecisionEntry
from ingest.keeping.projection import apply_missing, record
from ingest.text.printing import moment_vi
from publish.editions.edition import is_built_from


class AlreadyRefusedError(RuntimeError):
    """An edition that somebody refused is to be issued."""

    def __init__(self, decision: DecisionEntry) -> None:
        super().__init__(
            f"Bản số liệu này đã được {decision.decided_by} quyết định không phê duyệt"
            f" (lúc {moment_vi(decision.decided_at)}) nên không công bố được."
        )


def record_decision(home: WarehouseHome, decision: DecisionEntry) -> DecisionEntry:
    """Keep a decision; gives the one that stands, which is an earlier one where the edition was decided on before.

    Raises:
        WarehouseBusyError: another process is writing the working database.
        JournalError: the journal cannot be relied on; nothing was written.
    """
    with open_warehouse(home) as connection:
        apply_missing(connection, home)
        standing = next(iter(_ask(connection, "edition_id = ?", decision.edition_id)), None)
        if standing is None:
            record(connection, home, decision)
    return standing or decision


def decision_on(home: WarehouseHome, edition_id: str) -> DecisionEntry | None:
    """Give what was decided on an edition; None while it waits."""
    with open_warehouse(home) as connection:
        apply_missing(connection, home)
        return next(iter(_ask(connection, "edition_id = ?", edition_id)), None)


def last_decision(home: WarehouseHome, fingerprint: str) -> DecisionEntry | None:
    """Give what was last decided on an edition of these inputs; None where nobody was asked."""
    with open_warehouse(home) as connection:
        apply_missing(connection, home)
        decided = _ask(connection, "?", True)
    found = [decision for decision in decided if is_built_from(decision.edition_id, fingerprint)]
    return found[-1] if found else None


def _ask(connection: duckdb.DuckDBPyConnection, condition: str, value: object) -> list[DecisionEntry]:
    asked = connection.execute(
        "select edition_id, is_approved, as_of, decided_at, decided_by, note from raw.refresh_decisions"
        f" where {condition} order by decided_at",
        [value],
    )
    names = [column[0] for column in asked.description or ()]
    return [DecisionEntry.model_validate(dict(zip(names, row, strict=True))) for row in asked.fetchall()]
