"""What stands on the board: cells, who must still send, and what came after the last check."""

from datetime import timedelta

from ingest.contracts.reference import load_reference
from publish.pages.board import AreaBoard, UnitRow, arrange
from publish.pages.returns import Returns
from publish.pages.units import reporting_units
from publish.pages.wording import Owed, message_to, owed_vi
from tests.plain_vietnamese import slips
from tests.publish.pages.made_up import (
    BANG_ADRENH,
    DUR_KMAL,
    EA_BONG,
    EA_NA,
    FORMS,
    NOW,
    PERIOD,
    district,
    new_file,
)


def area() -> AreaBoard:
    (found,) = arrange(district(), NOW).areas
    return found


def row(unit_key: str) -> UnitRow:
    (found,) = [row for row in area().half_years[0].rows if row.unit_key == unit_key]
    return found


def kinds(unit_key: str) -> set[str]:
    return {cell.state.kind for cell in row(unit_key).cells if cell}


def test_each_state_of_a_return_has_a_cell() -> None:
    assert kinds(EA_BONG) == {"ok"}
    assert kinds(BANG_ADRENH) == {"late", "none"}
    assert kinds(EA_NA) == {"no"}
    assert row(EA_BONG).owed.waiting_rows == 2
    assert area().half_years[0].count("ok") == 7
    assert area().half_years[0].complete_units == 2  # Ea Bông, and Dur Kmăl that came just now


def test_what_came_after_the_last_check_is_told_as_new_and_is_not_asked_for_again() -> None:
    assert kinds(DUR_KMAL) == {"new"}
    assert DUR_KMAL not in {demand.unit.unit_key for demand in area().demands}


def test_what_was_refused_after_the_last_check_is_still_owed() -> None:
    returns = district()
    refused = Returns(returns.as_of, returns.forms, returns.parts, (), (new_file(DUR_KMAL, "rejected"),))
    (found,) = arrange(refused, NOW).areas
    assert DUR_KMAL in {demand.unit.unit_key for demand in found.demands}


def test_half_years_stand_newest_first_and_the_earlier_ones_are_folded() -> None:
    assert [(half.code, half.is_shown) for half in area().half_years] == [(PERIOD, True), ("2022H2", False)]
    long_after = arrange(district(), NOW + timedelta(days=400)).areas[0]
    # 2023H2 ended last, 2024H1 is open, 2023H1 is the newest that was heard of
    assert [(half.code, half.is_shown) for half in long_after.half_years] == [
        ("2024H2", True), ("2024H1", True), (PERIOD, True), ("2022H2", False),
    ]  # fmt: skip


def test_a_half_year_of_which_nothing_came_is_owed_by_everybody_who_is_asked() -> None:
    (found,) = arrange(Returns(None), NOW).areas
    assert [half.code for half in found.half_years] == [PERIOD, "2022H2"]
    assert all(demand.owed.has_sent_nothing for demand in found.demands)
    assert {demand.unit.unit_name for demand in found.demands} >= {
        "Xã Ea Bông",
        "Hội Phụ nữ Công an huyện Krông Ana",
    }


def test_demands_name_forms_day_and_rows() -> None:
    demands = {
        demand.unit.unit_key: demand
        for demand in area().demands
        if demand.due.period_label_vi.endswith("2023")
    }
    assert set(demands) == {EA_BONG, BANG_ADRENH, EA_NA}
    late = demands[BANG_ADRENH].message
    assert "Kính gửi Hội LHPN xã Băng Adrênh," in late
    assert "Hội LHPN huyện Krông Ana chưa nhận được 1 biểu sau" in late
    assert FORMS["awards"] in late
    assert "hết ngày 14/06/2023 (còn 2 ngày)" in late
    refused = demands[EA_NA].message
    assert "7 biểu sau của báo cáo 6 tháng đầu năm 2023 đã gửi nhưng chưa tiếp nhận được:" in refused
    assert "chưa nhận được" not in refused
    assert "còn 2 dòng chờ sửa" in demands[EA_BONG].message
    assert "chưa" not in demands[EA_BONG].message.replace("chưa được tính", "")


def test_messages_are_plain_vietnamese() -> None:
    messages = [demand.message for demand in area().demands]
    assert messages
    assert [slip for message in messages for line in message.splitlines() for slip in slips(line)] == []


def test_what_nobody_can_be_named_for_is_kept() -> None:
    board = arrange(district(), NOW)
    assert [part.file_name for part in board.strays] == ["Khong ro cua ai.xlsx"]


def test_what_is_owed_is_said_apart_and_in_few_words() -> None:
    forms = tuple(FORMS.values())
    assert owed_vi(Owed(forms, (), 0, 7)) == "chưa gửi biểu nào"
    assert owed_vi(Owed(forms[:1], forms[5:6], 3, 7)) == (
        "chưa gửi Biểu 01; chưa tiếp nhận Biểu 06, đề nghị gửi lại; 3 dòng chờ sửa"
    )
    assert owed_vi(Owed((), (), 0, 7)) == ""


def test_a_message_says_each_thing_once_and_begins_its_lines_with_capitals() -> None:
    demand = area().demands[0]
    message = message_to(demand.unit, demand.due, Owed(("Biểu 01",), ("Biểu 06",), 3, 7))
    assert message.count("Ngoài ra,") == 2
    assert [line for line in message.splitlines() if line[0].islower()] == []
    nothing = message_to(demand.unit, demand.due, Owed(tuple(FORMS.values()), (), 0, 7))
    assert "chưa nhận được báo cáo 6 tháng đầu năm 2023 của đơn vị." in nothing
    assert "Ngoài ra" not in nothing


def test_units_that_came_after_their_district_are_told_by_the_ground_that_it_had() -> None:
    names = {key: unit.area_name for key, unit in reporting_units().items()}
    known = load_reference().units
    assert names[EA_BONG] == "Huyện Krông Ana"
    assert {name for key, name in names.items() if known[key].valid_from.year == 2025} == {
        "Địa bàn huyện Krông Ana cũ"
    }
