"""An edition to the review of one programme over any window of half-years: on demand.

Reads the current edition, or one that is named, and writes to ``outbox/reports``, ``outbox/reviews`` and ``exports``. Writes no database, so
it needs no place in the writer's pool and may run beside a refresh.
"""

import pendulum
from airflow.sdk import Param, dag, get_current_context, task

from build.reference import (
    half_year_codes,
    half_year_labels,
    leading_programme,
    programme_labels,
    programme_window,
)
from operations.runs.wiring import guide, refused_at_once, task_defaults

DEFAULT_PROGRAMME, PROGRAMMES = leading_programme(), programme_labels()


def _window_params() -> dict[str, Param]:
    window = programme_window(DEFAULT_PROGRAMME)
    periods, labels = list(half_year_codes()), half_year_labels()
    first, last = (window.first_period, window.last_period) if window else (periods[0], None)
    offered = {"type": "string", "enum": periods, "values_display": labels}
    return {
        "first_period": Param(first, title="Từ kỳ báo cáo", **offered),
        "last_period": Param(last or periods[-1], title="Đến kỳ báo cáo", **offered),
    }


@dag(
    dag_display_name="Báo cáo theo phong trào, đề án",
    schedule=None,
    start_date=pendulum.datetime(2018, 1, 1, tz="Asia/Ho_Chi_Minh"),
    catchup=False,
    max_active_runs=1,
    allowed_run_types=["manual"],
    default_args=task_defaults(retries=1, minutes=1),
    params={
        "programme": Param(
            DEFAULT_PROGRAMME,
            type="string",
            enum=list(PROGRAMMES),
            values_display=PROGRAMMES,
            title="Phong trào, đề án",
        ),
        **_window_params(),
        "is_of_today": Param(
            False,
            type="boolean",
            title="Theo đơn vị hiện nay",
            description="Tính cả giai đoạn theo các đơn vị sau sáp nhập. Để trống: theo đơn vị của từng thời kỳ.",
        ),
        "edition": Param(
            None,
            type=["null", "string"],
            pattern=r"^$|^edition_[0-9]{8}t[0-9]{6}_[0-9a-f]+$",
            title="Bản số liệu",
            description="Tên của bản số liệu, như trong thư mục editions. Để trống: bản công bố mới nhất.",
        ),
    },
    tags=["warehouse"],
    doc_md=guide(__file__, __doc__),
)
def programme_review() -> None:
    """Wire the one task."""

    @task
    def write_review() -> str:
        from ingest.home import WarehouseHome
        from operations.watching.page_writing import write_pages_or_tell
        from publish.editions.current import require_edition
        from publish.reports.figures.lines import Window
        from publish.reports.review_files import review_programme
        from publish.reports.writing import report_programme

        home = WarehouseHome.from_environment()
        params = get_current_context()["params"]
        asked = (params["programme"], params["first_period"], params["last_period"])
        with refused_at_once():
            edition = require_edition(home, params["edition"] or None).path
            try:
                review_programme(edition, *asked, home)
                files = report_programme(
                    edition, Window(*asked, is_of_today=params["is_of_today"]), home, print
                )
            finally:
                write_pages_or_tell(home)
        return str(files.word)

    write_review()


programme_review()
