"""What an officer asks on the command line; answers and mistakes are told in Vietnamese."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from ingest.home import WarehouseHome
from ingest.own_commands import typed
from ingest.ownership import refuse_root
from ingest.text.printing import VIETNAM
from ingest.troubles import answering_troubles
from publish.answers.member_decisions import BY_THE_OFFICE, NotTheListError, take_decisions
from publish.answers.member_matches import DECISION_VI, NoMembersError, write_member_matches
from publish.answers.trace import print_trace, trace_figure
from publish.catalogue.documentation import write_documentation
from publish.editions.choices import UnknownChoiceError
from publish.editions.current import NoEditionError, mend_editions, require_edition
from publish.pages.writing import write_pages


@answering_troubles
def main(arguments: list[str] | None = None) -> int:
    """Answer one question; gives the exit code (2 when something was asked for that there is not)."""
    parser = argparse.ArgumentParser(prog="publish", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    trace = commands.add_parser("trace", help="the rows that a figure of the half-year review comes from")
    trace.add_argument("--unit", required=True, help="key, code or name of a unit, or of the district")
    trace.add_argument("--period", required=True, help="half-year, such as 2023H1")
    trace.add_argument("--indicator", required=True, help="code or Vietnamese name of an indicator")
    commands.add_parser("matches", help="members who may be one person, as a workbook for the office alone")
    decide = commands.add_parser("decide", help="decisions on members, read back from the list of matches")
    decide.add_argument("file", type=Path, help="the list, filled in and saved")
    decide.add_argument("--by", default=BY_THE_OFFICE, help="who has decided")
    commands.add_parser(
        "mend", help="look at all editions, mend what is broken, and say which is the current one"
    )
    commands.add_parser("docs", help="the data dictionary and dbt's site, as two pages")
    commands.add_parser("pages", help="the officer's page and the shelf of the outbox")
    asked = parser.parse_args(arguments)
    home = WarehouseHome.from_environment()
    if asked.command != "trace":
        refuse_root(home, "python -m publish", sys.argv[1:] if arguments is None else arguments)
    if asked.command == "docs":
        written = write_documentation(home)
        print(f"Từ điển dữ liệu: {written.dictionary}\nMô hình dữ liệu (dbt): {written.dbt_site}")
        return 0
    if asked.command == "pages":
        pages = write_pages(home.prepare(), datetime.now(UTC))
        print(f"Tình hình báo cáo: {pages.status}\nTất cả báo cáo và tệp: {pages.shelf}")
        return 0
    if asked.command == "mend":
        return _mend(home)
    if asked.command == "decide":
        return _decide(home, asked.file, asked.by)
    return _list_matches(home) if asked.command == "matches" else _trace(home, asked)


def _list_matches(home: WarehouseHome) -> int:
    try:
        written = write_member_matches(home)
    except NoMembersError:
        return _say_no_members(home)
    if not written.matches:
        print("Không có hội viên nào cần đối chiếu.")
        return 0
    print(
        f"{written.matches} trường hợp có thể là một người ({written.members} dòng): {written.path}\n"
        "Tệp có họ tên và số CCCD: chỉ dùng tại văn phòng, không gửi đi."
        f" Ghi quyết định vào cột “{DECISION_VI}” rồi chạy “{typed('decide', FILE='…')}”."
    )
    return 0


def _decide(home: WarehouseHome, path: Path, by: str) -> int:
    if not path.is_file():
        print(f"Không có tệp: {path}.", file=sys.stderr)
        return 2
    try:
        taken = take_decisions(path.read_bytes(), home, by, datetime.now(VIETNAM).date())
    except NoMembersError:
        return _say_no_members(home)
    except NotTheListError as mistake:
        print(mistake, file=sys.stderr)
        return 2
    print(
        f"Quyết định mới: {taken.new}; đã có từ trước: {taken.known}; nhóm chưa quyết định: {taken.undecided}."
    )
    if taken.new:
        print(f"Lần tổng hợp sau (“{typed('refresh')}”) theo các quyết định này.")
    for said in taken.not_taken:
        print(said, file=sys.stderr)
    return 1 if taken.not_taken else 0


def _say_no_members(home: WarehouseHome) -> int:
    print(
        f"Chưa có số liệu hội viên ở {home.warehouse}. Đề nghị chạy “{typed('refresh')}” trước.",
        file=sys.stderr,
    )
    return 2


def _mend(home: WarehouseHome) -> int:
    for told in mend_editions(home):
        print(told, file=sys.stderr)
    try:
        current = require_edition(home)
    except NoEditionError as trouble:
        print(trouble, file=sys.stderr)
        return 1
    print(f"Bản hiện hành: {current.edition_id}")
    return 0


def _trace(home: WarehouseHome, asked: argparse.Namespace) -> int:
    try:
        traced = trace_figure(require_edition(home).path, asked.unit, asked.period, asked.indicator)
    except (NoEditionError, UnknownChoiceError) as mistake:
        print(mistake, file=sys.stderr)
        return 2
    except duckdb.Error:
        print(f"Bản số liệu hiện hành không đọc được. Đề nghị kiểm tra: {typed('verify')}", file=sys.stderr)
        return 1
    print_trace(traced)
    return 0


if __name__ == "__main__":
    sys.exit(main())
