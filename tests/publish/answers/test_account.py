"""The account that closes a refresh, as an officer reads it."""

import io
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from rich.console import Console

from build.inputs import gather_inputs
from ingest.home import WarehouseHome
from publish.answers.account import RefusedFile, RowCounts, read_account
from publish.answers.printed_account import print_account
from publish.answers.review_lines import UnfinishedReturn
from publish.editions.edition import Edition
from publish.editions.issue import publish_edition
from tests.publish.small_warehouse import RECEIVED_AT, run_sql

STARTED_AT = datetime(2023, 6, 15, 1, 0, tzinfo=UTC)


@pytest.fixture
def edition(home: WarehouseHome) -> Edition:
    return publish_edition(home, gather_inputs(home, STARTED_AT), STARTED_AT + timedelta(minutes=1), "v1")


def printed(home: WarehouseHome, edition: Edition, started_at: datetime = STARTED_AT) -> str:
    out = io.StringIO()
    console = Console(file=out, highlight=False)
    print_account(read_account(home, edition, started_at, "2023H1"), home, console)
    return out.getvalue()


def add_receipts(home: WarehouseHome) -> None:
    run_sql(
        home,
        "insert into raw.receipts (relative_path, verdict, reason_vi, ingested_at) values"
        f" ('Ea Bong.xlsx', 'accepted', null, '{STARTED_AT}'),"
        f" ('hong.xlsx', 'rejected', 'Tệp hỏng, không mở được.', '{STARTED_AT}'),"
        f" ('cu.xlsx', 'rejected', 'Từ lần trước.', '{STARTED_AT - timedelta(days=1)}')",
    )


def test_the_account_tells_what_came_in_this_run(home: WarehouseHome, edition: Edition) -> None:
    add_receipts(home)
    account = read_account(home, edition, STARTED_AT, None)

    assert account.new_files == {"accepted": 1, "rejected": 1}
    assert account.known_files == 1
    assert account.refused == (RefusedFile("hong.xlsx", "rejected", "Tệp hỏng, không mở được."),)
    assert account.is_edition_new
    assert account.rows == RowCounts(seen=1500, loaded=1460, quarantined=3, structure=37)
    assert "Nhận 2 tệp: 1 đã tiếp nhận, 1 chưa tiếp nhận (đã có từ trước: 1)." in printed(home, edition)


def test_the_account_says_when_nothing_is_new(home: WarehouseHome, edition: Edition) -> None:
    text = printed(home, edition, started_at=RECEIVED_AT + timedelta(days=30))

    assert "Không có gì mới: 1 tệp đã nhận từ trước, không tệp nào thêm. Số liệu giữ nguyên." in text
    assert "Bản số liệu (đã có)" in text


def test_the_account_says_when_only_the_edition_is_new(home: WarehouseHome, edition: Edition) -> None:
    assert "Không có tệp mới (1 tệp đã nhận từ trước); bản số liệu được làm lại." in printed(home, edition)


def test_the_account_names_who_has_not_reported(home: WarehouseHome, edition: Edition) -> None:
    account = read_account(home, edition, STARTED_AT, "2023H1")
    assert account.unfinished == (
        UnfinishedReturn("Xã Băng Adrênh", ("Biểu 02", "Biểu 06"), has_nothing=True),
        # two rows of one cell and of two, and none of the file that another has replaced
        UnfinishedReturn("Xã Dur Kmăl", waiting_rows=2),
        UnfinishedReturn("Xã Ea Bông", ("Biểu 06",)),
        UnfinishedReturn("Xã Quảng Điền", ("Biểu 02",), ("Biểu 06",)),
    )
    for line in (
        "6 tháng đầu năm 2023: 1/4 đơn vị đã gửi đủ biểu.",
        "  Chưa gửi: xã Băng Adrênh",
        "  Gửi chưa đủ biểu: xã Ea Bông (thiếu Biểu 06); xã Quảng Điền (thiếu Biểu 02; chưa tiếp nhận Biểu 06)",
        "  Còn dòng chờ sửa: xã Dur Kmăl (2)",
    ):
        assert line in printed(home, edition).splitlines()


