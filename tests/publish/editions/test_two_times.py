"""What the paper said and what is true now: a half-year issued on a day, then a correction, late returns, a log and a merge.

One warehouse is built and published twice. What stands in its rows is little enough to count by hand.
"""

import io
import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
from rich.console import Console

from build.inputs import gather_inputs
from ingest.contracts.forms import load_contracts
from ingest.database import open_warehouse
from ingest.home import DBT_PROJECT, WarehouseHome
from ingest.loading.load import load_inbox
from publish.__main__ import main
from publish.answers.trace import print_trace, trace_figure
from publish.editions.choices import UnknownChoiceError
from publish.editions.edition import Edition
from publish.editions.issue import publish_edition
from tests.analyst_questions import question
from tests.dbt_project.conftest import joined, run_dbt
from tests.dbt_project.raw_fixture import RawDatabase, instant
from tests.publish.small_warehouse import ask

EA_BONG, BUON_TRAP, BINH_HOA, DRAY_SAP = "U24565", "U24538", "U24574", "U24556"
FIRST_ISSUE = instant("2023-06-21 03:00")
SECOND_ISSUE = instant("2026-01-02 03:00")
NAMES = ("Trần Thị Bảy", "Lê Thị Sáu", "Ngô Thị Mười", "Phạm Thị Chín")


@dataclass(frozen=True)
class TwoEditions:
    """A warehouse with the edition of 21 June 2023 and that of today; ``late`` names what came in between.

    ``issued_again`` holds the figures of the first one, made anew after everything had come.
    """

    home: WarehouseHome
    paper: Edition
    now: Edition
    late: dict[str, str]
    issued_again: set[tuple[object, ...]]


def new_members(count: int, day: str) -> list[dict[str, str]]:
    return [joined(name, day) for name in NAMES[:count]]


def build(home: WarehouseHome, issued_at: datetime, *selected: str) -> None:
    only_tables = ("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test")
    as_of = ("--vars", f"{{as_of: '{issued_at.isoformat()}'}}")
    run_dbt(home, DBT_PROJECT, "build", *selected, *only_tables, *as_of)


def build_and_publish(home: WarehouseHome, issued_at: datetime) -> Edition:
    build(home, issued_at)
    return publish_edition(home, gather_inputs(home, issued_at), issued_at, "v1")


def write_return(path: Path, dated: datetime, form_name: str, title: str, *rows: dict[str, str]) -> None:
    """Write a workbook with one form, whose file bears a date."""
    fields = {field.name: field.title for field in load_contracts().form(form_name).fields}
    workbook = openpyxl.Workbook()
    sheet = workbook.worksheets[0]
    for line in ([title], [fields[name] for name in rows[0]], *(list(row.values()) for row in rows)):
        sheet.append(line)
    path.parent.mkdir(parents=True)
    workbook.save(path)
    os.utime(path, (dated.timestamp(), dated.timestamp()))


def write_return_signed_by_the_merged_commune(home: WarehouseHome) -> None:
    write_return(
        home.inbox / "2025H1" / "Dray Sáp.xlsx",
        datetime(2025, 7, 5, tzinfo=UTC),
        "trainings",
        "HỘI LHPN XÃ EA NA: Biểu 03: Đào tạo, tập huấn – 6 tháng đầu năm 2025",
        {"title": "Lớp may", "kind": "Dạy nghề", "starts_on": "05/03/2025", "trainees": "30"},
        {"title": "Lớp nấu ăn", "kind": "Dạy nghề", "starts_on": "06/03/2025", "trainees": "25"},
    )


def award(recipient: str) -> dict[str, str]:
    return {
        "awarded_on": "08/03/2023",
        "recipient_kind": "cá nhân",
        "recipient": recipient,
        "award": "giấy khen",
    }


