"""Every code that is published has a label: the columns as they were built, against core.dim_code."""

import json
import re

import pytest
import yaml

from ingest.contracts.forms import load_contracts
from ingest.contracts.verdicts import ReasonCode
from publish.catalogue.dictionary import META_TABLES, PublishedTable, read_published_tables
from tests.dbt_project.conftest import BuiltWarehouse

# what a column of text may hold that is no code: keys and identifiers, names and sentences, codes with a table of their own
NO_CODES = re.compile(
    r"(_key|_keys|_id|_ids|_vi|_en|_name|_label)$|^(cell|hint|cause|edition_id|village|uom|domain|code|column_name)$"
)
CODES_OF_NO_LIST = {
    "period_code": "dim_period",
    "return_period_code": "dim_period",
    "founded_period_code": "dim_period",
    "first_period_code": "dim_period",
    "last_period_code": "dim_period",
    "last_year_period_code": "dim_period",
    "year_period_code": "dim_period",
    "source_period_code": "dim_period",
    "window_start": "dim_period",
    "window_end": "dim_period",
    "indicator_code": "dim_indicator",
    "programme_code": "dim_programme",
    "unit_code": "dim_unit",
}


@pytest.fixture(scope="module")
def tables(today: BuiltWarehouse) -> tuple[PublishedTable, ...]:
    manifest = today.home.dbt / "target" / "manifest.json"
    return tuple(
        t for t in read_published_tables(manifest, frozenset({"core", "reviews"})) if t.schema_name != "meta"
    )


def test_every_published_column_of_codes_names_their_list(tables: tuple[PublishedTable, ...]) -> None:
    columns = [(table, column) for table in tables for column in table.columns]
    unnamed = [
        f"{table.name}.{column.name}"
        for table, column in columns
        if column.data_type == "varchar"
        and column.code_domain is None
        and not column.is_free_text
        and not NO_CODES.search(column.name)
        and column.name not in CODES_OF_NO_LIST
    ]
    assert unnamed == []
    assert sum(column.code_domain is not None for _, column in columns) > 35


def test_every_code_that_was_published_has_its_label(
    today: BuiltWarehouse, tables: tuple[PublishedTable, ...]
) -> None:
    found = {}
    inspected = 0
    for table in tables:
        for column in table.columns:
            if column.code_domain is None:
                continue
            domain = (
                column.code_domain.removeprefix("/")
                if column.code_domain.startswith("/")
                else f"'{column.code_domain}'"
            )
            unlabelled = today.rows(
                f"select distinct {domain}, {column.name} from {table.schema_name}.{table.name}"
                f" where {column.name} is not null and {domain} is not null"
                f" and ({domain}, {column.name}) not in (select (domain, code) from core.dim_code)"
            )
            inspected += 1
            if unlabelled:
                found[f"{table.name}.{column.name}"] = unlabelled
    assert found == {}
    assert inspected > 35


def test_a_build_looks_for_codes_without_a_label(
    today: BuiltWarehouse, tables: tuple[PublishedTable, ...]
) -> None:
    manifest = json.loads((today.home.dbt / "target" / "manifest.json").read_text(encoding="utf-8"))
    tested = {
        manifest["nodes"][node["attached_node"]]["name"]
        for node in manifest["nodes"].values()
        if (node.get("test_metadata") or {}).get("name") == "codes_have_labels"
    }
    coded = {table.name for table in tables if any(column.code_domain for column in table.columns)}
    assert len(coded) > 15
    assert tested == coded


def test_every_reason_that_reading_can_give_has_a_label(today: BuiltWarehouse) -> None:
    known = {code for (code,) in today.rows("select code from core.dim_code where domain = 'reason'")}
    assert {reason.value for reason in ReasonCode} <= known


def test_every_list_of_the_forms_is_a_domain(today: BuiltWarehouse) -> None:
    domains = {domain for (domain,) in today.rows("select distinct domain from core.dim_code")}
    assert set(load_contracts().choice_lists) <= domains
    of_meta = {
        column["code_domain"]
        for table in yaml.safe_load(META_TABLES.read_text(encoding="utf-8")).values()
        for column in table["columns"].values()
        if "code_domain" in column
    }
    assert of_meta
    assert of_meta <= domains


def test_what_an_indicator_counts_is_said_in_both_languages(today: BuiltWarehouse) -> None:
    descriptions = {
        code: (str(vi), str(en))
        for code, vi, en in today.rows(
            "select indicator_code, definition_vi, definition_en from core.dim_indicator"
        )
    }
    assert descriptions["pledged_households"] == (
        "“Biểu 05: Hoạt động phong trào”: tổng kết quả (số lượng) của các dòng có Kết quả (ĐVT): hộ; "
        "Loại hoạt động: ký cam kết; kể cả hoạt động chỉ có trong sổ theo dõi hoạt động. "
        "Tính vào kỳ báo cáo có ngày ghi ở từng dòng. Đơn vị tính: hộ.",
        "Form movement_activities: total result (quantity), rows with activity type: pledge; uom: household; "
        "activities that only a log tells of are among them. Counts in the half-year that holds the day of the row.",
    )
    vi, en = descriptions["support_total_vnd"]
    assert "Hình thức hỗ trợ: học bổng, mái ấm tình thương, mẹ đỡ đầu, quà, tiền mặt. " in vi
    assert "kind: cash, gift, godmother, housing, scholarship. " in en
    assert "kết quả (số lượng) của dòng có ĐVT là đồng" in descriptions["scrap_money_vnd"][0]
    assert "Tính theo báo cáo của kỳ." in descriptions["clubs_operating"][0]
    assert "tất cả các dòng" in descriptions["protection_cases"][0]
