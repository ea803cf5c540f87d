"""``make env``: the settings of ``docker-compose.yml``, with secrets of this machine's own.

Uses nothing but Python's own library: where containers run, no environment of the project need be installed.
"""

import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path

from ingest.durable import write_file
from ingest.home import PROJECT_ROOT
from operations.secret_files import OWNER_ONLY, make_password, make_service_secrets

TEMPLATE = PROJECT_ROOT / ".env.example"
SETTINGS = PROJECT_ROOT / ".env"
# Of the user in the image; taken when root makes the settings, since nothing is to run as root.
IMAGE_USER = 50000
_BLANK = re.compile(r"^(?P<name>[A-Z][A-Z0-9_]*)=$", re.MULTILINE)
# what is made in the folder beforehand, so that Docker does not make it as root
_FOLDERS = ("inbox", "archive", "archive/journal", "editions", "outbox", "airflow/logs")


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
    is_root = user_id == 0
    return {
        "POSTGRES_PASSWORD": make_password(),
        "AIRFLOW_FERNET_KEY": made.fernet_key,
        "AIRFLOW_JWT_SECRET": made.jwt_secret,
        "AIRFLOW_SESSION_KEY": made.session_key,
        "WAREHOUSE_PASSWORD_QUANTRI": make_password(),
        "WAREHOUSE_PASSWORD_DUYET": make_password(),
        "WAREHOUSE_PASSWORD_NGHIEPVU": make_password(),
        "WAREHOUSE_PASSWORD_XEM": make_password(),
        "WAREHOUSE_UID": str(IMAGE_USER if is_root else user_id),
        "WAREHOUSE_GID": str(IMAGE_USER if is_root else group_id),
    }


def read_settings(path: Path) -> dict[str, str]:
    """Read the settings of a file, one ``NAME=value`` a line; comments are left out."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))


def prepare_folder(settings: Mapping[str, str]) -> Path:
    """Make the warehouse's folder, for the user as whom the containers run; gives its path."""
    folder = (PROJECT_ROOT / settings["WAREHOUSE_DATA"]).resolve()
    made = [folder, *(folder / name for name in _FOLDERS), folder / "airflow"]
    for path in made:
        path.mkdir(parents=True, exist_ok=True)
        if os.geteuid() == 0:
            os.chown(path, int(settings["WAREHOUSE_UID"]), int(settings["WAREHOUSE_GID"]))
    return folder


def main() -> int:
    """Make ``.env`` unless it is there, and the folder of the warehouse; gives the exit code."""
    if SETTINGS.exists():
        print(f"Đã có {SETTINGS}: giữ nguyên.")
    else:
        filled = fill_template(TEMPLATE.read_text(encoding="utf-8"), make_values(os.getuid(), os.getgid()))
        write_file(SETTINGS, filled.encode(), mode=OWNER_ONLY)
        print(
            f"Đã ghi {SETTINGS} (chỉ chủ tệp đọc được). Mật khẩu ban đầu nằm trong tệp này; đề nghị giữ một bản sao."
        )
    print(f"Thư mục số liệu: {prepare_folder(read_settings(SETTINGS))}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
