"""Who approved or refused which edition, when and why.

The journal has it first; ``raw.refresh_decisions`` follows it. The first decision on an edition stands: nobody approves
what was refused, and a run that is repeated finds what was decided.
"""

from ingest.database import open_warehouse
from ingest.home import WarehouseHome
from ingest.journal import DecisionEntry, read_entries, write_entry
from publish.editions.edition import is_built_from


class AlreadyRefusedError(RuntimeError):
    """An edition that somebody refused is to be issued."""

    def __init__(self, decision: DecisionEntry) -> None:
        super().__init__(
            f"Bản số liệu {decision.edition_id} đã bị {decision.decided_by} từ chối phê duyệt"
            f" ({decision.decided_at:%d/%m/%Y %H:%M} UTC) nên không công bố được."
        )


def record_decision(home: WarehouseHome, decision: DecisionEntry) -> DecisionEntry:
    """Keep a decision; gives the one that stands, which is an earlier one where the edition was decided on before."""
    standing = decision_on(home, decision.edition_id)
    if standing is None:
        write_entry(home.journal, decision)
        standing = decision
    take_over_decision(home, standing)
    return standing


def take_over_decision(home: WarehouseHome, decision: DecisionEntry) -> None:
    """Let the working database know a decision of the journal; does nothing where it does."""
    with open_warehouse(home) as connection:
        connection.execute(
            "insert into raw.refresh_decisions (edition_id, is_approved, as_of, decided_at, decided_by, note)"
            " select $edition_id, $is_approved, $as_of, $decided_at, $decided_by, $note"
            " where not exists (from raw.refresh_decisions where edition_id = $edition_id)",
            decision.model_dump(exclude={"kind"}),
        )


def decision_on(home: WarehouseHome, edition_id: str) -> DecisionEntry | None:
    """Give what was decided on an edition; None while it waits."""
    return next((found for found in _decisions(home) if found.edition_id == edition_id), None)


def last_decision(home: WarehouseHome, fingerprint: str) -> DecisionEntry | None:
    """Give what was last decided on an edition of these inputs; None where nobody was asked."""
    found = [entry for entry in _decisions(home) if is_built_from(entry.edition_id, fingerprint)]
    return found[-1] if found else None


def _decisions(home: WarehouseHome) -> list[DecisionEntry]:
    return [entry for _, entry in read_entries(home.journal) if isinstance(entry, DecisionEntry)]
