"""Raw to an edition: at six in the morning of the day after a cut-off, or when somebody asks.

The days are those of the reporting periods: 15 June and 15 December by Decree 09/2019/NĐ-CP. Builds and tests the warehouse a layer at a
time, prepares an edition, and asks: a person with the role *duyệt* approves or refuses it under *Required Actions*. What was
shown is what is then issued, made ``current.duckdb`` and written to the outbox, whatever came in meanwhile; a refusal
publishes nothing. When nothing came in since the current edition, nothing is built. A run counts what had been received
by its own instant, also when it is cleared; a slot of the schedule that lies ten days back is not made up for.
"""

from datetime import datetime
from typing import Any

from airflow.sdk import MultipleCronTriggerTimetable, Param, dag, get_current_context, task

from build.reference import half_year_labels, refresh_days
from operations.runs.asking import AnsweredBranchOperator
from operations.runs.wiring import POOL, START, TIMEZONE, guide, layer_tasks, refused_at_once, task_defaults

SLOTS = [f"0 6 {day} {month} *" for month, day in refresh_days()]
PERIODS = {
    "due": "Kỳ vừa kết thúc",
    "newest": "Kỳ mới nhất có báo cáo",
    **half_year_labels(),
}


@dag(
    dag_display_name="Tổng hợp và công bố số liệu",
    schedule=MultipleCronTriggerTimetable(*SLOTS, timezone=TIMEZONE),
    start_date=START,
    catchup=False,
    max_active_runs=1,
    allowed_run_types=["scheduled", "manual", "operator_triggered"],
    default_args=task_defaults(retries=1, minutes=2, pool=POOL),
    params={
        "period": Param("due", type="string", enum=list(PERIODS), values_display=PERIODS, title="Kỳ báo cáo"),
        # null, which the form shows as an empty field; an empty text it would ask to be filled in
        "as_of": Param(
            None,
            type=["null", "string"],
            pattern=r"^$|^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$",
            title="Số liệu tính đến",
            description="Ghi ngày theo mẫu 2023-06-30, hoặc ngày giờ theo mẫu 2023-06-30T17:00; chỉ tính báo cáo"
            " đã tiếp nhận đến lúc đó. Để trống: lúc chạy.",
        ),
    },
    tags=["warehouse"],
    doc_md=guide(__file__, __doc__),
)
def semiannual_refresh() -> None:
    """Wire check, layers, candidate, approval, issue and the written review."""

    def as_of() -> datetime:
        from build.inputs import instant_asked

        context = get_current_context()
        # that of the slot or of the first request: a run that is cleared means what it meant
        return instant_asked(context["params"]["as_of"], context["dag_run"].run_after)

    @task.branch
    def check_inputs() -> str:
        from operations.runs.refresh_steps import next_task

        with refused_at_once():
            return next_task(get_current_context(), as_of())

    @task
    def keep_current() -> None:
        """Nothing new: what check_inputs has said in its log is all there is to do."""

    @task.branch(trigger_rule="none_failed_min_one_success")
    def prepare_edition() -> str:
        from operations.runs.refresh_steps import prepare

        return prepare(get_current_context(), as_of())

    approve_edition = AnsweredBranchOperator(
        task_id="approve_edition",
        subject="{{ ti.xcom_pull(task_ids='prepare_edition', key='subject') }}",
        body="{{ ti.xcom_pull(task_ids='prepare_edition', key='body') }}",
        options=["Phê duyệt", "Không phê duyệt"],
        options_mapping={"Phê duyệt": "issue_edition", "Không phê duyệt": "record_refusal"},
        params={"note": Param(None, type=["null", "string"], title="Ghi chú", maxLength=2000)},
        pool="default_pool",
    )

    @task(trigger_rule="none_failed_min_one_success")
    def issue_edition() -> str:
        from operations.runs.refresh_steps import issue

        with refused_at_once():
            return issue(get_current_context())

    @task
    def record_refusal() -> None:
        from operations.runs.refresh_steps import refuse

        with refused_at_once():
            refuse(get_current_context())

    @task(trigger_rule="none_failed_min_one_success")
    def write_halfyear_review() -> str:
        from operations.runs.refresh_steps import write_review

        with refused_at_once():
            return write_review(get_current_context(), as_of())

    @task(trigger_rule="none_failed_min_one_success")
    def write_feedback() -> list[str]:
        from operations.runs.refresh_steps import answer_branches

        return answer_branches()

    checked, kept, prepared, issued = check_inputs(), keep_current(), prepare_edition(), issue_edition()
    layers: list[Any] = layer_tasks(as_of)
    checked >> [layers[0], prepared, kept]
    layers[-1] >> prepared >> [approve_edition, issued]
    approve_edition >> [issued, record_refusal()]
    [issued, kept] >> write_halfyear_review()
    # answers to branches hang beside: should they fail, the run says so and the edition is published all the same
    [layers[-1], kept] >> write_feedback()


semiannual_refresh()
