"""Where returns are read, and that nothing personal comes with them from the working database."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from ingest.home import WarehouseHome
from publish.editions.edition import Edition
from publish.editions.privacy.personal_texts import MASK
from publish.pages.returns import read_returns
from tests.publish.small_warehouse import add_submission, run_sql

AS_OF = datetime(2023, 6, 12, 3, 0, tzinfo=UTC)

# what pages read of reviews and facts, in an edition and in the working database alike
READ = """
create schema if not exists core;
create schema if not exists reviews;
create schema if not exists meta;
create or replace table core.dim_code (domain varchar, code varchar, label_vi varchar);
insert into core.dim_code values
    ('form', 'clubs', 'Biểu 02: Mô hình, câu lạc bộ'), ('verdict', 'accepted', 'Đã tiếp nhận'),
    ('verdict', 'rejected', 'Chưa tiếp nhận, đề nghị gửi lại');
create or replace table reviews.submission_completeness (
    unit_key varchar, unit_name varchar, period_code varchar, period_label_vi varchar, form_name varchar,
    form_label_vi varchar, status varchar, received_at timestamptz, version integer, submission_id varchar, due_on date
);
insert into reviews.submission_completeness values (
    'U24565', 'Xã Ea Bông', '2023H1', '6 tháng đầu năm 2023', 'clubs', 'Biểu 02: Mô hình, câu lạc bộ', '{status}',
    '2023-06-12 02:00+00', 1, 's1', '2023-06-14'
);
create or replace table reviews.quarantined_rows (
    submission_id varchar, unit_key varchar, period_code varchar, form_name varchar, form_label_vi varchar,
    sheet_number integer, row_number bigint, cell varchar, reason_vi varchar
);
insert into reviews.quarantined_rows values
    ('s1', 'U24565', '2023H1', 'clubs', 'Biểu 02: Mô hình, câu lạc bộ', 1, 14, 'H14', 'Không phải là số.'),
    ('s1', 'U24565', '2023H1', 'clubs', 'Biểu 02: Mô hình, câu lạc bộ', 1, 14, 'I14', 'Không phải là số.');
create or replace table core.fct_submissions (
    submission_id varchar, form_name varchar, unit_key varchar, period_code varchar, file_name varchar,
    received_at timestamptz, verdict varchar, reason_vi varchar, version integer, is_current boolean,
    is_withdrawn boolean
);
insert into core.fct_submissions values
    ('s1', 'clubs', 'U24565', '2023H1', '{file_name}', '2023-06-12 02:00+00', 'accepted', null, 1, true, false),
    ('s0', 'unknown', null, null, 'Hong.xlsx', '2023-06-12 02:00+00', 'rejected', 'Không mở được tệp.', null, false, false);
