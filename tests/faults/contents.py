"""What a warehouse holds, in a form that two of them can be compared by, and what must be true of each at any time.

A table is its number of rows and the sum of the hashes of its rows, whatever their order, without the columns that tell
when something was done; so a lost row, a doubled row and a changed cell all show.
"""

import csv
import hashlib
import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from ingest.database import open_read_only
from ingest.home import WarehouseHome
from ingest.keeping.archive import archived_path

# Columns that tell when something was done, or are named for it; two undisturbed warehouses differ in them as well.
OF_THE_MOMENT = frozenset(
    [
        "ingested_at",
        "known_at",
        "last_known_at",
        "load_id",
        "sent_in",  # begins with the load's
        "edition_id",
        "issued_at",
        "built_at",
        "loaded_at",
        "code_version",
        "judged_at",
        "decided_at",
        "approved_at",
        "applied_at",
    ]
)
BUILT_SCHEMAS = ("reference", "staging", "intermediate", "core", "reviews")
# what an edition says of itself, and of those before it
_NOT_COMPARED = frozenset({"meta.edition", "meta.editions"})
# counts figures of how far the database has come in the journal; a load that was cut in two has two entries
_OF_THE_WAY = frozenset({"raw.journal_position", "raw.journal_entries"})


@dataclass(frozen=True, slots=True)
class Table:
    """Number of rows, and the sum of their hashes."""

    rows: int
    hash_sum: int


Tables = Mapping[str, Table]


def read_tables(
    path: Path, schemas: tuple[str, ...] | None = None, also_ignored: frozenset[str] = frozenset()
) -> dict[str, Table]:
    """Read the contents of all tables of some schemas (all that there are when None) of a DuckDB file.

    Args:
        path: the file; nobody may be writing it.
        schemas: which.
        also_ignored: columns that are not compared either.
    """
    with open_read_only(path) as connection:
        columns = connection.execute(
            """
            select schema_name || '.' || table_name, list('"' || column_name || '"' order by column_name)
            from duckdb_columns()
            inner join (select schema_name, table_name from duckdb_tables()) using (schema_name, table_name)
            where not internal and ($schemas is null or list_contains($schemas, schema_name))
                and not list_contains($ignored, column_name)
            group by all order by all
            """,
            {"schemas": list(schemas) if schemas else None, "ignored": list(OF_THE_MOMENT | also_ignored)},
        ).fetchall()
        return {
            name: _read_table(connection, name, names)
            for name, names in columns
            if name not in _NOT_COMPARED | _OF_THE_WAY
        }


def _read_table(connection: duckdb.DuckDBPyConnection, name: str, columns: list[str]) -> Table:
    quoted = ".".join(f'"{part}"' for part in name.split("."))
    found = connection.execute(
        f"select count(*), coalesce(sum(hash({', '.join(columns)})), 0) from {quoted}"
    ).fetchone()
    return Table(int(found[0]), int(found[1])) if found else Table(0, 0)


def differences(found: Tables, expected: Tables) -> list[str]:
    """Say in which tables two warehouses differ, and how."""
    said = []
    for name in sorted({*found, *expected}):
        here, there = found.get(name), expected.get(name)
        if here == there:
            continue
        if here is None or there is None:
            said.append(f"{name}: {'missing' if here is None else 'not in the reference'}")
        elif here.rows != there.rows:
            word = "lost" if here.rows < there.rows else "doubled"
            said.append(f"{name}: {word}, {here.rows} rows instead of {there.rows}")
        else:
            said.append(f"{name}: other contents in {here.rows} rows")
    return said


@dataclass(frozen=True, slots=True)
class Faults:
    """What is wrong in a home whatever the moment; empty where nothing is.

    Attributes:
        archive: accepted content that the archive does not hold whole, and archived files that are not their name's.
        ledger: figures that stand twice in the ledger of issued figures.
        editions: the current edition or one that the ledger names is missing or damaged.
    """

    archive: tuple[str, ...] = ()
    ledger: tuple[str, ...] = ()
    editions: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        """All of them."""
        return self.archive + self.ledger + self.editions


