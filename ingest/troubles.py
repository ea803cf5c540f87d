"""What goes wrong with the machine and not with a return, as one Vietnamese sentence with what to do about it.

A full disk, a place that is read-only, a database that another program has open or that is cut short reach us as errors
of DuckDB, of the operating system or as lines of dbt. Here, and nowhere else, they are recognised; wherever a person or
Airflow sees the outcome of a job, it sees the text of one of these errors.
"""

import errno
import functools
import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import ParamSpec

import duckdb

from ingest.home import WarehouseHome
from ingest.own_commands import typed

P = ParamSpec("P")

_NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT})
_NOT_ALLOWED = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})
_GONE = frozenset({errno.EIO, errno.ENODEV, errno.ENXIO, errno.ESTALE, errno.EHOSTDOWN})
# what DuckDB 2.0, SQLite and the C library write, in their own words
_SAYS_NO_SPACE = re.compile(
    r"No space left on device|Disk quota exceeded|database or disk is full|failed to offload data block", re.I
)
_SAYS_NOT_ALLOWED = re.compile(
    r"(?:open|write|create|remove|move)[^\n]*?(?:Read-only file system|Permission denied)"
    r"|attempt to write a readonly database",
    re.I,
)
_SAYS_LOCKED = re.compile(
    r"Could not set lock on file \"(?P<path>[^\"]+)\"(?:[^\n]*?\(PID (?P<pid>\d+)\))?", re.I
)
_SAYS_DAMAGED = re.compile(
    r"Could not read enough bytes|not a valid DuckDB database file|Corrupt database file"
    r"|Failure while replaying WAL|Failed to deserialize|Serialization Error",
    re.I,
)
_QUOTED_PATH = re.compile(r"\"(?P<path>/[^\"]+)\"")

# The name that a person knows a program by; looked for anywhere in its command line, since some run inside java.
_KNOWN_PROGRAMS = {
    "dbeaver": "DBeaver",
    "jupyter": "Jupyter",
    "ipykernel": "Jupyter",
    "superset": "Superset",
    "tableau": "Tableau",
    "powerbi": "Power BI",
}
_OUR_MODULES = re.compile(r"-m\0(?:ingest|build|publish|operations|bench)(?:\.|\0|$)")
_OUR_SCRIPTS = frozenset({"dbt", "mf", "airflow", "local_run.py"})


