"""Disk full means refuse, not lose (RELIABILITY P-19)."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

RESERVE = 1024**3
SHARE = 10
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class NoRoom(Exception):  # noqa: N818
    """The disk is full, or close to it: the sender is asked to come back later."""


def check(size: int) -> None:
    """Raises NoRoom when storing `size` bytes would go into the reserve: 1 GB, or a tenth of a small disk."""
    if left() - size < reserve():
        raise NoRoom


@contextmanager
def asked(size: int) -> Iterator[None]:
    """Around the storing of what somebody sends who can still be told: raises NoRoom where it would go into the reserve, and where
    the disk has no room after all."""
    check(size)
    try:
        yield
    except OSError as error:
        raise NoRoom if is_full(error) else error


def left() -> int:
    """Free bytes where the data are."""
    return shutil.disk_usage(settings.DATA).free


def reserve() -> int:
    """How many bytes stay free, so that what was accepted can still be worked on."""
    return min(RESERVE, shutil.disk_usage(settings.DATA).total // SHARE)


def is_full(error: OSError) -> bool:
    return error.errno in _FULL
