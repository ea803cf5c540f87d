"""Files that are nobody's return, in such size or number that they once ended every load, beside a good one.

Also a file whose rows the database will not take: a table that was made with a condition which one file's rows break is
a writer that really fails, for that file alone. Each must get a verdict, the good file must be loaded, and memory must
stay within what a small machine has.
"""

import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import xlsxwriter

from bench.corpus import copy_with_another_hash
from ingest.contracts.forms import load_contracts
from ingest.database import ADDRESS_COLUMNS, open_read_only, open_warehouse
from ingest.home import PROJECT_ROOT, WarehouseHome
from tests.faults.outcome import Outcome
from tests.faults.reference import Tell
from tests.ingest.return_files import WORDS_OF_NO_FORM

GOOD = "2018H1/BC 6T dau nam 2018 - Ea Bong.xlsx"
NOT_TAKEN = "2018H1/Dray Sap.xls"
LONG_FILE_LINES = 300_000
WORKBOOKS = 100


def load_nobodys_files(scratch: Path, corpus: Path, tell: Tell) -> Outcome:
    """Load each kind beside a good file; gives what was found, with the largest peak of memory in MB."""
    outcome = Outcome("files that once ended a load")
    started = time.monotonic()
    folder = scratch / "nobodys"
    cases: tuple[tuple[str, Callable[[WarehouseHome, Path], int]], ...] = (
        ("long unknown file", _drop_long_file),
        ("many unknown workbooks", _drop_workbooks),
        ("rows that cannot be written", _drop_file_that_is_not_taken),
    )
    for name, drop_case in cases:
        shutil.rmtree(folder, ignore_errors=True)
        home = WarehouseHome(folder).prepare()
        expected = drop_case(home, corpus)
        _drop(corpus, GOOD, home)
        peak = _load(home, name, outcome)
        outcome.notes["peak_megabytes"] = max(outcome.notes.get("peak_megabytes", 0), peak)
        _check(home, name, expected, outcome)
        _load(home, f"{name}, again", outcome)
        outcome.done[name] += 1
        tell(f"{name}: {len(outcome.troubles)} troubles, {peak} MB at most")
    shutil.rmtree(folder, ignore_errors=True)
    outcome.seconds = time.monotonic() - started
    return outcome


def _drop_long_file(home: WarehouseHome, corpus: Path) -> int:
    lines = (f"{number % 10},{number % 7},x\n" for number in range(LONG_FILE_LINES))
    (home.inbox / "so lieu.csv").write_text("".join(lines), encoding="utf-8")
    return 1


def _drop_workbooks(home: WarehouseHome, corpus: Path) -> int:
    chance = random.Random(7)
    original = home.root / "danh sach.xlsx"
    book = xlsxwriter.Workbook(str(original), {"constant_memory": True})
    sheet = book.add_worksheet("Sheet1")
    for row in range(1_200):
        for column in range(20):
            text = " ".join(chance.choices(WORDS_OF_NO_FORM, k=12)) if row else f"Cột {column}"
            sheet.write_string(row, column, text)
    book.close()
    for number in range(WORKBOOKS):
        copy_with_another_hash(original, home.inbox / f"danh sach {number}.xlsx", number)
    original.unlink()
    return WORKBOOKS


def _drop_file_that_is_not_taken(home: WarehouseHome, corpus: Path) -> int:
    _drop(corpus, NOT_TAKEN, home)
    trial = WarehouseHome(home.root / "trial").prepare()
    _drop(corpus, NOT_TAKEN, trial)
    subprocess.run(_command(), env=_environment(trial), cwd=PROJECT_ROOT, check=True, capture_output=True)
    with open_read_only(trial.warehouse) as connection:
        found = connection.execute(
            "select form_name, submission_id from raw.sheet_tables inner join raw.submissions using (submission_id)"
            " where sheet_tables.verdict = 'accepted' and last_row > header_last_row order by all limit 1"
        ).fetchone()
    shutil.rmtree(trial.root)
    if found is None:
        raise AssertionError(f"{NOT_TAKEN} has no accepted table, so nothing of it can be refused")
    form = next(form for form in load_contracts().forms if form.name == found[0])
    columns = [f"{name} {kind}" for name, kind, _ in ADDRESS_COLUMNS]
    columns += [f'"{name}" varchar' for name in form.field_names]
    with open_warehouse(home) as connection:
        connection.execute(f"drop table raw.{form.name}")
        connection.execute(
            f"create table raw.{form.name}"
            f" ({', '.join(columns)}, extra_cells json, check (submission_id <> '{found[1]}'))"
        )
    return 1


def _drop(corpus: Path, name: str, home: WarehouseHome) -> None:
    path = home.inbox / name
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(corpus / name, path)


def _command() -> list[str]:
    return [sys.executable, "-m", "ingest", "load"]


def _environment(home: WarehouseHome) -> dict[str, str]:
    return {**os.environ, "WAREHOUSE_HOME": str(home.root)}


def _load(home: WarehouseHome, name: str, outcome: Outcome) -> int:
    """Load as a person does; gives the peak of memory of all its processes together, in MB."""
    for path in home.inbox.rglob("*"):
        # arrived long ago: nobody is still copying it
        if path.is_file():
            os.utime(path, (1_700_000_000, 1_700_000_000))
    log = home.root / "said.log"
    with log.open("w", encoding="utf-8") as said:
        running = psutil.Popen(_command(), env=_environment(home), cwd=PROJECT_ROOT, stdout=said, stderr=said)
        peak = 0
        while running.poll() is None:
            peak = max(peak, _memory(running))
            time.sleep(0.05)
    if running.returncode != 0:
        outcome.failed.append(f"{name}: the load ended with {running.returncode}: {log.read_text()[-300:]}")
    return peak >> 20


def _memory(leader: psutil.Process) -> int:
    total = 0
    try:
        for process in (leader, *leader.children(recursive=True)):
            try:
                total += process.memory_info().rss
            except psutil.Error:
                continue
    except psutil.Error:
        pass
    return total


def _check(home: WarehouseHome, name: str, expected: int, outcome: Outcome) -> None:
    with open_read_only(home.warehouse) as connection:
        verdicts = dict(
            connection.execute("select verdict, count(*) from raw.submissions group by all").fetchall()
        )
        unexplained = connection.execute(
            "select count(*) from raw.submissions where verdict = 'rejected' and reason_vi is null"
        ).fetchone()
        good = connection.execute(
            "select verdict from raw.submissions where relative_path = ?", [GOOD]
        ).fetchone()
    if good is None or good[0] == "rejected":
        outcome.lost.append(f"{name}: the good file beside it has the verdict {good and good[0]}")
    if verdicts.get("rejected", 0) != expected:
        outcome.lost.append(f"{name}: {expected} verdicts expected, there are {verdicts}")
    if unexplained and unexplained[0]:
        outcome.wrong.append(f"{name}: {unexplained[0]} refused without a sentence")
