"""The three DAGs of a refresh, one after the other, in one process.

Each is run as ``airflow dags test`` runs it, without scheduler or web server; one process because every start of Airflow
costs six seconds. It prepares Airflow's own home (SQLite, the writer's pool) and ends with the account of the run. Kept
out of Airflow's sight by ``.airflowignore``.
"""

import argparse
import os
import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

DAGS = Path(__file__).resolve().parent
sys.path.insert(0, str(DAGS.parent))

from build.inputs import UnknownDayError, gather_inputs, instant_asked  # noqa: E402
from build.reference import half_year_codes, unknown_half_year  # noqa: E402
from ingest.attribution.evidence.period_spellings import half_year_meant  # noqa: E402
from ingest.contracts.reference import load_reference  # noqa: E402
from ingest.home import WarehouseHome  # noqa: E402
from ingest.inbox.listing import look_into_inbox  # noqa: E402
from ingest.inbox.settling import AT_THE_TERMINAL  # noqa: E402
from ingest.ownership import refuse_root  # noqa: E402
from ingest.troubles import answering_troubles  # noqa: E402
from operations.installation.airflow_database import prepare_metadata  # noqa: E402
from operations.installation.airflow_home import airflow_environment, local_metadata_file  # noqa: E402
from operations.installation.quiet_airflow import quietly  # noqa: E402
from publish.refresh import AUTO_APPROVE, NEWEST_PERIOD  # noqa: E402

if TYPE_CHECKING:
    from publish.editions.edition import Edition


MOST_LOOKS = 60  # of a second each, where something is being copied


class RunFailedError(RuntimeError):
    """A DAG run did not succeed; the text names the task and its message."""


@dataclass(slots=True)
class FailedTasks:
    """Callback of every task: remembers what failed and why."""

    messages: list[str] = field(default_factory=list)

    def __call__(self, context: Any) -> None:
        """Note one failure."""
        self.messages.append(f"{context['ti'].task_id}: {context.get('exception')}")


@answering_troubles
def main(arguments: list[str] | None = None) -> int:
    """Run the DAGs and print the account; gives the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--period", default=None, help="half-year to review, in words or as 2023H1; default: the newest"
    )
    parser.add_argument(
        "--as-of", default=None, help="count only what had been received by this instant (ISO 8601)"
    )
    chosen = parser.parse_args(arguments)
    period = half_year_meant(chosen.period, half_year_codes(), load_reference()) if chosen.period else None
    if chosen.period and period is None:
        print(unknown_half_year(chosen.period), file=sys.stderr)
        return 2

    started_at = datetime.now(UTC)
    try:
        as_of = instant_asked(chosen.as_of, started_at) if chosen.as_of else None
    except UnknownDayError as mistake:
        print(mistake, file=sys.stderr)
        return 2

    started = time.monotonic()
    home = WarehouseHome.from_environment()
    refuse_root(home, "python dags/local_run.py", sys.argv[1:] if arguments is None else arguments)
    home.prepare()
    log_file = home.airflow / "local_run.log"
    os.environ.update(airflow_environment(home, local_metadata_file(home)))
    os.environ["AIRFLOW__LOGGING__LOGGING_LEVEL"] = "WARNING"
    # whoever types the command is there and means it, and has copied what is to be in it
    os.environ.setdefault(AUTO_APPROVE, "make refresh")
    os.environ.setdefault("WAREHOUSE_SETTLE_SECONDS", "0")
    wait_for_copies(home)
    try:
        with quietly(log_file):
            prepare_metadata()
            # the refresh builds the layers for an instant of its own: once is enough
            run_dag("ingest_submissions", {}, left_out="dbt_.*|write_feedback")
            run_dag(
                "semiannual_refresh",
                {"period": period or NEWEST_PERIOD, "as_of": as_of.isoformat() if as_of else None},
            )
            edition = _edition_of(home, as_of)
            run_dag("programme_review", {"edition": edition.edition_id if edition and as_of else None})
    except RunFailedError as failure:
        print(f"Không hoàn thành: {failure}\nTệp nhật ký: {log_file}", file=sys.stderr)
        return 1

    from publish.answers.account import read_account
    from publish.answers.printed_account import print_account

    if edition is None:
        print("Không tìm thấy bản số liệu vừa làm.", file=sys.stderr)
        return 1
    print_account(read_account(home, edition, started_at, period), home)
    print(f"{time.monotonic() - started:.0f} giây")
    return 0


def wait_for_copies(home: WarehouseHome) -> None:
    """Wait a while for files that are still being copied into the inbox, and name those that still are."""
    for attempt in range(MOST_LOOKS):
        waiting = look_into_inbox(home.inbox, datetime.now(UTC), AT_THE_TERMINAL).waiting
        if not waiting:
            return
        if attempt == 0:
            print(f"Đang đợi chép xong {len(waiting)} tệp: {'; '.join(waiting[:5])} …", flush=True)
    print(
        f"Còn {len(waiting)} tệp đang được chép, lần chạy này chưa tính: {'; '.join(waiting[:5])}. "
        "Đề nghị đợi chép xong rồi chạy lại.",
        flush=True,
    )


def _edition_of(home: WarehouseHome, as_of: datetime | None) -> "Edition | None":
    """Give the edition that a refresh has made or found: that of the day asked for, else the current one."""
    from publish.editions.current import current_edition, find_edition

    return (
        find_edition(home, gather_inputs(home, as_of), is_as_of_given=True)
        if as_of
        else current_edition(home)
    )


def run_dag(dag_id: str, conf: dict[str, Any], left_out: str | None = None) -> None:
    """Run one DAG of this folder to its end.

    Args:
        dag_id: its name, which is also its file's.
        conf: values for its params; None leaves a param at its default.
        left_out: regular expression of the tasks that are not run.

    Raises:
        RunFailedError: the file does not parse, or the run did not succeed.
    """
    from airflow.dag_processing.dagbag import DagBag
    from airflow.utils.state import DagRunState

    bag = DagBag(DAGS / f"{dag_id}.py")
    dag = bag.dags.get(dag_id)
    if dag is None:
        raise RunFailedError(f"{dag_id}: {bag.import_errors or 'no such DAG'}")
    print(f"{dag.dag_display_name} …", file=sys.__stdout__, flush=True)
    failed = FailedTasks()
    for task in dag.tasks:
        # a person is waiting: the first failure is the answer
        task.retries = 0
        task.on_failure_callback = [failed]
    run = dag.test(
        run_conf={name: value for name, value in conf.items() if value is not None},
        mark_success_pattern=left_out,
    )
    if run.state != DagRunState.SUCCESS:
        raise RunFailedError(f"{dag_id}: {'; '.join(failed.messages) or run.state}")


if __name__ == "__main__":
    sys.exit(main())
