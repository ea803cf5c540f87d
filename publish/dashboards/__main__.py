"""``python -m publish.dashboards``: write what Superset imports, or tell with ``--check`` whether it is stale."""

import argparse
import sys

from publish.dashboards.bundle import stale_files, write_bundle


def main(arguments: list[str] | None = None) -> int:
    """Write the bundle, or tell with ``--check`` what of it is stale; gives the exit code."""
    parser = argparse.ArgumentParser(prog="python -m publish.dashboards", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail when a file is stale")
    if not parser.parse_args(arguments).check:
        write_bundle()
        return 0
    stale = stale_files()
    for path in stale:
        print(f"stale: bi/bundle/{path}; run `make contracts`", file=sys.stderr)
    return int(bool(stale))


if __name__ == "__main__":
    sys.exit(main())
