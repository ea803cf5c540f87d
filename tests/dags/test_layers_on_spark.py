"""Under the other engine the DAG is the same; the tasks of the upper layers are Airflow's own operator for Spark."""

import importlib.util
from datetime import UTC, datetime
from typing import Any

import pytest

from build.dbt import Finished
from build.spark.submitting import PROGRAM, Submission
from ingest.home import WarehouseHome
from operations.installation.airflow_home import SPARK_CONNECTION, airflow_environment

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("airflow.providers.apache") is None,
    reason="the provider is not installed: make spark",
)


@pytest.fixture
def refresh(airflow_here: None, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("WAREHOUSE_TARGET", "spark")
    from airflow.dag_processing.dagbag import DagBag

    from tests.dags.test_dags import DAGS

    return DagBag(str(DAGS / "semiannual_refresh.py")).dags["semiannual_refresh"]


def test_only_the_operators_of_the_upper_layers_differ(refresh: Any) -> None:
    from airflow.providers.apache.spark.operators.spark_submit import SparkSubmitOperator

    submitted = [task.task_id for task in refresh.tasks if isinstance(task, SparkSubmitOperator)]
    assert submitted == ["dbt_intermediate", "dbt_core", "dbt_reviews"]
    layers = ["check_inputs", "dbt_seed", "dbt_staging", *submitted]
    assert [refresh.get_task(layer).upstream_task_ids for layer in layers[1:]] == [
        {name} for name in layers[:-1]
    ]
    assert {refresh.get_task(layer).pool for layer in submitted} == {"warehouse_writer"}


def test_what_is_submitted_is_what_the_build_asks_for(refresh: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The build asks twice in one task; each time the command has its own arguments and environment."""
    from airflow.providers.apache.spark.hooks.spark_submit import SparkSubmitHook

    task = refresh.get_task("dbt_core")
    submitted: list[tuple[list[str], dict[str, str]]] = []
    answers: list[Finished] = []

    def build(home: WarehouseHome, layer: str, as_of: datetime, *, submit: Any) -> None:
        for name in ("first", "second"):
            answers.append(submit(Submission((name,), {"WAREHOUSE_AS_OF": name})))

    def start(hook: Any, application: str) -> None:
        submitted.append((hook._build_spark_submit_command(application), hook._env))

    monkeypatch.setattr("build.transform.build_up_to", build)
    monkeypatch.setattr("operations.runs.spark_layers.environment_of_spark", dict)
    monkeypatch.setattr(SparkSubmitHook, "submit", start)
    monkeypatch.setattr(task, "_as_of", lambda: datetime(2026, 6, 20, tzinfo=UTC))
    task.execute({})

    assert [answer.is_success for answer in answers] == [True, True]
    assert [command[-2:] for command, _ in submitted] == [[str(PROGRAM), "first"], [str(PROGRAM), "second"]]
    assert [environment["WAREHOUSE_AS_OF"] for _, environment in submitted] == ["first", "second"]
    assert all(command[command.index("--master") + 1] == "spark://here:7077" for command, _ in submitted)


def test_the_connection_says_which_cluster(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(SPARK_CONNECTION, raising=False)
    monkeypatch.delenv("WAREHOUSE_SPARK_MASTER", raising=False)
    home = WarehouseHome(tmp_path).prepare()
    assert '"local[*]"' in airflow_environment(home)[SPARK_CONNECTION]
    monkeypatch.setenv("WAREHOUSE_SPARK_MASTER", "spark://here:7077")
    assert '"spark://here:7077"' in airflow_environment(home)[SPARK_CONNECTION]


@pytest.fixture
def airflow_here(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRFLOW_HOME", str(tmp_path))
    monkeypatch.setenv("AIRFLOW__DATABASE__SQL_ALCHEMY_CONN", f"sqlite:///{tmp_path / 'airflow.db'}")
    monkeypatch.setenv(SPARK_CONNECTION, '{"conn_type": "spark", "host": "spark://here:7077"}')
