"""What somebody has to be reminded of: every morning at eight.

Seven, three and one day before a cut-off, and on the last day, of the units whose returns are missing; on the day after
it, that the refresh is due and who has not answered; and every day of an edition that waits for approval. What fell on days
on which the system did not run is told once, on the first day on which it runs again. The officer's pages count days too,
so they are written anew.
"""

from airflow.sdk import CronTriggerTimetable, dag, task

from operations.runs.wiring import POOL, START, TIMEZONE, guide, task_defaults

DAYS_BEFORE = (7, 3, 1)


@dag(
    dag_display_name="Nhắc việc",
    schedule=CronTriggerTimetable("0 8 * * *", timezone=TIMEZONE),
    start_date=START,
    catchup=False,
    max_active_runs=1,
    allowed_run_types=["scheduled", "manual"],
    default_args=task_defaults(retries=3, minutes=10),
    tags=["warehouse"],
    doc_md=guide(__file__, __doc__),
)
def reminders() -> None:
    """Wire the one task."""

    # in the pool, because nobody may be writing the database that it reads
    @task(pool=POOL, do_xcom_push=False)
    def remind() -> None:
        import pendulum

        from ingest.home import WarehouseHome
        from operations.watching.page_writing import write_pages_or_tell
        from operations.watching.reminders import remind_of_all

        home = WarehouseHome.from_environment()
        remind_of_all(home, pendulum.now("UTC"), DAYS_BEFORE)
        # how many days are left is another number today
        write_pages_or_tell(home)

    remind()


reminders()
