"""Candidates, approvals and refusals: what was shown is what is issued, once, however often the run is cut off."""

import json
import os
import shutil
import signal
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import duckdb
import pytest

from build.inputs import gather_inputs
from ingest.home import PROJECT_ROOT, WarehouseHome
from ingest.keeping.journal import DecisionEntry, IssueEntry, read_entries
from publish.editions.candidate import (
    CandidateGoneError,
    find_candidate,
    prepare_candidate,
    read_candidate,
    waiting_candidates,
)
from publish.editions.current import current_edition, find_edition
from publish.editions.decisions import AlreadyRefusedError, last_decision
from publish.editions.edition import Approval, Edition
from publish.editions.issue import finish_issuing, issue_candidate, publish_edition, refuse_candidate
from publish.editions.manifest import is_whole, read_manifest
from tests.publish.small_warehouse import add_submission, ask, run_sql

AS_OF = datetime(2023, 6, 15, tzinfo=UTC)
BUILT_AT = datetime(2023, 6, 15, 1, 0, tzinfo=UTC)
APPROVED_AT = datetime(2023, 6, 19, 2, 30, tzinfo=UTC)
NEW_MEMBERS = "select value from reviews.halfyear_review where unit_key = 'U655' and period_code = '2023H1'"
APPROVAL = Approval("chi.lan", APPROVED_AT, "Đã đối chiếu với bản giấy.")


def prepare(home: WarehouseHome, as_of: datetime = AS_OF, built_at: datetime = BUILT_AT) -> Edition:
    return prepare_candidate(home, gather_inputs(home, as_of), built_at, "v1")


def change_a_figure(home: WarehouseHome) -> None:
    run_sql(home, "update reviews.halfyear_review set value = 383 where value = 382")
    add_submission(home, "s2")


def ledger(home: WarehouseHome) -> list[tuple[object, ...]]:
    return ask(
        home.warehouse,
        "select edition_id, unit_key, value, issued_at, as_of from raw.issued_figures order by all",
    )


def entries(home: WarehouseHome, kind: type) -> list[object]:
    return [entry for _, entry in read_entries(home.journal) if isinstance(entry, kind)]


def test_what_was_shown_is_what_is_issued_days_later(home: WarehouseHome) -> None:
    candidate = prepare(home)
    assert not home.current.exists()
    change_a_figure(home)

    edition = issue_candidate(home, candidate.edition_id, APPROVAL)

    assert ask(home.current, NEW_MEMBERS) == [(382,)]
    assert ask(home.current, "select submission_id from meta.submissions") == [("s1",)]
    assert ask(
        home.current, "select approved_by, approval_note, approved_at, issued_at, built_at from meta.edition"
    ) == [("chi.lan", "Đã đối chiếu với bản giấy.", APPROVED_AT, APPROVED_AT, BUILT_AT)]
    assert {row[3:] for row in ledger(home)} == {(APPROVED_AT, AS_OF)}
    assert current_edition(home) == edition
    assert edition.approval == APPROVAL
    assert waiting_candidates(home) == ()


def test_parquet_and_manifest_carry_the_approval_and_their_hashes_follow(home: WarehouseHome) -> None:
    edition = issue_candidate(home, prepare(home).edition_id, APPROVAL)
    manifest = read_manifest(edition.folder)

    assert is_whole(edition.path, edition.folder, manifest)
    assert (manifest.approved_by, manifest.approval_note) == (APPROVAL.approved_by, APPROVAL.note)
    stamped = duckdb.sql(
        f"select approved_by from '{edition.folder / 'tables' / 'meta.edition' / 'edition.parquet'}'"
    ).fetchall()
    assert stamped == [("chi.lan",)]
    files = [path for path in edition.folder.rglob("*") if path.is_file()] + [edition.path]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o444}


def test_a_name_in_the_note_is_masked_in_the_edition_and_kept_in_the_journal(home: WarehouseHome) -> None:
    note = "Đã hỏi lại chị Nguyễn Thị Hoa."
    edition = issue_candidate(home, prepare(home).edition_id, Approval("chi.lan", APPROVED_AT, note))

    assert ask(home.current, "select approval_note from meta.edition") == [("[đã ẩn tên]",)]
    assert note.encode() not in edition.path.read_bytes()
    assert ask(home.warehouse, "select note from raw.refresh_decisions") == [(note,)]