class WarehouseTroubleError(RuntimeError):
    """The machine stands in the way; the text is for a person, says what is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class LockHolder:
    """A process that has the working database open.

    Attributes:
        pid: its number; None when the operating system does not tell it to us (another container).
        program: what a person knows it by; empty when it has ended or may not be looked at.
        is_ours: a run of the warehouse itself, which ends by itself.
    """

    pid: int | None = None
    program: str = ""
    is_ours: bool = False


class WarehouseBusyError(WarehouseTroubleError):
    """Another process has the working database open; waiting helps, or closing that program."""

    def __init__(self, warehouse: Path, holder: LockHolder) -> None:
        self.holder = holder
        if holder.is_ours:
            text = (
                f"Kho số liệu {warehouse} đang được một lần chạy khác ghi (“{holder.program}”, PID {holder.pid})."
                " Đề nghị đợi lần chạy đó xong rồi chạy lại."
            )
        elif holder.program:
            text = (
                f"Kho số liệu {warehouse} đang mở trong “{holder.program}” (PID {holder.pid})."
                " Đề nghị đóng chương trình đó rồi chạy lại; để xem số liệu, đề nghị mở current.duckdb."
            )
        else:
            text = (
                f"Kho số liệu {warehouse} đang được một chương trình khác mở."
                " Đề nghị đợi ít phút rồi chạy lại; nếu vẫn vậy, đề nghị đóng chương trình đang mở tệp này."
            )
        super().__init__(text)


class DamagedFileError(WarehouseTroubleError):
    """A DuckDB file is cut short or its bytes are not those that were written."""

    def __init__(self, path: Path) -> None:
        self.path = path
        if path.name == WarehouseHome(path.parent).warehouse.name:
            remedy = f"Không mất báo cáo nào: đề nghị chạy “{typed('rebuild')}” để lập lại kho số liệu từ tệp lưu trữ."
        else:
            remedy = (
                f"Đề nghị chạy “{typed('verify')}” để biết bản số liệu nào hỏng và lấy lại từ bản sao lưu."
            )
        super().__init__(f"Tệp {path} bị hỏng hoặc bị cắt cụt, không đọc được. {remedy}")


class DiskFullError(WarehouseTroubleError):
    """There is no room left where something is written, or not as much as is known to be needed."""

    def __init__(self, path: Path | None, needed_bytes: int | None = None) -> None:
        where = f" (khi ghi {path})" if path else ""
        needed = f" Cần thêm {needed_bytes / 1e6:.0f} MB." if needed_bytes else ""
        super().__init__(
            f"Ổ đĩa đã đầy{where}.{needed} Không có gì bị mất; đề nghị giải phóng chỗ trên ổ đĩa"
            f" (xem “{typed('prune-editions')}”) rồi chạy lại."
        )


class NotAllowedError(WarehouseTroubleError):
    """The account that runs may not read or write a place, or that place is read-only."""

    def __init__(self, path: Path | None) -> None:
        super().__init__(
            f"Không đọc hoặc không ghi được {path or 'thư mục của kho số liệu'}: ổ đĩa chỉ cho đọc, hoặc tài khoản"
            " đang chạy không có quyền. Đề nghị người quản trị máy cấp quyền rồi chạy lại."
        )


class UnreachableDiskError(WarehouseTroubleError):
    """A disk or share that was there answers no longer, or cannot read what it holds."""

    def __init__(self, path: Path | None) -> None:
        super().__init__(
            f"Ổ đĩa không trả lời khi đọc hoặc ghi {path or 'tệp'}: USB, ổ mạng bị ngắt, hoặc ổ đĩa bị hỏng."
            " Đề nghị kiểm tra ổ đĩa rồi chạy lại."
        )


class FileTooLargeError(WarehouseTroubleError):
    """The file system at the target takes no file of that size."""

    def __init__(self, path: Path | None) -> None:
        super().__init__(
            f"Ổ đĩa đích không chứa được tệp lớn như {path or 'vậy'} (ổ định dạng FAT32 chỉ chứa được tệp đến 4 GB)."
            " Đề nghị dùng ổ định dạng exFAT, NTFS hoặc ext4."
        )


def trouble_of(error: BaseException, path: Path | None = None) -> WarehouseTroubleError | None:
    """Give the trouble that an error, or one that it came from, tells of; None for anything else.

    Args:
        error: what was raised; its causes are looked at too, since a failed rollback hides the full disk behind it.
        path: the file that was being worked with, where the error may not name one.
    """
    for link in _chain(error):
        if isinstance(link, WarehouseTroubleError):
            return link
        named = _path_named(link) or path
        if isinstance(link, OSError):
            if link.errno in _NO_SPACE:
                return DiskFullError(named)
            if link.errno in _NOT_ALLOWED:
                return NotAllowedError(named)
            if link.errno in _GONE:
                return UnreachableDiskError(named)
            if link.errno == errno.EFBIG:
                return FileTooLargeError(named)
        elif isinstance(link, duckdb.Error) or type(link).__module__.partition(".")[0] in {
            "sqlite3",
            "sqlalchemy",
        }:
            found = trouble_in(str(link), path)
            if found is not None:
                return found
    return None


def trouble_in(text: str, path: Path | None = None) -> WarehouseTroubleError | None:
    """Give the trouble that words of DuckDB, SQLite or dbt tell of; None when they tell of something else.

    Args:
        text: a message, or the output of a program.
        path: the file that was being worked with, where the text may not name one.
    """
    if locked := _SAYS_LOCKED.search(text):
        pid = int(locked["pid"]) if locked["pid"] else None
        return WarehouseBusyError(Path(locked["path"]), look_at_holder(pid))
    if full := _SAYS_NO_SPACE.search(text):
        return DiskFullError(_path_beside(text, full) or path)
    if forbidden := _SAYS_NOT_ALLOWED.search(text):
        return NotAllowedError(_path_beside(text, forbidden) or path)
    if damaged := _SAYS_DAMAGED.search(text):
        return DamagedFileError(path or _path_beside(text, damaged) or Path("DuckDB"))
    return None


def look_at_holder(pid: int | None, processes: Path = Path("/proc")) -> LockHolder:
    """Tell what process a number is of.

    Args:
        pid: as DuckDB names it; None, or 0, when it cannot.
        processes: where the operating system lists processes.
    """
    if not pid:
        return LockHolder()
    try:
        command = (processes / str(pid) / "cmdline").read_bytes().decode("utf-8", "replace")
    except OSError:
        return LockHolder(pid=pid)
    words = command.replace(" ", "\0").strip("\0")
    parts = [Path(word).name for word in words.split("\0") if word]
    is_ours = bool(_OUR_MODULES.search(words)) or not _OUR_SCRIPTS.isdisjoint(
        part.rstrip(":") for part in parts
    )
    known = next((name for sign, name in _KNOWN_PROGRAMS.items() if sign in command.lower()), None)
    shown = [part for part in parts[:4] if not part.startswith("-")][: 3 if is_ours else 2]
    return LockHolder(pid=pid, program=known or " ".join(shown), is_ours=is_ours)


@contextmanager
def telling_troubles(path: Path | None = None) -> Iterator[None]:
    """Let trouble with the machine leave as ``WarehouseTroubleError``, everything else as it is; also a decorator.

    Args:
        path: the file that is being worked with, where the error may not name one.

    Raises:
        WarehouseTroubleError: a full or read-only disk, a damaged or locked database; says in Vietnamese what to do.
    """
    try:
        yield
    except WarehouseTroubleError:
        raise
    except Exception as error:
        trouble = trouble_of(error, path)
        if trouble is None:
            raise
        raise trouble from error


def answering_troubles(command: Callable[P, int]) -> Callable[P, int]:
    """Make a command print trouble with the machine as its sentence and give exit code 1, without a traceback."""

    @functools.wraps(command)
    def answered(*args: P.args, **kwargs: P.kwargs) -> int:
        try:
            with telling_troubles():
                return command(*args, **kwargs)
        except WarehouseTroubleError as trouble:
            print(trouble, file=sys.stderr)
            return 1

    return answered


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        yield link
        link = link.__cause__ or link.__context__


def _path_named(error: BaseException) -> Path | None:
    named = error.filename if isinstance(error, OSError) else None
    return Path(os.fsdecode(named)) if isinstance(named, str | bytes) else None


def _path_beside(text: str, found: re.Match[str]) -> Path | None:
    """Give the path in quotes on the line of what was found."""
    first = text.rfind("\n", 0, found.start()) + 1
    last = text.find("\n", found.end())
    named = _QUOTED_PATH.search(text[first : len(text) if last < 0 else last])
    return Path(named["path"]) if named else None
