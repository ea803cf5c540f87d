"""Why a file, a sheet, a table or a row was refused: codes, and the words that a branch officer reads.

Each reason says what is wrong and where, and what to do, in Vietnamese: ``vocabulary/reasons.yml`` holds the words.
Reasons on single values are dbt's (seed ``quarantine_reasons``); these are the ones that reading itself can give.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Literal

import yaml

from ingest.home import VOCABULARY

Verdict = Literal["accepted", "partial", "rejected", "duplicate", "container"]
VERDICTS_VI: Mapping[str, str] = {
    "accepted": "đã tiếp nhận",
    "partial": "tiếp nhận một phần",
    "rejected": "chưa tiếp nhận",
    "duplicate": "trùng",
    "container": "tệp nén",
}


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
    UNIT_MERGED = "unit_merged"
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


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason with its words.

    Attributes:
        code: what kind of reason.
        wrong: what is wrong and where; Vietnamese, complete.
        advice: what to do about it; ``""`` where nothing need be done.
    """

    code: ReasonCode
    wrong: str
    advice: str = ""

    @classmethod
    def of(cls, code: ReasonCode, **details: object) -> "Reason":
        """Fill in the message of a code; KeyError when a detail that it needs is missing."""
        message = load_messages()[code]
        return cls(code, message["wrong"].format(**details), message.get("advice", "").format(**details))

    @classmethod
    def of_whole_file(cls, reason: "Reason") -> "Reason":
        """Give the reason of rows that are left out because their file is refused for another one."""
        return cls.of(ReasonCode.FILE_REFUSED, wrong=reason.wrong, advice=reason.advice)

    @property
    def sentence(self) -> str:
        """What is wrong and what to do, one behind the other."""
        return f"{self.wrong} {self.advice}".rstrip()


@cache
def load_messages() -> Mapping[ReasonCode, Mapping[str, str]]:
    """Read ``vocabulary/reasons.yml``: to each code ``wrong`` and, where there is something to do, ``advice``.

    Raises:
        ValueError: a code that nobody knows.
    """
    told: Mapping[str, Mapping[str, str]] = yaml.safe_load(
        (VOCABULARY / "reasons.yml").read_text(encoding="utf-8")
    )
    return {ReasonCode(code): message for code, message in told.items()}


def unheaded(letter: str) -> str:
    """Name a column that holds values and has no header, to keep its cells under."""
    return f"cột {letter}"


def header_vi(letter: str, header: str) -> str:
    """Quote a header; nobody wrote the name that a column without one is given."""
    return "(không có tiêu đề)" if header == unheaded(letter) else f"“{header}”"


def not_understood(columns: Iterable[tuple[str, str]]) -> str:
    """Name columns, by letter and header, of which nobody knows what they hold: one may be the missing one."""
    named = ", ".join(f"{letter} {header_vi(letter, header)}" for letter, header in columns)
    return f"; chưa hiểu tiêu đề của cột {named}" if named else ""
