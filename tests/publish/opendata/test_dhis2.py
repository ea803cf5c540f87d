"""Figures for DHIS2: what is sent, what is left out and said, and that the payload keeps to its schema."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from jsonschema import Draft202012Validator

from ingest.home import SEEDS, WarehouseHome
from publish.catalogue.semantic_layer import read_indicators
from publish.editions.choices import UnknownChoiceError
from publish.opendata.dhis2 import (
    PARTIAL_VI,
    SCHEMA,
    DataElement,
    LeftOut,
    NotAPayloadError,
    Reason,
    compose_payload,
    read_data_elements,
    six_months_of,
    write_payload,
)

ELEMENTS = (
    DataElement("new_members", "", "WU_NEW_MEMBERS"),
    DataElement("road_km", "", "WU_ROAD_KM"),
    DataElement("new_members", "ethnic_group", "WU_NEW_MEMBERS_BY_ETHNIC_GROUP"),
)
MADE_UP = """
create schema reviews; create schema core; create schema meta;
create table core.dim_period (period_code varchar, label_vi varchar, period_end date);
insert into core.dim_period values ('2023H1', '6 tháng đầu năm 2023', '2023-06-14');
create table meta.edition (newest_period varchar, as_of timestamptz);
insert into meta.edition values ('2023H1', '2023-06-15');
create table reviews.halfyear_review (
    unit_key varchar, unit_name varchar, period_code varchar, indicator_code varchar, label_vi varchar,
    value decimal(20, 3), is_partial boolean, is_area_total boolean, sort_order integer
);
insert into reviews.halfyear_review values
    ('U655', 'Huyện Krông Ana', '2023H1', 'new_members', 'Hội viên mới', 41, false, true, 1),
    ('U24565', 'Xã Ea Bông', '2023H1', 'new_members', 'Hội viên mới', 41, false, false, 1),
    ('U24565', 'Xã Ea Bông', '2023H1', 'road_km', 'Đoạn đường', 2.5, true, false, 2),
    ('U24565', 'Xã Ea Bông', '2023H1', 'unmapped', 'Không có mã', 3, false, false, 3),
    ('U24568', 'Xã Băng Adrênh', '2023H1', 'new_members', 'Hội viên mới', null, false, false, 1),
    ('U24568', 'Xã Băng Adrênh', '2023H1', 'road_km', 'Đoạn đường', 0, false, false, 2),
    ('U24565', 'Xã Ea Bông', '2022H2', 'new_members', 'Hội viên mới', 99, false, false, 1);
create table reviews.member_composition (
    unit_key varchar, unit_name varchar, period_code varchar, indicator_code varchar, indicator_label_vi varchar,
    dimension varchar, category_code varchar, label_vi varchar, value integer, is_suppressed boolean,
    is_area_total boolean, sort_order integer
);
insert into reviews.member_composition values
    ('U24565', 'Xã Ea Bông', '2023H1', 'new_members', 'Hội viên mới', 'ethnic_group', '01', 'Kinh', 30, false, false, 1),
    ('U24565', 'Xã Ea Bông', '2023H1', 'new_members', 'Hội viên mới', 'ethnic_group', '02', 'Tày', null, true, false, 2),
    ('U655', 'Huyện Krông Ana', '2023H1', 'new_members', 'Hội viên mới', 'ethnic_group', '02', 'Tày', 8, false, true, 2),
    ('U24565', 'Xã Ea Bông', '2023H1', 'new_members', 'Hội viên mới', 'religion', '01', 'Phật giáo', 9, false, false, 1);
