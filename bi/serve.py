"""The container's program: bring Superset's database up to date, then serve, in this very process."""

import os
import sys
from pathlib import Path

from provision import provision

HERE = Path(__file__).resolve().parent
SECRETS = (
    "BI_SECRET_KEY",
    "WAREHOUSE_PASSWORD_XEM",
    "WAREHOUSE_PASSWORD_PHANTICH",
    "WAREHOUSE_PASSWORD_QUANTRI",
)


def main() -> None:
    """Serve until told to stop; says in a sentence what is missing in ``.env``."""
    missing = [name for name in SECRETS if not os.environ.get(name)]
    if missing:
        raise SystemExit(f"Thiếu {', '.join(missing)} trong tệp .env. Xem docs/bi.md.")
    provision()
    program = ["gunicorn", "superset.app:create_app()"]
    settings = ["--config", str(HERE / "gunicorn.conf.py"), "--bind", "0.0.0.0:8088"]  # in its container
    os.execv(sys.executable, [sys.executable, "-m", *program, *settings])  # noqa: S606


if __name__ == "__main__":
    main()
