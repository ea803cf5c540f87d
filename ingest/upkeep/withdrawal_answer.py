"""What an officer is told who withdraws a file or takes one back: Vietnamese sentences, and lists to choose from.

Pure: what was decided or could not be goes in, lines of text come out.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from ingest.contracts.reference import Reference
from ingest.contracts.verdicts import VERDICTS_VI
from ingest.own_commands import typed
from ingest.text.printing import moment_vi
from ingest.upkeep.changed_returns import Content, FormChange
from ingest.upkeep.received_files import (
    MOST_CANDIDATES,
    NoSuchFileError,
    ReceivedFile,
    SeveralFilesError,
    UndecidedError,
)
from ingest.upkeep.withdrawal import ClockBehindError, Decided, NothingToDecideError

_A_REASON = '"…"'
_BY_ROW = {
    "targets": "chỉ tiêu giao được lấy theo tệp gần nhất còn được tính của cùng năm; không có thì là chưa giao",
    "opening_balances": (
        "số hội viên đầu kỳ được lấy theo tệp gần nhất còn được tính của cùng đơn vị và ngày; "
        "không có thì là chưa báo cáo"
    ),
    "activity_log": "hoạt động được lấy theo tệp gần nhất còn được tính có ghi hoạt động đó; không có thì không tính",
}
_BY_ROW_OTHERWISE = "được lấy theo tệp gần nhất còn được tính"


def answer(decided: Decided, reference: Reference) -> str:
    """Say what was withdrawn or taken back, what counts from now on, and from when that is seen."""
    return "\n".join(_answer_lines(decided, reference))


def _answer_lines(decided: Decided, reference: Reference) -> Iterator[str]:
    file, is_withdrawn = decided.file, decided.entry.is_withdrawn
    if is_withdrawn:
        yield f"Đã rút tệp “{file.relative_path}” (mã {file.submission_id}) khỏi số liệu."
    else:
        yield f"Tệp “{file.relative_path}” (mã {file.submission_id}) được tính trở lại vào số liệu."
    yield f"  Đơn vị: {_unit(file, reference)}. Kỳ báo cáo: {_half_year(file, reference)}."
    yield f"  Người quyết định: {decided.entry.decided_by}. Lý do: {decided.entry.why}"
    if decided.changes:
        yield "  Trong tệp:"
        for change in decided.changes:
            yield f"    – {change.form_title}: {_amount(change.content)}."
        yield "  Từ nay được tính:"
        for change in decided.changes:
            yield f"    – {change.form_title}: {_counted(change, file)}."
    else:
        yield "  Trong tệp không có dòng nào được tính: tệp này chưa được tiếp nhận."
    if is_withdrawn:
        yield "  Tệp vẫn được lưu. Muốn tính trở lại:"
        yield f"    {typed('take-back', SUBMISSION=file.submission_id, WHY=_A_REASON)}"
    yield "  Số liệu thay đổi từ lần làm bản số liệu tiếp theo; các bản số liệu đã công bố giữ nguyên."


def _counted(change: FormChange, file: ReceivedFile) -> str:
    if change.is_by_row:
        return _BY_ROW.get(change.form_name, _BY_ROW_OTHERWISE)
    before, after, content = change.before, change.after, change.after_content
    if not after or content is None:
        return "không có báo cáo nào khác của đơn vị trong kỳ; đơn vị là chưa gửi"
    first = after[0]
    others = [f"“{other.relative_path}”" for other in after[1:] if other.submission_id != file.submission_id]
    also = f", cùng với {', '.join(others)}" if others else ""
    if _ids(after) == _ids(before):
        return f"không thay đổi, vẫn là báo cáo gửi sau “{first.relative_path}” ({_arrival(first)}){also}"
    if first.submission_id == file.submission_id:
        replaced = f", thay “{before[0].relative_path}”" if before and before[0] not in after else ""
        return f"báo cáo này{replaced}{also}"
    told = f"“{first.relative_path}” ({_arrival(first)}; {_amount(content)}){also}"
    if file.submission_id in _ids(after):
        return f"báo cáo {told}, có thêm tệp này"
    if first.submission_id in _ids(before):
        return f"báo cáo {told}, không có tệp này"
    return f"báo cáo gửi trước đó {told}"


def _ids(files: Sequence[ReceivedFile]) -> list[str]:
    return [file.submission_id for file in files]


def refusal(error: UndecidedError, reference: Reference) -> str:
    """Say in Vietnamese why nothing was decided and what to do; ``error`` is one that ``decide`` raises.

    Raises:
        UndecidedError: the error itself, where it is of another kind.
    """
    match error:
        case NoSuchFileError(asked=asked, candidates=()):
            return (
                f"Không có tệp nào đã nhận tên là “{asked}”. Đề nghị kiểm tra lại tên tệp, "
                "hoặc chạy lệnh này không kèm tên tệp để xem danh sách."
            )
        case NoSuchFileError(asked=asked, candidates=candidates):
            return "\n".join(
                [
                    f"Không có tệp nào đã nhận tên là “{asked}”. Có phải là một trong các tệp sau không?",
                    *file_lines(candidates, reference),
                    "Đề nghị ghi lại lệnh với mã ở đầu dòng.",
                ]
            )
        case SeveralFilesError(asked=asked, candidates=candidates):
            return "\n".join(
                [
                    f"“{asked}” có thể là một trong {_at_least(len(candidates))} tệp sau, nên chưa làm gì:",
                    *file_lines(candidates, reference),
                    "Đề nghị ghi lại lệnh với mã ở đầu dòng.",
                ]
            )
        case NothingToDecideError(file=file) if file.is_withdrawn:
            return (
                f"Tệp “{file.relative_path}” (mã {file.submission_id}) đã được rút trước đó"
                f"{_decision(file)}; không cần rút lần nữa."
            )
        case NothingToDecideError(file=file):
            return (
                f"Tệp “{file.relative_path}” (mã {file.submission_id}) chưa bị rút nên đang được tính; "
                "không có gì để lấy lại."
            )
        case ClockBehindError(file=file, now=now):
            return (
                f"Đồng hồ của máy ({moment_vi(now)}) chậm hơn lần quyết định trước về tệp “{file.relative_path}”"
                f"{_decision(file)}, nên chưa làm gì. Đề nghị chỉnh lại đồng hồ rồi chạy lại lệnh."
            )
        case _:
            raise error


def listing(files: Sequence[ReceivedFile], reference: Reference, *, is_withdrawn: bool) -> str:
    """List what could be withdrawn or taken back, for somebody who gave no name."""
    if not files:
        return "Không có tệp nào đang bị rút." if is_withdrawn else "Chưa có tệp nào được nhận."
    heading = (
        "Các tệp đang bị rút:" if is_withdrawn else f"Các tệp nhận gần đây nhất (tối đa {MOST_CANDIDATES}):"
    )
    command = "take-back" if is_withdrawn else "withdraw"
    return "\n".join(
        [
            heading,
            *file_lines(files, reference),
            f"Đề nghị ghi rõ tệp và lý do: {typed(command, SUBMISSION='…', WHY=_A_REASON)}",
        ]
    )


def file_lines(files: Sequence[ReceivedFile], reference: Reference) -> list[str]:
    """One line a file: id, path, unit, half-year, when it came, what became of it."""
    return [
        f"  {file.submission_id}  {file.relative_path} – {_unit(file, reference)}, {_half_year(file, reference)}, "
        f"{_arrival(file)}, {_state(file)}"
        for file in files
    ]


def _state(file: ReceivedFile) -> str:
    if file.is_withdrawn:
        return f"đã rút{_decision(file)}"
    return VERDICTS_VI[file.verdict]


def _decision(file: ReceivedFile) -> str:
    return f" ({moment_vi(file.decided_at)}, {file.decided_by}: {file.why})" if file.decided_at else ""


def _at_least(count: int) -> str:
    return f"ít nhất {count}" if count == MOST_CANDIDATES else str(count)


def _unit(file: ReceivedFile, reference: Reference) -> str:
    unit = reference.units.get(file.unit_key or "")
    return unit.unit_name if unit else _by_row(file)


def _by_row(file: ReceivedFile) -> str:
    return "không rõ" if file.verdict == "rejected" else "ghi theo từng dòng"


def _half_year(file: ReceivedFile, reference: Reference) -> str:
    period = reference.periods.get(file.period_code or "")
    return _by_row(file) if period is None else period.label


def _arrival(file: ReceivedFile) -> str:
    return f"nhận {moment_vi(file.received_at)}"


def _amount(content: Content) -> str:
    rows = f"{_number(content.rows)} dòng"
    return rows if content.money_vnd is None else f"{rows}, {_number(content.money_vnd)} đồng"


def _number(value: Decimal | int) -> str:
    """Write a figure as Vietnamese papers do: ``98.500.000``; the decimals of đồng only where there are any."""
    whole = f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}"
    if "." in whole:
        whole = whole.rstrip("0").rstrip(".")
    return whole.translate(str.maketrans(",.", ".,"))
