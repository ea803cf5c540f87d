"""The local run fails loudly: an exit code, the task that failed, and why."""

import importlib
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from ingest.home import PROJECT_ROOT, WarehouseHome


def run_locally(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(PROJECT_ROOT / "dags" / "local_run.py"), *arguments],
        env={**os.environ, "WAREHOUSE_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--period", "2023"), "Không có kỳ báo cáo “2023”"),
        (("--period", "2023H3"), "Không có kỳ báo cáo “2023H3”"),
        (("--as-of", "30/06/2023"), "Không hiểu thời điểm “30/06/2023”"),
    ],
)
def test_an_unknown_period_or_day_is_refused_before_anything_runs(
    tmp_path: Path, arguments: tuple[str, ...], message: str
) -> None:
    run = run_locally(tmp_path / "home", *arguments)

    assert run.returncode == 2
    assert message in run.stderr
    assert not (tmp_path / "home").exists()


def test_a_failed_task_ends_the_run_with_its_name_and_message(tmp_path: Path) -> None:
    home = tmp_path / "home"
    run = run_locally(home)

    assert run.returncode == 1
    assert "semiannual_refresh: check_inputs: Chưa nhận được báo cáo nào tính đến" in run.stderr
    assert not (home / "current.duckdb").exists()
    assert (home / "airflow" / "local_run.log").read_text(encoding="utf-8")


def test_a_run_waits_for_what_is_still_being_copied(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = WarehouseHome(tmp_path / "home").prepare()
    path = home.inbox / "log.csv"
    path.write_text("event_id\n")
    ended = threading.Event()

    def copy() -> None:
        until = time.monotonic() + 3
        with path.open("a") as log:
            while time.monotonic() < until:
                log.write("e1\n")
                log.flush()
                time.sleep(0.05)
        ended.set()

    copying = threading.Thread(target=copy)
    copying.start()
    importlib.import_module("dags.local_run").wait_for_copies(home)
    assert ended.is_set()
    copying.join()
    assert "Đang đợi chép xong 1 tệp: log.csv" in capsys.readouterr().out
