"""What a refresh does at each of its steps; the DAG ``semiannual_refresh`` and the back-fill only call these.

A refresh has a day up to which it counts (``as_of``), fixed when it is first asked for. It finishes what an earlier one
left, looks whether there is anything new, builds and tests the layers, prepares a candidate, asks, and then issues it or
keeps the refusal.
"""

import logging
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from build.inputs import code_version, confirm_inputs, gather_inputs
from build.reference import read_periods
from build.transform import build_up_to
from ingest.database import open_read_only
from ingest.home import WarehouseHome
from ingest.text.printing import VIETNAM, moment_vi
from publish.answers.approval import Request, write_request
from publish.editions.candidate import find_candidate, prepare_candidate
from publish.editions.current import current_edition, find_edition, mend_editions
from publish.editions.decisions import last_decision
from publish.editions.edition import Edition
from publish.editions.issue import finish_issuing

# Who has this in the environment is not asked: a demonstration, a test, or a person at the terminal, after whom it is named.
AUTO_APPROVE = "WAREHOUSE_AUTO_APPROVE"
# A slot of the schedule that is begun later than this is not the refresh that was due but one of the past: what Airflow
# starts when a DAG is unpaused. A machine that was off over a long holiday (Tết: nine days) is still in time.
LATEST_START = timedelta(days=10)
DUE_PERIOD = "due"
NEWEST_PERIOD = "newest"

_LOG = logging.getLogger(__name__)


class Step(StrEnum):
    """What comes next in a refresh."""

    BUILD = "build"
    ASK = "ask"
    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class Plan:
    """What a refresh does.

    Attributes:
        step: build anew, ask for what waits already, or keep what there is.
        why: in Vietnamese.
        edition_id: the edition or candidate that is there already.
    """

    step: Step
    why: str
    edition_id: str | None = None


def is_of_the_past(slot: datetime, now: datetime) -> bool:
    """Tell whether a slot of the schedule lies so far back that nobody means it any more."""
    return now - slot > LATEST_START


def auto_approver() -> str | None:
    """Give what stands in for a person who approves; None where a person is asked."""
    return os.environ.get(AUTO_APPROVE, "").strip() or None


def period_asked(choice: str, as_of: datetime) -> str | None:
    """Give the half-year that a refresh reviews; None for the newest of which there is a return.

    Args:
        choice: a half-year (``2023H1``), ``newest``, or ``due`` for the one that ended last before the day of the refresh.
        as_of: the day of the refresh.
    """
    if choice == NEWEST_PERIOD:
        return None
    if choice != DUE_PERIOD:
        return choice
    today = as_of.astimezone(VIETNAM).date()
    ended = [period for period in read_periods() if period.kind == "half_year" and period.end < today]
    return max(ended, key=lambda period: period.end).code if ended else None


def plan_refresh(
    home: WarehouseHome, as_of: datetime, *, is_as_of_given: bool, is_asked_by_person: bool
) -> Plan:
    """Finish what an earlier refresh left and tell what this one has to do.

    What was refused is not asked again by the schedule while nothing has changed, only when a person starts a refresh.

    Args:
        home: the warehouse.
        as_of: the day of the refresh.
        is_as_of_given: a person named that day.
        is_asked_by_person: a person started the refresh.

    Raises:
        NothingReceivedError: nothing had been received by then.
    """
    for told in mend_editions(home):
        _LOG.warning("%s", told)
    for finished in finish_issuing(home):
        _LOG.warning("Đã hoàn tất việc công bố bản số liệu %s.", finished.edition_id)
    inputs = gather_inputs(home, as_of)
    # a run that is cleared finds the edition of its own day, though a newer one is current by now
    known = find_edition(home, inputs, is_as_of_given=is_as_of_given) or find_edition(
        home, inputs, is_as_of_given=True
    )
    if known is not None:
        return Plan(Step.KEEP, "Không có gì mới: số liệu đã công bố vẫn giữ nguyên.", known.edition_id)
    waiting = find_candidate(home, inputs, is_as_of_given=is_as_of_given)
    if waiting is not None:
        return Plan(
            Step.ASK,
            f"Không có gì mới: bản số liệu tính đến {moment_vi(waiting.as_of)} đã lập từ trước, đang chờ phê duyệt.",
            waiting.edition_id,
        )
    decision = last_decision(home, inputs.fingerprint)
    if decision is not None and not decision.is_approved and not is_asked_by_person:
        return Plan(
            Step.KEEP,
            f"Không có gì mới từ khi {decision.decided_by} không phê duyệt bản số liệu (lúc {moment_vi(decision.decided_at)}).",
        )
    return Plan(Step.BUILD, "Có số liệu mới.")


def prepare_refresh(
    home: WarehouseHome, as_of: datetime, now: datetime, issued_at: datetime | None = None
) -> Edition:
    """Let the layers stand, built and tested, and give the candidate made from them, or the one that waits already.

    Args:
        home: the warehouse.
        as_of: the day of the refresh.
        now: timezone-aware instant, which names the candidate.
        issued_at: see ``prepare_candidate``.

    Raises:
        TransformError: a layer does not build, or one of its tests fails.
        InputsChangedError: somebody loaded or changed the code meanwhile.
        PersonalDataError: the candidate would carry personal data.
    """
    inputs = gather_inputs(home, as_of)
    waiting = find_candidate(home, inputs, issued_at=issued_at)
    if waiting is not None:
        return waiting
    build_up_to(home, "reviews", as_of)
    confirm_inputs(home, as_of, inputs.fingerprint)
    return prepare_candidate(home, inputs, now, code_version(), issued_at)


def request_approval(home: WarehouseHome, candidate: Edition, period: str | None) -> Request:
    """Write the request for approval of a candidate, in Vietnamese, beside the current edition; see ``write_request``.

    Args:
        home: the warehouse.
        candidate: the edition that waits.
        period: the half-year whose figures are shown; the newest with a return when None.
    """
    with open_read_only(candidate.path) as connection:
        return write_request(connection, candidate, period, current_edition(home))
