"""How each unit types: program, sheet names, spellings, dates, numbers, ticks, and what it adds or leaves
out.

A style is data. It decides how a record looks on a sheet and never what is reported; every departure in it is
one that the forms allow.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from sample.halfyears import HalfYear
from sample.layout import CellValue
from sample.records import RETURN_FORMS, Form
from sample.wording import CHOICES, PROGRAMMES, SHORT_PROGRAMMES


class Program(StrEnum):
    """The library that writes a unit's workbooks."""

    XLSXWRITER = "xlsxwriter"
    OPENPYXL = "openpyxl"
    XLWT = "xlwt"
    ODFPY = "odfpy"

    @property
    def suffix(self) -> str:
        """The file name's ending."""
        return {"xlwt": ".xls", "odfpy": ".ods"}.get(self, ".xlsx")


class Dates(StrEnum):
    """How days are typed."""

    CELL = "true date"
    SLASHES = "05/01/2023"
    SHORT = "5-1-23"
    DOTS = "05.01.2023"
    WORDS = "ngày 05 tháng 01 năm 2023"
    ISO = "2023-01-05"


class Numbers(StrEnum):
    """How numbers are typed."""

    CELL = "true number"
    DOTS = "98.500.000"
    SPACES = "98 500 000"
    NAMED = "98,5 triệu"


class Spelling(StrEnum):
    """How choices are typed."""

    AS_PRINTED = "phát triển mới"
    SENTENCE = "Phát triển mới"
    UPPER = "PHÁT TRIỂN MỚI"
    UNMARKED = "phat trien moi"
    SPACED = "phát  triển mới"


@dataclass(frozen=True)
class Style:
    """One unit's habits. `money_scale` is what the sheet's ĐVT says one money unit is worth, in VND.

    `words` replaces header parts; `choices` replaces labels of choices before they are spelled; `uoms` maps a
    unit of measure, or a kind of activity, to the word typed and the number of our units that one of it
    makes.
    """

    program: Program
    sheet_names: tuple[str, ...]
    file_name: str
    period_line: str = "Kỳ báo cáo: {label}"
    uom_line: str = "ĐVT: {uom}"
    is_uom_on_own_row: bool = False
    money_scale: int = 1
    dates: Dates = Dates.CELL
    numbers: Numbers = Numbers.CELL
    money: Numbers = Numbers.CELL
    spelling: Spelling = Spelling.AS_PRINTED
    ticks: tuple[str | int, str | int] = ("x", "")
    words: Mapping[str, str] = field(default_factory=dict)
    choices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    uoms: Mapping[str, tuple[str, Decimal]] = field(default_factory=dict)
    form_order: tuple[Form, ...] = RETURN_FORMS
    omitted: frozenset[str] = frozenset()
    extra_column: tuple[Form, str, tuple[str, ...]] | None = None
    header_rows: int = 3
    is_header_upper: bool = False
    numbering: str = "STT"
    column_numbers: str = "{number}"
    total_label: str = "Tổng cộng"
    is_total_label_merged: bool = False
    has_village_subtotals: bool = False
    has_member_count_line: bool = False
    has_full_birth_dates: bool = False
    has_numeric_citizen_ids: bool = False
    has_short_programmes: bool = False
    has_households_grouped: bool = False
    is_quantity_named: bool = False
    none_sign: str = ""
    is_decomposed: bool = False

    def sheet_name(self, form: Form) -> str:
        """The name of the sheet that holds a form."""
        return self.sheet_names[self.form_order.index(form)]

    def file_path(self, half_year: HalfYear) -> str:
        """The path of a half-year's workbook inside the corpus."""
        return self.file_name.format(
            code=half_year.code, year=half_year.year, half="đầu" if half_year.half == 1 else "cuối",
            plain_half="dau" if half_year.half == 1 else "cuoi",
        ) + self.program.suffix  # fmt: skip

    @property
    def uom_word(self) -> str:
        """The sheet's unit of money."""
        return {1: "đồng", 1000: "nghìn đồng", 1_000_000: "triệu đồng"}[self.money_scale]

    def text(self, text: str) -> str:
        """A text in the Unicode form of the unit's machines."""
        return unicodedata.normalize("NFD" if self.is_decomposed else "NFC", text)

    def choice(self, choices: str, code: str) -> str:
        """A choice as the unit spells it."""
        label = self.choices.get(choices, {}).get(code) or CHOICES[choices][code]
        return self.text(spelled(label, self.spelling))

    def programme(self, code: str | None) -> str | None:
        """A programme as the unit names it."""
        if code is None:
            return None
        return self.text((SHORT_PROGRAMMES if self.has_short_programmes else PROGRAMMES)[code])

    def day(self, day: date) -> CellValue:
        """A day as the unit types it."""
        return day if self.dates is Dates.CELL else self.text(typed_day(day, self.dates))

    def number(self, number: int | Decimal) -> CellValue:
        """A count or a quantity as the unit types it."""
        return typed_number(Decimal(number), Numbers.CELL if self.numbers is Numbers.NAMED else self.numbers)

    def amount(self, amount_vnd: int) -> CellValue:
        """An amount of VND as the unit types it under its ĐVT."""
        if self.money is Numbers.NAMED and amount_vnd >= 1_000_000:
            return self.text(f"{typed_number(Decimal(amount_vnd) / 1_000_000, Numbers.DOTS)} triệu")
        if (
            self.money is Numbers.SPACES
            and amount_vnd >= 10**9
            and amount_vnd % 10**8 == 0
            and amount_vnd % 10**9
        ):
            return self.text(f"{amount_vnd // 10**9} tỷ {amount_vnd % 10**9 // 10**8}")
        return typed_number(
            Decimal(amount_vnd) / self.money_scale,
            Numbers.DOTS if self.money is Numbers.NAMED else self.money,
        )

    def measured(self, quantity: Decimal, uom: str, activity_type: str) -> tuple[CellValue, str]:
        """A quantity and its unit of measure in the words and sizes the unit uses for that kind of activity."""
        ours = (CHOICES["uom"][uom], Decimal(1))
        word, size = self.uoms.get(activity_type) or self.uoms.get(uom) or ours
        typed = self.number(quantity / size)
        if self.is_quantity_named and uom in ("kg", "km"):
            typed = f"{typed} {word}"
        return (self.text(typed) if isinstance(typed, str) else typed), self.text(word)


