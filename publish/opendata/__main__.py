"""Files to hand out, from the command line: the data package of an edition, or the figures of a half-year for DHIS2."""

import argparse
import sys
from collections import Counter

from ingest.home import WarehouseHome
from ingest.ownership import refuse_root
from ingest.text.printing import format_number
from ingest.troubles import answering_troubles
from publish.editions.choices import UnknownChoiceError, half_year_asked
from publish.editions.current import NoEditionError, require_edition
from publish.opendata.dhis2 import NotAPayloadError, PayloadFiles, write_payload
from publish.opendata.package import NoDictionaryError, PackageFiles, write_package
from publish.opendata.settings import UnknownLicenceError


@answering_troubles
def main(arguments: list[str] | None = None) -> int:
    """Write files to hand out; gives the exit code (1 where there is no edition, 2 when what is asked for there is not)."""
    asked = _parser().parse_args(arguments)
    home = WarehouseHome.from_environment()
    refuse_root(home, "python -m publish.opendata", sys.argv[1:] if arguments is None else arguments)
    try:
        edition = require_edition(home, asked.edition or None)
        if asked.command == "package":
            _tell_package(write_package(home, edition, is_tagged=asked.hxl))
        else:
            _tell_payload(write_payload(home, edition.path, half_year_asked(asked.period)))
    except (UnknownChoiceError, UnknownLicenceError, NotAPayloadError) as refused:
        print(refused, file=sys.stderr)
        return 2
    except (NoEditionError, NoDictionaryError) as trouble:
        print(trouble, file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="publish.opendata", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    package = commands.add_parser(
        "package", help="the data package of an edition: CSV, Parquet, datapackage.json"
    )
    package.add_argument(
        "--hxl", action="store_true", help="hashtags of HXL below the header of the CSV of reviews"
    )
    dhis2 = commands.add_parser(
        "dhis2", help="the figures of a half-year as a dataValueSets payload of DHIS2"
    )
    dhis2.add_argument(
        "--period", default="", help="half-year (2023H1, or in words); the newest if not given"
    )
    for command in (package, dhis2):
        command.add_argument(
            "--edition", default="", help="an edition by its name; the current one if not given"
        )
    return parser


def _tell_package(written: PackageFiles) -> None:
    print(f"Bộ số liệu để chia sẻ: {written.folder}")
    print(
        f"{format_number(written.tables)} bảng, {format_number(written.rows)} dòng,"
        f" {format_number(round(written.size_bytes / 1e6))} MB (CSV và Parquet)."
    )
    if written.left_out:
        print(f"Không đưa vào, vì nói về từng người hoặc do đơn vị tự ghi: {', '.join(written.left_out)}.")
    if written.others:
        print(
            f"Đã có bộ số liệu của bản khác: {', '.join(written.others)}. So sánh hai bộ có thể biết được số không công bố"
            " vì dưới mức tối thiểu: đề nghị chỉ gửi một bộ cho mỗi nơi nhận."
        )


def _tell_payload(written: PayloadFiles) -> None:
    values = written.payload.values
    units = {value["orgUnit"] for value in values}
    print(f"Tệp DHIS2 của kỳ {written.payload.period}: {written.json}")
    print(f"{format_number(len(values))} giá trị của {format_number(len(units))} đơn vị.")
    reasons = Counter(found.reason for found in written.payload.left_out)
    for reason, count in sorted(reasons.items()):
        print(f"Không đưa vào {format_number(count)} giá trị: {reason.value}.")
    if reasons:
        print(f"Danh sách: {written.left_out}")


if __name__ == "__main__":
    sys.exit(main())
