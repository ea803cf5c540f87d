"""What reads as a Vietnamese syllable, and what only resembles one."""

import re
import unicodedata

import pytest

from ingest.text.syllables import is_highland_word, is_syllable, resembles_syllable, strip_tones
from tests.ingest.text.test_legacy_encodings import SENTENCES

NO_SYLLABLES = {"kruế"}  # a highland name among Vietnamese words


def test_every_word_of_ordinary_sentences_is_a_syllable():
    words = {
        word.lower()
        for sentence in SENTENCES
        for word in re.findall(r"[^\W\d_]+", sentence)
        if not word.isascii() and word != "ĐVT"
    }
    assert len(words) > 150
    assert {word for word in words if not is_syllable(word)} == NO_SYLLABLES


@pytest.mark.parametrize(
    "word",
    [
        "hòa",
        "hoà",
        "thúy",
        "thuý",
        "quý",
        "già",
        "gìn",
        "giết",
        "nghiêng",
        "khuỷu",
        "ngoằn",
        "quốc",
        "ỷ",
        "ương",
    ],
)
def test_what_is_written_by_the_rules_is_a_syllable(word: str):
    assert is_syllable(word)


@pytest.mark.parametrize(
    ("word", "slip"),
    [
        ("qúy", "tone on the onset"),
        ("gíao", "tone on the onset"),
        ("hôt", "no tone before t"),
        ("hòc", "a tone that c cannot have"),
        ("kân", "k before â"),
        ("ngê", "ng before ê"),
        ("ñan", "an onset of the highland languages"),
    ],
)
def test_slips_resemble_a_syllable_and_are_none(word: str, slip: str):
    assert not is_syllable(word), slip
    assert resembles_syllable(word), slip


@pytest.mark.parametrize(
    "word", ["giaù", "coù", "hoäi", "naêm", "héi", "bónh", "tưư", "ầấ", "", "b", "fộ", "Hội", "hộihội"]
)
def test_nonsense_resembles_nothing(word: str):
    assert not is_syllable(word)
    assert not resembles_syllable(word)


def test_clan_and_given_names_of_the_highland_peoples_are_words():
    assert all(
        is_highland_word(name) for name in ("niê", "mlô", "êban", "kbuôr", "adrênh", "êñuôl", "byă", "ea")
    )
    assert not any(is_highland_word(name) for name in ("mlụ", "niờ", "aê", "coâng", "ấban"))


@pytest.mark.parametrize(("word", "bare"), [("điền", "điên"), ("ĐƯỢC", "ĐƯƠC"), ("hoa", "hoa")])
def test_stripping_tones_keeps_the_shapes_of_vowels(word: str, bare: str):
    assert strip_tones(word) == bare
    assert strip_tones(unicodedata.normalize("NFD", word)) == bare
