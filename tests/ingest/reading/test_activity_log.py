"""An activity log as one stream of rows: headers in its middle, longer records, days month first, lines without end."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.contracts.forms import load_contracts
from ingest.headers.header_words import load_header_words
from ingest.headers.matcher import HeaderMatcher
from ingest.loading.log_scan import survey_log
from ingest.reading import activity_log
from ingest.reading.activity_log import find_log_header, read_log
from tests.ingest.return_files import write

CONTRACTS = load_contracts()
MATCHER = HeaderMatcher(CONTRACTS.forms, load_header_words(), CONTRACTS.choice_lists)
LOG = "event_id,occurred_at,unit_code,programme,activity_type,quantity,note"


def log_rows(path: Path, content: str | bytes) -> Iterator[tuple[str, object]]:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    match = find_log_header(path, path.suffix[1:], MATCHER, CONTRACTS.form("activity_log"))
    assert match is not None
    for batch in read_log(path, path.suffix[1:], match):
        day = match.form.field_names.index("occurred_at")
        for number, event, quantity, types in zip(
            batch.body.row_numbers,
            batch.body.fields.get("event_id", ()),
            batch.body.fields.get("quantity", ()),
            batch.body.cell_types,
            strict=True,
        ):
            yield "row", (number, event, quantity, types[day])
        yield from (("waits", row.row_number) for row in batch.unplaced)
        yield from (("structure", run.first_row) for run in batch.structure)


def test_a_header_in_the_middle_of_a_log_is_structure_with_and_without_a_mark_of_order(
    tmp_path: Path,
) -> None:
    row = "e{},2023-01-05,24565,p,a,{},"
    content = "\n".join(
        ["\ufeff" + LOG, row.format(1, 10), LOG, row.format(2, 20), "\ufeff" + LOG, row.format(3, 30), ""]
    )
    assert sorted(log_rows(tmp_path / "log.csv", content)) == [
        ("row", (2, "e1", "10", "t")),
        ("row", (4, "e2", "20", "t")),
        ("row", (6, "e3", "30", "t")),
        ("structure", 1),
        ("structure", 3),
        ("structure", 5),
    ]


def test_another_header_in_the_middle_of_a_log_tells_where_the_fields_stand_from_there_on(
    tmp_path: Path,
) -> None:
    other = "quantity,event_id,occurred_at,unit_code,programme,activity_type"
    content = f"{LOG}\ne1,2023-01-05,24565,p,a,10,\n{other}\n20,e2,2023-01-05,24565,p,a\n"
    assert ("row", (4, "e2", "20", "t")) in list(log_rows(tmp_path / "log.csv", content))


def test_a_log_with_a_header_in_its_middle_is_not_plain(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text(f"{LOG}\ne1,2023-01-05,24565,p,a,10,\n")
    match = find_log_header(path, "csv", MATCHER, CONTRACTS.form("activity_log"))
    assert match is not None
    assert survey_log(path, match) is not None
    for line in (LOG, "e2,2/15/2023,24565,p,a,10,", "\ufeffe2,2023-01-05,24565,p,a,10,"):
        path.write_text(f"{LOG}\ne1,2023-01-05,24565,p,a,10,\n{line}\n")
        assert survey_log(path, match) is None


def test_a_longer_record_of_a_log_waits_even_where_what_is_too_much_is_blank(tmp_path: Path) -> None:
    content = f"{LOG}\ne1,2023-01-05,24565,p,a,3,5,\ne2,2023-01-05,24565,p,a,3,\n"
    assert sorted(log_rows(tmp_path / "log.csv", content)) == [
        ("row", (3, "e2", "3", "t")),
        ("structure", 1),
        ("waits", 2),
    ]


def test_a_log_that_closes_every_record_with_a_delimiter_is_whole(tmp_path: Path) -> None:
    content = f"{LOG}\ne1,2023-01-05,24565,p,a,3,,\ne2,2023-01-05,24565,p,a,3,,\n"
    assert [kind for kind, _ in log_rows(tmp_path / "log.csv", content)] == ["row", "row", "structure"]


@pytest.mark.parametrize("suffix", ["csv", "jsonl"])
def test_days_of_a_log_that_read_both_ways_are_marked_beside_one_that_is_month_first(
    tmp_path: Path, suffix: str
) -> None:
    days = ["2/15/2023", "2/10/2023 08:00", "2/2/2023", "2023-02-10", "15/2/2023"]
    if suffix == "csv":
        lines = [LOG, *(f"e,{day},24565,p,a,3," for day in days)]
    else:
        lines = ["", *(f'{{"event_id": "e", "occurred_at": "{day}"}}' for day in days)]
    rows = [row for kind, row in log_rows(tmp_path / f"log.{suffix}", "\n".join(lines)) if kind == "row"]
    assert [row[3] for row in rows if isinstance(row, tuple)] == ["t", "u", "t", "t", "t"]
    without = [
        row
        for kind, row in log_rows(tmp_path / f"log.{suffix}", "\n".join([*lines[:1], *lines[2:]]))
        if kind == "row"
    ]
    assert {row[3] for row in without if isinstance(row, tuple)} == {"t"}


@pytest.mark.parametrize(
    ("content", "is_endless"),
    [
        (b"a" * 10 + b"\n" + b"a" * 10, False),
        (b"a" * 11, True),
        (b"a\r" + b"a" * 10 + b"\r", False),
        (b"aaaaaaaa\n" + b"a" * 11 + b"\n", True),
        (b"", False),
    ],
)
def test_a_line_is_endless_when_it_is_longer_than_any_events(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes, is_endless: bool
):
    monkeypatch.setattr(activity_log, "LONGEST_LINE", 10)
    assert activity_log.has_endless_line(write(tmp_path / "log.csv", content)) == is_endless
