"""The process that owns the four services: starts them, starts anew what has died, and ends them in order.

The four share its session and its process group, so that nothing is left when it is asked, or found, to be gone. (Of the
libraries for this, supervisor gives each child a process group of its own and no account of what a killed child leaves
behind; honcho ends all when one dies; circus brings a message broker.)
"""

import fcntl
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import FrameType
from typing import IO

import psutil

from ingest.durable import write_file
from operations.installation.airflow_home import LOOPBACK
from operations.services.health import Health, ask_health
from operations.services.session import ServiceSession, end_processes

LOG_BYTES = 5_000_000
LOG_FILES = 3
LOOK_SECONDS = 0.5
FIRST_DELAY_SECONDS = 1.0
LONGEST_DELAY_SECONDS = 60.0
# one that has run for so long had started well; should it die, it is started again at once
WELL_AFTER_SECONDS = 120.0
# how long tasks that run get to their end when the services are stopped
TASK_GRACE_SECONDS = 120.0
SERVICE_GRACE_SECONDS = 15.0
# How often it is asked whether they are well, and how long one may live without being so: it hangs, and is ended.
ASK_HEALTH_SECONDS = 60.0
HUNG_AFTER_SECONDS = 900.0
SESSION_FILE = "session.json"
LOCK_FILE = "lock"


class AlreadySupervisedError(RuntimeError):
    """Another supervisor owns the services of this warehouse."""


@dataclass(slots=True)
class Service:
    """One of the four.

    Attributes:
        name: Airflow's command.
        arguments: what follows it.
        process: the living or last process; None before the first start.
        starts_at: monotonic time of the next start, while none is running.
        started_at: monotonic time of the last one.
        delay: seconds to wait should it die young once more.
        well_at: monotonic time when it was last seen to be well.
    """

    name: str
    arguments: tuple[str, ...] = ()
    process: "subprocess.Popen[bytes] | None" = None
    starts_at: float = 0.0
    started_at: float = 0.0
    delay: float = FIRST_DELAY_SECONDS
    well_at: float = 0.0

    def is_hung(self, now: float) -> bool:
        """Say whether it lives and has not been well for a quarter of an hour."""
        return self.process is not None and now - max(self.well_at, self.started_at) > HUNG_AFTER_SECONDS

    def note_end(self, now: float) -> float:
        """Plan the next start after this one's end; gives the seconds until then, which double while it dies young."""
        wait = FIRST_DELAY_SECONDS if now - self.started_at >= WELL_AFTER_SECONDS else self.delay
        self.delay = min(wait * 2, LONGEST_DELAY_SECONDS)
        self.starts_at = now + wait
        return wait


def declare_services() -> list[Service]:
    """Give the four services, in the order in which they are started.

    Neither serves logs: all of them lie in one folder, and Airflow's log servers listen on every address.
    """
    return [
        Service("api-server", ("--proxy-headers",)),
        Service("scheduler", ("--skip-serve-logs",)),
        Service("dag-processor"),
        Service("triggerer", ("--skip-serve-logs",)),
    ]


