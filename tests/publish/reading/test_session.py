"""An edition that is open: kept for the session, only read, and plain about what is not there."""

import fcntl
import subprocess
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa
import pytest

from build.inputs import gather_inputs
from ingest.home import WarehouseHome
from publish.catalogue.units_of_measure import unit_of_measure
from publish.editions.edition import Edition
from publish.editions.issue import publish_edition
from publish.reading import MetricsError, NoEditionError, UnknownTableError, open_edition
from publish.reading.metrics import SEMANTIC_MANIFEST, SemanticLayer
from tests.publish.small_warehouse import add_submission, run_sql

NEW_MEMBERS = "select value from reviews.halfyear_review where unit_key = 'U655' and period_code = '2023H1'"


def publish(home: WarehouseHome, day: int = 15) -> Edition:
    instant = datetime(2023, 6, day, tzinfo=UTC)
    return publish_edition(home, gather_inputs(home, instant), instant, "v1")


def publish_another(home: WarehouseHome) -> Edition:
    run_sql(home, "update reviews.halfyear_review set value = 400 where value = 382")
    add_submission(home, "s2", datetime(2023, 6, 16, tzinfo=UTC))
    return publish(home, 20)


def test_a_session_keeps_the_edition_that_it_began_with(home: WarehouseHome) -> None:
    first = publish(home)
    with open_edition(home) as kept:
        second = publish_another(home)
        with open_edition(home.root) as opened_after:
            assert kept.sql(NEW_MEMBERS)["value"].tolist() == [Decimal(382)]
            assert opened_after.sql(NEW_MEMBERS)["value"].tolist() == [Decimal(400)]
            assert (kept.edition_id, opened_after.edition_id) == (first.edition_id, second.edition_id)
        assert kept.sql(NEW_MEMBERS)["value"].tolist() == [Decimal(382)]


def test_current_duckdb_is_opened_under_the_name_that_stays(home: WarehouseHome) -> None:
    edition = publish(home)
    with open_edition(home.current) as opened:
        assert opened.path == edition.path
        assert repr(opened) == f"OpenEdition({edition.edition_id}, as of 2023-06-15 00:00 UTC)"


def test_a_copy_elsewhere_is_opened_as_it_lies(home: WarehouseHome, tmp_path: Path) -> None:
    edition = publish(home)
    copy = tmp_path / "copy.duckdb"
    copy.write_bytes(edition.path.read_bytes())
    with open_edition(str(copy)) as opened:
        assert (opened.path, opened.edition_id) == (copy, edition.edition_id)


def test_nothing_is_written_and_nobody_is_kept_out(home: WarehouseHome) -> None:
    edition = publish(home)
    before = edition.path.read_bytes()
    with open_edition(home) as opened:
        for change in (
            "delete from core.dim_unit",
            "create table core.mine (a integer)",
            "drop table core.dim_unit",
        ):
            with pytest.raises(duckdb.InvalidInputException, match="read-only"):
                opened.arrow(change)
        opened.arrow("create temp table mine as from core.dim_unit")  # of the session alone
        with edition.path.open("rb") as file:
            fcntl.lockf(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        with duckdb.connect(str(edition.path), read_only=True) as other:
            assert other.execute("select count(*) from core.dim_unit").fetchall() == [(2,)]
    assert edition.path.read_bytes() == before


def test_frames_are_of_arrow_types_and_keep_decimals(home: WarehouseHome) -> None:
    publish(home)
    with open_edition(home) as opened:
        exact = opened.table("reviews.halfyear_review", "indicator_code = ?", ["new_members"])
        floats = opened.table("halfyear_review", "value is not null", exact=False)
        assert exact["value"].dtype == pd.ArrowDtype(pa.decimal128(20, 3))
        assert exact["value"].isna().sum() == 1  # not reported is neither 0 nor NaN
        assert exact["value"].sum() == Decimal(423)
        assert (floats["value"] / floats["value"]).tolist() == [1.0, 1.0]
        assert opened.arrow("select value from reviews.halfyear_review").schema.field(
            "value"
        ).type == pa.decimal128(20, 3)


def test_labels_are_those_of_the_dictionary_and_codes_stand_in_words(home: WarehouseHome) -> None:
    run_sql(
        home,
        "create table core.dim_code (domain varchar, code varchar, label_vi varchar);"
        " insert into core.dim_code values ('unit_kind', 'territorial', 'Có địa bàn');"
        " update core.dim_unit set unit_kind = 'territorial' where unit_key = 'U655'",
    )
    publish(home)
    with open_edition(home) as opened:
        assert opened.labels("dim_unit")["unit_name"] == "Tên đơn vị"
        assert opened.labels("dim_unit")["unit_key"] == "unit_key"  # nobody wrote a label
        labelled = opened.table("core.dim_unit", labelled=True)
        assert labelled["Loại"].fillna("–").tolist() == ["–", "Có địa bàn"]
        columns = opened.columns("core.dim_unit").set_index("column_name")
        assert columns.loc["unit_kind", "description_vi"] == "Có địa bàn hay không."
        assert "core.dim_unit" in opened.tables()["table_name"].tolist()


def test_a_table_that_is_not_there_is_named_with_its_like(home: WarehouseHome) -> None:
    publish(home)
    with open_edition(home) as opened, pytest.raises(UnknownTableError, match=r"reviews\.halfyear_review"):
        opened.table("reviews.half_year_review")


def test_without_an_edition_it_is_said_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NoEditionError, match="make refresh"):
        open_edition(tmp_path)


@pytest.mark.parametrize("returned", [0, 2])
def test_definitions_that_may_not_be_read_are_asked_of_dbt(
    returned: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = WarehouseHome(tmp_path / "home").prepare()
    (home.dbt / SEMANTIC_MANIFEST).mkdir(parents=True)  # as little of a file as one in a closed folder

    def parse(arguments: list[str], aside: WarehouseHome, _: object) -> subprocess.CompletedProcess[str]:
        assert (arguments, aside.root != home.root) == (["parse"], True)
        (aside.dbt / SEMANTIC_MANIFEST).parent.mkdir()
        (aside.dbt / SEMANTIC_MANIFEST).write_text(
            '{"metrics": [{"name": "a", "label": "Á"}]}', encoding="utf-8"
        )
        return subprocess.CompletedProcess(arguments, returned, "no dbt today", "")

    monkeypatch.setattr("publish.reading.metrics.run_dbt", parse)
    if returned:
        with pytest.raises(MetricsError, match="no dbt today"):
            SemanticLayer(home, "edition").names()
    else:
        assert SemanticLayer(home, "edition").names() == [("a", "Á", "")]


@pytest.mark.parametrize(
    ("column", "columns", "uom"),
    [
        ("amount_vnd", ("amount_vnd",), "đồng"),
        ("road_km", ("road_km",), "km"),
        ("days_late", ("days_late",), "ngày"),
        ("value", ("value", "uom"), "uom"),
        ("rank", ("rank", "uom"), None),
        ("value", ("value",), None),
        ("people", ("people",), None),
    ],
)
def test_a_unit_of_measure_stands_in_the_name_or_in_the_row(
    column: str, columns: tuple[str, ...], uom: str | None
) -> None:
    assert unit_of_measure(column, columns) == uom
