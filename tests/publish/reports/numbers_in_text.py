"""Takes all numbers out of the text of a review and looks for each in its annexes."""

import re
from collections.abc import Iterator
from decimal import Decimal

from ingest.text.printing import format_number
from publish.reports.documents.cells import printed
from publish.reports.settings import ReportSettings
from publish.reports.written_review import WrittenReview

# what is called by a number is no figure: half-years, schemes by their number, the years of a remark
_NAMES = re.compile(
    r"6 tháng (?:đầu|cuối) năm \d{4}|[Nn]ăm \d{4}(?: và năm \d{4})?|COVID-19|Đề án \d+|Dự án \d+|5 không, 3 sạch"
    r"|Chỉ thị 21-CT/TW ngày 20/01/2018"
)
_ROUNDED = re.compile(r"hơn ([\d.,]+) (triệu|tỷ) đồng")
_MONEY = re.compile(r"([\d.,]+) (triệu|tỷ) đồng")
_NUMBER = re.compile(r"\d+/\d+|\d[\d.]*(?:,\d+)?(?: %)?")
_SCALE = {"triệu": 10**6, "tỷ": 10**9}


def numbers_without_a_place(review: WrittenReview, settings: ReportSettings) -> list[str]:
    """Give the numbers of all sentences that no cell of an annex holds, each with its sentence.

    Money that was cut off (*hơn 98 triệu đồng*) stands for any amount of which it is the beginning. A change stands in the
    annex with its sign, in a sentence as *tăng* or *giảm*.
    """
    shown, amounts = _shown(review, settings)
    return [
        f"{number}: {sentence}"
        for section in review.sections
        for sentence in section.sentences
        for number in _numbers(sentence, amounts)
        if number not in shown
    ]


def _shown(review: WrittenReview, settings: ReportSettings) -> tuple[set[str], set[Decimal]]:
    shown: set[str] = set()
    amounts: set[Decimal] = set()
    for table in review.tables:
        for row in table.rows:
            for cell, column in zip(row, table.columns, strict=True):
                shown |= {printed(cell, column.kind, settings).lstrip("+-")}
                if isinstance(cell, Decimal):
                    amounts.add(abs(cell))
                    shown.add(format_number(abs(cell)))
    return shown, amounts


def _numbers(sentence: str, amounts: set[Decimal]) -> Iterator[str]:
    text = _NAMES.sub(" ", sentence)
    for pattern, is_cut in ((_ROUNDED, True), (_MONEY, False)):
        for number, unit in pattern.findall(text):
            if not _is_known(number, unit, amounts, is_cut=is_cut):
                yield f"{number} {unit} đồng"
        text = pattern.sub(" ", text)
    yield from (found.rstrip(".,") for found in _NUMBER.findall(text))


def _is_known(number: str, unit: str, amounts: set[Decimal], *, is_cut: bool) -> bool:
    scale = _SCALE[unit]
    least = Decimal(number.replace(".", "").replace(",", ".")) * scale
    step = scale if unit == "triệu" else scale // 100
    return any(least < amount < least + step if is_cut else amount == least for amount in amounts)
