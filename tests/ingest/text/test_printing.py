"""Numbers as a Vietnamese report prints them."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.text.printing import (
    day_vi,
    format_number,
    format_percentage,
    half_year_vi,
    moment_vi,
    money_vi,
)


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        (Decimal("98450000.000"), "98.450.000"),
        (Decimal("1234.560"), "1.234,56"),
        (Decimal("0"), "0"),
        (100, "100"),
        (Decimal("-12.5"), "-12,5"),
        (None, "–"),
    ],
)
def test_thousands_are_dotted_and_not_reported_is_not_zero(value: Decimal | None, printed: str) -> None:
    assert format_number(value) == printed


def test_the_published_attainment_is_truncated() -> None:
    assert format_percentage(382 / 189) == "202,11 %"
    assert format_percentage(382 / 189, is_truncated=False) == "202,12 %"
    assert format_percentage(None) == "–"


@given(st.integers(min_value=0, max_value=10**15), st.integers(min_value=1, max_value=10**6))
def test_a_truncated_percentage_never_shows_more_than_was_reached(value: int, target: int) -> None:
    ratio = Decimal(value) / Decimal(target)
    printed = format_percentage(ratio).removesuffix(" %").replace(".", "").replace(",", ".")

    assert 0 <= ratio * 100 - Decimal(printed) < Decimal("0.01")


def test_days_moments_and_half_years_are_printed_as_the_office_writes_them():
    assert day_vi(date(2023, 6, 13)) == "13/06/2023"
    assert moment_vi(datetime(2026, 6, 15, 2, 5, tzinfo=UTC)) == "09:05 ngày 15/06/2026"
    assert (half_year_vi(2023, 1), half_year_vi(2022, 2)) == ("6 tháng đầu năm 2023", "6 tháng cuối năm 2022")


@pytest.mark.parametrize(
    ("amount", "whole", "rounded"),
    [
        (Decimal("98450000"), "98,45 triệu đồng", "hơn 98 triệu đồng"),
        (Decimal("99000000"), "99 triệu đồng", "99 triệu đồng"),
        (Decimal("10110000000"), "10,11 tỷ đồng", "10,11 tỷ đồng"),
        (Decimal("13895000000"), "13,895 tỷ đồng", "hơn 13,89 tỷ đồng"),
        (Decimal("950000"), "950.000 đồng", "950.000 đồng"),
        (0, "0 đồng", "0 đồng"),
    ],
)
def test_money_is_told_in_the_largest_unit_that_it_fills(amount: Decimal, whole: str, rounded: str) -> None:
    assert money_vi(amount) == whole
    assert money_vi(amount, is_rounded=True) == rounded
