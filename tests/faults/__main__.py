"""``make test-faults``: break the real system while it works, let it go on, and count what was lost.

Parts are chosen by how often: ``FAULTS="--kills 20 --cuts 2 --disks 0"``; 0 leaves a part out. Cutting the power and
filling the disk mount file systems of their own and so need root.
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console

from ingest.home import PROJECT_ROOT, WarehouseHome
from tests.faults.cuts import Cuts, cut_the_power, lose_what_was_not_flushed
from tests.faults.deliveries import make_deliveries
from tests.faults.disks import fill_disks
from tests.faults.kills import kill_again_and_again, leftovers
from tests.faults.nobodys_files import load_nobodys_files
from tests.faults.outcome import Outcome, draw_table
from tests.faults.power import NoDisksError, check_disks_can_be_mounted
from tests.faults.readers import Reader
from tests.faults.reference import Reference, Tell, copy_home, make_reference
from tests.faults.services import kill_services

MOST_TROUBLES_TOLD = 80


def main(arguments: list[str] | None = None) -> int:
    """Run what was chosen; gives 0 when nothing was lost, doubled, wrong or unreadable."""
    chosen = _parser().parse_args(arguments)
    # told to end, it ends its children and takes its file systems down
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    console = Console(highlight=False)
    begun = time.monotonic()

    def tell(line: str) -> None:
        console.print(f"{time.monotonic() - begun:6.0f} s  {line}", markup=False)

    scratch: Path = chosen.folder
    scratch.mkdir(parents=True, exist_ok=True)
    deliveries = make_deliveries(scratch, chosen.deliveries)
    if chosen.cuts or chosen.losses or chosen.disks:
        try:
            check_disks_can_be_mounted(scratch)
        except NoDisksError as error:
            print(
                f"The power cannot be cut here: {error}. Leave that out with --cuts 0 --losses 0 --disks 0.",
                file=sys.stderr,
            )
            return 2
    reference = make_reference(scratch, deliveries, chosen.rounds, tell, is_built=not chosen.loads_only)
    outcomes = [Outcome("none (reference)", seconds=time.monotonic() - begun)]

    for outcome in _broken(chosen, reference, tell):
        outcomes.append(outcome)
        for trouble in outcome.troubles[:MOST_TROUBLES_TOLD]:
            tell(f"{outcome.name}: {trouble}")
    console.print(draw_table(outcomes))
    if chosen.json:
        chosen.json.write_text(
            json.dumps(_figures(outcomes, begun, chosen.seed), ensure_ascii=False, indent=2) + "\n"
        )
    shutil.rmtree(scratch / "reading", ignore_errors=True)
    return 1 if any(outcome.troubles for outcome in outcomes) else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make test-faults", description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path("/tmp/warehouse-faults"))  # noqa: S108
    parser.add_argument("--kills", type=int, default=200, help="how often a process is killed")
    parser.add_argument("--cuts", type=int, default=24, help="how often the power is cut")
    parser.add_argument(
        "--losses", type=int, default=6, help="how often with a disk that loses its write cache"
    )
    parser.add_argument(
        "--disks", type=int, default=1, help="how often each step is tried on disks that fill up"
    )
    parser.add_argument("--services", type=int, default=10, help="how often scheduler or stack are killed")
    parser.add_argument(
        "--oddities", type=int, default=1, help="0 leaves out the files that once ended a load"
    )
    parser.add_argument("--loads-only", action="store_true", help="no layers, no editions: short, for CI")
    parser.add_argument("--reads", type=int, default=100_000, help="how often the current edition is read")
    parser.add_argument("--deliveries", type=int, default=16, help="how many loads with something in them")
    parser.add_argument("--rounds", type=int, default=2, help="how many editions")
    parser.add_argument("--workers", type=int, default=2, help="machines that come back at the same time")
    parser.add_argument("--seed", type=int, default=10, help="another seed chooses other moments")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    return parser


def _broken(chosen: argparse.Namespace, reference: Reference, tell: Tell) -> Iterator[Outcome]:
    """Break what was chosen, part by part; gives what was found as soon as a part is through."""
    scratch: Path = chosen.folder
    reading = Outcome("reads of current.duckdb")
    if chosen.kills:
        home = copy_home(reference.blank, scratch / "killed")
        with Reader(home.current, reference.figures, scratch / "reading") as reader:
            killed = kill_again_and_again(home, reference, chosen.kills, chosen.seed, tell)
        killed.notes["leftovers"] = len(leftovers(home.root))
        yield killed
        reader.add_to(reading)
    if chosen.cuts:
        cuts = Cuts(chosen.cuts, chosen.workers, chosen.seed)
        cut, reader = cut_the_power(scratch, reference, cuts, tell)
        yield cut
        reader.add_to(reading)
    if chosen.losses:
        losses = Cuts(chosen.losses, chosen.workers, chosen.seed)
        yield lose_what_was_not_flushed(scratch, reference, losses, tell)
    for number in range(chosen.disks):
        yield fill_disks(scratch, reference, chosen.seed + number, tell)
    if chosen.oddities:
        yield load_nobodys_files(scratch, scratch / "corpus", tell)
    if chosen.services and not chosen.loads_only:
        yield kill_services(scratch / "services", reference, chosen.services, chosen.seed, tell)
    if not chosen.loads_only:
        _read_on(scratch, reference, reading, chosen.reads, tell)
        yield reading


def _read_on(scratch: Path, reference: Reference, reading: Outcome, reads: int, tell: Tell) -> None:
    """Read what the killed home ended with until the number asked for is reached."""
    home = WarehouseHome(scratch / "killed")
    missing = reads - reading.notes.get("reads", 0)
    if missing > 0 and home.current.exists():
        with Reader(home.current, reference.figures, scratch / "reading-on") as reader:
            reader.go_on_until(missing, tell)
        reader.add_to(reading)


def _figures(outcomes: list[Outcome], begun: float, seed: int) -> dict[str, object]:
    described = subprocess.run(
        ["git", "describe", "--always", "--dirty", "--tags"], cwd=PROJECT_ROOT, capture_output=True, text=True
    )
    return {
        "commit": described.stdout.strip(),
        "seed": seed,
        "cores": os.cpu_count(),
        "kernel": os.uname().release,
        "python": sys.version.split()[0],
        "seconds": round(time.monotonic() - begun),
        "outcomes": {outcome.name: outcome.as_json() for outcome in outcomes},
    }


if __name__ == "__main__":
    sys.exit(main())
