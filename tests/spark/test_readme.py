"""The three lines of the README, as they stand there, bring the sample's refresh to a cluster: ``make test-spark``."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from bench.spark_cluster import running_cluster
from ingest.database import open_read_only
from ingest.home import PROJECT_ROOT, WarehouseHome

pytestmark = pytest.mark.spark

THE_WAY_TO_SPARK = re.compile(r"## Beyond one machine\n.*?```sh\n(.*?)```", re.DOTALL)
MASTER_IN_README = "spark://cluster:7077"


def follow(lines: list[str], home: WarehouseHome) -> None:
    followed = subprocess.run(
        ["bash", "-e", "-c", "\n".join(lines)],
        cwd=PROJECT_ROOT,
        env={**os.environ, "WAREHOUSE_HOME": str(home.root), "DEBIAN_FRONTEND": "noninteractive"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert followed.returncode == 0, followed.stdout + followed.stderr


def test_the_readme_says_in_three_lines_how_to_move_to_spark(tmp_path: Path) -> None:
    found = THE_WAY_TO_SPARK.search((PROJECT_ROOT / "README.md").read_text(encoding="utf-8"))
    assert found is not None
    lines = found[1].splitlines()
    assert len(lines) == 3
    home = WarehouseHome(tmp_path / "home")
    # a newer Java must not come under a cluster that runs
    follow(lines[:1], home)
    with running_cluster(tmp_path / "cluster") as cluster:
        there = [line.replace(MASTER_IN_README, cluster.address) for line in lines[1:]]
        assert cluster.address in there[0]
        follow(there, home)
        ran_on_the_cluster = len(list((tmp_path / "cluster").glob("worker*/app-*")))
    # three layers, each submitted at least once
    assert ran_on_the_cluster >= 3
    with open_read_only(home.current) as connection:
        figures = dict(
            connection.execute(
                "select indicator_code, value from reviews.halfyear_review where is_area_total and period_code = '2023H1'"
            ).fetchall()
        )
    assert (figures["new_members"], figures["new_clubs"], figures["new_rural_works"]) == (382, 8, 26)
