"""A measurement that was stopped goes on: what is done is told, what is not done is done."""

import time
from pathlib import Path

import pytest
from rich.console import Console

from bench.stages import Record, measure, megabytes_in


def test_a_stage_is_done_once_and_told_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    console = Console(width=80)
    done: list[str] = []

    def work() -> None:
        done.append("build")
        console.print("12.5 s")

    first = Record(tmp_path / "stages.json")
    as_of = first.as_of
    first.once(console, "build", work)
    again = Record(tmp_path / "stages.json")
    again.once(console, "build", work)
    assert done == ["build"]
    assert capsys.readouterr().out == "12.5 s\nbuild: done before\n12.5 s\n"
    assert again.as_of == as_of


def test_a_stage_that_fails_is_not_done(tmp_path: Path) -> None:
    console = Console(quiet=True)
    record = Record(tmp_path / "stages.json")
    with pytest.raises(ZeroDivisionError):
        record.once(console, "build", lambda: 1 / 0)
    done: list[str] = []
    Record(tmp_path / "stages.json").once(console, "build", lambda: done.append("build"))
    assert done == ["build"]


def test_what_is_spilled_meanwhile_is_seen(tmp_path: Path) -> None:
    spill = tmp_path / "warehouse.duckdb.tmp"

    def work() -> None:
        spill.mkdir()
        (spill / "block").write_bytes(b"x" * 3_000_000)
        time.sleep(0.5)
        (spill / "block").unlink()

    stage = measure("spilling", work, tmp_path)
    assert 2.9 < stage.peak_spilled < 3.2
    assert megabytes_in(tmp_path) < 0.1