def test_the_same_inputs_wait_only_once(home: WarehouseHome) -> None:
    first = prepare(home)
    again = prepare(home, as_of=AS_OF + timedelta(hours=3), built_at=BUILT_AT + timedelta(hours=3))

    assert again == first
    assert find_candidate(home, gather_inputs(home, AS_OF)) == first
    assert find_candidate(home, gather_inputs(home, AS_OF + timedelta(hours=3)), is_as_of_given=True) is None
    assert find_edition(home, gather_inputs(home, AS_OF), is_as_of_given=False) is None


def test_a_refusal_publishes_nothing_and_keeps_who_when_and_why(home: WarehouseHome) -> None:
    candidate = prepare(home)
    refuse_candidate(home, candidate.edition_id, "chi.lan", APPROVED_AT, "Xã Ea Bông còn gửi lại.")

    assert not home.current.exists()
    assert list(home.candidates.iterdir()) == []
    assert ledger(home) == []
    kept = (candidate.edition_id, False, "chi.lan", APPROVED_AT, "Xã Ea Bông còn gửi lại.")
    assert ask(
        home.warehouse,
        "select edition_id, is_approved, decided_by, decided_at, note from raw.refresh_decisions",
    ) == [kept]
    decision = last_decision(home, candidate.inputs_fingerprint)
    assert decision is not None
    assert not decision.is_approved
    with pytest.raises(CandidateGoneError):
        issue_candidate(home, candidate.edition_id, APPROVAL)


def test_later_editions_tell_who_refused_what(home: WarehouseHome) -> None:
    refused = prepare(home)
    refuse_candidate(home, refused.edition_id, "chi.lan", APPROVED_AT, "Chờ chị Nguyễn Thị Hoa gửi lại.")
    change_a_figure(home)
    publish_edition(home, gather_inputs(home, APPROVED_AT + timedelta(days=1)), APPROVED_AT, "v1")

    assert ask(
        home.current, "select edition_id, is_approved, decided_by, why from meta.refresh_decisions"
    ) == [(refused.edition_id, False, "chi.lan", "[đã ẩn tên]")]


def test_the_first_decision_stands(home: WarehouseHome) -> None:
    candidate = prepare(home)
    issue_candidate(home, candidate.edition_id, APPROVAL)
    late = refuse_candidate(
        home, candidate.edition_id, "anh.ba", APPROVED_AT + timedelta(days=1), "Không đồng ý."
    )
    again = issue_candidate(home, candidate.edition_id, Approval("anh.ba", APPROVED_AT + timedelta(days=1)))

    assert late.is_approved
    assert again.approval == APPROVAL
    assert len(entries(home, DecisionEntry)) == 1
    assert len(entries(home, IssueEntry)) == 1
    assert len(ledger(home)) == 3