@dataclass(slots=True)
class Supervisor:
    """Owns the services of one warehouse until it is told to stop.

    Attributes:
        folder: where it keeps who it is, and what the services say.
        port: where the API server listens; only noted here.
        services: those that it owns.
    """

    folder: Path
    port: int
    services: list[Service] = field(default_factory=declare_services)
    is_stopping: bool = False
    asked_at: float = 0.0

    def run(self) -> None:
        """Own the services until SIGTERM or SIGINT.

        Raises:
            AlreadySupervisedError: another supervisor does.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        # held as long as this process lives, and by nobody else: children do not inherit it
        with (self.folder / LOCK_FILE).open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise AlreadySupervisedError(str(self.folder)) from error
            session = ServiceSession.of_this_process(self.port)
            write_file(self.folder / SESSION_FILE, session.model_dump_json().encode(), mode=0o644)
            log = rotating_log(self.folder, "supervisor")
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, self._note_stop)
            log.info("began, process %d, port %d", os.getpid(), self.port)
            while not self.is_stopping:
                self._look_after(session, log)
                self._end_hung(log)
                time.sleep(LOOK_SECONDS)
            self._stop(session, log)
            (self.folder / SESSION_FILE).unlink(missing_ok=True)
            log.info("ended")

    def _note_stop(self, _number: int, _frame: FrameType | None) -> None:
        self.is_stopping = True

    def _look_after(self, session: ServiceSession, log: logging.Logger) -> None:
        for service in self.services:
            now = time.monotonic()
            if service.process is not None and (code := service.process.poll()) is not None:
                service.process = None
                log.warning(
                    "%s ended with %s, started again in %.0f s", service.name, code, service.note_end(now)
                )
                self._end_strays(session, log)
            if service.process is None and now >= service.starts_at:
                service.process = self._start(service)
                service.started_at = now
                log.info("%s started, process %d", service.name, service.process.pid)

    def _end_hung(self, log: logging.Logger) -> None:
        now = time.monotonic()
        if now - self.asked_at < ASK_HEALTH_SECONDS:
            return
        self.asked_at = now
        note_health(self.services, ask_health(f"http://{LOOPBACK}:{self.port}"), now)
        for service in self.services:
            if service.process is not None and service.is_hung(now):
                log.warning("%s has not been well for %.0f s, killed", service.name, HUNG_AFTER_SECONDS)
                service.process.kill()

    def _start(self, service: Service) -> "subprocess.Popen[bytes]":
        process = subprocess.Popen(
            [sys.executable, "-m", "airflow", service.name, *service.arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        threading.Thread(
            target=_copy_lines, args=(process.stdout, rotating_log(self.folder, service.name)), daemon=True
        ).start()
        return process

    def _end_strays(self, session: ServiceSession, log: logging.Logger) -> None:
        """End what a dead service has left: workers of a scheduler would run the same task beside those of the next."""
        own = psutil.Process()
        kept = {own.pid, *(process.pid for process in own.children(recursive=True))}
        strays = [process for process in session.members() if process.pid not in kept]
        if strays:
            log.warning("ending %d processes that were left behind", len(strays))
            end_processes(strays, SERVICE_GRACE_SECONDS)

    def _stop(self, session: ServiceSession, log: logging.Logger) -> None:
        """End the scheduler, which waits for its tasks, while the others still serve these; then the others."""
        log.info("stopping")
        last_first = sorted(self.services, key=lambda service: service.name != "scheduler")
        for services, grace in (
            (last_first[:1], TASK_GRACE_SECONDS),
            (last_first[1:], SERVICE_GRACE_SECONDS),
        ):
            living = [
                psutil.Process(s.process.pid) for s in services if s.process and s.process.poll() is None
            ]
            end_processes(living, grace)
        own = os.getpid()
        end_processes([process for process in session.members() if process.pid != own], SERVICE_GRACE_SECONDS)


def note_health(services: list[Service], health: Health, now: float) -> None:
    """Note who is well; when the API server does not answer, nothing is known of the others and they count as well."""
    for service in services:
        key = service.name.replace("-", "_")
        if key in health.well or ("api_server" not in health.well and key != "api_server"):
            service.well_at = now


def rotating_log(folder: Path, name: str) -> logging.Logger:
    """Give the log of one service: a file of at most 5 MB and three older ones."""
    log = logging.getLogger(f"services.{name}")
    if not log.handlers:
        handler = RotatingFileHandler(
            folder / f"{name}.log", maxBytes=LOG_BYTES, backupCount=LOG_FILES, encoding="utf-8"
        )
        if name == "supervisor":
            handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
        log.addHandler(handler)
        log.setLevel(logging.INFO)
        log.propagate = False
    return log


def _copy_lines(stream: IO[bytes], log: logging.Logger) -> None:
    for line in stream:
        log.info("%s", line.decode("utf-8", errors="replace").rstrip())
