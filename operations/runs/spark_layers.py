"""The task that builds a layer on Spark: the same as the others, but that Airflow's own operator for Spark submits the work.

Which cluster it goes to says the connection ``spark_warehouse``: ``WAREHOUSE_SPARK_MASTER`` names it
(``operations.installation.airflow_home``), or an administrator by hand.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from airflow.providers.apache.spark.operators.spark_submit import SparkSubmitOperator
from airflow.sdk.exceptions import AirflowException

from build.dbt import Finished
from build.layers import Layer
from build.spark.submitting import PROGRAM, Submission, driver_memory, environment_of_spark, without_frames

CONNECTION = "spark_warehouse"


class SparkLayerOperator(SparkSubmitOperator):
    """Builds a layer, and before it each earlier one that does not stand; what of it is Spark's goes through ``spark-submit``.

    Args:
        layer: up to which.
        as_of: called when the task runs; the instant for which the layers are to stand.
    """

    def __init__(self, *, layer: Layer, as_of: Callable[[], datetime], **kwargs: Any) -> None:
        super().__init__(
            application=str(PROGRAM),
            conn_id=CONNECTION,
            name=f"womens-union-warehouse {layer}",
            driver_memory=driver_memory(),
            **kwargs,
        )
        self._layer = layer
        self._as_of = as_of

    def execute(self, context: Any) -> None:
        """Build; what is handed to Spark is known only when the layers have been looked at."""
        from build.transform import build_up_to
        from ingest.home import WarehouseHome

        def submit(submission: Submission) -> Finished:
            self.application_args = list(submission.arguments)
            self.env_vars = {**environment_of_spark(), **submission.environment}
            self._hook = None  # it keeps the arguments of the submission before
            try:
                super(SparkLayerOperator, self).execute(context)
            except AirflowException as error:
                return Finished(is_success=False, output=without_frames(str(error)))
            return Finished(is_success=True, output="")

        build_up_to(WarehouseHome.from_environment(), self._layer, self._as_of(), submit=submit)
