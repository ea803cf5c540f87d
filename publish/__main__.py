"""What an officer asks an edition on the command line; answers and mistakes are told in Vietnamese."""

import argparse
import sys

from ingest.home import WarehouseHome
from publish.review_files import UnknownChoiceError
from publish.trace import print_trace, trace_figure


def main(arguments: list[str] | None = None) -> int:
    """Answer one question; gives the exit code (2 when something was asked for that there is not)."""
    parser = argparse.ArgumentParser(prog="publish", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    trace = commands.add_parser("trace", help="the rows that a figure of the half-year review comes from")
    trace.add_argument("--unit", required=True, help="key, code or name of a unit, or of the district")
    trace.add_argument("--period", required=True, help="half-year, such as 2023H1")
    trace.add_argument("--indicator", required=True, help="code or Vietnamese name of an indicator")
    asked = parser.parse_args(arguments)
    home = WarehouseHome.from_environment()
    try:
        traced = trace_figure(home.current, asked.unit, asked.period, asked.indicator)
    except FileNotFoundError:
        print(f"Chưa có bản số liệu nào ở {home.current}: xin chạy „make refresh“ trước.", file=sys.stderr)
        return 2
    except UnknownChoiceError as mistake:
        print(mistake, file=sys.stderr)
        return 2
    print_trace(traced)
    return 0


if __name__ == "__main__":
    sys.exit(main())
