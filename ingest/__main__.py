"""Command line of ingest: load the inbox, or bring the files generated from the contracts up to date."""

import argparse
import sys
from datetime import UTC, datetime

import duckdb


def main(arguments: list[str] | None = None) -> int:
    """Run a command; gives the exit code."""
    parser = argparse.ArgumentParser(prog="python -m ingest", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("load", help="load what is new in the inbox of WAREHOUSE_HOME (default: data/)")
    contracts = commands.add_parser("contracts", help="write what dbt gets from ingest/forms/*.yml")
    contracts.add_argument(
        "--check", action="store_true", help="write nothing; fail when a generated file is stale"
    )
    chosen = parser.parse_args(arguments)
    return _load() if chosen.command == "load" else _contracts(check_only=chosen.check)


def _load() -> int:
    from ingest.home import WarehouseHome
    from ingest.loading import load_inbox

    home = WarehouseHome.from_environment()
    try:
        report = load_inbox(home, datetime.now(UTC), progress=_print_progress)
    except duckdb.IOException as error:
        print(f"Cannot open {home.warehouse}: {error}. Wait until the other run has ended, then try again.")
        return 1
    print(report.model_dump_json(indent=2))
    return 0


def _print_progress(done: int, total: int) -> None:
    print(f"{done}/{total} files", file=sys.stderr)


def _contracts(check_only: bool) -> int:
    from ingest.contract_outputs import stale_outputs, write_outputs
    from ingest.contracts import load_contracts

    contracts = load_contracts()
    if check_only:
        stale = stale_outputs(contracts)
        for path in stale:
            print(f"stale: {path}; run `make contracts`")
        return 1 if stale else 0
    for path in write_outputs(contracts):
        print(f"written: {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