"""


@pytest.fixture
def made_up(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "edition.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(MADE_UP)
    yield path


def test_units_are_sent_and_what_is_unknown_is_left_out_and_said(made_up: Path) -> None:
    with duckdb.connect(str(made_up), read_only=True) as edition:
        payload = compose_payload(edition, "2023H1", ELEMENTS)

    of_ea_bong = {"period": "2023S1", "orgUnit": "U24565"}
    assert payload.values == [
        {"dataElement": "WU_NEW_MEMBERS", "value": "41"} | of_ea_bong,
        {"dataElement": "WU_ROAD_KM", "value": "2.5", "comment": PARTIAL_VI} | of_ea_bong,
        # reported none is sent, not reported is not
        {"dataElement": "WU_ROAD_KM", "value": "0", "period": "2023S1", "orgUnit": "U24568"},
        {
            "dataElement": "WU_NEW_MEMBERS_BY_ETHNIC_GROUP",
            "categoryOptionCombo": "ETHNIC_GROUP_01",
            "value": "30",
        }
        | of_ea_bong,
    ]
    assert payload.left_out == (
        LeftOut("Xã Ea Bông", "Không có mã", Reason.NO_CODE),
        LeftOut("Xã Băng Adrênh", "Hội viên mới", Reason.NOT_REPORTED),
        LeftOut("Xã Ea Bông", "Hội viên mới: Tày", Reason.WITHHELD),
    )


def test_the_file_keeps_to_the_schema_and_a_list_says_what_is_not_in_it(
    made_up: Path, tmp_path: Path
) -> None:
    home = WarehouseHome(tmp_path / "home").prepare()
    files = write_payload(home, made_up, None)

    content = json.loads(files.json.read_text(encoding="utf-8"))
    assert files.json == home.packages / "dhis2" / "dhis2_2023H1.json"
    assert Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8"))).is_valid(content)
    with files.left_out.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.reader(lines, delimiter=";"))
    assert rows[0] == ["Đơn vị", "Chỉ tiêu", "Lý do không đưa vào"]
    assert ["Xã Ea Bông", "Hội viên mới: Tày", "không công bố vì dưới mức tối thiểu"] in rows


@pytest.mark.parametrize(
    "spoilt",
    [
        {"period": "2023H1"},
        {"orgUnit": "Xã Ea Bông"},
        {"value": "1.2345"},
        {"value": "1,5"},
        {"value": ""},
        {"dataElement": "W" * 51},
        {"storedBy": "lan"},
    ],
)
def test_the_schema_refuses_what_dhis2_would(spoilt: dict[str, str]) -> None:
    value = {"dataElement": "WU_A", "period": "2023S1", "orgUnit": "U1", "value": "1"}
    head = dict.fromkeys(("dataElementIdScheme", "orgUnitIdScheme", "categoryOptionComboIdScheme"), "CODE")
    validator = Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    assert validator.is_valid({**head, "dataValues": [value]})
    assert not validator.is_valid({**head, "dataValues": [value | spoilt]})
    assert not validator.is_valid({**head, "dataValues": []})


def test_a_code_that_dhis2_does_not_take_is_refused_in_vietnamese(made_up: Path) -> None:
    with (
        duckdb.connect(str(made_up), read_only=True) as edition,
        pytest.raises(NotAPayloadError, match=r"dhis2_data_elements\.csv"),
    ):
        compose_payload(edition, "2023H1", (DataElement("new_members", "", "mã có dấu cách"),))


def test_a_half_year_without_figures_has_no_file(made_up: Path) -> None:
    with (
        duckdb.connect(str(made_up), read_only=True) as edition,
        pytest.raises(NotAPayloadError, match="chưa có số liệu"),
    ):
        compose_payload(edition, "2019H1", ELEMENTS)


def test_a_half_year_that_is_not_known_is_refused(made_up: Path, tmp_path: Path) -> None:
    with pytest.raises(UnknownChoiceError, match="2031H1"):
        write_payload(WarehouseHome(tmp_path / "home").prepare(), made_up, "2031H1")


def test_every_indicator_has_a_data_element_and_no_code_comes_twice() -> None:
    elements = read_data_elements()
    assert {e.indicator_code for e in elements if not e.dimension} == {i.code for i in read_indicators()}
    codes = [element.code for element in elements]
    assert len(codes) == len(set(codes))
    with (SEEDS / "member_dimensions.csv").open(encoding="utf-8", newline="") as lines:
        dimensions = {row["dimension"] for row in csv.DictReader(lines)}
    assert {element.dimension for element in elements} - {""} <= dimensions


def test_the_half_year_is_that_of_the_calendar_that_it_is_called_by() -> None:
    assert (six_months_of("2023H1"), six_months_of("2026H2")) == ("2023S1", "2026S2")
