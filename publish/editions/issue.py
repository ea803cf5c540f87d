"""From a candidate to the current edition, or to nothing: what follows when somebody has decided.

The order makes every step safe to be cut off: the decision is in the journal before anything of it is done; the edition
has its name when all of it is on the disk; then readers are switched to it; then its figures stand in the ledger; only then
the candidate goes. Whoever comes next finishes what was begun, with the same instant and the same approver.
"""

import os
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from build.inputs import EditionInputs
from ingest.durable import put_folder_in_place, put_in_place
from ingest.home import WarehouseHome
from ingest.keeping.journal import DecisionEntry
from ingest.troubles import telling_troubles
from publish.editions.candidate import (
    CandidateGoneError,
    discard_candidate,
    make_read_only,
    prepare_candidate,
    read_candidate,
    waiting_candidates,
)
from publish.editions.contents.meta import STAMPED, stamp_approval
from publish.editions.current import current_edition, make_current, read_edition
from publish.editions.decisions import AlreadyRefusedError, decision_on, record_decision
from publish.editions.edition import Approval, Edition
from publish.editions.ledger import issue_figures
from publish.editions.manifest import (
    describe_database,
    export_tables,
    read_manifest,
    write_manifest,
)

UNASKED = "auto_approve"


def publish_edition(
    home: WarehouseHome,
    inputs: EditionInputs,
    built_at: datetime,
    code_version: str,
    approved_by: str = UNASKED,
) -> Edition:
    """Make an edition from what dbt built in the working database and issue it at once, without asking anybody.

    Args:
        home: the warehouse.
        inputs: what the working database was built from.
        built_at: timezone-aware instant at which it is made, approved and issued.
        code_version: names the code.
        approved_by: what stands in for a person.

    Raises:
        NothingBuiltError: there is no table in ``core``, or none in ``reviews``.
        PersonalDataError: it would carry personal data; see ``contents.build_database``.
    """
    candidate = prepare_candidate(home, inputs, built_at, code_version)
    return issue_candidate(home, candidate.edition_id, Approval(approved_by, built_at))


@telling_troubles()
def issue_candidate(home: WarehouseHome, edition_id: str, approval: Approval) -> Edition:
    """Put an approved edition in place; safe to run again at any point.

    One of an earlier day than the current edition (a reproduction) is kept, but is neither issued nor current, unless it
    was prepared with an instant of issue of its own (a back-fill).

    Args:
        home: the warehouse.
        edition_id: the candidate.
        approval: who approves it; an earlier approval of the same edition stands.

    Raises:
        CandidateGoneError: there is no such candidate and no such edition, or the candidate is damaged.
        AlreadyRefusedError: somebody refused it.
        WarehouseTroubleError: the disk is full, or another program has the working database open.
    """
    edition = read_edition(home, edition_id)
    candidate = None if edition else read_candidate(home, edition_id, is_verified=True)
    as_of = edition.as_of if edition else candidate.as_of if candidate else None
    if as_of is None:
        raise CandidateGoneError(edition_id)
    decision = record_decision(
        home,
        DecisionEntry(
            edition_id=edition_id,
            is_approved=True,
            as_of=as_of,
            decided_at=approval.approved_at.astimezone(UTC),
            decided_by=approval.approved_by,
            note=approval.note,
        ),
    )
    if not decision.is_approved:
        raise AlreadyRefusedError(decision)
    current = current_edition(home)
    is_newest = current is None or as_of >= current.as_of
    if candidate is not None:
        edition = _put_in_place(home, candidate, decision, is_newest=is_newest)
    assert edition is not None  # noqa: S101  # one of the two is there, or this would have ended above
    if is_newest:
        make_current(home, edition)
    issue_figures(home, edition)
    discard_candidate(home, edition_id)
    return edition


def refuse_candidate(
    home: WarehouseHome, edition_id: str, decided_by: str, decided_at: datetime, why: str
) -> DecisionEntry:
    """Keep who refused an edition, when and why, and remove it; gives the decision that stands.

    Raises:
        CandidateGoneError: nothing is known of such an edition.
    """
    decision = decision_on(home, edition_id)
    if decision is None:
        decision = DecisionEntry(
            edition_id=edition_id,
            is_approved=False,
            as_of=read_candidate(home, edition_id).as_of,
            decided_at=decided_at.astimezone(UTC),
            decided_by=decided_by,
            note=why,
        )
    decision = record_decision(home, decision)
    if not decision.is_approved:
        discard_candidate(home, edition_id)
    return decision


def finish_issuing(home: WarehouseHome) -> tuple[Edition, ...]:
    """Finish what was decided and then cut off; gives the editions that were issued by it."""
    issued = []
    for candidate in waiting_candidates(home):
        decision = decision_on(home, candidate.edition_id)
        if decision is None:
            continue
        if decision.is_approved:
            approval = Approval(decision.decided_by, decision.decided_at, decision.note)
            issued.append(issue_candidate(home, candidate.edition_id, approval))
        else:
            discard_candidate(home, candidate.edition_id)
    current = current_edition(home)
    if current is not None:
        issue_figures(home, current)
    return tuple(issued)


def _put_in_place(
    home: WarehouseHome, candidate: Edition, decision: DecisionEntry, *, is_newest: bool
) -> Edition:
    """Stamp the approval into a copy of the candidate and give the copy its name."""
    manifest = read_manifest(candidate.folder)
    issued_at = candidate.issued_at or decision.decided_at
    placing = home.editions / ".issuing"
    shutil.rmtree(placing, ignore_errors=True)
    placing.mkdir()
    database, tables = placing / "edition.duckdb", placing / "tables"
    shutil.copyfile(candidate.path, database)
    approval = stamp_approval(
        database,
        home.warehouse,
        Approval(decision.decided_by, decision.decided_at, decision.note),
        issued_at,
    )
    shutil.copytree(candidate.folder, tables, copy_function=_link_or_copy)
    stale = [table for table in manifest.tables if table.table in {f"meta.{name}" for name in STAMPED}]
    for table in stale:
        (tables / table.file).unlink()
    written_anew = export_tables(database, tables, only=tuple(table.table for table in stale))
    stamped = {table.table: table for table in written_anew}
    edition_id = candidate.edition_id
    write_manifest(
        tables,
        manifest.model_copy(
            update={
                "issued_at": issued_at,
                "is_issued": is_newest or candidate.issued_at is not None,
                "approved_by": approval.approved_by,
                "approved_at": approval.approved_at,
                "approval_note": approval.note,
                "database": describe_database(database, f"{edition_id}.duckdb"),
                "tables": tuple(stamped.get(table.table, table) for table in manifest.tables),
            }
        ),
    )
    make_read_only(placing)
    edition = replace(
        candidate,
        issued_at=issued_at,
        approval=approval,
        path=home.editions / f"{edition_id}.duckdb",
        folder=home.editions / edition_id,
    )
    shutil.rmtree(edition.folder, ignore_errors=True)
    put_folder_in_place(tables, edition.folder)
    put_in_place(database, edition.path)
    shutil.rmtree(placing)
    return edition


def _link_or_copy(source: str, target: str) -> None:
    """Let a file that stays as it is stand in both folders; the manifest is written anew and gets bytes of its own."""
    if Path(source).name == "manifest.json":
        return
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
