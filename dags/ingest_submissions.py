"""Inbox to answers: as soon as a file lies in the inbox, and every three hours whatever happens.

Reads what lies new in the inbox into the append-only ``raw`` tables, keeps each file in the archive and gives each a
verdict; then brings completeness, findings, the answers to branches and the officer's pages up to date. No edition is published by this.
The triggerer watches the inbox, so no run is made to look; the run every three hours is for the day on which it fails,
and builds after an upgrade. A run that finds nothing new and everything up to date ends after its first task.
"""

from datetime import datetime
from typing import Any

from airflow.sdk import AssetOrTimeSchedule, CronTriggerTimetable, dag, get_current_context, task

from operations.runs.assets import INBOX, RETURNS, WORKING_DATABASE
from operations.runs.wiring import POOL, START, TIMEZONE, guide, layer_tasks, task_defaults


@dag(
    dag_display_name="Tiếp nhận báo cáo",
    schedule=AssetOrTimeSchedule(
        assets=[INBOX], timetable=CronTriggerTimetable("0 */3 * * *", timezone=TIMEZONE)
    ),
    start_date=START,
    catchup=False,
    max_active_runs=1,
    allowed_run_types=["scheduled", "asset_triggered", "manual"],
    default_args=task_defaults(retries=2, minutes=1),
    tags=["warehouse"],
    doc_md=guide(__file__, __doc__),
)
def ingest_submissions() -> None:
    """Wire load, layers and answers."""

    @task(pool=POOL, outlets=[RETURNS])
    def load(*, outlet_events: Any) -> str:
        """Load; gives the instant for which to build, or skips what follows where nothing is to be built."""
        import pendulum
        from airflow.sdk.exceptions import AirflowSkipException

        from build.transform import is_up_to_date
        from ingest.home import WarehouseHome
        from ingest.inbox.settling import Settling
        from ingest.loading.load import Intake, load_inbox
        from operations.watching.alert_delivery import tell_refused_files
        from operations.watching.page_writing import write_pages_or_tell

        home = WarehouseHome.from_environment()
        # the clock, not the slot: a run that is late or cleared receives now what it receives
        report = load_inbox(home, pendulum.now("UTC"), intake=Intake(Settling.from_environment()))
        tell_refused_files(home, report.refused)
        if report.files_new:
            # what came is told at once, what is in it when it has been validated
            write_pages_or_tell(home)
        now = pendulum.now("UTC")
        if is_up_to_date(home, now):
            raise AirflowSkipException("Không có báo cáo mới; mọi số liệu đã được cập nhật.")
        if report.returns:
            outlet_events[RETURNS].add_partitions(list(report.returns))
        return now.isoformat()

    def as_of() -> datetime:
        return datetime.fromisoformat(get_current_context()["ti"].xcom_pull(task_ids="load"))

    @task(pool=POOL, outlets=[WORKING_DATABASE], do_xcom_push=False)
    def write_feedback() -> None:
        from build.transform import build_up_to
        from ingest.home import WarehouseHome
        from operations.watching.page_writing import write_pages_or_tell
        from publish.feedback.outbox import write_feedback as bring_up_to_date

        home = WarehouseHome.from_environment()
        build_up_to(home, "reviews", as_of())
        bring_up_to_date(home)
        write_pages_or_tell(home)

    layers = layer_tasks(as_of)
    load() >> layers[0]
    layers[-1] >> write_feedback()


ingest_submissions()
