"""A standalone cluster of Spark on loopback: one master and two workers, of what the environment of Spark carries."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from build.spark.submitting import ENVIRONMENT, environment_of_spark

LOOPBACK = "127.0.0.1"
WORKERS = 2
STARTS_WITHIN_SECONDS = 90.0


@dataclass(slots=True)
class Cluster:
    """The cluster while it runs.

    Attributes:
        address: by which drivers find the master.
        workers: the processes of its workers.
    """

    address: str
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def kill_a_worker(self) -> None:
        """Kill the newest worker with what it runs, without a word to anybody."""
        worker = psutil.Process(self.workers.pop().pid)
        for process in [*worker.children(recursive=True), worker]:
            process.send_signal(signal.SIGKILL)

    def executors(self) -> list[psutil.Process]:
        """Give the processes in which workers run tasks."""
        return [
            child
            for worker in self.workers
            for child in psutil.Process(worker.pid).children(recursive=True)
            if _is_executor(child)
        ]


@contextmanager
def running_cluster(folder: Path, workers: int = WORKERS) -> Iterator[Cluster]:
    """Start a master and its workers, of one core and 3 GB each; what they say stands in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    port = _free_port()
    cluster = Cluster(f"spark://{LOOPBACK}:{port}")
    master = _start(folder, "master", "Master", "--port", str(port), "--webui-port", "0")
    try:
        _wait_for(port)
        for number in range(workers):
            worker = _start(
                folder,
                f"worker{number}",
                "Worker",
                "--cores",
                "1",
                "--memory",
                "3g",
                "--webui-port",
                "0",
                cluster.address,
            )
            cluster.workers.append(worker)
        yield cluster
    finally:
        for process in (*cluster.workers, master):
            process.terminate()
            process.wait(30)


def _start(folder: Path, name: str, kind: str, *arguments: str) -> subprocess.Popen[bytes]:
    with (folder / f"{name}.log").open("wb") as said:
        return subprocess.Popen(
            [
                str(ENVIRONMENT / "bin" / "spark-class"),
                f"org.apache.spark.deploy.{kind.lower()}.{kind}",
                *("--host", LOOPBACK),
                *arguments,
            ],
            env={
                **os.environ,
                **environment_of_spark(),
                "SPARK_LOCAL_IP": LOOPBACK,
                "SPARK_WORKER_DIR": str(folder / name),
            },
            stdout=said,
            stderr=said,
        )


def _is_executor(process: psutil.Process) -> bool:
    try:
        return any("CoarseGrainedExecutorBackend" in part for part in process.cmdline())
    except psutil.Error:  # it has just ended
        return False


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind((LOOPBACK, 0))
        return int(listening.getsockname()[1])


def _wait_for(port: int) -> None:
    end = time.monotonic() + STARTS_WITHIN_SECONDS
    while True:
        try:
            socket.create_connection((LOOPBACK, port), timeout=1).close()
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.3)
        else:
            return
