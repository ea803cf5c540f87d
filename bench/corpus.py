"""The corpus that reading is measured on: workbooks of four sheets, 370 rows by 14 columns each, and a log of events.

Made once into a folder and kept. Content differs from row to row, so that nothing is remembered that would not be in
life.
"""

import csv
import random
import shutil
import zipfile
from datetime import datetime
from pathlib import Path

import xlsxwriter

SHEETS = 4
ROWS = 370
DIFFERENT = 1000
_UNITS = ("XÃ EA BÔNG", "XÃ EA NA", "XÃ DRAY SÁP", "XÃ BÌNH HÒA", "XÃ QUẢNG ĐIỀN", "XÃ DUR KMĂL")
_HEADER = (
    "STT", "Họ và tên", "Ngày sinh", "Dân tộc", "Tôn giáo", "Chi hội", "Loại biến động", "Ngày", "Trình độ",
    "Nghề nghiệp", "Hộ nghèo", "Hộ cận nghèo", "Hội viên nòng cốt", "Số CCCD",
)  # fmt: skip
_LOG_HEADER = (
    "event_id", "occurred_at", "unit_code", "village", "programme", "activity_type", "participants", "quantity",
    "uom", "amount_vnd", "reporter", "note",
)  # fmt: skip


def make_workbooks(folder: Path, count: int) -> Path:
    """Make ``count`` returns in a folder of their own below ``folder``; gives that folder.

    Beyond the first thousand they are copies, different only in their bytes.
    """
    target = folder / f"workbooks-{count}"
    if not (target / "complete").exists():
        target.mkdir(parents=True, exist_ok=True)
        originals = make_workbooks(folder, DIFFERENT) if count > DIFFERENT else target
        for number in range(count):
            path = target / f"{number:05d}.xlsx"
            if originals is target:
                _write_workbook(path, number)
            else:
                copy_with_another_hash(originals / f"{number % DIFFERENT:05d}.xlsx", path, number)
        (target / "complete").touch()
    return target


def copy_with_another_hash(original: Path, path: Path, number: int) -> None:
    """Make a file of other bytes with the same cells: a zip file may end with a comment."""
    shutil.copyfile(original, path)
    with zipfile.ZipFile(path, "a") as archive:
        archive.comment = str(number).encode()


def make_log(folder: Path, events: int) -> Path:
    """Make a log of ``events`` in a CSV file; gives the file."""
    path = folder / f"log-{events}.csv"
    if not path.exists():
        chance = random.Random(events)
        folder.mkdir(parents=True, exist_ok=True)
        with path.with_suffix(".part").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(_LOG_HEADER)
            for number in range(events):
                writer.writerow(_event(number, chance))
        path.with_suffix(".part").rename(path)
    return path


def _write_workbook(path: Path, number: int) -> None:
    chance = random.Random(number)
    workbook = xlsxwriter.Workbook(path)
    day = workbook.add_format({"num_format": "dd/mm/yyyy"})
    half = ("đầu", "cuối")[number % 2]
    for sheet_number in range(SHEETS):
        sheet = workbook.add_worksheet(f"BM{sheet_number + 1:02d}")
        sheet.write(0, 0, "HỘI LHPN HUYỆN KRÔNG ANA")
        sheet.write(1, 0, f"HỘI LHPN {_UNITS[number % len(_UNITS)]}")
        sheet.write(2, 2, "BIỂU 01: BIẾN ĐỘNG HỘI VIÊN")
        sheet.write(3, 1, f"6 tháng {half} năm {2018 + number // 2 % 7}")
        sheet.write_row(4, 0, _HEADER)
        for row in range(ROWS):
            line = 5 + row
            sheet.write_row(line, 0, (row + 1, f"H'Yi Êban {chance.randrange(10**6)}"))
            sheet.write_datetime(line, 2, datetime(1960 + row % 40, 1 + row % 12, 1 + row % 28), day)
            sheet.write_row(
                line, 3, ("Ê-đê", "Tin Lành", f"Buôn Dhăm {row % 12}", "phát triển mới", "05/01/2023")
            )
            sheet.write_row(line, 8, ("12/12", "Làm nông", "x", "", "x" if row % 3 else ""))
            sheet.write(line, 13, f"0660{chance.randrange(10**8):08d}")
    workbook.close()


def _event(number: int, chance: random.Random) -> tuple[object, ...]:
    return (
        f"KA{number:08d}",
        f"2022-{1 + number % 12:02d}-{1 + number % 28:02d}T08:{number % 60:02d}:00",
        24565 + number % 4 * 3,
        f"Buôn Dhăm {number % 12}",
        "plastic_waste",
        ("thu gom", "ra quân", "tuyên truyền")[number % 3],
        chance.randrange(80),
        f"{chance.randrange(500) / 10}",
        "kg",
        "",
        "H'Yi Êban",
        "",
    )
