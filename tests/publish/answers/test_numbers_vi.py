"""Numbers as a Vietnamese report prints them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publish.answers.numbers_vi import format_number, format_percentage


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
