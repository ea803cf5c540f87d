"""The services themselves are killed while they work: the scheduler with its tasks, or everything at once.

The embedded stack runs the project's DAGs over the same deliveries, which it takes from the inbox by itself. In the middle
of a run the scheduler and all that it has started are killed, and the supervisor starts it anew; or the whole session is
killed, as when the machine stops, and somebody says ``make up`` again. At last a refresh is killed in the same way and
approved through the API, and its edition compared with the reference.
"""

import os
import random
import signal
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import duckdb
import httpx
import psutil

from ingest.database import open_read_only
from ingest.home import WarehouseHome
from ingest.troubles import WarehouseTroubleError
from tests.faults.contents import differences, read_tables
from tests.faults.deliveries import drop
from tests.faults.kills import look
from tests.faults.outcome import Outcome
from tests.faults.reference import Reference, Round, Tell, copy_home
from tests.stack.running_stack import SCHEDULER_HEARS_SECONDS, RunningStack, free_port, wait_until

ADMINISTRATOR, OFFICER, APPROVER = "quantri", "nghiepvu", "duyet"
INGEST, REFRESH = "ingest_submissions", "semiannual_refresh"
LONGEST_WAIT = 1_800.0
MOST_TRIES = 3
EVERYTHING_ONE_IN = 4
PORTIONS = (1, 3)  # deliveries that arrive together; the rest of the round comes last
# files that arrive together are numbered as they come, which is not how the reference had them
_IN_OTHER_ORDER = frozenset({"submission_order", "arrival_order"})


def kill_services(home: Path, reference: Reference, kills: int, seed: int, tell: Tell) -> Outcome:
    """Kill so often, over the deliveries of the first round and its refresh; gives what was found."""
    outcome = Outcome("kill of services")
    started = time.monotonic()
    round_ = reference.rounds[0]
    stack = RunningStack(copy_home(reference.blank, home), free_port())
    campaign = _Campaign(stack, random.Random(seed), outcome)
    times = [kills // 4 + (number < kills % 4) for number in range(4)]
    try:
        stack.up()
        campaign.unpause()
        received = 0
        first, second = PORTIONS
        portions = (slice(0, first), slice(first, first + second), slice(first + second, None))
        for portion, often in zip(portions, times, strict=False):
            for delivery in round_.deliveries[portion]:
                drop(delivery, stack.home.inbox)
            received += len(round_.deliveries[portion])
            wanted = round_.raw[received - 1]["raw.receipts"].rows
            campaign.kill(often, over=60.0)
            wait_until("the files are loaded", lambda rows=wanted: campaign.has_received(rows), LONGEST_WAIT)
            tell(f"services: {outcome.done.total()} of {kills} kills, {received} deliveries loaded")
        campaign.refresh(round_, times[-1])
        tell(
            f"services: {outcome.done.total()} of {kills} kills, refreshed, {len(outcome.troubles)} troubles"
        )
    except (AssertionError, psutil.Error, httpx.HTTPError) as error:
        outcome.failed.append(f"the services: {str(error)[-600:]}")
    finally:
        stack.command("down", check=False)
    _compare(stack.home, round_, outcome)
    outcome.seconds = time.monotonic() - started
    return outcome


class _Campaign:
    """What is done to one stack."""

    def __init__(self, stack: RunningStack, chance: random.Random, outcome: Outcome) -> None:
        self._stack = stack
        self._chance = chance
        self._outcome = outcome

    def unpause(self) -> None:
        api = self._stack.api(ADMINISTRATOR)
        for dag_id in (INGEST, REFRESH):
            wait_until(
                f"{dag_id} is read", lambda dag=dag_id: api.ask("GET", f"/dags/{dag}").status_code == 200, 300
            )
        api.unpause(INGEST, REFRESH)

    def has_received(self, rows: int) -> bool:
        """Tell whether all that was dropped has a receipt; a database that is being written is asked again."""
        with (
            suppress(duckdb.Error, WarehouseTroubleError),
            open_read_only(self._stack.home.warehouse) as connection,
        ):
            counted = connection.execute("select count(*) from raw.receipts").fetchone()
            return counted is not None and counted[0] >= rows
        return False

    def kill(self, times: int, over: float) -> None:
        """Kill so often within so many seconds."""
        for _ in range(times):
            time.sleep(self._chance.uniform(0.05, 1.0) * over / max(1, times))
            if self._chance.randrange(EVERYTHING_ONE_IN) == 0:
                _kill([process.pid for process in self._stack.session.members()])
                self._outcome.done["everything"] += 1
                self._stack.up()
            else:
                old = self._stack.service("scheduler")
                _kill([old.pid, *(process.pid for process in old.children(recursive=True))])
                self._outcome.done["scheduler"] += 1
                wait_until("the scheduler is started again", lambda old=old: self._is_another(old), 180)

    def refresh(self, round_: Round, times: int) -> None:
        """Start a refresh, kill, approve, and wait for its end; one that failed is started again, as a person would."""
        conf = {"as_of": round_.as_of.isoformat(), "period": "newest"}
        for number in range(MOST_TRIES):
            run_id = self._stack.api(OFFICER).trigger(REFRESH, conf)
            if number == 0:
                self.kill(times, over=90.0)
            state = wait_until("the refresh ends", lambda run=run_id: self._ended(run), LONGEST_WAIT)
            if state == "success":
                return
            self._outcome.notes["runs_started_again"] = number + 1
        self._outcome.failed.append(f"{REFRESH} failed {MOST_TRIES} times after kills")

    def _ended(self, run_id: str) -> str | None:
        """Give the state of a run that has ended; approves what waits for approval."""
        # the API server may be starting
        with suppress(httpx.HTTPError, AssertionError, KeyError):
            approver = self._stack.api(APPROVER)
            if approver.waiting_approvals(REFRESH, run_id):
                time.sleep(SCHEDULER_HEARS_SECONDS)
                path = f"/dags/{REFRESH}/dagRuns/{run_id}/taskInstances/approve_edition/-1/hitlDetails"
                body: dict[str, Any] = {"chosen_options": ["Phê duyệt"], "params_input": {"note": "đã xem"}}
                approver.ask("PATCH", path, body)
            state = approver.run_state(REFRESH, run_id)
            return state if state in ("success", "failed") else None
        return None

    def _is_another(self, old: psutil.Process) -> bool:
        with suppress(psutil.Error):
            return self._stack.service("scheduler").pid != old.pid
        return False


def _kill(pids: list[int]) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _compare(home: WarehouseHome, round_: Round, outcome: Outcome) -> None:
    loaded = round_.states["staging"] / home.warehouse.name
    try:
        found = differences(
            read_tables(home.warehouse, ("raw",), _IN_OTHER_ORDER),
            read_tables(loaded, ("raw",), _IN_OTHER_ORDER),
        )
        # what was issued and decided since is compared by the edition
        outcome.sort_in(
            "services", [line for line in found if not line.startswith(("raw.issued", "raw.refresh"))]
        )
        outcome.sort_in("services", differences(read_tables(home.current), round_.published))
    except duckdb.Error as error:
        outcome.wrong.append(f"services: cannot be read at the end: {error}")
    outcome.sort_in("services", look(home))
