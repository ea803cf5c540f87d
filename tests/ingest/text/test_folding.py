"""Folding: what makes two spellings the same."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.text.folding import compose, fold, strip_marks, words


@pytest.mark.parametrize(
    ("spellings", "folded"),
    [
        (
            ("Quảng Điền", "quang dien", "QUẢNG  ĐIỀN", unicodedata.normalize("NFD", "Quảng Điền")),
            "quangdien",
        ),
        (("Bình Hòa", "Bình Hoà"), "binhhoa"),
        (("Băng Adrênh", "Băng A drênh", "Bang Adrenh"), "bangadrenh"),
        (("công trình - phần việc", "Công trình, phần việc"), "congtrinhphanviec"),
    ],
)
def test_spellings_of_one_thing_fold_to_one(spellings: tuple[str, ...], folded: str):
    assert {fold(spelling) for spelling in spellings} == {folded}


def test_words_part_numbers_and_joined_names():
    assert words("BC6T2023_QuangDien") == ["bc", "6", "t", "2023", "quang", "dien"]


def test_marks_go_and_case_stays():
    assert strip_marks("Đắk Lắk") == "Dak Lak"


@given(st.text())
def test_folding_is_the_same_for_composed_and_decomposed_text(text: str):
    assert fold(unicodedata.normalize("NFC", text)) == fold(unicodedata.normalize("NFD", text))


@given(st.text())
def test_composing_twice_changes_nothing(text: str):
    assert compose(compose(text)) == compose(text)
