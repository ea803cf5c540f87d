"""The exported log: encodings, repeated exports, and what it shares with the returns."""

import csv
import io
import json
import unicodedata
from collections import Counter

import pytest

from sample.corpus import Corpus
from sample.events.records import Activity, Form
from sample.paper.log_files import FIELD_NAMES, windows_1258
from sample.returns import final_returns

FORMATS = {
    2018: ("utf-8", ","),
    2019: ("utf-8-sig", ";"),
    2020: ("cp1258", "\t"),
    2021: ("cp1258", ";"),
    2022: ("utf-8-sig", ","),
    2023: ("utf-8", "\t"),
}


def _csv_rows(corpus: Corpus, year: int) -> list[dict[str, str]]:
    encoding, separator = FORMATS[year]
    content = next(
        file.content for file in corpus.files if file.path == f"nhat-ky/nhat ky hoat dong {year}.csv"
    )
    text = unicodedata.normalize("NFC", content.decode(encoding))
    return list(csv.DictReader(io.StringIO(text), delimiter=separator))


def _json_rows(corpus: Corpus) -> list[dict[str, object]]:
    content = next(file.content for file in corpus.files if file.path.endswith(".jsonl"))
    return [json.loads(line) for line in content.decode().splitlines()]


@pytest.mark.parametrize("year", FORMATS)
def test_each_year_is_exported_in_its_own_way(corpus: Corpus, year: int) -> None:
    rows = _csv_rows(corpus, year)
    assert tuple(rows[0]) == FIELD_NAMES
    assert len(rows) > 1500
    assert all(str(year) in row["occurred_at"] for row in rows if row["note"] != "Đã đính chính")


def test_windows_1258_comes_back_as_it_was(corpus: Corpus) -> None:
    text = "Ấm ớ Thị Mỹ Hạnh, Buôn Kuốp, Tổ dân phố 1, đường; Ký cam kết gia đình 5 không, 3 sạch"
    assert unicodedata.normalize("NFC", windows_1258(text).decode("cp1258")) == text
    with pytest.raises(UnicodeDecodeError):
        windows_1258(text).decode("utf-8")
    assert {row["activity_type"] for row in _csv_rows(corpus, 2020)} >= {
        "Tuyên truyền",
        "Đoạn đường",
        "Ký cam kết",
    }


def test_letters_the_code_page_lacks_lose_their_mark() -> None:
    assert windows_1258("H\u02bcČiêm Ayŭn").decode("cp1258") == "H'Ciêm Ayun"


def test_some_twenty_thousand_events(corpus: Corpus) -> None:
    ids = Counter(row["event_id"] for year in FORMATS for row in _csv_rows(corpus, year))
    ids.update(str(row["event_id"]) for row in _json_rows(corpus))
    # One identifier belongs to the bad row.
    assert len(ids) == corpus.log_event_count + 1
    assert 19_500 <= len(ids) <= 20_500
    assert sum(ids.values()) == corpus.log_row_count
    repeated = [event_id for event_id, count in ids.items() if count > 1]
    assert len(repeated) == 160 + 220


def test_a_repeated_event_has_other_figures(corpus: Corpus) -> None:
    first = {row["event_id"]: row for row in _csv_rows(corpus, 2021)}
    again = [row for row in _csv_rows(corpus, 2022) if row["event_id"] in first]
    assert len(again) == 160
    assert all(row["participants"] != first[row["event_id"]]["participants"] for row in again)


def test_the_police_union_is_named_since_it_has_no_code(corpus: Corpus) -> None:
    units = Counter(row["unit_code"] for year in FORMATS for row in _csv_rows(corpus, year))
    assert len(units) == 9
    assert units["Hội Phụ nữ Công an huyện"] > 100


def test_works_of_the_last_half_year_are_in_returns_too(corpus: Corpus) -> None:
    reported = {
        (made.unit.code, record.held_on.isoformat())
        for made in final_returns([made for made, _ in corpus.return_paths])
        for record in made.good(Form.MOVEMENT_ACTIVITIES)
        if isinstance(record, Activity) and record.activity_type == "works"
    }
    logged = {
        (row["unit_code"], row["occurred_at"][:10])
        for row in _csv_rows(corpus, 2023)
        if row["activity_type"] == "Công trình - phần việc"
    } | {
        (str(row["unit_code"]), str(row["occurred_at"])[:10])
        for row in _json_rows(corpus)
        if row["activity_type"] == "works"
    }
    assert logged
    assert logged <= reported


def test_some_events_stand_in_returns_too(corpus: Corpus) -> None:
    # Every eighth or so of the activities that the returns which count report.
    assert 120 <= corpus.shared_event_count <= 300
