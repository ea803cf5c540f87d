"""A data package of an edition in the outbox: all files in a folder that gets its name when it is whole."""

import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from ingest.database import open_read_only
from ingest.durable import make_folder, put_folder_in_place
from ingest.home import WarehouseHome
from ingest.troubles import telling_troubles
from publish.catalogue.dictionary import read_published_tables
from publish.catalogue.keys import read_keys
from publish.editions.edition import PUBLISHED_SCHEMAS, Edition
from publish.opendata.dcat import describe_dataset
from publish.opendata.descriptor import About, TableFiles, describe_package
from publish.opendata.hxl import tags_of
from publish.opendata.selection import SCHEMAS, HandedOutTable, select_tables
from publish.opendata.settings import licence_set, publisher_set
from publish.opendata.tables import write_files

DESCRIPTOR = "datapackage.json"
CATALOGUE_ENTRY = "dcat.jsonld"


class NoDictionaryError(RuntimeError):
    """What the tables mean is not known here, as nothing was built in this home; the text is Vietnamese."""


@dataclass(frozen=True, slots=True)
class PackageFiles:
    """A package, written.

    Attributes:
        folder: holds ``datapackage.json``, ``dcat.jsonld``, ``csv/`` and ``parquet/``.
        tables, rows: how many.
        size_bytes: of all files.
        left_out: tables that are not handed out, as ``schema.table``.
        others: packages of other editions that lie beside it; compared with it they may tell what is withheld in both.
    """

    folder: Path
    tables: int
    rows: int
    size_bytes: int
    left_out: tuple[str, ...]
    others: tuple[str, ...]


@telling_troubles()
def write_package(home: WarehouseHome, edition: Edition, *, is_tagged: bool = False) -> PackageFiles:
    """Write the data package of an edition into ``outbox/exports``; one of the same edition is replaced.

    Args:
        home: the warehouse; its folder of dbt says what tables mean and what holds in them.
        edition: what is handed out.
        is_tagged: write HXL's hashtags below the header of the CSV of reviews.

    Raises:
        NoDictionaryError: dbt has not built anything in this home.
        UnknownLicenceError: the setting of the licence names none that is known.
        WarehouseTroubleError: the disk is full, or the edition is damaged.
    """
    manifest = home.dbt / "target" / "manifest.json"
    if not manifest.is_file():
        raise NoDictionaryError(
            "Kho số liệu này chưa có từ điển dữ liệu. Đề nghị chạy một lần tổng hợp số liệu trước."
        )
    settled = home.packages / edition.edition_id
    building = settled.with_name(f".{settled.name}.{os.getpid()}")
    make_folder(home.packages)
    shutil.rmtree(building, ignore_errors=True)
    with open_read_only(edition.path) as connection:
        dictionary = read_published_tables(manifest, frozenset(PUBLISHED_SCHEMAS))
        tables = select_tables(connection, dictionary, read_keys(manifest))
        about = _about(connection, edition)
        files = [_write(connection, table, building, is_tagged=is_tagged) for table in tables]
        codes = _codes(connection)
        left_out = _left_out(connection, tables)
    package = describe_package(about, files, codes, building)
    _write_json(building / DESCRIPTOR, package)
    _write_json(building / CATALOGUE_ENTRY, describe_dataset(about, package))
    shutil.rmtree(settled, ignore_errors=True)
    put_folder_in_place(building, settled)
    return PackageFiles(
        folder=settled,
        tables=len(tables),
        rows=sum(of_table.rows for of_table in files),
        size_bytes=sum(path.stat().st_size for path in settled.rglob("*") if path.is_file()),
        left_out=left_out,
        others=tuple(
            sorted(
                path.parent.name
                for path in home.packages.glob(f"edition_*/{DESCRIPTOR}")
                if path.parent != settled
            )
        ),
    )


def _write(
    connection: duckdb.DuckDBPyConnection, table: HandedOutTable, folder: Path, *, is_tagged: bool
) -> TableFiles:
    csv, parquet = folder / "csv" / f"{table.name}.csv", folder / "parquet" / f"{table.name}.parquet"
    for path in (csv, parquet):
        path.parent.mkdir(parents=True, exist_ok=True)
    has_tags = is_tagged and table.described.schema_name == "reviews"
    rows = write_files(connection, table, csv, parquet, tags_of(table.column_names) if has_tags else "")
    return TableFiles(table, csv, parquet, rows, has_tags)


def _about(connection: duckdb.DuckDBPyConnection, edition: Edition) -> About:
    area = _value(connection, "select unit_name from core.dim_unit where is_area order by unit_key limit 1")
    first = _value(connection, "select min(period_start) from core.dim_period where has_data")
    last = _value(
        connection, "select max(period_end) from core.dim_period where has_data and period_kind = 'half_year'"
    )
    return About(
        edition_id=edition.edition_id,
        as_of=edition.as_of,
        issued_at=edition.issued_at,
        area=area,
        publisher=publisher_set(area),
        licence=licence_set(),
        first_day=first,
        last_day=last,
    )


def _codes(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for domain, code, label in connection.execute(
        "select domain, code, label_vi from core.dim_code order by domain, sort_order, code"
    ).fetchall():
        found.setdefault(domain, {})[code] = label
    return found


def _left_out(connection: duckdb.DuckDBPyConnection, tables: tuple[HandedOutTable, ...]) -> tuple[str, ...]:
    built = connection.execute(
        "select schema_name || '.' || table_name from duckdb_tables() where list_contains(?, schema_name) order by all",
        [sorted(SCHEMAS)],
    ).fetchall()
    handed_out = {table.name for table in tables}
    return tuple(name for (name,) in built if name not in handed_out)


def _value(connection: duckdb.DuckDBPyConnection, query: str) -> str:
    found = connection.execute(query).fetchone()
    return "" if found is None or found[0] is None else str(found[0])


def _write_json(path: Path, node: dict[str, Any]) -> None:
    path.write_text(json.dumps(node, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
