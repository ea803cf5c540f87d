"""Superset on this machine, for one office, without containers: started on loopback, with the dashboards of ``bi/bundle``.

Superset lives in an environment of its own (``.venv-bi``) and is never imported here: it is handed paths and secrets by
its environment, brought up to date by ``bi/provision.py``, and served by one process with threads. It reads editions and
nothing else of the warehouse.
"""

import argparse
import os
import secrets
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import psutil

from ingest.home import PROJECT_ROOT, WarehouseHome
from operations.installation.airflow_home import LOOPBACK, secrets_folder
from operations.installation.people import FIRST_ACCOUNTS, first_password
from operations.installation.secret_files import FOLDER_MODE, keep_secret, make_password
from operations.services.embedded import ServicesError, check_port
from operations.services.session import BOOT_ID, ServiceSession, end_processes
from publish.editions.current import NoEditionError, require_edition

ENVIRONMENT = PROJECT_ROOT / ".venv-bi"
SETTINGS = PROJECT_ROOT / "bi"
DEFAULT_PORT = 8088
SESSION_FILE = "session.json"
LOG = "superset.log"
ANALYST = "phantich"
# of the first accounts of Airflow, those that are Superset's too: who looks on, and who may everything
_SHARED_ACCOUNTS = {"xem", "quantri"}
_WELL_WITHIN_SECONDS = 240.0
_GRACE_SECONDS = 20.0
_DIRECTLY = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def start_dashboards(home: WarehouseHome, port: int) -> ServiceSession:
    """Start Superset unless it runs, with the dashboards of this version, and wait until it answers.

    Args:
        home: the warehouse; it has an edition.
        port: where the pages are on this machine.

    Raises:
        ServicesError: there is no edition, Superset is not installed, the port is taken, or it does not get well.
    """
    folder = _prepare_folder(home)
    running = ServiceSession.read(folder / SESSION_FILE)
    if running is not None and running.supervisor() is not None:
        print(f"Các trang số liệu đang chạy rồi: {address_of(running.port)}")
        return running
    check_port(port, "make bi-up BI_PORT", DEFAULT_PORT)
    environment = superset_environment(home)
    _provision(folder, environment)
    print("Đang khởi động Superset …", flush=True)
    with (folder / LOG).open("ab") as said:
        server = subprocess.Popen(
            [
                *(str(ENVIRONMENT / "bin" / "python"), "-m", "gunicorn", "superset.app:create_app()"),
                *("--config", str(SETTINGS / "gunicorn.conf.py"), "--bind", f"{LOOPBACK}:{port}"),
            ],
            # first passwords are for those who make accounts, not for who serves
            env={name: value for name, value in environment.items() if name not in _passwords(home)},
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            start_new_session=True,
        )
    session = ServiceSession(
        session_id=server.pid,
        started_at=psutil.Process(server.pid).create_time(),
        boot_id=BOOT_ID.read_text(encoding="ascii").strip(),
        port=port,
    )
    (folder / SESSION_FILE).write_text(session.model_dump_json(), encoding="utf-8")
    _wait_until_well(port, server, folder)
    _tell_accounts(home, port)
    return session


def stop_dashboards(home: WarehouseHome) -> bool:
    """End Superset; says whether there was anything to end."""
    session = ServiceSession.read(home.bi / SESSION_FILE)
    if session is None:
        return False
    members = session.members()
    end_processes(members, _GRACE_SECONDS)
    (home.bi / SESSION_FILE).unlink(missing_ok=True)
    return bool(members)


def address_of(port: int) -> str:
    """Give the address of the pages."""
    return f"http://{LOOPBACK}:{port}"


