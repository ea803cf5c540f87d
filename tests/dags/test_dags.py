"""The wiring: every DAG parses, runs when it should, and asks for the writer's place."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from build.reference import half_year_codes, programme_codes
from ingest.home import PROJECT_ROOT
from publish.answers.approval import APPROVE_VI, REFUSE_VI
from tests.plain_vietnamese import slips

DAGS = PROJECT_ROOT / "dags"
DAG_IDS = {
    "ingest_submissions",
    "maintenance",
    "programme_review",
    "refresh_due",
    "reminders",
    "semiannual_refresh",
}
# who neither writes the working database nor needs it to be written by nobody
OUTSIDE_THE_POOL = {
    ("maintenance", "clean"),
    ("programme_review", "write_review"),
    ("semiannual_refresh", "approve_edition"),
    ("refresh_due", "start_refresh"),
}
HEAVY = ("pandas", "duckdb", "dbt", "pyarrow", "python_calamine")


@pytest.fixture(scope="module")
def bag(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The bag as Airflow fills it from the folder."""
    with pytest.MonkeyPatch.context() as patched:
        home = tmp_path_factory.mktemp("airflow")
        patched.setenv("AIRFLOW_HOME", str(home))
        patched.setenv("AIRFLOW__DATABASE__SQL_ALCHEMY_CONN", f"sqlite:///{home / 'airflow.db'}")
        patched.setenv("AIRFLOW__CORE__LOAD_EXAMPLES", "False")
        from airflow.dag_processing.dagbag import DagBag

        yield DagBag(str(DAGS))


def test_every_dag_parses_and_the_local_runner_is_none(bag: Any) -> None:
    assert bag.import_errors == {}
    assert set(bag.dags) == DAG_IDS


def test_every_dag_bears_the_name_that_the_office_calls_it_by(bag: Any) -> None:
    names = {dag_id: dag.dag_display_name for dag_id, dag in bag.dags.items()}

    assert {dag_id for dag_id, name in names.items() if name.isascii()} == set()
    assert len(set(names.values())) == len(DAG_IDS)


def test_an_officer_reads_first_and_in_plain_vietnamese_what_a_dag_does(bag: Any) -> None:
    for dag_id, dag in bag.dags.items():
        told, _, in_english = dag.doc_md.partition("\n---\n")
        assert in_english.strip().isascii() or "Decree" in in_english, dag_id
        assert not told.isascii() and len(told) > 150, dag_id
        for line in (dag.dag_display_name, *told.splitlines()):
            assert slips(line.removeprefix("- ")) == [], dag_id


def test_what_a_form_asks_and_offers_is_called_by_labels(bag: Any) -> None:
    asked = [
        (f"{dag_id} {name}", param)
        for dag_id, dag in bag.dags.items()
        for name, param in (*dag.params.items(), *dag_params_of_tasks(dag))
    ]
    assert len(asked) == 8
    for place, param in asked:
        schema = param.schema
        texts = [schema["title"], *filter(None, (param.description, schema.get("description")))]
        if "enum" in schema:
            assert set(schema["enum"]) == set(schema["values_display"]), place
            texts += schema["values_display"].values()
        for text in texts:
            assert slips(text) == [], place
            assert not text.isascii(), (place, text)


def dag_params_of_tasks(dag: Any) -> Iterator[tuple[str, Any]]:
    for task in dag.tasks:
        for name in task.params:
            if name not in dag.params:
                yield name, task.params.get_param(name)


def test_dags_neither_catch_up_nor_overlap(bag: Any) -> None:
    assert {dag_id: (dag.catchup, dag.max_active_runs) for dag_id, dag in bag.dags.items()} == dict.fromkeys(
        DAG_IDS, (False, 1)
    )


@pytest.mark.parametrize(
    ("after", "due"),
    [
        # 06:00 in Vietnam is 23:00 UTC of the day before
        (datetime(2023, 1, 1, tzinfo=UTC), datetime(2023, 6, 14, 23, 0, tzinfo=UTC)),
        (datetime(2023, 6, 14, 23, 0, 1, tzinfo=UTC), datetime(2023, 12, 14, 23, 0, tzinfo=UTC)),
        (datetime(2023, 12, 14, 23, 0, 1, tzinfo=UTC), datetime(2024, 6, 14, 23, 0, tzinfo=UTC)),
    ],
)
def test_the_refresh_is_due_at_six_on_the_day_after_each_cut_off(
    bag: Any, after: datetime, due: datetime
) -> None:
    import pendulum
    from airflow.serialization.encoders import coerce_to_core_timetable
    from airflow.timetables.base import TimeRestriction

    timetable = coerce_to_core_timetable(bag.dags["semiannual_refresh"].timetable)
    restriction = TimeRestriction(earliest=pendulum.instance(after), latest=None, catchup=True)
    info = timetable.next_dagrun_info(last_automated_data_interval=None, restriction=restriction)

    assert info is not None
    assert info.run_after == due