@pytest.fixture(scope="module")
def editions(tmp_path_factory: pytest.TempPathFactory) -> TwoEditions:
    home = WarehouseHome(tmp_path_factory.mktemp("two_times")).prepare()
    with open_warehouse(home) as connection:
        raw = RawDatabase(connection)
        raw.submit(
            {
                "opening_balances": [
                    {"unit": "Xã Ea Bông", "as_of": "14/12/2022", "members": "1.800"},
                    {"unit": "Thị trấn Buôn Trấp", "as_of": "14/06/2022", "members": "2000"},
                ]
            },
            received_at=instant("2022-07-01 00:00"),
        )
        for unit, period, count, day, received in (
            (BUON_TRAP, "2022H2", 1, "05/09/2022", "2022-12-10 00:00"),
            (EA_BONG, "2023H1", 3, "05/01/2023", "2023-06-12 00:00"),
            (BUON_TRAP, "2023H1", 2, "05/01/2023", "2023-06-13 00:00"),
        ):
            raw.submit(
                {"member_changes": new_members(count, day)},
                unit_key=unit,
                period_code=period,
                received_at=instant(received),
            )
        raw.submit(
            {"awards": [award(NAMES[0]), award(NAMES[1])]},
            unit_key=EA_BONG,
            period_code="2023H1",
            received_at=instant("2023-06-14 00:00"),
        )
    paper = build_and_publish(home, FIRST_ISSUE)
    with open_warehouse(home) as connection:
        raw.connection = connection
        late = {
            name: raw.submit(
                {"member_changes": new_members(count, day)},
                unit_key=unit,
                period_code=period,
                received_at=instant(received),
            )
            for name, unit, period, count, day, received in (
                ("correction", EA_BONG, "2023H1", 4, "05/01/2023", "2023-07-05 00:00"),
                ("late return", BINH_HOA, "2023H1", 2, "05/01/2023", "2023-07-10 00:00"),
                ("correction of 2022H2", BUON_TRAP, "2022H2", 3, "05/09/2022", "2023-07-06 00:00"),
            )
        }
        late["log"] = raw.submit(
            {
                "activity_log": [
                    {
                        "event_id": "e1",
                        "occurred_at": "2023-02-05T08:00:00",
                        "unit_code": "24538",
                        "programme": "plastic_waste",
                        "activity_type": "cleanup",
                        "participants": "35",
                    }
                ]
            },
            received_at=instant("2023-07-08 00:00"),
        )
    write_return_signed_by_the_merged_commune(home)
    load_inbox(home, SECOND_ISSUE - timedelta(days=1))
    write_return(
        home.inbox / "2023H1" / "Ea Bông.xlsx",
        datetime(2023, 6, 20, tzinfo=UTC),
        "awards",
        "BCH HỘI LHPN XÃ EA BÔNG: Biểu 06: Khen thưởng",
        *map(award, NAMES),
    )
    load_inbox(home, SECOND_ISSUE)
    ((late["back-dated correction"],),) = ask(
        home.warehouse,
        "select submission_id from raw.submissions where relative_path = '2023H1/Ea Bông.xlsx'",
    )
    now = build_and_publish(home, SECOND_ISSUE)
    build(home, FIRST_ISSUE, "--select", "+halfyear_review")
    issued_again = set(
        ask(
            home.warehouse, "select unit_key, period_code, indicator_code, value from reviews.halfyear_review"
        )
    )
    return TwoEditions(home, paper, now, late, issued_again)


def figures(path: Path, indicator: str, period: str, review: str = "halfyear_review") -> dict[object, object]:
    found = ask(
        path,
        f"select unit_key, value from reviews.{review}"
        f" where indicator_code = '{indicator}' and period_code = '{period}' and value is not null",
    )
    return dict(found)  # type: ignore[arg-type]


def test_the_paper_keeps_its_figures_and_the_review_has_those_of_today(editions: TwoEditions) -> None:
    paper = {EA_BONG: 3, BUON_TRAP: 2, "U655": 5}
    assert figures(editions.paper.path, "new_members", "2023H1") == paper
    ledger = ask(
        editions.home.warehouse,
        "select unit_key, value from raw.issued_figures where period_code = '2023H1' and value is not null"
        f" and indicator_code = 'new_members' and edition_id = '{editions.paper.edition_id}'",
    )
    assert dict(ledger) == paper  # type: ignore[arg-type]
    assert figures(editions.home.current, "new_members", "2023H1") == {
        EA_BONG: 4,
        BUON_TRAP: 2,
        BINH_HOA: 2,
        "U655": 8,
    }


