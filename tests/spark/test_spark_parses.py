"""All that dbt would send to Spark for the upper layers is Spark's SQL, as Spark's own parser reads it.

Needs Spark (``make spark``) and no cluster; where it is not installed this is left out, which CI does not do.
"""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from build.engines import LAYERS_ON_SPARK
from build.spark.submitting import ENVIRONMENT
from ingest.home import DBT_PROJECT

PROGRAM = Path(__file__).with_name("parsing.py")
TINY = {
    "dbt_project.yml": "name: tiny\nprofile: tiny\n",
    "profiles.yml": "tiny:\n  target: dev\n  outputs:\n    dev: {type: spark, method: session, host: none, schema: core}\n",
    "models/only_duckdb.sql": "select [1, 2] as numbers",
    "models/both.sql": "select 1 as number",
}

pytestmark = pytest.mark.skipif(
    not (ENVIRONMENT / "bin" / "spark-submit").exists(), reason="Spark is not installed: make spark"
)


def what_spark_reads(project: Path, folder: Path, *arguments: str) -> dict[str, Any]:
    finished = subprocess.run(
        [str(ENVIRONMENT / "bin" / "python"), str(PROGRAM), "build", *arguments],
        cwd=project,
        env={
            **os.environ,
            "WAREHOUSE_TARGET": "spark",
            "WAREHOUSE_DB": "none",
            "WAREHOUSE_AS_OF": "2026-06-20T00:00:00+00:00",
            "DBT_PROFILES_DIR": str(project),
            "DBT_TARGET_PATH": str(folder / "target"),
            "DBT_LOG_PATH": str(folder / "logs"),
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
            "SPARK_LOCAL_IP": "127.0.0.1",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.stdout, finished.stderr
    told: dict[str, Any] = json.loads(finished.stdout.splitlines()[-1])
    return told


def test_models_tests_contracts_hooks_and_settings_are_sparks_sql(tmp_path: Path) -> None:
    layers = [f"path:models/{layer}" for layer in LAYERS_ON_SPARK]
    told = what_spark_reads(
        DBT_PROJECT, tmp_path, "--select", *layers, "--exclude-resource-type", "unit_test"
    )
    models = sum(1 for layer in LAYERS_ON_SPARK for _ in (DBT_PROJECT / "models" / layer).glob("*.sql"))
    # each model is at least looked up and made, and there are more data tests than models
    assert told["statements"] > 3 * models
    assert told["refused"] == {}
    assert told["failed"] == []


def test_what_only_duckdb_understands_is_found(tmp_path: Path) -> None:
    for name, text in TINY.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    told = what_spark_reads(tmp_path, tmp_path)
    (refused,) = told["refused"]
    assert "[1, 2]" in refused
