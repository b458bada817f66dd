"""Marked places where the fault tests kill, fail or delay a process (RELIABILITY section 4, k1 to k18)."""

from __future__ import annotations

import errno
import os
import signal
import time

_PLAN = os.environ.get("MAINSTAY_FAULT", "")
_passed = 0


def faultpoint(name: str) -> None:
    """Does nothing, except where MAINSTAY_FAULT=name:kill|raise|sleep:n asks that the n-th passing of this point goes wrong,
    or, as n+, that passing and every later one. "raise" is a full disk (ENOSPC), "error" a broken one (EIO)."""
    if _PLAN:
        _strike(name)


def _strike(name: str) -> None:
    global _passed
    point, action, count = _PLAN.split(":")
    if point != name:
        return
    _passed += 1
    if _passed < int(count.rstrip("+")) or (_passed > int(count.rstrip("+")) and not count.endswith("+")):
        return
    if action == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    elif action == "raise":
        raise OSError(errno.ENOSPC, f"the fault test struck at {name}")
    elif action == "error":
        raise OSError(errno.EIO, f"the fault test struck at {name}")
    else:
        time.sleep(5)
