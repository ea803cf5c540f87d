"""Real file systems of a few megabytes, in memory, for what only a full or a read-only disk shows."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True)
class SmallDisk:
    """A mounted file system of its own."""

    path: Path

    def remount(self, options: str) -> None:
        """Change it while it is in use: ``ro``, ``rw``, ``size=64m``."""
        subprocess.run(["mount", "-o", f"remount,{options}", str(self.path)], check=True)

    def fill(self, leave_bytes: int) -> Path:
        """Take all room but a few bytes with a file; gives that file."""
        filler = self.path / "filler"
        with filler.open("wb") as content:
            wanted = shutil.disk_usage(self.path).free - leave_bytes
            content.write(b"\0" * max(0, wanted))
        return filler


@contextmanager
def small_disk(path: Path, size: str = "32m") -> Iterator[SmallDisk]:
    """Mount one; the test is skipped where that is not allowed."""
    path.mkdir(parents=True, exist_ok=True)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(path)],
        capture_output=True,
        text=True,
        check=False,
    )
    if mounted.returncode != 0:
        pytest.skip(f"no file system may be mounted here: {mounted.stderr.strip()}")
    try:
        yield SmallDisk(path)
    finally:
        subprocess.run(["umount", "--lazy", str(path)], check=True)
