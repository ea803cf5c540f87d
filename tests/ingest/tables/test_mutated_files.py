"""Real files with rows and cells deleted, doubled, swapped, blanked or replaced by junk: no row is ever lost.

A defect found by a longer run leaves its smallest file among the fixtures.
"""

import os
from datetime import date, datetime, time, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.attribution.decision import attribute
from ingest.attribution.evidence.sources import gather_evidence
from ingest.contracts.forms import load_contracts
from ingest.contracts.reference import load_reference
from ingest.headers.header_words import load_header_words
from ingest.headers.matcher import HeaderMatcher
from ingest.home import PROJECT_ROOT
from ingest.tables.sheet_tables import read_sheet
from ingest.text.cells import Cell
from ingest.workbooks.grids import MergedRange, Sheet, read_csv, read_workbook

FIXTURES = PROJECT_ROOT / "tests" / "fixtures"
MATCHER = HeaderMatcher(load_contracts().forms, load_header_words())
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "150"))
JUNK: list[Cell] = [
    *(
        "",
        "",
        " ",
        "\u00a0",
        "\u200b",
        "-",
        "…",
        "x",
        "0",
        "Không",
        "Không phát sinh",
        "#REF!",
        "=1+1",
        "\0",
        "\n",
    ),
    *(
        "STT",
        "Ngày",
        "Họ và tên",
        "Kinh phí (",
        "Tổng số",
        "Trong đó",
        "DTTS",
        "(triệu đồng)",
        "ĐVT:",
        "đồng",
        "Loại",
    ),
    *(
        "Cộng",
        "Tổng cộng",
        "Tổng cộng: 47 người",
        "Mang sang",
        "Lũy kế",
        "I",
        "II.",
        "A",
        "Buôn Dhăm",
        "I. Thôn 1",
    ),
    *("Ea Bông, ngày 10 tháng 6 năm 2023", "NGƯỜI LẬP BIỂU", "CHỦ TỊCH", "Biểu 04", "6 tháng đầu năm 2023"),
    *(0, 1, 2, 3.5, -1, 1e300, float("inf"), float("nan"), True, date(2023, 3, 10), datetime(2023, 3, 10, 8)),
    *(time(8, 30), timedelta(hours=30), "Ng\u0300a\u0301y", "a" * 4000, "(1)", "5=6+7", "٣"),
]


def _sheets() -> list[Sheet]:
    sheets: list[Sheet] = []
    for path in sorted(FIXTURES.glob("*/*.*")):
        if path.parent.name in {"xlsxwriter", "openpyxl", "xlwt", "odfpy", "libreoffice"}:
            content = path.read_bytes()
            sheets += read_csv(content) if path.suffix == ".csv" else read_workbook(content)
    return [sheet for sheet in sheets if sheet.rows]


SHEETS = _sheets()


@st.composite
def mutated_sheets(draw: st.DrawFn) -> Sheet:
    sheet = draw(st.sampled_from(SHEETS))
    rows = [[*row] for row in sheet.rows]
    width = len(rows[0])
    for _ in range(draw(st.integers(1, 6))):
        kind = draw(
            st.sampled_from(("delete", "double", "swap", "blank", "junk", "junk row", "move", "insert"))
        )
        index = draw(st.integers(0, len(rows) - 1))
        column = draw(st.integers(0, width - 1))
        other = draw(st.integers(0, len(rows) - 1))
        if kind == "delete" and len(rows) > 1:
            del rows[index]
        elif kind == "double":
            rows.insert(other, [*rows[index]])
        elif kind == "swap":
            rows[index], rows[other] = rows[other], rows[index]
        elif kind == "blank":
            rows[index][column] = ""
        elif kind == "junk":
            rows[index][column] = draw(st.one_of(st.sampled_from(JUNK), st.text(max_size=12)))
        elif kind == "junk row":
            rows[index] = [draw(st.sampled_from(JUNK)) for _ in range(width)]
        elif kind == "move":
            rows[index] = [*rows[index][1:], ""]
        else:
            rows.insert(index, [""] * width)
    merged = sheet.merged
    if merged is not None and draw(st.booleans()):
        top, left = draw(st.integers(0, len(rows) + 2)), draw(st.integers(0, width + 2))
        merged = (
            *merged,
            MergedRange(top, left, top + draw(st.integers(0, 4)), left + draw(st.integers(0, 4))),
        )
    return Sheet(sheet.number, sheet.name, rows, merged)


def test_there_is_something_to_mutate():
    assert len(SHEETS) > 60


@settings(
    max_examples=EXAMPLES,
    derandomize="FUZZ_EXAMPLES" not in os.environ,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(mutated_sheets())
def test_whatever_is_done_to_a_real_sheet_each_row_is_accounted_for_once(sheet: Sheet):
    before = [[*row] for row in sheet.rows]
    reading = read_sheet(sheet, MATCHER)
    reading.check_conservation()
    assert repr(sheet.rows) == repr(before)
    for table in reading.tables:
        for total in table.control_totals:
            assert total.first_row <= total.last_row <= reading.rows_seen
        lengths = {len(texts) for texts in table.body.fields.values()}
        assert lengths <= {len(table.body.row_numbers)}
        assert len(table.body.cell_types) == len(table.body.extra_cells) == len(table.body.row_numbers)
    decided = attribute(gather_evidence(reading.titles, "tệp.xlsx", load_reference()), load_reference())
    assert (decided.reason is None) == (decided.unit_key is not None and decided.period_code is not None)