def superset_environment(home: WarehouseHome) -> dict[str, str]:
    """Give the variables that point Superset at a warehouse; makes the secrets that are missing.

    Nothing of the project's own environment is handed on: Superset has packages of its own.
    """
    kept = secrets_folder(home)
    inherited = {name: os.environ[name] for name in ("PATH", "LANG", "TZ", "TMPDIR") if name in os.environ}
    return {
        **inherited,
        **_passwords(home),
        "HOME": str(home.bi),
        "SUPERSET_HOME": str(home.bi),
        "BI_HOME": str(home.bi),
        "BI_SECRET_KEY": keep_secret(kept, "bi_secret_key", secrets.token_urlsafe(48)),
        "WAREHOUSE_EDITIONS": str(home.editions),
        "PYTHONPATH": str(SETTINGS),
        "SCARF_ANALYTICS": "false",
        "PYTHONUNBUFFERED": "1",
    }


def _passwords(home: WarehouseHome) -> dict[str, str]:
    """Give the first passwords by their variables; those that are missing are made."""
    shared = {
        account.password_variable: first_password(home, account)
        for account in FIRST_ACCOUNTS
        if account.user_name in _SHARED_ACCOUNTS
    }
    analyst = f"WAREHOUSE_PASSWORD_{ANALYST.upper()}"
    made = os.environ.get(analyst) or keep_secret(
        secrets_folder(home), f"password_{ANALYST}", make_password()
    )
    return {**shared, analyst: made}


def _prepare_folder(home: WarehouseHome) -> Path:
    try:
        require_edition(home)
    except NoEditionError as error:
        raise ServicesError(str(error)) from error
    if not (ENVIRONMENT / "bin" / "python").exists():
        raise ServicesError("Chưa cài Superset. Đề nghị chạy “make bi-up” trong thư mục phần mềm.")
    home.bi.mkdir(mode=FOLDER_MODE, exist_ok=True)
    return home.bi


def _provision(folder: Path, environment: dict[str, str]) -> None:
    log = folder / "provision.log"
    with log.open("wb") as said:
        done = subprocess.Popen(
            [str(ENVIRONMENT / "bin" / "python"), str(SETTINGS / "provision.py")],
            env=environment,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=said,
            text=True,
        )
        for line in done.stdout or ():
            # what Superset itself says on the way is for the log
            if line.startswith("Đang "):
                print(line.rstrip(), flush=True)
            said.write(line.encode())
    if done.wait():
        raise ServicesError(f"Không chuẩn bị được các trang số liệu. Tệp nhật ký: {log}")


def _wait_until_well(port: int, server: "subprocess.Popen[bytes]", folder: Path) -> None:
    until = time.monotonic() + _WELL_WITHIN_SECONDS
    while time.monotonic() < until:
        if server.poll() is not None:
            raise ServicesError(f"Superset đã dừng ngay khi khởi động. Tệp nhật ký: {folder / LOG}")
        if _is_well(port):
            return
        time.sleep(0.5)
    raise ServicesError(f"Superset không trả lời. Tệp nhật ký: {folder / LOG}. Dừng lại: make bi-down")


def _is_well(port: int) -> bool:
    try:
        with _DIRECTLY.open(f"{address_of(port)}/health", timeout=10) as answer:
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def _tell_accounts(home: WarehouseHome, port: int) -> None:
    print(f"Các trang số liệu: {address_of(port)}")
    print("Đăng nhập: xem (chỉ xem), phantich (phân tích), quantri (quản trị).")
    print(f"Mật khẩu ban đầu được giữ ở {secrets_folder(home)}, chỉ chủ thư mục đọc được.")
    print("Dừng lại: make bi-down")


def add_command(commands: Any) -> None:
    """Add ``bi-up`` and ``bi-down``."""
    up = commands.add_parser("bi-up", help="start the dashboards (Superset) on this machine")
    up.add_argument("--port", type=int, default=DEFAULT_PORT, help="of the pages (default: %(default)s)")
    up.set_defaults(run=_up)
    commands.add_parser("bi-down", help="end the dashboards").set_defaults(run=_down)


def _up(chosen: argparse.Namespace) -> int:
    try:
        start_dashboards(WarehouseHome.from_environment(), chosen.port)
    except ServicesError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _down(_: argparse.Namespace) -> int:
    stopped = stop_dashboards(WarehouseHome.from_environment())
    print("Đã dừng." if stopped else "Các trang số liệu không chạy.")
    return 0
