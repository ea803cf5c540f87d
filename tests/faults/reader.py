"""Somebody who reads the current edition all the time, as a BI tool would, in a process of its own.

Each read opens the file read-only, asks one known figure, and closes it. A read fails when it raises, when the figure is
not the one of that edition, or when the edition is older than one that was read before.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

import duckdb

QUERY = (
    "select epoch_us(as_of), (select sum(value) from {0}reviews.halfyear_review where not is_area_total), edition_id"
    " from {0}meta.edition"
)
MOST_FAILURES_TOLD = 20
EVERY_SO_MANY_ALONE = 100


@dataclass(slots=True)
class Reading:
    """What came of reading so far; ``waits`` are looks before the first edition, which do not count."""

    reads: int = 0
    failed: int = 0
    waits: int = 0
    editions: int = 0
    failures: list[str] = field(default_factory=list)


def known_figure(edition: Path) -> tuple[int, float | None]:
    """Read the day (microseconds since 1970) and the figure of an edition as ``main`` does."""
    with duckdb.connect(str(edition), read_only=True) as connection:
        found = connection.execute(QUERY.format("")).fetchone()
    if found is None:
        raise ValueError(f"{edition} has an empty meta.edition")
    return int(found[0]), None if found[1] is None else float(found[1])


def main(arguments: list[str] | None = None) -> int:
    """Read until told to stop; the exit code tells whether a read failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--current", type=Path, required=True)
    parser.add_argument("--figures", required=True, help="JSON: day of an edition to its figure")
    parser.add_argument("--report", type=Path, required=True, help="where counts are written, twice a second")
    parser.add_argument("--stop", type=Path, required=True, help="reading ends when this file is there")
    chosen = parser.parse_args(arguments)
    figures: dict[int, float | None] = {int(day): value for day, value in json.loads(chosen.figures).items()}
    reading = Reading()
    newest, edition_id = 0, ""
    told = 0.0
    engine = duckdb.connect(config={"threads": 1})
    while not chosen.stop.exists():
        if not newest and not chosen.current.exists():
            reading.waits += 1
            time.sleep(0.05)
        else:
            ask = _ask_alone if reading.reads % EVERY_SO_MANY_ALONE == 0 else _ask_within(engine)
            reading.reads += 1
            try:
                day, value, name = ask(chosen.current)
                _check(figures, newest, day, value)
                newest = day
                reading.editions += name != edition_id
                edition_id = name
            except Exception as error:  # whatever it is, it is a failed read
                reading.failed += 1
                if len(reading.failures) < MOST_FAILURES_TOLD:
                    reading.failures.append(f"{type(error).__name__}: {str(error)[:300]}")
        if time.monotonic() - told > 0.5:
            told = time.monotonic()
            _report(chosen.report, reading)
    _report(chosen.report, reading)
    return 1 if reading.failed else 0


Ask = Callable[[Path], tuple[int, float | None, str]]


def _ask_within(engine: duckdb.DuckDBPyConnection) -> Ask:
    """Open the file within an engine that is there already: as true an opening, for a sixth of the time."""

    def ask(path: Path) -> tuple[int, float | None, str]:
        engine.execute(f"attach '{path}' as edition (read_only)")
        try:
            return _answer(engine, "edition.")
        finally:
            engine.execute("detach edition")

    return ask


def _ask_alone(path: Path) -> tuple[int, float | None, str]:
    with duckdb.connect(str(path), read_only=True) as connection:
        return _answer(connection, "")


def _answer(connection: duckdb.DuckDBPyConnection, prefix: str) -> tuple[int, float | None, str]:
    found = connection.execute(QUERY.format(prefix)).fetchone()
    if found is None:
        raise ValueError("meta.edition is empty")
    return int(found[0]), None if found[1] is None else float(found[1]), str(found[2])


def _check(figures: dict[int, float | None], newest: int, day: int, value: float | None) -> None:
    if day not in figures or figures[day] != value:
        raise ValueError(f"the edition of {day} says {value}, not {figures.get(day)}")
    if day < newest:
        raise ValueError(f"the edition of {day} came after that of {newest}")


def _report(path: Path, reading: Reading) -> None:
    unfinished = path.with_name(f".{path.name}")
    unfinished.write_text(json.dumps(asdict(reading)), encoding="utf-8")
    unfinished.replace(path)


if __name__ == "__main__":
    sys.exit(main())
