"""Loading: once and only once, every file with a verdict, every row with an address."""

import hashlib
import os
import subprocess
import sys
import unicodedata
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from ingest.contracts.forms import load_contracts
from ingest.database import open_warehouse
from ingest.home import WarehouseHome
from ingest.keeping.archive import archived_path
from ingest.loading import log_scan
from ingest.loading.load import LoadReport, load_inbox
from ingest.loading.log_scan import PlainLog
from ingest.loading.raw_writer import RawWriter
from ingest.reading.file_reader import ArchivedFile, FileReader
from ingest.reading.row_streams import RowStream
from ingest.reading.submission import Arrival
from ingest.tables.results import ConservationError
from ingest.troubles import WarehouseBusyError
from tests.ingest.legacy_writing import WRITERS
from tests.ingest.return_files import (
    SUPPORT_ROWS,
    as_bytes,
    draw_support,
    encode_windows_1258,
    new_workbook,
    support_return,
    write,
)

NOW = datetime(2026, 1, 10, 3, 0, tzinfo=UTC)
LOG_HEADER = "event_id,occurred_at,unit_code,village,programme,activity_type,participants,quantity,uom,amount_vnd,reporter,note"


@pytest.fixture
def home(tmp_path: Path) -> WarehouseHome:
    return WarehouseHome(tmp_path / "home").prepare()


def load(home: WarehouseHome) -> LoadReport:
    return load_inbox(home, NOW)


def query(home: WarehouseHome, sql: str) -> list[tuple[object, ...]]:
    with open_warehouse(home) as connection:
        return connection.execute(sql).fetchall()


def put(
    home: WarehouseHome, name: str, content: bytes, received_at: datetime = NOW - timedelta(days=1)
) -> Path:
    path = write(home.inbox / name, content)
    os.utime(path, (received_at.timestamp(), received_at.timestamp()))
    return path


def test_rows_arrive_with_their_address(home: WarehouseHome):
    put(home, "2023H1/Ea Bông.xlsx", support_return())
    report = load(home)
    assert report.verdicts == {"accepted": 1}
    assert report.rows_seen == report.rows_loaded + report.rows_unplaced + report.rows_structure == 16
    assert query(home, "select unit_key, period_code, received_at::date::varchar from raw.submissions") == [
        ("U24565", "2023H1", "2026-01-09")
    ]
    assert query(
        home, "select sheet_number, row_number, supported_on, amount_vnd, money_scale from raw.support_funds"
    ) == [
        (1, 9, "05/01/2023", "40.5", 1_000_000),
        (1, 10, "ngày 20 tháng 02 năm 2023", "58", 1_000_000),
    ]


def test_the_archive_keeps_every_file_under_its_hash_and_nobody_writes_it(home: WarehouseHome):
    path = put(home, "Ea Bông 2023H1.xlsx", support_return())
    load(home)
    archived = archived_path(home.archive, hashlib.sha256(path.read_bytes()).hexdigest())
    assert archived.read_bytes() == path.read_bytes()
    assert archived.stat().st_mode & 0o222 == 0


def test_a_second_load_with_nothing_new_changes_nothing(home: WarehouseHome):
    put(home, "Ea Bông 2023H1.xlsx", support_return())
    load(home)
    before = query(
        home, "select (select count(*) from raw.receipts), (select count(*) from raw.support_funds)"
    )
    report = load(home)
    assert (report.files_seen, report.files_new) == (1, 0)
    assert (
        query(home, "select (select count(*) from raw.receipts), (select count(*) from raw.support_funds)")
        == before
    )


def test_the_same_content_under_another_name_is_a_duplicate_that_names_the_first(home: WarehouseHome):
    content = support_return()
    put(home, "Ea Bông 2023H1.xlsx", content)
    put(home, "nop lai/Ea Bông 2023H1.xlsx", content, NOW)
    assert load(home).verdicts == {"accepted": 1, "duplicate": 1}
    ((sentence,),) = query(home, "select reason_vi from raw.receipts where verdict = 'duplicate'")
    assert "Ea Bông 2023H1.xlsx" in str(sentence)
    assert query(home, "select count(*) from raw.support_funds") == [(2,)]


