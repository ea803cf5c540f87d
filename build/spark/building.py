"""One layer on Spark, from what DuckDB hands over to what it takes back."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from build.commands import TransformError, build_planned
from build.dbt import DbtProcess
from build.results import NodeResult
from build.spark.handing_over import hand_over
from build.spark.relations import read_handed_over, read_layer
from build.spark.submitting import SparkProgram, Submit
from build.spark.taking_back import SparkTableError, take_back
from build.staleness import LayerPlan
from ingest.home import WarehouseHome

# its reviews can be asked over any window: by queries with parameters, which DuckDB keeps beside the tables
LAYER_WITH_MACROS = "reviews"


@dataclass(frozen=True, slots=True)
class SparkBuilding:
    """Spark at work on the upper layers of a warehouse.

    Attributes:
        dbt: that of the working database, which has read the project.
        home: the warehouse to build in.
        project: the dbt project.
        submit: starts Spark.
    """

    dbt: DbtProcess
    home: WarehouseHome
    project: Path
    submit: Submit

    def build(self, plan: LayerPlan, environment: Mapping[str, str], source: str) -> tuple[NodeResult, ...]:
        """Build and test what of a layer has to be, and let the working database hold it.

        Args:
            plan: what has to be done.
            environment: what models and macros are to know, as ``WAREHOUSE_AS_OF``.
            source: says what the earlier layers were built from and by.

        Raises:
            TransformError: a model failed to build, a test found rows, or Spark did not build what a contract says.
            SparkMissingError: Spark is not installed.
            WarehouseTroubleError: the disk is full, or another program has the working database open.
        """
        manifest = self.home.dbt / "target" / "manifest.json"
        hand_over(self.home, read_handed_over(manifest), source)
        spark = SparkProgram(self.home, self.project, self.submit)
        results = build_planned(spark, self.home, plan, environment)
        try:
            take_back(self.home, read_layer(manifest, plan.layer))
        except SparkTableError as error:
            raise TransformError(f"dbt layer {plan.layer}: {error}") from error
        if plan.layer == LAYER_WITH_MACROS:
            made = self.dbt.run(["run-operation", "create_reviews_over"], environment)
            if not made.is_success:
                raise TransformError(f"dbt layer {plan.layer}: {made.output.strip()}")
        return results
