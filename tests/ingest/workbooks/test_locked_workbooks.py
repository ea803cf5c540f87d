"""What Excel opens without asking is opened; what somebody chose a password for, or packed otherwise, is called that."""

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msoffcrypto.format.ooxml import OOXMLFile

from ingest.database import open_warehouse
from ingest.home import WarehouseHome
from ingest.loading.load import load_inbox
from ingest.reading.submission import open_sheets
from ingest.workbooks.locked_workbooks import unlocked
from tests.ingest.return_files import support_return, write

NOW = datetime(2026, 1, 10, 3, 0, tzinfo=UTC)
RAR = b"Rar!\x1a\x07\x01\x00" + b"\x33\x92\xb5\xe5\x0a\x01\x05\x06\x00\x05\x01\x01\x80\x80\x00" * 20
SEVEN_ZIP = b"7z\xbc\xaf\x27\x1c\x00\x04" + bytes(64)


def locked(password: str) -> bytes:
    content = io.BytesIO()
    OOXMLFile(io.BytesIO(support_return())).encrypt(password, content)
    return content.getvalue()


def test_a_workbook_under_excels_own_password_is_read_like_any_other():
    assert open_sheets(locked("VelvetSweatshop")) == open_sheets(support_return())


@pytest.mark.parametrize(
    "content", [locked("mậtkhẩu"), support_return(), b"", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 torn"]
)
def test_nothing_else_is_unlocked(content: bytes):
    assert unlocked(content) is None


@pytest.mark.parametrize(
    ("name", "content", "code", "named"),
    [
        ("2023H1/Ea Bông.xlsx", locked("mậtkhẩu"), "password_protected", "mật khẩu"),
        ("2023H1/Ea Bông.zip", RAR, "packed_by_other", "tệp nén RAR"),
        ("2023H1/Ea Bông.xlsx", RAR, "packed_by_other", "tệp nén RAR"),
        ("2023H1/Ea Bông.rar", RAR, "packed_by_other", "tệp nén RAR"),
        ("2023H1/Ea Bông.zip", SEVEN_ZIP, "packed_by_other", "tệp nén 7-Zip"),
    ],
)
def test_what_cannot_be_opened_is_called_by_its_name(
    tmp_path: Path, name: str, content: bytes, code: str, named: str
):
    home = WarehouseHome(tmp_path).prepare()
    write(home.inbox / name, content)
    assert load_inbox(home, NOW).verdicts == {"rejected": 1}
    with open_warehouse(home) as connection:
        ((found, sentence),) = connection.execute(
            "select reason_code, reason_vi from raw.submissions"
        ).fetchall()
    assert found == code
    assert named in sentence
