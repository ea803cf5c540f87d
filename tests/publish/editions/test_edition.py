"""Editions: what is in them, and that nothing can leave half of one behind."""

import json
import os
import shutil
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from build.inputs import InputsChangedError, NothingReceivedError, confirm_inputs, gather_inputs
from ingest.home import WarehouseHome
from ingest.troubles import DiskFullError
from publish.catalogue.dictionary import read_published_tables, shared_descriptions
from publish.editions.current import current_edition, edition_file, find_edition
from publish.editions.edition import Edition
from publish.editions.issue import publish_edition
from publish.editions.ledger import record_issued_figures
from publish.editions.privacy.personal_columns import PersonalDataError
from publish.editions.privacy.small_counts import MESSAGE_VI
from tests.publish.small_warehouse import RECEIVED_AT, add_submission, ask, run_sql
from tests.small_disks import small_disk

# a key as ``pseudonym`` makes them, and a submission's id, in which twelve digits are by chance a member's number
KEY_WITH_NUMBER = "9c7e066190001234bd41a0f8e6c35d7290ab1c4e8f63d5072b9ac1e8f4d60b37"
SUBMISSION_WITH_NUMBER = "b066190001234fd7"
AS_OF = datetime(2023, 6, 15, tzinfo=UTC)
ISSUED_AT = datetime(2023, 6, 15, 1, 0, tzinfo=UTC)
NEW_MEMBERS = "select value from reviews.halfyear_review where unit_key = 'U655' and period_code = '2023H1'"


def publish(home: WarehouseHome, as_of: datetime = AS_OF, issued_at: datetime = ISSUED_AT) -> Edition:
    return publish_edition(home, gather_inputs(home, as_of), issued_at, "v1")


def ledger(home: WarehouseHome) -> list[tuple[object, ...]]:
    return ask(home.warehouse, "select edition_id, unit_key, value from raw.issued_figures order by all")


def test_an_edition_holds_what_was_built_and_says_what_it_is(home: WarehouseHome) -> None:
    edition = publish(home)

    assert ask(home.current, NEW_MEMBERS) == [(382,)]
    assert ask(home.current, "select distinct schema_name from duckdb_tables() order by 1") == [
        ("core",),
        ("meta",),
        ("reviews",),
    ]
    assert ask(
        home.current, "select edition_id, code_version, input_submissions, newest_period from meta.edition"
    ) == [(edition.edition_id, "v1", 1, "2023H1")]
    assert ask(home.current, "select row_count from meta.row_counts where table_name = 'dim_unit'") == [(2,)]
    assert ask(home.current, "select submission_id, verdict from meta.submissions") == [("s1", "accepted")]
    assert current_edition(home) == edition


def test_an_edition_carries_its_dictionary_its_comments_and_not_null(home: WarehouseHome) -> None:
    publish(home)

    assert ask(
        home.current,
        "select description, label_vi, data_type from meta.data_dictionary"
        " where table_name = 'dim_unit' and column_name = 'unit_name'",
    ) == [("The unit's own name.", "Tên đơn vị", "VARCHAR")]
    assert ask(home.current, "select comment from duckdb_tables() where table_name = 'dim_unit'") == [
        ("One row per unit and its validity.",)
    ]
    assert ask(
        home.current,
        "select is_nullable from duckdb_columns() where table_name = 'dim_member' order by column_index",
    ) == [(False,), (True,)]


def test_an_edition_says_in_vietnamese_what_a_column_means(home: WarehouseHome) -> None:
    publish(home)

    told = dict(
        ask(
            home.current,
            "select column_name, description_vi from meta.data_dictionary"
            " where table_name = 'dim_unit' and column_name in ('unit_name', 'unit_kind')",
        )
    )
    # beside its model where that says more, else what all tables share
    assert told == {"unit_kind": "Có địa bàn hay không.", "unit_name": shared_descriptions()["unit_name"]}
    (sentence,) = ask(
        home.current,
        "select description_vi from meta.data_dictionary where table_name = 'edition' and column_name is null",
    )
    assert str(sentence[0]).startswith("Mỗi dòng là một bản số liệu")


