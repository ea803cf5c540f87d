"""Views of units alone, for tools in which people drag and drop: what they add up holds no total of a district.

Every table of ``reviews`` that holds totals beside their parts has such a view, named ``…_units``.
"""

from collections.abc import Collection
from dataclasses import replace

import duckdb

from publish.catalogue.dictionary import PublishedTable

_SUFFIX = "_units"
_MARK = "is_area_total"


def unit_views(tables: Collection[PublishedTable]) -> tuple[PublishedTable, ...]:
    """Describe the view that each table with totals has, as the table itself is described."""
    return tuple(
        replace(
            table,
            name=f"{table.name}{_SUFFIX}",
            description=f"One row per row of {table.name} that is a unit's, none that is an area's.{_word_of_sums(table)}",
            label_vi=f"{table.label_vi} (chỉ các đơn vị)",
            description_vi=f"Mỗi dòng là một dòng của bảng “{table.label_vi}” thuộc về một đơn vị; không có dòng"
            f" toàn địa bàn.{_word_of_sums_vi(table)}",
        )
        for table in tables
        if table.schema_name == "reviews" and any(column.name == _MARK for column in table.columns)
    )


def _word_of_sums(table: PublishedTable) -> str:
    return (
        " Add up additive_value: in value the stock of units that did not report is missing."
        if _has_sums(table)
        else ""
    )


def _word_of_sums_vi(table: PublishedTable) -> str:
    return (
        " Khi cộng thì dùng cột Giá trị cộng được giữa các đơn vị: số thực hiện còn thiếu số của đơn vị chưa gửi báo cáo."
        if _has_sums(table)
        else ""
    )


def _has_sums(table: PublishedTable) -> bool:
    return any(column.name == "additive_value" for column in table.columns)


def create_unit_views(connection: duckdb.DuckDBPyConnection, catalog: str) -> None:
    """Make the views in a catalog, beside its tables."""
    tables = connection.execute(
        "select table_name from duckdb_columns() where database_name = ? and schema_name = 'reviews'"
        " and column_name = ? order by all",
        [catalog, _MARK],
    ).fetchall()
    # named without their catalog, tables are found under whatever name the file is opened
    connection.execute(f"use {catalog}")
    for (table,) in tables:
        connection.execute(
            f'create view reviews."{table}{_SUFFIX}" as select * from reviews."{table}" where not {_MARK}'
        )
    connection.execute("use memory")
