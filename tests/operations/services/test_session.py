"""Processes are known by their session, also after their leader is gone, and never by a number alone."""

import os
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from operations.services.session import BOOT_ID, ServiceSession, end_processes

# a leader that starts a child in a process group of its own, as Airflow does with tasks, and waits
LEADER = """
import os, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], preexec_fn=os.setpgrp)
print(child.pid, flush=True)
time.sleep(600)
"""


@pytest.fixture
def led() -> tuple[ServiceSession, int, "subprocess.Popen[str]"]:
    leader = subprocess.Popen(
        [sys.executable, "-c", LEADER], start_new_session=True, stdout=subprocess.PIPE, text=True
    )
    assert leader.stdout is not None
    child = int(leader.stdout.readline())
    session = ServiceSession(
        session_id=leader.pid,
        started_at=psutil.Process(leader.pid).create_time(),
        boot_id=BOOT_ID.read_text(encoding="ascii").strip(),
        port=8080,
    )
    yield session, child, leader
    end_processes(session.members(), 5)
    leader.wait(10)


def test_the_session_is_found_with_its_leader_and_without(
    led: tuple[ServiceSession, int, "subprocess.Popen[str]"],
) -> None:
    session, child, leader = led

    assert {process.pid for process in session.members()} == {leader.pid, child}
    assert session.supervisor() is not None
    leader.kill()
    leader.wait(10)
    assert session.supervisor() is None
    assert {process.pid for process in session.members()} == {child}
    end_processes(session.members(), 5)
    assert not session.members()


def test_a_number_that_went_to_somebody_else_is_not_ours(
    led: tuple[ServiceSession, int, "subprocess.Popen[str]"],
) -> None:
    session, _, _ = led
    earlier = session.model_copy(update={"started_at": session.started_at - 3600})
    before_boot = session.model_copy(update={"boot_id": "another"})

    assert earlier.supervisor() is None
    assert earlier.members() == []
    assert before_boot.supervisor() is None
    assert before_boot.members() == []


def test_what_was_kept_is_read_again_and_what_is_broken_is_nothing(tmp_path: Path) -> None:
    session = ServiceSession.of_this_process(port=8081)
    path = tmp_path / "session.json"
    path.write_text(session.model_dump_json(), encoding="utf-8")

    assert session.session_id == os.getpid()
    assert ServiceSession.read(path) == session
    path.write_text("{", encoding="utf-8")
    assert ServiceSession.read(path) is None
    assert ServiceSession.read(tmp_path / "missing") is None
    assert session.started_at <= time.time()
