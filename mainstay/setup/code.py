"""The set-up code: who installs Mainstay reads it in the log, so that no stranger can be the first administrator."""

from __future__ import annotations

import hmac
import ipaddress
import os
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest

from mainstay.kernel import ids

LENGTH = 32
FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_HOST", "HTTP_X_REAL_IP", "HTTP_FORWARDED", "HTTP_VIA")


def pending_code() -> str | None:
    """The code that the first run asks for; None once there is an agent. For the commands that print it."""
    from mainstay.people.models import Agent

    return None if Agent.objects.exists() else _kept_code()


def fits(typed: str) -> bool:
    """Whether this is the code, however it was broken into lines."""
    code = _kept_code()
    return len(code) == LENGTH and hmac.compare_digest(code.encode(), "".join(typed.split()).lower().encode())


def forget_code() -> None:
    _path().unlink(missing_ok=True)


def is_local(request: HttpRequest) -> bool:
    """Whether this comes from the machine itself. A proxy on the same machine also calls from the loopback address, so nothing may
    have been forwarded, and the installation's own address has to be a local one."""
    if any(name in request.META for name in FORWARDED):
        return False
    return _is_loopback(request.META.get("REMOTE_ADDR", "")) and _is_loopback(urlsplit(settings.BASE_URL).hostname or "")


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _path() -> Path:
    return Path(settings.DATA) / "setup.code"


def _kept_code() -> str:
    path = _path()
    if not path.exists():
        draft = path.with_suffix(f".{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(ids.token())
        # A link, not a rename: of two processes that start at once, both have to read the first one's code.
        with suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path.read_text().strip()
