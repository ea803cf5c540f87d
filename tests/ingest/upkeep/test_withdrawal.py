"""A file loaded by mistake is withdrawn and taken back: who may be meant, what is written, what the officer is told."""

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ingest.__main__ import main
from ingest.contracts.forms import load_contracts
from ingest.contracts.reference import load_reference
from ingest.database import open_warehouse
from ingest.home import PROJECT_ROOT, WarehouseHome
from ingest.keeping.journal import WithdrawalEntry, read_entries, write_entry
from ingest.keeping.withdrawals import withdrawn_by
from ingest.loading.load import load_inbox, replay_journal
from ingest.upkeep.received_files import NoSuchFileError, SeveralFilesError
from ingest.upkeep.withdrawal import ClockBehindError, Decided, Decision, NothingToDecideError, decide
from ingest.upkeep.withdrawal_answer import answer, refusal
from tests.ingest.return_files import SUPPORT_ROWS, support_return, write

LOADED = datetime(2026, 1, 10, 3, 0, tzinfo=UTC)
NOW = LOADED + timedelta(days=1)
FIRST, SECOND = "2023H1/Ea Bông.xlsx", "2023H1/Ea Bông gửi lại.xlsx"
REFERENCE = load_reference()


@pytest.fixture
def home(tmp_path: Path) -> WarehouseHome:
    """Ea Bông's return of two rows, a day later one of one row, and that content once more under a third name."""
    home = WarehouseHome(tmp_path / "home").prepare()
    one_row = support_return(rows=SUPPORT_ROWS[:1], total=None)
    for days, name, content in (
        (3, FIRST, support_return()),
        (2, SECOND, one_row),
        (1, "2023H1/chép lại.xlsx", one_row),
    ):
        path = write(home.inbox / name, content)
        received_at = (LOADED - timedelta(days=days)).timestamp()
        os.utime(path, (received_at, received_at))
    load_inbox(home, LOADED)
    return home


def withdraw(home: WarehouseHome, asked: str, at: datetime = NOW, why: str = "Nhầm tệp.") -> Decided:
    return decide(home, asked, Decision(is_withdrawn=True, decided_at=at, decided_by="chị Hoa", why=why))


def take_back(home: WarehouseHome, asked: str, at: datetime = NOW + timedelta(hours=1)) -> Decided:
    return decide(
        home, asked, Decision(is_withdrawn=False, decided_at=at, decided_by="chị Hoa", why="Tệp đúng.")
    )


def id_of(home: WarehouseHome, path: str) -> str:
    with open_warehouse(home) as connection:
        found = connection.execute(
            "select submission_id from raw.submissions where relative_path = ?", [path]
        ).fetchone()
    assert found is not None
    return str(found[0])


def withdrawals(home: WarehouseHome) -> list[tuple[object, ...]]:
    with open_warehouse(home) as connection:
        return connection.execute(
            "select submission_id, is_withdrawn, decided_at, decided_by, why from raw.withdrawals order by decided_at"
        ).fetchall()


def told(home: WarehouseHome, asked: str, at: datetime = NOW) -> str:
    """What an officer is told whose withdrawal is refused."""
    with pytest.raises(
        (NoSuchFileError, SeveralFilesError, NothingToDecideError, ClockBehindError)
    ) as raised:
        withdraw(home, asked, at)
    return refusal(raised.value, REFERENCE)


def test_a_decision_stands_in_the_journal_and_in_the_database(home: WarehouseHome) -> None:
    submission_id = id_of(home, SECOND)
    withdraw(home, SECOND)
    take_back(home, SECOND)

    expected = [
        (submission_id, True, NOW, "chị Hoa", "Nhầm tệp."),
        (submission_id, False, NOW + timedelta(hours=1), "chị Hoa", "Tệp đúng."),
    ]
    assert withdrawals(home) == expected
    written = [entry for _, entry in read_entries(home.journal) if isinstance(entry, WithdrawalEntry)]
    assert [
        (one.submission_id, one.is_withdrawn, one.decided_at, one.decided_by, one.why) for one in written
    ] == expected


