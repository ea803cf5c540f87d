"""The whole verdict of files before anybody loads them: read and judged as a refresh would, in a warehouse of their own.

That warehouse is empty and built once for each state of the code; a check copies it, loads the files into the copy and
has DuckDB run again what dbt compiled. The warehouse of the office is not opened.
"""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from build.dbt import run_dbt
from ingest.contracts.forms import load_contracts
from ingest.database import open_warehouse
from ingest.home import DBT_PROJECT, FORMS, PROJECT_ROOT, WarehouseHome
from ingest.loading.load import load_inbox
from publish.feedback.findings.answer import AnsweredFile, Finding
from publish.feedback.findings.answers import read_answers, read_files
from publish.feedback.outbox import write_feedback

_TOLD = ("quarantined_rows", "findings", "conservation_ledger", "submission_completeness")
_SOURCES = (
    (DBT_PROJECT, ("*.sql", "*.yml", "*.csv")),
    (FORMS, ("*.yml",)),
    (PROJECT_ROOT / "ingest", ("*.py",)),
)
_PARENTS_KEPT = 2
_LETTERS = 16


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file, or what it holds of one unit, with all that its sender would be told."""

    file: AnsweredFile
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Check:
    """What a check found.

    Attributes:
        refused: files that are no returns at all, with the sentence that says why, or that repeat another one.
        answers: answer workbooks that were written.
    """

    files: tuple[CheckedFile, ...]
    refused: tuple[tuple[str, str], ...]
    answers: tuple[Path, ...] = ()


def check_files(
    paths: Sequence[Path], home: WarehouseHome, now: datetime, answers: Path | None = None
) -> Check:
    """Say what would become of some files; nothing of them is kept.

    Args:
        paths: the files; the names of the two folders around each count as evidence, as they would in the inbox.
        home: the warehouse beside which the empty one is kept; its database is left alone.
        now: the moment that counts as that of the load, with time zone.
        answers: folder for the answer workbooks; none are written when not given.

    Raises:
        FileNotFoundError: one of the files is not there.
        RuntimeError: the empty warehouse cannot be built.
    """
    empty = _empty_warehouse(home)
    with tempfile.TemporaryDirectory(prefix="check-") as folder:
        own = WarehouseHome(Path(shutil.copytree(empty, Path(folder) / "home")))
        for path in paths:
            within = Path(*path.resolve().parts[1:][-_PARENTS_KEPT - 1 :])
            (own.inbox / within).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, own.inbox / within)
        load_inbox(own, now)
        contracts = load_contracts()
        with open_warehouse(own, contracts) as connection:
            for statement in json.loads((own.dbt / "statements.json").read_text(encoding="utf-8")):
                connection.execute(statement)
            found = {
                answer.file.submission_id: answer.findings
                for answer in read_answers(connection, contracts)[0]
            }
            files = tuple(
                CheckedFile(file, found.get(file.submission_id, ())) for file in read_files(connection)
            )
            refused = connection.execute(
                "select relative_path, reason_vi from raw.receipts where verdict = 'duplicate' order by all"
            ).fetchall()
        written = tuple(_copied(own, answers, now)) if answers is not None else ()
    return Check(files, tuple((str(path), str(reason)) for path, reason in refused), written)


def _copied(home: WarehouseHome, into: Path, now: datetime) -> Iterator[Path]:
    write_feedback(home, now=now)
    for path in sorted(home.feedback.rglob("*.xlsx")):
        target = into / path.relative_to(home.feedback)
        target.parent.mkdir(parents=True, exist_ok=True)
        yield Path(shutil.copy2(path, target))


def _empty_warehouse(home: WarehouseHome) -> Path:
    """Give the folder of a warehouse that holds nothing and is built by this code; makes it when it is not there."""
    kept = home.dbt / "check"
    ready = kept / _fingerprint()
    if ready.exists():
        return ready
    shutil.rmtree(kept, ignore_errors=True)
    kept.mkdir(parents=True)
    with tempfile.TemporaryDirectory(prefix="check-", dir=kept) as folder:
        new = WarehouseHome(Path(folder) / "home")
        new.prepare()
        with open_warehouse(new):
            pass
        _build(new)
        statements = _statements(
            json.loads((new.dbt / "target" / "manifest.json").read_text(encoding="utf-8"))
        )
        shutil.rmtree(new.dbt / "target")
        (new.dbt / "statements.json").write_text(json.dumps(statements), encoding="utf-8")
        new.root.rename(ready)
    return ready


def _fingerprint() -> str:
    digest = hashlib.sha256(duckdb.__version__.encode())
    for folder, patterns in _SOURCES:
        for path in sorted(
            path for pattern in patterns for path in folder.rglob(pattern) if "target" not in path.parts
        ):
            digest.update(str(path.relative_to(PROJECT_ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:_LETTERS]


def _build(home: WarehouseHome) -> None:
    selected = ["--select", "path:seeds", *(f"+{name}" for name in _TOLD)]
    without = ["--exclude-resource-type", "test", "--exclude-resource-type", "unit_test"]
    finished = run_dbt(["build", *selected, *without], home, {"WAREHOUSE_AS_OF": ""})
    if finished.returncode != 0:
        raise RuntimeError(finished.stdout[-2000:] + finished.stderr[-2000:])


def _statements(manifest: dict[str, dict[str, dict[str, object]]]) -> list[str]:
    """Give what makes the tables anew, each after those that it reads; views look at them as they are."""
    nodes = {key: node for key, node in manifest["nodes"].items() if node["resource_type"] == "model"}
    done: set[str] = set()
    statements: list[str] = []

    def visit(key: str) -> None:
        node = nodes.get(key)
        if node is None or key in done:
            return
        done.add(key)
        for before in node["depends_on"]["nodes"]:  # type: ignore[index]
            visit(before)
        config = node["config"]
        if node.get("compiled_code") and config["materialized"] != "view":  # type: ignore[index]
            statements.append(f"create or replace table {node['relation_name']} as {node['compiled_code']}")

    for key in sorted(nodes):
        visit(key)
    return statements
