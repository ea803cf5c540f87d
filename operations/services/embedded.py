"""The embedded form: the four services of Airflow on this machine, for one office, without containers.

``up`` prepares Airflow's database, hands the services to a supervisor and waits until they are well; ``down`` ends them
all. Everything listens on loopback alone. What is said here is for an officer: one sentence each, and where to look.
"""

import argparse
import fcntl
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ingest.home import PROJECT_ROOT, WarehouseHome
from operations.installation.airflow_home import (
    DEFAULT_PORT,
    LOOPBACK,
    secrets_folder,
    service_environment,
    services_folder,
)
from operations.installation.secret_files import FOLDER_MODE
from operations.services.health import NotWellError, wait_until_well
from operations.services.session import ServiceSession, end_processes
from operations.services.supervisor import (
    SERVICE_GRACE_SECONDS,
    SESSION_FILE,
    TASK_GRACE_SECONDS,
    AlreadySupervisedError,
    Supervisor,
)

PASSWORDS = "password_*"


class ServicesError(RuntimeError):
    """The services cannot be started; the text is a sentence for the officer."""


def start_services(home: WarehouseHome, port: int, base_url: str = "") -> ServiceSession:
    """Start the services unless they run, and wait until all are well.

    Args:
        home: the warehouse.
        port: where the pages are on this machine.
        base_url: where they are for others, when a proxy stands before them.

    Raises:
        ServicesError: the port is taken, Airflow's database cannot be prepared, or they do not get well in time.
    """
    folder = services_folder(home.prepare())
    # Airflow's database, its logs and the secrets are nobody else's to read
    home.airflow.chmod(FOLDER_MODE)
    folder.mkdir(parents=True, exist_ok=True)
    with _one_at_a_time(folder):
        running = ServiceSession.read(folder / SESSION_FILE)
        if running is not None and running.supervisor() is not None:
            print(f"Hệ thống đang chạy rồi: {address_of(running.port)}")
            _wait_until_well(running.port, folder)
            return running
        if running is not None and (left := running.members()):
            print("Đang dọn các tiến trình còn lại của lần chạy trước …", flush=True)
            end_processes(left, SERVICE_GRACE_SECONDS)
        check_port(port)
        environment = _environment(home, port, base_url)
        known = {path.name for path in secrets_folder(home).glob(PASSWORDS)}
        _prepare(folder, environment)
        print("Đang khởi động bốn dịch vụ …", flush=True)
        with (folder / "supervisor.out").open("ab") as said:
            supervisor = subprocess.Popen(
                [
                    *(sys.executable, "-m", "operations", "supervise"),
                    *("--port", str(port), "--base-url", base_url),
                ],
                env=environment,
                cwd=PROJECT_ROOT,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                start_new_session=True,
            )
        _wait_until_well(port, folder, supervisor)
        session = ServiceSession.read(folder / SESSION_FILE)
        if session is None:
            raise ServicesError(f"Không khởi động được. Tệp nhật ký: {folder}")
        _tell_accounts(home, port, known)
        return session


def stop_services(home: WarehouseHome) -> bool:
    """End the services and all that they have started; says whether there was anything to end.

    Tasks that run get two minutes to their end. A supervisor that was killed does not keep this from working.
    """
    folder = services_folder(home)
    session = ServiceSession.read(folder / SESSION_FILE)
    if session is None:
        return False
    supervisor = session.supervisor()
    if supervisor is not None:
        supervisor.terminate()
        print("Đang dừng; việc đang chạy được chạy nốt trong tối đa 2 phút …", flush=True)
        end_processes([supervisor], TASK_GRACE_SECONDS + 4 * SERVICE_GRACE_SECONDS)
    left = session.members()
    if left:
        end_processes(left, SERVICE_GRACE_SECONDS)
    (folder / SESSION_FILE).unlink(missing_ok=True)
    return supervisor is not None or bool(left)


def address_of(port: int) -> str:
    """Give the address of the pages."""
    return f"http://{LOOPBACK}:{port}"