def test_nothing_of_the_file_is_removed(home: WarehouseHome) -> None:
    count = "select (select count(*) from raw.submissions), (select count(*) from raw.support_funds)"
    with open_warehouse(home) as connection:
        before = connection.execute(count).fetchall()
    withdraw(home, FIRST)
    with open_warehouse(home) as connection:
        assert connection.execute(count).fetchall() == before == [(2, 3)]


def test_a_decision_that_was_cut_off_is_known_to_the_next(home: WarehouseHome) -> None:
    entry = WithdrawalEntry(
        submission_id=id_of(home, FIRST),
        is_withdrawn=True,
        decided_at=NOW,
        decided_by="chị Hoa",
        why="Nhầm tệp.",
    )
    write_entry(home.journal, entry)
    assert "không cần rút lần nữa" in told(home, FIRST, NOW + timedelta(minutes=1))
    assert len(withdrawals(home)) == 1


def test_a_warehouse_made_again_from_its_archive_has_the_same_decisions(home: WarehouseHome) -> None:
    withdraw(home, SECOND)
    shutil.copy(home.inbox / SECOND, home.inbox / "2023H1" / "Ea Bông lần ba.xlsx")
    load_inbox(home, NOW + timedelta(minutes=1))
    take_back(home, SECOND)
    decisions, receipts = withdrawals(home), receipts_in(home)
    assert len(decisions) == 2
    home.warehouse.unlink()
    with open_warehouse(home) as connection:
        replay_journal(home, connection, load_contracts())

    assert withdrawals(home) == decisions
    assert receipts_in(home) == receipts


def receipts_in(home: WarehouseHome) -> list[tuple[object, ...]]:
    with open_warehouse(home) as connection:
        return connection.execute("from raw.receipts order by all").fetchall()


def test_what_is_withdrawn_depends_on_the_instant(home: WarehouseHome) -> None:
    submission_id = id_of(home, FIRST)
    withdraw(home, FIRST)
    take_back(home, FIRST)
    with open_warehouse(home) as connection:
        states = [
            [key for key, _, _ in withdrawn_by(connection, as_of)]
            for as_of in (NOW - timedelta(seconds=1), NOW, NOW + timedelta(hours=1), None)
        ]
    assert states == [[], [submission_id], [], []]


@pytest.mark.parametrize(
    "asked",
    [
        SECOND,
        "ea bông gửi lại.XLSX",
        "2023H1\\Ea Bông gửi lại.xlsx",
        "chép lại.xlsx",  # the duplicate's name means the submission that it is one of
        "{inbox}/2023H1/Ea Bông gửi lại.xlsx",
        "{id}",
    ],
)
def test_a_file_is_known_by_id_name_or_path(home: WarehouseHome, asked: str) -> None:
    decided = withdraw(home, asked.format(inbox=home.inbox, id=id_of(home, SECOND)))
    assert decided.file.relative_path == SECOND


def test_a_name_of_several_files_decides_nothing(home: WarehouseHome) -> None:
    write(home.inbox / "2022H2" / "Ea Bông.xlsx", support_return(period="Kỳ báo cáo: 6 tháng cuối năm 2022"))
    load_inbox(home, LOADED + timedelta(hours=1))

    sentences = told(home, "Ea Bông.xlsx").splitlines()
    assert sentences[0] == "“Ea Bông.xlsx” có thể là một trong 2 tệp sau, nên chưa làm gì:"
    assert [line.split()[0] for line in sentences[1:3]] == [
        id_of(home, "2022H2/Ea Bông.xlsx"),
        id_of(home, FIRST),
    ]
    assert "6 tháng cuối năm 2022" in sentences[1]
    assert withdrawals(home) == []
    assert list(read_entries(home.journal)) == [
        pair for pair in read_entries(home.journal) if not isinstance(pair[1], WithdrawalEntry)
    ]


def test_a_name_that_nothing_bears_is_answered_with_those_near_it(home: WarehouseHome) -> None:
    near = told(home, "Ea Bong gui lai.xls")
    assert SECOND in near
    assert FIRST not in near
    assert told(home, "quyết toán.docx").startswith(
        "Không có tệp nào đã nhận tên là “quyết toán.docx”. Đề nghị"
    )
    assert told(home, "  ").startswith("Không có tệp nào")
    assert told(WarehouseHome(home.root / "empty"), FIRST).startswith("Không có tệp nào")