def test_the_layers_run_one_after_the_other_and_nothing_is_issued_before_somebody_was_asked(bag: Any) -> None:
    dag = bag.dags["semiannual_refresh"]
    after = {
        task.task_id: task.upstream_task_ids for task in dag.tasks if not task.task_id.startswith("dbt_")
    }
    layers = ["dbt_seed", "dbt_staging", "dbt_intermediate", "dbt_core", "dbt_reviews"]

    assert [dag.get_task(layer).upstream_task_ids for layer in layers] == [
        {"check_inputs"},
        *({layer} for layer in layers[:-1]),
    ]
    assert after == {
        "check_inputs": set(),
        "keep_current": {"check_inputs"},
        # where an edition waits already, nothing is built
        "prepare_edition": {"check_inputs", "dbt_reviews"},
        "approve_edition": {"prepare_edition"},
        # straight from its preparation where nobody is to be asked
        "issue_edition": {"prepare_edition", "approve_edition"},
        "record_refusal": {"approve_edition"},
        "write_halfyear_review": {"issue_edition", "keep_current"},
        "write_feedback": {"dbt_reviews", "keep_current"},
    }


def test_a_person_is_asked_in_vietnamese_and_may_say_why(bag: Any) -> None:
    approval = bag.dags["semiannual_refresh"].get_task("approve_edition")

    assert approval.options == [APPROVE_VI, REFUSE_VI]
    assert approval.options_mapping == {APPROVE_VI: "issue_edition", REFUSE_VI: "record_refusal"}
    assert set(approval.params) == {"note"}
    assert (approval.defaults, approval.response_timeout) == (None, None)


def test_answers_to_branches_follow_the_reviews_and_hold_nothing_up(bag: Any) -> None:
    assert bag.dags["semiannual_refresh"].get_task("write_feedback").downstream_task_ids == set()


def test_airflow_offers_no_back_fill_where_it_means_nothing(bag: Any) -> None:
    for dag_id in DAG_IDS:
        assert "manual" in bag.dags[dag_id].allowed_run_types
        assert "backfill" not in bag.dags[dag_id].allowed_run_types


@pytest.mark.parametrize(
    ("dag_id", "name", "good", "bad"),
    [
        (
            "semiannual_refresh",
            "as_of",
            [
                None,
                "",
                "2023-06-30",
                "2023-06-30T17:00",
                "2023-06-30T10:00:00Z",
                "2023-06-30T10:00:00.5+07:00",
            ],
            ["30/06/2023", "2023-13-01", "2023-06-30 ", "hôm nay"],
        ),
        ("semiannual_refresh", "period", ["due", "newest", "2023H1"], ["", "2023", "2023H3", None]),
        (
            "programme_review",
            "edition",
            [None, "", "edition_20230615t010000_8ea1db21"],
            ["../warehouse", "current", "edition_"],
        ),
    ],
)
def test_the_form_takes_what_can_work_and_nothing_else(
    bag: Any, dag_id: str, name: str, good: list[object], bad: list[object]
) -> None:
    from airflow.sdk.exceptions import ParamValidationError

    param = param_of(bag, dag_id, name)
    for value in good:
        assert param.resolve(value) == value
    for value in bad:
        with pytest.raises(ParamValidationError):
            param.resolve(value)


def test_what_cannot_work_is_not_tried_again() -> None:
    from airflow.sdk.exceptions import AirflowFailException

    from operations.runs.wiring import refused_at_once
    from publish.editions.choices import UnknownChoiceError
    from publish.reports.settings import TemplateTroubleError

    with pytest.raises(AirflowFailException, match="ends"), refused_at_once():
        raise UnknownChoiceError("the window ends before it begins")
    with pytest.raises(AirflowFailException, match="mẫu"), refused_at_once():
        raise TemplateTroubleError("mẫu hỏng")
    with pytest.raises(OSError, match="disk"), refused_at_once():
        raise OSError("disk")


def test_whoever_writes_the_warehouse_waits_in_the_pool(bag: Any) -> None:
    outside = {
        (dag_id, task.task_id)
        for dag_id, dag in bag.dags.items()
        for task in dag.tasks
        if (task.pool, task.pool_slots) != ("warehouse_writer", 1)
    }

    assert outside == OUTSIDE_THE_POOL


