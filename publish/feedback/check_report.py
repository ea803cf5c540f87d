"""What a check found, in lines for the terminal of an officer."""

from collections.abc import Iterator

from ingest.contracts.reference import load_reference
from ingest.tables.side_by_side import drawn_on
from publish.feedback.checking import Check, CheckedFile
from publish.feedback.findings.answer import Finding
from publish.feedback.list_page import SEVERITIES_VI

_VERDICTS = {
    "accepted": "đã đọc được",
    "partial": "chỉ đọc được một phần",
    "rejected": "chưa tiếp nhận được, đề nghị sửa rồi gửi lại",
}


def report_of(check: Check) -> Iterator[str]:
    """Give the lines: each file with its verdict, then all that is to be corrected or looked at."""
    for checked in check.files:
        yield _headline(checked)
        yield from (f"  - {_line(found)}" for found in checked.findings)
        if checked.file.not_listed:
            yield f"  … và {checked.file.not_listed} nội dung khác."
    for path, reason in check.refused:
        yield f"{path}: {reason}"
    for answer in check.answers:
        yield f"Phiếu phản hồi: {answer}"
    yield "Chưa có gì được tổng hợp vào kho số liệu."


def _headline(checked: CheckedFile) -> str:
    file = checked.file
    unit = load_reference().units.get(file.unit_key or "")
    name = unit.union_name if unit else file.unit_name
    whose = ", ".join(filter(None, (name, file.period_label)))
    rows = f"{file.rows_taken} dòng sẽ được tổng hợp"
    if file.rows_waiting:
        rows += f", {file.rows_waiting} dòng chờ sửa"
    told = f"{file.file_name}: {_VERDICTS.get(file.verdict, file.verdict)}"
    return f"{told} ({whose}); {rows}." if whose else f"{told}; {rows}."


def _line(found: Finding) -> str:
    place = ""
    if found.row_number is not None:
        cell = f"ô {found.column}{found.row_number}" if found.column else f"dòng {found.row_number}"
        place = (
            f" (trang tính số {drawn_on(found.sheet_number)}, {cell})" if found.sheet_number else f" ({cell})"
        )
    return f"{SEVERITIES_VI[found.severity]}{place}: {found.wrong} {found.what_to_do}".rstrip()