def test_the_same_content_for_two_units_is_two_submissions(home: WarehouseHome):
    content = support_return(unit="", period="")
    put(home, "2023H1/Ea Bông.xlsx", content)
    put(home, "2023H1/Ea Na.xlsx", content)
    assert load(home).verdicts == {"accepted": 2}
    assert query(home, "select count(distinct submission_id) from raw.support_funds") == [(2,)]


def test_a_file_dated_in_the_future_is_received_now_and_only_once(home: WarehouseHome):
    put(home, "2023H1/Ea Bông.xlsx", support_return(), NOW + timedelta(days=400))
    load(home)
    assert load_inbox(home, NOW + timedelta(days=1)).files_new == 0
    assert query(home, "select received_at from raw.receipts") == [(NOW,)]


def test_a_truncated_workbook_is_refused_kept_and_does_not_stop_the_others(home: WarehouseHome):
    path = put(home, "hong.xlsx", support_return()[:3000])
    put(home, "2023H1/Ea Bông.xlsx", support_return())
    report = load(home)
    assert report.verdicts == {"accepted": 1, "rejected": 1}
    assert [refused.relative_path for refused in report.refused] == ["hong.xlsx"]
    assert "bị hỏng" in report.refused[0].sentence
    assert archived_path(home.archive, hashlib.sha256(path.read_bytes()).hexdigest()).exists()


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("bao cao.docx", b"PK", "unsupported_format"),
        ("2023H1/Ea Na.xlsx", b"", "empty_file"),
        ("2023H1/Ea Na.csv", b"", "empty_file"),
        ("2023H1/Ea Na.csv", b"a;b;c\n1;2;3\n4;5;6\n", "no_form_found"),
        ("x.zip", b"PK\x03\x04 not a zip", "unreadable_file"),
    ],
)
def test_every_refusal_has_its_own_reason(home: WarehouseHome, name: str, content: bytes, code: str):
    put(home, name, content)
    assert load(home).verdicts == {"rejected": 1}
    assert query(home, "select reason_code from raw.submissions") == [(code,)]


def test_cells_of_structure_and_unplaced_rows_are_objects_by_column(home: WarehouseHome):
    put(home, "2022H2/Ea Bông.xlsx", support_return())
    load(home)
    assert query(
        home,
        "select distinct json_type(cells) from raw.unplaced_rows"
        " union select distinct json_type(cells) from raw.structure_rows where cells is not null"
        " union select distinct json_type(columns) from raw.sheet_tables",
    ) == [("OBJECT",)]


def test_a_contradicting_file_loads_nothing_but_accounts_for_its_rows(home: WarehouseHome):
    put(home, "2022H2/Ea Bông.xlsx", support_return())
    report = load(home)
    assert report.verdicts == {"rejected": 1}
    assert (report.rows_loaded, report.rows_unplaced, report.rows_structure) == (0, 2, 14)
    assert query(home, "select distinct reason_code from raw.unplaced_rows") == [("file_refused",)]


def test_a_sheet_that_is_refused_leaves_the_others_in(home: WarehouseHome):
    workbook = new_workbook()
    draw_support(workbook.create_sheet("BM04"))
    other = workbook.create_sheet("BM06")
    other.append(("Ngày", "Đối tượng", "Tên tập thể, cá nhân", "Cấp khen", "Phong trào, chuyên đề"))
    other.append(("05/01/2023", "cá nhân", "H'Yi Êban", "huyện", "chống rác thải nhựa"))
    put(home, "2023H1/Ea Bông.xlsx", as_bytes(workbook))
    report = load(home)
    assert report.verdicts == {"partial": 1}
    assert (report.rows_loaded, report.rows_unplaced) == (2, 1)
    assert "“Hình thức”" in report.refused[0].sentence