def test_restatements_say_what_changed_by_how_much_and_which_files_did_it(editions: TwoEditions) -> None:
    late = editions.late
    found = ask(
        editions.home.current,
        "select indicator_code, unit_key, figure_as_issued, figure_now, difference, cause, submission_ids"
        " from reviews.restatements where period_code = '2023H1'"
        " and indicator_code in ('new_members', 'members_closing', 'cleanups') order by all",
    )
    assert found == [
        ("cleanups", BUON_TRAP, None, 1, 1, "Có sổ theo dõi hoạt động", late["log"]),
        ("cleanups", "U655", None, 1, 1, "Có sổ theo dõi hoạt động", late["log"]),
        ("members_closing", BUON_TRAP, 2003, 2005, 2, "Có báo cáo của kỳ khác", late["correction of 2022H2"]),
        ("members_closing", EA_BONG, 1803, 1804, 1, "Có báo cáo gửi lại", late["correction"]),
        (
            "members_closing",
            "U655",
            3806,
            3809,
            3,
            "Có báo cáo của kỳ khác, báo cáo gửi lại",
            ", ".join(sorted([late["correction"], late["correction of 2022H2"]])),
        ),
        ("new_members", EA_BONG, 3, 4, 1, "Có báo cáo gửi lại", late["correction"]),
        ("new_members", BINH_HOA, None, 2, 2, "Có báo cáo gửi quá hạn", late["late return"]),
        (
            "new_members",
            "U655",
            5,
            8,
            3,
            "Có báo cáo gửi lại, báo cáo gửi quá hạn",
            ", ".join(sorted([late["correction"], late["late return"]])),
        ),
    ]


def test_what_was_issued_can_be_made_again_after_a_file_that_bears_an_earlier_date(
    editions: TwoEditions,
) -> None:
    """The file is known since it was loaded, whatever its date, and is named as what moved the figure."""
    issued = ask(
        editions.home.warehouse,
        "select unit_key, period_code, indicator_code, value from raw.issued_figures"
        f" where edition_id = '{editions.paper.edition_id}'",
    )
    assert (EA_BONG, "2023H1", "awards_individual", 2) in issued
    assert editions.issued_again == set(issued)
    assert figures(editions.home.current, "awards_individual", "2023H1") == {EA_BONG: 4, "U655": 4}
    moved = ask(
        editions.home.current,
        "select figure_as_issued, figure_now, cause, submission_ids from reviews.restatements"
        f" where unit_key = '{EA_BONG}' and indicator_code = 'awards_individual'",
    )
    assert moved == [(2, 4, "Có báo cáo gửi lại", editions.late["back-dated correction"])]


def test_members_are_unknown_where_nobody_ever_counted_them(editions: TwoEditions) -> None:
    assert BINH_HOA not in figures(editions.home.current, "members_closing", "2023H1")
    assert figures(editions.home.current, "members_left", "2023H1")[BINH_HOA] == 0


def test_a_return_signed_by_the_merged_commune_counts_for_the_old_one_and_shows_on_both_maps(
    editions: TwoEditions,
) -> None:
    now = editions.home.current
    assert figures(now, "vocational_trainees", "2025H1") == {DRAY_SAP: 55, "U655": 55}
    assert figures(now, "vocational_trainees", "2025H1", "halfyear_review_as_is") == {
        "U24559_2025": 55,
        "U655": 55,
    }


def test_a_half_year_asks_the_units_that_stood_on_its_last_day(editions: TwoEditions) -> None:
    # the eight communes of the time, neither the police union that ended in February nor the communes of July
    asked = ask(
        editions.home.current,
        "select unit_key, form_name, status from reviews.submission_completeness where period_code = '2025H1'",
    )
    assert len(asked) == 8 * 7
    assert not {unit for unit, _, _ in asked} & {"U655_CA", "U24538_2025", "U24559_2025", "U24568_2025"}
    assert [row for row in asked if row[2] != "missing"] == [(DRAY_SAP, "trainings", "late")]


def test_an_analyst_finds_what_changed_since_the_paper_and_why(editions: TwoEditions) -> None:
    found = ask(editions.home.current, question("What changed since the paper"))
    assert (
        "2023H1",
        "Xã Ea Bông",
        "Hội viên mới phát triển",
        3,
        4,
        1,
        "Có báo cáo gửi lại",
        editions.late["correction"],
    ) in found
    assert {row[0] for row in found} >= {"2022H2", "2023H1"}


