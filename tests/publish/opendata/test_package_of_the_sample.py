"""The data package of the sample, held to its standards by programs of other people."""

import json
import re
import subprocess
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import frictionless
import pytest
from frictionless import Package

from ingest.database import open_read_only
from ingest.home import PROJECT_ROOT
from publish.editions.current import require_edition
from publish.opendata.dhis2 import PayloadFiles, Reason, write_payload
from publish.opendata.package import PackageFiles, write_package
from tests.sample_run import Run

UV_WITH = (str(PROJECT_ROOT / ".tools" / "bin" / "uv"), "run", "--quiet", "--no-project", "--with")


@pytest.fixture(scope="module")
def package(first_run: Run) -> PackageFiles:
    return write_package(first_run.home, require_edition(first_run.home))


@pytest.fixture(scope="module")
def described(package: PackageFiles) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((package.folder / "datapackage.json").read_text(encoding="utf-8"))
    return read


def test_frictionless_finds_nothing_wrong_in_any_row(package: PackageFiles) -> None:
    report = Package(str(package.folder / "datapackage.json")).validate()
    assert report.valid, report.flatten(["name", "type", "note"])[:10]
    assert len(report.tasks) == 2 * package.tables


def test_frictionless_finds_a_figure_that_was_spoilt(package: PackageFiles, tmp_path: Path) -> None:
    source = package.folder / "csv" / "core.dim_indicator.csv"
    (tmp_path / "csv").mkdir()
    (tmp_path / "csv" / source.name).write_text(
        source.read_text(encoding="utf-8").replace(",flow,", ",flood,", 1), encoding="utf-8"
    )
    told = json.loads((package.folder / "datapackage.json").read_text(encoding="utf-8"))
    told["resources"] = [r for r in told["resources"] if r["name"] == "core.dim_indicator"]
    for key in ("hash", "bytes"):
        del told["resources"][0][key]
    told["resources"][0]["schema"].pop("foreignKeys", None)
    (tmp_path / "datapackage.json").write_text(json.dumps(told), encoding="utf-8")

    report = Package(str(tmp_path / "datapackage.json")).validate()

    assert [error[0] for error in report.flatten(["type"])] == ["constraint-error"]


def test_every_table_refers_to_its_dimensions(described: dict[str, Any]) -> None:
    tables = {
        resource["name"]: resource for resource in described["resources"] if resource.get("type") == "table"
    }
    review = tables["reviews.halfyear_review"]["schema"]
    assert review["primaryKey"] == ["unit_key", "period_code", "indicator_code"]
    assert {key["reference"]["resource"] for key in review["foreignKeys"]} == {
        "core.dim_unit", "core.dim_period", "core.dim_indicator",
    }  # fmt: skip
    untitled = [
        (name, field["name"])
        for name, table in tables.items()
        for field in table["schema"]["fields"]
        if field["title"] == field["name"] or not field["description"]
    ]
    assert untitled == []


DCAT_AS_TRIPLES = """
import sys, rdflib
catalogue = rdflib.Graph().parse(sys.argv[1], format="json-ld")
DCAT = rdflib.Namespace("http://www.w3.org/ns/dcat#")
((dataset,),) = catalogue.query("select ?d {?d a dcat:Dataset}", initNs={"dcat": DCAT})
files = list(catalogue.objects(dataset, DCAT.distribution))
print(len(files), len([file for file in files if (file, DCAT.byteSize, None) in catalogue]))
print(*sorted(title.language for title in catalogue.objects(dataset, rdflib.DCTERMS.title)))
"""


