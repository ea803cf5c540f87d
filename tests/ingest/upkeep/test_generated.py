"""A new form, and a new spelling of a header, need a contract and nothing else."""

import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from ingest.contracts.forms import Contracts, load_contracts
from ingest.database import open_warehouse
from ingest.home import FORMS, WarehouseHome
from ingest.loading.load import LoadReport, load_inbox
from tests.ingest.return_files import as_bytes, new_workbook, write

NOW = datetime(2026, 1, 10, 3, 0, tzinfo=UTC)
GARDENS = """
name: gardens
title: "Biểu 08: Vườn rau sạch"
titles: [Vườn rau sạch, Biểu 08]
description: One row per garden.
event_date: started_on
missingValues: ["", "-"]
fields:
  - name: started_on
    title: Ngày bắt đầu
    description: Day the garden was started.
    type: date
    headers: [Ngày bắt đầu]
    constraints: {required: true}
  - name: gardener
    title: Chủ vườn
    description: Who keeps it.
    type: string
    headers: [Chủ vườn, Hộ trồng]
    constraints: {required: true}
    personal: personal
  - name: area_m2
    title: Diện tích (m2)
    description: Area in square metres.
    type: number
    headers: [Diện tích]
    constraints: {required: true, minimum: 0}
  - name: yield_vnd
    title: Thu nhập
    description: Income from it.
    type: number
    headers: [Thu nhập]
    unit_of_measure: VND
    is_money: true
"""


@pytest.fixture
def home(tmp_path: Path) -> WarehouseHome:
    return WarehouseHome(tmp_path / "home").prepare()


@pytest.fixture
def forms(tmp_path: Path) -> Path:
    folder = tmp_path / "forms"
    shutil.copytree(FORMS, folder)
    return folder


def load(home: WarehouseHome, rows: list[tuple[object, ...]], contracts: Contracts) -> LoadReport:
    workbook = new_workbook()
    sheet = workbook.create_sheet("Sheet1")
    for row in rows:
        sheet.append(row)
    path = write(home.inbox / "2023H1" / "Ea Bông.xlsx", as_bytes(workbook))
    received_at = (NOW - timedelta(days=1)).timestamp()
    os.utime(path, (received_at, received_at))
    return load_inbox(home, NOW, contracts=contracts)


GARDEN_ROWS: list[tuple[object, ...]] = [
    ("BIỂU 08: VƯỜN RAU SẠCH", "", "", "", "ĐVT: nghìn đồng"),
    ("STT", "Hộ trồng", "NGÀY BẮT ĐẦU", "Diện tích\n(m2)", "Thu nhập"),
    (1, "H'Yi Êban", "05/01/2023", 20, 500),
    (2, "Nguyễn Thị Hoa", "06/01/2023", 35.5, 750),
    ("", "Tổng cộng", "", 55.5, 1250),
]


def test_a_new_form_needs_only_a_contract(home: WarehouseHome, forms: Path):
    (forms / "gardens.yml").write_text(GARDENS, encoding="utf-8")
    contracts = load_contracts(forms)
    report = load(home, GARDEN_ROWS, contracts)
    assert (report.verdicts, report.rows_loaded) == ({"accepted": 1}, 2)
    with open_warehouse(home, contracts) as connection:
        rows = connection.execute(
            "select row_number, started_on, gardener, area_m2, yield_vnd, money_scale from raw.gardens order by 1"
        ).fetchall()
        totals = connection.execute(
            "select field_name, value, first_row, last_row from raw.control_totals where form_name = 'gardens'"
        ).fetchall()
    assert rows == [
        (3, "05/01/2023", "H'Yi Êban", "20", "500", 1000),
        (4, "06/01/2023", "Nguyễn Thị Hoa", "35.5", "750", 1000),
    ]
    assert sorted(totals) == [("area_m2", "55.5", 3, 4), ("yield_vnd", "1250", 3, 4)]


AWARD_ROWS: list[tuple[object, ...]] = [
    ("STT", "Ngày", "Đối tượng", "Người được tuyên dương", "Hình thức"),
    (1, "05/01/2023", "cá nhân", "H'Yi Êban", "giấy khen"),
]


def test_without_its_contract_the_spelling_is_asked_for(home: WarehouseHome):
    report = load(home, AWARD_ROWS, load_contracts())
    assert report.verdicts == {"rejected": 1}
    assert "“Tên tập thể, cá nhân”" in report.refused[0].sentence


def test_a_new_spelling_of_a_header_needs_only_a_line_in_its_contract(home: WarehouseHome, forms: Path):
    path = forms / "awards.yml"
    contract = yaml.safe_load(path.read_text(encoding="utf-8"))
    recipient = next(field for field in contract["fields"] if field["name"] == "recipient")
    recipient["headers"].append("Người được tuyên dương")
    path.write_text(yaml.safe_dump(contract, allow_unicode=True), encoding="utf-8")
    contracts = load_contracts(forms)
    report = load(home, AWARD_ROWS, contracts)
    assert (report.verdicts, report.rows_loaded) == ({"accepted": 1}, 1)
    with open_warehouse(home, contracts) as connection:
        assert connection.execute("select recipient from raw.awards").fetchall() == [("H'Yi Êban",)]
