"""One step of the system as a process of its own, which can be made to stop at a chosen moment.

``python -m tests.faults.step load --home … --as-of …`` does what the task of the DAG does. With ``--points`` it looks at
every change of the file system that Python asks for below the home (a file opened for writing, a rename, a link, a
removal): just before the one whose number is given it kills its whole process group, or tells the one who started it and
waits, so that also the shortest moments between two changes are met on purpose and not by luck.
"""

import argparse
import os
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from build.layers import LAYERS
from ingest.home import WarehouseHome

STEPS = ("load", *LAYERS, "prepare", "issue", "review-files", "feedback", "rebuild")
APPROVER = "Nguyễn Thị Hồng Vân"
_CHANGES = frozenset(
    {"os.rename", "os.link", "os.symlink", "os.remove", "os.mkdir", "os.rmdir", "os.chmod", "os.truncate"}
)


def main(arguments: list[str] | None = None) -> int:
    """Do one step; gives the exit code. What goes wrong is told as the project tells it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("step", choices=STEPS)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--as-of", type=datetime.fromisoformat, required=True)
    parser.add_argument("--count-points", type=Path, help="write the number of changes seen to this file")
    parser.add_argument("--kill-at", type=int, default=0, help="number of the change before which to die")
    parser.add_argument(
        "--pause-at", default="", help="numbers of changes before which to wait for a byte on stdin"
    )
    chosen = parser.parse_args(arguments)
    home = WarehouseHome(chosen.home)
    pauses = frozenset(int(number) for number in chosen.pause_at.split(",") if number)
    points = Points(home.root, chosen.kill_at, pauses)
    if chosen.count_points or chosen.kill_at or pauses:
        sys.addaudithook(points.note)
    do_step(chosen.step, home, chosen.as_of)
    if chosen.count_points:
        points.is_watching = False
        chosen.count_points.write_text(str(points.count))
    return 0


class Points:
    """The changes of the file system below a folder, counted as they are about to happen."""

    def __init__(self, root: Path, kill_at: int, pause_at: frozenset[int]) -> None:
        self._root = str(root)
        self._kill_at = kill_at
        self._pause_at = pause_at
        self.count = 0
        self.is_watching = True

    def note(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Take one audit event of Python."""
        if not self.is_watching or not self._is_change(event, arguments):
            return
        self.count += 1
        if self.count == self._kill_at:
            os.killpg(0, signal.SIGKILL)
        if self.count in self._pause_at:
            self.is_watching = False
            print(f"point {self.count} {event} {arguments[0]}", flush=True)
            sys.stdin.readline()
            self.is_watching = True

    def _is_change(self, event: str, arguments: tuple[Any, ...]) -> bool:
        if event == "open":
            writes = os.O_WRONLY | os.O_RDWR | os.O_CREAT
            return self._is_inside(arguments[0]) and bool((arguments[2] or 0) & writes)
        return event in _CHANGES and any(self._is_inside(argument) for argument in arguments[:2])

    def _is_inside(self, path: object) -> bool:
        return isinstance(path, str | os.PathLike) and os.fspath(path).startswith(self._root)


def do_step(step: str, home: WarehouseHome, as_of: datetime) -> None:
    """Do what the task of that name does in the DAGs; says on a line of its own what it has promised to keep."""
    if step == "load":
        _load(home)
    elif step in LAYERS:
        from build.transform import build_up_to

        build_up_to(home, step, as_of)
    else:
        _AFTER_THE_BUILD[step](home, as_of)


def _load(home: WarehouseHome) -> None:
    from ingest.loading.load import load_inbox

    report = load_inbox(home, datetime.now(UTC))
    print(f"loaded {report.files_seen} {report.load_id}", flush=True)


def _prepare(home: WarehouseHome, as_of: datetime) -> None:
    from publish.refresh import Step, plan_refresh, prepare_refresh

    plan = plan_refresh(home, as_of, is_as_of_given=True, is_asked_by_person=True)
    if plan.step is not Step.KEEP:
        print(f"prepared {prepare_refresh(home, as_of, datetime.now(UTC)).edition_id}", flush=True)


def _issue(home: WarehouseHome, as_of: datetime) -> None:
    from publish.editions.edition import Approval
    from publish.editions.issue import issue_candidate
    from publish.refresh import Step, plan_refresh, prepare_refresh

    plan = plan_refresh(home, as_of, is_as_of_given=True, is_asked_by_person=True)
    edition_id = plan.edition_id
    if plan.step is not Step.KEEP:
        edition_id = prepare_refresh(home, as_of, datetime.now(UTC)).edition_id
        issue_candidate(home, edition_id, Approval(APPROVER, datetime.now(UTC), "đã xem"))
    print(f"issued {edition_id}", flush=True)


def _review_files(home: WarehouseHome, as_of: datetime) -> None:
    from publish.reports.review_files import review_half_year, review_programme

    half_year = review_half_year(home.current, None, home)
    programme = review_programme(home.current, "plastic_waste", "2018H1", "2019H2", home)
    print(f"review files {half_year.csv.name} {programme.csv.name}", flush=True)


def _feedback(home: WarehouseHome, as_of: datetime) -> None:
    from publish.feedback.outbox import write_feedback

    print(f"feedback {len(write_feedback(home).written)}", flush=True)


def _rebuild(home: WarehouseHome, as_of: datetime) -> None:
    from ingest.upkeep.rebuild import rebuild

    print(f"rebuilt from {rebuild(home, datetime.now(UTC)).entries} entries", flush=True)


_AFTER_THE_BUILD: dict[str, Callable[[WarehouseHome, datetime], None]] = {
    "prepare": _prepare,
    "issue": _issue,
    "review-files": _review_files,
    "feedback": _feedback,
    "rebuild": _rebuild,
}

if __name__ == "__main__":
    sys.exit(main())
