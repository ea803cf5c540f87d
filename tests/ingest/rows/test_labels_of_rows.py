"""Single rows known by their label: totals, examples, signatures, and what only sounds like them."""

import pytest

from ingest.rows.examples import is_example, is_example_mark
from ingest.rows.kinds import RowKind
from ingest.rows.signatures import is_signature
from ingest.rows.total_labels import total_kind


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("Tổng cộng", RowKind.TOTAL),
        ("TỔNG SỐ", RowKind.TOTAL),
        ("Tổng số 45 hội viên", RowKind.TOTAL),
        ("Mang sang trang sau", RowKind.TOTAL),
        ("Cộng thôn 3", RowKind.SUBTOTAL),
        ("Cộng quý I", RowKind.SUBTOTAL),
        ("Công an xã", None),
        ("Tổng kết phong trào", None),
        ("Cộng hòa xã hội chủ nghĩa Việt Nam", None),
    ],
)
def test_a_label_is_that_of_a_total_only_where_nothing_else_can_be_meant(
    label: str, kind: RowKind | None
) -> None:
    assert total_kind(label) is kind


def test_an_example_may_go_on_where_a_row_begins_and_not_behind_its_values() -> None:
    assert is_example("Ví dụ: 05/01/2023")
    assert is_example_mark("VD")
    assert not is_example_mark("VD: tặng áo")
    assert not is_example("Vũ Thị Dung")


def test_place_and_date_are_signed_and_a_day_in_a_row_of_values_is_not() -> None:
    place_and_date = ["", "", "Ea Bông, ngày 10 tháng 6 năm 2023"]
    row = [1, "ngày 20 tháng 02 năm 2023", "học bổng", "trẻ em", 22]
    assert is_signature(place_and_date, [2])
    assert not is_signature(row, [0, 1, 2, 3, 4])
