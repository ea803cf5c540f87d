"""A return in a legacy font, in part or whole, is read as if it had been typed in Unicode."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.styles import Font

from ingest.database import open_warehouse
from ingest.home import WarehouseHome
from ingest.loading.load import load_inbox
from tests.ingest.legacy_writing import in_tcvn3
from tests.ingest.return_files import support_return, write

NOW = datetime(2026, 1, 10, 3, 0, tzinfo=UTC)
QUERY = "select supported_on, kind, beneficiary_group, amount_vnd, source from raw.support_funds order by row_number"


def rows_of(tmp_path: Path, content: bytes) -> list[tuple[object, ...]]:
    home = WarehouseHome(tmp_path).prepare()
    write(home.inbox / "2023H1" / "Ea Bong.xlsx", content)
    report = load_inbox(home, NOW)
    assert report.verdicts == {"accepted": 1}
    with open_warehouse(home) as connection:
        return connection.execute(QUERY).fetchall()


@pytest.mark.parametrize("font", [".VnTime", None], ids=["by-font", "by-evidence"])
def test_body_cells_in_tcvn3_beside_unicode_ones_are_repaired(tmp_path: Path, font: str | None):
    path = write(tmp_path / "file.xlsx", support_return())
    workbook = load_workbook(path)
    sheet = workbook["BM04"]
    for row in (9, 10):
        for column in "CDH":
            cell = sheet[f"{column}{row}"]
            cell.value = in_tcvn3(str(cell.value))
            if font:
                cell.font = Font(name=font)
    assert sheet["D9"].value != "hội viên khó khăn"
    workbook.save(path)
    assert rows_of(tmp_path / "a", path.read_bytes()) == rows_of(tmp_path / "b", support_return())