def test_units_alone_have_views_of_their_own_that_are_explained(home: WarehouseHome) -> None:
    publish(home)

    assert ask(home.current, "select unit_key from reviews.halfyear_review_units") == [("U24565",)]
    assert ask(
        home.current,
        "select view_name, comment is not null from duckdb_views() where not internal order by all",
    ) == [("halfyear_review_units", True), ("programme_review_units", False)]
    assert ask(
        home.current,
        "select table_name from meta.data_dictionary where data_type = 'view' order by all",
    ) == [("halfyear_review_units",), ("programme_review_units",)]


def test_an_edition_explains_its_own_account_of_itself(home: WarehouseHome) -> None:
    publish(home)

    assert (
        ask(
            home.current,
            "select table_name, column_name from meta.data_dictionary where schema_name = 'meta'"
            " and (description is null or label_vi is null or description_vi is null or data_type is null)",
        )
        == []
    )
    described = {
        ("meta", table.name, column.name, column.data_type)
        for table in read_published_tables(home.dbt / "target" / "manifest.json", frozenset())
        for column in table.columns
    }
    assert described == {
        (schema, table, column, str(data_type).lower())
        for schema, table, column, data_type in ask(
            home.current,
            "select schema_name, table_name, column_name, data_type from meta.data_dictionary"
            " where schema_name = 'meta' and column_name is not null",
        )
    }


def test_an_edition_tells_which_list_a_code_is_of_and_what_an_indicator_is_made_of(
    home: WarehouseHome,
) -> None:
    publish(home)

    assert ask(
        home.current,
        "select column_name, code_domain from meta.data_dictionary where table_name = 'dim_unit'"
        " and column_name in ('unit_name', 'unit_kind') order by 1",
    ) == [("unit_kind", "unit_kind"), ("unit_name", None)]
    assert ask(
        home.current, "select indicator_code, uom, condition_vi, sign from meta.indicator_components"
    ) == [("plastic_kg", "kg", "ĐVT: kg", None)]


def test_an_edition_lists_all_that_were_issued_and_what_differs(home: WarehouseHome) -> None:
    editions = (
        "select edition_id, as_of, issued_at, approved_by, figure_count, changed_figure_count, difference_vi"
        " from meta.editions order by is_this_edition, issued_at"
    )
    itself = ("auto_approve", 2, 0, "Là chính bản số liệu này.")
    first = publish(home)
    assert ask(first.path, editions) == [(first.edition_id, AS_OF, ISSUED_AT, *itself)]

    unchanged = publish(home, as_of=AS_OF + timedelta(days=1), issued_at=ISSUED_AT + timedelta(days=1))
    assert ask(unchanged.path, editions)[0] == (
        first.edition_id, AS_OF, ISSUED_AT, "auto_approve", 2, 0, "Không có số liệu nào thay đổi so với bản này."
    )  # fmt: skip

    run_sql(
        home,
        "insert into reviews.restatements select"
        f" '{first.edition_id}', unit_key, period_code, value, 'Có ' || if(unit_key = 'U655', 'báo cáo gửi lại', 'sổ')"
        " from reviews.halfyear_review",
    )
    last = publish(home, as_of=AS_OF + timedelta(days=2), issued_at=ISSUED_AT + timedelta(days=2))
    assert [row[0] for row in ask(last.path, editions)] == [
        first.edition_id, unchanged.edition_id, last.edition_id
    ]  # fmt: skip
    assert [row[-2:] for row in ask(last.path, editions)] == [
        (
            3,
            "Số liệu đã thay đổi: 6 tháng cuối năm 2022: 1; 6 tháng đầu năm 2023: 2."
            " Có báo cáo gửi lại; Có sổ.",
        ),
        (0, "Không có số liệu nào thay đổi so với bản này."),
        itself[-2:],
    ]
    written = duckdb.sql(f"from '{last.folder}/tables/meta.editions/*.parquet' where is_this_edition")
    assert written.fetchall()[0][:4] == (last.edition_id, last.as_of, last.issued_at, "auto_approve")


