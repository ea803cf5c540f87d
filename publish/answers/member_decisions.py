"""Decisions on members, read back from the list that the office has filled in (``member_matches``).

A decision is a row of the seed ``member_match_decisions``, which the next refresh follows: two keys, the same woman or
two. What stood there stays, word for word; new rows are put behind it in one rename. What is not understood, contradicts
itself or what was decided before, or names a line that is no longer there is said and not taken.
"""

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Literal

import duckdb

from ingest.database import open_read_only
from ingest.durable import write_file
from ingest.home import SEEDS, WarehouseHome
from ingest.reading.submission import open_sheets
from ingest.text.cells import Cell, cell_text
from ingest.text.folding import fold, words
from ingest.text.printing import day_vi
from ingest.workbooks.grids import UnreadableFileError
from publish.answers.member_matches import (
    COLUMNS,
    DECISION_VI,
    DIFFERENT_VI,
    GROUP_VI,
    KEY_VI,
    REASON_VI,
    SAME_VI,
    NoMembersError,
    short_key,
)

DECISIONS = SEEDS / "member_match_decisions.csv"
FIELDS = ("first_key", "second_key", "decision", "decided_by", "decided_on", "reason")
BY_THE_OFFICE = "Văn phòng"
FROM_THE_LIST = "Đối chiếu theo danh sách"
_FILE_MODE = 0o644
_NAME_VI = "Họ và tên"
_SAME = frozenset(
    {"cung mot nguoi", "cung nguoi", "cung 1 nguoi", "mot nguoi", "la mot nguoi", "giong", "trung"}
)
_DIFFERENT = frozenset({"khac nguoi", "khac", "hai nguoi", "hai nguoi khac nhau", "nguoi khac", "khac nhau"})
_PERSON = re.compile(r"(?:nguoi )?(?:so )?(\d{1,2})(?: 0)?")  # a figure alone may come as 2.0
_LONG_NUMBER = re.compile(r"\d{9}")
_FIRST_PERSON = "1"

Kind = Literal["same", "different"]


class NotTheListError(ValueError):
    """A file that is no list of members to match; the text says what is asked for."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided of two keys."""

    first_key: str
    second_key: str
    kind: Kind
    decided_by: str
    decided_on: date
    reason: str

    @property
    def pair(self) -> frozenset[str]:
        """The two keys, in no order."""
        return frozenset((self.first_key, self.second_key))


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a list.

    Attributes:
        new, known: decisions that were written, and those that stood there before.
        undecided: groups of which nothing was decided.
        not_taken: what was not taken, each with why and what to do, in Vietnamese.
    """

    new: int
    known: int
    undecided: int
    not_taken: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the list; ``person`` is which woman of its group it is, None where that was not decided."""

    row: int
    key: str
    person: str | None
    reason: str


def take_decisions(
    content: bytes, home: WarehouseHome, by: str, on: date, decisions: Path | None = None
) -> Taken:
    """Read the decisions of a filled-in list and put the new ones into the seed.

    Args:
        content: the list, a workbook in any format that ingest reads.
        home: whose members the keys are of.
        by: who has decided; no name of a member.
        on: the day of the decision; from then on it is followed.
        decisions: the seed; that of the project when not given.

    Raises:
        NotTheListError: the file is no such list.
        NoMembersError: nothing has been built from which members could be matched.
    """
    decisions = decisions or DECISIONS
    groups, not_taken = _groups(content)
    keys = _mention_keys(home)
    before = list(_read(decisions))
    kept, known = list(before), 0
    undecided = 0
    for group, lines in groups.items():
        told, troubles = _decided(group, lines, keys, (by, on))
        not_taken += troubles
        if not told and not troubles:
            undecided += 1
        standing = {decision.pair: decision.kind for decision in kept}
        new = [decision for decision in told if standing.get(decision.pair) != decision.kind]
        if contradicted := _contradicted([*kept, *new]):
            not_taken.append(_contradiction(group, contradicted, before))
            continue
        known += len(told) - len(new)
        kept += new
    if len(kept) > len(before):
        _append(decisions, kept[len(before) :])
    return Taken(len(kept) - len(before), known, undecided, tuple(not_taken))


def _groups(content: bytes) -> tuple[dict[str, list[_Line]], list[str]]:
    """Read the lines of a list by group, and say which decisions are not understood."""
    columns, rows = _table(content)
    groups: defaultdict[str, list[_Line]] = defaultdict(list)
    names: defaultdict[str, set[str]] = defaultdict(set)
    not_taken = []
    for number, row in rows:
        told = {name: cell_text(row[index]).strip() for name, index in columns.items() if index < len(row)}
        if not told.get(KEY_VI):
            continue
        group = told[GROUP_VI].removesuffix(".0")
        written = told[DECISION_VI]
        person = _person(written, number)
        if written and person is None:
            not_taken.append(
                f"Nhóm {group}, dòng {number}: chưa hiểu quyết định “{written}”. Đề nghị chọn “{SAME_VI}” hoặc"
                f" “{DIFFERENT_VI}”; chưa rõ thì để trống."
            )
        names[group].add(fold(told.get(_NAME_VI, "")))
        groups[group].append(_Line(number, told[KEY_VI], person, told.get(REASON_VI, "")))
    for group, lines in groups.items():
        reasons = " ".join(line.reason for line in lines)
        if _LONG_NUMBER.search(reasons) or any(name and name in fold(reasons) for name in names[group]):
            not_taken.append(
                f"Nhóm {group}: cột {REASON_VI} ghi họ tên hoặc số CCCD. Đề nghị chỉ ghi căn cứ, rồi làm lại."
            )
            groups[group] = []
    return {group: lines for group, lines in groups.items() if lines}, not_taken


