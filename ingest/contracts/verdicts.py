"""Why a file, a sheet, a table or a row was refused: codes, and the sentence a branch officer reads.

Each reason says what is wrong, where, and what to do, in Vietnamese. Reasons on single values are dbt's (seed
``quarantine_reasons``); these are the ones that reading itself can give.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

Verdict = Literal["accepted", "partial", "rejected", "duplicate", "container"]


class ReasonCode(StrEnum):
    """Reasons that reading can give, by what they concern."""

    UNREADABLE_FILE = "unreadable_file"
    PACKED_BY_OTHER = "packed_by_other"
    UNSUPPORTED_FORMAT = "unsupported_format"
    EMPTY_FILE = "empty_file"
    PASSWORD_PROTECTED = "password_protected"  # noqa: S105  # a reason, not a password
    NOT_A_WORKBOOK = "not_a_workbook"
    UNSAFE_XML = "unsafe_xml"
    NESTED_ARCHIVE = "nested_archive"
    UNPACKS_TO_TOO_MUCH = "unpacks_to_too_much"
    MEMBER_UNPACKS_TO_TOO_MUCH = "member_unpacks_to_too_much"
    NO_PERMISSION = "no_permission"
    FOLDER_CLOSED = "folder_closed"
    NOT_A_FILE = "not_a_file"
    GONE = "gone"
    DISK_ERROR = "disk_error"
    WRITER_DEFECT = "writer_defect"
    NO_FORM_FOUND = "no_form_found"
    UNIT_UNKNOWN = "unit_unknown"
    UNIT_ELSEWHERE = "unit_elsewhere"
    UNIT_CONTRADICTED = "unit_contradicted"
    UNIT_AMBIGUOUS = "unit_ambiguous"
    PERIOD_UNKNOWN = "period_unknown"
    PERIOD_CONTRADICTED = "period_contradicted"
    SHEET_OF_OTHER_PERIOD = "sheet_of_other_period"
    UNIT_NOT_IN_PERIOD = "unit_not_in_period"
    MISSING_REQUIRED_COLUMN = "missing_required_column"
    UNKNOWN_TABLE = "unknown_table"
    HIDDEN_SHEET = "hidden_sheet"
    SUMMARY_SHEET = "summary_sheet"
    CORRECTED_BELOW = "corrected_below"
    TABLE_OF_PLANS = "table_of_plans"
    TABLE_FOR_COMPARISON = "table_for_comparison"
    SHEETS_REFUSED = "sheets_refused"
    UNREADABLE_LINE = "unreadable_line"
    ROW_OF_ANOTHER_UNIT = "row_of_another_unit"
    UNIT_LEFT_BLANK = "unit_left_blank"
    PART_OF_ROW_ABOVE = "part_of_row_above"
    SAME_CONTENT = "same_content"
    SAME_CONTENT_WITHDRAWN = "same_content_withdrawn"
    FILE_REFUSED = "file_refused"
    READING_TOO_LONG = "reading_too_long"
    READER_LOST = "reader_lost"
    READER_DEFECT = "reader_defect"
    ARCHIVE_DAMAGED = "archive_damaged"


# The file itself was not seen: it is tried again as soon as it can be.
OUT_OF_REACH = frozenset(
    {
        ReasonCode.NO_PERMISSION,
        ReasonCode.FOLDER_CLOSED,
        ReasonCode.NOT_A_FILE,
        ReasonCode.GONE,
        ReasonCode.DISK_ERROR,
    }
)
# Ours: the same content is good as soon as the software is.
DEFECTS = frozenset({ReasonCode.READER_DEFECT, ReasonCode.WRITER_DEFECT})

_SENTENCES = {
    ReasonCode.UNREADABLE_FILE: "Không mở được tệp: tệp bị hỏng hoặc chưa tải lên hết. Hãy mở lại bằng Excel, lưu lại và gửi lại.",
    ReasonCode.PACKED_BY_OTHER: (
        "Tệp này là tệp nén {program}, không phải tệp biểu hay tệp .zip, dù tên tệp ghi thế nào. "
        "Hãy giải nén và gửi các tệp biểu, hoặc nén lại thành .zip rồi gửi lại."
    ),
    ReasonCode.UNSUPPORTED_FORMAT: (
        "Định dạng {format} không được hỗ trợ. Hãy lưu thành .xlsx, .xls, .ods hoặc .csv rồi gửi lại."
    ),
    ReasonCode.EMPTY_FILE: "Tệp không có dữ liệu. Hãy kiểm tra và gửi lại đúng tệp.",
    ReasonCode.PASSWORD_PROTECTED: "Tệp có đặt mật khẩu nên không đọc được. Hãy bỏ mật khẩu và gửi lại.",
    ReasonCode.NOT_A_WORKBOOK: (
        "Tệp mang tên Excel nhưng bên trong là trang web (HTML/XML). "
        "Hãy mở bằng Excel, chọn “Lưu dưới dạng” .xlsx và gửi lại."
    ),
    ReasonCode.UNSAFE_XML: (
        "Tệp chứa nội dung không an toàn (khai báo DOCTYPE/ENTITY) nên bị từ chối. "
        "Hãy chép số liệu sang một tệp mới theo mẫu rồi gửi lại."
    ),
    ReasonCode.NESTED_ARCHIVE: "Tệp nén nằm trong một tệp nén khác. Hãy giải nén và gửi các tệp biểu.",
    ReasonCode.UNPACKS_TO_TOO_MUCH: (
        "Tệp nén bung ra quá lớn nên bị từ chối. Hãy gửi từng tệp biểu, không nén."
    ),
    ReasonCode.MEMBER_UNPACKS_TO_TOO_MUCH: (
        "Tệp này trong tệp nén bung ra quá lớn nên bị từ chối; các tệp khác trong tệp nén vẫn được đọc. "
        "Hãy kiểm tra lại và gửi riêng tệp biểu này, không nén."
    ),
    ReasonCode.NO_PERMISSION: (
        "Không mở được tệp vì phần mềm không có quyền đọc. Đề nghị người quản trị cấp quyền đọc tệp này; "
        "lần nạp sau sẽ tự đọc lại, đơn vị không phải gửi lại."
    ),
    ReasonCode.FOLDER_CLOSED: (
        "Không mở được thư mục nên chưa đọc được các tệp trong đó. Đề nghị người quản trị cấp quyền đọc thư mục này; "
        "lần nạp sau sẽ tự đọc lại, đơn vị không phải gửi lại."
    ),
    ReasonCode.NOT_A_FILE: (
        "Đây không phải là tệp báo cáo mà là liên kết hỏng, liên kết đến thư mục hoặc tệp đặc biệt của hệ thống. "
        "Đề nghị chép chính tệp báo cáo vào đây."
    ),
    ReasonCode.GONE: (
        "Tệp không còn ở thư mục nhận khi phần mềm đọc đến, có thể vừa được chuyển đi hoặc đổi tên. "
        "Đề nghị kiểm tra; nếu cần thì chép lại tệp."
    ),
    ReasonCode.DISK_ERROR: (
        "Không đọc được tệp vì ổ đĩa hoặc đường truyền báo lỗi. Đề nghị người quản trị kiểm tra ổ đĩa, rồi chép lại tệp "
        "nếu lần nạp sau vẫn không đọc được."
    ),
    ReasonCode.NO_FORM_FOUND: (
        "Không tìm thấy biểu nào trong tệp: không có dòng tiêu đề cột nào khớp với các biểu mẫu. "
        "Hãy dùng đúng mẫu biểu và gửi lại."
    ),
    ReasonCode.UNIT_UNKNOWN: (
        "Không xác định được đơn vị gửi báo cáo từ tiêu đề, tên tệp hay thư mục. "
        "Hãy ghi tên xã, thị trấn ở phần đầu biểu và gửi lại."
    ),
    ReasonCode.UNIT_ELSEWHERE: (
        "Báo cáo của nơi khác: {place}, mà “{name}” không phải đơn vị thuộc {area}. "
        "Hãy sửa lại tên nếu ghi nhầm rồi gửi lại; nếu đúng là nơi đó thì gửi đến Hội LHPN cấp trên của nơi đó."
    ),
    ReasonCode.UNIT_CONTRADICTED: (
        "Tên đơn vị không thống nhất: {first} nhưng {second}. Hãy sửa cho thống nhất và gửi lại."
    ),
    ReasonCode.UNIT_AMBIGUOUS: (
        "Tên đơn vị có thể hiểu là nhiều đơn vị: {candidates}. Hãy ghi rõ đơn vị ở tiêu đề hoặc tên tệp và gửi lại."
    ),
    ReasonCode.PERIOD_UNKNOWN: (
        "Không xác định được kỳ báo cáo từ tiêu đề, tên tệp hay thư mục. "
        "Hãy ghi ví dụ “6 tháng đầu năm 2023” ở phần đầu biểu và gửi lại."
    ),
    ReasonCode.PERIOD_CONTRADICTED: (
        "Kỳ báo cáo không thống nhất: {first} nhưng {second}. Hãy sửa cho thống nhất và gửi lại."
    ),
    ReasonCode.SHEET_OF_OTHER_PERIOD: (
        "Trong tệp có trang tính của kỳ khác: {first} nhưng {second}. Hãy xóa trang tính của kỳ trước khỏi tệp rồi gửi lại; "
        "nếu trang đó là của kỳ này mà chỉ ghi nhầm kỳ thì sửa phần đầu biểu của trang."
    ),
    ReasonCode.UNIT_NOT_IN_PERIOD: "Đơn vị {unit} không hoạt động trong kỳ {period}. Hãy kiểm tra lại đơn vị và kỳ báo cáo.",
    ReasonCode.MISSING_REQUIRED_COLUMN: (
        "{form}: thiếu cột bắt buộc {columns} (dòng tiêu đề {row}){unknown}."
        " Hãy ghi tiêu đề cột như trong biểu mẫu và gửi lại."
    ),
    ReasonCode.UNKNOWN_TABLE: (
        "Trang “{sheet}” có bảng nhưng tiêu đề cột không khớp với biểu mẫu nào. Hãy dùng đúng mẫu biểu và gửi lại."
    ),
    ReasonCode.HIDDEN_SHEET: (
        "Trang “{sheet}” đang bị ẩn và là của đơn vị hoặc kỳ báo cáo khác nên không được tổng hợp. "
        "Hãy xóa trang ẩn này khỏi tệp; nếu Excel không hiện được trang ẩn thì chép các trang cần gửi sang tệp mới."
    ),
    ReasonCode.SUMMARY_SHEET: (
        "Trang “{sheet}” là trang bìa hoặc trang tổng hợp, không phải biểu mẫu, nên không được tổng hợp; "
        "số liệu được lấy từ các biểu khác trong tệp."
    ),
    ReasonCode.CORRECTED_BELOW: (
        "{form}: bảng ở trang tính “{sheet}” và bảng ở trang tính “{counted}” có các dòng giống nhau, "
        "nên chỉ tổng hợp bảng ở trang tính “{counted}”."
    ),
    ReasonCode.TABLE_OF_PLANS: (
        "{form}: bảng ở trang tính “{sheet}” là bảng kế hoạch ({place} ghi “{text}”) nên không tổng hợp. "
        "Nếu đây là kết quả đã thực hiện, đề nghị sửa lại tên bảng rồi gửi lại."
    ),
    ReasonCode.TABLE_FOR_COMPARISON: (
        "{form}: bảng ở trang tính “{sheet}” là bảng so sánh với kỳ khác ({place} ghi “{text}”) nên không tổng hợp. "
        "Nếu đây là kết quả của kỳ báo cáo, đề nghị sửa lại tên bảng rồi gửi lại."
    ),
    ReasonCode.SHEETS_REFUSED: "Một số trang không đọc được: {sheets}. Các trang còn lại đã được nhận.",
    ReasonCode.UNREADABLE_LINE: (
        "Dòng không đọc được: sai định dạng, hoặc nhiều ô hơn dòng tiêu đề cột (thường do số có dấu phẩy như 3,5 "
        "không nằm trong ngoặc kép). Hãy sửa dòng này và gửi lại."
    ),
    ReasonCode.ROW_OF_ANOTHER_UNIT: (
        "Dòng ghi tên đơn vị khác với đơn vị của biểu: {place}. "
        "Hãy đưa dòng này vào báo cáo của đơn vị đó, hoặc sửa lại tên nếu ghi nhầm, rồi gửi lại."
    ),
    ReasonCode.UNIT_LEFT_BLANK: (
        "Không rõ chỉ tiêu này giao cho đơn vị nào: {place}. "
        "Hãy ghi tên đơn vị ở từng dòng rồi gửi lại; chỉ tiêu chung của cả địa bàn thì ghi ở trên các đơn vị."
    ),
    ReasonCode.PART_OF_ROW_ABOVE: (
        "Dòng này là một phần của dòng trên nên chưa được tính, để khỏi tính hai lần: {place}. "
        "Nếu là số liệu riêng, hãy bỏ chữ “Trong đó”; nếu đã nằm trong dòng trên, hãy xóa dòng này, rồi gửi lại."
    ),
    ReasonCode.SAME_CONTENT: "Tệp có nội dung giống hệt tệp đã nhận ({first_path}); không tính lần thứ hai.",
    ReasonCode.SAME_CONTENT_WITHDRAWN: (
        "Tệp có nội dung giống hệt tệp đã bị rút ({first_path}) nên vẫn không được tính. "
        'Nếu tệp này đúng, đề nghị tính lại tệp đã rút: make take-back SUBMISSION={submission_id} WHY="…".'
    ),
    ReasonCode.READING_TOO_LONG: (
        "Đọc tệp quá lâu nên đã dừng lại. Hãy chép phần số liệu sang một tệp mới theo mẫu rồi gửi lại."
    ),
    ReasonCode.READER_LOST: (
        "Tệp quá lớn hoặc bị hỏng nên không đọc được. Hãy chép phần số liệu sang một tệp mới theo mẫu rồi gửi lại."
    ),
    ReasonCode.READER_DEFECT: (
        "Lỗi của phần mềm khi đọc tệp này, mã lỗi {fault}. Đây không phải lỗi của đơn vị. "
        "Đề nghị báo mã lỗi cho người quản trị phần mềm; tệp đã được lưu lại."
    ),
    ReasonCode.WRITER_DEFECT: (
        "Lỗi của phần mềm khi ghi số liệu của tệp này, mã lỗi {fault}; chưa dòng nào của tệp được tổng hợp. "
        "Đây không phải lỗi của đơn vị. Đề nghị báo mã lỗi cho người quản trị phần mềm; tệp đã được lưu lại."
    ),
    ReasonCode.ARCHIVE_DAMAGED: (
        "Bản lưu của tệp này bị mất hoặc bị hỏng nên không đọc lại được. Đây không phải lỗi của cơ sở. Đề nghị gửi lại tệp."
    ),
    ReasonCode.FILE_REFUSED: "Cả tệp bị từ chối: {reason}",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason with its sentence.

    Attributes:
        code: what kind of reason.
        sentence: Vietnamese, complete, with what to do.
    """

    code: ReasonCode
    sentence: str

    @classmethod
    def of(cls, code: ReasonCode, **details: object) -> "Reason":
        """Fill the sentence of a code; KeyError when a detail that it needs is missing."""
        return cls(code, _SENTENCES[code].format(**details))


def not_understood(columns: Iterable[tuple[str, str]]) -> str:
    """Name columns, by letter and header, of which nobody knows what they hold: one may be the missing one."""
    named = ", ".join(f"{letter} “{header}”" for letter, header in columns)
    return f"; chưa hiểu tiêu đề của cột {named}" if named else ""
