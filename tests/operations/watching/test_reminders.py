"""What is reminded of on which day, from the warehouse itself."""

from datetime import UTC, datetime

import pytest

from build.inputs import gather_inputs
from ingest.home import WarehouseHome
from operations.watching.alert_delivery import RECIPIENTS
from operations.watching.reminders import remind_of_all
from publish.answers.completeness import expected_forms, periods_in_question, read_standing
from publish.editions.candidate import discard_candidate, prepare_candidate
from tests.publish.conftest import built_home, home  # noqa: F401  # the small warehouse
from tests.publish.small_warehouse import run_sql

DAYS = (7, 3, 1)


@pytest.fixture(autouse=True)
def nobody_is_mailed(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    monkeypatch.delenv(RECIPIENTS, raising=False)
    monkeypatch.setenv(f"AIRFLOW_VAR_{RECIPIENTS}", "")
    monkeypatch.setenv("AIRFLOW_HOME", str(tmp_path_factory.mktemp("airflow")))


def morning(day: int, month: int = 6) -> datetime:
    """Eight in the morning in Vietnam."""
    return datetime(2023, month, day, 1, 0, tzinfo=UTC)


def subjects(warehouse: WarehouseHome, now: datetime) -> list[str]:
    return [alert.subject for alert in remind_of_all(warehouse, now, DAYS)]


def test_those_who_are_missing_are_told_of_before_on_and_after_the_last_day(home: WarehouseHome) -> None:  # noqa: F811
    told = {day: subjects(home, morning(day)) for day in range(5, 18)}

    assert {day: found for day, found in told.items() if found} == {
        7: ["Sắp hết hạn gửi báo cáo 6 tháng đầu năm 2023"],
        11: ["Sắp hết hạn gửi báo cáo 6 tháng đầu năm 2023"],
        13: ["Sắp hết hạn gửi báo cáo 6 tháng đầu năm 2023"],
        14: ["Sắp hết hạn gửi báo cáo 6 tháng đầu năm 2023"],
        15: ["Đã hết hạn gửi báo cáo 6 tháng đầu năm 2023"],
    }


def test_who_has_sent_everything_is_not_told_of(home: WarehouseHome) -> None:  # noqa: F811
    period = periods_in_question(morning(14).date())[-1]
    rows = ", ".join(
        f"('{form.unit_key}', '{form.unit_name}', '{period.code}', '{form.form_name}', '', 'on_time')"
        for form in expected_forms(period)
    )
    run_sql(home, "delete from reviews.submission_completeness")
    run_sql(home, f"insert into reviews.submission_completeness values {rows}")

    assert read_standing(home, period).is_complete
    assert subjects(home, morning(14)) == []
    run_sql(
        home,
        "update reviews.submission_completeness set status = 'rejected'"
        " where unit_key = 'U24565' and form_name = 'awards'",
    )
    (alert,) = remind_of_all(home, morning(14), DAYS)
    assert alert.lines == ("Xã Ea Bông: chưa tiếp nhận Biểu 06: Khen thưởng",)


def test_an_edition_that_waits_is_told_of_each_day_until_it_is_answered(home: WarehouseHome) -> None:  # noqa: F811
    asked_at = datetime(2023, 6, 14, 23, 5, tzinfo=UTC)
    edition = prepare_candidate(home, gather_inputs(home, asked_at), asked_at, "v1")

    assert "Bản số liệu chờ phê duyệt" not in " ".join(subjects(home, morning(15)))
    assert subjects(home, morning(20)) == ["Nhắc: bản số liệu đã chờ phê duyệt 5 ngày"]
    discard_candidate(home, edition.edition_id)
    assert subjects(home, morning(21)) == []


def test_what_fell_on_days_without_power_is_told_once(home: WarehouseHome) -> None:  # noqa: F811
    told = {day: subjects(home, morning(day)) for day in (5, 12, 13)}
    assert told == {
        5: [],
        12: ["Sắp hết hạn gửi báo cáo 6 tháng đầu năm 2023"],  # those of the 7th and the 11th in one
        13: ["Sắp hết hạn gửi báo cáo 6 tháng đầu năm 2023"],
    }
    # nine days, as over Tết: the refresh of the 15th is made late, and tells as it would have
    assert subjects(home, morning(24)) == ["Đã hết hạn gửi báo cáo 6 tháng đầu năm 2023"]
    assert subjects(home, morning(25)) == []


def test_a_cut_off_long_past_says_that_nothing_is_made_by_itself(home: WarehouseHome) -> None:  # noqa: F811
    assert subjects(home, morning(5)) == []

    (alert,) = remind_of_all(home, morning(1, month=8), DAYS)

    assert alert.subject == "Chưa lập bản số liệu 6 tháng đầu năm 2023"
    assert "không được lập tự động nữa" in alert.what
    assert "Tổng hợp và công bố số liệu" in alert.what_to_do
    assert len(alert.lines) > 1
    assert subjects(home, morning(2, month=8)) == []


def test_of_two_cut_offs_without_power_both_are_told(home: WarehouseHome) -> None:  # noqa: F811
    assert subjects(home, morning(5)) == []

    assert subjects(home, datetime(2024, 1, 20, 1, 0, tzinfo=UTC)) == [
        "Chưa lập bản số liệu 6 tháng đầu năm 2023",
        "Chưa lập bản số liệu 6 tháng cuối năm 2023",
    ]


def test_who_has_made_the_edition_meanwhile_is_not_told_that_it_is_missing(
    home: WarehouseHome,  # noqa: F811
) -> None:
    assert subjects(home, morning(5)) == []
    asked_at = datetime(2023, 6, 20, 1, 0, tzinfo=UTC)
    prepare_candidate(home, gather_inputs(home, asked_at), asked_at, "v1")

    assert [found.partition(" đã chờ")[0] for found in subjects(home, morning(1, month=8))] == [
        "Nhắc: bản số liệu"
    ]


def test_a_system_that_is_new_makes_up_for_nothing(home: WarehouseHome) -> None:  # noqa: F811
    assert subjects(home, morning(1, month=8)) == []