def test_nothing_is_called_received_in_full_while_rows_wait(home: WarehouseHome, edition: Edition) -> None:
    waiting = (UnfinishedReturn("Xã Dur Kmăl", waiting_rows=2),)
    account = replace(read_account(home, edition, STARTED_AT, "2023H1"), unfinished=waiting)
    out = io.StringIO()
    print_account(account, home, Console(file=out, highlight=False))

    assert "4/4 đơn vị đã gửi đủ biểu.\n  Còn dòng chờ sửa: xã Dur Kmăl (2)" in out.getvalue()
    assert "nhận đủ" not in out.getvalue()


def test_a_district_that_is_no_more_is_not_named_as_if_it_was(home: WarehouseHome, edition: Edition) -> None:
    assert read_account(home, edition, STARTED_AT, "2023H1").area_name == "Huyện Krông Ana"
    run_sql(home, "update core.dim_unit set valid_to = '2022-12-31' where unit_key = 'U655'")
    later = publish_edition(home, gather_inputs(home, STARTED_AT), STARTED_AT + timedelta(minutes=2), "v2")

    assert read_account(home, later, STARTED_AT, "2023H1").area_name == "Địa bàn huyện Krông Ana cũ"
    assert read_account(home, later, STARTED_AT, "2022H2").area_name == "Huyện Krông Ana"


def test_the_district_is_shown_with_truncated_attainment(home: WarehouseHome, edition: Edition) -> None:
    [line] = [line for line in printed(home, edition).splitlines() if "Hội viên mới" in line]

    assert re.split(r"\s{2,}", line.strip()) == [
        "Hội viên mới",
        "người",
        "382",
        "189",
        "202,11 %",
        "1.400",
        "-1.018",
    ]


def test_the_programme_is_shown_from_first_to_last_period_with_its_leader(
    home: WarehouseHome, edition: Edition
) -> None:
    text = printed(home, edition)
    [line] = [line for line in text.splitlines() if "Rác nhựa" in line]

    assert "Chống rác thải nhựa, 6 tháng cuối năm 2022 đến 6 tháng đầu năm 2023: huyện Krông Ana" in text
    assert re.split(r"\s{2,}", line.strip()) == [
        "Rác nhựa",
        "kg",
        "10",
        "15",
        "25",
        "Xã Ea Bông",
    ]


def test_the_account_says_where_things_lie(home: WarehouseHome, edition: Edition) -> None:
    text = printed(home, edition).replace("\n", "")

    assert str(edition.path) in text
    assert str(home.current) in text
    assert str(home.outbox / "reviews") in text
    assert "Phiếu phản hồi cho đơn vị: không có" in text


def test_the_account_counts_the_answers_to_branches(home: WarehouseHome, edition: Edition) -> None:
    answer = home.feedback / "2023H1" / "Xã Ea Bông" / "Ea Bong - phan hoi.xlsx"
    answer.parent.mkdir(parents=True)
    answer.touch()

    assert f"Phiếu phản hồi cho đơn vị: 1 tệp ở {home.feedback}" in printed(home, edition).replace("\n", "")


def test_the_account_says_how_many_texts_were_masked(home: WarehouseHome) -> None:
    run_sql(
        home,
        "update core.fct_movement_activities set description = 'Thăm chị Nguyễn Thị Hoa', village = 'Đỗ Thị An'",
    )
    edition = publish_edition(home, gather_inputs(home, STARTED_AT), STARTED_AT + timedelta(minutes=1), "v1")

    assert "đã ẩn 4 ô ghi tên hoặc số CCCD của hội viên" in re.sub(r"\s+", " ", printed(home, edition))


def test_no_report_at_all_is_not_told_as_everyone_having_reported(
    home: WarehouseHome, edition: Edition
) -> None:
    account = replace(read_account(home, edition, STARTED_AT, "2023H1"), half_year=(), unfinished=())
    out = io.StringIO()
    print_account(account, home, Console(file=out, highlight=False))
    assert "chưa có báo cáo nào được tiếp nhận" in out.getvalue()
    assert "đã gửi đủ" not in out.getvalue()