def test_what_is_as_asked_already_is_not_decided_again(home: WarehouseHome) -> None:
    with pytest.raises(NothingToDecideError) as raised:
        take_back(home, FIRST)
    assert "chưa bị rút nên đang được tính" in refusal(raised.value, REFERENCE)
    withdraw(home, FIRST)
    assert "đã được rút trước đó (10:00 ngày 11/01/2026, chị Hoa: Nhầm tệp.); không cần rút lần nữa." in told(
        home, FIRST, NOW + timedelta(minutes=1)
    )
    assert len(withdrawals(home)) == 1


def test_a_clock_that_went_back_cannot_hide_a_decision(home: WarehouseHome) -> None:
    withdraw(home, FIRST)
    take_back(home, FIRST)
    assert told(home, FIRST, NOW).startswith("Đồng hồ của máy (10:00 ngày 11/01/2026) chậm hơn")
    assert len(withdrawals(home)) == 2


def test_the_answer_says_what_counts_instead(home: WarehouseHome) -> None:
    decided = withdraw(home, SECOND)
    assert answer(decided, REFERENCE).splitlines() == [
        f"Đã rút tệp “{SECOND}” (mã {id_of(home, SECOND)}) khỏi số liệu.",
        "  Đơn vị: Xã Ea Bông. Kỳ báo cáo: 6 tháng đầu năm 2023.",
        "  Người quyết định: chị Hoa. Lý do: Nhầm tệp.",
        "  Trong tệp:",
        "    – Biểu 04: Hỗ trợ hội viên: 1 dòng.",
        "  Từ nay được tính:",
        "    – Biểu 04: Hỗ trợ hội viên: báo cáo gửi trước đó "
        f"“{FIRST}” (nhận 10:00 ngày 07/01/2026; 2 dòng).",
        "  Tệp vẫn được lưu. Muốn tính trở lại:",
        f'    make take-back SUBMISSION={id_of(home, SECOND)} WHY="…"',
        "  Số liệu thay đổi từ lần làm bản số liệu tiếp theo; các bản số liệu đã công bố giữ nguyên.",
    ]
    assert "đơn vị là chưa gửi" in answer(withdraw(home, FIRST), REFERENCE)
    assert f"báo cáo này, thay “{FIRST}”" in answer(
        (take_back(home, FIRST), take_back(home, SECOND))[1], REFERENCE
    )


def test_withdrawing_what_was_replaced_changes_nothing(home: WarehouseHome) -> None:
    assert f"không thay đổi, vẫn là báo cáo gửi sau “{SECOND}”" in answer(withdraw(home, FIRST), REFERENCE)


def test_the_answer_knows_what_adds_to_a_return_and_what_was_sent_again(home: WarehouseHome) -> None:
    added = "2023H1/Ea Bông bổ sung.xlsx"
    write(home.inbox / added, support_return(rows=SUPPORT_ROWS[1:], total=None))
    load_inbox(home, LOADED + timedelta(hours=1))

    whole = answer(withdraw(home, SECOND), REFERENCE)
    assert (
        f"báo cáo gửi trước đó “{FIRST}” (nhận 10:00 ngày 07/01/2026; 2 dòng), cùng với “{added}”." in whole
    )
    again = answer(take_back(home, SECOND), REFERENCE)
    assert f"báo cáo này, thay “{FIRST}”, cùng với “{added}”." in again
    without = answer(withdraw(home, added, NOW + timedelta(hours=2)), REFERENCE)
    assert f"báo cáo “{SECOND}” (nhận 10:00 ngày 08/01/2026; 1 dòng), không có tệp này." in without
    assert "có thêm tệp này" in answer(take_back(home, added, NOW + timedelta(hours=3)), REFERENCE)

    shutil.copy(home.inbox / FIRST, home.inbox / "2023H1" / "Ea Bông gửi lại bản đầu.xlsx")
    load_inbox(home, LOADED + timedelta(hours=2))
    late = answer(withdraw(home, SECOND, NOW + timedelta(hours=4)), REFERENCE)
    assert f"không thay đổi, vẫn là báo cáo gửi sau “{FIRST}”" in late