def test_a_sheet_copied_by_mistake_is_counted_once(home: WarehouseHome):
    workbook = new_workbook()
    draw_support(workbook.create_sheet("BM04"))
    draw_support(workbook.create_sheet("BM04 (2)"))
    put(home, "2023H1/Ea Bông.xlsx", as_bytes(workbook))
    report = load(home)
    assert report.rows_loaded == len(SUPPORT_ROWS)
    assert report.rows_unplaced == 0
    assert query(
        home, "select sheet_number, count(*) from raw.structure_rows where kind = 'replaced' group by all"
    ) == [(1, len(SUPPORT_ROWS))]
    assert query(home, "select sheet_number, verdict, reason_code from raw.sheet_tables order by all") == [
        (1, "aside", "corrected_below"),
        (2, "accepted", None),
    ]


def test_members_of_a_zip_are_files_of_their_own(home: WarehouseHome, tmp_path: Path):
    packed = tmp_path / "packed.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("2023H1/Ea Bông.xlsx", support_return())
        archive.writestr("../../outside/Ea Na 2023H1.xlsx", support_return(unit="HỘI LHPN XÃ EA NA"))
        archive.writestr("__MACOSX/._x", b"x")
        archive.writestr("2023H1/hong.xlsx", b"PK")
    put(home, "nop.zip", packed.read_bytes())
    assert load(home).verdicts == {"container": 1, "accepted": 2, "rejected": 1}
    assert query(
        home,
        "select relative_path, container_path from raw.submissions where verdict = 'accepted' order by 1",
    ) == [
        ("nop.zip/2023H1/Ea Bông.xlsx", "nop.zip"),
        ("nop.zip/outside/Ea Na 2023H1.xlsx", "nop.zip"),
    ]


@pytest.mark.parametrize(
    "content",
    [
        unicodedata.normalize("NFC", "Xã Ea Bông/6 tháng đầu năm 2023.xlsx").encode(),
        encode_windows_1258("Xã Ea Bông/6 tháng đầu năm 2023.xlsx"),
    ],
)
def test_names_in_a_zip_without_the_flag_are_read_by_the_words_that_come_out(
    home: WarehouseHome, tmp_path: Path, content: bytes
):
    packed = tmp_path / "packed.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("?" * len(content), support_return())
    put(home, "nop.zip", packed.read_bytes().replace(b"?" * len(content), content))
    load(home)
    assert query(home, "select relative_path from raw.submissions") == [
        ("nop.zip/Xã Ea Bông/6 tháng đầu năm 2023.xlsx",)
    ]


@pytest.mark.parametrize("encoding", WRITERS)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_log_in_any_encoding_and_delimiter_is_one_log(home: WarehouseHome, encoding: str, delimiter: str):
    lines = [
        LOG_HEADER.replace(",", delimiter),
        delimiter.join(
            [
                "e1",
                "2023-01-05T08:00",
                "24565",
                "",
                "plastic_waste",
                "thu gom",
                "20",
                "12.5",
                "kg",
                "",
                "",
                "đã nộp",
            ]
        ),
        "",
        delimiter.join(["e2", "2023-01-06", "24565"]),
    ]
    text = "\n".join(lines)
    put(home, "log.csv", WRITERS[encoding](text))
    report = load(home)
    assert (report.rows_seen, report.rows_loaded, report.rows_structure) == (4, 2, 2)
    assert query(home, "select event_id, quantity, note, row_number from raw.activity_log order by 4") == [
        ("e1", "12.5", "đã nộp", 2),
        ("e2", None, None, 4),
    ]


@pytest.mark.parametrize("encoding", WRITERS)
def test_a_log_with_headers_in_vietnamese_says_its_encoding_only_far_down(home: WarehouseHome, encoding: str):
    header = "Mã sự kiện;Thời điểm;Mã đơn vị;Phong trào, đề án;Loại hoạt động;Ghi chú".replace(", đề án", "")
    plain = [f"e{number};2023-01-05;24565;plastic_waste;thu gom;{'x' * 80}" for number in range(4000)]
    last = 'E;2023-01-06;24565;plastic_waste;thu gom;"chi hội phụ nữ, thôn Nhắc\nđã nộp"'
    put(home, "log.csv", WRITERS[encoding]("\n".join([header, *plain, last])))
    load(home)
    assert query(home, "select row_number, note from raw.activity_log where event_id = 'E'") == [
        (4002, "chi hội phụ nữ, thôn Nhắc\nđã nộp")
    ]
    assert query(home, "select count(*) from raw.activity_log") == [(4001,)]


