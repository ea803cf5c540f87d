"""One CSV return in every encoding that text was saved in."""

import csv
import io

import pytest

from ingest.home import SEEDS
from ingest.text.file_encoding import decode_text
from ingest.text.folding import compose
from tests.ingest.legacy_writing import WRITERS
from tests.ingest.return_files import encode_windows_1258

RETURN = """HỘI LHPN HUYỆN KRÔNG ANA;;;
BCH Hội LHPN xã Ea Bông;;;
Kỳ báo cáo: 6 tháng đầu năm 2023;;;"ĐVT: triệu đồng"
STT;Ngày;Hình thức hỗ trợ;Đối tượng;Tổng số;Kinh phí
1;05/01/2023;quà;hội viên khó khăn;20;40,5
2;20/02/2023;học bổng;trẻ em mồ côi;22;58
"""


@pytest.mark.parametrize("encoding", WRITERS)
def test_a_csv_return_is_read_in_the_encoding_it_was_written_in(encoding: str):
    text = decode_text(WRITERS[encoding](RETURN))
    assert text is not None
    assert compose(text) == RETURN.strip()


@pytest.mark.parametrize(
    "seed", ["units", "villages", "generated/form_choices", "ethnic_groups", "programmes"]
)
def test_reference_names_keep_their_encoding(seed: str):
    with (SEEDS / f"{seed}.csv").open(encoding="utf-8", newline="") as file:
        names = [value for row in csv.reader(file) for value in row if not value.isascii()]
    text = "\n".join(name for name in names if _can_be_windows_1258(name))
    assert text
    decoded = decode_text(encode_windows_1258(text))
    assert decoded is not None
    assert compose(decoded) == compose(text)
    assert decode_text("\n".join(names).encode()) == "\n".join(names)


def test_one_broken_byte_does_not_cost_the_whole_file():
    content = RETURN.encode()
    text = decode_text(content.replace("mồ côi".encode(), b"m\xff c\xf4i"))
    assert text is not None
    assert "HỘI LHPN HUYỆN KRÔNG ANA" in io.StringIO(text).readline()


def _can_be_windows_1258(name: str) -> bool:
    try:
        encode_windows_1258(name)
    except UnicodeEncodeError:
        return False
    return True
