"""What runs leave behind, and for how long it is kept.

A run that found nothing new is of no interest after a week; any other can be looked up for more than a year, its log for
a quarter. Archive, journal, ledger and published editions are not the business of this module.
"""

import argparse
import logging
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from ingest.home import PROJECT_ROOT, WarehouseHome
from operations.installation.airflow_home import metadata_file, point_airflow

# where tasks find Airflow's own database in containers; Airflow hides the address from tasks
METADATA_ADDRESS = "WAREHOUSE_METADATA_DATABASE"
ADDRESS = "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"
INGEST = "ingest_submissions"
# rows of events that no run hangs on; ``trigger`` is left out: the watch of the inbox is a row of it for years
EVENT_TABLES = ["log", "job", "import_error", "asset_event", "callback", "session", "revoked_token"]
RUN_TABLES = ["dag_run", "dag_version"]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Policy:
    """For how many days what is kept.

    Attributes:
        idle_runs: runs of the load that found nothing to do, with their logs.
        runs: all other runs and what hangs on them.
        events: the record of who did what in Airflow, of events and of errors.
        logs: logs of tasks, services and dbt.
        candidates: editions that wait for approval; longer than a half-year, so the next one has been made.
    """

    idle_runs: int = 7
    runs: int = 400
    events: int = 90
    logs: int = 90
    candidates: int = 200


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What was cleaned away."""

    idle_runs: int
    runs: int
    log_files: int
    candidates: int
    bytes_freed: int

    @property
    def sentence(self) -> str:
        """What was cleaned away, as the office reads it."""
        return (
            f"Đã dọn {self.idle_runs} lần chạy không có gì mới, {self.runs} lần chạy cũ, {self.log_files} tệp nhật ký,"
            f" {self.candidates} bản số liệu chờ phê duyệt quá lâu; giải phóng {self.bytes_freed / 1e6:.1f} MB."
        )


def clean(home: WarehouseHome, now: datetime, policy: Policy | None = None) -> Cleaned:
    """Clean by the policy; Airflow is pointed at its own database already.

    Args:
        home: the warehouse.
        now: timezone-aware.
        policy: the one above when not given.
    """
    policy = policy or Policy()
    before = _bytes_of(home)
    idle, runs = _clean_runs(home, now, policy)
    files = _clean_logs(home, now, policy)
    candidates = _clean_candidates(home, now - timedelta(days=policy.candidates))
    _compact(metadata_file(home))
    return Cleaned(idle, runs, files, candidates, max(0, before - _bytes_of(home)))


def clean_apart(home: WarehouseHome) -> str:
    """Clean in a process of its own, which may open Airflow's database; gives what it said.

    A task may not: Airflow takes the address out of its environment.

    Raises:
        RuntimeError: it did not succeed.
    """
    environment = {name: value for name, value in os.environ.items() if name != ADDRESS}
    if METADATA_ADDRESS in os.environ:
        environment[ADDRESS] = os.environ[METADATA_ADDRESS]
    environment.pop("AIRFLOW__CORE__SQL_ALCHEMY_CONN", None)
    ran = subprocess.run(
        [sys.executable, "-m", "operations", "clean"],
        env={**environment, "WAREHOUSE_HOME": str(home.root), "PYTHONPATH": str(PROJECT_ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode:
        raise RuntimeError(f"Không dọn dẹp được: {ran.stderr.strip()[-2000:]}")
    return ran.stdout.strip().splitlines()[-1]


def _clean_runs(home: WarehouseHome, now: datetime, policy: Policy) -> tuple[int, int]:
    import pendulum
    from airflow.models.dagrun import DagRun
    from airflow.models.taskinstance import TaskInstance
    from airflow.utils.db_cleanup import run_cleanup
    from airflow.utils.session import create_session
    from airflow.utils.state import TaskInstanceState
    from sqlalchemy import delete, exists, func, select

    with create_session() as session:
        newest = session.scalar(select(func.max(DagRun.id)).where(DagRun.dag_id == INGEST))
        found_nothing = exists().where(
            TaskInstance.dag_id == DagRun.dag_id,
            TaskInstance.run_id == DagRun.run_id,
            TaskInstance.task_id == "load",
            TaskInstance.state == TaskInstanceState.SKIPPED,
        )
        idle = session.execute(
            select(DagRun.id, DagRun.run_id).where(
                DagRun.dag_id == INGEST,
                DagRun.end_date < now - timedelta(days=policy.idle_runs),
                # the newest tells the scheduler which slot is next
                DagRun.id != newest,
                found_nothing,
            )
        ).all()
        for first in range(0, len(idle), 500):
            numbers = [number for number, _ in idle[first : first + 500]]
            session.execute(
                delete(DagRun).where(DagRun.id.in_(numbers)).execution_options(synchronize_session=False)
            )
    for _, run_id in idle:
        shutil.rmtree(home.airflow / "logs" / f"dag_id={INGEST}" / f"run_id={run_id}", ignore_errors=True)
    with create_session() as session:
        before = session.scalar(select(func.count()).select_from(DagRun)) or 0
    for tables, days in ((RUN_TABLES, policy.runs), (EVENT_TABLES, policy.events)):
        run_cleanup(
            clean_before_timestamp=pendulum.instance(now - timedelta(days=days)),
            table_names=tables,
            confirm=False,
            skip_archive=True,
        )
    with create_session() as session:
        after = session.scalar(select(func.count()).select_from(DagRun)) or 0
    return len(idle), before - after


def _clean_logs(home: WarehouseHome, now: datetime, policy: Policy) -> int:
    removed = 0
    for folder in (home.airflow / "logs", home.dbt / "logs"):
        # deepest first
        for path in sorted(folder.rglob("*"), reverse=True) if folder.is_dir() else ():
            changed = datetime.fromtimestamp(path.lstat().st_mtime, tz=UTC)
            if path.is_dir() and not path.is_symlink():
                # one that has just become empty may be a task's that is about to begin
                if changed < now - timedelta(days=1) and not any(path.iterdir()):
                    path.rmdir()
            elif changed < now - timedelta(days=policy.logs):
                path.unlink()
                removed += 1
    return removed


def _clean_candidates(home: WarehouseHome, before: datetime) -> int:
    from publish.editions.candidate import discard_candidate, waiting_candidates

    old = [edition for edition in waiting_candidates(home) if edition.built_at < before]
    for edition in old:
        discard_candidate(home, edition.edition_id)
    return len(old)


def _compact(metadata: Path) -> None:
    """Give back the room of rows that are gone; only where Airflow's database is a file of ours."""
    import sqlite3

    if not metadata.exists():
        return
    try:
        connection = sqlite3.connect(metadata, timeout=60)
        try:
            connection.execute("vacuum")
        finally:
            connection.close()
    except sqlite3.OperationalError as error:
        # it is in use without a pause: next week is soon enough
        log.warning("the metadata was not compacted: %s", error)


def _bytes_of(home: WarehouseHome) -> int:
    files = [metadata_file(home), *(home.airflow / "logs").rglob("*"), *(home.dbt / "logs").rglob("*")]
    return sum(path.stat().st_size for path in files if path.is_file())


def add_command(commands: Any) -> None:
    """Add ``clean``."""
    parser = commands.add_parser("clean", help="clean away old records of runs and their logs")
    parser.set_defaults(run=_run)


def _run(_: argparse.Namespace) -> int:
    home = WarehouseHome.from_environment()
    point_airflow(home)
    print(clean(home, datetime.now(UTC)).sentence)
    return 0
