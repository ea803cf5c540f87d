"""``make env``: the settings of ``docker-compose.yml``, with secrets of this machine's own, and what they say.

Uses nothing but Python's own library: where containers run, no environment of the project need be installed.
"""

import os
import re
import sys
from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path

from ingest.durable import write_file
from ingest.home import FOLDER_FOR_READERS, OWNER_FOLDER, PROJECT_ROOT, ROOT, WarehouseHome
from operations.installation.secret_files import OWNER_ONLY, make_password, make_service_secrets

TEMPLATE = PROJECT_ROOT / ".env.example"
SETTINGS = PROJECT_ROOT / ".env"
# Of the user in the image; taken when root makes the settings, since nothing is to run as root.
IMAGE_USER = 50000
_BLANK = re.compile(r"^(?P<name>[A-Z][A-Z0-9_]*)=$", re.MULTILINE)
# As compose reads a line, in 1.29 and v2: quotes are no part of a value, and a comment begins after a blank.
_LINE = re.compile(
    r"""^[ \t]*(?:export[ \t]+)?(?P<name>[A-Za-z_][A-Za-z0-9_]*)[ \t]*=[ \t]*
    (?:'(?P<as_it_is>[^'\n]*)'|"(?P<quoted>(?:\\.|[^"\\\n])*)"|(?P<plain>[^\n]*?))
    [ \t]*(?:(?<=[ \t])\#[^\n]*)?\r?$""",
    re.MULTILINE | re.VERBOSE,
)
_REFERENCE = re.compile(r"\$\{(?P<name>[A-Za-z_][A-Za-z0-9_]*)\}")
# what compose takes where a setting is blank or left out
_DEFAULTS = {"WAREHOUSE_DATA": "./data", "BIND_ADDRESS": "127.0.0.1", "PORT": "8080"}
# what is made in the folder beforehand, so that Docker does not make it as root
_FOLDERS = (
    "inbox",
    "archive",
    "archive/journal",
    "editions",
    "outbox",
    "airflow",
    "airflow/logs",
    "bi",
    "spark",
)


def fill_template(template: str, made: Mapping[str, str]) -> str:
    """Fill in the blank settings of a template that have a value.

    ``A=`` and ``B=1`` with ``{"A": "x", "B": "y"}`` become ``A=x`` and ``B=1``.
    """
    return _BLANK.sub(lambda found: f"{found[0]}{made.get(found['name'], '')}", template)


def make_values(user_id: int, group_id: int) -> dict[str, str]:
    """Make the values of all blank settings.

    Args:
        user_id: who makes them; the containers run as that user, or as the image's when that is root.
        group_id: of the same.
    """
    made = make_service_secrets()
    is_root = user_id == ROOT
    return {
        "POSTGRES_PASSWORD": make_password(),
        "AIRFLOW_FERNET_KEY": made.fernet_key,
        "AIRFLOW_JWT_SECRET": made.jwt_secret,
        "AIRFLOW_SESSION_KEY": made.session_key,
        "WAREHOUSE_PASSWORD_QUANTRI": make_password(),
        "WAREHOUSE_PASSWORD_DUYET": make_password(),
        "WAREHOUSE_PASSWORD_NGHIEPVU": make_password(),
        "WAREHOUSE_PASSWORD_XEM": make_password(),
        "WAREHOUSE_PASSWORD_PHANTICH": make_password(),
        # Superset signs its sessions with it, and encrypts what it keeps of connections
        "BI_SECRET_KEY": made.session_key + make_service_secrets().session_key,
        "WAREHOUSE_UID": str(IMAGE_USER if is_root else user_id),
        "WAREHOUSE_GID": str(IMAGE_USER if is_root else group_id),
    }


def read_settings(path: Path) -> dict[str, str]:
    """Read the settings of a file as compose reads them: without quotes, comments and references.

    ``A="a b" # where`` and ``B=${A}/c`` become ``{"A": "a b", "B": "a b/c"}``.
    """
    settings: dict[str, str] = {}
    for line in _LINE.finditer(path.read_text(encoding="utf-8")):
        value = line["as_it_is"]
        if value is None:
            quoted = line["quoted"]
            value = _filled_in(
                re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else line["plain"], settings
            )
        settings[line["name"]] = value
    return {**settings, **{name: value for name, value in _DEFAULTS.items() if not settings.get(name)}}


def _filled_in(value: str, settings: Mapping[str, str]) -> str:
    known = {**settings, **os.environ}
    return _REFERENCE.sub(lambda found: known.get(found["name"], ""), value)


def address_of(settings: Mapping[str, str]) -> str:
    """Give where this machine reaches the pages: where they are published, and by loopback where that is everywhere.

    ``BIND_ADDRESS=0.0.0.0`` and ``PORT=8081`` become ``http://127.0.0.1:8081``.
    """
    published = ip_address(settings["BIND_ADDRESS"].strip("[]"))
    reached = published
    if published.is_unspecified:
        reached = ip_address("127.0.0.1" if published.version == 4 else "::1")
    host = f"[{reached}]" if reached.version == 6 else str(reached)
    return f"http://{host}:{settings['PORT']}"


def prepare_folder(settings: Mapping[str, str]) -> Path:
    """Make the warehouse's folder, for the user as whom the containers run; gives its path.

    What is made is that user's alone, as every new home is; its group may read the editions, which a reader mounts.
    """
    folder = (PROJECT_ROOT / Path(settings["WAREHOUSE_DATA"]).expanduser()).resolve()
    user_id, group_id = int(settings["WAREHOUSE_UID"]), int(settings["WAREHOUSE_GID"])
    for path in (folder, *(folder / name for name in _FOLDERS)):
        if not path.exists():
            path.mkdir(parents=True)
            path.chmod(FOLDER_FOR_READERS if path.name == "editions" else OWNER_FOLDER)
        if os.geteuid() == ROOT:
            os.chown(path, user_id, group_id)
    # what root has restored or loaded here before; the containers could not read it
    WarehouseHome(folder).hand_over(user_id, group_id)
    return folder


def main(asked: str = "") -> int:
    """Make ``.env`` unless it is there, and the folder of the warehouse; gives the exit code.

    Args:
        asked: ``address`` to only print where the pages are reached.
    """
    if asked == "address":
        print(address_of(read_settings(SETTINGS)))
        return 0
    if SETTINGS.exists():
        print(f"Đã có {SETTINGS}: giữ nguyên.")
    else:
        filled = fill_template(TEMPLATE.read_text(encoding="utf-8"), make_values(os.getuid(), os.getgid()))
        write_file(SETTINGS, filled.encode(), mode=OWNER_ONLY)
        print(
            f"Đã ghi {SETTINGS} (chỉ chủ tệp đọc được). Mật khẩu ban đầu nằm trong tệp này; đề nghị giữ một bản sao."
        )
    settings = read_settings(SETTINGS)
    if not settings["WAREHOUSE_DATA"].startswith(("/", ".", "~")):
        print(
            f"WAREHOUSE_DATA={settings['WAREHOUSE_DATA']} trong {SETTINGS} không phải đường dẫn mà Docker hiểu."
            f" Đề nghị ghi từ gốc (/srv/warehouse) hoặc từ thư mục phần mềm (./{settings['WAREHOUSE_DATA']}).",
            file=sys.stderr,
        )
        return 2
    print(f"Thư mục số liệu: {prepare_folder(settings)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