def test_what_was_refused_cannot_be_approved_any_more(
    home: WarehouseHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    candidate = prepare(home)
    with monkeypatch.context() as patched:
        patched.setattr("publish.editions.issue.discard_candidate", lambda *_: None)
        refuse_candidate(home, candidate.edition_id, "chi.lan", APPROVED_AT, "Sai số.")
    assert waiting_candidates(home) == (candidate,)

    with pytest.raises(AlreadyRefusedError, match=r"chi\.lan"):
        issue_candidate(home, candidate.edition_id, APPROVAL)
    assert finish_issuing(home) == ()
    assert waiting_candidates(home) == ()


@pytest.mark.parametrize("damage", ["database", "parquet", "manifest", "gone"])
def test_a_damaged_candidate_is_not_issued(home: WarehouseHome, damage: str) -> None:
    candidate = prepare(home)
    if damage == "gone":
        shutil.rmtree(candidate.path.parent)
    else:
        path = {
            "database": candidate.path,
            "parquet": candidate.folder / "tables" / "reviews.halfyear_review" / "halfyear_review.parquet",
            "manifest": candidate.folder / "manifest.json",
        }[damage]
        path.chmod(0o644)
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 0xFF
        path.write_bytes(content if damage != "manifest" else content[:40])

    with pytest.raises(CandidateGoneError, match="Đề nghị chạy lại"):
        issue_candidate(home, candidate.edition_id, APPROVAL)
    assert not home.current.exists()
    assert entries(home, DecisionEntry) == []


def test_a_back_filled_edition_is_issued_on_its_day_and_is_not_current(home: WarehouseHome) -> None:
    current = publish_edition(home, gather_inputs(home, AS_OF), BUILT_AT, "v1")
    day = datetime(2023, 6, 14, 23, 0, tzinfo=UTC)
    candidate = prepare_candidate(home, gather_inputs(home, day), APPROVED_AT, "v2", issued_at=day)
    assert candidate.issued_at == day
    edition = issue_candidate(home, candidate.edition_id, Approval("lập bù", APPROVED_AT))

    assert current_edition(home) == current
    assert {row[3:] for row in ledger(home) if row[0] == edition.edition_id} == {(day, day)}
    assert ask(edition.path, "select issued_at, approved_at from meta.edition") == [(day, APPROVED_AT)]


KILLED = """
import os, signal, sys
from datetime import datetime
from pathlib import Path
import publish.editions.{module} as module
from ingest.home import WarehouseHome
from publish.editions.edition import Approval
from publish.editions.issue import issue_candidate

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

step = module.{step}
if {is_after}:
    def step_and_die(*arguments, **named):
        step(*arguments, **named)
        die()
    module.{step} = step_and_die
else:
    module.{step} = die
issue_candidate(WarehouseHome(Path(sys.argv[1])), sys.argv[2], Approval("chi.lan", datetime.fromisoformat(sys.argv[3]), "Duyệt."))
"""


@pytest.mark.parametrize("is_after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(
    ("module", "step"),
    [
        ("decisions", "record"),
        ("issue", "record_decision"),
        ("issue", "stamp_approval"),
        ("issue", "put_folder_in_place"),
        ("issue", "put_in_place"),
        ("issue", "make_current"),
        ("ledger", "put_in_place"),
        ("ledger", "record"),
        ("issue", "issue_figures"),
        ("issue", "discard_candidate"),
    ],
)
def test_an_issue_that_is_killed_is_finished_by_the_next_run(
    home: WarehouseHome, module: str, step: str, is_after: bool
) -> None:
    first = publish_edition(home, gather_inputs(home, AS_OF), BUILT_AT, "v1")
    change_a_figure(home)
    candidate = prepare(home, as_of=AS_OF + timedelta(hours=1), built_at=BUILT_AT + timedelta(hours=1))
    script = KILLED.format(module=module, step=step, is_after=is_after)
    killed = subprocess.run(
        [sys.executable, "-c", script, str(home.root), candidate.edition_id, APPROVED_AT.isoformat()],
        env={**os.environ, "PYTHONPATH": str(PROJECT_ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    between = current_edition(home)
    assert between is not None
    assert between.edition_id in {first.edition_id, candidate.edition_id}

    is_decided = bool(len(entries(home, DecisionEntry)) == 2)
    assert is_decided or (module, step, is_after) in {
        ("decisions", "record", False),
        ("issue", "record_decision", False),
    }
    # the next run knows nothing of the approval but what the journal says
    finish_issuing(home)
    finish_issuing(home)
    current = current_edition(home)
    assert current is not None
    if not is_decided:
        assert (current, waiting_candidates(home)) == (first, (candidate,))
        return
    assert current.edition_id == candidate.edition_id
    assert current.approval == Approval("chi.lan", APPROVED_AT, "Duyệt.")
    assert is_whole(current.path, current.folder, read_manifest(current.folder))
    assert ask(home.current, NEW_MEMBERS) == [(383,)]
    assert len(entries(home, DecisionEntry)) == 2
    assert len(entries(home, IssueEntry)) == 2
    issued = ledger(home)
    assert len(issued) == 6
    assert {row[3] for row in issued if row[0] == candidate.edition_id} == {APPROVED_AT}
    assert waiting_candidates(home) == ()
    assert sorted(
        path.name for path in home.editions.iterdir() if path.name.startswith("edition_")
    ) == sorted(
        [
            *(f"{known}.duckdb" for known in (first.edition_id, current.edition_id)),
            first.edition_id,
            current.edition_id,
        ]
    )


def test_a_preparation_that_is_killed_leaves_no_candidate(
    home: WarehouseHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("publish.editions.candidate.put_folder_in_place", die)
        with pytest.raises(KeyboardInterrupt):
            prepare(home)
    assert waiting_candidates(home) == ()
    assert list(home.candidates.iterdir()) != []

    candidate = prepare(home, built_at=BUILT_AT + timedelta(minutes=5))
    assert [path.name for path in home.candidates.iterdir()] == [candidate.edition_id]
    assert read_candidate(home, candidate.edition_id, is_verified=True) == candidate
    assert json.loads((candidate.folder / "manifest.json").read_text(encoding="utf-8"))["is_issued"] is False
