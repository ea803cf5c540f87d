"""What runs leave behind is cleaned away: early every Sunday.

Airflow's record of runs and their logs, dbt's logs and editions that waited for approval far too long, by the policy in
``operations.housekeeping.cleaning``. Nothing of the archive, the journal and the published editions is touched.
"""

from airflow.sdk import CronTriggerTimetable, dag, task

from operations.runs.wiring import START, TIMEZONE, guide, task_defaults


@dag(
    dag_display_name="Dọn dẹp",
    schedule=CronTriggerTimetable("30 3 * * 0", timezone=TIMEZONE),
    start_date=START,
    catchup=False,
    max_active_runs=1,
    allowed_run_types=["scheduled", "manual"],
    default_args=task_defaults(retries=1, minutes=30),
    tags=["warehouse"],
    doc_md=guide(__file__, __doc__),
)
def maintenance() -> None:
    """Wire the one task."""

    @task(do_xcom_push=False)
    def clean() -> None:
        from ingest.home import WarehouseHome
        from operations.housekeeping.cleaning import clean_apart

        print(clean_apart(WarehouseHome.from_environment()))

    clean()


maintenance()
