"""Which processes belong to the services of a warehouse, also when the one that started them is gone.

The supervisor opens a session of its own; whatever it starts, and whatever these start, stays in it, tasks included
(Airflow gives each a process group of its own, but no session). A process is therefore known by its session, and the
session by its number, the time when its leader began and the boot of the machine. Names of programs say nothing: other
warehouses may run on the machine.
"""

import os
from pathlib import Path

import psutil
from pydantic import BaseModel, ConfigDict, ValidationError

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
# a start is told in clock ticks of 10 ms since boot
_SAME_START_SECONDS = 1.0


class ServiceSession(BaseModel):
    """Who the services are.

    Attributes:
        session_id: number of the session, which is also the supervisor's process id and its process group.
        started_at: when the supervisor began, in seconds since 1970.
        boot_id: the boot of the machine in which that was.
        port: where the API server listens.
    """

    model_config = ConfigDict(frozen=True)

    session_id: int
    started_at: float
    boot_id: str
    port: int

    @classmethod
    def of_this_process(cls, port: int) -> "ServiceSession":
        """Describe the session that this process leads."""
        return cls(
            session_id=os.getpid(),
            started_at=psutil.Process().create_time(),
            boot_id=BOOT_ID.read_text(encoding="ascii").strip(),
            port=port,
        )

    @classmethod
    def read(cls, path: Path) -> "ServiceSession | None":
        """Read what was kept; None where there is nothing, or nothing that can be read."""
        try:
            return cls.model_validate_json(path.read_bytes())
        except (OSError, ValidationError):
            return None

    def supervisor(self) -> psutil.Process | None:
        """Give the supervisor, when it is alive."""
        if self.boot_id != BOOT_ID.read_text(encoding="ascii").strip():
            return None
        try:
            process = psutil.Process(self.session_id)
            is_same = abs(process.create_time() - self.started_at) < _SAME_START_SECONDS
            return process if is_same and process.status() != psutil.STATUS_ZOMBIE else None
        except psutil.NoSuchProcess:
            return None

    def members(self) -> list[psutil.Process]:
        """Give all living processes of the session, the supervisor among them."""
        if self.boot_id != BOOT_ID.read_text(encoding="ascii").strip():
            return []
        try:
            # the number went to somebody else: none of ours was left, else it would still have been taken
            if abs(psutil.Process(self.session_id).create_time() - self.started_at) >= _SAME_START_SECONDS:
                return []
        except psutil.NoSuchProcess:
            pass
        found = []
        for process in psutil.process_iter():
            try:
                if os.getsid(process.pid) == self.session_id and process.status() != psutil.STATUS_ZOMBIE:
                    found.append(process)
            except (ProcessLookupError, psutil.NoSuchProcess):
                continue
        return found


def end_processes(processes: list[psutil.Process], grace_seconds: float) -> None:
    """Ask processes to end, wait, and kill what is left."""
    for process in processes:
        try:
            process.terminate()
        except psutil.NoSuchProcess:
            continue
    _, alive = psutil.wait_procs(processes, timeout=grace_seconds)
    for process in alive:
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue
    psutil.wait_procs(alive, timeout=5)
