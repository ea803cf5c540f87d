"""What an analyst asks the sample's edition: labels, sources, metrics.

That metrics are what MetricFlow's own command says is held where notebooks show them (``tests/notebooks``).
"""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from publish.reading import MetricsError, OpenEdition, UnknownChoiceError, open_edition
from tests.sample_run import Run


@pytest.fixture(scope="module")
def edition(first_run: Run) -> Iterator[OpenEdition]:
    with open_edition(first_run.home) as opened:
        yield opened


def test_every_table_is_read_by_its_labels(edition: OpenEdition) -> None:
    tables = edition.tables()
    assert len(tables) > 45
    for table, label in zip(tables["table_name"], tables["label_vi"], strict=True):
        assert label, table
        assert list(edition.table(table, "false", labelled=True).columns) == list(
            edition.labels(table).values()
        )


def test_measured_columns_say_in_what(edition: OpenEdition) -> None:
    review = edition.columns("reviews.halfyear_review").set_index("column_name")["uom"]
    assert review["value"] == review["target"] == review["change"] == "uom"
    assert review["attainment"] is None or review.isna()["attainment"]
    funds = edition.columns("core.fct_support_funds").set_index("column_name")["uom"]
    assert funds["amount_vnd"] == "đồng"


@pytest.mark.parametrize("unit", ["Ea Bông", "24565", "U24565", "xã ea bông"])
def test_a_figure_is_walked_back_to_file_sheet_and_row(edition: OpenEdition, unit: str) -> None:
    sources = edition.figure_sources("new_rural_works", unit, "2023H1")
    assert sources["row_number"].tolist() == [11, 12, 22, 23, 28]
    assert set(sources["file_name"]) == {"BC 6T dau nam 2023 - Ea Bong.xlsx"}
    assert set(sources["sheet_name"]) == {"Biểu 05"}
    assert sources["contribution"].sum() == Decimal(5)


def test_a_figure_that_is_not_there_is_refused_in_vietnamese(edition: OpenEdition) -> None:
    with pytest.raises(UnknownChoiceError, match="Không có chỉ tiêu"):
        edition.figure_sources("moon_landings", "Ea Bông", "2023H1")


def test_metrics_are_the_figures_of_the_review(edition: OpenEdition) -> None:
    frame = edition.metrics(["plastic_kg"], ["unit"], "{{ Dimension('period__period_code') }} = '2023H1'")
    frame = frame.dropna()  # the district's own key, at which targets alone stand
    review = edition.table(
        "reviews.halfyear_review",
        "not is_area_total and period_code = '2023H1' and indicator_code = 'plastic_kg'",
    )
    assert dict(zip(frame["unit"], frame["plastic_kg"], strict=True)) == dict(
        zip(review["unit_key"], review["value"], strict=True)
    )
    assert frame["plastic_kg"].sum() == Decimal(15456)


def test_a_metric_that_is_not_there_is_named_with_its_like(edition: OpenEdition) -> None:
    with pytest.raises(MetricsError, match="plastic_kg"):
        edition.metrics(["plastics_kg"])


def test_metrics_have_labels_and_units(edition: OpenEdition) -> None:
    named = edition.metric_names().set_index("metric")
    assert named.loc["plastic_kg"].tolist() == ["Rác thải nhựa, phế liệu thu gom", "kg"]


def test_definitions_are_asked_of_dbt_where_there_is_no_home(first_run: Run, tmp_path: Path) -> None:
    alone = tmp_path / "alone.duckdb"
    alone.write_bytes(first_run.home.current.read_bytes())
    with open_edition(alone) as edition:
        assert edition.metrics(["plastic_kg"], ["metric_time__year"])["plastic_kg"].iloc[-1] == Decimal(15456)


def test_a_session_reads_without_the_working_database(first_run: Run) -> None:
    with duckdb.connect(str(first_run.home.warehouse)) as writer, open_edition(first_run.home) as edition:
        assert writer.execute("select 1").fetchall() == [(1,)]
        assert len(edition.table("core.dim_unit")) == 14
