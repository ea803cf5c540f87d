"""How a unit types: program, sheet names, spellings, dates, numbers, ticks, and what it adds or leaves out.

A style is data (``styles`` has that of each unit). It decides how a record looks on a sheet and never what is reported;
every departure in it is one that the forms allow.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from sample.events.records import RETURN_FORMS, Form
from sample.halfyears import HalfYear
from sample.paper.layout import CellValue
from sample.paper.wording import CHOICES, PROGRAMMES, SHORT_PROGRAMMES


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
