"""Whose a home is: root writes none that belongs to somebody else, for its owner could not read what root has written.

The home of the containers belongs to a number that may have no name on the machine; root is who types commands there.
"""

import os
import pwd
import shlex
import tempfile
from collections.abc import Sequence

from ingest.home import ROOT, WarehouseHome
from ingest.troubles import WarehouseTroubleError


class OtherOwnerError(WarehouseTroubleError):
    """Root was about to write somebody else's home; the text says whose it is and what to type."""

    def __init__(self, home: WarehouseHome, owner: int, program: str, arguments: Sequence[str]) -> None:
        try:
            name = pwd.getpwuid(owner).pw_name
        except KeyError:
            whose = f"tài khoản số {owner}"
            command = shlex.join([*program.split(), *arguments])
            retype = f"chạy trong container: docker compose exec scheduler {command}"
        else:
            whose = f"tài khoản {name}"
            retype = f"chạy lại bằng tài khoản đó: thêm “sudo -u {name}” trước lệnh"
        super().__init__(
            f"Kho số liệu {home.root} thuộc {whose}, còn lệnh này đang chạy bằng root: tệp do root ghi thì hệ thống"
            f" không đọc được. Chưa ghi gì. Đề nghị {retype}."
        )


def refuse_root(home: WarehouseHome, program: str, arguments: Sequence[str]) -> None:
    """Make sure that what is written from here on belongs to whom the home belongs.

    Args:
        home: the warehouse; one that is not there yet is whose makes it.
        program: what runs, as it is typed: ``python -m ingest``.
        arguments: what it was given.

    Raises:
        OtherOwnerError: this is root, and the home is somebody else's.
    """
    if os.geteuid() != ROOT or not home.root.is_dir():
        return
    owner = home.root.stat().st_uid
    if owner == ROOT:
        return
    # a share may give everything that is written on it to one account, root's too
    with tempfile.NamedTemporaryFile(dir=home.root, prefix=".writing-") as probe:
        if os.fstat(probe.fileno()).st_uid == owner:
            return
    raise OtherOwnerError(home, owner, program, arguments)
