"""Nothing of a member gets out: a random member, written in a random way, at a random place of a text that is published.

``make test-privacy`` tries 10,000 of them, the suite 300 (``PRIVACY_EXAMPLES``). What a writing is: the look-alikes that
copying from Word, Zalo, PDF and old keyboards makes, and any sign between the digits of a number.
"""

import os
import unicodedata
from collections.abc import Iterator

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.text.look_alikes import load_look_alikes
from publish.editions.privacy.personal_texts import MASK, mask_texts

EXAMPLES = int(os.environ.get("PRIVACY_EXAMPLES", "300"))
TOGETHER = 50  # looking at one text takes as long as looking at many
FAMILIES = ["Nguyễn", "Đặng", "Đỗ", "Trần", "Hoàng", "Vũ", "Huỳnh", "Lưu"]
MIDDLES = ["Thị", "Thị Mỹ", "Thúy", ""]
GIVEN = ["Mận", "Hòa", "Đào", "Thủy", "Quý", "Bưởi", "Hoa Đăng", "Nguyệt"]
HIGHLAND = ["H'Yi Êban", "H’Nguôm Byă", "HBlan Niê Kđăm", "Y Nem Buôn Krông", "H'Đĩa Mlô"]
NAMES = [" ".join(f"{f} {m} {g}".split()) for f in FAMILIES for m in MIDDLES for g in GIVEN] + HIGHLAND
NUMBERS = [f"0{66 + index % 30:02}1{50 + index % 49}{index * 7919 % 1_000_000:06}" for index in range(40)]
ALIKE = load_look_alikes()
LOOKING_LIKE: dict[str, list[str]] = {}
for typed, plain in zip(ALIKE.typed, ALIKE.plain, strict=False):
    LOOKING_LIKE.setdefault(plain, []).append(typed)
UNSEEN = list(ALIKE.typed[len(ALIKE.plain) :])
BLANKS = [" ", "  ", "\n", "\t", "\u2028", "\x0b", "\x85", *LOOKING_LIKE[" "]]
BETWEEN_DIGITS = [
    "",
    " ",
    ".",
    "-",
    "–",
    "—",
    "/",
    ",",
    "\n",
    "_",
    " - ",
    ", ",
    "‑",
    "·",
    "\u200b",
    "\u00a0",
    ":",
]
APOSTROPHES = ["'", "’", "‘", "ʼ", "`", ""]
AROUND = [
    ("", ""),
    ("Thăm chị ", " ốm"),
    ("Trao quà cho bà (", "), thôn 3"),
    ("5. ", "."),
    ("Kinh phí 1.500.000 đồng; ", " nhận ngày 05/01/2023"),
    ("họ tên:", ";số hộ 12"),
    ("“", "”"),
]


@st.composite
def writings(draw: st.DrawFn) -> str:
    """A member's name or number as somebody may have typed it, in some text."""
    before, after = draw(st.sampled_from(AROUND))
    if draw(st.booleans()):
        return before + _name(draw, draw(st.sampled_from(NAMES))) + after
    separators = draw(st.lists(st.sampled_from(BETWEEN_DIGITS), min_size=11, max_size=11))
    number = draw(st.sampled_from(NUMBERS))
    if draw(st.booleans()):
        separators = [""] * 11
    digits = [draw(st.sampled_from([digit, *LOOKING_LIKE[digit]])) for digit in number]
    return before + digits[0] + "".join(s + d for s, d in zip(separators, digits[1:], strict=True)) + after


def _name(draw: st.DrawFn, name: str) -> str:
    case = draw(st.sampled_from([str, str.upper, str.lower]))
    name = unicodedata.normalize(draw(st.sampled_from(["NFC", "NFD"])), case(name))
    written = []
    for letter in name:
        if letter == " ":
            written.append(draw(st.sampled_from(BLANKS)))
        elif letter in "'’":
            written.append(draw(st.sampled_from(APOSTROPHES)))
        else:
            written.append(draw(st.sampled_from([letter, letter, letter, *LOOKING_LIKE.get(letter, [])])))
        if draw(st.integers(0, 9)) == 0:
            written.append(draw(st.sampled_from(UNSEEN)))
    return "".join(written)


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    """A working database with the members of a district, each under a name and some under a number."""
    with duckdb.connect() as connection:
        connection.execute(
            "attach ':memory:' as warehouse; create schema warehouse.raw;"
            "create table warehouse.raw.member_changes (full_name varchar, citizen_id varchar);"
            "create table warehouse.raw.submissions (submission_id varchar)"
        )
        numbers = NUMBERS + [None] * (len(NAMES) - len(NUMBERS))
        connection.executemany(
            "insert into warehouse.raw.member_changes values (?, ?)",
            [list(pair) for pair in zip(NAMES, numbers, strict=True)],
        )
        yield connection


@settings(
    max_examples=EXAMPLES // TOGETHER,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)
@given(texts=st.lists(writings(), min_size=TOGETHER, max_size=TOGETHER))
def test_nothing_of_a_member_gets_through(connection: duckdb.DuckDBPyConnection, texts: list[str]) -> None:
    masked = mask_texts(connection, "warehouse", texts)
    assert [text for text, shown in zip(texts, masked, strict=True) if shown != MASK] == []


def test_amounts_and_days_are_no_numbers_of_anybody(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(
        "insert into warehouse.raw.member_changes values"
        " ('Không rõ', '000000000000'), ('Chưa có', '150000000')"
    )
    texts = [
        "Ô G8 ghi “6000000”, đã được đọc là 6.000.000.000.000 đồng",
        "Chi 1.050.000.000.000 đồng",
        "Tổng 150.000.000 đồng, trong đó 000.000.000",
        "từ 05/01-08/03/2023",
        "các ngày 05/01, 08/03, 15/04",
        "từ 05/01/2023 đến 08/03/2023",
        "Điện thoại 0905 123 456 hoặc 0262 3637 123",
    ]
    assert mask_texts(connection, "warehouse", texts) == texts
