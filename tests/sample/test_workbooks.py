"""The workbooks as another library reads them: layout, totals, spellings, bad cells where they are promised."""

import io
import unicodedata
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
import python_calamine

from sample.corpus import Corpus
from sample.events.records import Form, MemberChange
from sample.paper.style import Dates, Numbers, Spelling, spelled, typed_day, typed_number
from sample.paper.styles import STYLES
from sample.units import UNITS

Rows = list[list[object]]


def _sheets(corpus: Corpus, path: str) -> dict[str, Rows]:
    content = next(file.content for file in corpus.files if file.path == path)
    book = python_calamine.load_workbook(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def _texts(rows: Rows) -> Iterator[str]:
    return (
        unicodedata.normalize("NFC", cell) for row in rows for cell in row if isinstance(cell, str) and cell
    )


def test_every_return_has_seven_sheets_with_unit_and_period_in_their_titles(corpus: Corpus) -> None:
    assert len(corpus.return_paths) == 99
    for made, path in corpus.return_paths:
        sheets = _sheets(corpus, path)
        assert len(sheets) == 7, path
        for rows in sheets.values():
            head = " ".join(_texts(rows[:6]))
            assert made.unit.title_name in head, path
            assert made.half_year.label in head, path


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.key)
def test_each_unit_types_in_its_own_way_and_says_the_same(corpus: Corpus, unit: object) -> None:
    made, path = next((made, path) for made, path in corpus.return_paths if made.unit == unit)
    style = STYLES[made.unit.key]
    rows = _sheets(corpus, path)[style.sheet_name(Form.MEMBER_CHANGES)]
    texts = set(_texts(rows))
    for record in made.good(Form.MEMBER_CHANGES):
        assert isinstance(record, MemberChange)
        assert unicodedata.normalize("NFC", record.person.full_name) in texts


def test_new_members_counted_by_hand_from_the_files(corpus: Corpus) -> None:
    joined = 0
    for made, path in corpus.return_paths:
        if made.half_year.code == "2023H1":
            style = STYLES[made.unit.key]
            word = unicodedata.normalize("NFC", style.choice("change_type", "joined"))
            rows = _sheets(corpus, path)[style.sheet_name(Form.MEMBER_CHANGES)]
            joined += sum(text == word for text in _texts(rows))
    # 382 and the one of whom nobody knows when she was born.
    assert joined == 383


def test_bad_rows_stand_where_the_manifest_says(corpus: Corpus) -> None:
    shown = {}
    for row in corpus.bad_rows:
        if row.sheet_name:
            cells = _sheets(corpus, row.path)[row.sheet_name][row.row_number - 1]
            shown[row.field_name, row.why] = [cell for cell in cells if cell != ""]
    assert len(corpus.bad_rows) == 12
    assert len(shown) == 11
    assert "31/02/2023" in shown["supported_on", "invalid_date"]
    assert "không nhớ" in shown["birth", "invalid_date"]
    assert "chuyển khẩu" in [
        unicodedata.normalize("NFC", str(cell)) for cell in shown["change_type", "unknown_choice"]
    ]
    assert -12.0 in shown["members", "below_minimum"]
    assert "khoảng vài triệu" in shown["amount_vnd", "invalid_number"]
    assert "hai mươi lăm" in shown["trainees", "invalid_number"]
    assert "Thi đua quyết thắng" in shown["programme", "unknown_choice"]
    assert "bao tải" in shown["uom", "unknown_choice"]
    assert "hộ gia đình" in shown["recipient_kind", "unknown_choice"]


def test_control_totals_agree_with_their_rows(corpus: Corpus) -> None:
    # Buôn Trấp types true numbers, so its totals can be added up without reading any text.
    checked = 0
    for made, path in corpus.return_paths:
        if made.unit.key != "U24538":
            continue
        for name in ("Biểu 2", "Biểu 3", "Biểu 4", "Biểu 5"):
            rows = _sheets(corpus, path)[name]
            total = next(row for row in rows if row[0] == "Tổng cộng")
            first = next(number for number, row in enumerate(rows) if row[0] == 1.0 and row[1] == 2.0) + 1
            body = rows[first : rows.index(total)]
            for column in range(1, len(total)):
                if isinstance(total[column], float):
                    assert total[column] == sum(row[column] for row in body if isinstance(row[column], float))
                    checked += 1
    assert checked > 100


def test_sub_totals_agree_with_the_control_total(corpus: Corpus) -> None:
    path = next(path for made, path in corpus.return_paths if made.unit.key == "U24577")
    rows = _sheets(corpus, path)["2"]
    labels = [str(row[0]) for row in rows]
    total = rows[labels.index("Tổng cộng")]
    sub_totals = [row for row, label in zip(rows, labels, strict=True) if label.startswith("Cộng ")]
    assert len(sub_totals) > 2
    assert total[7] == sum(row[7] for row in sub_totals if isinstance(row[7], float))


def test_headers_are_merged_over_three_rows(corpus: Corpus) -> None:
    path = next(path for made, path in corpus.return_paths if made.unit.key == "U24565")
    rows = _sheets(corpus, path)["Biểu 04"]
    top = next(number for number, row in enumerate(rows) if row[0] == "STT")
    assert rows[top][4:7] == ["Số người hưởng", "", "Số tiền"]
    assert rows[top + 1][4:7] == ["Tổng số", "Trong đó", ""]
    assert rows[top + 2][4:7] == ["", "DTTS", ""]
    assert rows[top + 3][:3] == [1.0, 2.0, 3.0]


def test_the_districts_target_is_shared_out_whole(corpus: Corpus) -> None:
    rows = _sheets(corpus, "chi-tieu/Chi tieu giao nam 2023.xlsx")["Chỉ tiêu"]
    targets = [row for row in rows if row[2] == "6 tháng" and row[4] == "Hội viên mới phát triển"]
    district = [row[5] for row in targets if row[3] == "Huyện Krông Ana"]
    communes = [row[5] for row in targets if row[3] != "Huyện Krông Ana"]
    assert district == [189.0]
    assert len(communes) == 8
    assert sum(float(str(value)) for value in communes) == 189


def test_ways_of_typing() -> None:
    day = date(2023, 1, 5)
    assert typed_day(day, Dates.SLASHES) == "05/01/2023"
    assert typed_day(day, Dates.SHORT) == "5-1-23"
    assert typed_day(day, Dates.DOTS) == "05.01.2023"
    assert typed_day(day, Dates.WORDS) == "ngày 05 tháng 01 năm 2023"
    assert typed_day(day, Dates.ISO) == "2023-01-05"
    assert typed_number(Decimal(98_500_000), Numbers.DOTS) == "98.500.000"
    assert typed_number(Decimal(98_500_000), Numbers.SPACES) == "98 500 000"
    assert typed_number(Decimal("1234.56"), Numbers.DOTS) == "1.234,56"
    assert typed_number(Decimal("98.50"), Numbers.DOTS) == "98,5"
    assert STYLES["U655_CA"].amount(98_500_000) == "98,5 triệu"
    assert STYLES["U24568"].amount(1_200_000_000) == "1 tỷ 2"
    assert STYLES["U24565"].amount(98_450_000) == "98,45"
    assert spelled("đoạn đường", Spelling.UNMARKED) == "doan duong"
