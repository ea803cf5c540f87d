"""The services themselves are killed while they work: the scheduler with its tasks, or everything at once.

The embedded stack runs the project's DAGs over the same deliveries. In the middle of a run the scheduler and all that it
has started are killed, and the supervisor starts it anew; or the whole session is killed, as when the machine stops, and
somebody says ``make up`` again. When the run has come to its end, the next delivery follows; at last a refresh is killed
in the same way, and its edition compared.
"""

import os
import random
import signal
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil

from ingest.home import WarehouseHome
from tests.faults.contents import differences, read_tables
from tests.faults.deliveries import drop
from tests.faults.kills import look
from tests.faults.outcome import Outcome
from tests.faults.reference import Reference, Round, Tell, copy_home
from tests.stack.running_stack import RunningStack, free_port, wait_until

OFFICER = "nghiepvu"
LONGEST_RUN = 900.0
MOST_TRIES = 3
EVERYTHING_ONE_IN = 4


def kill_schedulers(home: Path, reference: Reference, kills: int, seed: int, tell: Tell) -> Outcome:
    """Kill so often, over the deliveries of the first round and its refresh; gives what was found."""
    outcome = Outcome("kill of services")
    started = time.monotonic()
    chance = random.Random(seed)
    round_ = reference.rounds[0]
    stack = RunningStack(copy_home(reference.blank, home), free_port())
    try:
        stack.up()
        stack.api("quantri").unpause("ingest_submissions", "semiannual_refresh")
        shares = _share_out(kills, len(round_.deliveries) + 2 * bool(round_.steps))
        for delivery, times in zip(round_.deliveries, shares, strict=False):
            drop(delivery, stack.home.inbox)
            _run_and_kill(stack, "ingest_submissions", {}, times, chance, outcome)
            tell(f"services: {outcome.done.total()} of {kills} kills, delivery {delivery.number} loaded")
        if round_.steps:
            conf = {"as_of": round_.as_of.isoformat(), **_approval(stack)}
            _run_and_kill(
                stack, "semiannual_refresh", conf, sum(shares[len(round_.deliveries) :]), chance, outcome
            )
            tell(
                f"services: {outcome.done.total()} of {kills} kills, refreshed, {len(outcome.troubles)} troubles"
            )
    except (AssertionError, psutil.Error) as error:
        outcome.failed.append(f"the services: {error}")
    finally:
        stack.command("down", check=False)
    _compare(stack.home, round_, outcome)
    outcome.seconds = time.monotonic() - started
    return outcome


def _share_out(kills: int, among: int) -> list[int]:
    return [kills // among + (number < kills % among) for number in range(among)]


def _approval(stack: RunningStack) -> dict[str, Any]:
    """Let the refresh approve itself, where the DAG knows of approvals."""
    details = stack.api(OFFICER).ask("GET", "/dags/semiannual_refresh/details").json()
    return {"auto_approve": True} if "auto_approve" in (details.get("params") or {}) else {}


def _run_and_kill(
    stack: RunningStack,
    dag_id: str,
    conf: dict[str, Any],
    times: int,
    chance: random.Random,
    outcome: Outcome,
) -> None:
    """Start a run, kill so often while it goes on, and wait for its end; a run that failed is started again."""
    run_id = stack.api(OFFICER).trigger(dag_id, conf)
    usual = 20.0 if dag_id == "ingest_submissions" else 90.0
    for _ in range(times):
        time.sleep(chance.uniform(0.05, 1.0) * usual / max(1, times))
        if chance.randrange(EVERYTHING_ONE_IN) == 0:
            _kill([process.pid for process in stack.session.members()])
            outcome.done["everything"] += 1
            stack.up()
        else:
            scheduler = stack.service("scheduler")
            _kill([scheduler.pid, *(process.pid for process in scheduler.children(recursive=True))])
            outcome.done["scheduler"] += 1
            wait_until("the scheduler is started again", lambda old=scheduler: _is_another(stack, old), 120)
    for _ in range(MOST_TRIES):
        state = wait_until(f"{dag_id} ends", lambda run=run_id: _ended(stack, dag_id, run), LONGEST_RUN)
        if state == "success":
            return
        outcome.notes["runs_started_again"] = outcome.notes.get("runs_started_again", 0) + 1
        run_id = stack.api(OFFICER).trigger(dag_id, conf)
    outcome.failed.append(f"{dag_id} failed {MOST_TRIES} times after kills")


def _ended(stack: RunningStack, dag_id: str, run_id: str) -> str | None:
    with suppress(Exception):  # the API server may be starting
        state = stack.api(OFFICER).run_state(dag_id, run_id)
        return state if state in ("success", "failed") else None
    return None


def _is_another(stack: RunningStack, old: psutil.Process) -> bool:
    with suppress(psutil.Error):
        return stack.service("scheduler").pid != old.pid
    return False


def _kill(pids: list[int]) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _compare(home: WarehouseHome, round_: Round, outcome: Outcome) -> None:
    where = f"services at {datetime.now(UTC):%H:%M:%S}"
    outcome.sort_in(where, look(home))
    outcome.sort_in(where, differences(read_tables(home.warehouse, ("raw",)), round_.raw[-1]))
    if round_.steps:
        outcome.sort_in(where, differences(read_tables(home.current), round_.published))