def test_any_window_can_be_asked_of_an_edition(home: WarehouseHome) -> None:
    publish(home)

    assert ask(
        home.current, "select value from reviews.programme_review_over('plastic_waste', '2022H2', '2022H2')"
    ) == [(10,)]
    assert ask(
        home.current, "select comment from duckdb_functions() where function_name = 'programme_review_over'"
    ) == [("One row per unit, and half-year of 'the window'.",)]


def test_parquet_files_are_as_the_manifest_says(home: WarehouseHome) -> None:
    edition = publish(home)
    manifest = json.loads((edition.folder / "manifest.json").read_text(encoding="utf-8"))
    rows = {table["table"]: table["rows"] for table in manifest["tables"]}

    assert rows["reviews.halfyear_review"] == 3
    assert manifest["database"]["sha256"] == publish_sha256(edition.path)
    for table in manifest["tables"]:
        path = edition.folder / table["file"]
        assert publish_sha256(path) == table["sha256"]
        assert duckdb.sql(f"select count(*) from '{path}'").fetchall() == [(table["rows"],)]


def test_every_folder_of_parquet_is_a_table_that_pandas_calculates_with(home: WarehouseHome) -> None:
    edition = publish(home)
    folders = sorted(path for path in (edition.folder / "tables").iterdir())

    assert "reviews.halfyear_review" in {folder.name for folder in folders}
    for folder in folders:
        assert [path.suffix for path in folder.iterdir()] == [".parquet"]
    review = pd.read_parquet(edition.folder / "tables" / "reviews.halfyear_review")
    assert {str(review[column].dtype) for column in ("value", "target", "same_period_last_year")} == {
        "float64"
    }
    district = review[(review["unit_key"] == "U655") & (review["period_code"] == "2023H1")]
    assert (district["value"] / district["target"]).tolist() == [382 / 189]
    counts = pd.read_parquet(edition.folder / "tables" / "meta.row_counts")
    assert counts.set_index("table_name")["row_count"]["halfyear_review"] == len(review) == 3


def publish_sha256(path: Path) -> str:
    import hashlib

    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_nobody_may_write_an_edition(home: WarehouseHome) -> None:
    edition = publish(home)
    files = [edition.path, home.current, *(path for path in edition.folder.rglob("*") if path.is_file())]

    assert len(files) > 5
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o444}
    assert edition.path.stat().st_ino == home.current.stat().st_ino


