"""People who may log in: four first accounts, one a role, and those that the office adds.

A first account is made when it is missing and never changed afterwards: a password that somebody has changed stays.
Each person should have an account of their own, since an approval is signed with it.
"""

import argparse
import os
import re
import sys
from dataclasses import dataclass
from typing import Any

from ingest.home import WarehouseHome
from operations.installation.airflow_home import point_airflow, secrets_folder, services_folder
from operations.installation.quiet_airflow import quietly
from operations.installation.roles import ADMINISTRATOR, APPROVER, OFFICER, ROLE_NAMES, VIEWER, apply_roles
from operations.installation.secret_files import keep_secret, make_password

_USER_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,62}")


@dataclass(frozen=True, slots=True)
class FirstAccount:
    """An account that every warehouse has from the start."""

    user_name: str
    role: str

    @property
    def password_file(self) -> str:
        """Its file in the folder of secrets."""
        return f"password_{self.user_name}"

    @property
    def password_variable(self) -> str:
        """The variable that has its password in containers."""
        return f"WAREHOUSE_PASSWORD_{self.user_name.upper()}"


FIRST_ACCOUNTS = (
    FirstAccount("quantri", ADMINISTRATOR),
    FirstAccount("duyet", APPROVER),
    FirstAccount("nghiepvu", OFFICER),
    FirstAccount("xem", VIEWER),
)


def first_password(home: WarehouseHome, account: FirstAccount) -> str:
    """Give the first password of an account: from its variable, else from its file, which is made when missing."""
    return os.environ.get(account.password_variable) or keep_secret(
        secrets_folder(home), account.password_file, make_password()
    )


def prepare_people(home: WarehouseHome) -> list[str]:
    """Make roles and first accounts; gives the names of the accounts that were missing."""
    from airflow.providers.fab.auth_manager.cli_commands.utils import get_application_builder

    made = []
    with get_application_builder() as builder:
        apply_roles(builder.sm)
        for account in FIRST_ACCOUNTS:
            if builder.sm.find_user(username=account.user_name) is None:
                _add_user(builder.sm, account.user_name, account.role, first_password(home, account))
                made.append(account.user_name)
    return made


def set_user(user_name: str, role: str | None, password: str, *, is_password_renewed: bool) -> bool:
    """Make an account, or give one that is there another role or password; says whether it was made.

    Args:
        user_name: with which the person logs in.
        role: one of ``ROLE_NAMES``; None keeps that of an account that is there.
        password: of a new account, or the new one where ``is_password_renewed``.
        is_password_renewed: an account that is there gets the password too.

    Raises:
        LookupError: the account is not there, and no role was named.
    """
    from airflow.providers.fab.auth_manager.cli_commands.utils import get_application_builder

    with get_application_builder() as builder:
        user = builder.sm.find_user(username=user_name)
        if user is None:
            if role is None:
                raise LookupError(user_name)
            _add_user(builder.sm, user_name, role, password)
            return True
        if role is not None:
            user.roles = [builder.sm.find_role(role)]
            builder.sm.update_user(user)
        if is_password_renewed:
            builder.sm.reset_password(user.id, password)
        return False


def _add_user(security_manager: Any, user_name: str, role: str, password: str) -> None:
    # FAB wants an address of its own for everybody; nothing is ever sent to this one
    security_manager.add_user(
        user_name,
        user_name,
        role,
        f"{user_name}@localhost.invalid",
        security_manager.find_role(role),
        password,
    )


def add_command(commands: Any) -> None:
    """Add ``user``."""
    parser = commands.add_parser("user", help="make an account, or give one another role or a new password")
    parser.add_argument("user_name", help="with which the person logs in, such as lan.nguyen")
    parser.add_argument("--role", choices=ROLE_NAMES, help="what the person may do")
    parser.add_argument(
        "--new-password", action="store_true", help="for an account that is there: make a new one"
    )
    parser.set_defaults(run=_run)


def _run(chosen: argparse.Namespace) -> int:
    if not _USER_NAME.fullmatch(chosen.user_name):
        print(
            f"Tên đăng nhập “{chosen.user_name}” không dùng được. Đề nghị dùng chữ thường không dấu, số, dấu chấm,"
            " ví dụ: lan.nguyen.",
            file=sys.stderr,
        )
        return 2
    home = WarehouseHome.from_environment()
    if not chosen.role and not chosen.new_password:
        print("Đề nghị ghi --role (vai trò) hoặc --new-password (cấp mật khẩu mới).", file=sys.stderr)
        return 2
    point_airflow(home)
    password = make_password()
    try:
        with quietly(services_folder(home) / "people.log"):
            made = set_user(chosen.user_name, chosen.role, password, is_password_renewed=chosen.new_password)
    except LookupError:
        print(f"Chưa có tài khoản “{chosen.user_name}”. Đề nghị ghi --role để lập mới.", file=sys.stderr)
        return 2
    if made:
        print(f"Đã lập tài khoản {chosen.user_name} ({chosen.role}). Mật khẩu (chỉ hiện lần này): {password}")
        return 0
    if chosen.role:
        print(f"Tài khoản {chosen.user_name} nay có vai trò {chosen.role}.")
    if chosen.new_password:
        print(f"Mật khẩu mới của {chosen.user_name} (chỉ hiện lần này): {password}")
    return 0
