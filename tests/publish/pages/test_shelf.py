"""What lies in the outbox is named for what it is, newest first, and no branch's file is named."""

import os
from datetime import UTC, datetime
from pathlib import Path

from ingest.home import WarehouseHome
from publish.editions.edition import Edition
from publish.pages.rendering import render_shelf
from publish.pages.shelf import Group, read_shelf
from tests.plain_vietnamese import slips

PROGRAMMES = {"plastic_waste": "Phong trào chống rác thải nhựa"}


def put(home: WarehouseHome, path: str, day: int) -> None:
    file = home.outbox / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"x" * 2048)
    moment = datetime(2023, 6, day, tzinfo=UTC).timestamp()
    os.utime(file, (moment, moment))


def shelf(tmp_path: Path) -> dict[str, Group]:
    home = WarehouseHome(tmp_path).prepare()
    put(home, "reports/2023H1/bao cao 2023H1.docx", 20)
    put(home, "reports/2023H1/bao cao 2023H1.html", 19)
    put(home, "reports/2022H2/bao cao 2022H2.docx", 1)
    put(home, "reports/tong-ket-plastic-waste-2018H2-2023H1/tong-ket-plastic-waste-2018H2-2023H1.docx", 3)
    put(home, "reports/.writing-x", 2)
    put(home, "reviews/halfyear_2023H1.csv", 15)
    put(home, "reviews/halfyear_2023H1.parquet", 15)
    put(home, "reviews/plastic_waste_2018H2_2023H1.csv", 16)
    put(home, "feedback/2023H1/Xã Ea Bông/Nguyễn Thị Hoa - gop y.xlsx", 14)
    put(home, "feedback/khong-ro-ky/khong-ro-don-vi/a - gop y.xlsx", 13)
    put(home, "exports/edition_1/datapackage.json", 16)
    put(home, "exports/edition_1/csv/core.dim_unit.csv", 16)
    put(home, "exports/dhis2/dhis2_2023H1.json", 17)
    put(home, "exports/.edition_2.77/datapackage.json", 18)
    put(home, "status.html", 20)
    edition = Edition(
        edition_id="edition_1", as_of=datetime(2023, 6, 15, 3, 0, tzinfo=UTC),
        built_at=datetime(2023, 6, 15, 3, 0, tzinfo=UTC), issued_at=datetime(2023, 6, 15, 4, 0, tzinfo=UTC),
        code_version="1", inputs_fingerprint="f", input_submissions=114, newest_period="2023H1", approval=None,
        path=tmp_path / "editions" / "edition_1.duckdb", folder=tmp_path / "editions" / "edition_1",
    )  # fmt: skip
    return {group.name: group for group in read_shelf(home, (edition,), PROGRAMMES)}


def test_files_are_named_for_what_they_are_newest_first(tmp_path: Path) -> None:
    groups = shelf(tmp_path)
    assert [item.title for item in groups["reports"].items] == [
        "Sơ kết 6 tháng đầu năm 2023",
        "Phong trào chống rác thải nhựa",
        "Sơ kết 6 tháng cuối năm 2022",
    ]
    assert next((item.title, item.what) for item in groups["reviews"].items) == (
        "Phong trào chống rác thải nhựa",
        "tổng kết từ 6 tháng cuối năm 2018 đến 6 tháng đầu năm 2023",
    )
    links = groups["reports"].items[0].links
    assert [(link.word, link.address) for link in links] == [
        ("Word", "reports/2023H1/bao%20cao%202023H1.docx"),
        ("Trang web", "reports/2023H1/bao%20cao%202023H1.html"),
    ]
    assert [item.title for item in groups["editions"].items] == ["Số liệu tính đến 10:00 ngày 15/06/2023"]


def test_what_may_be_handed_out_is_a_line_a_package(tmp_path: Path) -> None:
    items = shelf(tmp_path)["exports"].items
    assert [(item.title, item.links[0].address) for item in items] == [
        ("Tệp DHIS2", "exports/dhis2/"),
        ("Bộ số liệu edition_1", "exports/edition_1/"),
    ]
    assert items[1].what.startswith("2 tệp: ")


def test_answers_are_told_by_half_year_and_name_no_file(tmp_path: Path) -> None:
    groups = shelf(tmp_path)
    assert [item.title for item in groups["feedback"].items] == [
        "Không của riêng một đơn vị hoặc kỳ báo cáo",
        "6 tháng đầu năm 2023",
    ]
    html = render_shelf(tuple(groups.values()), datetime(2023, 6, 20, tzinfo=UTC), "huyện Krông Ana")
    assert "Nguyễn Thị Hoa" not in html
    assert 'href="feedback/2023H1/"' in html


def test_the_shelf_is_plain_vietnamese(tmp_path: Path) -> None:
    groups = shelf(tmp_path).values()
    said = [
        text
        for group in groups
        for text in (group.title, group.empty_vi, *(item.title for item in group.items))
    ]
    assert [slip for text in said for slip in slips(text)] == []