def test_answers_follow_the_load_without_an_edition(bag: Any) -> None:
    dag = bag.dags["ingest_submissions"]
    order = [task.task_id for task in dag.topological_sort()]

    assert order == [
        "load",
        "dbt_seed",
        "dbt_staging",
        "dbt_intermediate",
        "dbt_core",
        "dbt_reviews",
        "write_feedback",
    ]
    assert all(len(task.upstream_task_ids) <= 1 for task in dag.tasks)


def test_the_load_runs_when_something_lies_in_the_inbox_and_every_three_hours(bag: Any) -> None:
    timetable = bag.dags["ingest_submissions"].timetable

    (inbox,) = timetable.asset_condition.objects
    assert inbox.name == "inbox"
    (watcher,) = inbox.watchers
    assert watcher.trigger.serialize()[0] == "operations.watching.inbox_watch.InboxTrigger"
    assert timetable.timetable.expression == "0 */3 * * *"


def test_the_refresh_is_asked_for_once_a_half_year(bag: Any) -> None:
    dag = bag.dags["refresh_due"]
    start = dag.get_task("start_refresh")

    assert [asset.name for asset in dag.timetable.asset_condition.objects] == ["working_database"]
    assert start.trigger_dag_id == "semiannual_refresh"
    assert start.trigger_run_id.startswith("complete__")
    assert start.skip_when_already_exists
    assert [task.task_id for task in dag.topological_sort()] == ["find_complete", "start_refresh", "tell"]


def test_who_is_missing_is_told_of_at_eight_in_the_morning(bag: Any) -> None:
    assert bag.dags["reminders"].timetable.expression == "0 8 * * *"
    assert bag.dags["maintenance"].timetable.expression == "30 3 * * 0"


def test_whatever_fails_is_told(bag: Any) -> None:
    silent = [
        (dag_id, task.task_id)
        for dag_id, dag in bag.dags.items()
        for task in dag.tasks
        if [callback.__name__ for callback in task.on_failure_callback] != ["tell_failure"]
    ]

    assert silent == []


def test_every_dag_has_a_form(bag: Any) -> None:
    forms = {
        dag_id: {name: param.value for name, param in dag.params.items()} for dag_id, dag in bag.dags.items()
    }

    assert {dag_id: set(form) for dag_id, form in forms.items()} == {
        "ingest_submissions": set(),
        "maintenance": set(),
        "refresh_due": set(),
        "reminders": set(),
        "semiannual_refresh": {"period", "as_of"},
        "programme_review": {"programme", "first_period", "last_period", "is_of_today", "edition"},
    }


def param_of(bag: Any, dag_id: str, name: str) -> Any:
    return bag.dags[dag_id].params.get_param(name)


def test_forms_offer_what_the_seeds_know(bag: Any) -> None:
    assert "2023H1" in half_year_codes()
    periods = param_of(bag, "semiannual_refresh", "period").schema
    assert periods["enum"] == ["due", "newest", *reversed(half_year_codes())]
    assert periods["values_display"]["2023H1"] == "6 tháng đầu năm 2023"
    assert param_of(bag, "programme_review", "programme").schema["enum"] == list(programme_codes())
    assert param_of(bag, "programme_review", "programme").value == "plastic_waste"
    assert param_of(bag, "programme_review", "first_period").value == "2018H2"
    assert param_of(bag, "programme_review", "last_period").value == "2023H1"


def test_parsing_a_dag_imports_nothing_heavy(tmp_path: Path) -> None:
    probe = (
        "import sys, runpy, airflow.sdk\n"
        "before = set(sys.modules)\n"
        f"[runpy.run_path(path) for path in {[str(DAGS / f'{dag_id}.py') for dag_id in sorted(DAG_IDS)]}]\n"
        "print(sorted({name.split('.')[0] for name in set(sys.modules) - before}))\n"
    )
    environment = {**os.environ, "AIRFLOW_HOME": str(tmp_path), "PYTHONPATH": str(PROJECT_ROOT)}
    parsed = subprocess.run(
        [sys.executable, "-c", probe], env=environment, capture_output=True, text=True, check=True
    )
    imported = parsed.stdout.strip().splitlines()[-1]

    assert "'build'" in imported
    assert [name for name in HEAVY if f"'{name}'" in imported] == []


def test_only_wiring_stands_in_a_dag_file() -> None:
    for dag_id in DAG_IDS:
        text = (DAGS / f"{dag_id}.py").read_text(encoding="utf-8").lower()
        assert len(text.splitlines()) < 130
        assert "select " not in text
        assert "connect(" not in text
