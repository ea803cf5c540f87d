"""The corpus as files: what lies where, when each file arrived, and what a reader should find in it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sample.defects import with_defects
from sample.events.activity_log import event_key, latest_events, log_files, reported_keys
from sample.events.records import Entry, Form, OpeningBalance, Return, Target
from sample.expectations import Figures, expected_figures
from sample.figures import TARGET_NEW_MEMBERS_2023H1, allot
from sample.paper.log_files import BAD_LOG_INSTANT, LogFile
from sample.paper.pages import Letterhead, Page, SpoiltRow, return_pages, table_page
from sample.paper.style import Program, Style
from sample.paper.styles import STYLES
from sample.paper.wording import INDICATORS
from sample.paper.writers import workbook_bytes
from sample.returns import VIETNAM, final_returns, returns
from sample.units import COMMUNES, DISTRICT_NAME, UNITS

UNREADABLE = "2022H2/Ea Na bo sung (loi).xlsx"
OPENING_AS_OF = date(2017, 12, 14)
# District targets for the first half and for the whole of each year from 2018 to 2023; None where none was set.
_TARGETS: dict[str, tuple[tuple[int | None, ...], tuple[int | None, ...]]] = {
    "new_members": ((160, 165, 170, 172, 180, TARGET_NEW_MEMBERS_2023H1), (330, 340, 350, 350, 370, 385)),
    "new_clubs": ((4, 6, 6, 4, 5, 6), (9, 12, 12, 8, 11, 12)),
    "vocational_classes": ((4, 4, 4, 2, 3, 4), (9, 9, 9, 5, 7, 9)),
    "new_rural_works": ((16, 18, 20, 16, 20, 24), (34, 38, 40, 32, 42, 48)),
    "plastic_kg": ((None, 12000, 12000, 9000, 11000, 14000), (11000, 25000, 25000, 18000, 22000, 28000)),
    "pledged_households": ((None, 2800, 2800, 2200, 2500, 3400), (4000, 5600, 5600, 4400, 5000, 6600)),
    "trees_planted": ((None, 3600, 3600, 2600, 3400, 4000), (2900, 7400, 7400, 5200, 7000, 8000)),
}
_FIRST_TARGET_YEAR = 2018
_ABOVE = Style(program=Program.XLSXWRITER, sheet_names=(), file_name="")


@dataclass(frozen=True)
class CorpusFile:
    """One file: its path inside the corpus, its bytes, when it was received."""

    path: str
    content: bytes
    received_at: datetime


@dataclass(frozen=True)
class BadRow:
    """A bad row as a reader meets it; `row_number` counts from 1, `why` is the code of the reason."""

    path: str
    sheet_name: str
    row_number: int
    field_name: str
    why: str


@dataclass(frozen=True)
class Corpus:
    """All files and what is known of them beforehand."""

    files: tuple[CorpusFile, ...]
    bad_rows: tuple[BadRow, ...]
    figures: tuple[Figures, ...]
    log_event_count: int
    log_row_count: int
    shared_event_count: int
    return_paths: tuple[tuple[Return, str], ...]


def build_corpus() -> Corpus:
    """Make every file in memory; the same bytes on every call."""
    sent = with_defects(returns())
    counting = final_returns(sent)
    files: list[CorpusFile] = [_opening_file()]
    files += [_targets_file(_FIRST_TARGET_YEAR + number) for number in range(6)]
    bad_rows: list[BadRow] = []
    return_paths: list[tuple[Return, str]] = []
    for made in sent:
        style = STYLES[made.unit.key]
        path = _return_path(made, style)
        pages = return_pages(made)
        content = workbook_bytes(style.program, [page.sheet for page in pages])
        files.append(CorpusFile(path, content, made.received_at))
        bad_rows += [_bad_row(path, spoilt) for page in pages for spoilt in page.spoilt]
        return_paths.append((made, path))
        if (made.unit.key, made.half_year.code) == ("U24559", "2022H2"):
            cut = content[: len(content) * 3 // 5]
            files.append(CorpusFile(UNREADABLE, cut, datetime(2022, 12, 14, 16, 50, tzinfo=VIETNAM)))
    logs = log_files(sent, counting)
    files += [CorpusFile(log.path, log.content, log.received_at) for log in logs]
    bad_rows += [_bad_log_row(log) for log in logs if log.bad_line is not None]
    events = latest_events(logs)
    reported = reported_keys(counting)
    return Corpus(
        files=tuple(sorted(files, key=lambda file: file.path)),
        bad_rows=tuple(bad_rows),
        figures=expected_figures(counting, events),
        log_event_count=len(events),
        log_row_count=sum(len(log.events) + (log.bad_line is not None) for log in logs),
        shared_event_count=sum(event_key(event) in reported for event in events),
        return_paths=tuple(return_paths),
    )


def write_corpus(corpus: Corpus, into: Path) -> None:
    """Write the files below a folder, each with the time it was received; files that lie there already stay.

    Raises:
        OSError: the folder cannot be written.
    """
    for file in corpus.files:
        path = into / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.content)
        received = file.received_at.timestamp()
        os.utime(path, (received, received))


def _return_path(made: Return, style: Style) -> str:
    path = style.file_path(made.half_year)
    if made.version == 1:
        return path
    stem, suffix = path[: -len(style.program.suffix)], style.program.suffix
    return f"{stem} (sua lan {made.version - 1}){suffix}"


def _bad_row(path: str, spoilt: SpoiltRow) -> BadRow:
    return BadRow(path, spoilt.sheet_name, spoilt.row_number, spoilt.field_name, spoilt.why)


def _bad_log_row(log: LogFile) -> BadRow:
    if log.bad_line is None or BAD_LOG_INSTANT.encode() not in log.content:
        raise ValueError(f"{log.path} holds no bad row")
    return BadRow(log.path, "", log.bad_line, "occurred_at", "invalid_date")


def _opening_file() -> CorpusFile:
    entries = tuple(
        Entry(
            OpeningBalance(
                unit_name=unit.official_name,
                as_of=OPENING_AS_OF,
                members=unit.opening_members,
                members_minority=round(unit.opening_members * unit.minority_share),
                core_members=round(unit.opening_members * 0.11),
            )
        )
        for unit in UNITS
    )
    head = Letterhead(
        issuer="HỘI LHPN HUYỆN KRÔNG ANA",
        unit_line="BAN THƯỜNG VỤ",
        title="SỐ HỘI VIÊN ĐẦU KỲ",
        period_line="(Tính đến hết ngày 14/12/2017)",
        uom_line=None,
        place_and_date="Krông Ana, ngày 18 tháng 12 năm 2017",
        left_signature="NGƯỜI LẬP BIỂU",
        right_signature="TM. BAN THƯỜNG VỤ",
        signers=("Lê Thị Thu Trang", "Nguyễn Thị Hồng Vân"),
    )
    page = table_page("Đầu kỳ", Form.OPENING_BALANCES, entries, head, _ABOVE)
    return _file_from_above("so-dau-ky/So hoi vien dau ky.xlsx", page, datetime(2017, 12, 20, 9, 0))


def _targets_file(year: int) -> CorpusFile:
    number = year - _FIRST_TARGET_YEAR
    entries: list[Entry] = []
    for period, column in (("first_half", 0), ("year", 1)):
        for code, by_period in _TARGETS.items():
            total = by_period[column][number]
            if total is None:
                continue
            parts = allot(total, [float(unit.opening_members) for unit in COMMUNES])
            shares = [
                (DISTRICT_NAME, total),
                *zip((unit.official_name for unit in COMMUNES), parts, strict=True),
            ]
            entries += [
                Entry(Target(year, period, unit_name, code, INDICATORS[code], target))
                for unit_name, target in shares
            ]
    head = Letterhead(
        issuer="HỘI LHPN TỈNH ĐẮK LẮK",
        unit_line="BAN THƯỜNG VỤ",
        title=f"CHỈ TIÊU GIAO NĂM {year}",
        period_line="(Giao cho Hội LHPN huyện Krông Ana và các cơ sở Hội)",
        uom_line=None,
        place_and_date=f"Buôn Ma Thuột, ngày 5 tháng 1 năm {year}",
        left_signature="NGƯỜI LẬP BIỂU",
        right_signature="TM. BAN THƯỜNG VỤ",
        signers=("Phạm Thị Minh Hà", "Tô Thị Tâm"),
    )
    page = table_page("Chỉ tiêu", Form.TARGETS, entries, head, _ABOVE)
    return _file_from_above(f"chi-tieu/Chi tieu giao nam {year}.xlsx", page, datetime(year, 1, 10, 10, 0))


def _file_from_above(path: str, page: Page, at: datetime) -> CorpusFile:
    return CorpusFile(path, workbook_bytes(_ABOVE.program, [page.sheet]), at.replace(tzinfo=VIETNAM))
