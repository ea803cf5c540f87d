"""Inbox to raw: every ten minutes, or when somebody asks.

Reads what lies new in the inbox into the append-only ``raw`` tables, keeps each file in the archive and gives each a
verdict. Files that are known already change nothing.
"""

from datetime import timedelta
from typing import Any

import pendulum
from airflow.sdk import Param, dag, get_current_context, task


@dag(
    schedule="*/10 * * * *",
    start_date=pendulum.datetime(2018, 1, 1, tz="Asia/Ho_Chi_Minh"),
    catchup=False,
    max_active_runs=1,
    default_args={"retries": 2, "retry_delay": timedelta(minutes=1)},
    params={
        "now": Param(
            None,
            type=["null", "string"],
            format="date-time",
            title="Thời điểm nạp",
            description="Để trống: lúc chạy. Không tệp nào được ghi là nhận sau thời điểm này.",
        ),
    },
    tags=["warehouse"],
    doc_md=__doc__,
)
def ingest_submissions() -> None:
    """Wire the one task."""

    @task(pool="warehouse_writer")
    def load() -> dict[str, Any]:
        from ingest.home import WarehouseHome
        from ingest.loading import load_inbox

        context = get_current_context()
        named = context["params"]["now"]
        now = pendulum.parse(named) if named else context["dag_run"].run_after
        return load_inbox(WarehouseHome.from_environment(), now).model_dump(mode="json")

    load()


ingest_submissions()
