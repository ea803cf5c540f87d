"""A half-year that a person asks for at the terminal."""

import pytest

from ingest.attribution.evidence.period_spellings import half_year_meant
from ingest.contracts.reference import load_reference


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ("2023H1", "2023H1"),
        ("2023h1", "2023H1"),
        ("6 tháng đầu năm 2023", "2023H1"),
        ("6 tháng cuối năm 2022", "2022H2"),
        ("2023", None),
        ("2023H3", None),
        ("6 tháng đầu năm 1999", None),
        ("hôm nay", None),
    ],
)
def test_a_half_year_is_asked_for_in_words_or_by_its_code(asked: str, code: str | None) -> None:
    assert half_year_meant(asked, ("2022H2", "2023H1", "2023H2"), load_reference()) == code
