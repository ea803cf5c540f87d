"""The styles of the units, each with habits that real returns have."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from sample.events.records import RETURN_FORMS, Form
from sample.paper.style import Dates, Numbers, Program, Spelling, Style

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
