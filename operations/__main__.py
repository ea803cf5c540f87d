"""Running the warehouse: start and stop its services, see how it stands, look after people and what is kept."""

import argparse
import sys
from importlib import import_module

from ingest.troubles import answering_troubles

# Each has ``add_command(commands)``, which adds its sub-parsers with ``run`` set to a function from the arguments to the
# exit code. Light imports only on their first level: Airflow costs six seconds.
COMMANDS = (
    "backfill",
    "services",
    "status",
    "metadata",
    "people",
    "cleaning",
    "airflow_command",
    "backup",
    "verification",
    "restoration",
    "pruning",
)


@answering_troubles
def main(arguments: list[str] | None = None) -> int:
    """Run a command; gives the exit code."""
    parser = argparse.ArgumentParser(prog="python -m operations", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name in COMMANDS:
        import_module(f"operations.{name}").add_command(commands)
    chosen = parser.parse_args(arguments)
    return int(chosen.run(chosen))


if __name__ == "__main__":
    sys.exit(main())
