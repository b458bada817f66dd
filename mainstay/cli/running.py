"""The installation as one group: prepared in a child process, then web, worker and mail listener under the supervisor."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import sys
from collections.abc import Callable

from mainstay.cli import boot
from mainstay.cli.supervisor import Refused, Supervisor, check_free, die_with, ending, mainstay, only_one

_ANY = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 — where to knock when we listen everywhere


def run_group(*, prepare: Callable[[], None] | None, announce: Callable[[], None], start: bool = True) -> int:
    """Hold the data folder, `prepare` (in a process of its own), start everything and stay until Ctrl-C; the exit code."""
    settings = boot.settings()
    try:
        with only_one(settings.DATA):
            if start:
                check_free("web server", "HTTP", settings.HTTP_HOST, settings.HTTP_PORT)
                check_free("mail listener", "SMTP", settings.SMTP_HOST, settings.SMTP_PORT)
            if prepare is not None and (code := apart(prepare)):
                return code
            if not start:
                return 0
            supervisor = Supervisor([mainstay("serve"), mainstay("worker"), mainstay("listen")], say=tell)
            return supervisor.run(is_ready=web_answers, announce=announce)
    except Refused as refusal:
        print(refusal, file=sys.stderr)
        return 1


def apart(work: Callable[[], None]) -> int:
    """Do the work in a forked process, so that what it imports is not held in memory by this one; its exit code. Ctrl-C stops it."""
    sys.stdout.flush()
    parent = os.getpid()
    child = os.fork()
    if child:
        return _waited_for(child)
    # In a group of its own, so that Ctrl-C reaches it once, by way of its parent, wherever it was pressed.
    os.setpgid(0, 0)
    die_with(parent)
    code = 1
    try:
        work()
        code = 0
    except KeyboardInterrupt:
        code = 130
    except SystemExit as end:
        print(end, file=sys.stderr)
    finally:
        if code == 1:
            _tell_of(sys.exc_info()[1])
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _waited_for(child: int) -> int:
    while True:
        try:
            code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        except KeyboardInterrupt:
            os.kill(child, signal.SIGINT)
            continue
        if code < 0:
            print(f"Mainstay was being prepared when something stopped it ({ending(code)}).", file=sys.stderr)
            return 1
        return code


def web_answers() -> bool:
    """Whether the web process answers anything at all, and the mail listener takes connections."""
    settings = boot.settings()
    web = http.client.HTTPConnection(_ANY.get(settings.HTTP_HOST, settings.HTTP_HOST), settings.HTTP_PORT, timeout=5)
    try:
        web.request("GET", "/")
        web.getresponse().read()
        mail = (_ANY.get(settings.SMTP_HOST, settings.SMTP_HOST), settings.SMTP_PORT)
        socket.create_connection(mail, timeout=5).close()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        web.close()
    return True


def tell(line: str) -> None:
    print(line, flush=True)


def _tell_of(error: BaseException | None) -> None:
    if error is None or isinstance(error, SystemExit):
        return
    if sentence := boot.unreachable(error):
        print(sentence, file=sys.stderr)
        return
    import traceback

    traceback.print_exception(error)