def test_a_reader_of_json_ld_finds_the_dataset_and_its_files(package: PackageFiles) -> None:
    entry = package.folder / "dcat.jsonld"
    told = subprocess.run(
        [*UV_WITH, "rdflib==7.6.0", "python", "-c", DCAT_AS_TRIPLES, str(entry)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.splitlines() == [f"{2 * package.tables + 1} {2 * package.tables}", "en vi"]


def test_files_hold_what_the_edition_holds(package: PackageFiles, first_run: Run) -> None:
    with open_read_only(first_run.home.current) as edition:
        expected = edition.execute(
            "select sum(value), count(*), count(value) from reviews.halfyear_review"
        ).fetchall()
    with duckdb.connect() as reader:
        for file in ("csv/reviews.halfyear_review.csv", "parquet/reviews.halfyear_review.parquet"):
            ((total, rows, known),) = reader.execute(
                f"select sum(value::decimal(20, 3)), count(*), count(value) from '{package.folder / file}'"
            ).fetchall()
            assert [(total, rows, known)] == expected


def test_nothing_about_persons_and_nothing_that_branches_typed_leaves(
    package: PackageFiles, described: dict[str, Any], first_run: Run
) -> None:
    assert package.left_out == (
        "core.dim_member", "core.fct_membership_changes", "reviews.members_by_village",
    )  # fmt: skip
    names = {
        field["name"] for r in described["resources"] if "schema" in r for field in r["schema"]["fields"]
    }
    assert (
        names & {"member_key", "description", "village", "file_name", "club_name", "message_vi", "venue"}
        == set()
    )
    with open_read_only(first_run.home.warehouse) as warehouse:
        persons = {
            str(value)
            for row in warehouse.execute(
                "select distinct full_name, citizen_id from raw.member_changes"
            ).fetchall()
            for value in row
            if value is not None and (len(str(value).split()) > 2 or str(value).isdigit())
        }
    assert len(persons) > 1000
    runs = set()
    for path in (package.folder / "csv").iterdir():
        for words in {
            tuple(re.split(r"[\s,;:()“”\"]+", line)) for line in path.read_text(encoding="utf-8").splitlines()
        }:
            runs |= {" ".join(words[at : at + count]) for count in (1, 3, 4, 5) for at in range(len(words))}
    assert "Huyện Krông Ana" in runs
    assert persons & runs == set()


def test_withheld_counts_are_empty(package: PackageFiles) -> None:
    with duckdb.connect() as reader:
        ((withheld, shown),) = reader.execute(
            "select count(*), count(value) from"
            f" '{package.folder / 'csv' / 'reviews.member_composition.csv'}' where is_suppressed"
        ).fetchall()
    assert withheld > 100
    assert shown == 0


def test_a_reader_of_hxl_finds_the_hashtags(first_run: Run, tmp_path: Path) -> None:
    written = write_package(first_run.home, require_edition(first_run.home), is_tagged=True)
    review = written.folder / "csv" / "reviews.halfyear_review.csv"
    ask = (
        "import hxl, sys; source = hxl.data(hxl.input.make_input(sys.argv[1], hxl.input.InputOptions(allow_local=True)))\n"
        "rows = source.with_rows('#date+code=2023H1').with_rows('#indicator+code=new_members')"
        ".with_rows('#meta+total=true')\n"
        "print([row.get('#indicator+value') for row in rows])"
    )
    told = subprocess.run(
        [
            *UV_WITH,
            "libhxl==5.2.2",
            "python",
            "-c",
            ask,
            str(review),
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == "['382']"
    report = frictionless.Resource(
        {"name": "review", "path": "reviews.halfyear_review.csv", "dialect": {"commentRows": [2]},
         "schema": {"fields": [], "fieldsMatch": "partial"}},
        basepath=str(review.parent),
    )  # fmt: skip
    assert len(report.read_rows()) == 3410


@pytest.fixture(scope="module")
def for_dhis2(first_run: Run) -> PayloadFiles:
    return write_payload(first_run.home, first_run.home.current, "2021H2")


def test_figures_for_dhis2_are_those_of_the_edition(for_dhis2: PayloadFiles, first_run: Run) -> None:
    with open_read_only(first_run.home.current) as edition:
        review = edition.execute(
            "select unit_key, value from reviews.halfyear_review"
            " where period_code = '2021H2' and indicator_code = 'plastic_kg' and not is_area_total and value is not null"
        ).fetchall()
    sent = [
        (value["orgUnit"], Decimal(value["value"]))
        for value in for_dhis2.payload.values
        if value["dataElement"] == "WU_PLASTIC_KG"
    ]
    assert sorted(sent) == sorted(review)
    assert {value["period"] for value in for_dhis2.payload.values} == {"2021S2"}


def test_the_silent_unit_and_small_counts_are_left_out_of_it_and_said(for_dhis2: PayloadFiles) -> None:
    left_out = for_dhis2.payload.left_out
    silent = [
        found
        for found in left_out
        if found.unit_name == "Xã Băng Adrênh" and found.reason == Reason.NOT_REPORTED
    ]
    assert any(found.label_vi == "Hội viên mới phát triển" for found in silent)
    assert sum(found.reason == Reason.WITHHELD for found in left_out) > 20
    assert not any(found.reason == Reason.NO_CODE for found in left_out)
