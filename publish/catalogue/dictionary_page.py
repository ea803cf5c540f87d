"""The data dictionary as one web page that needs nothing but itself: no script, no font, no address outside.

What it says comes from dbt's manifest and from the contracts of the forms (``publish.catalogue.dictionary``,
``ingest.contracts.forms``); here stands only how it is put in Vietnamese. How it looks is the template's business.
"""

from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ingest.contracts.forms import Contracts, FormField
from publish.catalogue.dictionary import PublishedColumn, PublishedTable

TEMPLATES = Path(__file__).with_name("templates")
SCHEMA_TITLES = {
    "core": "Bảng gốc để phân tích (core)",
    "reviews": "Bảng tổng hợp, đánh giá và đối chiếu (reviews)",
    "meta": "Về bản số liệu (meta)",
}
TYPES_VI = {
    "varchar": "chữ",
    "string": "chữ",
    "integer": "số nguyên",
    "bigint": "số nguyên",
    "hugeint": "số nguyên",
    "number": "số",
    "double": "số thực",
    "boolean": "có hoặc không",
    "date": "ngày",
    "datetime": "ngày giờ",
    "year_or_date": "năm hoặc ngày",
    "timestamp with time zone": "ngày giờ (UTC)",
}
DECIMAL_VI = "số thập phân chính xác"
# the unit stands at the end of a column's name
UNITS_VI = {"_vnd": "đồng", "_kg": "kg", "_km": "km", "_bytes": "byte"}
PERSONAL_VI = {"personal": "cá nhân: không công bố", "sensitive": "nhạy cảm: không công bố", "none": ""}
REFERENCE_LISTS_VI = {
    "ethnic_groups": "danh mục 54 dân tộc",
    "religions": "danh mục tôn giáo",
    "programmes": "danh mục phong trào, đề án",
    "indicators": "danh mục chỉ tiêu",
    "units": "danh mục đơn vị",
}


class UndescribedError(RuntimeError):
    """A published table or column has no description, no Vietnamese sentence or label, or no type; names each."""


@dataclass(frozen=True, slots=True)
class _Schema:
    name: str
    title: str
    tables: tuple[PublishedTable, ...]


def render_dictionary(tables: tuple[PublishedTable, ...], contracts: Contracts, area: str) -> str:
    """Write the page.

    Args:
        tables: everything that is published.
        contracts: the forms that branches fill in.
        area: whose warehouse it is, *huyện Krông Ana*; stands in the title.

    Raises:
        UndescribedError: something would stand on the page without being explained.
    """
    _confirm_described(tables)
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
    environment.filters.update(
        in_words=_type_in_words,
        unit_of_measure=_unit_of_measure,
        personal_class=_personal_class,
        allowed_values=lambda field: _allowed_values(field, contracts),
    )
    return environment.get_template("data_dictionary.html.j2").render(
        area=area,
        tables=tables,
        column_count=sum(len(table.columns) for table in tables),
        schemas=[
            _Schema(name, title, tuple(table for table in tables if table.schema_name == name))
            for name, title in SCHEMA_TITLES.items()
        ],
        forms=contracts.forms,
        form_titles={
            f"{form.name}.{field.name}": f"{form.title} – {field.title}"
            for form in contracts.forms
            for field in form.fields
        },
        personal_classes=PERSONAL_VI,
    )


def _confirm_described(tables: tuple[PublishedTable, ...]) -> None:
    missing = [
        f"{table.schema_name}.{table.name}"
        for table in tables
        if not (table.description and table.description_vi and table.label_vi and table.columns)
    ] + [
        f"{table.schema_name}.{table.name}.{column.name}"
        for table in tables
        for column in table.columns
        if not (column.description and column.description_vi and column.label_vi and column.data_type)
    ]
    if missing:
        raise UndescribedError("without description, label or type: " + ", ".join(missing))


def _type_in_words(data_type: str) -> str:
    if data_type.startswith("decimal"):
        return DECIMAL_VI
    return TYPES_VI.get(data_type, data_type)


def _unit_of_measure(column: PublishedColumn) -> str:
    for ending, unit in UNITS_VI.items():
        if column.name.endswith(ending):
            return unit
    return ""


def _personal_class(column: PublishedColumn) -> str:
    if column.is_pseudonym:
        return "mã thay tên, vẫn là dữ liệu cá nhân"
    return "chữ do đơn vị ghi; tên hội viên đã được ẩn" if column.is_free_text else ""


def _allowed_values(field: FormField, contracts: Contracts) -> str:
    if field.choices is None:
        return "12 chữ số" if field.constraints.pattern == "[0-9]{12}" else ""
    if field.choices in REFERENCE_LISTS_VI:
        return REFERENCE_LISTS_VI[field.choices]
    labels = ", ".join(choice.label for choice in contracts.choice_lists[field.choices].values())
    return f"{labels}, …" if field.open_choice else labels
