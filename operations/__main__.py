"""Running the warehouse: start and stop its services, see how it stands, look after people and what is kept."""

import argparse
import sys
from importlib import import_module

from ingest.home import WarehouseHome
from ingest.ownership import refuse_root
from ingest.troubles import answering_troubles

# Each has ``add_command(commands)``, which adds its sub-parsers with ``run`` set to a function from the arguments to the
# exit code. Light imports only on their first level: Airflow costs six seconds.
COMMANDS = (
    "runs.backfill",
    "services.embedded",
    "services.dashboards",
    "services.status",
    "installation.airflow_database",
    "installation.people",
    "housekeeping.cleaning",
    "installation.airflow_command",
    "backups.backup_command",
    "backups.verification",
    "backups.restoration_command",
    "housekeeping.pruning",
)
# what writes nothing into the home, and a restoration, which hands over all that it brings
OPEN_TO_ROOT = frozenset({"status", "down", "bi-down", "backup", "verify", "restore"})


@answering_troubles
def main(arguments: list[str] | None = None) -> int:
    """Run a command; gives the exit code."""
    parser = argparse.ArgumentParser(prog="python -m operations", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name in COMMANDS:
        import_module(f"operations.{name}").add_command(commands)
    chosen = parser.parse_args(arguments)
    if chosen.command not in OPEN_TO_ROOT:
        refuse_root(
            WarehouseHome.from_environment(),
            "python -m operations",
            sys.argv[1:] if arguments is None else arguments,
        )
    return int(chosen.run(chosen))


if __name__ == "__main__":
    sys.exit(main())
