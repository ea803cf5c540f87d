"""What Superset is to import: as it would be written now, in plain Vietnamese, and true of an edition's tables."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from ingest.home import DBT_PROJECT, PROJECT_ROOT
from publish.catalogue.dictionary import read_declared_tables
from publish.dashboards.__main__ import main
from publish.dashboards.bundle import BUNDLE, stale_files, write_bundle
from publish.editions.contents.unit_views import unit_views
from publish.editions.edition import PUBLISHED_SCHEMAS
from tests.plain_vietnamese import slips_of_text


def read(kind: str) -> list[dict[str, Any]]:
    return [
        yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted((BUNDLE / kind).rglob("*.yaml"))
    ]


@pytest.fixture(scope="module")
def edition() -> Iterator[duckdb.DuckDBPyConnection]:
    """An edition without rows: every published table and column, with its type."""
    declared = read_declared_tables(DBT_PROJECT / "models", PUBLISHED_SCHEMAS)
    with duckdb.connect() as connection:
        for schema in (*PUBLISHED_SCHEMAS, "meta"):
            connection.execute(f"create schema {schema}")
        for table in (*declared, *unit_views(declared)):
            columns = ", ".join(f'"{column.name}" {column.data_type}' for column in table.columns)
            connection.execute(f"create table {table.schema_name}.{table.name} ({columns})")
        yield connection


def source_of(dataset: dict[str, Any]) -> str:
    return f"({dataset['sql']})" if dataset["sql"] else f"{dataset['schema']}.{dataset['table_name']}"


def test_what_is_checked_in_is_what_would_be_written() -> None:
    assert stale_files() == ()
    assert main(["--check"]) == 0


def test_a_file_that_was_changed_or_does_not_belong_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_bundle(tmp_path)
    (tmp_path / "metadata.yaml").write_text("changed", encoding="utf-8")
    (tmp_path / "charts" / "old.yaml").write_text("old", encoding="utf-8")
    assert stale_files(tmp_path) == ("charts/old.yaml", "metadata.yaml")
    write_bundle(tmp_path)
    assert stale_files(tmp_path) == ()


def test_every_published_table_of_core_and_reviews_is_a_dataset() -> None:
    declared = read_declared_tables(DBT_PROJECT / "models", PUBLISHED_SCHEMAS)
    wanted = {(table.schema_name, table.name) for table in (*declared, *unit_views(declared))}
    datasets = read("datasets")
    assert {(d["schema"], d["table_name"]) for d in datasets if d["schema"]} == {
        place for place in wanted if place[0] != "meta"
    }
    assert len({d["uuid"] for d in datasets}) == len(datasets)


def test_columns_and_types_are_those_of_the_edition(edition: duckdb.DuckDBPyConnection) -> None:
    for dataset in read("datasets"):
        found = edition.execute(f"describe select * from {source_of(dataset)}").fetchall()
        told = [(c["column_name"], c["type"].replace(" ", "")) for c in dataset["columns"]]
        assert sorted((name, kind.replace(" ", "")) for name, kind, *_ in found) == sorted(told), dataset[
            "table_name"
        ]


def test_every_metric_can_be_asked(edition: duckdb.DuckDBPyConnection) -> None:
    asked = 0
    for dataset in read("datasets"):
        for metric in dataset["metrics"]:
            edition.execute(f"select {metric['expression']} from {source_of(dataset)}")
            asked += 1
    assert asked > 300


def test_no_metric_adds_up_a_stock_over_half_years_or_a_ratio() -> None:
    stocks = {"opening_members", "closing_members", "members", "carried_value"}
    for dataset in read("datasets"):
        assert dataset["extra"] == {"disallow_adhoc_metrics": True}
        for metric in dataset["metrics"]:
            sql = metric["expression"]
            summed = set(re.findall(r"sum\((\w+)\)", sql))
            assert not summed & {"attainment", "share", "share_of_area", "rank", "target", "value"} or (
                "count(distinct" in sql
            ), metric
            if summed & stocks or "carried_value" in sql:
                assert sql.startswith("case when count(distinct period_code) = 1 then "), metric
            assert "avg(" not in sql


def test_a_stock_is_not_added_over_half_years(edition: duckdb.DuckDBPyConnection) -> None:
    dataset = next(d for d in read("datasets") if d["table_name"] == "indicator_values")
    metrics = {m["metric_name"]: m["expression"] for m in dataset["metrics"]}
    edition.execute("begin")
    for period, value in (("2022H2", 100), ("2023H1", 110)):
        for code in ("members_closing", "new_members"):
            edition.execute(
                "insert into reviews.indicator_values (unit_key, period_code, indicator_code, programme_code,"
                " is_area_total, value) values ('U1', ?, ?, 'all', false, ?), ('U2', ?, ?, 'all', false, 1),"
                " ('U0', ?, ?, 'all', true, ?)",
                [period, code, value, period, code, period, code, value + 1],
            )
    asked = f"select {metrics['members_closing']}, {metrics['new_members']} from reviews.indicator_values"
    assert edition.execute(asked).fetchone() == (None, 212)
    assert edition.execute(f"{asked} where period_code = '2023H1'").fetchone() == (111, 111)
    edition.execute("rollback")


def test_withheld_not_reported_and_none_are_three_things(edition: duckdb.DuckDBPyConnection) -> None:
    dataset = next(d for d in read("datasets") if d["table_name"] == "compositions")
    edition.execute("begin")
    edition.execute("insert into core.dim_unit (unit_key, unit_label) values ('U1', 'Xã A')")
    for part, is_suppressed, code in (
        (None, True, "a"),
        (None, False, "b"),
        (12, False, "c"),
        (0, False, "d"),
    ):
        edition.execute(
            "insert into reviews.member_composition (unit_key, period_code, value, total, is_suppressed,"
            " category_code, label_vi) values ('U1', '2023H1', ?, 1234, ?, ?, ?)",
            [part, is_suppressed, code, code],
        )
    shown = edition.execute(
        f"select part_vi, part_text_vi, total_text_vi from {source_of(dataset)} order by 1"
    ).fetchall()
    edition.execute("rollback")
    assert shown == [
        ("a", "không công bố vì dưới mức tối thiểu", "1.234"),
        ("b", "–", "1.234"),
        ("c", "12", "1.234"),
    ]


def test_figures_print_as_in_the_reports(edition: duckdb.DuckDBPyConnection) -> None:
    dataset = next(d for d in read("datasets") if d["table_name"] == "halfyear_figures")
    edition.execute("begin")
    edition.execute("insert into core.dim_unit (unit_key, unit_label) values ('U655', 'Huyện Krông Ana')")
    edition.execute(
        "insert into reviews.halfyear_review (unit_key, period_code, indicator_code, value, target, attainment, change)"
        " values ('U655', '2023H1', 'new_members', 382, 189, 382 / 189, 44),"
        " ('U655', '2023H1', 'road_km', 63.65, null, null, -1234.5), ('U655', '2023H1', 'cleanups', null, null, null, null)"
    )
    shown = edition.execute(
        f"select value_vi, target_vi, attainment_vi, change_vi, note_vi from {source_of(dataset)} order by indicator_code"
    ).fetchall()
    edition.execute("rollback")
    assert shown == [
        ("–", "–", "–", "–", "chưa báo cáo"),
        ("382", "189", "202,11\u00a0%", "+44", ""),
        ("63,65", "–", "–", "-1.234,5", ""),
    ]


def test_charts_and_filters_ask_for_what_is_there() -> None:
    datasets = {d["uuid"]: d for d in read("datasets")}
    charts = {c["uuid"]: c for c in read("charts")}
    shown: set[str] = set()
    dashboards = read("dashboards")
    assert {d["slug"]: d["dashboard_title"] for d in dashboards} == {
        "tien-do": "Tiến độ gửi báo cáo",
        "so-ket": "Sơ kết 6 tháng",
        "tong-ket": "Tổng kết chương trình",
    }
    for dashboard in dashboards:
        stood = [
            node["meta"]
            for node in dashboard["position"].values()
            if isinstance(node, dict) and "uuid" in node.get("meta", {})
        ]
        shown |= {meta["uuid"] for meta in stood}
        # the one that says which edition is shown
        assert any(charts[meta["uuid"]]["slice_name"] == "Bản số liệu đang hiển thị" for meta in stood)
        for described in dashboard["metadata"]["native_filter_configuration"]:
            target = described["targets"][0]
            columns = {c["column_name"] for c in datasets[target["datasetUuid"]]["columns"]}
            assert target["column"]["name"] in columns
            metrics = {m["metric_name"] for m in datasets[target["datasetUuid"]]["metrics"]}
            assert described["sortMetric"] is None or described["sortMetric"] in metrics
            assert set(described["chartsInScope"]).isdisjoint(described["scope"]["excluded"])
    assert shown == set(charts)
    assert all(chart["dataset_uuid"] in datasets for chart in charts.values())


def test_what_people_read_is_plain() -> None:
    texts = [
        text
        for dataset in read("datasets")
        for text in (
            dataset["description"],
            *(m[name] for m in dataset["metrics"] for name in ("verbose_name", "description")),
            *(c[name] or "" for c in dataset["columns"] for name in ("verbose_name", "description")),
        )
    ]
    texts += [chart["slice_name"] for chart in read("charts")]
    texts += [
        text
        for dashboard in read("dashboards")
        for text in (
            dashboard["dashboard_title"],
            dashboard["description"],
            *(f["name"] for f in dashboard["metadata"]["native_filter_configuration"]),
        )
    ]
    assert len(texts) > 1500
    assert all(texts[0:1])
    assert {found for text in texts for found in slips_of_text(text)} == set()


def test_the_connection_reads_one_edition_and_nothing_else(tmp_path: Path) -> None:
    [database] = read("databases")
    assert database["sqlalchemy_uri"].endswith("?access_mode=read_only")
    assert not any(database[name] for name in ("allow_dml", "allow_ctas", "allow_cvas", "allow_csv_upload"))
    path = tmp_path / "edition.duckdb"
    with duckdb.connect(str(path)) as made:
        made.execute("create table t as select 1 as a")
    locked = database["extra"]["engine_params"]["connect_args"]["config"]
    secret = [("password",)]  # a variable of the program that asks
    with duckdb.connect(str(path), read_only=True, config=locked) as connection:
        assert connection.execute("select a from t").fetchone() == (1,)
        for attack in (
            "from read_csv('/etc/passwd')",
            "from read_text('/etc/passwd')",
            "from '/etc/passwd'",
            "from glob('/etc/*')",
            "from secret",
            f"attach '{tmp_path}/other.duckdb'",
            "copy t to '/tmp/stolen.csv'",
            f"export database '{tmp_path}/all'",
            "install httpfs",
            "load httpfs",
            "set enable_external_access = true",
            "reset lock_configuration",
            "create table s (a int)",
            "insert into t values (2)",
            "drop table t",
        ):
            with pytest.raises(duckdb.Error):
                connection.execute(attack)
    assert secret


def test_superset_and_the_project_open_editions_with_the_same_duckdb() -> None:
    pinned = re.search(
        r"^duckdb==(\S+)", (PROJECT_ROOT / "bi" / "requirements.txt").read_text(encoding="utf-8"), re.M
    )
    assert pinned is not None
    assert pinned[1] == duckdb.__version__


def test_a_trend_is_told_with_the_remarks_of_the_reports() -> None:
    sentences = yaml.safe_load(
        (PROJECT_ROOT / "publish" / "reports" / "sentences" / "figures_vi.yml").read_text(encoding="utf-8")
    )
    [dashboard] = [found for found in read("dashboards") if found["slug"] == "tong-ket"]
    notes = [
        node["meta"]["code"]
        for node in dashboard["position"].values()
        if isinstance(node, dict) and node["type"] == "MARKDOWN"
    ]
    assert notes == [remark["told"] for remark in sentences["remarks"]]