@pytest.mark.parametrize("encoding", ["utf-16 with a mark", "tcvn3", "vni"])
def test_a_log_of_json_lines_may_be_in_another_encoding_too(home: WarehouseHome, encoding: str):
    line = '{"event_id": "e3", "occurred_at": "2023-01-07", "note": "đã nộp, chi hội phụ nữ"}\n'
    put(home, "log.jsonl", WRITERS[encoding](line))
    load(home)
    assert query(home, "select event_id, note from raw.activity_log") == [("e3", "đã nộp, chi hội phụ nữ")]


def test_one_broken_byte_does_not_cost_a_log_its_encoding(home: WarehouseHome):
    lines = [LOG_HEADER, "e1,2023-01-05,24565,,,,,,,,,đã nộp về xã", "e2,2023-01-05,24565,,,,,,,,,quỹ Hội ?"]
    put(home, "log.csv", "\n".join(lines).encode().replace(b"?", b"\xff"))
    load(home)
    assert query(home, "select note from raw.activity_log order by 1") == [
        ("quỹ Hội \ufffd",),
        ("đã nộp về xã",),
    ]


def test_lines_of_a_log_that_cannot_be_read_are_kept_and_counted(home: WarehouseHome):
    lines = [
        LOG_HEADER,
        "e1,2023-01-05,24565,,plastic_waste,thu gom,20,12,kg,,,,one,too,many",
        "e2,2023-01-06,24565",
    ]
    put(home, "log.csv", "\n".join(lines).encode())
    put(home, "log.jsonl", b'{"event_id": "e3", "occurred_at": "2023-01-07", "quantity": 12.50}\nnot json\n')
    report = load(home)
    assert (report.rows_loaded, report.rows_unplaced) == (2, 2)
    assert query(home, "select event_id, quantity from raw.activity_log order by 1") == [
        ("e2", None),
        ("e3", "12.50"),
    ]


def test_a_load_that_dies_leaves_nothing_of_its_batch_and_is_finished_by_running_it_again(
    home: WarehouseHome, monkeypatch: pytest.MonkeyPatch
):
    put(home, "2023H1/Ea Bông.xlsx", support_return())

    def die(_: RawWriter) -> dict[str, int]:
        raise ConservationError("power cut")

    with monkeypatch.context() as patch:
        patch.setattr(RawWriter, "check_conservation", die)
        with pytest.raises(ConservationError):
            load(home)
    assert query(
        home, "select (select count(*) from raw.receipts), (select count(*) from raw.support_funds)"
    ) == [(0, 0)]
    assert load(home).rows_loaded == 2


