"""Editions of the past, each as known at its day: every half-year since 2018H1, oldest first.

For a warehouse that begins with the files of years. Each half-year's refresh is made up for as it would have run: it counts
what had been received by six in the morning after the cut-off, its figures stand in the ledger from that instant on, and
``meta.edition`` says that it was made afterwards. So restatements compare with what a paper of that day would have said.
Everything runs in one process without Airflow, dbt a layer at a time; what is there already is passed over.
"""

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from build.reference import Period, half_year_codes, read_periods, unknown_half_year
from ingest.attribution.evidence.period_spellings import half_year_meant
from ingest.contracts.reference import load_reference
from ingest.home import WarehouseHome
from ingest.own_commands import typed
from ingest.text.printing import VIETNAM

FIRST_PERIOD = "2018H1"
REFRESH_TIME = time(6, 0)
APPROVED_BY = "make backfill"

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Slot:
    """A refresh that would have run: of which half-year, and at which instant (timezone-aware)."""

    period: Period
    due_at: datetime


def past_slots(now: datetime, first: str = FIRST_PERIOD) -> tuple[Slot, ...]:
    """Give every refresh that was due between a half-year and now, oldest first."""
    half_years = sorted(
        (period for period in read_periods() if period.kind == "half_year" and period.code >= first),
        key=lambda period: period.end,
    )
    slots = [
        Slot(period, datetime.combine(period.end + timedelta(days=1), REFRESH_TIME, VIETNAM))
        for period in half_years
    ]
    return tuple(slot for slot in slots if slot.due_at <= now)


def fill_back(
    home: WarehouseHome,
    now: Callable[[], datetime],
    first: str = FIRST_PERIOD,
    progress: Progress = lambda _: None,
) -> int:
    """Make every edition of the past that is not there; gives how many were made.

    A half-year before whose refresh nothing had been received has none. At the end the working database is again built for
    now, and the newest edition is the current one.

    Args:
        home: the warehouse, loaded.
        now: the clock, timezone-aware.
        first: the half-year to begin with.
        progress: called with a Vietnamese line for each half-year.

    Raises:
        TransformError: a layer does not build, or one of its tests fails; what was made until then stays.
    """
    from build.inputs import NothingReceivedError
    from build.transform import build_up_to
    from publish.editions.current import list_editions
    from publish.editions.edition import Approval
    from publish.editions.issue import finish_issuing, issue_candidate
    from publish.refresh import prepare_refresh

    finish_issuing(home)
    made = 0
    slots = past_slots(now(), first)
    for number, slot in enumerate(slots, start=1):
        label = f"[{number}/{len(slots)}] {slot.period.label_vi}"
        due_at = slot.due_at.astimezone(UTC)
        if any(edition.as_of == due_at for edition in list_editions(home)):
            progress(f"{label}: đã có")
            continue
        try:
            candidate = prepare_refresh(home, due_at, now(), issued_at=due_at)
        except NothingReceivedError:
            progress(f"{label}: chưa có báo cáo nào vào ngày đó")
            continue
        note = f"Lập bù theo số liệu đã nhận đến {slot.due_at:%H:%M ngày %d/%m/%Y}."
        edition = issue_candidate(home, candidate.edition_id, Approval(APPROVED_BY, now(), note))
        progress(f"{label}: {edition.edition_id}, từ {edition.input_submissions} tệp báo cáo")
        made += 1
    if made:
        build_up_to(home, "reviews", now())
    return made


def add_command(commands: Any) -> None:
    """Add ``backfill``."""
    parser = commands.add_parser("backfill", help="editions of the past half-years, each as known at its day")
    parser.add_argument(
        "--first", default=FIRST_PERIOD, help="half-year to begin with, in words or as 2018H1"
    )
    parser.set_defaults(run=_run)


def _run(chosen: argparse.Namespace) -> int:
    from build.commands import TransformError
    from ingest.keeping.journal import JournalError
    from ingest.troubles import WarehouseTroubleError
    from publish.editions.current import current_edition

    home = WarehouseHome.from_environment()
    first = half_year_meant(chosen.first, half_year_codes(), load_reference())
    if first is None:
        print(unknown_half_year(chosen.first), file=sys.stderr)
        return 2
    if not home.warehouse.exists():
        print(
            f"Chưa có kho số liệu ở {home.warehouse}. Đề nghị tiếp nhận báo cáo trước ({typed('refresh')}).",
            file=sys.stderr,
        )
        return 2
    try:
        made = fill_back(home, lambda: datetime.now(UTC), first, lambda line: print(line, flush=True))
    except (JournalError, WarehouseTroubleError, TransformError) as trouble:
        print(
            f"Chưa lập bù xong: {trouble}\nĐề nghị chạy lại: các bản đã lập được giữ nguyên.",
            file=sys.stderr,
        )
        return 1
    current = current_edition(home)
    print(f"Đã lập bù {made} bản số liệu. Bản hiện hành: {current.edition_id if current else 'chưa có'}.")
    return 0
