"""A real file system of a few megabytes, which another program fills up to the byte. Only root can make one."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def mounted(place: Path, *, megabytes: int) -> Iterator[Path]:
    place.mkdir(exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=700", "tmpfs", str(place)], check=True, capture_output=True)
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def can_be_made() -> bool:
    if os.geteuid() != 0:
        return False
    with tempfile.TemporaryDirectory() as folder:
        try:
            with mounted(Path(folder), megabytes=1):
                return True
        except (OSError, subprocess.CalledProcessError):
            return False


def fill(disk: Path, *, left: int) -> None:
    """Somebody else's file takes everything but so many bytes."""
    found = os.statvfs(disk)
    with open(disk / "somebody-elses", "wb") as file:
        file.write(b"\0" * max(0, found.f_bavail * found.f_frsize - left))


def empty(disk: Path) -> None:
    (disk / "somebody-elses").unlink()