@pytest.mark.parametrize(
    "step",
    [
        "contents.database.write_meta",
        "candidate.build_database",
        "candidate.export_tables",
        "candidate.put_folder_in_place",
        "issue.record_decision",
        "issue.stamp_approval",
        "issue.put_folder_in_place",
        "issue.put_in_place",
        "issue.make_current",
    ],
)
def test_a_refresh_that_dies_leaves_the_last_edition_and_is_finished_by_running_again(
    home: WarehouseHome, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    first = publish(home)
    before = home.current.read_bytes()
    run_sql(home, "update reviews.halfyear_review set value = 383 where value = 382")
    add_submission(home, "s2")

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(f"publish.editions.{step}", die)
        with pytest.raises(KeyboardInterrupt):
            publish_at(home, hours=1)
    assert home.current.read_bytes() == before
    assert current_edition(home) == first

    publish_at(home, hours=2)
    assert ask(home.current, NEW_MEMBERS) == [(383,)]
    assert list(home.candidates.iterdir()) == []
    assert sorted(path.suffix for path in home.editions.iterdir()) == ["", "", "", ".duckdb", ".duckdb"]
    assert len(ledger(home)) == 6


def publish_at(home: WarehouseHome, hours: int) -> Edition:
    return publish_edition(home, gather_inputs(home, AS_OF), ISSUED_AT + timedelta(hours=hours), "v1")


def test_death_inside_the_rename_leaves_the_last_edition(
    home: WarehouseHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = publish(home)
    add_submission(home, "s2")
    replace = Path.replace

    def die_at_the_switch(source: Path, target: Path) -> Path:
        if target == home.current:
            raise KeyboardInterrupt
        return replace(source, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", die_at_the_switch)
        with pytest.raises(KeyboardInterrupt):
            publish_at(home, hours=1)

    assert current_edition(home) == first


def test_without_hard_links_the_current_edition_is_a_copy(
    home: WarehouseHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = os.link

    def refuse(source: Path, target: Path) -> None:
        if Path(target).parent == home.journal:
            link(source, target)
            return
        raise OSError("no hard links here")

    monkeypatch.setattr(os, "link", refuse)
    edition = publish(home)

    assert home.current.read_bytes() == edition.path.read_bytes()
    assert home.current.stat().st_ino != edition.path.stat().st_ino
    assert stat.S_IMODE(home.current.stat().st_mode) == 0o444


def test_figures_are_issued_once(home: WarehouseHome) -> None:
    edition = publish(home)

    assert ledger(home) == [
        (edition.edition_id, "U24565", 41),
        (edition.edition_id, "U655", 382),
        (edition.edition_id, "U655", None),
    ]
    assert record_issued_figures(home) == 0
    assert len(ledger(home)) == 3


def test_figures_are_issued_later_when_the_refresh_died_after_the_switch(
    home: WarehouseHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("publish.editions.issue.issue_figures", die)
        with pytest.raises(KeyboardInterrupt):
            publish(home)
    assert ledger(home) == []

    assert record_issued_figures(home) == 3


def test_nothing_new_finds_the_current_edition(home: WarehouseHome) -> None:
    edition = publish(home)
    later = AS_OF + timedelta(hours=6)

    assert find_edition(home, gather_inputs(home, later), is_as_of_given=False) == edition


def test_a_new_submission_asks_for_a_new_edition(home: WarehouseHome) -> None:
    publish(home)
    add_submission(home, "s2")

    assert find_edition(home, gather_inputs(home, AS_OF), is_as_of_given=False) is None


def test_an_ended_half_year_asks_for_a_new_edition(home: WarehouseHome) -> None:
    publish(home)

    assert (
        find_edition(home, gather_inputs(home, datetime(2023, 12, 15, tzinfo=UTC)), is_as_of_given=False)
        is None
    )


def test_changed_code_asks_for_a_new_edition(home: WarehouseHome, tmp_path: Path) -> None:
    code = tmp_path / "code"
    code.mkdir()
    (code / "model.sql").write_text("select 1", encoding="utf-8")
    before = gather_inputs(home, AS_OF, (code,))
    (code / "model.sql").write_text("select 2", encoding="utf-8")

    assert gather_inputs(home, AS_OF, (code,)).fingerprint != before.fingerprint


def test_a_later_submission_does_not_touch_an_earlier_day(home: WarehouseHome) -> None:
    before = gather_inputs(home, AS_OF)
    add_submission(home, "s2", RECEIVED_AT + timedelta(days=30))

    assert gather_inputs(home, AS_OF) == before


def test_a_late_file_during_a_refresh_stops_its_publication(home: WarehouseHome) -> None:
    began = gather_inputs(home, AS_OF)
    assert confirm_inputs(home, AS_OF, began.fingerprint) == began
    add_submission(home, "s2")

    with pytest.raises(InputsChangedError, match="Đề nghị chạy lại"):
        confirm_inputs(home, AS_OF, began.fingerprint)


def test_a_day_before_anything_came_is_refused(home: WarehouseHome) -> None:
    with pytest.raises(NothingReceivedError, match="01/06/2023"):
        gather_inputs(home, datetime(2023, 6, 1, tzinfo=UTC))


def test_a_reproduction_of_an_earlier_day_is_kept_but_not_current(home: WarehouseHome) -> None:
    current = publish(home)
    earlier = publish(home, as_of=RECEIVED_AT + timedelta(hours=1), issued_at=ISSUED_AT + timedelta(days=1))

    assert current_edition(home) == current
    assert ask(earlier.path, NEW_MEMBERS) == [(382,)]
    assert {row[0] for row in ledger(home)} == {current.edition_id}
    inputs = gather_inputs(home, RECEIVED_AT + timedelta(hours=1))
    assert find_edition(home, inputs, is_as_of_given=True) == earlier


@pytest.mark.parametrize(
    "column",
    [
        "full_name", "birth", "citizen_id", "full_name_folded", "reporter",
        "religion", "ethnic_group_code", "last_ethnic_group", "is_poor_household", "is_party_member", "case_type",
        "member_ethnicity",
    ],
)  # fmt: skip
def test_a_personal_column_stops_the_edition(home: WarehouseHome, column: str) -> None:
    run_sql(home, f"alter table core.dim_member add column {column} varchar")

    with pytest.raises(PersonalDataError, match=f"core.dim_member.{column}"):
        publish(home)
    assert not home.current.exists()
    assert list(home.editions.glob("*.duckdb")) == []


@pytest.mark.parametrize(
    "text",
    [
        "066190001234",
        "Nguyễn Thị Hoa",
        "NGUYỄN THỊ HOA",
        "Dòng 7: họ tên Nguyễn Thị Hoa, thiếu ngày",
        "đã báo: H'Yi Êban Mlô.",
        "số 066190001234 sai",
        # as long as the id of a submission, and of the same letters
        "cccd066190001234",
        "f3a066190001234b",
        "2 066.190.001.234",
        "20230612-066190001234",
        f"{KEY_WITH_NUMBER}066190001234",
        f"{SUBMISSION_WITH_NUMBER}-066190001234",
        f"{SUBMISSION_WITH_NUMBER}066190001234",
    ],
)
def test_a_personal_value_stops_the_edition_and_is_not_repeated_in_the_message(
    home: WarehouseHome, text: str
) -> None:
    run_sql(home, "alter table reviews.programme_review add column hint varchar")
    run_sql(home, f"update reviews.programme_review set hint = '{text.replace(chr(39), chr(39) * 2)}'")

    with pytest.raises(PersonalDataError, match=r"reviews.programme_review.hint \(1\)") as refused:
        publish(home)
    assert text not in str(refused.value)
    assert not home.current.exists()
    assert list(home.editions.rglob("*.duckdb")) == []


@pytest.mark.parametrize(
    "text",
    [
        KEY_WITH_NUMBER,
        SUBMISSION_WITH_NUMBER,
        f"{SUBMISSION_WITH_NUMBER}-5-1007",
        f"s1, {SUBMISSION_WITH_NUMBER}, {SUBMISSION_WITH_NUMBER}-12-7",
        "9 dòng, 066190 đồng",
    ],
)
def test_digits_that_nobody_typed_are_no_number(home: WarehouseHome, text: str) -> None:
    add_submission(home, SUBMISSION_WITH_NUMBER)
    run_sql(home, f"update core.dim_member set member_key = '{text}'")

    publish(home)
    assert ask(home.current, "select member_key from core.dim_member") == [(text,)]
    assert ask(home.current, "select masked_cells from meta.edition") == [(0,)]


@pytest.mark.parametrize("typed", ["066 190 001 234", "'066190001234", "66190001234", "66190001234.0"])
def test_a_number_is_known_however_the_branch_typed_it(home: WarehouseHome, typed: str) -> None:
    typed = typed.replace("'", "''")
    run_sql(home, f"update raw.member_changes set citizen_id = '{typed}' where citizen_id is not null")
    run_sql(home, "update core.dim_member set member_key = 'M066190001234'")

    with pytest.raises(PersonalDataError, match=r"core.dim_member.member_key \(1\)"):
        publish(home)


def test_a_column_of_as_many_texts_as_rows_is_looked_at_whole(home: WarehouseHome) -> None:
    run_sql(home, "insert into core.dim_member select 'key ' || i, 1 from range(30000) as r (i)")
    run_sql(home, "insert into core.dim_member values ('k2 066190001234', 1)")

    with pytest.raises(PersonalDataError, match=r"core.dim_member.member_key \(1\)"):
        publish(home)


DESCRIPTIONS = "select description from core.fct_movement_activities order by activity_key"


@pytest.mark.parametrize(
    "text",
    [
        "Thăm hỏi chị Nguyễn Thị Hoa, thôn 3",
        "NGUYỄN THỊ HOA",
        "thăm chị H’YI ÊBAN MLÔ ốm",
        "thăm gia đình Thuỳ Dương",
        "Trao quà cho H\u2019Yi E\u0302ban Mlo\u0302",
        "Căn cước 066190001234",
        "Căn cước 066 190 001 234",
        "Căn cước 066\u00a0190\u00a0001\u00a0234",
        "Căn cước 066–190–001–234",
        "Người lạ có số 066 299 123 456",
        "Người lạ có số 066299123456",
        "Căn cước cũ 240 123 456",
        "CMND240123456",
    ],
)
def test_a_name_in_free_text_is_masked_and_counted(home: WarehouseHome, text: str) -> None:
    run_sql(home, f"update core.fct_movement_activities set description = '{text}' where activity_key = 'a1'")

    publish(home)
    assert ask(home.current, DESCRIPTIONS) == [("[đã ẩn tên]",), ("Ra quân vệ sinh môi trường",)]
    assert ask(home.current, "select masked_cells from meta.edition") == [(1,)]
    assert ask(home.current, "from meta.masked_columns") == [
        ("core", "fct_movement_activities", "description", 1)
    ]
    assert ask(home.warehouse, DESCRIPTIONS)[0] == (text,)


def test_nothing_of_a_masked_text_stays_in_the_files(home: WarehouseHome) -> None:
    # so many rows that DuckDB writes blocks before the table is whole
    run_sql(
        home,
        "insert into core.fct_movement_activities"
        " select 'b' || i, if(i = 7, 'qzxw chị Nguyễn Thị Hoa', 'Hoạt động ' || i % 100), null from range(300000) as r (i)",
    )
    edition = publish(home)

    assert ask(home.current, "select masked_cells from meta.edition") == [(1,)]
    for path in (
        edition.path,
        edition.folder / "tables" / "core.fct_movement_activities" / "fct_movement_activities.parquet",
    ):
        assert b"qzxw" not in path.read_bytes()


@pytest.mark.parametrize(
    "text",
    [
        "Xây 3 km đường nông thôn mới",
        "Ra quân vì đô thị an toàn",
        "Trồng hoa, Hoà giải",
        "Trồng cây thùy dương tử",
        "Nguyễn Thị Hoan tặng sách",
        "Nguyễn Văn Thị Hoa",
        "Chi 066190001 đồng, mã 166190001234",
        "Thôn 3",
        "Gọi 0905 123 456 ngày 05.01.2023",
        "Chi 1.240.123.456 đồng",
        "uuid:5b066190-0012-4f30-8c1d-066190001235",
    ],
)
def test_ordinary_words_are_not_masked(home: WarehouseHome, text: str) -> None:
    run_sql(home, "delete from raw.member_changes where full_name = 'Thùy Dương'")
    run_sql(home, f"update core.fct_movement_activities set description = '{text}' where activity_key = 'a1'")

    publish(home)
    assert ask(home.current, DESCRIPTIONS)[0] == (text,)
    assert ask(home.current, "select masked_cells from meta.edition") == [(0,)]


@pytest.mark.parametrize(
    "typed",
    [
        "Nguyễn Thị Bé 2",
        "Nguyễn Thị Bé (1985)",
        "3. Nguyễn Thị Bé",
        "Nguyễn Thị Bé (chi hội trưởng)",
        "Nguyễn Thị Bé - Thôn 3",
        "Nguyễn Thị Bé, Trần Văn Bê",
    ],
)
def test_what_stands_beside_a_name_is_no_part_of_it(home: WarehouseHome, typed: str) -> None:
    run_sql(home, f"insert into raw.member_changes (full_name) values ('{typed}')")
    run_sql(home, "update core.fct_movement_activities set description = 'Thăm chị Nguyễn Thị Bé'")

    publish(home)
    assert set(ask(home.current, DESCRIPTIONS)) == {("[đã ẩn tên]",)}


def test_a_name_in_the_name_of_a_file_is_masked(home: WarehouseHome) -> None:
    run_sql(home, "update raw.submissions set file_name = 'BC 2023H1 - Nguyễn Thị Hoa.xlsx'")

    publish(home)
    assert ask(home.current, "select submission_id, file_name from meta.submissions") == [
        ("s1", "[đã ẩn tên]")
    ]


def test_a_sum_that_would_give_a_withheld_count_back_is_not_told(home: WarehouseHome) -> None:
    run_sql(
        home,
        "create table core.fct_clubs (members_minority bigint, is_members_minority_suppressed boolean);"
        " create table reviews.findings (field_name varchar, figure_reported int, figure_computed int, message_vi varchar);"
        " insert into reviews.findings values ('members_minority', 4, 3, 'Dòng tổng cộng ghi 4, cộng các dòng được 3.'),"
        " ('members', 20, 21, 'Dòng tổng cộng ghi 20, cộng các dòng được 21.')",
    )
    publish(home)
    assert ask(home.current, "from reviews.findings order by field_name") == [
        ("members", 20, 21, "Dòng tổng cộng ghi 20, cộng các dòng được 21."),
        ("members_minority", None, None, MESSAGE_VI),
    ]


def test_a_place_typed_into_the_name_column_stops_nothing(home: WarehouseHome) -> None:
    # 'Xã Ea Bông' stands in raw.member_changes.full_name and in core.dim_unit
    assert publish(home).path.exists()


def test_rows_lie_unit_by_unit_and_as_in_their_sheet(home: WarehouseHome) -> None:
    run_sql(
        home,
        "create table core.fct_awards as select 'U' || i % 3 as unit_key, '2023H' || 1 + i % 2 as period_code,"
        " 100 - i as row_number from range(12) as r (i)",
    )
    edition = publish(home)

    written = [
        ask(home.current, "from core.fct_awards"),
        duckdb.sql(
            f"from '{edition.folder / 'tables' / 'core.fct_awards' / 'fct_awards.parquet'}'"
        ).fetchall(),
    ]
    assert len(written[0]) == 12
    assert written == [sorted(written[0])] * 2


def test_an_edition_is_named_by_its_id_and_lies_nowhere_else(tmp_path: Path) -> None:
    home = WarehouseHome(tmp_path)

    assert edition_file(home, "edition_1") == tmp_path / "editions" / "edition_1.duckdb"
    assert edition_file(home, "../warehouse") == tmp_path / "editions" / "warehouse.duckdb"


def test_a_full_disk_is_told_in_words_and_leaves_the_current_edition(
    home: WarehouseHome, tmp_path: Path
) -> None:
    with small_disk(tmp_path / "disk") as disk:
        here = WarehouseHome(shutil.copytree(home.root, disk.path / "home"))
        first = publish(here)
        add_submission(here, "s2")
        filler = disk.fill(leave_bytes=300_000)

        with pytest.raises(DiskFullError, match="Ổ đĩa đã đầy"):
            publish(here, issued_at=ISSUED_AT + timedelta(days=1))

        assert current_edition(here) == first
        filler.unlink()
        second = publish(here, issued_at=ISSUED_AT + timedelta(days=1))
        assert current_edition(here) == second