def check_port(port: int, typed: str = "make up PORT", usual: int = DEFAULT_PORT) -> None:
    """Make sure that a port can be listened on.

    Args:
        port: of this machine.
        typed: how another one is chosen.
        usual: the port of who chooses none.

    Raises:
        ServicesError: it cannot.
    """
    with socket.socket() as probe:
        # as uvicorn does: what lingers of connections that have ended is no hindrance
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except (PermissionError, OverflowError) as error:
            raise ServicesError(
                f"Không dùng được cổng {port}. Đề nghị chọn cổng từ 1024 đến 65535, ví dụ: {typed}={usual}"
            ) from error
        except OSError as error:
            raise ServicesError(
                f"Cổng {port} đang có chương trình khác dùng. Đề nghị chọn cổng khác, ví dụ: {typed}={port + 10}"
            ) from error


def _environment(home: WarehouseHome, port: int, base_url: str) -> dict[str, str]:
    programs = str(Path(sys.executable).parent)
    return {
        **os.environ,
        **service_environment(home, port, base_url),
        "PYTHONPATH": str(PROJECT_ROOT),
        "PATH": f"{programs}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
    }


def _prepare(folder: Path, environment: dict[str, str]) -> None:
    print("Đang chuẩn bị cơ sở dữ liệu của Airflow …", flush=True)
    log = folder / "prepare.log"
    with log.open("wb") as said:
        done = subprocess.run(
            [sys.executable, "-m", "operations", "prepare"],
            env=environment,
            cwd=PROJECT_ROOT,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            check=False,
        )
    if done.returncode:
        raise ServicesError(f"Không chuẩn bị được cơ sở dữ liệu của Airflow. Tệp nhật ký: {log}")


def _wait_until_well(port: int, folder: Path, supervisor: "subprocess.Popen[bytes] | None" = None) -> None:
    def give_up() -> None:
        if supervisor is not None and supervisor.poll() is not None:
            raise ServicesError(f"Các dịch vụ đã dừng ngay khi khởi động. Tệp nhật ký: {folder}")

    try:
        wait_until_well(address_of(port), give_up)
    except NotWellError as error:
        raise ServicesError(f"{error} Tệp nhật ký: {folder}. Dừng lại: make down") from error


def _tell_accounts(home: WarehouseHome, port: int, known: set[str]) -> None:
    folder = secrets_folder(home)
    new = [path for path in sorted(folder.glob(PASSWORDS)) if path.name not in known]
    if new:
        print("Tài khoản ban đầu (mật khẩu chỉ hiện lần này):")
        for path in new:
            print(f"  {path.name.removeprefix('password_'):<10} {path.read_text(encoding='utf-8').strip()}")
    print(f"Mật khẩu ban đầu được giữ ở {folder}, chỉ chủ thư mục đọc được.")
    print(
        "Quy trình mới cài đều đang tạm dừng: đăng nhập bằng tài khoản quantri để bật. Xem tình trạng: make status"
    )


@contextmanager
def _one_at_a_time(folder: Path) -> Iterator[None]:
    """Let a second ``up`` wait for the first; it will find the services running."""
    with (folder / "up.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def add_command(commands: Any) -> None:
    """Add ``up``, ``down`` and ``supervise``."""
    up = commands.add_parser("up", help="start the four services of Airflow on this machine")
    up.set_defaults(run=_up)
    commands.add_parser("down", help="end the services and all that they started").set_defaults(run=_down)
    supervise = commands.add_parser(
        "supervise", help="own the services in the foreground, for a service manager such as systemd"
    )
    supervise.set_defaults(run=_supervise)
    for command in (up, supervise):
        command.add_argument(
            "--port", type=int, default=DEFAULT_PORT, help="of the pages (default: %(default)s)"
        )
        command.add_argument(
            "--base-url", default="", help="https://… when a proxy with TLS stands before them"
        )


def _up(chosen: argparse.Namespace) -> int:
    try:
        start_services(WarehouseHome.from_environment(), chosen.port, chosen.base_url)
    except ServicesError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _down(_: argparse.Namespace) -> int:
    print("Đã dừng." if stop_services(WarehouseHome.from_environment()) else "Hệ thống không chạy.")
    return 0


def _supervise(chosen: argparse.Namespace) -> int:
    home = WarehouseHome.from_environment()
    if os.getsid(0) != os.getpid():
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        os.setsid()
    os.environ.update(_environment(home, chosen.port, chosen.base_url))
    try:
        Supervisor(services_folder(home), chosen.port).run()
    except AlreadySupervisedError:
        print("Hệ thống đang chạy rồi.", file=sys.stderr)
        return 1
    return 0
