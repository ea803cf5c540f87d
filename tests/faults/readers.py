"""The reader's process, started and stopped."""

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType

from ingest.home import PROJECT_ROOT
from tests.faults.outcome import Outcome
from tests.faults.reader import Reading
from tests.faults.reference import Tell


class Reader:
    """Somebody who reads one ``current.duckdb`` as long as this context lasts."""

    def __init__(self, current: Path, figures: dict[int, float | None], folder: Path) -> None:
        self._folder = folder
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        self._started = time.monotonic()
        self._seconds = 0.0
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-m", "tests.faults.reader", "--current", str(current)),
                *("--figures", json.dumps(figures), "--report", str(folder / "report.json")),
                *("--stop", str(folder / "stop")),
            ],
            cwd=PROJECT_ROOT,
            start_new_session=True,
        )

    def __enter__(self) -> "Reader":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        (self._folder / "stop").touch()
        try:
            self._process.wait(60)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._seconds = time.monotonic() - self._started

    @property
    def reading(self) -> Reading:
        """What came of it so far."""
        report = self._folder / "report.json"
        return Reading(**json.loads(report.read_text(encoding="utf-8"))) if report.exists() else Reading()

    def go_on_until(self, reads: int, tell: Tell) -> None:
        """Wait until it has read so often."""
        told = time.monotonic()
        while self._process.poll() is None and (done := self.reading.reads) < reads:
            if time.monotonic() - told > 20:
                told = time.monotonic()
                tell(f"reads: {done:,} of {reads:,}")
            time.sleep(0.5)

    def add_to(self, outcome: Outcome) -> None:
        """Count what came of it."""
        reading = self.reading
        outcome.seconds += self._seconds
        outcome.notes["reads"] = outcome.notes.get("reads", 0) + reading.reads
        outcome.notes["failed_reads"] = outcome.notes.get("failed_reads", 0) + reading.failed
        outcome.notes["editions_seen"] = outcome.notes.get("editions_seen", 0) + reading.editions
        outcome.failed.extend(f"read: {failure}" for failure in reading.failures)
        if self._process.returncode not in (0, 1):
            outcome.failed.append(f"the reader itself ended with {self._process.returncode}")
