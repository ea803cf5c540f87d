"""Measure reading side by side: ``make bench``.

All ways run in turn, round after round, in one go on one machine; reported are medians as ratios with the peak memory of
the whole family of processes. Slow ways get fewer workbooks and are compared by the workbook. dlt lives in an
environment of its own that is made here.
"""

import argparse
import json
import statistics
import subprocess
import sys
import threading
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import psutil
from rich.console import Console
from rich.table import Table

from bench.corpus import make_log, make_workbooks
from ingest.home import PROJECT_ROOT

DLT_PACKAGES = ("dlt[duckdb,filesystem]==1.31.0", "duckdb", "pandas", "python-calamine")


@dataclass(frozen=True, slots=True)
class Measurement:
    """One run of one way."""

    seconds: float
    peak_megabytes: float


def main() -> int:
    """Run the rounds and print the tables."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--folder", type=Path, required=True, help="where corpus and scratch files lie")
    parser.add_argument("--workbooks", type=int, default=1000)
    parser.add_argument(
        "--slow-workbooks", type=int, default=40, help="for the ways that take minutes otherwise"
    )
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--growth", action="store_true", help="also load ten times as many workbooks, once")
    chosen = parser.parse_args()
    console = Console()
    folder: Path = chosen.folder
    many = make_workbooks(folder, chosen.workbooks)
    few = make_workbooks(folder, chosen.slow_workbooks)
    log = make_log(folder / "log", chosen.events).parent
    ways = {
        "calamine_alone": (many, chosen.workbooks),
        "ingest_to_raw": (many, chosen.workbooks),
        "ingest_and_judge": (many, chosen.workbooks),
        "ingest_again": (many, chosen.workbooks),
        "pandas_calamine": (few, chosen.slow_workbooks),
        "pandas_openpyxl": (few, chosen.slow_workbooks),
        "dlt_filesystem": (few, chosen.slow_workbooks),
    }
    rounds: defaultdict[str, list[Measurement]] = defaultdict(list)
    for number in range(chosen.rounds):
        for way, (corpus, _) in ways.items():
            rounds[way].append(_measure(way, corpus, folder))
        rounds["log: ingest_to_raw"].append(_measure("ingest_to_raw", log, folder))
        rounds["log: duckdb_read_csv"].append(_measure("duckdb_read_csv", log, folder))
        console.print(f"round {number + 1} of {chosen.rounds}")
    per_workbook = {way: _median(rounds[way]) / count for way, (_, count) in ways.items()}
    table = Table("way", "ms a workbook", "times calamine alone", "peak MB")
    for way, seconds in per_workbook.items():
        ratio = seconds / per_workbook["calamine_alone"]
        table.add_row(way, f"{seconds * 1e3:.2f}", f"{ratio:.2f}", _peak(rounds[way]))
    console.print(table)
    table = Table("log of events", "seconds", "times read_csv", "peak MB")
    floor = _median(rounds["log: duckdb_read_csv"])
    for way in ("log: duckdb_read_csv", "log: ingest_to_raw"):
        seconds = _median(rounds[way])
        table.add_row(way, f"{seconds:.2f}", f"{seconds / floor:.2f}", _peak(rounds[way]))
    console.print(table)
    if chosen.growth:
        tenfold = _measure("ingest_again", make_workbooks(folder, 10 * chosen.workbooks), folder)
        first = _measure("ingest_to_raw", make_workbooks(folder, 10 * chosen.workbooks), folder)
        console.print(
            f"{10 * chosen.workbooks} workbooks: {first.seconds:.1f} s, "
            f"{first.seconds / _median(rounds['ingest_to_raw']):.2f} times that of {chosen.workbooks}, "
            f"peak {first.peak_megabytes:.0f} MB; a second run {tenfold.seconds / first.seconds:.2%} of the first"
        )
    return 0


def _measure(way: str, corpus: Path, folder: Path) -> Measurement:
    """Run one way in a process of its own, watching the memory of it and its children."""
    python = _dlt_python(folder) if way == "dlt_filesystem" else Path(sys.executable)
    process = subprocess.Popen(
        [str(python), "-m", "bench.contenders", way, str(corpus), str(folder)],
        cwd=PROJECT_ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    peak = [0.0]
    watcher = threading.Thread(target=_watch, args=(process.pid, peak))
    watcher.start()
    said, _ = process.communicate()
    watcher.join()
    if process.returncode:
        raise SystemExit(f"{way} failed")
    return Measurement(json.loads(said.splitlines()[-1])["seconds"], peak[0])


def _watch(pid: int, peak: list[float]) -> None:
    """Note the largest sum of resident memory, shared pages counted once for each process."""
    while psutil.pid_exists(pid):
        try:
            family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
            peak[0] = max(peak[0], sum(member.memory_info().rss for member in family) / 1e6)
            if family[0].status() == psutil.STATUS_ZOMBIE:
                return
        except psutil.NoSuchProcess:
            continue
        time.sleep(0.1)


def _dlt_python(folder: Path) -> Path:
    """Give the Python of an environment with dlt, made on first use."""
    environment = folder / "dlt-environment"
    python = environment / "bin" / "python"
    if not python.exists():
        uv = PROJECT_ROOT / ".tools" / "bin" / "uv"
        subprocess.run([str(uv), "venv", "--quiet", str(environment)], check=True)
        subprocess.run(
            [str(uv), "pip", "install", "--quiet", "--python", str(python), *DLT_PACKAGES], check=True
        )
    return python


def _median(measurements: list[Measurement]) -> float:
    return statistics.median(measurement.seconds for measurement in measurements)


def _peak(measurements: list[Measurement]) -> str:
    return f"{max(measurement.peak_megabytes for measurement in measurements):.0f}"


if __name__ == "__main__":
    sys.exit(main())
