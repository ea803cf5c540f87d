"""The Vietnamese sentences of an answer: what is wrong with a cell, and what to do about it.

Reasons and advice for single values are rows of the seeds ``quarantine_reasons`` and ``…_by_type``, those of findings of ``finding_rules``,
refusals bring their own (``verdicts``); here they are put together with the wrong value, the nearest allowed one and an example.
"""

from collections.abc import Mapping, Sequence

from ingest.contracts.forms import FormField

LONGEST_LIST = 240
_LONGEST_VALUE = 120
_EXAMPLES = {
    "date": "05/01/2023",
    "datetime": "05/01/2023 08:00",
    "year_or_date": "1985 hoặc 05/02/1985",
    "integer": "25",
    "number": "98,5",
    "boolean": "x",
}
_LIMITS = {
    "below_minimum": "Nhỏ nhất là {}.",
    "above_maximum": "Lớn nhất là {}.",
    "ambiguous_date": "Có thể là {}.",
}
_NEAREST = "Có phải là “{}” không?"
ONLY_THE_CELL = "Riêng ô này không được tổng hợp; các ô khác của dòng vẫn được tổng hợp."


def wrong_value(field_label: str, reason: str, value: str | None) -> str:
    """Say what is wrong with a value: ``Cột “Ngày”: “31/02/2023” – ngày không có thực hoặc ghi sai.``"""
    quoted = f"“{shorten(value)}” – " if value else ""
    return f"Cột “{field_label}”: {quoted}{reason[:1].lower()}{reason[1:]}."


def advice_on_value(
    advice: str,
    reason_code: str,
    hint: str | None,
    field: FormField | None,
    choices: Mapping[str, Sequence[str]],
) -> str:
    """Say what to do about a value: advice, nearest allowed value, allowed values if that list is short, an example.

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
    elif field.choices is None and field.type in _EXAMPLES and "ví dụ" not in advice:
        sentences.append(f"Ví dụ: {_EXAMPLES[field.type]}.")
    return " ".join(sentences)


def extra_column(header: str) -> str:
    """Say that a column is in no form."""
    return f"Cột “{shorten(header)}” không có trong biểu mẫu; nội dung được lưu nhưng không tổng hợp."


def unreadable_line(reason: str, line: str) -> str:
    """Say that a line of a log cannot be read, with its beginning."""
    return f"{reason} Dòng này ghi: “{shorten(line)}”."


def shorten(text: str) -> str:
    """Give the beginning of a long text."""
    return text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}…"