create or replace table reviews.findings (
    severity varchar, severity_label_vi varchar, finding_label_vi varchar, unit_key varchar, unit_name varchar,
    period_code varchar, period_label_vi varchar, message_vi varchar, advice_vi varchar
);
insert into reviews.findings values (
    'warning', 'Đề nghị kiểm tra', 'Khác xa', 'U24565', 'Xã Ea Bông', '2023H1', '6 tháng đầu năm 2023', '{message}', null
);
"""


def tables(status: str = "on_time", file_name: str = "Ea Bong.xlsx", message: str = "47 đợt.") -> str:
    return READ.format(status=status, file_name=file_name, message=message)


@pytest.fixture
def edition(tmp_path: Path) -> Edition:
    path = tmp_path / "edition_1.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(tables())
        connection.execute("create table meta.submissions as select 's1' as submission_id")
    return Edition(
        edition_id="edition_1", as_of=AS_OF, built_at=AS_OF, issued_at=AS_OF, code_version="1", inputs_fingerprint="f",
        input_submissions=1, newest_period="2023H1", approval=None, path=path, folder=tmp_path,
    )  # fmt: skip


def build(home: WarehouseHome, as_of: datetime, sql: str) -> None:
    run_sql(home, sql)
    run_sql(
        home,
        "create schema if not exists built; create or replace table built.layers (layer varchar, as_of timestamptz);"
        f" insert into built.layers values ('reviews', '{as_of.isoformat()}')",
    )


def test_a_build_that_is_later_than_the_edition_is_asked(home: WarehouseHome, edition: Edition) -> None:
    build(home, AS_OF + timedelta(hours=1), tables("late"))
    returns = read_returns(home, edition)
    assert returns.as_of == AS_OF + timedelta(hours=1)
    assert [form.status for form in returns.forms] == ["late"]


@pytest.mark.parametrize("earlier", [timedelta(0), timedelta(days=400)])
def test_a_build_for_an_earlier_day_is_not(home: WarehouseHome, edition: Edition, earlier: timedelta) -> None:
    build(home, AS_OF - earlier, tables("late"))
    returns = read_returns(home, edition)
    assert returns.as_of == AS_OF
    assert [form.status for form in returns.forms] == ["on_time"]


def test_waiting_rows_are_counted_as_rows_and_told_cell_by_cell(
    home: WarehouseHome, edition: Edition
) -> None:
    returns = read_returns(home, edition)
    assert [form.waiting_rows for form in returns.forms] == [1]
    told = {part.submission_id: part.waiting for part in returns.parts}
    assert told["s1"] == (
        "Biểu 02: Mô hình, câu lạc bộ, ô H14: Không phải là số.",
        "Biểu 02: Mô hình, câu lạc bộ, ô I14: Không phải là số.",
    )
    assert [part.reason_vi for part in returns.parts if part.unit_key is None] == ["Không mở được tệp."]


def test_what_came_after_the_edition_is_told_with_whether_it_was_checked(
    home: WarehouseHome, edition: Edition
) -> None:
    add_submission(home, "s2", AS_OF + timedelta(minutes=30))
    add_submission(home, "s3", AS_OF + timedelta(minutes=90))
    build(home, AS_OF + timedelta(hours=1), tables())
    new = read_returns(home, edition).new_files
    assert [(file.submission_id, file.is_checked) for file in new] == [("s3", False), ("s2", True)]


def test_what_was_withdrawn_is_not_told_as_new(home: WarehouseHome, edition: Edition) -> None:
    add_submission(home, "s2", AS_OF + timedelta(minutes=30))
    run_sql(
        home,
        "insert into raw.withdrawals (submission_id, is_withdrawn, decided_at)"
        " values ('s2', true, '2023-06-13 00:00+00')",
    )
    assert read_returns(home, edition).new_files == ()


def test_names_of_members_do_not_come_along(home: WarehouseHome, edition: Edition) -> None:
    build(
        home,
        AS_OF + timedelta(hours=1),
        tables(file_name="Bao cao Nguyễn Thị Hoa.xlsx", message="Bà Nguyễn Thị Hoa ghi hai lần."),
    )
    run_sql(home, "update raw.submissions set file_name = 'Nguyễn Thị Hoa.xlsx' where submission_id = 's1'")
    returns = read_returns(home, replace(edition, path=_without_submissions(edition)))
    assert {part.submission_id: part.file_name for part in returns.parts} == {"s1": MASK, "s0": "Hong.xlsx"}
    assert [found.message_vi for found in returns.findings] == [MASK]
    assert [file.file_name for file in returns.new_files] == [MASK]


def _without_submissions(edition: Edition) -> Path:
    with duckdb.connect(str(edition.path)) as connection:
        connection.execute("delete from meta.submissions")
    return edition.path


def test_before_the_first_build_what_came_is_known_all_the_same(home: WarehouseHome) -> None:
    returns = read_returns(home, None)
    assert returns.as_of is None
    assert [(file.submission_id, file.is_checked) for file in returns.new_files] == [("s1", False)]


def test_without_anything_there_is_nothing(tmp_path: Path) -> None:
    returns = read_returns(WarehouseHome(tmp_path / "new").prepare(), None)
    assert (returns.as_of, returns.forms, returns.new_files) == (None, (), ())
