"""Data packages: what leaves the house, what does not, and that it says so in the words of its standards."""

import csv
import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from build.inputs import gather_inputs
from ingest.home import WarehouseHome
from publish.catalogue.keys import Reference, read_keys
from publish.editions.edition import Edition
from publish.editions.issue import publish_edition
from publish.opendata.__main__ import main
from publish.opendata.hxl import tags_of
from publish.opendata.package import NoDictionaryError, PackageFiles, write_package
from publish.opendata.settings import LICENCE, PUBLISHER, UnknownLicenceError, licence_set, publisher_set
from tests.publish.small_warehouse import run_sql

INSTANT = datetime(2023, 6, 15, tzinfo=UTC)
# what a warehouse as small as this one lacks of what a package tells of its edition
MADE_UP = """
create table core.dim_code (domain varchar, code varchar, label_vi varchar, sort_order integer);
insert into core.dim_code values ('unit_kind', 'territorial', 'Có địa bàn', 1), ('unit_kind', 'base', 'Không có địa bàn', 2);
alter table core.dim_unit add column is_area boolean;
update core.dim_unit set is_area = unit_key = 'U655', unit_kind = 'territorial';
alter table core.dim_period add column has_data boolean;
alter table core.dim_period add column period_start date;
alter table core.dim_period add column period_kind varchar;
update core.dim_period set has_data = true, period_kind = 'half_year', period_start = period_end - 180 where period_code <> '2023';
alter table core.dim_member add column unit_key varchar;
"""


def column(name: str, **meta: object) -> dict[str, object]:
    return {
        "name": name,
        "description": f"The {name}.",
        "config": {"meta": {"label_vi": name.upper(), **meta}},
    }


def model(schema: str, name: str, *columns: dict[str, object]) -> dict[str, object]:
    return {
        "resource_type": "model", "schema": schema, "alias": name, "name": name, "description": f"One row per {name}.",
        "config": {"meta": {"label_vi": f"Bảng {name}"}}, "columns": {str(of["name"]): of for of in columns},
    }  # fmt: skip


def stated(table: str, kind: str, **arguments: object) -> dict[str, object]:
    return {
        "resource_type": "test", "schema": "tests", "alias": f"{kind}_{table}", "attached_node": f"model.warehouse.{table}",
        "config": {}, "test_metadata": {"name": kind, "kwargs": arguments},
    }  # fmt: skip


MANIFEST = {
    "nodes": {
        "1": model(
            "core", "dim_unit", column("unit_key"), column("unit_name"), column("unit_kind", code_domain="unit_kind")
        ),
        "2": model(
            "reviews", "halfyear_review", column("unit_key"), column("period_code"), column("indicator_code"),
            column("uom"), column("value"), column("attainment"), column("is_area_total"),
        ),
        "3": model("core", "dim_member", column("member_key", is_pseudonym=True), column("unit_key")),
        "4": model(
            "core", "fct_movement_activities", column("activity_key"), column("description", is_free_text=True),
            column("village", is_free_text=True),
        ),
        "5": model("reviews", "conservation_ledger", column("rows_seen", is_free_text=True)),
        "6": stated("dim_unit", "unique", column_name="unit_key"),
        "7": stated("dim_unit", "accepted_values", column_name="unit_kind", values=["territorial", "base"]),
        "8": stated(
            "halfyear_review", "unique_combination", columns=["unit_key", "period_code", "indicator_code"]
        ),
        "9": stated(
            "halfyear_review", "relationships", column_name="unit_key", to="ref('dim_unit')", field="unit_key"
        ),
        "10": stated("halfyear_review", "relationships", column_name="period_code", to="ref('dim_period')", field="period_code"),
        "11": stated("fct_movement_activities", "unique", column_name="village"),
    }
}  # fmt: skip


def publish(home: WarehouseHome) -> Edition:
    run_sql(home, MADE_UP)
    manifest = home.dbt / "target" / "manifest.json"
    manifest.write_text(json.dumps(MANIFEST), encoding="utf-8")
    return publish_edition(home, gather_inputs(home, INSTANT), INSTANT, "v1")


@pytest.fixture
def edition(home: WarehouseHome) -> Edition:
    return publish(home)


@pytest.fixture(scope="module")
def package(built_home: WarehouseHome, tmp_path_factory: pytest.TempPathFactory) -> PackageFiles:
    """A package that tests only read."""
    home = WarehouseHome(shutil.copytree(built_home.root, tmp_path_factory.mktemp("packaged") / "home"))
    return write_package(home, publish(home))


