"""A disk whose power can be cut: a file system in a file, which can be copied as it stands at one instant.

The file system with the warehouse (the inner one) lies in a file on another one (the outer one), each behind a loop
device. Whatever the inner one has not handed to its disk yet is in the page cache alone, and is not in that file. To copy
the file as it is at one instant, the outer file system is frozen: no write to the file begins until the copy is made. A
copy that is mounted is what a machine finds after the power has come back; the kernel replays its journal.

That is a disk which keeps all that it was handed. One with a write cache of its own loses what it was not told to flush:
for that, the outer file system is shut down under the inner one, and only what the inner one has flushed is surely there.
"""

import fcntl
import os
import shutil
import signal
import struct
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

_FREEZE = 0xC0045877  # FIFREEZE and FITHAW of linux/fs.h
_THAW = 0xC0045878
_SHUT_DOWN = 0x8004587D  # EXT4_IOC_SHUTDOWN; linux/ext4.h
LONGEST_FREEZE = 60  # seconds
_WITHOUT_FLUSHING_THE_LOG = 2


class NoDisksError(RuntimeError):
    """File systems in files cannot be mounted here; the text says what is missing."""


@dataclass(frozen=True, slots=True)
class Wear:
    """How an ext4 file system treats what has not been synced; all are settings that machines in use have."""

    options: str

    @property
    def words(self) -> str:
        """The options, as ``mount`` takes them."""
        return f"noatime,{self.options}"


# Names reach the disk after a second and not after five, so that a file's name is there long before its bytes; and ext4
# does not guess that a file which replaces another should be written first.
WEARS = (
    Wear("commit=1,noauto_da_alloc,data=ordered"),
    Wear("commit=1,noauto_da_alloc,data=writeback"),
    Wear("commit=5,data=ordered"),
)


class Mounted:
    """A file system in a file, mounted while the context lasts."""

    def __init__(self, image: Path, mount_point: Path, options: str = "noatime") -> None:
        self.image = image
        self.mount_point = mount_point
        self._options = options
        self._device = ""

    def __enter__(self) -> "Mounted":
        self.mount_point.mkdir(parents=True, exist_ok=True)
        self._device = _run("losetup", "--find", "--show", str(self.image)).strip()
        try:
            _run("mount", "-t", "ext4", "-o", self._options, self._device, str(self.mount_point))
        except NoDisksError:
            _run("losetup", "--detach", self._device)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # lazily, should a process that is dying still hold a file
        subprocess.run(["umount", "--lazy", str(self.mount_point)], check=False, capture_output=True)
        subprocess.run(["losetup", "--detach", self._device], check=False, capture_output=True)
        with suppress(OSError):
            self.mount_point.rmdir()


class Disk:
    """A disk with a file system whose power can be cut, below a folder while the context lasts."""

    def __init__(self, folder: Path, megabytes: int, wear: Wear) -> None:
        self._folder = folder
        self._megabytes = megabytes
        self._outer = Mounted(folder / "outer.img", folder / "outer")
        self._inner = Mounted(folder / "outer" / "disk.img", folder / "disk", wear.words)

    @property
    def mount_point(self) -> Path:
        """Where the file system is."""
        return self._inner.mount_point

    def __enter__(self) -> "Disk":
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir(parents=True)
        # an outer journal would only write everything twice
        format_image(self._outer.image, self._megabytes + 96, "-O", "^has_journal")
        self._outer.__enter__()
        try:
            format_image(self._inner.image, self._megabytes)
            # all blocks are there from the start: what a cut loses is contents, not where they would be
            _run("fallocate", "--length", f"{self._megabytes}M", str(self._inner.image))
            self._inner.__enter__()
        except BaseException:
            self._outer.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._inner.__exit__(kind, error, trace)
        self._outer.__exit__(kind, error, trace)
        shutil.rmtree(self._folder, ignore_errors=True)

    def copy(self, target: Path) -> None:
        """Copy the disk as it is at this instant, without what is only in memory; whoever works on it goes on."""
        descriptor = os.open(self._outer.mount_point, os.O_RDONLY | os.O_DIRECTORY)
        with _thawed_at_last(self._outer.mount_point):
            try:
                fcntl.ioctl(descriptor, _FREEZE, 0)
                try:
                    _run("cp", "--sparse=always", str(self._inner.image), str(target))
                finally:
                    fcntl.ioctl(descriptor, _THAW, 0)
            finally:
                os.close(descriptor)

    def lose_power(self) -> None:
        """Cut the power for good: from now on nothing is written, and what was not flushed may be gone."""
        descriptor = os.open(self._outer.mount_point, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.ioctl(descriptor, _SHUT_DOWN, struct.pack("I", _WITHOUT_FLUSHING_THE_LOG))
        finally:
            os.close(descriptor)

    def take_out(self, target: Path) -> None:
        """After the power was lost and whoever worked on it is dead: copy what the disk still has."""
        self._inner.__exit__(None, None, None)
        self._outer.__exit__(None, None, None)
        with Mounted(self._outer.image, self._outer.mount_point):
            _run("cp", "--sparse=always", str(self._inner.image), str(target))


@contextmanager
def _thawed_at_last(mount_point: Path) -> Iterator[None]:
    """See to it that a file system is thawed even if this process dies: while one is frozen, ``sync`` hangs for everybody."""
    guard = subprocess.Popen(
        ["sh", "-c", f"sleep {LONGEST_FREEZE}; exec fsfreeze --unfreeze '{mount_point}'"],
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield
    finally:
        os.killpg(guard.pid, signal.SIGKILL)
        guard.wait()


def sync_file_system(path: Path) -> None:
    """Wait until all of one file system is on the disk; others are left as they are, so that cuts of them stay as hard."""
    subprocess.run(["sync", "--file-system", str(path)], check=True)


def check_disks_can_be_mounted(folder: Path) -> None:
    """Make sure that file systems in files can be mounted.

    Raises:
        NoDisksError: they cannot; the text says why.
    """
    if os.geteuid() != 0:
        raise NoDisksError("mounting needs root")
    image = folder / "trial.img"
    format_image(image, 16)
    with Mounted(image, folder / "trial"):
        pass
    image.unlink()


def format_image(image: Path, megabytes: int, *options: str) -> None:
    """Make a file of so many megabytes with an empty ext4 file system in it."""
    image.parent.mkdir(parents=True, exist_ok=True)
    image.unlink(missing_ok=True)
    with image.open("wb") as file:
        file.truncate(megabytes << 20)
    _run("mkfs.ext4", "-q", "-F", "-m", "0", *options, str(image))


def _run(*command: str) -> str:
    try:
        finished = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError as error:
        raise NoDisksError(f"{command[0]} is missing") from error
    if finished.returncode != 0:
        raise NoDisksError(f"{' '.join(command)}: {finished.stderr.strip()}")
    return finished.stdout