def _table(content: bytes) -> tuple[dict[str, int], Iterator[tuple[int, Sequence[Cell]]]]:
    asked = {fold(heading): heading for heading, _ in COLUMNS}
    try:
        sheets = open_sheets(content)
    except UnreadableFileError as trouble:
        raise NotTheListError("Tệp không mở được. Đề nghị lưu lại ở dạng Excel (.xlsx).") from trouble
    for sheet in sheets:
        for number, row in enumerate(sheet.rows, start=1):
            columns = {
                asked[fold(text)]: index
                for index, cell in enumerate(row)
                if fold(text := cell_text(cell)) in asked
            }
            if {GROUP_VI, KEY_VI, DECISION_VI} <= columns.keys():
                return columns, iter(enumerate(sheet.rows[number:], start=number + 1))
    raise NotTheListError(
        f"Tệp không phải danh sách hội viên cần đối chiếu: không có các cột {GROUP_VI}, {KEY_VI}, {DECISION_VI}."
    )


def _person(written: str, row: int) -> str | None:
    """Give which woman of the group a decision means; who is nobody else is a woman of her row's own."""
    said = " ".join(words(written))
    if said in _SAME:
        return _FIRST_PERSON
    if said in _DIFFERENT:
        return f"row {row}"
    numbered = _PERSON.fullmatch(said)
    return str(int(numbered[1])) if numbered else None


def _mention_keys(home: WarehouseHome) -> dict[str, list[str]]:
    """Give the keys that members bear now, by the short ones of the list."""
    if not home.warehouse.exists():
        raise NoMembersError(home.warehouse)
    with open_read_only(home.warehouse) as connection:
        try:
            found = connection.execute(
                "select distinct mention_key from intermediate.int_member_mentions"
            ).fetchall()
        except duckdb.CatalogException as missing:
            raise NoMembersError(home.warehouse) from missing
    keys: defaultdict[str, list[str]] = defaultdict(list)
    for (key,) in found:
        keys[short_key(str(key))].append(str(key))
    return keys


def _decided(
    group: str, lines: Sequence[_Line], keys: Mapping[str, list[str]], who_and_when: tuple[str, date]
) -> tuple[list[Decision], list[str]]:
    """Give what a group says of its lines, two by two, and what of it cannot be taken."""
    if sum(line.person is not None for line in lines) < 2:
        return [], []  # the first line is person 1 before anybody decides
    troubles: list[str] = []
    persons: dict[str, str] = {}
    for line in lines:
        whole = keys.get(line.key, [])
        if len(whole) == 1:
            if line.person is not None:
                persons[whole[0]] = line.person
        elif line.person is not None:
            troubles.append(
                f"Nhóm {group}, dòng {line.row}: mã {line.key} không còn trong số liệu (báo cáo đã được gửi lại hoặc"
                " hội viên đã được xóa). Đề nghị lập danh sách mới rồi quyết định lại."
            )
    by, on = who_and_when
    reason = next((line.reason for line in lines if line.reason), FROM_THE_LIST)
    decided: list[Decision] = []
    first_keys: dict[str, str] = {}
    for key, person in persons.items():
        first_key = first_keys.setdefault(person, key)
        if first_key != key:
            decided.append(Decision(first_key, key, "same", by, on, reason))
    pairs = combinations(first_keys.values(), 2)
    decided += [Decision(one, other, "different", by, on, reason) for one, other in pairs]
    return decided, troubles


def _contradicted(decisions: Sequence[Decision]) -> Decision | None:
    """Find two women who are one by way of other decisions."""
    leader: dict[str, str] = {}

    def who(key: str) -> str:
        while (upper := leader.get(key, key)) != key:
            key = upper
        return key

    for decision in decisions:
        if decision.kind == "same":
            leader[who(decision.second_key)] = who(decision.first_key)
    return next(
        (
            decision
            for decision in reversed(decisions)
            if decision.kind == "different" and who(decision.first_key) == who(decision.second_key)
        ),
        None,
    )


def _contradiction(group: str, contradicted: Decision, before: Sequence[Decision]) -> str:
    earlier = next((decision for decision in before if decision.pair == contradicted.pair), None)
    when = f" ngày {day_vi(earlier.decided_on)}" if earlier else ""
    return (
        f"Nhóm {group}: không thống nhất với quyết định khác{when} về cùng những người này; quyết định trước được giữ"
        " nguyên. Đề nghị xem lại cả hai."
    )


def _read(decisions: Path) -> Iterator[Decision]:
    with decisions.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield _from_row(row)


def _from_row(row: Mapping[str, str]) -> Decision:
    kind: Kind = "same" if row["decision"] == "same" else "different"
    on = date.fromisoformat(row["decided_on"])
    return Decision(row["first_key"], row["second_key"], kind, row["decided_by"], on, row["reason"])


def _append(decisions: Path, new: Iterable[Decision]) -> None:
    stood = decisions.read_text(encoding="utf-8")
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    for told in new:
        day = told.decided_on.isoformat()
        writer.writerow((told.first_key, told.second_key, told.kind, told.decided_by, day, told.reason))
    whole = stood + ("" if stood.endswith("\n") else "\n") + lines.getvalue()
    write_file(decisions, whole.encode(), _FILE_MODE)