def descriptor(written: PackageFiles) -> dict[str, object]:
    read: dict[str, object] = json.loads((written.folder / "datapackage.json").read_text(encoding="utf-8"))
    return read


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_tables_leave_without_persons_and_without_what_branches_typed(package: PackageFiles) -> None:
    assert sorted(path.name for path in (package.folder / "csv").iterdir()) == [
        "core.dim_unit.csv",
        "reviews.halfyear_review.csv",
    ]
    assert {"core.dim_member", "core.fct_movement_activities", "reviews.conservation_ledger"} <= set(
        package.left_out
    )
    written = b"".join(path.read_bytes() for path in package.folder.rglob("*") if path.is_file())
    assert b"k1" not in written and "Buôn Tơ Lơ".encode() not in written


def test_csv_is_for_programs_and_null_is_nothing(package: PackageFiles) -> None:
    rows = rows_of(package.folder / "csv" / "reviews.halfyear_review.csv")
    figures = {(row["unit_key"], row["period_code"]): (row["value"], row["is_area_total"]) for row in rows}
    assert figures == {
        ("U655", "2023H1"): ("382", "true"),
        ("U24565", "2023H1"): ("41", "false"),
        ("U655", "2022H2"): ("", "true"),
    }


def test_parquet_beside_it_holds_the_same(package: PackageFiles) -> None:
    frame = pd.read_parquet(package.folder / "parquet" / "reviews.halfyear_review.parquet")
    assert sorted(frame["value"].dropna()) == [41.0, 382.0]
    assert "description" not in frame.columns


def test_the_descriptor_says_types_keys_lists_and_units(package: PackageFiles) -> None:
    told = descriptor(package)
    resources = {resource["name"]: resource for resource in told["resources"]}  # type: ignore[attr-defined]
    review = resources["reviews.halfyear_review"]["schema"]
    assert review["primaryKey"] == ["unit_key", "period_code", "indicator_code"]
    # dim_period is not described in this warehouse and stays at home: nothing refers to what is not there
    assert review["foreignKeys"] == [
        {"fields": ["unit_key"], "reference": {"resource": "core.dim_unit", "fields": ["unit_key"]}}
    ]
    fields = {field["name"]: field for field in review["fields"]}
    assert {name: field["type"] for name, field in fields.items()} == {
        "unit_key": "string", "period_code": "string", "indicator_code": "string", "uom": "string",
        "value": "number", "attainment": "number", "is_area_total": "boolean",
    }  # fmt: skip
    assert fields["value"]["unit"] == "theo cột uom"
    assert fields["unit_key"]["constraints"] == {"required": True}
    kind = next(f for f in resources["core.dim_unit"]["schema"]["fields"] if f["name"] == "unit_kind")
    assert kind["constraints"]["enum"] == ["territorial", "base"]
    assert kind["categories"] == [
        {"value": "territorial", "label": "Có địa bàn"},
        {"value": "base", "label": "Không có địa bàn"},
    ]
    assert kind["title"] == "UNIT_KIND"


def test_no_licence_is_granted_until_somebody_does(package: PackageFiles) -> None:
    told = descriptor(package)
    assert told["licenses"][0]["name"] == "notspecified"  # type: ignore[index]
    entry = json.loads((package.folder / "dcat.jsonld").read_text(encoding="utf-8"))
    assert "dcterms:license" not in entry
    assert entry["dcterms:accessRights"]["@id"].endswith("/RESTRICTED")
    assert entry["dcterms:publisher"]["foaf:name"] == "Hội Liên hiệp Phụ nữ huyện Krông Ana"


