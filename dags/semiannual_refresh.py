"""Raw to an edition: at six in the morning of 15 June and 15 December, or for a period somebody names.

Both dates follow a cut-off of the reporting periods (Decree 09/2019/NĐ-CP). Builds and tests the warehouse a layer at a
time, publishes an edition, makes it ``current.duckdb`` and writes the half-year review and the answers to branches to
the outbox. When nothing came in since the current edition, nothing is built.
"""

from datetime import datetime

import pendulum
from airflow.sdk import MultipleCronTriggerTimetable, Param, dag, get_current_context, task

from operations.wiring import POOL, layer_tasks, task_defaults
from publish.reference import half_year_codes


@dag(
    schedule=MultipleCronTriggerTimetable("0 6 15 6 *", "0 6 15 12 *", timezone="Asia/Ho_Chi_Minh"),
    start_date=pendulum.datetime(2018, 1, 1, tz="Asia/Ho_Chi_Minh"),
    catchup=False,
    max_active_runs=1,
    default_args=task_defaults(retries=1, minutes=2, pool=POOL),
    params={
        "period": Param(
            None,
            type=["null", "string"],
            enum=[None, *half_year_codes()],
            title="Kỳ báo cáo",
            description="Kỳ được sơ kết. Để trống: kỳ mới nhất có báo cáo.",
        ),
        "as_of": Param(
            None,
            type=["null", "string"],
            format="date-time",
            title="Số liệu tính đến",
            description="Chỉ tính những gì đã nhận đến thời điểm này. Để trống: lúc chạy.",
        ),
    },
    tags=["warehouse"],
    doc_md=__doc__,
)
def semiannual_refresh() -> None:
    """Wire check, layers, publication and the written review."""

    def as_of() -> datetime:
        from publish.inputs import parse_as_of

        context = get_current_context()
        named = context["params"]["as_of"]
        return parse_as_of(named) if named else context["dag_run"].run_after

    @task.short_circuit(ignore_downstream_trigger_rules=False)
    def check_inputs() -> str | None:
        from ingest.home import WarehouseHome
        from publish.editions.current import find_edition
        from publish.editions.issue import finish_issuing
        from publish.inputs import gather_inputs

        home = WarehouseHome.from_environment()
        finish_issuing(home)
        is_as_of_given = bool(get_current_context()["params"]["as_of"])
        inputs = gather_inputs(home, as_of())
        known = find_edition(home, inputs, is_as_of_given=is_as_of_given)
        return None if known else inputs.fingerprint

    @task
    def publish() -> str:
        from ingest.home import WarehouseHome
        from publish.editions.issue import publish_edition
        from publish.inputs import code_version, confirm_inputs
        from publish.transform import build_up_to

        home = WarehouseHome.from_environment()
        build_up_to(home, "reviews", as_of())
        fingerprint = get_current_context()["ti"].xcom_pull(task_ids="check_inputs")
        inputs = confirm_inputs(home, as_of(), fingerprint)
        return publish_edition(home, inputs, pendulum.now("UTC"), code_version()).edition_id

    @task(trigger_rule="none_failed")
    def write_halfyear_review() -> str:
        from ingest.home import WarehouseHome
        from publish.editions.current import find_edition
        from publish.inputs import gather_inputs
        from publish.review_files import review_half_year

        home = WarehouseHome.from_environment()
        params = get_current_context()["params"]
        edition = find_edition(home, gather_inputs(home, as_of()), is_as_of_given=bool(params["as_of"]))
        path = edition.path if edition else home.current
        return str(review_half_year(path, params["period"], home.outbox).csv)

    @task(trigger_rule="none_failed")
    def write_feedback() -> list[str]:
        from ingest.feedback.outbox import write_feedback as bring_up_to_date
        from ingest.home import WarehouseHome

        return list(bring_up_to_date(WarehouseHome.from_environment()).written)

    layers = layer_tasks(as_of)
    check_inputs() >> layers[0]
    # answers to branches hang beside: should they fail, the run says so and the edition is published all the same
    layers[-1] >> write_feedback()
    layers[-1] >> publish() >> write_halfyear_review()


semiannual_refresh()