def test_a_refused_file_and_one_of_many_units_can_be_withdrawn(home: WarehouseHome) -> None:
    write(home.inbox / "ảnh chụp.docx", b"x")
    write(
        home.inbox / "log.csv",
        b"event_id,occurred_at,unit_code,village,programme,activity_type,participants,quantity,uom,amount_vnd\n"
        b"e1,2023-02-05T08:00:00,24565,,plastic_waste,cleanup,35,,,\n",
    )
    load_inbox(home, LOADED + timedelta(hours=1))

    refused = answer(withdraw(home, "ảnh chụp.docx"), REFERENCE)
    assert "Trong tệp không có dòng nào được tính" in refused
    assert "Đơn vị: không rõ." in refused
    of_log = answer(withdraw(home, "log.csv"), REFERENCE)
    assert "Đơn vị: ghi theo từng dòng." in of_log
    assert "hoạt động được lấy theo tệp gần nhất còn được tính" in of_log


def test_the_same_content_sent_again_stays_withdrawn_and_says_so(home: WarehouseHome) -> None:
    submission_id = id_of(home, SECOND)
    withdraw(home, SECOND)
    shutil.copy(home.inbox / SECOND, home.inbox / "2023H1" / "Ea Bông lần ba.xlsx")
    report = load_inbox(home, NOW + timedelta(hours=1))

    sentence = (
        f"Tệp có nội dung giống hệt tệp đã bị rút ({SECOND}) nên vẫn không được tổng hợp. "
        f"Nếu tệp này đúng, đề nghị báo Hội LHPN cấp trên để tính lại tệp đã rút (mã phản hồi {submission_id})."
    )
    assert [(one.relative_path, one.verdict, one.sentence) for one in report.refused] == [
        ("2023H1/Ea Bông lần ba.xlsx", "duplicate", sentence)
    ]
    with open_warehouse(home) as connection:
        assert connection.execute(
            "select reason_vi from raw.receipts where reason_code = 'same_content_withdrawn'"
        ).fetchall() == [(sentence,)]
        assert [key for key, _, _ in withdrawn_by(connection, None)] == [submission_id]


@pytest.fixture
def office(home: WarehouseHome, monkeypatch: pytest.MonkeyPatch) -> Iterator[WarehouseHome]:
    monkeypatch.setenv("WAREHOUSE_HOME", str(home.root))
    monkeypatch.setenv("LOGNAME", "hoa")
    return home


def test_the_command_decides_and_lists(office: WarehouseHome, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["withdraw"]) == 0
    assert [line.split("  ")[1] for line in capsys.readouterr().out.splitlines()[1:3]] == [
        id_of(office, SECOND),
        id_of(office, FIRST),
    ]
    assert main(["withdraw", FIRST]) == 2
    assert "Đề nghị ghi lý do" in capsys.readouterr().err
    assert main(["withdraw", FIRST, "--why", "Nhầm kỳ"]) == 0
    assert capsys.readouterr().out.startswith("Đã rút tệp")
    assert main(["withdraw", FIRST, "--why", "Nhầm kỳ"]) == 2
    assert "không cần rút lần nữa" in capsys.readouterr().err
    assert main(["take-back", "--why", "Đúng kỳ"]) == 2
    assert FIRST in capsys.readouterr().out
    assert main(["take-back", FIRST, "--why", "Đúng kỳ", "--by", "chị Mai"]) == 0
    capsys.readouterr()
    assert [(row[1], row[3], row[4]) for row in withdrawals(office)] == [
        (True, "hoa", "Nhầm kỳ"),
        (False, "chị Mai", "Đúng kỳ"),
    ]


def test_make_hands_over_names_and_reasons_as_they_are(office: WarehouseHome) -> None:
    makefile = (PROJECT_ROOT / "Makefile").read_text(encoding="utf-8")
    for target in ("withdraw", "take-back"):
        recipe = makefile.split(f"\n{target}: ", 1)[1].splitlines()[1]
        assert recipe == (
            f'\t@$(RUN) -m ingest {target} "$${{SUBMISSION:-}}" --why "$${{WHY:-}}" --by "$${{BY:-}}"'
        )