def test_a_log_that_begins_plain_and_holds_quotes_further_on_is_read_as_what_it_means(
    home: WarehouseHome, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("ingest.loading.log_scan._CHUNK_BYTES", 64)
    plain = [f"e{n},2023-02-01,24565,,plastic_waste,thu gom,1,2,kg,,,x" for n in range(20)]
    put(home, "log.csv", "\n".join([LOG_HEADER, *plain, plain[0].replace(",x", ',"y"'), ""]).encode())
    assert load(home).rows_loaded == 21
    assert query(home, "select note, count(*) from raw.activity_log group by all order by all") == [
        ("x", 20),
        ("y", 1),
    ]


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("last", ["", "\n"], ids=["without a last line end", "with it"])
def test_the_pieces_of_a_plain_log_are_numbered_as_one(
    home: WarehouseHome, monkeypatch: pytest.MonkeyPatch, line_end: str, last: str
):
    monkeypatch.setattr("ingest.loading.log_scan._CHUNK_BYTES", 256)
    monkeypatch.setattr("ingest.loading.log_scan._MOST_PIECES", 3)
    monkeypatch.setattr(RawWriter, "stream_log", None)  # the other way
    scanned: list[PlainLog] = []
    scan = log_scan.scan_log
    monkeypatch.setattr(
        "ingest.loading.takeover.scan_log",
        lambda connection, log, *rest: (scanned.append(log), scan(connection, log, *rest))[1],
    )
    records = [f"e{row},2023-02-01,24565,,plastic_waste,thu gom,1,2,kg,,,x" for row in range(2, 102)]
    put(home, "log.csv", (line_end.join([LOG_HEADER, *records]) + last.replace("\n", line_end)).encode())
    assert load(home).rows_loaded == 100
    assert [len(log.pieces()) for log in scanned] == [3]
    assert query(
        home, "select count(distinct row_number) from raw.activity_log where event_id = 'e' || row_number"
    ) == [(100,)]


@pytest.mark.parametrize("blank", ["", "\r"])
def test_a_log_with_a_blank_line_amid_its_pieces_is_numbered_by_its_lines(
    home: WarehouseHome, monkeypatch: pytest.MonkeyPatch, blank: str
):
    monkeypatch.setattr("ingest.loading.log_scan._CHUNK_BYTES", 256)
    records = [f"e{row},2023-02-01,24565,,plastic_waste,thu gom,1,2,kg,,,x" for row in range(2, 102)]
    records[1] = blank
    put(home, "log.csv", "\n".join([LOG_HEADER, *records, ""]).encode())
    load(home)
    assert query(
        home, "select event_id, row_number from raw.activity_log where row_number > 3 order by 2"
    ) == [(f"e{row}", row) for row in range(4, 102)]


@pytest.mark.parametrize("times", [0, 2], ids=["lost", "doubled"])
def test_rows_lost_or_doubled_on_the_way_into_a_warehouse_that_holds_others_are_noticed(
    home: WarehouseHome, times: int
):
    put(home, "2023H1/Ea Bông.xlsx", support_return())
    load(home)
    path = put(home, "2023H1/Ea Bông (2).xlsx", support_return())
    contracts = load_contracts()
    arrival = Arrival("2023H1/Ea Bông (2).xlsx", None, "b" * 64, path.stat().st_size, NOW)
    (read,) = FileReader(contracts).read(ArchivedFile(arrival, path))
    body = read.tables["support_funds"]
    with open_warehouse(home) as connection:
        writer = RawWriter(connection, contracts.forms, "second", NOW)
        connection.begin()
        rows = pa.concat_tables([body.slice(0, 0), *[body] * times])
        tables = {**read.tables, "support_funds": rows}
        writer.add_submission(read.submission, {name: RowStream.of(table) for name, table in tables.items()})
        writer.flush()
        with pytest.raises(ConservationError, match=f"{2 * times} loaded"):
            writer.check_conservation()


def test_lock_files_of_office_programs_are_nobodys(home: WarehouseHome):
    put(home, "~$Ea Bông.xlsx", b"x")
    put(home, ".DS_Store", b"x")
    report = load(home)
    assert (report.files_seen, report.files_ignored) == (0, 2)


def test_what_decided_form_unit_and_period_stands_in_the_record(home: WarehouseHome):
    put(home, "2023H1/Ea Bông.xlsx", support_return())
    load(home)
    assert query(home, "select form_name, form_decided_by from raw.sheet_tables") == [
        ("support_funds", "7 trên 9 cột của biểu có trong tiêu đề cột; tên biểu ghi phía trên")
    ]
    assert query(home, "select unit_decided_by, period_decided_by from raw.submissions") == [
        (
            "phần đầu biểu (ô A2) ghi “BCH HỘI LHPN XÃ EA BÔNG”",
            "phần đầu biểu (ô B4) ghi “Kỳ báo cáo: 6 tháng đầu năm 2023”",
        )
    ]


def test_a_warehouse_made_before_a_field_was_declared_gets_its_column(home: WarehouseHome):
    with open_warehouse(home) as connection:
        connection.execute("alter table raw.support_funds drop column source")
        connection.execute("alter table raw.sheet_tables drop column form_decided_by")
    put(home, "2023H1/Ea Bông.xlsx", support_return())
    assert load(home).rows_loaded == 2
    assert query(home, "select source from raw.support_funds order by row_number") == [
        ("xã hội hóa",),
        ("quỹ Hội",),
    ]


def test_lists_on_a_hidden_sheet_are_no_table_of_the_branch(home: WarehouseHome):
    workbook = new_workbook()
    draw_support(workbook.create_sheet("BM04"))
    hidden = workbook.create_sheet("Danh mục")
    hidden.sheet_state = "hidden"
    for row in (("quà", "trẻ em", "kg"), ("tiền mặt", "học sinh", "km")):
        hidden.append(row)
    put(home, "2023H1/Ea Bông.xlsx", as_bytes(workbook))
    report = load(home)
    assert report.verdicts == {"accepted": 1}
    assert (report.rows_loaded, report.rows_unplaced) == (2, 0)


def test_a_quotation_mark_left_open_swallows_no_line(home: WarehouseHome):
    lines = [
        LOG_HEADER,
        'e1,2023-01-05,24565,,plastic_waste,thu gom,20,12,kg,,,"đã nộp',
        "e2,2023-01-06,24565,,plastic_waste,thu gom,20,12,kg,,,",
        'e3,2023-01-06,24565,,plastic_waste,thu gom,20,12,kg,,,"hai\ndòng"',
    ]
    put(home, "log.csv", "\n".join(lines).encode())
    rows = "Ngày;Đối tượng;Tên tập thể, cá nhân;Hình thức\n05/01/2023;cá nhân;\"H'Yi;giấy khen\n06/01/2023;cá nhân;Mai;giấy khen\n"
    put(home, "2023H1/Ea Na.csv", rows.encode())
    report = load(home)
    assert report.rows_unplaced == 0
    assert query(home, "select event_id, note from raw.activity_log order by 1") == [
        ("e1", '"đã nộp'),
        ("e2", None),
        ("e3", "hai\ndòng"),
    ]
    assert query(home, "select count(*) from raw.awards") == [(2,)]


def test_a_json_number_is_a_number_and_a_json_text_is_text(home: WarehouseHome):
    put(
        home,
        "log.jsonl",
        b'{"event_id": "e1", "occurred_at": "2023-01-07", "quantity": 1.125, "participants": "30"}\n',
    )
    load(home)
    ((quantity, letters),) = query(home, "select quantity, cell_types from raw.activity_log")
    assert (quantity, str(letters)[6:8]) == ("1.125", "tn")


def test_a_unit_named_like_a_village_is_no_heading_where_rows_name_units(home: WarehouseHome):
    workbook = new_workbook()
    sheet = workbook.create_sheet("Đầu kỳ")
    for row in (
        ("Đơn vị", "Ngày", "Tổng số hội viên"),
        ("Buôn Trấp", datetime(2023, 6, 14), 2200),
        ("Ea Na", "", 1200),
    ):
        sheet.append(row)
    put(home, "dau ky.xlsx", as_bytes(workbook))
    assert load(home).rows_loaded == 2


def test_a_database_that_another_program_has_open_is_told_in_words(
    home: WarehouseHome, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("ingest.database.PATIENCE_SECONDS", 0.2)
    hold = "import duckdb, sys, time; held = duckdb.connect(sys.argv[1]); print('held', flush=True); time.sleep(60)"
    holder = subprocess.Popen([sys.executable, "-c", hold, home.warehouse], stdout=subprocess.PIPE)
    assert holder.stdout is not None
    with holder, holder.stdout:
        holder.stdout.readline()
        try:
            with pytest.raises(WarehouseBusyError, match="đang mở trong “python"):
                load(home)
        finally:
            holder.kill()
