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
    """One run of one way: seconds of its steps, and the largest memory of its family of processes."""

    seconds: tuple[float, ...]
    peak_megabytes: float


Rounds = dict[str, list[Measurement]]


@dataclass(frozen=True, slots=True)
class Goal:
    """What is to be reached; ``measured`` is a ratio to whatever the goal compares with."""

    name: str
    measured: float
    bound: float
    is_at_most: bool = True

    @property
    def is_reached(self) -> bool:
        """Whether the measured ratio is on the right side of the bound."""
        return self.measured <= self.bound if self.is_at_most else self.measured >= self.bound


def main() -> int:
    """Run the rounds, then ten times the files once, and print the tables and how the goals stand."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--folder", type=Path, required=True, help="where corpus and scratch files lie")
    parser.add_argument("--workbooks", type=int, default=1000)
    parser.add_argument(
        "--slow-workbooks", type=int, default=40, help="for the ways that take minutes otherwise"
    )
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--no-growth", action="store_true", help="leave out ten times as many files")
    chosen = parser.parse_args()
    console = Console()
    folder: Path = chosen.folder
    many, few = chosen.workbooks, chosen.slow_workbooks
    ways = {
        "calamine_alone": many,
        "ingest_to_raw": many,
        "ingest_and_validate": many,
        "pandas_calamine": few,
        "pandas_openpyxl": few,
        "dlt_filesystem": few,
    }
    corpora = {count: make_workbooks(folder, count) for count in (many, few)}
    log = make_log(folder / "log", chosen.events).parent
    rounds: Rounds = defaultdict(list)
    for number in range(chosen.rounds):
        for way, count in ways.items():
            rounds[way].append(_measure(way, corpora[count], folder))
        for way in ("duckdb_read_csv", "ingest_to_raw"):
            rounds[f"log: {way}"].append(_measure(way, log, folder))
        console.print(f"round {number + 1} of {chosen.rounds}")
    ms = {way: 1e3 * _median(rounds[way]) / count for way, count in ways.items()}
    ms["ingest_to_raw"] = 1e3 * _median(rounds["ingest_to_raw"], 0) / many
    console.print(_workbook_table(ms, rounds, 1e3 * _median(rounds["ingest_to_raw"], 1) / many))
    log_ratio = _median(rounds["log: ingest_to_raw"], 0) / _median(rounds["log: duckdb_read_csv"])
    console.print(_log_table(rounds))
    goals = [
        Goal("to raw, times calamine alone", ms["ingest_to_raw"] / ms["calamine_alone"], 2),
        Goal("validated, times calamine alone", ms["ingest_and_validate"] / ms["calamine_alone"], 2),
        Goal(
            "validated, faster than pandas with openpyxl",
            ms["pandas_openpyxl"] / ms["ingest_and_validate"],
            10,
            False,
        ),
        Goal("validated, faster than dlt", ms["dlt_filesystem"] / ms["ingest_and_validate"], 25, False),
        Goal("log, times read_csv", log_ratio, 1.5),
    ]
    if not chosen.no_growth:
        grown = _measure("ingest_to_raw", make_workbooks(folder, 10 * many), folder)
        long_log = _measure("ingest_to_raw", make_log(folder / "long-log", 10 * chosen.events).parent, folder)
        goals += [
            Goal(
                "ten times the workbooks, times as long",
                1e3 * grown.seconds[0] / ms["ingest_to_raw"] / many,
                10.5,
            ),
            Goal("ten times the workbooks, peak GB", grown.peak_megabytes / 1e3, 1),
            Goal("their second run, share of the first", grown.seconds[1] / grown.seconds[0], 0.03),
        ]
        console.print(
            f"{10 * many} workbooks {grown.seconds[0]:.1f} s; log of {10 * chosen.events} events "
            f"{long_log.seconds[0]:.1f} s, peak {long_log.peak_megabytes:.0f} MB"
        )
    console.print(_goal_table(goals))
    return 0


def _workbook_table(ms: dict[str, float], rounds: Rounds, ms_again: float) -> Table:
    table = Table("way", "ms a workbook", "times calamine alone", "peak MB")
    for way, own in ms.items():
        table.add_row(way, f"{own:.2f}", f"{own / ms['calamine_alone']:.2f}", _peak(rounds[way]))
        if way == "ingest_to_raw":
            table.add_row("… a second time", f"{ms_again:.2f}", f"{ms_again / ms['calamine_alone']:.2f}", "")
    return table


def _log_table(rounds: Rounds) -> Table:
    table = Table("log of events", "seconds", "times read_csv", "peak MB")
    floor = _median(rounds["log: duckdb_read_csv"], 0)
    for way in ("log: duckdb_read_csv", "log: ingest_to_raw"):
        seconds = _median(rounds[way], 0)
        table.add_row(way, f"{seconds:.2f}", f"{seconds / floor:.2f}", _peak(rounds[way]))
    return table


def _goal_table(goals: list[Goal]) -> Table:
    table = Table("goal", "measured", "bound", "reached")
    for goal in goals:
        bound = f"{'at most' if goal.is_at_most else 'at least'} {goal.bound:g}"
        table.add_row(goal.name, f"{goal.measured:.3g}", bound, "yes" if goal.is_reached else "no")
    return table


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
    return Measurement(tuple(json.loads(said.splitlines()[-1])["seconds"]), peak[0])


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


def _median(measurements: list[Measurement], step: int | None = None) -> float:
    """Give the median seconds of one step, or of all of them together."""
    return statistics.median(
        sum(measurement.seconds) if step is None else measurement.seconds[step]
        for measurement in measurements
    )


def _peak(measurements: list[Measurement]) -> str:
    return f"{max(measurement.peak_megabytes for measurement in measurements):.0f}"


if __name__ == "__main__":
    sys.exit(main())
