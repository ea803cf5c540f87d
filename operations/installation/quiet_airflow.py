"""Airflow inside a command that a person waits for: what it prints and logs goes to a file."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path


@contextmanager
def quietly(log_file: Path) -> Iterator[None]:
    """Send what Airflow prints and logs to a file, which is added to."""
    log_file.parent.mkdir(parents=True, exist_ok=True)
    with log_file.open("a", encoding="utf-8") as log, redirect_stdout(log), redirect_stderr(log):
        logging.captureWarnings(True)
        yield