def spelled(label: str, spelling: Spelling) -> str:
    """A label in one of the ways people type it; all of them mean the same choice."""
    match spelling:
        case Spelling.SENTENCE:
            return label[0].upper() + label[1:]
        case Spelling.UPPER:
            return label.upper()
        case Spelling.UNMARKED:
            decomposed = unicodedata.normalize("NFD", label.replace("đ", "d").replace("Đ", "D"))
            return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
        case Spelling.SPACED:
            return label.replace(" ", "  ", 1)
        case _:
            return label


def typed_day(day: date, dates: Dates) -> str:
    """A day as text, always day first but for the ISO form."""
    match dates:
        case Dates.SHORT:
            return f"{day.day}-{day.month}-{day.year % 100:02d}"
        case Dates.DOTS:
            return f"{day:%d.%m.%Y}"
        case Dates.WORDS:
            return f"ngày {day:%d} tháng {day:%m} năm {day.year}"
        case Dates.ISO:
            return day.isoformat()
        case _:
            return f"{day:%d/%m/%Y}"


def typed_number(number: Decimal, numbers: Numbers) -> CellValue:
    """A number as a true cell, or as text with a comma before decimals and dots or blanks between thousands."""
    is_whole = number == number.to_integral_value()
    if numbers is Numbers.CELL:
        return int(number) if is_whole else float(number)
    grouped = f"{int(number):,}".replace(",", "." if numbers is not Numbers.SPACES else " ")
    if is_whole:
        return grouped
    decimals = f"{number % 1:.2f}".split(".")[1].rstrip("0")
    return f"{grouped},{decimals}"