def test_an_office_names_its_licence_and_itself(
    home: WarehouseHome, edition: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(LICENCE, "cc-by-4.0")
    monkeypatch.setenv(PUBLISHER, "Hội LHPN tỉnh Đắk Lắk")
    written = write_package(home, edition)
    told = descriptor(written)
    assert told["licenses"] == [
        {
            "name": "CC-BY-4.0",
            "title": "Creative Commons Attribution 4.0",
            "path": "https://creativecommons.org/licenses/by/4.0/",
        }
    ]
    entry = json.loads((written.folder / "dcat.jsonld").read_text(encoding="utf-8"))
    assert entry["dcterms:license"] == {"@id": "https://creativecommons.org/licenses/by/4.0/"}
    assert entry["dcterms:accessRights"]["@id"].endswith("/PUBLIC")
    assert entry["dcterms:publisher"]["foaf:name"] == "Hội LHPN tỉnh Đắk Lắk"


def test_an_unknown_licence_is_refused_with_those_there_are() -> None:
    with pytest.raises(UnknownLicenceError, match=r"MIT.*CC-BY-4\.0"):
        licence_set({LICENCE: "MIT"})
    assert publisher_set("3 xã địa bàn Krông Ana cũ", {}) == "Hội Liên hiệp Phụ nữ 3 xã địa bàn Krông Ana cũ"


def test_the_catalogue_entry_names_every_file_with_its_checksum(package: PackageFiles) -> None:
    entry = json.loads((package.folder / "dcat.jsonld").read_text(encoding="utf-8"))
    addresses = {file["dcat:downloadURL"]["@id"] for file in entry["dcat:distribution"]}
    assert addresses | {"dcat.jsonld"} == {
        path.relative_to(package.folder).as_posix() for path in package.folder.rglob("*") if path.is_file()
    }
    assert entry["dcterms:temporal"] == {
        "@type": "dcterms:PeriodOfTime",
        "dcat:startDate": {"@type": "xsd:date", "@value": "2022-06-17"},
        "dcat:endDate": {"@type": "xsd:date", "@value": "2023-06-14"},
    }


def test_hashtags_stand_below_the_header_of_reviews_when_asked_for(
    home: WarehouseHome, edition: Edition
) -> None:
    written = write_package(home, edition, is_tagged=True)
    review, unit = (
        written.folder / "csv" / f"{name}.csv" for name in ("reviews.halfyear_review", "core.dim_unit")
    )
    assert review.read_text(encoding="utf-8").splitlines()[1] == (
        "#org+unit+code,#date+halfyear+code,#indicator+code,#indicator+unit+i_vi,#indicator+value+num,"
        "#indicator+attainment+ratio+num,#meta+total"
    )
    assert "#" not in unit.read_text(encoding="utf-8")
    resources = {resource["name"]: resource for resource in descriptor(written)["resources"]}  # type: ignore[attr-defined]
    assert resources["reviews.halfyear_review"]["dialect"] == {"commentRows": [2]}
    assert "dialect" not in resources["core.dim_unit"]
    assert tags_of(["nothing", "value"]) == ",#indicator+value+num"


def test_a_package_that_is_written_again_is_replaced_whole(home: WarehouseHome, edition: Edition) -> None:
    write_package(home, edition)
    stray = home.packages / edition.edition_id / "csv" / "of_before.csv"
    stray.write_text("a", encoding="utf-8")
    written = write_package(home, edition)
    assert not stray.exists()
    assert [path.name for path in home.packages.iterdir()] == [written.folder.name]


def test_without_a_dictionary_nothing_is_handed_out(home: WarehouseHome, edition: Edition) -> None:
    (home.dbt / "target" / "manifest.json").unlink()
    with pytest.raises(NoDictionaryError, match="từ điển dữ liệu"):
        write_package(home, edition)
    assert not home.packages.exists()


def test_the_command_says_what_it_wrote_and_refuses_plainly(
    home: WarehouseHome, edition: Edition, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WAREHOUSE_HOME", str(home.root))
    assert main(["package"]) == 0
    said = capsys.readouterr().out
    assert f"Bộ số liệu để chia sẻ: {home.packages / edition.edition_id}" in said
    assert "bản khác" not in said
    (home.packages / edition.edition_id).rename(home.packages / "edition_of_before")
    assert main(["package"]) == 0
    assert "Đã có bộ số liệu của bản khác: edition_of_before." in capsys.readouterr().out
    assert main(["package", "--edition", "edition_x"]) == 1
    assert "Không có bản số liệu “edition_x”" in capsys.readouterr().err
    monkeypatch.setenv(LICENCE, "MIT")
    assert main(["package"]) == 2
    assert LICENCE in capsys.readouterr().err


def test_keys_are_those_that_tests_of_dbt_state(home: WarehouseHome, edition: Edition) -> None:
    keys = read_keys(home.dbt / "target" / "manifest.json")
    assert keys["core.dim_unit"].unique == [("unit_key",)]
    assert keys["reviews.halfyear_review"].references == [Reference("unit_key", "core.dim_unit", "unit_key")]