def test_every_half_year_can_be_read_on_the_map_of_today(editions: TwoEditions) -> None:
    assert figures(editions.home.current, "new_members", "2023H1", "halfyear_review_as_is") == {
        "U24559_2025": 4,
        "U24538_2025": 4,
        "U655": 8,
    }
    assert figures(editions.home.current, "members_closing", "2023H1", "halfyear_review_as_is") == {
        "U24559_2025": 1804,
        "U24538_2025": 2005,
        "U655": 3809,
    }
    assert ask(
        editions.home.current,
        "select unit_name, cumulative, rank from reviews.programme_review_as_is where indicator_code = 'cleanups'"
        " and programme_code = 'plastic_waste' and period_code = '2023H1' and cumulative > 0 order by all",
    ) == [("Huyện Krông Ana", 1, None), ("Xã Krông Ana", 1, 1)]


def test_before_the_merge_the_map_of_today_was_that_of_the_time(editions: TwoEditions) -> None:
    assert figures(editions.paper.path, "new_members", "2023H1", "halfyear_review_as_is") == {
        EA_BONG: 3,
        BUON_TRAP: 2,
        "U655": 5,
    }


def test_a_figure_is_walked_back_to_its_rows(editions: TwoEditions) -> None:
    traced = trace_figure(editions.home.current, "TT. Buôn Trấp", "2023H1", "members_closing")
    assert traced.value == 2005
    assert [
        (source.kind, source.carried_from_vi, source.row_number, source.contribution)
        for source in traced.sources
    ] == [
        ("previous_closing", "6 tháng cuối năm 2022", None, 2003),
        ("row", None, 5, 1),
        ("row", None, 6, 1),
    ]
    before = trace_figure(editions.home.current, BUON_TRAP, "2022H2", "members_closing")
    assert [(source.kind, source.row_number, source.contribution) for source in before.sources] == [
        ("opening_balance", 6, 2000),
        ("row", 5, 1),
        ("row", 6, 1),
        ("row", 7, 1),
    ]


def test_a_trace_is_told_in_vietnamese(editions: TwoEditions, capsys: pytest.CaptureFixture[str]) -> None:
    out = io.StringIO()
    traced = trace_figure(editions.home.current, "huyện krông ana", "2023h1", "Hội viên mới phát triển")
    print_trace(traced, Console(file=out, highlight=False))
    text = out.getvalue()
    assert "Hội viên mới phát triển: 8 người" in text
    assert "Cộng 8 dòng từ 3 tệp: 8 người" in text
    assert "U24574 2023H1" in text
    assert not [name for name in NAMES if name in text]

    out.truncate(0)
    print_trace(
        trace_figure(editions.home.current, "Dray Sáp", "2023H1", "new_clubs"),
        Console(file=out, highlight=False),
    )
    assert "chưa có số liệu" in out.getvalue()


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("Xã Không Có", "2023H1", "new_members"), "không có trong kỳ này"),
        (("Ea Bông", "2031H1", "new_members"), "Không có số liệu của kỳ"),
        (("Ea Bông", "2023H1", "happiness"), "Không có chỉ tiêu"),
    ],
)
def test_what_there_is_not_is_answered_with_what_there_is(
    editions: TwoEditions,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    asked: tuple[str, str, str],
    said: str,
) -> None:
    unit, period, indicator = asked
    with pytest.raises(UnknownChoiceError, match=said):
        trace_figure(editions.home.current, unit, period, indicator)
    monkeypatch.setenv("WAREHOUSE_HOME", str(editions.home.root))
    assert main(["trace", "--unit", unit, "--period", period, "--indicator", indicator]) == 2
    assert said in capsys.readouterr().err
    words = [
        "--unit",
        "Ea Bông",
        "--period",
        "6 tháng đầu năm 2023",
        "--indicator",
        "hội viên mới phát triển",
    ]
    assert main(["trace", *words]) == 0
    assert "Hội viên mới phát triển: 4 người" in capsys.readouterr().out
