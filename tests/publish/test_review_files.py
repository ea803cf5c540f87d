"""Reviews written to the outbox: any window, plain refusals."""

import codecs
import csv
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from ingest.home import WarehouseHome
from publish.editions.issue import publish_edition
from publish.inputs import gather_inputs
from publish.review_files import UnknownChoiceError, review_half_year, review_programme


@pytest.fixture
def edition(home: WarehouseHome) -> Path:
    instant = datetime(2023, 6, 15, tzinfo=UTC)
    return publish_edition(home, gather_inputs(home, instant), instant, "v1").path


def test_a_window_is_written_as_csv_and_parquet(edition: Path, tmp_path: Path) -> None:
    files = review_programme(edition, "plastic_waste", "2022H2", "2023H1", tmp_path)

    assert files.csv == tmp_path / "reviews" / "plastic_waste_2022H2_2023H1.csv"
    assert files.csv.read_bytes().startswith(codecs.BOM_UTF8)
    with files.csv.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert [(row["period_code"], float(row["value"])) for row in rows] == [("2022H2", 10), ("2023H1", 15)]
    assert files.rows == 2
    assert duckdb.sql(f"select sum(value) from '{files.parquet}'").fetchall() == [(25,)]


def test_the_newest_half_year_with_a_return_is_the_default(edition: Path, tmp_path: Path) -> None:
    files = review_half_year(edition, None, tmp_path)

    assert (files.csv.name, files.rows) == ("halfyear_2023H1.csv", 2)


@pytest.mark.parametrize(
    ("programme", "first", "last", "message"),
    [
        ("plastic", "2022H2", "2023H1", "no programme_code 'plastic'; known are: plastic_waste"),
        ("plastic_waste", "2022H3", "2023H1", "no period_code '2022H3'; known are: 2022H2, 2023H1"),
        ("plastic_waste", "2022H2", "2023", "no period_code '2023'"),
        ("plastic_waste", "2023H1", "2022H2", "ends .2022H2. before it begins .2023H1."),
    ],
)
def test_an_unknown_programme_or_window_is_refused_with_what_is_known(
    edition: Path, tmp_path: Path, programme: str, first: str, last: str, message: str
) -> None:
    with pytest.raises(UnknownChoiceError, match=message):
        review_programme(edition, programme, first, last, tmp_path)
    assert not (tmp_path / "reviews").exists()


def test_before_the_first_edition_there_is_nothing_to_review(home: WarehouseHome, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="publish one first"):
        review_programme(home.current, "plastic_waste", "2022H2", "2023H1", tmp_path)
