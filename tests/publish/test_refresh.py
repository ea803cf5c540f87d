"""What a refresh does next, and what a person is shown before she decides."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from build.inputs import UnknownDayError, gather_inputs, instant_asked
from ingest.home import WarehouseHome
from publish.answers.approval import Facts, Restatement, _body
from publish.answers.review_lines import HalfYearLine, UnfinishedReturn
from publish.editions.candidate import prepare_candidate
from publish.editions.edition import Approval, Edition
from publish.editions.issue import issue_candidate, publish_edition, refuse_candidate
from publish.refresh import LATEST_START, Step, is_of_the_past, period_asked, plan_refresh
from tests.publish.small_warehouse import add_submission

AS_OF = datetime(2023, 6, 14, 23, 0, tzinfo=UTC)
NOW = datetime(2023, 6, 15, 1, 0, tzinfo=UTC)


def plan(
    home: WarehouseHome, as_of: datetime = AS_OF, *, is_given: bool = False, by_person: bool = False
) -> Step:
    return plan_refresh(home, as_of, is_as_of_given=is_given, is_asked_by_person=by_person).step


def test_nothing_new_builds_nothing_whether_issued_or_waiting(home: WarehouseHome) -> None:
    assert plan(home) == Step.BUILD
    candidate = prepare_candidate(home, gather_inputs(home, AS_OF), NOW, "v1")
    asked = plan_refresh(home, AS_OF + timedelta(days=1), is_as_of_given=False, is_asked_by_person=False)
    assert (asked.step, asked.edition_id) == (Step.ASK, candidate.edition_id)

    issue_candidate(home, candidate.edition_id, Approval("chi.lan", NOW))
    assert plan(home) == Step.KEEP
    add_submission(home, "s2", AS_OF + timedelta(days=1))
    assert plan(home, AS_OF + timedelta(days=2)) == Step.BUILD


def test_what_was_refused_is_asked_again_only_by_a_person(home: WarehouseHome) -> None:
    candidate = prepare_candidate(home, gather_inputs(home, AS_OF), NOW, "v1")
    refuse_candidate(home, candidate.edition_id, "chi.lan", NOW, "Chờ báo cáo.")

    kept = plan_refresh(home, AS_OF, is_as_of_given=False, is_asked_by_person=False)
    assert kept.step == Step.KEEP
    assert "chi.lan không phê duyệt" in kept.why
    assert plan(home, by_person=True) == Step.BUILD
    add_submission(home, "s2")
    assert plan(home) == Step.BUILD


def test_a_decision_that_was_cut_off_is_finished_first(
    home: WarehouseHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    candidate = prepare_candidate(home, gather_inputs(home, AS_OF), NOW, "v1")

    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("publish.editions.issue.stamp_approval", die)
        with pytest.raises(KeyboardInterrupt):
            issue_candidate(home, candidate.edition_id, Approval("chi.lan", NOW))

    finished = plan_refresh(home, AS_OF, is_as_of_given=False, is_asked_by_person=False)
    assert (finished.step, finished.edition_id) == (Step.KEEP, candidate.edition_id)


def test_a_cleared_run_finds_the_edition_of_its_own_day(home: WarehouseHome) -> None:
    own = publish_edition(home, gather_inputs(home, AS_OF), NOW, "v1")
    add_submission(home, "s2", AS_OF + timedelta(days=1))
    later = AS_OF + timedelta(days=2)
    publish_edition(home, gather_inputs(home, later), later, "v1")

    found = plan_refresh(home, AS_OF, is_as_of_given=False, is_asked_by_person=False)
    assert (found.step, found.edition_id) == (Step.KEEP, own.edition_id)


def test_a_slot_of_the_past_is_not_made_up_for() -> None:
    assert not is_of_the_past(AS_OF, AS_OF + LATEST_START)
    assert is_of_the_past(AS_OF, AS_OF + LATEST_START + timedelta(seconds=1))


@pytest.mark.parametrize(
    ("choice", "as_of", "period"),
    [
        ("due", datetime(2023, 6, 14, 23, 0, tzinfo=UTC), "2023H1"),
        ("due", datetime(2023, 6, 14, 16, 59, tzinfo=UTC), "2022H2"),
        ("due", datetime(2023, 12, 14, 23, 0, tzinfo=UTC), "2023H2"),
        ("newest", NOW, None),
        ("2019H1", NOW, "2019H1"),
    ],
)
def test_the_period_that_is_due_is_the_one_that_ended_last(
    choice: str, as_of: datetime, period: str | None
) -> None:
    assert period_asked(choice, as_of) == period


def test_a_day_is_the_whole_of_it_and_today_ends_now() -> None:
    assert instant_asked("", NOW) == NOW
    assert instant_asked("2023-06-14", NOW) == datetime(2023, 6, 14, 16, 59, 59, 999999, tzinfo=UTC)
    assert instant_asked("2023-06-15", NOW) == NOW
    for wrong, said in (("2023-06-16", "chưa đến"), ("2023-02-30", "Không hiểu"), ("hôm nay", "Không hiểu")):
        with pytest.raises(UnknownDayError, match=said):
            instant_asked(wrong, NOW)


def facts() -> Facts:
    return Facts(
        period_label_vi="6 tháng đầu năm 2023",
        area_name="Huyện Krông Ana",
        units_asked=9,
        unfinished=(
            UnfinishedReturn("Xã Băng Adrênh", ("Biểu 01",), has_nothing=True),
            UnfinishedReturn("Xã Ea Bông", ("Biểu 06",)),
            UnfinishedReturn("Xã Dur Kmăl", waiting_rows=3),
        ),
        late=("Xã Dur Kmăl",),
        findings={"error": (1, 2), "warning": (3, 20)},
        finding_kinds={"warning": (("Dòng tổng cộng khác tổng các dòng", 2), ("Số tăng đột ngột", 1))},
        waiting_rows=(2, 12),
        restatements=tuple(
            Restatement("6 tháng cuối năm 2022", f"Xã {n}", "Hội | viên", None, n, "Có báo cáo gửi quá hạn")  # type: ignore[arg-type]
            for n in range(25)
        ),
        half_year=(HalfYearLine("Hội viên mới", "người", 382, 189, 382 / 189, 338, 44),),  # type: ignore[arg-type]
    )


def edition(as_of: datetime) -> Edition:
    return Edition("e", as_of, NOW, None, "v", "f", 1234, "2023H1", None, Path("x"), Path("y"))


def test_a_request_says_what_is_needed_to_decide() -> None:
    text = "\n".join(_body(facts(), edition(AS_OF), edition(AS_OF - timedelta(days=180))))

    for said in (
        "số liệu tính đến 06:00 ngày 15/06/2023, từ 1.234 tệp báo cáo",
        "- Đã gửi đủ biểu: 7/9 đơn vị",
        "- Chưa gửi: xã Băng Adrênh",
        "- Gửi chưa đủ biểu: xã Ea Bông (thiếu Biểu 06)",
        "- Còn dòng chờ sửa: xã Dur Kmăl (3)",
        "- Gửi quá hạn: Xã Dur Kmăl",
        "| Phải sửa | 1 | 2 |",
        "| Để biết | 0 | 0 |",
        "| Dòng chờ sửa | 2 | 12 |",
        "- Đề nghị kiểm tra: Dòng tổng cộng khác tổng các dòng (2); Số tăng đột ngột (1)",
        "| 6 tháng cuối năm 2022 | Xã 19 | Hội \\| viên | – | 19 | Có báo cáo gửi quá hạn |",
        "và 5 số khác",
        "### Số liệu chính: Huyện Krông Ana",
        "| Hội viên mới | người | 382 | 189 | 202,11 % | 338 | 44 |",
    ):
        assert said in text, said
    assert "2023H1" not in text
    assert "không thay bản hiện hành" not in text
    assert "không thay bản hiện hành" in "\n".join(
        _body(facts(), edition(AS_OF), edition(AS_OF + timedelta(days=1)))
    )
