"""Command line of officers: load the inbox, check files without loading them, withdraw what was loaded by mistake, make
the database anew, answer branches, write blank forms, or renew the files generated from the contracts.
"""

import argparse
import getpass
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from ingest.home import WarehouseHome
from ingest.ownership import refuse_root
from ingest.troubles import answering_troubles

_WRITES_NO_HOME = ("check", "contracts")


@answering_troubles
def main(arguments: list[str] | None = None) -> int:
    """Run a command; gives the exit code."""
    parser = argparse.ArgumentParser(prog="python -m ingest", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    load = commands.add_parser(
        "load", help="load what is new in the inbox of WAREHOUSE_HOME (default: data/)"
    )
    load.add_argument(
        "--backfill",
        action="store_true",
        help="the files are old ones, known since their own date as those of the first load are",
    )
    commands.add_parser(
        "rebuild", help="make the working database anew from the archive and its journal alone"
    )
    commands.add_parser(
        "feedback", help="write what branches must correct (after a build) to outbox/feedback"
    )
    check = commands.add_parser("check", help="say what would become of files, without loading anything")
    check.add_argument("files", nargs="+", type=Path, help="the files")
    check.add_argument(
        "--answer", type=Path, help="folder for the answer workbooks (none are written without it)"
    )
    contracts = commands.add_parser("contracts", help="write what dbt gets from ingest/contracts/forms/*.yml")
    contracts.add_argument(
        "--check", action="store_true", help="write nothing; fail when a generated file is stale"
    )
    templates = commands.add_parser("templates", help="write the blank workbooks that units fill in")
    templates.add_argument("--into", type=Path, help="folder (default: outbox/templates of WAREHOUSE_HOME)")
    templates.add_argument(
        "--unit", default="", help="key of one unit, as in units.csv; all that are asked when blank"
    )
    templates.add_argument(
        "--period",
        default="",
        help="half-year, in words or as 2023H1; the one whose cut-off comes next when blank",
    )
    for name, help_text in (
        ("withdraw", "let a file that was loaded by mistake count nowhere; without SUBMISSION: list files"),
        ("take-back", "let a withdrawn file count again; without SUBMISSION: list what is withdrawn"),
    ):
        decision = commands.add_parser(name, help=help_text)
        decision.add_argument(
            "submission", nargs="?", default="", help="id of a submission, or path or name of its file"
        )
        decision.add_argument("--why", default="", help="the reason, which is kept")
        decision.add_argument("--by", default="", help="who decided (default: the user of this computer)")
    chosen = parser.parse_args(arguments)
    if chosen.command not in _WRITES_NO_HOME:
        refuse_root(
            WarehouseHome.from_environment(),
            "python -m ingest",
            sys.argv[1:] if arguments is None else arguments,
        )
    if chosen.command == "rebuild":
        from ingest.upkeep.rebuild_command import run

        return run()
    if chosen.command in ("withdraw", "take-back"):
        is_withdrawn = chosen.command == "withdraw"
        return _decide(chosen.submission.strip(), is_withdrawn, chosen.why.strip(), chosen.by.strip())
    if chosen.command == "check":
        return _check(chosen.files, chosen.answer)
    if chosen.command == "feedback":
        return _feedback()
    if chosen.command == "templates":
        return _templates(chosen.into, chosen.unit, chosen.period)
    return (
        _load(is_backfill=chosen.backfill)
        if chosen.command == "load"
        else _contracts(check_only=chosen.check)
    )


def _load(*, is_backfill: bool) -> int:
    from ingest.inbox.settling import AT_THE_TERMINAL
    from ingest.loading.load import Intake, load_inbox

    home = WarehouseHome.from_environment()
    report = load_inbox(
        home, datetime.now(UTC), progress=_print_progress, intake=Intake(AT_THE_TERMINAL, is_backfill)
    )
    print(report.model_dump_json(indent=2))
    _tell_on_pages(home)
    return 0


def _tell_on_pages(home: WarehouseHome) -> None:
    """Let the officer's pages say what came; what keeps them from being written is told and fails nothing."""
    from publish.pages.writing import write_pages

    try:
        write_pages(home, datetime.now(UTC))
    # the load is done, whatever is wrong with a page
    except Exception as error:
        print(f"Chưa lập lại được trang tình hình báo cáo (make pages): {error}", file=sys.stderr)


def _check(files: list[Path], answers: Path | None) -> int:
    from publish.feedback.check_report import report_of
    from publish.feedback.checking import check_files

    missing = [path for path in files if not path.is_file()]
    if missing:
        print(f"Không có tệp: {', '.join(map(str, missing))}.", file=sys.stderr)
        return 2
    check = check_files(files, WarehouseHome.from_environment(), datetime.now(UTC), answers)
    print("\n".join(report_of(check)))
    return 0


def _feedback() -> int:
    from ingest.own_commands import typed
    from publish.feedback.findings.answers import NotBuiltError
    from publish.feedback.outbox import write_feedback

    home = WarehouseHome.from_environment()
    try:
        report = write_feedback(home)
    except NotBuiltError:
        print(f"Số liệu chưa được tổng hợp. Đề nghị chạy “{typed('refresh')}” trước.", file=sys.stderr)
        return 1
    print(report.model_dump_json(indent=2))
    _tell_on_pages(home)
    return 0


def _decide(asked: str, is_withdrawn: bool, why: str, by: str) -> int:
    from ingest.contracts.reference import load_reference
    from ingest.upkeep.received_files import UndecidedError, newest_files
    from ingest.upkeep.withdrawal import Decision, decide
    from ingest.upkeep.withdrawal_answer import answer, listing, refusal

    home, reference = WarehouseHome.from_environment(), load_reference()
    try:
        if not asked:
            files = newest_files(home, is_withdrawn=not is_withdrawn)
            print(listing(files, reference, is_withdrawn=not is_withdrawn))
            return 2 if why else 0
        if not why:
            print('Chưa có lý do. Đề nghị ghi lý do: WHY="…" (hoặc --why "…").', file=sys.stderr)
            return 2
        decision = Decision(is_withdrawn, decided_at=datetime.now(UTC), decided_by=by or _user(), why=why)
        decided = decide(home, asked, decision)
    except UndecidedError as error:
        print(refusal(error, reference), file=sys.stderr)
        return 2
    print(answer(decided, reference))
    return 0


def _user() -> str:
    """Name the user of this computer; a container may run under a number that has no name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid {os.getuid()}"


def _print_progress(done: int, total: int) -> None:
    print(f"{done}/{total} files", file=sys.stderr)


def _contracts(check_only: bool) -> int:
    from ingest.contracts.forms import load_contracts
    from ingest.upkeep.generated import stale_outputs, write_outputs

    contracts = load_contracts()
    if check_only:
        stale = stale_outputs(contracts)
        for path in stale:
            print(f"stale: {path}; run `make contracts`")
        return 1 if stale else 0
    for path in write_outputs(contracts):
        print(f"written: {path}")
    return 0


def _templates(into: Path | None, unit_key: str, period: str) -> int:
    from ingest.attribution.evidence.period_spellings import half_year_meant
    from ingest.contracts.reference import load_reference
    from publish.templates.addressees import UnknownChoiceError, next_due
    from publish.templates.issuing import write_templates

    into = into or WarehouseHome.from_environment().outbox / "templates"
    try:
        reference = load_reference()
        period_code = half_year_meant(period, reference.periods, reference) if period else None
        period_code = period_code or period or next_due(datetime.now(ZoneInfo("Asia/Ho_Chi_Minh")).date())
        issued = write_templates(into, period_code, unit_key or None)
    except UnknownChoiceError as error:
        print(f"Không lập được biểu mẫu. {error}")
        return 1
    for path in issued.paths:
        print(f"Đã lập: {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