STYLES: Mapping[str, Style] = {
    # Buôn Trấp: a careful office with a recent Excel.
    "U24538": Style(
        program=Program.XLSXWRITER,
        sheet_names=tuple(f"Biểu {number}" for number in range(1, 8)),
        file_name="{code}/BC 6T {plain_half} nam {year} - TT Buon Trap",
        money=Numbers.CELL,
        spelling=Spelling.SENTENCE,
        is_total_label_merged=True,
    ),
    # Dray Sáp: Excel 2003, everything typed as text, last form first.
    "U24556": Style(
        program=Program.XLWT,
        sheet_names=tuple(f"BM{number:02d}" for number in range(7, 0, -1)),
        file_name="{code}/Dray Sap",
        period_line="Kỳ: {label}",
        is_uom_on_own_row=True,
        dates=Dates.SLASHES,
        numbers=Numbers.DOTS,
        money=Numbers.DOTS,
        ticks=("X", ""),
        words={"Họ và tên": "Họ tên", "Tổng số": "TS", "Chi hội": "Thôn, buôn"},
        form_order=RETURN_FORMS[::-1],
        header_rows=2,
        total_label="Cộng",
        omitted=frozenset({"member_changes.education", "member_changes.occupation"}),
    ),
    # Ea Na: money in thousands, forms in an order of its own.
    "U24559": Style(
        program=Program.OPENPYXL,
        sheet_names=("HV", "PT", "CLB", "ĐT", "HT", "KT", "BV"),
        file_name="{code}/EaNa_6thang_{plain_half}_{year}",
        period_line="(Số liệu {label})",
        uom_line="(Đơn vị tính: {uom})",
        is_uom_on_own_row=True,
        money_scale=1000,
        dates=Dates.DOTS,
        ticks=("v", ""),
        spelling=Spelling.SENTENCE,
        words={"Họ và tên": "Họ & tên", "DTTS": "Dân tộc thiểu số", "Nghề / Nội dung": "Nghề", "STT": "TT"},
        choices={"ethnic_group": {"12": "Êđê", "20": "M'nông"}},
        form_order=(
            Form.MEMBER_CHANGES,
            Form.MOVEMENT_ACTIVITIES,
            Form.CLUBS,
            Form.TRAININGS,
            Form.SUPPORT_FUNDS,
            Form.AWARDS,
            Form.PROTECTION_CASES,
        ),
        numbering="TT",
        total_label="Tổng số",
        is_total_label_merged=True,
        has_short_programmes=True,
        has_households_grouped=True,
        none_sign="-",
    ),
    # Ea Bông: money in millions with a comma.
    "U24565": Style(
        program=Program.XLSXWRITER,
        sheet_names=tuple(f"Biểu 0{number}" for number in range(1, 8)),
        file_name="{code}/BC 6T {plain_half} nam {year} - Ea Bong",
        money_scale=1_000_000,
        dates=Dates.SLASHES,
        money=Numbers.DOTS,
        words={"Năm sinh": "Ngày sinh", "Kinh phí": "Số tiền"},
        choices={"ethnic_group": {"12": "Ê đê"}, "religion": {"00": "Không tôn giáo"}},
        uoms={"propaganda": ("giỏ", Decimal(1)), "works": ("công trình", Decimal(1))},
        has_full_birth_dates=True,
        has_member_count_line=True,
    ),
    # Băng Adrênh: short dates, blanks between thousands, quantities with their unit.
    "U24568": Style(
        program=Program.OPENPYXL,
        sheet_names=tuple(f"Sheet{number}" for number in range(1, 8)),
        file_name="{code}/Bang Adrenh - bieu mau 6 thang",
        period_line="{label}",
        dates=Dates.SHORT,
        numbers=Numbers.SPACES,
        money=Numbers.SPACES,
        spelling=Spelling.UNMARKED,
        ticks=("Có", "Không"),
        words={"Tổng số": "Tổng", "Họ và tên": "Họ và\ntên", "Hội viên nòng cốt": "Hội viên\nnòng cốt"},
        choices={"ethnic_group": {"12": "Ede"}, "religion": {"01": "PG", "05": "TL"}},
        header_rows=2,
        column_numbers="",
        total_label="Cộng",
        is_quantity_named=True,
        has_short_programmes=True,
    ),
    # Dur Kmăl: an old .xls, days written out, money in thousands.
    "U24571": Style(
        program=Program.XLWT,
        sheet_names=tuple(f"Bieu so {number}" for number in range(1, 8)),
        file_name="{code}/Dur Kmăl",
        period_line="Kỳ báo cáo: {label}",
        money_scale=1000,
        dates=Dates.WORDS,
        money=Numbers.DOTS,
        spelling=Spelling.SPACED,
        ticks=("✓", ""),
        words={"DTTS": "Dân tộc thiểu số"},
        choices={"ethnic_group": {"12": "Êđê"}},
        uoms={"vnd": ("nghìn đồng", Decimal(1000)), "propaganda": ("túi", Decimal(1))},
        is_header_upper=True,
        column_numbers="({number})",
    ),
    # Bình Hòa: LibreOffice, decomposed Unicode, a column of its own in the club list.
    "U24574": Style(
        program=Program.ODFPY,
        sheet_names=("HV", "MH-CLB", "Dao tao", "Ho tro", "Phong trao", "Khen thuong", "Vu viec"),
        file_name="{code}/Bình Hoà - báo cáo 6 tháng {half} năm {year}",
        dates=Dates.CELL,
        spelling=Spelling.SENTENCE,
        ticks=(1, 0),
        words={"Tổng số": "TS", "Chi hội": "Thôn, buôn"},
        omitted=frozenset({"support_funds.programme", "member_changes.religion"}),
        extra_column=(Form.CLUBS, "Lịch sinh hoạt", ("Hằng tháng", "Hằng quý", "Khi có việc")),
        header_rows=2,
        total_label="Tổng số",
        is_decomposed=True,
    ),
    # Quảng Điền: ISO dates, sub-totals by village, citizen IDs as numbers.
    "U24577": Style(
        program=Program.XLSXWRITER,
        sheet_names=("1", "2", "3", "4", "5", "6", "7"),
        file_name="{code}/Quang Dien 6 thang {plain_half} {year}",
        period_line="Kỳ: {label}",
        dates=Dates.ISO,
        spelling=Spelling.UPPER,
        words={"Nghề / Nội dung": "Nội dung", "Năm sinh": "Ngày sinh"},
        uoms={"kg": ("tạ", Decimal(100)), "km": ("m", Decimal("0.001"))},
        has_village_subtotals=True,
        has_full_birth_dates=True,
        has_numeric_citizen_ids=True,
        is_total_label_merged=True,
        column_numbers="{number}",
    ),
    # The police base union: few rows, money with its scale in the cell.
    "U655_CA": Style(
        program=Program.OPENPYXL,
        sheet_names=tuple(f"Biểu số {number}" for number in range(1, 8)),
        file_name="{code}/PN Cong an huyen - {code}",
        dates=Dates.SLASHES,
        money=Numbers.NAMED,
        column_numbers="",
    ),
}
