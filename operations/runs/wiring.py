"""What the DAGs share: how a task is tried again, what happens when it fails, and dbt a layer a task.

Imported whenever a DAG file is parsed, so nothing heavy is imported here.
"""

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pendulum
from airflow.sdk import task

from build.engines import engine_of
from build.layers import LAYERS, Layer

TIMEZONE = "Asia/Ho_Chi_Minh"
POOL = "warehouse_writer"  # one slot: DuckDB takes one writer
START = pendulum.datetime(2018, 1, 1, tz=TIMEZONE)


def tell_failure(context: Any) -> None:
    """Tell that a task has failed for good; Airflow calls it after the last retry."""
    from operations.watching.alert_delivery import tell_failed_task

    tell_failed_task(context)


@contextmanager
def refused_at_once() -> Iterator[None]:
    """Fail for good where what was asked for cannot work, instead of trying it again: a wrong day, window, name or template.

    Raises:
        AirflowFailException: with the sentence of the error; any other error passes, and its task is tried again.
    """
    from airflow.sdk.exceptions import AirflowFailException

    from build.inputs import NothingReceivedError, UnknownDayError
    from publish.editions.candidate import CandidateGoneError
    from publish.editions.choices import UnknownChoiceError
    from publish.editions.current import NoEditionError
    from publish.editions.decisions import AlreadyRefusedError
    from publish.reports.settings import TemplateTroubleError, UnknownSettingError

    try:
        yield
    except (
        AlreadyRefusedError,
        CandidateGoneError,
        NoEditionError,
        NothingReceivedError,
        TemplateTroubleError,
        UnknownChoiceError,
        UnknownDayError,
        UnknownSettingError,
    ) as error:
        raise AirflowFailException(str(error)) from error


def guide(dag_file: str, docstring: str | None) -> str:
    """Give what a DAG's page tells: to the officer the text beside its file, then to the engineer its docstring.

    Args:
        dag_file: path of the DAG's file; the text beside it bears its name and ends in ``.md``.
        docstring: of the file.
    """
    told = Path(dag_file).with_suffix(".md").read_text(encoding="utf-8")
    return f"{told}\n---\n\n{docstring or ''}"


def task_defaults(*, retries: int, minutes: int, pool: str | None = None) -> dict[str, Any]:
    """Give the ``default_args`` of a DAG.

    Args:
        retries: how often a failed task is tried again.
        minutes: how long to wait before that.
        pool: where all its tasks wait for their turn; None for those that write no database.
    """
    defaults: dict[str, Any] = {
        "retries": retries,
        "retry_delay": timedelta(minutes=minutes),
        "on_failure_callback": tell_failure,
    }
    return {**defaults, "pool": pool} if pool else defaults


def layer_tasks(as_of: Callable[[], datetime]) -> list[Any]:
    """Make the tasks that build the layers, ``dbt_seed`` to ``dbt_reviews``, one after the other.

    Where Spark builds a layer (``build.engines``), its task is Airflow's operator for Spark; all else is the same.

    A task whose layer stands already does nothing, and one that finds an earlier layer built for another instant (another
    DAG's, or left by a task that was cleared) builds that first.

    Args:
        as_of: called when a task runs; the instant for which the layers are to stand.
    """

    def build(layer: Layer) -> Any:
        if engine_of(layer) == "spark":
            from operations.runs.spark_layers import SparkLayerOperator

            return SparkLayerOperator(
                task_id=f"dbt_{layer}", pool=POOL, do_xcom_push=False, layer=layer, as_of=as_of
            )

        @task(task_id=f"dbt_{layer}", pool=POOL, do_xcom_push=False)
        def dbt() -> None:
            from build.transform import build_up_to
            from ingest.home import WarehouseHome

            build_up_to(WarehouseHome.from_environment(), layer, as_of())

        return dbt()

    layers = [build(layer) for layer in LAYERS]
    for earlier, later in itertools.pairwise(layers):
        earlier >> later
    return layers