def find_faults(home: WarehouseHome, *, is_all_named_whole: bool = True) -> Faults:
    """Look for what must never be.

    Args:
        home: a warehouse that nobody is writing.
        is_all_named_whole: also look at the files in the archive that the database does not name.
    """
    if not home.warehouse.exists():
        return Faults()
    with open_read_only(home.warehouse) as connection:
        tables = {row[0] for row in connection.execute("select table_name from duckdb_tables()").fetchall()}
        if "submissions" not in tables:
            return Faults()
        received = connection.execute(
            "select distinct sha256, relative_path from raw.submissions"
            " where coalesce(reason_code, '') not in ('password_protected', 'member_unpacks_to_too_much')"
        ).fetchall()
        doubled = connection.execute(
            "select edition_id, unit_key, period_code, indicator_code, count(*) from raw.issued_figures"
            " group by all having count(*) > 1"
        ).fetchall()
        issued = [
            row[0]
            for row in connection.execute("select distinct edition_id from raw.issued_figures").fetchall()
        ]
    archive = [
        f"{path}: {problem}"
        for sha256, path in received
        if (problem := _problem(home.archive, sha256)) is not None
    ]
    if is_all_named_whole:
        archive += [
            f"archive/{path.name[:12]}: {problem}"
            for path in home.archive.glob("??/*")
            if len(path.name) == 64 and (problem := _problem(home.archive, path.name)) is not None
        ]
    editions = [f"{name}: issued, but its file is missing" for name in issued if not _is_edition(home, name)]
    return Faults(
        archive=tuple(dict.fromkeys(archive)),
        ledger=tuple(f"{count} × {figure}" for *figure, count in doubled),
        editions=tuple(editions),
    )


def _problem(archive: Path, sha256: str) -> str | None:
    path = archived_path(archive, sha256)
    if not path.exists():
        return "missing in the archive"
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() == sha256:
        return None
    return f"{len(content)} bytes in the archive, of another hash" if content else "0 bytes in the archive"


def _is_edition(home: WarehouseHome, edition_id: str) -> bool:
    return (home.editions / f"{edition_id}.duckdb").exists()


@dataclass(frozen=True, slots=True)
class CurrentEdition:
    """What the edition that readers open says of itself."""

    edition_id: str
    as_of: datetime
    fingerprint: str


def read_current(home: WarehouseHome) -> CurrentEdition | None:
    """Read which edition ``current.duckdb`` is; None before the first."""
    if not home.current.exists():
        return None
    with open_read_only(home.current) as connection:
        found = connection.execute(
            "select edition_id, as_of, inputs_fingerprint from meta.edition"
        ).fetchone()
    return CurrentEdition(*found) if found else None


def issued_figures(home: WarehouseHome) -> tuple[int, int]:
    """Give how many figures the ledger holds, and of how many editions."""
    with open_read_only(home.warehouse) as connection:
        found = connection.execute(
            "select count(*), count(distinct edition_id) from raw.issued_figures"
        ).fetchone()
    return (int(found[0]), int(found[1])) if found else (0, 0)


def read_outbox(home: WarehouseHome) -> dict[str, str]:
    """Give a hash of the contents of each file for people in the outbox, by its path in it."""
    return dict(_outbox(home.outbox))


def _outbox(outbox: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(outbox.rglob("*")):
        if path.is_file() and not path.name.startswith("."):
            yield path.relative_to(outbox).as_posix(), hashlib.sha256(_said_in(path)).hexdigest()


def _said_in(path: Path) -> bytes:
    """Give what a file says, without when it was written."""
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as archive:
            names = [name for name in sorted(archive.namelist()) if not name.startswith("docProps/")]
            return b"".join(archive.read(name) for name in names)
    if path.suffix == ".csv":
        rows = sorted(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))
        return repr(rows).encode()
    if path.suffix == ".parquet":
        with duckdb.connect() as connection:
            found = connection.execute("select count(*), sum(hash(t)) from read_parquet(?) as t", [str(path)])
            return repr(found.fetchone()).encode()
    return path.read_bytes()
