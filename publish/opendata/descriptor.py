"""The descriptor of a data package: ``datapackage.json`` by the Data Package standard, version 2 (https://datapackage.org/standard).

Each table is a resource of CSV with a Table Schema (types, keys, references, lists of values, Vietnamese titles and meanings,
units of measure) and one of Parquet, which carries its types itself. Keys and lists are those that dbt has tested.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from ingest.keeping.archive import sha256_of
from publish.catalogue.units_of_measure import UOM, unit_of_measure
from publish.opendata.selection import HandedOutColumn, HandedOutTable
from publish.opendata.settings import Licence

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
Node = dict[str, Any]

_TYPES = {"BOOLEAN": "boolean", "DATE": "date", "TIMESTAMP WITH TIME ZONE": "datetime", "VARCHAR": "string"}
_WHOLE = frozenset({"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT"})
NOTE_VI = (
    "Ô không ghi gì là chưa có số liệu hoặc không công bố vì dưới mức tối thiểu; 0 là không có."
    " Không có dữ liệu cá nhân, không có nội dung do đơn vị tự ghi."
)


@dataclass(frozen=True, slots=True)
class About:
    """What is said of a package as a whole.

    Attributes:
        edition_id: the edition that it holds.
        as_of, issued_at: of the edition, timezone-aware; ``issued_at`` is None of one that was not issued.
        area: what the totals are for, *Huyện Krông Ana*.
        publisher: in whose name it is handed out.
        licence: under which licence.
        first_day, last_day: what the half-years with data cover, as ISO days; empty where there are none.
    """

    edition_id: str
    as_of: datetime
    issued_at: datetime | None
    area: str
    publisher: str
    licence: Licence
    first_day: str
    last_day: str

    @property
    def title_vi(self) -> str:
        """Its title."""
        return f"Số liệu công tác Hội LHPN {self.area[:1].lower()}{self.area[1:]}"


@dataclass(frozen=True, slots=True)
class TableFiles:
    """The files of a table.

    Attributes:
        table: what of it is in them.
        csv, parquet: the files.
        rows: how many rows, without header and hashtags.
        is_tagged: the second line of the CSV holds hashtags of HXL.
    """

    table: HandedOutTable
    csv: Path
    parquet: Path
    rows: int
    is_tagged: bool


def describe_package(
    about: About, files: Collection[TableFiles], codes: Mapping[str, Mapping[str, str]], folder: Path
) -> Node:
    """Give ``datapackage.json``.

    Args:
        about: what is said of the whole.
        files: those of every table, written already.
        codes: of ``core.dim_code``: Vietnamese labels by domain and code.
        folder: where the descriptor will lie; paths of files are relative to it.
    """
    handed_out = {of_table.table.name for of_table in files}
    resources = []
    for of_table in files:
        table, described = of_table.table, of_table.table.described
        csv = _file(table.name, of_table.csv, folder, "csv", "text/csv") | {
            "type": "table",
            "title": described.label_vi,
            "description": described.description_vi or described.description,
            "description_en": described.description,
            "encoding": "utf-8",
            "rows": of_table.rows,
            "schema": _schema(table, handed_out, codes),
        }
        if of_table.is_tagged:
            csv["dialect"] = {"commentRows": [2]}
        parquet = _file(
            f"{table.name}.parquet", of_table.parquet, folder, "parquet", "application/vnd.apache.parquet"
        )
        # a file and no table of the package: it carries its types itself, and figures in it are doubles
        resources += [csv, parquet | {"type": "file", "title": described.label_vi}]
    licence: Node = {"name": about.licence.name, "title": about.licence.title}
    if about.licence.path:
        licence["path"] = about.licence.path
    return {
        "$schema": PROFILE,
        "name": f"womens-union-{about.edition_id.replace('_', '-')}",
        "id": about.edition_id,
        "title": about.title_vi,
        "description": f"{about.title_vi}, tính đến {about.as_of:%d/%m/%Y}. {NOTE_VI}",
        "version": f"{about.as_of:%Y.%m.%d}",
        "created": f"{about.issued_at or about.as_of:%Y-%m-%dT%H:%M:%SZ}",
        "keywords": ["Hội Liên hiệp Phụ nữ", "thống kê", about.area],
        "contributors": [{"title": about.publisher, "roles": ["publisher"]}],
        "licenses": [licence],
        "resources": resources,
    }


def _file(name: str, path: Path, folder: Path, kind: str, media_type: str) -> Node:
    return {
        "name": name,
        "path": path.relative_to(folder).as_posix(),
        "format": kind,
        "mediatype": media_type,
        "bytes": path.stat().st_size,
        "hash": f"sha256:{sha256_of(path)}",
    }


def _schema(
    table: HandedOutTable, handed_out: Collection[str], codes: Mapping[str, Mapping[str, str]]
) -> Node:
    names = table.column_names
    keys = [key for key in table.keys.unique if set(key) <= set(names)]
    required = {column.name for column in table.columns if column.is_required}
    primary = next((key for key in keys if set(key) <= required), None)
    schema: Node = {
        "fields": [_field(column, table, codes) for column in table.columns],
        "missingValues": [""],
    }
    if primary:
        schema["primaryKey"] = list(primary)
    if others := [list(key) for key in keys if key != primary]:
        schema["uniqueKeys"] = others
    references = [
        {
            "fields": [reference.column],
            "reference": {
                "resource": "" if reference.table == table.name else reference.table,
                "fields": [reference.referred],
            },
        }
        for reference in table.keys.references
        if reference.column in names and reference.table in handed_out
    ]
    if references:
        schema["foreignKeys"] = references
    return schema


def _field(column: HandedOutColumn, table: HandedOutTable, codes: Mapping[str, Mapping[str, str]]) -> Node:
    described = column.described
    field: Node = {
        "name": column.name,
        "type": _type_of(column.data_type),
        "title": described.label_vi or column.name,
        "description": described.description_vi or described.description,
        "description_en": described.description,
    }
    constraints: Node = {"required": True} if column.is_required else {}
    if values := table.keys.accepted.get(column.name):
        constraints["enum"] = list(values)
    if constraints:
        field["constraints"] = constraints
    uom = unit_of_measure(column.name, table.column_names)
    if uom:
        field["unit"] = f"theo cột {UOM}" if uom == UOM else uom
    if labels := codes.get(described.code_domain or ""):
        field["categories"] = [{"value": code, "label": label} for code, label in labels.items()]
    return field


def _type_of(data_type: str) -> str:
    if data_type in _WHOLE:
        return "integer"
    return _TYPES.get(data_type, "number")
