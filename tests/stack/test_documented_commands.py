"""Every command that docs/operations.md and docs/van-hanh.md tell somebody to type, typed.

In the order in which they stand, on one small warehouse; paths, ports and addresses of the docs are those of the test. What
needs containers is run by ``test_compose``, what changes the checkout itself by nobody: those are listed with the reason.
"""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.home import PROJECT_ROOT, WarehouseHome
from tests.operations.lived_in_home import put_return
from tests.stack.running_stack import free_port

pytestmark = pytest.mark.stack
PAGES = ("operations.md", "van-hanh.md")
RETURN = "bao cao.xlsx"
BY_THE_CONTAINERS = frozenset({"make env", "make compose-up", "make compose-status", "make compose-upgrade"})
CHANGES_THE_CHECKOUT = frozenset({"git pull"})


def commands_of(page: str) -> list[str]:
    text = (PROJECT_ROOT / "docs" / page).read_text(encoding="utf-8")
    return [line for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL) for line in block.splitlines()]


def all_commands() -> list[str]:
    """Give each command once, where it stands first."""
    return list(dict.fromkeys(command for page in PAGES for command in commands_of(page)))


TYPED = [command for command in all_commands() if command not in BY_THE_CONTAINERS | CHANGES_THE_CHECKOUT]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """What the docs call by another name, with the one of this test; the services are down at the end."""
    folder = tmp_path_factory.mktemp("office")
    home = WarehouseHome(folder / "home").prepare()
    put_return(home, f"Ea Bông 6 tháng đầu năm 2023/{RETURN}", 40)
    names = {
        "/media/usb/warehouse": str(folder / "backups"),
        "/srv/warehouse-new": str(folder / "new"),
        ".venv/bin/python": sys.executable,
        "HOME": str(home.root),
        "PORT": str(free_port()),
    }
    yield names
    run("make down", names)


def run(command: str, names: dict[str, str]) -> subprocess.CompletedProcess[str]:
    for documented, here in names.items():
        if "/" in documented:
            command = command.replace(documented, here)
    environment = {**os.environ, "WAREHOUSE_HOME": names["HOME"], "PORT": names["PORT"]}
    return subprocess.run(
        shlex.split(command), cwd=PROJECT_ROOT, env=environment, capture_output=True, text=True, check=False
    )


def test_the_docs_hold_commands_and_the_containers_run_the_rest() -> None:
    containers = (PROJECT_ROOT / "tests" / "stack" / "test_compose.py").read_text(encoding="utf-8")

    assert len(TYPED) >= 15
    assert set(all_commands()) > BY_THE_CONTAINERS | CHANGES_THE_CHECKOUT
    for command in BY_THE_CONTAINERS - {"make env"}:  # compose-up makes it
        assert command.removeprefix("make ") in containers, command


def test_a_return_is_loaded_before_anything_is_asked(office: dict[str, str]) -> None:
    loaded = run(".venv/bin/python -m ingest load", office)

    assert loaded.returncode == 0, loaded.stdout + loaded.stderr
    assert '"accepted": 1' in loaded.stdout


@pytest.mark.parametrize("command", TYPED)
def test_a_command_of_the_docs_does_what_it_should(command: str, office: dict[str, str]) -> None:
    ran = run(command, office)
    told = ran.stdout + ran.stderr

    assert ran.returncode == 0, told
    assert "Traceback" not in told


def test_what_was_restored_is_a_warehouse(office: dict[str, str]) -> None:
    restored = WarehouseHome(Path(office["/srv/warehouse-new"]))

    assert restored.current.exists()
    assert run("make verify", {**office, "HOME": str(restored.root)}).returncode == 0
