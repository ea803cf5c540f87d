"""The Vietnamese sentences of an answer: what is wrong with a cell, and what to do about it.

Reasons and advice for single values are rows of the seed ``quarantine_reasons``, refusals come with a sentence of their
own (``verdicts``); here they are put together with the wrong value, the nearest allowed one and an example.
"""

import re
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
_SENTENCE = re.compile(r"(?<=[.!?]) ")
_LEAVE = re.compile("không (?:cần|phải|bắt buộc) (?:sửa|gửi lại)", re.IGNORECASE)
_LOOK_AGAIN = "Đề nghị kiểm tra lại. Nếu đúng như vậy thì không cần sửa."
_AMOUNT_AND_UNIT = "Đề nghị kiểm tra số tiền và ĐVT ghi ở đầu biểu. Nếu cả hai đều đúng thì không cần sửa."
_ADVICE_ON_FINDINGS = {
    "control_total": "Đề nghị kiểm tra dòng tổng cộng và các dòng được cộng, rồi sửa chỗ sai.",
    "event_replaced_by_another": "Nếu chỉ là một hoạt động được sửa lại thì không cần sửa thêm.",
    "event_told_by_two_units": "Nếu là hai hoạt động khác nhau thì không cần sửa.",
    "target_given_twice": "Nếu dòng được tính là đúng thì không cần gửi lại.",
    "hidden_sheet": "Nếu trang ẩn đúng là không cần gửi thì không phải gửi lại tệp.",
    "balance_break": "Đề nghị gửi bổ sung các biến động còn thiếu, hoặc sửa số hội viên đầu kỳ.",
    "rows_no_longer_reported": "Nếu các dòng đó không còn đúng thì không phải gửi lại.",
    "blank_form": "Nếu số liệu đã gửi vẫn đúng thì không phải gửi lại.",
    "sent_again": "Nếu đúng là muốn tính tệp này thì không phải gửi lại.",
    "replaced_in_file": "Nếu bảng được tổng hợp là đúng thì không phải gửi lại.",
    "table_aside": "Nếu đúng là bảng kế hoạch hoặc bảng so sánh thì không cần sửa.",
    "row_repeated": "Nếu chỉ là một việc thì không cần sửa.",
    "day_after_receipt": "Đề nghị sửa ngày hoặc bỏ dòng rồi gửi lại.",
    "example_left_out": "Nếu đúng là dòng ví dụ thì không cần sửa.",
    "year_shown_as_day": (
        "Đề nghị kiểm tra năm sinh và đổi định dạng các ô này thành số. Nếu năm ghi trong ô đúng thì không cần sửa."
    ),
    "column_twice": "Đề nghị gộp hai cột, hoặc đưa số liệu của cột kia thành các dòng riêng, rồi gửi lại.",
    "number_in_remark": (
        'Đề nghị đặt số có dấu phẩy trong dấu ngoặc kép ("3,5") rồi gửi lại. Nếu đúng là ghi chú thì không cần sửa.'
    ),
    "summary_sheet": "Không cần sửa. Nếu trang này là một biểu, đề nghị ghi tên biểu và tiêu đề cột như trong biểu mẫu.",
    "event_outside_period": "Đề nghị kiểm tra lại ngày. Nếu ngày đúng thì không cần sửa.",
    "money_unit_unclear": "Số tiền ghi cho cả dòng, không theo từng hộ hay từng người. Đề nghị sửa ĐVT rồi gửi lại.",
    "hidden_rows": "Nếu không tính các dòng này, đề nghị xóa hẳn khỏi biểu; nếu tính, đề nghị cho hiện lại.",
    "value_under_merged_cell": "Nếu giá trị này cần được tính, đề nghị bỏ gộp ô; nếu không, không cần sửa.",
    "number_shown_divided": "Đề nghị kiểm tra số tiền và ĐVT. Nếu đúng như đang hiện thì không cần sửa.",
    "amount_too_large": "Đề nghị kiểm tra số tiền và ĐVT ghi ở đầu biểu.",
    "amount_too_small": _AMOUNT_AND_UNIT,
    "amount_with_doubtful_comma": "Đề nghị ghi dấu chấm giữa các hàng nghìn (12.000) và chỉ ghi dấu phẩy trước phần lẻ (12,5).",
}
ONLY_THE_CELL = "Riêng ô này không được tổng hợp; các ô khác của dòng vẫn được tổng hợp."
ADVICE_ON_EXTRA_COLUMN = (
    "Không bắt buộc sửa. Nếu số liệu này cần được tính, đề nghị ghi vào cột có trong biểu mẫu."
)


def wrong_value(field_label: str, reason: str, value: str | None) -> str:
    """Say what is wrong with a value: ``Cột “Ngày”: “31/02/2023” – ngày không đúng.``"""
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
        advice: what the seed says on the reason.
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


def without_leave(advice: str) -> str:
    """Give an advice without the sentence that nothing need be corrected."""
    kept = [sentence for sentence in _SENTENCE.split(advice) if not _LEAVE.search(sentence)]
    return " ".join(kept) or "Đề nghị sửa cùng ô ghi “Phải sửa” của dòng này."


def advice_on_finding(finding_kind: str) -> str:
    """Say what to do about a finding that breaks no rule."""
    return _ADVICE_ON_FINDINGS.get(finding_kind, _LOOK_AGAIN)


def extra_column(header: str) -> str:
    """Say that a column is in no form."""
    return f"Cột “{shorten(header)}” không có trong biểu mẫu; nội dung được giữ lại nhưng không tổng hợp."


def unreadable_line(reason: str, line: str) -> str:
    """Say that a line of a log cannot be read, with its beginning."""
    return f"{reason} Dòng này ghi: “{shorten(line)}”."


def shorten(text: str) -> str:
    """Give the beginning of a long text."""
    return text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}…"
