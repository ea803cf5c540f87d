"""The Vietnamese sentences of an answer: what is wrong with a cell, and what to do about it.

Reasons and advice for single values are rows of the seeds ``quarantine_reasons`` and ``…_by_type``, those of findings of ``finding_rules``,
refusals bring their own (``verdicts``); here they are put together with the wrong value, and the nearest allowed one.
"""

import re
from collections.abc import Mapping, Sequence

from ingest.contracts.forms import FormField
from ingest.contracts.verdicts import header_vi

LONGEST_LIST = 240
_LONGEST_VALUE = 120
_LIMITS = {
    "below_minimum": "Nhỏ nhất là {}.",
    "above_maximum": "Lớn nhất là {}.",
    "ambiguous_date": "Có thể là {}.",
}
_WHOLE_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[ T]00:00(?::00)?)?")
_NEAREST = "Có phải là “{}” không?"
_LONG_LIST = "Danh mục đầy đủ có ở ô chọn của cột này trong biểu mẫu mà Hội LHPN cấp trên đã gửi."
ONLY_THE_CELL = "Riêng ô này không được tổng hợp; các ô khác của dòng vẫn được tổng hợp."


def wrong_value(field_label: str, reason: str, value: str | None) -> str:
    """Say what is wrong with a value: ``Cột “Ngày”: “31/02/2023” – ngày không có thực hoặc ghi sai.``"""
    quoted = f"“{shorten(_as_shown(value))}” – " if value else ""
    return f"Cột “{field_label}”: {quoted}{reason[:1].lower()}{reason[1:]}."


def _as_shown(value: str) -> str:
    """Write a day as its cell shows it; a workbook hands it over as 2023-05-07."""
    day = _WHOLE_DAY.fullmatch(value)
    return f"{day[3]}/{day[2]}/{day[1]}" if day else value


def advice_on_value(
    advice: str,
    reason_code: str,
    hint: str | None,
    field: FormField | None,
    choices: Mapping[str, Sequence[str]],
) -> str:
    """Say what to do about a value: advice, nearest allowed value, allowed values, or where their list is.

    Args:
        advice: what the seeds say on the reason for a column of this type.
        hint: nearest allowed value or the limit that was passed, or None.
        field: the column, or None when no contract knows it.
        choices: list of choices to labels.
    """
    sentences = [advice]
    if hint:
        sentences.append(_LIMITS.get(reason_code, _NEAREST).format(hint))
    if field is None or reason_code in _LIMITS:
        return " ".join(sentences)
    allowed = "; ".join(choices.get(field.choices or "", ()))
    if 0 < len(allowed) <= LONGEST_LIST:
        sentences.append(f"Danh mục: {allowed}.")
    elif allowed:
        sentences.append(_LONG_LIST)
    return " ".join(sentences)


def extra_column(letter: str, header: str) -> str:
    """Say that a column is in no form."""
    return f"Cột {header_vi(letter, shorten(header))} không có trong biểu mẫu; nội dung được lưu nhưng không tổng hợp."


def unreadable_line(reason: str, line: str) -> str:
    """Say that a line of a log cannot be read, with its beginning."""
    return f"{reason} Dòng này ghi: “{shorten(line)}”."


def shorten(text: str) -> str:
    """Give the beginning of a long text."""
    return text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}…"
