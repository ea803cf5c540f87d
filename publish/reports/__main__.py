"""Written reports from the command line: the half-year's, or the review of a programme over any window."""

import argparse
import sys
from dataclasses import replace

from build.reference import leading_programme, programme_labels
from ingest.home import WarehouseHome
from ingest.ownership import refuse_root
from ingest.troubles import answering_troubles
from publish.editions.choices import UnknownChoiceError, half_year_asked
from publish.editions.current import NoEditionError, require_edition
from publish.reports.figures.lines import Window
from publish.reports.settings import TemplateTroubleError, UnknownSettingError
from publish.reports.writing import ReportFiles, report_half_year, report_programme, window_of

TODAY = "today"
MAPS = ("", "time", TODAY)


@answering_troubles
def main(arguments: list[str] | None = None) -> int:
    """Write one review; gives the exit code (2 when something was asked for that there is not)."""
    asked = _parser().parse_args(arguments)
    home = WarehouseHome.from_environment()
    refuse_root(home, "python -m publish.reports", sys.argv[1:] if arguments is None else arguments)
    try:
        edition = require_edition(home, asked.edition or None).path
        if asked.command == "half-year":
            written = report_half_year(edition, half_year_asked(asked.period), home, _tell)
        else:
            written = report_programme(edition, _window(asked), home, _tell)
    except (UnknownChoiceError, UnknownSettingError, TemplateTroubleError) as refused:
        print(refused, file=sys.stderr)
        return 2
    except NoEditionError as trouble:
        print(trouble, file=sys.stderr)
        return 1
    _tell_files(written)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="publish.reports", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    half_year = commands.add_parser("half-year", help="the half-year report")
    half_year.add_argument(
        "--period", default="", help="half-year (2023H1, or in words); the newest if not given"
    )
    programme = commands.add_parser("programme", help="the review of a programme")
    programme.add_argument(
        "--programme", default="", help="code of the programme; the closing one if not given"
    )
    programme.add_argument(
        "--from", dest="first", default="", help="first half-year; that of its window if not given"
    )
    programme.add_argument(
        "--to", dest="last", default="", help="last half-year; that of its window if not given"
    )
    programme.add_argument("--map", default="", help="units of the time (time), or of today (today)")
    for command in (half_year, programme):
        command.add_argument(
            "--edition", default="", help="an edition by its name; the current one if not given"
        )
    return parser


def _window(asked: argparse.Namespace) -> Window:
    if asked.map not in MAPS:
        raise UnknownChoiceError(
            f"MAP ghi “{asked.map}”. Đề nghị ghi {TODAY} (theo đơn vị hiện nay), hoặc để trống (theo đơn vị của thời kỳ đó)."
        )
    named = asked.programme.strip() or leading_programme()
    programme = next(
        (code for code, label in programme_labels().items() if named.casefold() == label.casefold()), named
    )
    window = window_of(programme, half_year_asked(asked.first) or "", half_year_asked(asked.last) or "")
    return replace(window, is_of_today=asked.map == TODAY)


def _tell(told: str) -> None:
    print(told, file=sys.stderr)


def _tell_files(written: ReportFiles) -> None:
    print(f"Báo cáo Word: {written.word}")
    print(f"Bảng Excel: {written.workbook}")
    print(f"Trang để xem: {written.page}")
    print(f"Bản in PDF: {written.pdf or f'không có ({written.why_no_pdf})'}")


if __name__ == "__main__":
    sys.exit(main())
