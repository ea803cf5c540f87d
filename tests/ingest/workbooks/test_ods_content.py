"""OpenDocument files hold what their program shows: merged cells, and texts that do not say that they are text."""

import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingest.database import open_warehouse
from ingest.home import PROJECT_ROOT, WarehouseHome
from ingest.loading.load import load_inbox
from ingest.packages.package import Package
from ingest.reading.submission import open_sheets
from ingest.workbooks.ods_content import with_typed_texts
from tests.ingest.return_files import write

NOW = datetime(2026, 1, 10, 3, 0, tzinfo=UTC)
FIXTURES = PROJECT_ROOT / "tests" / "fixtures"
MERGED = FIXTURES / "libreoffice" / "cells-merged-down-rows.ods"
UNTYPED = FIXTURES / "odfpy" / "text-without-a-type.ods"


@pytest.mark.parametrize(
    ("path", "rows"),
    [
        (MERGED, [("05/01/2023", "quà", "500"), ("05/01/2023", "quà", "600"), ("05/01/2023", "quà", "700")]),
        (UNTYPED, [("05/01/2023", "quà", "500"), ("06/01/2023", "quà", "600")]),
    ],
)
def test_every_row_that_is_shown_is_loaded(tmp_path: Path, path: Path, rows: list[tuple[str, ...]]):
    home = WarehouseHome(tmp_path).prepare()
    write(home.inbox / path.name, path.read_bytes())
    assert load_inbox(home, NOW).verdicts == {"accepted": 1}
    with open_warehouse(home) as connection:
        loaded = connection.execute(
            "select supported_on, kind, amount_vnd from raw.support_funds order by row_number"
        ).fetchall()
    assert [(day, kind, amount.removesuffix(".0")) for day, kind, amount in loaded] == rows


def test_merged_ranges_are_told_sheet_by_sheet():
    (sheet,) = open_sheets(MERGED.read_bytes())
    down = [span for span in sheet.merged or () if span.last_row > span.first_row]
    assert {(span.last_row - span.first_row, span.first_column) for span in down} >= {(2, 1), (2, 2)}


def test_a_file_whose_texts_say_what_they_are_stays_as_it_is():
    assert with_typed_texts(Package(MERGED.read_bytes())) is None


def test_a_file_whose_own_type_is_compressed_is_read():
    content = io.BytesIO()
    with zipfile.ZipFile(MERGED) as stored, zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as compressed:
        for name in reversed(stored.namelist()):
            compressed.writestr(name, stored.read(name))
    assert open_sheets(content.getvalue()) == open_sheets(MERGED.read_bytes())
