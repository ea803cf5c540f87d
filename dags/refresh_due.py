"""Every return is there: the refresh is due, and is asked for, once a half-year.

Runs whenever the working database has been brought up to date. When the half-year that ended last, or the one that is
open, has every form of every unit that is asked, it starts ``semiannual_refresh`` for it, which waits for a person's
approval, and tells so. The run bears the half-year's name, so a second one is never made: what comes later enters at the
cut-off, or when somebody starts the refresh. At the cut-off itself that runs of its own accord.
"""

from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk import dag, get_current_context, task

from operations.runs.assets import WORKING_DATABASE
from operations.runs.wiring import POOL, START, guide, task_defaults

COMPLETE = "{{ ti.xcom_pull(task_ids='find_complete') }}"


@dag(
    dag_display_name="Kiểm tra đã đủ báo cáo",
    schedule=[WORKING_DATABASE],
    start_date=START,
    catchup=False,
    max_active_runs=1,
    allowed_run_types=["asset_triggered", "manual"],
    default_args=task_defaults(retries=2, minutes=5),
    tags=["warehouse"],
    doc_md=guide(__file__, __doc__),
)
def refresh_due() -> None:
    """Wire the question, the start of the refresh and the alert."""

    @task(pool=POOL)
    def find_complete() -> str:
        import pendulum
        from airflow.sdk.exceptions import AirflowSkipException

        from ingest.home import WarehouseHome
        from publish.answers.completeness import periods_in_question, read_standing

        home = WarehouseHome.from_environment()
        today = pendulum.now("Asia/Ho_Chi_Minh").date()
        complete = [
            standing.period.code
            for standing in (read_standing(home, period) for period in periods_in_question(today))
            if standing.is_complete
        ]
        if not complete:
            raise AirflowSkipException("Chưa đủ báo cáo của mọi đơn vị.")
        return complete[-1]

    start_refresh = TriggerDagRunOperator(
        task_id="start_refresh",
        trigger_dag_id="semiannual_refresh",
        trigger_run_id=f"complete__{COMPLETE}",
        conf={"period": COMPLETE},
        logical_date=None,
        skip_when_already_exists=True,
    )

    @task(pool=POOL, do_xcom_push=False)
    def tell() -> None:
        from build.reference import read_periods
        from ingest.home import WarehouseHome
        from operations.watching.alert_delivery import deliver
        from operations.watching.alert_texts import alert_of_due_refresh
        from publish.answers.completeness import read_standing

        home = WarehouseHome.from_environment()
        code = get_current_context()["ti"].xcom_pull(task_ids="find_complete")
        (period,) = [period for period in read_periods() if period.code == code]
        deliver(alert_of_due_refresh(read_standing(home, period)), home)

    find_complete() >> start_refresh >> tell()


refresh_due()
