"""Old logs and editions that nobody answered go; what is young stays. Records of runs: see tests/stack/test_arrival.py."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ingest.home import PROJECT_ROOT, WarehouseHome
from operations.housekeeping.cleaning import METADATA_ADDRESS


def write(path: Path, days_old: float) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("told", encoding="utf-8")
    when = (datetime.now(UTC) - timedelta(days=days_old)).timestamp()
    os.utime(path, (when, when))
    return path


def test_old_logs_go_and_what_is_kept_for_good_stays(tmp_path: Path) -> None:
    home = WarehouseHome(tmp_path / "home").prepare()
    old = [
        write(home.airflow / "logs" / "dag_id=a" / "run_id=b" / "task_id=c" / "attempt=1.log", 91),
        write(home.dbt / "logs" / "dbt.log.1", 200),
    ]
    kept = [
        write(home.airflow / "logs" / "dag_id=a" / "run_id=d" / "task_id=c" / "attempt=1.log", 89),
        write(home.archive / "aa" / "aaaa", 2000),
        write(home.journal / "000000001.json", 2000),
        write(home.editions / "edition_x.duckdb", 2000),
    ]
    environment = {**os.environ, "WAREHOUSE_HOME": str(home.root), "PYTHONPATH": str(PROJECT_ROOT)}
    for name in ("AIRFLOW__DATABASE__SQL_ALCHEMY_CONN", METADATA_ADDRESS):
        environment.pop(name, None)
    for command in ("prepare", "clean"):
        ran = subprocess.run(
            [sys.executable, "-m", "operations", command],
            env=environment,
            cwd=PROJECT_ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr

    assert "0 lần chạy không có gì mới, 0 lần chạy cũ, 2 tệp nhật ký" in ran.stdout
    assert not any(path.exists() for path in old)
    assert all(path.exists() for path in kept)
